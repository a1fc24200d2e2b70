"""Which persons, groups, states and places an article names, and in which words.

Later short forms count for the full name: a surname or a first name, an acronym, the words at an end of a longer name.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from claimx import syntax
from claimx.lexicon import ActorEntry, CountryEntry
from claimx.mentions import Senses, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

Kind = Literal["person", "group", "organisation", "military", "state", "place", "facility", "people", "thing"]
# What a group is called after its name, as a part of it: "the Houthi movement".
NAME_NOUNS = frozenset({"movement", "network", "brigade", "brigades", "front", "army", "coalition"})
SMALL = frozenset({"of", "the", "for", "and", "in", "to", "on", "de", "al", "el"})
KINDS: dict[str, Kind] = {
    "armed_group": "group", "organisation": "organisation", "military": "military", "police": "military",
    "state": "state", "place": "place", "facility": "facility", "civilian": "people", "person": "people",
}  # fmt: skip
LABEL_KINDS: dict[str, Kind] = {
    "PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "facility",
}  # fmt: skip
TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "sir", "lord", "lady", "dame", "prof", "gen", "lt", "col", "sgt", "capt", "maj", "rev",
     "sheikh", "st"}
)  # fmt: skip
WHERE = frozenset({"in", "at", "near", "to", "from", "outside", "around", "across", "into"})
RIVALS = 8  # namesakes looked at, so that a text of namesakes stays cheap


@dataclass(slots=True, eq=False)
class Party:
    """Something the article speaks of, by name or by description."""

    kind: Kind
    name: str  # the fullest form of its name; of a nameless one its first description
    named: bool = True
    plural: bool = False
    gender: str = ""  # m, f or unknown
    heads: set[str] = field(default_factory=set)  # the words of its descriptions: "mayor", "attacker", "police"
    home: "Party | None" = None  # whom a person speaks for
    times: int = 0


class Mention(NamedTuple):
    token: "Token"  # the head of the name
    party: Party


class _Form(NamedTuple):
    """A stretch of text that names something."""

    start: int
    end: int
    kind: Kind
    key: str  # the lexicon's id, "" for a name that only the recogniser knows
    name: str  # the canonical name for a country, else the words
    leads: bool  # whether the words head their phrase ("Houthis") or only modify another noun ("Houthi rebels")


def find_mentions(senses: Senses) -> dict[int, Mention]:
    """token index -> the named mention that covers it."""
    forms = list(_known(senses))
    taken = {i for form in forms for i in range(form.start, form.end)}
    forms += _recognised(senses, taken)
    forms.sort()
    parties = _parties(forms)
    surnames: dict[str, Party] = {}
    for party in parties:
        if party.kind == "person" and " " in party.name:
            for word in _exact(party.name):
                surnames.setdefault(word, party)
    found: dict[int, Mention] = {}
    for form, party in zip(forms, parties, strict=True):
        head = senses.doc[form.start : form.end].root
        words = _exact(form.name)
        person = surnames.get(words[-1]) if words and not form.key and party.kind in {"place", "organisation"} else None
        # "Hamza" alone was taken for a place
        if person is not None and set(words) <= set(_exact(person.name)) and syntax.preposition(head) not in WHERE:
            party = person
        party.times += 1
        for i in range(form.start, form.end):
            found.setdefault(i, Mention(head, party))
    for token in senses.doc:  # names that the recogniser missed
        if token.tag_ in {"NNP", "NNPS"} and token.i not in found and len(token) > 2:
            known = surnames.get(_plain(token.text))
            if known is not None and not syntax.modifies(token):
                known.times += 1
                found[token.i] = Mention(token, known)
    return found


def _known(senses: Senses) -> Iterable[_Form]:
    """The names that the lexicon knows."""
    doc, last = senses.doc, 0
    for hit in sorted(senses.found.hits, key=lambda hit: (hit.start, -hit.end)):
        entry, end = hit.entry, hit.end
        if isinstance(entry, ActorEntry) and entry.name and hit.start >= last:
            start, end, leads = _fit(senses, hit.start, end)
            yield _Form(start, end, KINDS.get(entry.kind, "organisation"), entry.id, doc[start:end].text, leads)
            last = max(end, hit.end)
        elif isinstance(entry, CountryEntry) and hit.start >= last and not _in_longer_name(senses, hit.start, end):
            yield _Form(hit.start, end, "state", entry.id, entry.name, True)
            last = end


def _fit(senses: Senses, start: int, end: int) -> tuple[int, int, bool]:
    """The tokens of a known name as the article writes it, and whether they head their phrase: without "the" and
    "rebels", with the words that the recogniser sees behind it ("and the Levant").
    """
    doc, entity = senses.doc, senses.entities.get(start)
    verbs = entity and any(token.tag_ in syntax.VERB_TAGS for token in doc[start : entity[1]])
    if entity and entity[1] > end and doc[end].lower_ in SMALL and not verbs:
        end = entity[1]
    last = end
    while end > start + 1 and doc[end - 1].is_lower and (doc[end - 1].tag_ == "NNS" or doc[end - 1].text == "group"):
        end -= 1
    while start < end - 1 and doc[start].tag_ == "DT":
        start += 1
    if last < len(doc) and doc[last].lower_ in NAME_NOUNS and last == end:
        return start, last + 1, True
    return start, end, last == end and not syntax.modifies(doc[start:end].root)


def _in_longer_name(senses: Senses, start: int, end: int) -> bool:
    entity = senses.entities.get(start)
    return entity is not None and entity[2] in {"ORG", "FAC", "PERSON"} and entity[1] - entity[0] > end - start


def _recognised(senses: Senses, taken: set[int]) -> Iterable[_Form]:
    """The names that only the entity recogniser sees, without titles; what holds a verb is a headline gone wrong."""
    doc = senses.doc
    for start, end, label in sorted(set(senses.entities.values())):
        kind = LABEL_KINDS.get(label)
        if kind is None or taken.intersection(range(start, end)):
            continue
        if doc[start].lower_.rstrip(".") in TITLES - {"st"} and end > start + 1:
            kind = "person"
        brackets = any(token.text == "(" for token in doc[start:end])
        while end > start + 1 and _is_rim(doc[end - 1]) and not (brackets and doc[end - 1].text == ")"):
            end -= 1
        while start < end - 1 and (_is_rim(doc[start]) or (kind == "person" and _is_title(senses, start))):
            start += 1
        words = doc[start:end]
        if any(t.tag_ in syntax.VERB_TAGS or t.is_space for t in words) and end - start > 2:
            continue
        if words.text.islower() or not any(c.isalpha() for c in words.text):
            continue
        entry = senses.found.actors.get(end - 1)
        common = all(i in senses.found.actors or i in senses.found.countries for i in range(start, end))
        if (kind == "person" and common) or words.text[0] in "@#":
            continue
        if kind == "organisation" and entry and entry.kind == "facility":
            kind = "facility"
        yield _Form(start, end, kind, "", words.text, True)


def _is_title(senses: Senses, i: int) -> bool:
    """Whether a word at the beginning of a person's name is a title: "Mayor", "Dr", "Gen."."""
    token = senses.doc[i]
    short = 2 < len(token) <= 5 and token.text.endswith(".")
    return i in senses.found.actors or short or token.lower_ in TITLES


def _is_rim(token: "Token") -> bool:
    return token.is_punct or token.is_space or token.tag_ in {"DT", "POS"}


# ------------------------------------------------------------------------------------------------ which are the same


def _parties(forms: list[_Form]) -> list[Party]:
    """The party of each form, in the order of the forms."""
    known: dict[str, Party] = {}
    ranks: dict[str, tuple[bool, int]] = {}
    for form in forms:
        if form.key:
            party = known.setdefault(form.key, Party(form.kind, form.name))
            rank = form.leads, sum(word not in NAME_NOUNS for word in form.name.lower().split())
            if form.kind != "state" and rank > ranks.get(form.key, (False, 0)):
                ranks[form.key], party.name = rank, form.name
    alone = {form.name for form in forms if form.leads}
    for party in known.values():
        base, _, noun = party.name.rpartition(" ")
        if noun in NAME_NOUNS and base in alone:  # "Hezbollah", also "the Hezbollah movement"
            party.name = base
    by_name: dict[tuple[str, ...], Party] = {}
    by_word: dict[str, list[Party]] = defaultdict(list)
    for party in known.values():
        if party.kind != "state":
            _index(party, by_word)
    rest = [form for form in forms if not form.key]
    usual = Counter(form.name for form in rest)
    for form in sorted(rest, key=lambda form: (-len(_words(form.name)), -usual[form.name], form.start)):
        words = tuple(_words(form.name))
        if not words or words in by_name:
            continue
        ends = dict.fromkeys((words[-1], words[0]))
        longer = [p for word in ends for p in by_word[word][:RIVALS] if _shortens(words, p, form.kind)]
        by_name[words] = longer[0] if longer else Party(form.kind, form.name)
        if not longer:
            _index(by_name[words], by_word)
    found: list[Party] = []
    recent: dict[str, Party] = {}  # of namesakes the one spoken of last
    for form in forms:
        if form.key:
            found.append(known[form.key])
            continue
        words = tuple(_words(form.name))
        party = by_name.get(words) or Party(form.kind, form.name)
        if len(words) == 1 and party.kind == "person":
            party = recent.get(words[0], party)
        if party.kind == "person":
            recent.update(dict.fromkeys(_words(party.name), party))
        found.append(party)
    return found


def _index(party: Party, by_word: dict[str, list[Party]]) -> None:
    for word in dict.fromkeys((*_words(party.name), _initials(party.name))):
        by_word[word].append(party)


def _shortens(words: tuple[str, ...], party: Party, kind: Kind) -> bool:
    """Whether the words are a short form of the party's name."""
    longer = _words(party.name)
    if len(words) >= len(longer) and words != (_initials(party.name),):
        return False
    if party.kind == "person":
        return kind == "person" and set(words) <= set(longer)
    if kind == "person" or "place" in {kind, party.kind}:
        return False
    ends = (tuple(longer[: len(words)]), tuple(longer[-len(words) :]))
    return words == (_initials(party.name),) or words in ends


def _initials(name: str) -> str:
    """The acronym of a name of several words in lower case, else ""."""
    letters = [word[0] for word in name.replace("-", " ").split() if word.lower() not in SMALL and word[0].isalpha()]
    return "".join(letters).lower() if len(letters) > 2 and all(c.isupper() for c in letters) else ""


def _words(name: str) -> list[str]:
    """The words of a name, the vowels inside long ones left out, in which transcriptions differ ("Laden", "Ladin")."""
    words = _exact(name)
    return [word if len(word) < 5 else word[0] + "".join(c for c in word[1:] if c not in "aeiou") for word in words]


def _exact(name: str) -> list[str]:
    return _plain(name).replace("-", " ").split()


def _plain(text: str) -> str:
    """Without accents, quotation marks and capitals."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parts if c.isalnum() or c in " -").casefold()


def description(senses: Senses, token: "Token") -> str:
    start, end = senses.span(token)
    return senses.text[start:end]


def kind_of(senses: Senses, token: "Token") -> Kind:
    """What a noun that names nothing stands for."""
    if lemma_of(token) in GROUP_NOUNS:
        return "group"
    kind = KINDS.get(senses.kind(token), "thing")
    if lemma_of(token) in {"body", "corpse"}:
        return "thing"
    if "crowd" in senses.classes(token) or lemma_of(token) in PEOPLE:
        return "people"
    if kind == "people" or "person" in senses.classes(token):
        return "people" if token.tag_ == "NNS" else "person"
    entry = senses.found.actors.get(token.i)
    single = token.tag_ == "NN" and token.lower_ != "police" and "human" in senses.classes(token)
    if single and entry and entry.id not in BODIES:
        return "person"
    if kind == "thing" and single_aged(token):
        return "person"
    return "thing" if kind == "state" and lemma_of(token) == "country" else kind


def single_aged(token: "Token") -> bool:
    """Whether the noun has an age, as a person has: "a 24-year-old mechanic"."""
    olds = [child.i for child in token.lefts if child.lower_ == "old" and child.i > 1]
    return token.tag_ == "NN" and any(token.doc[i - 2].lower_ == "year" for i in olds)


PEOPLE = frozenset({"family", "team", "crew", "couple", "staff", "population"})
BODIES = frozenset({"armed.group", "military.unit"})  # lexicon entries whose singulars are many people
GROUP_NOUNS = frozenset(
    {"group", "party", "organisation", "organization", "movement", "militia", "faction", "outfit", "network", "front",
     "resistance", "cell", "gang", "cartel", "mafia"}
)  # fmt: skip

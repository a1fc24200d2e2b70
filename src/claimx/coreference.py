"""Names for mentions that stand for a name given elsewhere: "the group", "they", "Turkish", "Taliban fighters"."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.lexicon import CountryEntry
from claimx.mentions import Senses, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

GROUP_NOUNS = frozenset(
    {"group", "party", "organisation", "organization", "movement", "militia", "faction", "outfit", "network", "front",
     "resistance", "army", "militant", "militants", "rebel", "insurgent", "extremist", "jihadist", "jihadi", "fighter",
     "terrorist", "guerrilla", "gunman", "attacker", "bomber", "soldier", "troop", "force", "regime", "government",
     "separatist", "cell", "gang", "mob", "military"}
)  # fmt: skip
PERSON_NOUNS = frozenset({"attacker", "bomber", "gunman", "suspect", "driver", "assailant", "shooter", "killer", "leader", "perpetrator"})
SINGULAR = frozenset({"he", "she", "him", "her"})
PLURAL = frozenset({"they", "them", "we", "us"})


@dataclass(slots=True)
class Name:
    """A named party of the article: where it stands, what it is and how often it has stood."""

    token: "Token"
    text: str
    kind: str  # person, group, state


def name_of(senses: Senses, token: "Token", names: list[Name]) -> str | None:
    """The name that a mention stands for, or null where it is itself a full name or nothing is known.

    `names` are the article's names in text order.
    """
    lower = token.lower_
    entry = senses.found.countries.get(token.i)
    if entry is not None and token.tag_ in {"JJ", "NNPS", "NNP"} and token.text != entry.name:
        return entry.name
    if lower in SINGULAR | PLURAL or lower in {"it", "who", "which"}:
        return antecedent_name(senses, token, names)
    if token.tag_ in syntax.NOUN_TAGS and token.i not in senses.entities and token.i not in named_groups(senses):
        inside = name_inside(senses, token)
        if inside:
            return inside
        if lemma_of(token) in GROUP_NOUNS | PERSON_NOUNS:
            return nominal_name(senses, token, names)
        return None
    return full_name(senses, token, names)


def named_groups(senses: Senses) -> set[int]:
    return {i for i, entry in senses.found.actors.items() if entry.name}


def name_inside(senses: Senses, token: "Token") -> str | None:
    """The name in the mention's own phrase or beside it: "Taliban fighters", "the attacker, John Doe,"."""
    for part in (*syntax.modifiers(token), *syntax.appositives(token)):
        for i in (part.i, *(c.i for c in part.children)):
            entry = senses.found.actors.get(i)
            if entry and entry.name and entry.kind in {"armed_group", "military", "organisation"}:
                start, end = senses.span(senses.doc[i])
                return senses.doc.text[start:end] if part.dep_ == "appos" else surface(senses, i)
        if part.dep_ == "appos" and part.i in senses.entities and senses.entities[part.i][2] in {"PERSON", "ORG"}:
            first, last, _ = senses.entities[part.i]
            return senses.doc[first:last].text
        if part.i in senses.entities and senses.entities[part.i][2] == "ORG" and lemma_of(token) in GROUP_NOUNS:
            first, last, _ = senses.entities[part.i]
            return senses.doc[first:last].text
    return None


def surface(senses: Senses, i: int) -> str:
    """The words by which the lexicon knew the group at a token."""
    entry = senses.found.actors[i]
    first = last = i
    while first - 1 in senses.found.actors and senses.found.actors[first - 1] is entry:
        first -= 1
    while last + 1 in senses.found.actors and senses.found.actors[last + 1] is entry:
        last += 1
    return senses.doc[first : last + 1].text


def full_name(senses: Senses, token: "Token", names: list[Name]) -> str | None:
    """The longer name of the article that a short one abbreviates: "Islamic Resistance", "Buhari"."""
    start, end = senses.span(token)
    text = senses.doc.text[start:end]
    for name in names:
        if len(name.text) > len(text) and (name.text.startswith(text + " ") or name.text.endswith(" " + text)):
            return name.text
    return None


def nominal_name(senses: Senses, token: "Token", names: list[Name]) -> str | None:
    """The group or person that a definite nominal takes up: the most frequent of those named before it, the nearest first."""
    lemma = lemma_of(token)
    wanted = {"person"} if lemma in PERSON_NOUNS and token.tag_ in {"NN", "NNP"} else {"group"}
    if not any(c.lower_ in {"the", "this", "that", "these", "those"} for c in token.children) and token.tag_ != "NNS":
        return None
    before = [name for name in names if name.token.i < token.i and name.kind in wanted]
    if not before:
        return None
    tally: dict[str, float] = {}
    for name in before:
        distance = token.sent.start - name.token.sent.start
        tally[name.text] = tally.get(name.text, 0.0) + 1.0 / (1.0 + max(distance, 0) / 60.0)
    return max(tally, key=lambda text: (tally[text], text))


def antecedent_name(senses: Senses, token: "Token", names: list[Name]) -> str | None:
    """The name a pronoun takes up: the subject of the clause above it, else the nearest fitting subject before it."""
    lower = token.lower_
    if lower in {"who", "which"}:
        noun = syntax.antecedent(token)
        return None if noun.i == token.i else name_of(senses, noun, names) or own_name(senses, noun, names)
    wanted = {"person"} if lower in SINGULAR else {"group", "state"} if lower in {"it", "they", "them", "we", "us"} else set()
    clause = token.head
    for _ in range(5):
        if clause.head.i == clause.i:
            break
        clause = clause.head
        for subject in syntax.own_subjects(clause):
            if subject.i < token.i:
                found = own_name(senses, subject, names)
                kinds = {name.kind for name in names if name.text == found}
                if found and (kinds & wanted):
                    return found
                if found is None and subject.tag_ in syntax.NOUN_TAGS and lower not in SINGULAR:
                    return name_of(senses, subject, names)
    before = [name for name in names if name.token.i < token.i and name.kind in wanted]
    near = [n for n in before if token.sent.start - n.token.sent.start < 60]
    subjects = [n for n in near if n.token.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT]
    for pool in (subjects, near):
        if pool:
            return pool[-1].text
    return None


def own_name(senses: Senses, token: "Token", names: list[Name]) -> str | None:
    """The name that the token itself is the head of."""
    for name in names:
        if name.token.i == token.i:
            return name.text
    return None


def find_names(senses: Senses) -> list[Name]:
    """The persons, groups and states that the article names, in text order; a later short form counts for the full one."""
    found: list[Name] = []
    seen: set[int] = set()
    for token in senses.doc:
        if token.i in seen:
            continue
        entity = senses.entities.get(token.i)
        actor, country = senses.found.actors.get(token.i), senses.found.countries.get(token.i)
        kind = ""
        if actor and actor.name:
            kind, text = "group", surface(senses, token.i)
            span = range(token.i, token.i + len(text.split()))
        elif country is not None and isinstance(country, CountryEntry):
            kind, text, span = "state", country.name, range(token.i, token.i + 1)
        if entity and entity[2] in {"PERSON", "ORG"} and not (actor and actor.name):
            first, last, label = entity
            kind, text, span = ("person" if label == "PERSON" else "group"), senses.doc[first:last].text, range(first, last)
        if not kind:
            continue
        seen.update(span)
        head = senses.doc[span.start : min(span.stop, len(senses.doc))].root
        longer = next((n.text for n in found if n.kind == kind and n.text != text and (
            n.text.startswith(text + " ") or n.text.endswith(" " + text))), text)
        found.append(Name(head, longer, kind))
    return found

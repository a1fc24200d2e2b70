"""Names for mentions that stand for a name given elsewhere: "the group", "they", "Turkish", "Taliban fighters".

One pass in text order, after the named parties are known (names.py): each noun phrase takes up a party or brings a new
one in, each pronoun takes up the most salient that fits, in the manner of Lappin and Leass (1994). A wrong name is worse
than none, so a phrase without a determiner stands for a name only where the text itself says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import attribution, syntax
from claimx.mentions import Senses, lemma_of, mention_head
from claimx.models import Attribution
from claimx.names import Kind, Mention, Party, description, find_mentions, kind_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from claimx.events import Event

MALE, FEMALE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
NEUTER = frozenset({"it", "its", "itself"})
THIRD = MALE | FEMALE | PLURAL | NEUTER
FIRST_ONE, FIRST_MANY = frozenset({"i", "me", "my", "mine"}), frozenset({"we", "us", "our", "ours"})
MEN = frozenset({"man", "boy", "son", "brother", "father", "husband", "king", "prince", "gunman", "spokesman", "mr", "sir", "lord", "uncle", "nephew", "priest"})
WOMEN = frozenset({"woman", "girl", "daughter", "sister", "mother", "wife", "queen", "princess", "spokeswoman", "mrs", "ms", "aunt", "niece", "lady", "nun"})
BUILDINGS = frozenset({"building", "complex", "compound", "facility", "site", "premises"})
REGIONS: dict[str, Kind] = {"country": "state", "city": "place", "town": "place", "village": "place"}
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
OTHERS = frozenset({"first", "second", "third", "other", "another", "last", "next", "same"})
MEMBERS = frozenset(
    {"member", "leader", "commander", "force", "movement", "network", "spokesman", "unit", "wing", "side", "army"}
)  # fmt: skip
SUSPECTS = frozenset({"suspect", "driver", "perpetrator", "killer"})
VICTIMS = frozenset({"victim", "deceased", "dead", "slain"})
LEAD = 3  # sentences that may speak of someone who is named only later
REACH = 3  # sentences back that a pronoun looks
QUOTES = "\"“”„«"
QUOTE = 400  # words of a quotation looked at
WINDOW = 40  # mentions back that anything looks
SUBJECT = syntax.SUBJECT | syntax.PASSIVE_SUBJECT
ARGUMENT = SUBJECT | syntax.OBJECT
HOMES: frozenset[Kind] = frozenset({"group", "organisation", "state", "military"})
GROUPS: frozenset[Kind] = frozenset({"group", "organisation"})


@dataclass(slots=True)
class Cast:
    """Who is who in an article: token index -> the party that the token, a name, a noun or a pronoun, stands for."""

    at: dict[int, Party] = field(default_factory=dict)
    named: dict[int, Mention] = field(default_factory=dict)
    attributions: Sequence[Attribution] = ()


def find_names(senses: Senses, attributions: Sequence[Attribution] = (), events: Sequence["Event"] = ()) -> Cast:
    """The parties of an article and their mentions; linear in its length."""
    return _Reader(senses, attributions, events).read()


def name_of(senses: Senses, token: "Token", names: Cast) -> str | None:
    """The name that a mention stands for, or null where it is itself that name or nothing is known."""
    token = syntax.antecedent(token)
    party = names.at.get(token.i)
    if token.lower_ in FIRST_ONE | FIRST_MANY:
        party = _speaker(senses, token, names)
    if party is None or (not party.named and token.lower_ not in THIRD):
        return None
    return party.name if len(party.name) <= 80 else None


def _speaker(senses: Senses, token: "Token", names: Cast) -> Party | None:
    """Who says "I", and for whom "we" is said."""
    found = attribution.source_of(list(names.attributions), token.idx, token.idx + len(token))
    source = found.source if found else None
    span = senses.doc.char_span(source.start, source.end, alignment_mode="expand") if source else None
    if span is None:
        return None
    party = names.at.get(span.root.i)
    if party is None and span.root.tag_ in {"NNP", "NNPS"}:
        return Party("organisation", span.text)
    if token.lower_ in FIRST_ONE or (party and party.kind not in {"person", "people"}):
        return party
    return party.home if party else None


class _Reader:
    """The pass over one article."""

    def __init__(self, senses: Senses, attributions: Sequence[Attribution], events: Sequence["Event"]) -> None:
        self.senses, self.doc = senses, senses.doc
        self.cast = Cast({}, find_mentions(senses), attributions)
        self.sentence = [n for n, sent in enumerate(self.doc.sents) for _ in sent]
        self.seen: list[Mention] = []  # the mentions so far, pronouns too
        self.calls: dict[str, list[Party]] = {}  # lemma -> the parties called so, latest last
        harmful = [e for e in events if e.type in {"attack", "casualty", "capture"}]
        self.actors = {t.i for e in harmful for t in e.actors}
        self.targets = {t.i for e in harmful for t in e.targets}
        self.speakers = _speakers(self.doc, attributions)
        self.attackers = set(SUSPECTS)
        self.hurt: set[Party] = set()
        self.harming: set[Party] = set()
        self.capitals = {
            entry.capital: mention.party
            for i, entry in senses.found.countries.items()
            if (mention := self.cast.named.get(i)) and mention.party.kind == "state"
        }

    def read(self) -> Cast:
        at, named = self.cast.at, self.cast.named
        for i, mention in named.items():
            at[i] = mention.party
        self.describe()
        for token in self.doc:
            party: Party | None
            if token.i in named:
                if named[token.i].token.i != token.i:
                    continue
                party = self.metonym(token) or named[token.i].party
            elif token.lower_ in THIRD:
                party = self.pronoun(token)
            elif (syntax.is_noun(token) and token.dep_ not in syntax.NOUN_MODIFIER and token.i not in self.senses.days) or token.lower_ == "deceased":
                inner = mention_head(token)
                party = at.get(inner.i) or (named[inner.i].party if inner.i in named else self.nominal(inner))
                at[inner.i] = party
            else:
                continue
            if party is not None:
                at[token.i] = party
                self.remember(token, party)
        self.link_heads()
        self.link_roles()
        return self.cast

    def remember(self, token: "Token", party: Party) -> None:
        self.seen.append(Mention(token, party))
        self.house(token, party)
        if token.i in self.targets:
            self.hurt.add(party)
        if token.i in self.actors:
            self.harming.add(party)
        if token.tag_ in syntax.NOUN_TAGS:
            self.call(token, party)
            if self.is_attacker(token):
                self.attackers.add(lemma_of(token))

    def call(self, token: "Token", party: Party) -> None:
        lemma = lemma_of(token)
        party.heads.update((lemma, *(part.lower_ for part in syntax.modifiers(token))))
        party.gender = party.gender or ("m" if lemma in MEN else "f" if lemma in WOMEN else "")
        called = self.calls.setdefault(lemma, [])
        if not called or called[-1] is not party:
            called.append(party)

    # --- descriptions that the text ties to a name -------------------------------------------------------------------

    def describe(self) -> None:
        """Titles, appositions, "X is the leader", "the man was identified as X"."""
        for i, mention in self.cast.named.items():
            token, party = self.doc[i], mention.party
            if party.kind != "person":
                continue
            nouns = [n for n in (*syntax.modifiers(token), *syntax.appositives(token)) if n.i not in self.cast.named]
            if token.dep_ in syntax.NOUN_MODIFIER | {"appos"}:
                nouns.append(token.head)
            if (before := self.before(mention)) is not None:
                nouns.append(before)
            nouns += [*_predicates(token), *_identified(token)]
            for noun in nouns:
                if noun.tag_ in syntax.NOUN_TAGS and noun.i not in self.cast.named and self.is_human(noun):
                    self.cast.at[noun.i] = party
                    self.call(noun, party)
                    self.house(noun, party)

    def before(self, mention: Mention) -> "Token | None":
        """The title that stands right before a name, whatever the parser made of it."""
        i = mention.token.i
        while i > 0 and self.cast.named.get(i - 1) == mention:
            i -= 1
        return self.doc[i - 1] if i and self.doc[i - 1].tag_ in {"NN", "NNP"} and not self.doc[i].is_sent_start else None

    def is_human(self, noun: "Token") -> bool:
        return noun.tag_ != "NNS" and kind_of(self.senses, noun) == "person"

    def house(self, noun: "Token", party: Party) -> None:
        """Whom a person speaks for: "Taliban spokesman X", "X, a spokesman for the Taliban"."""
        if party.kind != "person" or party.home is not None:
            return
        near = [*syntax.modifiers(noun), *syntax.possessors(noun), *(n for w, n in syntax.prepositional(noun) if w in {"of", "for"})]
        homes = [home for token in near if (home := self.cast.at.get(token.i)) and home.named and home.kind in HOMES]
        party.home = next(iter(homes), None)

    # --- noun phrases ------------------------------------------------------------------------------------------------

    def nominal(self, token: "Token") -> Party:
        """The party that a common noun takes up, else a new one."""
        senses = self.senses
        inside = self.inside(token)
        if inside is not None:
            return inside
        kind, lemma = kind_of(senses, token), lemma_of(token)
        plural = token.tag_ in {"NNS", "NNPS"}
        if self.is_definite(token):
            found = self.taken_up(token, kind, lemma, plural)
            if found is not None:
                return found
        if token.tag_ in {"NNP", "NNPS"} and kind == "thing":
            return Party("organisation", description(senses, token), plural=token.tag_ == "NNPS")
        names = kind in {"facility", "military", "state"} and any(p.kind in {"state", "place"} for p in self.own_names(token))
        return Party(kind, description(senses, token), named=names, plural=plural)

    def inside(self, token: "Token") -> Party | None:
        """The group in the phrase of its members, or its name beside it: "Taliban fighters", "the militia Black Wing"."""
        lemma = lemma_of(token)
        entry = self.senses.found.actors.get(token.i)
        collective = kind_of(self.senses, token) == "group" or (entry and entry.kind in {"armed_group", "military"}) or lemma in MEMBERS
        beside = [c for c in token.children if c.i > token.i and c.dep_ in {"appos", *syntax.NOUN_MODIFIER}]
        within = [n for w, n in syntax.prepositional(token) if w == "of"] if lemma in {"member", "team", "unit"} else []
        for part in (*beside, *within, *reversed(syntax.modifiers(token))):
            mention = self.cast.named.get(part.i)
            if mention is None:
                continue
            kind = mention.party.kind
            if kind == "group" and collective:
                return mention.party
            if part in within and kind in HOMES - {"state"}:
                return mention.party
            if kind in {"group", "organisation"} and part in beside and kind_of(self.senses, token) in GROUPS:
                return mention.party
        return None

    def is_definite(self, token: "Token") -> bool:
        """Whether the phrase may take up something known: "the group", not "the first group", "the group that ..."."""
        words = {c.lower_ for c in token.lefts}
        told = any(c.dep_ in syntax.RELATIVE for c in token.rights) or any(w in {"of", "for"} for w, _ in syntax.prepositional(token))
        return bool(words & DEFINITE) and not words & OTHERS and not told

    def own_names(self, token: "Token") -> set[Party]:
        """The parties named inside the phrase before its head."""
        return {m.party for part in syntax.modifiers(token) if (m := self.cast.named.get(part.i))}

    def taken_up(self, token: "Token", kind: Kind, lemma: str, plural: bool) -> Party | None:
        """Who a definite phrase stands for: one called so before, or the most salient of its kind."""
        if lemma in REGIONS or lemma in BUILDINGS:
            return self.latest(REGIONS.get(lemma, "facility"), BUILDINGS)
        names = self.own_names(token)
        words = {part.lower_ for part in syntax.modifiers(token) if syntax.is_noun(part)}
        for party in reversed(self.calls.get(lemma, [])[-WINDOW:]):
            same = party.name.lower() == description(self.senses, token).lower() if names else words <= party.heads
            if same and (party.plural == plural or party.kind not in {"person", "people", "thing"}):
                return party
        if names:
            return None
        capital = next((c.lower_ for c in token.lefts if c.tag_ == "NNP"), lemma)
        for mention in reversed(self.seen[-4 * WINDOW :]):
            words = mention.party.name.lower().split()
            if mention.party.named and mention.party.kind in GROUPS | {"facility", "military"} and len(words) > 1 and capital in words:
                return mention.party
        if kind == "group" and (plural or lemma not in SUSPECTS) and not self.is_attacker(token):
            loose = lemma in {"party", "organisation", "organization", "network"}
            return self.salient(token, frozenset({"group"})) or (self.salient(token, GROUPS) if loose else None)
        return None

    def is_attacker(self, token: "Token") -> bool:
        entry = self.senses.found.actors.get(token.i)
        return lemma_of(token) in SUSPECTS or (entry is not None and entry.id == "armed.attacker")

    def salient(self, token: "Token", kinds: frozenset[Kind]) -> Party | None:
        """The party of the kinds that is spoken of most, the nearest counting most."""
        tally: dict[Party, float] = {}
        here = self.sentence[token.i]
        for mention in self.seen[-WINDOW:]:
            if mention.party.named and mention.party.kind in kinds:
                tally[mention.party] = tally.get(mention.party, 0.0) + 1 / (1 + here - self.sentence[mention.token.i])
        return max(tally, key=lambda party: tally[party]) if tally else None

    def latest(self, kind: Kind, besides: frozenset[str] = frozenset()) -> Party | None:
        """The party of a kind that was named last, one that is called otherwise than `besides`."""
        for _, party in reversed(self.seen[-WINDOW:]):
            if party.kind == kind and party.named and party.name.lower().split()[-1] not in besides:
                return party
        return None

    def metonym(self, token: "Token") -> Party | None:
        """A capital that acts stands for its state."""
        if token.dep_ in syntax.SUBJECT and syntax.is_verb(token.head):
            return self.capitals.get(token.text)
        return None

    # --- pronouns ----------------------------------------------------------------------------------------------------

    def pronoun(self, token: "Token") -> Party | None:
        """The most salient party before a pronoun that agrees with it."""
        at, lower, here = self.cast.at, token.lower_, self.sentence[token.i]
        above = list(syntax.governors(token))[:WINDOW]
        holders = {t.i for t in _phrase_above(token)}
        matrix = {s.i for verb in above for s in syntax.own_subjects(verb) if s.i < token.i}
        verb = next((t for t in above if syntax.is_verb(t)), None)
        doers = {t.i for t in syntax.logical_subjects(verb)} if verb is not None and token.dep_ not in SUBJECT else set()
        rivals = ({c.i for c in token.head.children} | doers) if token.dep_ in ARGUMENT else set()
        best, found = -16.0, None
        spoken = [Mention(self.doc[i], p.home) for i in matrix if (p := at.get(i)) and p.home and p.kind == "person"]
        for other, party in (*self.seen[-WINDOW:], *spoken):
            far = here - self.sentence[other.i]
            if far > REACH or syntax.modifies(other) and other.dep_ not in syntax.POSSESSIVE or other.i in holders or at.get(self.speakers.get(token.i, -1)) is party or other.i in rivals or not _agrees(lower, party, other):
                continue
            score = -12.0 * far - 0.1 * (token.i - other.i) + min(party.times, 4)
            score += 10 if other.dep_ in SUBJECT else 4 if other.dep_ in syntax.OBJECT else 0
            score += 10 if other.i in (doers or matrix) else 0
            score += 8 if self.same_role(token, party) else 0
            score += 4 if party.named else 0
            score -= 4 if lower in PLURAL and not party.plural else 0
            score += 3 if other.lower_ in THIRD else 0
            score -= 12 if party.kind == "thing" else 8 if party.kind in {"place", "facility"} else 0
            if score > best:
                best, found = score, party
        if found is not None and found.kind == "person" and not found.gender:
            found.gender = "m" if lower in MALE else "f" if lower in FEMALE else ""
        if found is not None:
            found.times += 1
        return found

    def same_role(self, token: "Token", party: Party) -> bool:
        """Whether the party did or suffered harm before, as the pronoun does now."""
        return (token.i in self.targets and party in self.hurt) or (token.i in self.actors and party in self.harming)

    # --- who did it, who suffered it ---------------------------------------------------------------------------------

    def link_heads(self) -> None:
        """In the lead "the consulate" may be the only consulate that is named later."""
        for token, party in self.seen:
            if self.sentence[token.i] > LEAD:
                break
            if not party.named and party.kind in {"facility", "state", "group"} and not self.own_names(token) and token.tag_ == "NN" and not {c.lower_ for c in token.lefts} & {"a", "an", *OTHERS}:
                called = {p.name for p in self.calls[lemma_of(token)] if p.named}
                if len(called) == 1:
                    party.name, party.named = called.pop(), True

    def link_roles(self) -> None:
        """A lone attacker or victim that is named somewhere is the one meant where he is not yet, or no longer, named."""
        persons = [(i, party) for i, party in self.cast.at.items() if party.named and party.kind == "person"]
        persons = [(i, party) for i, party in persons if self.doc[i].lower_ not in THIRD]
        attackers = {p for _, p in persons if p.heads & self.attackers} or {p for i, p in persons if i in self.actors}
        victims = {p for i, p in persons if i in self.targets or p.heads & VICTIMS} - attackers
        first: dict[Party, int] = {}
        for i, mention in self.cast.named.items():
            first[mention.party] = min(i, first.get(mention.party, i))
        for token, party in self.seen:
            if party.named or party.kind != "person" or token.tag_ != "NN":
                continue
            lemma = lemma_of(token)
            if lemma in VICTIMS or (token.i in self.targets and not self.is_attacker(token)):
                pool = victims
            elif token.i in self.actors or self.is_attacker(token):
                pool = attackers
            else:
                continue
            one = next(iter(pool)) if len(pool) == 1 else None
            owners = syntax.possessors(token)
            if one is None or {one.gender, party.gender} == {"m", "f"} or any(self.cast.at.get(t.i) is one for t in owners):
                continue
            general = lemma in VICTIMS | MEN | WOMEN | {"person", "youth", "teenager"} or self.is_attacker(token)
            if (token.i < first.get(one, 0) and self.sentence[token.i] <= LEAD) or (general and (owners or self.is_definite(token))):
                party.name, party.named = one.name, True


def _speakers(doc: "Doc", attributions: Sequence[Attribution]) -> dict[int, int]:
    """token index -> the head of who says the words in quotation marks that it stands in."""
    found: dict[int, int] = {}
    for report in attributions:
        opening = doc.text[max(report.content.start - 1, 0) : report.content.start + 1]
        if report.quoted and report.source is not None and any(mark in opening for mark in QUOTES):
            source = doc.char_span(report.source.start, report.source.end, alignment_mode="expand")
            content = doc.char_span(report.content.start, report.content.end, alignment_mode="expand")
            for token in (content or ())[:QUOTE]:
                found.setdefault(token.i, source.root.i if source else -1)
    return found


def _predicates(token: "Token") -> list["Token"]:
    """The noun in "X is the leader"."""
    head = token.head
    if token.dep_ in syntax.SUBJECT and syntax.is_noun(head):
        return [head] if syntax.children(head, frozenset({"cop"})) else []
    return syntax.children(head, frozenset({"attr"})) if token.dep_ in syntax.SUBJECT else []


def _identified(token: "Token") -> list["Token"]:
    """The noun in "the man was identified as X", "police named the man as X"."""
    while token.dep_ in syntax.NOUN_MODIFIER:  # "as John Doe alias Jim"
        token = token.head
    verb = syntax.governor(token)
    if syntax.preposition(token) != "as" or lemma_of(verb) not in {"identify", "name"}:
        return []
    return syntax.patients(verb)


def _phrase_above(token: "Token") -> list["Token"]:
    """The nouns that a pronoun stands inside of, which it cannot stand for."""
    found = []
    if token.dep_ in SUBJECT and token.head.dep_ in syntax.RELATIVE | {"acl"}:  # "the base it had taken"
        return [token.head.head]
    while token.head.i != token.i and token.dep_ != "conj" and not syntax.is_verb(token):
        token = token.head
        found.append(token)
    return found


def _agrees(pronoun: str, party: Party, token: "Token") -> bool:
    if pronoun in MALE:
        return party.kind == "person" and not party.plural and party.gender != "f"
    if pronoun in FEMALE:
        return party.kind == "person" and not party.plural and party.gender != "m"
    if pronoun in PLURAL:
        if party.kind in {"group", "organisation", "military"}:
            return True
        return party.plural or party.kind == "people"
    return party.kind not in {"person", "people"} and not party.plural

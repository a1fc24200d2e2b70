"""Which party a noun phrase stands for: "the group", "Taliban fighters", "the mayor", "the attacker, John Doe,"."""

from typing import TYPE_CHECKING

from claimx import syntax
from claimx.discourse import HOMES, SUSPECTS, WINDOW, Story
from claimx.mentions import lemma_of
from claimx.names import Kind, Mention, Party, description, kind_of

if TYPE_CHECKING:
    from spacy.tokens import Token

BUILDINGS = frozenset({"building", "complex", "compound", "facility", "site", "premises"})
REGIONS: dict[str, Kind] = {
    "country": "state", "kingdom": "state", "city": "place", "town": "place", "village": "place", "hamlet": "place",
}  # fmt: skip
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
OTHERS = frozenset({"first", "second", "third", "other", "another", "last", "next", "same"})
MEMBERS = frozenset(
    {"member", "leader", "commander", "force", "movement", "network", "spokesman", "unit", "wing", "side", "army"}
)  # fmt: skip
PARTS = frozenset({"member", "team", "unit"})  # what stands for the body after "of"
LOOSE = frozenset({"party", "organisation", "organization", "network"})  # groups that need not be armed
GROUPS: frozenset[Kind] = frozenset({"group", "organisation"})


# ------------------------------------------------------------------------- descriptions that the text ties to a name


def describe(story: Story) -> None:
    """Titles, appositions, "X is the leader", "the man was identified as X"."""
    for i, mention in story.named.items():
        token, party = story.doc[i], mention.party
        if party.kind != "person":
            describe_thing(story, token, party)
            continue
        nouns = [*syntax.modifiers(token), *syntax.appositives(token), *predicates(token), *identified(token)]
        if token.dep_ in syntax.NOUN_MODIFIER | syntax.APPOSITION:
            nouns.append(token.head)
        if (title := word_before(story, mention)) is not None:
            nouns.append(title)
        for noun in nouns:
            if noun.tag_ in {"NN", "NNP"} and noun.i not in story.named and kind_of(story.senses, noun) == "person":
                story.at[noun.i] = party
                story.call(noun, party)
                story.settle(noun, party)


def describe_thing(story: Story, token: "Token", party: Party) -> None:
    """What the text calls a group, a firm or a ship beside its name: "the vessel, the Volga Star"."""
    if party.kind in {"state", "place", "people"}:
        return
    nouns = [*syntax.appositives(token), *(n for n in syntax.modifiers(token) if n.i == token.i - 1)]
    if token.dep_ in syntax.APPOSITION:
        nouns.append(token.head)
    for noun in nouns:
        if noun.tag_ == "NN" and noun.i not in story.named and kind_of(story.senses, noun) not in {"person", "people"}:
            story.at[noun.i] = party
            story.call(noun, party)


def word_before(story: Story, mention: Mention) -> "Token | None":
    """The word right before a name, perhaps a title, whatever the parser made of it."""
    i = mention.token.i
    while i > 0 and story.named.get(i - 1) == mention:
        i -= 1
    return story.doc[i - 1] if i and not story.doc[i].is_sent_start else None


def predicates(token: "Token") -> list["Token"]:
    """The noun in "X is the leader"."""
    head = token.head
    if token.dep_ not in syntax.SUBJECT:
        return []
    if syntax.is_noun(head):
        return [head] if syntax.children(head, syntax.COPULA) else []
    return syntax.children(head, syntax.ATTRIBUTIVE)


def identified(token: "Token") -> list["Token"]:
    """The noun in "the man was identified as X", "police named the man as X"."""
    for _ in range(3):  # "as John Doe alias Jim"
        if token.dep_ in syntax.NOUN_MODIFIER:
            token = token.head
    verb = syntax.governor(token)
    if syntax.preposition(token) != "as" or lemma_of(verb) not in {"identify", "name"}:
        return []
    return syntax.patients(verb)


# ------------------------------------------------------------------------------------------------------ noun phrases


def nominal(story: Story, token: "Token") -> Party:
    """The party that a common noun takes up, else a new one."""
    found = inside(story, token)
    if found is None and is_definite(token):
        found = taken_up(story, token)
    if found is not None:
        return found
    kind, text = kind_of(story.senses, token), description(story.senses, token)
    plural = token.tag_ in {"NNS", "NNPS"}
    if token.tag_ in {"NNP", "NNPS"} and kind == "thing":  # a name that neither the lexicon nor the recogniser knows
        return Party("organisation", text, plural=plural)
    placed = any(party.kind in {"state", "place"} for party in story.own_names(token))  # "the German consulate"
    return Party(kind, text, named=placed and kind in {"facility", "military", "state"}, plural=plural)


def inside(story: Story, token: "Token") -> Party | None:
    """The group in the phrase of its members, or its name beside it: "Taliban fighters", "fighters of the militia",
    "its gunmen", "the militia Black Wing".
    """
    lemma, kind = lemma_of(token), kind_of(story.senses, token)
    if kind == "person" and lemma not in PARTS:
        return None
    if lemma in BUILDINGS:  # "the main building of the consulate"
        wholes = [read_ahead(story, noun) for word, noun in syntax.prepositional(token) if word == "of"]
        return next((whole for whole in wholes if whole and whole.named and whole.kind == "facility"), None)
    entry = story.senses.found.actors.get(token.i)
    armed = kind == "group" or lemma in MEMBERS or (entry is not None and entry.kind in {"armed_group", "military"})
    beside = [child for child in token.rights if child.dep_ in syntax.NOUN_MODIFIER | syntax.APPOSITION]
    many = armed and token.tag_ in {"NNS", "NNPS"}
    within = [noun for word, noun in syntax.prepositional(token) if word == "of"] if lemma in PARTS or many else []
    owners = [noun for noun in syntax.possessors(token) if many or lemma == "man"]
    for part in (*beside, *within, *owners, *reversed(syntax.modifiers(token))):
        if part in owners or part in within:
            party = read_ahead(story, part)
        else:
            mention = story.named.get(part.i)
            party = mention.party if mention else None
        if party is None or not party.named:
            continue
        other = party.kind
        if (
            (other == "group" and armed)
            or (part in within and other in HOMES - {"state"})
            or (part in owners and other in HOMES)
            or (part in beside and other in GROUPS and kind in GROUPS)
        ):
            return party
    return None


def read_ahead(story: Story, token: "Token") -> Party | None:
    """The party of a noun that the pass may not have come to yet."""
    if token.i not in story.at and syntax.is_noun(token) and is_definite(token):
        found = taken_up(story, token)
        if found is not None:
            story.at[token.i] = found
    return story.at.get(token.i)


def is_definite(token: "Token") -> bool:
    """Whether the phrase may take up something known: "the group", not "the first group", "the group that ..."."""
    words = {child.lower_ for child in token.lefts}
    if not words & DEFINITE or words & OTHERS:
        return False
    aside = token.i + 1 < len(token.doc) and token.nbor().text == ","  # "the group, which ..." is told no further
    told = not aside and any(child.dep_ in syntax.RELATIVE for child in token.rights)
    return not told and not any(word in {"of", "for"} for word, _ in syntax.prepositional(token))


def taken_up(story: Story, token: "Token") -> Party | None:
    """Who a definite phrase stands for: one called so before, one with the word in its name, the most salient group."""
    lemma, kind = lemma_of(token), kind_of(story.senses, token)
    if lemma in REGIONS or lemma in BUILDINGS:
        kind = REGIONS.get(lemma, "facility")
        called = [party for party in story.calls.get(lemma, [])[-WINDOW:] if party.named and party.kind == kind]
        return called[-1] if called and kind == "place" else latest(story, kind)
    names = story.own_names(token)
    text = description(story.senses, token).lower()
    nouns = {part.lower_ for part in syntax.modifiers(token) if syntax.is_noun(part)}
    plural = token.tag_ in {"NNS", "NNPS"}
    for party in reversed(story.calls.get(lemma, [])[-WINDOW:]):
        same = party.name.lower() == text if names else nouns <= party.heads
        if same and (party.plural == plural or party.kind not in {"person", "people", "thing"}):
            return party
    if names:
        return None
    word = next((child.lower_ for child in token.lefts if child.tag_ == "NNP"), lemma)
    for _, party in reversed(story.seen[-4 * WINDOW :]):
        words = party.name.lower().split()
        if party.named and party.kind in GROUPS | {"facility", "military"} and len(words) > 1 and word in words:
            return party
    if kind == "group" and (plural or lemma not in SUSPECTS) and not story.is_attacker(token):
        found = salient(story, token, frozenset({"group"}))
        return salient(story, token, GROUPS) if found is None and lemma in LOOSE else found
    return None


def salient(story: Story, token: "Token", kinds: frozenset[Kind]) -> Party | None:
    """The party of the kinds that is spoken of most, the nearest sentences counting most."""
    tally: dict[Party, float] = {}
    here = story.sentence[token.i]
    for other, party in story.seen[-WINDOW:]:
        if party.named and party.kind in kinds:
            tally[party] = tally.get(party, 0.0) + 1 / (1 + here - story.sentence[other.i])
    return max(tally, key=lambda party: tally[party]) if tally else None


def latest(story: Story, kind: Kind) -> Party | None:
    """The party of a kind that was named last, but for what is only called a building itself."""
    for _, party in reversed(story.seen[-WINDOW:]):
        if party.kind == kind and party.named and party.name.lower().split()[-1] not in BUILDINGS:
            return party
    return None

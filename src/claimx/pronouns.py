"""Which party a pronoun of the third person stands for: the most salient that agrees, after Lappin and Leass (1994)."""

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.discourse import FEMALE, MALE, PLURAL, THIRD, WINDOW, Story
from claimx.names import Mention, Party

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECT = syntax.SUBJECT | syntax.PASSIVE_SUBJECT
ARGUMENT = SUBJECT | syntax.OBJECT
REACH = 3  # sentences back that a pronoun looks
DEPTH = 12  # heads above a pronoun that are looked at
LEAST = -16.0  # the salience below which nobody is meant


def pronoun(story: Story, token: "Token") -> Party | None:
    """The party that the pronoun takes up, or None."""
    lower, here = token.lower_, story.sentence[token.i]
    above = list(islice(syntax.governors(token), DEPTH))
    matrix = {i for head in above for i in before(story.subjects_of(head), token.i)}
    verb = next((head for head in above if syntax.is_verb(head)), None)
    # who does what the clause says: "press the regime to end its attacks"
    doers = set(before(story.doers_of(verb), token.i)) if verb is not None and token.dep_ not in SUBJECT else set()
    barred = holders(token) | (doers if token.dep_ in ARGUMENT else set())
    speaker = story.at.get(story.speakers.get(token.i, -1))
    homes = [(story.doc[i], story.at[i].home) for i in sorted(matrix) if i in story.at]
    best, found = LEAST, None
    for other, party in (*story.seen[-WINDOW:], *(Mention(noun, home) for noun, home in homes if home is not None)):
        far = here - story.sentence[other.i]
        if far > REACH or other.i in barred or party is speaker or not agrees(lower, party) or is_modifier(other):
            continue
        if token.dep_ in ARGUMENT and other.head.i == token.head.i:  # "the army said *it* saw it": not both
            continue
        score = -12.0 * far - 0.1 * (token.i - other.i) + min(party.times, 4)
        score += 10 if other.dep_ in SUBJECT else 4 if other.dep_ in syntax.OBJECT else 0
        score += 14 if other.i in doers else 10 if other.i in matrix and not doers else 0
        score += 8 if same_role(story, token, party) else 0
        score += 4 if party.named else 0
        score += 3 if other.lower_ in THIRD else 0
        score -= 4 if lower in PLURAL and not party.plural else 0
        score -= 12 if party.kind == "thing" else 8 if party.kind in {"place", "facility"} else 0
        if score > best:
            best, found = score, party
    if found is not None:
        found.times += 1
        found.gender = found.gender or ("m" if lower in MALE else "f" if lower in FEMALE else "")
    return found


def before(indices: list[int], i: int) -> list[int]:
    """The last few of the indices that are smaller than i."""
    end = bisect_left(indices, i)
    return indices[max(end - DEPTH, 0) : end]


def agrees(lower: str, party: Party) -> bool:
    """Whether a pronoun may stand for the party, by number, gender and kind."""
    if lower in MALE | FEMALE:
        return party.kind == "person" and not party.plural and party.gender != ("f" if lower in MALE else "m")
    if lower in PLURAL:
        return party.plural or party.kind in {"group", "organisation", "military", "people"}
    return party.kind not in {"person", "people"} and not party.plural


def is_modifier(token: "Token") -> bool:
    return syntax.modifies(token) and token.dep_ not in syntax.POSSESSIVE


def holders(token: "Token") -> set[int]:
    """The nouns that a pronoun stands inside of, which it cannot stand for: "*its base*", "the base *it* had taken"."""
    if token.dep_ in SUBJECT and token.head.dep_ in syntax.NOUN_CLAUSE:
        return {token.head.head.i}
    found = set()
    for head in islice(syntax.governors(token), DEPTH):
        if token.dep_ in syntax.CONJUNCT or syntax.is_verb(token):
            break
        found.add(head.i)
        token = head
    return found


def same_role(story: Story, token: "Token", party: Party) -> bool:
    """Whether the party did or suffered harm before, as the pronoun does now."""
    if token.i in story.targets:
        return party in story.hurt
    return token.i in story.actors and party in story.harming

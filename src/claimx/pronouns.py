"""Which party a pronoun of the third person stands for: the most salient that agrees, after Lappin and Leass (1994)."""

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.discourse import FEMALE, HOMES, MALE, PLURAL, THIRD, WINDOW, Story
from claimx.names import Kind, Mention, Party

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECT = syntax.SUBJECT | syntax.PASSIVE_SUBJECT
ARGUMENT = SUBJECT | syntax.OBJECT
REACH = 3  # sentences back that a pronoun looks
DEPTH = 12  # heads above a pronoun that are looked at
LEAST = -16.0  # the salience below which nobody is meant
LIVING: frozenset[Kind] = frozenset({"person", "people", *HOMES})
# What speaks for a party, in points.
POINTS: dict[str, float] = {
    "sentence": -12.0, "token": -0.1, "times": 1.0, "subject": 10.0, "object": 4.0, "owner": 3.0, "doer": 14.0,
    "above": 10.0, "role": 8.0, "named": 4.0, "pronoun": 3.0, "number": -4.0, "thing": -12.0, "place": -8.0,
}  # fmt: skip


def pronoun(story: Story, token: "Token") -> Party | None:
    """The party that the pronoun takes up, or None."""
    lower, here = token.lower_, story.sentence[token.i]
    if is_empty(token) and not any(token.i in some for some in (story.actors, story.targets, story.sources)):
        return None
    above = list(islice(syntax.governors(token), DEPTH))
    matrix = {i for head in above for i in before(story.subjects_of(head), token.i)}
    verb = next((head for head in above if syntax.is_verb(head)), None)
    # who does what the clause says: "press the regime to end its attacks"
    doers = set(doers_before(story, verb, token.i)) if verb is not None and token.dep_ not in SUBJECT else set()
    barred = holders(token) | (doers if token.dep_ in ARGUMENT else set())
    speaker = story.at.get(story.speakers.get(token.i, -1))
    outside = {speaker, speaker.home} if speaker is not None else set()  # who would be "I" and "we"
    homes = [(story.doc[i], story.at[i].home) for i in sorted(matrix) if i in story.at]
    best, found = LEAST, None
    for other, party in (*story.seen[-WINDOW:], *(Mention(noun, home) for noun, home in homes if home is not None)):
        far = here - story.sentence[other.i]
        if far > REACH or other.i in barred or party in outside or not agrees(lower, party, number(other, party)):
            continue
        if is_modifier(other):
            continue
        if token.dep_ in ARGUMENT and other.head.i == token.head.i:  # "the army said *it* saw it": not both
            continue
        score = POINTS["sentence"] * far + POINTS["token"] * (token.i - other.i) + POINTS["times"] * min(party.times, 4)
        score += sum(POINTS[point] for point in points(story, token, other, party))
        score += POINTS["doer"] if other.i in doers else POINTS["above"] if other.i in matrix and not doers else 0
        if score > best:
            best, found = score, party
    if found is not None:
        found.times += 1
        found.gender = found.gender or ("m" if lower in MALE else "f" if lower in FEMALE else "")
    return found


def points(story: Story, token: "Token", other: "Token", party: Party) -> list[str]:
    """What speaks for or against a party that another token stands for."""
    place = {"subject": SUBJECT, "object": syntax.OBJECT, "owner": syntax.POSSESSIVE}
    found = [name for name, labels in place.items() if other.dep_ in labels]
    if same_role(story, token, party):
        found.append("role")
    if party.named:
        found.append("named")
    if other.lower_ in THIRD:
        found.append("pronoun")
    if token.lower_ in PLURAL and not party.plural:
        found.append("number")
    if party.kind in {"thing", "place", "facility"}:
        found.append("thing" if party.kind == "thing" else "place")
    return found


def is_empty(token: "Token") -> bool:
    """Whether "it" stands for a clause: "it is not known how many died", "it emerged that"."""
    verb = token.head
    if token.lower_ != "it" or token.dep_ not in syntax.EXPLETIVE | syntax.PASSIVE_SUBJECT:
        return False
    near = token.doc[verb.i + 1 : verb.i + 1 + WINDOW]
    clauses = [child for child in near if child.head.i == verb.i and child.dep_ in syntax.CLAUSAL]
    return any(syntax.own_subjects(clause) or syntax.own_passive_subjects(clause) for clause in clauses)


def doers_before(story: Story, verb: "Token", i: int) -> list[int]:
    """Who does what the verb says, of what stands before a token: in "press the regime to end" the regime."""
    holder = story.at.get(verb.head.i) if verb.dep_ in syntax.NOUN_CLAUSE else None
    if holder is not None and holder.kind in LIVING:
        return [verb.head.i]
    return before(story.doers_of(verb), i)


def before(indices: list[int], i: int) -> list[int]:
    """The last few of the indices that are smaller than i."""
    end = bisect_left(indices, i)
    return indices[max(end - DEPTH, 0) : end]


def agrees(lower: str, party: Party, tag: str = "") -> bool:
    """Whether a pronoun may stand for the party, by number, gender and kind; `tag` is that of a mention of it."""
    plural = party.plural or tag in {"NNS", "NNPS"}  # "the Americans" are many
    if lower in MALE | FEMALE:
        return party.kind == "person" and not plural and party.gender != ("f" if lower in MALE else "m")
    if lower in PLURAL:
        return plural or party.kind in {"group", "organisation", "military", "people"}
    return party.kind not in {"person", "people"} and not party.plural


def number(token: "Token", party: Party) -> str:
    """The tag of a mention, "" for the name of a state: "the Philippines" are one."""
    return "" if party.kind == "state" and token.text in party.name else token.tag_


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

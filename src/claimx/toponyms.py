"""The names of places in a text, where the entity recogniser missed them or took them for something else."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from claimx import gazetteer
from claimx.models import EntityLabel

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Entities = dict[int, tuple[int, int, EntityLabel]]  # token -> (first, last excluded, label) of the entity over it
# After these a name that is a place's is one, whatever it looks like.
LOCATIVE = frozenset(
    {
        "in",
        "near",
        "at",
        "outside",
        "inside",
        "around",
        "from",
        "across",
        "to",
        "into",
        "of",
        "on",
        "between",
        "toward",
        "towards",
    }
)
PARTICLES = frozenset(
    {"-", "al", "el", "ez", "az", "ad", "ar", "as", "ash", "de", "e", "i", "la", "le", "du", "of", "the", "’", "'"}
)
FIRM = frozenset({"GPE", "LOC", "FAC"})


def mend(doc: "Doc", entities: Entities, taken: set[int]) -> None:
    """Add the places of the gazetteer to the entities; `taken` are tokens that the lexicon knows as something else."""
    split(doc, entities)
    found = list(names(doc, taken))
    known = {doc[first:last].text for first, last in found if is_sure(doc, entities, first, last)}
    for first, last in found:
        if doc[first:last].text in known and not within_place(entities, first, last):
            for i in range(first, last):
                entities[i] = (first, last, "GPE")


def split(doc: "Doc", entities: Entities) -> None:
    """Make two places of "Kandahar, Afghanistan", where the recogniser saw one."""
    for first, last, label in {span for span in entities.values() if span[2] in FIRM}:
        commas = [i for i in range(first + 1, last - 1) if doc[i].text == ","]
        edges = [first - 1, *commas, last]
        if commas:
            for i in commas:
                del entities[i]
            for before, after in pairwise(edges):
                for i in range(before + 1, after):
                    entities[i] = (before + 1, after, label)


def is_sure(doc: "Doc", entities: Entities, first: int, last: int) -> bool:
    """Whether this mention shows the name to be a place: its label, a preposition or a wider place beside it."""
    labels = {entities[i][2] for i in range(first, last) if i in entities}
    if labels <= {"GPE", "LOC"} and (labels or first > doc[first].sent.start):
        return True
    return fits(entities, first, last) and (is_locative(doc, first) or before_place(doc, last))


def within_place(entities: Entities, first: int, last: int) -> bool:
    """Whether an entity over the name is a place already, or longer than the name."""
    spans = [entities[i] for i in range(first, last) if i in entities]
    return any(a < first or b > last or (label in FIRM and (a, b) == (first, last)) for a, b, label in spans)


def names(doc: "Doc", taken: set[int]) -> Iterator[tuple[int, int]]:
    """(first, last excluded) of the runs of proper nouns that the gazetteer knows, the longest from each word on."""
    at, end = 0, len(doc)
    while at < end:
        if not starts(doc[at]) or at in taken:
            at += 1
            continue
        stop = at + 1
        while (
            stop < end and stop - at < 7 and stop not in taken and (starts(doc[stop]) or doc[stop].lower_ in PARTICLES)
        ):
            stop += 1
        if stop < end and starts(doc[stop]) and stop - at >= 7:
            at = stop
            continue
        while stop > at + 1 and not starts(doc[stop - 1]):
            stop -= 1
        if gazetteer.is_place_name(doc[at:stop].text):
            yield at, stop
        at = stop


def starts(token: "Token") -> bool:
    """Whether a name can start with the word: a proper noun, or in a headline whatever is written so after "in"."""
    if not (token.is_title or token.is_upper) or not token.is_alpha or token.lower_ in LOCATIVE:
        return False
    return token.tag_ in {"NNP", "NNPS"} or (
        token.i > 0 and token.nbor(-1).lower_ in {"in", "near"} and token.tag_ in {"JJ", "NN", "VB"}
    )


def fits(entities: Entities, first: int, last: int) -> bool:
    """Whether no entity reaches beyond the name."""
    return all(first <= entities[i][0] and entities[i][1] <= last for i in range(first, last) if i in entities)


def is_locative(doc: "Doc", first: int) -> bool:
    """Whether a preposition of place stands right before the name, or before what it follows after a comma."""
    if first == 0:
        return False
    before = doc[first - 1]
    return before.lower_ in LOCATIVE or (before.text == "," and before_is_place(doc, first))


def before_is_place(doc: "Doc", first: int) -> bool:
    return first >= 2 and starts(doc[first - 2]) and gazetteer.is_place_name(doc[first - 2].text)


def before_place(doc: "Doc", last: int) -> bool:
    """Whether another place follows after a comma: "Mokha, Yemen"."""
    return (
        last + 1 < len(doc)
        and doc[last].text == ","
        and starts(doc[last + 1])
        and gazetteer.is_place_name(doc[last + 1].text)
    )

"""One name, one label in an article: what the recogniser calls a name in one sentence it is in the next.

The recogniser sees a few words at a time; an article introduces its people in full and goes on by surname, and explains
its acronyms once. Token indices throughout; an entity is (first, last excluded, label), kept for each of its tokens.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from claimx.lexicon import CountryEntry
from claimx.models import EntityLabel

if TYPE_CHECKING:
    from spacy.tokens import Doc

Entities = dict[int, tuple[int, int, EntityLabel]]
SHORTEST = 3  # letters of a name's part that is looked for alone


def agree(doc: "Doc", entities: Entities, countries: Mapping[int, CountryEntry]) -> None:
    """Relabel and add entities so that the same name has the same label throughout."""
    texts = [token.text for token in doc]
    follow_majority(texts, entities)
    follow_persons(doc, texts, entities)
    follow_acronyms(texts, entities)
    for first, last, _ in list(spans(entities)):
        entry = countries.get(first)
        if entry is not None and last - first == 1:
            put(entities, first, last, "GPE" if texts[first] in (entry.name, *entry.aliases) else "NORP")


def spans(entities: Entities) -> Iterator[tuple[int, int, EntityLabel]]:
    """Each entity once, in text order."""
    for i in sorted(entities):
        if entities[i][0] == i:
            yield entities[i]


def put(entities: Entities, first: int, last: int, label: EntityLabel) -> None:
    for i in range(first, last):
        entities[i] = (first, last, label)


def follow_majority(texts: list[str], entities: Entities) -> None:
    """The label that most mentions of the same words have; words twice labelled are a name wherever they stand."""
    votes: dict[tuple[str, ...], Counter[EntityLabel]] = defaultdict(Counter)
    for first, last, label in spans(entities):
        votes[tuple(texts[first:last])]["LOC" if label == "GPE" else label] += 1
    repeated: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words, counter in votes.items():
        if sum(counter.values()) > 1 and len(" ".join(words)) > SHORTEST and words[0][0].isupper():
            repeated[words[0]].append(words)
    for first, last, label in list(spans(entities)):
        (top, count), *rest = votes[tuple(texts[first:last])].most_common(2)
        if (not rest or count > rest[0][1]) and top != ("LOC" if label == "GPE" else label):
            put(entities, first, last, top)
    for i, text in enumerate(texts):
        for words in sorted(repeated.get(text, ()), key=len, reverse=True):
            end = i + len(words)
            if tuple(texts[i:end]) == words and not any(k in entities for k in range(i, end)):
                put(entities, i, end, votes[words].most_common(1)[0][0])
                break


def follow_persons(doc: "Doc", texts: list[str], entities: Entities) -> None:
    """A word of a person's full name is that person where it stands alone: "John Smith ... Smith"."""
    parts = {
        texts[i]
        for first, last, label in spans(entities)
        if label == "PERSON" and last - first > 1
        for i in range(first, last)
        if len(texts[i]) >= SHORTEST and texts[i].isalpha() and texts[i][0].isupper()
    }
    for i, text in enumerate(texts):
        if text in parts:
            alone = i not in entities and doc[i].tag_ in {"NNP", "NNPS"}
            if alone or (i in entities and entities[i][1] - entities[i][0] == 1):
                put(entities, i, i + 1, "PERSON")


def follow_acronyms(texts: list[str], entities: Entities) -> None:
    """What stands in brackets behind an organisation is its acronym: "the Free Front (FF) ... FF"."""
    known = {
        texts[last + 1]
        for _, last, label in spans(entities)
        if label in {"ORG", "MISC"} and texts[last : last + 1] == ["("] and texts[last + 2 : last + 3] == [")"]
    }
    known = {word for word in known if 1 < len(word) < 9 and word[0].isupper() and word.isalpha()}
    for i, text in enumerate(texts):
        if text in known and (i not in entities or entities[i][1] - entities[i][0] == 1):
            put(entities, i, i + 1, "ORG")

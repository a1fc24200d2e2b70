"""spaCy's attribute ruler, compiled: the same coarse tags and lemmas in a tenth of the time.

The ruler runs a matcher over every token. Where all its patterns are of one token and ask only for its form, tag and
dependency, what they say depends on these alone, and is worked out once for each combination.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

ASKED = ("LOWER", "TAG", "DEP", "IS_SPACE")
SET = ("TAG", "POS", "LEMMA")

Key = tuple[int, int, int, int]  # the values of ASKED
Rule = tuple[Mapping[str, Any], Mapping[str, str]]  # what one token must have, what it is given


def of(nlp: "Language") -> "Callable[[Doc], Doc] | None":
    """What the attribute ruler of a pipeline does, or None where there is none or it cannot be compiled."""
    if not nlp.has_pipe("attribute_ruler"):
        return None
    ruler: Any = nlp.get_pipe("attribute_ruler")
    return compiled(ruler.patterns, nlp.vocab)


def compiled(patterns: Iterable[Mapping[str, Any]], vocab: "Vocab") -> "Callable[[Doc], Doc] | None":
    """What `AttributeRuler(patterns)` does to a doc, or None where it asks or sets more than ASKED and SET."""
    rules: list[Rule] = []
    for given in patterns:
        if given["index"] != 0 or not set(SET).issuperset(given["attrs"]):
            return None
        for pattern in given["patterns"]:
            if (
                len(pattern) != 1
                or not set(ASKED).issuperset(pattern[0])
                or not all(map(is_plain, pattern[0].values()))
            ):
                return None
            rules.append((pattern[0], given["attrs"]))
    strings = vocab.strings
    forms = [strings.add(needs["LOWER"]) for needs, _ in rules if isinstance(needs.get("LOWER"), str)]
    if any(isinstance(needs.get("LOWER"), dict) for needs, _ in rules):
        return None
    known: dict[Key, tuple[int, ...]] = {}

    def learn(key: Key) -> tuple[int, ...]:
        lower, tag, dep, space = key
        has: tuple[str | bool, ...] = (strings[lower], strings[tag], strings[dep], bool(space))
        values = dict(zip(ASKED, has, strict=True))
        given: dict[str, str] = {}
        for needs, attributes in rules:  # the later rule wins
            if all(meets(values[name], wanted) for name, wanted in needs.items()):
                given.update(attributes)
        known[key] = told = tuple(strings.add(given[name]) if name in given else 0 for name in SET)
        return told

    def rule(doc: "Doc") -> "Doc":
        columns: Any = doc.to_array([*ASKED, *SET])
        if not len(doc):
            return doc
        asked, held = columns[:, : len(ASKED)], columns[:, len(ASKED) :]
        asked[~np.isin(asked[:, 0], np.array(forms, dtype="uint64")), 0] = 0
        given = [known.get(key) or learn(key) for key in map(tuple, asked.tolist())]
        told = np.array(given, dtype="uint64")
        values: Any = np.where(told, told, held)
        doc.from_array(list(SET), values)
        return doc

    return rule


def is_plain(value: Any) -> bool:
    return isinstance(value, str | bool) or (isinstance(value, dict) and set(value) == {"REGEX"})


def meets(value: str | bool, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return re.search(wanted["REGEX"], str(value)) is not None
    return bool(value == wanted)

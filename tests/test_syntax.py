"""Grammatical relations: the same sentences in Universal Dependencies and in CLEAR labels give the same answers."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Token

from claimx import syntax
from conftest import read_parse

FILE = Path(__file__).parent / "cases" / "syntax.toml"
CASES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
VOCAB = spacy.blank("en").vocab


def find(doc: Doc, word: str) -> Token:
    text, _, nth = word.partition("#")
    return [token for token in doc if token.text == text][int(nth or 1) - 1]


def plain(value: Any, doc: Doc, name: str) -> Any:
    """What a function of syntax.py gives, as the cases write it."""
    if isinstance(value, Token):
        return value.text
    if name == "phrase":
        return doc[value[0] : value[1]].text
    if isinstance(value, tuple):
        return f"{value[0]} {value[1]}"
    if isinstance(value, list | Iterator):
        return [doc[v].text if isinstance(v, int) else plain(v, doc, "") for v in value]
    return value


def pairs() -> Iterator[Any]:
    for case in CASES:
        for clear in (True,) if case.get("clear_only") else (False, True):
            yield pytest.param(case, clear, id=f"{case['why']}-{'clear' if clear else 'ud'}")


@pytest.mark.parametrize(("case", "clear"), list(pairs()))
def test_cases(case: dict[str, Any], clear: bool) -> None:
    doc = read_parse(case["tokens"], VOCAB, clear)
    found = {}
    for call in case["expect"]:
        name, word = call.split(" ", 1)
        found[call] = plain(getattr(syntax, name)(find(doc, word)), doc, name)
    assert found == case["expect"]


LABELS = sorted(
    syntax.SUBJECT | syntax.PASSIVE_SUBJECT | syntax.OBJECT | syntax.OBLIQUE | syntax.NOUN_MODIFIER
    | syntax.NOUN_CLAUSE | syntax.ADVERBIAL | syntax.CLAUSAL | syntax.SAID
    | syntax.HELPER | {"case", "prep", "dative"}
    | {"conj", "cc", "pobj", "agent", "punct", "aux", "auxpass", "neg", "appos", "dep", "attr", "oprd", "acomp", "prt"}
)  # fmt: skip
TAGS = ["NN", "NNS", "NNP", "VBD", "VBN", "VBG", "VB", "IN", "TO", "JJ", "CD", "WDT", "PRP", "PRP$", "RB", "MD", ","]
WORDS = ["who", "that", "of", "by", "to", "rebels", "attacked", "not", ",", "two"]


FUNCTIONS: list[Callable[[Token], object]] = [
    syntax.agents, syntax.patients, syntax.prepositional, syntax.conjuncts, syntax.bare_nominals, syntax.possessors,
    syntax.appositives, syntax.modifiers, syntax.governor, syntax.preposition, syntax.particle, syntax.is_negated,
    syntax.auxiliaries, syntax.antecedent, syntax.is_verb, syntax.is_hypothetical, syntax.noun_complements,
    syntax.direct_objects, syntax.interrupted, syntax.relative_head, syntax.is_finite, syntax.loose_complements,
]  # fmt: skip


@st.composite
def trees(draw: st.DrawFn) -> Doc:
    """Any tree over any words, tags and labels: a head is drawn from what was attached before."""
    size = draw(st.integers(1, 12))
    order = draw(st.permutations(range(size)))
    heads = [0] * size
    for rank, i in enumerate(order):
        heads[i] = order[draw(st.integers(0, rank - 1))] if rank else i
    row = {"min_size": size, "max_size": size}
    words = draw(st.lists(st.sampled_from(WORDS), **row))
    tags = draw(st.lists(st.sampled_from(TAGS), **row))
    deps = draw(st.lists(st.sampled_from(LABELS), **row))
    deps[order[0]] = "ROOT"
    return Doc(VOCAB, words=words, tags=tags, heads=heads, deps=deps)


@given(trees())
def test_any_tree(doc: Doc) -> None:
    for token in doc:
        for function in FUNCTIONS:
            function(token)
        first, last = syntax.phrase(token)
        assert first <= token.i < last <= len(doc)

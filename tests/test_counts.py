"""Quantities: the table of cases, the bounds of phrases, what tags and parse add, and properties of any text."""

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from claimx.counts import find_counts, parse_number
from claimx.models import Count

CASES = tomllib.loads((Path(__file__).parent / "cases" / "counts.toml").read_text(encoding="utf-8"))["case"]
BLANK = spacy.blank("en")


def counts_of(text: str, taken: list[tuple[int, int]] | None = None) -> list[Count]:
    return find_counts(BLANK(text), taken or [])


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    text = re.sub(r"[\[\]]", "", case["text"])
    found = counts_of(text)
    assert [count.text for count in found] == [marked.strip() for marked in re.findall(r"\[([^\]]*)\]", case["text"])]
    for count, (low, high, unit) in zip(found, case.get("found", []), strict=True):
        assert [count.min, count.max] == [None if bound == "none" else bound for bound in (low, high)], count
        assert unit in {"-", count.unit}, count
        assert text[count.start : count.end] == count.text
        assert count.role is None


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("at least 120", (120, None, False)),
        ("more than 120", (121, None, False)),
        ("up to 40", (None, 40, True)),
        ("fewer than 40", (None, 39, False)),
        ("at least some 30", (30, None, True)),
        ("about 10 to 15", (10, 15, True)),
        ("less than 1 percent", (None, 1, False)),
        ("only one", (1, 1, False)),
        ("1.1 million", (1100000, 1100000, False)),
        ("one million and a half", (1500000, 1500000, False)),
        ("2.5", (2.5, 2.5, False)),
        ("minus five", (-5, -5, False)),
        ("three lakh crore", (3 * 10**12, 3 * 10**12, False)),
        ("the harbour", None),
        ("", None),
    ],
)
def test_parse_number(phrase: str, expected: tuple[float | None, float | None, bool] | None) -> None:
    assert parse_number(phrase) == expected


def test_whole_numbers_are_integers() -> None:
    assert [type(count.min) for count in counts_of("1.2 million people, 2.0 tonnes and 2.5 tonnes")] == [
        int,
        int,
        float,
    ]


def test_dates_are_not_counts() -> None:
    text = "On 12 March 1995 soldiers killed 12 farmers."
    assert [count.text for count in counts_of(text, [(3, 16)])] == ["12"]


def tagged(words: list[tuple[str, str]], heads: list[int] | None = None) -> Doc:
    """A doc from (word, tag) pairs; the heads are token indices."""
    deps = ["dep"] * len(words) if heads else None
    return Doc(BLANK.vocab, words=[word for word, _ in words], tags=[tag for _, tag in words], heads=heads, deps=deps)


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ([("three", "CD"), ("armed", "JJ"), ("patrol", "NN"), ("boats", "NNS")], "boat"),
        ([("two", "CD"), ("rebel", "NN"), ("-", "HYPH"), ("held", "VBN"), ("towns", "NNS")], "town"),
        ([("six", "CD"), ("of", "IN"), ("the", "DT"), ("captured", "VBN"), ("men", "NNS")], "man"),
        ([("two", "CD"), ("separate", "JJ"), ("but", "CC"), ("linked", "JJ"), ("raids", "NNS")], "raid"),
        ([("15", "CD"), ("shepherds", "NNS"), ("Monday", "NNP")], "shepherd"),
        ([("wounding", "VBG"), ("15", "CD"), (".", ".")], "people"),
        ([("wounded", "VBD"), ("another", "DT"), ("15", "CD"), ("on", "IN"), ("Monday", "NNP")], "people"),
        ([("dozens", "NNS"), ("fled", "VBD")], "people"),
        ([("30", "CD"), ("Israelis", "NNPS")], "israeli"),
        ([("It", "PRP"), ("reached", "VBD"), ("15", "CD"), (".", ".")], None),
    ],
)
def test_unit_from_tags(words: list[tuple[str, str]], unit: str | None) -> None:
    (count,) = find_counts(tagged(words))
    assert count.unit == unit


def test_a_tagged_pronoun_is_no_number() -> None:
    assert not find_counts(tagged([("a", "DT"), ("new", "JJ"), ("one", "NN"), ("came", "VBD")]))


def test_a_preposition_is_no_hedge() -> None:
    words = [("control", "NN"), ("over", "IN"), ("two", "CD"), ("villages", "NNS")]
    (preposition,) = find_counts(tagged(words, heads=[0, 3, 3, 0]))
    (hedge,) = find_counts(tagged(words, heads=[0, 2, 3, 0]))
    assert (preposition.text, preposition.min, preposition.max) == ("two", 2, 2)
    assert (hedge.text, hedge.min, hedge.max) == ("over two", 3, None)


WORDS = """one twenty hundred thousand million dozen dozens and a half of to between at least more than up to - – . ,
$ % 5 10 1,000 2.5 3/4 -7 2019 m bn km no casualties people killed third or over some ½ F-16 12:30 € 00 1e9 ²"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\n\n"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text(text: str) -> None:
    last = 0
    for count in counts_of(text):
        assert last <= count.start < count.end <= len(text)
        assert text[count.start : count.end] == count.text
        assert count.min is not None or count.max is not None
        assert count.min is None or count.max is None or count.min <= count.max
        last = count.end


@pytest.mark.parametrize(
    "piece", ["1,111,", "a ", "more than ", "- ", "one hundred ", "million ", "1-", "9", "one and ", "A 5 "]
)
def test_long_texts_take_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        start = time.perf_counter()
        parse_number(piece * times)
        return time.perf_counter() - start

    assert seconds(16000) < 10 * seconds(4000) + 0.5

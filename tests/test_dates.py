"""Date expressions: a table with fixed clocks, and properties that hold for any text."""

import datetime as dt
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimx import calendar as cal
from claimx.dates import find_dates

BLOCKS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("cases").joinpath("dates.toml").read_text("utf-8")
)["block"]
PHRASES = [
    (block.get("published"), case, phrase)
    for block in BLOCKS
    for case in block.get("case", ())
    for phrase in case["phrases"]
]
NONE = [(block.get("published"), phrase) for block in BLOCKS for phrase in block.get("none", ())]
MARK = re.compile(r"\[([^\]]*)\]")


@pytest.mark.parametrize(
    ("published", "case", "phrase"), PHRASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_phrase(published: dt.date | None, case: dict[str, Any], phrase: str) -> None:
    found = find_dates(MARK.sub(r"\1", phrase), published)
    marked = MARK.findall(phrase)
    if case.get("skip_others"):
        found = [date for date in found if date.text in marked]
    assert [date.text for date in found] == marked
    for date in found:
        assert (date.edtf or "") == case["edtf"]
        assert date.timex == case.get("timex", date.timex)


@pytest.mark.parametrize(("published", "phrase"), NONE, ids=lambda value: value if isinstance(value, str) else "")
def test_no_date(published: dt.date | None, phrase: str) -> None:
    assert find_dates(phrase, published) == []


PIECES = [
    "Monday",
    "may",
    "May",
    "12",
    "2015",
    "31",
    "th",
    "17th",
    " ",
    ", ",
    ". ",
    "-",
    "–",
    "/",
    "last",
    "next",
    "this",
    "the",
    "week",
    "year",
    "of",
    "from",
    "to",
    "between",
    "and",
    "since",
    "until",
    "ago",
    "a",
    "two",
    "days",
    "more than",
    "early",
    "night",
    "morning",
    "9/11",
    "1990s",
    "5 p.m.",
    "GMT",
    "February",
    "30",
    "0",
    "9999",
    "first",
    "quarter",
    "summer",
    "\n",
    "\n\n",
    '"',
    "later",
    "half",
    "century",
    "Easter",
    "every",
    "times",
    "old",
    "now",
    "decade",
    "hundred",
    "2020-13-45",
    "99/99/99",
    "24:61",
]
TEXTS = (
    st.text()
    | st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
    | st.lists(st.sampled_from(PIECES)).map("".join)
)
DAYS = st.none() | st.dates()
EDTF = re.compile(r"(?:\.\.|[0-9]{2}[0-9X]{2}(?:-[0-9]{2}){0,2})(?:/(?:\.\.|[0-9]{4}(?:-[0-9]{2}){0,2}))?")


@settings(max_examples=500, deadline=None)
@given(TEXTS, DAYS)
def test_any_text(text: str, published: dt.date | None) -> None:
    before = 0
    for date in find_dates(text, published):
        assert text[date.start : date.end] == date.text
        assert before <= date.start < date.end
        before = date.end
        assert date.timex
        if date.earliest and date.latest:
            assert dt.date.fromisoformat(date.earliest) <= dt.date.fromisoformat(date.latest)
        assert (date.edtf is None) == (date.earliest is None and date.latest is None)
        assert date.edtf is None or EDTF.fullmatch(date.edtf)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 30000,
        "1-" * 15000,
        "from " * 6000,
        "2011-" * 6000,
        "May " * 7500,
        "two and a half " * 2000,
        "\n \n" * 10000,
        "the first " * 3000,
        "Monday, " * 4000,
        "1,111" * 6000,
        "twenty-" * 4000,
        "early " * 5000,
        "more" + " " * 30000,
        "\n" + " " * 30000,
        "will " * 6000,
        "a.m." * 7500,
        '"today ' * 4000,
    ],
    ids=lambda text: text[:12],
)
def test_time_is_linear_in_the_text(text: str) -> None:
    find_dates("Monday", None)
    start = time.perf_counter()
    find_dates(text, dt.date(2021, 6, 16))
    assert time.perf_counter() - start < 3  # a quadratic pattern would take minutes


@given(st.integers(1583, 4000))
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    easter = cal.easter(year)
    assert easter.weekday() == 6
    assert dt.date(year, 3, 22) <= easter <= dt.date(year, 4, 25)


@given(st.dates(dt.date(2, 1, 1), dt.date(9998, 12, 31)), st.sampled_from(["D", "W", "M", "Q", "Y", "DE", "CE"]))
def test_the_unit_around_a_day_holds_it(day: dt.date, unit: str) -> None:
    try:
        period = cal.around(day, unit)
    except (ValueError, OverflowError):
        return
    assert period.first is not None
    assert period.last is not None
    assert period.first <= day <= period.last

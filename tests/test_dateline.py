"""Publication dates and agencies from the heads of articles."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimx.dateline import find_published, find_publisher

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "cases" / "datelines.toml").read_text("utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_head(case: dict[str, Any]) -> None:
    found = find_published(case["text"])
    assert (found.isoformat() if found else "") == case["published"]
    assert (find_publisher(case["text"]) or "") == case.get("publisher", "")


def test_only_the_head_is_read() -> None:
    assert find_published("A line of the body.\n" * 20 + "9 March 2021\n") is None


PIECES = [
    "date ",
    "PORT SAID, ",
    "9 March 2021",
    "\n",
    " (AFP) - ",
    "2021-02-30",
    "© 2021",
    "29 February",
    "By ",
    "|",
    "a",
    ".",
]


@settings(max_examples=200, deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text(text: str) -> None:
    assert find_published(text) is None or isinstance(find_published(text), dt.date)
    assert find_publisher(text) is None or find_publisher(text)

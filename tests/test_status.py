"""Reported, denied, possible or planned: short sentences with their trigger marked."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from claimx.models import Article, Status
from claimx.pipeline import Extractor

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "status.toml").read_text(encoding="utf-8"))
FAULTS = {sentence: cause for cause, sentences in CASES.get("faults", {}).items() for sentence in sentences}
SENTENCES = [(sentence, status) for status in get_args(Status) for sentence in CASES[status]]


def cases() -> Iterator[Any]:
    for sentence, status in SENTENCES:
        marks = [pytest.mark.xfail(reason=FAULTS[sentence], strict=True)] if sentence in FAULTS else []
        yield pytest.param(sentence, status, marks=marks, id=f"{status}: {sentence}"[:70])


def status_in(extractor: Extractor, marked: str) -> str | None:
    """The status of the claim at the marked trigger; null where there is no such claim."""
    before, trigger, after = marked.split("*")
    claims = extractor.extract(Article(id="case", text=before + trigger + after)).claims
    return next((claim.status for claim in claims if claim.trigger.start == len(before)), None)


@pytest.mark.parametrize(("marked", "status"), list(cases()))
def test_cases(marked: str, status: str, rules: Extractor) -> None:
    assert status_in(rules, marked) == status


def test_faults_are_cases() -> None:
    assert set(FAULTS) <= {sentence for sentence, _ in SENTENCES}
    assert len(SENTENCES) == len({sentence for sentence, _ in SENTENCES}) >= 60

"""Claims of short texts: every type, what is one event and what is two, and what is none."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from claimx.models import Article, Claim
from claimx.pipeline import Extractor

FILE = Path(__file__).parent / "cases" / "events.toml"
CASES: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


def slot(claim: Claim, name: str) -> Any:
    """A slot of a claim as the cases write it."""
    value = getattr(claim, name)
    if name == "counts":
        bounds = [["none" if bound is None else bound for bound in (count.min, count.max)] for count in value]
        return [[count.text, *both, count.role] for count, both in zip(value, bounds, strict=True)]
    if name == "date":
        return [value.earliest, value.latest] if value else "none"
    if name == "source":
        return value.text if value else "none"
    if name == "trigger":
        return value.text
    return [mention.text for mention in value] if isinstance(value, tuple) else value


def marked(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
    return pytest.param(case, marks=marks, id=case["text"].replace("\n", " ")[:60])


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_cases(case: dict[str, Any], extractor: Extractor) -> None:
    published = case.get("published")
    article = Article(id="case", text=case["text"], published=published)
    claims = sorted(extractor.extract(article).claims, key=lambda claim: claim.trigger.start)
    wanted = case["expect"]
    assert [claim.trigger.text for claim in claims] == [one["trigger"] for one in wanted]
    found = [{name: slot(claim, name) for name in one} for claim, one in zip(claims, wanted, strict=True)]
    assert found == wanted


def test_every_type_has_cases() -> None:
    from typing import get_args

    from claimx.models import ClaimType

    assert {one["type"] for case in CASES for one in case["expect"] if "type" in one} == set(get_args(ClaimType))

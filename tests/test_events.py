"""Claims of short texts: every type, what is one event and what is two, and what is none."""

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
import spacy
from spacy.tokens import Doc

from claimx.lexicon import load_lexicon
from claimx.models import Article, ArticleRecord, Claim, ClaimType
from claimx.pipeline import Extractor
from conftest import read_parse


def cases(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "cases" / name).read_text(encoding="utf-8"))["case"]


CASES = cases("events.toml")
PARSES = cases("parses.toml")


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
    return pytest.param(case, marks=marks, id=(case.get("why") or case["text"]).replace("\n", " ")[:60])


def compare(record: ArticleRecord, wanted: list[dict[str, Any]]) -> None:
    claims = sorted(record.claims, key=lambda claim: claim.trigger.start)
    assert [claim.trigger.text for claim in claims] == [one["trigger"] for one in wanted]
    assert [{name: slot(claim, name) for name in one} for claim, one in zip(claims, wanted, strict=True)] == wanted


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_cases(case: dict[str, Any], rules: Extractor) -> None:
    compare(rules.extract(Article(id="case", text=case["text"], published=case.get("published"))), case["expect"])


def test_the_judges_mostly_keep_what_the_rules_are_sure_of(extractor: Extractor) -> None:
    """A judge that refuses plain sentences would be no help, whatever it gains on long articles."""
    plain = [case for case in CASES if "xfail" not in case]
    kept = 0
    for case in plain:
        record = extractor.extract(Article(id="case", text=case["text"], published=case.get("published")))
        found = {(claim.trigger.text, claim.type) for claim in record.claims}
        kept += found >= {(one["trigger"], one["type"]) for one in case["expect"] if "type" in one}
    assert kept / len(plain) > 0.95


class Parsed:
    """A pipeline that gives the parse it was handed."""

    def __init__(self) -> None:
        self.vocab = spacy.blank("en").vocab
        self.doc = Doc(self.vocab)

    def __call__(self, text: str) -> Doc:
        return self.doc


@pytest.fixture(scope="module")
def parsed() -> Extractor:
    return Extractor(Parsed(), load_lexicon())  # type: ignore[arg-type]


@pytest.mark.parametrize("clear", [False, True], ids=["ud", "clear"])
@pytest.mark.parametrize("case", [marked(case) for case in PARSES])
def test_parses_in_both_label_sets(case: dict[str, Any], clear: bool, parsed: Extractor) -> None:
    doc = parsed.nlp.doc = read_parse(case["tokens"], parsed.nlp.vocab, clear)
    compare(parsed.extract(Article(id="case", text=doc.text, published="2024-01-10")), case["expect"])


def test_every_type_has_cases() -> None:
    assert {one["type"] for case in CASES for one in case["expect"] if "type" in one} == set(get_args(ClaimType))

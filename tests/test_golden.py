"""Whole outputs for the sample articles, and how well they agree with what a reader marked."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimx.models import Article
from claimx.pipeline import Extractor
from claimx.reading import read_articles
from scoring import score

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
SEEDS = sorted([*ROOT.glob("seeds/*.txt"), *ROOT.glob("seeds/*.jsonl")])
RENEW = "to accept all differences: python tests/golden/renew.py"

Records = list[dict[str, Any]]


@pytest.fixture(scope="module")
def records(extractor: Extractor) -> Callable[[Path], Records]:
    """The records of one seed, read by the path that a user at the root of the repository would give."""

    def read(seed: Path) -> Records:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(ROOT)
            name = seed.relative_to(ROOT).as_posix()
            articles = list(read_articles([name], on_problem=fail, on_warning=fail))
        return [json.loads(msgspec.json.encode(extractor.extract(article))) for article in articles]

    return read


def fail(complaint: object) -> None:
    pytest.fail(str(complaint))


def stream(text: str) -> Records:
    """The objects of a text that holds one after another."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:]
    return found


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_output_is_the_expected_one(seed: Path, records: Callable[[Path], Records]) -> None:
    expected = stream((GOLDEN / f"{seed.stem}.json").read_text(encoding="utf-8"))
    found = records(seed)
    assert [one["article"] for one in found] == [one["article"] for one in expected]
    for mine, theirs in zip(found, expected, strict=True):
        old = {claim["id"]: claim for claim in theirs["claims"]}
        new = {claim["id"]: claim for claim in mine["claims"]}
        changed = {
            f"{(new.get(key) or old[key])['trigger']['text']} ({key})": {
                field: (was.get(field), now.get(field))
                for was, now in [(old.get(key, {}), new.get(key, {}))]
                for field in was | now
                if was.get(field) != now.get(field)
            }
            for key in old | new
            if old.get(key) != new.get(key)
        }
        assert changed == {}, RENEW


def test_words_of_war_without_violence_give_no_claim(records: Callable[[Path], Records]) -> None:
    [record] = records(ROOT / "seeds" / "no-claims.txt")
    assert [claim["evidence"]["text"] for claim in record["claims"]] == []


def test_claims_of_the_seeds_reach_the_floors(extractor: Extractor) -> None:
    gold = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob("seeds/gold/*.json"))]
    articles = [Article(id=one["id"], text=one["text"], published=one["published"]) for one in gold]
    found = {record.article.id: msgspec.to_builtins(record.claims) for record in extractor.pipe(articles)}
    result = score(gold, found)
    reached = {
        "claims_f1": result.claims.f1,
        "core_f1": result.core.f1,
        **{f"{slot}_f1": tally.f1 for slot, tally in result.slots.items()},
        "type_accuracy": result.types.precision,
        "status_accuracy": result.statuses.precision,
    }
    floors = tomllib.loads((ROOT / "tests" / "floors.toml").read_text(encoding="utf-8"))["seeds"]
    assert {name: value for name, value in reached.items() if value < floors[name]} == {}

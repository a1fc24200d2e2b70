"""The places of claims: which names of a sentence belong to its event."""

import tomllib
from pathlib import Path

import pytest

from claimx import Article, load
from claimx.models import Claim
from claimx.pipeline import Extractor

CASES = tomllib.loads((Path(__file__).parent / "cases" / "places.toml").read_text("utf-8"))["case"]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return load()


def claim_of(extractor: Extractor, text: str, trigger: str) -> Claim:
    claims = extractor.extract(Article(id="case", text=text)).claims
    return next(claim for claim in claims if claim.trigger.text == trigger)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_places(extractor: Extractor, case: dict[str, object]) -> None:
    claim = claim_of(extractor, str(case["text"]), str(case["trigger"]))
    wanted = [str(place).split("|") for place in case["places"]]  # type: ignore[attr-defined]
    assert [place.text for place in claim.locations] == [text for text, _, _ in wanted]
    for place, (_, name, country) in zip(claim.locations, wanted, strict=True):
        assert place.name == (name or None)
        assert not country or place.country == country
        assert place.text == str(case["text"])[place.start : place.end]


def test_known_places_have_coordinates(extractor: Extractor) -> None:
    claim = claim_of(extractor, "Rockets hit a school in Kharkov.", "hit")
    (place,) = claim.locations
    assert (place.name, place.country) == ("Kharkiv", "UA")
    assert place.lat == pytest.approx(50.0, abs=0.1)
    assert place.lon == pytest.approx(36.2, abs=0.2)


def test_unknown_places_have_none(extractor: Extractor) -> None:
    claim = claim_of(extractor, "Gunmen killed two herders in the village of Qwerzhoum.", "killed")
    for place in claim.locations:
        assert (place.country, place.lat, place.lon) == (None, None, None)

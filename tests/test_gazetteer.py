"""The gazetteer: names to places, spellings, namesakes, and what is no place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimx import gazetteer


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        ("Kabul", "AF", "city"),
        ("Deir ez-Zor", "SY", "city"),
        ("Deir Ezzor", "SY", "city"),
        ("Dayr az Zawr", "SY", "city"),
        ("Raqqa", "SY", "city"),
        ("Ar Raqqah", "SY", "city"),
        ("al-Raqqah", "SY", "city"),
        ("Mazar-i-Sharif", "AF", "city"),
        ("Mazar-e Sharif", "AF", "city"),
        ("Kiev", "UA", "city"),
        ("Kyiv", "UA", "city"),
        ("Odessa", "UA", "city"),
        ("Hassakeh", "SY", "city"),
        ("El Fasher", "SD", "city"),
        ("Idlib province", "SY", "admin"),
        ("the province of Helmand", "AF", "admin"),
        ("southern Kandahar province", "AF", "admin"),
        ("northern Syria", "SY", "country"),
        ("Côte d’Ivoire", "CI", "country"),
        ("US", "US", "country"),
        ("Gaza Strip", "PS", "admin"),
        ("Donbas", "UA", "admin"),
    ],
)
def test_finds(name: str, country: str, kind: str) -> None:
    entry = gazetteer.lookup(name)
    assert entry is not None
    assert (entry.country, entry.kind) == (country, kind)


def test_coordinates_are_degrees() -> None:
    entry = gazetteer.lookup("Mosul")
    assert entry is not None
    assert entry.lat == pytest.approx(36.3, abs=0.2)
    assert entry.lon == pytest.approx(43.1, abs=0.2)
    assert entry.population > 500_000


def test_namesake_of_a_country_in_the_news_goes_first() -> None:
    alone, near = gazetteer.lookup("Tripoli"), gazetteer.lookup("Tripoli", ["LB"])
    assert alone is not None
    assert near is not None
    assert (alone.country, near.country) == ("LY", "LB")


@pytest.mark.parametrize(
    "name",
    ["Police", "Same", "Date", "Most", "Of", "Mobile", "Reading", "Split", "March", "Ali", "Army", "Zzyzxqq", ""],
)
def test_no_place_name(name: str) -> None:
    assert not gazetteer.is_place_name(name)


@pytest.mark.parametrize("name", ["Nice", "Mosul", "Kharkiv", "Kharkov", "Syria", "Helmand", "Khan Younis"])
def test_place_name(name: str) -> None:
    assert gazetteer.is_place_name(name)


@given(st.text())
def test_takes_any_text(name: str) -> None:
    gazetteer.lookup(name)
    gazetteer.is_place_name(name)
    for suffix in ("\t", "\n", " province", "|AF", "!"):
        gazetteer.lookup(name + suffix)

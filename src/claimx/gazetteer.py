"""Places by name: coordinates and countries, from a packed table of GeoNames (CC BY 4.0, see data/LICENSE-DATA.md).

The table is one sorted text that is searched by bisection, so it loads by being unpacked and costs its own size only;
`training/gazetteer.py` builds it and documents its lines.
"""

import functools
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import tomli

Kind = Literal["city", "country", "admin"]
KINDS: dict[str, Kind] = {"c": "city", "n": "country", "a": "admin"}
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ħ": "h"}
)
ARTICLES = frozenset({"al", "el", "ad", "ar", "as", "ash", "an", "az", "at", "ed", "er", "es", "ez", "the"})
# What a place's name may carry without being a part of it.
DIVISIONS = frozenset(
    {"province", "governorate", "region", "state", "district", "county", "oblast", "prefecture", "department",
     "division", "area", "municipality", "subdistrict", "upazila", "canton", "countryside"}
)  # fmt: skip
SETTLEMENTS = frozenset({"city", "town", "village", "township", "suburb", "neighbourhood", "neighborhood", "suburbs"})
SIDES = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "northeast",
     "northwest", "southeast", "southwest", "northeastern", "northwestern", "southeastern", "southwestern",
     "downtown", "greater", "mainland"}
)  # fmt: skip
WORD = re.compile(r"[^\s\-–/]+")
# Spellings that newspapers take for one another, in this order, on a folded name.
SOUNDS = (
    ("aw", "u"), ("ow", "u"), ("ou", "u"), ("oo", "u"), ("w", "u"), ("o", "u"), ("ee", "i"), ("y", "i"), ("e", "a"),
    ("q", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"),
)  # fmt: skip
NEAR_WEIGHT = 1000.0  # how much larger a namesake must be to be meant where the country of the other is in the news
ALIAS_WEIGHT = 0.3
ADMIN_WEIGHT = 0.05  # a province named after its city: the city, unless the text says province


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: canonical name, ISO 3166 alpha-2 country in upper case, degrees, people (0 where unknown)."""

    name: str
    country: str
    lat: float
    lon: float
    population: int
    kind: Kind


def lookup(name: str, near: Sequence[str] = ()) -> Entry | None:
    """The place of that name, else None: of namesakes one in a country of `near` (alpha-2) first, then the largest.

    Accents, case, hyphens and Arabic articles do not matter; "Idlib province" finds Idlib, "northern Syria" Syria.
    """
    return find(name[:80], tuple(code.upper() for code in near))


def is_place_name(name: str) -> bool:
    """Whether a capitalised phrase is the name of a city, division or country and no common word or personal name."""
    key = fold(name[:80])
    if len(key) < 3 or key in exceptions()[0]:
        return False
    line = line_of(key)
    return line is not None and (not line[0] or key in exceptions()[1])


def fold(name: str) -> str:
    """A name without case, accents, spaces and marks: "Deir ez-Zor" is "deirezzor"."""
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
        return "".join(c for c in plain if c.isalnum())
    return "".join(c for c in name.lower() if c.isalnum())


def bare(name: str) -> str:
    """The name without an Arabic article before it: "Ar Raqqah" is "Raqqah"."""
    first, mark, rest = re.split(r"([\s\-–]+)", name, maxsplit=1) if re.search(r"[\s\-–]", name) else (name, "", "")
    return rest if mark and rest and fold(first) in ARTICLES else name


def skeleton(name: str) -> str:
    """What spellings of one foreign name have in common: "Şabbūrah" and "Sabboura" are "sabura"."""
    key = fold(bare(name))
    for old, new in SOUNDS:
        key = key.replace(old, new)
    key = re.sub(r"(.)\1+", r"\1", key)
    return key[:-1] if key.endswith("h") and len(key) > 3 else key


@functools.lru_cache(maxsize=4096)
def find(name: str, near: tuple[str, ...]) -> Entry | None:
    core, kind = stripped(name)
    for text in dict.fromkeys((name, core)):
        for key in dict.fromkeys((fold(text), fold(bare(text)), "~" + skeleton(text))):
            if len(key) > (4 if key.startswith("~") else 1):
                found = best(key, near, kind)
                if found is not None:
                    return found
    return None


def stripped(name: str) -> tuple[str, Kind | None]:
    """A name without the words around it, and the kind they tell: "southern Kandahar province" is Kandahar, admin."""
    words = [m.span() for m in WORD.finditer(name)]
    kind: Kind | None = None
    while len(words) > 1:
        first, last = name[slice(*words[0])].lower(), name[slice(*words[-1])].lower()
        if last in DIVISIONS or last in SETTLEMENTS:
            kind = "admin" if last in DIVISIONS else "city"
            words.pop()
        elif first in SIDES or first == "the":
            words.pop(0)
        elif first in DIVISIONS | SETTLEMENTS and name[slice(*words[1])].lower() == "of" and len(words) > 2:
            kind = "admin" if first in DIVISIONS else "city"
            del words[:2]
        else:
            break
    return (name[words[0][0] : words[-1][1]], kind) if words else (name, None)


def best(key: str, near: tuple[str, ...], kind: Kind | None) -> Entry | None:
    top: tuple[float, Entry] | None = None
    for entry, weight in entries(key):
        score = (entry.population + 100) * weight
        score *= NEAR_WEIGHT if entry.country in near else 1.0
        score *= 10.0 if entry.kind == "country" else 1.0
        if kind is not None:
            score *= 1e6 if entry.kind == kind else 1.0
        elif entry.kind == "admin":
            score *= ADMIN_WEIGHT
        if top is None or score > top[0]:
            top = score, entry
    return top[1] if top else None


def entries(key: str, depth: int = 0) -> Iterator[tuple[Entry, float]]:
    """The places under a folded name, with a weight below one for those that only go by it too."""
    line = line_of(key)
    for record in line[1] if line else ():
        if record.startswith(">"):
            other, _, iso = record[1:].partition("|")
            if depth == 0:
                yield from ((entry, ALIAS_WEIGHT) for entry, _ in entries(other, 1) if entry.country == iso)
        else:
            kind, iso, lat, lon, people, name = record.split("|", 5)
            yield Entry(name, iso, float(lat), float(lon), int(people) * 100, KINDS[kind]), 1.0


def line_of(key: str) -> tuple[bool, list[str]] | None:
    """(whether it is a common word, records) of a folded name."""
    blob = table()
    wanted = key.encode("utf-8")
    low, high = 0, len(blob)
    while low < high:
        middle = (low + high) // 2
        start = blob.rfind(b"\n", 0, middle) + 1
        end = blob.index(b"\n", middle)
        tab = blob.index(b"\t", start)
        found = blob[start:tab]
        common = found.endswith(b"!")
        found = found[:-1] if common else found
        if found == wanted:
            return common, blob[tab + 1 : end].decode("utf-8").split("\t")
        if found < wanted:
            low = end + 1
        else:
            high = start
    return None


@functools.cache
def table() -> bytes:
    return zlib.decompress((files("claimx") / "data" / "gazetteer.bin").read_bytes())


@functools.cache
def exceptions() -> tuple[frozenset[str], frozenset[str]]:
    """Folded names that are never places in running text, and common words that are."""
    data = tomli.loads((files("claimx") / "data" / "gazetteer.toml").read_text("utf-8"))
    return frozenset(fold(name) for name in data["stop"]), frozenset(fold(name) for name in data["allow"])

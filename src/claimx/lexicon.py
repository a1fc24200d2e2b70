"""The lexicon: weapons, actors, countries and events as TOML blocks, read and validated.

A phrase (`name`, `nouns`, `aliases`, `demonyms`, a string of `patterns`) is compared piece by piece, a piece being a
run of letters or of digits, so that "AK-47", "AK 47" and "AK47" are one. Case counts as far as the phrase has
capitals: a piece in lower case matches any case, a capitalised one asks for a capital ("Grad", not "grad"), one with
more capitals matches exactly ("IS", not "is"). A list in `patterns` is a token pattern of spaCy's Matcher.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
import tomli
from msgspec import Struct

from claimx.models import ActorKind, ClaimType, Problem, Role, WeaponKind

DATA = Path(__file__).parent / "data"
BUNDLED = ("weapons.toml", "actors.toml", "groups.toml", "countries.toml", "events.toml")

Pattern = str | tuple[dict[str, Any], ...]


# ---------------------------------------------------------------------------------------------------------- the blocks


class WeaponEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[weapon]]`: an instrument. `nouns` match in the singular and the plural, `patterns` as they stand; `unless` are
    longer nouns that mean something else ("coal mine") and keep the entry from matching inside them."""

    id: str
    kind: WeaponKind
    name: str = ""
    nouns: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


class ActorEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[actor]]`: a head noun that says the kind of an actor or target, or, with `name`, a named group.

    `country` is an ISO 3166 alpha-2 code in lower case, for groups at home in one country.
    """

    id: str
    kind: ActorKind
    name: str = ""
    country: str = ""
    nouns: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


class CountryEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[country]]`: a country or territory. `demonyms` match in the plural too; `capital` is told, not matched."""

    id: str
    name: str
    iso: str
    demonyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    capital: str = ""
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


class EventEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[event]]`: words that tell an event of one type. `verbs` are lemmas ("shoot down" is a verb and its particle),
    `nouns` lemmas whose last word is the head ("air strike")."""

    id: str
    type: ClaimType
    plover: str = ""
    acled: str = ""
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    subject: str = "actor"
    object: str = "target"
    prepositions: dict[str, str] = {}
    role: Role | str = ""
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    judged: bool = False
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


Named = WeaponEntry | ActorEntry | CountryEntry  # what the finder finds
Entry = Named | EventEntry
TABLES: dict[str, type[Entry]] = {
    "weapon": WeaponEntry,
    "actor": ActorEntry,
    "country": CountryEntry,
    "event": EventEntry,
}
CHOICES = {"weapon": get_args(WeaponKind), "actor": get_args(ActorKind), "event": get_args(ClaimType)}


class Lexicon(Struct, frozen=True):
    """Everything known, in the order of the files."""

    weapons: tuple[WeaponEntry, ...]
    actors: tuple[ActorEntry, ...]
    countries: tuple[CountryEntry, ...]
    events: tuple[EventEntry, ...]
    added: frozenset[str] = frozenset()  # ids of the entries that are the user's, replaced ones among them


# --------------------------------------------------------------------------------------------------------- the loader


def load_lexicon(extra: Sequence[Path] = ()) -> Lexicon:
    """The bundled lexicon with the user's files, or folders of *.toml, added; the same id replaces.

    Raises Problem with the file, the block and a hint for anything that is not as it should be.
    """
    tables: dict[str, dict[str, Entry]] = {table: {} for table in TABLES}
    bundled = [DATA / name for name in BUNDLED if (DATA / name).is_file()]
    added: set[str] = set()
    for path in [*bundled, *(file for given in extra for file in toml_files(given))]:
        for table, entry in read_blocks(path):
            tables[table].pop(entry.id, None)  # a replacement takes its place at the end, where it wins
            tables[table][entry.id] = entry
            if path not in bundled:
                added.add(entry.id)
    weapons, actors, countries, events = (tuple(entries.values()) for entries in tables.values())
    return Lexicon(weapons, actors, countries, events, frozenset(added))  # type: ignore[arg-type]


def toml_files(path: Path) -> list[Path]:
    """The file itself, or the *.toml files of a folder in order of name."""
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.toml"))
    if not files:
        raise Problem(f"{path}: no *.toml file in this folder", "give a lexicon file or a folder of them")
    return files


def read_blocks(path: Path) -> Iterator[tuple[str, Entry]]:
    """The validated blocks of one file as (table, entry)."""
    try:
        content = tomli.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Problem(f"{path}: {error.strerror or error}", "check the path of the lexicon") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: not UTF-8 text", "save the file as UTF-8") from error
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise Problem(f"{path}: not valid TOML: {error}", "quote strings and close brackets") from error
    for table, blocks in content.items():
        if table not in TABLES:
            raise Problem(f"{path}: unknown table {table!r}", f"allowed: {', '.join(f'[[{name}]]' for name in TABLES)}")
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            raise Problem(f"{path}: {table!r} is not a list of blocks", f"begin each block with [[{table}]]")
        seen: set[str] = set()
        for number, block in enumerate(blocks, 1):
            entry = to_entry(block, table, f"{path}: [[{table}]] {block.get('id') or f'number {number}'}")
            if entry.id in seen:
                raise Problem(f"{path}: [[{table}]] {entry.id}: this id stands twice", "give each block its own id")
            seen.add(entry.id)
            yield table, entry


CONTEXTS = frozenset({"violent", "captive", "ground"})
CLASSES = frozenset(
    {"any", "event", "armed", "military", "group", "police", "state", "hostile", "norp", "force", "human", "person",
     "civilian", "captive", "crowd", "animal", "place", "settlement", "facility", "installation", "vehicle",
     "explosive", "organisation", "number", "named", "name", "pronoun", "self", "plot", "weapon",
     *get_args(WeaponKind)}
)  # fmt: skip


def check_need(need: str, where: str) -> None:
    """Raise Problem for a condition that could never be met as it is written."""
    place, colon, wanted = need.partition(":")
    if not (place and colon and wanted):
        raise Problem(f"{where}: need {need!r} is not PLACE:CLASS", "write it like object:weapon; + joins two")
    if place == "context" and wanted not in CONTEXTS:
        raise Problem(f"{where}: unknown context {wanted!r}", f"allowed: {', '.join(sorted(CONTEXTS))}")
    if place not in {"context", "light", "none"} and wanted not in CLASSES:
        raise Problem(f"{where}: unknown class {wanted!r} in need {need!r}", f"allowed: {', '.join(sorted(CLASSES))}")


def to_entry(block: dict[str, Any], table: str, where: str) -> Entry:
    if not block:
        raise Problem(f"{where}: empty block", f"keys: {', '.join(TABLES[table].__struct_fields__)}")
    fields = TABLES[table].__struct_fields__
    if unknown := [key for key in block if key not in fields]:
        raise Problem(f"{where}: unknown key {', '.join(map(repr, unknown))}", f"allowed keys: {', '.join(fields)}")
    try:
        entry = msgspec.convert(block, TABLES[table])
    except msgspec.ValidationError as error:
        hint = f"allowed here: {', '.join(CHOICES[table])}" if "enum" in str(error) else f"keys: {', '.join(fields)}"
        raise Problem(f"{where}: {error}", hint) from error
    if not entry.id.strip():
        raise Problem(f"{where}: the id is empty", "give each block an id of its own")
    if isinstance(entry, EventEntry):
        if not (entry.verbs or entry.nouns or entry.adjectives):
            raise Problem(f"{where}: nothing to match", "give verbs, nouns or adjectives")
        for need in (part for whole in entry.needs for part in whole.split("+")):
            check_need(need, where)
        return entry
    lists = [] if isinstance(entry, CountryEntry) else [p for p in entry.patterns if not isinstance(p, str)]
    for pattern in lists:
        bad = [key for token in pattern for key in token if key.upper() not in ATTRIBUTES and key != "_"]
        if bad or not pattern:
            what = f"unknown attribute {bad[0]!r} in a token pattern" if bad else "empty token pattern"
            raise Problem(f"{where}: {what}", f"attributes: {', '.join(sorted(ATTRIBUTES))}")
    phrases = list(phrases_of(entry))
    for phrase in (*phrases, *entry.unless):
        if not PIECES.search(phrase):
            raise Problem(f"{where}: {phrase!r} has neither letter nor digit", "write the words to match")
    if not phrases and not lists:
        raise Problem(f"{where}: nothing to match", "give nouns or patterns")
    return entry


# spaCy checks token patterns itself once it is loaded; this catches the misspelt key before that
ATTRIBUTES = frozenset(
    {"ORTH", "TEXT", "NORM", "LOWER", "LENGTH", "SHAPE", "PREFIX", "SUFFIX", "LEMMA", "POS", "TAG", "DEP", "MORPH",
     "OP", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID", "SPACY", "IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER",
     "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_SPACE", "IS_STOP", "IS_SENT_START", "IS_BRACKET", "IS_QUOTE",
     "IS_CURRENCY", "LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"}
)  # fmt: skip


# -------------------------------------------------------------------------------------------------------- word forms

PIECES = re.compile(r"\d+|[^\W\d_]+")
IRREGULAR = {"man": "men", "child": "children", "person": "people", "wife": "wives", "knife": "knives"}
IRREGULAR |= {"thief": "thieves", "foot": "feet", "mouse": "mice"}
REGULAR = frozenset({"german", "human", "roman", "ottoman", "shaman", "talisman", "norman", "turkman", "oman"})
INVARIANT = frozenset({"people", "police", "personnel", "aircraft", "artillery", "cattle", "livestock", "infantry"})


def forms(noun: str) -> tuple[str, ...]:
    """The noun and its plural or plurals, of the last word: ("cruise missile", "cruise missiles")."""
    lower = noun.lower()
    last = lower.rsplit(" ", 1)[-1]
    if last in INVARIANT or (lower.endswith("s") and not lower.endswith(("ss", "us"))):
        return (noun,)
    if last not in REGULAR:
        for singular, plural in IRREGULAR.items():
            if lower.endswith(singular):
                return (noun, noun[: -len(singular)] + plural)
    if lower.endswith(("s", "x", "z", "ch", "sh")):
        return (noun, noun + "es")
    if lower.endswith("o"):
        return (noun, noun + "s", noun + "es")
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return (noun, noun[:-1] + "ies")
    return (noun, noun + "s")


def phrases_of(entry: Named) -> Iterator[str]:
    """Every phrase that stands for the entry."""
    if entry.name:
        yield entry.name
    if isinstance(entry, CountryEntry):
        yield from entry.aliases
        inflected = entry.demonyms
    else:
        yield from (pattern for pattern in entry.patterns if isinstance(pattern, str))
        inflected = entry.nouns
    for noun in inflected:
        yield from forms(noun)

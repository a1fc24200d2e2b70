"""The lexicon: weapons, actors, countries and events as TOML blocks, and the finder that spots them in a text.

A phrase (`name`, `nouns`, `aliases`, `demonyms`, a string of `patterns`) is compared piece by piece, a piece being a
run of letters or of digits, so that "AK-47", "AK 47" and "AK47" are one. Case counts as far as the phrase has
capitals: a piece in lower case matches any case, a capitalised one asks for a capital ("Grad", not "grad"), one with
more capitals matches exactly ("IS", not "is"). A list in `patterns` is a token pattern of spaCy's Matcher.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec
from msgspec import Struct

from claimx.models import ActorKind, ClaimType, Problem, Role, WeaponKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

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


# --------------------------------------------------------------------------------------------------------- the loader


def load_lexicon(extra: Sequence[Path] = ()) -> Lexicon:
    """The bundled lexicon with the user's files, or folders of *.toml, added; the same id replaces.

    Raises Problem with the file, the block and a hint for anything that is not as it should be.
    """
    tables: dict[str, dict[str, Entry]] = {table: {} for table in TABLES}
    bundled = [DATA / name for name in BUNDLED if (DATA / name).is_file()]
    for path in [*bundled, *(file for given in extra for file in toml_files(given))]:
        for table, entry in read_blocks(path):
            tables[table].pop(entry.id, None)  # a replacement takes its place at the end, where it wins
            tables[table][entry.id] = entry
    return Lexicon(*(tuple(entries.values()) for entries in tables.values()))  # type: ignore[arg-type]


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
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Problem(f"{path}: {error.strerror or error}", "check the path of the lexicon") from error
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: not UTF-8 text", "save the file as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
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


# --------------------------------------------------------------------------------------------------------- the finder

PIECES = re.compile(r"\d+|[^\W\d_]+")
# What may stand inside a phrase: "car-bomb", "CPI (Maoist)", "Da'esh", a line's end. A comma or full stop may not.
TRANSPARENT = frozenset("-‐‑/'’‘`´() \t\r\n")
# What the tagger calls a verb, pronoun, adverb or particle is no mention ("he guards", "pick up", "US" and "IS" in a
# line in capitals), nor is a plain adjective ("a general view"); "Turkish" and "Islamist" are.
# A place in the clause that only a noun takes: there the parser outdoes the tagger ("an IED" tagged as a verb).
NOMINAL = frozenset({"nsubj", "nsubj:pass", "nsubjpass", "obj", "dobj", "obl:agent", "pobj"})


def is_nominal(token: "Token") -> bool:
    first = token.head if token.dep_ == "conj" else token
    return first.dep_ in NOMINAL


NO_MENTION = ("VB", "PRP", "MD", "RB", "RP", "IN")


class Hit(NamedTuple):
    """An entry and the tokens it was found at, `end` excluded."""

    entry: Named
    start: int
    end: int


class Found(Struct, frozen=True):
    """The hits of one text in order, none inside another; equal spans hold at most one entry of each table."""

    hits: tuple[Hit, ...]
    actors: dict[int, ActorEntry]  # token index -> the entry whose span covers it; so are the next two
    weapons: dict[int, WeaponEntry]
    countries: dict[int, CountryEntry]

    def kind_of(self, token: int) -> ActorKind | None:
        """The kind that the actor at this token has as a party to an event; a country is a state, a weapon a weapon."""
        if token in self.actors:
            return self.actors[token].kind
        if token in self.countries:
            return "state"
        return "weapon" if token in self.weapons else None


class _Phrase(NamedTuple):
    lower: tuple[str, ...]
    exact: tuple[str, ...]  # per piece: itself where case must agree, its initial where a capital must stand, else ""
    entries: tuple[tuple[type[Named], Named | None], ...]  # None, of `unless`: keeps its table's shorter phrases away


class _Candidate(NamedTuple):
    table: type[Named]
    entry: Named | None
    start: int
    end: int


class Finder:
    """Finds the entries of a lexicon; made by `compile_finder`."""

    def __init__(self, phrases: dict[str, list[_Phrase]], matcher: Any, listed: list[Named]) -> None:
        self._phrases = phrases
        self._matcher = matcher
        self._listed = listed

    def find(self, doc: "Doc") -> Found:
        """The longest hits of a doc, tagged or not; of two that overlap at the same length, the first."""
        candidates = []
        for hit in self._scan([token.text for token in doc]):
            last = doc[hit.end - 1]
            plain = last.text.islower()
            doubtful = (plain or hit.end - hit.start == 1) and not is_nominal(last)
            if not (
                (doubtful and last.tag_.startswith(NO_MENTION))
                or (plain and not is_nominal(last) and last.tag_.startswith("JJ"))
            ):
                candidates.append(hit)
        if self._matcher is not None:
            for key, start, end in self._matcher(doc, allow_missing=True):
                entry = self._listed[int(doc.vocab.strings[key])]
                candidates.append(_Candidate(type(entry), entry, start, end))
        return _resolve(candidates)

    def lookup(self, text: str) -> Found:
        """The same for a bare string; token indices count its words. Token patterns are not tried."""
        return _resolve(self._scan(text.split()))

    def _scan(self, words: Iterable[str]) -> list[_Candidate]:
        """Every phrase at each piece of the words."""
        pieces: list[str] = []
        at: list[int] = []
        for index, word in enumerate(words):
            if word.isalpha():
                pieces.append(word)
                at.append(index)
            elif found := PIECES.findall(word):
                pieces += found
                at += [index] * len(found)
            elif not TRANSPARENT.issuperset(word) or word.count("\n") > 1:
                pieces.append("")
                at.append(index)
        lower = [piece.lower() for piece in pieces]
        hits = []
        for first, piece in enumerate(lower):
            for phrase in self._phrases.get(piece, ()):
                last = first + len(phrase.lower)
                if tuple(lower[first:last]) == phrase.lower and _cases_agree(phrase.exact, pieces[first:last]):
                    span = at[first], at[last - 1] + 1
                    hits += [_Candidate(table, entry, *span) for table, entry in phrase.entries]
        return hits


def _cases_agree(exact: tuple[str, ...], pieces: list[str]) -> bool:
    return all(
        not wanted or piece == wanted or (len(wanted) == 1 and piece[0] == wanted)
        for wanted, piece in zip(exact, pieces, strict=True)
    )


def _resolve(candidates: list[_Candidate]) -> Found:
    """The longest first: a hit keeps all others off its tokens, an exception (`unless`) only those of its own table."""
    taken: dict[tuple[type[Named], int], tuple[int, int]] = {}
    tables: dict[type[Named], dict[int, Any]] = {ActorEntry: {}, WeaponEntry: {}, CountryEntry: {}}
    hits = []
    for table, entry, start, end in sorted(candidates, key=lambda found: (found.start - found.end, found.start)):
        span, tokens = (start, end), range(start, end)
        if start in tables[table] or any(taken.get((table, token), span) != span for token in tokens):
            continue
        for off in tables if entry is not None else (table,):
            taken.update(((off, token), span) for token in tokens)
        if entry is not None:
            tables[table].update((token, entry) for token in tokens)
            hits.append(Hit(entry, start, end))
    return Found(tuple(sorted(hits, key=lambda hit: hit.start)), *tables.values())


def compile_finder(lexicon: Lexicon, vocab: "Vocab | None" = None) -> Finder:
    """The finder of a lexicon. `vocab` is the pipeline's; without it token patterns are left out, and spaCy unneeded.

    Where two entries of one table share a phrase, the later wins. Raises Problem for a token pattern spaCy refuses.
    """
    merged: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[type[Named], Named | None]] = {}
    listed: list[Named] = []
    patterns: list[list[dict[str, Any]]] = []
    entries: list[Named] = [*lexicon.countries, *lexicon.weapons, *lexicon.actors]
    for entry in entries:
        for phrase in phrases_of(entry):
            merged.setdefault(_key(phrase), {})[type(entry)] = entry
        for phrase in entry.unless:
            for form in forms(phrase):
                merged.setdefault(_key(form), {}).setdefault(type(entry))
        if not isinstance(entry, CountryEntry):
            for pattern in entry.patterns:
                if not isinstance(pattern, str):
                    listed.append(entry)
                    patterns.append(list(pattern))
    phrases: dict[str, list[_Phrase]] = {}
    for (lower, exact), by_table in merged.items():
        phrases.setdefault(lower[0], []).append(_Phrase(lower, exact, tuple(by_table.items())))
    for same_start in phrases.values():  # longest first; of equals the one that asks for more capitals
        same_start.sort(key=lambda phrase: (-len(phrase.lower), phrase.exact.count("")))
    return Finder(phrases, _matcher(listed, patterns, vocab) if vocab is not None and listed else None, listed)


def _key(phrase: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pieces in lower case, and what the case of each must be (see _Phrase.exact)."""
    pieces = PIECES.findall(phrase)
    exact = tuple(p if p[1:].lower() != p[1:] else p[0] if p[0].isupper() else "" for p in pieces)
    return tuple(p.lower() for p in pieces), exact


def _matcher(listed: list[Named], patterns: list[list[dict[str, Any]]], vocab: "Vocab") -> Any:
    from spacy.matcher import Matcher

    matcher = Matcher(vocab, validate=True)
    for index, (entry, pattern) in enumerate(zip(listed, patterns, strict=True)):
        try:
            matcher.add(str(index), [pattern])
        except ValueError as error:  # spaCy's MatchPatternError among them
            why = " ".join(str(error).split())
            raise Problem(f"{entry.id}: broken token pattern: {why}", "see spaCy's Matcher for the form") from error
    return matcher


# --------------------------------------------------------------------------------------------------------- the checker


def check_file(
    path: Path, extractor: Callable[[str], set[str]] | None = None, nlp: "Language | None" = None
) -> list[str]:
    """The mistakes in the blocks of a lexicon file (or folder), one line each; empty if it is as it should be.

    Every phrase, and every sentence of `hits`, must find its entry in the bundled lexicon with this file added; no
    sentence of `misses` may. `extractor` gives the ids of the entries that fired in a sentence; without it events'
    sentences are not run. `nlp` parses the others' sentences, only split into words by default: without lemmas or tags.
    """
    try:
        files = toml_files(path)
        blocks = [(file.name, table, entry) for file in files for table, entry in read_blocks(file)]
        lexicon = load_lexicon([file for file in files if file.resolve().parent != DATA])
        if nlp is None:
            import spacy

            nlp = spacy.blank("en")
        finder = compile_finder(lexicon, nlp.vocab)
    except Problem as problem:
        return [f"{problem.cause} ({problem.hint})" if problem.hint else problem.cause]
    mistakes = []
    for file, table, entry in blocks:
        if isinstance(entry, EventEntry):
            found = _sentence_mistakes(entry, extractor) if extractor is not None else []
        else:
            found = _sentence_mistakes(entry, partial(_found_ids, finder, nlp, type(entry)))
            for phrase in phrases_of(entry):
                got = _found_ids(finder, nlp.make_doc, type(entry), phrase)  # a bare phrase is nothing to tag
                if entry.id not in got:
                    found.append(f"{phrase!r} finds {', '.join(sorted(got)) or 'nothing'}")
        mistakes += [f"{file}: [[{table}]] {entry.id}: {mistake}" for mistake in found]
    return mistakes


def _found_ids(finder: Finder, parse: Callable[[str], "Doc"], table: type[Named], text: str) -> set[str]:
    return {hit.entry.id for hit in finder.find(parse(text)).hits if isinstance(hit.entry, table)}


def _sentence_mistakes(entry: Entry, fired: Callable[[str], set[str]]) -> list[str]:
    missed = [f"no hit in {sentence!r}" for sentence in entry.hits if entry.id not in fired(sentence)]
    return missed + [f"hit in {sentence!r}" for sentence in entry.misses if entry.id in fired(sentence)]

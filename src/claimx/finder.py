"""The finder: spots the weapons, actors and countries of a lexicon in a text."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from claimx.lexicon import PIECES, ActorEntry, CountryEntry, Lexicon, Named, WeaponEntry, forms, phrases_of
from claimx.models import ActorKind, Problem

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

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

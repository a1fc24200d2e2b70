"""A text cut into atoms: words, numbers in digits, marks, and codes that look like numbers but count nothing.

Everything is linear in the text: the alternatives of the pattern give up without looking far.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

import tomli

LONGEST = 15
"""Digits of the longest number: what is longer is a code, and would not survive a float."""
ATOM = re.compile(
    r"(?P<code>(?:https?://|www\.)\S+|[@#]\w*\d\w*|[0-9]+(?:[-–][0-9]+){2,})"
    r"|(?P<number>[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?(?![0-9]|[-–,:/.][0-9])"
    r"|[0-9](?:[0-9]|[.,:/⁄](?=[0-9]))*|(?<![\w.])\.[0-9]+|[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[^\W\d_]+)"
    r"|(?P<mark>[<>]=|\S)"
)
INTEGER = re.compile(r"[0-9]+")
GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?")
DECIMAL = re.compile(r"[0-9]*\.[0-9]+")
RATIO = re.compile(r"([0-9]{1,3})[/⁄]([0-9]{1,3})")
DENOMINATORS = frozenset({2, 3, 4, 5, 6, 8, 10, 16, 32, 64, 100, 128})
HYPHENS = frozenset("-‐‑–—−")
SPACES = re.compile(r"[ \u00a0\u2009\u202f]")


class Atom(NamedTuple):
    """A word, a number in digits, a mark, or a code (a number that counts nothing).

    `text` is in lower case; `gap`: white space before it; `line`: it begins a line; `capital`: its first letter is one.
    """

    kind: str
    text: str
    start: int
    end: int
    gap: bool
    line: bool = False
    value: Fraction | None = None
    capital: bool = False


@cache
def data() -> Mapping[str, Any]:
    return tomli.loads(files("claimx").joinpath("data/quantities.toml").read_text(encoding="utf-8"))


@cache
def numerals() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = data()["numerals"]
    return found


T = TypeVar("T")
Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], T]]]


def phrases(entries: Iterable[tuple[str, T]]) -> Phrases[T]:
    """Phrases by their first atom, the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], T]]] = {}
    for phrase, value in entries:
        words = tuple(atom.text for atom in cut(phrase))
        table.setdefault(words[0], []).append((words, value))
    return {first: sorted(found, key=lambda entry: -len(entry[0])) for first, found in table.items()}


def match(table: Phrases[T], atoms: Sequence[Atom], i: int) -> tuple[T, int] | None:
    """The value of the longest phrase that begins at atom `i`, and the atom after it."""
    if i >= len(atoms):
        return None
    for words, value in table.get(atoms[i].text, ()):
        if all(i + k < len(atoms) and atoms[i + k].text == word for k, word in enumerate(words)):
            return value, i + len(words)
    return None


def cut(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Atom]:
    """The atoms of a text; numbers that touch a `taken` span (sorted by start) or a letter before them are codes."""
    found: list[Atom] = []
    spans = iter(sorted(taken))
    span = next(spans, None)
    end = -1
    for piece in ATOM.finditer(text):
        kind, start = str(piece.lastgroup), piece.start()
        while span is not None and span[1] <= start:
            span = next(spans, None)
        value = None
        if span is not None and span[0] < piece.end():
            kind = "code"
        elif kind == "number":
            value = None if is_inside_word(text, found, start) else read(piece[0])
            kind = "code" if value is None else "number"
        lines = text.count("\n", max(end, 0), start)
        if lines > 1:  # nothing is read across paragraphs
            found.append(Atom("mark", "\n", start, start, gap=True, line=True))
        found.append(
            Atom(
                kind,
                piece[0].lower(),
                start,
                piece.end(),
                start > end,
                lines > 0 or end < 0,
                value,
                piece[0][0].isupper(),
            )
        )
        end = piece.end()
    return found


def is_inside_word(text: str, before: Sequence[Atom], start: int) -> bool:
    """Whether the digits at `start` go on from letters ("F16"), other than a currency ("Rs500", "$US5")."""
    if text[start - 1 : start] == "_" and start:
        return True
    if not before or before[-1].end < start or before[-1].kind not in {"word", "code"}:
        return False
    return before[-1].text not in currency_words() and (len(before) < 2 or before[-1].gap or before[-2].text != "$")


@cache
def currency_words() -> frozenset[str]:
    return frozenset(form for forms in data()["currencies"].values() for form in forms if form.isalpha())


def read(digits: str) -> Fraction | None:
    """The value of a number in digits, None where it is a time, a date, a version or a code."""
    digits = SPACES.sub("", digits)
    if len(digits) > LONGEST + LONGEST // 2:
        return None
    if symbol := numerals()["symbols"].get(digits):
        return Fraction(symbol)
    if INTEGER.fullmatch(digits):
        return Fraction(digits) if len(digits) <= LONGEST else None
    if DECIMAL.fullmatch(digits):
        return Fraction(digits)
    if GROUPED.fullmatch(digits):
        return Fraction(digits.replace(",", ""))
    if ratio := RATIO.fullmatch(digits):
        above, below = int(ratio[1]), int(ratio[2])
        return Fraction(above, below) if 0 < above < below and below in DENOMINATORS else None
    return None


def at(atoms: Sequence[Atom], i: int) -> str:
    return atoms[i].text if 0 <= i < len(atoms) else ""


def glued(atoms: Sequence[Atom], i: int) -> bool:
    """Whether atom `i` stands right behind the one before it."""
    return 0 < i < len(atoms) and not atoms[i].gap


@cache
def word_list(name: str) -> frozenset[str]:
    return frozenset(data()["words"][name])


def is_plural(word: str) -> bool:
    """Whether the word looks like a plural noun."""
    if len(word) > 3 and word.endswith("s"):
        return not word.endswith(("ss", "us", "is"))
    return word in word_list("irregular")


def is_glued_to_letters(atoms: Sequence[Atom], i: int) -> bool:
    """Whether the word at `i` runs on into digits or letters: "4x4", "10k9"."""
    return glued(atoms, i + 1) and atoms[i + 1].kind in {"number", "code", "word"}

"""Quantities as the words alone tell them: number, hedges, ranges, measures, and the numbers that are names.

Nothing here needs a parse. What a hedge does to the bounds stands in data/quantities.toml.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from claimx import numerals
from claimx.numerals import HYPHENS, Atom, Number, Phrases, at, glued, match

Bounds = tuple[int | float | None, int | float | None, bool]
WORD = re.compile(r"[^\W\d_]{4,}")
REACH = 120
"""Code points either side that decide whether a line is a headline in title case."""


class Amount(NamedTuple):
    """A number with its measure; `stop` is the atom after both, `end` the atom after the count's own text."""

    number: Number
    unit: str | None
    stop: int
    end: int


class Quantity(NamedTuple):
    """A number or range with its hedges as (effect, first atom, last atom excluded); atoms `first` to `end` are its text."""

    first: int
    value: int
    end: int
    low: Fraction
    high: Fraction | None
    hedges: tuple[tuple[str, int, int], ...]
    tail: str | None
    unit: str | None
    kind: str


def quantities(text: str, atoms: Sequence[Atom]) -> list[Quantity]:
    """The quantities that the words alone allow."""
    found: list[Quantity] = []
    i = 0
    while i < len(atoms):
        quantity = read(atoms, i)
        if quantity is None:
            i += 1
            continue
        if quantity.kind != "score" and not is_name(text, atoms, quantity):
            found.append(quantity)
        i = max(quantity.end, i + 1)
    return found


@cache
def hedge_table() -> Phrases[str]:
    return numerals.phrases((p, effect) for effect, listed in numerals.data()["hedges"].items() for p in listed)


@cache
def tail_table() -> Phrases[str]:
    return numerals.phrases((p, effect) for effect, listed in numerals.data()["tails"].items() for p in listed)


@cache
def word_list(name: str) -> frozenset[str]:
    return frozenset(numerals.data()["words"][name])


@cache
def measures() -> Phrases[str]:
    return numerals.phrases((form, name) for name, forms in numerals.data()["measures"].items() for form in forms)


@cache
def currencies() -> Phrases[str]:
    return numerals.phrases((form, name) for name, forms in numerals.data()["currencies"].items() for form in forms)


@cache
def money() -> Phrases[str]:
    return numerals.phrases((form, name) for name, forms in numerals.data()["money"].items() for form in forms)


def measure(atoms: Sequence[Atom], i: int) -> tuple[str, int] | None:
    """The measure or currency at atom `i`; a single letter only right behind its number."""
    found = match(measures(), atoms, i) or match(money(), atoms, i)
    if found and glued(atoms, i) and atoms[i].kind == "word" and numerals.is_glued_to_letters(atoms, found[1] - 1):
        return None
    return None if found and len(at(atoms, i)) == 1 and atoms[i].kind == "word" and not glued(atoms, i) else found


def read(atoms: Sequence[Atom], i: int) -> Quantity | None:
    """The quantity whose text begins at atom `i`, its hedge included."""
    hedges: list[tuple[str, int, int]] = []
    k = i
    while len(hedges) < 3 and (hedge := match(hedge_table(), atoms, k)):
        hedges.append((hedge[0], k, hedge[1]))
        k = hedge[1]
    between = at(atoms, k) == "between"
    special = None if hedges or between else zero(atoms, k) or adjective(atoms, k)
    amount = special or measured(atoms, k + between)
    if amount is None:
        return None
    number, unit, end = amount.number, amount.unit, amount.end
    low, high, kind = number.low, number.high, number.kind
    other = upper(atoms, k, amount, between) if high is not None and not special else None
    if other:
        low, high, unit, end, kind = other
    elif between:
        return None
    if kind == "cardinal" and at(atoms, k) == "one" and end == k + 1 and not unit:
        kind = "one"
    tail = match(tail_table(), atoms, end)
    if tail and not (at(atoms, end) == "+" and not glued(atoms, end)) and not numerals.number(atoms, tail[1]) and at(atoms, tail[1]) != "than":
        end = tail[1]
    else:
        tail = None
    return Quantity(i, k + between, end, low, high, tuple(hedges), tail and tail[0], unit, kind)


def zero(atoms: Sequence[Atom], i: int) -> Amount | None:
    """ "no casualties", "no immediate reports"-like noun lists: a count of nought."""
    if at(atoms, i) != "no":
        return None
    k = i + 1
    while k < i + 4 and at(atoms, k) in word_list("zero_between"):
        k += 1
    if at(atoms, k) in word_list("zero_nouns"):
        return Amount(Number(Fraction(0), Fraction(0), i + 1, kind="zero"), None, i + 1, i + 1)
    return None


def adjective(atoms: Sequence[Atom], i: int) -> Amount | None:
    """ "twin bombings", "a single rocket"."""
    if at(atoms, i) == "a" and at(atoms, i + 1) == "single" and at(atoms, i + 2) not in HYPHENS:
        return Amount(Number(Fraction(1), Fraction(1), i + 2, kind="single"), None, i + 2, i + 2)
    size = numerals.numerals()["adjectives"].get(at(atoms, i))
    if size is None or at(atoms, i + 1) in HYPHENS:
        return None
    return Amount(Number(Fraction(size), Fraction(size), i + 1, kind="adjective"), None, i + 1, i + 1)


def measured(atoms: Sequence[Atom], i: int) -> Amount | None:
    """A number with its currency before it or its measure after it; None where what is glued to it makes it a code."""
    currency = match(currencies(), atoms, i)
    k = currency[1] if currency else i
    if currency and not (k < len(atoms) and atoms[k].kind in {"number", "mark"}):
        currency, k = None, i
    number = numerals.number(atoms, k, money=currency is not None)
    if number is None:
        return None
    stop = number.stop
    if currency:
        return Amount(number, currency[0], stop, stop)
    hyphen = at(atoms, stop) in HYPHENS and glued(atoms, stop) and glued(atoms, stop + 1)
    if found := measure(atoms, stop + hyphen):
        return Amount(number, found[0], found[1], stop if hyphen or atoms[stop].gap else found[1])
    if hyphen and atoms[stop + 1].kind == "word" and not numerals.number(atoms, stop + 1) and at(atoms, stop + 1) not in {"plus", "odd"}:
        word = at(atoms, stop + 1)
        return Amount(number, word, stop, stop) if word in word_list("after_hyphen") else None
    if glued(atoms, stop) and atoms[stop].kind in {"word", "code"}:
        return None
    return Amount(number, None, stop, stop)


def upper(
    atoms: Sequence[Atom], i: int, first: Amount, between: bool
) -> tuple[Fraction, Fraction, str | None, int, str] | None:
    """The other end of a range "10 to 15", "$7-9bn", "between two and four": (low, high, unit, end, kind)."""
    word = at(atoms, first.stop)
    hyphen = word in HYPHENS
    if word not in {"to", "through", "or", "~"} and not hyphen and not (between and word == "and"):
        return None
    k = first.stop + 1
    if hyphen and at(atoms, k) in {"or", "to"}:  # "7- or 8-inch"
        k += 1
    second = measured(atoms, k)
    if second is None or second.number.high is None:
        return None
    low, high = first.number.low, second.number.high
    if first.number.scale == 1 < second.number.scale and low < (high / second.number.scale):
        low *= second.number.scale
    if low >= high:
        return (low, high, None, second.end, "score") if hyphen else None
    if word == "or" and (high > 2 * low + 1 or (first.unit and not second.unit)):
        return None
    if first.unit and second.unit != first.unit and not (second.unit is None and atoms[first.stop].text == "$"):
        if second.unit is not None or at(atoms, i) not in {"$", "£", "€"}:
            return None
    if word == "to" and (is_change(atoms, i) or (is_year(atoms[first.stop - 1]) and at(atoms, i - 1) in {"in", "since", "during"})):
        return None
    return low, high, second.unit or first.unit, second.end, "range"


def is_change(atoms: Sequence[Atom], i: int) -> bool:
    """Whether the number comes after "rose from": then what follows is the new value, not the end of a range."""
    return at(atoms, i - 1) == "from" and any(at(atoms, k) in word_list("changes") for k in range(i - 6, i - 1))


def bounds(quantity: Quantity) -> Bounds:
    """(min, max, approximate) after the hedges, the innermost first."""
    low: Fraction | None = quantity.low
    high, approximate = quantity.high, False
    effects = [effect for effect, _, _ in reversed(quantity.hedges)]
    for effect in [quantity.tail, *effects] if quantity.tail else effects:
        if effect in {"floor", "above"}:
            step = effect == "above" and low is not None and low.denominator == 1
            low, high = (low + 1 if step and low is not None else low), None
        elif effect in {"ceiling", "below", "most"} and high is not None:
            low, high = None, high - 1 if effect == "below" and high.denominator == 1 else high
        approximate = approximate or effect in {"about", "most"}
    return plain(low), plain(high), approximate


def plain(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def is_name(text: str, atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """Whether the number names or dates something instead of counting: a year, an age, a label, a list number, a model."""
    i, end = quantity.value, quantity.end
    if glued(atoms, i) and at(atoms, i - 1) in HYPHENS | {"/", "#", "№", "_"} and (i < 2 or glued(atoms, i - 1)):
        return True
    if at(atoms, i - 1) == "per":  # "parts per million"
        return True
    word = at(atoms, i)
    if quantity.kind == "one":
        return at(atoms, end) in HYPHENS or (not quantity.hedges and is_pronoun(atoms, i))
    if quantity.kind == "vague":
        return word == "scores" and at(atoms, end) not in word_list("scores_after")
    if quantity.kind == "fraction" and word in {"half", "a", "an"}:
        return not quantity.hedges and (at(atoms, end) != "of" or (word == "half" and at(atoms, i - 1) in {"the", "second", "first"}))
    if quantity.kind in {"zero", "adjective", "single", "set"} or quantity.hedges or quantity.tail or quantity.unit:
        return False
    return is_moment(text, atoms, quantity) or is_label(text, atoms, quantity)


def is_pronoun(atoms: Sequence[Atom], i: int) -> bool:
    after = at(atoms, i + 1)
    return at(atoms, i - 1) in word_list("before_pronoun") or after in word_list("after_pronoun") or after in {"'", "’"}


def is_moment(text: str, atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """A year, a day of a month, a time of day or an age."""
    i, end = quantity.value, quantity.end
    if atoms[end - 1].kind != "number":
        return False
    if at(atoms, end) in word_list("clock") or at(atoms, i - 1) in word_list("ages"):
        return True
    low, high = quantity.low, quantity.high or quantity.low
    if is_year(atoms[i], 1500 if quantity.kind == "range" else 1900) and is_year(atoms[end - 1], 1500):
        return at(atoms, i - 1) in {"the", "in", "of", "since"} or not is_plural(at(atoms, end))
    if high <= 31 and (is_month(text, atoms, i - (2 if at(atoms, i - 1) == "." else 1)) or is_month(text, atoms, end)):
        return True
    return (
        at(atoms, i - 1) in {",", "("}
        and at(atoms, end) in {",", ")", ";"}
        and is_capitalised(text, atoms, i - 2)
        and 1 <= low <= 120
    )


def is_year(atom: Atom, earliest: int = 1900) -> bool:
    return atom.value is not None and earliest <= atom.value < 2100 and atom.text.isdigit()


def is_month(text: str, atoms: Sequence[Atom], i: int) -> bool:
    return at(atoms, i) in word_list("months") and is_capitalised(text, atoms, i)


def is_capitalised(text: str, atoms: Sequence[Atom], i: int) -> bool:
    return 0 <= i < len(atoms) and atoms[i].kind == "word" and text[atoms[i].start].isupper()


def is_label(text: str, atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """ "Article 5", "phase two", "Boeing 787", "1. Background", "1/2 Today": the number tells which one, not how many."""
    i, end = quantity.value, quantity.end
    before, after = at(atoms, i - 1), at(atoms, end)
    if before == ".":
        before = at(atoms, i - 2) if at(atoms, i - 2) in {"no", "nos", "nr", "fig"} else before
    starts_line = i == 0 or "\n" in text[atoms[i - 1].end : atoms[i].start]
    if starts_line and atoms[i].kind == "number":
        if after in {".", ")"} and glued(atoms, end) and end + 1 < len(atoms) and atoms[end + 1].gap:
            return True
        if "/" in atoms[i].text and is_capitalised(text, atoms, end):
            return True
    if starts_line or is_plural(after) or after == "of":
        return False
    if before in word_list("labels"):
        return True
    capitalised = atoms[i].kind == "number" and atoms[i].gap and is_capitalised(text, atoms, i - 1)
    return capitalised and at(atoms, i - 2) not in {"", ".", "!", "?"} and not in_headline(text, atoms[i].start)


def is_plural(word: str) -> bool:
    """Whether the word looks like a plural noun."""
    return word in numerals.data()["words"]["irregular"] or (len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")))


def in_headline(text: str, position: int) -> bool:
    """Whether most long words near the position, on its line, are capitalised."""
    start = text.rfind("\n", max(0, position - REACH), position) + 1 or max(0, position - REACH)
    stop = text.find("\n", position, position + REACH)
    found = WORD.findall(text, start, stop if stop >= 0 else position + REACH)
    return sum(word[0].isupper() for word in found) > 0.6 * len(found)

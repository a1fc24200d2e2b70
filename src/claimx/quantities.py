"""Quantities as the words alone tell them: number, hedges, ranges, measures, and the numbers that are names.

Nothing here needs a parse. What a hedge does to the bounds stands in data/quantities.toml.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from claimx.atoms import (
    HYPHENS,
    Atom,
    Phrases,
    at,
    data,
    glued,
    is_glued_to_letters,
    is_plural,
    match,
    numerals,
    phrases,
    word_list,
)  # fmt: skip
from claimx.numerals import Number, read_number

Bounds = tuple[int | float | None, int | float | None, bool]
TAIL_WORDS = frozenset({"plus", "odd"})
SINCE = frozenset({"in", "since", "during", "until", "by", "of"})
"""Before a bare number of four digits these make it a year."""
REACH = 20
"""Atoms either side that decide whether a line is a headline in title case."""


class Amount(NamedTuple):
    """A number with its measure; `stop` is the atom after both, `end` the atom after the count's own text."""

    number: Number
    unit: str | None
    stop: int
    end: int


class Quantity(NamedTuple):
    """A number or range: atoms `first` to `end`, the number from `value` on; `hedges` are (effect, from, to)."""

    first: int
    value: int
    end: int
    low: Fraction
    high: Fraction | None
    hedges: tuple[tuple[str, int, int], ...]
    tail: str | None
    unit: str | None
    kind: str


def quantities(atoms: Sequence[Atom]) -> list[Quantity]:
    """The quantities that the words alone allow."""
    found: list[Quantity] = []
    i = 0
    while i < len(atoms):
        quantity = read(atoms, i)
        if quantity is None:
            i += 1
            continue
        if quantity.kind != "score" and not is_name(atoms, quantity):
            found.append(quantity)
        i = max(quantity.end, i + 1)
    return found


@cache
def hedge_table() -> Phrases[str]:
    return phrases((p, effect) for effect, listed in data()["hedges"].items() for p in listed)


@cache
def tail_table() -> Phrases[str]:
    return phrases((p, effect) for effect, listed in data()["tails"].items() for p in listed)


@cache
def measures() -> Phrases[str]:
    return phrases((form, name) for name, forms in data()["measures"].items() for form in forms)


@cache
def currencies() -> Phrases[str]:
    return phrases((form, name) for name, forms in data()["currencies"].items() for form in forms)


@cache
def money() -> Phrases[str]:
    return phrases((form, name) for name, forms in data()["money"].items() for form in forms)


def measure(atoms: Sequence[Atom], i: int) -> tuple[str, int] | None:
    """The measure or currency at atom `i`; a single letter only right behind its number."""
    found = match(measures(), atoms, i) or match(money(), atoms, i)
    if found and glued(atoms, i) and atoms[i].kind == "word" and is_glued_to_letters(atoms, found[1] - 1):
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
    if tail and (at(atoms, end) != "+" or glued(atoms, end)) and not followed(atoms, tail[1]):
        end = tail[1]
    else:
        tail = None
    return Quantity(i, k + between, end, low, high, tuple(hedges), tail and tail[0], unit, kind)


def followed(atoms: Sequence[Atom], i: int) -> bool:
    """Whether a tail is really the start of something else: "3 plus 4", "10 or more than 20"."""
    return at(atoms, i) == "than" or read_number(atoms, i) is not None


def zero(atoms: Sequence[Atom], i: int) -> Amount | None:
    """ "no casualties", "no civilian deaths": a count of nought."""
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
    size = numerals()["adjectives"].get(at(atoms, i))
    if size is None or at(atoms, i + 1) in HYPHENS:
        return None
    return Amount(Number(Fraction(size), Fraction(size), i + 1, kind="adjective"), None, i + 1, i + 1)


def measured(atoms: Sequence[Atom], i: int) -> Amount | None:
    """A number with its currency before it or its measure after it; None where what is glued to it makes it a code."""
    currency = match(currencies(), atoms, i)
    k = currency[1] if currency else i
    if currency and not (k < len(atoms) and atoms[k].kind in {"number", "mark"}):
        currency, k = None, i
    number = read_number(atoms, k, money=currency is not None)
    if number is None:
        return None
    stop = number.stop
    if currency:
        return Amount(number, currency[0], stop, stop)
    hyphen = at(atoms, stop) in HYPHENS and glued(atoms, stop) and glued(atoms, stop + 1)
    if found := measure(atoms, stop + hyphen):
        return Amount(number, found[0], found[1], stop if hyphen or atoms[stop].gap else found[1])
    word = at(atoms, stop + 1)
    if hyphen and atoms[stop + 1].kind == "word" and word not in TAIL_WORDS and not read_number(atoms, stop + 1):
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
    if first.unit and second.unit != first.unit and (second.unit or at(atoms, i) not in {"$", "£", "€"}):
        return None
    dated = is_year(atoms[first.stop - 1]) and at(atoms, i - 1) in SINCE  # "in 2018 to 3.9 million"
    if word == "to" and (dated or is_change(atoms, i)):
        return None
    return low, high, second.unit or first.unit, second.end, "range"


def is_change(atoms: Sequence[Atom], i: int) -> bool:
    """Whether the number comes after "rose from": then what follows is the new value, not the end of a range."""
    return at(atoms, i - 1) == "from" and any(at(atoms, k) in word_list("changes") for k in range(i - 6, i - 1))


def bounds(quantity: Quantity) -> Bounds:
    """(min, max, approximate) after the hedges, the innermost first."""
    low: Fraction | None = quantity.low
    high, approximate = quantity.high, False
    step = 0 if quantity.unit == "percent" or quantity.unit in data()["currencies"] else 1
    effects = [effect for effect, _, _ in reversed(quantity.hedges)]
    for effect in [quantity.tail, *effects] if quantity.tail else effects:
        if effect in {"floor", "above"}:
            low, high = (low + step if effect == "above" and low is not None and low.denominator == 1 else low), None
        elif effect in {"ceiling", "below", "most"} and high is not None:
            low, high = None, high - step if effect == "below" and high.denominator == 1 else high
        approximate = approximate or effect in {"about", "most"}
    return plain(low), plain(high), approximate


def plain(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def is_name(atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """Whether the number names or dates something instead of counting: a year, an age, a label, a model."""
    i, end = quantity.value, quantity.end
    if (
        not quantity.hedges
        and glued(atoms, i)
        and at(atoms, i - 1) in HYPHENS | {"/", "#", "№", "_"}
        and (i < 2 or glued(atoms, i - 1))
    ):
        return True
    if at(atoms, i - 1) == "per":  # "parts per million"
        return True
    word = at(atoms, i)
    if quantity.kind == "one":
        return at(atoms, end) in HYPHENS or (not quantity.hedges and is_pronoun(atoms, i))
    if quantity.kind == "vague":
        return word == "scores" and at(atoms, end) not in word_list("scores_after")
    if quantity.kind == "fraction" and word in {"half", "a", "an"}:
        return not quantity.hedges and (at(atoms, end) != "of" or at(atoms, i - 1) in {"the", "second", "first"})
    if quantity.kind in {"zero", "adjective", "single", "set"} or quantity.hedges or quantity.tail or quantity.unit:
        return False
    return is_moment(atoms, quantity) or is_label(atoms, quantity)


def is_pronoun(atoms: Sequence[Atom], i: int) -> bool:
    after = at(atoms, i + 1)
    return at(atoms, i - 1) in word_list("before_pronoun") or after in word_list("after_pronoun") or after in {"'", "’"}


def is_moment(atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """A year, a day of a month, a time of day or an age."""
    i, end = quantity.value, quantity.end
    if atoms[end - 1].kind != "number":
        return False
    if at(atoms, end) in word_list("clock") or at(atoms, i - 1) in word_list("ages"):
        return True
    low, high = quantity.low, quantity.high or quantity.low
    if is_year(atoms[i], 1500 if quantity.kind == "range" else 1900) and is_year(atoms[end - 1], 1500):
        return at(atoms, i - 1) in {"the", *SINCE} or not is_plural(at(atoms, end))
    if is_year(atoms[i], 1000) and at(atoms, i - 1) in {"in", "since", "until"} and not is_plural(at(atoms, end)):
        return True
    if high <= 31 and (is_month(atoms, i - (2 if at(atoms, i - 1) == "." else 1)) or is_month(atoms, end)):
        return True
    return (
        at(atoms, i - 1) in {",", "("}
        and at(atoms, end) in {",", ")", ";"}
        and is_capitalised(atoms, i - 2)
        and 1 <= low <= 120
    )


def is_year(atom: Atom, earliest: int = 1900) -> bool:
    return atom.value is not None and earliest <= atom.value < 2100 and atom.text.isdigit()


def is_month(atoms: Sequence[Atom], i: int) -> bool:
    return at(atoms, i) in word_list("months") and is_capitalised(atoms, i)


def is_capitalised(atoms: Sequence[Atom], i: int) -> bool:
    return 0 <= i < len(atoms) and atoms[i].kind == "word" and atoms[i].capital


def is_label(atoms: Sequence[Atom], quantity: Quantity) -> bool:
    """ "Article 5", "phase two", "Boeing 787", "1. Background", "1/2 Today": which one, not how many."""
    i, end = quantity.value, quantity.end
    before, after = at(atoms, i - 1), at(atoms, end)
    if before == ".":
        before = at(atoms, i - 2) if at(atoms, i - 2) in {"no", "nos", "nr", "fig"} else before
    starts_line = atoms[i].line
    if starts_line and atoms[i].kind == "number":
        if after in {".", ")"} and glued(atoms, end) and end + 1 < len(atoms) and atoms[end + 1].gap:
            return True
        if "/" in atoms[i].text and is_capitalised(atoms, end):
            return True
    if starts_line or is_plural(after):
        return False
    if before in word_list("labels"):
        return True
    if after == "of":
        return False
    capitalised = atoms[i].kind == "number" and atoms[i].gap and is_capitalised(atoms, i - 1)
    return capitalised and at(atoms, i - 2) not in {"", ".", "!", "?"} and not in_headline(atoms, i)


def in_headline(atoms: Sequence[Atom], i: int) -> bool:
    """Whether most long words near atom `i`, on its line, are capitalised."""
    first, last = i, i + 1
    while first > max(0, i - REACH) and not atoms[first].line:
        first -= 1
    while last < min(len(atoms), i + REACH) and not atoms[last].line:
        last += 1
    words = [atom for atom in atoms[first:last] if atom.kind == "word" and len(atom.text) > 3]
    return sum(atom.capital for atom in words) > len(words) * 3 // 5

"""The small grammar of numbers: from atoms to a value, in words, digits or both.

Values are exact fractions until the end, so that "1.1 million" is 1100000 and not 1100000.0000000001.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from claimx.atoms import HYPHENS, LONGEST, RATIO, Atom, at, glued, is_glued_to_letters, is_plural, numerals, word_list

BIGGEST = 10**18
"""No chain of powers goes beyond it ("million million million ...")."""


class Number(NamedTuple):
    """A value with its bounds (`high` None where open) and the atom after it; `scale` is its biggest power."""

    low: Fraction
    high: Fraction | None
    stop: int
    scale: int = 1
    kind: str = "cardinal"


def digits(atoms: Sequence[Atom], i: int) -> tuple[Fraction, int] | None:
    """A number in digits, also "2 1/4"."""
    if i >= len(atoms) or (value := atoms[i].value) is None:
        return None
    part = atoms[i + 1].value if i + 1 < len(atoms) else None
    if part is not None and part < 1 and value.denominator == 1 and RATIO.fullmatch(atoms[i + 1].text):
        return value + part, i + 2
    return value, i + 1


def small(atoms: Sequence[Atom], i: int) -> tuple[int, int] | None:
    """A number word below a hundred: "seven", "twenty-one", "twenty one"."""
    words = numerals()
    word = at(atoms, i)
    if word in words["units"]:
        return words["units"][word], i + 1
    if word not in words["tens"]:
        return None
    value = words["tens"][word]
    k = i + 2 if at(atoms, i + 1) in HYPHENS else i + 1
    unit = words["units"].get(at(atoms, k), 0)
    return (value + unit, k + 1) if 0 < unit < 10 else (value, i + 1)


def below_thousand(atoms: Sequence[Atom], i: int, first: bool) -> tuple[Fraction, int] | None:
    """What may stand before a scale word: digits, or words up to "nine hundred and ninety-nine"."""
    words = numerals()
    found = digits(atoms, i)
    if not found and (spelt := small(atoms, i)):
        found = Fraction(spelt[0]), spelt[1]
    if not found and first:
        word = at(atoms, i)
        after = at(atoms, i + 1)
        if word in {"a", "an"} and (after == "hundred" or after in words["scales"] or after in words["groups"]):
            found = Fraction(1), i + 1
        elif word == "hundred" or word in words["scales"]:
            found = Fraction(1), i
    if found and at(atoms, found[1]) == "hundred":
        value, i = found[0] * 100, found[1] + 1
        k = i + 1 if at(atoms, i) == "and" else i
        rest = small(atoms, k) or digits(atoms, k)
        if rest and 0 < rest[0] < 100 and at(atoms, rest[1]) != "hundred" and not fraction(atoms, k):
            value, i = value + rest[0], rest[1]
        found = value, i
    if found and at(atoms, found[1]) == "point" and (decimals := point(atoms, found[1] + 1)):
        return found[0] + decimals[0], decimals[1]
    return found


def point(atoms: Sequence[Atom], i: int) -> tuple[Fraction, int] | None:
    """The words after "point": "zero three", "seventy-one"."""
    written = ""
    while len(written) < LONGEST and (found := small(atoms, i)):
        written, i = written + str(found[0]), found[1]
    return (Fraction(f"0.{written}"), i) if written else None


def fraction(atoms: Sequence[Atom], i: int) -> tuple[Fraction, int] | None:
    """ "half", "a third", "two-thirds", "three quarters": the value and the atom after it."""
    words = numerals()
    if at(atoms, i) == "half":
        return Fraction(1, 2), i + 1
    if at(atoms, i) in {"a", "an"}:
        part = words["parts"].get(at(atoms, i + 1))
        return (Fraction(1, part), i + 2) if part else None
    found = small(atoms, i)
    if not found or not 0 < found[0] < 20:
        return None
    k = found[1] + 1 if at(atoms, found[1]) in HYPHENS else found[1]
    part = words["parts" if found[0] == 1 else "part_plurals"].get(at(atoms, k))
    return (Fraction(found[0], part), k + 1) if part else None


def scaled(atoms: Sequence[Atom], number: Fraction, i: int) -> tuple[Fraction, int] | None:
    """A fraction of a big number or of a dozen: "half a million", "two thirds of a million", "half-dozen"."""
    words = numerals()
    for skipped in (("of", "a"), ("a",), ("-",), ()):
        k = i + len(skipped)
        if all(at(atoms, i + n) == word for n, word in enumerate(skipped)):
            scale = words["scales"].get(at(atoms, k)) or words["groups"].get(at(atoms, k))
            if scale:
                return number * scale, k + 1
    return None


def suffix(atoms: Sequence[Atom], i: int, money: bool) -> int | None:
    """The power that a short form behind digits stands for: "1.2m", "5bn", "$44 m"."""
    word = at(atoms, i)
    power: int | None = numerals()["suffixes"].get(word)
    if power is None or (not glued(atoms, i) and (len(word) == 1 and not money)) or is_glued_to_letters(atoms, i):
        return None
    if word == "mm" and not money:
        return None
    if (
        word == "m" and not money and not atoms[i].capital
    ):  # metres, unless things that can be counted follow: "3m people", "a 3m wall"
        after = [at(atoms, i + 1), at(atoms, i + 2)]
        if after[0] in word_list("extents") | word_list("stops") or not any(map(is_plural, after)):
            return None
    return power


def joins(atoms: Sequence[Atom], i: int, stop: int) -> bool:
    """Whether a group can follow a power: "two thousand *fifty*", but not bare digits ("two million *9* l cases")."""
    return stop > i + 1 or atoms[i].kind == "word"


def cardinal(atoms: Sequence[Atom], i: int, money: bool = False) -> Number | None:
    """The number that begins at atom `i`: digits, words or both, with its powers ("two and a half million")."""
    words = numerals()
    total, last, stop, scale = Fraction(0), 0, i, 1
    while True:
        spelt = last and atoms[i].kind == "word"  # "2 million and three aircraft" are two numbers
        joined = stop + 1 if spelt and at(atoms, stop) == "and" else stop
        found = below_thousand(atoms, joined, not last)
        if not found or (last and (found[0] >= last or not joins(atoms, joined, found[1]) or fraction(atoms, joined))):
            break
        value, k = found
        power = 1
        part = fraction(atoms, k + 1) if at(atoms, k) == "and" else None
        if part and (at(atoms, part[1]) in words["scales"] or not last):
            value, k = value + part[0], part[1]
        while (step := words["scales"].get(at(atoms, k)) or (k > i and words["vague_scales"].get(at(atoms, k)))) and (
            power * step <= BIGGEST
        ):
            power, k = power * step, k + 1
        if power == 1 and atoms[k - 1].kind == "number" and (step := suffix(atoms, k, money)):
            power, k = step, k + 1
        if last and power >= last:
            break
        total, stop, last, scale = total + value * power, k, power, max(scale, power)
        if power == 1:
            break
    if stop == i:
        return None
    if last > 1 and at(atoms, stop) == "and" and (part := fraction(atoms, stop + 1)) and part[0] < 1:
        total, stop = total + part[0] * last, part[1]  # "one million and a half"
        if more := words["scales"].get(at(atoms, stop)):
            total, stop = total - part[0] * last + part[0] * more, stop + 1
    if group := words["groups"].get(at(atoms, stop)):
        total, stop = total * group, stop + 1
    return Number(total, total, stop, scale)


def vague(atoms: Sequence[Atom], i: int) -> Number | None:
    """A plural without a number: "dozens", "tens of thousands", "several hundred"."""
    words = numerals()
    word = at(atoms, i)
    least = words["vague"].get(word)
    if word == "a" and at(atoms, i + 1) == "few":
        i, word = i + 1, "few"
    if word == "few" and at(atoms, i + 1) in {"dozen", "hundred", *words["scales"]}:
        least = 2
    if least is None:
        return None
    low, stop = Fraction(least), i + 1
    powers = {"hundred": 100, **words["groups"], **words["scales"], **words["vague_scales"]}
    if word in {"several", "few"}:
        while (power := powers.get(at(atoms, stop))) and low * power <= BIGGEST:
            low, stop = low * power, stop + 1
    elif at(atoms, stop) == "of" and (power := words["vague_scales"].get(at(atoms, stop + 1))):
        low, stop = low * power, stop + 2
    if word == "tens" and stop == i + 1 and at(atoms, stop) != "of":
        return None
    return Number(low, None, stop, kind="vague")


def grouped(atoms: Sequence[Atom], i: int) -> Number | None:
    """ "a pair of", "a couple more", "couple dozen": the text runs over the article, not over "of"."""
    words = numerals()
    k = i + 1 if at(atoms, i) == "a" else i
    size = words["sets"].get(at(atoms, k))
    if size is None:
        return None
    after = at(atoms, k + 1)
    power = {"hundred": 100, **words["groups"], **words["scales"]}.get(after)
    if power:
        return Number(Fraction(size * power), Fraction(size * power), k + 2, kind="set")
    return Number(Fraction(size), Fraction(size), k + 1, kind="set") if after in {"of", "more"} else None


def signed(atoms: Sequence[Atom], i: int) -> bool:
    """Whether atom `i` is a minus sign: behind a space, before a digit."""
    if at(atoms, i) not in {"-", "−"} or not glued(atoms, i + 1) or atoms[i + 1].kind != "number":
        return False
    return atoms[i].gap or at(atoms, i - 1) in {"(", "$", "£", "€", "<", ">"}


def read_number(atoms: Sequence[Atom], i: int, money: bool = False) -> Number | None:
    """The number of any form that begins at atom `i`."""
    start = i
    sign = 1
    if (at(atoms, i) in {"minus", "negative"} and i + 1 < len(atoms)) or signed(atoms, i):
        sign, i = -1, i + (2 if at(atoms, i + 1) in HYPHENS else 1)
    if part := fraction(atoms, i):
        whole = scaled(atoms, *part)
        value, stop = whole or part
        return Number(sign * value, sign * value, stop, kind="cardinal" if whole else "fraction")
    if at(atoms, i) == "quarter" and (whole := scaled(atoms, Fraction(1, 4), i + 1)):
        return Number(whole[0], whole[0], whole[1])
    if found := cardinal(atoms, i, money):
        return found._replace(low=sign * found.low, high=sign * found.low)
    return None if i > start else vague(atoms, i) or grouped(atoms, i)

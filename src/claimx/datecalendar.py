"""What calendar dates mean: days, months, years, quarters, seasons, named days.

Each function resolves what a rule of daterules.py matched; null where it is no date after all.
"""

import datetime as dt

from claimx import calendar as cal
from claimx.calendar import ONE, Period
from claimx.dategrammar import CODES, Found, among

SOON = 31  # days ahead that a day without its year may lie: one eleven months ago would have its year


def numeric(f: Found) -> Period | None:
    """2024-01-08, 01/08/2024 (the order by what is possible, else month first), 8.1.2024."""
    first, second, third = f.value("x")
    if third is None:
        return cal.month(first, second)
    if first > 31:
        return cal.day(dt.date(first, second, third))
    third = third if third > 99 else third + (1900 if third >= 70 else 2000)
    return cal.day(dt.date(third, second, first) if first > 12 else dt.date(third, first, second))


def ordinal(f: Found, group: str) -> int:
    """ "21st", "twenty-first" and 21 alike."""
    values = [v for v in f.tokens.values[slice(*f.match.span(group))] if isinstance(v, int)]
    return sum(values)


def full_date(f: Found) -> Period | None:
    month, number, year = f.value("m"), ordinal(f, "d"), f.value("y")
    if f.codes("m") == CODES["LOWER"] and year is None:
        return None
    if not 1 <= number <= 31 or (year is None and number > 29 and month == 2):
        return None
    if year is not None:
        return cal.day(dt.date(year, month, number))
    return f.clock.of_year(lambda y: cal.day(dt.date(y, month, number)), f"XXXX-{month:02}-{number:02}", SOON)


def short_year(f: Found) -> Period | None:
    """4 FEB 90, of the last century."""
    short = f.value("z")
    if not isinstance(short, int) or not 40 <= short <= 99:
        return None
    return cal.day(dt.date(1900 + short, f.value("m"), f.value("d")))


def day_range(f: Found) -> Period | None:
    """11-13 December, between 11 and 13 December 2016."""
    month, first, last, year = f.value("m"), ordinal(f, "d"), ordinal(f, "e"), f.value("y")
    if not 1 <= first < last <= 31:
        return None

    def make(y: int) -> Period:
        start, end = dt.date(y, month, first), dt.date(y, month, last)
        return Period(start, end, f"{start}/{end}", "D")

    if year is not None:
        return make(year)
    return f.clock.of_year(make, f"XXXX-{month:02}-{first:02}/XXXX-{month:02}-{last:02}")


def month_year(f: Found) -> Period | None:
    return cal.month(f.value("y"), f.value("m"))


def year_first(f: Found) -> Period | None:
    if not f.codes("d"):
        return None if f.codes("m") == CODES["LOWER"] else month_year(f)
    return full_date(f)


def month(f: Found) -> Period | None:
    number: int = f.value("m")
    if f.neighbour(-1) not in BEFORE_MONTH and f.neighbour(1) == CODES["OTHER"]:
        word = f.tokens.values[f.match.end()] or ""
        if word.istitle():
            return None  # April Jones
    return f.clock.of_year(lambda y: cal.month(y, number), f"XXXX-{number:02}")


BEFORE_MONTH = among("IN SINCE UNTIL FROM BETWEEN TO OF AND AT LAST NEXT THIS PART EDGE HYPHEN THE") - {""}
NEAR_YEAR = among("IN SINCE UNTIL PART EDGE FISCAL FROM BETWEEN") - {""}
NOT_BEFORE_YEAR = among("MORE LESS APPROX HYPHEN NUM DOT") - {""}
NOT_AFTER_YEAR = among("UNIT UNITS ZONE AMPM") - {""}


def year(f: Found) -> Period | None:
    """A four-digit number where a year may stand: not "2000 people", "over 2000"."""
    number: int = f.value("y")
    before, after = f.neighbour(-1), f.neighbour(1)
    if before in NOT_BEFORE_YEAR or after in NOT_AFTER_YEAR:
        return None
    if f.codes("fiscal") or (before in NEAR_YEAR and f.tokens.values[f.match.start() - 1] != FOR):
        return cal.year(number)
    counts = after == CODES["OTHER"] and before != CODES["THE"] and plural_follows(f)
    return cal.year(number) if 1900 <= number <= 2100 and not counts else None


def plural_follows(f: Found) -> bool:
    """Whether a counted noun follows: the value of an unknown word is the word."""
    word = f.tokens.values[f.match.end()] or ""
    return word.islower() and (word.endswith("s") or word in COUNTED)


FOR = 0  # the value of "for", after which a number may count something
COUNTED = frozenset(["people", "men", "women", "children", "police", "km", "kg", "personnel", "dead", "feet"])


def year_range(f: Found) -> Period | None:
    """2011-14, 2011-2014."""
    first, last = f.value("y"), f.value("z")
    last = last if last > 99 else first // 100 * 100 + last
    if not 0 < last - first < 1000:
        return None
    return Period(dt.date(first, 1, 1), dt.date(last, 12, 31), f"{first}/{last}", "Y")


def decade(f: Found) -> Period | None:
    return cal.decade(f.value("x"))


def century(f: Found) -> Period | None:
    return cal.century(ordinal(f, "n")) if f.value("u") == "CE" else None


def quarter(f: Found) -> Period | None:
    number = f.value("q") if f.codes("q") else ordinal(f, "n")
    named: int | None = f.value("y")
    make = cal.half if f.codes("half") else cal.quarter
    if named is not None:
        return make(named, number)
    if f.codes("half") and not f.clock.year:
        return None  # of a match, of an hour
    return f.clock._replace(tense="past").of_year(lambda y: make(y, number), f"XXXX-Q{number}")


def season(f: Found) -> Period | None:
    name, named = f.value("s"), f.value("y")
    if named is not None:
        return cal.season(named, name)
    if (f.neighbour(1) == CODES["OF"] and f.clock.year is None) or (name == "FA" and f.clock.year is None):
        return None  # "the fall of the city"
    return f.clock.of_year(lambda y: cal.season(y, name), f"XXXX-{name}")


def holiday(f: Found) -> Period | None:
    rule, named = f.value("h"), f.value("y")

    def make(y: int) -> Period:
        if "easter" in rule:
            return cal.day(cal.easter(y) + rule["easter"] * ONE)
        if "nth" in rule:
            return cal.day(cal.nth_weekday(y, *rule["nth"]) + rule.get("offset", 0) * ONE)
        return cal.day(dt.date(y, rule["month"], rule["day"]))

    named = named or rule.get("year")
    return make(named) if named else f.clock.of_year(make, "XXXX-XX-XX")


def nth_weekday(f: Found) -> Period | None:
    """The first Friday of July."""
    whole = f.part("p")
    if whole is None or whole.grain != "M" or whole.first is None:
        return whole and cal.unknown(whole.timex)
    nth = -1 if f.codes("n") == CODES["LAST"] else ordinal(f, "n")
    return cal.day(cal.nth_weekday(whole.first.year, whole.first.month, nth, f.value("w")))


def nth_week(f: Found) -> Period | None:
    """The first week of October: ISO weeks, which belong where their Thursday lies."""
    unit = f.tokens.values[f.match.end("n")]
    whole = f.part("p", f.clock._replace(tense=f.clock.tense or "whole"))
    if unit != "W" or whole is None or whole.grain not in ("M", "Y") or whole.first is None or whole.last is None:
        return None
    if f.codes("n") == CODES["LAST"]:
        return cal.week(whole.last - 3 * ONE)
    return cal.week(whole.first + (3 + 7 * (ordinal(f, "n") - 1)) * ONE)


def nth_day(f: Found) -> Period | None:
    """On the 17th: the last 17th, where no noun follows that it could be an attribute of."""
    number, base = ordinal(f, "d"), f.clock.near or f.clock.published
    if f.neighbour(1) not in among("COMMA DOT BREAK AND TO UNTIL OF IN AT"):
        return None
    if base is None:
        return cal.unknown(f"XXXX-XX-{number:02}")
    ends = (cal.shift(base.replace(day=1), -back, "M") + (number - 1) * ONE for back in range(4))
    return next((cal.day(end) for end in ends if end.day == number and end <= base), None)

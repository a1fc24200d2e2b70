"""The grammar of date expressions: patterns over token classes, each with a function that resolves what it matched.

A text becomes a string with one character per token (its class), so that a rule is a small regular expression over classes
and knows nothing of spelling. Upper-case words in a pattern are classes (data/dates.toml and `SIGNS`), `@name` is a macro.
Patterns repeat nothing without bound: matching is linear in the text.
"""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from claimx import calendar as cal
from claimx.calendar import ONE, Period

WORDS = (
    "MONTH MAYBE LOWER WEEKDAY WDAY WEEKDAYS SEASON UNIT UNITS QUARTER QNAME WEEKEND HALF NUMWORD BIG COUPLE FEW ORDWORD SECOND"
    " DECADE A ANOTHER ALL THE LAST LATEST PAST PREVIOUS NEXT FOLLOWING THIS CURRENT THAT RECENT AGO EARLIER LATER BEFORE AFTER AHEAD TODAY TONIGHT"
    " OVERNIGHT DAYPART DAYPARTS NOON AMPM ZONE PART EDGE REST EVERY ADVERB TIMES NOW REF MORE LESS APPROX OLD FISCAL FROM BETWEEN"
    " TO UNTIL SINCE OF AND IN ON AT OTHER"
).split()
SIGNS = "HOLIDAY ISO SLASH CLOCK ORD DAY YEAR NUM HYPHEN DASH COMMA DOT POSS BREAK".split()
CODES = {name: chr(0x100 + place) for place, name in enumerate(WORDS + SIGNS)}

MACROS = {
    "qual": "(?:MORE|LESS|APPROX|AT)",
    "cardinal": "(?:(?:NUMWORD(?:HYPHEN?NUMWORD)?|DAY|NUM|YEAR|A)BIG?|BIG)",
    "number": "(?:A?FEW|A?COUPLE|HALF A?|@cardinal(?:AND A HALF)?|ANOTHER|ALL)",
    "unit": "(?:UNIT|UNITS|SECOND|QUARTER)",
    "ordinal": "(?:ORDWORD|SECOND|ORD|NUMWORD HYPHEN?(?:ORDWORD|SECOND))",
    "month": "(?:MONTH|MAYBE)",
    "weekday": "(?:WEEKDAY|WDAY DOT?)",
    "day": "(?:DAY|ORD|ORDWORD|SECOND|NUMWORD HYPHEN?(?:ORDWORD|SECOND))",
    "rel": "(?:THIS(?:NEXT|PAST|LAST)|LAST|LATEST|PAST|NEXT|THIS|CURRENT|PREVIOUS)",
    "clock": "(?:CLOCK AMPM?ZONE?|(?:DAY|YEAR|NUM)ZONE|DAY AMPM ZONE?|NUMWORD AMPM|NUMWORD ZONE|NOON)",
    "hyphen": "(?:HYPHEN|DASH)",
    "dated": "(?:PART HYPHEN?)?@point(?:(?:OF|IN)?@rel UNIT)?",
}


class Tokens(NamedTuple):
    """`codes` has a class character per token; the lists are parallel to it. A run of words that no rule knows is one token."""

    codes: str
    values: list[Any]
    starts: list[int]
    ends: list[int]


class Clock(NamedTuple):
    """What undated expressions are resolved against: the publication date, whether the words around make it past or future
    (else ""), the last day and the last quarter told, the day that a text of history begins with, the end of the range (`near`)
    or the year that it stands in, whether it stands in a quotation (whose today is the day told before it)."""

    published: dt.date | None
    tense: str = ""
    anchor: dt.date | None = None
    quarter: Period | None = None
    history: dt.date | None = None
    near: dt.date | None = None
    year: int | None = None
    quoted: bool = False

    def of_year(self, make: Callable[[int], Period], open_value: str, ahead: int = 1) -> Period:
        """What has no year of its own: of the named year, else the last one that has begun or begins within so many days, else
        the next one."""
        if self.year is not None:
            return make(self.year)
        base = self.near or self.published
        if base is None:
            return cal.unknown(open_value)
        if self.history and self.history != dt.date.max and not self.near:
            period = make(self.history.year)
            if period.first and period.first.month == self.history.month:
                return period
        to_come = self.tense == "future" and self.near is None
        limit = base if self.near or self.tense == "past" else base + ahead * ONE
        for step in (0, 1, 2, 3, 4) if to_come else (1, 0, -1, -2, -3, -4, -8):
            try:
                period = make(base.year + step)
            except ValueError:  # 29 February
                continue
            if period.first and period.last and (period.last >= base if to_come else period.first <= limit):
                return period
        return cal.unknown(open_value)

    def weekday(self, number: int) -> Period:
        """The last such day; where that is six days back the one to come (an event across the date line)."""
        base = self.near or self.published
        if base is None:
            return cal.unknown(f"XXXX-WXX-{number + 1}")
        back = (base.weekday() - number) % 7
        if self.near is None and ((self.tense == "future" and back) or (back == 6 and self.tense != "past")):
            back -= 7
        return cal.day(base - back * ONE)


class Found(NamedTuple):
    """A match with the tokens around it."""

    tokens: Tokens
    match: re.Match[str]
    clock: Clock

    def codes(self, group: str) -> str:
        """The classes of a group's tokens, "" where the group did not match or the rule has none of that name."""
        return (self.match[group] or "") if group in self.match.re.groupindex else ""

    def value(self, group: str) -> Any:
        """The value of a group's last token, or None where the group is absent."""
        return self.tokens.values[self.match.end(group) - 1] if self.codes(group) else None

    def part(self, group: str, clock: Clock | None = None) -> Period | None:
        """The expression that a group holds, resolved by itself."""
        return resolve(self.tokens, *self.match.span(group), clock or self.clock)

    def number(self, group: str) -> float | str | None:
        """A quantity: a number, "X" for "several", None where absent."""
        if not self.codes(group):
            return None
        total = 0.0
        for code, value in zip(self.match[group], self.tokens.values[slice(*self.match.span(group))], strict=True):
            if code == CODES["FEW"]:
                return "X"
            if code == CODES["BIG"]:  # a hundred, two hundred
                total = (total or 1) * value
            elif code not in A_AND and isinstance(value, int | float):  # "two and a half", "half an hour"
                total += value
        total = total or 1  # "an hour"
        return int(total) if total == int(total) else total

    def neighbour(self, offset: int) -> str:
        """The class character before (-1) or after (+1) the match, "" at the edge."""
        place = self.match.start() - 1 if offset < 0 else self.match.end()
        return self.tokens.codes[place] if 0 <= place < len(self.tokens.codes) else ""


A_AND = {CODES["A"], CODES["AND"]}
NOTHING = cal.unknown("")  # a match that keeps others away and is no date
Builder = Callable[[Found], Period | None]


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    build: Builder


def among(names: str) -> set[str]:
    return {CODES[name] for name in names.split()} | {""}


# --- calendar dates

SOON = 45  # a day of the month without its year lies at most so many days ahead; a longer past day would have its year


def numeric(f: Found) -> Period | None:
    """2024-01-08 and 01/08/2024: the order by what is possible, else month first."""
    first, second, third = f.value("x")
    if third is None:
        return cal.month(first, second)
    if first > 31:
        return cal.day(dt.date(first, second, third))
    third = third if third > 99 else third + (1900 if third >= 70 else 2000)
    return cal.day(dt.date(third, second, first) if first > 12 else dt.date(third, first, second))


def ordinal(f: Found, group: str) -> int:
    """"21st", "twenty-first" and 21 alike."""
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


def day_range(f: Found) -> Period | None:
    """11-13 December, between 11 and 13 December 2016."""
    month, first, last, year = f.value("m"), ordinal(f, "d"), ordinal(f, "e"), f.value("y")
    if not 1 <= first < last <= 31:
        return None

    def make(y: int) -> Period:
        start, end = dt.date(y, month, first), dt.date(y, month, last)
        return Period(start, end, f"{start}/{end}", "D")

    return make(year) if year is not None else f.clock.of_year(make, f"XXXX-{month:02}-{first:02}/XXXX-{month:02}-{last:02}")


def month_year(f: Found) -> Period | None:
    return cal.month(f.value("y"), f.value("m"))


def year_first(f: Found) -> Period | None:
    if not f.codes("d"):
        return None if f.codes("m") == CODES["LOWER"] else month_year(f)
    return full_date(f)


def month(f: Found) -> Period | None:
    number: int = f.value("m")
    return f.clock.of_year(lambda y: cal.month(y, number), f"XXXX-{number:02}")


NEAR_YEAR = among("IN SINCE UNTIL PART EDGE FISCAL THE FROM BETWEEN")
NUMBER_LIKE = among("OTHER UNIT UNITS SECOND QUARTER NUMWORD HYPHEN MORE") - {""}


def year(f: Found) -> Period | None:
    """A four-digit number where a year may stand: not "2000 people", "over 2000"."""
    number: int = f.value("y")
    before, after = f.neighbour(-1), f.neighbour(1)
    named = f.codes("fiscal") or before in NEAR_YEAR - {""}
    if before in among("MORE LESS APPROX HYPHEN NUM DOT") - {""} or after in among("UNIT UNITS ZONE AMPM") - {""}:
        return None
    if not named and (not 1900 <= number <= 2100 or (after == CODES["OTHER"] and plural_follows(f))):
        return None
    return cal.year(number)


def plural_follows(f: Found) -> bool:
    """Whether a counted noun follows: the value of an unknown word is the word."""
    word = f.tokens.values[f.match.end()] or ""
    return word.islower() and (word.endswith("s") or word in COUNTED)


COUNTED = frozenset("people men women children police km kg personnel dead feet".split())


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
    if f.codes("half"):
        make: Callable[[int], Period] = lambda y: cal.half(y, number)  # noqa: E731
        if named is None and not f.clock.year:
            return None
    else:
        make = lambda y: cal.quarter(y, number)  # noqa: E731
    return make(named) if named is not None else f.clock._replace(tense="past").of_year(make, f"XXXX-Q{number}")


def season(f: Found) -> Period | None:
    name, named = f.value("s"), f.value("y")
    if named is not None:
        return cal.season(named, name)
    if f.neighbour(1) == CODES["OF"] or (name == "FA" and f.clock.year is None):
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
    for back in range(12):
        start = cal.shift(base.replace(day=1), -back, "M")
        if number <= cal.month(start.year, start.month).last.day and start.replace(day=number) <= base:  # type: ignore[union-attr]
            return cal.day(start.replace(day=number))
    return None


# --- relative to publication


def today(f: Found) -> Period | None:
    time = f.value("p") or ""
    offset: int = f.value("x")
    base = f.clock.anchor if f.clock.quoted and f.clock.anchor else f.clock.published
    if base is None:
        return cal.unknown("XXXX-XX-XX" + (f"T{time}" if time else ""))
    return cal.day(base + offset * ONE, time)


def tonight(f: Found) -> Period | None:
    """Tonight; "overnight" is the night before publication, or of the day named."""
    if f.clock.published is None:
        return cal.unknown("XXXX-XX-XXTNI")
    if f.codes("o"):
        return Period(f.clock.published - ONE, f.clock.published, f"{f.clock.published}TNI", "N")
    return cal.day(f.clock.published, "NI")


def weekday(f: Found) -> Period | None:
    found = f.clock.weekday(f.value("w"))
    time = f.value("p")
    return found._replace(timex=f"{found.timex}T{time}") if time else found


def clipped(f: Found, period: Period, past: bool = True) -> Period:
    """This week as a report tells it: up to publication; with `past` false from then on."""
    now = f.clock.published
    if now is None or period.first is None or period.last is None or not period.first <= now <= period.last:
        return period
    if f.clock.tense == "whole":
        return period
    if past and f.clock.tense != "future":
        return period._replace(last=now)
    return period if past else period._replace(first=now)


def relative(f: Found) -> Period | None:
    """Last, this, next week, month, November, Monday, summer, night."""
    now, step, code, value = f.clock.published, f.value("r"), f.codes("x")[-1], f.value("x")
    if code == CODES["SECOND"]:
        return None
    if now is None:
        return cal.unknown({-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}[step])
    if code in (CODES["UNIT"], CODES["QUARTER"]):
        return relative_unit(f, now, step, value)
    if code == CODES["WEEKEND"]:
        if step == 0:  # the nearest past one
            base = now if now.weekday() > 4 or f.clock.tense == "future" else now - 7 * ONE
            return cal.weekend(base)
        return cal.weekend(now + 7 * step * ONE)
    if code in (CODES["WEEKDAY"], CODES["WDAY"]):
        monday = now - now.weekday() * ONE
        if step < 0:
            return cal.day(now - ((now.weekday() - value - 1) % 7 + 1) * ONE)
        return cal.day(monday + (value + 7 * step) * ONE)
    if code == CODES["DAYPART"]:
        return cal.day(now + step * ONE, value)
    if code == CODES["SEASON"]:
        return relative_year(f, step, lambda y: cal.season(y, value))
    if code == CODES["HOLIDAY"]:
        inner = f.part("x", f.clock._replace(year=now.year)) or cal.unknown("")
        return relative_year(f, step, lambda y: (f.part("x", f.clock._replace(year=y)) or inner))
    return relative_year(f, step, lambda y: cal.month(y, value))


def relative_unit(f: Found, now: dt.date, step: int, unit: str) -> Period | None:
    rolling = f.codes("r")[-1] == CODES["PAST"] or f.match.start() > 1 and ROLLING.match(f.tokens.codes, f.match.start() - 2)
    if unit == "D" and step > 0:  # the next day
        return cal.day(f.clock.anchor + ONE) if f.clock.anchor else cal.unknown("XXXX-XX-XX")
    if unit.startswith("T") or unit == "W2" or (rolling and step < 0):
        return stretch(f, now, step, 1, unit)
    period = cal.around(cal.shift(now, step, unit), unit)
    return clipped(f, period) if step == 0 else period


def relative_year(f: Found, step: int, make: Callable[[int], Period]) -> Period | None:
    """Of this year (0), or the nearest one that is over before (-1) or begins after (1) publication."""
    now = f.clock.published
    if now is None:
        return None
    if step == 0:
        return clipped(f, make(now.year))
    for number in (now.year + 1, now.year, now.year - 1) if step < 0 else (now.year, now.year + 1):
        period = make(number)
        if period.first and period.last and (period.last < now if step < 0 else period.first > now):
            return period
    return None


def stretch(f: Found, now: dt.date, step: int, number: float | str | None, unit: str) -> Period | None:
    """The past N days, from publication minus N days to publication; the next N days."""
    value = duration_value(number, unit)
    if not isinstance(number, int | float):
        return cal.unknown("PAST_REF" if step < 0 else value)
    if unit.startswith("T"):
        hours = number * {"TH": 1, "TM": 1 / 60, "TS": 1 / 3600}[unit]
        number, unit = -(-hours // 24), "D"
    unit, number = ("W", number * 2) if unit == "W2" else (unit, number)
    other = cal.shift(now, step * number, unit)
    return Period(min(now, other), max(now, other), value, "R")


def rolling(f: Found) -> Period | None:
    if f.codes("u") == CODES["SECOND"]:
        return None
    number, unit, step = f.number("n"), f.value("u"), f.value("r")
    if f.clock.published is None or step == 0:
        return cal.unknown(duration_value(number, unit))
    return stretch(f, f.clock.published, step, number, unit)


def recent(f: Found) -> Period | None:
    return cal.unknown("PAST_REF" if f.codes("r") else "FUTURE_REF")


TEXT_END = among("COMMA DOT BREAK AND HYPHEN DASH POSS")


def ago(f: Found) -> Period | None:
    """Two days ago, a week later: the unit that the count leads to; "more than two years ago" is open at the far end."""
    number, unit, step = f.number("n"), f.value("u"), f.value("x")
    if f.codes("u") == CODES["SECOND"]:
        return None
    if f.codes("x") in among("BEFORE AFTER") and f.neighbour(1) not in TEXT_END:
        return None  # two days after the raid
    if f.codes("x") in among("EARLIER LATER BEFORE AFTER"):
        base = f.clock.anchor or (f.clock.published if step < 0 else None)
    else:
        base = f.clock.published
    if base is None or not isinstance(number, int | float):
        return cal.unknown("PAST_REF" if step < 0 else "FUTURE_REF")
    if unit == "W2":
        unit, number = "W", 2 * number
    if unit == "Y" and number == 1 and f.clock.quarter and f.clock.quarter.first:  # of a quarter's figures
        return cal.around(cal.shift(f.clock.quarter.first, step, "Y"), "Q")
    target = cal.shift(base, step * number, unit)
    fine = "M" if number != int(number) and unit == "Y" else unit
    if f.codes("q") in among("MORE LESS") - {""}:
        return bounded(f, base, cal.day(target))._replace(timex=cal.around(target, fine).timex)
    return cal.around(target, fine)


def counted_from(f: Found) -> Period | None:
    """Three days after Christmas, two weeks from tomorrow."""
    base, number, unit = f.part("p"), f.number("n"), f.value("u")
    if base is None or base.grain != "D" or base.first is None or not isinstance(number, int | float):
        return None
    unit, number = ("W", 2 * number) if unit == "W2" else (unit, number)
    return bounded(f, base.first, cal.day(cal.shift(base.first, number * (f.value("x") or 1), unit)))


def bounded(f: Found, base: dt.date, found: Period) -> Period:
    """"More than" leaves the far end open, "less than" reaches from the near one."""
    first, last = found.first, found.last
    if f.codes("q") == CODES["MORE"] and first and last:
        return found._replace(first=None) if last <= base else found._replace(last=None)
    if f.codes("q") == CODES["LESS"] and first and last:
        return found._replace(first=min(base, first), last=max(base, last))
    return found


def anchored(f: Found) -> Period | None:
    """The following day, that week, the same month: of the last day told."""
    anchor, unit = f.clock.anchor, f.value("u")
    step = f.value("r")
    if f.codes("u") == CODES["SECOND"]:
        return None
    if unit == "Q":
        return f.clock.quarter
    if anchor is None or unit.startswith("T") or unit in ("W2", "WE"):
        if f.codes("r") == CODES["THAT"]:
            return None
        return cal.unknown("XXXX-XX-XX" if unit == "D" else f"XXXX-{unit}")
    return cal.around(cal.shift(anchor, step, unit), unit)


def within(f: Found) -> Period | None:
    """Earlier this month, later today, earlier in the week: the unit of publication, cut there."""
    now = f.clock.published
    past = f.codes("e") == CODES["EARLIER"]
    if now is None:
        return cal.unknown("PAST_REF" if past else "FUTURE_REF")
    unit = f.value("u")
    if f.codes("u") == CODES["SECOND"] or unit.startswith("T") or unit == "W2":
        return None
    if unit == "D":
        return cal.day(now)
    whole = cal.around(now, unit)
    if f.codes("e") in among("PART EDGE"):
        return cal.cut(whole, f.value("e"))
    return whole._replace(last=now) if past else whole._replace(first=now)


# --- parts and wholes


def part(f: Found) -> Period | None:
    """Early, mid, late; the beginning, the end of."""
    whole = f.part("p", f.clock._replace(tense=f.clock.tense or "whole"))
    return whole and cal.cut(whole, f.value("e"))


def part_of_day(f: Found) -> Period | None:
    """The morning of 1 March, the early hours of Friday, Friday at night."""
    whole = f.part("p")
    if whole is None or whole.grain not in ("D", ""):
        return None
    name = f.value("t") if f.codes("t") and f.codes("t") != CODES["UNITS"] else "MO"  # the early hours
    if f.codes("t") == CODES["UNITS"] and f.value("t") != "TH":
        return None
    if "T" in whole.timex.removeprefix("PAST").removeprefix("PRESENT"):
        return whole
    return whole._replace(timex=f"{whole.timex}T{name}")


def in_year(f: Found) -> Period | None:
    """October 17 last year, the summer of next year, Monday last week."""
    now, step, unit = f.clock.published, f.value("r"), f.value("u")
    if now is None:
        return cal.unknown("XXXX")
    if unit == "W":
        code, number = f.codes("p")[0], f.tokens.values[f.match.start("p")]
        if code not in (CODES["WEEKDAY"], CODES["WDAY"]):
            return None
        return cal.day(now - now.weekday() * ONE + (7 * step + number) * ONE)
    if unit == "M":
        number = ordinal(f, "p")
        start = cal.shift(now.replace(day=1), step, "M")
        return cal.day(start.replace(day=number)) if ORDINAL.fullmatch(f.codes("p")) else None
    if unit != "Y":
        return None
    return f.part("p", f.clock._replace(year=now.year + step))


def timed(f: Found) -> Period | None:
    """A time of day, with or without its day."""
    time = clock_time(f)
    if time is None:
        return None
    if not f.codes("p"):
        return cal.unknown(f"T{time}")
    whole = f.part("p")
    if whole is None or whole.grain not in ("D", ""):
        return None
    return whole._replace(timex=f"{whole.timex.split('T')[0]}T{time}")


def clock_time(f: Found) -> str | None:
    hour, minute, half = -1, 0, ""
    for code, value in zip(f.codes("c"), f.tokens.values[slice(*f.match.span("c"))], strict=True):
        if code == CODES["NOON"]:
            return str(value)
        if code == CODES["CLOCK"]:
            hour, minute = value
        elif code == CODES["AMPM"]:
            half = value
        elif code in (CODES["YEAR"], CODES["NUM"]):
            hour, minute = divmod(int(value), 100)
        elif code in (CODES["DAY"], CODES["NUMWORD"]):
            hour = int(value)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if 0 <= hour <= 24 and minute < 60 else None


# --- ranges


def between(f: Found) -> Period | None:
    """From X to Y: the end is resolved first, and lends what the beginning leaves unsaid."""
    last = f.part("b")
    if last is None:
        return None
    now, near = f.clock.published, last.last
    if last.timex == NOW and now:
        last, near = Period(now, now, NOW), now
    first = f.part("a", f.clock._replace(near=near))
    if first and first.timex == NOW and now:
        first = Period(now, now, NOW)
    if first is None or first.grain in ("R", "N") or last.grain in ("R", "N"):
        return None
    value = f"{first.timex}/{last.timex}"
    if first.first is None or last.last is None:
        return cal.unknown(value)
    return Period(first.first, last.last, value, "D") if first.first <= last.last else None


NOW = "PRESENT_REF"


def since(f: Found) -> Period | None:
    start = f.part("p", f.clock._replace(tense="past"))
    if start is None or start.timex.startswith("P"):
        return None
    if start.first is None:
        return start
    now = f.clock.published
    return start._replace(last=now if now is None or now >= start.first else start.last, grain="R")


def until(f: Found) -> Period | None:
    end = f.part("p")
    if end is None or end.timex.startswith("P"):
        return None
    return end._replace(first=None, grain="R")


# --- durations and sets


def duration_value(number: float | str | None, unit: str) -> str:
    """TIMEX3: P3D, PT2H, PXM."""
    if unit == "W2":
        unit, number = "W", number * 2 if isinstance(number, int | float) else number
    amount = "X" if number is None else f"{number:g}" if isinstance(number, float) else str(number)
    return f"PT{amount}{unit[1]}" if unit.startswith("T") else f"P{amount}{unit}"


def duration(f: Found) -> Period | None:
    number = f.number("n")
    if f.codes("o"):
        return NOTHING  # an age
    if number is not None and f.codes("h") and isinstance(number, int | float):
        number += 0.5
    code = f.codes("u")
    if code == CODES["SECOND"] and number == 1:
        return None
    if number is None and f.neighbour(-1) not in among("IN MORE FROM OF AND TO") - {""}:
        return None
    return cal.unknown(duration_value(number, "TS" if code == CODES["SECOND"] else f.value("u")))


def repeated(f: Found) -> Period | None:
    """Every day, each Monday, Mondays, three times a week."""
    code, value = f.codes("x")[-1], f.value("x")
    if code in (CODES["WEEKDAY"], CODES["WDAY"], CODES["WEEKDAYS"]):
        time = f.value("t")
        return cal.unknown(f"XXXX-WXX-{value + 1}" + (f"T{time}" if time else ""))
    if code in (CODES["MONTH"], CODES["MAYBE"]):
        return cal.unknown(f"XXXX-{value:02}")
    if code in (CODES["DAYPART"], CODES["DAYPARTS"]):
        return cal.unknown(f"XXXX-XX-XXT{value}")
    if code == CODES["SEASON"]:
        return cal.unknown(f"XXXX-{value}")
    if code == CODES["WEEKEND"]:
        return cal.unknown("XXXX-WXX-WE")
    number = f.number("n")
    return cal.unknown(duration_value(1 if number is None else number, "TS" if code == CODES["SECOND"] else value))


def named(f: Found) -> Period | None:
    return cal.unknown(f.value("x"))


def reference(f: Found) -> Period | None:
    if f.codes("p") and f.neighbour(1) not in TEXT_END | among("OTHER"):
        return None
    return cal.unknown("PAST_REF" if f.codes("p") else "PRESENT_REF")


def week_of(f: Found) -> Period | None:
    whole = f.part("p")
    if whole is None or whole.grain != "D" or whole.first is None or f.value("u") not in ("W", "M"):
        return None
    return cal.around(whole.first, f.value("u"))


ATOMS: list[tuple[str, Builder]] = [
    ("(?P<x>ISO|SLASH)", numeric),
    ("(?:@weekday COMMA?THE?)?(?P<m>@month|LOWER)DOT?HYPHEN?THE?(?P<d>@day)(?:COMMA?(?P<y>YEAR))?", full_date),
    ("(?:@weekday COMMA?)?THE?(?P<d>@day)DOT?(?:OF|HYPHEN)?(?P<m>@month|LOWER)(?:DOT?(?:COMMA|HYPHEN|OF)?(?P<y>YEAR))?", full_date),
    ("(?P<m>@month)DOT?(?:COMMA|OF|IN|HYPHEN)?(?P<y>YEAR)", month_year),
    ("(?P<y>YEAR)HYPHEN?(?P<m>@month|LOWER)(?:HYPHEN?(?P<d>@day))?", year_first),
    ("(?P<m>MONTH|(?<=[IN SINCE UNTIL FROM BETWEEN TO OF AND AT LAST NEXT THIS PART EDGE HYPHEN DASH ON])MAYBE)", month),
    ("(?P<fiscal>FISCAL)?(?P<y>YEAR)", year),
    ("(?P<x>DECADE)", decade),
    ("(?P<n>@ordinal)HYPHEN?(?P<u>UNIT)", century),
    ("(?:FISCAL)?(?:(?P<n>@ordinal)HYPHEN?(?:QUARTER|(?P<half>HALF))|(?P<q>QNAME))(?:(?:OF|IN)?(?P<y>YEAR))?", quarter),
    ("(?P<s>SEASON)(?:(?:OF|IN)?(?P<y>YEAR))", season),
    ("(?<=[IN PART EDGE OF SINCE UNTIL LAST NEXT THIS THE])(?P<s>SEASON)", season),
    ("(?P<h>HOLIDAY)(?:(?:COMMA|OF|IN)?(?P<y>YEAR))?", holiday),
    ("THE?(?P<n>@ordinal|LAST)UNIT(?:OF|IN)?(?P<p>@rel UNIT|YEAR|@month(?:OF?YEAR)?)", nth_week),
    ("THE?(?P<n>@ordinal|LAST)(?P<w>WEEKDAY)(?:OF|IN)(?P<p>@rel UNIT|@month(?:OF?YEAR)?)", nth_weekday),
    ("(?:(?<=ON)|@weekday)THE(?P<d>ORD)", nth_day),
    ("(?P<x>TODAY)(?P<p>DAYPART)?", today),
    ("(?:TONIGHT|(?P<o>OVERNIGHT))", tonight),
    ("(?P<w>WEEKDAY|(?<=[ON LAST NEXT THIS FROM TO SINCE UNTIL PART])WDAY)HYPHEN?(?P<p>DAYPART)?", weekday),
    ("(?P<r>@rel)(?P<x>UNIT|QUARTER|WEEKEND|MONTH|MAYBE|LOWER|WEEKDAY|WDAY|SEASON|HOLIDAY|DAYPART)", relative),
    ("(?P<r>THE)(?P<x>WEEKEND)", relative),
    ("(?P<q>@qual)?(?P<n>@number)HYPHEN?(?P<u>@unit)(?P<x>AGO|EARLIER|LATER|BEFORE|AFTER|AHEAD)", ago),
    ("(?P<u>UNIT)HYPHEN(?P<x>AGO|EARLIER)", ago),
    ("(?P<r>FOLLOWING|THAT|NEXT)(?P<u>UNIT|WEEKEND)", anchored),
    ("(?P<r>THE|THAT)(?P<u>QUARTER)", anchored),
    ("(?P<e>EARLIER|LATER)(?:IN|ON|THIS)?(?:THE|THIS)?(?P<u>UNIT)", within),
    ("(?P<e>PART|EDGE|REST)(?:IN|OF)(?:THE|THIS)(?P<u>UNIT)", within),
    ("(?P<e>EARLIER|LATER)(?P<x>TODAY)", today),
    ("(?P<x>NOW)", named),
]
"""Expressions of one piece; those below are made of them (`@point`)."""

COMPOSED: list[tuple[str, Builder]] = [
    ("(?P<e>PART|EDGE)(?:HYPHEN|IN|ON|OF)?THE?(?P<p>@point)", part),
    ("(?P<p>@point)(?:IN|OF|COMMA)?(?P<r>@rel)(?P<u>UNIT)", in_year),
    ("(?P<u>UNIT)OF THE?(?P<p>@point)", week_of),
    ("(?P<q>@qual)?(?P<n>@number)(?P<u>UNIT|UNITS)(?P<x>BEFORE|AFTER|FROM)(?P<p>@point)", counted_from),
    ("(?P<p>THE?(?:ORD|ORDWORD))OF(?P<r>@rel)(?P<u>UNIT)", in_year),
    ("(?P<r>@rel)(?P<u>UNIT)(?:POSS|ON)?(?P<p>@point)", in_year),
    ("PART?(?P<t>DAYPART|UNITS)(?:OF|ON)THE?(?P<p>@point)", part_of_day),
    ("(?P<p>@point)(?:AT|IN THE)?PART?(?:AT|IN THE)?(?P<t>DAYPART)", part_of_day),
    ("(?P<o>OVERNIGHT)ON?(?P<p>@point)", part_of_day),
    ("(?:AT|APPROX)?(?P<c>@clock)(?:COMMA?(?:ON|IN THE|THIS)?(?P<p>@point))?", timed),
    ("(?P<p>@point)COMMA?AT?APPROX?(?P<c>@clock)", timed),
]
RANGES: list[tuple[str, Builder]] = [
    ("(?:FROM|BETWEEN)?THE?(?P<d>@day)(?:@hyphen|TO|AND|UNTIL)THE?(?P<e>@day)OF?(?P<m>@month)(?:DOT?COMMA?(?P<y>YEAR))?", day_range),
    ("(?:FROM|BETWEEN)?(?P<m>@month)DOT?(?P<d>@day)(?:@hyphen|TO|UNTIL)(?P<e>@day)(?:COMMA?(?P<y>YEAR))?", day_range),
    ("BETWEEN(?P<m>@month)DOT?(?P<d>@day)AND(?P<e>@day)(?:COMMA?(?P<y>YEAR))?", day_range),
    ("(?:FROM|BETWEEN)?(?P<y>YEAR)@hyphen(?P<z>YEAR|DAY|NUM)", year_range),
    ("FROM THE?(?P<a>@dated)(?:@hyphen|TO|UNTIL)THE?(?P<b>@dated)", between),
    ("BETWEEN THE?(?P<a>@dated)(?:AND|@hyphen|TO)THE?(?P<b>@dated)", between),
    ("(?P<a>@dated)(?:@hyphen|TO|UNTIL)THE?(?P<b>@dated)", between),
    ("SINCE(?:AT)?THE?(?P<p>@dated)", since),
    ("UNTIL THE?(?P<p>@dated)", until),
]
SPANS: list[tuple[str, Builder]] = [
    ("(?P<r>LAST|PAST|NEXT|THIS(?:PAST|LAST|NEXT)|PREVIOUS)@qual?(?P<n>@number)HYPHEN?(?P<u>@unit)", rolling),
    ("(?:(?P<r>RECENT)|NEXT)UNITS(?:AND UNITS)?", recent),
    ("@qual?(?P<n>@number)HYPHEN?(?P<u>@unit)(?P<h>AND A?HALF)?(?P<o>HYPHEN?OLD)?", duration),
    ("(?P<u>UNITS)", duration),
    ("EVERY(?P<n>@number)?(?P<x>@unit|WEEKDAY|WDAY|MONTH|MAYBE|DAYPART|WEEKEND|SEASON)(?P<t>DAYPART)?", repeated),
    ("(?P<x>WEEKDAYS)", repeated),
    ("(?P<x>WEEKDAY)(?P<t>DAYPARTS)", repeated),
    ("@number?TIMES(?P<n>A)(?P<x>UNIT)", repeated),
    ("(?P<x>ADVERB|REF|RECENT)", named),
    ("CURRENT|(?P<p>(?<=IN)THE PAST)", reference),
]


def expand(pattern: str) -> str:
    """A rule's pattern as a regular expression over class characters."""
    while "@" in pattern:
        pattern = re.sub(r"@([a-z]+)", lambda m: MACROS.get(m[1]) or point(), pattern)
    pattern = re.sub(r"\[([A-Z ]+)\]", lambda m: "[" + "".join(CODES[name] for name in m[1].split()) + "]", pattern)
    pattern = re.sub(r"[A-Z]+", lambda m: m[0] if m[0] == "P" else CODES[m[0]], pattern)
    return pattern.replace(" ", "")


@cache
def point() -> str:
    """All atoms as one macro, without their groups."""
    return "(?:" + "|".join(re.sub(r"\(\?P<[a-z]+>", "(?:", pattern) for pattern, _ in ATOMS) + ")"


def firsts(pattern: str) -> set[str]:
    """The class characters that a match of an expanded pattern can begin with."""

    def alternatives(place: int) -> tuple[set[str], bool, int]:
        """The first characters up to the end of a group, whether it can be empty, and where it ends."""
        found, empty, open_ = set[str](), False, True
        while place < len(pattern) and pattern[place] != ")":
            char, skippable = pattern[place], False
            if char == "|":
                empty, open_, place = empty or open_, True, place + 1
                continue
            if char == "(":
                head = HEAD.match(pattern, place)
                inner, skippable, place = alternatives(head.end() if head else place + 1)
                if head and "<=" in head[0]:
                    inner, skippable = set(), True
                place += 1
            elif char == "[":
                end = pattern.index("]", place)
                inner, place = set(pattern[place + 1 : end]), end + 1
            else:
                inner, place = {char}, place + 1
            if pattern.startswith("?", place):
                skippable, place = True, place + 1
            if open_:
                found |= inner
                open_ = skippable
        return found, empty or open_, place

    return alternatives(0)[0]


HEAD = re.compile(r"\((?:\?(?:P<\w+>|:|<=))?")


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(Rule(re.compile(expand(pattern)), build) for pattern, build in [*RANGES, *COMPOSED, *ATOMS, *SPANS])


@cache
def rules_by_first() -> dict[str, tuple[Rule, ...]]:
    """The rules that can match where a class stands, by its character."""
    begin = [(rule, firsts(rule.pattern.pattern)) for rule in rules()]
    return {code: tuple(rule for rule, first in begin if code in first) for code in CODES.values()}


ROLLING = re.compile(expand("(?:IN|MORE)THE"))
ORDINAL = re.compile(expand("THE?(?:ORD|ORDWORD)"))


def resolve(tokens: Tokens, start: int, end: int, clock: Clock) -> Period | None:
    """The meaning of exactly these tokens."""
    for rule in rules_by_first()[tokens.codes[start]]:
        match = rule.pattern.fullmatch(tokens.codes, start, end)
        if match and (period := build(rule, tokens, match, clock)):
            return period
    return None


def longest(tokens: Tokens, start: int, clock: Clock) -> tuple[int, Period] | None:
    """The end and the meaning of the longest expression that begins at a token."""
    matches = [(m.end(), rule, m) for rule in rules_by_first()[tokens.codes[start]] if (m := rule.pattern.match(tokens.codes, start))]
    for end, rule, match in sorted(matches, key=lambda item: -item[0]):
        if period := build(rule, tokens, match, clock):
            return end, period
    return None


def build(rule: Rule, tokens: Tokens, match: re.Match[str], clock: Clock) -> Period | None:
    try:
        return rule.build(Found(tokens, match, clock))
    except (ValueError, OverflowError):  # 31 June, the year 12000
        return None

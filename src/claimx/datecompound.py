"""What compound expressions mean: parts of dates, times of day, ranges, durations and repetitions.

Each function resolves what a rule of daterules.py matched; null where it is no date after all.
"""

import re

from claimx import calendar as cal
from claimx.calendar import ONE, Period
from claimx.datecalendar import ordinal
from claimx.dategrammar import CODES, NOTHING, TEXT_END, Found, among, expand

NOW = "PRESENT_REF"
ORDINAL = re.compile(expand("THE?(?:ORD|ORDWORD)"))


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
    return cal.unknown(cal.length(number, "TS" if code == CODES["SECOND"] else f.value("u")))


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
    return cal.unknown(cal.length(1 if number is None else number, "TS" if code == CODES["SECOND"] else value))


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

"""What relative expressions mean: counted from publication, from a day told before, or cut out of another date.

Each function resolves what a rule of daterules.py matched; null where it is no date after all. The readings are those
of the project's annotation guidelines: last week is the ISO week before, this week ends with publication.
"""

import datetime as dt
import re
from collections.abc import Callable

from claimx import calendar as cal
from claimx.calendar import ONE, Period
from claimx.dategrammar import CODES, TEXT_END, Found, among, expand

ROLLING = re.compile(expand("(?:IN|MORE)THE"))


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
        return relative_year(f, step, lambda y: f.part("x", f.clock._replace(year=y)) or inner)
    return relative_year(f, step, lambda y: cal.month(y, value))


def relative_unit(f: Found, now: dt.date, step: int, unit: str) -> Period | None:
    over_the = f.match.start() > 1 and ROLLING.match(f.tokens.codes, f.match.start() - 2)
    rolling = f.codes("r")[-1] == CODES["PAST"] or (f.codes("r") == CODES["LAST"] and over_the)
    if unit == "D" and step > 0:  # the next day
        return cal.day(f.clock.anchor + ONE) if f.clock.anchor else cal.unknown("XXXX-XX-XX")
    if unit.startswith("T") or unit == "W2" or (rolling and step < 0):
        return stretch(now, step, 1, unit)
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


def stretch(now: dt.date, step: int, number: float | str | None, unit: str) -> Period | None:
    """The past N days, from publication minus N days to publication; the next N days."""
    value = cal.length(number, unit)
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
        return cal.unknown(cal.length(number, unit))
    return stretch(f.clock.published, step, number, unit)


def recent(f: Found) -> Period | None:
    return cal.unknown("PAST_REF" if f.codes("r") else "FUTURE_REF")


def ago(f: Found) -> Period | None:
    """Two days ago, a week later: the unit that the count leads to; "more than two years ago" is open at one end."""
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
    """ "More than" leaves the far end open, "less than" reaches from the near one."""
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

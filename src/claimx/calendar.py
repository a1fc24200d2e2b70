"""Calendar arithmetic: named stretches of days and their TIMEX3 and EDTF values.

A `Period` is a stretch of whole days, both ends included; None is an open or unknown end. Functions raise ValueError or
OverflowError for days that do not exist; `dates` treats such an expression as no date.
"""

import datetime as dt
from calendar import monthrange
from typing import NamedTuple

ONE = dt.timedelta(days=1)
SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # first month, northern hemisphere
DAYS_IN = {"D": 1, "W": 7}
MONTHS_IN = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}


class Period(NamedTuple):
    """Days from `first` to `last`, the TIMEX3 value, and the size of the unit named ("D", "W", "M", "Y" ...)."""

    first: dt.date | None
    last: dt.date | None
    timex: str
    grain: str = ""

    @property
    def known(self) -> bool:
        return self.first is not None and self.last is not None


def unknown(timex: str) -> Period:
    return Period(None, None, timex)


def day(when: dt.date, time: str = "") -> Period:
    """A day; `time` is what TIMEX3 puts after the T ("EV", "14:30")."""
    return Period(when, when, when.isoformat() + (f"T{time}" if time else ""), "D")


def month(year: int, number: int) -> Period:
    first = dt.date(year, number, 1)
    return Period(first, first.replace(day=monthrange(year, number)[1]), f"{year:04}-{number:02}", "M")


def months(year: int, number: int, length: int, timex: str, grain: str) -> Period:
    """`length` months from month `number` of `year` on."""
    first = dt.date(year, number, 1)
    return Period(first, shift(first, length, "M") - ONE, timex, grain)


def year(number: int) -> Period:
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), f"{number:04}", "Y")


def quarter(number: int, part: int) -> Period:
    if not 1 <= part <= 4:
        raise ValueError("a year has four quarters")
    return months(number, 3 * part - 2, 3, f"{number:04}-Q{part}", "Q")


def half(number: int, part: int) -> Period:
    return months(number, 6 * part - 5, 6, f"{number:04}-H{part}", "H")


def season(number: int, name: str) -> Period:
    """Winter is that of the December it begins in."""
    return months(number, SEASONS[name], 3, f"{number:04}-{name}", "S")


def decade(number: int) -> Period:
    start = number // 10 * 10
    return Period(dt.date(start, 1, 1), dt.date(start + 9, 12, 31), f"{start // 10:03}X", "DE")


def century(number: int) -> Period:
    """The `number`-th century as news uses the word: the 20th is 1900 to 1999."""
    start = (number - 1) * 100
    return Period(dt.date(max(start, 1), 1, 1), dt.date(start + 99, 12, 31), f"{number - 1:02}XX", "CE")


def week(when: dt.date) -> Period:
    """The ISO week that holds a day."""
    first = when - when.weekday() * ONE
    iso = first.isocalendar()
    return Period(first, first + 6 * ONE, f"{iso.year:04}-W{iso.week:02}", "W")


def weekend(when: dt.date) -> Period:
    """Saturday and Sunday of the ISO week that holds a day."""
    first, last, timex, _ = week(when)
    assert first is not None  # noqa: S101 - for the type checker; a week always has days
    return Period(first + 5 * ONE, last, f"{timex}-WE", "E")


def shift(when: dt.date, count: float, unit: str) -> dt.date:
    """A day `count` units away, its day of the month cut to the length of the month."""
    if unit.startswith("T"):  # hours and less
        hours = {"TH": 1.0, "TM": 1 / 60, "TS": 1 / 3600}[unit]
        return when + int(count * hours / 24) * ONE
    if unit in DAYS_IN:
        return when + int(count * DAYS_IN[unit]) * ONE
    place = when.year * 12 + when.month - 1 + int(count * MONTHS_IN[unit])
    years, number = divmod(place, 12)
    return dt.date(years, number + 1, min(when.day, monthrange(years, number + 1)[1]))


def around(when: dt.date, unit: str) -> Period:
    """The unit that holds a day: its week, month, quarter, year, decade or century."""
    if unit == "W":
        return week(when)
    if unit == "M":
        return month(when.year, when.month)
    if unit == "Q":
        return quarter(when.year, (when.month + 2) // 3)
    if unit == "Y":
        return year(when.year)
    if unit == "DE":
        return decade(when.year)
    if unit == "CE":
        return century(when.year // 100 + 1)
    return day(when)


def cut(period: Period, part: str) -> Period:
    """The early, mid or late part: of a month by tens of days, of anything longer than a week by thirds; TIMEX3 keeps
    the value of the whole."""
    first, last, timex, grain = period
    if first is None or last is None or grain in ("D", "E", ""):
        return period
    which = ("early", "mid", "late").index(part)
    if grain == "M":
        ends = [first, first + 10 * ONE, first + 20 * ONE, last + ONE]
    elif grain in ("W", "Q", "S", "H"):
        length = (last - first).days + 1
        ends = [first + length * i // 3 * ONE for i in range(3)] + [last + ONE]
    else:
        length = (last.year - first.year + 1) * 12
        steps = [0, length // 3, length - length // 3, length]
        if grain == "DE":
            steps = [0, 48, 84, 120]  # 1990-93, 1994-96, 1997-99
        ends = [shift(first, step, "M") if step < length else last + ONE for step in steps]
    return Period(ends[which], ends[which + 1] - ONE, timex, grain)


def length(number: float | str | None, unit: str) -> str:
    """TIMEX3: P3D, PT2H, PXM."""
    if unit == "W2":
        unit, number = "W", number * 2 if isinstance(number, int | float) else number
    amount = "X" if number is None else f"{number:g}" if isinstance(number, float) else str(number)
    return f"PT{amount}{unit[1]}" if unit.startswith("T") else f"P{amount}{unit}"


def easter(year: int) -> dt.date:
    """Western Easter Sunday (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def nth_weekday(year: int, number: int, nth: int, weekday: int) -> dt.date:
    """The nth (from 1, -1 the last) given weekday (Monday is 0) of a month."""
    first, last = dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])
    if nth > 0:
        return first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * ONE
    return last - (last.weekday() - weekday) % 7 * ONE


def edtf(first: dt.date | None, last: dt.date | None) -> str | None:
    """The shortest EDTF (ISO 8601-2) value for a stretch of days, null where both ends are unknown."""
    if first is None or last is None:
        if first is None and last is None:
            return None
        return f"{first.isoformat()}/.." if first else f"../{last.isoformat() if last else ''}"
    if first == last:
        return first.isoformat()
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        if first.year == last.year:
            return f"{first.year:04}"
        if first.year % 10 == 0 and last.year == first.year + 9:
            return f"{first.year // 10:03}X"
        if first.year % 100 == 0 and last.year == first.year + 99:
            return f"{first.year // 100:02}XX"
        return f"{first.year:04}/{last.year:04}"
    if first.day == 1 and (last + ONE).day == 1:
        start, end = f"{first.year:04}-{first.month:02}", f"{last.year:04}-{last.month:02}"
        return start if start == end else f"{start}/{end}"
    return f"{first.isoformat()}/{last.isoformat()}"

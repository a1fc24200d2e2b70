"""The rules of date expressions: a pattern over token classes (dategrammar.py) and the function that resolves it."""

from functools import cache

from claimx import datecalendar as calendar
from claimx import datecompound as compound
from claimx import daterelative as relative
from claimx.dategrammar import Grammar, Rules, compiled

ATOMS: Rules = [
    ("(?P<x>ISO|SLASH)", calendar.numeric),
    ("(?:@weekday COMMA?THE?)?(?P<m>@month|LOWER)DOT?HYPHEN?THE?(?P<d>@day)(?:COMMA?(?P<y>YEAR))?", calendar.full_date),
    (
        "(?:@weekday COMMA?)?THE?(?P<d>@day)DOT?(?:OF|HYPHEN)?(?P<m>@month|LOWER)"
        "(?:DOT?(?:COMMA|HYPHEN|OF)?(?P<y>YEAR))?",
        calendar.full_date,
    ),
    ("(?P<d>DAY)(?P<m>@month|LOWER)DOT?(?P<z>NUM)", calendar.short_year),
    ("(?P<m>@month)DOT?(?:COMMA|OF|IN|HYPHEN)?(?P<y>YEAR)", calendar.month_year),
    ("(?P<y>YEAR)HYPHEN?(?P<m>@month|LOWER)(?:HYPHEN?(?P<d>@day))?", calendar.year_first),
    (
        "(?P<m>MONTH|(?:(?<=[IN SINCE UNTIL FROM BETWEEN AT LAST NEXT THIS PART EDGE])"
        "|(?<=[MONTH MAYBE YEAR UNIT EDGE PART DAY][TO AND OF IN HYPHEN DASH]))MAYBE)",
        calendar.month,
    ),
    ("(?P<fiscal>FISCAL)?(?P<y>YEAR)", calendar.year),
    ("(?P<x>DECADE)", calendar.decade),
    ("(?P<n>@ordinal)HYPHEN?(?P<u>UNIT)", calendar.century),
    (
        "(?:FISCAL)?(?:(?P<n>@ordinal)HYPHEN?(?:QUARTER|(?P<half>HALF))|(?P<q>QNAME))(?:(?:OF|IN)?(?P<y>YEAR))?",
        calendar.quarter,
    ),
    ("(?P<s>SEASON)(?:(?:OF|IN)?(?P<y>YEAR))", calendar.season),
    ("(?<=[IN PART EDGE OF SINCE UNTIL LAST NEXT THIS THE])(?P<s>SEASON)", calendar.season),
    ("(?P<h>HOLIDAY)(?:(?:COMMA|OF|IN)?(?P<y>YEAR))?", calendar.holiday),
    ("THE?(?P<n>@ordinal|LAST)UNIT(?:OF|IN)?(?P<p>@rel UNIT|YEAR|@month(?:OF?YEAR)?)", calendar.nth_week),
    ("THE?(?P<n>@ordinal|LAST)(?P<w>WEEKDAY)(?:OF|IN)(?P<p>@rel UNIT|@month(?:OF?YEAR)?)", calendar.nth_weekday),
    ("(?:(?<=ON)|@weekday)THE(?P<d>ORD)", calendar.nth_day),
    ("(?P<x>TODAY)(?P<p>DAYPART)?", relative.today),
    ("(?:TONIGHT|(?P<o>OVERNIGHT))", relative.tonight),
    ("(?P<w>WEEKDAY|(?<=[ON LAST NEXT THIS FROM TO SINCE UNTIL PART])WDAY)HYPHEN?(?P<p>DAYPART)?", relative.weekday),
    ("(?P<r>@rel)(?P<x>UNIT|QUARTER|WEEKEND|MONTH|MAYBE|LOWER|WEEKDAY|WDAY|SEASON|HOLIDAY|DAYPART)", relative.relative),
    ("(?P<r>THE)(?P<x>WEEKEND)", relative.relative),
    ("(?P<q>@qual)?(?P<n>@number)HYPHEN?(?P<u>@unit)(?P<x>AGO|EARLIER|LATER|BEFORE|AFTER|AHEAD)", relative.ago),
    ("(?P<u>UNIT)HYPHEN(?P<x>AGO|EARLIER)", relative.ago),
    ("(?P<r>FOLLOWING|THAT|NEXT)(?P<u>UNIT|WEEKEND)", relative.anchored),
    ("(?P<r>THE|THAT)(?P<u>QUARTER)", relative.anchored),
    ("(?P<e>EARLIER|LATER)(?:IN|ON|THIS)?(?:THE|THIS)?(?P<u>UNIT)", relative.within),
    ("(?P<e>PART|EDGE|REST)(?:IN|OF)(?:THE|THIS)(?P<u>UNIT)", relative.within),
    ("(?P<e>EARLIER|LATER)(?P<x>TODAY)", relative.today),
    ("(?P<x>NOW)", compound.named),
]
"""Expressions of one piece; those below are made of them (`@point`)."""

COMPOSED: Rules = [
    ("(?P<e>PART|EDGE)(?:HYPHEN|IN|ON|OF)?THE?(?P<p>@point)", compound.part),
    ("(?P<p>@point)(?:IN|OF|COMMA)?(?P<r>@rel)(?P<u>UNIT)", compound.in_year),
    ("(?P<u>UNIT)OF THE?(?P<p>@point)", compound.week_of),
    ("(?P<q>@qual)?(?P<n>@number)(?P<u>UNIT|UNITS)(?P<x>BEFORE|AFTER|FROM)(?P<p>@point)", relative.counted_from),
    ("(?P<p>THE?(?:ORD|ORDWORD))OF(?P<r>@rel)(?P<u>UNIT)", compound.in_year),
    ("(?P<r>@rel)(?P<u>UNIT)(?:POSS|ON)?(?P<p>@point)", compound.in_year),
    ("PART?(?P<t>DAYPART|UNITS)(?:OF|ON)THE?(?P<p>@point)", compound.part_of_day),
    ("(?P<p>@point)(?:AT|IN THE)?PART?(?:AT|IN THE)?(?P<t>DAYPART)", compound.part_of_day),
    ("(?P<o>OVERNIGHT)ON?(?P<p>@point)", compound.part_of_day),
    ("(?:AT|APPROX)?(?P<c>@clock)(?:COMMA?(?:ON|IN THE|THIS)?(?P<p>@point))?", compound.timed),
    ("(?P<p>@point)COMMA?AT?APPROX?(?P<c>@clock)", compound.timed),
]
RANGES: Rules = [
    (
        "(?:FROM|BETWEEN)?THE?(?P<d>@day)(?:@hyphen|TO|AND|UNTIL)THE?(?P<e>@day)OF?(?P<m>@month)(?:DOT?COMMA?(?P<y>YEAR))?",
        calendar.day_range,
    ),
    (
        "(?:FROM|BETWEEN)?(?P<m>@month)DOT?(?P<d>@day)(?:@hyphen|TO|UNTIL)(?P<e>@day)(?:COMMA?(?P<y>YEAR))?",
        calendar.day_range,
    ),
    ("BETWEEN(?P<m>@month)DOT?(?P<d>@day)AND(?P<e>@day)(?:COMMA?(?P<y>YEAR))?", calendar.day_range),
    ("(?:FROM|BETWEEN)?(?P<y>YEAR)@hyphen(?P<z>YEAR|DAY|NUM)", calendar.year_range),
    ("FROM THE?(?P<a>@dated)(?:@hyphen|TO|UNTIL)THE?(?P<b>@dated)", compound.between),
    ("BETWEEN THE?(?P<a>@dated)(?:AND|@hyphen|TO)THE?(?P<b>@dated)", compound.between),
    ("(?P<a>@dated)(?:@hyphen|TO|UNTIL)THE?(?P<b>@dated)", compound.between),
    ("SINCE(?:AT)?THE?(?P<p>@dated)", compound.since),
    ("UNTIL THE?(?P<p>@dated)", compound.until),
]
SPANS: Rules = [
    ("(?P<r>LAST|PAST|NEXT|THIS(?:PAST|LAST|NEXT)|PREVIOUS)@qual?(?P<n>@number)HYPHEN?(?P<u>@unit)", relative.rolling),
    ("(?:(?P<r>RECENT)|NEXT)UNITS(?:AND UNITS)?", relative.recent),
    ("@qual?(?P<n>@number)HYPHEN?(?P<u>@unit)(?P<h>AND A?HALF)?(?P<o>HYPHEN?OLD)?", compound.duration),
    ("(?P<u>UNITS)", compound.duration),
    (
        "EVERY(?P<n>@number)?(?P<x>@unit|WEEKDAY|WDAY|MONTH|MAYBE|DAYPART|WEEKEND|SEASON)(?P<t>DAYPART)?",
        compound.repeated,
    ),
    ("(?P<x>WEEKDAYS)", compound.repeated),
    ("(?P<x>WEEKDAY)(?P<t>DAYPARTS)", compound.repeated),
    ("@number?TIMES(?P<n>A)(?P<x>UNIT)", compound.repeated),
    ("(?P<x>ADVERB|REF|RECENT)", compound.named),
    ("CURRENT|(?P<p>(?<=IN)THE PAST)", compound.reference),
]


@cache
def grammar() -> Grammar:
    return compiled(ATOMS, [*RANGES, *COMPOSED, *SPANS])

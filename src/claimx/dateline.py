"""The publication date and the agency that the head of an article names.

Read are lines that hold a date and nothing else but labels and times ("Published: 8 Jan 2024 21:54"), a line that a
date label opens ("date 2024-01-08 ..."), bylines and datelines ("CAIRO, Jan 8, 2024 (Reuters) -"): never a date within
a sentence. A dateline without a year is no date, unless another line of the head gives the year.
"""

import datetime as dt
import re
from collections.abc import Iterator

from claimx.dates import find_dates
from claimx.models import Date

HEAD_LINES = 15
HEAD_LENGTH = 1500  # code points
LINE_LENGTH = 300  # a line is read so far: some texts are a single one

PIECES = re.compile(r"\s*[|·•]\s*|\s{3,}")
WORD = re.compile(r"[^\W\d_]+")
LABELS = frozenset((
    "date", "dated", "published", "publication", "pub", "posted", "updated", "update", "last", "first", "modified",
    "created", "issued", "released", "release", "on", "at", "of", "time", "local", "gmt", "utc", "est", "edt", "et",
    "pst", "pdt", "cst", "cdt", "cet", "cest", "bst", "ist", "am", "pm", "z", "t",
))  # fmt: skip
LATER = re.compile(r"\b(?:updated?|modified)\b", re.IGNORECASE)
OPENING = re.compile(r"\W*date(?:line)?\W+", re.IGNORECASE)
LABELLED = re.compile(r"\W*(?:first )?(?:published|posted|updated|issued|created)(?: on)?\W+", re.IGNORECASE)
BYLINE = re.compile(r"\W*by\s", re.IGNORECASE)
BYLINE_WORDS = 12
AFTER_DATELINE = re.compile(
    r"[\s,.]*(?:\((?P<agency>[^\W\d_][^()\d\n]{1,40}(?: \d)?)\)\s*(?:[-–—:]|$|(?=[A-Z\[]))|[-–—]{1,2}\s)"
)
PLACE_LENGTH = 80
SMALL = frozenset(
    ("of", "de", "del", "la", "el", "le", "les", "los", "las", "al", "the", "and", "in", "an", "am", "d", "near")
)
YEAR_LINE = re.compile(r"(?:(?:©|\(c\)|copyright)[ ©]{0,3})?((?:19|20)[0-9]{2})\b", re.IGNORECASE)
YEARLESS = re.compile(r"XXXX(-[0-9]{2}-[0-9]{2})")


def find_published(text: str) -> dt.date | None:
    """The publication date that the first lines give, else null: an original date before the date of an update."""
    later: dt.date | None = None
    yearless: str | None = None
    year: str | None = None
    for line in head(text):
        if match := YEAR_LINE.fullmatch(line) or (YEAR_LINE.match(line) if line[:1] in "©(Cc" else None):
            year = year or match[1]
        dates = find_dates(line, None)
        if not dates or not announces(line, dates):
            continue
        if found := YEARLESS.match(dates[0].timex or ""):
            yearless = yearless or found[1]
        for date in dates:
            if date.earliest and date.earliest == date.latest:
                day = dt.date.fromisoformat(date.earliest)
                if not LATER.search(line[: date.start]):
                    return day
                later = later or day
    if later is None and yearless and year:
        try:
            return dt.date.fromisoformat(year + yearless)
        except ValueError:  # 29 February
            return None
    return later


def find_publisher(text: str) -> str | None:
    """The agency in the parentheses of a dateline: "Reuters", "AFP"; null where there is none."""
    for line in head(text):
        for date in find_dates(line, None)[:1]:
            match = AFTER_DATELINE.match(line, date.end)
            if match and match["agency"] and is_place(line[: date.start]):
                return match["agency"].strip()
        match = AGENCY_ALONE.match(line)
        if match and is_place(match["place"], 0):
            return match["agency"].strip()
    return None


AGENCY_ALONE = re.compile(r"(?P<place>[^()\n]{2,80}?)\s*\((?P<agency>[A-Z][^()\d\n]{1,40}(?: \d)?)\)\s*(?:--?|–|—)\s")


def head(text: str) -> Iterator[str]:
    """The first lines that are not empty, cut at separators."""
    lines = (line.strip() for line in text[:HEAD_LENGTH].lstrip("\ufeff").splitlines())
    for line in [line for line in lines if line][:HEAD_LINES]:
        yield from PIECES.split(line[:LINE_LENGTH])


def announces(line: str, dates: list[Date]) -> bool:
    """Whether the dates of a line stand as a header's do, and not within a sentence."""
    first = dates[0]
    before, after = line[: first.start], line[first.end :]
    if OPENING.fullmatch(before) or (is_place(before) and AFTER_DATELINE.match(after)):
        return True
    if BYLINE.match(before):
        return not after.strip(" .") and len(line.split()) <= BYLINE_WORDS
    if LABELLED.fullmatch(before) and re.match(r"\W*(?:by\b|$)", after):
        return True
    rest = "".join(
        line[a:b] for a, b in zip([0, *(d.end for d in dates)], [*(d.start for d in dates), len(line)], strict=True)
    )
    return all(word.lower() in LABELS for word in WORD.findall(rest)) and not re.search(r"[0-9]{2}", rest)


def is_place(text: str, longest_lower: int = 3) -> bool:
    """Whether a dateline's opening can be a place: capitalised words ("SAN SALVADOR, El Salvador,"), or few words."""
    words = WORD.findall(text)
    if not 0 < len(words) <= 8 or len(text) > PLACE_LENGTH or re.search(r"[!?:;]\s", text) or not words[0][0].isupper():
        return False
    return len(words) <= longest_lower or all(word[0].isupper() or word in SMALL for word in words)

"""Date expressions: where they stand in a text and which days they mean.

The text is cut into tokens, each token gets a class (data/dates.toml, or its shape), and the rules of daterules.py are
matched against the string of classes. What resolves to no day keeps its TIMEX3 value and has no bounds.
"""

import datetime as dt
import re
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import tomli

from claimx import calendar as cal
from claimx.dategrammar import CODES, NOTHING, Clock, Tokens
from claimx.daterules import grammar
from claimx.models import Date

TOKEN = re.compile(
    r"""
      (?P<word>[^\W\d_]\w*)
    | (?=['’]?[0-9]) (?:
          (?P<ymd>[0-9]{4}(?P<s>[-/.])[0-9]{1,2}(?P=s)[0-9]{1,2}(?!(?!T[0-9])\w|[-/.][0-9]))
          (?:T[0-9:.]+(?:Z|[+-][0-9:]+)?(?!\w))?
        | (?P<dmy>[0-9]{1,2}(?:/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})|(?P<t>[-.])[0-9]{1,2}(?P=t)[0-9]{4}))(?!\w|[-/.][0-9])
        | (?P<ym>[0-9]{4}-0[0-9])(?![\w-])
        | (?P<clock>[0-2]?[0-9]:[0-5][0-9])(?::[0-5][0-9])?(?=[ap]\.?m\b|(?![\w:]))
        | (?P<dotclock>[01]?[0-9]\.[0-5][0-9])(?=\s?[apAP]\.?[mM]\b)
        | (?P<ordinal>[0-9]{1,2})(?:st|nd|rd|th)\b
        | (?P<decade>['’]?[0-9]{2}(?:[0-9]{2})?)['’]?s\b
        | (?P<nine>9/11)(?!\w|[-/.][0-9])
        | (?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?:(?=[ap]\.?m\b)|(?![\w/:]))
        | (?P<junk>[0-9][\w/:]*)
      )
    | (?P<poss>['’]s\b)
    | (?P<mark>[^\w\s])
    | (?P<gap>\n[^\S\n]*\n)
    """,
    re.VERBOSE,
)
DATED = frozenset(CODES[name] for name in ("YEAR", "ISO", "SLASH"))
HYPHENS = "-‐‑–"
DASHES = "—―"
MONEY = "$€£¥#№"
FUTURE = re.compile(
    r"(?:\b(?:will|won't|shall|upcoming|forthcoming|scheduled|slated|going to|(?:is|are) (?:due|expected|planned|set)"
    r"|plans? to|planned for)\b|['’]ll\b)[^.;!?\n]*$|\bby\s+$",
    re.IGNORECASE,
)
FUTURE_REACH = 60  # code points in which the announcement of a future stands before the date
REACH = 400  # code points over which a day told stays the one that "the next day" follows
ATTACHED = frozenset(CODES[name] for name in ("PART", "MONTH", "MAYBE", "DAY", "YEAR", "WEEKDAY", "SLASH"))


class Entry(NamedTuple):
    """A word's class and value, and the phrases that it begins: the rest of the phrase, longest first."""

    code: str
    value: Any
    phrases: tuple[tuple[re.Pattern[str], str, Any], ...] = ()


@cache
def lexicon() -> dict[str, Entry]:
    """Words as they are written: lower case, capitalised and all capitals."""
    data = tomli.loads(files("claimx").joinpath("data/dates.toml").read_text("utf-8"))
    named = [(name, "HOLIDAY", rule) for rule in data.pop("holiday") for name in rule["names"]]
    named += [(word, name, value) for name, table in data.items() for word, value in table.items()]
    words: dict[str, tuple[str, Any]] = {}
    phrases: dict[str, list[tuple[str, str, Any]]] = {}
    for key, name, value in named:
        token = TOKEN.match(key)
        if token is None or token[0] == key:
            words[key] = name, value
        else:
            phrases.setdefault(token[0], []).append((key[token.end() :], name, value))
    entries: dict[str, Entry] = {}
    for word in {**words, **phrases}:
        name, value = words.get(word, ("OTHER", None))
        rests = sorted(phrases.get(word, ()), key=lambda item: -len(item[0]))
        compiled = tuple((rest_of(rest), CODES[kind], meaning) for rest, kind, meaning in rests)
        for form in (word.upper(), word.capitalize(), word):
            entries[form] = Entry(CODES[LOWER_CASE.get(name, name) if form.islower() else name], value, compiled)
    return entries


# Case tells "May" from "may", "Sat" from "sat", Easter from a misprinted "eastern".
LOWER_CASE = {"MAYBE": "LOWER", "WDAY": "OTHER", "HOLIDAY": "OTHER"}


def rest_of(phrase: str) -> re.Pattern[str]:
    """The rest of a phrase, over any white space but a blank line, with either apostrophe; a last dot may lack."""
    phrase, dot = phrase.removesuffix("."), r"\.?" if phrase.endswith(".") else ""
    words = [re.escape(word).replace("'", "['’]") for word in phrase.split()]
    space = r"[^\S\n]*+\n?+[^\S\n]*+"
    return re.compile((space if phrase[:1] == " " else "") + space.join(words) + r"\b" + dot, re.IGNORECASE)


def find_dates(text: str, published: dt.date | None) -> list[Date]:
    """All date expressions of a text, in its order, not overlapping: TIMEX3's DATE, TIME, DURATION and SET.

    `earliest` and `latest` are ISO days, both included, resolved against the publication date; null where open or
    unknown. Without a publication date only what names its year is resolved.
    """
    tokens, rules = tokenize(text), grammar()
    found: list[Date] = []
    clock = Clock(published)
    told, opened = -REACH, False
    for region in REGION.finditer(tokens.codes):
        if not ANY_CORE.search(tokens.codes, *region.span()):
            continue
        place = region.start()
        while place < region.end():
            start = tokens.starts[place]
            if clock.anchor and start - told >= REACH:
                clock = clock._replace(anchor=None)
            here = clock
            if clock.anchor and tokens.codes[place] == CODES["TODAY"]:
                here = clock._replace(quoted=in_quotation(text, start))
            match = rules.longest(tokens, place, here)
            if match and FUTURE.search(text, max(0, start - FUTURE_REACH), start):
                match = rules.longest(tokens, place, here._replace(tense="future"))
            if match is None:
                place += 1
                continue
            if tokens.codes[place] in DROPPED:
                start = tokens.starts[place + 1]
            began, (place, period) = place, match
            end = tokens.ends[place - 1]
            if period is NOTHING:
                continue
            found.append(record(text, start, end, period))
            if not opened and period.grain in ("D", "M"):
                opened = True
                if any(code in DATED for code in tokens.codes[began:place]):
                    clock = clock._replace(history=history(period, published))
            if period.grain == "Q":
                clock = clock._replace(quarter=period)
            if period.grain == "D" and period.first is not None and period.first == period.last:
                clock, told = clock._replace(anchor=period.first), end
    return found


def in_quotation(text: str, place: int) -> bool:
    """Whether a quotation is open at a place of its paragraph."""
    before = text[max(text.rfind("\n", 0, place), place - 2000, 0) : place]
    return before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")


def history(opening: cal.Period, published: dt.date | None) -> dt.date | None:
    """The day that a text of history begins with, one more than a year old: the month keeps its year further on."""
    first = opening.first
    return first if published and first and published - first > dt.timedelta(days=400) else None


def record(text: str, start: int, end: int, period: cal.Period) -> Date:
    first, last = period.first, period.last
    return Date(
        text=text[start:end],
        start=start,
        end=end,
        earliest=first.isoformat() if first else None,
        latest=last.isoformat() if last else None,
        edtf=cal.edtf(first, last),
        timex=period.timex,
    )


DROPPED = (CODES["THE"], CODES["AT"])  # no part of the expression, though rules look at them
CORE = [
    "MONTH", "MAYBE", "LOWER", "WEEKDAY", "WDAY", "WEEKDAYS", "SEASON", "UNIT", "UNITS", "QUARTER", "QNAME",
    "WEEKEND", "SECOND", "DECADE", "TODAY", "TONIGHT", "OVERNIGHT", "DAYPART", "DAYPARTS", "NOON", "AMPM", "ZONE",
    "ADVERB", "NOW", "REF", "RECENT", "CURRENT", "PAST", "HOLIDAY", "ISO", "SLASH", "CLOCK", "ORD", "YEAR", "TIMES",
]  # fmt: skip
GAP = f"{CODES['OTHER']}{CODES['BREAK']}"
REGION = re.compile(f"[^{GAP}]+")
ANY_CORE = re.compile(f"[{''.join(CODES[name] for name in CORE)}]")


def tokenize(text: str) -> Tokens:
    entries = lexicon()
    tokens = Tokens("", [], [], [])
    codes: list[str] = []
    other, passed = CODES["OTHER"], 0
    for match in TOKEN.finditer(text):
        if match.lastgroup == "word":
            entry = entries.get(match[0])
            if entry is None:
                if codes and codes[-1] == other:
                    tokens.ends[-1] = match.end()
                    continue
                code, value, end = other, match[0], match.end()
            else:
                code, value, phrases = entry
                end = match.end()
                for rest, phrase_code, phrase_value in phrases:
                    if found := rest.match(text, end):
                        code, value, end = phrase_code, phrase_value, found.end()
                        break
        else:
            end = match.end()
            code, value = sign(text, match, codes, tokens.ends)
        start = match.start()
        if start < passed:  # within a phrase
            continue
        passed = end
        codes.append(code)
        tokens.values.append(value)
        tokens.starts.append(start)
        tokens.ends.append(end)
    return tokens._replace(codes="".join(codes))


def sign(text: str, match: re.Match[str], codes: list[str], ends: list[int]) -> tuple[str, Any]:
    """The class of what is not a word: a number by its shape and size, a mark."""
    kind, found, start = match.lastgroup, match[0], match.start()
    touches = bool(ends) and ends[-1] == start
    if kind == "mark":
        if found in HYPHENS:
            spaced = not touches or (match.end() < len(text) and text[match.end()].isspace())
            return CODES["DASH" if spaced else "HYPHEN"], None
        if found in DASHES:
            return CODES["DASH"], None
        return CODES[{",": "COMMA", ".": "DOT"}.get(found, "OTHER")], None
    if kind == "gap":
        return CODES["BREAK"], None
    if kind == "poss":
        return CODES["POSS"], None
    if kind == "junk" or (start and text[start - 1] in MONEY) or (match.end() < len(text) and text[match.end()] == "%"):
        return CODES["OTHER"], None
    if touches and codes[-1] in (CODES["HYPHEN"], CODES["DOT"]) and not (len(codes) > 1 and codes[-2] in ATTACHED):
        return CODES["OTHER"], None  # AK-47
    return number(match)


def number(match: re.Match[str]) -> tuple[str, Any]:
    kind = match.lastgroup
    if match["ymd"]:
        first, second, third = (int(n) for n in re.split(r"[-/.]", match["ymd"]))
        return CODES["ISO"], (first, second, third)
    if kind == "dmy":
        first, second, third = (int(n) for n in re.split(r"[-/.]", match[0]))
        return CODES["SLASH"], (second, first, third) if "." in match[0] else (first, second, third)
    if kind == "ym":
        return CODES["ISO"], (int(match[0][:4]), int(match[0][5:]), None)
    if kind == "clock" or kind == "dotclock":
        hour, minute = re.split("[:.]", match[kind])
        return CODES["CLOCK"], (int(hour), int(minute))
    if kind == "ordinal":
        return CODES["ORD"], int(match["ordinal"])
    if kind == "decade":
        digits = match["decade"].lstrip("'’")
        start = int(digits) if len(digits) == 4 else 1900 + int(digits)
        return (CODES["DECADE"], start) if start % 10 == 0 and len(digits) * 10 >= 20 else (CODES["OTHER"], None)
    if kind == "nine":
        return CODES["HOLIDAY"], {"month": 9, "day": 11, "year": 2001}
    digits = match["number"].replace(",", "")
    if len(digits) > 12:
        return CODES["OTHER"], None
    if not digits.isdecimal():
        return CODES["NUM"], float(digits)
    value = int(digits)
    if 1 <= value <= 31 and len(digits) <= 2:
        return CODES["DAY"], value
    if len(match["number"]) == 4 and 1000 <= value <= 2199:
        return CODES["YEAR"], value
    return CODES["NUM"], value

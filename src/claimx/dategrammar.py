"""How date expressions are matched: rules are regular expressions over the classes of tokens.

A text becomes a string with one character per token (its class), so that a rule knows nothing of spelling. In a pattern
an upper-case word is a class (data/dates.toml and `SIGNS`), `@name` a macro, `@point` any of the rules of one piece
(`atoms`). Patterns repeat nothing without bound: matching is linear in the text.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from claimx import calendar as cal
from claimx.calendar import ONE, Period

WORDS = [
    "MONTH", "MAYBE", "LOWER", "WEEKDAY", "WDAY", "WEEKDAYS", "SEASON", "UNIT", "UNITS", "QUARTER", "QNAME",
    "WEEKEND", "HALF", "NUMWORD", "BIG", "COUPLE", "FEW", "ORDWORD", "SECOND", "DECADE", "A", "ANOTHER", "ALL", "THE",
    "LAST", "LATEST", "PAST", "PREVIOUS", "NEXT", "FOLLOWING", "THIS", "CURRENT", "THAT", "RECENT", "AGO", "EARLIER",
    "LATER", "BEFORE", "AFTER", "AHEAD", "TODAY", "TONIGHT", "OVERNIGHT", "DAYPART", "DAYPARTS", "NOON", "AMPM",
    "ZONE", "PART", "EDGE", "REST", "EVERY", "ADVERB", "TIMES", "NOW", "REF", "MORE", "LESS", "APPROX", "OLD",
    "FISCAL", "FROM", "BETWEEN", "TO", "UNTIL", "SINCE", "OF", "AND", "IN", "ON", "AT", "OTHER",
]  # fmt: skip
SIGNS = [
    "HOLIDAY", "ISO", "SLASH", "CLOCK", "ORD", "DAY", "YEAR", "NUM", "HYPHEN", "DASH", "COMMA", "DOT", "POSS", "BREAK",
]  # fmt: skip
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
    """`codes` has a class character per token, the lists are parallel to it; words that no rule knows run into one."""

    codes: str
    values: list[Any]
    starts: list[int]
    ends: list[int]


class Clock(NamedTuple):
    """What undated expressions are resolved against."""

    published: dt.date | None
    tense: str = ""  # "past", "future" or "whole" (do not cut at publication) where the words around say so
    anchor: dt.date | None = None  # the last day told
    quarter: Period | None = None  # the last quarter told
    history: dt.date | None = None  # the day that a text of history begins with
    near: dt.date | None = None  # the end of the range that the expression begins
    year: int | None = None  # the year that the expression is of
    quoted: bool = False  # within a quotation, whose today is the day told before it

    def of_year(self, make: Callable[[int], Period], open_value: str, ahead: int = 1) -> Period:
        """What has no year of its own: of the named year, else the last that has begun, or does within `ahead` days."""
        if self.year is not None:
            return make(self.year)
        base = self.near or self.published
        if base is None:
            return cal.unknown(open_value)
        if self.history and not self.near:
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

    grammar: "Grammar"
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
        return self.grammar.resolve(self.tokens, *self.match.span(group), clock or self.clock)

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


Builder = Callable[[Found], Period | None]
Rules = list[tuple[str, Builder]]
A_AND = {CODES["A"], CODES["AND"]}
NOTHING = cal.unknown("")  # what matches and is no date, and keeps shorter matches away


def among(names: str) -> set[str]:
    return {CODES[name] for name in names.split()} | {""}


TEXT_END = among("COMMA DOT BREAK AND HYPHEN DASH POSS")


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    build: Builder


class Grammar(NamedTuple):
    """The rules by the class that they can begin with; earlier rules win over later ones of the same length."""

    rules: dict[str, list[Rule]]

    def resolve(self, tokens: Tokens, start: int, end: int, clock: Clock) -> Period | None:
        """The meaning of exactly these tokens."""
        for rule in self.rules[tokens.codes[start]]:
            match = rule.pattern.fullmatch(tokens.codes, start, end)
            if match and (period := self.build(rule, tokens, match, clock)):
                return period
        return None

    def longest(self, tokens: Tokens, start: int, clock: Clock) -> tuple[int, Period] | None:
        """The end and the meaning of the longest expression that begins at a token."""
        if not self.rules[tokens.codes[start]]:
            return None
        tried = ((rule, rule.pattern.match(tokens.codes, start)) for rule in self.rules[tokens.codes[start]])
        for rule, match in sorted(((r, m) for r, m in tried if m), key=lambda pair: -pair[1].end()):
            if period := self.build(rule, tokens, match, clock):
                return match.end(), period
        return None

    def build(self, rule: Rule, tokens: Tokens, match: re.Match[str], clock: Clock) -> Period | None:
        try:
            return rule.build(Found(self, tokens, match, clock))
        except (ValueError, OverflowError):  # 31 June, the year 12000
            return None


def compiled(atoms: Rules, others: Rules) -> Grammar:
    """A grammar of rules of one piece, which are the `@point` of the others; `others` come first."""
    bare = [re.sub(r"\(\?P<[a-z]+>", "(?:", pattern) for pattern, _ in atoms]
    macros = MACROS | {"point": f"(?:{'|'.join(bare)})"}
    rules: dict[str, list[Rule]] = {code: [] for code in CODES.values()}
    for pattern, builder in [*others, *atoms]:
        expanded = expand(pattern, macros)
        rule = Rule(re.compile(expanded), builder)
        for code in firsts(expanded):
            rules[code].append(rule)
    return Grammar(rules)


def expand(pattern: str, macros: dict[str, str] = MACROS) -> str:
    """A rule's pattern as a regular expression over class characters."""
    while "@" in pattern:
        pattern = re.sub(r"@([a-z]+)", lambda m: macros[m[1]], pattern)
    pattern = re.sub(r"\[([A-Z ]+)\]", lambda m: "[" + "".join(CODES[name] for name in m[1].split()) + "]", pattern)
    return re.sub(r"[A-Z]+", lambda m: m[0] if m[0] == "P" else CODES[m[0]], pattern).replace(" ", "")


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

"""What the text itself shows of direct speech: quotation marks, paragraphs, speaker tags, signatures of posts.

Works on characters alone. All offsets are code points into the text; every function takes time linear in its length.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

from claimx.nlp import is_wrapped

OPENERS = frozenset("“„«")
CLOSERS = frozenset("”»")
MARK = re.compile("[\"“”„«»]|``|''")
SINGLE = re.compile(r"(?<!\w)['‘](?=\w)(?:[^\n'‘’]|(?<=\w)['’](?=\w)){10,600}['’](?!\w)")
TAG = re.compile(
    r"^[ \t]*(?P<name>[A-Z][A-Z.'’-]{1,30}(?: [A-Z][A-Z.'’-]{0,30}){0,4})"
    r"(?:, [A-Z][A-Z ,]{0,40})?(?: \([^()\n]{1,40}\))?:[ \t]",
    re.MULTILINE,
)
SIGNATURE = re.compile(
    r"[—–―-]{1,2} ?(?P<name>[^\n@()—–―]{2,60}?) ?\(@\w{1,30}\)"  # a post: — Name (@handle)
    r"|(?<=[\"”’])[ \n]{0,3}[—–―]{1,2} ?(?P<other>[A-Z][^\n\"“”—–―]{2,80}?)[.]?$",  # a quotation: "..." ― Name
    re.MULTILINE,
)


class Quotation(NamedTuple):
    """[start, end) with its marks; `closed` is false where the closing mark is missing."""

    start: int
    end: int
    closed: bool


class Said(NamedTuple):
    """A speaker's name [start, end) and the words [first, last) that the layout gives to them."""

    start: int
    end: int
    first: int
    last: int


def paragraph_starts(text: str) -> list[int]:
    """Where paragraphs begin. A lone newline begins one too, save in hard-wrapped text."""
    wrapped = is_wrapped(text)
    starts = [0]
    for line in re.finditer(r"\n", text):
        before = text[max(0, line.start() - 2) : line.start()]
        blank = not before.strip() or text.startswith(("\n", "\r\n"), line.end())
        if blank or not wrapped:
            starts.append(line.end())
    return starts


def quotations(text: str, starts: list[int]) -> list[Quotation]:
    """Quotations in text order, none inside another.

    A mark that is missing costs at most its paragraph: a quotation left open there goes on only where the next
    paragraph opens with a mark too, as newspapers do.
    """
    found: list[Quotation] = []
    opened = -1
    last_mark = -1
    for mark in MARK.finditer(text):
        at, after = mark.start(), mark.end()
        if opened >= 0 and not same_paragraph(starts, last_mark, at):
            if opens(text, at, after) and continues(text, starts, last_mark, at):
                last_mark = at
                continue
            if closes(text, at, after) and next_paragraph(text, starts, last_mark, at):
                found.append(Quotation(opened, after, True))
                opened = -1
                continue
            found.append(Quotation(opened, paragraph_end(text, starts, last_mark), False))
            opened = -1
        if opened < 0:
            if opens(text, at, after):
                opened = last_mark = at
            elif closes(text, at, after):
                begin = paragraph_start(text, starts, at)
                if not found or found[-1].end <= begin:  # the opening mark is missing: the paragraph stands in for it
                    found.append(Quotation(begin, after, True))
        elif mark.group() in OPENERS:
            opened = last_mark = at  # the earlier one never closed: the marks nearest to each other belong together
        else:
            found.append(Quotation(opened, after, True))
            opened = -1
    if opened >= 0:
        found.append(Quotation(opened, paragraph_end(text, starts, last_mark), False))
    return with_singles(text, found)


def with_singles(text: str, doubles: list[Quotation]) -> list[Quotation]:
    """Adds what stands in single marks outside the double ones and is long enough to be speech, not a name."""
    begins = [q.start for q in doubles]
    singles = []
    for match in SINGLE.finditer(text):
        at = bisect_right(begins, match.start()) - 1
        inside = at >= 0 and doubles[at].end > match.start()
        if not inside and match.group().count(" ") >= 3:
            singles.append(Quotation(match.start(), match.end(), True))
    return sorted([*doubles, *singles]) if singles else doubles


def opens(text: str, at: int, after: int) -> bool:
    """Whether a mark can open a quotation: curly ones say so, straight ones stand before a word and not after one."""
    mark = text[at:after]
    if mark in OPENERS or mark == "``":
        return True
    if mark in CLOSERS or mark == "''":
        return False
    before = text[at - 1] if at else " "
    follows = text[after : after + 1]
    return bool(follows) and not follows.isspace() and (before.isspace() or before in "([{—–-/:,'‘")


def closes(text: str, at: int, after: int) -> bool:
    """Whether a mark must close a quotation: it follows the quoted sentence's own punctuation."""
    return at > 0 and text[at - 1] in ",.?!…" and (after >= len(text) or not text[after].isalnum())


def next_paragraph(text: str, starts: list[int], a: int, b: int) -> bool:
    """Whether b lies in the first paragraph with text after that of a."""
    index = bisect_right(starts, a)
    begin = bisect_right(starts, b) - 1
    return index <= begin and not text[starts[index] : starts[begin]].strip()


def paragraph_start(text: str, starts: list[int], at: int) -> int:
    begin = starts[bisect_right(starts, at) - 1]
    while begin < at and text[begin].isspace():
        begin += 1
    return begin


def same_paragraph(starts: list[int], a: int, b: int) -> bool:
    return bisect_right(starts, a) == bisect_right(starts, b)


def continues(text: str, starts: list[int], opened: int, at: int) -> bool:
    """Whether the mark at `at` opens the paragraph right after the one of `opened` (blank ones apart)."""
    index = bisect_right(starts, opened)
    return index < len(starts) and not text[starts[index] : at].strip()


def paragraph_end(text: str, starts: list[int], at: int) -> int:
    index = bisect_right(starts, at)
    end = starts[index] if index < len(starts) else len(text)
    while end > at and text[end - 1].isspace():
        end -= 1
    return end


def speaker_tags(text: str) -> list[Said]:
    """The turns of a transcript ("SMITH: We hear ..."), each up to the next tag. One alone may be a dateline: none."""
    tags = list(TAG.finditer(text))
    if len(tags) < 2:
        return []
    ends = [*(tag.start() for tag in tags[1:]), len(text)]
    return [Said(tag.start("name"), tag.end("name"), tag.end(), end) for tag, end in zip(tags, ends, strict=True)]


def signatures(text: str, starts: list[int]) -> list[Said]:
    """Posts signed "— Name (@handle)" and quotations signed "― Name".

    The words are those before the name in its paragraph, or the paragraph before.
    """
    found = []
    floor = 0
    for match in SIGNATURE.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        while index > 0 and not text[starts[index] : match.start()].strip():
            index -= 1
        first = max(floor, starts[index])
        group = "name" if match["name"] else "other"
        if text[first : match.start()].strip():
            found.append(Said(match.start(group), match.end(group), first, match.start()))
        floor = match.end()
    return found

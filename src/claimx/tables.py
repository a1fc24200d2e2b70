"""Records as tables for a terminal: a block for each claim where it is narrow, a table where it is wide.

Only the terminal's own named colours are used, and its default for most text, so that dark and light terminals both do.
Every string of an article goes through `visible` into a `Text`: neither its control characters nor its brackets act.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from claimx.models import ArticleRecord, Claim, Count, EventDate, Source, Span
from claimx.writing import visible

WIDE = 120  # columns from which a claim fits a row
STATUS = {
    "reported": ("●", "green"),
    "denied": ("✗", "red"),
    "possible": ("?", "magenta"),
    "planned": ("→", "cyan"),
}
FAINT = "dim"
STATUS_WIDTH = 16
WHAT_WIDTH = 20


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which answers a closed pipe the same way for every format."""
        raise BrokenPipeError


def console(file: TextIO, *, width: int | None = None) -> Console:
    """A console that writes to `file`: in colour on a terminal, without any escape where NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR"))
    colours: Literal["auto"] | None = None if plain else "auto"
    return _Console(file=file, width=width, color_system=colours, highlight=False, markup=False, emoji=False)


def render(record: ArticleRecord, width: int) -> RenderableType:
    """One article: a heading, then its claims."""
    claims = _rows(record.claims, width) if width >= WIDE else _blocks(record.claims)
    return Group(_heading(record), *claims)


def _heading(record: ArticleRecord) -> RenderableType:
    article = record.article
    number = len(record.claims)
    notes = [
        article.id if article.title else "",
        article.publisher or "",
        f"published {article.published} ({article.published_from})"
        if article.published
        else "publication date unknown",
        f"{article.words:,} words",
        f"{number or 'no'} claim{'' if number == 1 else 's'}",
    ]
    title = Text(_line(article.title or article.id), style="bold", overflow="fold")
    return Group(title, Text(_line(" · ".join(filter(None, notes))), style=FAINT), Rule(style=FAINT))


# --- the slots -----------------------------------------------------------------------------------------------------


class Slot(NamedTuple):
    """A column of the wide table, a line of the narrow block."""

    label: str
    cells: Callable[[Claim], list[Text]]


SLOTS = (
    Slot("who", lambda claim: [_mention(one, one.name, one.kind) for one in claim.actors]),
    Slot("to whom", lambda claim: [_mention(one, one.name, one.kind) for one in claim.targets]),
    Slot("with", lambda claim: [_mention(one, one.name, one.kind) for one in claim.weapons]),
    Slot("how many", lambda claim: [_count(one) for one in claim.counts]),
    Slot("when", lambda claim: [_mention(claim.date, _days(claim.date))] if claim.date else []),
    Slot("where", lambda claim: [_mention(one, one.name, one.country) for one in claim.locations]),
    Slot("says", lambda claim: [_source(claim.source)] if claim.source else []),
)


def _mention(span: Span, stands_for: str | None, note: str | None = None) -> Text:
    """A mention as it stands in the text, what it stands for and, fainter, what it is where it does not say so."""
    cell = Text(_line(span.text))
    if stands_for and stands_for != span.text:
        cell.append(f" = {_line(stands_for)}")
    note = (note or "").replace("_", " ")
    if note and note != "unknown" and note not in span.text.lower():
        cell.append(f" ({_line(note)})", style=FAINT)
    return cell


def _count(count: Count) -> Text:
    """`at least 30 weapons (rocket)`, `dozens killed (24+)`; the bounds only where the text has no digits."""
    cell = Text(_line(" ".join(filter(None, (count.text, count.role)))))
    bounds = "" if any(map(str.isdigit, count.text)) else _bounds(count)
    unit = "" if count.unit is None or f"{count.unit}s" == count.role else count.unit
    if note := ", ".join(filter(None, (bounds, unit))):
        cell.append(f" ({_line(note)})", style=FAINT)
    return cell


def _bounds(count: Count) -> str:
    low, high = ("" if bound is None else f"{bound:,.10g}" for bound in (count.min, count.max))
    if not high:
        return low and f"{low}+"
    return low if low == high else f"{low}–{high}" if low else f"up to {high}"


def _days(date: EventDate) -> str | None:
    days = [day or "…" for day in (date.earliest, date.latest)]
    return None if days == ["…", "…"] else " – ".join(dict.fromkeys(days))


def _source(source: Source) -> Text:
    return _mention(source, source.name, ", ".join(filter(None, (source.cue, "quoted" if source.quoted else ""))))


def _what(claim: Claim) -> Text:
    return Text.assemble((claim.type, "bold cyan"), (" · ", FAINT), (_line(claim.trigger.text), "bold"))


def _status(claim: Claim) -> Text:
    mark, colour = STATUS[claim.status]
    return Text.assemble((f"{mark} {claim.status}", colour), (f"  {claim.confidence:.2f}", FAINT))


def _evidence(claim: Claim) -> Text:
    """The sentence in quotation marks, its trigger bold and its mentions underlined."""
    mentions: tuple[Span | None, ...] = (
        *claim.actors, *claim.targets, *claim.weapons, *claim.counts, *claim.locations, claim.date, claim.source
    )  # fmt: skip
    styled = [(span.start, span.end, "underline") for span in mentions if span]
    styled.append((claim.trigger.start, claim.trigger.end, "bold"))
    # `visible` changes lengths, so the sentence is cut at every edge first and each piece made visible by itself.
    start, end = claim.evidence.start, claim.evidence.end
    edges = sorted({start, end, *(edge for piece in styled for edge in piece[:2] if start < edge < end)})
    text = Text.assemble(("“", FAINT), overflow="fold")
    for left, right in itertools.pairwise(edges):
        styles = {style for low, high, style in styled if low <= left and right <= high}
        text.append(visible(claim.evidence.text[left - start : right - start]), style=" ".join(sorted(styles)))
    return text.append("”", style=FAINT)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


# --- the two layouts -----------------------------------------------------------------------------------------------


def _numbered(claims: Sequence[Claim]) -> Iterator[tuple[int, Claim, Text]]:
    """The claims with their numbers and evidence; a sentence that was just shown is not shown again."""
    before: tuple[int, Span] | None = None
    for number, claim in enumerate(claims, 1):
        if before and before[1] == claim.evidence:
            yield number, claim, Text(f"the sentence of {before[0]}", style=FAINT)
        else:
            before = (number, claim.evidence)
            yield number, claim, _evidence(claim)


def _blocks(claims: Sequence[Claim]) -> Iterator[RenderableType]:
    """Each claim as a headline, a line for each slot that is filled, and its evidence."""
    indent = len(str(len(claims))) + 1
    for number, claim, evidence in _numbered(claims):
        head = _grid(indent - 1, None, STATUS_WIDTH)
        head.add_row(Text(str(number), style=FAINT, justify="right"), _what(claim), Text("") + _status(claim))
        slots = _grid(max(len(slot.label) for slot in SLOTS), None)
        for slot in SLOTS:
            if cells := slot.cells(claim):
                slots.add_row(Text(slot.label, style=FAINT), Text("; ").join(cells))
        yield Group(head, Padding(Group(slots, evidence), (0, 0, 1, indent)))


def _rows(claims: Sequence[Claim], width: int) -> Iterator[RenderableType]:
    """Each claim as a row of the slots that any claim fills, its evidence under it."""
    shown = [slot for slot in SLOTS if any(slot.cells(claim) for claim in claims)]
    first = len(str(len(claims)))
    widths = (first, WHAT_WIDTH, *_shares(shown, claims, width - first - WHAT_WIDTH - len(shown) - 2))
    if claims:
        names = _grid(*widths)
        names.add_row("", *(Text(label, style=FAINT) for label in ("what", *(slot.label for slot in shown))))
        yield names
    for number, claim, evidence in _numbered(claims):
        row = _grid(*widths)
        what = Group(_what(claim), _status(claim))
        row.add_row(Text(str(number), style=FAINT), what, *(Text("\n").join(slot.cells(claim)) for slot in shown))
        yield Group(row, Padding(evidence, (0, 0, 1, first + 1)))


def _shares(shown: Sequence[Slot], claims: Sequence[Claim], room: int) -> Iterator[int]:
    """The widths of the columns: that of the longest cell, within bounds, all made smaller where there is no room."""
    wanted = [
        max(len(slot.label), *(min(cell.cell_len, 30) for claim in claims for cell in slot.cells(claim)))
        for slot in shown
    ]
    scale = min(1.0, room / max(1, sum(wanted)))
    return (max(10, int(want * scale)) for want in wanted)


def _grid(*widths: int | None) -> Table:
    """A table without lines; None is a column that takes what is left."""
    grid = Table.grid(padding=(0, 1, 0, 0), expand=None in widths)
    for width in widths:
        grid.add_column(width=width, ratio=None if width else 1, overflow="fold")
    return grid

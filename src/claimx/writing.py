"""Records -> bytes: JSON, JSON Lines and CSV, and files that appear whole or not at all.

Every form is UTF-8 and streams: `header(form)` once, then `encode(record, form)` for each article.
"""

import contextlib
import csv
import io
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal, get_args

import msgspec

from claimx.models import Annotation, ArticleKey, ArticleRecord, Claim, ClaimLine, Count, Problem

Form = Literal["json", "jsonl", "csv"]
FORMS: tuple[Form, ...] = get_args(Form)

_encoder = msgspec.json.Encoder()


def header(form: Form) -> bytes:
    """What stands once before the first record."""
    return _csv_row(CSV_COLUMNS) if form == "csv" else b""


def encode(record: ArticleRecord, form: Form) -> bytes:
    """One article's claims: an indented object (json), a line (jsonl) or a row (csv) for each claim."""
    if form == "json":
        return _indented(record)
    lines = claim_lines(record)
    if form == "jsonl":
        return b"".join(_encoder.encode(line) + b"\n" for line in lines)
    return b"".join(_csv_row(cells(line)) for line in lines)


def encode_annotation(annotation: Annotation, form: Literal["json", "jsonl"]) -> bytes:
    """One article's annotation: an indented object (json) or one line (jsonl)."""
    return _indented(annotation) if form == "json" else _encoder.encode(annotation) + b"\n"


def claim_lines(record: ArticleRecord) -> Iterator[ClaimLine]:
    """The claims of a record, each with its article."""
    head = record.article
    key = ArticleKey(**{name: getattr(head, name) for name in ArticleKey.__struct_fields__})
    for claim in record.claims:
        fields = {name: getattr(claim, name) for name in Claim.__struct_fields__}
        yield ClaimLine(**fields, schema=record.schema, article=key)


def _indented(record: ArticleRecord | Annotation) -> bytes:
    return msgspec.json.format(_encoder.encode(record), indent=2) + b"\n"


# --- CSV -----------------------------------------------------------------------------------------------------------

CSV_COLUMNS = (
    "id", "event", "type", "plover", "acled", "status", "confidence",
    "trigger", "trigger_lemma",
    "actors", "actor_names", "actor_kinds",
    "targets", "target_names", "target_kinds",
    "weapons", "weapon_kinds",
    "counts", "killed_min", "killed_max", "wounded_min", "wounded_max",
    "date", "earliest", "latest", "edtf",
    "locations", "countries", "lat", "lon",
    "source", "source_name", "source_cue",
    "evidence", "evidence_start", "evidence_end", "rules",
    "article_id", "article_path", "article_title", "article_published", "article_publisher", "article_sha256",
)  # fmt: skip

Cell = str | int | float | None

# A spreadsheet takes a cell that begins so for a formula and runs it: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"[=+\-@\t\r\n]")


def _csv_row(cells: Iterable[Cell]) -> bytes:
    """One line. The writer ends it with CR LF, by which it knows to quote either, but plain tools want LF alone."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(map(_inert, cells))
    return text.getvalue().removesuffix("\r\n").encode() + b"\n"


def _inert(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def cells(line: ClaimLine) -> tuple[Cell, ...]:
    """The cells of one claim, in the order of CSV_COLUMNS; `names` are the resolved names, else the texts."""
    place = next((place for place in line.locations if place.lat is not None), None)
    date, source, article = line.date, line.source, line.article
    return (
        line.id, line.event, line.type, line.plover, line.acled, line.status, line.confidence,
        line.trigger.text, line.trigger.lemma,
        _join(one.text for one in line.actors), _join(one.name or one.text for one in line.actors),
        _join(one.kind for one in line.actors),
        _join(one.text for one in line.targets), _join(one.name or one.text for one in line.targets),
        _join(one.kind for one in line.targets),
        _join(one.text for one in line.weapons), _join(one.kind for one in line.weapons),
        _join(map(count_text, line.counts)), *_bounds(line.counts, "killed"), *_bounds(line.counts, "wounded"),
        *((date.text, date.earliest, date.latest, date.edtf) if date else (None,) * 4),
        _join(one.text for one in line.locations), _join(one.country for one in line.locations if one.country),
        *((place.lat, place.lon) if place else (None,) * 2),
        *((source.text, source.name or source.text, source.cue) if source else (None,) * 3),
        line.evidence.text, line.evidence.start, line.evidence.end, _join(line.rules),
        article.id, article.path, article.title, article.published, article.publisher, article.sha256,
    )  # fmt: skip


def _join(values: Iterable[str]) -> str:
    return "; ".join(values)


def _bounds(counts: Iterable[Count], role: str) -> tuple[Cell, Cell]:
    """The bounds of the first count of a role: what is summed and sorted by most often."""
    first = next((count for count in counts if count.role == role), None)
    return (first.min, first.max) if first else (None, None)


def count_text(count: Count) -> str:
    """`at least 120 [120.. attacks attack]`: text, inclusive bounds (open where unknown), role and unit.

    >>> count_text(Count("up to 40", 0, 8, None, 40, "people", "killed", False))
    'up to 40 [..40 killed people]'
    """
    low, high = ("" if bound is None else str(bound) for bound in (count.min, count.max))
    return f"{count.text} [{' '.join(filter(None, (f'{low}..{high}', count.role, count.unit)))}]"


# --- text that is safe to show -------------------------------------------------------------------------------------

# Characters that move the cursor, colour the screen, hide or reorder what is read (C0, C1, bidirectional controls,
# tags, lone surrogates). White space among them is shown as a space.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """`text` on one line, without any character that a terminal would obey; such a one is named instead.

    >>> visible("red \\x1b[31m" + chr(0x202E) + "\\n")
    'red <U+001B>[31m<U+202E> '
    """
    return _UNSAFE.sub(lambda m: " " if m[0].isspace() else f"<U+{ord(m[0]):04X}>", text)


# --- where it goes -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """A stream to write to: standard output, or a file that replaces `path` only when everything went well.

    Problem where the file cannot be made or written; an unfinished file is removed.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    # A link leads to the file to replace. What is no file (/dev/null, a named pipe) cannot be replaced, only written.
    path = path.resolve()
    whole = path.is_file() or not path.exists()
    part = path.with_name(f".{path.name[:200]}.{os.getpid()}.part") if whole else path
    try:
        with part.open("wb") as stream:
            if path.is_file():
                part.chmod(stat.S_IMODE(path.stat().st_mode))
            yield stream
        if whole:
            part.replace(path)
    except BaseException as error:
        if whole:
            with contextlib.suppress(OSError):
                part.unlink()
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise Problem(f"{path}: cannot write: {error.strerror or error}", "choose another --output") from error
        raise

"""Bytes -> articles: text files of any encoding, JSON Lines with an article a line, a .gz of either, standard input.

What cannot be read is reported as a `Problem` that names file and cause, and the rest is read on. Line endings stay as
they are; a byte-order mark is dropped. Each input is read once and, where it is JSON Lines, line by line.
"""

import hashlib
import io
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from claimx.decoding import decode
from claimx.models import Article, Problem, PublishedFrom
from claimx.sources import (
    LINES_SUFFIXES,
    STDIN,
    Report,
    Source,
    find_sources,
    open_source,
    os_problem,
    printable,
    unpacked,
)

MAX_BYTES = 100_000_000  # of a text, or of one line of JSON Lines: more is not an article
_OTHER_FORMS = {
    ".pdf": "a PDF file", ".htm": "a web page", ".html": "a web page", ".docx": "a Word file", ".doc": "a Word file",
    ".eml": "a mail", ".warc": "a web archive", ".zip": "a compressed file", ".gz": "a compressed file",
    ".json": "JSON",
}  # fmt: skip


def read_articles(
    inputs: Iterable[str | Source],
    *,
    published: date | None = None,
    on_problem: Report,
    on_warning: Callable[[str], None] = lambda _: None,
    on_bytes: Callable[[int], None] = lambda _: None,
) -> Iterator[Article]:
    """The articles of all inputs, in order; an id that was seen before gets `#2`, `#3` and so on.

    `published` is set before anything that the input says. `on_problem` is told of what could not be read,
    `on_warning` of what was read with loss, `on_bytes` of how many bytes were read more, of a .gz file its own. A name
    may be a pattern (`*.txt`); folders are for `find_sources`.
    """
    seen: dict[str, int] = {}
    for where in _sources(inputs, on_problem):
        reader = _Reader(where, published, on_problem, on_warning, on_bytes)
        try:
            for article in reader.articles():
                yield _unique(article, seen)
        except OSError as error:
            on_problem(os_problem(where.path, error))
        except Problem as problem:
            on_problem(problem)


def _sources(inputs: Iterable[str | Source], on_problem: Report) -> Iterator[Source]:
    for one in inputs:
        if isinstance(one, Source):
            yield one
        else:
            yield from find_sources([one], folders=False, on_problem=on_problem)


def parse_date(text: str) -> date | None:
    """The day of an ISO 8601 date or time as it is written, or of a date in words that names day, month and year
    ("8 January 2024", "Mon, 08 Jan 2024 21:54:00 GMT"); None for all else, "yesterday" and "03/04/2024" among them.
    """
    text = text.strip()
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    if len(text) > 60 or not re.search(r"[A-Za-z]{3}", text) or not re.search(r"\b\d{4}\b", text):
        return None  # dateparser would guess what is missing; a guessed publication day would date every claim wrong
    from dateparser.date import DateDataParser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(text).date_obj
    return found.date() if found else None


class _Reader(NamedTuple):
    """What the functions that read one source share."""

    source: Source
    published: date | None
    on_problem: Report
    on_warning: Callable[[str], None]
    on_bytes: Callable[[int], None]

    @property
    def name(self) -> str:
        return "standard input" if self.source.path == STDIN else printable(self.source.path)

    @property
    def path(self) -> str | None:
        return None if self.source.path == STDIN else printable(self.source.path)

    def articles(self) -> Iterator[Article]:
        suffix = unpacked(self.source.path).suffix.lower()
        if form := _OTHER_FORMS.get(suffix):
            hint = "put one article on a line, in a .jsonl file" if suffix == ".json" else "save it as a text file"
            raise Problem(f"{self.name}: {form} is not read", hint)
        with open_source(self.source.path, self.on_bytes) as stream:
            if self.source.path == STDIN:
                yield from self._stdin(stream)
            elif suffix in LINES_SUFFIXES:
                yield from self._lines(_numbered(stream))
            else:
                yield self._text(stream.read(MAX_BYTES + 1))

    def _stdin(self, stream: io.BufferedIOBase) -> Iterator[Article]:
        """JSON Lines where the first line that is not blank is an article as JSON, else one text."""
        head = b""
        for number, line in _numbered(stream):
            if not line.strip():
                head += line
            elif line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") and _is_record(line):
                yield from self._lines(itertools.chain([(number, line)], _numbered(stream, number)))
                return
            else:
                head += line
                break
        yield self._text(head + stream.read(max(0, MAX_BYTES + 1 - len(head))))

    def _text(self, data: bytes) -> Article:
        if len(data) > MAX_BYTES:
            raise Problem(f"{self.name}: larger than {MAX_BYTES // 1_000_000} MB", "cut it into articles")
        text = decode(data, self.name, self.on_warning)
        if not text.strip():
            raise Problem(f"{self.name}: is empty")
        return self._article(text, data, id=self.source.id, title=_headline(text))

    def _lines(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[Article]:
        some = False
        for number, line in lines:
            if not line.strip():
                continue
            some = True
            try:
                yield self._record(line, number)
            except Problem as problem:
                self.on_problem(problem)
        if not some:
            raise Problem(f"{self.name}: is empty")

    def _record(self, line: bytes, number: int) -> Article:
        """Problem where the line is not a JSON object with a text."""
        where = f"{self.name}:{number}"
        if len(line) > MAX_BYTES:
            raise Problem(f"{where}: the line is longer than {MAX_BYTES // 1_000_000} MB")
        line = line.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        record = _parse(line, where)
        if not isinstance(record.get("text"), str | None):
            raise Problem(f"{where}: `text` is not a string")
        for field in ("title", "publisher", "published"):
            if not isinstance(record.get(field), str | None):
                self.on_warning(f"{where}: `{field}` is not a string, so it is not used")
                del record[field]
        text, title = printable(record.get("text") or ""), printable(record.get("title") or "").strip()
        if title and text.lstrip().partition("\n")[0].strip() != title:
            text = f"{title}\n\n{text}"
        if not text.strip():
            raise Problem(f"{where}: no `text`", 'an article is {"id": "...", "text": "..."}')
        published = parse_date(record.get("published") or "")
        if record.get("published") and not published:
            self.on_warning(f"{where}: `published` is not an ISO date (2024-01-08), so it is not used")
        name = record.get("id")
        return self._article(
            text,
            line,
            id=printable(str(name)) if isinstance(name, str | int) and name != "" else f"{self.source.id}:{number}",
            title=title or _headline(text),
            published=published,
            publisher=printable(record.get("publisher") or "") or None,
        )

    def _article(
        self,
        text: str,
        data: bytes,
        *,
        id: str,  # noqa: A002 - the record's own name
        title: str | None,
        published: date | None = None,
        publisher: str | None = None,
    ) -> Article:
        from claimx.dateline import find_published, find_publisher

        origin: PublishedFrom | None = "record" if published else None
        if self.published:
            published, origin = self.published, "option"
        elif not published:
            published = find_published(text)
            origin = "dateline" if published else None
        return Article(
            id=id,
            text=text,
            path=self.path,
            title=title,
            published=published.isoformat() if published else None,
            published_from=origin,
            publisher=publisher or find_publisher(text),
            sha256=hashlib.sha256(data).hexdigest(),
        )


def _numbered(stream: io.BufferedIOBase, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; of a line that is too long only its beginning is kept, one byte over the limit."""
    for number in itertools.count(start + 1):
        line = stream.readline(MAX_BYTES + 1)
        if not line:
            return
        rest = line
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES + 1)
        yield number, line


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(_parse(line.removeprefix(b"\xef\xbb\xbf"), "").get("text"), str)
    except Problem:
        return False


def _parse(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise Problem(
            f"{where}: not UTF-8 (byte {error.start + 1} of the line)", "convert it: iconv -t utf-8"
        ) from error
    except json.JSONDecodeError as error:
        raise Problem(
            f"{where}: not JSON: {error.msg} at column {error.colno}", "one article stands on one line"
        ) from error
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond measure
        raise Problem(f"{where}: not JSON that can be read: {error}") from error
    if not isinstance(record, dict):
        raise Problem(f"{where}: not a JSON object", 'an article is {"id": "...", "text": "..."}')
    return record


_HEADER_DATE = re.compile(r"\s*(?:date:?[ \t]+)?\d{4}-\d\d-\d\d[ \t]+", re.IGNORECASE)
_HEADLINE_CHARS = 200


def _headline(text: str) -> str | None:
    """The first line where it looks like a headline: short, no sentence, with a text under it."""
    start = len(text) - len(text.lstrip())
    line, _, rest = text[start:].partition("\n")
    if header := _HEADER_DATE.match(line):
        line = line[header.end() :]
    line = line.strip()
    is_headline = 0 < len(line) <= _HEADLINE_CHARS and rest.strip() and line.rstrip("\"'”’)")[-1:] not in (*".,;:", "")
    return line if is_headline else None


def _unique(article: Article, seen: dict[str, int]) -> Article:
    """The article under an id of its own; `seen` counts the articles of each id."""
    name = article.id
    while name in seen:
        seen[article.id] += 1
        name = f"{article.id}#{seen[article.id]}"
    seen[name] = 1
    return article if name == article.id else msgspec.structs.replace(article, id=name)

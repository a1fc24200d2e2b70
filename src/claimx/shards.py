"""A shard: some articles in a row, and what becomes of them. It travels as plain bytes to any process or machine.

Which articles make a shard depends on the input alone, not on who reads it, so that a run can be taken up again.
"""

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from claimx.messages import fault, label
from claimx.models import Annotation, Article, ArticleRecord, Problem
from claimx.writing import Form, encode

if TYPE_CHECKING:
    from claimx.pipeline import Extractor

ARTICLES = 64  # in a shard, at most
CHARS = 400_000  # about; one article may be longer

Kind = Literal["unreadable", "fault", "timeout", "died"]


class Setup(Struct, frozen=True):
    """What is done to every article: with what `claimx.load` is called, and the form of the output."""

    form: Form = "jsonl"
    model: str | None = None
    lexicon: tuple[Path, ...] = ()


class Shard(Struct, frozen=True):
    """Articles in a row; `number` counts the shards from 0, `read` the bytes of the input up to the last article."""

    number: int
    articles: tuple[Article, ...]
    read: int = 0

    def digest(self) -> str:
        """Tells whether two shards hold the same articles."""
        held = "\0".join(f"{article.id}\0{article.sha256}\0{article.published}" for article in self.articles)
        return hashlib.sha256(held.encode("utf-8", "replace")).hexdigest()

    def chars(self) -> int:
        return sum(len(article.text) for article in self.articles)


class Failure(Struct, frozen=True):
    """An article that could not be done, or an input that could not be read (`article` is null)."""

    kind: Kind
    cause: str
    hint: str = ""
    article: str | None = None
    path: str | None = None


class Done(Struct, frozen=True):
    """What became of a shard: its encoded claims, what was counted, and what failed."""

    data: bytes = b""
    articles: int = 0
    words: int = 0
    claims: int = 0
    undated: int = 0
    failures: tuple[Failure, ...] = ()


def cut(articles: Iterable[Article], position: Callable[[], int] = lambda: 0) -> Iterator[Shard]:
    """The articles in shards of at most ARTICLES articles and about CHARS characters.

    `position` tells how many bytes have been read so far.
    """
    waiting: list[Article] = []
    number = chars = 0
    for article in articles:
        waiting.append(article)
        chars += len(article.text)
        if len(waiting) == ARTICLES or chars >= CHARS:
            yield Shard(number, tuple(waiting), position())
            waiting, chars, number = [], 0, number + 1
    if waiting:
        yield Shard(number, tuple(waiting), position())


def process(articles: Sequence[Article], setup: Setup) -> Done:
    """Extract and encode articles; one that cannot be done is a failure, not the end of the others."""
    extractor = loaded(setup)
    failures: list[Failure] = []
    try:
        records = list(extractor.pipe(articles))
    except Exception:  # noqa: BLE001 - a fault of ours in one article must not cost the others
        records = []
        for article in articles:
            try:
                records.append(extractor.extract(article))
            except Exception as error:  # noqa: BLE001
                failures.append(failed(article, "fault", fault(article, error)))
    return Done(
        data=b"".join(encode(record, setup.form) for record in records),
        articles=len(records),
        words=sum(record.article.words for record in records),
        claims=sum(len(record.claims) for record in records),
        undated=sum(map(is_undated, records)),
        failures=tuple(failures),
    )


def joined(parts: Sequence[Done]) -> Done:
    """What became of a shard whose articles were done one by one."""
    return Done(
        data=b"".join(part.data for part in parts),
        articles=sum(part.articles for part in parts),
        words=sum(part.words for part in parts),
        claims=sum(part.claims for part in parts),
        undated=sum(part.undated for part in parts),
        failures=tuple(failure for part in parts for failure in part.failures),
    )


def failed(article: Article, kind: Kind, problem: Problem) -> Failure:
    return Failure(kind, problem.cause, problem.hint, article.id, article.path)


def given_up(article: Article, kind: Literal["timeout", "died"], seconds: float) -> Done:
    """An article that the process working on it did not survive, or that took longer than `seconds`."""
    if kind == "timeout":
        problem = Problem(f"{label(article)}: took longer than {seconds:g} s", "allow more with --timeout")
    else:
        hint = "memory may be short: try fewer --workers"
        problem = Problem(f"{label(article)}: the process that worked on it died", hint)
    return Done(failures=(failed(article, kind, problem),))


@functools.cache
def loaded(setup: Setup) -> "Extractor":
    """The extractor, loaded once in each process."""
    from claimx.pipeline import load

    return load(setup.model, setup.lexicon)


def is_undated(record: ArticleRecord | Annotation) -> bool:
    """Whether a date stays unresolved because the article's publication date is unknown."""
    if record.article.published:
        return False
    if isinstance(record, Annotation):
        return any(date.earliest is None and date.latest is None for date in record.dates)
    dates = (claim.date for claim in record.claims)
    return any(date and date.earliest is None and date.latest is None for date in dates)

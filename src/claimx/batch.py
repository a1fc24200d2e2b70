"""Many articles: cut into shards, read by one or more processes, written in the order of the input.

A shard goes in as plain articles and comes back as encoded bytes, so that it can travel to any process or machine.
"""

import collections
import contextlib
import dataclasses
import functools
import itertools
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from claimx.messages import fault, label, plural
from claimx.models import Annotation, Article, ArticleRecord, Problem
from claimx.writing import Form, encode

if TYPE_CHECKING:
    from claimx.pipeline import Extractor

SHARD_ARTICLES = 16
SHARD_CHARS = 200_000
_AHEAD = 3  # shards that wait for each worker: enough to keep it busy, few enough to hold in memory


class Engine(NamedTuple):
    """What `claimx.load` needs."""

    model: str | None = None
    lexicon: tuple[Path, ...] = ()


class Shard(NamedTuple):
    """Some articles in a row, and how many bytes of the input had been read when the last of them was."""

    articles: tuple[Article, ...]
    bytes_read: int = 0


class Done(NamedTuple):
    """A shard's output: its encoded claims, what was counted, and what failed."""

    data: bytes
    articles: int
    claims: int
    undated: int
    problems: tuple[Problem, ...]
    bytes_read: int


def shards(articles: Iterable[Article], position: Callable[[], int] = lambda: 0) -> Iterator[Shard]:
    """The articles in shards of at most SHARD_ARTICLES articles and about SHARD_CHARS characters.

    `position` tells how many bytes have been read so far.
    """
    waiting: list[Article] = []
    chars = 0
    for article in articles:
        waiting.append(article)
        chars += len(article.text)
        if len(waiting) == SHARD_ARTICLES or chars >= SHARD_CHARS:
            yield Shard(tuple(waiting), position())
            waiting, chars = [], 0
    if waiting:
        yield Shard(tuple(waiting), position())


def process(shard: Shard, engine: Engine, form: Form) -> Done:
    """Extract and encode one shard; an article that cannot be done is a problem, not the end of the shard."""
    extractor = loaded(engine)
    problems: list[Problem] = []
    try:
        records = list(extractor.pipe(shard.articles))
    except Exception:  # noqa: BLE001 - a fault of ours in one article must not cost the others
        records = []
        for article in shard.articles:
            try:
                records.append(extractor.extract(article))
            except Exception as error:  # noqa: BLE001
                problems.append(fault(article, error))
    return Done(
        data=b"".join(encode(record, form) for record in records),
        articles=len(records),
        claims=sum(len(record.claims) for record in records),
        undated=sum(map(is_undated, records)),
        problems=tuple(problems),
        bytes_read=shard.bytes_read,
    )


@functools.cache
def loaded(engine: Engine) -> "Extractor":
    """The extractor, loaded once in each process."""
    from claimx.pipeline import load

    return load(engine.model, engine.lexicon)


def is_undated(record: ArticleRecord | Annotation) -> bool:
    """Whether a date stays unresolved because the article's publication date is unknown."""
    if record.article.published:
        return False
    if isinstance(record, Annotation):
        return any(date.earliest is None and date.latest is None for date in record.dates)
    dates = (claim.date for claim in record.claims)
    return any(date and date.earliest is None and date.latest is None for date in dates)


@dataclasses.dataclass
class Tally:
    """What a run has done so far."""

    bytes_read: int = 0
    articles: int = 0
    claims: int = 0
    undated: int = 0
    start: float = dataclasses.field(default_factory=time.monotonic)

    def read(self, number: int) -> None:
        self.bytes_read += number

    def add(self, done: Done) -> None:
        self.articles += done.articles
        self.claims += done.claims
        self.undated += done.undated

    def seconds(self) -> float:
        return max(time.monotonic() - self.start, 1e-3)

    def rate(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds()

    def sentence(self, failed: int) -> str:
        return (
            f"{plural(self.articles, 'article')}, {plural(self.claims, 'claim')}, {failed:,} failed "
            f"in {self.seconds():.1f} s ({self.rate():.1f} articles/s)"
        )


class Workers:
    """Processes that have loaded the engine; the process itself where there is one. Use it as a context.

    Entering raises Problem where the engine cannot be loaded.
    """

    def __init__(self, number: int, engine: Engine, form: Form) -> None:
        self.number = number
        self.engine = engine
        self.form = form
        self.pool: ProcessPoolExecutor | None = None
        self.strangers: set[BaseProcess] = set()  # child processes that are not ours

    def __enter__(self) -> Self:
        if self.number > 1:
            self.strangers = set(active_children())
            self.pool = _pool(self.number)
            self.pool.submit(_ready, self.engine).result()
        else:
            loaded(self.engine)
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)
            if error:
                for child in set(active_children()) - self.strangers:  # not to wait for what nobody will read
                    child.terminate()

    def run(self, work: Iterable[Shard]) -> Iterator[Done]:
        """Process every shard; what comes back has the order of `work`."""
        if not self.pool:
            for shard in work:
                yield process(shard, self.engine, self.form)
            return
        todo = iter(work)
        waiting: collections.deque[tuple[Shard, Future[Done]]] = collections.deque()
        while True:
            for shard in itertools.islice(todo, self.number * _AHEAD - len(waiting)):
                waiting.append((shard, self._submit(shard)))
            if not waiting:
                return
            shard, future = waiting.popleft()
            try:
                done = future.result()
            except BrokenProcessPool:
                # A worker was killed, and the whole pool with it. Whose fault it was is not known, so this shard is
                # tried alone, and the others all together again.
                done = self._alone(shard)
                waiting = collections.deque((shard, self._submit(shard)) for shard, _ in waiting)
            yield done

    def _submit(self, shard: Shard) -> Future[Done]:
        """The shard's future; where the pool is broken, one that says so when its turn comes."""
        try:
            if self.pool:
                return self.pool.submit(process, shard, self.engine, self.form)
            raise BrokenProcessPool
        except BrokenProcessPool as error:
            future: Future[Done] = Future()
            future.set_exception(error)
            return future

    def _alone(self, shard: Shard) -> Done:
        self._restart()
        try:
            return self._submit(shard).result()
        except BrokenProcessPool:
            self._restart()
            hint = "memory may be short: try fewer --workers"
            problems = (Problem(f"{label(one)}: a process died that worked on it", hint) for one in shard.articles)
            return Done(b"", 0, 0, 0, tuple(problems), shard.bytes_read)

    def _restart(self) -> None:
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)
        self.pool = _pool(self.number)


def _pool(number: int) -> ProcessPoolExecutor:
    # Started anew rather than forked: the parent has threads (the progress bar), and a fork would copy their locks.
    return ProcessPoolExecutor(number, get_context("spawn"), initializer=_end_at_interrupt)


def _end_at_interrupt() -> None:
    """Ctrl-C reaches every process of the terminal; the parent alone says something about it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _ready(engine: Engine) -> None:
    loaded(engine)


@contextlib.contextmanager
def progress(total: int, *, shown: bool) -> Iterator[Callable[[Tally, int], None]]:
    """A bar on standard error, where that is a terminal: call it with the tally and the bytes done of `total`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[articles]:,} articles, {task.fields[claims]:,} claims"),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    shown = shown and console.is_terminal
    with Progress(*columns, console=console, disable=not shown, transient=True) as bar:
        task = bar.add_task("", total=total or None, articles=0, claims=0, rate=0.0)
        yield lambda tally, bytes_read: bar.update(
            task, completed=bytes_read, articles=tally.articles, claims=tally.claims, rate=tally.rate()
        )

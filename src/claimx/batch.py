"""Many articles: cut into shards, done by processes here or on a cluster, kept in a ledger, joined at the end.

What was done is never done again: a run that was interrupted in any way goes on where it stopped.
"""

import collections
import contextlib
import dataclasses
import functools
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from claimx import __version__
from claimx.ledger import Entry, Ledger
from claimx.messages import Messages, plural
from claimx.models import SCHEMA, Problem
from claimx.outputs import SUFFIXES, Failures, Output
from claimx.progress import progress
from claimx.shards import Done, Failure, Kind, Setup, Shard, cut
from claimx.sources import printable

Engine = Callable[[Iterable[Shard]], Iterator[tuple[Shard, Done]]]


@dataclasses.dataclass(frozen=True)
class Job:
    """What the user asks for: the options of `claimx batch`."""

    inputs: Sequence[str]
    output: str
    form: str | None = None
    workers: int | None = None
    timeout: float | None = None
    restart: bool = False
    shard: tuple[int, int] = (1, 1)
    engine: Literal["local", "dask"] = "local"
    scheduler: str | None = None
    published: date | None = None
    lexicon: tuple[Path, ...] = ()
    model: str | None = None

    def target(self) -> Output:
        return Output(self.output, self.form or SUFFIXES.get(Path(self.output).suffix.lower(), "jsonl"))

    def setup(self) -> Setup:
        return Setup(self.target().shard_form(), self.model, self.lexicon)

    def crew_size(self) -> int:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self.workers or cores or 1

    def options(self) -> dict[str, Any]:
        """All that the output depends on: a run may go on only with the same."""
        return {
            "schema": SCHEMA,
            "claimx": __version__,
            "inputs": list(self.inputs),
            "form": self.target().shard_form(),
            "shard": "/".join(map(str, self.shard)),
            "published": self.published and self.published.isoformat(),
            "model": self.model,
            "lexicon": [fingerprint(path) for path in self.lexicon],
        }


def fingerprint(path: Path) -> str:
    """Tells whether a lexicon, a file or a folder of them, has changed."""
    from claimx.lexicon import toml_files

    return hashlib.sha256(b"\0".join(file.read_bytes() for file in toml_files(path))).hexdigest()[:16]


@dataclasses.dataclass
class Tally:
    """What a run has done so far; `before` are the articles that an earlier run had done."""

    read: int = 0  # bytes
    articles: int = 0
    words: int = 0
    claims: int = 0
    undated: int = 0
    before: int = 0
    fresh_words: int = 0
    failures: collections.Counter[Kind] = dataclasses.field(default_factory=collections.Counter)
    start: float = dataclasses.field(default_factory=time.monotonic)

    def add_bytes(self, number: int) -> None:
        self.read += number

    def add(self, entry: Entry, *, fresh: bool) -> None:
        self.articles += entry.articles
        self.words += entry.words
        self.claims += entry.claims
        self.undated += entry.undated
        if fresh:
            self.fresh_words += entry.words
        else:
            self.before += entry.articles

    def seconds(self) -> float:
        return max(time.monotonic() - self.start, 1e-3)

    def rate(self) -> float:
        """Words a second, of those that this run did."""
        return self.fresh_words / self.seconds()

    def failed(self) -> int:
        return self.failures.total()

    def sentence(self) -> str:
        causes = ", ".join(f"{number:,} {kind}" for kind, number in sorted(self.failures.items()))
        before = f" ({self.before:,} of them before)" if self.before else ""
        return (
            f"{plural(self.articles, 'article')}{before}, {plural(self.words, 'word')}, "
            f"{plural(self.claims, 'claim')}, {self.failed():,} failed{f' ({causes})' if causes else ''} "
            f"in {self.seconds():.1f} s ({self.rate():,.0f} words/s)"
        )


@contextlib.contextmanager
def engine_of(job: Job) -> Iterator[Engine]:
    """What does the shards of a job. Raises Problem where the model or the cluster cannot be had."""
    if job.engine == "dask":
        from claimx import distributed

        with distributed.client(job.scheduler, job.crew_size()) as client:
            yield functools.partial(distributed.run, client=client, setup=job.setup(), timeout=job.timeout)
    else:
        from claimx.crew import Crew

        with Crew(job.crew_size(), job.setup(), job.timeout) as crew:
            yield crew.run


@contextlib.contextmanager
def begun(job: Job) -> Iterator[tuple[Ledger, Engine]]:
    """The ledger and the engine of a job, ready to work; raises Problem for what is wrong with the options."""
    target = job.target()
    target.check()
    ledger = Ledger(target.folder(), f".{target.shard_form()}")
    with engine_of(job) as engine, unwritable(target.name), ledger.folder.lock():
        ledger.open(job.options(), restart=job.restart)
        yield ledger, engine


def carry_out(job: Job, ledger: Ledger, engine: Engine, messages: Messages) -> None:
    """Read, extract, keep and join; what fails is told, counted and listed. Raises Problem where nothing can go on."""
    from claimx.reading import read_articles
    from claimx.sources import find_sources, total_bytes

    target, tally = job.target(), Tally()
    failures = Failures(target.failures())

    def fail(failure: Failure) -> None:
        tally.failures[failure.kind] += 1
        failures.add(failure)
        messages.failure(Problem(failure.cause, failure.hint))

    def unreadable(problem: Problem) -> None:
        fail(Failure("unreadable", problem.cause, problem.hint))

    sources = list(find_sources(job.inputs, skip=target.paths(), on_problem=unreadable))
    articles = read_articles(
        sources, published=job.published, on_problem=unreadable, on_warning=messages.warning, on_bytes=tally.add_bytes
    )
    with contextlib.closing(failures), progress(total_bytes(sources), shown=not messages.quiet) as advance:

        def told(shard: Shard, entry: Entry, fresh: bool) -> None:
            tally.add(entry, fresh=fresh)
            for failure in entry.failures:
                fail(failure)
            advance(tally, shard.read)

        numbers = run(picked(cut(articles, lambda: tally.read), *job.shard), ledger, engine, told)
    with unwritable(target.name):
        target.finish(ledger, numbers)
    if tally.undated:
        messages.warning(
            f"{plural(tally.undated, 'article')} of unknown publication date: dates stay unresolved (hint: --published)"
        )
    if tally.failures:
        messages.summary(f"what failed is listed in {target.failures()}")
    messages.summary(f"{tally.sentence()} -> {target.name}")


def run(
    shards: Iterable[Shard], ledger: Ledger, engine: Engine, told: Callable[[Shard, Entry, bool], None]
) -> list[int]:
    """Do what has not been done; the numbers of the shards that hold claims, in order.

    `told` hears of every shard, and whether it was done now. Raises Problem where the ledger cannot be written.
    """
    numbers: list[int] = []
    count = 0  # of shards

    def note(shard: Shard, entry: Entry, fresh: bool) -> None:
        nonlocal count
        count = max(count, shard.number + 1)
        if entry.size:
            numbers.append(shard.number)
        told(shard, entry, fresh)

    def undone() -> Iterator[Shard]:
        for shard in shards:
            entry = ledger.known(shard)
            if entry is None:
                yield shard
            else:
                note(shard, entry, False)

    for shard, done in engine(undone()):
        with unwritable(ledger.folder.name):
            entry = ledger.keep(shard, done)
        note(shard, entry, True)
    with unwritable(ledger.folder.name):
        ledger.forget(count)
    return sorted(numbers)


@contextlib.contextmanager
def unwritable(name: str) -> Iterator[None]:
    """A disk that is full or read-only is something that the user can mend."""
    try:
        yield
    except OSError as error:
        cause = f"{printable(name)}: cannot write: {error.strerror or error}"
        raise Problem(cause, "mend it and run the same command again: what is done is kept") from error


def picked(shards: Iterable[Shard], one: int, of: int) -> Iterator[Shard]:
    """Every `of`-th shard from the `one`-th on (from 1): the part of one job among several."""
    return (shard for shard in shards if shard.number % of == one - 1)

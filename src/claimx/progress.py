"""The bar on standard error while a batch runs."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol


class Told(Protocol):
    """What the bar shows of a run."""

    articles: int
    claims: int

    def rate(self) -> float: ...
    def failed(self) -> int: ...


@contextlib.contextmanager
def progress(total: int, *, shown: bool) -> Iterator[Callable[[Told, int], None]]:
    """A bar on standard error, where that is a terminal: call it with the tally and the bytes done of `total`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[articles]:,} articles"),
        TextColumn("{task.fields[rate]:,.0f} words/s"),
        TextColumn("{task.fields[claims]:,} claims"),
        TextColumn("{task.fields[failed]:,} failed"),
        TimeRemainingColumn(),
    )
    shown = shown and console.is_terminal
    with Progress(*columns, console=console, disable=not shown, transient=True) as bar:
        task = bar.add_task("", total=total or None, articles=0, claims=0, rate=0.0, failed=0)
        yield lambda tally, read: bar.update(
            task,
            completed=max(read, bar.tasks[0].completed),
            articles=tally.articles,
            claims=tally.claims,
            rate=tally.rate(),
            failed=tally.failed(),
        )

"""Worker processes on this machine, and what is done when one of them hangs or dies.

A shard goes whole to a process. If the process dies or takes too long, it is replaced, and the articles of that shard
are tried one by one: the one that is to blame is given up, the others are done.
"""

import collections
import contextlib
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Literal, Self, cast

from msgspec import Struct

from claimx.models import Article, Problem
from claimx.options import ONE_THREAD
from claimx.shards import Done, Setup, Shard, given_up, joined
from claimx.worker import Answer, receive, send

CHARS_A_SECOND = 1_000  # slow machines read faster
# Ctrl-C in a terminal reaches all processes of a group: the workers are of another one, their parent ends them.
APART: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}

Outcome = Done | Literal["timeout", "died"]


class Task(Struct, eq=False):
    """Articles for one process: a whole shard, or the article at `place` of a shard that is done one by one."""

    shard: Shard
    articles: tuple[Article, ...]
    place: int = 0
    parts: list[Done | None] | None = None  # of the shard; None is still to come


class Hand(Struct, eq=False):
    """One process and what it is working on, by when."""

    process: "subprocess.Popen[bytes]"
    task: Task | None = None
    deadline: float | None = None

    @property
    def inward(self) -> BinaryIO:
        return cast("BinaryIO", self.process.stdin)

    @property
    def outward(self) -> BinaryIO:
        return cast("BinaryIO", self.process.stdout)


class Crew:
    """So many processes, each of which has loaded the engine. Use it as a context.

    `timeout` is what one article may take, in seconds; None is any time. Entering raises Problem where the engine
    cannot be loaded.
    """

    def __init__(self, number: int, setup: Setup, timeout: float | None = None) -> None:
        self.number = number
        self.setup = setup
        self.timeout = timeout
        self.hands: list[Hand] = []
        self.selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        try:
            for _ in range(self.number):
                self._start()
            for hand in self.hands:  # they load side by side
                self._await(hand)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self.hands:
            hand.process.kill()
        for hand in list(self.hands):
            self._bury(hand)
        self.selector.close()

    def run(self, shards: Iterable[Shard]) -> Iterator[tuple[Shard, Done]]:
        """Do every shard; each comes back as soon as it is done. No more than one is read ahead."""
        source = iter(shards)
        ahead = next(source, None)
        again: collections.deque[Task] = collections.deque()
        while ahead is not None or again or any(hand.task for hand in self.hands):
            for hand in [hand for hand in self.hands if hand.task is None]:
                if again:
                    self._give(hand, again.popleft())
                elif ahead is not None:
                    self._give(hand, Task(ahead, ahead.articles))
                    ahead = next(source, None)
            for task, outcome in self._outcomes():
                if not isinstance(outcome, Done) and len(task.articles) > 1:
                    parts: list[Done | None] = [None] * len(task.articles)
                    again.extend(Task(task.shard, (one,), place, parts) for place, one in enumerate(task.articles))
                    continue
                done = outcome if isinstance(outcome, Done) else given_up(task.articles[0], outcome, self.timeout or 0)
                if task.parts is None:
                    yield task.shard, done
                    continue
                task.parts[task.place] = done
                if None not in task.parts:
                    yield task.shard, joined(cast("list[Done]", task.parts))

    def _outcomes(self) -> list[tuple[Task, Outcome]]:
        """The tasks that were done, or on which a process died or ran out of time; waits for at least one."""
        deadlines = [hand.deadline for hand in self.hands if hand.task and hand.deadline]
        wait = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        found: list[tuple[Task, Outcome]] = []
        for key, _ in self.selector.select(wait):
            hand: Hand = key.data
            done = receive(hand.outward, Done)
            if hand.task:
                found.append((hand.task, done or "died"))
                hand.task = None
            if done is None:
                self._replace(hand)
        now = time.monotonic()
        for hand in [hand for hand in self.hands if hand.task and hand.deadline and hand.deadline <= now]:
            found.append((cast("Task", hand.task), "timeout"))
            self._replace(hand)
        return found

    def _give(self, hand: Hand, task: Task) -> None:
        hand.task = task
        if self.timeout is not None:
            # a shard that is late is only tried again, article by article, so it may take its time
            patience = 0 if len(task.articles) == 1 else task.shard.chars() / CHARS_A_SECOND
            hand.deadline = time.monotonic() + self.timeout + patience
        with contextlib.suppress(BrokenPipeError):  # it has died, as its output will tell
            send(hand.inward, task.articles)

    def _start(self) -> Hand:
        command = [sys.executable, "-m", "claimx.worker"]
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, **APART
        )
        hand = Hand(process)
        self.hands.append(hand)
        self.selector.register(hand.outward, selectors.EVENT_READ, hand)
        with contextlib.suppress(BrokenPipeError):
            send(hand.inward, self.setup)
        return hand

    def _await(self, hand: Hand) -> None:
        answer: Answer | None = receive(hand.outward, Answer)
        if answer is None:
            raise Problem("a worker process died while it loaded", "memory may be short: try fewer --workers")
        if answer != ("", ""):
            raise Problem(*answer)

    def _replace(self, hand: Hand) -> None:
        hand.process.kill()
        self._bury(hand)
        self._await(self._start())

    def _bury(self, hand: Hand) -> None:
        self.selector.unregister(hand.outward)
        for stream in (hand.inward, hand.outward):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        hand.process.wait()
        self.hands.remove(hand)

"""A batch on a cluster: the same shards, the same worker process, under Dask distributed.

Each Dask worker keeps one claimx process of its own, so that an article that hangs or dies costs that article only. If
a Dask worker is lost, its shard is done by another one.
"""

import contextlib
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from claimx.crew import Crew
from claimx.extras import import_extra
from claimx.models import Problem
from claimx.shards import Done, Setup, Shard

AHEAD = 2  # shards at each Dask worker: one that it does and one that waits
RETRIES = 3  # of a shard whose worker was lost


@contextlib.contextmanager
def client(scheduler: str | None, workers: int) -> Iterator[Any]:
    """A client of the cluster at the address `scheduler`, or of one of so many workers that is made on this machine.

    Raises Problem where Dask is not installed or the cluster cannot be reached.
    """
    dask = import_extra("distributed", "dask", "--engine dask")
    with contextlib.ExitStack() as stack:
        try:
            if scheduler is None:
                cluster = dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
                stack.enter_context(cluster)
            connected = stack.enter_context(dask.Client(scheduler or cluster, timeout="30s"))
        except (OSError, ValueError) as error:
            raise Problem(f"no Dask scheduler at {scheduler}: {error}", "look at its address and port") from error
        yield connected


def run(shards: Iterable[Shard], *, client: Any, setup: Setup, timeout: float | None) -> Iterator[tuple[Shard, Done]]:
    """Do every shard on the cluster; each comes back as soon as it is done. Few are read ahead."""
    dask = import_extra("distributed", "dask", "--engine dask")

    source = iter(shards)
    waiting: dict[Any, Shard] = {}
    results = dask.as_completed()
    while True:
        workers = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        for shard in itertools.islice(source, max(0, AHEAD * workers - len(waiting))):
            key = f"claimx-{shard.number}-{shard.digest()[:16]}"
            future = client.submit(do, shard, setup, timeout, key=key, retries=RETRIES, pure=False)
            waiting[future] = shard
            results.add(future)
        if not waiting:
            return
        future = next(results)
        yield waiting.pop(future), future.result()
        future.release()


def do(shard: Shard, setup: Setup, timeout: float | None) -> Done:
    """One shard, in a Dask worker."""
    return next(done for _, done in crew(setup, timeout).run([shard]))


@functools.cache
def crew(setup: Setup, timeout: float | None) -> Crew:
    """One process of our own for each Dask worker; it ends with it."""
    return Crew(1, setup, timeout).__enter__()

"""What claimx costs beyond the spaCy pipeline that it runs on: python benchmarks/overhead.py [INPUT...]

INPUT is a folder or a file that claimx reads (default: the project's seeds, again and again until there are enough
words). Each input's texts go through (a) the bare bundled pipeline, `nlp.pipe`, and (b) `Extractor.pipe`, in turns
within one run, so that whatever else the machine does falls on both. Shown are medians: words a second, and the ratio
of the times of each pair. Memory is the peak of a process of its own for each. Start-up is the wall time of whole
processes: importing spaCy and loading the pipeline, against `claimx extract` of one short article.

`--words N` words from each input, `--pairs N` turns, `--update-readme` to put the table into the README.
"""

import os

# Before numpy is imported: one core is measured.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import itertools
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import spacy

import claimx
from claimx.models import Article
from claimx.nlp import BUNDLED
from claimx.pipeline import Extractor
from claimx.reading import read_articles
from claimx.sources import find_sources
from tables import ROOT, markdown, update

BATCH = 4  # articles of the bare pipeline at once: about as many as claimx takes
SEEDS = ROOT / "seeds"
SHORT = SEEDS / "market-shooting.txt"
START_BARE = f"import spacy; spacy.load({str(BUNDLED)!r})"


def articles(source: Path, words: int) -> list[Article]:
    """Articles of at least `words` words together where the input has so many; the seeds are repeated."""
    files = find_sources([str(source)], on_problem=print)
    read = read_articles(files, on_problem=print, on_warning=lambda _: None)
    kept, seen = [], 0
    for article in itertools.cycle(list(read)) if source == SEEDS else read:
        if seen >= words:
            break
        kept.append(article)
        seen += len(article.text.split())
    return kept


def bare(texts: Iterable[Article]) -> Callable[[], object]:
    nlp = spacy.load(BUNDLED)
    return lambda: [len(doc) for doc in nlp.pipe((article.text for article in texts), batch_size=BATCH)]


def full(texts: Iterable[Article], extractor: Extractor) -> Callable[[], object]:
    return lambda: list(extractor.pipe(texts))


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def turns(first: Callable[[], object], second: Callable[[], object], pairs: int) -> list[tuple[float, float]]:
    """Times of both in turns, after one round that only warms up; every other pair is run the other way round."""
    first(), second()
    times = []
    for turn in range(pairs):
        if turn % 2:
            late, early = seconds(second), seconds(first)
            times.append((early, late))
        else:
            times.append((seconds(first), seconds(second)))
    return times


def row(name: str, times: list[tuple[float, float]], unit: Callable[[float], str]) -> list[str]:
    one, two = (statistics.median(column) for column in zip(*times, strict=True))
    return [name, unit(one), unit(two), f"{statistics.median(b / a for a, b in times):.2f}"]


def peak(source: Path, words: int, side: str) -> float:
    """The peak memory of one side in a process of its own, in MB."""
    command = [sys.executable, __file__, str(source), "--words", str(words), "--memory", side]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def own_peak() -> float:
    """In MB. Linux's own record, where there is one: `ru_maxrss` of a child begins with what its parent used."""
    record = Path("/proc/self/status")
    if record.exists():
        return int(record.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", type=Path, default=[SEEDS])
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--update-readme", action="store_true")
    parser.add_argument("--memory", choices=("bare", "full"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        texts = articles(options.inputs[0], options.words)
        (bare(texts) if options.memory == "bare" else full(texts, claimx.load()))()
        print(own_peak())
        return
    extractor = claimx.load()
    rows = []
    for source in options.inputs:
        texts = articles(source.resolve(), options.words)
        words = sum(len(article.text.split()) for article in texts)
        times = turns(bare(texts), full(texts, extractor), options.pairs)
        name = f"{source.stem}, {words:,} words: words/s"
        rows.append(row(name, [(one / words, two / words) for one, two in times], lambda time: f"{1 / time:,.0f}"))
        both = [peak(source.resolve(), options.words, side) for side in ("bare", "full")]
        rows.append([f"{source.stem}: peak memory, MB", *(f"{used:.0f}" for used in both), f"{both[1] / both[0]:.2f}"])
    start = turns(process("-c", START_BARE), process("-m", "claimx", "extract", str(SHORT)), options.pairs)
    rows.append(row("one short article from a cold start, s", start, lambda time: f"{time:.2f}"))
    table = markdown(["", "bare spaCy pipeline", "claimx", "ratio"], rows)
    print(table)
    print(f"medians of {options.pairs} pairs; Python {platform.python_version()}, spaCy {spacy.__version__}")
    if options.update_readme:
        update("speed", table)


if __name__ == "__main__":
    main()

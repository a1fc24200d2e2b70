"""How fast `claimx batch` is, and how much memory it takes: python benchmarks/throughput.py FILE.jsonl

FILE holds articles as claimx reads them. Each run is the command itself, from a cold start: one worker and two in
turns, then more and more articles (FILE again and again under new ids) with two. Shown are words a second, as the
command counts them, and the peak memory of the process that starts the others and of the largest worker.

`--articles 1000,10000` of the growth, `--chars N` cuts each article short, `--pairs N`, `--update-readme`.
"""

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tables import markdown, update


class Run(NamedTuple):
    """Words a second; peak memory of the starting process and of the largest worker, in MB; articles and claims."""

    rate: float
    parent: float
    worker: float
    articles: int
    claims: int


def written(source: Path, articles: int | None, chars: int | None, out: Path) -> Path:
    """The file again and again, until it holds so many articles."""
    records = [json.loads(line) for line in source.open(encoding="utf-8") if line.strip()]
    number = len(records) if articles is None else articles
    with out.open("w", encoding="utf-8") as stream:
        for count, record in enumerate(itertools.islice(itertools.cycle(records), number)):
            text = (record.get("text") or "")[:chars]
            stream.write(json.dumps({**record, "id": f"{record['id']}-{count // len(records)}", "text": text}) + "\n")
    return out


def run(source: Path, workers: int, *options: str) -> Run:
    """One run of the command."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "claimx", "batch", str(source), "-o", f"{folder}/out.jsonl"]
        process = subprocess.Popen([*command, "--workers", str(workers), *options], stderr=subprocess.PIPE, text=True)
        parent = worker = 0.0
        while process.poll() is None:
            parent = max(parent, peak(process.pid))
            worker = max([worker, *map(peak, children(process.pid))])
            time.sleep(0.1)
        said = process.stderr.read() if process.stderr else ""
    numbers = re.search(r"([\d,]+) articles?, [\d,]+ words?, ([\d,]+) claims?.*\(([\d,]+) words/s\)", said)
    if numbers is None:
        raise SystemExit(said)
    articles, claims, rate = (int(number.replace(",", "")) for number in numbers.groups())
    return Run(rate, parent, worker, articles, claims)


def peak(pid: int) -> float:
    """In MB, from Linux's own record; 0 where there is none."""
    try:
        held = Path(f"/proc/{pid}/status").read_text("ascii").partition("VmHWM:")[2].split()
    except OSError:
        return 0.0
    return int(held[0]) / 1e3 if held else 0.0


def children(pid: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))
    except OSError:
        return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--articles", default="1000,10000")
    parser.add_argument("--chars", type=int)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--update-readme", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        once = written(options.source, None, options.chars, Path(folder) / "once.jsonl")
        turns = [(run(once, 1), run(once, 2)) for _ in range(options.pairs)]
        for workers, runs in zip((1, 2), zip(*turns, strict=True), strict=True):
            rows.append(row(f"{workers} worker{'s' * (workers > 1)}", runs))
        ratio = statistics.median(two.rate / one.rate for one, two in turns)
        for number in map(int, options.articles.split(",")):
            more = written(options.source, number, options.chars, Path(folder) / "more.jsonl")
            rows.append(row("2 workers", [run(more, 2)]))
    table = markdown(["", "articles", "claims", "words/s", "peak MB: starting process", "largest worker"], rows)
    print(table)
    print(f"two workers do {ratio:.2f} times what one does (median of {options.pairs} pairs)")
    if options.update_readme:
        update("throughput", table)


def row(name: str, runs: "list[Run] | tuple[Run, ...]") -> list[str]:
    middle = [statistics.median(column) for column in zip(*runs, strict=True)]
    rate, parent, worker, articles, claims = middle
    return [name, f"{articles:,.0f}", f"{claims:,.0f}", f"{rate:,.0f}", f"{parent:.0f}", f"{worker:.0f}"]


if __name__ == "__main__":
    main()

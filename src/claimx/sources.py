"""What the user names -> the files to read and what their articles are to be called."""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from claimx.models import Problem

STDIN = "-"
LINES_SUFFIXES = (".jsonl", ".ndjson")
FOLDER_SUFFIXES = (".txt", *LINES_SUFFIXES)

Report = Callable[[Problem], None]


class Source(NamedTuple):
    """An input and what its article is to be called: by default by the file name without its suffix."""

    path: str
    id: str


def source(path: str) -> Source:
    """The source of one file, or of standard input (`-`)."""
    return Source(path, "stdin" if path == STDIN else printable(Path(path).stem) or printable(path))


def find_sources(inputs: Iterable[str], *, skip: Path | None = None, on_problem: Report) -> Iterator[Source]:
    """The inputs with every folder replaced by its files (.txt, .jsonl), in the order of their names.

    Hidden files, links inside a folder and the file `skip` (the output) are passed over. A file in a folder is called
    by its path below the folder, with slashes, without its suffix.
    """
    for name in inputs:
        if name == STDIN or not Path(name).is_dir():
            yield source(name)
            continue
        root = Path(name)
        files = [file for file in _walk(root, on_problem) if not (skip and skip.exists() and file.samefile(skip))]
        if not files:
            on_problem(Problem(f"{name}: no {' or '.join(FOLDER_SUFFIXES)} file in this folder"))
        for file in files:
            yield Source(str(file), printable(file.relative_to(root).with_suffix("").as_posix()))


def _walk(root: Path, on_problem: Report) -> Iterator[Path]:
    waiting = [root]
    while waiting:
        path = waiting.pop()
        if not path.is_dir():
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                inside = [
                    Path(entry)
                    for entry in entries
                    if not entry.name.startswith(".")
                    and (
                        entry.is_dir(follow_symlinks=False)
                        or (entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(FOLDER_SUFFIXES))
                    )
                ]
        except OSError as error:
            on_problem(os_problem(str(path), error))
            continue
        waiting += sorted(inside, key=lambda entry: entry.name, reverse=True)


def total_bytes(sources: Iterable[Source]) -> int:
    """The size of all files that are there; standard input has none."""
    sizes = []
    for one in sources:
        with contextlib.suppress(OSError):
            sizes.append(Path(one.path).stat().st_size)
    return sum(sizes)


def printable(text: str) -> str:
    """Without lone surrogates (of a JSON escape, of a file name that is not UTF-8), which no UTF-8 can hold."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def os_problem(name: str, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(f"{printable(name)}: no such file", "check its name and folder")
    return Problem(f"{printable(name)}: cannot be read: {error.strerror or error}")

"""What the user names -> the files to read, what their articles are to be called, and the bytes of each.

A name is a file, a folder, a pattern that no shell expanded (`news/**/*.txt`), standard input (`-`), or the address of
a file or a folder elsewhere (`s3://bucket/news`), which fsspec reads.
"""

import contextlib
import glob
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from claimx.extras import import_extra
from claimx.models import Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = "-"
PACKED = ".gz"
LINES_SUFFIXES = (".jsonl", ".ndjson")
_PLAIN_SUFFIXES = (".txt", *LINES_SUFFIXES)
FOLDER_SUFFIXES = (*_PLAIN_SUFFIXES, *(suffix + PACKED for suffix in _PLAIN_SUFFIXES))

_PATTERN = re.compile(r"[*?[]")
_BLOCK = 1 << 16  # bytes read at once
_NO_MATCH = "check the pattern and its folder"

Report = Callable[[Problem], None]
Identities = Collection[tuple[int, int] | None]


class Source(NamedTuple):
    """An input and what its article is to be called; `size` in bytes where only its listing told it."""

    path: str
    id: str
    size: int | None = None


def source(path: str, size: int | None = None) -> Source:
    """The source of one file, called by its name without suffix (and without .gz), or of standard input (`-`)."""
    return Source(path, "stdin" if path == STDIN else printable(unpacked(path).stem) or printable(path), size)


def unpacked(path: str) -> PurePath:
    """The name of what is in a .gz file, any other name as it is."""
    name = PurePath(path)
    return name.with_suffix("") if name.suffix.lower() == PACKED else name


def find_sources(
    inputs: Iterable[str], *, folders: bool = True, skip: Iterable[Path] = (), on_problem: Report
) -> Iterator[Source]:
    """The inputs with every pattern replaced by what it matches and every folder by its files (.txt, .jsonl, their
    .gz), in the order of their names.

    Hidden files, links inside a folder and what `skip` names (the output) are passed over. A file in a folder is called
    by its path below the folder, with slashes, without its suffix. Without `folders` a folder is no input.
    """
    skipped = {_identity(path) for path in skip} - {None}
    for name in inputs:
        try:
            if _is_remote(name):
                yield from _remote_sources(name, folders)
            else:
                yield from _local_sources(name, folders, skipped, on_problem)
        except OSError as error:
            on_problem(os_problem(name, error))
        except Problem as problem:
            on_problem(problem)


def _local_sources(name: str, folders: bool, skipped: Identities, on_problem: Report) -> Iterator[Source]:
    names = [name]
    if "://" not in name and _PATTERN.search(name) and not Path(name).exists():
        names = [match for match in _matches(name, on_problem) if _identity(Path(match)) not in skipped]
        if not names:
            raise Problem(f"{printable(name)}: no file matches", _NO_MATCH)
    for one in names:
        if folders and one != STDIN and Path(one).is_dir():
            yield from _folder(Path(one), skipped, on_problem)
        else:
            yield source(one)


def _matches(pattern: str, on_problem: Report) -> list[str]:
    """What matches, sorted. `**` is any number of folders, hidden ones and links aside, and then matches files only.

    Without links, because `glob` follows them even where they go round in circles.
    """
    parts = Path(pattern).parts
    if "**" not in parts:
        return sorted(glob.glob(pattern))  # noqa: PTH207 - Path.glob takes no absolute pattern, and finds hidden files
    at = parts.index("**")
    rest = parts[at + 1 :] or ("*",)
    found: set[str] = set()
    for top in filter(Path.is_dir, map(Path, _matches(str(Path(*parts[:at])), on_problem))):
        for folder, inside, _ in os.walk(top, onerror=lambda error: on_problem(os_problem(error.filename, error))):
            inside[:] = [name for name in inside if not name.startswith(".")]
            found.update(_matches(str(Path(glob.escape(folder), *rest)), on_problem))
    return sorted(name for name in found if not Path(name).is_dir())


def _folder(root: Path, skipped: Identities, on_problem: Report) -> Iterator[Source]:
    problems: list[Problem] = []
    files = list(_walk(root, skipped, problems.append))
    if not files and not problems:
        raise _nothing_in(str(root))
    for problem in problems:
        on_problem(problem)
    for file in files:
        yield _below(str(file), file.relative_to(root).as_posix())


def _walk(root: Path, skipped: Identities, on_problem: Report) -> Iterator[Path]:
    waiting = [(root, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if skipped and path != root and _identity(path) in skipped:
            continue
        if not is_folder:
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                inside = [(Path(one), one.is_dir(follow_symlinks=False)) for one in entries if _is_read(one)]
        except OSError as error:
            on_problem(os_problem(str(path), error))
            continue
        waiting += sorted(inside, key=lambda one: one[0].name, reverse=True)


def _is_read(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    is_text = entry.name.lower().endswith(FOLDER_SUFFIXES)
    return entry.is_dir(follow_symlinks=False) or (is_text and entry.is_file(follow_symlinks=False))


def _below(path: str, name: str, size: int | None = None) -> Source:
    """The source of a file that is called `name` below a folder."""
    return Source(path, printable(unpacked(name).with_suffix("").as_posix()), size)


def _identity(file: Path) -> tuple[int, int] | None:
    """What a file is known by, under any name; None where there is none, or none any more."""
    with contextlib.suppress(OSError):
        found = file.stat()
        return found.st_dev, found.st_ino
    return None


def _unwanted(folder: str) -> Problem:
    return Problem(f"{printable(folder)}: is a folder", "`claimx batch` reads folders")


def _nothing_in(folder: str) -> Problem:
    return Problem(f"{printable(folder)}: no {' or '.join(_PLAIN_SUFFIXES)} file in this folder, nor a {PACKED} of one")


# --- elsewhere -----------------------------------------------------------------------------------------------------


def _is_remote(name: str) -> bool:
    """Whether the name is an address that fsspec reads. A web page is no file."""
    return "://" in name and not name.lower().startswith(("http://", "https://"))


def _remote_sources(url: str, folders: bool) -> list[Source]:
    with _mendable(url):
        system, root = _file_system(url)
        try:
            info = system.info(root)
        except FileNotFoundError:
            if not _PATTERN.search(root):
                raise
            found = sorted(system.glob(root, detail=True).items())
            matches = [source(system.unstrip_protocol(path), one.get("size")) for path, one in found if _is_file(one)]
            if not matches:
                raise Problem(f"{printable(url)}: no file matches", _NO_MATCH) from None
            return matches
        if not folders and not _is_file(info):
            raise _unwanted(url)
        if _is_file(info):
            return [source(url, info.get("size"))]
        files = []
        for path, one in system.find(root, detail=True).items():
            name = path.removeprefix(root).lstrip("/")
            if name.lower().endswith(FOLDER_SUFFIXES) and not re.search(r"(?:^|/)\.", name):
                files.append((name.split("/"), _below(system.unstrip_protocol(path), name, one.get("size"))))
        if not files:
            raise _nothing_in(url)
        return [one for _, one in sorted(files)]


def _is_file(info: dict[str, Any]) -> bool:
    return bool(info["type"] != "directory")


def _file_system(url: str) -> tuple[Any, str]:
    """The fsspec file system of an address, and the path there."""
    return cast("tuple[Any, str]", import_extra("fsspec", "cloud", printable(url)).url_to_fs(url))


@contextlib.contextmanager
def _mendable(url: str) -> Iterator[None]:
    """Each file system has errors of its own, for a driver that is missing, a login that is wrong, a broken line."""
    try:
        yield
    except (Problem, OSError):
        raise
    except Exception as error:
        raise Problem(f"{printable(url)}: cannot be read: {str(error) or type(error).__name__}") from error


# --- bytes ---------------------------------------------------------------------------------------------------------


class _Counted(io.RawIOBase):
    """What `read` reads, `on_bytes` being told of how much. A class, since Python's buffers read from nothing else."""

    def __init__(self, read: Callable[[int], bytes], on_bytes: Callable[[int], None]) -> None:
        self._read = read
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        data = self._read(min(len(view), _BLOCK))
        view[: len(data)] = data
        self._on_bytes(len(data))
        return len(data)


@contextlib.contextmanager
def open_source(path: str, on_bytes: Callable[[int], None] = lambda _: None) -> Iterator[io.BufferedIOBase]:
    """The bytes of a file, here or elsewhere, or of standard input; those of a .gz file unpacked as they are read.

    `on_bytes` is told of how many bytes were read more, of a .gz file those of the file itself. OSError or Problem
    where it cannot be read, at once or later; Problem where it is a folder, or a damaged .gz file, whose last bytes may
    have been wrong already.
    """
    with contextlib.ExitStack() as stack:
        if path == STDIN:
            read = cast("io.BufferedReader", sys.stdin.buffer).read1  # what has come so far, not only when all has
        elif _is_remote(path):
            with _mendable(path):
                system, name = _file_system(path)
                read = _mendable(path)(stack.enter_context(system.open(name, "rb")).read)
        elif Path(path).is_dir():
            raise _unwanted(path)
        else:
            read = stack.enter_context(Path(path).open("rb", buffering=0)).read
        stream = stack.enter_context(io.BufferedReader(_Counted(read, on_bytes), _BLOCK))
        if not path.lower().endswith(PACKED):
            yield stream
            return
        try:
            yield stack.enter_context(gzip.GzipFile(fileobj=stream))
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Problem(f"{printable(path)}: damaged gzip file: {error}", "fetch or pack it again") from error


def total_bytes(sources: Iterable[Source]) -> int:
    """The size of all files that are there; standard input has none."""
    total = 0
    for one in sources:
        with contextlib.suppress(OSError):
            total += Path(one.path).stat().st_size if one.size is None else one.size
    return total


def printable(text: str) -> str:
    """Without lone surrogates (of a JSON escape, of a file name that is not UTF-8), which no UTF-8 can hold."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def os_problem(name: str, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(f"{printable(name)}: no such file", "check its name and folder")
    return Problem(f"{printable(name)}: cannot be read: {error.strerror or error}")

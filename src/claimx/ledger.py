"""The folder that a batch works in: its shards as files, what became of each, and with what options it was begun.

    manifest.json             the options and versions that the output depends on
    claims/0000/00000012.jsonl   the claims of shard 12 (no file where there are none)
    done/0000/00000012.json      what was counted and what failed in it; written last, so that it vouches for the rest

Every file appears whole or not at all, so that a run that was killed at any moment can be taken up again. The folder
lies beside the output (`.claims.jsonl.parts`) until the shards are joined, or is the output itself, here or in an
object store.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from claimx.extras import import_extra
from claimx.models import Problem
from claimx.shards import Done, Failure, Shard

MANIFEST = "manifest.json"
IN_A_FOLDER = 1_000


class Folder(Protocol):
    """Where files are kept. Names have slashes; `write` is atomic; what is missing reads as None."""

    name: str

    def read(self, name: str) -> bytes | None: ...
    def size(self, name: str) -> int | None: ...
    def write(self, name: str, data: bytes) -> None: ...
    def names(self, below: str) -> Iterable[str]: ...
    def drop(self, name: str) -> None: ...
    def clear(self) -> None: ...
    def remove(self) -> None: ...
    def lock(self) -> contextlib.AbstractContextManager[object]: ...


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def read(self, name: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return (self.path / name).read_bytes()
        return None

    def size(self, name: str) -> int | None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return (self.path / name).stat().st_size
        return None

    def write(self, name: str, data: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # after a power cut the new name must not stand on an empty file
        part.replace(path)

    def names(self, below: str) -> Iterator[str]:
        return (path.name for path in (self.path / below).rglob("*.*"))

    def drop(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def clear(self) -> None:
        for name in (MANIFEST, "done", "claims", "failures.jsonl"):
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def remove(self) -> None:
        shutil.rmtree(self.path)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Problem where another run works in the folder."""
        try:
            import fcntl
        except ImportError:  # not on Windows
            yield
            return
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("wb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Problem(f"{self.name}: another claimx batch is at work on it", "wait for it to end") from error
            yield


class RemoteFolder:
    """A folder of an object store, through fsspec: s3://bucket/claims/. There a file that is put appears whole."""

    def __init__(self, url: str) -> None:
        fsspec = import_extra("fsspec", "cloud", url)
        self.files, self.root = fsspec.core.url_to_fs(url)
        self.root = self.root.rstrip("/")
        self.name = url

    def read(self, name: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError):
            return bytes(self.files.cat_file(f"{self.root}/{name}"))
        return None

    def size(self, name: str) -> int | None:
        with contextlib.suppress(FileNotFoundError):
            return int(self.files.size(f"{self.root}/{name}"))
        return None

    def write(self, name: str, data: bytes) -> None:
        path = f"{self.root}/{name}"
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(path, data)

    def names(self, below: str) -> Iterator[str]:
        return (path.rpartition("/")[2] for path in self.files.find(f"{self.root}/{below}"))

    def drop(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.files.rm(f"{self.root}/{name}")

    def clear(self) -> None:
        for name in (MANIFEST, "done", "claims", "failures.jsonl"):
            with contextlib.suppress(FileNotFoundError):
                self.files.rm(f"{self.root}/{name}", recursive=True)

    def remove(self) -> None:
        self.files.rm(self.root, recursive=True)

    def lock(self) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()  # an object store has no locks


class Entry(Struct, frozen=True):
    """What is kept of a shard that was done."""

    digest: str  # of its articles
    size: int  # of its claims, in bytes
    articles: int
    words: int
    claims: int
    undated: int
    failures: tuple[Failure, ...] = ()


class Ledger:
    """What has been done of a batch, in its folder. `suffix` is that of the shards' claims (".jsonl")."""

    def __init__(self, folder: Folder, suffix: str) -> None:
        self.folder = folder
        self.suffix = suffix

    def open(self, options: Mapping[str, Any], *, restart: bool) -> bool:
        """Begin with these options, or go on; tells whether something was there to go on with.

        Raises Problem where the folder was begun with others.
        """
        told = msgspec.json.decode(msgspec.json.encode(options))
        held = None if restart else self.folder.read(MANIFEST)
        if held is not None:
            try:
                before = msgspec.json.decode(held)
            except msgspec.DecodeError:
                before = None
            if not isinstance(before, dict):
                raise Problem(f"{self.folder.name}: its manifest cannot be read", "begin anew with --restart")
            changed = [name for name in {**told, **before} if told.get(name) != before.get(name)]
            if changed:
                was = ", ".join(f"{name} was {shown(before.get(name))}" for name in changed)
                raise Problem(f"{self.folder.name}: begun with other options: {was}", "begin anew with --restart")
            return True
        self.folder.clear()
        self.folder.write(MANIFEST, msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
        return False

    def known(self, shard: Shard) -> Entry | None:
        """What was kept of a shard, if it was done with the same articles and its claims are all there."""
        held = self.folder.read(f"done/{place(shard.number)}.json")
        try:
            entry = msgspec.json.decode(held, type=Entry) if held else None
        except msgspec.MsgspecError:
            return None
        if entry is None or entry.digest != shard.digest():
            return None
        if entry.size and self.folder.size(self._claims(shard.number)) != entry.size:
            return None
        return entry

    def keep(self, shard: Shard, done: Done) -> Entry:
        """Write down what became of a shard."""
        fields = {name: getattr(done, name) for name in ("articles", "words", "claims", "undated", "failures")}
        entry = Entry(digest=shard.digest(), size=len(done.data), **fields)
        if done.data:
            self.folder.write(self._claims(shard.number), done.data)
        else:  # an earlier run may have found some, when the input was another
            self.folder.drop(self._claims(shard.number))
        self.folder.write(f"done/{place(shard.number)}.json", msgspec.json.encode(entry))
        return entry

    def claims(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """The encoded claims of the shards, a shard at a time; Problem where a file has vanished."""
        for number in numbers:
            data = self.folder.read(self._claims(number))
            if data is None:
                name = f"{self.folder.name}/{self._claims(number)}"
                raise Problem(f"{name}: has vanished", "run the same command again: the shard is done once more")
            yield data

    def forget(self, count: int) -> None:
        """Drop the shards from number `count` on: the input has become shorter since an earlier run."""
        for number in [int(name[:8]) for name in self.folder.names("done") if name[:8].isdigit()]:
            if number >= count:
                self.folder.drop(f"done/{place(number)}.json")
                self.folder.drop(self._claims(number))

    def _claims(self, number: int) -> str:
        return f"claims/{place(number)}{self.suffix}"


def place(number: int) -> str:
    """Where the files of a shard are, without the suffix: no folder holds more than IN_A_FOLDER shards.

    >>> place(12345)
    '0012/00012345'
    """
    return f"{number // IN_A_FOLDER:04}/{number:08}"


def shown(value: Any) -> str:
    return "not set" if value is None else str(value)

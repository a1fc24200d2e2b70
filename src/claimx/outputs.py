"""Where a batch writes: a file joined of the shards at the end, or a folder (of any file system) that keeps them."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, get_args

import msgspec

from claimx.extras import import_extra
from claimx.ledger import MANIFEST, Folder, Ledger, LocalFolder, RemoteFolder
from claimx.models import Problem
from claimx.shards import Failure
from claimx.writing import Form, header, open_output

TABLES = ("parquet", "sqlite")  # made of the JSON Lines at the end
FORMS = (*get_args(Form), *TABLES)
SUFFIXES = {".db": "sqlite", ".sqlite3": "sqlite", ".ndjson": "jsonl"} | {f".{form}": form for form in FORMS}


class Output:
    """Where a batch writes: a file, which is joined of the shards at the end, or a folder, which keeps them apart.

    A name that ends in a slash, an existing folder and a URL are folders.
    """

    def __init__(self, name: str, form: str) -> None:
        self.name = name
        self.form = form
        self.remote = "://" in name
        self.whole = not (self.remote or name.endswith(("/", os.sep)) or Path(name).is_dir())
        self.path = Path(name)

    def shard_form(self) -> Form:
        return "jsonl" if self.form in TABLES else self.form  # type: ignore[return-value]

    def folder(self) -> Folder:
        if self.remote:
            return RemoteFolder(self.name)
        return LocalFolder(self.path.with_name(f".{self.path.name}.parts") if self.whole else self.path)

    def check(self) -> None:
        """Problem where something is in the way that claimx did not write, or that cannot be written."""
        if not self.whole:
            if self.form != "jsonl":
                raise Problem(f"{self.name}: a folder takes JSON Lines only", "leave out --format, or name a file")
            foreign = not self.remote and self.path.is_dir() and not (self.path / MANIFEST).is_file()
            if foreign and any(self.path.iterdir()):
                raise Problem(f"{self.name}: a folder that claimx did not make", "name a new or an empty folder")
            return
        if not self.path.absolute().parent.is_dir():
            raise Problem(f"{self.name}: there is no folder {self.path.absolute().parent}", "make it first")
        from claimx.databases import is_ours

        if self.form == "parquet":  # to be told now, not when all is done
            import_extra("pyarrow", "parquet", self.name)
        if self.path.is_file() and not is_ours(self.path):
            raise Problem(f"{self.name}: is there already and was not written by claimx", "choose another name")

    def failures(self) -> str:
        """The name of the file that lists what failed."""
        return f"{self.name}.failures" if self.whole else f"{self.name.rstrip('/')}/failures.jsonl"

    def paths(self) -> tuple[Path, ...]:
        """What is ours and no input, though it may lie among the inputs."""
        return () if self.remote else (self.path, Path(self.failures()))

    def finish(self, ledger: Ledger, numbers: Sequence[int]) -> None:
        """Join the shards where the output is a file, and clear away what the file is made of."""
        if self.whole:
            self.join(ledger, numbers)
            ledger.folder.remove()

    def join(self, ledger: Ledger, numbers: Sequence[int]) -> None:
        """Make the file of the shards' claims; it appears whole or not at all."""
        pieces = ledger.claims(numbers)
        if self.form in TABLES:
            from claimx import databases

            part = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
            try:
                write = databases.write_sqlite if self.form == "sqlite" else databases.write_parquet
                write((line for piece in pieces for line in piece.splitlines()), part)
                part.replace(self.path.resolve())
            finally:
                part.unlink(missing_ok=True)
            return
        with open_output(self.path) as stream:
            stream.write(header(self.shard_form()))
            for piece in pieces:
                stream.write(piece)


class Failures:
    """The file that lists what failed, a JSON object a line; made when there is something to list."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stream: BinaryIO | None = None

    def add(self, failure: Failure) -> None:
        if "://" in self.name:  # an object store takes no lines one by one; they stand in done/
            return
        if self.stream is None:
            self.stream = Path(self.name).open("wb")  # noqa: SIM115 - closed by close()
        self.stream.write(msgspec.json.encode(failure) + b"\n")

    def close(self) -> None:
        """Without any failure, the list of an earlier run goes."""
        if self.stream is not None:
            self.stream.close()
        elif "://" not in self.name:
            Path(self.name).unlink(missing_ok=True)

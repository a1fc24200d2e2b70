"""Claims as JSON Lines -> a SQLite database or a Parquet file, in bounded memory; and which files claimx wrote itself.

`lines` are what `writing.encode(record, "jsonl")` gives, with any number of whole lines in each piece.
"""

import contextlib
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from claimx.extras import import_extra
from claimx.models import SCHEMA, ClaimLine, Participant, Problem, Weapon
from claimx.writing import CSV_COLUMNS, Cell, cells, header

APPLICATION_ID = int.from_bytes(b"clmx", "big")  # https://www.sqlite.org/fileformat.html#application_id
USER_VERSION = 1

_BATCH_ROWS, _BATCH_CHARS = 1_000, 8_000_000
_GROUP_ROWS, _GROUP_BYTES = 20_000, 64_000_000  # of a row group, before compression

Row = tuple[Cell, ...]

_decoder = msgspec.json.Decoder(ClaimLine)


def _batches(lines: Iterable[bytes]) -> Iterator[list[tuple[str, ClaimLine]]]:
    """The lines and their claims, at most _BATCH_ROWS together and about _BATCH_CHARS characters.

    Problem where a line is no claim.
    """
    batch: list[tuple[str, ClaimLine]] = []
    chars = 0
    for number, line in enumerate((line for piece in lines for line in piece.splitlines()), 1):
        if not line.strip():
            continue
        try:
            text, claim = line.decode(), _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _no_claim(number, str(error)) from error
        if claim.schema != SCHEMA:
            raise _no_claim(number, f"its schema is {claim.schema}, not {SCHEMA}")
        batch.append((text, claim))
        chars += len(text)
        if len(batch) == _BATCH_ROWS or chars >= _BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _no_claim(number: int, why: str) -> Problem:
    return Problem(f"line {number} is no claim: {why}", "give what `claimx batch -o claims.jsonl` writes")


# --- SQLite --------------------------------------------------------------------------------------------------------

_KINDS = {
    **dict.fromkeys(("confidence", "lat", "lon"), "REAL"),
    **dict.fromkeys(("evidence_start", "evidence_end", "start", "end", "approximate"), "INTEGER"),
    **dict.fromkeys(("killed_min", "killed_max", "wounded_min", "wounded_max", "min", "max"), "NUMERIC"),
}  # all else is TEXT
_TABLES = {
    "claims": (*CSV_COLUMNS, "json"),
    "participants": ("claim_id", "slot", "text", "name", "kind", "start", "end"),
    "counts": ("claim_id", "text", "min", "max", "unit", "role", "approximate"),
}
_INDICES = {"claims": ("id", "article_id"), "participants": ("claim_id",), "counts": ("claim_id",)}


def write_sqlite(lines: Iterable[bytes], path: Path) -> None:
    """A database of the tables `claims` (the columns of the CSV form, and the line as `json`), `participants` (slot
    `actor`, `target` or `weapon`; offsets in code points) and `counts`. What is absent is NULL.

    What was in the file is gone. Problem where a line is no claim, OSError where the file cannot be written: the file
    is of no use then.
    """
    path.write_bytes(b"")
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            _fill(database, lines)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def _fill(database: sqlite3.Connection, lines: Iterable[bytes]) -> None:
    database.execute("PRAGMA journal_mode = OFF")  # a file that is not finished is thrown away, never rolled back
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {USER_VERSION}")
    database.execute("BEGIN")
    for table, names in _TABLES.items():
        columns = ", ".join(f'"{name}" {_KINDS.get(name, "TEXT")}' for name in names)
        database.execute(f"CREATE TABLE {table} ({columns})")
    for batch in _batches(lines):
        _insert(database, "claims", ((*map(_sql, cells(claim)), text) for text, claim in batch))
        _insert(database, "participants", (row for _, claim in batch for row in _participants(claim)))
        _insert(database, "counts", (row for _, claim in batch for row in _counts(claim)))
    for table, names in _INDICES.items():  # at the end: to keep them up with every row takes longer
        for name in names:
            database.execute(f"CREATE INDEX {table}_{name} ON {table} ({name})")
    database.execute("COMMIT")


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    marks = ", ".join("?" * len(_TABLES[table]))
    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - the names are our own


def _participants(claim: ClaimLine) -> Iterator[Row]:
    slots: dict[str, tuple[Participant | Weapon, ...]] = {
        "actor": claim.actors, "target": claim.targets, "weapon": claim.weapons
    }  # fmt: skip
    for slot, those in slots.items():
        for one in those:
            yield claim.id, slot, one.text, one.name, one.kind, one.start, one.end


def _counts(claim: ClaimLine) -> Iterator[Row]:
    for one in claim.counts:
        yield claim.id, one.text, _sql(one.min), _sql(one.max), one.unit, one.role, one.approximate


def _sql(cell: Cell) -> Cell:
    """The cell as SQLite can hold it: whole numbers have 64 bits there, and what is absent is not an empty text."""
    if isinstance(cell, int) and not -(2**63) <= cell < 2**63:
        return _float(cell)
    return None if cell == "" else cell


def _float(number: float) -> float:
    """The number as a float: the largest that there is for one beyond."""
    return float(max(-sys.float_info.max, min(number, sys.float_info.max)))


# --- Parquet -------------------------------------------------------------------------------------------------------

_KEY = "claimx"


def write_parquet(lines: Iterable[bytes], path: Path) -> None:
    """A Parquet file with a row for each claim, nested as the JSON is; bounds of counts are floats.

    Without any line it holds the columns alone. Problem where pyarrow is missing or a line is no claim, OSError where
    the file cannot be written.
    """
    arrow, parquet = (import_extra(name, "parquet", "Parquet") for name in ("pyarrow", "pyarrow.parquet"))
    schema = _arrow_schema(arrow)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        group = schema.empty_table()
        for batch in _batches(lines):
            rows = arrow.Table.from_pylist([_nested(claim) for _, claim in batch], schema=schema)
            group = arrow.concat_tables([group, rows])
            if group.num_rows >= _GROUP_ROWS or group.nbytes >= _GROUP_BYTES:
                writer.write_table(group)
                group = schema.empty_table()
        if group.num_rows:
            writer.write_table(group)


def _nested(claim: ClaimLine) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(claim)
    for count in row["counts"]:
        for bound in ("min", "max"):  # Arrow turns no whole number beyond 2**53 into a float
            count[bound] = None if count[bound] is None else _float(count[bound])
    return row


def _arrow_schema(arrow: Any) -> Any:
    """The columns of a line, all nullable, with our key, by which `is_ours` knows the file."""
    return arrow.schema(list(_arrow_type(arrow, inspect.type_info(ClaimLine))), metadata={_KEY: SCHEMA})


def _arrow_type(arrow: Any, kind: inspect.Type) -> Any:
    match kind:
        case inspect.StructType(fields=fields):
            return arrow.struct([(field.encode_name, _arrow_type(arrow, field.type)) for field in fields])
        case inspect.VarTupleType(item_type=item):
            return arrow.list_(_arrow_type(arrow, item))
        case inspect.UnionType(types=types):
            kinds = {_arrow_type(arrow, one) for one in types if not isinstance(one, inspect.NoneType)}
            return arrow.float64() if kinds == {arrow.int64(), arrow.float64()} else kinds.pop()
        case inspect.BoolType():
            return arrow.bool_()
        case inspect.IntType():
            return arrow.int64()
        case inspect.FloatType():
            return arrow.float64()
        case inspect.StrType() | inspect.LiteralType():
            return arrow.string()
    raise TypeError(f"no column for {kind}")


# --- whose file ----------------------------------------------------------------------------------------------------

_HEAD_BYTES = 1 << 20
_TAIL_BYTES = 1 << 16
_FAMILY = SCHEMA.partition("/")[0] + "/"
_RECORD = re.compile(rb'\s*\{\s*"schema":\s*"' + _FAMILY.encode())
# A key and its value in a Parquet file's footer, each after a byte that says its length: the key alone may be anything.
_PARQUET_KEY = bytes([len(_KEY)]) + _KEY.encode() + b"\x18" + bytes([len(SCHEMA)]) + _FAMILY.encode()


class _Marked(msgspec.Struct):
    schema: str


def is_ours(path: Path) -> bool:
    """Whether a file may be written over: claimx wrote it, in any of its forms, or there is nothing in it to lose (no
    file, an empty one, a device). Reads its beginning and its end alone; what cannot be read is not ours.
    """
    try:
        if not path.is_file():
            return not path.is_dir()
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            tail = stream.read(_TAIL_BYTES)
    except OSError:
        return False
    return not head or _is_text_of_ours(head) or _is_database_of_ours(head) or _is_parquet_of_ours(head, tail)


def _is_text_of_ours(head: bytes) -> bool:
    if head.startswith(header("csv")) or _RECORD.match(head):
        return True
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(head.partition(b"\n")[0], type=_Marked).schema.startswith(_FAMILY)
    return False


def _is_database_of_ours(head: bytes) -> bool:
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _is_parquet_of_ours(head: bytes, tail: bytes) -> bool:
    return head.startswith(b"PAR1") and tail.endswith(b"PAR1") and _PARQUET_KEY in tail

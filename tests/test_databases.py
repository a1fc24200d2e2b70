import csv
import io
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fake_engine
from claimx import databases
from claimx.databases import APPLICATION_ID, is_ours, write_parquet, write_sqlite
from claimx.models import Article, ArticleRecord, Count, Problem, Weapon
from claimx.writing import CSV_COLUMNS, FORMS, encode, encode_annotation, header

TEXT = "Reds struck Blueton with 3 rockets on Monday. “Greens denied striking Redville”, he said."
ARTICLE = Article(id="a", text=TEXT, title="=HYPERLINK()", published="2024-01-08", published_from="record", sha256="00")

needs_arrow = pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow is not installed")


@pytest.fixture
def record() -> ArticleRecord:
    return fake_engine.load().extract(ARTICLE)


@pytest.fixture
def lines(record: ArticleRecord) -> list[bytes]:
    return encode(record, "jsonl").splitlines(keepends=True)


def with_counts(record: ArticleRecord, *bounds: tuple[Any, Any]) -> list[bytes]:
    """One line, whose claim counts so many killed."""
    counts = tuple(Count("x", 0, 1, low, high, "people", "killed", True) for low, high in bounds)
    claim = msgspec.structs.replace(record.claims[0], counts=counts)
    return [encode(msgspec.structs.replace(record, claims=(claim,)), "jsonl")]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Callable[[Iterable[bytes]], sqlite3.Connection]]:
    """The database that lines make, opened."""
    opened = []

    def make(lines: Iterable[bytes]) -> sqlite3.Connection:
        write_sqlite(lines, tmp_path / "claims.db")
        opened.append(sqlite3.connect(tmp_path / "claims.db"))
        opened[-1].row_factory = sqlite3.Row
        return opened[-1]

    yield make
    for one in opened:
        one.close()


Make = Callable[[Iterable[bytes]], sqlite3.Connection]

# --- SQLite --------------------------------------------------------------------------------------------------------


def test_a_row_holds_what_the_csv_holds_and_the_line(record: ArticleRecord, lines: list[bytes], database: Make) -> None:
    rows = [dict(row) for row in database(lines).execute("SELECT * FROM claims")]
    expected = csv.DictReader(io.StringIO((header("csv") + encode(record, "csv")).decode(), newline=""))
    for row, line, cells in zip(rows, lines, expected, strict=True):
        assert tuple(row) == (*CSV_COLUMNS, "json")
        assert row.pop("json") == line.decode().rstrip("\n")
        assert row.pop("article_title") == "=HYPERLINK()"  # a spreadsheet's formula means nothing here
        assert {name: "" if cell is None else str(cell) for name, cell in row.items()} | {
            "article_title": "'=HYPERLINK()"
        } == cells


def test_numbers_are_numbers_and_what_is_absent_is_null(record: ArticleRecord, database: Make) -> None:
    query = (
        "SELECT confidence, lat, evidence_start, killed_min, killed_max, wounded_min, source, article_path FROM claims"
    )
    (row,) = database(with_counts(record, (3, 4.5))).execute(query)
    assert tuple(row) == (0.6, -35.5, 0, 3, 4.5, None, None, None)
    assert [type(cell) for cell in row][:5] == [float, float, int, int, float]


def test_participants_and_counts_have_rows_of_their_own(lines: list[bytes], database: Make) -> None:
    first, second = (json.loads(line)["id"] for line in lines)
    made = database(lines)
    assert [tuple(row) for row in made.execute("SELECT * FROM participants")] == [
        (first, "actor", "Reds", "Red Army", "military", 0, 4),
        (first, "target", "Blueton", None, "place", 12, 19),
        (first, "weapon", "rockets", None, "rocket", 27, 34),
        (second, "actor", "Greens", "Red Army", "military", 47, 53),
        (second, "target", "Redville", None, "place", 70, 78),
    ]
    assert [tuple(row) for row in made.execute("SELECT * FROM counts")] == [
        (first, "3", 3, 3, "rocket", "weapons", 0),
    ]
    joined = "SELECT p.\"end\" - p.start FROM claims c JOIN participants p ON p.claim_id = c.id WHERE slot = 'weapon'"
    assert made.execute(joined).fetchone()[0] == len("rockets")


def test_a_weapon_with_a_name(record: ArticleRecord, database: Make) -> None:
    weapon = Weapon("Grads", 27, 32, name="BM-21 Grad", kind="rocket")
    claim = msgspec.structs.replace(record.claims[0], weapons=(weapon, weapon))
    made = database([encode(msgspec.structs.replace(record, claims=(claim,)), "jsonl")])
    names = made.execute("SELECT name FROM participants WHERE slot = 'weapon'").fetchall()
    assert [tuple(row) for row in names] == [("BM-21 Grad",)] * 2


@pytest.mark.parametrize(
    ("number", "stored"),
    [(2**63 - 1, 2**63 - 1), (2**63, float(2**63)), (10**400, sys.float_info.max), (-(10**30), -1e30), (0, 0)],
)
def test_no_number_is_too_large(number: int, stored: float, record: ArticleRecord, database: Make) -> None:
    made = database(with_counts(record, (number, None)))
    assert tuple(made.execute("SELECT min, max FROM counts").fetchone()) == (stored, None)
    assert made.execute("SELECT killed_min FROM claims").fetchone()[0] == stored


def test_the_database_says_whose_it_is_and_finds_by_id(lines: list[bytes], database: Make) -> None:
    made = database(lines)
    assert made.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID == 0x636C6D78
    assert made.execute("PRAGMA user_version").fetchone()[0] == 1
    assert made.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    for table, column in (
        ("claims", "id"), ("claims", "article_id"), ("participants", "claim_id"), ("counts", "claim_id")
    ):  # fmt: skip
        (plan,) = made.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = 'x'")  # noqa: S608
        assert f"USING INDEX {table}_{column}" in plan["detail"]


def test_any_number_of_lines_in_a_piece_and_any_number_of_batches(
    lines: list[bytes], database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_BATCH_ROWS", 3)
    pieces = [b"".join(lines * 5), b"", b"\n", *lines, lines[0].rstrip(b"\n")]  # 13 claims, ids again and again
    made = database(pieces)
    assert made.execute("SELECT count(*), count(DISTINCT id) FROM claims").fetchone()[:] == (13, 2)
    assert made.execute("SELECT count(*) FROM counts").fetchone()[0] == 7


def test_lines_are_taken_a_batch_at_a_time(lines: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """By their number and by their length: memory is the same for a file of any size."""
    taken: list[bytes] = []

    def stream() -> Iterator[bytes]:
        for _ in range(100):
            taken.append(lines[0])
            yield lines[0]

    monkeypatch.setattr(databases, "_BATCH_ROWS", 10)
    for number, batch in enumerate(databases._batches(stream()), 1):
        assert (len(batch), len(taken)) == (10, number * 10)
    monkeypatch.setattr(databases, "_BATCH_CHARS", 2 * len(lines[0].rstrip().decode()))
    assert {len(batch) for batch in databases._batches(stream())} == {2}


def test_no_lines_make_empty_tables(database: Make) -> None:
    made = database([])
    tables = made.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {row[0] for row in tables} == {"claims", "participants", "counts"}
    assert made.execute("SELECT count(*) FROM claims").fetchone()[0] == 0


def test_what_was_in_the_file_is_gone(lines: list[bytes], database: Make, tmp_path: Path) -> None:
    (tmp_path / "claims.db").write_bytes(b"no database at all\n" * 1000)
    database(lines)
    assert database(lines).execute("SELECT count(*) FROM claims").fetchone()[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["claims.db"]  # and no journal beside it


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "truncated"),
        (b"\xff", "utf-8"),
        (b'{"id": "1", "text": "an article"}', "missing required field"),
        (b"[" * 100_000, ""),
    ],
)
@pytest.mark.parametrize("write", [write_sqlite, pytest.param(write_parquet, marks=needs_arrow)])
def test_a_line_that_is_no_claim_is_a_problem_that_names_it(
    write: Callable[..., None], line: bytes, why: str, lines: list[bytes], tmp_path: Path
) -> None:
    with pytest.raises(Problem, match="line 3 is no claim") as caught:
        write([*lines, line], tmp_path / "out")
    assert why in caught.value.cause


def test_a_line_of_another_schema_is_a_problem(lines: list[bytes], tmp_path: Path) -> None:
    with pytest.raises(Problem, match="its schema is claimx/9"):
        write_sqlite([lines[0].replace(b"claimx/1", b"claimx/9")], tmp_path / "out")


def test_a_field_that_is_added_later_is_kept_in_the_json(lines: list[bytes], database: Make) -> None:
    line = json.dumps(json.loads(lines[0]) | {"new": "é"}, ensure_ascii=False)
    assert database([line.encode()]).execute("SELECT json FROM claims").fetchone()[0] == line


@pytest.mark.parametrize("write", [write_sqlite, pytest.param(write_parquet, marks=needs_arrow)])
def test_a_folder_that_is_not_there(write: Callable[..., None], tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write([], tmp_path / "no" / "out")


@pytest.mark.skipif(os.name == "nt", reason="no such limits")
@pytest.mark.parametrize("write", [write_sqlite, pytest.param(write_parquet, marks=needs_arrow)])
def test_a_disk_that_is_full(write: Callable[..., None], lines: list[bytes], tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError):  # noqa: PT011 - each library says it in its own words
            write(lines * 100, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# --- Parquet -------------------------------------------------------------------------------------------------------


def read_parquet(lines: Iterable[bytes], path: Path) -> Any:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    write_parquet(lines, path)
    return parquet.ParquetFile(path)


def test_a_row_is_the_line(record: ArticleRecord, lines: list[bytes], tmp_path: Path) -> None:
    lines += with_counts(record, (None, 2.5))
    rows = read_parquet(lines, tmp_path / "a.parquet").read().to_pylist()
    assert rows == [json.loads(line) for line in lines]
    assert list(rows[0]) == list(json.loads(lines[0]))


@pytest.mark.parametrize(
    ("number", "stored"), [(2**53 + 1, 2.0**53), (10**400, sys.float_info.max), (-(10**30), -1e30), (7, 7)]
)
def test_no_number_is_too_large_for_a_column(number: int, stored: float, record: ArticleRecord, tmp_path: Path) -> None:
    rows = read_parquet(with_counts(record, (None, number)), tmp_path / "a.parquet").read().to_pylist()
    assert rows[0]["counts"][0]["max"] == stored


def test_columns_do_not_depend_on_the_lines(lines: list[bytes], tmp_path: Path) -> None:
    """Where no claim has a source or a date, their columns are those of a file in which all have."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    empty = read_parquet([], tmp_path / "empty.parquet")
    assert (empty.metadata.num_rows, empty.metadata.metadata[b"claimx"]) == (0, b"claimx/1")
    full = read_parquet(lines, tmp_path / "full.parquet")
    assert full.schema_arrow.equals(empty.schema_arrow, check_metadata=True)
    assert all(field.nullable for field in full.schema_arrow)
    assert full.schema_arrow.field("confidence").type == pyarrow.float64()
    source = full.schema_arrow.field("source").type
    assert [(field.name, str(field.type)) for field in source] == [
        ("text", "string"),
        ("start", "int64"),
        ("end", "int64"),
        ("name", "string"),
        ("cue", "string"),
        ("quoted", "bool"),
    ]
    counts = full.schema_arrow.field("counts").type
    assert counts.value_type.field("min").type == pyarrow.float64()


def test_row_groups_have_a_bounded_size(lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def groups(name: str) -> list[int]:
        made = read_parquet(iter(lines * 5), tmp_path / name).metadata
        return [made.row_group(number).num_rows for number in range(made.num_row_groups)]

    monkeypatch.setattr(databases, "_BATCH_ROWS", 2)
    monkeypatch.setattr(databases, "_GROUP_ROWS", 4)
    assert groups("rows.parquet") == [4, 4, 2]
    monkeypatch.setattr(databases, "_GROUP_BYTES", 1)
    assert groups("bytes.parquet") == [2] * 5


def test_duckdb_reads_both(lines: list[bytes], tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    read_parquet(lines, tmp_path / "a.parquet")
    query = f"SELECT actors[1].name, date.edtf FROM '{tmp_path / 'a.parquet'}' WHERE status = 'reported'"  # noqa: S608
    assert duckdb.sql(query).fetchall() == [("Red Army", "2024-01-08")]


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(Problem, match="needs the package pyarrow") as caught:
        write_parquet([], tmp_path / "a.parquet")
    assert caught.value.hint == "pip install 'claimx[parquet]'"
    assert not (tmp_path / "a.parquet").exists()


# --- whose file ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("some", [True, False])
def test_text_that_claimx_wrote(form: Any, some: bool, record: ArticleRecord, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_bytes(header(form) + (encode(record, form) if some else b""))
    assert is_ours(file)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_an_annotation_that_claimx_wrote(form: Any, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(encode_annotation(fake_engine.load().annotate(ARTICLE), form))
    assert is_ours(tmp_path / "out")


def test_a_record_is_known_by_its_beginning(record: ArticleRecord, tmp_path: Path) -> None:
    claims = record.claims * 2000
    data = encode(msgspec.structs.replace(record, claims=claims), "json")
    assert len(data) > databases._HEAD_BYTES
    (tmp_path / "out").write_bytes(data)
    assert is_ours(tmp_path / "out")


def test_a_database_that_claimx_wrote(lines: list[bytes], tmp_path: Path) -> None:
    write_sqlite(lines, tmp_path / "out")
    assert is_ours(tmp_path / "out")


@pytest.mark.parametrize("number", [0, 1, 200])
def test_a_parquet_file_that_claimx_wrote(
    number: int, lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pyarrow or without, and after any number of row groups."""
    monkeypatch.setattr(databases, "_BATCH_ROWS", 1)
    monkeypatch.setattr(databases, "_GROUP_ROWS", 1)
    read_parquet(lines[:1] * number, tmp_path / "out")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert is_ours(tmp_path / "out")


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE claims (id TEXT)")


def foreign_parquet(path: Path) -> None:
    """It speaks of claimx wherever it can, save by a key of its own."""
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    columns = {"claimx": ["claimx", "claimx/1"], "schema": ["claimx"] * 2, "claimx/1": ["claimx/1"] * 2}
    made = pyarrow.table(columns).replace_schema_metadata({"note": "claimx", "by": "claimx/1"})
    parquet.write_table(made, path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("Port shelled\n\nShells fell.", encoding="utf-8"),
        lambda path: path.write_text('{"id": "1", "text": "Shells fell."}\n', encoding="utf-8"),
        lambda path: path.write_text('{"schema": "other/1"}\n', encoding="utf-8"),
        lambda path: path.write_text('{"schema": 1}\n{"schema": "claimx/1"}\n', encoding="utf-8"),
        lambda path: path.write_text('[{"schema": "claimx/1"}]', encoding="utf-8"),
        lambda path: path.write_text('{"text": "\\"schema\\":\\"claimx/1\\""}\n', encoding="utf-8"),
        lambda path: path.write_text("claimx/1\n", encoding="utf-8"),
        lambda path: path.write_text("id,event,type\n1,2,3\n", encoding="utf-8"),
        lambda path: path.write_bytes(header("csv")[1:]),
        lambda path: path.write_bytes(b"[" * 2_000_000),
        lambda path: path.write_bytes(b'{"a":' * 200_000),
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n claimx"),
        lambda path: path.write_bytes(b"PAR1 claimx PAR1"),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(b"\n"),
        foreign_database,
        foreign_parquet,
        lambda path: path.mkdir(),
    ],
)
def test_what_others_wrote_is_not_ours(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "out")
    assert not is_ours(tmp_path / "out")


def test_what_holds_nothing_may_be_written_over(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert is_ours(tmp_path / "empty")
    assert is_ours(tmp_path / "none")
    assert is_ours(Path(os.devnull))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert is_ours(tmp_path / "pipe")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    """Whether that is an error or merely no file depends on the Python."""
    assert is_ours(tmp_path / ("x" * 5000)) in (True, False)


def test_only_the_ends_of_a_file_are_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as stream:
        stream.truncate(1 << 34)  # a hole: no bytes on the disk
    assert not is_ours(tmp_path / "large")


@given(data=st.binary(max_size=300), start=st.sampled_from([b"", b"{", b"PAR1", b"SQLite format 3\0", b'{"schema":"']))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_no_bytes_break_it(data: bytes, start: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(start + data)
    assert is_ours(tmp_path / "x") is (start + data == b"")

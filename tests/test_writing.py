import csv
import io
import json
import os
import stat
from pathlib import Path

import jsonschema
import msgspec
import pytest

import fake_engine
from claimx import schemas
from claimx.models import Article, ArticleRecord, Count, Problem
from claimx.writing import CSV_COLUMNS, count_text, encode, encode_annotation, header, open_output, visible

TEXT = "Reds struck Blueton with 3 rockets on Monday. “Greens denied striking Redville”, he said."
ARTICLE = Article(id="a", text=TEXT, title="=HYPERLINK()", published="2024-01-08", published_from="record", sha256="00")


@pytest.fixture
def record() -> ArticleRecord:
    return fake_engine.load().extract(ARTICLE)


def valid(value: object, schema: dict[str, object]) -> None:
    jsonschema.Draft202012Validator(schema).validate(value)


def test_json_is_indented_and_valid(record: ArticleRecord) -> None:
    text = encode(record, "json").decode()
    assert text.startswith('{\n  "schema": "claimx/1",\n  "article": {\n')
    assert text.endswith("}\n")
    value = json.loads(text)
    valid(value, schemas.record_schema())
    assert list(value) == ["schema", "article", "claims"]
    for claim in value["claims"]:
        for span in (claim["trigger"], claim["evidence"], *claim["actors"], *claim["counts"]):
            assert span["text"] == TEXT[span["start"] : span["end"]]


def test_json_keeps_what_is_not_ascii() -> None:
    record = fake_engine.load().extract(Article(id="é", text=""))
    assert '"id": "é"' in encode(record, "json").decode()


def test_json_lines_are_valid(record: ArticleRecord) -> None:
    lines = encode(record, "jsonl").decode().splitlines()
    assert len(lines) == len(record.claims) == 2
    for line in map(json.loads, lines):
        valid(line, schemas.line_schema())
        assert line["schema"] == "claimx/1"
        assert list(line["article"]) == ["id", "path", "title", "published", "publisher", "sha256"]


def test_an_annotation_is_valid() -> None:
    annotation = fake_engine.load().annotate(ARTICLE)
    valid(json.loads(encode_annotation(annotation, "json")), schemas.annotation_schema())
    assert encode_annotation(annotation, "jsonl").count(b"\n") == 1


def test_the_schemas_refuse_what_is_wrong_and_allow_what_is_added(record: ArticleRecord) -> None:
    value = json.loads(encode(record, "json"))
    value["new"] = 1
    value["claims"][0]["new"] = 1
    valid(value, schemas.record_schema())
    for field, wrong in [("type", "war"), ("confidence", 2), ("status", None), ("evidence", None)]:
        broken = json.loads(encode(record, "json"))
        broken["claims"][0][field] = wrong
        with pytest.raises(jsonschema.ValidationError):
            valid(broken, schemas.record_schema())


@pytest.mark.parametrize(
    ("name", "schema"), [("schema.json", schemas.record_schema), ("schema_line.json", schemas.line_schema)]
)
def test_the_schemas_in_the_package_are_those_of_the_records(name: str, schema: object) -> None:
    """Where this fails: `claimx schema > src/claimx/data/schema.json` and `claimx schema --line` in the same way."""
    stored = (Path(schemas.__file__).parent / "data" / name).read_text(encoding="utf-8")
    assert stored == schemas.dumps(schema())  # type: ignore[operator]


def rows(record: ArticleRecord) -> list[dict[str, str]]:
    text = (header("csv") + encode(record, "csv")).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv(record: ArticleRecord) -> None:
    first, second = rows(record)
    assert tuple(first) == CSV_COLUMNS
    assert first["actors"] == "Reds"
    assert first["actor_names"] == "Red Army"
    assert first["counts"] == "3 [3..3 weapons rocket]"
    assert (first["date"], first["earliest"], first["edtf"]) == ("Monday", "2024-01-08", "2024-01-08")
    assert (first["lat"], first["lon"]) == ("-35.5", "40.25")  # a number, so no formula
    assert (second["status"], second["weapons"], second["source"]) == ("denied", "", "")


def test_csv_joins_several_values(record: ArticleRecord) -> None:
    claim = record.claims[0]
    both = msgspec.structs.replace(claim, actors=claim.actors * 2, counts=claim.counts * 2)
    (row,) = rows(msgspec.structs.replace(record, claims=(both,)))
    assert row["actors"] == "Reds; Reds"
    assert row["counts"] == "3 [3..3 weapons rocket]; 3 [3..3 weapons rocket]"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_csv_cells_are_no_formulas(text: str, record: ArticleRecord) -> None:
    head = msgspec.structs.replace(record.article, title=text)
    row = rows(msgspec.structs.replace(record, article=head))[0]
    assert row["article_title"] == f"'{text}"


def test_csv_keeps_quotes_commas_and_line_ends(record: ArticleRecord) -> None:
    text = 'a "b", c;\r\nd\re\nf'
    head = msgspec.structs.replace(record.article, title=text)
    assert rows(msgspec.structs.replace(record, article=head))[0]["article_title"] == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "role", "expected"),
    [
        (30, 30, "rocket", "weapons", "x [30..30 weapons rocket]"),
        (121, None, None, "attacks", "x [121.. attacks]"),
        (None, 40, "people", None, "x [..40 people]"),
        (1.5, 1.5, None, None, "x [1.5..1.5]"),
    ],
)
def test_count_text(low: float, high: float, unit: str, role: str, expected: str) -> None:
    assert count_text(Count("x", 0, 1, low, high, unit, role, False)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – text", "plain – text"),
        ("a\x1b[31mb", "a<U+001B>[31mb"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\x9bb\x07", "a<U+009B>b<U+0007>"),
        ("a\r\n\tb\u2028c", "a   b c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\ud800", "a<U+D800>"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


# --- files that appear whole or not at all -------------------------------------------------------------------------


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    with open_output(path) as stream:
        stream.write(b"new")
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_text(encoding="utf-8") == "new"
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(error), open_output(path) as stream:  # noqa: PT012
        stream.write(b"new")
        raise error
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.touch()
    link.symlink_to(real)
    with open_output(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null")
def test_a_device_is_written_not_replaced() -> None:
    with open_output(Path("/dev/null")) as stream:
        stream.write(b"new")
    assert not Path("/dev/null").is_file()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot write"), open_output(tmp_path / "no" / "out.json"):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_a_problem() -> None:
    with pytest.raises(Problem, match="No space"), open_output(Path("/dev/full")) as stream:
        stream.write(b"x" * 1_000_000)

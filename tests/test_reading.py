import hashlib
import io
import json
import os
import sys
import types
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimx import reading
from claimx.decoding import decode
from claimx.models import Problem
from claimx.reading import parse_date
from claimx.sources import find_sources
from conftest import Read

TEXT = "Shells fell on the port – “at dawn”, the mayor of Évreux said.\r\nNobody was hurt.\n"


@pytest.fixture(autouse=True)
def dateline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that begins with an ISO day was published on it."""
    module = types.ModuleType("claimx.dateline")
    module.__dict__.update(find_published=lambda text: parse_date(text[:10]), find_publisher=lambda text: None)
    monkeypatch.setitem(sys.modules, "claimx.dateline", module)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    return lambda data: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


# --- text files ----------------------------------------------------------------------------------------------------


def test_a_text_file_is_read_as_it_is(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "port.news.txt"
    file.write_bytes(TEXT.encode())
    (article,), problems, warnings = read(file)
    assert (article.text, article.id, article.path) == (TEXT, "port.news", str(file))
    assert article.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (article.published, article.published_from, article.publisher) == (None, None, None)
    assert problems == warnings == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "utf-8-sig"),
        (TEXT, "cp1252"),
        (TEXT, "utf-16"),
        (TEXT, "utf-16-le"),
        (TEXT, "utf-16-be"),
        (TEXT, "utf-32"),
        ("The café was hit.", "latin-1"),
        ("Представитель сообщил о взрыве на складе в понедельник.", "cp1251"),
        ("قال متحدث إن القذائف أصابت الميناء صباح يوم الاثنين", "cp1256"),
        ("发言人周一说，炮弹落在港口附近，没有人受伤。", "gb18030"),
    ],
)
def test_any_usual_encoding_is_read(text: str, encoding: str, tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(text.encode(encoding))
    (article,), problems, _ = read(file)
    assert article.text == text
    assert problems == []


def test_utf8_cut_inside_a_character_is_mended_with_a_warning(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "cut.txt"
    file.write_bytes("“Ready”, he said …".encode()[:-1])
    (article,), problems, (warning,) = read(file)
    assert article.text == "“Ready”, he said \ufffd"
    assert "cut.txt" in warning
    assert problems == []


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("zero.txt", b"", "is empty"),
        ("blank.txt", b" \r\n\t\n", "is empty"),
        ("mark.txt", b"\xef\xbb\xbf", "is empty"),
        ("nul.txt", b"text\0text and more text", "is binary"),
        ("controls.txt", bytes(range(1, 32)) * 20, "is binary"),
        ("page.html", b"<p>text</p>", "a web page is not read"),
        ("paper.PDF", b"%PDF-1.7", "a PDF file is not read"),
        ("one.json", b"{}", "JSON is not read"),
        ("empty.jsonl", b"\n\n", "is empty"),
    ],
)
def test_what_is_no_article_is_a_problem_that_names_the_file(
    name: str, data: bytes, cause: str, tmp_path: Path, read: Read
) -> None:
    (tmp_path / name).write_bytes(data)
    good = tmp_path / "good.txt"
    good.write_text(TEXT, encoding="utf-8")
    articles, (problem,), _ = read(tmp_path / name, good)
    assert name in problem.cause
    assert cause in problem.cause
    assert [article.id for article in articles] == ["good"]


def test_missing_folder_and_too_large(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    (tmp_path / "large.txt").write_text("x" * 11, encoding="utf-8")
    articles, problems, _ = read(tmp_path / "no.txt", tmp_path, tmp_path / "large.txt")
    assert articles == []
    causes = ("no such file", "is a folder", "larger than")
    assert all(cause in problem.cause for cause, problem in zip(causes, problems, strict=True))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names there are Unicode")
def test_a_file_name_that_is_not_utf8(tmp_path: Path, read: Read) -> None:
    file = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(file, "wb") as stream:  # noqa: PTH123 - a path of bytes
        stream.write(TEXT.encode())
    (article,), _, _ = read(os.fsdecode(file))
    assert article.id == "caf\ufffd"
    assert article.path
    article.path.encode()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Port shelled again\n\nShells fell.", "Port shelled again"),
        ("\n  Port shelled again \r\nShells fell.", "Port shelled again"),
        ("date 2024-01-08 Port shelled again\nShells fell.", "Port shelled again"),
        ("Who shelled the port?\nShells fell.", "Who shelled the port?"),
        ("Shells fell on the port.\nNobody was hurt.", None),
        ("“Shells fell.”\nNobody was hurt.", None),
        ("Port shelled again", None),
        ("Long " * 60 + "\nShells fell.", None),
    ],
)
def test_headline(text: str, title: str | None, tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert read(tmp_path / "a.txt")[0][0].title == title


@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_break_the_decoder(data: bytes) -> None:
    try:
        text = decode(data, "x", lambda _: None)
    except Problem:
        return
    text.encode()


# --- JSON Lines ----------------------------------------------------------------------------------------------------


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_records(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "news.jsonl"
    first = {"id": "n/1", "title": "Port shelled", "text": "Shells fell.", "published": "2024-01-08T21:54:00Z"}
    file.write_bytes(
        b"\xef\xbb\xbf" + lines(first) + b"\r\n" + lines({"text": "Nobody was hurt.", "publisher": "Agency"})
    )
    (one, two), problems, warnings = read(file)
    assert (one.id, one.title, one.text) == ("n/1", "Port shelled", "Port shelled\n\nShells fell.")
    assert (one.published, one.published_from) == ("2024-01-08", "record")
    assert one.sha256 == hashlib.sha256(json.dumps(first).encode()).hexdigest()
    assert (two.id, two.publisher, two.title, two.published) == ("news:3", "Agency", None, None)
    assert problems == []
    assert warnings == []


def test_a_text_that_begins_with_its_title_is_not_given_it_twice(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        lines({"id": "a", "title": "Port shelled", "text": "Port shelled\nShells fell."})
    )
    assert read(tmp_path / "a.jsonl")[0][0].text == "Port shelled\nShells fell."


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"{}", "no `text`"),
        (b'{"text": "  "}', "no `text`"),
        (b'{"text": 5}', "`text` is not a string"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b"9" * 10_000, "not JSON"),
    ],
)
def test_a_broken_line_is_one_problem_with_its_number(line: bytes, cause: str, tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(lines({"id": "1", "text": "One."}) + line + b"\n" + lines({"id": "3", "text": "Three."}))
    articles, (problem,), _ = read(file)
    assert [article.id for article in articles] == ["1", "3"]
    assert f"{file}:2: " in problem.cause
    assert cause in problem.cause


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 40)
    (tmp_path / "a.jsonl").write_bytes(lines({"id": "1", "text": "x" * 100}, {"id": "2", "text": "Two."}))
    articles, (problem,), _ = read(tmp_path / "a.jsonl")
    assert [article.id for article in articles] == ["2"]
    assert "a.jsonl:1: the line is longer" in problem.cause


def test_lone_surrogates_are_replaced(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "\\ud800", "text": "a \\udfff b", "title": "t\\ud83d"}\n')
    (article,), _, _ = read(tmp_path / "a.jsonl")
    assert (article.id, article.text) == ("\ufffd", "t\ufffd\n\na \ufffd b")


def test_ids_are_unique_in_a_run(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(*({"id": name, "text": "A."} for name in ("a", "a", "a#2", "a", "b"))))
    (tmp_path / "b.txt").write_text("B.", encoding="utf-8")
    articles, _, _ = read(tmp_path / "a.jsonl", tmp_path / "b.txt")
    assert [article.id for article in articles] == ["a", "a#2", "a#2#2", "a#3", "b", "b#2"]


# --- dates ---------------------------------------------------------------------------------------------------------


def test_the_date_of_publication_option_record_dateline(tmp_path: Path, read: Read) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        lines({"id": "1", "text": "2023-05-01 Shells.", "published": "2024-01-08"}, {"text": "2023-05-01 S."})
    )
    assert [(a.published, a.published_from) for a in read(file)[0]] == [
        ("2024-01-08", "record"),
        ("2023-05-01", "dateline"),
    ]
    assert [(a.published, a.published_from) for a in read(file, published=date(2020, 2, 2))[0]] == [
        ("2020-02-02", "option")
    ] * 2


def test_the_real_dateline(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "claimx.dateline")
    (tmp_path / "a.txt").write_text("Port shelled\n8 Jan 2024 21:54\nShells fell on the port.\n", encoding="utf-8")
    (article,), _, _ = read(tmp_path / "a.txt")
    assert (article.published, article.published_from) == ("2024-01-08", "dateline")


@pytest.mark.parametrize(
    "field", [{"published": "last week"}, {"published": 1704700000}, {"title": []}, {"publisher": {}}]
)
def test_a_record_with_an_unusable_field_is_read_with_a_warning(
    field: dict[str, object], tmp_path: Path, read: Read
) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines({"id": "1", "text": "Shells."} | field))
    (article,), problems, (warning,) = read(tmp_path / "a.jsonl")
    assert (article.text, article.published, article.title, article.publisher) == ("Shells.", None, None, None)
    assert problems == []
    assert "a.jsonl:1" in warning


@pytest.mark.parametrize(
    "text", ["2024-01-08", " 2024-01-08 ", "2024-01-08T23:59:59+03:00", "20240108", "2024-01-08 10:00"]
)
def test_iso_dates(text: str) -> None:
    assert parse_date(text) == date(2024, 1, 8)


@pytest.mark.parametrize("text", ["", "2024-13-01", "2024-02-30", "8 Jan", "2024", "99999-01-01", "²024-01-08"])
def test_no_dates(text: str) -> None:
    assert parse_date(text) is None


# --- standard input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "texts", "ids"),
    [
        (TEXT.encode(), [TEXT], ["stdin"]),
        (b"\n {not json}\nText.", ["\n {not json}\nText."], ["stdin"]),
        (b'{"no": "text"}\n', ['{"no": "text"}\n'], ["stdin"]),
        (b'\n\n{"id": "a", "text": "A."}\n{"text": "B."}', ["A.", "B."], ["a", "stdin:4"]),
        (b'\xef\xbb\xbf{"id": "a", "text": "A."}', ["A."], ["a"]),
        ("UTF-16 too".encode("utf-16"), ["UTF-16 too"], ["stdin"]),
    ],
)
def test_standard_input_is_text_or_json_lines(
    data: bytes, texts: list[str], ids: list[str], stdin: Callable[[bytes], None], read: Read
) -> None:
    stdin(data)
    articles, problems, _ = read("-")
    assert [article.text for article in articles] == texts
    assert [article.id for article in articles] == ids
    assert {article.path for article in articles} == {None}
    assert problems == []


def test_empty_standard_input(stdin: Callable[[bytes], None], read: Read) -> None:
    stdin(b"")
    assert read("-")[1][0].cause == "standard input: is empty"


# --- folders -------------------------------------------------------------------------------------------------------


def test_folders(tmp_path: Path, read: Read) -> None:
    for name in ("b/2.txt", "b/1.TXT", "a.txt", "c.md", ".hidden.txt", ".git/x.txt", "d.jsonl", "out.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"id": "j", "text": "J."}' if name.endswith("l") else "T.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    problems: list[Problem] = []
    sources = list(find_sources([str(tmp_path)], skip=[tmp_path / "out.jsonl"], on_problem=problems.append))
    assert [source.id for source in sources] == ["a", "b/1", "b/2", "d"]
    assert [article.id for article in read(*sources)[0]] == ["a", "b/1", "b/2", "j"]
    assert problems == []


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert list(find_sources([str(tmp_path)], on_problem=problems.append)) == []
    assert "no .txt or .jsonl" in problems[0].cause


@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_no_bytes_break_the_reader(data: bytes, tmp_path: Path, read: Read) -> None:
    for name in ("x.txt", "x.jsonl"):
        (tmp_path / name).write_bytes(data)
        articles, problems, _ = read(tmp_path / name)
        assert articles or problems
        for article in articles:
            article.text.encode()

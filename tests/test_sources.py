import contextlib
import gzip
import io
import json
import os
import shutil
import sys
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fake_engine
from claimx import reading
from claimx.models import Article, Problem
from claimx.sources import Source, find_sources, open_source, source, total_bytes
from conftest import Read

posix = pytest.mark.skipif(os.name == "nt", reason="not on Windows")


@pytest.fixture(autouse=True)
def dateline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "claimx.dateline", fake_engine.modules()["claimx.dateline"])


@pytest.fixture
def find() -> Callable[..., tuple[list[Source], list[str]]]:
    """The sources of inputs, and what was wrong with them."""

    def call(*inputs: str | Path, **options: Any) -> tuple[list[Source], list[str]]:
        problems: list[Problem] = []
        found = list(find_sources(map(str, inputs), on_problem=problems.append, **options))
        return found, [problem.cause for problem in problems]

    return call


Find = Callable[..., tuple[list[Source], list[str]]]


def texts(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(os.fsencode(f"Shells fell on {name}."))


def ids(found: list[Source] | list[Article]) -> list[str]:
    return [one.id for one in found]


def lines(*names: str) -> bytes:
    return b"".join(json.dumps({"id": name, "text": f"Shells fell on {name}."}).encode() + b"\n" for name in names)


# --- .gz -----------------------------------------------------------------------------------------------------------


def test_a_packed_file_is_read_as_what_is_in_it(tmp_path: Path, read: Read) -> None:
    text = "“Shells fell”, he said.\r\n"
    for name, data in [
        ("a.b.txt", text.encode("cp1252")),
        ("b.jsonl", lines("r")),
        ("c", b"Shells."),
        ("d.TXT", b"D."),
    ]:
        (tmp_path / name).write_bytes(data)
        with gzip.open(tmp_path / f"{name}{'.GZ' if name == 'd.TXT' else '.gz'}", "wb") as stream:
            stream.write(data)
    plain, problems, _ = read(*sorted(path for path in tmp_path.iterdir() if path.suffix.lower() != ".gz"))
    packed, more, _ = read(*sorted(path for path in tmp_path.iterdir() if path.suffix.lower() == ".gz"))
    assert [(one.id, one.text, one.sha256) for one in packed] == [(one.id, one.text, one.sha256) for one in plain]
    assert ids(packed) == ["a.b", "r", "c", "d"]
    assert packed[0].text == text
    assert packed[0].path == str(tmp_path / "a.b.txt.gz")
    assert problems == more == []


def test_a_record_without_an_id_is_called_by_the_name_without_both_suffixes(tmp_path: Path, read: Read) -> None:
    (tmp_path / "news.jsonl.gz").write_bytes(gzip.compress(b'\n{"text": "Shells."}\n'))
    assert ids(read(tmp_path / "news.jsonl.gz")[0]) == ["news:2"]


@pytest.mark.parametrize(
    ("name", "cause"),
    [("page.html.gz", "a web page is not read"), ("a.json.gz", "JSON is not read"), ("a.txt.gz.gz", "a compressed")],
)
def test_what_is_not_read_is_not_read_packed(name: str, cause: str, tmp_path: Path, read: Read) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"{}"))
    (problem,) = read(tmp_path / name)[1]
    assert cause in problem.cause


def test_several_members_and_padding_are_one_file(tmp_path: Path, read: Read) -> None:
    """As `cat a.gz b.gz` and some tapes make them."""
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines("1")) + gzip.compress(lines("2")) + bytes(100))
    articles, problems, _ = read(tmp_path / "a.jsonl.gz")
    assert (ids(articles), problems) == (["1", "2"], [])


@pytest.mark.parametrize("data", [b"", gzip.compress(b""), gzip.compress(b" \n")])
@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz"])
def test_an_empty_packed_file(name: str, data: bytes, tmp_path: Path, read: Read) -> None:
    (tmp_path / name).write_bytes(data)
    (problem,) = read(tmp_path / name)[1]
    assert problem.cause.endswith(f"{name}: is empty")


def many(number: int) -> bytes:
    """Records that do not pack well, so that damage in the middle of the file is in the middle of the records."""
    return b"".join(
        json.dumps({"id": str(one), "text": f"Shells {uuid.UUID(int=one**9 * 7919)}."}).encode() + b"\n"
        for one in range(number)
    )


@pytest.mark.parametrize(
    ("damage", "least"),
    [
        (lambda data: data[: len(data) // 2], 1000),
        (lambda data: data[:-4], 5000),  # the end-of-file mark alone is gone
        (lambda data: data[: len(data) // 2] + bytes(500) + data[len(data) // 2 + 500 :], 1000),
        (lambda data: data[:-8] + bytes(4) + data[-4:], 5000),  # the checksum is wrong
        (lambda data: data + b"junk", 5000),
        (lambda data: b"no gzip at all", 0),
        (lambda data: data[:5], 0),
        (lambda data: b"\x1f\x8b\x07" + data[3:], 0),
    ],
)
def test_a_damaged_file_is_one_problem_after_what_could_be_read(
    damage: Callable[[bytes], bytes], least: int, tmp_path: Path, read: Read
) -> None:
    file, good = tmp_path / "bad.jsonl.gz", tmp_path / "good.jsonl"
    file.write_bytes(damage(gzip.compress(many(5000))))
    good.write_bytes(lines("good"))
    articles, (*broken, problem), _ = read(file, good)
    assert problem.cause.startswith(f"{file}: damaged gzip file: ")
    assert all(f"{file}:" in one.cause for one in broken)  # lines of rubbish, before the damage was noticed
    assert ids(articles)[:least] == [str(number) for number in range(least)]
    assert ids(articles)[-1] == "good"


def test_a_damaged_text_is_not_read_in_part(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(many(5000))[:-1])
    articles, (problem,), _ = read(tmp_path / "a.txt.gz")
    assert articles == []
    assert "a.txt.gz: damaged gzip file: " in problem.cause


def test_a_bomb_stops_at_the_limit(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """60 MB that pack into 300 kB, as one text and as one line with a record after it."""
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    for name, end in [("a.txt.gz", b""), ("a.jsonl.gz", b"\n" + lines("after"))]:
        with gzip.open(tmp_path / name, "wb", compresslevel=1) as stream:
            for _ in range(60):
                stream.write(b"x" * 1_000_000)
            stream.write(end)
    tracemalloc.start()
    try:
        articles, problems, _ = read(tmp_path / "a.txt.gz", tmp_path / "a.jsonl.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert ids(articles) == ["after"]
    assert [problem.cause.partition("gz")[2] for problem in problems] == [
        ": larger than 1 MB",
        ":1: the line is longer than 1 MB",
    ]
    assert peak < 6_000_000


def test_progress_counts_the_bytes_of_the_files(tmp_path: Path, read: Read, find: Find) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(many(5000)))
    (tmp_path / "b.jsonl").write_bytes(many(5000))
    (tmp_path / "c.txt").write_bytes(many(100))
    (tmp_path / "d.txt.gz").write_bytes(gzip.compress(many(100)))
    found, _ = find(tmp_path)
    seen: list[int] = []
    assert len(read(*found, on_bytes=seen.append)[0]) == 10_002
    assert sum(seen) == total_bytes(found) == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert max(seen) <= 1 << 16  # as they are read, not at the end


@given(data=st.binary(max_size=200), cut=st.integers(0, 300), flip=st.integers(0, 300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
def test_no_bytes_break_the_unpacking(data: bytes, cut: int, flip: int, tmp_path: Path, read: Read) -> None:
    packed = bytearray(gzip.compress(data))
    packed[flip % len(packed)] ^= 0xFF
    for name in ("x.txt.gz", "x.jsonl.gz"):
        (tmp_path / name).write_bytes(packed[:cut])
        articles, problems, _ = read(tmp_path / name)
        assert articles or problems


# --- patterns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["a.txt", "b.txt"]),
        ("?.txt", ["a.txt", "b.txt"]),
        ("[b-z].*", ["b.txt", "c.jsonl"]),
        ("n/*/*.txt", ["n/m/a.txt", "n/m/d.txt"]),
        ("**/a.txt", ["a.txt", "n/m/a.txt"]),
        ("**/m/**/*.txt", ["n/m/a.txt", "n/m/d.txt", "n/m/o/e.txt"]),
        ("n/**", ["n/m/a.txt", "n/m/d.txt", "n/m/o/e.txt", "n/page.html"]),
        ("*/**/e.txt", ["n/m/o/e.txt"]),
        ("b.txt", ["b.txt"]),
        ("x[1].txt", ["x[1].txt"]),  # it is there
    ],
)
def test_patterns(
    pattern: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: Find, read: Read
) -> None:
    names_there = ["a.txt", "b.txt", "c.jsonl", "n/m/a.txt", "n/m/d.txt", "n/m/o/e.txt", "n/page.html"]
    hidden = [".hidden/a.txt", ".a.txt", "n/.git/a.txt"]
    texts(tmp_path, *names_there, *hidden, *(["x[1].txt"] if pattern == "x[1].txt" else []))
    with contextlib.suppress(OSError):
        (tmp_path / "n" / "m" / "round").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    found, problems = find(pattern)
    assert [Path(one.path).as_posix() for one in found] == names
    assert problems == []
    assert [one.path for one in find(tmp_path / pattern)[0]] == [str(tmp_path / name) for name in names]
    if "html" not in names[-1] and "jsonl" not in names[-1]:
        assert [Path(one.path or "").as_posix() for one in read(pattern)[0]] == names


def test_a_pattern_that_nothing_matches_is_one_problem(tmp_path: Path, find: Find, read: Read) -> None:
    texts(tmp_path, "a.txt")
    for pattern in ("*.jsonl", "no/**/*.txt", "x[1].txt"):
        assert find(tmp_path / pattern) == ([], [f"{tmp_path / pattern}: no file matches"])
        articles, (problem,), _ = read(tmp_path / pattern, tmp_path / "a.txt")
        assert ids(articles) == ["a"]
        assert "no file matches" in problem.cause


def test_a_pattern_matches_folders_and_not_the_output(tmp_path: Path, find: Find) -> None:
    texts(tmp_path, "2023/a.txt", "2024/a.txt", "2025.txt", "2026.jsonl", "notes.md")
    found, problems = find(tmp_path / "20*", skip=[tmp_path / "2026.jsonl", tmp_path / "none"])
    assert (ids(found), problems) == (["a", "a", "2025"], [])


def test_the_output_is_no_input(tmp_path: Path, find: Find) -> None:
    """Under any name, a file or a folder; but what the user names is read."""
    texts(tmp_path, "a.txt", "out/a.jsonl", "out/done/a.txt", "out.jsonl")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    skip = [tmp_path / "link", tmp_path / "." / "out.jsonl", tmp_path / "none"]
    assert ids(find(tmp_path, skip=skip)[0]) == ["a"]
    assert ids(find(tmp_path / "out", tmp_path / "out.jsonl", skip=skip)[0]) == ["a", "done/a", "out"]


# --- names and files that make trouble -----------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names there are Unicode")
def test_names_that_are_not_utf8(tmp_path: Path, find: Find, read: Read) -> None:
    """In a folder, as a folder, in a pattern, packed; two names that look alike stay two articles."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/news-\xff"))
    texts(folder, os.fsdecode(b"caf\xe9.txt"), os.fsdecode(b"caf\xe8.txt"), "z.txt")
    (folder / os.fsdecode(b"\xe9.jsonl.gz")).write_bytes(gzip.compress(b'{"text": "Shells."}\n{\n'))
    for where in (folder, tmp_path, tmp_path / "news*"):
        found, causes = find(where)
        articles, (problem,), _ = read(*found)
        assert [one.id.rpartition("/")[2] for one in articles] == ["caf\ufffd", "caf\ufffd#2", "z", "\ufffd:1"]
        assert "\ufffd.jsonl.gz:2: not JSON" in problem.cause
        assert causes == []
        for text in (problem.cause, *(text for one in articles for text in (one.id, one.path or ""))):
            text.encode()
    for cause in find(str(folder) + "-no*", os.fsdecode(b"\xff://x"))[1]:
        cause.encode()


def test_files_that_vanish_after_they_were_listed(tmp_path: Path, find: Find, read: Read) -> None:
    texts(tmp_path, "a.txt", "b.txt", "c.txt.gz", "d.txt", "e/f.txt")
    found, _ = find(tmp_path)
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt.gz").unlink()
    shutil.rmtree(tmp_path / "e")
    (tmp_path / "d.txt").unlink()
    (tmp_path / "d.txt").mkdir()
    articles, problems, _ = read(*found, source(str(tmp_path / "a.txt")))
    assert ids(articles) == ["a", "a#2"]
    assert [problem.cause.removeprefix(str(tmp_path)) for problem in problems] == [
        "/b.txt: no such file",
        "/c.txt.gz: no such file",
        "/d.txt: is a folder",
        "/e/f.txt: no such file",
    ]
    assert total_bytes(found) > 0


def test_files_that_vanish_while_they_are_listed(tmp_path: Path, find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing of a folder and the look at what is in it."""
    texts(tmp_path, "a.txt", "b/c.txt", "out.jsonl")
    scan = os.scandir

    def scan_and_remove(path: object) -> Any:
        if path != tmp_path:
            return scan(path)  # type: ignore[call-overload]
        with scan(tmp_path) as entries:
            found = list(entries)
        shutil.rmtree(tmp_path / "b")
        (tmp_path / "a.txt").unlink()
        return contextlib.nullcontext(found)

    monkeypatch.setattr(os, "scandir", scan_and_remove)
    found, problems = find(tmp_path, skip=[tmp_path / "out.jsonl"])
    assert ids(found) == ["a"]
    assert problems == [f"{tmp_path / 'b'}: no such file"]


@contextlib.contextmanager
def bound_by_modes() -> Iterator[None]:
    """Root may read everything: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("there is nobody else here")
    try:
        yield
    finally:
        os.seteuid(0)


@posix
def test_what_may_not_be_read_is_one_problem_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: Find, read: Read
) -> None:
    texts(tmp_path, "news/a.txt", "news/closed/b.txt", "news/secret.txt", "news/z.txt", "shut/a.txt")
    tmp_path.chmod(0o755)
    monkeypatch.chdir(tmp_path)  # the folders above may be closed too
    closed = [Path("news/closed"), Path("news/secret.txt"), Path("shut")]
    for path in closed:
        path.chmod(0)
    try:
        with bound_by_modes():
            found, problems = find("news", "shut")
            patterned, more = find("news/**/*.txt")
            articles, unread, _ = read(*found, "shut/a.txt")
    finally:
        for path in closed:
            path.chmod(0o755)
    assert problems == ["news/closed: cannot be read: Permission denied", "shut: cannot be read: Permission denied"]
    assert (ids(patterned), more) == (["a", "secret", "z"], problems[:1])
    assert ids(articles) == ["a", "z"]
    assert [problem.cause for problem in unread] == [
        "news/secret.txt: cannot be read: Permission denied",
        "shut/a.txt: cannot be read: Permission denied",
    ]


@posix
def test_folders_too_deep_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, find: Find) -> None:
    """Even root cannot list a folder whose path is longer than the system takes."""
    texts(tmp_path, "news/a.txt", "news/z.txt")
    monkeypatch.chdir(tmp_path / "news")
    for _ in range(25):
        Path("m" * 200).mkdir()
        os.chdir("m" * 200)
    monkeypatch.chdir(tmp_path)
    found, (problem,) = find("news")
    assert ids(found) == ["a", "z"]
    assert problem.endswith(": cannot be read: File name too long")
    shutil.rmtree("news")


@posix
@pytest.mark.parametrize("name", ["x" * 5000, "x" * 5000 + "*", "a.txt/b.txt"])
def test_a_name_that_no_file_can_have(name: str, tmp_path: Path, find: Find, read: Read) -> None:
    texts(tmp_path, "a.txt")
    find(tmp_path / name)
    articles, problems, _ = read(tmp_path / name, tmp_path / "a.txt")
    assert ids(articles) == ["a"]
    assert len(problems) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_read(tmp_path: Path, read: Read) -> None:
    """As the shell's `claimx extract <(pdftotext a.pdf -)` names one: no size, no way back."""
    import threading

    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=("Shells fell.",))
    writer.start()
    articles, problems, _ = read(tmp_path / "pipe")
    writer.join()
    assert ([one.text for one in articles], problems) == (["Shells fell."], [])


def test_standard_input_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that has come is read before the next has."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as stream, os.fdopen(write_end, "wb", buffering=0) as out:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
        articles = reading.read_articles(["-"], on_problem=lambda _: None)
        for name in ("1", "2"):
            out.write(lines(name))
            assert next(articles).id == name
        out.close()
        assert list(articles) == []


# --- elsewhere -----------------------------------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[Any]:
    """An fsspec file system in memory, with a folder `news`."""
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    system = fsspec.filesystem("memory")
    files = {
        "a.txt": b"A.", "b.txt": b"B.", "b/2.txt.gz": gzip.compress(b"B2."), "b/1.TXT": b"B1.", "c.md": b"C.",
        "d.jsonl": lines("r"), ".hidden/e.txt": b"E.", ".e.txt": b"E.",
    }  # fmt: skip
    for name, data in files.items():
        system.pipe(f"/news/{name}", data)
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def test_a_folder_elsewhere(memory: Any, find: Find, read: Read, tmp_path: Path) -> None:
    """Its files have the names, the order and the size that they have here."""
    for path in memory.find("/news"):
        file = tmp_path / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(memory.cat(path))
    here, _ = find(tmp_path / "news")
    for url in ("memory://news", "memory://news/", "memory:///news"):
        there, problems = find(url)
        assert ids(there) == ids(here) == ["a", "b/1", "b/2", "b", "d"]
        assert total_bytes(there) == total_bytes(here)
        assert problems == []
    seen: list[int] = []
    articles, causes, _ = read(*there, on_bytes=seen.append)
    assert [(one.id, one.text) for one in articles] == [(one.id, one.text) for one in read(*here)[0]]
    assert articles[2].path == "memory:///news/b/2.txt.gz"
    assert sum(seen) == total_bytes(there)
    assert causes == []
    assert ids(find("memory://")[0])[:2] == ["news/a", "news/b/1"]


def test_a_file_elsewhere(memory: Any, find: Find, read: Read) -> None:
    (found,), _ = find("memory://news/b/2.txt.gz")
    assert found == Source("memory://news/b/2.txt.gz", "2", len(gzip.compress(b"B2.")))
    (article,), problems, _ = read("memory://news/b/2.txt.gz")
    assert (article.id, article.text, article.path) == ("2", "B2.", "memory://news/b/2.txt.gz")
    assert problems == []


def test_a_pattern_elsewhere(memory: Any, find: Find, read: Read) -> None:
    assert ids(find("memory://news/?.txt")[0]) == ["a", "b"]
    assert [one.text for one in read("memory://news/**/*.jsonl")[0]] == ["Shells fell on r."]
    assert find("memory://news/*.ndjson") == ([], ["memory://news/*.ndjson: no file matches"])


def test_a_file_address(find: Find, read: Read, tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    texts(tmp_path, "é/a b.txt")
    (found,), _ = find((tmp_path / "é").as_uri().replace("%C3%A9", "é"))
    assert found.id == "a b"
    assert [one.text for one in read(found)[0]] == ["Shells fell on é/a b.txt."]


def test_what_is_wrong_elsewhere_is_one_problem_each(memory: Any, find: Find, read: Read) -> None:
    memory.pipe("/empty/x.md", b"")
    memory.pipe("/news/bad.txt.gz", b"\x1f\x8b")
    found, _ = find("memory://news/a.txt", "memory://news/b.txt")
    memory.rm("/news/a.txt")
    articles, problems, _ = read(
        *found, "memory://news", "memory://none.txt", "memory://news/bad.txt.gz", "memory://news/page.html", "nofs://x"
    )
    assert ids(articles) == ["b"]
    assert [problem.cause.removeprefix("memory://") for problem in problems] == [
        "news/a.txt: no such file",
        "news: is a folder",
        "none.txt: no such file",
        "news/bad.txt.gz: damaged gzip file: Compressed file ended before the end-of-stream marker was reached",
        "news/page.html: no such file",
        "nofs://x: cannot be read: Protocol not known: nofs",
    ]
    none, causes = find("memory://none", "memory://empty")
    assert none == []
    assert causes[0] == "memory://none: no such file"
    assert "memory://empty: no .txt or .jsonl" in causes[1]


class WeirdError(Exception):
    """What no file system of ours throws."""


@pytest.mark.parametrize("method", ["info", "find", "open"])
def test_any_error_of_a_file_system_is_a_problem(
    method: str, memory: Any, find: Find, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise WeirdError("no login")

    monkeypatch.setattr(type(memory), method, fail)
    found, causes = find("memory://news")
    problems = [problem.cause for problem in read(*found)[1]]
    assert set(causes + problems) >= {f"{found[0].path if found else 'memory://news'}: cannot be read: no login"}
    assert len(causes) == (method != "open")


def test_a_line_that_breaks_is_a_problem_after_what_was_read(
    memory: Any, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if not (data := super().read(size)):
                raise WeirdError
            return data

    monkeypatch.setattr(type(memory), "open", lambda *_, **__: Broken(lines("1", "2")))
    articles, (problem,), _ = read("memory://news/d.jsonl")
    assert ids(articles) == ["1", "2"]
    assert problem.cause == "memory://news/d.jsonl: cannot be read: WeirdError"


def test_without_fsspec(find: Find, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert find("s3://bucket/news") == ([], ["s3://bucket/news: needs the package fsspec"])
    (problem,) = read("s3://bucket/a.txt")[1]
    assert problem.hint == "pip install 'claimx[cloud]'"
    with pytest.raises(Problem, match="needs the package fsspec"), open_source("gs://bucket/a.txt"):
        pass


def test_a_web_page_is_not_asked_of_fsspec(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    found, problems = find("https://example.org/news?id=[1]")
    assert ([one.path for one in found], problems) == (["https://example.org/news?id=[1]"], [])

"""Batches: shards, worker processes that hang or die, what is kept of a run that is killed, and where it is written."""

import csv
import gzip
import io
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import msgspec
import pytest

from claimx import schemas, shards
from claimx.batch import Tally, picked
from claimx.crew import Crew
from claimx.ledger import Entry, Ledger, LocalFolder, place
from claimx.models import Article, Problem
from claimx.shards import Done, Setup, Shard, cut, process
from conftest import Program, Run

posix = pytest.mark.skipif(os.name == "nt", reason="no such signals")


def article(number: int, text: str = "Reds struck Blueton.") -> Article:
    return Article(id=str(number), text=text)


def articles(*texts: str) -> tuple[Article, ...]:
    return tuple(article(number, text) for number, text in enumerate(texts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hundred articles in text files and a file of records."""
    root = tmp_path / "news"
    for number in range(50):
        file = root / f"{number % 5}" / f"{number:02}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Reds struck Blueton with {number} rockets.", encoding="utf-8")
    records = (json.dumps({"id": f"r{number}", "text": "Greens struck Redville."}) for number in range(50))
    (root / "records.jsonl").write_text("\n".join(records), encoding="utf-8")
    return root


def lines_of(path: str | Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def ids(path: str | Path) -> list[str]:
    return [line["article"]["id"] for line in lines_of(path)]  # type: ignore[index]


# --- shards ----------------------------------------------------------------------------------------------------------


def test_shards_are_cut_by_number_and_by_length() -> None:
    counter = itertools.count()
    made = list(cut(map(article, range(150)), lambda: next(counter)))
    assert [len(shard.articles) for shard in made] == [64, 64, 22]
    assert [(shard.number, shard.read) for shard in made] == [(0, 0), (1, 1), (2, 2)]
    long = "x" * (shards.CHARS // 2)
    assert [len(shard.articles) for shard in cut(article(n, long) for n in range(5))] == [2, 2, 1]
    assert list(cut([])) == []


def test_the_digest_of_a_shard_tells_its_articles() -> None:
    one = Shard(3, (article(1),))
    assert one.digest() == Shard(4, (article(1),)).digest()
    for other in (article(2), msgspec.structs.replace(article(1), sha256="ab", published="2024-01-08")):
        assert Shard(3, (other,)).digest() != one.digest()


def test_a_shard_is_done_save_for_the_article_that_crashes(fake: None) -> None:
    done = process(articles("Reds struck Blueton.", "CRASH", "Reds struck Blueton."), Setup())
    assert [json.loads(line)["article"]["id"] for line in done.data.splitlines()] == ["0", "2"]
    assert (done.articles, done.words, done.claims, done.undated) == (2, 6, 2, 0)
    assert [(one.kind, one.article) for one in done.failures] == [("fault", "1")]
    assert "1: could not be analysed: RuntimeError" in done.failures[0].cause


def test_undated_articles_are_counted(fake: None) -> None:
    assert process(articles("Reds struck Blueton on Monday.", "Reds struck Blueton."), Setup()).undated == 1


def test_the_parts_of_an_array_of_jobs_are_the_whole() -> None:
    made = [Shard(number, ()) for number in range(10)]
    parts = [list(picked(made, one, 3)) for one in (1, 2, 3)]
    assert sorted(shard.number for part in parts for shard in part) == list(range(10))
    assert all(parts)


# --- processes -------------------------------------------------------------------------------------------------------


def done_by(crew: Crew, *texts: str) -> tuple[int, list[tuple[str, str | None]]]:
    """How many articles were done, and (kind, article) of what failed."""
    with crew:
        results = [done for _, done in crew.run(cut(articles(*texts)))]
    failures = [(one.kind, one.article) for done in results for one in done.failures]
    return sum(done.articles for done in results), sorted(failures)


def test_a_crew_gives_every_shard_back(fake: None) -> None:
    with Crew(2, Setup()) as crew:
        results = {shard.number: done for shard, done in crew.run(cut(map(article, range(200))))}
    assert {number: done.articles for number, done in results.items()} == {0: 64, 1: 64, 2: 64, 3: 8}


def test_a_crew_with_nothing_to_do(fake: None) -> None:
    assert done_by(Crew(2, Setup())) == (0, [])


@posix
def test_an_article_that_kills_its_process_costs_only_itself(fake: None) -> None:
    texts = ["Reds struck Blueton."] * 150
    texts[10] = texts[149] = "KILL"
    assert done_by(Crew(2, Setup()), *texts) == (148, [("died", "10"), ("died", "149")])


def test_an_article_that_hangs_costs_only_itself(fake: None) -> None:
    texts = ["Reds struck Blueton."] * 10
    texts[3] = "SLOW"
    begin = time.monotonic()
    assert done_by(Crew(1, Setup(), timeout=1), *texts) == (9, [("timeout", "3")])
    assert time.monotonic() - begin < 20  # the article would sleep for 30 s


def test_the_claims_of_a_shard_that_was_done_one_by_one_keep_their_order(fake: None) -> None:
    texts = ["Reds struck Blueton."] * 20
    texts[5] = "KILL"
    with Crew(3, Setup()) as crew:
        ((_, done),) = crew.run(cut(articles(*texts)))
    assert [json.loads(line)["article"]["id"] for line in done.data.splitlines()] == [
        str(number) for number in range(20) if number != 5
    ]


def test_a_model_that_cannot_be_loaded(fake: None) -> None:
    with pytest.raises(Problem, match="cannot load the model missing"):
        Crew(2, Setup(model="missing")).__enter__()


# --- the ledger ------------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(LocalFolder(tmp_path / "parts"), ".jsonl")


def test_what_is_kept_is_known(ledger: Ledger) -> None:
    shard = Shard(1234, (article(1),))
    assert ledger.known(shard) is None
    entry = ledger.keep(shard, Done(data=b"{}\n", articles=1, words=3, claims=1))
    assert ledger.known(shard) == entry
    assert entry == Entry(shard.digest(), 3, 1, 3, 1, 0)
    assert list(ledger.claims([1234])) == [b"{}\n"]
    assert ledger.known(Shard(1234, (article(2),))) is None  # the input has changed


def test_claims_that_are_cut_short_or_gone_are_not_known(ledger: Ledger, tmp_path: Path) -> None:
    shard = Shard(0, (article(1),))
    ledger.keep(shard, Done(data=b"{}\n", articles=1))
    file = tmp_path / "parts" / "claims" / f"{place(0)}.jsonl"
    file.write_bytes(b"{}")
    assert ledger.known(shard) is None
    file.unlink()
    assert ledger.known(shard) is None
    with pytest.raises(Problem, match="has vanished"):
        list(ledger.claims([0]))


def test_a_folder_holds_no_claims_of_an_input_that_is_no_more(run: Run, tmp_path: Path) -> None:
    def write(*texts: str) -> None:
        records = (json.dumps({"id": f"{number}", "text": text}) for number, text in enumerate(texts))
        (tmp_path / "in.jsonl").write_text("\n".join(records), encoding="utf-8")

    claims = Path("out/claims/0000")
    write(*["Reds struck Blueton."] * 150)
    assert run("batch", "in.jsonl", "-o", "out/", "--workers", "1").exit_code == 0
    assert [path.name for path in sorted(claims.iterdir())] == [f"0000000{number}.jsonl" for number in range(3)]
    write(*["Nothing."] * 64, "Reds struck Blueton.")
    assert run("batch", "in.jsonl", "-o", "out/", "--workers", "1").exit_code == 0
    assert [path.name for path in claims.iterdir()] == ["00000001.jsonl"]
    assert ids(claims / "00000001.jsonl") == ["64"]


def test_a_broken_entry_is_not_known(ledger: Ledger, tmp_path: Path) -> None:
    shard = Shard(0, (article(1),))
    ledger.keep(shard, Done(articles=1))
    assert ledger.known(shard) is not None
    (tmp_path / "parts" / "done" / f"{place(0)}.json").write_bytes(b'{"digest": "a')
    assert ledger.known(shard) is None


def test_other_options_are_refused(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.open({"form": "jsonl", "model": None}, restart=False) is False
    assert ledger.open({"form": "jsonl", "model": None}, restart=False) is True
    with pytest.raises(Problem, match="begun with other options: model was not set") as caught:
        ledger.open({"form": "jsonl", "model": "x"}, restart=False)
    assert "--restart" in caught.value.hint
    ledger.keep(Shard(0, (article(1),)), Done(articles=1))
    assert ledger.open({"form": "jsonl", "model": "x"}, restart=True) is False
    assert ledger.known(Shard(0, (article(1),))) is None
    (tmp_path / "parts" / "manifest.json").write_bytes(b"\0")
    with pytest.raises(Problem, match="manifest cannot be read"):
        ledger.open({}, restart=False)


@posix
def test_two_runs_do_not_share_a_folder(ledger: Ledger) -> None:
    other = LocalFolder(Path(ledger.folder.name))
    with ledger.folder.lock(), pytest.raises(Problem, match="another claimx batch"), other.lock():
        pass


# --- the command -----------------------------------------------------------------------------------------------------


def test_batch(run: Run, folder: Path) -> None:
    result = run("batch", "news", "-o", "out.jsonl", "--workers", "2")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("claimx: 100 articles, 450 words, 100 claims, 0 failed in ")
    names = ids("out.jsonl")
    assert names[:3] == ["0/00", "0/05", "0/10"]
    assert names[-1] == "r49"
    lines = lines_of("out.jsonl")
    assert len({line["id"] for line in lines}) == 100
    jsonschema.validate(lines[0], schemas.line_schema())
    assert sorted(path.name for path in Path().iterdir()) == ["news", "out.jsonl"]  # nothing else is left


def test_batch_lists_and_counts_what_fails(run: Run, folder: Path) -> None:
    (folder / "0" / "bad.txt").write_bytes(b"\0")
    (folder / "0" / "crash.txt").write_text("CRASH", encoding="utf-8")
    result = run("batch", "news", "missing.txt", "-o", "out.csv", "--workers", "1")
    assert result.exit_code == 1
    assert len([line for line in result.stderr.splitlines() if "error:" in line]) == 3
    assert "100 articles, 450 words, 100 claims, 3 failed (1 fault, 2 unreadable)" in result.stderr
    assert len(list(csv.reader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))) == 101
    listed = lines_of("out.csv.failures")
    assert sorted((one["kind"], one["article"]) for one in listed if one["article"]) == [("fault", "0/crash")]
    assert run("batch", "news/records.jsonl", "-o", "out.csv", "--workers", "1").exit_code == 0
    assert not Path("out.csv.failures").exists()  # the next run had none


def test_ten_thousand_broken_records(run: Run, tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "text": "Reds struck Blueton."})
    (tmp_path / "in.jsonl").write_text("{broken\n" * 10_000 + good, encoding="utf-8")
    result = run("batch", "in.jsonl", "-o", "out.jsonl", "--workers", "1")
    assert result.exit_code == 1
    assert "1 article, 3 words, 1 claim, 10,000 failed (10,000 unreadable)" in result.stderr
    assert len(result.stderr.splitlines()) < 30
    assert len(lines_of("out.jsonl.failures")) == 10_000


def test_batch_passes_over_its_own_output(run: Run, folder: Path) -> None:
    for _ in range(2):
        assert run("batch", "news", "-o", "news/out.jsonl", "--workers", "1").exit_code == 0
    assert len(lines_of(folder / "out.jsonl")) == 100


def test_duplicate_ids_are_told_apart(run: Run, tmp_path: Path) -> None:
    record = json.dumps({"id": "a", "text": "Reds struck Blueton."})
    (tmp_path / "in.jsonl").write_text("\n".join([record] * 3), encoding="utf-8")
    assert run("batch", "in.jsonl", "-o", "out.jsonl", "--workers", "1").exit_code == 0
    assert ids("out.jsonl") == ["a", "a#2", "a#3"]
    assert len({line["id"] for line in lines_of("out.jsonl")}) == 3


def test_batch_quiet(run: Run, folder: Path) -> None:
    result = run("batch", "news", "-o", "out.json", "--quiet", "--published", "2024-01-08", "--workers", "1")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("out.json").read_text(encoding="utf-8").startswith('{\n  "schema": "claimx/1"')


def test_batch_warns_once_of_unresolved_dates(run: Run, folder: Path) -> None:
    for name in "xyz":
        (folder / f"{name}.txt").write_text("Reds struck Blueton on Monday.", encoding="utf-8")
    assert run("batch", "news", "-o", "out.jsonl", "--workers", "1").stderr.count("warning") == 1


def test_the_same_claims_in_every_form(run: Run, folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for name in ("out.jsonl", "out.parquet", "out.sqlite", "parts/"):
        result = run("batch", "news", "-o", name, "--workers", "1")
        assert result.exit_code == 0, result.output
    wanted = sorted(str(line["id"]) for line in lines_of("out.jsonl"))
    with sqlite3.connect("out.sqlite") as database:
        assert sorted(one for (one,) in database.execute("SELECT id FROM claims")) == wanted
    database.close()
    for query in ("SELECT id FROM 'out.parquet'", "SELECT id FROM 'parts/claims/*/*.jsonl'"):
        assert sorted(one for (one,) in duckdb.sql(query).fetchall()) == wanted


def test_packed_input_from_a_pattern(run: Run, folder: Path) -> None:
    packed = gzip.compress((folder / "records.jsonl").read_bytes())
    Path("more.jsonl.gz").write_bytes(packed)
    assert run("batch", "*.jsonl.gz", "-o", "out.jsonl", "--workers", "1").exit_code == 0
    assert len(ids("out.jsonl")) == 50


@pytest.mark.parametrize(
    ("name", "why"),
    [("notes.jsonl", "not written by claimx"), ("full/", "did not make"), ("nowhere/out.jsonl", "no folder"),
     ("new/", "takes JSON Lines only")],
)  # fmt: skip
def test_an_output_that_is_not_ours(run: Run, folder: Path, name: str, why: str) -> None:
    Path("notes.jsonl").write_text("dear diary", encoding="utf-8")
    Path("full").mkdir()
    Path("full/file").write_text("x", encoding="utf-8")
    form = ["--format", "csv"] if name == "new/" else []
    result = run("batch", "news", "-o", name, *form)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())
    assert Path("notes.jsonl").read_text(encoding="utf-8") == "dear diary"


def test_any_number_of_workers_writes_the_same(program: Program, folder: Path) -> None:
    outputs = []
    for workers in ("1", "3"):
        result = program("batch", "news", "-o", "out.jsonl", "--workers", workers)
        assert result.returncode == 0, result.stderr
        outputs.append((folder.parent / "out.jsonl").read_bytes())
    assert outputs[0] == outputs[1]


def test_a_model_that_cannot_be_loaded_is_wrong_usage(program: Program, folder: Path) -> None:
    result = program("batch", "news", "-o", "out.jsonl", "--model", "missing")
    assert result.returncode == 2
    assert b"cannot load the model missing" in b" ".join(result.stderr.replace("│".encode(), b" ").split())
    assert not (folder.parent / "out.jsonl").exists()


def test_parts_of_a_batch_by_several_jobs(run: Run, folder: Path) -> None:
    for part in ("1/2", "2/2"):
        assert run("batch", "news", "-o", f"{part[0]}.jsonl", "--shard", part, "--workers", "1").exit_code == 0
    assert run("batch", "news", "-o", "all.jsonl", "--workers", "1").exit_code == 0
    assert sorted(ids("1.jsonl") + ids("2.jsonl")) == sorted(ids("all.jsonl"))
    assert run("batch", "news", "-o", "x.jsonl", "--shard", "3/2").exit_code == 2


# --- interruptions: each is really done -------------------------------------------------------------------------------

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """A batch of 640 articles of 0.02 s each, in ten shards, as a process of its own."""
    texts = ["Reds struck Blueton. PAUSE"] * 640
    records = (json.dumps({"id": f"{number}", "text": text}) for number, text in enumerate(texts))
    (tmp_path / "in.jsonl").write_text("\n".join(records), encoding="utf-8")
    started: list[subprocess.Popen[bytes]] = []

    def call(*args: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "claimx", "batch", "in.jsonl", "-o", "out.jsonl", "--workers", "4", *args]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=pipe, start_new_session=True)
        started.append(process)
        return process

    yield call
    for one in started:
        one.kill()
        one.wait()
        if one.stderr:
            one.stderr.close()


def wait_for_shards(tmp_path: Path, number: int) -> list[Path]:
    """Until so many shards are kept."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        kept = sorted((tmp_path / ".out.jsonl.parts" / "done").rglob("[0-9]*.json"))
        if len(kept) >= number:
            return kept
        time.sleep(0.01)
    raise AssertionError("nothing was kept within a minute")


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_killed_goes_on(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    first = start()
    kept = {path: path.stat().st_mtime_ns for path in wait_for_shards(tmp_path, 2)}
    os.kill(first.pid, number)
    _, said = first.communicate(timeout=30)
    assert first.returncode == (130 if number == signal.SIGINT else -number)
    assert (b"goes on where it stopped" in said) == (number == signal.SIGINT)
    assert not (tmp_path / "out.jsonl").exists()
    second = start()
    _, said = second.communicate(timeout=60)
    assert second.returncode == 0, said
    before = int(said.split(b" of them before")[0].rpartition(b"(")[2].replace(b",", b""))
    assert before >= 64 * len(kept)  # what was kept was not done again
    assert ids(tmp_path / "out.jsonl") == [str(number) for number in range(640)]
    assert not (tmp_path / ".out.jsonl.parts").exists()


@posix
def test_the_workers_end_with_a_run_that_is_killed(start: Start, tmp_path: Path) -> None:
    process = start()
    wait_for_shards(tmp_path, 1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("no list of child processes on this system")
    workers = [int(pid) for pid in children.read_text(encoding="ascii").split()]
    assert len(workers) == 4
    process.kill()
    end = time.monotonic() + 10
    while any(map(is_alive, workers)):
        assert time.monotonic() < end
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@posix
def test_a_worker_that_is_killed_loses_nothing(start: Start, tmp_path: Path) -> None:
    process = start()
    wait_for_shards(tmp_path, 1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("no list of child processes on this system")
    for pid in children.read_text(encoding="ascii").split()[:2]:
        os.kill(int(pid), signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert ids(tmp_path / "out.jsonl") == [str(number) for number in range(640)]


@posix
def test_other_options_begin_anew_only_when_told(start: Start, tmp_path: Path) -> None:
    first = start()
    wait_for_shards(tmp_path, 1)
    first.kill()
    first.communicate()
    refused = start("--published", "2024-01-08")
    _, said = refused.communicate(timeout=60)
    assert refused.returncode == 2
    assert b"--restart" in said
    again = start("--published", "2024-01-08", "--restart")
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said
    assert b"before" not in said
    assert len(ids(tmp_path / "out.jsonl")) == 640


@posix
def test_an_input_that_changes_between_two_runs_is_done_again(start: Start, tmp_path: Path) -> None:
    first = start()
    wait_for_shards(tmp_path, 3)
    first.kill()
    first.communicate()
    text = (tmp_path / "in.jsonl").read_text(encoding="utf-8")
    (tmp_path / "in.jsonl").write_text(text.replace('"id": "0"', '"id": "zero"'), encoding="utf-8")
    second = start()
    assert second.wait(60) == 0
    assert ids(tmp_path / "out.jsonl") == ["zero", *map(str, range(1, 640))]


@posix
def test_a_full_disk(program: Program, folder: Path) -> None:
    full = Path("/dev/shm")  # noqa: S108 - a file system in memory, of which a small one is made below
    if not full.is_dir() or os.geteuid() != 0:
        pytest.skip("needs to mount a small file system")
    small = folder.parent / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(small)], capture_output=True)
    if mounted.returncode:
        pytest.skip("may not mount a file system")
    try:
        result = program("batch", "news", "-o", "small/out.jsonl", "--workers", "1")
        assert result.returncode == 1, result.stderr
        assert b"cannot write: No space left on device" in result.stderr
        assert b"run the same command again" in result.stderr
        assert not (small / "out.jsonl").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_the_rate_counts_what_this_run_did() -> None:
    tally = Tally()
    tally.add(Entry("", 0, 10, 1_000, 0, 0), fresh=False)
    tally.add(Entry("", 0, 10, 500, 0, 0), fresh=True)
    assert (tally.articles, tally.before, tally.words, tally.fresh_words) == (20, 10, 1_500, 500)

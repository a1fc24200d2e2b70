import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from claimx import batch, schemas
from claimx.batch import Engine, Shard, Workers, process, shards
from claimx.models import Article
from conftest import Program, Run


def article(number: int, text: str = "Reds struck Blueton.") -> Article:
    return Article(id=str(number), text=text)


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


def test_shards_are_cut_by_number_and_by_length() -> None:
    counter = itertools.count()
    cut = list(shards(map(article, range(70)), lambda: next(counter)))
    assert [len(shard.articles) for shard in cut] == [16, 16, 16, 16, 6]
    assert [shard.bytes_read for shard in cut] == [0, 1, 2, 3, 4]
    long = "x" * (batch.SHARD_CHARS // 2)
    assert [len(shard.articles) for shard in shards(article(n, long) for n in range(5))] == [2, 2, 1]
    assert list(shards([])) == []


def test_a_shard_is_done_save_for_the_article_that_crashes(fake: None) -> None:
    done = process(Shard((article(1), article(2, "CRASH"), article(3)), 7), Engine(), "jsonl")
    assert [json.loads(line)["article"]["id"] for line in done.data.splitlines()] == ["1", "3"]
    assert (done.articles, done.claims, done.undated, done.bytes_read) == (2, 2, 0, 7)
    assert ["2: could not be analysed: RuntimeError" in problem.cause for problem in done.problems] == [True]


def test_undated_articles_are_counted(fake: None) -> None:
    texts = ("Reds struck Blueton on Monday.", "Reds struck Blueton.")
    assert process(Shard(tuple(map(article, range(2), texts))), Engine(), "jsonl").undated == 1


def test_the_engine_is_loaded_once(fake: None) -> None:
    with Workers(1, Engine(), "jsonl") as crew:
        list(crew.run([Shard((article(1),)), Shard((article(2),))]))
    assert batch.loaded.cache_info().misses == 1


def test_batch(run: Run, folder: Path) -> None:
    result = run("batch", "news", "-o", "out.jsonl")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith("claimx: 100 articles, 100 claims, 0 failed in ")
    lines = [json.loads(line) for line in Path("out.jsonl").read_text(encoding="utf-8").splitlines()]
    names = [line["article"]["id"] for line in lines]
    assert names[:3] == ["0/00", "0/05", "0/10"]
    assert names[-1] == "r49"
    assert len({line["id"] for line in lines}) == 100
    jsonschema.validate(lines[0], schemas.line_schema())


def test_batch_lists_and_counts_what_fails(run: Run, folder: Path) -> None:
    (folder / "0" / "bad.txt").write_bytes(b"\0")
    (folder / "0" / "crash.txt").write_text("CRASH", encoding="utf-8")
    result = run("batch", "news", "missing.txt", "-o", "out.csv")
    assert result.exit_code == 1
    errors = [line for line in result.stderr.splitlines() if "error:" in line]
    assert len(errors) == 3
    assert "100 articles, 100 claims, 3 failed" in result.stderr
    assert len(Path("out.csv").read_text(encoding="utf-8").splitlines()) == 101


def test_batch_passes_over_its_own_output(run: Run, folder: Path) -> None:
    for _ in range(2):
        assert run("batch", "news", "-o", "news/out.jsonl").exit_code == 0
    assert len((folder / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 100


def test_batch_quiet(run: Run, folder: Path) -> None:
    result = run("batch", "news", "-o", "out.json", "--quiet", "--published", "2024-01-08")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("out.json").read_text(encoding="utf-8").startswith('{\n  "schema": "claimx/1"')


def test_batch_warns_once_of_unresolved_dates(run: Run, folder: Path) -> None:
    for name in "xyz":
        (folder / f"{name}.txt").write_text("Reds struck Blueton on Monday.", encoding="utf-8")
    assert run("batch", "news", "-o", "out.jsonl").stderr.count("warning") == 1


def test_any_number_of_workers_writes_the_same(program: Program, folder: Path) -> None:
    outputs = []
    for workers in ("1", "2"):
        result = program("batch", "news", "-o", "out.jsonl", "--workers", workers)
        assert result.returncode == 0, result.stderr
        outputs.append((folder.parent / "out.jsonl").read_bytes())
    assert outputs[0] == outputs[1]


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
def test_a_killed_worker_costs_only_the_shard_that_kills(environment: dict[str, str], tmp_path: Path) -> None:
    script = """
import sys
from claimx.batch import Engine, Workers, shards
from claimx.models import Article

if __name__ == "__main__":
    texts = ["Reds struck Blueton."] * 200
    texts[100] = "KILL"
    with Workers(2, Engine(), "jsonl") as crew:
        done = list(crew.run(shards(Article(id=str(n), text=text) for n, text in enumerate(texts))))
    print(sum(one.articles for one in done), sum(len(one.problems) for one in done))
"""
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "script.py"], env=environment, cwd=tmp_path, capture_output=True, timeout=120, text=True
    )
    assert result.stdout == "184 16\n", result.stderr


def test_a_model_that_cannot_be_loaded_in_the_workers(program: Program, folder: Path) -> None:
    result = program("batch", "news", "-o", "out.jsonl", "--workers", "2", "--model", "missing")
    assert result.returncode == 2
    assert b"cannot load the model missing" in result.stderr
    assert not (folder.parent / "out.jsonl").exists()

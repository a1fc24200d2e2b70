"""What the README shows can be done: its recipes run, on the sample articles and with the bundled model."""

import ast
import contextlib
import io
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimx.cli import app
from claimx.pipeline import Extractor
from claimx.writing import CSV_COLUMNS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
if not README.exists():
    pytest.skip("not a checkout of the repository", allow_module_level=True)
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def blocks(kind: str) -> list[str]:
    return [body for fence, body in BLOCKS if fence == kind]


def section(title: str) -> str:
    return TEXT.partition(f"\n{title}\n")[2].partition("\n## ")[0]


def piped(line: str) -> list[list[str]]:
    """The commands of a line, each as its arguments."""
    commands: list[list[str]] = [[]]
    for word in shlex.split(line):
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def run(line: str) -> str:
    """What a line of claimx and jq prints."""
    output = ""
    for program, *arguments in piped(line):
        if program == "claimx":
            result = CliRunner().invoke(app, arguments, input=output or None)
            assert result.exit_code == 0, (line, result.stderr)
            output = result.stdout
        else:
            assert program == "jq", line
            command = [program, *arguments]
            done = subprocess.run(command, input=output, capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0, (line, done.stderr)
            output = done.stdout
    return output


RECIPES = re.findall(r"^\$ (.*)$", section("## Recipes"), re.MULTILINE)


@pytest.fixture(scope="module")
def folder(extractor: Extractor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds and what the first recipe makes of them. Where there is no model, `extractor` skips."""
    assert extractor
    path = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", path / "seeds")
    with contextlib.chdir(path):
        run(RECIPES[0])
    return path


def test_first_two_blocks_are_single_commands_for_a_fresh_clone() -> None:
    assert [kind for kind, _ in BLOCKS].count("sh") == 2
    for kind, body in BLOCKS[:2]:
        assert kind == "sh"
        assert body.count("\n") == 1
        assert body.startswith("python3 -m venv ")


@pytest.mark.parametrize("line", [line for line in RECIPES if "jq" in line])
def test_jq_recipes_run(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("jq"):
        pytest.skip("jq is not installed")
    monkeypatch.chdir(folder)
    assert run(line).strip()


@pytest.mark.parametrize("query", blocks("sql"))
def test_duckdb_recipes_run(query: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    monkeypatch.chdir(folder)
    assert duckdb.sql(query).fetchall()


def test_columns_of_the_csv_are_listed_in_order() -> None:
    rows = re.findall(r"^\| (`.*?) \|", section("## Recipes").partition("### Columns")[2], re.MULTILINE)
    assert tuple(re.findall(r"`(\w+)`", " ".join(rows))) == CSV_COLUMNS


def test_lexicon_example_passes_its_own_check(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    [example] = blocks("toml")
    assert len(example.splitlines()) <= 10
    Path("mine.toml").write_text(example, encoding="utf-8")
    run("claimx lexicon check mine.toml")


def test_library_example_prints_what_it_says(folder: Path) -> None:
    [example] = blocks("python")
    assert sum(bool(line.strip()) for line in example.splitlines()) <= 5
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.parse(example), "README.md", "exec"), {})  # noqa: S102
    assert printed.getvalue().strip() in TEXT


def test_generated_parts_are_filled_in() -> None:
    for name in ("picture", "accuracy", "speed"):
        assert re.search(rf"<!-- {name} -->\s+\S(?!/).*?<!-- /{name} -->", TEXT, re.DOTALL), name

"""The repository: what the README says can be done, what the checks run, and words that have no place in it."""

import os
import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimx import __version__
from claimx.cli import app

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
needs_readme = pytest.mark.skipif(not README.exists(), reason="not a checkout of the repository")
BLOCK = re.compile(r"^```(sh|console|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def documents() -> list[Path]:
    return [path for path in (README, ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))) if path.exists()]


def commands(document: Path) -> list[str]:
    """The claimx command lines that a document shows."""
    blocks = [body for kind, body in BLOCK.findall(document.read_text(encoding="utf-8")) if kind != "python"]
    lines = [line.strip().removeprefix("$ ") for body in blocks for line in body.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("claimx ")]


def help_of(*names: str) -> str:
    result = CliRunner().invoke(app, [*names, "--help"], env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert result.exit_code == 0, names
    return re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)


def subcommands(text: str) -> list[str]:
    found = re.search(r"Commands.*", text, re.DOTALL)
    return re.findall(r"^[│|] ([a-z]+) ", found.group(), re.MULTILINE) if found else []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_shown_commands_exist_with_their_options(document: Path) -> None:
    for line in commands(document):
        words = re.split(r"\s+", re.split(r"\s[|>&#]|;", line)[0])[1:]
        names: list[str] = []
        text = help_of()
        while words and words[0] in subcommands(text):
            names.append(words.pop(0))
            text = help_of(*names)
        assert names or (words and words[0].startswith("-")), line
        for option in (word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)):
            assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text), f"{line}: {option}"


@needs_readme
def test_readme_tells_of_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in subcommands(help_of()) if f"claimx {name}" not in text] == []


@needs_readme
def test_links_between_files_lead_somewhere() -> None:
    for document in documents():
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


@needs_readme
def test_the_checks_run_the_second_block_of_the_readme() -> None:
    shell = [body for kind, body in BLOCK.findall(README.read_text(encoding="utf-8")) if kind == "sh"]
    assert "-m venv" in shell[1]
    assert "pytest" in shell[1]
    script = ROOT / ".ci" / "run"
    assert os.name == "nt" or script.stat().st_mode & stat.S_IXUSR
    assert "run: .ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


@needs_readme
def test_actions_are_pinned() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        for action in re.findall(r"uses: (\S+)", workflow.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), action


@needs_readme
def test_version_stands_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert __version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# Traces of the machine that a change was made on, of merges and of haste; in pieces, so that this file has none itself.
PATHS = ["work/", "tmp/w/", "home/[a-z]", "Users/"]
HASTE = ["<" * 7 + " ", ">" * 7 + " ", "TO" + "DO", "FIX" + "ME"]
FORBIDDEN = re.compile("|".join(["/" + path for path in PATHS] + HASTE))


def tracked() -> list[Path]:
    try:
        found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in found.decode().split("\0") if name]


def test_no_traces_of_a_machine_or_of_haste() -> None:
    found = []
    for path in tracked():
        if path.is_file() and b"\0" not in (raw := path.read_bytes())[:8000] and len(raw) < 2_000_000:
            for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
                if match := FORBIDDEN.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")
    assert found == []


def test_no_large_files() -> None:
    model = ROOT / "src" / "claimx" / "model"
    large = [p for p in tracked() if p.is_file() and p.stat().st_size > 5_000_000 and model not in p.parents]
    assert large == []

"""What the tests of the shell share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab
from typer.testing import CliRunner, Result

import fake_engine
from claimx import pipeline, shards
from claimx.cli import app
from claimx.models import Article, Problem
from claimx.pipeline import Extractor
from claimx.reading import read_articles
from claimx.sources import Source

TESTS = Path(__file__).parent
SOURCES = TESTS.parent / "src"

Run = Callable[..., Result]
Program = Callable[..., "subprocess.CompletedProcess[bytes]"]
Read = Callable[..., tuple[list[Article], list[Problem], list[str]]]


def read_parse(table: str, vocab: Vocab, clear: bool) -> Doc:
    """A parsed doc from a table of tokens (see cases/syntax.toml), in Universal Dependencies or in CLEAR labels."""
    words, lemmas, tags, heads, deps = [], [], [], [], []
    for number, line in enumerate(table.strip().splitlines()):
        word, tag, *labels = line.split()
        word, _, lemma = word.partition("/")
        head, dep = labels[-2:] if clear else labels[:2]
        words.append(word)
        lemmas.append(lemma or word.lower())
        tags.append(tag)
        heads.append(int(head) - 1 if head != "0" else number)
        deps.append(dep)
    return Doc(vocab, words=words, lemmas=lemmas, tags=tags, heads=heads, deps=deps)


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """The real engine with the bundled model, loaded once."""
    return pipeline.load()


@pytest.fixture(scope="session")
def rules(extractor: Extractor) -> Extractor:
    """The same pipeline and lexicon without the judges: what the rules propose."""
    return extractor.by_rules()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Iterator[None]:
    """The engine replaced by fake_engine, in this process and in those that it starts."""
    monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])
    for name, module in fake_engine.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    shards.loaded.cache_clear()
    yield
    shards.loaded.cache_clear()


@pytest.fixture
def run(fake: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with the fake engine, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, list(args), input=stdin)

    return call


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For a process of its own, and the processes that it starts, with the fake engine."""
    hook = tmp_path_factory.mktemp("hook")
    lines = ["import sys", f"sys.path.insert(0, {str(TESTS)!r})", "import fake_engine", "fake_engine.install()"]
    (hook / "sitecustomize.py").write_text("\n".join(lines), encoding="utf-8")
    path = os.pathsep.join([str(hook), str(SOURCES), os.environ.get("PYTHONPATH", "")])
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return {**plain, "PYTHONPATH": path}


@pytest.fixture
def program(environment: dict[str, str], tmp_path: Path) -> Program:
    """The command line as a process of its own, in an empty folder."""

    def call(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "claimx", *args]
        return subprocess.run(
            command, input=stdin, capture_output=True, cwd=tmp_path, env={**environment, **(env or {})}, timeout=60
        )

    return call


@pytest.fixture
def read() -> Read:
    """The articles, problems and warnings of inputs."""

    def call(*inputs: str | Path | Source, **options: object) -> tuple[list[Article], list[Problem], list[str]]:
        problems: list[Problem] = []
        warnings: list[str] = []
        sources = [one if isinstance(one, Source) else str(one) for one in inputs]
        articles = read_articles(sources, on_problem=problems.append, on_warning=warnings.append, **options)  # type: ignore[arg-type]
        return list(articles), problems, warnings

    return call

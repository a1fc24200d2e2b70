import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from claimx import schemas
from claimx.cli import app
from conftest import Program, Run

TEXT = "Reds struck Blueton with 3 rockets. Greens denied striking Redville.\n"
DATED = "Reds struck Blueton on Monday.\n"


@pytest.fixture
def text(tmp_path: Path) -> str:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return "a.txt"


# --- extract -------------------------------------------------------------------------------------------------------


def test_tables_are_the_default_and_plain_where_piped(run: Run, text: str) -> None:
    result = run("extract", text)
    assert result.exit_code == 0
    assert "attack · struck" in result.stdout
    assert "\x1b" not in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert result.stderr == ""


@pytest.mark.parametrize("option", [("--json",), ("--format", "json"), ("-f", "json"), ("--json", "-f", "json")])
def test_json(option: tuple[str, ...], run: Run, text: str) -> None:
    result = run("extract", text, *option)
    record = json.loads(result.stdout)
    jsonschema.validate(record, schemas.record_schema())
    assert record["article"]["id"] == "a"
    assert record["article"]["path"] == "a.txt"


def test_several_articles_are_several_objects(run: Run, text: str) -> None:
    decoder = json.JSONDecoder()
    rest = run("extract", text, text, "--json").stdout
    names = []
    while rest:
        record, end = decoder.raw_decode(rest)
        names.append(record["article"]["id"])
        rest = rest[end:].lstrip()
    assert names == ["a", "a#2"]


def test_json_lines_and_csv(run: Run, text: str) -> None:
    lines = run("extract", text, "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 2
    for line in lines:
        jsonschema.validate(json.loads(line), schemas.line_schema())
    assert len(run("extract", text, "--format", "csv").stdout.splitlines()) == 3


@pytest.mark.parametrize("args", [(), ("-",)])
def test_standard_input(args: tuple[str, ...], run: Run) -> None:
    record = json.loads(run("extract", "--json", *args, stdin=TEXT).stdout)
    assert record["article"]["id"] == "stdin"
    assert record["article"]["path"] is None
    assert len(record["claims"]) == 2


@pytest.mark.parametrize(
    ("options", "triggers"),
    [
        (("--status", "denied"), ["denied striking"]),
        (("--status", "denied,reported"), ["struck", "denied striking"]),
        (("--status", "denied", "--status", "planned"), ["denied striking"]),
        (("--type", "attack"), ["struck", "denied striking"]),
        (("--type", "clash, threat"), []),
        (("--min-confidence", "0.65"), ["denied striking"]),
        (("--min-confidence", "1"), []),
    ],
)
def test_filters(options: tuple[str, ...], triggers: list[str], run: Run, text: str) -> None:
    record = json.loads(run("extract", text, "--json", *options).stdout)
    assert [claim["trigger"]["text"] for claim in record["claims"]] == triggers


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("extract", "a.txt", "--type", "war"), "none of"),
        (("extract", "a.txt", "--type", ""), "none of"),
        (("extract", "a.txt", "--status", "reported,maybe"), "'maybe'"),
        (("extract", "a.txt", "--min-confidence", "2"), "less than or equal"),
        (("extract", "a.txt", "--published", "2024-02-30"), "2024-01-08"),
        (("extract", "a.txt", "--published", "[/x] yesterday"), "[/x] yesterday"),
        (("extract", "a.txt", "--format", "xml"), "xml"),
        (("extract", "a.txt", "--json", "--format", "csv"), "exclude"),
        (("extract", "a.txt", "--model", "missing"), "cannot load the model"),
        (("extract", "a.txt", "-o", "no/out.json"), "no folder"),
        (("extract", "a.txt", "-o", "."), "is a folder"),
        (("annotate", "a.txt", "--published", "x"), "no date"),
        (("batch", "a.txt"), "--output"),
        (("batch", "-o", "x.jsonl"), "INPUT"),
        (("batch", "a.txt", "-o", "x.jsonl", "--workers", "0"), "greater than or equal"),
        (("batch", "a.txt", "-o", "x.jsonl", "--model", "missing"), "cannot load the model"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_exits_2_and_says_why(args: tuple[str, ...], message: str, run: Run, text: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert not Path("x.jsonl").exists()


def test_nothing_to_read_on_a_terminal_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    result = run("extract")
    assert result.exit_code == 2
    assert "nothing to read" in result.stderr


def test_what_fails_is_named_and_the_rest_is_done(run: Run, text: str) -> None:
    Path("bad.jsonl").write_text('{"id": "x", "text": "Reds struck Blueton."}\n{oops\n', encoding="utf-8")
    Path("crash.txt").write_text("CRASH", encoding="utf-8")
    result = run("extract", "missing.txt", "bad.jsonl", "crash.txt", ".", text, "--format", "jsonl")
    assert result.exit_code == 1
    assert [json.loads(line)["article"]["id"] for line in result.stdout.splitlines()] == ["x", "a", "a"]
    errors = result.stderr.splitlines()
    assert len(errors) == 4
    for error, words in zip(
        errors, ("missing.txt: no such", "bad.jsonl:2:", "crash.txt: could not", ".: is a"), strict=True
    ):
        assert error.startswith("claimx: error: ")
        assert words in error


def test_a_name_cannot_act_on_the_terminal(run: Run) -> None:
    result = run("extract", "\x1b[31m\nx.txt")
    assert result.stderr.count("\n") == 1
    assert "<U+001B>[31m x.txt: no file matches" in result.stderr


def test_unresolved_dates_warn_once_for_each_article(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(DATED * 2, encoding="utf-8")
    for command in ("extract", "annotate"):
        result = run(command, "b.txt", "b.txt", "--format", "jsonl")
        assert result.exit_code == 0
        assert [line.split(" publication date unknown")[0] for line in result.stderr.splitlines()] == [
            "claimx: warning: b.txt:",
            "claimx: warning: b.txt: b#2:",
        ]
        assert run(command, "b.txt", "--format", "jsonl", "--quiet").stderr == ""
        assert run("--quiet", command, "b.txt", "--format", "jsonl").stderr == ""
        dated = run(command, "b.txt", "--published", "2024-01-08", "--format", "jsonl")
        assert dated.stderr == ""
        assert '"earliest":"2024-01-08"' in dated.stdout


def test_verbose_tells_of_every_article_and_shows_where_it_crashed(run: Run, text: str) -> None:
    Path("crash.txt").write_text("CRASH", encoding="utf-8")
    result = run("extract", text, "crash.txt", "--verbose", "--json")
    assert "claimx: a.txt: 69 characters" in result.stderr
    assert "Traceback" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize(
    ("name", "begins"), [("o.json", "{\n"), ("o.jsonl", '{"id"'), ("o.csv", "id,event"), ("o.txt", "a\n")]
)
def test_output_goes_to_a_file_whose_suffix_tells_the_format(name: str, begins: str, run: Run, text: str) -> None:
    result = run("extract", text, "--output", name)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert Path(name).read_text(encoding="utf-8").startswith(begins)
    assert sorted(path.name for path in Path().iterdir()) == sorted({"a.txt", name})


# --- the other commands --------------------------------------------------------------------------------------------


def test_annotate(run: Run, text: str) -> None:
    annotation = json.loads(run("annotate", text).stdout)
    jsonschema.validate(annotation, schemas.annotation_schema())
    assert annotation["entities"][0] == {"text": "Reds", "start": 0, "end": 4, "label": "ORG"}
    assert len(run("annotate", text, text, "-f", "jsonl").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("option", "title"),
    [((), "An article and the claims"), (("--line",), "A claim and the article"), (("--annotation",), "All names")],
)
def test_schema(option: tuple[str, ...], title: str, run: Run) -> None:
    schema = json.loads(run("schema", *option).stdout)
    assert schema["title"].startswith(title)
    assert schema["$schema"].endswith("2020-12/schema")
    jsonschema.Draft202012Validator.check_schema(schema)


def test_lexicon_check(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "claimx.checking.check_file", lambda path, fired, nlp: sorted(fired(TEXT)) if "bad" in path.name else []
    )
    fine = run("lexicon", "check", "good.toml")
    assert (fine.exit_code, fine.stderr) == (0, "claimx: good.toml: fine\n")
    wrong = run("lexicon", "check", "good.toml", "bad.toml")
    assert wrong.exit_code == 1
    assert "claimx: error: attack.strike" in wrong.stderr


@pytest.mark.parametrize("args", [(), ("extract",), ("annotate",), ("batch",), ("schema",), ("lexicon", "check")])
def test_help(args: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*args, "--help"])
    assert result.exit_code == 0
    assert "Usage: " in result.output


# --- the program ---------------------------------------------------------------------------------------------------


def test_the_program(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Reds struck Blueton.\r\n")
    result = program("extract", "a.txt", "no.txt", "--format", "jsonl")
    assert result.returncode == 1
    assert json.loads(result.stdout)["evidence"]["text"] == "Reds struck Blueton"
    assert result.stderr == b"claimx: error: no.txt: no such file (hint: check its name and folder)\n"


def test_standard_output_is_utf8_and_tables_never_fail_whatever_the_locale(program: Program) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    stdin = "Reds struck Élysée. “Élan”\n\nReds struck Éz".encode()
    assert b'"id": "stdin"' in program("extract", "--json", stdin=stdin, env=env).stdout
    result = program("extract", stdin=stdin + b"\nReds struck Blueton.", env=env)
    assert result.returncode == 0, result.stderr
    assert b"Blueton" in result.stdout


@pytest.mark.parametrize(
    "args", [("--help",), ("--version",), ("extract", "--help"), ("schema",), ("schema", "--line")]
)
def test_nothing_heavy_is_imported_where_it_is_not_needed(args: tuple[str, ...], environment: dict[str, str]) -> None:
    script = (
        "import sys, claimx.cli\n"
        "sys.argv = ['claimx', *sys.argv[1:]]\n"
        "try: claimx.cli.main()\n"
        "except SystemExit: pass\n"
        "heavy = {'spacy', 'thinc', 'numpy', 'dateparser', 'charset_normalizer', 'jinja2'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)\n"
    )
    plain = {**environment, "PYTHONPATH": environment["PYTHONPATH"].split(os.pathsep, 1)[1]}
    result = subprocess.run([sys.executable, "-c", script, *args], env=plain, capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
@pytest.mark.parametrize("args", [("extract", "a.jsonl", "--json"), ("extract", "a.jsonl"), ("schema",)])
def test_a_closed_pipe_is_quiet(args: tuple[str, ...], environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Reds struck Blueton."}\n' * 5000, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "claimx", *args],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    if len(args) > 1:
        assert process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 141


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
@pytest.mark.parametrize(
    "command",
    [
        ("extract", "-f", "jsonl", "-o", "out.jsonl"),
        ("batch", "-o", "out.jsonl"),
        ("batch", "-o", "out.jsonl", "--workers", "2"),
    ],
)
def test_an_interrupt_exits_130_and_leaves_no_half_file(
    command: tuple[str, ...], environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "slow.txt").write_text("SLOW", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "claimx", *command, "in/slow.txt"],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    for _ in range(200):
        if list(tmp_path.glob(".out*")):
            break
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)  # less than the article takes
    assert process.returncode == 130
    if command[0] == "batch":  # what is done is kept
        assert errors == b"claimx: interrupted: run the same command again and it goes on where it stopped\n"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".out.jsonl.parts", "in"]
    else:
        assert errors == b"claimx: interrupted\n"
        assert [path.name for path in tmp_path.iterdir()] == ["in"]

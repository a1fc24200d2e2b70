"""The command line: parse options, call, write. The only place that exits.

Standard output carries data only. What a command needs is imported in the command: `claimx --help` must not wait for
spaCy.
"""

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal, TextIO, TypeVar

import typer
from typer.core import TyperGroup

from claimx.messages import Messages, in_full, label, say
from claimx.models import Annotation, Article, ArticleRecord, Problem
from claimx.options import (
    ONE_THREAD,
    Files,
    Inputs,
    Lexicon,
    MinConfidence,
    Model,
    Output,
    Published,
    Quiet,
    Statuses,
    Types,
    Verbose,
    examples,
    part_of,
    show_version,
)  # fmt: skip

if TYPE_CHECKING:
    from claimx.pipeline import Extractor

Result = TypeVar("Result", ArticleRecord, Annotation)
INPUT_FAILED = 1
INTERRUPTED = 130
CLOSED_PIPE = 141  # 128 + SIGPIPE, as a shell sees a program that the signal ended


class _Commands(TyperGroup):
    """One roof over all commands for what the user can mend, for an interrupt and for a reader that went away."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except Problem as problem:
            Messages().error(problem)
            raise typer.Exit(INPUT_FAILED) from problem
        except KeyboardInterrupt as interrupt:
            say("interrupted")
            raise typer.Exit(INTERRUPTED) from interrupt
        except BrokenPipeError as error:
            _abandon_stdout()
            raise typer.Exit(CLOSED_PIPE) from error
        return result


def _abandon_stdout() -> None:
    """Point standard output nowhere: Python would complain at exit of what it cannot flush."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Read news and say, with evidence, who did what to whom, with which weapon, how many, when, where and "
    "according to whom.",
    epilog="Exit codes: 0 fine, 1 some input failed (the rest was done), 2 wrong usage, 130 interrupted.",
)
lexicon_app = typer.Typer(no_args_is_help=True, help="Your own weapons, groups and event words.")
app.add_typer(lexicon_app, name="lexicon")


def main() -> None:
    """The `claimx` program."""
    # The matrices are small: threads would cost more than they gain. Batches use processes.
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    try:
        app(prog_name="claimx")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            _abandon_stdout()
            sys.exit(CLOSED_PIPE)
        raise


@app.callback()
def _root(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - acted on by its callback
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    context.obj = {"quiet": quiet, "verbose": verbose}


def _messages(context: typer.Context, quiet: bool, verbose: bool) -> Messages:
    """--quiet and --verbose may stand before the command or after it."""
    return Messages(quiet=quiet or context.obj["quiet"], verbose=verbose or context.obj["verbose"])


def _articles(files: list[str] | None, published: date | None, messages: Messages) -> Iterator[Article]:
    from claimx.reading import read_articles
    from claimx.sources import STDIN

    if not files and (sys.stdin is None or sys.stdin.isatty()):
        raise typer.BadParameter("nothing to read; name a file, or pipe text in", param_hint="FILE")
    return read_articles(files or [STDIN], published=published, on_problem=messages.error, on_warning=messages.warning)


@contextlib.contextmanager
def _usage(options: str | None = "--model, --lexicon") -> Iterator[None]:
    """A model or a lexicon that cannot be loaded is a wrong option, found before anything is read."""
    try:
        yield
    except Problem as problem:
        raise typer.BadParameter(in_full(problem), param_hint=options) from problem


def _load(model: str | None, lexicon: list[Path] | None) -> "Extractor":
    from claimx.pipeline import load

    with _usage():
        return load(model, tuple(lexicon or ()))


def _form(chosen: str | None, output: Path | None, default: str, allowed: Iterable[str]) -> Any:
    """The format that is asked for, else that of the file's suffix, else the default."""
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    return chosen or (suffix if suffix in allowed else default)


def _results(articles: Iterable[Article], work: Callable[[Article], Result], messages: Messages) -> Iterator[Result]:
    """What `work` makes of each article; a fault of ours in one must not cost the others."""
    from claimx.shards import is_undated

    for article in articles:
        messages.note(f"{label(article)}: {len(article.text):,} characters, published {article.published}")
        try:
            result = work(article)
        except Exception as error:  # noqa: BLE001
            messages.fault(article, error)
            continue
        if is_undated(result):
            messages.undated(article)
        yield result


def _finish(messages: Messages) -> None:
    if messages.failed:
        raise typer.Exit(INPUT_FAILED)


# --- commands ------------------------------------------------------------------------------------------------------


@app.command(
    epilog=examples(
        "claimx extract news.txt",
        "claimx extract --json --published 2024-01-08 < news.txt",
        "claimx extract *.txt --type attack,clash --min-confidence 0.5 -o attacks.csv",
    )
)
def extract(
    context: typer.Context,
    files: Files = None,
    *,
    form: Annotated[
        Literal["table", "json", "jsonl", "csv"] | None,
        typer.Option(
            "--format", "-f", metavar="FORM", help="table, json (an object an article), jsonl or csv (a line a claim)."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    output: Output = None,
    types: Types = None,
    statuses: Statuses = None,
    min_confidence: MinConfidence = 0.0,
    published: Published = None,
    lexicon: Lexicon = None,
    model: Model = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Find the claims of articles: tables by default, each claim with the sentence that makes it."""
    messages = _messages(context, quiet, verbose)
    if as_json and form not in (None, "json"):
        raise typer.BadParameter(f"--json and --format {form} exclude each other", param_hint="--json")
    articles = _articles(files, published, messages)
    extractor = _load(model, lexicon)
    from msgspec.structs import replace

    def kept(record: ArticleRecord) -> ArticleRecord:
        claims = (
            claim
            for claim in record.claims
            if (not types or claim.type in types)
            and (not statuses or claim.status in statuses)
            and claim.confidence >= min_confidence
        )
        return replace(record, claims=tuple(claims))

    records = (kept(record) for record in _results(articles, extractor.extract, messages))
    _write(records, "json" if as_json else _form(form, output, "table", ("json", "jsonl", "csv")), output)
    _finish(messages)


def _write(records: Iterable[ArticleRecord], form: Any, output: Path | None) -> None:
    from claimx.writing import encode, header, open_output

    with open_output(output) as stream:
        if form == "table":
            _write_tables(records, stream, output)
            return
        stream.write(header(form))
        for record in records:
            stream.write(encode(record, form))
            stream.flush()


def _write_tables(records: Iterable[ArticleRecord], stream: BinaryIO, output: Path | None) -> None:
    from claimx import tables

    if output:
        text: TextIO = io.TextIOWrapper(stream, encoding="utf-8", write_through=True)
    else:
        text = sys.stdout
        if isinstance(text, io.TextIOWrapper):
            text.reconfigure(errors="replace")  # a terminal that cannot show a character shows a question mark
    console = tables.console(text)
    for record in records:
        console.print(tables.render(record, console.width))
    text.flush()
    if output and isinstance(text, io.TextIOWrapper):
        text.detach()


@app.command(epilog=examples("claimx annotate news.txt | jq .entities"))
def annotate(
    context: typer.Context,
    files: Files = None,
    *,
    form: Annotated[
        Literal["json", "jsonl"] | None,
        typer.Option("--format", "-f", metavar="FORM", help="json (indented) or jsonl (a line each)."),
    ] = None,
    output: Output = None,
    published: Published = None,
    lexicon: Lexicon = None,
    model: Model = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show all that is recognised, claim or not: names, dates, counts and who says what, as JSON."""
    from claimx.writing import encode_annotation, open_output

    messages = _messages(context, quiet, verbose)
    articles = _articles(files, published, messages)
    extractor = _load(model, lexicon)
    chosen = _form(form, output, "json", ("json", "jsonl"))
    with open_output(output) as stream:
        for annotation in _results(articles, extractor.annotate, messages):
            stream.write(encode_annotation(annotation, chosen))
            stream.flush()
    _finish(messages)


@app.command(
    epilog=examples(
        "claimx batch news/ -o claims.jsonl",
        "claimx batch '2024-*.jsonl.gz' -o claims.parquet --workers 8",
        "claimx batch s3://bucket/news/ -o s3://bucket/claims/ --engine dask --scheduler tcp://head:8786",
    )
)
def batch(
    context: typer.Context,
    inputs: Inputs,
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="OUT", help="Write to this file; its suffix chooses the format. "
                     "A folder (a name that ends in /) or a URL keeps one file a shard."),
    ],
    form: Annotated[
        Literal["jsonl", "json", "csv", "parquet", "sqlite"] | None,
        typer.Option("--format", "-f", metavar="FORM",
                     help="jsonl (a line a claim, the default), json, csv, parquet or sqlite."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="How many processes work side by side.",
                                 show_default="one a core"),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="What one article may take; 0 is any time.")
    ] = 120,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew what an earlier run has left.")] = False,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Do only the I-th of N parts, for arrays of jobs.")
    ] = "1/1",
    engine: Annotated[
        Literal["local", "dask"], typer.Option(metavar="NAME", help="local, or dask for a cluster (extra [dask]).")
    ] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of a Dask cluster; without it one is made on this machine."),
    ] = None,
    published: Published = None,
    lexicon: Lexicon = None,
    model: Model = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:  # fmt: skip
    """Find the claims of many articles: folders, files, globs and URLs, by processes on every core or on a cluster.

    Run the same command again after an interruption and it goes on where it stopped.
    """
    from claimx.batch import Job, begun, carry_out

    messages = _messages(context, quiet, verbose)
    job = Job(
        inputs=inputs,
        output=output,
        form=form,
        workers=workers,
        timeout=timeout or None,
        restart=restart,
        shard=part_of(shard),
        engine=engine,
        scheduler=scheduler,
        published=published,
        lexicon=tuple(lexicon or ()),
        model=model,
    )
    with contextlib.ExitStack() as stack:
        with _usage(None):
            ledger, work = stack.enter_context(begun(job))
        try:
            carry_out(job, ledger, work, messages)
        except KeyboardInterrupt:
            say("interrupted: run the same command again and it goes on where it stopped")
            raise typer.Exit(INTERRUPTED) from None
    _finish(messages)


@app.command()
def schema(
    *,
    line: Annotated[bool, typer.Option("--line", help="Of a line of --format jsonl.")] = False,
    annotation: Annotated[bool, typer.Option("--annotation", help="Of what `claimx annotate` writes.")] = False,
) -> None:
    """Print the JSON Schema of an article's record (--format json)."""
    from claimx import schemas
    from claimx.writing import open_output

    chosen = schemas.line_schema if line else schemas.annotation_schema if annotation else schemas.record_schema
    with open_output(None) as stream:
        stream.write(schemas.dumps(chosen()).encode())


@lexicon_app.command()
def check(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Lexicon files (.toml) or folders of them.")],
    *,
    model: Model = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Check lexicons: every entry, and the sentences that it must and must not match."""
    from claimx.checking import check_file
    from claimx.pipeline import load

    messages = _messages(context, quiet, verbose)
    for file in files:
        try:
            extractor = load(model, (file,))
            mistakes = check_file(file, _fired(extractor), extractor.nlp)
        except Problem as problem:
            mistakes = [in_full(problem)]
        for mistake in mistakes:
            messages.error(Problem(mistake))
        if not mistakes:
            messages.summary(f"{file}: fine")
    _finish(messages)


def _fired(extractor: "Extractor") -> Callable[[str], set[str]]:
    """The ids of the lexicon entries that fire in a sentence, by the rules alone: the judges weigh whole articles."""
    rules = extractor.by_rules()
    return lambda sentence: {
        rule for claim in rules.extract(Article(id="check", text=sentence)).claims for rule in claim.rules
    }

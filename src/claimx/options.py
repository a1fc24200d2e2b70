"""The options that several commands share, and their checks: a wrong value is a usage error."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, get_args

import typer

from claimx import __version__
from claimx.models import ClaimType, Status

# Of the libraries that multiply numpy's matrices.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def examples(*lines: str) -> str:
    return "\n\n".join(["Examples:", *(f"  $ {line}" for line in lines)])


def one_of(allowed: tuple[str, ...]) -> Callable[[list[str] | None], list[str]]:
    """Checks an option that may be repeated and may hold several values with commas between."""

    def check(values: list[str] | None) -> list[str]:
        chosen = [one.strip() for value in values or () for one in value.split(",")]
        for one in chosen:
            if one not in allowed:
                raise typer.BadParameter(f"'{one}' is none of {', '.join(allowed)}")
        return chosen

    return check


def completes(allowed: tuple[str, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [one for one in allowed if one.startswith(incomplete)]

    return complete


def to_date(text: str) -> date:
    from claimx.reading import parse_date

    day = parse_date(text)
    if day is None:
        raise typer.BadParameter(f"'{text}' is no date; write year-month-day, such as 2024-01-08")
    return day


def writable(path: Path | None) -> Path | None:
    if path and path.is_dir():
        raise typer.BadParameter(f"'{path}' is a folder")
    if path and not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder '{path.parent}'")
    return path


def part_of(text: str) -> tuple[int, int]:
    """The part and the number of parts of "2/8"."""
    one, _, of = text.partition("/")
    if not (one.isdecimal() and of.isdecimal() and 1 <= int(one) <= int(of)):
        raise typer.BadParameter(f"'{text}' is no part; write 2/8 for the second of eight", param_hint="--shard")
    return int(one), int(of)


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"claimx {__version__}")
        raise typer.Exit


TYPES: tuple[str, ...] = get_args(ClaimType)
STATUSES: tuple[str, ...] = get_args(Status)

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Text files, .jsonl files; - or nothing: standard input."),
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT", help="Folders, .txt and .jsonl files (also .gz), globs, URLs; - is standard input."
    ),
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help=f"Only claims of these types, with commas: {', '.join(TYPES)}.",
                 callback=one_of(TYPES), autocompletion=completes(TYPES)),
]  # fmt: skip
Statuses = Annotated[
    list[str] | None,
    typer.Option("--status", metavar="STATUS", help=f"Only claims of these statuses: {', '.join(STATUSES)}.",
                 callback=one_of(STATUSES), autocompletion=completes(STATUSES)),
]  # fmt: skip
MinConfidence = Annotated[
    float, typer.Option(min=0, max=1, metavar="NUMBER", help="Only claims at least so sure, 0 to 1.")
]
Published = Annotated[
    date | None,
    typer.Option(
        parser=to_date, metavar="DATE", help="The day of publication, from which Monday or last week is told."
    ),
]
Lexicon = Annotated[
    list[Path] | None, typer.Option(metavar="PATH", help="Add a lexicon, a .toml file or a folder of them.")
]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="Another spaCy pipeline, by name or path.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file; its suffix chooses the format.",
                 callback=writable),
]  # fmt: skip
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on standard error.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Tell of every article on standard error.")]

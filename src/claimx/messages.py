"""What claimx says on standard error."""

import contextlib
import sys
import traceback

from claimx.models import Article, Problem
from claimx.sources import unpacked


def say(text: str) -> None:
    """One line, with nothing in it that a terminal would obey (a file may be called anything)."""
    from claimx.writing import visible

    with contextlib.suppress(OSError, ValueError, AttributeError):  # standard error may be closed
        print(f"claimx: {visible(text)}", file=sys.stderr, flush=True)  # noqa: T201


SHOWN = 20  # failures of a batch that are told in full


class Messages:
    """Tells of problems, warnings and, where asked to, of progress; counts the inputs that failed."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.failed = 0

    def error(self, problem: Problem) -> None:
        self.failed += 1
        say(f"error: {in_full(problem)}")

    def failure(self, problem: Problem) -> None:
        """The same among many: after SHOWN of them the rest is only counted (a list of them is kept elsewhere)."""
        if self.failed < SHOWN or self.verbose:
            self.error(problem)
            return
        if self.failed == SHOWN:
            say("error: more inputs failed; from here on they are only counted and listed")
        self.failed += 1

    def fault(self, article: Article, error: Exception) -> None:
        """A fault of ours in one article, with its traceback where asked for."""
        self.error(fault(article, error))
        if self.verbose:
            traceback.print_exception(error)

    def warning(self, text: str) -> None:
        if not self.quiet:
            say(f"warning: {text}")

    def undated(self, article: Article) -> None:
        self.warning(
            f"{label(article)}: publication date unknown, so dates such as Monday stay unresolved "
            "(hint: set --published)"
        )

    def summary(self, text: str) -> None:
        if not self.quiet:
            say(text)

    def note(self, text: str) -> None:
        if self.verbose:
            say(text)


def label(article: Article) -> str:
    """What the user knows an article by: its file and, where that holds several, its id."""
    if article.path is None:
        return article.id
    return (
        article.path
        if unpacked(article.path).with_suffix("").as_posix().endswith(article.id)
        else f"{article.path}: {article.id}"
    )


def plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def in_full(problem: Problem) -> str:
    return f"{problem.cause} (hint: {problem.hint})" if problem.hint else problem.cause


def fault(article: Article, error: Exception) -> Problem:
    """A fault of ours, told as a problem of the article that showed it."""
    cause = f"{label(article)}: could not be analysed: {type(error).__name__}: {error}"
    return Problem(cause, "a fault of claimx; please report it with the article")

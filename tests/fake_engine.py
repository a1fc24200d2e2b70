"""A stand-in for the engine, so that the shell is tested in milliseconds.

"Reds struck Blueton with 3 rockets on Monday." is a claim.

As a script's `sitecustomize` (see conftest.py) it replaces the engine in processes of their own too.
"""

import hashlib
import os
import re
import signal
import sys
import time
import types
from collections.abc import Iterable, Iterator
from typing import Any

from claimx import models

SENTENCE = re.compile(
    r"(?P<actor>[A-Z]\w+) (?P<trigger>struck|denied striking) (?P<target>[A-Z]\w+)"
    r"(?: with (?P<count>\d+) (?P<weapon>\w+))?(?: on (?P<date>\w+day))?"
)


class Extractor:
    """What pipeline.Extractor does, with one regular expression."""

    nlp = None

    def by_rules(self) -> "Extractor":
        return self

    def extract(self, article: models.Article) -> models.ArticleRecord:
        if "CRASH" in article.text:
            raise RuntimeError("crashed on purpose")
        if "KILL" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "SLOW" in article.text:
            time.sleep(30)
        if "PAUSE" in article.text:
            time.sleep(0.02)
        claims = tuple(claim(article, match, number) for number, match in enumerate(SENTENCE.finditer(article.text), 1))
        return models.ArticleRecord(schema=models.SCHEMA, article=head(article), claims=claims)

    def pipe(self, articles: Iterable[models.Article]) -> Iterator[models.ArticleRecord]:
        return map(self.extract, articles)

    def annotate(self, article: models.Article) -> models.Annotation:
        matches = list(SENTENCE.finditer(article.text))
        entities = tuple(models.Entity(*span(match, "actor"), label="ORG") for match in matches)
        dates = tuple(
            models.Date(*span(match, "date"), *(day(article),) * 3, day(article)) for match in matches if match["date"]
        )
        return models.Annotation(models.SCHEMA, head(article), entities, dates, (), ())


def load(model: str | None = None, lexicon: Iterable[Any] = ()) -> Extractor:
    if model == "missing":
        raise models.Problem("cannot load the model missing", "install it")
    return Extractor()


def head(article: models.Article) -> models.ArticleHead:
    fields = {name: getattr(article, name) for name in models.ArticleKey.__struct_fields__}
    return models.ArticleHead(**fields, published_from=article.published_from, words=len(article.text.split()))


def day(article: models.Article) -> str | None:
    return article.published


def span(match: re.Match[str], name: str) -> tuple[str, int, int]:
    return match[name], match.start(name), match.end(name)


def claim(article: models.Article, match: re.Match[str], number: int) -> models.Claim:
    name = hashlib.sha256(f"{article.id}:{number}".encode()).hexdigest()[:12]
    return models.Claim(
        id=name,
        event=name,
        type="attack",
        plover="ASSAULT",
        acled="Explosions/Remote violence",
        trigger=models.Trigger(*span(match, "trigger"), lemma="strike"),
        actors=(models.Participant(*span(match, "actor"), name="Red Army", kind="military"),),
        targets=(models.Participant(*span(match, "target"), name=None, kind="place"),),
        weapons=(models.Weapon(*span(match, "weapon"), name=None, kind="rocket"),) if match["weapon"] else (),
        counts=(
            (models.Count(*span(match, "count"), int(match["count"]), int(match["count"]), "rocket", "weapons", False),)
            if match["count"]
            else ()
        ),
        date=models.EventDate(*span(match, "date"), *(day(article),) * 3) if match["date"] else None,
        locations=(models.Place(*span(match, "target"), name=None, country="SY", lat=-35.5, lon=40.25),),
        source=None,
        status="denied" if "denied" in match["trigger"] else "reported",
        evidence=models.Span(match[0], match.start(), match.end()),
        confidence=0.5 + 0.1 * (number % 5),
        rules=("attack.strike",),
    )


def modules() -> dict[str, types.ModuleType]:
    """What stands for the modules that the shell uses: the engine, and a dateline that is never there."""
    engine, dateline = types.ModuleType("claimx.pipeline"), types.ModuleType("claimx.dateline")
    engine.__dict__.update(load=load, Extractor=Extractor)
    dateline.__dict__.update(find_published=lambda text: None, find_publisher=lambda text: None)
    return {"claimx.pipeline": engine, "claimx.dateline": dateline}


def install() -> None:
    sys.modules.update(modules())

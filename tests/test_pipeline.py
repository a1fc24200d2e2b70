"""The corridor: properties of any text, stable ids, the same records singly and in batches, the lexicon's sentences."""

import re
import time
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimx import schemas
from claimx.checking import check_file
from claimx.lexicon import BUNDLED, DATA, read_blocks
from claimx.models import Annotation, Article, ArticleRecord, Span
from claimx.pipeline import Extractor

SEEDS = Path(__file__).parent.parent / "seeds"
WORDS = """Rebels rebels attacked killed 12 soldiers near Goma in Kenya on Monday . , “ ” " ' said police denied
will may not a bomb exploded outside the market were wounded and that who by the attack of US-led al-Omar 2024-01-08
dozens Reuters - — ( ) $5m é 😀 ﷽ Ⅻ ² İ ß ŉ"""
SPACES = ["\n", "\n\n", "\r\n", "\t", "\xa0", "  ", "\u0301", "\ud800", "\x00", "\ufeff", "\u202e"]
PIECES = st.sampled_from([*WORDS.split(), *SPACES])
SENTENCES = st.lists(PIECES, max_size=40).map(" ".join)
TEXTS = st.one_of(st.text(max_size=80), SENTENCES, st.lists(PIECES, max_size=20).map("".join))
ENTRIES = [entry for _, entry in read_blocks(DATA / "events.toml")]
slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def seeds() -> list[Article]:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    return [Article(id=name, text=text, published="2024-01-10", sha256=name) for name, text in texts.items()]


def spans(value: Any) -> list[Span]:
    """Every span of a record, however deep."""
    if isinstance(value, tuple):
        return [span for part in value for span in spans(part)]
    if isinstance(value, msgspec.Struct):
        inner = [span for name in value.__struct_fields__ for span in spans(getattr(value, name))]
        return [value, *inner] if isinstance(value, Span) else inner
    return []


def check(record: ArticleRecord | Annotation, text: str, schema: dict[str, Any]) -> None:
    for span in spans(record):
        assert 0 <= span.start < span.end <= len(text)
        # lone surrogates, which no encoder takes, are given as U+FFFD
        assert span.text == re.sub("[\ud800-\udfff]", "�", text[span.start : span.end])
    jsonschema.validate(msgspec.json.decode(msgspec.json.encode(record)), schema)


@slow
@given(TEXTS)
def test_any_text(extractor: Extractor, text: str) -> None:
    article = Article(id="any", text=text, published="2024-01-10")
    record = extractor.extract(article)
    check(record, text, schemas.record_schema())
    check(extractor.annotate(article), text, schemas.annotation_schema())
    ids = [claim.id for claim in record.claims]
    assert len(ids) == len(set(ids))
    for claim in record.claims:
        assert claim.evidence.start <= claim.trigger.start < claim.trigger.end <= claim.evidence.end
        assert 0 <= claim.confidence <= 1
        assert claim.event
        assert claim.rules


def test_one_by_one_and_in_batches(extractor: Extractor, seeds: list[Article]) -> None:
    assert seeds
    single = [extractor.extract(article) for article in seeds]
    assert list(extractor.pipe(seeds)) == single
    assert list(extractor.pipe(reversed(seeds))) == single[::-1]
    ids = [claim.id for record in single for claim in record.claims]
    assert len(ids) == len(set(ids)) > 0
    for article, record in zip(seeds, single, strict=True):
        check(record, article.text, schemas.record_schema())


def test_ids_come_of_the_article_alone(extractor: Extractor) -> None:
    text = "Rebels attacked a bank. Gunmen killed three farmers."
    first, again = (extractor.extract(Article(id="a", text=text, path=path)) for path in ("x", "y"))
    assert first.claims == again.claims
    for other in (Article(id="b", text=text), Article(id="a", text=text, sha256="0")):
        claims = extractor.extract(other).claims
        assert not {claim.id for claim in claims} & {claim.id for claim in first.claims}
        assert [claim.trigger for claim in claims] == [claim.trigger for claim in first.claims]


def test_events_tie_the_claims_of_one_event(extractor: Extractor) -> None:
    text = (
        "A bomb exploded at a market in Goma on Monday, killing nine people.\n\n"
        "The explosion at the market in Goma on Monday killed nine people, police said.\n\n"
        "Gunmen abducted a priest in Lagos on Tuesday."
    )
    claims = extractor.extract(Article(id="a", text=text, published="2024-01-10")).claims
    events = {claim.trigger.text: claim.event for claim in claims}
    assert events["exploded"] == events["explosion"] != events["abducted"]


def test_without_a_publication_day_relative_dates_stay_open(extractor: Extractor) -> None:
    (claim,) = extractor.extract(Article(id="a", text="Rebels attacked a bank on Monday.")).claims
    assert claim.date is not None
    assert (claim.date.text, claim.date.earliest, claim.date.latest) == ("Monday", None, None)


def test_empty(extractor: Extractor) -> None:
    for text in ("", " ", "\n\n", "\ufeff"):
        assert extractor.extract(Article(id="a", text=text)).claims == ()


@pytest.mark.parametrize("piece", ["(", "“", "Rebels attacked ", "who killed ", "of an army ", "and ", "a.", "12 "])
def test_repetition_does_no_harm(extractor: Extractor, piece: str) -> None:
    text = piece * 400
    check(extractor.extract(Article(id="a", text=text)), text, schemas.record_schema())


def test_one_endless_sentence_takes_linear_time(extractor: Extractor) -> None:
    def seconds(times: int) -> float:
        article = Article(id="a", text="Rebels attacked " * times)
        start = time.process_time()
        extractor.extract(article)
        return time.process_time() - start

    assert seconds(800) < 8 * seconds(200) + 0.2


def fired(extractor: Extractor, sentence: str) -> set[str]:
    return {rule for claim in extractor.extract(Article(id="a", text=sentence)).claims for rule in claim.rules}


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.id for entry in ENTRIES])
def test_events_find_their_sentences(rules: Extractor, entry: Any) -> None:
    assert [s for s in entry.hits if entry.id not in fired(rules, s)] == []
    assert [s for s in entry.misses if entry.id in fired(rules, s)] == []


@pytest.mark.parametrize("name", [name for name in BUNDLED if name != "events.toml"])
def test_bundled_data_pass_their_checks_with_the_model(extractor: Extractor, name: str) -> None:
    assert check_file(DATA / name, nlp=extractor.nlp) == []

import io
import re

import msgspec
import pytest

import fake_engine
from claimx.models import Article, ArticleRecord, Claim, Count, EventDate, Span
from claimx.tables import console, render

TEXT = "Blueton hit\n\nReds struck Blueton with 3 rockets on Monday. Greens denied striking Redville."
ARTICLE = Article(id="a", text=TEXT, title="Blueton hit", published="2024-01-08", published_from="dateline")


@pytest.fixture
def record() -> ArticleRecord:
    return fake_engine.load().extract(ARTICLE)


def shown(record: ArticleRecord, width: int) -> str:
    file = io.StringIO()
    screen = console(file, width=width)
    screen.print(render(record, width))
    return file.getvalue()


def changed(record: ArticleRecord, **fields: object) -> ArticleRecord:
    claim: Claim = msgspec.structs.replace(record.claims[0], **fields)
    return msgspec.structs.replace(record, claims=(claim,))


@pytest.mark.parametrize("width", [40, 80, 119, 120, 140, 200])
def test_every_slot_is_shown_and_every_line_fits(record: ArticleRecord, width: int) -> None:
    text = shown(record, width)
    assert all(len(line) <= width for line in text.splitlines())
    for piece in (
        "Blueton hit",
        "2024-01-08",
        "2 claims",
        "attack",
        "Red Army",
        "rockets",
        "3 weapons",
        "denied",
        "SY",
    ):
        assert piece in text
    assert "“Reds struck" in text
    assert ("who" in text) == ("to whom" in text) is True


def test_narrow_has_a_line_for_each_slot(record: ArticleRecord) -> None:
    lines = [line.rstrip() for line in shown(record, 80).splitlines()]
    assert "  who      Reds = Red Army (military)" in lines
    assert "  when     Monday = 2024-01-08" in lines
    assert "  where    Blueton (SY)" in lines
    assert not any(line.startswith("  says") for line in lines)  # nobody does
    assert re.fullmatch(r"2 attack · denied striking +✗ denied  0.70", next(line for line in lines if line[:1] == "2"))


def test_wide_has_a_column_for_each_slot_that_is_filled(record: ArticleRecord) -> None:
    lines = shown(record, 140).splitlines()
    (names,) = (line.split() for line in lines if "to whom" in line)
    assert names == ["what", "who", "to", "whom", "with", "how", "many", "when", "where"]


def test_no_claims(record: ArticleRecord) -> None:
    for width in (80, 140):
        assert "no claims" in shown(msgspec.structs.replace(record, claims=()), width)


def test_an_article_without_title_or_date() -> None:
    text = shown(fake_engine.load().extract(Article(id="news/a", text="Reds struck Blueton.")), 80)
    assert text.startswith("news/a")
    assert "publication date unknown" in text


@pytest.mark.parametrize("width", [80, 140])
def test_markup_is_text_and_control_characters_are_inert(record: ArticleRecord, width: int) -> None:
    hostile = "[red]x[/red] [/y] \x1b]0;t\x07 \u202e :smile:"
    head = msgspec.structs.replace(record.article, title=hostile, id=hostile, publisher=hostile)
    span = Span(hostile, 13, 13 + len(hostile))
    text = shown(msgspec.structs.replace(changed(record, evidence=span), article=head), width)
    assert "[red]x[/red] [/y] <U+001B>]0;t<U+0007> <U+202E> :smile:" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_mentions_outside_the_evidence_do_no_harm(record: ArticleRecord) -> None:
    assert "“t”" in shown(changed(record, evidence=Span("t", 40, 41)), 80)


def test_a_sentence_is_shown_once(record: ArticleRecord) -> None:
    twice = msgspec.structs.replace(record, claims=record.claims[:1] * 2)
    assert shown(twice, 80).count("“Reds struck") == 1
    assert "the sentence of 1" in shown(twice, 80)


@pytest.mark.parametrize(
    ("text", "low", "high", "role", "unit", "expected"),
    [
        ("at least 30", 30, None, "weapons", "rocket", "at least 30 weapons (rocket)"),
        ("dozens", 24, None, "killed", "people", "dozens killed (24+, people)"),
        ("several thousand", 3000, None, "forces", None, "several thousand forces (3,000+)"),
        ("up to forty", None, 40, "attacks", "attack", "up to forty attacks (up to 40)"),
        ("ten to fifteen", 10, 15, None, None, "ten to fifteen (10–15)"),
        ("two", 2, 2, "wounded", None, "two wounded (2)"),
        ("some", None, None, None, None, "some"),
    ],
)
def test_counts(
    text: str, low: int | None, high: int | None, role: str, unit: str, expected: str, record: ArticleRecord
) -> None:
    count = Count(text, 13, 17, low, high, unit, role, False)  # type: ignore[arg-type]
    assert f"  how many {expected} " in shown(changed(record, counts=(count,)), 80)


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("2024-01-01", "2024-01-07", "Monday = 2024-01-01 – 2024-01-07"),
        (None, "2024-01-07", "Monday = … – 2024-01-07"),
        (None, None, "Monday"),
    ],
)
def test_dates(earliest: str | None, latest: str | None, expected: str, record: ArticleRecord) -> None:
    date = EventDate("Monday", 13, 17, earliest, latest, None)
    assert f"  when     {expected}  " in shown(changed(record, date=date), 80)


def test_no_escapes_without_a_terminal_or_with_no_color(record: ArticleRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in shown(record, 80)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in shown(record, 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in shown(record, 80)

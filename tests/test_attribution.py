"""Who says what: hand-built trees in both label sets, quotations on bare text, sentences with the bundled model."""

import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from claimx import attribution, cues, hearing, nlp, quotations
from claimx.models import Attribution, Span

CASES = tomllib.loads((Path(__file__).parent / "cases" / "attribution.toml").read_text(encoding="utf-8"))["case"]
CUES = tomllib.loads((Path(cues.__file__).parent / "data" / "cues.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return nlp.load_pipeline()


def built(text: str, tags: str, heads: list[int], deps: str) -> Doc:
    """A parsed doc from words parted by spaces; `heads` are indices."""
    words = text.split()
    return Doc(spacy.blank("en").vocab, words=words, tags=tags.split(), heads=heads, deps=deps.split())


def marked(text: str) -> tuple[str, tuple[int, int] | None, tuple[int, int]]:
    """The text without its marks, the span in [ ] and the span in { }."""
    plain, spans = "", {}
    for part in re.split(r"([\[\]{}])", text):
        if part in {"[", "{"}:
            spans[part] = len(plain)
        elif part in {"]", "}"}:
            opening = "[" if part == "]" else "{"
            spans[part] = len(plain)
            assert opening in spans
        else:
            plain += part
    source = (spans["["], spans["]"]) if "[" in spans else None
    return plain, source, (spans["{"], spans["}"])


# --- trees by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deps",
    [
        pytest.param("det nsubj ROOT mark det nsubj ccomp det obj punct", id="UD"),
        pytest.param("det nsubj ROOT mark det nsubj ccomp det dobj punct", id="CLEAR"),
    ],
)
def test_complement_clause(deps: str) -> None:
    doc = built(
        "The ministry said that the rebels shelled the port .",
        "DT NN VBD IN DT NNS VBD DT NN .",
        [1, 2, 2, 6, 5, 6, 2, 8, 6, 2],
        deps,
    )
    (found,) = attribution.find_attributions(doc)
    assert found.source is not None
    assert found.cue is not None
    assert (found.source.text, found.cue.text) == ("ministry", "said")
    assert found.content.text == "that the rebels shelled the port"
    assert not found.quoted


def test_accuser_in_clear_labels() -> None:
    doc = built(
        "Lima accused the rebels of bombing a pipeline .",
        "NNP VBD DT NNS IN VBG DT NN .",
        [1, 1, 3, 1, 1, 4, 7, 5, 1],
        "nsubj ROOT det dobj prep pcomp det dobj punct",
    )
    (found,) = attribution.find_attributions(doc)
    assert found.source is not None
    assert found.source.text == "Lima"
    assert found.content.text == "the rebels of bombing a pipeline"


def test_passive_names_the_speaker_by_its_agent_in_clear_labels() -> None:
    doc = built(
        "The raid was confirmed by the ministry .",
        "DT NN VBD VBN IN DT NN .",
        [1, 3, 3, 3, 3, 6, 4, 3],
        "det nsubjpass auxpass ROOT agent det pobj punct",
    )
    (found,) = attribution.find_attributions(doc)
    assert found.source is not None
    assert (found.source.text, found.content.text) == ("ministry", "The raid")


def test_saying_behind_what_is_said() -> None:
    doc = built(
        "Rebels shelled the port , the mayor said on Monday .",
        "NNS VBD DT NN , DT NN VBD IN NNP .",
        [1, 1, 3, 1, 1, 6, 7, 1, 9, 7, 1],
        "nsubj ROOT det obj punct det nsubj parataxis case obl punct",
    )
    (found,) = attribution.find_attributions(doc)
    assert found.source is not None
    assert (found.source.text, found.content.text) == ("mayor", "Rebels shelled the port")


# --- source_of -------------------------------------------------------------------------------------------------------


def spoken(source: str | None, cue: tuple[str, int], content: tuple[int, int]) -> Attribution:
    return Attribution(
        source=Span(source, 0, len(source)) if source else None,
        cue=Span(cue[0], cue[1], cue[1] + len(cue[0])),
        content=Span("x" * (content[1] - content[0]), *content),
        quoted=False,
    )


def test_the_innermost_sayer_wins() -> None:
    outer, inner = spoken("A", ("reported", 90), (10, 80)), spoken("B", ("said", 20), (30, 70))
    assert attribution.source_of([outer, inner], 40, 45) is inner
    assert attribution.source_of([outer, inner], 12, 15) is outer
    assert attribution.source_of([outer, inner], 85, 88) is None


def test_a_trigger_that_is_the_cue_is_said_by_nobody() -> None:
    assert attribution.source_of([spoken("A", ("warned", 20), (10, 80))], 20, 26) is None


def test_believers_are_no_source() -> None:
    assert attribution.source_of([spoken("A", ("condemned", 0), (10, 80))], 20, 26) is None
    assert attribution.source_of([spoken("A", ("called for", 0), (10, 80))], 20, 26) is None


def test_a_report_without_a_source_hides_none() -> None:
    known, unknown = spoken("A", ("said", 0), (10, 80)), spoken(None, ("reports", 20), (30, 70))
    assert attribution.source_of([known, unknown], 40, 45) is known
    assert attribution.source_of([unknown], 40, 45) is unknown


def test_what_the_judge_alone_hears_is_no_source() -> None:
    said = spoken("A", ("said", 20), (30, 70))
    heard = attribution.Heard(said.source, said.cue, said.content, said.quoted)
    assert attribution.source_of([heard], 40, 45) is None


# --- the judge -------------------------------------------------------------------------------------------------------


def test_the_judge_needs_the_vectors_it_knows() -> None:
    doc = Doc(spacy.blank("en").vocab, words=["The", "mayor", "spoke"])
    assert hearing.judges_for(doc) is None


def test_the_judge_hears_words_that_no_list_holds(pipeline: Any) -> None:
    text = "The senator grappled with the question of new taxes, but voters shrugged off the plan."
    doc = nlp.parse(pipeline, text)
    by_rules = {report.at for report in attribution.propose(doc).kept}
    heard = [a for a in attribution.find_attributions(doc) if isinstance(a, attribution.Heard)]
    assert not by_rules
    assert {a.source.text for a in heard if a.source} & {"senator", "voters"}
    assert not any(attribution.is_said(a) for a in heard)


# --- quotations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "we ran" and left.', ['"we ran"']),
        ("He said “we ran” and left.", ["“we ran”"]),
        ("``We ran,'' he said.", ["``We ran,''"]),
        ("“We ran.\n\n“We hid,” he said.", ["“We ran.\n\n“We hid,”"]),
        ("“We ran, he said.\n\nThe town is quiet.", ["“We ran, he said."]),
        ("We ran and hid,” he said.", ["We ran and hid,”"]),
        ("The 6' 2\" guard and the boys' camp.", []),
        ("'We ran as fast as we could,' he said.", ["'We ran as fast as we could,'"]),
        ("the so-called 'safe zone' of 'red' towns", []),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    found = quotations.quotations(text, quotations.paragraph_starts(text))
    assert [text[q.start : q.end] for q in found] == expected


def test_verb_forms() -> None:
    assert cues.verb_forms("deny", None) == {"deny", "denies", "denied", "denying"}
    assert cues.verb_forms("agree", ["agreed", "agreeing"]) == {"agree", "agrees", "agreed", "agreeing"}
    assert cues.verb_forms("say", ["said"]) == {"say", "says", "said", "saying"}
    assert cues.verb_forms("accuse", None) == {"accuse", "accuses", "accused", "accusing"}


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_source(case: dict[str, str], pipeline: Any) -> None:
    text, source, trigger = marked(case["text"])
    found = attribution.source_of(attribution.find_attributions(nlp.parse(pipeline, text)), *trigger)
    mine = found.source if found else None
    assert (mine.text if mine else None) == (text[slice(*source)] if source else None)


@pytest.mark.parametrize("block", CUES["cue"], ids=lambda block: block["id"])
def test_cues_hit_and_miss(block: dict[str, Any], pipeline: Any) -> None:
    known = cues.load()
    forms: set[str] = set()
    for word in block["words"]:
        forms |= {word, cues.plural(word)} | (
            cues.verb_forms(word, CUES["irregular"].get(word)) if block.get("kind", "verb") == "verb" else set()
        )
    assert known.says

    def fires(text: str) -> bool:
        found = attribution.find_attributions(nlp.parse(pipeline, text))
        if block.get("kind") in {"speaker", "medium"} or "as" in block.get("frames", ()):  # the cue is another word
            return bool(found)
        said = [a for a in found if attribution.is_said(a) or not block["says"]]
        return any(a.cue and ({a.cue.text.lower(), *a.cue.text.lower().split()[:1]} & forms) for a in said)

    assert all(fires(text) for text in block["hits"])
    assert not any(fires(text) for text in block["misses"])


def test_quoted(pipeline: Any) -> None:
    text = "“They shelled the clinic,” Ana Duarte said. “We ran away.”"
    found = attribution.find_attributions(nlp.parse(pipeline, text))
    assert [a.quoted for a in found] == [True, True]
    assert {a.source.text for a in found if a.source} == {"Ana Duarte"}


# --- any text at all -------------------------------------------------------------------------------------------------

HOSTILE = st.text(alphabet=st.sampled_from("aA said, “”\"'‘’:\n—(@).?!«»`"), max_size=200)


@given(HOSTILE)
@settings(max_examples=300, deadline=None)
def test_quotations_stay_inside_any_text(text: str) -> None:
    starts = quotations.paragraph_starts(text)
    last = 0
    for quote in quotations.quotations(text, starts):
        assert last <= quote.start < quote.end <= len(text)
        last = quote.end
    for said in [*quotations.speaker_tags(text), *quotations.signatures(text, starts)]:
        assert 0 <= said.start < said.end <= len(text)
        assert 0 <= said.first <= said.last <= len(text)


@given(HOSTILE)
@settings(max_examples=100, deadline=None)
def test_spans_are_the_text(text: str) -> None:
    doc = nlp.parse(nlp_once(), text)
    found = attribution.find_attributions(doc)
    assert [a.content.start for a in found] == sorted(a.content.start for a in found)
    for item in found:
        for span in (item.source, item.cue, item.content):
            assert span is None or span.text == doc.text[span.start : span.end]


def nlp_once() -> Any:
    if not hasattr(nlp_once, "pipeline"):
        nlp_once.pipeline = nlp.load_pipeline()  # type: ignore[attr-defined]
    return nlp_once.pipeline  # type: ignore[attr-defined]


@pytest.mark.parametrize("unit", ["he said that ", "“he said, ", "A: b \n ", "said “x, y.” \n ", "' a b c d e "])
@pytest.mark.parametrize("sentence", [150, 10**9])
def test_time_grows_with_the_length(unit: str, sentence: int) -> None:
    english = spacy.blank("en")

    def seconds(times: int) -> float:
        bare = english.make_doc(unit * times)
        doc = Doc(
            bare.vocab,
            words=[t.text for t in bare],
            spaces=[bool(t.whitespace_) for t in bare],
            tags=["VBD" if t.lower_ == "said" else "NN" for t in bare],
            heads=[t.i - 1 if t.i % sentence else t.i for t in bare],
            deps=["ccomp" if t.i % sentence else "ROOT" for t in bare],
        )
        begin = time.perf_counter()
        attribution.find_attributions(doc)
        return time.perf_counter() - begin

    seconds(50)
    short, long = seconds(400), seconds(3200)  # eight times the text; sixty-four times the time would be quadratic
    assert long < 30 * short + 1

"""Truecasing: the table of cases, the way through a pipeline and back, and properties of any text."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from claimx.casing import ORIGINAL, TABLE, load_table, recase, restore
from claimx.nlp import set_sentences

CASES = tomllib.loads((Path(__file__).parent / "cases" / "casing.toml").read_text(encoding="utf-8"))["case"]
BLANK = spacy.blank("en")
HEADLINE = "Rebels Attack Police Station in Aleppo"


def chain_and_mark(doc: Doc) -> Doc:
    """A stand-in for a pipeline: each sentence a chain of words, capitalised words entities, lemmas lower case."""
    marked = Doc(
        doc.vocab,
        words=[token.text for token in doc],
        spaces=[bool(token.whitespace_) for token in doc],
        tags=["NNP" if token.is_title else "NN" for token in doc],
        lemmas=[token.lower_ for token in doc],
        heads=[token.i if token.is_sent_start else token.i - 1 for token in doc],
        deps=["ROOT" if token.is_sent_start else "dep" for token in doc],
        ents=["B-GPE" if token.is_title else "O" for token in doc],
    )
    attributes = ["TAG", "LEMMA", "HEAD", "DEP", "ENT_IOB", "ENT_TYPE"]
    return doc.from_array(attributes, marked.to_array(attributes))


@pytest.fixture(scope="module")
def nlp() -> Language:
    built = spacy.blank("en")
    for step in (set_sentences, recase, chain_and_mark, restore):
        name = f"test_{step.__name__}"
        if not Language.has_factory(name):
            Language.component(name, func=step)
        built.add_pipe(name)
    return built


def shown(text: str) -> Doc:
    return recase(set_sentences(BLANK.make_doc(text)))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    assert shown(case["text"]).text == case.get("shown", case["text"])


def test_only_the_sentences_concerned_change() -> None:
    body = "Gunmen attacked the General Hospital.\nThe Army Chief said so."
    assert shown(f"{HEADLINE}\n\n{body}").text == f"Rebels attack police station in Aleppo\n\n{body}"


def test_a_text_in_capitals_changes_down_to_its_short_lines() -> None:
    body = "A WITNESS SAID ON MONDAY THAT THE POLICE HAD FOUND A BOMB UNDER A BRIDGE. IT WAS REMOVED. NOBODY WAS HURT."
    expected = (
        "A witness said on Monday that the police had found a bomb under a bridge. It was removed. Nobody was hurt."
    )
    assert shown(f"BOMB FOUND\n\n{body}").text == f"Bomb found\n\n{expected}"


def test_an_untouched_doc_is_the_same_object() -> None:
    doc = set_sentences(BLANK.make_doc("Gunmen attacked a police post."))
    assert recase(doc) is doc
    assert restore(doc) is doc


def test_annotations_come_back_on_the_original_words(nlp: Language) -> None:
    doc = nlp(f"{HEADLINE}\n\nThe police fled.")
    assert doc.text == f"{HEADLINE}\n\nThe police fled."
    assert [token.lemma_ for token in doc[:4]] == ["rebels", "attack", "police", "station"]
    assert [token.tag_ for token in doc[:6]] == ["NNP", "NN", "NN", "NN", "NN", "NNP"]
    assert [ent.text for ent in doc.ents] == ["Rebels", "Aleppo", "The"]
    assert [sent.text.strip() for sent in doc.sents] == [HEADLINE, "The police fled."]
    assert doc[3].head.text == "Police"
    assert ORIGINAL not in doc.user_data


def test_the_alias_leaves_no_trace(nlp: Language) -> None:
    doc = nlp("Residents said IS fighters fled.")
    assert (doc[2].text, doc[2].lemma_) == ("IS", "IS")


def test_pipe_keeps_order_and_context(nlp: Language) -> None:
    texts = [HEADLINE, "The police fled.", "", "REBELS HAVE ATTACKED THE POLICE AGAIN"] * 3
    pairs = list(nlp.pipe(((text, i) for i, text in enumerate(texts)), as_tuples=True, batch_size=2))
    assert [(doc.text, i) for doc, i in pairs] == list(zip(texts, range(12), strict=True))
    assert [doc.to_json() for doc, _ in pairs] == [nlp(text).to_json() for text in texts]


@given(st.text(st.sampled_from("aAbB sS'’.-\nİıßŉǅΣς5IS\"“THEthe ")) | st.text())
def test_any_text_keeps_its_tokens(text: str) -> None:
    doc = set_sentences(BLANK.make_doc(text.encode("utf-8", "replace").decode("utf-8")))
    surrogate = recase(doc)
    assert [(token.idx, len(token), token.is_sent_start) for token in surrogate] == [
        (token.idx, len(token), token.is_sent_start) for token in doc
    ]
    assert restore(surrogate).text == doc.text


def test_the_table_is_small_and_consistent() -> None:
    words, pairs = load_table()
    assert TABLE.stat().st_size <= 300_000
    assert all(key == form.lower() for key, form in words.items())
    assert all(key == (first.lower(), second.lower()) for key, (first, second) in pairs.items())
    assert words["police"] == "police"
    assert words["nato"] == "NATO"


def test_time_is_linear() -> None:
    load_table()
    words = ["Rebels", "Attack", "The", "Police"] * 20_000
    doc = Doc(BLANK.vocab, words=words, sent_starts=[i == 0 for i in range(len(words))])
    started = time.perf_counter()
    recase(doc)
    assert time.perf_counter() - started < 5

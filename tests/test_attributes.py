"""The compiled attribute ruler does what spaCy's does."""

from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language

from claimx import attributes
from claimx.nlp import BUNDLED
from claimx.pipeline import Extractor

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def bare() -> Language:
    return spacy.load(BUNDLED)


def test_the_same_tags_and_lemmas(bare: Language) -> None:
    rule = attributes.of(bare)
    assert rule is not None
    with bare.select_pipes(disable=["attribute_ruler", "lemmatizer"]):
        docs = [bare(path.read_text(encoding="utf-8")) for path in SEEDS]
    ruler: Any = bare.get_pipe("attribute_ruler")
    columns = ["TAG", "POS", "LEMMA"]
    for doc in docs:
        assert not doc.to_array(["POS"]).any()
        wanted = ruler(doc.copy()).to_array(columns)
        assert wanted.all(axis=0).any()
        for _ in range(2):  # first learned, then known
            assert (rule(doc.copy()).to_array(columns) == wanted).all()


@pytest.mark.parametrize(
    "pattern",
    [
        {"patterns": [[{"TAG": "NN"}, {"TAG": "NN"}]], "attrs": {"POS": "NOUN"}, "index": 0},
        {"patterns": [[{"SHAPE": "dd"}]], "attrs": {"POS": "NUM"}, "index": 0},
        {"patterns": [[{"TAG": {"IN": ["NN", "NNS"]}}]], "attrs": {"POS": "NOUN"}, "index": 0},
        {"patterns": [[{"LOWER": {"REGEX": "^a"}}]], "attrs": {"POS": "NOUN"}, "index": 0},
        {"patterns": [[{"TAG": "NN"}]], "attrs": {"MORPH": "Number=Sing"}, "index": 0},
        {"patterns": [[{"TAG": "NN"}]], "attrs": {"POS": "NOUN"}, "index": 1},
    ],
)
def test_what_asks_for_more_is_left_to_spacy(bare: Language, pattern: dict[str, Any]) -> None:
    assert attributes.compiled([pattern], bare.vocab) is None


def test_the_later_pattern_wins(bare: Language) -> None:
    patterns = [
        {"patterns": [[{"TAG": "VB"}], [{"TAG": "VBD"}]], "attrs": {"POS": "VERB"}, "index": 0},
        {"patterns": [[{"LOWER": "did", "TAG": {"REGEX": "^VB"}}]], "attrs": {"POS": "AUX", "LEMMA": "do"}, "index": 0},
    ]
    rule = attributes.compiled(patterns, bare.vocab)
    assert rule is not None
    doc = spacy.tokens.Doc(bare.vocab, words=["Did", "did", "go", "x"], tags=["VBD", "NN", "VB", ""])
    assert [(token.pos_, token.lemma_) for token in rule(doc)] == [("AUX", "do"), ("", ""), ("VERB", ""), ("", "")]
    assert len(rule(spacy.tokens.Doc(bare.vocab))) == 0


def test_the_bundled_pipeline_uses_it(extractor: Extractor) -> None:
    assert "claimx_attributes" in extractor.nlp.pipe_names
    assert "attribute_ruler" not in extractor.nlp.pipe_names


def test_a_pipeline_without_a_ruler() -> None:
    assert attributes.of(spacy.blank("en")) is None

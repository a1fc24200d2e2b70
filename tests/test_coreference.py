"""Whom a mention stands for: sentences with the bundled model, trees by hand, and texts meant to break it."""

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

from claimx import attribution, coreference, discourse, events, frames, mentions, names, nlp, pronouns
from claimx.finder import compile_finder
from claimx.lexicon import load_lexicon
from claimx.pipeline import Extractor

CASES = tomllib.loads((Path(__file__).parent / "cases" / "coreference.toml").read_text(encoding="utf-8"))["case"]


def resolve(extractor: Extractor, text: str, starts: list[int]) -> list[str]:
    """The names of the mentions at the character offsets, "" for none or the mention itself."""
    doc = extractor.nlp(text)
    senses = mentions.sense(doc, extractor.finder)
    found = events.find_events(senses, frames.find_candidates(senses, extractor.index))
    cast = coreference.find_names(senses, attribution.find_attributions(doc), found)
    tokens = [next(token for token in doc if token.idx == start) for start in starts]
    return [coreference.name_of(senses, token, cast) or "" for token in tokens]


def marked(text: str) -> tuple[str, list[int]]:
    """The text without its marks, and where the marked words start."""
    parts = re.split(r"[\[\]]", text)
    starts = [sum(map(len, parts[:i])) for i in range(1, len(parts), 2)]
    return "".join(parts), starts


def built(text: str, tags: str, heads: list[int], deps: str, ents: list[str] | None = None) -> mentions.Senses:
    """What is seen in a parsed doc of words parted by spaces; `heads` are indices, `ents` IOB tags."""
    vocab = spacy.blank("en").vocab
    doc = Doc(vocab, words=text.split(), tags=tags.split(), heads=heads, deps=deps.split(), ents=ents)
    return mentions.sense(doc, compile_finder(load_lexicon(), vocab))


# --- sentences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_cases(case: dict[str, Any], extractor: Extractor) -> None:
    text, starts = marked(case["text"])
    assert resolve(extractor, text, starts) == case["names"]


# --- trees by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clear", [False, True], ids=["ud", "clear"])
def test_pronoun_takes_the_subject(clear: bool) -> None:
    senses = built(
        "Helena Marsh met Peter Okello . She was attacked .",
        "NNP NNP VBD NNP NNP . PRP VBD VBN .",
        [2, 0, 2, 2, 3, 2, 8, 8, 8, 8],
        f"nsubj flat ROOT {'dobj' if clear else 'obj'} flat punct "
        f"{'nsubjpass auxpass' if clear else 'nsubj:pass aux:pass'} ROOT punct",
        ["B-PERSON", "I-PERSON", "O", "B-PERSON", "I-PERSON", "O", "O", "O", "O", "O"],
    )
    cast = coreference.find_names(senses)
    assert coreference.name_of(senses, senses.doc[6], cast) == "Helena Marsh"


def test_relative_pronoun_takes_its_antecedent() -> None:
    senses = built(
        "Helena Marsh , who was attacked , fled .",
        "NNP NNP , WP VBD VBN , VBD .",
        [7, 0, 5, 5, 5, 0, 5, 7, 7],
        "nsubj flat punct nsubj:pass aux:pass acl:relcl punct ROOT punct",
        ["B-PERSON", "I-PERSON", "O", "O", "O", "O", "O", "O", "O"],
    )
    cast = coreference.find_names(senses)
    assert coreference.name_of(senses, senses.doc[3], cast) == "Helena Marsh"


def test_known_group_inside_the_phrase() -> None:
    senses = built("Taliban soldiers fled .", "NNP NNS VBD .", [1, 2, 2, 2], "compound nsubj ROOT punct")
    assert coreference.name_of(senses, senses.doc[1], coreference.find_names(senses)) == "Taliban"


def test_tanks_are_not_the_group() -> None:
    senses = built("Taliban tanks burned .", "NNP NNS VBD .", [1, 2, 2, 2], "compound nsubj ROOT punct")
    assert coreference.name_of(senses, senses.doc[1], coreference.find_names(senses)) is None


def test_pronoun_in_an_infinitive_under_a_noun() -> None:
    senses = built(
        "Russia pressed the army to end its attacks .",
        "NNP VBD DT NN TO VB PRP$ NNS .",
        [1, 1, 3, 1, 5, 3, 7, 5, 1],
        "nsubj ROOT det obj mark acl nmod:poss obj punct",
    )
    assert coreference.name_of(senses, senses.doc[6], coreference.find_names(senses)) == "army"


def test_pronoun_for_a_clause() -> None:
    senses = built(
        "The army fled . It is not known how many died .",
        "DT NN VBD . PRP VBZ RB VBN WRB JJ VBD .",
        [1, 2, 2, 2, 7, 7, 7, 7, 9, 10, 7, 7],
        "det nsubj ROOT punct nsubj:pass aux:pass advmod ROOT advmod nsubj ccomp punct",
    )
    assert coreference.name_of(senses, senses.doc[4], coreference.find_names(senses)) is None


@pytest.mark.parametrize(
    ("pronoun", "kind", "plural", "gender", "fits"),
    [
        ("he", "person", False, "", True),
        ("he", "person", False, "f", False),
        ("she", "person", False, "m", False),
        ("he", "group", False, "", False),
        ("they", "group", False, "", True),
        ("they", "person", False, "", False),
        ("they", "people", True, "", True),
        ("it", "group", False, "", True),
        ("it", "person", False, "", False),
        ("it", "thing", True, "", False),
    ],
)
def test_agreement(pronoun: str, kind: names.Kind, plural: bool, gender: str, fits: bool) -> None:
    assert pronouns.agrees(pronoun, names.Party(kind, "X", plural=plural, gender=gender)) is fits


def test_namesakes() -> None:
    """A surname goes to the namesake spoken of last; another spelling of a name is the same person."""
    people = ["Anna Lindqvist", "Lindqvist", "Erik Lindqvist", "Lindqvist", "Erik Lindkvist"]
    text = " ; ".join(people)
    words = text.split()
    tags = ["NNP" if word != ";" else ":" for word in words]
    ents = ["O" if w == ";" else "I-PERSON" if i and words[i - 1] != ";" else "B-PERSON" for i, w in enumerate(words)]
    deps = ["ROOT"] + ["flat" if ent == "I-PERSON" else "punct" if ent == "O" else "conj" for ent in ents[1:]]
    heads = [i - 1 if ents[i] == "I-PERSON" else 0 for i in range(len(words))]
    senses = built(text, " ".join(tags), heads, " ".join(deps), ents)
    found = names.find_mentions(senses)
    starts = [i for i, ent in enumerate(ents) if ent == "B-PERSON"]
    parties = [found[i].party.name for i in starts]
    assert parties[:4] == ["Anna Lindqvist", "Anna Lindqvist", "Erik Lindqvist", "Erik Lindqvist"]


# --- texts meant to break it -----------------------------------------------------------------------------------------


WORDS = ["the group", "they", "it", "said", "Boko Haram", "Mr", "\n", "«", '"', "his", ",", "(", "é", "\u200b"]


@settings(max_examples=40, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=25))
def test_no_text_breaks_it(extractor: Extractor, words: list[str]) -> None:
    doc = extractor.nlp(nlp.printable(" ".join(words)))
    senses = mentions.sense(doc, extractor.finder)
    cast = coreference.find_names(senses, attribution.find_attributions(doc))
    for token in doc:
        name = coreference.name_of(senses, token, cast)
        assert name is None or 0 < len(name) <= coreference.LONGEST


@pytest.mark.parametrize("words", ["it saw it", "they said they", "Helena Marsh met Helena Marsh", "the group fled"])
def test_time_grows_with_length(words: str) -> None:
    """A flat tree without sentence ends, the worst that a parser may give."""

    def seconds(times: int) -> float:
        text = " ".join([words] * times)
        tags = {"it": "PRP", "they": "PRP", "the": "DT", "group": "NN", "Helena": "NNP", "Marsh": "NNP"}
        size = len(text.split())
        senses = built(
            text,
            " ".join(tags.get(word, "VBD") for word in text.split()),
            [0] * size,
            " ".join(["ROOT"] + ["nsubj"] * (size - 1)),
        )
        start = time.process_time()
        cast = coreference.find_names(senses)
        for token in senses.doc:
            coreference.name_of(senses, token, cast)
        return time.process_time() - start

    seconds(10)
    assert seconds(800) < 12 * max(seconds(200), 0.02)


def test_pronouns_of_the_story_are_known() -> None:
    assert not discourse.MALE & discourse.FEMALE
    assert discourse.THIRD == discourse.MALE | discourse.FEMALE | discourse.PLURAL | discourse.NEUTER

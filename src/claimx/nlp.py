"""The spaCy pipeline, bundled or the user's, and the sentence boundaries that it is given."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from claimx import attributes, casing
from claimx.models import Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from thinc.types import Ints2d

TEXT = "claimx_text"  # where a doc keeps its text
BUNDLED = Path(__file__).parent / "model"
# A sentence of more tokens is cut: nothing written is so long, and what is done with a sentence stays cheap.
LONGEST = 300
FINAL = frozenset(".!?…") | {"...", ". . .", "?!", "!!"}
CLOSING = frozenset("\"'”’»)]") | {"''"}
# An abbreviation that ends a sentence is told by what follows it: such a word opens one.
OPENERS = frozenset(
    {"the", "a", "an", "in", "on", "at", "he", "she", "it", "they", "we", "but", "and", "this", "that", "these",
     "those", "its", "his", "their", "there", "after", "meanwhile", "however", "according", "another", "some",
     "police", "earlier"}
)  # fmt: skip
CLOCK = frozenset({"a.m.", "p.m.", "u.s.", "u.n.", "u.k.", "inc.", "corp.", "jr.", "etc.", "e.t.", "d.c."})


def load_pipeline(name: str | None = None) -> "Language":
    """The bundled pipeline, or a spaCy package or path by name, with claimx's sentence boundaries and truecasing.

    Raises Problem where it cannot be loaded or has no parser.
    """
    import spacy
    from spacy.language import Language
    from thinc.api import use_ops

    steps = {"claimx_sentences": set_sentences, "claimx_recase": casing.recase, "claimx_restore": casing.restore}
    for step, function in steps.items():
        if not Language.has_factory(step):
            Language.component(step, func=function)
    if not Language.has_factory("claimx_attributes"):
        Language.factory("claimx_attributes", func=lambda nlp, name: attributes.of(nlp))  # noqa: ARG005 - spaCy's names
    try:
        # numpy's own matrix product is up to four times as fast as the one that spaCy brings along (BLIS)
        with use_ops("numpy", use_blis=False):
            nlp = spacy.load(name or BUNDLED)
    except (OSError, ValueError) as error:
        hint = (
            "give the name of an installed spaCy package or the path of a pipeline" if name else "install claimx again"
        )
        raise Problem(f"cannot load the model {name or BUNDLED}: {str(error).splitlines()[0]}", hint) from error
    if "parser" not in nlp.pipe_names:
        raise Problem(
            f"the model {name} has no dependency parser", "take a pipeline with a tagger, a parser and an NER"
        )
    if name is None:
        hasten(nlp)
    nlp.add_pipe("claimx_recase", first=True)
    nlp.add_pipe("claimx_sentences", first=True)
    nlp.add_pipe("claimx_restore", last=True)
    nlp.max_length = 10**9
    return nlp


def hasten(nlp: "Language") -> None:
    """Let a compiled one do the work of the attribute ruler, where it can be compiled."""
    if attributes.of(nlp) is not None:
        nlp.add_pipe("claimx_attributes", after="attribute_ruler")
        nlp.disable_pipe("attribute_ruler")


def parse(nlp: "Language", text: str) -> "Doc":
    """The parsed text, code point for code point: `doc.text == text` save that lone surrogates become U+FFFD."""
    return nlp(printable(text))


def text_of(doc: "Doc") -> str:
    """`doc.text`, which spaCy builds anew from the tokens at every access."""
    text: str | None = doc.user_data.get(TEXT)
    if text is None:
        text = doc.user_data[TEXT] = doc.text
    return text


def printable(text: str) -> str:
    """The text with lone surrogates, which no encoder takes, replaced one for one."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        return "".join("�" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def set_sentences(doc: "Doc") -> "Doc":
    """Fix where sentences begin: after final punctuation and its closing quotes, and at line ends that are no wraps.

    Edited news punctuates well, so a rule beats a small parser here; the parser keeps to what is set.
    """
    wrapped = is_wrapped(text_of(doc))
    ended = newline = False
    first = 0
    starts = np.full(
        len(doc), -1, dtype="int64"
    )  # one write at the end: spaCy looks through the doc at each assignment
    for i, token in enumerate(doc):
        start = i == 0 or i - first >= LONGEST
        if token.is_space:
            breaks = token.text.count("\n") + token.text.count("\r") - token.text.count("\r\n")
            if breaks > 1 or (breaks and not wrapped):
                newline = True
            if start:
                starts[i] = 1
            continue
        if newline:
            start, newline, ended = True, False, False
        elif ended:
            if token.text in CLOSING and not doc[i - 1].whitespace_:
                continue
            start, ended = begins(token), False
        elif i and doc[i - 1].lower_ in CLOCK and token.is_title and token.lower_ in OPENERS:
            start = True
        if start:
            starts[i] = 1
            first = i
        if token.text in FINAL or ends_dateline(doc, first, i):
            ended = True
    if len(doc):
        doc.from_array(["SENT_START"], cast("Ints2d", starts.astype("uint64")[:, None]))
    return doc


def ends_dateline(doc: "Doc", first: int, i: int) -> bool:
    """Whether the dash closes a dateline, which is no part of its sentence: "CAIRO, Jan 8 (Agency) --", "[text]"."""
    token = doc[i]
    if token.text not in DASHES and token.text != "]":
        return False
    if i - first > 24 or i == first:
        return False
    if token.text == "]":
        return doc[max(first, i - 4) : i].text.startswith("[") or "[" in doc[max(first, i - 4) : i].text
    before = doc[i - 1]
    if not before.whitespace_ or not token.whitespace_:
        return False  # "10-15", "85-year-old"
    return before.text in {")", "]"} or before.like_num


DASHES = frozenset({"-", "--", "—", "–"})


def begins(token: Any) -> bool:
    """Whether a sentence may begin with the token: a capital, a digit, an opening quote or bracket."""
    return not token.is_lower or token.is_quote or token.is_bracket


def is_wrapped(text: str) -> bool:
    """Whether the lines are broken at a fixed width, so that a single line break says nothing."""
    lines = text.split("\n")
    joints = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(joints) < 4:
        return False
    loose = sum(a.rstrip()[-1] not in ".!?:\"”’'…)" for a, b in joints)
    width = max(len(a) for a in lines)
    return width <= 100 and loose > 0.5 * len(joints)

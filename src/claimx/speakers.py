"""From the heads of the grammar to the spans of a report: who the speaker is and which words name them."""

from typing import NamedTuple

from spacy.tokens import Doc, Token

from claimx import cues, syntax

REACH = 400  # tokens that content may lie away from its cue, which bounds the work on hostile text
LONGEST = 600  # tokens of a sentence that is read for reports: what is longer is no sentence
NEAR = 25  # tokens between words that belong together

Range = tuple[int, int]  # (first, last), the last one excluded; of tokens or of code points


class Report(NamedTuple):
    """Who says what, in code points; `at` is the index of the cue's head token, -1 where the layout is the cue."""

    source: Range | None
    cue: Range | None
    content: Range
    at: int = -1


def source_phrase(head: Token, cue: Token) -> Range:
    """The speaker: of a document its issuer, of an office with a realm the name in apposition, names beside kept."""
    known = cues.load()
    head = syntax.apposed_to(head)
    if head.lower_ in known.nouns or head.lower_ in known.media:
        by = [n for word, n in syntax.prepositional(head) if word in {"by", "from"}]
        governor = syntax.governor(head)
        if not by and governor not in (cue, head) and syntax.is_verb(governor) and cue.i > head.i:
            by = [n for n in syntax.agents(governor) if n not in (head, cue)]
        head = by[0] if by else head
    elif syntax.prepositional(head):
        head = next((name for name in syntax.appositives(head) if name.tag_ == "NNP"), head)
    first, last = syntax.phrase(head)
    named = name_between(head, cue)
    if named is not None and syntax.prepositional(head):
        return named
    for name in syntax.appositives(head):  # "the channel Al Noor", no comma between
        begin, end = syntax.phrase(name)
        if begin == last and name.tag_ == "NNP":
            last = end
    doc = head.doc
    if last < cue.i < last + 6 and all(t.tag_ in {"NNP", "HYPH"} for t in doc[last : cue.i]):
        last = cue.i
    return first, last


def name_between(head: Token, cue: Token) -> Range | None:
    """The name that stands between commas before the cue: "a medic from the north, *Ana Ruiz*, said"."""
    doc = cue.doc
    last = cue.i - 1
    if last <= head.i or doc[last].text != ",":
        return None
    first = last
    while first - 1 > head.i and doc[first - 1].tag_ == "NNP" and last - first < 6:
        first -= 1
    return (first, last) if last - first > 1 and doc[first - 1].text == "," else None


def without_article(doc: Doc, span: Range) -> Range:
    first, last = span
    while first < last - 1 and doc[first].tag_ in {"DT", "PRP$", "IN", "CC", "RB"}:
        first += 1
    return first, last


def whole(token: Token) -> Range:
    return token.left_edge.i, token.right_edge.i + 1


def chars(doc: Doc, span: Range) -> Range:
    first = min(span[0], len(doc) - 1)
    last = doc[max(first, min(span[1], len(doc)) - 1)]
    return doc[first].idx, last.idx + len(last)

"""Quantities of a parsed text: every number with its bounds and the noun it counts.

Number, hedges and ranges are read from the words alone (quantities.py); tags and the parse, where there are any, say
what is counted, whether "one" is a number and whether "over" is a hedge.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from claimx.atoms import Atom, cut, data, is_plural, word_list
from claimx.models import Count
from claimx.nlp import text_of
from claimx.quantities import Bounds, Quantity, bounds, measures, money, quantities
from claimx.syntax import NOUN_TAGS

PLURAL_TAGS = frozenset({"NNS", "NNPS"})
SKIPPED_TAGS = frozenset(
    {"DT", "PDT", "PRP$", "JJ", "JJR", "JJS", "VBN", "VBG", "RB", "RBR", "RBS", "CD", "HYPH", "POS", "NFP", "AFX"}
)
SKIPPED_WORDS = frozenset({"of", "#", "-", "–", "“", "”", '"', "‘"})
LONGEST_PHRASE = 12
"""Tokens from a number to the noun it counts, at most."""


def find_counts(doc: Doc, taken: Sequence[tuple[int, int]] = ()) -> list[Count]:
    """Every quantity of the doc in text order; `taken` are (start, end) code points of dates."""
    text = text_of(doc)
    atoms = cut(text, taken)
    starts = [token.idx for token in doc]
    found: list[Count] = []
    for quantity in quantities(atoms):
        last = atoms[quantity.end - 1]
        inside = range(bisect_right(starts, atoms[quantity.value].start) - 1, bisect_left(starts, last.end))
        if quantity.kind == "one" and not quantity.hedges and is_pronoun(doc, inside):
            continue
        if quantity.kind == "adjective" and not is_plural_noun(counted(doc, inside)):
            continue
        quantity = without_prepositions(doc, starts, atoms, quantity, inside)
        start, end = atoms[quantity.first].start, last.end
        low, high, approximate = bounds(quantity)
        before = bisect_right(starts, start) - 2
        unit = quantity.unit or unit_of(doc, inside, before, found[-1] if found else None, quantity.kind)
        found.append(Count(text[start:end], start, end, low, high, unit, None, approximate))
    return found


def parse_number(text: str) -> Bounds | None:
    """The (min, max, approximate) of the first quantity of a phrase ("more than two dozen" -> 25, None, False)."""
    found = quantities(cut(text))
    return bounds(found[0]) if found else None


def without_prepositions(
    doc: Doc, starts: Sequence[int], atoms: Sequence[Atom], quantity: Quantity, inside: range
) -> Quantity:
    """The quantity without a hedge that the parse makes a preposition of the noun ("control over two villages")."""
    if not quantity.hedges or is_share(quantity.unit) or not doc.has_annotation("DEP"):
        return quantity
    _, first, stop = quantity.hedges[0]
    if stop != first + 1 or atoms[first].text not in word_list("preposition"):
        return quantity
    token = doc[bisect_right(starts, atoms[first].start) - 1]
    if token.head.i in inside or token.tag_ == "RB":
        return quantity
    return quantity._replace(first=stop, hedges=quantity.hedges[1:])


def unit_of(doc: Doc, inside: range, first: int, previous: Count | None, kind: str) -> str | None:
    """The noun's lemma; "people" for the killed and wounded; for "22 others" what was counted before."""
    noun = counted(doc, inside)
    if noun is not None:
        return "people" if noun.lower_ in word_list("people_states") else lemma(noun)
    after = doc[inside.stop].lower_ if inside.stop < len(doc) else ""
    if first > 0 and doc[first].lower_ == "another":
        first -= 1
    before = doc[first].lower_ if first >= 0 else ""
    if after in word_list("anaphors") and previous and previous.unit and not is_measure(previous.unit):
        gap = doc.char_span(previous.end, doc[inside.start].idx, alignment_mode="expand")
        between = gap.text if gap is not None else ""
        if not any(mark in between for mark in ".!?\n"):
            return previous.unit
    if (
        after in word_list("people_states")
        or after == "others"
        or before in word_list("people_verbs")
        or kind == "vague"
    ):
        return "people"
    return None


def counted(doc: Doc, inside: range) -> Token | None:
    """The noun that ends the noun group after the number; without tags, the first plural of the next words."""
    if not doc.has_annotation("TAG"):
        return counted_untagged(doc, inside.stop)
    noun: Token | None = None
    for token in doc[inside.stop : inside.stop + LONGEST_PHRASE]:
        if token.lower_ in word_list("anaphors") or (token.is_space and token.text.count("\n") < 2):
            continue
        if (
            token.is_space
            or token.lower_ in word_list("moments")
            or (noun is not None and noun.tag_ == "NNS" and token.tag_ == "NNP")
        ):
            break
        if token.tag_ in NOUN_TAGS:
            noun = token
        elif not (leads_on(token) if noun is None else goes_on(token, noun)):
            break
    return noun


def leads_on(token: Token) -> bool:
    """Whether a word between the number and its noun belongs to their group."""
    if token.tag_ == "CC":
        return (
            token.i + 1 < len(token.doc) and token.nbor(-1).tag_[:2] == "JJ" and token.nbor().tag_[:2] in {"JJ", "RB"}
        )
    if token.lower_ in SKIPPED_WORDS:
        return True
    return token.tag_ in SKIPPED_TAGS and (token.lower_ not in word_list("stops") or token.tag_ in {"DT", "PRP$"})


def goes_on(token: Token, noun: Token) -> bool:
    """Whether the group goes on after a first noun: "the group's men", "rebel-held towns", "US military bases"."""
    return (
        token.tag_ in {"HYPH", "POS"}
        or (noun.tag_ not in PLURAL_TAGS and token.tag_[:2] == "JJ")
        or token.nbor(-1).tag_ == "HYPH"
    )


def counted_untagged(doc: Doc, start: int) -> Token | None:
    for token in doc[start : start + 6]:
        if token.lower_ in SKIPPED_WORDS or token.lower_ in word_list("anaphors"):
            continue
        if not token.is_alpha or (token.lower_ in word_list("stops") and doc[token.i - 1].lower_ != "of"):
            return None
        if is_plural(token.lower_):
            return token
    return None


def is_plural_noun(noun: Token | None) -> bool:
    return noun is not None and (noun.tag_ in PLURAL_TAGS or is_plural(noun.lower_))


def is_pronoun(doc: Doc, inside: range) -> bool:
    """Whether "one" stands for a thing or for anybody, as far as tags tell."""
    token = doc[inside.start]
    before = doc[inside.start - 1] if inside.start else None
    return token.tag_ in {"PRP", "NN"} or (before is not None and before.tag_ in {"JJ", "JJR", "JJS", "DT", "PRP$"})


def lemma(noun: Token) -> str:
    """The noun's dictionary form in lower case, a measure under its own name."""
    word = noun.lower_
    if word in word_list("irregular"):
        return str(data()["words"]["irregular"][word])
    for table in (measures(), money()):
        for words, name in table.get(word, ()):
            if words == (word,) and len(word) > 1:
                return name
    return noun.lemma_.lower() or singular(noun)


def singular(noun: Token) -> str:
    """A simple singular, for pipelines without a lemmatizer."""
    word = noun.lower_
    if not word.endswith("s") or word.endswith("ss") or not (noun.tag_ in PLURAL_TAGS or is_plural(word)):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")) else word[:-1]


def is_share(unit: str | None) -> bool:
    """Whether it is money or a percentage, where "over" and "about" hedge."""
    return unit == "percent" or unit in data()["currencies"] or unit in data()["money"]


def is_measure(unit: str) -> bool:
    return unit in data()["measures"] or unit in data()["money"]

"""Truecasing: headlines in Title Case and text in CAPITALS are shown to the pipeline as ordinary sentences are written.

Tagger, parser and NER learn from running text, where a capital means a name. Two components stand around them:
`recase`, after the sentence boundaries are set, swaps a doc with such sentences for one of the same tokens in their
usual case, and `restore` writes what the pipeline then found back to the original doc, whose text and offsets never
change.

The usual case comes from a table of words and pairs of neighbours (data/casing.txt.gz, made by training/casing.py): a
word that is absent is capitalised, a pair outweighs its words ("white", but "White House"; "US", but "told us").
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

TABLE = Path(__file__).parent / "data" / "casing.txt.gz"
ORIGINAL = "claimx_original"  # where a surrogate keeps the doc that it stands for
ATTRIBUTES = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
MIN_WORDS = 4  # shorter lines are names, bylines and captions as often as headlines
# Longer words that Title Case may leave in lower case.
MINOR = frozenset(
    {"about", "above", "across", "after", "against", "along", "amid", "among", "around", "before", "behind",
     "below", "beneath", "beside", "between", "beyond", "despite", "during", "from", "inside", "into", "like",
     "near", "onto", "outside", "over", "past", "since", "than", "that", "through", "till", "toward", "towards",
     "under", "until", "upon", "versus", "when", "where", "while", "with", "within", "without"}
)  # fmt: skip
QUOTES = frozenset('"“‘«') | {"``"}
ACRONYM = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,5}s?|(?:[A-Z]\.){2,}")
SURNAME = re.compile(r"(?:MC|[OD]['’])(?=[^\W\d_]{3})")
# Tokens that the tagger takes for another word, and an acronym of the same length that it knows.
ALIASES = {"IS": "UN"}
PRONOUNS = frozenset({"it", "he", "she", "this", "there", "what", "who", "which", "here", "where"})  # "it IS true"


def recase(doc: "Doc") -> "Doc":
    """The doc itself, or a surrogate for `restore` where a sentence is in Title Case or capitals.

    Sentence starts must be set, annotations must not.
    """
    words = [token.text for token in doc]
    shown = words.copy()
    shouted = is_shouted(words)
    for start, end in sentence_bounds(doc):
        shown[start:end] = sentence_case(words[start:end], shouted)
    if shown == words:
        return doc
    from spacy.tokens import Doc

    surrogate = Doc(
        doc.vocab,
        words=shown,
        spaces=[bool(token.whitespace_) for token in doc],
        sent_starts=[token.is_sent_start for token in doc],
    )
    surrogate.user_data[ORIGINAL] = doc
    return surrogate


def restore(doc: "Doc") -> "Doc":
    """The original of a surrogate, with the surrogate's tags, tree, lemmas and entities; any other doc as it is."""
    original: Doc | None = doc.user_data.pop(ORIGINAL, None)
    if original is None:
        return doc
    annotations: Any = doc.to_array(list(ATTRIBUTES))
    original.from_array(list(ATTRIBUTES), annotations)
    original.tensor = doc.tensor
    for token, stand_in in zip(original, doc, strict=True):
        if token.text in ALIASES and stand_in.text == ALIASES[token.text]:
            token.lemma_ = token.text
    return original


def sentence_bounds(doc: "Doc") -> Iterator[tuple[int, int]]:
    """(first, last) token of each sentence, the last one excluded."""
    start = 0
    for token in doc:
        if token.is_sent_start and token.i:
            yield start, token.i
            start = token.i
    if len(doc):
        yield start, len(doc)


def is_shouted(words: Sequence[str]) -> bool:
    """Whether the whole text is in capitals, so that its short lines are so by habit too."""
    cased = [word for word in words if len(word) > 1 and word[0].isalpha()]
    return len(cased) >= 20 and sum(map(str.isupper, cased)) > 0.9 * len(cased)


def sentence_case(words: Sequence[str], shouted: bool = False) -> Sequence[str]:
    """The words of a sentence in the case of running text; lengths stay. `shouted`: a text all in capitals."""
    cased = [word for word in words if len(word) > 1 and word[0].isalpha()]
    upper = sum(map(str.isupper, cased))
    if shouted or (len(cased) >= MIN_WORDS and upper >= 0.9 * len(cased)):
        truth = usual_case(words)
        lowered = sum(form.islower() for form in truth if len(form) > 1)
        return opened(truth) if shouted or lowered >= max(2, len(cased) // 4) else words
    if len(cased) >= MIN_WORDS and next((word for word in reversed(words) if not word.isspace()), "") != ".":
        # Nearly every sentence leaves here, before anything is looked up.
        plain = sum(len(word) > 3 and word.islower() and word not in MINOR for word in cased)
        if plain <= len(cased) // 6:
            pairs = zip(words, usual_case(words), strict=True)
            truth = [form if word.istitle() and form.islower() else word for word, form in pairs]
            lowered = sum(map(str.__ne__, words[1:], truth[1:]))
            if lowered >= 2 and plain <= lowered // 4:
                return opened(truth)
    if any(word in ALIASES for word in words):
        return [alias(words, i) for i in range(len(words))]
    return words


def alias(words: Sequence[str], i: int) -> str:
    """The stand-in for an acronym that is a common word too, unless the capitals are for stress ("it IS so")."""
    near = [word for word in (*words[max(i - 1, 0) : i], *words[i + 1 : i + 2]) if len(word) > 1]
    if words[i] not in ALIASES or (near and (near[0].lower() in PRONOUNS or any(map(str.isupper, near)))):
        return words[i]
    return ALIASES[words[i]]


def opened(words: Sequence[str]) -> Sequence[str]:
    """The words with a capital at the start of the sentence and of what it quotes."""
    out, start = list(words), True
    for i, word in enumerate(words):
        if start and word[0].isalpha():
            initial = word[0].upper()
            out[i] = initial + word[1:] if len(initial) == 1 else word
            start = False
        elif word[0].isdigit():
            start = False
        if word in QUOTES:
            start = True
    return out


def usual_case(words: Sequence[str]) -> list[str]:
    """The words as running text writes them, each of the same length as before."""
    single, pairs = load_table()
    keys = [word.lower() for word in words]
    alone = [single.get(key) or capitalised(word, key) for word, key in zip(words, keys, strict=True)]
    truth = alone.copy()
    marks = ["0" if key.isdigit() else key for key in keys]
    for i in range(len(words) - 1):
        pair = pairs.get((marks[i], marks[i + 1]))
        if pair:
            for k, form in zip((i, i + 1), pair, strict=True):
                if form != alone[k] and form != "0":
                    truth[k] = form
    return [form if len(form) == len(word) else word for form, word in zip(truth, words, strict=True)]


def capitalised(word: str, key: str) -> str:
    """A word, and its lower-cased `key`, as a name: "Idlib", "McKenna", "O'Hara", "KDP" (no vowel); but "5th"."""
    if not word[0].isalpha():
        return key
    if ACRONYM.fullmatch(word):
        return word
    surname = SURNAME.match(word.upper())
    cut = surname.end() if surname else 1
    return key[:1].upper() + key[1:cut] + (key[cut:].capitalize() if surname else key[cut:])


@cache
def load_table() -> tuple[dict[str, str], dict[tuple[str, str], tuple[str, str]]]:
    """The words and the pairs of the table, by their lower-cased form."""
    single: dict[str, str] = {}
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for line in gzip.decompress(TABLE.read_bytes()).decode("utf-8").splitlines():
        first, space, second = line.partition(" ")
        if space:
            pairs[first.lower(), second.lower()] = first, second
        else:
            single[line.lower()] = line
    return single, pairs

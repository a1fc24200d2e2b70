"""Skimming: which sentences may tell a claim, found by their words alone, before anything is parsed.

A stream of news is mostly not about conflict. A linear model over the words and word pairs of each sentence, corrected
by what stands around it, says how likely a claim is there; sentences that are not likely at all, nor neighbours of a
likely one, are left unread: neither tagger nor parser nor NER sees them. The weights, `data/skim.npz`, were trained on
what the full reading finds (`training/skim.py`), at a threshold at which hardly any claim is lost.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claimx.cues import verb_forms
from claimx.lexicon import EventEntry
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNREAD = "claimx_unread"  # where a doc keeps which of its tokens nothing was told about
BITS = 16  # of a bucket's number
LEAD = 2  # sentences at the beginning that are read where anything is: there people and groups are introduced
BEFORE, AFTER = 1, 1  # neighbours of a likely sentence that are read: the speaker or the name may stand there
FAR = -6.0  # the score beside the first and the last sentence

Array = np.ndarray[Any, Any]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: the upper bits of a product are well mixed
_PAIRS = ((1, np.uint64(0x2545F4914F6CDD1D)), (2, np.uint64(0x27D4EB2F165667C5)))  # (distance of two words, salt)


class Weights(NamedTuple):
    threshold: float  # log-odds under which a sentence is passed over
    words: Array  # (2**BITS,) float16, of a word or a pair
    bias: float
    around: Array  # (len(surroundings),) of a sentence among the others
    around_bias: float


@cache
def load_weights() -> Weights:
    with (files("claimx") / "data" / "skim.npz").open("rb") as stream:
        found = np.load(stream, allow_pickle=False)
        numbers = float(found["bias"]), found["around"], float(found["around_bias"])
        return Weights(float(found["threshold"]), found["words"].astype("float32"), *numbers)


def skim(doc: "Doc", wanted: frozenset[int] = frozenset()) -> "Doc":
    """Mark what of a doc with sentence starts need not be read. `wanted` are words that are never passed over."""
    if not len(doc):
        return doc
    columns: Any = doc.to_array(["LOWER", "SENT_START"])
    lower, starts = columns[:, 0], columns[:, 1] == 1
    starts[0] = True
    likely = scores(lower, starts) >= load_weights().threshold
    number = np.cumsum(starts) - 1
    if wanted:
        likely[number[np.isin(lower, list(wanted))]] = True
    read = neighbours(likely)
    if not read.all():
        doc.user_data[UNREAD] = ~read[number]
    return doc


def is_unread(doc: "Doc") -> bool:
    """Whether nothing of the doc was read."""
    unread = doc.user_data.get(UNREAD)
    return unread is not None and bool(unread.all())


def neighbours(likely: Array) -> Array:
    """The likely sentences and those that are read for their sake."""
    read = likely.copy()
    if likely.any():
        read[:LEAD] = True
        for step in range(1, BEFORE + 1):
            read[:-step] |= likely[step:]
        for step in range(1, AFTER + 1):
            read[step:] |= likely[:-step]
    return read


def scores(lower: Array, starts: Array) -> Array:
    """(sentences,) log-odds of a claim; `lower` are the ids of the words in lower case, `starts` where one begins."""
    weights = load_weights()
    buckets, number = features(lower, starts)
    own = np.bincount(number, weights.words[buckets], minlength=int(starts.sum())) + weights.bias
    result: Array = surroundings(own) @ weights.around + weights.around_bias
    return result


def features(lower: Array, starts: Array) -> tuple[Array, Array]:
    """(bucket, number of the sentence) of every word and of every pair at most two words apart."""
    number = np.cumsum(starts) - 1
    shift = np.uint64(64 - BITS)
    buckets, at = [(lower * _SPREAD) >> shift], [number]
    for gap, salt in _PAIRS:
        if len(lower) > gap:
            inside = number[:-gap] == number[gap:]
            buckets.append((((lower[:-gap] * salt) ^ lower[gap:]) * _SPREAD >> shift)[inside])
            at.append(number[:-gap][inside])
    return np.concatenate(buckets).astype("int64"), np.concatenate(at)


def surroundings(own: Array) -> Array:
    """(sentences, 7): the score, those beside it, the best elsewhere, how much is told in all, length, first or not."""
    count = len(own)
    before, after = np.append(FAR, own[:-1]), np.append(own[1:], FAR)
    ranked = np.sort(own)[::-1]
    elsewhere = np.where(own == ranked[0], ranked[1] if count > 1 else FAR, ranked[0])
    chances = 1 / (1 + np.exp(-np.clip(own, -30, 30)))
    return np.stack(
        [
            own,
            np.maximum(before, after),
            np.minimum(before, after),
            elsewhere,
            np.log1p(chances.sum() - chances),
            np.full(count, np.log(count)),
            np.arange(count) == 0,
        ],
        axis=1,
    )


def wanted_words(entries: Iterable[EventEntry], strings: Any) -> frozenset[int]:
    """The ids of every form of the entries' words: what a user's own lexicon looks for is always read."""
    forms: set[str] = set()
    for entry in entries:
        for phrase in entry.verbs:
            verb = phrase.split()[0]
            forms |= {verb, *verb_forms(verb, WORDS.irregular.get(verb))}
        for phrase in entry.nouns:
            noun = phrase.replace("-", " ").split()[-1]
            forms |= {noun, f"{noun}s", f"{noun}es", f"{noun.removesuffix('y')}ies"}
        forms |= set(entry.adjectives)
    return frozenset(strings.add(form) for form in forms)

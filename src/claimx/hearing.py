"""The learned judge of reports: which words introduce one, and which word names its source.

The rules (reporting.py, quotations.py) propose, the judge decides, over their cues and over words that no list holds.
Its weights, `data/reports.npz`, were trained with `training/reports.py`.
"""

import functools
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from spacy.tokens import Doc

from claimx import cues, syntax
from claimx.judging import Judge, sigmoid
from claimx.nlp import BUNDLED
from claimx.quotations import Quotation
from claimx.speakers import Report

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEFORE, AFTER = 3, 4  # words around a candidate that are looked at
FAR = 40  # tokens
LONGEST_PATH = 6
GLANCED = 0.03  # how probable a word must look at first glance to be looked at closely
NO_SOURCE = syntax.NOUN_MODIFIER | syntax.DETERMINER
SOURCE_TAGS = syntax.NOUN_TAGS | {"PRP", "DT", "WP", "CD", "EX", "WDT", "PRP$", "JJ"}


class Judges(NamedTuple):
    """`screen` looks at every word's vector alone; `cue` and `source` at the features of what is left."""

    screen: tuple[Any, Any, Any, Any]
    cue: Judge
    source: Judge
    vectors: str  # the name and the width of the token vectors that the judges know
    width: int


@functools.cache
def load_judges() -> Judges | None:
    """The bundled judges, or None where there are none or they were trained with another bundled pipeline."""
    path = files("claimx") / "data" / "reports.npz"
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        weights = dict(np.load(stream, allow_pickle=False))
    meta = json.loads((BUNDLED / "meta.json").read_text(encoding="utf-8"))
    if str(weights["pipeline"]) != f"{meta['name']} {meta['version']}":
        return None
    parts: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in weights.items():
        part, _, name = key.partition("/")
        parts[part][name] = value
    screen = [parts["screen"][name].astype("float32") for name in ("0.weight", "0.bias", "2.weight", "2.bias")]
    return Judges(
        (screen[0], screen[1], screen[2], screen[3]),
        Judge(parts["cue"]),
        Judge(parts["source"]),
        meta["vectors"]["name"],
        screen[0].shape[1],
    )


def judges_for(doc: Doc) -> Judges | None:
    """The judges, if the doc was parsed with the pipeline whose vectors they know."""
    if not len(doc) or getattr(doc.tensor, "ndim", 0) != 2 or doc.vocab.vectors.name is None:
        return None
    judges = load_judges()
    known = judges is not None and (doc.vocab.vectors.name, doc.tensor.shape[1]) == (judges.vectors, judges.width)
    return judges if known else None


def glanced(judges: Judges, doc: Doc) -> list[int]:
    """The words whose vector alone does not rule out that they introduce a report."""
    weight, bias, out, out_bias = judges.screen
    chances = sigmoid(np.maximum(doc.tensor @ weight.T + bias, 0) @ out.T + out_bias)[:, 0]
    found: list[int] = np.flatnonzero(chances > GLANCED).tolist()
    return found


def cue_chances(judges: Judges, scene: "Scene") -> dict[int, float]:
    """token -> how probably it introduces a report, of the words that may."""
    tokens = sorted({*glanced(judges, scene.doc), *scene.reports})
    if not tokens:
        return {}
    scores = judges.cue.scores([of_cue(scene, i) for i in tokens], scene.doc.tensor[tokens])
    return dict(zip(tokens, sigmoid(scores)[:, 0].tolist(), strict=True))


def source_chances(judges: Judges, scene: "Scene", heads: Sequence[int]) -> dict[int, dict[int, float]]:
    """cue -> token -> how probably the token names the source of the cue."""
    pairs = [(i, k) for i in heads for k in source_candidates(scene, i)]
    found: dict[int, dict[int, float]] = {i: {} for i in heads}
    if pairs:
        ruled = {i: ruled_source(scene, i) for i in heads}
        rows = [of_source(scene, i, k, ruled[i]) for i, k in pairs]
        vectors: NDArray[np.float32] = np.concatenate(
            [scene.doc.tensor[[i for i, _ in pairs]], scene.doc.tensor[[k for _, k in pairs]]], axis=1
        )
        for (i, k), chance in zip(pairs, sigmoid(judges.source.scores(rows, vectors))[:, 0].tolist(), strict=True):
            found[i][k] = chance
    return found


class Scene:
    """What all candidates of an article share: its words, its quotations and what the rules found.

    `kept` are the rules' reports, `refused` those that they found and left out again.
    """

    def __init__(
        self, doc: Doc, quotes: Sequence[Quotation], kept: Sequence[Report], refused: Sequence[Report] = ()
    ) -> None:
        self.doc = doc
        words = [
            (t.lower_, t.tag_, t.dep_, t.head.i, t.lemma_.lower() or t.lower_, t.ent_type_, t.idx) for t in doc
        ]  # one walk: making a token is what costs
        self.lower = [word[0] for word in words]
        self.tags = [word[1] for word in words]
        self.deps = [word[2] for word in words]
        self.heads = [word[3] for word in words]
        self.lemmas = [word[4] for word in words]
        self.ents = [word[5] for word in words]
        self.offsets = [word[6] for word in words]
        self.children: dict[int, list[int]] = defaultdict(list)
        for i, head in enumerate(self.heads):
            if head != i:
                self.children[head].append(i)
        self.quoted = bytearray(len(doc))  # 1: inside a quotation of several words
        at = 0
        for quote in quotes:
            while at < len(doc) and self.offsets[at] < quote.start:
                at += 1
            first = at
            while at < len(doc) and self.offsets[at] < quote.end:
                at += 1
            self.quoted[first:at] = bytes([1 if at - first > 4 else 2]) * (at - first)
        self.kept = {report.at for report in kept}
        self.reports = {report.at: report for report in (*refused, *kept)}
        self.bounds: list[tuple[int, int]] = [(0, 0)] * len(doc)
        for sentence in doc.sents:
            self.bounds[sentence.start : sentence.end] = [(sentence.start, sentence.end)] * len(sentence)
        self.known = cues.load()

    def word(self, i: int, first: int, last: int) -> str:
        return self.lower[i] if first <= i < last else "_"

    def kind(self, i: int) -> str:
        """A noun or pronoun in one word: its entity class, or the pronoun, or the tag."""
        tag = self.tags[i]
        return self.ents[i] or (self.lower[i] if tag in {"PRP", "WP", "DT", "WDT", "EX"} else tag)

    def rule(self, i: int) -> str:
        """What the rules say of a word: no report, or one with or without a source, spoken or not."""
        found = self.reports.get(i)
        if found is None:
            return "no"
        return ("sourced" if found.source else "bare") + ("" if i in self.kept else "-refused")

    def frames(self, i: int) -> list[str]:
        lower = self.lower[i]
        names = [frame.cue for frame in self.known.verbs.get(lower, ())]
        if lower in self.known.nouns:
            names.append(f"noun-{self.known.nouns[lower]}")
        return names


def of_cue(scene: Scene, i: int) -> Iterator[str]:
    """The features of a word that may introduce a report."""
    lower, tags, deps, heads, lemmas = scene.lower, scene.tags, scene.deps, scene.heads, scene.lemmas
    first, last = scene.bounds[i]
    lemma, tag, rule, head = lemmas[i], tags[i], scene.rule(i), heads[i]
    coarse = tag[:2]
    quoted = scene.quoted[i]
    yield "cue"
    yield f"rule={rule}"
    yield f"lemma={lemma}"
    yield f"lemma={lemma}/{coarse}"
    yield f"lemma={lemma}/{rule}"
    yield f"form={lower[i]}/{tag}"
    yield f"tag={tag}/{deps[i]}"
    yield f"tag={tag}/{rule}/{quoted}"
    yield f"dep={deps[i]}/{lemmas[head]}"
    yield f"dep={deps[i]}/{tags[head]}/{coarse}"
    yield f"suffix={lemma[-4:]}/{coarse}"
    yield f"headrule={scene.rule(head) if head != i else 'root'}/{coarse}"
    for name in scene.frames(i) or ("none",):
        yield f"frame={name}/{coarse}"
        yield f"frame={name}/{rule}/{quoted}"
    subjects = objects = clauses = 0
    for c in scene.children[i]:
        dep = deps[c]
        yield f"child={dep}/{coarse}"
        yield f"child={dep}/{coarse}/{rule}"
        side = "l" if c < i else "r"
        if dep in syntax.SUBJECT or dep in syntax.PASSIVE_SUBJECT:
            subjects += 1
            yield f"subject={scene.kind(c)}/{dep}/{coarse}"
            yield f"subject={scene.kind(c)}/{lemma}"
            yield f"subject={lemmas[c]}"
        elif dep in syntax.OBJECT:
            objects += 1
            yield f"object={lemmas[c]}/{lemma}"
            yield f"object={scene.kind(c)}"
            yield f"object={lemmas[c]}"
        elif dep in syntax.CONTENT or dep == "parataxis" or dep == "advcl":
            clauses += 1
            yield f"clause={dep}/{tags[c]}/{side}/{coarse}"
            yield f"clause={dep}/{lemma}"
        elif dep in {"aux", "aux:pass", "mark", "neg", "advmod", "case", "det", "cop", "compound:prt", "amod"}:
            yield f"{dep}={lower[c]}/{coarse}"
        elif dep in syntax.OBLIQUE:
            word = next((lower[g] for g in scene.children[c] if deps[g] == "case"), "")
            yield f"oblique={word}/{lemma}"
            yield f"oblique={word}/{coarse}"
        elif dep in syntax.POSSESSIVE:
            yield f"owner={scene.kind(c)}/{lemma}"
    yield f"args={min(subjects, 1)}/{min(objects, 1)}/{min(clauses, 1)}/{coarse}"
    yield f"args={min(subjects, 1)}/{min(objects, 1)}/{min(clauses, 1)}/{lemma}"
    for step in (*range(-BEFORE, 0), *range(1, AFTER + 1)):
        word = scene.word(i + step, first, last)
        yield f"w{step}={word}"
        if abs(step) < 3:
            yield f"w{step}={word}/{coarse}"
        if abs(step) < 2:
            yield f"w{step}={word}/{lemma}"
            yield f"t{step}={tags[i + step] if first <= i + step < last else '_'}/{coarse}"
    near = scene.quoted[max(first, i - 12) : i], scene.quoted[i + 1 : min(last, i + 13)]
    yield f"quotes={quoted}/{max(near[0], default=0)}/{max(near[1], default=0)}"
    yield f"quotes={max(near[0], default=0)}/{max(near[1], default=0)}/{rule}/{coarse}"
    yield f"place={min(i - first, 3)}/{min(last - i, 3)}/{coarse}"
    yield f"length={(last - first) // 10}"
    others = sum(1 for k in range(max(first, i - FAR), min(last, i + FAR)) if k != i and k in scene.reports)
    yield f"others={min(others, 3)}/{rule}"
    above = sum(1 for k in ancestors(heads, i) if k in scene.reports)
    yield f"above={min(above, 2)}/{rule}"
    yield f"subjectless={subjects == 0}/{deps[i]}/{tag}"
    if tags[i] in syntax.VERB_TAGS and not subjects and head != i:
        yield f"up={lemmas[head]}/{tags[head]}/{deps[i]}"
    prior = next((k for k in range(i - 1, max(first, i - 5) - 1, -1) if tags[k] in SOURCE_TAGS), -1)
    if prior >= 0:
        yield f"prior={scene.kind(prior)}/{i - prior}/{coarse}"


def ancestors(heads: list[int], i: int) -> Iterator[int]:
    for _ in range(LONGEST_PATH):
        if heads[i] == i:
            return
        i = heads[i]
        yield i


def relation(heads: list[int], deps: list[str], a: int, b: int) -> str:
    """The path of labels from one token to the other, up and down."""
    up = [a, *ancestors(heads, a)]
    places = {k: n for n, k in enumerate(up)}
    down: list[str] = []
    for k in (b, *ancestors(heads, b)):
        if k in places:
            return "".join("<" + deps[x] for x in up[: places[k]]) + "".join(reversed(down))
        down.append(">" + deps[k])
    return "far"


def source_candidates(scene: Scene, i: int) -> list[int]:
    """The words that may name the source of cue i: nouns and pronouns of its sentence, and the rules' source."""
    first, last = scene.bounds[i]
    first, last = max(first, i - FAR), min(last, i + FAR)
    found = [
        k for k in range(first, last) if k != i and scene.tags[k] in SOURCE_TAGS and scene.deps[k] not in NO_SOURCE
    ]
    ruled = ruled_source(scene, i)
    if ruled is not None and ruled not in found:
        found.append(ruled)
    return found


def ruled_source(scene: Scene, i: int) -> int | None:
    """The head of the source that the rules give to cue i."""
    report = scene.reports.get(i)
    if report is None or report.source is None:
        return None
    first = bisect_left(scene.offsets, report.source[0])
    last = bisect_left(scene.offsets, report.source[1])
    return next((k for k in range(first, last) if not first <= scene.heads[k] < last or scene.heads[k] == k), None)


def of_source(scene: Scene, i: int, k: int, ruled: int | None) -> Iterator[str]:
    """The features of word k as the source of cue i; `ruled` is the rules' choice."""
    lower, tags, deps, heads, lemmas = scene.lower, scene.tags, scene.deps, scene.heads, scene.lemmas
    coarse, side = tags[i][:2], "l" if k < i else "r"
    chosen = "is" if k == ruled else "none" if ruled is None else "other"
    path = relation(heads, deps, i, k)
    kind = scene.kind(k)
    low, high = min(i, k) + 1, max(i, k)
    within = scene.bounds[i] == scene.bounds[k]
    verbs = sum(1 for t in tags[low:high] if t in syntax.VERB_TAGS) if within else 9
    commas = sum(1 for w in lower[low:high] if w in {",", ";", ":", "—"}) if within else 9
    nouns = sum(1 for t in tags[low:high] if t in SOURCE_TAGS) if within else 9
    yield "source"
    yield f"chosen={chosen}"
    yield f"chosen={chosen}/{coarse}/{kind}"
    yield f"path={path}"
    yield f"path={path}/{coarse}"
    yield f"path={path}/{chosen}"
    yield f"path={path}/{tags[i]}/{kind}"
    yield f"path={path}/{lemmas[i]}"
    yield f"dep={deps[k]}/{tags[k]}"
    yield f"kind={kind}/{side}"
    yield f"kind={kind}/{chosen}/{side}"
    yield f"word={lemmas[k]}"
    yield f"word={lemmas[k]}/{chosen}"
    yield f"gap={min(verbs, 3)}/{min(commas, 3)}/{side}/{chosen}"
    yield f"gap={min(verbs, 3)}/{min(nouns, 4)}/{side}/{coarse}"
    yield f"nouns={min(nouns, 5)}/{side}/{chosen}/{kind}"
    yield f"distance={side}/{min(high - low, 6) if high - low < 7 else 9 if high - low < 15 else 20}/{chosen}"
    yield f"cue={lemmas[i]}/{side}"
    yield f"cue={lemmas[i]}/{chosen}"
    yield f"cuedep={deps[i]}/{deps[k]}/{side}"
    yield f"cuetag={tags[i]}/{deps[k]}/{side}"
    yield f"quoted={scene.quoted[i]}/{scene.quoted[k]}/{chosen}"
    yield f"sentence={within}/{chosen}"
    word = next((lower[c] for c in scene.children[k] if deps[c] == "case"), "")
    yield f"case={word}/{coarse}/{side}"
    yield f"case={word}/{lemmas[i]}"
    yield f"before={lower[k - 1] if k else '_'}/{side}"
    yield f"after={lower[k + 1] if k + 1 < len(lower) else '_'}/{side}"
    yield f"head={lemmas[heads[k]]}/{deps[k]}"
    yield f"headcue={heads[k] == i}/{heads[k] in scene.reports}/{deps[k]}"
    if high - low <= 2 and within:
        yield f"between={side}/{kind}/{' '.join(lower[low:high])}"

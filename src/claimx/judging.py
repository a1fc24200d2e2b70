"""Learned judges: which candidate triggers tell a claim, of which type, and which words fill its slots.

The rules propose, the judges decide. A judge is a small network over hashed features (features.py) and the token
vectors of the bundled pipeline. The weights, `data/judges.npz`, were trained on annotated articles with
`training/judges.py` and belong to that pipeline alone: with another one the rules decide by themselves.
"""

import functools
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from claimx import features
from claimx.events import Event
from claimx.features import Slots, Surroundings
from claimx.measures import Measures
from claimx.models import Count, Date, Role

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Token

    from claimx.frames import Candidates
    from claimx.mentions import Senses

TYPES = ("", "attack", "clash", "interception", "casualty", "capture", "release", "deployment", "threat", "agreement")
SLOTS = ("actors", "targets", "weapons", "places")
ROLES = ("", *get_args(Role))
REACH = 80  # tokens from a trigger within which its arguments are looked for
# What the rules propose is dropped below the first, what they do not propose is taken above the second.
TRIGGER, SLOT, WEAPON, PLACE = (0.25, 0.55), (0.25, 0.55), (0.1, 0.55), (0.06, 0.8)
NUMBER, DAY = (0.25, 0.6), (0.2, 0.55)

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]
Ints = np.ndarray[Any, np.dtype[np.integer[Any]]]
Case = tuple[Event, Slots, Slots]  # an event, its slots by the rules, and those of the sentence's other events


class Network:
    """Summed embeddings of the features and a projection of the vectors, two hidden layers, and a linear part."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.embed = weights["embed"]  # int8, (buckets, width)
        self.embed_scale = float(weights["embed_scale"])
        self.linear = weights["linear"]  # int8, (buckets, outputs)
        self.linear_scale = float(weights["linear_scale"])
        self.layers = [
            (weights[f"{name}.weight"].astype("float32"), weights[f"{name}.bias"].astype("float32"))
            for name in ("dense", "hidden", "out")
        ]

    def scores(self, buckets: Ints, starts: Sequence[int], vectors: Floats) -> Floats:
        """(rows, outputs) of rows that begin at `starts` of `buckets`."""
        summed = np.add.reduceat(self.embed[buckets].astype("float32"), starts) * self.embed_scale
        direct = np.add.reduceat(self.linear[buckets].astype("float32"), starts) * self.linear_scale
        (dense, dense_bias), (hidden, hidden_bias), (out, out_bias) = self.layers
        x = np.maximum(summed + vectors @ dense.T + dense_bias, 0)
        x = np.maximum(x @ hidden.T + hidden_bias, 0)
        result: Floats = x @ out.T + out_bias + direct
        return result


class Judge:
    """Networks of one kind, trained from different beginnings, whose mean judges."""

    def __init__(self, *members: Mapping[str, Any]) -> None:
        self.members = [Network(weights) for weights in members]

    def scores(self, rows: Sequence[Iterable[str]], vectors: Floats) -> Floats:
        """(rows, outputs) unnormalised scores; `vectors` are (rows, width of the token vectors)."""
        names: list[str] = []
        starts = []
        for row in rows:
            starts.append(len(names))
            names.extend(row)
        buckets = hashed(names, len(self.members[0].embed))
        result: Floats = np.mean([member.scores(buckets, starts, vectors) for member in self.members], axis=0)
        return result


def hashed(row: Iterable[str], buckets: int) -> Ints:
    return np.fromiter(map(zlib.crc32, map(str.encode, row)), dtype="int64") % buckets


class Judges(NamedTuple):
    trigger: Judge
    argument: Judge
    quantity: Judge
    day: Judge


@functools.cache
def load_weights() -> dict[str, Any]:
    with (files("claimx") / "data" / "judges.npz").open("rb") as stream:
        return dict(np.load(stream, allow_pickle=False))


def judges_for(nlp: "Language") -> Judges | None:
    """The judges trained with this pipeline, or None: they know no other's vectors and labels."""
    weights = load_weights()
    if str(weights["pipeline"]) != f"{nlp.meta['name']} {nlp.meta['version']}":
        return None
    parts: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in weights.items():
        part, _, name = key.rpartition("/")
        parts[part][name] = value
    trigger, argument, quantity, day = (
        Judge(*(parts[part] for part in sorted(parts) if part.startswith(f"{name}/")))
        for name in ("trigger", "argument", "count", "date")
    )
    return Judges(trigger, argument, quantity, day)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result


def sigmoid(scores: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return result


def judge_triggers(
    around: Surroundings, candidates: "Candidates", judges: Judges, added: frozenset[str] = frozenset()
) -> dict[int, tuple[str, float]]:
    """The triggers that tell a claim: token -> (type, how probable it is).

    What a user's own entry finds (its id among `added`) is not the judges' to refuse: it keeps the type that the rules
    give ("").
    """
    tokens = list(candidates.offered)
    if not tokens:
        return {}
    rows = [features.of_trigger(around, candidates.frame(i), candidates.offered[i]) for i in tokens]
    chances = softmax(judges.trigger.scores(rows, around.senses.doc.tensor[tokens]))
    kept = {}
    for i, row in zip(tokens, chances, strict=True):
        best = int(row[1:].argmax()) + 1
        if around.is_root(i) and candidates.frame(i).entry.id in added:
            kept[i] = "", 0.5
        elif 1 - row[0] > TRIGGER[not around.is_root(i)]:
            kept[i] = TYPES[best], float(row[best])
    return kept


def judge_events(around: Surroundings, events: list[Event], measured: Measures, judges: Judges) -> None:
    """Decide over what the rules put into the events: counts, dates, and the four slots."""
    if not events:
        return
    tables = [slots_of(event) for event in events]
    cases: list[Case] = [(event, tables[n], rivals_slots(events, tables, n)) for n, event in enumerate(events)]
    verdicts = (
        judge_counts(around, cases, measured, judges.quantity),
        judge_dates(around, events, measured, judges.day),
    )
    judge_arguments(around, cases, judges.argument)
    for event, counts, date in zip(events, *verdicts, strict=True):
        event.counts, event.date = counts, date


def judge_counts(around: Surroundings, cases: list[Case], measured: Measures, judge: Judge) -> list[list[Count]]:
    """The counts of each event: the quantities of its sentence that have a role in it."""
    found: list[list[Count]] = [[] for _ in cases]
    pairs = count_pairs(cases, measured)
    if not pairs:
        return found
    rows = count_rows(around, cases, pairs)
    dense = both(around, [(cases[n][0].trigger.i, bearer.i) for n, _, bearer in pairs])
    for (n, count, bearer), row in zip(pairs, softmax(judge.scores(rows, dense)), strict=True):
        proposed = any(known.start == count.start for known in cases[n][0].counts)
        if 1 - row[0] > NUMBER[not proposed]:
            role = ROLES[int(row[1:].argmax()) + 1]
            found[n].append(measured.with_role(count, bearer, role))
    return found


def count_pairs(cases: list[Case], measured: Measures) -> list[tuple[int, Count, "Token"]]:
    """(number of the event, quantity, its noun) of what may be counts of the events."""
    return [
        (n, count, measured.bearer(count)) for n, (event, _, _) in enumerate(cases) for count in measured.near(event)[0]
    ]


def count_rows(around: Surroundings, cases: list[Case], pairs: list[tuple[int, Count, "Token"]]) -> list[Iterable[str]]:
    roles: list[dict[int, str]] = [{count.start: count.role or "" for count in event.counts} for event, _, _ in cases]
    rows: list[Iterable[str]] = []
    for n, count, bearer in pairs:
        event, slots, others = cases[n]
        elsewhere = [
            roles[k][count.start]
            for k in range(max(0, n - 5), min(len(cases), n + 6))
            if k != n and count.start in roles[k]
        ]
        known = [roles[n].get(count.start, "none"), *elsewhere]
        rows.append(features.of_count(around, event, count, bearer, slots, others, known))
    return rows


def judge_dates(around: Surroundings, events: list[Event], measured: Measures, judge: Judge) -> list[Date | None]:
    """The day of each event: the likeliest date of its sentence, if it is likely enough."""
    found: list[tuple[float, Date | None]] = [(0.0, None) for _ in events]
    pairs = date_pairs(events, measured)
    if pairs:
        rows = date_rows(around, events, measured, pairs)
        dense = both(around, [(events[n].trigger.i, root.i) for n, _, root in pairs])
        for (n, date, _), chance in zip(pairs, sigmoid(judge.scores(rows, dense))[:, 0].tolist(), strict=True):
            if chance > DAY[date is not events[n].date]:
                found[n] = max(found[n], (chance, date), key=lambda pair: pair[0])
    return [date for _, date in found]


def date_pairs(events: list[Event], measured: Measures) -> list[tuple[int, Date, "Token"]]:
    return [(n, date, root) for n, event in enumerate(events) for date, root in measured.near(event)[1]]


def date_rows(
    around: Surroundings, events: list[Event], measured: Measures, pairs: list[tuple[int, Date, "Token"]]
) -> list[Iterable[str]]:
    beside = [[date for date, _ in measured.near(event)[1]] for event in events]
    return [features.of_date(around, events[n], date, root, events[n].date, beside[n]) for n, date, root in pairs]


def judge_arguments(around: Surroundings, cases: list[Case], judge: Judge) -> None:
    """Refill the slots of the events, and say how far they are to be believed."""
    senses = around.senses
    pairs = [(n, token) for n, (event, _, _) in enumerate(cases) for token in arguments(senses, event)]
    chosen: list[dict[str, list[tuple[Token, float]]]] = [{name: [] for name in SLOTS} for _ in cases]
    if pairs:
        rows = [features.of_argument(around, cases[n][0], token, *cases[n][1:]) for n, token in pairs]
        dense = both(around, [(cases[n][0].trigger.i, token.i) for n, token in pairs])
        for (n, token), row in zip(pairs, sigmoid(judge.scores(rows, dense)), strict=True):
            for name, chance in zip(SLOTS, row.tolist(), strict=True):
                bounds = {"weapons": WEAPON, "places": PLACE}.get(name, SLOT)
                if chance > bounds[name[:-1] not in cases[n][1].get(token.i, ())]:
                    chosen[n][name].append((token, chance))
                if name in {"actors", "targets"}:
                    cases[n][0].belief *= max(chance, 1 - chance)
    for (event, _, _), found in zip(cases, chosen, strict=True):
        for name, filled in found.items():
            setattr(event, name, distinct(senses, filled))


def both(around: Surroundings, pairs: list[tuple[int, int]]) -> Floats:
    """The token vectors of each trigger and of the word beside it, in one row."""
    vectors = around.senses.doc.tensor
    result: Floats = np.concatenate([vectors[[a for a, _ in pairs]], vectors[[b for _, b in pairs]]], axis=1)
    return result


def slots_of(event: Event) -> dict[int, list[str]]:
    """token -> the slots that it fills."""
    found: dict[int, list[str]] = {}
    for name in SLOTS:
        for token in getattr(event, name):
            found.setdefault(token.i, []).append(name[:-1])
    return found


def rivals_slots(events: list[Event], slots: list[dict[int, list[str]]], number: int) -> Slots:
    """token -> the slots that it fills in the other events of the sentence."""
    sentence = events[number].trigger.sent
    found: dict[int, list[str]] = defaultdict(list)
    for way in (range(number - 1, -1, -1), range(number + 1, len(events))):
        for i in way:
            if not sentence.start <= events[i].trigger.i < sentence.end:
                break
            for token, names in slots[i].items():
                found[token] += names
    return found


def arguments(senses: "Senses", event: Event) -> "Iterable[Token]":
    """The words of the sentence that may fill a slot of the event."""
    trigger, sentence = event.trigger, event.trigger.sent
    first, last = max(sentence.start, trigger.i - REACH), min(sentence.end, trigger.i + REACH)
    return (token for token in features.candidates(senses, first, last) if token.i != trigger.i)


def distinct(senses: "Senses", pairs: "list[tuple[Token, float]]") -> "list[Token]":
    """One token a mention, the likeliest, in text order: the words of a name are judged one by one."""
    best: dict[tuple[int, int], tuple[float, Token]] = {}
    for token, chance in pairs:
        span = senses.span(token)
        if span not in best or chance > best[span][0]:
            best[span] = chance, token
    spans = sorted(best, key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for span in spans:  # longer ones first; what lies inside another mention's words is that mention
        if not any(first <= span[0] and span[1] <= last for first, last in kept):
            kept.append(span)
    return [best[span][1] for span in sorted(kept)]

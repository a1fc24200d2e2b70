"""Train the judges: which triggers tell a claim, and which words fill its slots.

    python training/judges.py rows ROWS [DATA]           features of the annotated articles, ours and those of DATA
    python training/judges.py fit ROWS OUT [--hold N]    OUT/judges.npz; with --hold a fifth of the articles is left out

Also learned from are the examples of the lexicon, `hits` and `misses`, with what the rules find in them, and single
sentences of the articles. Needs `pip install -e '.[train]'`.
"""

import argparse
import json
import multiprocessing
import pickle
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from annotations import annotated
from claimx import attribution, counts, dates, events, features, frames, judging, measures, mentions, places
from claimx.lexicon import load_lexicon
from claimx.models import Article
from claimx.nlp import load_pipeline, printable
from claimx.pipeline import Extractor, published_day

BUCKETS = 1 << 15
ALONE = 0.15  # of the sentences of an article are read once more by themselves
GOLD_SLOTS = ("actors", "targets", "weapons", "locations")


# name, outputs, whether exactly one of them is right, passes over the data, buckets, networks whose mean judges
JUDGES = (
    ("trigger", len(judging.TYPES), True, 8, 1 << 15, 2),
    ("argument", len(GOLD_SLOTS), False, 5, 1 << 15, 2),
    ("count", len(judging.ROLES), True, 20, 1 << 14, 1),
    ("date", 1, False, 12, 1 << 12, 2),
)


class Row(NamedTuple):
    """One decision: the article, features as buckets, token vectors, and what is right."""

    article: int
    where: tuple[int, ...]
    buckets: np.ndarray
    vectors: np.ndarray
    right: Any


def rows_of(extractor: Extractor, number: int, gold: dict[str, Any]) -> Iterator[tuple[str, Row]]:
    """("trigger" or "argument", row) of each decision in an article."""
    article = Article(id=gold["id"], text=gold["text"], published=gold["published"] or None)
    doc = extractor.nlp(printable(gold["text"]))
    senses = mentions.sense(doc, extractor.finder)
    found_dates = dates.find_dates(senses.text, published_day(article))
    senses.days.update(mentions.tokens_of(doc, found_dates))
    candidates = frames.find_candidates(senses, extractor.index)
    reports = attribution.find_attributions(doc)
    quantities = counts.find_counts(doc, [(date.start, date.end) for date in found_dates])
    cues = attribution.cue_tokens(doc, reports)
    around = features.Surroundings(senses, candidates)
    around.hear(reports, cues)
    right: dict[int, dict[str, Any]] = {}
    for claim in gold["claims"]:
        span = doc.char_span(claim["trigger"]["start"], claim["trigger"]["end"], alignment_mode="expand")
        token = next((t.i for t in span or () if t.i in candidates.offered), None)
        if token is not None:
            right.setdefault(token, claim)
    vectors = doc.tensor

    def row(features_: Iterable[str], tokens: tuple[int, ...], answer: Any) -> Row:
        buckets = judging.hashed(set(features_), BUCKETS)
        return Row(number, tokens, buckets, np.concatenate([vectors[i] for i in tokens]), answer)

    for i in candidates.offered:
        kind = judging.TYPES.index(right[i]["type"]) if i in right else 0
        yield "trigger", row(features.of_trigger(around, candidates.frame(i), candidates.offered[i]), (i,), kind)
    kept = {i: (claim["type"], 1.0) for i, claim in right.items()}
    found = events.find_events(senses, candidates, kept)
    places.locate(senses, found, cues)
    measured = measures.measure(senses, found, quantities, found_dates, cues)
    slots = [judging.slots_of(event) for event in found]
    cases = [(event, slots[n], judging.rivals_slots(found, slots, n)) for n, event in enumerate(found)]
    pairs = judging.count_pairs(cases, measured)
    for (n, count, bearer), made in zip(pairs, judging.count_rows(around, cases, pairs), strict=True):
        roles = {
            c["role"] for c in right[found[n].trigger.i]["counts"] if c["start"] < count.end and count.start < c["end"]
        }
        answer = judging.ROLES.index(min(roles)) if roles else 0
        yield "count", row(made, (found[n].trigger.i, bearer.i), answer)
    days = judging.date_pairs(found, measured)
    for (n, date, root), made in zip(days, judging.date_rows(around, found, measured, days), strict=True):
        day = right[found[n].trigger.i]["date"]
        answer = [int(bool(day) and day["start"] < date.end and date.start < day["end"])]
        yield "date", row(made, (found[n].trigger.i, root.i), answer)
    for event, own, others in cases:
        claim = right[event.trigger.i]
        fillers = [{i for mention in claim[name] for i in head_tokens(doc, mention)} for name in GOLD_SLOTS]
        for token in judging.arguments(senses, event):
            made = features.of_argument(around, event, token, own, others)
            yield "argument", row(made, (event.trigger.i, token.i), [int(token.i in tokens) for tokens in fillers])


def head_tokens(doc: Any, mention: dict[str, Any]) -> set[int]:
    start, end = mention.get("head_start", mention["start"]), mention.get("head_end", mention["end"])
    return {token.i for token in doc.char_span(start, end, alignment_mode="expand") or ()}


def collect(out: Path, data: Path | None) -> None:
    golds = list(annotated(data))
    events = load_lexicon().events
    examples = [(e.id, text) for e in events for text in e.hits + e.misses]
    golds += [{"id": f"{name}/{text}", "text": text, "published": ""} for name, text in examples] * 2
    with multiprocessing.get_context("spawn").Pool(2, initializer=prepare) as pool:
        articles = pool.map(read_article, list(enumerate(golds)), chunksize=20)
    nlp = load_pipeline()
    kept: dict[str, Any] = {"ids": [name for name, _ in articles]} | {name: [] for name, *_ in JUDGES}
    for _, rows in articles:
        for name, row in rows:
            kept[name].append(row)
    kept["pipeline"] = f"{nlp.meta['name']} {nlp.meta['version']}"
    out.write_bytes(pickle.dumps(kept))
    print(len(golds), "articles", {name: len(kept[name]) for name, *_ in JUDGES})


EXTRACTOR: list[Extractor] = []  # one a process


def prepare() -> None:
    EXTRACTOR.append(Extractor(load_pipeline(), load_lexicon()))


def read_article(numbered: tuple[int, dict[str, Any]]) -> tuple[str, list[tuple[str, Row]]]:
    number, gold = numbered
    extractor = EXTRACTOR[0]
    if "claims" not in gold:
        gold["claims"] = by_rules(extractor, gold["text"])
    rows = list(rows_of(extractor, number, gold))
    rng = random.Random(number)
    for alone in sentences_of(extractor, gold):
        if rng.random() < ALONE:
            rows += rows_of(extractor, number, alone)
    return gold["id"], rows


def by_rules(extractor: Extractor, text: str) -> list[dict[str, Any]]:
    """What the rules alone find: the answers to the lexicon's own examples, which are tested."""
    record = extractor.by_rules().extract(Article(id="example", text=text))
    claims = msgspec.to_builtins(record.claims)
    for claim in claims:
        for name in ("actors", "targets", "weapons", "locations"):
            for mention in claim[name]:
                last = re.search(r"\w+$", mention["text"])
                mention["head_start"] = mention["start"] + (last.start() if last else 0)
                mention["head_end"] = mention["end"]
    return claims


def sentences_of(extractor: Extractor, gold: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each sentence of an article as an article of its own: claims must be told without company, too."""
    doc = extractor.nlp(printable(gold["text"]))
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        inside = [c for c in gold["claims"] if start <= c["trigger"]["start"] and c["trigger"]["end"] <= end]
        yield {**gold, "text": sentence.text, "claims": [shifted(claim, start, end) for claim in inside]}


def shifted(claim: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    """A claim with its offsets counted from `start`, without the mentions outside of [start, end)."""

    def moved(mention: dict[str, Any] | None) -> dict[str, Any] | None:
        if mention is None or not start <= mention["start"] <= mention["end"] <= end:
            return None
        ends = {"start", "end", "head_start", "head_end"}
        return {key: value - start if key in ends else value for key, value in mention.items()}

    alone = {"type": claim["type"], "trigger": moved(claim["trigger"]), "date": moved(claim["date"])}
    for name in (*GOLD_SLOTS, "counts"):
        alone[name] = [new for mention in claim[name] if (new := moved(mention)) is not None]
    return alone


# ---------------------------------------------------------------------------------------------------------- training


def network(width: int, outputs: int, buckets: int, size: int = 32, hidden: int = 64, dropout: float = 0.3) -> Any:
    import torch
    from torch import nn

    class Network(nn.Module):
        """The network that judging.Judge runs, with dropout."""

        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.EmbeddingBag(buckets, size, mode="sum")
            self.linear = nn.EmbeddingBag(buckets, outputs, mode="sum")
            nn.init.normal_(self.embed.weight, 0, 0.02)
            nn.init.zeros_(self.linear.weight)
            self.dense, self.hidden, self.out = (
                nn.Linear(width, size),
                nn.Linear(size, hidden),
                nn.Linear(hidden, outputs),
            )
            self.drop, self.drop_vectors = nn.Dropout(dropout), nn.Dropout(0.3)

        def forward(self, buckets: Any, offsets: Any, vectors: Any) -> Any:
            x = self.embed(buckets, offsets) + self.dense(self.drop_vectors(vectors))
            x = self.drop(torch.relu(x))
            x = self.drop(torch.relu(self.hidden(x)))
            return self.out(x) + 0.2 * self.linear(buckets, offsets)

    return Network()


def batch(rows: Sequence[Row], keep: float, rng: np.random.Generator, buckets: int) -> Any:
    import torch

    lists = [row.buckets[rng.random(len(row.buckets)) < keep] for row in rows]
    offsets = np.cumsum([0, *map(len, lists[:-1])])
    vectors = np.stack([row.vectors for row in rows]).astype("float32")
    return torch.from_numpy(np.concatenate(lists) % buckets), torch.from_numpy(offsets), torch.from_numpy(vectors)


def fit(rows: list[Row], outputs: int, single: bool, epochs: int, buckets: int, seed: int) -> Any:
    """A trained network; `single` where exactly one output is right, else each for itself."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    net = network(len(rows[0].vectors), outputs, buckets)
    rate, size = 2e-3, 128
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-5)
    total, step = epochs * (len(rows) // size + 1), 0
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), size):
            chosen = [rows[i] for i in order[start : start + size]]
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, step / 100) * (1 - step / total)
            scores = net(*batch(chosen, 0.85, rng, buckets))
            right = torch.tensor([row.right for row in chosen])
            if single:
                loss = functional.cross_entropy(scores, right)
            else:
                loss = (
                    functional.binary_cross_entropy_with_logits(scores, right.float(), reduction="none").sum(1).mean()
                )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
    net.eval()
    return net


def small(table: np.ndarray) -> tuple[np.ndarray, float]:
    """The table in bytes, and what to multiply them by."""
    scale = float(np.abs(table).max()) / 127
    return np.round(table / scale).astype("int8"), scale


def weights_of(net: Any) -> dict[str, Any]:
    state = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    embed, embed_scale = small(state["embed.weight"])
    linear, linear_scale = small(0.2 * state["linear.weight"])
    found = {"embed": embed, "embed_scale": embed_scale, "linear": linear, "linear_scale": linear_scale}
    for name in ("dense", "hidden", "out"):
        for part in ("weight", "bias"):
            found[f"{name}.{part}"] = state[f"{name}.{part}"].astype("float16")
    return found


def train(rows_path: Path, out: Path, hold: int | None) -> None:
    data = pickle.loads(rows_path.read_bytes())  # noqa: S301 - written by `collect`
    order = list(range(len(data["ids"])))
    random.Random(3).shuffle(order)
    held = set(order[hold::5]) if hold is not None else set()
    out.mkdir(parents=True, exist_ok=True)
    (out / "held.json").write_text(json.dumps([data["ids"][i] for i in sorted(held)]))
    everything: dict[str, Any] = {"pipeline": data["pipeline"]}
    for name, outputs, single, epochs, size, members in JUDGES:
        rows = [row for row in data[name] if row.article not in held]
        for seed in range(members):
            net = fit(rows, outputs, single, epochs, size, seed)
            everything |= {f"{name}/{seed}/{key}": value for key, value in weights_of(net).items()}
    np.savez_compressed(out / "judges.npz", **everything)
    print(out / "judges.npz", (out / "judges.npz").stat().st_size // 1000, "kB;", len(held), "articles held out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    rows = commands.add_parser("rows")
    rows.add_argument("rows", type=Path)
    rows.add_argument("data", type=Path, nargs="?")
    fitting = commands.add_parser("fit")
    fitting.add_argument("rows", type=Path)
    fitting.add_argument("out", type=Path)
    fitting.add_argument("--hold", type=int)
    options = parser.parse_args()
    if options.command == "rows":
        collect(options.rows, options.data)
    else:
        train(options.rows, options.out, options.hold)


if __name__ == "__main__":
    sys.exit(main())

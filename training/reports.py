"""Train the judge of reports: which words introduce one, and which word names its source.

    python training/reports.py rows ROWS ARTICLES.jsonl       features of annotated articles
    python training/reports.py fit ROWS OUT.npz [--hold N]    the weights; without a fifth of the articles

An article has `text` and `gold.attributions`, each `{source, cue, content}` of [start, end, text] spans.
"""

import argparse
import json
import pickle
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from claimx import attribution, hearing
from claimx.judging import hashed
from claimx.nlp import load_pipeline, parse

CUE_BUCKETS, SOURCE_BUCKETS = 1 << 15, 1 << 14
SIZE, HIDDEN, GLANCE = 16, 48, 48
AUXILIARY = {"aux", "aux:pass", "auxpass", "cop"}


class Row(NamedTuple):
    article: int
    buckets: np.ndarray
    vectors: np.ndarray
    right: int  # -1: neither
    kept: bool = False


def indices(doc: Any, spans: Sequence[Any] | None) -> list[int]:
    return [
        t.i
        for start, end, _ in spans or ()
        for t in doc.char_span(start, end, alignment_mode="expand") or ()
        if not t.is_space
    ]


def cue_head(doc: Any, tokens: list[int], ruled: set[int]) -> int:
    """The word of a cue that stands for it: the one that the rules know, else its highest verb or noun."""
    known = [i for i in tokens if i in ruled]
    if known:
        return known[0]
    words = [i for i in tokens if doc[i].tag_[:2] in {"VB", "NN"} and doc[i].dep_ not in AUXILIARY] or tokens
    inside = set(tokens)
    return next((i for i in words if doc[i].head.i not in inside or doc[i].head.i == i), words[0])


def rows_of(doc: Any, number: int, gold: list[dict[str, Any]]) -> tuple[np.ndarray, list[tuple[int, Row]], list[Row]]:
    """The label of each word, (word, row) of each that may be a cue, and the rows of the sources of gold cues."""
    found = attribution.propose(doc)
    scene = hearing.Scene(doc, found.quotes, found.kept, found.refused)
    labels = np.zeros(len(doc), "int8")
    heads: dict[int, set[int]] = {}
    for item in gold:
        tokens = indices(doc, item["cue"])
        if not tokens:
            continue
        labels[[i for i in tokens if not labels[i]]] = -1
        head = cue_head(doc, tokens, set(scene.reports))
        labels[head] = 1
        heads.setdefault(head, set()).update(indices(doc, item.get("source")))
    cues = [
        (
            i,
            Row(
                number,
                hashed(hearing.of_cue(scene, i), CUE_BUCKETS).astype("int32"),
                doc.tensor[i],
                int(labels[i]),
                i in scene.kept,
            ),
        )
        for i in range(len(doc))
        if i in scene.reports or scene.tags[i] != "_SP"
    ]
    sources = []
    for i, named in heads.items():
        ruled = hearing.ruled_source(scene, i)
        for k in hearing.source_candidates(scene, i):
            features = hashed(hearing.of_source(scene, i, k, ruled), SOURCE_BUCKETS).astype("int32")
            sources.append(Row(number, features, np.concatenate([doc.tensor[i], doc.tensor[k]]), int(k in named)))
    return labels, cues, sources


def collect(out: Path, path: Path) -> None:
    nlp = load_pipeline()
    kept: dict[str, Any] = {"pipeline": f"{nlp.meta['name']} {nlp.meta['version']}", "cue": [], "source": []}
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        article = json.loads(line)
        gold = [a for a in article["gold"]["attributions"] if a.get("content") and a.get("cue")]
        _, cues, sources = rows_of(parse(nlp, article["text"]), number, gold)
        kept["cue"] += [row for _, row in cues]
        kept["source"] += sources
    kept["articles"] = len(lines)
    out.write_bytes(pickle.dumps(kept))
    print(len(lines), "articles;", len(kept["cue"]), "words;", len(kept["source"]), "sources")


# ---------------------------------------------------------------------------------------------------------- training


def network(buckets: int, width: int) -> Any:
    import torch
    from torch import nn

    class Network(nn.Module):
        """The network that judging.Judge runs, with dropout."""

        def __init__(self) -> None:
            super().__init__()
            self.embed = nn.EmbeddingBag(buckets, SIZE, mode="sum")
            self.linear = nn.EmbeddingBag(buckets, 1, mode="sum")
            nn.init.normal_(self.embed.weight, 0, 0.02)
            nn.init.zeros_(self.linear.weight)
            self.dense, self.hidden, self.out = nn.Linear(width, SIZE), nn.Linear(SIZE, HIDDEN), nn.Linear(HIDDEN, 1)
            self.drop, self.drop_vectors = nn.Dropout(0.35), nn.Dropout(0.3)

        def forward(self, features: Any, offsets: Any, vectors: Any) -> Any:
            x = self.drop(torch.relu(self.embed(features, offsets) + self.dense(self.drop_vectors(vectors))))
            x = self.drop(torch.relu(self.hidden(x)))
            return self.out(x) + 0.2 * self.linear(features, offsets)

    return Network()


def batch(rows: Sequence[Row], rng: np.random.Generator) -> Any:
    import torch

    lists = [row.buckets[rng.random(len(row.buckets)) < 0.8] for row in rows]
    offsets = np.cumsum([0, *map(len, lists[:-1])])
    vectors = np.stack([row.vectors for row in rows]).astype("float32")
    return torch.from_numpy(np.concatenate(lists).astype("int64")), torch.from_numpy(offsets), torch.from_numpy(vectors)


def fit(rows: list[Row], buckets: int, epochs: int) -> dict[str, Any]:
    """The weights of a judge; of the embeddings the range of a byte is enough."""
    import torch
    from torch.nn import functional

    torch.manual_seed(7)
    rng = np.random.default_rng(7)
    net = network(buckets, len(rows[0].vectors))
    rate, size = 2e-3, 128
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-5)
    total, step = epochs * (len(rows) // size + 1), 0
    for _ in range(epochs):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), size):
            chosen = [rows[i] for i in order[start : start + size]]
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, step / 100) * (1 - step / total)
            right = torch.tensor([float(row.right) for row in chosen])
            loss = functional.binary_cross_entropy_with_logits(net(*batch(chosen, rng))[:, 0], right)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
    state = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    found: dict[str, Any] = {}
    for name, factor in (("embed", 1.0), ("linear", 0.2)):
        table = factor * state[f"{name}.weight"]
        scale = float(np.abs(table).max()) / 127
        found |= {name: np.round(table / scale).astype("int8"), f"{name}_scale": scale}
    for name in ("dense", "hidden", "out"):
        found |= {f"{name}.{part}": state[f"{name}.{part}"].astype("float16") for part in ("weight", "bias")}
    return found


def fit_screen(rows: list[Row]) -> dict[str, Any]:
    """A small network over the vectors alone, which spares most words the closer look."""
    import torch
    from torch import nn

    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    vectors = np.stack([row.vectors for row in rows])
    right = np.array([row.right for row in rows], "float32")
    net = nn.Sequential(nn.Linear(vectors.shape[1], GLANCE), nn.ReLU(), nn.Linear(GLANCE, 1))
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    for _ in range(4):
        order = rng.permutation(len(rows))
        for start in range(0, len(rows), 512):
            chosen = order[start : start + 512]
            scores = net(torch.from_numpy(vectors[chosen]))[:, 0]
            loss = nn.functional.binary_cross_entropy_with_logits(scores, torch.from_numpy(right[chosen]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return {name: value.numpy().astype("float16") for name, value in net.state_dict().items()}


def held_out(articles: int, hold: int | None) -> set[int]:
    order = list(range(articles))
    random.Random(3).shuffle(order)
    return set(order[hold::5]) if hold is not None else set()


def train(rows_path: Path, out: Path, hold: int | None) -> None:
    import torch

    torch.set_num_threads(1)
    data = pickle.loads(rows_path.read_bytes())  # noqa: S301 - written by `collect`
    held = held_out(data["articles"], hold)
    words = [row for row in data["cue"] if row.article not in held and row.right >= 0]
    parts = {"screen": fit_screen(words)}
    weight, bias, last, last_bias = (parts["screen"][n].astype("float32") for n in parts["screen"])
    vectors = np.stack([row.vectors for row in words])
    scores = (np.maximum(vectors @ weight.T + bias, 0) @ last.T + last_bias)[:, 0]
    close = 1 / (1 + np.exp(-scores)) > hearing.GLANCED
    chosen = [row for row, near in zip(words, close, strict=True) if near or row.kept or row.right == 1]
    parts["cue"] = fit(chosen, CUE_BUCKETS, 9)
    parts["source"] = fit([row for row in data["source"] if row.article not in held], SOURCE_BUCKETS, 5)
    weights = {f"{part}/{name}": value for part, found in parts.items() for name, value in found.items()}
    np.savez_compressed(out, pipeline=data["pipeline"], **weights)
    print(out, out.stat().st_size // 1000, "kB;", len(held), "articles held out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    rows = commands.add_parser("rows")
    rows.add_argument("rows", type=Path)
    rows.add_argument("articles", type=Path)
    fitting = commands.add_parser("fit")
    fitting.add_argument("rows", type=Path)
    fitting.add_argument("out", type=Path)
    fitting.add_argument("--hold", type=int)
    options = parser.parse_args()
    if options.command == "rows":
        collect(options.rows, options.articles)
    else:
        train(options.rows, options.out, options.hold)


if __name__ == "__main__":
    sys.exit(main())

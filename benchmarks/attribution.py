"""Measure who-says-what: `attribution.py DATA_FOLDER [--split dev] [--model PATH] [--gold GOLD_DIR] [--errors]`.

DATA_FOLDER holds `polnear-dev.jsonl`: articles with `text` and `gold.attributions`, each `{source, cue, content}` of
[start, end, text] spans. Sources and cues are paired one to one where they overlap (each found span with at most one of
the gold; a span that stands for several quotations counts once), contents are compared code point by code point. With
`--gold`, `DIR/*.json` are articles with claims: the source that `source_of` gives for each claim's trigger is compared
with the claim's own; one found outside the claim's own sentences is not counted where the claim has none.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from claimx import attribution, nlp
from claimx.models import Attribution


def figures(hit: int, gold: int, found: int) -> str:
    p, r = hit / found if found else 0.0, hit / gold if gold else 0.0
    return (
        f"P {p:.3f}  R {r:.3f}  F1 {2 * p * r / (p + r) if p + r else 0.0:.3f}  ({hit} of {gold} gold, {found} found)"
    )


def pairs(gold: list[list[list[Any]]], found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping (gold, found) indices, each used once, in text order."""
    taken: set[int] = set()
    result = []
    for i, spans in enumerate(gold):
        for j, (start, end) in enumerate(found):
            if j not in taken and any(s[0] < end and start < s[1] for s in spans):
                taken.add(j)
                result.append((i, j))
                break
    return result


def polnear(pipeline: Any, path: Path, show: bool) -> None:
    tally: dict[str, list[int]] = {name: [0, 0, 0] for name in ("source", "cue", "content")}
    missed: Counter[str] = Counter()
    surplus: Counter[str] = Counter()
    right: Counter[str] = Counter()
    words = 0
    seconds = 0.0
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        doc = pipeline(article["text"])
        words += len(doc)
        begin = time.perf_counter()
        found = attribution.find_attributions(doc)
        seconds += time.perf_counter() - begin
        gold = [a for a in article["gold"]["attributions"] if a.get("content")]
        for name in ("source", "cue"):
            spans = [a[name] for a in gold if a.get(name)]
            once = {
                (s.start, s.end): a for a in found if (s := getattr(a, name))
            }  # one speaker may have said several things
            mine = [(start, end, a) for (start, end), a in once.items()]
            matched = pairs(spans, [m[:2] for m in mine])
            tally[name] = [a + b for a, b in zip(tally[name], (len(matched), len(spans), len(mine)), strict=True)]
            if name == "cue":
                hit_gold, hit_mine = {i for i, _ in matched}, {j for _, j in matched}
                missed.update(s[0][2].lower() for i, s in enumerate(spans) if i not in hit_gold)
                for j, m in enumerate(mine):
                    (right if j in hit_mine else surplus)[m[2].cue.text.lower()] += 1
        points = {p for a in gold for s in a["content"] for p in range(s[0], s[1])}
        mine_points = {p for a in found for p in range(a.content.start, a.content.end)}
        tally["content"] = [
            a + b
            for a, b in zip(tally["content"], (len(points & mine_points), len(points), len(mine_points)), strict=True)
        ]
    for name, (hit, total, mine_total) in tally.items():
        print(f"{path.stem} {name:8} {figures(hit, total, mine_total)}")
    print(f"{words / seconds:,.0f} tokens a second without the parser")
    if show:
        print("missed cues:", missed.most_common(60))
        print("surplus cues:", [(cue, n, right[cue]) for cue, n in surplus.most_common(120)])


def covers(claim: dict[str, Any], found: Attribution | None) -> bool:
    gold = claim["source"]
    if found is None or found.source is None or gold is None:
        return False
    source = found.source
    return bool(
        (source.start < gold["head_end"] and gold["head_start"] < source.end)
        or source.text.casefold() in {gold["text"].casefold(), (gold.get("name") or "").casefold()}
    )


def claims(pipeline: Any, folder: Path, show: bool) -> None:
    hit = gold = given = wrong_given = nulls = 0
    for path in sorted(folder.glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        found = attribution.find_attributions(pipeline(article["text"]))
        for claim in article["claims"]:
            trigger = claim["trigger"]
            mine = attribution.source_of(found, trigger["start"], trigger["end"])
            has = mine is not None and mine.source is not None
            far = (
                has
                and not claim["source"]
                and not (mine.source.start < claim["end"] and claim["start"] < mine.source.end)
            )  # type: ignore[union-attr]
            gold += claim["source"] is not None
            nulls += claim["source"] is None
            given += has and not far
            wrong_given += has and claim["source"] is None and not far
            ok = covers(claim, mine)
            hit += ok
            if show and not far and (has or claim["source"]) and not ok:
                wanted = claim["source"]["text"] if claim["source"] else None
                got = mine.source.text if mine and mine.source else None
                cue = mine.cue.text if mine and mine.cue else None
                print(f"{path.stem[:12]} [{trigger['text']}] want {wanted!r} got {got!r} by {cue!r}:")
                print(f"    {claim['sentence'][:300]!r}")
    print(f"claims source   {figures(hit, gold, given)}; {wrong_given} of {nulls} claims without a source got one")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--model")
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    pipeline = nlp.load_pipeline(options.model)
    if options.gold:
        claims(pipeline, options.gold, options.errors)
    polnear(pipeline, options.data / f"polnear-{options.split}.jsonl", options.errors)


if __name__ == "__main__":
    main()

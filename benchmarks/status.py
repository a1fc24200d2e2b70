"""How sure a claim is, and whom its mentions stand for: python benchmarks/status.py GOLD_FOLDER... [--errors]

GOLD_FOLDER holds articles, or single sentences, with marked claims in the form of `seeds/gold`. Marked and found claims
are paired as scoring.py does it; here only pairs whose triggers overlap count, so that a file may mark some claims of
its text and leave the others.

- Status: for denied, possible and planned, precision is over the pairs, recall over all marked claims of that status,
  so one that was not found at all is missed; that over the pairs alone is given beside it (`in pairs`). `pooled` takes
  the three together.
- Resolution: of the marked actors and targets, in pairs, that bear a name given elsewhere in the article ("the group",
  "they"), the share that was found with that name.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

import claimx
from claimx.models import Article
from claimx.pipeline import Extractor
from scoring import Record, Tally, fold, pair, same_mention, touches, values

UNSURE = ("denied", "possible", "planned")
IN_PAIRS = ", in pairs"


def pairs(marked: Sequence[Record], found: Sequence[Record]) -> Iterator[tuple[Record, Record | None]]:
    """Each marked claim with the found one that has its trigger."""
    partner = dict(pair(marked, found))
    for i, claim in enumerate(marked):
        other = found[partner[i]] if i in partner else None
        yield claim, other if other and touches(claim["trigger"], other["trigger"]) else None


def statuses(claims: Iterable[tuple[Record, Record | None]]) -> dict[str, Tally]:
    """A tally for each of UNSURE and one for the three pooled, and each again for the claims that were found."""
    tallies = {name + among: Tally() for name in (*UNSURE, "pooled") for among in ("", IN_PAIRS)}
    for marked, found in claims:
        wanted, given = marked["status"], found["status"] if found else None
        for among in ("", IN_PAIRS) if found else ("",):
            for name in UNSURE:
                counted = wanted == given == name, wanted == name, given == name
                tallies[name + among].add(*counted)
                tallies["pooled" + among].add(*counted)
    return tallies


def resolution(claims: Iterable[tuple[Record, Record | None]], errors: bool = False) -> Tally:
    """How many marked mentions with a name were found with it."""
    tally = Tally()
    for marked, found in claims:
        for slot in ("actors", "targets") if found else ():
            for mention in marked[slot]:
                if not mention.get("name"):
                    continue
                same = [guess for guess in values(found or {}, slot) if same_mention(mention, guess)]
                right = any(fold(guess["name"] or "") == fold(mention["name"]) for guess in same)
                tally.add(right, 1, any(guess["name"] for guess in same))
                if errors and not right:
                    given = [(guess["text"], guess["name"]) for guess in same]
                    print(f"    name of {mention['text']!r}: {mention['name']!r}, found {given}")
    return tally


def measure(extractor: Extractor, folders: Iterable[Path], errors: bool = False) -> dict[str, float]:
    """Precision ("denied P"), recall ("denied R") and recall in pairs ("denied F") of each status, and `resolved`, the
    share of mentions with the right name.
    """
    articles = [json.loads(path.read_text("utf-8")) for folder in folders for path in sorted(folder.glob("*.json"))]
    inputs = (Article(id=one["id"], text=one["text"], published=one["published"]) for one in articles)
    claims: list[tuple[Record, Record | None]] = []
    for article, record in zip(articles, extractor.pipe(inputs), strict=True):
        claims += pairs(article["claims"], msgspec.to_builtins(record.claims))
    tallies = statuses(claims)
    print(f"status: {len(claims)} claims marked, {sum(found is not None for _, found in claims)} of them found")
    for name, tally in tallies.items():
        print(f"status {name}: {tally}")
    for marked, found in claims if errors else ():
        given = found["status"] if found else "not found"
        if given != marked["status"] and (given != "not found" or marked["status"] != "reported"):
            print(f"    {marked['status']}, {given}: [{marked['trigger']['text']}] {marked['sentence']}")
    names = resolution(claims, errors)
    print(f"resolution: {names.right} of {names.marked} = {names.recall:.3f}")
    figures = {f"{name} P": tallies[name].precision for name in UNSURE}
    figures |= {f"{name} R": tallies[name].recall for name in UNSURE}
    figures |= {f"{name} F": tallies[name + IN_PAIRS].recall for name in UNSURE}
    return figures | {"resolved": names.recall}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+", help="folders of marked articles")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    measure(claimx.load(), options.gold, options.errors)


if __name__ == "__main__":
    main()

"""Names in whole articles, as `claimx annotate` gives them: python benchmarks/names.py DATA_FOLDER [--errors]

DATA_FOLDER holds

- `names/wwn-dev.jsonl`, tagged tokens of newswire articles whose running text is in `text/worldwide_newswire.jsonl`. A
  name is right with both ends and its label; scored are the five classes that claims are made of, with GPE as LOC. The
  tokens are found again in the text; names outside the sentences that were found count nowhere.
- `names/re3d-dev.jsonl`, defence news and press statements with spans for parties, places, weapons and vehicles, for
  information only: it marks every noun phrase that refers ("the ministers", "here"), claimx names alone. Given are
  names with the same span but for articles, and those that overlap; spans that few agreed on (conf) are left out.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import claimx
from claimx.models import Annotation, Article, Entity
from claimx.pipeline import Extractor
from scoring import Tally, fold

MAIN = ("PERSON", "ORG", "LOC", "NORP", "FAC")
NEWSWIRE = {"Person": "PERSON", "Organization": "ORG", "Location": "LOC", "NORP": "NORP", "Facility": "FAC"}
# What claimx calls a thing of re3d's types; a state is an organisation there where it acts.
RE3D = {
    "Organisation": {"ORG", "GPE", "NORP"},
    "Person": {"PERSON"},
    "Location": {"LOC", "GPE", "FAC"},
    "Weapon": {"WEAPON"},
    "MilitaryPlatform": {"VEHICLE", "WEAPON", "PRODUCT"},
    "Vehicle": {"VEHICLE", "PRODUCT"},
}
AGREED = 0.5
FAR = 60  # code points between two tokens of a sentence, or of neighbouring ones, at most

Name = tuple[int, int, str]


def aligned(text: str, sentences: list[dict[str, Any]]) -> Iterator[tuple[int, int, list[Name]]]:
    """(start, end, names) of each tagged sentence that stands in the text; addresses of pages are left out."""
    at = 0
    for sentence in sentences:
        tokens = sentence["tokens"]
        if not tokens or tokens[0].startswith("http"):
            continue
        places, cursor = [], at
        for token in tokens:
            start = text.find(token, cursor, cursor + len(token) + FAR)
            if start < 0:
                break
            cursor = start + len(token)
            places.append((start, cursor))
        else:
            at = cursor
            yield places[0][0], cursor, tagged(sentence["tags"], places)


def tagged(tags: list[str], places: list[tuple[int, int]]) -> list[Name]:
    """The names of a sentence's tags; one that continues nothing begins a name."""
    found: list[Name] = []
    last = "O"
    for tag, (start, end) in zip(tags, places, strict=True):
        label = NEWSWIRE.get(tag[2:])
        if label and tag.startswith("I-") and last[2:] == tag[2:]:
            found[-1] = (found[-1][0], end, label)
        elif label:
            found.append((start, end, label))
        last = tag
    return found


def recognised(annotation: Annotation) -> set[Name]:
    """The names of the five classes."""
    names = {(one.start, one.end, "LOC" if one.label == "GPE" else one.label) for one in annotation.entities}
    return {name for name in names if name[2] in MAIN}


def newswire(extractor: Extractor, data: Path, errors: bool) -> float:
    with (data / "text" / "worldwide_newswire.jsonl").open(encoding="utf-8") as lines:
        texts = {record["id"]: record["text"] for record in map(json.loads, lines)}
    tallies = {label: Tally() for label in (*MAIN, "all")}
    whole = kept = 0
    wrong: Counter[tuple[str, str, str]] = Counter()
    for line in (data / "names" / "wwn-dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        text = texts.get(record["id"], "")
        sentences = list(aligned(text, record["sentences"]))
        whole += sum(bool(s["tokens"]) and not s["tokens"][0].startswith("http") for s in record["sentences"])
        kept += len(sentences)
        marked = {name for _, _, names in sentences for name in names}
        everything = recognised(extractor.annotate(Article(id=record["id"], text=text)))
        found = {n for n in everything if any(start < n[1] and n[0] < end for start, end, _ in sentences)}
        for label, tally in tallies.items():
            mine, theirs = ({n for n in names if label in ("all", n[2])} for names in (found, marked))
            tally.add(len(mine & theirs), len(theirs), len(mine))
        wrong.update(("missed", label, text[start:end]) for start, end, label in marked - found)
        wrong.update(("surplus", label, text[start:end]) for start, end, label in found - marked)
    print(f"newswire: {kept} of {whole} paragraphs found in the text")
    for label, tally in tallies.items():
        print(f"newswire {label}: {tally}")
    for what, times in wrong.most_common(100 if errors else 0):
        print("   ", times, *what)
    return tallies["all"].f1


def re3d(extractor: Extractor, data: Path, errors: bool) -> dict[str, float]:
    """F1 over all types by the same span and by overlap; of a single type only the recall makes sense."""
    tallies = {(kind, how): Tally() for kind in (*RE3D, "all") for how in ("span", "overlap")}
    for line in (data / "names" / "re3d-dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        entities = extractor.annotate(Article(id=record["id"], text=record["text"])).entities
        found = [one for one in entities if any(one.label in labels for labels in RE3D.values())]
        for how in ("span", "overlap"):
            answered = set[int]()
            for mark in record["gold"]["entities"]:
                if mark["type"] not in RE3D or mark["conf"] < AGREED:
                    continue
                near = {i for i, one in enumerate(found) if answers(mark, one, how)} - answered
                answered.update(sorted(near)[:1])
                tallies[mark["type"], how].add(bool(near), 1, 0)
                tallies["all", how].add(bool(near), 1, 0)
                if errors and how == "overlap" and not near:
                    print(f"    missed {mark['type']} {mark['text']!r}")
            tallies["all", how].found += len(found)
    for (kind, how), tally in tallies.items():
        print(f"re3d {kind} {how}: {tally if kind == 'all' else f'R {tally.recall:.3f} of {tally.marked}'}")
    return {how: tallies["all", how].f1 for how in ("span", "overlap")}


def answers(mark: dict[str, Any], one: Entity, how: str) -> bool:
    near = one.start < mark["end"] and mark["start"] < one.end and one.label in RE3D[mark["type"]]
    return near and (how == "overlap" or fold(one.text) == fold(mark["text"]))


def measure(extractor: Extractor, data: Path, errors: bool = False) -> dict[str, float]:
    """F1: `newswire` of the five classes, `span` and `overlap` of re3d."""
    return {"newswire": newswire(extractor, data, errors)} | re3d(extractor, data, errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with names/ and text/")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    measure(claimx.load(), options.data, options.errors)


if __name__ == "__main__":
    main()

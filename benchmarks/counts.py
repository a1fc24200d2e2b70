"""How well the quantity layer does: python benchmarks/counts.py DATA_FOLDER [--model PATH] [--gold GOLD_DIR] [--errors]

DATA_FOLDER holds counts/newsquant-dev.jsonl (quantities with bounds in sentences of news) and
counts/recognizers/*.jsonl (conformance cases of a recogniser of numbers). GOLD_DIR holds claims with counts.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from claimx.counts import find_counts
from claimx.models import Count

Key = tuple[float, float]


def records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def gold_key(value: str) -> Key:
    """ "10.0-15.0" -> (10, 15), "-5.0" -> (-5, -5)."""
    cut = value.find("-", 1)
    while cut > 0 and value[cut - 1] in "eE":
        cut = value.find("-", cut + 1)
    low, high = (value[:cut], value[cut + 1 :]) if cut > 0 else (value, value)
    return tuple(sorted((float(low), float(high))))  # type: ignore[return-value]


def change(count: Count) -> str:
    if count.max is None:
        return ">"
    if count.min is None:
        return "<"
    return "~" if count.approximate else "="


def keys(count: Count) -> set[Key]:
    """The gold values that the count may stand for: "more than 20" is 20 there and min 21 here."""
    if count.min is not None and count.max is not None:
        return {(float(count.min), float(count.max))}
    if count.min is not None:
        return {(float(count.min) - step, float(count.min) - step) for step in (0, 1)}
    return {(float(count.max or 0) + step, float(count.max or 0) + step) for step in (0, 1)}


def close(gold: Key, found: set[Key]) -> bool:
    return any(
        all(
            abs(g - f) <= 1e-6 * max(1.0, abs(g)) or (g and abs(g - f) < 1e-6 * abs(g))
            for g, f in zip(gold, key, strict=True)
        )
        for key in found
    )


def newsquant(path: Path, nlp: Language, errors: bool) -> None:
    """Micro F1 over (value) and (value, bound); rises and falls count as plain values, as no direction is kept."""
    hits, bounded, gold_total, found_total = 0, 0, 0, 0
    for record in records(path):
        gold = [(gold_key(q["value"]), q["change"]) for q in record["gold"]["quantities"]]
        found = find_counts(nlp(record["text"]))
        gold_total += len(gold)
        found_total += len(found)
        rest, missed = list(found), []
        for key, bound in gold:
            match = next((c for c in rest if close(key, keys(c))), None)
            if match is None:
                missed.append((key, bound))
                continue
            rest.remove(match)
            hits += 1
            same = change(match) == bound or (
                bound in {"up", "down", "="} and change(match) in "=~" and (bound != "=" or change(match) == "=")
            )
            bounded += same
            if errors and not same:
                print(f"  bound: gold {bound} found {match.text!r}")
        if errors and (rest or missed):
            print(record["id"], record["text"])
            print("    missed", missed, "extra", [(c.text, c.min, c.max, c.unit) for c in rest])
    for name, right in (("value", hits), ("value and bound", bounded)):
        precision, recall = right / max(found_total, 1), right / max(gold_total, 1)
        f1 = 2 * right / max(found_total + gold_total, 1)
        print(f"newsquant {name}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({right} of {gold_total})")


OUT_OF_SCOPE = {
    "arithmetic": ("^", "e+", "e1", "e6", "e-", "x10", " over ", " out of ", " in "),
    "phone numbers, addresses, dates": ("192.168", "phone", "5/17", "1995-"),
    "comma decimals and lists": ("5,00", "1,3.", "1.111,11", "22,24", "1, 234", "- 1 4/5", "-4/5"),
    "fractions rare in news, or bare ones that read as ordinals": (
        "illionth",
        "hundredth",
        "fifth",
        "thirtieth",
        "first",
        "a half",
        "ninths",
        "quarters million",
    ),
    "formulas": ("x>", "x is", "< =", "equal", "=<", "=>", "<>", "from 200 to 300", "<-30", " k", "10G", "5 G", "5 M"),
    "two bounds joined by and": (
        "100 and smaller",
        "100 and at least",
        "1000 and below",
        "quarter and below",
        "than 10 and",
        "10 and less",
        "than 190",
    ),
    "abbreviations": ("dzs", "dozs", "naught", "10M", "1m"),
    "a number with its measure, not a number there": ("180ml", ".25ml", "29km"),
    "verbs of comparison": ("exceed ", "surpass "),
    "percent before the number, or without one": (
        "percents of",
        "percent of",
        "cent of",
        "small percent",
        "percentage?",
    ),
    "ordinals": ("tenth",),
    "codes and names": ("SCP-", "45{", "three-nought", "version"),
}


def reason(text: str) -> str | None:
    return next((name for name, marks in OUT_OF_SCOPE.items() if any(mark in text for mark in marks)), None)


def recognizers(folder: Path, nlp: Language, errors: bool) -> None:
    """Share of cases in which all gold values are found and nothing else; what news does not need is apart."""
    for name in ("NumberModel", "NumberRangeModel", "PercentModel"):
        tally: Counter[str] = Counter()
        for record in records(folder / f"Number_{name}.jsonl"):
            found = find_counts(nlp(record["text"]))
            if name == "PercentModel":
                found = [c for c in found if c.unit == "percent"]
            elif name == "NumberRangeModel":
                found = [c for c in found if c.min != c.max or c.approximate]
            wanted = [g["resolution"].get("value") for g in record["gold"]]
            wanted = [value for value in wanted if value is not None]
            right = len(found) == len(wanted) and all(
                conforms(c, value) for c, value in zip(found, wanted, strict=True)
            )
            why = reason(record["text"])
            tally["passed" if right else f"failed: {why}" if why else "failed"] += 1
            if errors and not right and why is None:
                print("   ", record["text"], wanted, [(c.text, c.min, c.max) for c in found])
        total = sum(tally.values())
        needed = tally["passed"] + tally["failed"]
        share = tally["passed"] / max(needed, 1)
        print(f"recognizers {name}: {tally['passed']} of {needed} in scope ({share:.3f}), {total} in all")
        for why, number in sorted(tally.items()):
            print(f"    {number:4} {why}")


def conforms(count: Count, value: str) -> bool:
    """Whether a count agrees with "30", "5%" or an interval "[20,30)"; intervals are compared by their ends."""
    if value[0] in "[(":
        low, high = (float(end) if end else None for end in value[1:-1].split(","))
        inside = low is None or (count.min is not None and count.min - low in {0, 1})
        return (
            inside
            and (high is None) == (count.max is None)
            and (high is None or (count.max is not None and high - count.max in {0, 1}))
        )
    return close(gold_key(value.rstrip("%")), keys(count))


def gold_counts(folder: Path, nlp: Language, errors: bool) -> None:
    """For each count of a gold claim: is there a count on the same text, with the same bounds, with the same unit?"""
    total, overlapping, same, units, texts = 0, 0, 0, 0, 0
    for path in sorted(folder.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        found = find_counts(nlp(record["text"]))
        gold = {(c["start"], c["end"]): c for claim in record["claims"] for c in claim["counts"]}
        for (start, end), count in sorted(gold.items()):
            total += 1
            match = next((c for c in found if c.start < end and start < c.end), None)
            if match is None:
                if errors:
                    print(f"  missed {count['text']!r} in {record['text'][max(0, start - 30) : end + 30]!r}")
                continue
            overlapping += 1
            texts += match.text == count["text"]
            right = (match.min, match.max) == (count["min"], count["max"])
            same += right
            unit_right = match.unit is not None and f" {count['unit'].lower()}".endswith(f" {match.unit}")
            units += unit_right
            if errors and not (right and unit_right):
                wanted = f"{count['text']!r} {count['min']}/{count['max']} {count['unit']}"
                print(f"  gold {wanted} found {match.text!r} {match.min}/{match.max} {match.unit}")
    figures = {"found": overlapping, "bounds": same, "unit": units, "text": texts}
    print(f"gold: {total} counts,", ", ".join(f"{name} {right / max(total, 1):.3f}" for name, right in figures.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with counts/")
    parser.add_argument("--model", help="spaCy pipeline, name or path (default: a blank English tokenizer)")
    parser.add_argument("--gold", type=Path, help="folder with gold claims")
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    options = parser.parse_args()
    nlp = spacy.load(options.model) if options.model else spacy.blank("en")
    newsquant(options.data / "counts" / "newsquant-dev.jsonl", nlp, options.errors)
    recognizers(options.data / "counts" / "recognizers", nlp, options.errors)
    if options.gold:
        gold_counts(options.gold, nlp, options.errors)


if __name__ == "__main__":
    main()

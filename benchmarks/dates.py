"""Measures the date layer against annotated corpora.

    python benchmarks/dates.py DATA_FOLDER [--gold FOLDER] [--errors N]

DATA_FOLDER holds `dates/timebank-*.jsonl` (TIMEX3 with document dates) and `dates/recognizers/*.jsonl` (conformance
cases of Recognizers-Text); the gold folder holds articles with claims, one JSON file each. Prints one line per measure.
"""

import argparse
import collections
import datetime as dt
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimx.dates import find_dates
from claimx.models import Date

# Days, stretches of days, named days, durations and repetitions are what news needs. Times of day are left out (no
# claim carries one), and within these files what LEFT_OUT gives a reason for.
CONFORMANCE = ("DateParser", "DatePeriodParser", "HolidayParser", "DurationParser", "SetParser")
LEFT_OUT: dict[str, list[str]] = {
    "shorthand of chats and forms": [
        r"\b[A-Za-z]+\d+\b", r"\d(?:h|hr|day|year|week)s?\b", r"\btmrw\b", r"\bw/c\b", r"[A-Za-z]/\d", r"\d \d*[hs]\b",
        r"\b\d{4} ?[-/.] ?\d\d?\b(?![-/.])", r"\b\d\d? ?[-/] ?\d{4}\b", r"\d,\d\d\b", r"\d-\d\d?-\d\d\b", r"\d /|/ \d",
        r"\d\. [A-Z]", r"\b\d{4} ?,? [a-z]+\b", r"\b\d{4}.[a-z]{3}.\d", r"August 99", r"\d\d sec",
    ],
    "day and month in figures without a year: in news a fraction or a score": [
        r"(?<![\d/-])\d{1,2}[/.-]\d{1,2}(?![\d/-])",
    ],
    "a bare figure or ordinal as a day": [
        r"\bon 15\b", r"\bfor the \w+(?: second)?\W*$", r"the (?:fifteen|twenty first)\b", r"\bfrom (?:4|02) to [A-Z]",
        r"\b(?:second|first|third|fifth) [ST]\w+day$",
    ],
    "years spelled out": [r"nineteen|two thousand|twenty-ten|noughties|year two|one thousand|\byear 2"],
    "requests to an assistant": [
        r"cortana|\bset ooo\b|\bout of office\b|\bmy (?:day|week)|schedule a meeting|find us a time|skype|\bweek \d",
    ],
    "read otherwise by the project's guidelines": [
        r"\bthis week\b", r"\b(?:the|this|that|on) weekend\b", r"\b(?:early|late|mid|end|beginning|start|middle)\b",
        r"decades?\b", r"\bthe (?:week|day)$", r"\bnext (?:day|\d+ days|\d+ months)", r"few (?:days|months)",
        r"a month ago", r"two years ago", r"the same ", r"\bwithin\b", r"2014.*2018", r"(?:year|month) after",
    ],
    "sums of units, times within repetitions": [
        r"(?:month|year|week)s?,? (?:and )?(?:\d+|three) (?:day|month|year)", r"(?:morning|night|afternoon)s?\b",
        r"\d[ap]m\b",
    ],
    "days that do not exist, feasts of a moon calendar, others no newspaper writes": [
        r"Feb 30|31st of this|2/29|fifth Sunday|Ramadan|\bEid\b|Islamic|Yuandan|business day|thanks giving",
    ],
}  # fmt: skip


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def overlap(date: Date, mention: dict[str, Any]) -> bool:
    return date.start < int(mention["end"]) and int(mention["start"]) < date.end


def f1(hits: int, found: int, wanted: int) -> str:
    precision, recall = hits / max(found, 1), hits / max(wanted, 1)
    return f"P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / max(precision + recall, 1e-9):.3f}"


def same_value(mine: str, theirs: str) -> bool:
    """Equal TIMEX3 values; where the annotators left the last figures open (1989-WXX), the rest has to agree."""
    if mine == theirs:
        return True
    return "-" in theirs and theirs[-1] == "X" and len(mine) == len(theirs) and mine.startswith(theirs.rstrip("X-W"))


def timebank(folder: Path, errors: int) -> None:
    counts: collections.Counter[str] = collections.Counter()
    wrong: collections.Counter[tuple[str, str, str]] = collections.Counter()
    for path in sorted(folder.glob("timebank-*.jsonl")):
        for record in lines(path):
            mentions = record["gold"]["timexes"]
            found = find_dates(record["text"], dt.date.fromisoformat(record["dct"][:10]))
            counts["found"] += len(found)
            counts["gold"] += len(mentions)
            for date in found:
                if not any(overlap(date, mention) for mention in mentions):
                    counts["surplus"] += 1
                    wrong["surplus", date.text.lower(), date.timex or ""] += 1
            for mention in mentions:
                near = [date for date in found if overlap(date, mention)]
                if not near:
                    wrong["missed", mention["text"].lower(), mention["value"]] += 1
                    continue
                date = near[0]
                counts["overlap"] += 1
                counts["exact"] += bare(date.text) == bare(mention["text"])
                if same_value(date.timex or "", mention["value"]):
                    counts["value"] += 1
                else:
                    wrong[
                        "value", f"{mention['text'].lower()} [{record['dct']}]", f"{date.timex} not {mention['value']}"
                    ] += 1
    found_, gold = counts["found"], counts["gold"]
    print(f"TimeBank, {gold} expressions: spans that overlap {f1(counts['overlap'], found_, gold)}")
    print(f"TimeBank: the same span but for articles {f1(counts['exact'], found_, gold)}")
    print(f"TimeBank: value {f1(counts['value'], found_, gold)}; accuracy {counts['value'] / counts['overlap']:.3f}")
    for (kind, text, value), times in wrong.most_common(errors):
        print(f"  {times:3} {kind:8} {text!r} {value}")


def bare(text: str) -> str:
    """An expression without what the two annotation styles treat differently."""
    words = text.lower().removesuffix("'s").split()
    while words and words[0] in ("the", "a", "an", "at", "since", "until", "from", "between", "in", "on"):
        words = words[1:]
    return " ".join(words)


def conformance(folder: Path, errors: int) -> None:
    passed = total = 0
    left: collections.Counter[str] = collections.Counter()
    every: collections.Counter[bool] = collections.Counter()
    for name in CONFORMANCE:
        here = cases = 0
        for case in lines(folder / f"DateTime_{name}.jsonl"):
            reference = case.get("context", {}).get("ReferenceDateTime")
            found = find_dates(case["text"], dt.date.fromisoformat(reference[:10]) if reference else None)
            good = all(any(overlap(d, g) and meets(d, g["resolution"]) for d in found) for g in case["gold"])
            every[good] += 1
            if reason := left_out(case):
                left[reason] += 1
                continue
            here, cases = here + good, cases + 1
            if not good and errors:
                errors -= 1
                wanted = [g["resolution"].get("PastResolution") for g in case["gold"]]
                print(f"  {name}: {case['text']!r} {[(d.text, d.earliest, d.latest, d.timex) for d in found]} {wanted}")
        print(f"conformance {name}: {here}/{cases} = {here / cases:.3f}")
        passed, total = passed + here, total + cases
    print(f"conformance, what news needs: {passed}/{total} = {passed / total:.3f}")
    print(
        f"conformance, every case: {every[True]}/{every.total()} = {every[True] / every.total():.3f}; left out above:"
    )
    for reason, times in left.most_common():
        print(f"  {times} {reason}")


def left_out(case: dict[str, Any]) -> str | None:
    if not case["gold"] or any(not g.get("resolution") for g in case["gold"]):
        return "nothing to find or no resolution given"
    text = case["text"]
    return next((why for why, patterns in LEFT_OUT.items() if any(re.search(p, text, re.I) for p in patterns)), None)


def meets(date: Date, resolution: dict[str, Any]) -> bool:
    """Whether a date says the same as the past or the future reading; ranges of the cases exclude their end."""
    for reading in (resolution.get("PastResolution") or {}, resolution.get("FutureResolution") or {}):
        if "date" in reading and reading["date"][:10] in (date.earliest, date.latest):
            return True
        if "startDate" in reading and "endDate" in reading and reading["startDate"] == date.earliest:
            end = dt.date.fromisoformat(reading["endDate"])
            if date.latest in (end.isoformat(), (end - dt.timedelta(days=1)).isoformat()):
                return True
            if end.day == 1 and (date.latest or "").startswith(
                reading["endDate"][:7]
            ):  # "to March" ends where March begins
                return True
        if not reading and date.timex == resolution["Timex"]:  # a season has no days there
            return True
        if ("duration" in reading or "set" in reading) and date.timex == resolution["Timex"]:
            return True
    return False


def gold(folder: Path, errors: int) -> None:
    hits = total = 0
    for path in sorted(folder.glob("*.json")):
        article = json.loads(path.read_text("utf-8"))
        found = find_dates(article["text"], dt.date.fromisoformat(article["published"]))
        for claim in article["claims"]:
            mention = claim.get("date")
            if not mention:
                continue
            if "start" not in mention:
                start = article["text"].find(mention["text"], article["text"].index(claim["sentence"]))
                mention |= {"start": start, "end": start + len(mention["text"])}
            near = [date for date in found if overlap(date, mention)]
            total += 1
            if any((date.earliest, date.latest) == (mention["earliest"], mention["latest"]) for date in near):
                hits += 1
            elif errors:
                print(
                    f"  {path.name} {article['published']} {mention} {[(d.text, d.earliest, d.latest) for d in near]}"
                )
    print(f"dates of claims: {hits}/{total} = {hits / total:.3f}")


def speed(folder: Path) -> None:
    """Time over articles of 1,000 words, the best of three rounds."""
    words = [
        word for path in folder.glob("timebank-*.jsonl") for record in lines(path) for word in record["text"].split()
    ]
    articles = [" ".join(words[place : place + 1000]) for place in range(0, len(words) - 1000, 1000)]
    find_dates("Monday", None)
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        for article in articles:
            find_dates(article, dt.date(1998, 3, 1))
        rounds.append(time.perf_counter() - start)
    print(f"speed: {min(rounds) / len(articles) * 1000:.2f} ms for 1,000 words")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with dates/")
    parser.add_argument("--gold", type=Path, help="folder of articles with claims")
    parser.add_argument("--errors", type=int, default=0, help="how many errors to list for each measure")
    options = parser.parse_args()
    timebank(options.data / "dates", options.errors)
    conformance(options.data / "dates" / "recognizers", options.errors)
    if options.gold:
        gold(options.gold, options.errors)
    speed(options.data / "dates")


if __name__ == "__main__":
    main()

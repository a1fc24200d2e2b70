"""How right claimx is, layer by layer: python benchmarks/accuracy.py [DATA_FOLDER]

Without data: the claims of the project's own articles, `seeds/`, against those that a reader marked, `seeds/gold/`, and
the status and the resolved names of them.
With a data folder (see benchmarks/README.md), also what lies in it: `dates/`, `counts/`, `attribution/`, `events/`,
`treebanks/` and `names/`, through the modules beside this one and training/evaluate.py; what is missing is left out.

`--gold DIR` adds articles with marked claims, by the scorer here or by a given one (`--score FILE`, called with the
folder, a file of predictions and `--json`). `--status DIR` adds more of them to the measure of status alone.
`--update-readme` puts the tables into the README. What is below its floor in floors.toml is named at the end, on
standard error, where the details of some layers go too.
"""

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import claimx
import names
import roles
import status
import templates
from claimx.models import Article, ArticleRecord
from claimx.nlp import BUNDLED
from claimx.pipeline import Extractor
from scoring import SLOTS, score
from tables import ROOT, markdown, update

HERE = Path(__file__).parent
SEEDS = ROOT / "seeds" / "gold"
FLOORS = HERE / "floors.toml"
# What is taken from the printed figures of the modules: (layer, what, pattern of each figure).
PRINTED = {
    "dates.py": [
        (
            "dates",
            "TimeBank, F1",
            {
                "spans": r"TimeBank: the same span but for articles .*?F1 ([\d.]+)",
                "values": r"TimeBank: value .*?F1 ([\d.]+)",
            },
        ),
        ("dates", "conformance cases that news needs", {"passed": r"conformance, what news needs: .*= ([\d.]+)"}),
    ],
    "counts.py": [
        (
            "counts",
            "NewsQuant, F1",
            {
                "values": r"newsquant value: .*?F1 ([\d.]+)",
                "values with bounds": r"newsquant value and bound: .*?F1 ([\d.]+)",
            },
        ),
        (
            "counts",
            "conformance cases in scope",
            {
                "numbers": r"recognizers NumberModel: .*?\(([\d.]+)\)",
                "ranges": r"recognizers NumberRangeModel: .*?\(([\d.]+)\)",
            },
        ),
    ],
    "attribution.py": [
        (
            "attribution",
            "PolNeAR, F1",
            {f"{part}s": rf"polnear-dev {part} .*?F1 ([\d.]+)" for part in ("source", "cue", "content")},
        ),
    ],
}
# Each module's command line, and the part of the data folder that it asks for.
CALLS = {
    "dates.py": (["{data}"], "dates"),
    "counts.py": (["{data}", "--model", str(BUNDLED)], "counts"),
    "attribution.py": (["{data}/attribution"], "attribution"),
}
# The modules that measure whole articles: the file that they need, and (layer, what, figures with their keys).
WHOLE: list[tuple[Callable[[Extractor, Path], dict[str, float]], str, list[tuple[str, str, dict[str, str]]]]] = [
    (
        roles.measure,
        "events/plover-dev.jsonl",
        [("roles", "PLOVER, violent and coercive events", {"actor": "actor", "target": "target", "both": "both"})],
    ),
    (
        templates.measure,
        "events/muc4-dev.jsonl",
        [
            (
                "templates",
                "MUC-4, F1",
                {
                    "individuals": "perp_ind",
                    "organisations": "perp_org",
                    "targets": "targets",
                    "victims": "victims",
                    "weapons": "weapons",
                    "all slots": "all",
                },
            )
        ],
    ),
    (
        names.measure,
        "names/wwn-dev.jsonl",
        [
            ("names", "newswire dev, five main classes, F1", {"in whole articles": "newswire"}),
            ("names", "re3d dev, F1", {"same span": "span", "overlap": "overlap"}),
        ],
    ),
]

MEASURES = ("claims", "core", *SLOTS, "type", "status", "perfect")


@dataclass(frozen=True)
class Row:
    """The figures of a layer on one set, from 0 to 1; None where the measure failed."""

    layer: str
    what: str
    figures: dict[str, float | None]

    def cells(self) -> tuple[str, str, str]:
        return self.layer, f"{self.what}: {' / '.join(self.figures)}", " / ".join(map(percent, self.figures.values()))


def marked(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def predict(extractor: Extractor, gold: Iterable[dict[str, Any]]) -> list[ArticleRecord]:
    articles = (Article(id=one["id"], text=one["text"], published=one["published"]) for one in gold)
    return list(extractor.pipe(articles))


def claims(name: str, folder: Path, extractor: Extractor, scorer: Path | None = None) -> Row:
    """Claims as wholes, the core slots pooled, and each slot alone."""
    gold = marked(folder)
    records = predict(extractor, gold)
    if scorer:
        return Row("claims", name, outside(scorer, folder, records))
    result = score(gold, {record.article.id: msgspec.to_builtins(record.claims) for record in records})
    figures = {"claims": result.claims.f1, "core": result.core.f1, **{s: t.f1 for s, t in result.slots.items()}}
    figures |= {"type": result.types.precision, "status": result.statuses.precision, "perfect": result.perfect.recall}
    return Row("claims", name, dict(figures))


def sureness(name: str, folders: Sequence[Path], extractor: Extractor) -> Iterator[Row]:
    """The status of claims and the names that mentions stand for."""
    with contextlib.redirect_stdout(sys.stderr):
        found = status.measure(extractor, folders)
    for measure, key in (("precision", "P"), ("recall", "R"), ("recall where the claim is found", "F")):
        yield Row("status", f"{name}, {measure}", {part: found[f"{part} {key}"] for part in status.UNSURE})
    yield Row("resolution", name, {"names": found["resolved"]})


def outside(scorer: Path, folder: Path, records: Iterable[ArticleRecord]) -> dict[str, float | None]:
    """The figures of another scorer."""
    with tempfile.NamedTemporaryFile("wb", suffix=".json") as predicted:
        predicted.write(b"\n".join(map(msgspec.json.encode, records)))
        predicted.flush()
        command = [sys.executable, str(scorer), str(folder), predicted.name, "--json"]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    figures = {key: found[key]["f1"] for key in ("claims", "core", *SLOTS)}
    alone = {"type": "type_accuracy", "status": "status_accuracy", "perfect": "perfect"}
    return figures | {part: found[key] for part, key in alone.items()}


def layers(data: Path, extractor: Extractor) -> Iterator[Row]:
    """The figures of the modules whose data are there."""
    for module, (arguments, part) in CALLS.items():
        if not (data / part).is_dir():
            continue
        command = [sys.executable, str(HERE / module), *(argument.format(data=data) for argument in arguments)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            print(ran.stderr, file=sys.stderr)
        for layer, what, patterns in PRINTED[module]:
            found = {part: re.search(pattern, ran.stdout) for part, pattern in patterns.items()}
            yield Row(layer, what, {part: float(one[1]) if one else None for part, one in found.items()})
    for measure, needed, lines in WHOLE:
        if (data / needed).is_file():
            with contextlib.redirect_stdout(sys.stderr):
                figures = measure(extractor, data)
            for layer, what, parts in lines:
                yield Row(layer, what, {part: figures[key] for part, key in parts.items()})
    yield from model(data)


def model(data: Path) -> Iterator[Row]:
    """Tags, dependencies and names of the bundled pipeline alone."""
    if not ((data / "treebanks").is_dir() and (data / "names").is_dir()):
        return
    sys.path.insert(0, str(ROOT / "training"))
    import spacy

    import evaluate
    import prepare

    with tempfile.TemporaryDirectory() as folder:
        prepare.evaluation_sets(data, Path(folder))
        figures = evaluate.evaluate(spacy.load(BUNDLED), Path(folder))
    for name, row in figures["syntax"].items():
        yield Row("syntax", name, {key: row[key] for key in ("tags", "UAS", "LAS")})
    main = figures["names"]["main"]["F1"]
    yield Row("names", "newswire dev, five main classes, F1", {"the model alone": main})


def percent(share: float | None) -> str:
    return "failed" if share is None else f"{100 * share:.1f}"


def below(rows: Iterable[Row], floors: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The figures that are below their floor or failed."""
    return [
        f"{row.layer}, {row.what}: {part}: {percent(value)}, the floor is {percent(floor)}"
        for row in rows
        for part, value in row.figures.items()
        if (floor := floors.get(row.layer, {}).get(row.what, {}).get(part)) is not None
        and (value is None or value < floor)
    ]


def read_floors() -> dict[str, dict[str, dict[str, float]]]:
    return tomllib.loads(FLOORS.read_text("utf-8"))


def parser() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("data", nargs="?", type=Path)
    reader.add_argument("--gold", type=Path, help="folder of articles with marked claims")
    reader.add_argument("--score", type=Path, help="a scorer to use for them instead of benchmarks/scoring.py")
    reader.add_argument("--status", type=Path, help="folder of more articles or sentences marked for their status")
    reader.add_argument("--update-readme", action="store_true")
    return reader


def of_seeds(extractor: Extractor) -> list[Row]:
    return [claims("seeds", SEEDS, extractor), *sureness("seeds", [SEEDS], extractor)]


def of_data(options: argparse.Namespace, extractor: Extractor) -> Iterator[Row]:
    """What the options name."""
    if options.gold:
        yield claims("news", options.gold, extractor, options.score)
    if unsure := [folder for folder in (options.gold, options.status) if folder]:
        yield from sureness("news", unsure, extractor)
    if options.data:
        yield from layers(options.data, extractor)


def sized(row: Row, folder: Path) -> str:
    gold = marked(folder)
    return f"{row.what} ({len(gold)} articles, {sum(len(one['claims']) for one in gold)} claims)"


def main() -> None:
    options = parser().parse_args()
    extractor = claimx.load()
    rows = [*of_seeds(extractor), *of_data(options, extractor)]
    folders = {"seeds": SEEDS, "news": options.gold}
    wholes = [row for row in rows if row.layer == "claims"]
    first = [[sized(row, folders[row.what]), *(percent(row.figures[part]) for part in MEASURES)] for row in wholes]
    second = [row.cells() for row in rows if row.layer != "claims"]
    table = "\n\n".join((markdown(["", *MEASURES], first), markdown(["layer", "measured on", "%"], second)))
    print(table)
    for line in below(rows, read_floors()):
        print(f"below its floor: {line}", file=sys.stderr)
    if options.update_readme:
        update("accuracy", table)


if __name__ == "__main__":
    main()

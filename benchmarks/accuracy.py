"""How right claimx is, layer by layer: python benchmarks/accuracy.py [DATA_FOLDER]

Without data: the claims of the project's own articles, `seeds/`, against those that a reader marked, `seeds/gold/`.
With a data folder (see benchmarks/README.md), also what lies in it: `dates/`, `counts/`, `attribution/`, `treebanks/`
and `names/`, through the modules beside this one and training/evaluate.py; what is missing is left out.

`--gold DIR` adds articles with marked claims, by the scorer here or by a given one (`--score FILE`, called with the
folder, a file of predictions and `--json`). `--update-readme` puts the tables into the README.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import claimx
from claimx.models import Article, ArticleRecord
from claimx.nlp import BUNDLED
from claimx.pipeline import Extractor
from scoring import SLOTS, score
from tables import ROOT, markdown, update

HERE = Path(__file__).parent
SEEDS = ROOT / "seeds" / "gold"
# What is taken from the printed figures of the modules: (layer, what, patterns).
PRINTED = {
    "dates.py": [
        (
            "dates",
            "TimeBank, F1: spans / values",
            [r"TimeBank: the same span but for articles .*?F1 ([\d.]+)", r"TimeBank: value .*?F1 ([\d.]+)"],
        ),
        ("dates", "conformance cases that news needs", [r"conformance, what news needs: .*= ([\d.]+)"]),
    ],
    "counts.py": [
        ("counts", "NewsQuant, values, F1", [r"newsquant value\S*: .*?F1 ([\d.]+)"]),
        (
            "counts",
            "conformance cases in scope: numbers / ranges",
            [rf"recognizers Number{kind}Model: .*?\(([\d.]+)\)" for kind in ("", "Range")],
        ),
    ],
    "attribution.py": [
        (
            "attribution",
            "PolNeAR, F1: sources / cues / contents",
            [rf"polnear-dev {part} .*?F1 ([\d.]+)" for part in ("source", "cue", "content")],
        ),
    ],
}
# Each module's command line, and the part of the data folder that it asks for.
CALLS = {
    "dates.py": (["{data}"], "dates"),
    "counts.py": (["{data}", "--model", str(BUNDLED)], "counts"),
    "attribution.py": (["{data}/attribution"], "attribution"),
}

MEASURES = ("claims", "core", *SLOTS, "type", "status")

Row = tuple[str, str, str]


def marked(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def predict(extractor: Extractor, gold: Iterable[dict[str, Any]]) -> list[ArticleRecord]:
    articles = (Article(id=one["id"], text=one["text"], published=one["published"]) for one in gold)
    return list(extractor.pipe(articles))


def claims(name: str, folder: Path, extractor: Extractor, scorer: Path | None = None) -> list[str]:
    """Claims as wholes, the core slots pooled, and each slot alone."""
    gold = marked(folder)
    records = predict(extractor, gold)
    if scorer:
        figures = outside(scorer, folder, records)
    else:
        result = score(gold, {record.article.id: msgspec.to_builtins(record.claims) for record in records})
        figures = {"claims": result.claims.f1, "core": result.core.f1, **{s: t.f1 for s, t in result.slots.items()}}
        figures |= {"type": result.types.precision, "status": result.statuses.precision}
    size = f"{len(gold)} articles, {sum(len(one['claims']) for one in gold)} claims"
    return [f"{name} ({size})", *(percent(figures[measure]) for measure in MEASURES)]


def outside(scorer: Path, folder: Path, records: Iterable[ArticleRecord]) -> dict[str, float]:
    """The figures of another scorer."""
    with tempfile.NamedTemporaryFile("wb", suffix=".json") as predicted:
        predicted.write(b"\n".join(map(msgspec.json.encode, records)))
        predicted.flush()
        command = [sys.executable, str(scorer), str(folder), predicted.name, "--json"]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    figures = {key: found[key]["f1"] for key in ("claims", "core", *SLOTS)}
    return figures | {"type": found["type_accuracy"], "status": found["status_accuracy"]}


def layers(data: Path) -> Iterator[Row]:
    """The figures of the modules whose data are there."""
    for module, (arguments, part) in CALLS.items():
        if not (data / part).is_dir():
            continue
        command = [sys.executable, str(HERE / module), *(argument.format(data=data) for argument in arguments)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            print(ran.stderr, file=sys.stderr)
        for layer, what, patterns in PRINTED[module]:
            found = [re.search(pattern, ran.stdout) for pattern in patterns]
            yield layer, what, " / ".join(percent(float(one[1])) if one else "failed" for one in found)


def model(data: Path) -> Iterator[Row]:
    """Tags, dependencies and names of the bundled pipeline."""
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
        yield "syntax", f"{name}: tags / UAS / LAS", " / ".join(percent(row[key]) for key in ("tags", "UAS", "LAS"))
    yield "names", "newswire dev, five main classes, F1", percent(figures["names"]["main"]["F1"])


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--gold", type=Path, help="folder of articles with marked claims")
    parser.add_argument("--score", type=Path, help="a scorer to use for them instead of benchmarks/scoring.py")
    parser.add_argument("--update-readme", action="store_true")
    options = parser.parse_args()
    extractor = claimx.load()
    rows = [claims("seeds", SEEDS, extractor)]
    if options.gold:
        rows.append(claims("news", options.gold, extractor, options.score))
    tables = [markdown(["", *MEASURES], rows)]
    if options.data:
        tables.append(markdown(["layer", "measured on", "%"], [*layers(options.data), *model(options.data)]))
    table = "\n\n".join(tables)
    print(table)
    if options.update_readme:
        update("accuracy", table)


if __name__ == "__main__":
    main()

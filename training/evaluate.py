"""Measure a trained pipeline on the sets that prepare.py wrote.

    python training/evaluate.py MODEL PREPARED [--card] [--json]

Everything is measured from raw text. With spaCy's scorer: fine tags, lemmas, heads and labelled heads (punctuation
left out) and sentences, of the pipeline alone (claimx sets sentence boundaries by a rule of its own). Names count as
exact spans with their label, each label alone and pooled over the five classes that claims are made of. `--card`
writes MODEL/README.md, the model card, and MODEL/LICENSE.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus

from card import LICENSE, card

MAIN = ("PERSON", "ORG", "LOC", "NORP", "FAC")
ALIASES = {"GPE": "LOC"}  # the newswire calls both Location
SYNTAX = {"tags": "tag_acc", "lemmas": "lemma_acc", "UAS": "dep_uas", "LAS": "dep_las", "sentences": "sents_f"}

Figures = dict[str, dict[str, float]]  # set or label -> measure -> value, all from 0 to 1


def evaluate(nlp: Language, prepared: Path) -> dict[str, Figures]:
    """`{"syntax": {set: {measure: value}}, "names": {label: {"P", "R", "F1", "gold"}}}`."""
    sets = [prepared / "syntax-dev.spacy", *sorted(prepared.glob("syntax-*-test.spacy"))]
    return {
        "syntax": {path.stem.removeprefix("syntax-"): syntax(nlp, path) for path in sets},
        "names": names(nlp, prepared / "names-dev.spacy"),
    }


def syntax(nlp: Language, path: Path) -> dict[str, float]:
    with nlp.select_pipes(disable=["ner"]):
        scores = nlp.evaluate(list(Corpus(path)(nlp)))
    return {measure: float(scores[key]) for measure, key in SYNTAX.items() if scores.get(key) is not None}


def names(nlp: Language, path: Path) -> Figures:
    """Each label's precision, recall and F1, and those of `main`, the five classes pooled, and `all`."""
    gold = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    right: Counter[str] = Counter()
    marked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    with nlp.select_pipes(enable=["tok2vec", "ner"]):
        for wanted, doc in zip(map(entities, gold), map(entities, nlp.pipe(doc.text for doc in gold)), strict=True):
            for tally, spans in ((right, wanted & doc), (marked, wanted), (found, doc)):
                tally.update(label for _, _, label in spans)
    for pool, labels in (("main", MAIN), ("all", tuple(marked | found))):
        for tally in (right, marked, found):
            tally[pool] = sum(tally[label] for label in labels)
    return {
        label: {
            "P": right[label] / max(found[label], 1),
            "R": right[label] / max(marked[label], 1),
            "F1": 2 * right[label] / max(marked[label] + found[label], 1),
            "gold": float(marked[label]),
        }
        for label in sorted(marked, key=lambda label: -marked[label])
    }


def entities(doc: Doc) -> set[tuple[int, int, str]]:
    return {(ent.start_char, ent.end_char, ALIASES.get(ent.label_, ent.label_)) for ent in doc.ents}


def show(figures: dict[str, Figures]) -> str:
    """The figures as Markdown tables."""
    lines = [f"| set | {' | '.join(SYNTAX)} |", "|---" * (len(SYNTAX) + 1) + "|"]
    for name, row in figures["syntax"].items():
        cells = " | ".join(f"{100 * row[key]:.1f}" if key in row else "" for key in SYNTAX)
        lines.append(f"| {name} | {cells} |")
    lines += ["", "| names | P | R | F1 | marked |", "|---|---|---|---|---|"]
    for label, row in figures["names"].items():
        cells = " | ".join(f"{100 * row[key]:.1f}" for key in ("P", "R", "F1"))
        lines.append(f"| {label} | {cells} | {row['gold']:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("prepared", type=Path)
    parser.add_argument("--card", action="store_true", help="write the model card and its licence into MODEL")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    nlp = spacy.load(options.model)
    figures = evaluate(nlp, options.prepared)
    print(json.dumps(figures, indent=1) if options.json else show(figures))
    if options.card:
        size = sum(path.stat().st_size for path in options.model.rglob("*") if path.is_file())
        (options.model / "README.md").write_text(card(nlp, show(figures), size), "utf-8")
        (options.model / "LICENSE").write_text(LICENSE, "utf-8")


if __name__ == "__main__":
    main()

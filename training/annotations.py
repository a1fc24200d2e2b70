"""The annotated articles that the judges learn from.

`articles/*.jsonl` are ours, text and claims. `standoff.jsonl` holds claims of articles whose text cannot be shared:
offsets only, into the texts of a data folder (see README.md), each checked by its SHA-256.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PART = 450  # words: web pages of the treebank are cut into parts of about so many
# How an id's first word names the file of its text.
FILES = {
    "re3d": "names/re3d-train.jsonl", "wikinews": "text/wikinews_2019_2020.jsonl",
    "wwn": "text/worldwide_newswire.jsonl", "muc4": "events/muc4-train.jsonl",
    "timebank": "dates/timebank-train.jsonl", "polnear": "attribution/polnear-train.jsonl",
    "abc": "text/abc_2006.jsonl", "wp": "text/wikipedia_disasters.jsonl",
}  # fmt: skip
BANKS = {"ewt": "treebanks/en_ewt-train.conllu", "gum": "treebanks/en_gum-train.conllu"}
TITLED = frozenset({"wikinews", "wp"})


def annotated(data: Path | None) -> Iterator[dict[str, Any]]:
    """Every annotated article: ours, and with the data folder those of `standoff.jsonl` too."""
    for path in sorted((HERE / "articles").glob("*.jsonl")):
        yield from map(json.loads, path.open(encoding="utf-8"))
    if data is None:
        return
    texts: dict[str, str] = {}
    for line in (HERE / "standoff.jsonl").open(encoding="utf-8"):
        article = json.loads(line)
        kind = article["id"].partition(":")[0]
        if article["id"] not in texts:
            texts |= dict(texts_of(data, kind))
        article["text"] = texts[article["id"]]
        if hashlib.sha256(article["text"].encode()).hexdigest() != article["sha256"]:
            raise SystemExit(f"{article['id']}: its text is not the one that was annotated")
        yield article


def texts_of(data: Path, kind: str) -> Iterator[tuple[str, str]]:
    """(id, text) of every article of one source."""
    if kind in BANKS:
        yield from treebank_texts(data / BANKS[kind], kind)
        return
    for line in (data / FILES[kind]).open(encoding="utf-8"):
        record = json.loads(line)
        text, title = record.get("text_tc") or record["text"], record.get("title") if kind in TITLED else None
        yield f"{kind}:{record['id']}", f"{title}\n\n{text}" if title and not text.startswith(title) else text


def treebank_texts(path: Path, kind: str) -> Iterator[tuple[str, str]]:
    """The documents of a treebank as running text, in parts."""
    documents: dict[str, list[str]] = {}
    for line in path.open(encoding="utf-8"):
        if line.startswith("# newdoc"):
            name = line.split("=")[-1].strip()
            documents[name] = []
        elif line.startswith("# newpar"):
            documents[name].append("\n")
        elif line.startswith("# text = "):
            documents[name].append(line.removeprefix("# text = ").rstrip("\n"))
    for name, pieces in documents.items():
        if kind == "gum" and "news" not in name:
            continue
        text, number = "", 0
        for paragraph in [*re.sub(r" *\n+ *", "\n", " ".join(pieces)).strip().split("\n"), None]:
            if paragraph is None or (text and len(text.split()) + len(paragraph.split()) > PART):
                if len(text.split()) > 70:
                    yield f"{kind}:{name}#{number}", text.strip()
                    number += 1
                text = ""
            if paragraph:
                text += paragraph + "\n"

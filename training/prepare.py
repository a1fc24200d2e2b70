"""Turn the data folder into spaCy's binary training files and a text for the vectors.

    python training/prepare.py DATA OUT

DATA holds `treebanks/`, `names/` and `text/` (see training/README.md). OUT receives
`syntax-{train,dev}.spacy`, one test file a treebank, `names-{train,dev}.spacy` and `words.txt`.
Evaluation text (dev articles, PUD) goes into none of the training files, nor into the vectors. The same data give the
same files.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

SEED = 7
SENTENCES_PER_DOC = 5
WWN_LABELS = {
    "Person": "PERSON", "Organization": "ORG", "Location": "LOC", "NORP": "NORP", "Facility": "FAC",
    "Product": "PRODUCT", "Misc": "MISC", "Money": "MONEY",
}  # fmt: skip
WIKIGOLD_LABELS = {"PER": "PERSON", "ORG": "ORG", "LOC": "LOC"}
# News is set with curly quotes and long dashes, the treebanks mostly with typewriter ones.
TYPOGRAPHY = {"'s": "’s", "n't": "n’t", "'": "’", "'re": "’re", "'ve": "’ve", "'ll": "’ll", "'d": "’d", "--": "—"}
CURLY_SHARE = 0.35

Word = tuple[str, str, int, str, str, bool]  # form, tag, head (1-based, 0 is root), label, lemma, space after


def sentences(path: Path) -> Iterator[tuple[str, list[Word]]]:
    """(document id, words) of each sentence of a CoNLL-U file, multi-word tokens split as annotated."""
    document, words, glued = "", [], {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# newdoc"):
            document = line
        elif line.startswith("#"):
            continue
        elif not line:
            if words:
                yield document, words
            words, glued = [], {}
        else:
            cells = line.split("\t")
            if "-" in cells[0]:
                first, last = map(int, cells[0].split("-"))
                glued.update(dict.fromkeys(range(first, last), False))
                glued[last] = "SpaceAfter=No" not in cells[9]
            elif "." not in cells[0]:
                number = int(cells[0])
                space = glued.get(number, "SpaceAfter=No" not in cells[9])
                words.append((cells[1], cells[4], int(cells[6]), cells[7], cells[2], space))


def curly(words: list[Word]) -> list[Word]:
    """The same sentence as a newspaper sets it."""
    opening, out = True, []
    for form, *rest in words:
        if form == '"':
            form, opening = ("“" if opening else "”"), not opening
        out.append((TYPOGRAPHY.get(form, form), *rest))
    return out


def treebank_docs(paths: Iterable[Path], vocab: Vocab, rng: random.Random | None) -> Iterator[Doc]:
    """Docs of a few neighbouring sentences; with `rng`, part of them in newspaper typography."""
    for path in paths:
        group: list[list[Word]] = []
        last = None
        for document, words in sentences(path):
            if group and (document != last or len(group) == SENTENCES_PER_DOC):
                yield build(group, vocab)
                group = []
            last = document
            group.append(curly(words) if rng and rng.random() < CURLY_SHARE else words)
        if group:
            yield build(group, vocab)


def build(group: list[list[Word]], vocab: Vocab) -> Doc:
    words = [word for sentence in group for word in sentence]
    heads, starts, base = [], [], 0
    for sentence in group:
        for i, word in enumerate(sentence):
            heads.append(base + (word[2] - 1 if word[2] else i))
            starts.append(i == 0)
        base += len(sentence)
    spaces = [word[5] for word in words]
    for i in range(1, len(words)):  # sentences of one document are set apart by a space
        spaces[i - 1] = spaces[i - 1] or starts[i]
    return Doc(
        vocab,
        words=[word[0] for word in words],
        spaces=spaces,
        tags=[word[1] for word in words],
        heads=heads,
        deps=["ROOT" if word[3] == "root" else word[3] for word in words],
        lemmas=[word[4] for word in words],
        sent_starts=starts,
    )


def newswire_docs(path: Path, texts: dict[str, str], vocab: Vocab) -> Iterator[Doc]:
    """One doc per paragraph of the worldwide newswire, spaced as in the raw text."""
    for line in path.open(encoding="utf-8"):
        article = json.loads(line)
        text, at = texts.get(article["id"], ""), 0
        for sentence in article["sentences"]:
            tokens = sentence["tokens"]
            if tokens and tokens[0].startswith("http"):
                continue
            spaces, cursor = [], at
            for token in tokens:
                found = text.find(token, cursor, cursor + len(token) + 60)
                if found < 0:
                    spaces = []
                    break
                if spaces:
                    spaces[-1] = found > cursor
                cursor = found + len(token)
                spaces.append(True)
            if spaces:
                at = cursor
            tags = [
                tag if tag == "O" or tag[2:] not in WWN_LABELS else tag[:2] + WWN_LABELS[tag[2:]]
                for tag in sentence["tags"]
            ]
            tags = ["O" if tag[2:] == "Date" else tag for tag in tags]
            yield Doc(vocab, words=tokens, spaces=spaces or None, ents=mended(tags))


def mended(tags: list[str]) -> list[str]:
    """BIO tags in which no I- follows anything but its own kind."""
    return [
        "B-" + tag[2:] if tag.startswith("I-") and (i == 0 or tags[i - 1][2:] != tag[2:]) else tag
        for i, tag in enumerate(tags)
    ]


def wikigold_docs(path: Path, blank: spacy.Language) -> Iterator[Doc]:
    """Wikipedia sentences; what it calls MISC mixes nationalities with the rest, so those tokens stay unknown."""
    for line in path.open(encoding="utf-8"):
        record = json.loads(line)
        doc = blank.make_doc(record["text"])
        known, unknown = [], []
        for entity in record["gold"]["entities"]:
            label = WIKIGOLD_LABELS.get(entity["type"])
            span = doc.char_span(entity["start"], entity["end"], label=label or "", alignment_mode="expand")
            (known if label else unknown).append(span)
        doc.set_ents(spacy.util.filter_spans(known), missing=spacy.util.filter_spans(unknown), default="outside")
        yield doc


def running_text(data: Path, held_out: set[str]) -> Iterator[str]:
    for path in sorted((data / "text").glob("*.jsonl")):
        for line in path.open(encoding="utf-8"):
            record = json.loads(line)
            if record["id"] not in held_out:
                yield record["text"]
    for path in sorted((data / "treebanks").glob("*-train.conllu")):
        for line in path.open(encoding="utf-8"):
            if line.startswith("# text = "):
                yield line.removeprefix("# text = ")


def save(docs: Iterable[Doc], path: Path) -> None:
    bin_ = DocBin(
        attrs=["ORTH", "TAG", "HEAD", "DEP", "LEMMA", "ENT_IOB", "ENT_TYPE", "SPACY", "SENT_START"], docs=docs
    )
    bin_.to_disk(path)
    print(f"{path.name}: {len(bin_)} docs")


def held_out_ids(data: Path) -> set[str]:
    """The articles that names are measured on; no text of theirs is trained on."""
    return {json.loads(line)["id"] for line in (data / "names" / "wwn-dev.jsonl").open(encoding="utf-8")}


def newswire_texts(data: Path) -> dict[str, str]:
    records = map(json.loads, (data / "text" / "worldwide_newswire.jsonl").open(encoding="utf-8"))
    return {record["id"]: record["text"] for record in records}


def evaluation_sets(data: Path, out: Path) -> None:
    """What the trained pipeline is measured on."""
    blank = spacy.blank("en")
    banks = data / "treebanks"
    save(treebank_docs(sorted(banks.glob("*-dev.conllu")), blank.vocab, None), out / "syntax-dev.spacy")
    for path in sorted(banks.glob("*-test.conllu")):
        save(treebank_docs([path], blank.vocab, None), out / f"syntax-{path.stem}.spacy")
    save(newswire_docs(data / "names" / "wwn-dev.jsonl", newswire_texts(data), blank.vocab), out / "names-dev.spacy")


def training_sets(data: Path, out: Path) -> None:
    blank = spacy.blank("en")
    rng = random.Random(SEED)
    train = list(treebank_docs(sorted((data / "treebanks").glob("*-train.conllu")), blank.vocab, rng))
    rng.shuffle(train)
    save(train, out / "syntax-train.spacy")
    train = list(newswire_docs(data / "names" / "wwn-train.jsonl", newswire_texts(data), blank.vocab))
    train += list(wikigold_docs(data / "names" / "wikigold-train.jsonl", blank))
    rng.shuffle(train)
    save(train, out / "names-train.spacy")


def words_for_vectors(data: Path, out: Path) -> None:
    """All running text, tokenized and in lower case."""
    blank = spacy.blank("en")
    with (out / "words.txt").open("w", encoding="utf-8") as words:
        for text in running_text(data, held_out_ids(data)):
            for paragraph in text.splitlines():
                tokens = [token.lower_ for token in blank.make_doc(paragraph) if not token.is_space]
                if tokens:
                    words.write(" ".join(tokens) + "\n")


def main(data: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    training_sets(data, out)
    evaluation_sets(data, out)
    words_for_vectors(data, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

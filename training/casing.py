"""Make the casing table, `src/claimx/data/casing.txt.gz`, from the data folder.

    python training/casing.py DATA OUT

DATA holds `text/*.jsonl` (objects with `id` and `text`), `treebanks/*-train.conllu` (their `# text =` lines are read)
and `names/wwn-dev.jsonl`, whose article ids are left out, so that measurements on them stay honest. The lexicon files
beside OUT add their acronyms. The table lists words and pairs of words in the case they usually have inside a sentence:

- `strike`, `NATO`, `iPhone`: words that are not what `claimx.casing.capitalised` makes of a word it does not know.
- `White House`, `told us`: neighbours whose usual case differs from what the words have alone; `0` is any number.

Counted are positions where case means something: inside sentences that end like sentences and are mostly lower case,
but neither their first word nor one after a quotation mark, a colon or a dash. Deterministic: the same data give the
same bytes. Takes about five minutes.
"""

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy

from claimx.casing import capitalised
from claimx.nlp import FINAL, set_sentences

SPEECHES = "state_union"  # their "us" is not that of the news
CAPITALS_COUNT = 3  # occurrences from which capitals inside a word ("NATO", "McCain") are no accident, ...
KNOWN_COUNT = 10  # ... an acronym of the lexicon is believed to be a word too ("RED"), ...
PAIR_COUNT = 3  # ... a pair is believed
ALONE_COUNT = 5  # ... the pairs that decide nothing tell a word's case better than all its occurrences do
PAIR_SHARE = 0.8  # share of a pair's occurrences that have its commonest case
BREAKS = frozenset("\"'“”‘’:;–—-•*|([…") | {"--", "...", "``", "''"}

CAPITALS = re.compile(r"\B[A-Z]")

Forms = dict[str, Counter[str]]


def texts(data: Path) -> Iterator[str]:
    """The texts to count in, files and lines in order."""
    with (data / "names" / "wwn-dev.jsonl").open(encoding="utf-8") as lines:
        held_out = {json.loads(line)["id"] for line in lines}
    for path in sorted((data / "text").glob("*.jsonl")):
        if path.stem == SPEECHES:
            continue
        with path.open(encoding="utf-8") as lines:
            yield from (record["text"] for record in map(json.loads, lines) if record["id"] not in held_out)
    for path in sorted((data / "treebanks").glob("*-train.conllu")):
        with path.open(encoding="utf-8") as lines:
            yield from (line.partition("=")[2].strip() for line in lines if line.startswith("# text ="))


def sentences(stream: Iterable[str]) -> Iterator[list[str]]:
    """The words of each sentence whose case can be trusted."""
    nlp = spacy.blank("en")
    nlp.max_length = 10**9
    for text in stream:
        sentence: list[str] = []
        for token in set_sentences(nlp.make_doc(text)):
            if token.is_sent_start and sentence:
                if is_plain(sentence):
                    yield sentence
                sentence = []
            if not token.is_space:
                sentence.append(token.text)
        if is_plain(sentence):
            yield sentence


def is_plain(words: list[str]) -> bool:
    """Whether a sentence ends like one and is mostly lower case."""
    letters = [word for word in words if word[0].isalpha()]
    return len(letters) > 5 and sum(map(str.islower, letters)) > 0.5 * len(letters) and not FINAL.isdisjoint(words[-3:])


def count(stream: Iterable[list[str]]) -> tuple[Forms, Forms]:
    """How often each word and each pair, by lower-cased key, stands in which case."""
    words: Forms = defaultdict(Counter)
    pairs: Forms = defaultdict(Counter)
    for sentence in stream:
        before = None
        for i, word in enumerate(sentence):
            inner = i > 0 and sentence[i - 1] not in BREAKS
            if word.isdigit():
                word = "0"
            lettered = word[0].isalpha() and len(word.lower()) == len(word)
            if lettered and inner:
                words[word.lower()][word] += 1
            if before is not None and inner:
                pair = f"{before} {word}"
                pairs[pair.lower()][pair] += 1
            before = word if inner and (lettered or word == "0") else None
    return words, pairs


def usual(forms: Counter[str]) -> str:
    """The commonest case; of equals the lower one."""
    return max(forms, key=lambda form: (forms[form], form))


def acronyms(lexicon: Iterable[Path]) -> Iterator[str]:
    """The acronyms among the names of the lexicon."""
    for path in sorted(lexicon):
        for quoted in re.findall(r'"([^"\n]*)"', path.read_text("utf-8")):
            yield from re.findall(r"\b[A-Z]{3,}\b", quoted)


def table(words: Forms, pairs: Forms, known: Iterable[str]) -> list[str]:
    """The lines of the casing table. `known`: acronyms that hold where the counts are too low to tell."""
    believed = {key: form for key, forms in pairs.items() if (form := believable(forms))}
    # What a word is alone is what it is where no pair decides: "may", since "in May" and "May 5" are pairs.
    alone: Forms = defaultdict(Counter)
    for key, forms in pairs.items():
        if key not in believed:
            for form, times in forms.items():
                for part in form.split(" "):
                    alone[part.lower()][part] += times
    single: dict[str, str] = {}
    for key, forms in words.items():
        form = usual(alone[key] if alone[key].total() >= ALONE_COUNT else forms)
        if form != guess(key) and (not CAPITALS.search(form) or forms[form] >= CAPITALS_COUNT):
            single[key] = form
    single.update({word.lower(): word for word in known if words[word.lower()].total() < KNOWN_COUNT})
    lines = list(single.values())
    for key, form in believed.items():
        if form != " ".join(single.get(part) or guess(part) for part in key.split(" ")):
            lines.append(form)
    return sorted(lines)


def guess(key: str) -> str:
    """What the reader of the table takes a word for that is not in it."""
    return capitalised(key.upper(), key) if len(key.upper()) == len(key) else key.capitalize()


def believable(forms: Counter[str]) -> str | None:
    """The case of a pair, where it is common and nearly always the same."""
    form = usual(forms)
    return form if forms[form] >= max(PAIR_COUNT, PAIR_SHARE * forms.total()) else None


def main(data: Path, out: Path) -> None:
    lines = table(*count(sentences(texts(data))), acronyms(out.parent.glob("*.toml")))
    out.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))
    print(f"{len(lines)} lines, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

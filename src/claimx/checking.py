"""The check of a lexicon file: its form, and that its examples hit and miss as they say."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claimx.finder import Finder, compile_finder
from claimx.lexicon import DATA, Entry, EventEntry, Named, load_lexicon, phrases_of, read_blocks, toml_files
from claimx.models import Problem

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def check_file(
    path: Path, extractor: Callable[[str], set[str]] | None = None, nlp: "Language | None" = None
) -> list[str]:
    """The mistakes in the blocks of a lexicon file (or folder), one line each; empty if it is as it should be.

    Every phrase, and every sentence of `hits`, must find its entry in the bundled lexicon with this file added; no
    sentence of `misses` may. `extractor` gives the ids of the entries that fired in a sentence; without it events'
    sentences are not run. `nlp` parses the others' sentences, only split into words by default: without lemmas or tags.
    """
    try:
        files = toml_files(path)
        blocks = [(file.name, table, entry) for file in files for table, entry in read_blocks(file)]
        lexicon = load_lexicon([file for file in files if file.resolve().parent != DATA])
        if nlp is None:
            import spacy

            nlp = spacy.blank("en")
        finder = compile_finder(lexicon, nlp.vocab)
    except Problem as problem:
        return [f"{problem.cause} ({problem.hint})" if problem.hint else problem.cause]
    mistakes = []
    for file, table, entry in blocks:
        if isinstance(entry, EventEntry):
            found = _sentence_mistakes(entry, extractor) if extractor is not None else []
        else:
            found = _sentence_mistakes(entry, partial(_found_ids, finder, nlp, type(entry)))
            for phrase in phrases_of(entry):
                got = _found_ids(finder, nlp.make_doc, type(entry), phrase)  # a bare phrase is nothing to tag
                if entry.id not in got:
                    found.append(f"{phrase!r} finds {', '.join(sorted(got)) or 'nothing'}")
        mistakes += [f"{file}: [[{table}]] {entry.id}: {mistake}" for mistake in found]
    return mistakes


def _found_ids(finder: Finder, parse: Callable[[str], "Doc"], table: type[Named], text: str) -> set[str]:
    return {hit.entry.id for hit in finder.find(parse(text)).hits if isinstance(hit.entry, table)}


def _sentence_mistakes(entry: Entry, fired: Callable[[str], set[str]]) -> list[str]:
    missed = [f"no hit in {sentence!r}" for sentence in entry.hits if entry.id not in fired(sentence)]
    return missed + [f"hit in {sentence!r}" for sentence in entry.misses if entry.id in fired(sentence)]

"""Put the trained parts together into the one pipeline that ships.

    python training/assemble.py SYNTAX NAMES OUT

Adds what needs no training: coarse parts of speech from the fine tags (auxiliaries by their relation) and a rule
lemmatizer with the tables of spacy-lookups-data (MIT).
"""

import sys
from pathlib import Path

import numpy as np
import spacy
from spacy.lookups import Lookups, load_lookups

UPOS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "JJ": "ADJ", "JJR": "ADJ", "JJS": "ADJ", "AFX": "X",
    "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "MD": "AUX", "RB": "ADV",
    "RBR": "ADV", "RBS": "ADV", "WRB": "ADV", "IN": "ADP", "RP": "ADP", "TO": "PART", "POS": "PART", "CC": "CCONJ",
    "CD": "NUM", "DT": "DET", "PDT": "DET", "WDT": "PRON", "PRP": "PRON", "WP": "PRON", "EX": "PRON", "PRP$": "PRON",
    "WP$": "PRON", "UH": "INTJ", "SYM": "SYM", "$": "SYM", "#": "SYM", "FW": "X", "LS": "X", "GW": "X", "XX": "X",
    "ADD": "X", ".": "PUNCT", ",": "PUNCT", ":": "PUNCT", "``": "PUNCT", "''": "PUNCT", "-LRB-": "PUNCT",
    "-RRB-": "PUNCT", "HYPH": "PUNCT", "NFP": "PUNCT", "_SP": "SPACE",
}  # fmt: skip
# Proper nouns keep their form, so those tables are not needed.
LEMMA_TABLES = {"lemma_rules": None, "lemma_exc": None, "lemma_index": None}
LEMMA_CLASSES = ("adj", "adv", "noun", "verb")


def coarse_tags(nlp: spacy.Language) -> None:
    ruler = nlp.add_pipe("attribute_ruler")
    for tag, pos in UPOS.items():
        ruler.add([[{"TAG": tag}]], {"POS": pos})
    for label in ("aux", "aux:pass", "cop"):
        ruler.add([[{"DEP": label, "TAG": {"REGEX": "^(VB|MD)"}}]], {"POS": "AUX"})
    ruler.add([[{"IS_SPACE": True}]], {"TAG": "_SP", "POS": "SPACE"})
    ruler.add([[{"DEP": "mark", "TAG": "IN"}]], {"POS": "SCONJ"})


# Forms whose lemma no suffix rule finds.
FORMS = {
    "be": "am is are was were been being 's 'm 're ’s ’m ’re", "have": "has had having 've ’ve", "do": "does did done",
    "not": "n't n’t", "will": "'ll ’ll wo", "can": "ca", "would": "'d ’d", "I": "me", "we": "us", "he": "him",
    "they": "them", "a": "an",
}  # fmt: skip


def closed_class(nlp: spacy.Language) -> None:
    """Lemmas of auxiliaries, pronouns and the like, told by form and fine tag."""
    ruler = nlp.get_pipe("attribute_ruler")
    for lemma, forms in FORMS.items():
        for form in forms.split():
            verbs = {"be": "^VB", "have": "^VB", "do": "^VB", "would": "^MD", "will": "^MD", "can": "^MD"}
            tag = {**verbs, "I": "^PRP", "we": "^PRP", "he": "^PRP", "they": "^PRP"}.get(lemma, ".")  # "us" is not "US"
            ruler.add([[{"LOWER": form, "TAG": {"REGEX": tag}}]], {"LEMMA": lemma})
    ruler.add([[{"LOWER": "other", "TAG": "JJ"}]], {"LEMMA": "other"})


def rounded(nlp: spacy.Language) -> None:
    """Round the weights to the precision of bfloat16: they compress to half the size and score the same."""
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None and hasattr(model, "walk") else ():
            for name in node.param_names:
                if node.has_param(name):
                    node.set_param(name, half(node.get_param(name)))
    nlp.vocab.vectors.data = half(nlp.vocab.vectors.data)


def half(weights: np.ndarray) -> np.ndarray:
    bits = np.ascontiguousarray(weights, dtype="float32").view("uint32")
    return ((bits + 0x8000) & 0xFFFF0000).view("float32").reshape(weights.shape)


def lemmas(nlp: spacy.Language) -> None:
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    full = load_lookups("en", list(LEMMA_TABLES))
    lookups = Lookups()
    for name in LEMMA_TABLES:
        table = full.get_table(name)
        lookups.add_table(
            name,
            {key: table[key] for key in LEMMA_CLASSES if key in table}
            | ({key: table[key] for key in ("punct",) if key in table}),
        )
    lemmatizer.initialize(lookups=lookups)


def main(syntax: Path, names: Path, out: Path) -> None:
    nlp = spacy.load(syntax)
    known = spacy.load(names, vocab=nlp.vocab)
    if "tok2vec" in known.pipe_names:
        known.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp.add_pipe("ner", source=known)
    coarse_tags(nlp)
    closed_class(nlp)
    lemmas(nlp)
    rounded(nlp)
    nlp.meta.update(
        name="claimx", version="0.1.0", author="The claimx team", license="CC BY-SA 4.0",
        description="English for news: tags, dependencies, lemmas and names. README.md beside it tells more.",
    )  # fmt: skip
    nlp.to_disk(out)
    # The words of the training texts are no part of the pipeline: what it needs it adds as it loads and reads.
    (out / "vocab" / "strings.json").write_text("[]\n")
    print(out, sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6, "MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))

"""The text of the model card and of the model's licence, which evaluate.py writes beside the model."""

import spacy
from spacy.language import Language

LICENSE = """\
The weights and tables in this folder are licensed under the
Creative Commons Attribution-ShareAlike 4.0 International licence (CC BY-SA 4.0).

    https://creativecommons.org/licenses/by-sa/4.0/
    https://creativecommons.org/licenses/by-sa/4.0/legalcode

Copyright (c) 2026 The claimx team.

They were trained on the works that README.md in this folder names, with their authors and licences. The tables of the
lemmatizer come from spacy-lookups-data, MIT licence, Copyright (c) 2019 ExplosionAI GmbH:

    https://github.com/explosion/spacy-lookups-data/blob/master/LICENSE

The programs of claimx are under the MIT licence; see the file LICENSE of the project.
"""

CARD = """\
# The pipeline bundled with claimx

A small spaCy pipeline for English news: {components}. {size:.0f} MB, trained on a CPU
with spaCy {spacy}, version {version}. It is made for claimx, which adds sentence boundaries, a lexicon and truecasing, but loads
alone as well: `spacy.load("PATH/TO/claimx/model")`. Relations are Universal Dependencies, tags the Penn Treebank's; names are
{labels}.

## Scores

From raw text, in percent; punctuation left out of UAS and LAS. `dev` is the development parts of EWT and GUM; it served to
choose the checkpoint and so flatters a little. Nothing of PUD, news and encyclopaedia, was trained on. Lemmas come from rules
and a table of the closed classes.

{figures}

Names are exact spans on the development articles of the worldwide newswire, which also chose the checkpoint. `main` pools
PERSON, ORG, LOC, NORP and FAC; countries and towns are LOC.

## Trained on

| data | for | licence |
|---|---|---|
| [UD English EWT](https://universaldependencies.org/treebanks/en_ewt/) | tags, dependencies | CC BY-SA 4.0 |
| [UD English GUM](https://universaldependencies.org/treebanks/en_gum/), without its non-commercial genres | tags, dependencies | CC BY and CC BY-SA, by document |
| Worldwide English newswire ([Shan et al. 2023](https://arxiv.org/abs/2404.13465)), training articles | names | not stated by its authors; please cite them |
| Wikigold (Balasuriya et al. 2009) | names | CC BY |
| Wikinews 2019-2020 | word vectors | CC BY 2.5 |
| Wikipedia articles on disasters | word vectors | CC BY-SA 4.0 |
| State of the Union addresses | word vectors | public domain |
| ABC news 2006 (as NLTK carries it) | word vectors | not stated |
| the running text of the newswire and of the treebanks' training parts | word vectors | as above |
| [spacy-lookups-data](https://github.com/explosion/spacy-lookups-data) | lemma tables | MIT |

No article is stored in the model. Word vectors are hashed subword vectors (floret); the texts cannot be read back from them.

## Limits

- Edited English prose. Chat, speech and machine translation are worse than the figures.
- The names learned are those of world news up to 2023, and one newswire's idea of what a name is.
- A statistical pipeline is wrong in about one dependency in seven: no single parse is evidence of anything.
- Coverage of people and places follows that of the news it learned from, which is uneven.

## Made again with

    pip install -e '.[train]'
    python training/train.py DATA OUT

`training/README.md` in the project says what DATA holds. Licence: CC BY-SA 4.0, in the file LICENSE beside this one.
"""  # noqa: E501 - rows of tables


def card(nlp: Language, figures: str, size: int) -> str:
    """The model card of a pipeline with the given figures (Markdown) and size (bytes)."""
    steps = [name.replace("_", " ") for name in nlp.pipe_names if name != "tok2vec"]
    return CARD.format(
        components=", ".join(steps),
        size=size / 1e6,
        spacy=spacy.__version__,
        version=nlp.meta["version"],
        labels=", ".join(nlp.get_pipe("ner").labels),
        figures=figures,
    )

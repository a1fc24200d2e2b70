"""Reads news and says who did what to whom, with which weapon, how many, when, where, and according to whom.

import claimx
record = claimx.extract("Rebels shelled the port on Monday.", published="2024-01-10")
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from claimx.models import Article, ArticleRecord, Claim, Problem

if TYPE_CHECKING:
    from claimx.pipeline import Extractor

__version__ = "0.1.0"
__all__ = ["Article", "ArticleRecord", "Claim", "Problem", "extract", "load"]


def load(model: str | None = None, lexicon: Sequence[Path] = ()) -> "Extractor":
    """A reusable extractor with `.extract(article)`, `.annotate(article)` and `.pipe(articles)`.

    `model` names another spaCy English pipeline (package or path), `lexicon` adds files or folders of TOML.
    Raises Problem where either cannot be used.
    """
    from claimx import pipeline

    return pipeline.load(model, lexicon)


def extract(text: str, published: str | None = None) -> ArticleRecord:
    """The claims of one text. `published` is the ISO day that "Monday" is resolved against."""
    return _bundled().extract(
        Article(id="text", text=text, published=published, published_from="option" if published else None)
    )


@lru_cache(maxsize=1)
def _bundled() -> "Extractor":
    return load()

"""The corridor: text -> parse -> dates, counts, reports -> events -> claims."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from claimx import (
    attribution,
    claims,
    counts,
    dates,
    events,
    features,
    frames,
    judging,
    measures,
    mentions,
    places,
)
from claimx.finder import compile_finder
from claimx.lexicon import Lexicon, load_lexicon
from claimx.models import SCHEMA, Annotation, Article, ArticleHead, ArticleRecord
from claimx.nlp import load_pipeline, printable, text_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# Characters that are parsed at once. The parser works on all tokens of a batch side by side: more of them take memory
# (100 MB for each 40,000 characters), and soon more time too.
TOGETHER = 12_000


def load(model: str | None = None, lexicon: Sequence[Path] = ()) -> "Extractor":
    """A reusable extractor. `model` names another spaCy English pipeline, `lexicon` adds the user's files or folders.

    Raises Problem where the model cannot be loaded or a lexicon has a mistake.
    """
    nlp = load_pipeline(model)
    return Extractor(nlp, load_lexicon(lexicon), judging.judges_for(nlp))


class Extractor:
    """A loaded pipeline and lexicon; its methods turn articles into plain records.

    Where there are `judges` they decide over what the rules propose.
    """

    def __init__(self, nlp: "Language", lexicon: Lexicon, judges: judging.Judges | None = None) -> None:
        self.nlp = nlp
        self.lexicon = lexicon
        self.judges = judges
        self.finder = compile_finder(lexicon, nlp.vocab)
        self.index = frames.index_events(lexicon)

    def by_rules(self) -> "Extractor":
        """The same extractor without its judges: what the rules alone make of an article."""
        return Extractor(self.nlp, self.lexicon)

    def extract(self, article: Article) -> ArticleRecord:
        """The claims of one article."""
        return self._record(article, self.nlp(printable(article.text)))

    def pipe(self, articles: Iterable[Article]) -> Iterator[ArticleRecord]:
        """The claims of many articles, in their order; a few at once are parsed."""
        for group in grouped(articles):
            texts = [printable(article.text) for article in group]
            for article, doc in zip(group, self.nlp.pipe(texts, batch_size=len(group)), strict=True):
                yield self._record(article, doc)

    def annotate(self, article: Article) -> Annotation:
        """Everything recognised in one article, claim or not."""
        doc = self.nlp(printable(article.text))
        found = dates.find_dates(text_of(doc), published_day(article))
        return Annotation(
            schema=SCHEMA,
            article=head(article),
            entities=tuple(mentions.find_entities(mentions.sense(doc, self.finder))),
            dates=tuple(found),
            counts=tuple(counts.find_counts(doc, [(date.start, date.end) for date in found])),
            sources=tuple(attribution.find_attributions(doc)),
        )

    def _record(self, article: Article, doc: "Doc") -> ArticleRecord:
        senses = mentions.sense(doc, self.finder)
        found_dates = dates.find_dates(senses.text, published_day(article))
        senses.days.update(mentions.tokens_of(doc, found_dates))
        candidates = frames.find_candidates(senses, self.index)
        if not candidates.offered:
            return ArticleRecord(schema=SCHEMA, article=head(article), claims=())
        around = features.Surroundings(senses, candidates)
        added = self.lexicon.added
        kept = judging.judge_triggers(around, candidates, self.judges, added) if self.judges else None
        found = events.find_events(senses, candidates, kept)
        if not found:
            return ArticleRecord(schema=SCHEMA, article=head(article), claims=())
        reports = attribution.find_attributions(doc)
        cues = attribution.cue_tokens(doc, reports)
        around.hear(reports, cues)
        quantities = counts.find_counts(doc, [(date.start, date.end) for date in found_dates])
        places.locate(senses, found, cues)
        measured = measures.measure(senses, found, quantities, found_dates, cues)
        if self.judges:
            judging.judge_events(around, found, measured, self.judges)
        return ArticleRecord(
            schema=SCHEMA, article=head(article), claims=claims.build_claims(article, senses, found, reports)
        )


def grouped(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """The articles in lists of about TOGETHER characters."""
    group: list[Article] = []
    chars = 0
    for article in articles:
        group.append(article)
        chars += len(article.text)
        if chars >= TOGETHER:
            yield group
            group, chars = [], 0
    if group:
        yield group


def published_day(article: Article) -> dt.date | None:
    return dt.date.fromisoformat(article.published) if article.published else None


def head(article: Article) -> ArticleHead:
    return ArticleHead(
        id=article.id,
        path=article.path,
        title=article.title,
        published=article.published,
        published_from=article.published_from,
        publisher=article.publisher,
        words=len(article.text.split()),
        sha256=article.sha256,
    )

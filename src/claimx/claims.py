"""From events to claims: the records, with counts, date, places, source, status and names."""

import hashlib
import math
from typing import TYPE_CHECKING

from msgspec.structs import replace

from claimx import attribution, coreference, places, status
from claimx.clustering import event_numbers
from claimx.events import Event, is_bare, lemma
from claimx.mentions import Senses
from claimx.models import (
    Article,
    Attribution,
    Claim,
    Date,
    EventDate,
    Participant,
    Source,
    Span,
    Trigger,
    Weapon,
)

if TYPE_CHECKING:
    from spacy.tokens import Token

PLOVER = {
    "attack": "ASSAULT", "clash": "ASSAULT", "interception": "ASSAULT", "casualty": "ASSAULT", "capture": "COERCE",
    "release": "YIELD", "deployment": "MOBILIZE", "threat": "THREATEN", "agreement": "AGREE",
}  # fmt: skip
ACLED = {
    "attack": "Explosions/Remote violence", "clash": "Battles", "interception": "Explosions/Remote violence",
    "casualty": "Violence against civilians", "capture": "Strategic developments", "release": "Strategic developments",
    "deployment": "Strategic developments", "threat": "Strategic developments", "agreement": "Strategic developments",
}  # fmt: skip


def build_claims(
    article: Article,
    senses: Senses,
    events: list[Event],
    attributions: list[Attribution],
) -> tuple[Claim, ...]:
    """The claims of an article in text order."""
    builder = Builder(article, senses, events, attributions)
    claims = [claim for event in events if (claim := builder.claim(event)) is not None]
    numbers = event_numbers(claims)
    return tuple(replace(claim, event="e" + claims[first].id) for claim, first in zip(claims, numbers, strict=True))


LONGEST_SOURCE = 8  # words


class Builder:
    """What all claims of one article share while they are built."""

    def __init__(
        self,
        article: Article,
        senses: Senses,
        events: list[Event],
        attributions: list[Attribution],
    ) -> None:
        self.article, self.senses, self.doc = article, senses, senses.doc
        self.attributions = attributions
        self.names = coreference.find_names(senses, attributions, events)

    def root(self, span: Span) -> "Token":
        found = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        return found.root if found is not None else self.doc[0]

    def claim(self, event: Event) -> Claim | None:
        counts, date = event.counts, event.date
        if is_bare(event, date is not None, bool(counts)):
            return None
        targets = tuple(self.participant(t) for t in event.targets)
        source = self.source(event, event.trigger.idx, event.trigger.idx + len(event.trigger))
        trigger = event.trigger
        start, end = trigger.idx, trigger.idx + len(trigger)
        key = f"{self.article.id}\0{self.article.sha256}\0{start}\0{event.type}"
        entry = event.frame.entry
        return Claim(
            id=hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:12],
            event="",
            type=event.type,  # type: ignore[arg-type]
            plover=entry.plover or PLOVER[event.type],
            acled=(entry.acled if entry.type == event.type else "") or ACLED[event.type],
            trigger=Trigger(text=trigger.text, start=start, end=end, lemma=lemma(event)),
            actors=tuple(self.participant(t) for t in event.actors),
            targets=targets,
            weapons=tuple(self.weapon(t) for t in event.weapons),
            counts=tuple(counts),
            date=to_event_date(date) if date else None,
            locations=tuple(places.to_place(self.senses, t) for t in event.places),
            source=source,
            status=status.status_of(event),
            evidence=self.evidence(event, source),
            confidence=confidence(event, targets),
            rules=tuple(dict.fromkeys(part.entry.id for part in event.parts)),
        )

    def participant(self, token: "Token") -> Participant:
        start, end = self.senses.span(token)
        name = coreference.name_of(self.senses, token, self.names)
        text = self.senses.text[start:end]
        return Participant(
            text=text, start=start, end=end, name=name if name != text else None, kind=self.senses.kind(token)
        )

    def weapon(self, token: "Token") -> Weapon:
        start, end = self.senses.span(token)
        return Weapon(
            text=self.senses.text[start:end], start=start, end=end, name=None, kind=self.senses.weapon_kind(token)
        )

    def source(self, event: Event, start: int, end: int) -> Source | None:
        found = attribution.source_of(self.attributions, start, end)
        if found is None or found.source is None:
            return None
        if event.type == "threat" and any(self.senses.span(t)[0] == found.source.start for t in event.actors):
            return None
        token = self.root(found.source)
        name = coreference.name_of(self.senses, token, self.names)
        cue = found.cue.text if found.cue else None
        source = found.source
        if len(source.text.split()) > LONGEST_SOURCE:  # a clause that was taken for a name
            first, last = self.senses.span(token)
            source = Span(text=self.senses.text[first:last], start=first, end=last)
        name = name if name != source.text else None
        return Source(text=source.text, start=source.start, end=source.end, name=name, cue=cue, quoted=found.quoted)

    def evidence(self, event: Event, source: Source | None) -> Span:
        """The sentence of the trigger, and the one beside it where the speaker stands there."""
        sentence = event.trigger.sent
        first, last = sentence.start_char, sentence.end_char
        if source is not None and source.start < first and sentence.start:
            before = self.doc[sentence.start - 1].sent
            first = before.start_char if before.start_char <= source.start else first
        elif source is not None and source.end > last and sentence.end < len(self.doc):
            after = self.doc[sentence.end].sent
            last = after.end_char if source.end <= after.end_char else last
        text = self.senses.text[first:last]
        first += len(text) - len(text.lstrip())
        text = text.strip()
        return Span(text=text, start=first, end=first + len(text))


def to_event_date(date: Date) -> EventDate:
    return EventDate(
        text=date.text, start=date.start, end=date.end, earliest=date.earliest, latest=date.latest, edtf=date.edtf
    )


# What the judges believe is worth less than they think: a logistic regression over articles that they were not
# trained on.
JUDGED = (-0.65, 0.74)
# The same without judges: a logistic regression, fitted on articles annotated for the purpose and checked on others.
# The words of the sentence count in thirties, at most sixty.
CONFIDENCE = {
    "base": 0.8, "actor": 0.9, "actors": -0.8, "target": 0.8, "targets": -0.95, "unknown": -0.9, "needs": -0.35,
    "words": -0.9, "folded": -0.3,
}  # fmt: skip


def confidence(event: Event, targets: tuple[Participant, ...]) -> float:
    """The estimated probability that type, actors and targets are all right."""
    if event.judged:
        belief = min(max(event.belief, 1e-4), 1 - 1e-4)
        score = JUDGED[0] + JUDGED[1] * math.log(belief / (1 - belief))
        return round(1 / (1 + math.exp(-score)), 2)
    features = {
        "base": 1.0,
        "actor": bool(event.actors),
        "actors": len(event.actors) > 1,
        "target": bool(targets),
        "targets": len(targets) > 1,
        "unknown": any(target.kind == "unknown" for target in targets),
        "needs": bool(event.frame.entry.needs),
        "words": min(len(event.trigger.sent), 60) / 30,
        "folded": len(event.parts) > 1,
    }
    score = sum(CONFIDENCE[name] * value for name, value in features.items())
    return round(1 / (1 + math.exp(-score)), 2)

"""From events to claims: the records, with counts, date, places, source, status and names."""

import hashlib
import math
import re
from typing import TYPE_CHECKING, cast, get_args

from msgspec.structs import replace

from claimx import attribution, coreference, places, status, syntax
from claimx.clustering import event_numbers
from claimx.events import Event, is_bare, lemma
from claimx.folding import CASUALTY_ROLES
from claimx.mentions import Senses
from claimx.models import (
    Article,
    Attribution,
    Claim,
    Count,
    Date,
    EventDate,
    Participant,
    Role,
    Source,
    Span,
    Trigger,
    Weapon,
)
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

ROLES = frozenset(get_args(Role))
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
    dates: list[Date],
    counts: list[Count],
    attributions: list[Attribution],
) -> tuple[Claim, ...]:
    """The claims of an article in text order."""
    builder = Builder(article, senses, events, dates, counts, attributions)
    claims = [claim for event in events if (claim := builder.claim(event)) is not None]
    numbers = event_numbers(claims)
    return tuple(replace(claim, event="e" + claims[first].id) for claim, first in zip(claims, numbers, strict=True))


# What a number without a noun counts under these roles; under the others nothing is guessed.
OF_PEOPLE = CASUALTY_ROLES | {"captured", "released", "attackers"}
LONGEST_SOURCE = 8  # words


class Builder:
    """What all claims of one article share while they are built."""

    def __init__(
        self,
        article: Article,
        senses: Senses,
        events: list[Event],
        dates: list[Date],
        counts: list[Count],
        attributions: list[Attribution],
    ) -> None:
        self.article, self.senses, self.doc = article, senses, senses.doc
        self.attributions = attributions
        self.names = coreference.find_names(senses, attributions, events)
        self.counts_at = spread(senses, counts)
        self.dates = [(date, self.root(date)) for date in dates if is_day(date) and not in_dateline(senses.text, date)]
        self.triggers = {part.trigger.i: event for event in events for part in event.parts}
        self.cues = {
            token.i
            for a in attributions
            if a.cue and attribution.is_said(a)
            for token in self.doc.char_span(a.cue.start, a.cue.end, alignment_mode="expand") or ()
        }

    def root(self, span: Span) -> "Token":
        found = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        return found.root if found is not None else self.doc[0]

    def claim(self, event: Event) -> Claim | None:
        counts = self.counts(event)
        date = self.date(event)
        rivals = {i for i, other in self.triggers.items() if other is not event}
        heads = places.find_places(self.senses, event, rivals, self.cues)
        event.places = heads
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
            date=date,
            locations=tuple(places.to_place(self.senses, t) for t in heads),
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

    def counts(self, event: Event) -> list[Count]:
        """The numbers on the event's participants, each with the role that its bearer gives it."""
        found: dict[int, Count] = {}
        for head, role in event.counted:
            for count in self.counts_on(head):
                if count.start not in found and role in ROLES:
                    unit = count.unit if count.unit and count.unit != count.text.lower() else None
                    if unit is None and head.tag_ in syntax.NOUN_TAGS:
                        unit = head.lemma_.lower()
                    unit = unit or ("people" if role in OF_PEOPLE else None)
                    found[count.start] = replace(count, role=self.role(count, role), unit=unit)
        for noun in syntax.bare_nominals(event.frame.clause):
            if noun.lemma_.lower() == "time":
                for count in self.counts_on(noun):
                    found[count.start] = replace(count, role="attacks", unit="time")
        return [found[start] for start in sorted(found)]

    def role(self, count: Count, role: str) -> Role:
        """The role, unless a word of killing or wounding right before the number gives another: "and wounded 10"."""
        span = self.doc.char_span(count.start, count.end, alignment_mode="expand")
        before = self.doc[span.start - 1].lower_ if span is not None and span.start else ""
        if role in CASUALTY_ROLES:
            role = "wounded" if before in WORDS.wounding else "killed" if before in WORDS.killing else role
        return cast("Role", role)

    def counts_on(self, head: "Token") -> list[Count]:
        """The quantities that number the noun: before it, it itself, or above it ("21 of the girls")."""
        places = [head.i]
        for child in head.children:
            if child.i < head.i and (child.tag_ == "CD" or child.dep_ in syntax.NUMBERING):
                places += [child.i, *(c.i for c in child.children)]
        above = syntax.governor(head)
        if syntax.preposition(head) == "of" and above.i < head.i:
            places.append(above.i)
        if head.i and head.lower_ in {"more", "others", "people", "other"}:
            places.append(head.i - 1)
        found = {count.start: count for i in places if (count := self.counts_at.get(i)) is not None}
        return list(found.values())

    def date(self, event: Event) -> EventDate | None:
        """The date of the clause: one that hangs on the event, else one of the sentence that nothing else claims."""
        sentence = event.trigger.sent
        mine = {
            event.trigger.i,
            event.frame.clause.i,
            *(p.trigger.i for p in event.parts),
            *(p.clause.i for p in event.parts),
        }
        best: tuple[int, Date] | None = None
        for date, root in self.dates:
            if not sentence.start <= root.i < sentence.end:
                continue
            rank = self.date_rank(root, date, event, mine)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, date
        if best is None:
            return None
        date = best[1]
        return EventDate(
            text=date.text, start=date.start, end=date.end, earliest=date.earliest, latest=date.latest, edtf=date.edtf
        )

    def date_rank(self, root: "Token", date: Date, event: Event, mine: set[int]) -> int | None:
        """0 for a date on the event itself, more for a looser tie, null where another word claims it."""
        if root.i in mine:
            return 0
        owner = self.noun_before(date)
        if owner is not None:
            return 0 if owner is event else None
        aside = False
        for steps, head in enumerate(syntax.governors(root)):
            if head.i in mine:
                return 4 if aside else min(steps, 3)
            if head.i in self.cues:
                after = date.start > head.idx and root.i - head.i <= 6
                plain = event.frame.noun and event.frame.light is None
                return None if after or plain else 5
            if syntax.is_verb(head) and head.i not in self.triggers and not governs(head, event.frame.clause):
                aside = True  # the date of another clause counts only where that clause is part of the event's own
            other = self.triggers.get(head.i)
            if other is not None and other is not event:
                together = syntax.conjuncts(syntax.first_conjunct(event.frame.clause))
                shared = other.frame.clause.i in {t.i for t in together} and root.i < event.trigger.i
                return 8 if shared else None
        return None if aside else 6

    def noun_before(self, date: Date) -> Event | None:
        """The event whose noun the date follows at once: "air strikes *last week*"."""
        found = self.doc.char_span(date.start, date.end, alignment_mode="expand")
        for back in (1, 2):
            i = (found.start if found is not None else 0) - back
            if i < 0:
                break
            other = self.triggers.get(i)
            if other is not None and self.doc[i].tag_ in syntax.NOUN_TAGS:
                return other
            if self.doc[i].tag_ not in {"IN", "DT"}:
                break
        return None

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


def governs(verb: "Token", clause: "Token") -> bool:
    """Whether the clause hangs on the verb as a part of what it tells, not as something said, thought or described."""
    token = clause
    for _ in range(6):
        if token.i == verb.i:
            return True
        if token.dep_ in syntax.SAID | syntax.RELATIVE or token.head.i == token.i:
            return False
        token = token.head
    return False


DATELINE = re.compile(r"[^\n.!?]{0,60}\Z")
AFTER_DATELINE = re.compile(r"\s*(?:\d{4})?\s*(?:\([^)\n]{2,30}\)|\[[^\]\n]{2,60}\])?\s*(?:--|—|–|-\s|\[)")


def in_dateline(text: str, date: Date) -> bool:
    """Whether the date is that of a dateline: "CAIRO, Jan 8 (Agency) --", capitals before it and a dash after."""
    before = DATELINE.search(text[max(0, date.start - 80) : date.start])
    words = before.group().split() if before else []
    return (
        len(words) <= 8
        and all(not word[0].islower() or word in {"de", "of", "and", "la", "el"} for word in words)
        and AFTER_DATELINE.match(text[date.end : date.end + 100]) is not None
    )


def is_day(date: Date) -> bool:
    """Whether the expression can tell when something happened: no mere duration or repetition."""
    if date.earliest is not None or date.latest is not None:
        return True
    return not (date.timex or "").startswith("P") and not date.text.lower().startswith(tuple(WORDS.repeated))


def spread(senses: Senses, counts: list[Count]) -> dict[int, Count]:
    """token index -> the quantity that covers it."""
    at: dict[int, Count] = {}
    for count in counts:
        for token in senses.doc.char_span(count.start, count.end, alignment_mode="expand") or ():
            at[token.i] = count
    return at


# Weights of a logistic regression, fitted on articles annotated for the purpose and checked on others (expected
# calibration error 0.05). The words of the sentence count in thirties, at most sixty.
CONFIDENCE = {
    "base": 0.8, "actor": 0.9, "actors": -0.8, "target": 0.8, "targets": -0.95, "unknown": -0.9, "needs": -0.35,
    "words": -0.9, "folded": -0.3,
}  # fmt: skip


def confidence(event: Event, targets: tuple[Participant, ...]) -> float:
    """The estimated probability that type, actors and targets are all right."""
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

"""The numbers and the day of each event, by what hangs on its words."""

import re
from typing import TYPE_CHECKING, cast, get_args

from msgspec.structs import replace

from claimx import syntax
from claimx.events import Event
from claimx.folding import CASUALTY_ROLES
from claimx.mentions import Senses
from claimx.models import Count, Date, Role, Span
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

ROLES = frozenset(get_args(Role))
# What a number without a noun counts under these roles; under the others nothing is guessed.
OF_PEOPLE = CASUALTY_ROLES | {"captured", "released", "attackers"}


def measure(senses: Senses, events: list[Event], counts: list[Count], dates: list[Date], cues: set[int]) -> "Measures":
    """Give each event its counts and its date; `cues` are the words that report."""
    measures = Measures(senses, events, counts, dates, cues)
    for event in events:
        event.counts, event.date = measures.counts(event), measures.date(event)
    return measures


class Measures:
    """The quantities and dates of an article, and which of its events they may belong to."""

    def __init__(
        self, senses: Senses, events: list[Event], counts: list[Count], dates: list[Date], cues: set[int]
    ) -> None:
        self.senses, self.doc, self.cues = senses, senses.doc, cues
        self.quantities = counts
        self.counts_at = spread(senses, counts)
        self.dates = [(date, self.root(date)) for date in dates if is_day(date) and not in_dateline(senses.text, date)]
        self.triggers = {part.trigger.i: event for event in events for part in event.parts}

    def root(self, span: Span) -> "Token":
        found = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        return found.root if found is not None else self.doc[0]

    def bearer(self, count: Count) -> "Token":
        """The noun that a quantity counts, else its own head."""
        token = self.root(count)
        inside = [noun for word, noun in syntax.prepositional(token) if word == "of"]
        if inside:
            return inside[0]
        return token.head if syntax.is_noun(token.head) and token.dep_ in syntax.NUMBERING else token

    def near(self, event: Event) -> tuple[list[Count], list[tuple[Date, "Token"]]]:
        """The quantities and the dates of the event's sentence."""
        sentence = event.trigger.sent
        first, last = sentence.start_char, sentence.end_char
        return (
            [count for count in self.quantities if first <= count.start < last],
            [(date, root) for date, root in self.dates if first <= date.start < last],
        )

    def with_role(self, count: Count, bearer: "Token", role: Role) -> Count:
        """The quantity as a count of an event: under its role, with the unit that its words give."""
        unit = count.unit if count.unit and count.unit != count.text.lower() else None
        if unit is None and bearer.tag_ in syntax.NOUN_TAGS:
            unit = bearer.lemma_.lower()
        return replace(count, role=role, unit=unit or ("people" if role in OF_PEOPLE else None))

    def counts(self, event: Event) -> list[Count]:
        """The numbers on the event's participants, each with the role that its bearer gives it."""
        found: dict[int, Count] = {}
        for head, role in event.counted:
            for count in self.counts_on(head):
                if count.start not in found and role in ROLES:
                    found[count.start] = self.with_role(count, head, self.role(count, role))
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

    def date(self, event: Event) -> Date | None:
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
        return best[1] if best else None

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

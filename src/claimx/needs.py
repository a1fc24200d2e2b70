"""Whether what surrounds a candidate makes it an event: an entry's `needs`, and what the article is about."""

from typing import TYPE_CHECKING

from claimx import syntax
from claimx.mentions import Senses, lemma_of
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

    from claimx.frames import Frame


def kills(noun: "Token") -> bool:
    """Whether the noun is the subject of a verb of killing or wounding: "the operation killed 139"."""
    head = syntax.first_conjunct(noun)
    return head.dep_ in syntax.SUBJECT and head.head.lower_ in WORDS.harming


def is_same_disaster(pronoun: "Token") -> bool:
    """Whether "it" goes on with the disaster that the sentence before is about."""
    before = pronoun.sent.start - 1
    while before >= 0 and pronoun.doc[before].is_space:
        before -= 1
    if pronoun.lower_ not in {"it", "this", "that"} or before < 0:
        return False
    told = (t for t in pronoun.doc[before].sent if t.dep_ in syntax.SUBJECT or t.head.i == t.i)
    return any(lemma_of(token) in WORDS.disasters for token in told)


class Context:
    """Whether what surrounds a candidate makes it an event: its arguments' classes, its sentence, its article."""

    def __init__(self, senses: Senses, candidates: list["Frame"]) -> None:
        self.senses = senses
        self.events: set[int] = set()
        self.strong: set[int] = set()
        words = [lemma_of(t) for t in senses.doc]
        self.disasters = sum(word in WORDS.disasters for word in words)
        self.space = len(WORDS.space.intersection(words)) > 2
        self.captives = any(word in WORDS.captives for word in words)
        self.deeds: set[int] = set()
        strong = [
            f
            for f in candidates
            if f.entry.type in {"attack", "clash"} and not any("context" in n for n in f.entry.needs)
        ]
        self.strong = {f.trigger.i for f in strong if self.meets(f)}
        self.events = {f.trigger.i for f in candidates if f.noun and self.meets(f)}
        deeds = [f for f in candidates if f.entry.type in {"attack", "clash", "capture"} and self.meets(f)]
        self.deeds = {f.trigger.i for f in deeds}
        held = [f for f in deeds if f.entry.type == "capture"]
        self.captives = self.captives or any(
            "human" in self.senses.classes(t) for f in held for t in (*f.objects, *f.modifiers)
        )

    def barred(self, frame: "Frame") -> bool:
        """Whether the surroundings rule an event out, whatever a judge may think: accidents, sport, space flight."""
        if self.natural(frame) or any(lemma_of(m) in frame.entry.unless for m in frame.modifiers):
            return True
        grounded = any("context:ground" in need for need in frame.entry.needs)
        return grounded and not self.surrounded(frame, "ground")

    def meets(self, frame: "Frame") -> bool:
        if self.natural(frame) or any(lemma_of(m) in frame.entry.unless for m in frame.modifiers):
            return False
        needs = frame.entry.needs
        return not needs or any(all(self.holds(frame, part) for part in need.split("+")) for need in needs)

    def holds(self, frame: "Frame", need: str) -> bool:
        place, _, wanted = need.partition(":")
        if place == "noun":
            return frame.noun
        if place == "light":
            return frame.light is not None and lemma_of(frame.light) == wanted
        if place == "context":
            return self.surrounded(frame, wanted)
        if place == "main":
            return syntax.is_main(frame.trigger) and self.holds(frame, f"any:{wanted}")
        if place == "violence":  # "threatened to attack": a deed right below the verb
            return any(c.i in self.deeds or any(g.i in self.deeds for g in c.children) for c in frame.trigger.rights)
        if place == "zero":
            return any(child.lower_ == "no" for child in frame.trigger.children)
        if place == "kills":
            return kills(frame.trigger)
        if place == "none":
            return not self.fillers(frame, wanted)
        fillers = self.fillers(frame, place)
        if wanted == "any":
            return bool(fillers)
        if wanted == "event":
            return any(token.i in self.events for token in fillers)
        return any(wanted in self.senses.classes(token) for token in fillers)

    def fillers(self, frame: "Frame", place: str) -> list["Token"]:
        """The nouns in one place of a frame, as the lexicon names places."""
        if place == "subject":
            by = [noun for word, noun in frame.phrases if word == "by"]
            return frame.subjects + (frame.modifiers + by if frame.noun else [])
        if place == "object":
            return frame.objects
        if place == "mod":
            return frame.modifiers
        if place == "to":
            wanted = frame.entry.prepositions
            return [
                noun
                for word, noun in frame.phrases
                if word in wanted and wanted[word] not in {"none", "location"} and noun.i not in self.senses.days
            ]
        if place == "any":
            return [*frame.subjects, *frame.objects, *frame.modifiers, *(noun for _, noun in frame.phrases)]
        words = {"with": {"with", "using"}}.get(place, {place})
        return [noun for word, noun in frame.phrases if word in words and noun.i not in self.senses.days]

    def natural(self, frame: "Frame") -> bool:
        """Whether an accident, a disaster, an illness, sport or a quarrel is at work, or the sufferer is an animal.

        Where arms or armed people are among the arguments it is none of these, whatever else the sentence tells of.
        """
        harmful = frame.entry.type in {"attack", "casualty"}
        if harmful and frame.objects and all("animal" in self.senses.classes(token) for token in frame.objects):
            return True
        arguments = self.fillers(frame, "any")
        if any({"weapon", "armed"} & self.senses.classes(token) for token in arguments):
            return False
        if frame.entry.type not in {"deployment", "threat", "agreement"} and any(
            lemma_of(t) in WORDS.sports for t in frame.trigger.sent
        ):
            return True
        if not harmful:
            return False
        if not frame.noun and any(
            word == "over" and not {"place", "weapon"} & self.senses.classes(n) for word, n in frame.phrases
        ):
            return True  # "attacked the government over the cost"
        causes = [
            *frame.subjects,
            *(n for word, n in frame.phrases if word in {"by", "of", "from", "in", "during", "after"}),
        ]
        head = frame.trigger.head
        if frame.trigger.dep_ in syntax.PARTICIPLE | syntax.RELATIVE | syntax.CONJUNCT:
            causes += syntax.logical_subjects(head) if syntax.is_verb(head) else [head]
        return any(lemma_of(token) in WORDS.disasters or is_same_disaster(token) for token in causes)

    def surrounded(self, frame: "Frame", by: str) -> bool:
        """Whether the article is as an entry asks: tells of captives, of things on the ground, or of violence."""
        if by == "captive":
            return self.captives
        if by == "ground":
            # "satellite images" tell of no flight, "a rocket carrying a satellite" does
            flight = (t for t in frame.trigger.sent if lemma_of(t) in WORDS.space and t.dep_ not in syntax.ATTRIBUTE)
            return not self.space and next(flight, None) is None
        return self.violent(frame)

    def violent(self, frame: "Frame") -> bool:
        """Whether deaths and wounds here are those of violence: another trigger near by, arms in the sentence."""
        sentence = frame.trigger.sent
        if any(lemma_of(token) in WORDS.disasters for token in sentence):
            return False
        for token in sentence:
            if token.i in self.strong and token.i != frame.trigger.i:
                return True
            if token.i in self.senses.found.weapons or "armed" in self.senses.classes(token):
                return True
        return len(self.strong - {frame.trigger.i}) > self.disasters

"""Which frames tell one event: the killing and the attack that it came of, the strike and how the weapon came."""

from typing import TYPE_CHECKING, TypeGuard

from claimx import syntax
from claimx.frames import Frame
from claimx.mentions import lemma_of
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

Frames = dict[int, Frame]  # by the token index of the trigger

CASUALTY_ROLES = frozenset({"killed", "wounded", "casualties", "missing", "displaced"})
FIGHTS = frozenset({"attack", "clash"})
# What sets the event of an adverbial clause apart from the casualty before it.
APART = frozenset({"since", "until", "before"})


def fold(frames: list[Frame]) -> dict[Frame, Frame]:
    """frame -> the frame that tells its event: itself, or the attack that the killing came of."""
    at = {frame.trigger.i: frame for frame in frames}
    hosts = {frame: frame for frame in frames}
    for frame in frames:
        host = host_of(frame, at)
        if host is not None and root(hosts, host) is not frame:
            hosts[frame] = host
    return hosts


def root(hosts: dict[Frame, Frame], frame: Frame) -> Frame:
    while hosts[frame] is not frame:
        frame = hosts[frame]
    return frame


def host_of(frame: Frame, at: Frames) -> Frame | None:
    """The frame that this one's killing, hitting or counting belongs to, if any."""
    if is_casualty(frame) and syntax.is_negated(frame.trigger) and not frame.noun:
        return None  # that nobody was hurt is told for itself
    return next((host for rule in RULES if (host := rule(frame, at)) is not None), None)


def is_casualty(frame: Frame) -> bool:
    return frame.entry.type == "casualty" and frame.entry.role in CASUALTY_ROLES


def is_fight(frame: Frame | None) -> TypeGuard[Frame]:
    return frame is not None and frame.entry.type in FIGHTS


def is_fight_noun(frame: Frame | None) -> TypeGuard[Frame]:
    return is_fight(frame) and frame.noun


def doing(frame: Frame, at: Frames) -> Frame | None:
    """ "The *attack* killed 13", "the *explosion* that rocked the town": the noun that did it."""
    if frame.noun or frame.entry.type not in {"attack", "casualty"}:
        return None
    by = [noun for word, noun in frame.phrases if word == "by" and frame.passive]
    for noun in [*frame.subjects, *by]:
        other = at.get(noun.i) or (within(noun, at) if lemma_of(noun) in WORDS.quantifiers else None)
        if is_fight_noun(other):
            return other
    return None


def threatened(frame: Frame, at: Frames) -> Frame | None:
    """ "*Threatened* to attack the port", "*vowed* further strikes": what is threatened belongs to the threat."""
    if frame.entry.type == "threat" or frame.clause.dep_ not in syntax.DIRECT_OBJECT | syntax.CONTENT:
        return None
    other = at.get(frame.clause.head.i)
    return other if other is not None and other.entry.type == "threat" else None


def unleashed(frame: Frame, at: Frames) -> Frame | None:
    """ "Touched off an *explosion*", "unleashed an *attack*": the noun tells the event."""
    if frame.noun or frame.entry.type != "attack":
        return None
    for noun in frame.objects:
        other = at.get(noun.i)
        if is_fight_noun(other) and other.entry.type == "attack":
            return other
    return None


def source(frame: Frame, at: Frames) -> Frame | None:
    """ "Killed in an *attack*", "died after the *shelling*": the noun that the harm came of."""
    if not is_casualty(frame) and frame.entry.role != "targets":
        return None
    for word, noun in frame.phrases:
        other = at.get(noun.i) or (within(noun, at) if lemma_of(noun) in WORDS.outcomes else None)
        if word in WORDS.sources and is_fight_noun(other):
            return other
    return None


def adverbial(frame: Frame, at: Frames) -> Frame | None:
    """ "Wounded when gunmen *opened fire*", also of the verb that a casualty is coordinated with."""
    if not is_casualty(frame):
        return None
    trigger = frame.trigger
    for child in trigger.children:
        if child.dep_ in syntax.ADVERBIAL and not any(c.lower_ in APART for c in child.children):
            other = clause_frame(child, at)
            if is_fight(other):
                return other
    for child in trigger.children:
        if child.dep_ in syntax.CONJUNCT and child.i in at and at[child.i].entry.role in CASUALTY_ROLES:
            other = host_of(at[child.i], {i: f for i, f in at.items() if i != trigger.i})
            if is_fight(other):
                return other
    return when_frame(trigger, at)


def fired(frame: Frame, at: Frames) -> Frame | None:
    """ "*Struck* by rockets fired from the hills": how the weapon came is part of the strike."""
    trigger = frame.trigger
    if frame.entry.object != "weapon" or trigger.dep_ not in syntax.NOUN_CLAUSE:
        return None
    for other in at.values():
        if other is not frame and other.entry.type == "attack":
            arguments = *other.subjects, *other.objects, *(n for _, n in other.phrases)
            if trigger.head in arguments:
                return other
    return None


def related(frame: Frame, at: Frames) -> Frame | None:
    """ "Air *strikes* earlier this month which killed 30": the relative clause hangs on a word between."""
    if not is_casualty(frame) or frame.trigger.dep_ not in syntax.RELATIVE:
        return None
    for head in syntax.governors(frame.trigger):
        other = at.get(head.i)
        if is_fight_noun(other):
            return other
        if syntax.is_verb(head):
            break
    return None


def launching(frame: Frame, at: Frames) -> Frame | None:
    """ "*Fired* rockets, striking a school"."""
    trigger = frame.trigger
    if frame.noun or frame.entry.type != "attack" or trigger.tag_ != "VBG" or trigger.dep_ not in syntax.PARTICIPLE:
        return None
    for other in (at.get(trigger.head.i), at.get(trigger.head.head.i)):
        if other is not None and other is not frame and other.entry.object == "weapon":
            return other
    return None


def outcome(frame: Frame, at: Frames) -> Frame | None:
    """ "The *clashes* resulted in the death of nine": what comes of an event belongs to it."""
    verb = syntax.governor(frame.trigger)
    if not is_casualty(frame) or not frame.noun or lemma_of(verb) not in WORDS.resulting:
        return None
    for noun in syntax.logical_subjects(verb):
        other = at.get(noun.i) or within(noun, at)
        if is_fight_noun(other):
            return other
    before = [f for f in at.values() if is_fight_noun(f) and verb.sent.start <= f.trigger.i < verb.i]
    return before[-1] if before else None


def inner(frame: Frame, at: Frames) -> Frame | None:
    """ "The *clashes* with the death of nine": one noun inside another's phrase."""
    if not frame.noun or frame.entry.type != "casualty" or frame.trigger.dep_ not in syntax.ADJUNCT:
        return None
    other = at.get(syntax.governor(frame.trigger).i)
    return other if is_fight_noun(other) else None


def within(noun: "Token", at: Frames) -> Frame | None:
    """The event noun inside the phrase of a quantity or result: "a series of precision air strikes"."""
    return next((at[t.i] for t in noun.subtree if t.i in at and at[t.i].noun), None)


def near_frame(frame: Frame, at: Frames) -> Frame | None:
    """The attack beside a killing that the parse does not tie to it: "..., killing dozens", "four killed in a raid",
    "strikes this month which killed 30".
    """
    trigger = frame.trigger
    subjects = syntax.own_subjects(trigger)
    relative = any(s.lower_ in {"which", "that"} for s in subjects)
    if not is_casualty(frame) or frame.noun or (subjects and not relative):
        return None
    fights = [f for f in at.values() if is_fight(f) and f.entry.role not in CASUALTY_ROLES]
    before = [f for f in fights if trigger.sent.start <= f.trigger.i < trigger.i]
    if relative:
        nouns = [f for f in before if f.noun and trigger.i - f.trigger.i < 15]
        return nouns[-1] if nouns else None
    if trigger.tag_ == "VBG" and trigger.dep_ in syntax.LOOSE_CLAUSE and before:
        return before[-1]
    if frame.passive or trigger.tag_ in {"VBN", "JJ"}:
        doc = trigger.doc
        for i in range(trigger.i + 1, min(trigger.i + 9, trigger.sent.end)):
            if i in at and at[i] in fights and (at[i].noun or doc[i].tag_ in {"VBD", "VB"}):
                return at[i] if any(t.lower_ in {"in", "during"} for t in doc[trigger.i + 1 : i]) else None
            if doc[i].lower_ in {"and", "but", ",", "when", "who"} or syntax.is_verb(doc[i]):
                return None
    return None


def when_frame(trigger: "Token", at: Frames) -> Frame | None:
    """The attack of the when-clause that follows a killing, wherever the parser hung it."""
    for token in trigger.doc[trigger.i + 1 : min(trigger.sent.end, trigger.i + 15)]:
        if token.lower_ in {"when", "after"} and token.dep_ in syntax.CLAUSE_WORD:
            other = at.get(token.head.i)
            return other if is_fight(other) else None
        if token.i in at or (syntax.is_verb(token) and token.dep_ not in syntax.REDUCED):
            return None
    return None


def upper_frame(frame: Frame, at: Frames) -> Frame | None:
    """The event above a word of killing or wounding, up to the next clause that is said or stands for itself."""
    if not is_casualty(frame):
        return None
    token = frame.trigger
    linked = set()
    for _ in range(6):
        link, head = token.dep_, token.head
        if head.i == token.i or link in syntax.STANDING:
            return None
        linked.add(link)
        other = clause_frame(head, at)
        if other is not None and other is not frame:
            if is_fight(other):
                apart = bool(linked & syntax.CONJUNCT) and not shares_subject(frame, other)
                return None if apart or (frame.noun and link not in syntax.OBJECT | syntax.NOUN_LINK) else other
            joined = linked & syntax.JOINED or is_joined(other.trigger, frame.trigger)
            return other if joined and other.entry.role in CASUALTY_ROLES and not frame.noun else None
        token = head
    return None


def is_joined(first: "Token", second: "Token") -> bool:
    """Whether "and" stands close between two words, however the parser tied them: "killed *and* about 20 wounded"."""
    between = first.doc[first.i + 1 : second.i]
    return len(between) <= 5 and any(token.lower_ == "and" for token in between)


def clause_frame(token: "Token", at: Frames) -> Frame | None:
    """The frame that a clause's head tells, itself or through the event noun it carries ("carried out an attack")."""
    if token.i in at:
        return at[token.i]
    for child in token.children:
        if (
            child.i in at
            and at[child.i].noun
            and (at[child.i].light == token or child.dep_ in syntax.SUBJECT | syntax.OBJECT)
        ):
            return at[child.i]
    return None


def shares_subject(frame: Frame, other: Frame) -> bool:
    """Whether two coordinated verbs have the same doer or the same sufferer."""
    mine = {t.i for t in frame.subjects} or {t.i for t in frame.objects}
    theirs = {t.i for t in (*other.subjects, *other.objects)}
    return bool(mine & theirs) or not syntax.own_subjects(frame.trigger)


# The first that finds a host wins.
RULES = (
    doing, threatened, unleashed, source, adverbial, fired, related, upper_frame, near_frame, launching, outcome, inner,
)  # fmt: skip

"""From frames to events: which frames tell one event, and what fills its slots."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.frames import Frame
from claimx.mentions import COLLECTIVES, QUANTIFIERS, Senses, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

CASUALTY_ROLES = frozenset({"killed", "wounded", "casualties", "missing", "displaced"})
PLACE_WORDS = frozenset(
    {"in", "at", "near", "outside", "inside", "around", "from", "across", "throughout", "over", "within", "off", "along",
     "north of", "south of", "east of", "west of", "toward", "towards", "close to", "next to", "on", "into", "through",
     "between", "to", "of", "via", "for", "by", "under", "opposite", "beside", "beneath"}
)  # fmt: skip
# What the number on an event noun counts.
NUMBERED = {"attack": "attacks", "clash": "attacks", "interception": "attacks"}
# An attack near a thing is one on it, where nothing else was hit.
BESIDE = frozenset({"near", "outside", "at", "in front of", "beside", "next to", "against", "inside"})
WEAPON_WORDS = frozenset({"with", "using", "from", "by", "via", "in", "of", "involving"})
# Nouns whose possessor or "of" undergoes what they tell, as with a transitive verb: "their kidnapping", "the girls' release".
PASSIVE_NOUNS = frozenset({"capture", "release", "casualty"})


@dataclass(slots=True, eq=False)
class Event:
    """A trigger with its slots as head tokens; `parts` are the frames folded into it, its own first."""

    frame: Frame
    parts: list[Frame]
    actors: list["Token"] = field(default_factory=list)
    targets: list["Token"] = field(default_factory=list)
    weapons: list["Token"] = field(default_factory=list)
    places: list["Token"] = field(default_factory=list)
    counted: list[tuple["Token", str]] = field(default_factory=list)  # a head and the role of the number on it

    @property
    def trigger(self) -> "Token":
        return self.frame.trigger

    @property
    def type(self) -> str:
        """The entry's type; a killing by someone or with something is an attack."""
        kind = self.frame.entry.type
        if kind == "deployment" and self.frame.entry.object == "weapon" and self.targets:
            return "attack"  # what is fired at something is no test
        if kind == "casualty" and (self.actors or self.weapons) and self.frame.entry.role in CASUALTY_ROLES:
            return "attack"
        return kind


def find_events(senses: Senses, frames: list[Frame]) -> list[Event]:
    """The events of a text in text order, those told by several words of a clause once."""
    hosts = fold(frames)
    events = []
    for frame in frames:
        if hosts[frame] is frame:
            parts = [frame, *(f for f in frames if f is not frame and root(hosts, f) is frame)]
            event = Event(frame, parts)
            fill(senses, event)
            events.append(event)
    return events


# ------------------------------------------------------------------------------------------------------------ folding


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


def host_of(frame: Frame, at: dict[int, Frame]) -> Frame | None:
    """The frame that this one's killing, hitting or counting belongs to, if any."""
    trigger, entry = frame.trigger, frame.entry
    casualty = entry.type == "casualty" and entry.role in CASUALTY_ROLES
    if casualty and syntax.is_negated(trigger) and not frame.noun:
        return None  # that nobody was hurt is told for itself
    violent = entry.type in {"attack", "casualty"}
    # "The attack killed 13", "the explosion that rocked the town": the noun is the trigger.
    if violent and not frame.noun:
        for noun in [*frame.subjects, *(n for word, n in frame.phrases if word in {"by"} and frame.passive)]:
            other = at.get(noun.i) or (within(noun, at) if lemma_of(noun) in QUANTIFIERS else None)
            if other is not None and other.noun and other.entry.type in {"attack", "clash"}:
                return other
    # "threatened to attack the port", "vowed further strikes": what is threatened belongs to the threat
    if entry.type != "threat":
        clause = frame.clause
        other = at.get(clause.head.i)
        if other is not None and other.entry.type == "threat" and clause.dep_ in {"xcomp", "obj", "dobj", "ccomp"}:
            return other
    # "touched off an explosion", "unleashed an attack": the noun tells the event
    if entry.type == "attack" and not frame.noun:
        for noun in frame.objects:
            other = at.get(noun.i)
            if other is not None and other.noun and other.entry.type == "attack":
                return other
    # "killed in an attack", "wounded when gunmen opened fire", "died after the shelling"
    if casualty or entry.role == "targets":
        for word, noun in frame.phrases:
            other = at.get(noun.i) or (within(noun, at) if lemma_of(noun) in {"result", "course", "wake", "aftermath"} else None)
            if other is not None and other.noun and other.entry.type in {"attack", "clash"}:
                if word in {"in", "during", "by", "from", "after", "following", "as a result of", "of", "on", "at", "when", "with"}:
                    return other
    if casualty:
        for child in trigger.children:
            if child.dep_ in {"advcl", "advcl:relcl"} and not any(c.lower_ in {"since", "until", "before"} for c in child.children):
                other = clause_frame(child, at)
                if other is not None and other.entry.type in {"attack", "clash"}:
                    return other
        for child in trigger.children:
            if child.dep_ == "conj" and child.i in at and at[child.i].entry.role in CASUALTY_ROLES:
                other = host_of(at[child.i], {i: f for i, f in at.items() if i != trigger.i})
                if other is not None and other.entry.type in {"attack", "clash"}:
                    return other
        other = when_frame(trigger, at)
        if other is not None:
            return other
    # "struck by rockets fired from the hills": how the weapon came is part of the strike
    if entry.object == "weapon" and trigger.dep_ in {"acl", *syntax.RELATIVE}:
        for other in at.values():
            if other is not frame and other.entry.type == "attack" and trigger.head in (
                *other.subjects, *other.objects, *(n for _, n in other.phrases)
            ):  # fmt: skip
                return other
    # "air strikes earlier this month which killed 30": the relative clause hangs on a word between
    if casualty and trigger.dep_ in syntax.RELATIVE and "relcl" in trigger.dep_:
        for head in syntax.governors(trigger):
            other = at.get(head.i)
            if other is not None and other.noun and other.entry.type in {"attack", "clash"}:
                return other
            if syntax.is_verb(head):
                break
    # "struck a base, killing 10", "opened fire, leaving five dead", "a raid in which six died", "killed 3 and wounded 10"
    if casualty:
        other = upper_frame(frame, at)
        if other is not None:
            return other
    if casualty:
        other = near_frame(frame, at)
        if other is not None:
            return other
    # "fired rockets, striking a school"
    if entry.type == "attack" and not frame.noun and trigger.tag_ == "VBG" and trigger.dep_ in {"advcl", "xcomp", "acl"}:
        for other in (at.get(trigger.head.i), at.get(trigger.head.head.i)):
            if other is not None and other is not frame and other.entry.object == "weapon":
                return other
    # "the clashes resulted in the death of nine": what comes of an event belongs to it
    if casualty and frame.noun and lemma_of(syntax.governor(trigger)) in {"result", "lead", "cause", "claim", "bring", "inflict"}:
        verb = syntax.governor(trigger)
        for noun in syntax.logical_subjects(verb):
            other = at.get(noun.i) or within(noun, at)
            if other is not None and other.noun and other.entry.type in {"attack", "clash"}:
                return other
        before = [f for f in at.values() if f.noun and verb.sent.start <= f.trigger.i < verb.i and f.entry.type in {"attack", "clash"}]
        if before:
            return before[-1]
    # "a truck bomb explosion killed", "carried out the attack by detonating": one noun inside another's phrase
    if frame.noun and trigger.dep_ in {"nmod", "pobj"} and entry.type == "casualty":
        other = at.get(syntax.governor(trigger).i)
        if other is not None and other.noun and other.entry.type in {"attack", "clash"}:
            return other
    return None


def within(noun: "Token", at: dict[int, Frame]) -> Frame | None:
    """The event noun inside the phrase of a quantity or result: "a series of precision air strikes"."""
    return next((at[t.i] for t in noun.subtree if t.i in at and at[t.i].noun), None)


def near_frame(frame: Frame, at: dict[int, Frame]) -> Frame | None:
    """The attack beside a killing that the parse does not tie to it: "..., killing dozens", "four killed in a raid",
    "strikes this month which killed 30"."""
    trigger = frame.trigger
    if frame.noun or syntax.own_subjects(trigger) and not any(s.lower_ in {"which", "that"} for s in syntax.own_subjects(trigger)):
        return None
    fights = [f for f in at.values() if f.entry.type in {"attack", "clash"} and f.entry.role not in CASUALTY_ROLES]
    before = [f for f in fights if trigger.sent.start <= f.trigger.i < trigger.i]
    relative = any(s.lower_ in {"which", "that"} for s in syntax.own_subjects(trigger))
    if relative:
        nouns = [f for f in before if f.noun and trigger.i - f.trigger.i < 15]
        return nouns[-1] if nouns else None
    if trigger.tag_ == "VBG" and trigger.dep_ in {"advcl", "acl", "xcomp", "conj", "ROOT", "dep"} and before:
        return before[-1]
    if frame.passive or trigger.tag_ in {"VBN", "JJ"}:
        doc = trigger.doc
        for i in range(trigger.i + 1, min(trigger.i + 9, trigger.sent.end)):
            if i in at and at[i] in fights and (at[i].noun or doc[i].tag_ in {"VBD", "VB"}):
                return at[i] if any(t.lower_ in {"in", "during"} for t in doc[trigger.i + 1 : i]) else None
            if doc[i].lower_ in {"and", "but", ",", "when", "who"} or syntax.is_verb(doc[i]):
                return None
    return None


def when_frame(trigger: "Token", at: dict[int, Frame]) -> Frame | None:
    """The attack of the when-clause that follows a killing, wherever the parser hung it: "people killed when a man drove"."""
    for token in trigger.doc[trigger.i + 1 : min(trigger.sent.end, trigger.i + 15)]:
        if token.lower_ in {"when", "after"} and token.dep_ in {"advmod", "mark"}:
            other = at.get(token.head.i)
            return other if other is not None and other.entry.type in {"attack", "clash"} else None
        if token.i in at or (syntax.is_verb(token) and token.dep_ not in {"acl", "xcomp"}):
            return None
    return None


def upper_frame(frame: Frame, at: dict[int, Frame]) -> Frame | None:
    """The event above a word of killing or wounding, up to the next clause that is said or stands for itself."""
    token = frame.trigger
    linked = set()
    for _ in range(6):
        link, head = token.dep_, token.head
        if head.i == token.i or link in {"ccomp", "parataxis", "csubj", "nsubj", "nsubj:pass", "nsubjpass"}:
            return None
        linked.add(link)
        other = clause_frame(head, at)
        if other is not None and other is not frame:
            if "conj" in linked and other.entry.type in {"attack", "clash"} and not shares_subject(frame, other):
                return None
            if other.entry.type in {"attack", "clash"}:
                return other if not frame.noun or link in syntax.OBJECT | {"conj", "nmod", "pobj", "prep"} else None
            if other.entry.role in CASUALTY_ROLES and linked & {"conj", "advcl", "acl", "obl"} and not frame.noun:
                return other
            return None
        token = head
    return None


def clause_frame(token: "Token", at: dict[int, Frame]) -> Frame | None:
    """The frame that a clause's head tells, itself or through the event noun it carries ("carried out an attack")."""
    if token.i in at:
        return at[token.i]
    for child in token.children:
        if child.i in at and at[child.i].noun and (at[child.i].light == token or child.dep_ in syntax.SUBJECT | syntax.OBJECT):
            return at[child.i]
    return None


def shares_subject(frame: Frame, other: Frame) -> bool:
    """Whether two coordinated verbs have the same doer or the same sufferer."""
    mine = {t.i for t in frame.subjects} or {t.i for t in frame.objects}
    theirs = {t.i for t in (*other.subjects, *other.objects)}
    return bool(mine & theirs) or not syntax.own_subjects(frame.trigger)


# ------------------------------------------------------------------------------------------------------------- slots


def fill(senses: Senses, event: Event) -> None:
    frame = event.frame
    own = place_arguments(senses, event, frame)
    for part in event.parts[1:]:
        fold_arguments(senses, event, part, bool(own))
    for token in list(event.weapons):
        event.weapons += senses.load(token)
    for part in event.parts:
        if part.entry.role in CASUALTY_ROLES and not part.noun:
            event.counted += [(token, part.entry.role) for token in bare_numbers(part.trigger)]
    event.actors = unique(event.actors)
    event.targets = [t for t in unique(event.targets) if t not in event.actors or event.type == "clash"]
    event.weapons = unique(event.weapons)
    event.places = unique(event.places)
    if frame.noun and (role := frame.entry.role if event.frame.entry.type == "casualty" else NUMBERED.get(event.type, "")):
        event.counted.append((frame.trigger, role))


def place_arguments(senses: Senses, event: Event, frame: Frame) -> list["Token"]:
    """Put each argument of the event's own frame into its slot; gives the targets."""
    entry = frame.entry
    role = "killed" if is_deadly(frame) else entry.role
    for token in frame.subjects:
        if entry.subject == "actor" and {"place", "named"} <= senses.classes(token) and not senses.classes(token) & {"state", "human"}:
            event.actors.append(token)  # a capital stands for its government: "Pyongyang launched"
            continue
        put(senses, event, entry.subject, token, entry.role if entry.subject == "target" else "")
    for token in frame.objects:
        put(senses, event, entry.object, token, role)
    for token in frame.modifiers:
        put_modifier(senses, event, frame, token)
    for word, token in frame.phrases:
        put_phrase(senses, event, frame, word, token)
    return event.targets


def is_deadly(frame: Frame) -> bool:
    """Whether the clause says that the sufferers died: "shot dead", "stabbed to death", "shot and killed"."""
    if frame.noun or frame.entry.role not in {"casualties", "wounded", ""} or frame.entry.type != "attack":
        return False
    return any(
        (c.lower_ == "dead" and c.i <= frame.trigger.i + 4) or c.lower_ == "death" or (c.dep_ == "conj" and c.lower_ == "killed")
        for c in (*frame.trigger.children, *(g for c in frame.trigger.children for g in c.children if c.dep_ in {"prep", "obj", "dobj"}))
    )


def put(senses: Senses, event: Event, slot: str, token: "Token", role: str = "") -> None:
    """One argument into one slot; a slot of two names is settled by what the argument is."""
    if token.i in senses.days or token.is_punct or token.is_space:
        return
    classes = senses.classes(token)
    if slot == "weapon-or-actor":
        slot = "weapon" if classes & {"weapon", "vehicle"} and "human" not in classes else "actor"
    elif slot == "weapon-or-target":
        slot = "weapon" if "weapon" in classes else "none" if "self" in classes else "target"
    elif slot == "target-or-place":
        slot = "place" if "place" in classes and "facility" not in classes else "target"
    elif slot == "both":
        slot = "actor"
    if slot == "actor" and "weapon" in classes and "human" not in classes:
        event.weapons.append(token)
        event.counted.append((token, "attackers" if "aircraft" in classes else "weapons"))
        if "aircraft" in classes or (
            classes & {"artillery", "vehicle"} and any("hostile" in senses.classes(m) for m in syntax.modifiers(token))
        ):
            event.actors.append(token)  # who flies or fires it is named by it: "coalition aircraft", "Turkish artillery"
        return
    if slot == "actor" and (not is_party(token, classes) or any(c.lower_ == "no" for c in token.children)):
        return
    if slot == "facility":
        slot = "target" if "facility" in classes and not {"named", "place"} <= classes else "place"
        if slot == "place" and "place" not in classes:
            return
    if slot == "target" and "weapon" in classes and event.frame.entry.type == "attack" and event.frame.entry.id == "attack.fire":
        slot = "weapon"
    if slot == "actor":
        event.actors.append(token)
        event.counted.append((token, "forces" if event.frame.entry.type == "deployment" else "attackers"))
    elif slot == "weapon":
        event.weapons.append(token)
        event.counted.append((token, role if role in {"weapons"} else "weapons"))
    elif slot == "place":
        event.places.append(token)
    elif slot == "target":
        people = "human" in classes and lemma_of(token) not in COLLECTIVES
        event.counted.append((token, role or ("casualties" if people else "targets")))
        if is_thing(token):
            event.targets.append(token)
        if "settlement" in classes or ("place" in classes and "named" in classes and "facility" not in classes):
            event.places.append(token)


def is_party(token: "Token", classes: frozenset[str]) -> bool:
    """Whether the phrase can be a doer: people, a body or state, or a name of which nothing else is known."""
    if classes & {"human", "organisation", "state", "armed", "pronoun", "hostile", "vehicle"}:
        return True
    return token.tag_ in {"NNP", "NNPS"} and "place" not in classes


# What stands before an event noun and says of which sort it is, not who did it.
SORTS = frozenset({"terrorist", "terror", "military", "suicide", "enemy", "bomber", "civilian", "criminal"})


def bare_numbers(trigger: "Token") -> list["Token"]:
    """The number right before or behind a word of killing: "84 *wounded*", "*wounding* 110"."""
    found = []
    for step in (-1, 1):
        i = trigger.i + step
        while 0 <= i < len(trigger.doc) and trigger.doc[i].lower_ in {"more", "others", "were", "was"}:
            i += step
        if 0 <= i < len(trigger.doc):
            token = trigger.doc[i]
            after = trigger.doc[i + 1] if i + 1 < len(trigger.doc) else None
            counts_other = step > 0 and after is not None and after.tag_ in syntax.NOUN_TAGS
            if (token.tag_ == "CD" or lemma_of(token) in {"dozen", "hundred", "thousand", "score"}) and not counts_other:
                found.append(token)
    return found


def is_thing(token: "Token") -> bool:
    """Whether the word names what was hit: no bare quantity ("killing dozens"), no adverbial ("on the ground")."""
    return token.tag_ != "CD" and lemma_of(token) not in BARE and token.tag_ not in {"JJR", "RBR", "RB"}


BARE = frozenset({"dozen", "hundred", "thousand", "score", "more", "least", "soil", "ground", "side", "way", "behalf", "scale", "wounded", "dead"})


def put_modifier(senses: Senses, event: Event, frame: Frame, token: "Token") -> None:
    """What stands before an event noun: its doer, its weapon, its place, or with some nouns its sufferer."""
    classes, entry = senses.classes(token), frame.entry
    possessive = token.dep_ in syntax.POSSESSIVE
    if "weapon" in classes:
        event.weapons.append(token)
        return
    if token.tag_ == "CD" or "number" in classes or (lemma_of(token) in SORTS and not possessive):
        return
    undergone = entry.role == "killed" and not any(word == "of" for word, _ in frame.phrases)  # "his murder", "his killing"
    if entry.type in PASSIVE_NOUNS or entry.subject == "target" or (undergone and possessive and "person" in classes):
        if (possessive or entry.subject == "target") and (classes & {"human", "place", "facility", "vehicle"} or "pronoun" in classes):
            put(senses, event, "target", token, entry.role)
            return
    if classes & {"armed", "state", "organisation", "hostile", "group"} or (possessive and "human" in classes):
        event.actors.append(token)
    elif classes & {"facility", "vehicle"} and entry.type == "attack":
        event.targets.append(token)
    elif "place" in classes and "named" in classes:
        event.places.append(token)
    elif "human" in classes and not possessive:
        event.actors.append(token)


def put_phrase(senses: Senses, event: Event, frame: Frame, word: str, token: "Token") -> None:
    classes, entry = senses.classes(token), frame.entry
    slot = entry.prepositions.get(word)
    if word == "by":
        if frame.noun or frame.passive:
            if "weapon" in classes:
                event.weapons.append(token)
            elif classes & {"human", "state", "organisation", "group", "armed", "pronoun"} or not classes & {"place"}:
                if (token.tag_ in syntax.NOUN_TAGS or "pronoun" in classes) and token.i not in senses.days:
                    event.actors.append(token)
                    event.counted.append((token, "attackers"))
        return
    if slot and slot != "none":
        if slot == "location":
            if "place" in classes:
                event.places.append(token)
        elif not ("weapon" in classes and word in WEAPON_WORDS):
            put(senses, event, slot, token, entry.role)
            return
    if not slot and entry.type == "attack" and word in BESIDE and classes & {"facility", "vehicle", "human"} and not event.targets:
        put(senses, event, "target", token)
        return
    if "weapon" in classes and word in WEAPON_WORDS:
        event.weapons.append(token)
        event.counted.append((token, "weapons"))
    elif word == "using" and (token.tag_ in syntax.NOUN_TAGS):
        event.weapons.append(token)
    elif word in PLACE_WORDS and "place" in classes:
        event.places.append(token)


def fold_arguments(senses: Senses, event: Event, part: Frame, targets: bool) -> None:
    """What a folded frame adds: the dead as counts, and as targets where nothing else was hit."""
    entry = part.entry
    hit = part.objects if entry.subject != "target" else part.subjects
    if part.noun:
        hit = [n for word, n in part.phrases if entry.prepositions.get(word, "").startswith("target")]
        hit += [m for m in part.modifiers if "human" in senses.classes(m) and m.tag_ not in {"CD", "PRP$"}]
    casualty = entry.role in CASUALTY_ROLES
    for token in hit:
        if casualty:
            event.counted.append((token, entry.role))
            if not targets and is_thing(token):
                event.targets.append(token)
            if event.type == "clash" and "armed" in senses.classes(token) and len(event.actors) == 1:
                event.actors.append(token)  # the dead of a fight are one of its sides
        else:
            put(senses, event, "target", token, entry.role)
    if part.noun and casualty:
        event.counted.append((part.trigger, entry.role))
    for word, token in part.phrases:
        classes = senses.classes(token)
        if token.i == event.trigger.i:
            continue
        if "weapon" in classes and word in WEAPON_WORDS:
            event.weapons.append(token)
        elif word in PLACE_WORDS and "place" in classes:
            event.places.append(token)
        elif word == "by" and not event.actors and classes & {"human", "state", "organisation"}:
            event.actors.append(token)
    if not part.noun and not part.passive and entry.subject == "actor" and not event.actors:
        for token in part.subjects:
            if token.i != event.trigger.i and senses.classes(token) & {"human", "state", "organisation", "armed"}:
                event.actors.append(token)


def unique(tokens: list["Token"]) -> list["Token"]:
    seen: set[int] = set()
    return [t for t in tokens if not (t.i in seen or seen.add(t.i))]  # type: ignore[func-returns-value]


def is_bare(event: Event, dated: bool, counted: bool) -> bool:
    """Whether a noun is a mere mention of an event, with no slot of its own."""
    if event.frame.noun and event.type in {"attack", "clash"} and is_news(event.trigger):
        return False
    if not event.frame.noun:
        return not (event.actors or event.targets or event.weapons or counted)
    return not (event.actors or event.targets or event.weapons or event.places or dated or counted)


def is_news(noun: "Token") -> bool:
    """Whether an event noun without slots is told as new: "there was an explosion", "residents heard gunfire"."""
    if any(c.dep_ in {"det", "nmod:poss", "poss"} and c.lower_ not in {"a", "an", "no", "some", "several"} for c in noun.children):
        return False
    head = syntax.first_conjunct(noun)
    return (lemma_of(head.head) in {"hear", "report"} and head.dep_ in syntax.OBJECT | syntax.PASSIVE_SUBJECT) or any(
        c.dep_ == "expl" for c in (*head.head.children, *head.children)
    )


def lemma(event: Event) -> str:
    return lemma_of(event.trigger)

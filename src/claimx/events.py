"""From frames to events: what fills the slots of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.folding import CASUALTY_ROLES, fold, root
from claimx.frames import Candidates, Frame
from claimx.mentions import Senses, lemma_of
from claimx.models import Count, Date
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

# What the number on an event noun counts.
NUMBERED = {"attack": "attacks", "clash": "attacks", "interception": "attacks"}
# Nouns whose possessor or "of" undergoes what they tell, as with a transitive verb: "the girls' release".
PASSIVE_NOUNS = frozenset({"capture", "release", "casualty"})
# Classes of what can do something; of a verb's own subject more may.
ACTING = frozenset({"human", "state", "organisation"})
DOERS = ACTING | {"armed", "pronoun", "hostile", "vehicle"}


@dataclass(slots=True, eq=False)
class Event:
    """A trigger with its slots as head tokens; `parts` are the frames folded into it, its own first."""

    frame: Frame
    parts: list[Frame]
    judged: str = ""  # the type, where it was judged
    belief: float = 0.0  # how probable type, actors and targets were judged to be, together
    actors: list["Token"] = field(default_factory=list)
    targets: list["Token"] = field(default_factory=list)
    weapons: list["Token"] = field(default_factory=list)
    places: list["Token"] = field(default_factory=list)
    counted: list[tuple["Token", str]] = field(default_factory=list)  # a head and the role of the number on it
    counts: list[Count] = field(default_factory=list)
    date: Date | None = None

    @property
    def trigger(self) -> "Token":
        return self.frame.trigger

    @property
    def type(self) -> str:
        """The judged type, else the entry's; a killing by someone or with something is an attack."""
        if self.judged:
            return self.judged
        kind = self.frame.entry.type
        if kind == "deployment" and self.frame.entry.object == "weapon" and self.targets:
            return "attack"  # what is fired at something is no test
        if kind == "casualty" and (self.actors or self.weapons) and self.frame.entry.role in CASUALTY_ROLES:
            return "attack"
        return kind


def find_events(
    senses: Senses, candidates: Candidates, kept: Mapping[int, tuple[str, float]] | None = None
) -> list[Event]:
    """The events of a text in text order, those told by several words of a clause once.

    `kept` gives the triggers by token, their types and how far to believe them, where they have been judged; else the
    rules decide.
    """
    hosts = fold(list(candidates.met.values()))
    groups: dict[Frame, list[Frame]] = {}
    for frame in candidates.met.values():
        groups.setdefault(root(hosts, frame), []).append(frame)
    if kept is None:
        kept = {frame.trigger.i: ("", 0.0) for frame in groups}
    events = {}
    for host, frames in groups.items():
        chosen = [f for f in (host, *(f for f in frames if f is not host)) if f.trigger.i in kept]
        rest = [f for f in frames if f.trigger.i not in kept]
        for frame in chosen:  # the first takes what else tells of the event
            events[frame.trigger.i] = Event(frame, [frame, *rest], *kept[frame.trigger.i])
            rest = []
    for i, verdict in kept.items():
        if i not in events:
            frame = candidates.frame(i)
            events[i] = Event(frame, [frame], *verdict)
    found = [events[i] for i in sorted(events)]
    for event in found:
        fill(senses, event)
    return found


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
    event.actors = whole(senses, unique(event.actors))
    event.targets = [t for t in whole(senses, unique(event.targets)) if t not in event.actors or event.type == "clash"]
    event.weapons = unique(event.weapons)
    event.places = unique(event.places)
    role = frame.entry.role if frame.entry.type == "casualty" else NUMBERED.get(event.type, "")
    if frame.noun and role:
        event.counted.append((frame.trigger, role))


def place_arguments(senses: Senses, event: Event, frame: Frame) -> list["Token"]:
    """Put each argument of the event's own frame into its slot; gives the targets."""
    entry = frame.entry
    role = "killed" if is_deadly(frame) else entry.role
    for token in frame.subjects:
        if (
            entry.subject == "actor"
            and {"place", "named"} <= senses.classes(token)
            and not senses.classes(token) & {"state", "human"}
        ):
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
    below = list(frame.trigger.children)
    deeper = [g for c in below for g in c.children if c.dep_ in syntax.DIRECT_OBJECT | syntax.PREPOSITION]
    return any(
        (c.lower_ == "dead" and c.i <= frame.trigger.i + 4)
        or c.lower_ == "death"
        or (c.dep_ in syntax.CONJUNCT and c.lower_ == "killed")
        for c in (*below, *deeper)
    )


def put(senses: Senses, event: Event, slot: str, token: "Token", role: str = "") -> None:
    """One argument into one slot; a slot of two names is settled by what the argument is."""
    if token.i in senses.days or token.is_punct or token.is_space:
        return
    classes = senses.classes(token)
    if slot == "weapon-or-actor" and token.lower_ in {"it", "they"}:
        slot = "weapon"  # what went off, not who
    slot = settle(slot, classes)
    if slot == "target" and "weapon" in classes and event.frame.entry.id == "attack.fire":
        slot = "weapon"
    if slot == "actor":
        put_actor(senses, event, token)
    elif slot == "weapon":
        event.weapons.append(token)
        event.counted.append((token, "weapons"))
    elif slot == "place":
        event.places.append(token)
    elif slot == "target":
        people = "human" in classes and lemma_of(token) not in WORDS.collectives
        event.counted.append((token, role or ("casualties" if people else "targets")))
        if is_thing(token):
            event.targets.append(token)
        if "settlement" in classes or ({"place", "named"} <= classes and "facility" not in classes):
            event.places.append(token)


def settle(slot: str, classes: frozenset[str]) -> str:
    """The one slot that an entry's means for an argument of the classes: actor, weapon, target, place or none."""
    if slot == "weapon-or-actor":
        return "weapon" if classes & {"weapon", "vehicle"} and "human" not in classes else "actor"
    if slot == "weapon-or-target":
        return "weapon" if "weapon" in classes else "none" if "self" in classes else "target"
    if slot == "target-or-place":
        return "place" if "place" in classes and "facility" not in classes else "target"
    if slot == "facility":
        if "facility" in classes and not {"named", "place"} <= classes:
            return "target"
        return "place" if "place" in classes else "none"
    return "actor" if slot == "both" else slot


def put_actor(senses: Senses, event: Event, token: "Token") -> None:
    """A doer, or the weapon that stands for one: "a drone struck"."""
    classes = senses.classes(token)
    if "weapon" in classes and "human" not in classes:
        event.weapons.append(token)
        event.counted.append((token, "attackers" if "aircraft" in classes else "weapons"))
        owned = any("hostile" in senses.classes(m) for m in syntax.modifiers(token))
        if "aircraft" in classes or (classes & {"artillery", "vehicle"} and owned):
            event.actors.append(token)  # who flies or fires it is named by it: "coalition aircraft"
    elif is_party(token, classes) and not any(c.lower_ == "no" for c in token.children):
        event.actors.append(token)
        event.counted.append((token, "forces" if event.frame.entry.type == "deployment" else "attackers"))


def is_party(token: "Token", classes: frozenset[str]) -> bool:
    """Whether the phrase can be a doer: people, a body or state, or a name of which nothing else is known."""
    return bool(classes & DOERS) or (token.tag_ in syntax.NAME_TAGS and "place" not in classes)


def bare_numbers(trigger: "Token") -> list["Token"]:
    """The number right before or behind a word of killing: "84 *wounded*", "*wounding* 110"."""
    found = []
    for step in (-1, 1):
        i = trigger.i + step
        while 0 <= i < len(trigger.doc) and trigger.doc[i].lower_ in {"more", "others", "were", "was"}:
            i += step
        if not 0 <= i < len(trigger.doc):
            continue
        token = trigger.doc[i]
        counts_other = step > 0 and i + 1 < len(trigger.doc) and syntax.is_noun(trigger.doc[i + 1])
        if (token.tag_ == "CD" or lemma_of(token) in WORDS.numbers) and not counts_other:
            found.append(token)
    return found


def is_thing(token: "Token") -> bool:
    """Whether the word names what was hit: no bare quantity ("killing dozens"), no adverbial ("on the ground")."""
    return token.tag_ not in {"CD", "JJR", "RBR", "RB"} and lemma_of(token) not in WORDS.bare


def put_modifier(senses: Senses, event: Event, frame: Frame, token: "Token") -> None:
    """What stands before an event noun: its doer, its weapon, its place, or with some nouns its sufferer."""
    classes, entry = senses.classes(token), frame.entry
    possessive = token.dep_ in syntax.POSSESSIVE
    if "weapon" in classes:
        event.weapons.append(token)
        return
    if token.tag_ == "CD" or "number" in classes or (lemma_of(token) in WORDS.sorts and not possessive):
        return
    killing = entry.role == "killed" and all(word != "of" for word, _ in frame.phrases)  # "his murder"
    undergone = possessive and (entry.type in PASSIVE_NOUNS or (killing and "person" in classes))
    if (undergone or entry.subject == "target") and classes & {"human", "place", "facility", "vehicle", "pronoun"}:
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
    """A prepositional phrase into the slot that the entry, else the class of its noun gives."""
    classes, entry = senses.classes(token), frame.entry
    slot = entry.prepositions.get(word)
    tool = "weapon" in classes and word in WORDS.tools
    if word == "by":
        if frame.noun or frame.passive:
            put_by(senses, event, token)
        return
    if slot == "location":
        if "place" in classes:
            event.places.append(token)
    elif slot and slot != "none" and not tool:
        put(senses, event, slot, token, entry.role)
        return
    meant = entry.type == "attack" and word in WORDS.beside and not event.targets
    if not slot and meant and classes & {"facility", "vehicle", "human"}:
        put(senses, event, "target", token)
    elif tool:
        event.weapons.append(token)
        event.counted.append((token, "weapons"))
    elif word == "using" and syntax.is_noun(token):
        event.weapons.append(token)
    elif word in WORDS.places and "place" in classes:
        event.places.append(token)


def put_by(senses: Senses, event: Event, token: "Token") -> None:
    """The by-phrase of a passive or a noun: a weapon or a doer."""
    classes = senses.classes(token)
    if "weapon" in classes:
        event.weapons.append(token)
        return
    if lemma_of(token) in WORDS.hours:
        return  # "by the early hours"
    able = classes & (ACTING | {"group", "armed", "pronoun"}) or "place" not in classes
    if able and (syntax.is_noun(token) or "pronoun" in classes) and token.i not in senses.days:
        event.actors.append(token)
        event.counted.append((token, "attackers"))


def fold_arguments(senses: Senses, event: Event, part: Frame, targets: bool) -> None:
    """What a folded frame adds: the dead as counts, and as targets where nothing else was hit."""
    entry = part.entry
    hit = part.objects if entry.subject != "target" else part.subjects
    if part.noun:
        hit = [n for word, n in part.phrases if entry.prepositions.get(word, "").startswith("target")]
        hit += [m for m in part.modifiers if "human" in senses.classes(m) and m.tag_ not in {"CD", "PRP$"}]
    casualty = entry.role in CASUALTY_ROLES
    for token in hit:
        if token.i == event.trigger.i:
            continue  # "launched 34 strikes": the event is not what was hit
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
        if "weapon" in classes and word in WORDS.tools:
            event.weapons.append(token)
        elif word in WORDS.places and "place" in classes:
            event.places.append(token)
        elif word == "by" and not event.actors and classes & ACTING:
            event.actors.append(token)
    if not part.noun and not part.passive and entry.subject == "actor" and not event.actors:
        for token in part.subjects:
            if token.i != event.trigger.i and senses.classes(token) & (ACTING | {"armed"}):
                event.actors.append(token)


def whole(senses: Senses, tokens: list["Token"]) -> list["Token"]:
    """Without the tokens that stand inside another's name: "Islamic State of Iraq and the *Levant*"."""
    seen: set[tuple[int, int]] = set()
    kept = []
    for token in tokens:
        name = senses.names.get(token.i)
        if name is None or name not in seen:
            kept.append(token)
        if name is not None:
            seen.add(name)
    return kept


def unique(tokens: list["Token"]) -> list["Token"]:
    seen: set[int] = set()
    return [t for t in tokens if not (t.i in seen or seen.add(t.i))]  # type: ignore[func-returns-value]


def is_bare(event: Event, dated: bool, counted: bool) -> bool:
    """Whether a noun is a mere mention of an event, with no slot of its own."""
    if event.frame.noun and event.type in {"attack", "clash", "casualty"} and is_news(event.trigger):
        return False
    if event.type == "casualty" and any(t.lower_ in {"nobody", "none"} for t in event.frame.objects):
        return False  # that nobody was hurt is news
    if not event.frame.noun:
        return not (event.actors or event.targets or event.weapons or counted)
    return not (event.actors or event.targets or event.weapons or event.places or dated or counted)


def is_news(noun: "Token") -> bool:
    """Whether an event noun without slots is told as new: "there was an explosion", "residents heard gunfire"."""
    if any(c.dep_ in syntax.SPECIFIER and c.lower_ not in {"a", "an", "no", "some", "several"} for c in noun.children):
        return False
    head = syntax.first_conjunct(noun)
    return (lemma_of(head.head) in {"hear", "report"} and head.dep_ in syntax.OBJECT | syntax.PASSIVE_SUBJECT) or any(
        c.dep_ in syntax.EXPLETIVE for c in (*head.head.children, *head.children)
    )


def lemma(event: Event) -> str:
    return lemma_of(event.trigger)

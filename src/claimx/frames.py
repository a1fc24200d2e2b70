"""Triggers and what hangs on them: the candidate events of a text, before they are told apart and merged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.cues import verb_forms
from claimx.lexicon import EventEntry, Lexicon
from claimx.mentions import CAPTIVES, Senses, lemma_of, mention_head

if TYPE_CHECKING:
    from spacy.tokens import Token

# Verbs that lend an event noun their own arguments: "carried out an attack", "claimed responsibility for the bombing".
LIGHT = frozenset(
    {"carry", "conduct", "launch", "stage", "mount", "commit", "perpetrate", "execute", "make", "do", "perform", "lead",
     "undertake", "wage", "plan", "plot", "prepare", "attempt", "organise", "organize", "coordinate", "open", "return",
     "claim", "orchestrate", "mastermind", "deliver", "resume", "begin", "start", "continue", "step", "intensify",
     "escalate", "order", "authorise", "authorize", "announce", "direct", "threaten", "vow", "deny", "suspend", "halt",
     "stop", "end", "face", "suffer", "sustain", "come", "fight", "declare", "agree", "sign", "reach", "reject",
     "refuse", "break", "violate", "accept", "broker", "propose", "offer", "observe", "respect", "extend", "be", "use",
     "engage", "participate", "take", "involve", "join", "pledge", "promise", "receive", "issue", "send", "repel",
     "foil", "thwart", "prevent", "survive", "escape", "witness", "see", "report", "admit", "confirm", "subject", "expose"}
)  # fmt: skip
UNDERGOING = frozenset({"subject", "expose", "face", "suffer", "sustain", "come", "survive", "escape", "witness", "see", "receive", "repel", "be"})
UNDERGONE = frozenset({"killed", "wounded", "captured", "released", "casualties"})
# Verbs that lend nothing: whoever condemns an attack did not make it.
DISTANT = frozenset(
    {"see", "report", "witness", "confirm", "announce", "be", "stop", "foil", "thwart", "prevent", "survive", "escape",
     "repel", "halt", "end", "face", "suffer", "sustain", "receive", "come", "involve", "subject", "expose"}
)  # fmt: skip
RESPONSIBILITY = frozenset({"responsibility", "involvement", "role", "part", "series", "wave", "string", "spate", "number", "campaign"})


@dataclass(slots=True, eq=False)
class Frame:
    """One trigger with the words that fill its places; `light` is the verb that lends a noun its arguments."""

    trigger: "Token"
    entry: EventEntry
    noun: bool
    subjects: list["Token"] = field(default_factory=list)
    objects: list["Token"] = field(default_factory=list)
    phrases: list[tuple[str, "Token"]] = field(default_factory=list)  # (preposition, noun)
    modifiers: list["Token"] = field(default_factory=list)
    light: "Token | None" = None
    passive: bool = False

    @property
    def clause(self) -> "Token":
        """The word whose auxiliaries, negation and adverbials tell of the event: the light verb or the trigger."""
        return self.light if self.light is not None else self.trigger


@dataclass(slots=True, frozen=True)
class Index:
    """The event lexicon by the lemma of the head word; longer phrases stand first."""

    verbs: dict[str, list[tuple[tuple[str, ...], EventEntry]]]
    nouns: dict[str, list[tuple[tuple[str, ...], EventEntry]]]
    adjectives: dict[str, list[tuple[tuple[str, ...], EventEntry]]]
    forms: dict[str, str]  # inflected form of a verb -> its lemma, for words that the tagger took for something else


def index_events(lexicon: Lexicon) -> Index:
    verbs: dict[str, list[tuple[tuple[str, ...], EventEntry]]] = {}
    nouns: dict[str, list[tuple[tuple[str, ...], EventEntry]]] = {}
    adjectives: dict[str, list[tuple[tuple[str, ...], EventEntry]]] = {}
    for entry in lexicon.events:
        for phrase in entry.verbs:
            head, *rest = phrase.split()
            verbs.setdefault(head, []).append((tuple(rest), entry))
        for phrase in entry.nouns:
            *rest, head = phrase.replace("-", " - ").split()
            nouns.setdefault(head, []).append((tuple(rest), entry))
        for phrase in entry.adjectives:
            adjectives.setdefault(phrase, []).append(((), entry))
    for table in (verbs, nouns, adjectives):
        for rows in table.values():
            rows.sort(key=lambda row: -len(row[0]))
    forms = {form: verb for verb in verbs for form in verb_forms(verb, IRREGULAR.get(verb))}
    return Index(verbs, nouns, adjectives, forms)


IRREGULAR = {
    "shoot": ["shot"], "strike": ["struck"], "hit": ["hit", "hitting"], "blow": ["blew", "blown"], "fight": ["fought"],
    "take": ["took", "taken"], "fall": ["fell", "fallen"], "leave": ["left"], "flee": ["fled", "fleeing"], "hold": ["held"],
    "fly": ["flew", "flown"], "send": ["sent"], "set": ["set", "setting"], "throw": ["threw", "thrown"], "lay": ["laid"],
    "drive": ["drove", "driven"], "beat": ["beat", "beaten"], "break": ["broke", "broken"], "burst": ["burst"],
    "slay": ["slew", "slain"], "steal": ["stole", "stolen"], "hide": ["hid", "hidden"], "come": ["came", "come"],
    "withdraw": ["withdrew", "withdrawn"], "overrun": ["overran", "overrunning"], "retake": ["retook", "retaken"],
    "bleed": ["bled"], "lose": ["lost"], "sink": ["sank", "sunk"], "bring": ["brought"], "do": ["did", "done"],
    "go": ["went", "gone"], "run": ["ran", "run", "running"], "ram": ["rammed", "ramming"], "stab": ["stabbed", "stabbing"],
    "rig": ["rigged", "rigging"], "gun": ["gunned", "gunning"], "kidnap": ["kidnapped", "kidnaped", "kidnapping"],
    "nab": ["nabbed", "nabbing"], "club": ["clubbed", "clubbing"], "die": ["died", "dying"], "mow": ["mowed", "mown"],
    "swap": ["swapped", "swapping"], "free": ["freed", "freeing"], "zigzag": ["zigzagged", "zigzagging"],
    "slap": ["slapped", "slapping"], "strap": ["strapped", "strapping"], "drop": ["dropped", "dropping"],
    "slam": ["slammed", "slamming"], "ship": ["shipped", "shipping"], "whip": ["whipped", "whipping"],
    "repel": ["repelled", "repelling"], "lob": ["lobbed", "lobbing"], "flog": ["flogged", "flogging"],
    "re-take": ["re-took", "re-taken"], "burn": ["burnt", "burned"],
}  # fmt: skip


def find_frames(senses: Senses, index: Index) -> list[Frame]:
    """Every trigger whose needs are met, in text order; at most one frame a token."""
    frames: list[Frame] = []
    candidates = list(candidate_frames(senses, index))
    context = Context(senses, candidates)
    taken: set[int] = set()
    for frame in candidates:
        if frame.trigger.i not in taken and context.meets(frame):
            taken.add(frame.trigger.i)
            frames.append(frame)
    return frames


def candidate_frames(senses: Senses, index: Index) -> Iterator[Frame]:
    caption = False
    for token in senses.doc:
        if token.is_sent_start:
            caption = is_caption(token)
        if caption or token.is_space or token.is_punct:
            continue
        lemma = lemma_of(token)
        if syntax.is_verb(token) and not is_nominal(token):
            rows = index.verbs.get(index.forms.get(token.lower_, lemma), ())
            phrasal = (syntax.particle(token),)
            if any(rest == phrasal for rest, _ in rows):  # to shoot down is not to shoot
                rows = [row for row in rows if row[0] == phrasal]
            for rest, entry in rows:
                if has_rest(token, rest):
                    yield verbal_frame(token, entry)
            if token.tag_ == "VBG" and not rows:
                for rest, entry in index.nouns.get(token.lower_, ()):
                    if precedes(token, rest):
                        yield nominal_frame(token, entry)
        elif (token.tag_ in syntax.NOUN_TAGS or is_nominal(token)) and not is_manner(token):
            for rest, entry in index.nouns.get(lemma, ()) or index.nouns.get(token.lower_, ()):
                if precedes(token, rest) and (token.dep_ != "compound" or is_carried(token)):
                    yield nominal_frame(token, entry)
        if token.tag_ in {"JJ", "VBN", "VBD", "RB", "NN"} and token.lower_ in index.adjectives:
            for _, entry in index.adjectives[token.lower_]:
                frame = adjectival_frame(token, entry)
                if frame:
                    yield frame


def is_caption(token: "Token") -> bool:
    """Whether the token stands in a picture's caption or a link, which tell no claims."""
    sentence = token.sent
    first = [t.lower_ for t in sentence[:6] if not t.is_space][:4]
    if first and first[0] in {"*", "•", "·", "▪"} and not any(t.tag_ in {"VBD", "VBZ", "VBP", "MD"} for t in sentence):
        return True
    return any(first[: len(words)] == list(words) for words in CAPTIONS)


def is_nominal(token: "Token") -> bool:
    """Whether a gerund stands as a noun: "the shelling of the town", "heavy fighting"."""
    if token.tag_ != "VBG":
        return False
    if token.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT and not syntax.children(token, syntax.OBJECT):
        return True
    return is_carried(token) or any(c.dep_ in {"det", "amod", "nmod:poss", "poss"} for c in token.children) or (
        any(word == "of" for word, _ in syntax.prepositional(token)) and not syntax.children(token, syntax.OBJECT)
    )


CARRIERS = frozenset({"incident", "attempt", "case", "spree", "episode", "bid", "plot"})


def is_carried(noun: "Token") -> bool:
    """Whether an event noun stands before one that adds nothing: "a cattle *rustling* incident", "an *assassination* attempt"."""
    return noun.dep_ in {"compound", "amod"} and lemma_of(noun.head) in CARRIERS


def is_manner(noun: "Token") -> bool:
    """Whether the noun only says how the verb went: "stabbed *to death*", "shot at *in combat*"."""
    return noun.lower_ == "death" and syntax.preposition(noun) == "to" and syntax.is_verb(syntax.governor(noun))


def has_rest(verb: "Token", rest: tuple[str, ...]) -> bool:
    """Whether the other words of a phrasal verb belong to it: a particle, an object or a complement."""
    if not rest:
        return True
    return all(
        any(c.lower_ == word or lemma_of(c) == word for c in verb.children)
        or (verb.i + 1 < len(verb.doc) and verb.doc[verb.i + 1].lower_ == word)
        for word in rest
    )


def precedes(noun: "Token", rest: tuple[str, ...]) -> bool:
    """Whether the words stand right before the noun."""
    at = noun.i - 1
    for word in reversed(rest):
        if at < 0 or (noun.doc[at].lower_ != word and lemma_of(noun.doc[at]) != word):
            return False
        at -= 1
    return True


def verbal_frame(verb: "Token", entry: EventEntry) -> Frame:
    passive = syntax.is_passive(verb)
    frame = Frame(verb, entry, noun=False, passive=passive)
    frame.subjects = [mention_head(t) for t in syntax.agents(verb)]
    frame.objects = [mention_head(t) for t in syntax.patients(verb)]
    if passive and not frame.subjects:
        frame.subjects = far_agents(verb)
    if not passive and entry.role in UNDERGONE and entry.subject == "actor" and verb.tag_ in {"VBD", "VBN"} and not frame.objects:
        # "Four stabbed in Paris": these verbs want an object, so a past form without one is a passive that lost its auxiliary
        frame.passive = True
        frame.objects, frame.subjects = frame.subjects, [mention_head(t) for t in syntax.by_phrases(verb)]
    frame.subjects = [t for t in frame.subjects if t.lower_ not in QUESTIONS]
    frame.phrases = gather_phrases(verb, [*frame.objects])
    frame.objects += [noun for word, noun in frame.phrases if word == "including"]
    if entry.subject == "target" and passive:
        frame.subjects, frame.objects = frame.objects, []
    return frame


QUESTIONS = frozenset({"who", "which", "that", "what", "whom", "whoever", "this"})


def far_agents(verb: "Token") -> list["Token"]:
    """The by-phrase of a passive that the parser hung on a word between: "was suppressed in the night *by the police*"."""
    for token in verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.i + 20)]:
        if token.i != verb.i and syntax.is_verb(token):
            return []
        if token.lower_ == "by" and token.dep_ in {"case", "prep", "agent"}:
            noun = token.head if token.dep_ == "case" else next((n for _, n in syntax.clear_phrase(token, "by")), None)
            return [mention_head(n) for n in syntax.conjuncts(noun)] if noun is not None and noun.tag_ in syntax.NOUN_TAGS else []
    return []


def gather_phrases(token: "Token", nouns: Iterable["Token"] = ()) -> list[tuple[str, "Token"]]:
    """The prepositional phrases of a trigger, those that the parser hung on its object, and the tools of "using"."""
    found = [(word, mention_head(noun)) for word, noun in syntax.prepositional(token)]
    for noun in nouns:
        found += [(word, mention_head(inner)) for word, inner in syntax.prepositional(noun) if word not in {"of", "by"}]
    for child in token.children:
        if child.dep_ in {"advcl", "xcomp", "acl"} and lemma_of(child) == "use":
            found += [("using", mention_head(noun)) for noun in syntax.patients(child)]
    return found


def nominal_frame(noun: "Token", entry: EventEntry) -> Frame:
    frame = Frame(noun, entry, noun=True)
    frame.modifiers = [*syntax.modifiers(noun), *syntax.possessors(noun)]
    frame.phrases = gather_phrases(noun)
    first = syntax.first_conjunct(noun)
    if first.i != noun.i and syntax.is_noun(first):  # "Taliban attacks and bombings", "attacks and raids on villages"
        if not frame.modifiers:
            frame.modifiers = [*syntax.modifiers(first), *syntax.possessors(first)]
        frame.phrases = frame.phrases or gather_phrases(first)
    elif not frame.phrases:
        frame.phrases = [pair for other in syntax.conjuncts(noun)[1:] if syntax.is_noun(other) for pair in gather_phrases(other)]
    for child in noun.children:
        if child.dep_ == "acl" and syntax.is_passive(child) and lemma_of(child) in LIGHT:
            frame.subjects += syntax.by_phrases(child)
            frame.phrases += gather_phrases(child)
        elif child.dep_ in {"acl", *syntax.RELATIVE} and lemma_of(child) in LIGHT and not syntax.is_passive(child):
            frame.subjects += [s for s in syntax.own_subjects(child) if syntax.antecedent(s).i == s.i]
            frame.phrases += gather_phrases(child)
    outer = noun.head if is_carried(noun) else noun
    if outer.i != noun.i:
        frame.modifiers += [m for m in (*syntax.modifiers(outer), *syntax.possessors(outer)) if m.i != noun.i]
        frame.phrases += gather_phrases(outer)
    beside = adjacent_phrase(outer)
    if beside and beside[0] in entry.prepositions and beside not in frame.phrases:
        frame.phrases.append(beside)
    lend(frame, outer)
    if not frame.subjects:
        frame.subjects = accused(outer)
    frame.objects += aimed_at(noun)
    if frame.subjects:
        frame.modifiers = [m for m in frame.modifiers if m.tag_ != "PRP$"]
    return frame


def adjacent_phrase(noun: "Token") -> "tuple[str, Token] | None":
    """The phrase right behind the noun, wherever the parser hung it: "the attack *on the consulate*"."""
    if noun.i + 1 >= len(noun.doc):
        return None
    after = noun.doc[noun.i + 1]
    if after.dep_ != "case" or after.head.i <= after.i or not syntax.is_noun(after.head):
        return None
    return after.lower_, mention_head(after.head)


def aimed_at(noun: "Token") -> list["Token"]:
    """What "was the target of" the event."""
    governor = syntax.governor(syntax.first_conjunct(noun))
    if lemma_of(governor) in {"target", "victim", "subject", "object"} and syntax.preposition(noun) == "of":
        return [mention_head(t) for t in syntax.own_subjects(governor)]
    return []


def accused(noun: "Token") -> list["Token"]:
    """Who is said to be behind the event: "accused Iran of the attack", "the ringleader of the attack"."""
    head = syntax.first_conjunct(noun)
    governor, word = syntax.governor(head), syntax.preposition(head)
    lemma = lemma_of(governor)
    if syntax.is_verb(governor):
        if (lemma, word) in BLAMING:
            return [mention_head(t) for t in syntax.patients(governor)]
        if word == "with" and lemma not in DISTANT:
            return [mention_head(t) for t in syntax.agents(governor)]
    elif lemma in AUTHORS and word in {"of", "behind", "for", "in"}:
        return [governor]
    elif lemma in {"responsible", "behind"} or word == "behind":
        return [mention_head(t) for t in (syntax.own_subjects(governor) or ([governor] if syntax.is_noun(governor) else []))]
    return []


def lend(frame: Frame, noun: "Token") -> None:
    """Give an event noun the arguments of the verb it stands under."""
    head = syntax.first_conjunct(noun)
    governor = syntax.governor(head)
    while head.dep_ in {"nmod", "pobj", "appos", "conj"} and lemma_of(governor) in RESPONSIBILITY:
        head = syntax.first_conjunct(governor)
        governor = syntax.governor(head)
    if not syntax.is_verb(governor) or lemma_of(governor) not in LIGHT:
        return
    lemma = lemma_of(governor)
    subject_place = head.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT
    if head.dep_ in syntax.OBJECT or (head.dep_ in {"obl", "pobj"} and lemma in {"claim", "engage", "participate", "take", "join", "come", "subject", "expose"}):
        frame.light = governor
        if lemma not in DISTANT:
            frame.subjects += [mention_head(t) for t in syntax.agents(governor)]
        elif lemma in UNDERGOING:
            frame.objects += [mention_head(t) for t in syntax.logical_subjects(governor)]
        frame.phrases += [pair for pair in gather_phrases(governor) if pair[1].i != noun.i]
    elif subject_place:
        frame.light = governor
        if syntax.is_passive(governor):
            if lemma not in DISTANT:
                frame.subjects += [mention_head(t) for t in syntax.by_phrases(governor)]
        frame.phrases += [pair for pair in gather_phrases(governor) if pair[1].i != noun.i and pair[0] != "by"]


def adjectival_frame(token: "Token", entry: EventEntry) -> Frame | None:
    """A predicate ("is dead", "left five dead") or a participle after its noun."""
    frame = Frame(token, entry, noun=False)
    subjects = syntax.own_subjects(token) or syntax.own_passive_subjects(token)
    if not subjects and token.head.i != token.i and token.dep_ in {"xcomp", "acomp", "oprd", "ccomp", "advcl", "conj", "acl", "attr", "advmod"}:
        head = token.head
        subjects = [n for c in syntax.children(head, syntax.OBJECT) for n in syntax.conjuncts(c) if n.i != token.i] or (
            syntax.logical_subjects(head) if syntax.is_verb(head) or head.tag_ == "JJ" else [head] if syntax.is_noun(head) else []
        )
    if not subjects and token.dep_ == "amod":
        if token.i < token.head.i:
            return None
        subjects = [token.head]
    found = [mention_head(t) for t in subjects]
    if entry.subject == "target":
        frame.subjects = found
    else:
        frame.objects = found  # who "is wounded" undergoes it
    frame.phrases = gather_phrases(token)
    if not found and not any(c.tag_ == "CD" for c in token.children):
        return None
    return frame


BLAMING = frozenset(
    {("blame", "for"), ("accuse", "of"), ("suspect", "of"), ("suspect", "in"), ("charge", "with"), ("charge", "over"),
     ("convict", "of"), ("involve", "in"), ("arrest", "over"), ("arrest", "for"), ("implicate", "in"), ("link", "to")}
)  # fmt: skip
AUTHORS = frozenset({"ringleader", "perpetrator", "mastermind", "author", "attacker", "organiser", "organizer", "culprit", "suspect"})
SPORTS = frozenset(
    {"match", "league", "championship", "football", "tournament", "goalkeeper", "midfielder", "striker", "cricket", "rugby",
     "basketball", "playoff", "semi-final", "semifinal", "quarter-final", "wicket", "innings", "touchdown", "coach", "scorer"}
)  # fmt: skip
CAPTIONS = (
    ("image", "copyright"), ("image", "caption"), ("media", "caption"), ("image", ":"), ("file", "-"), ("file", "photo"),
    ("file", "–"), ("photo", ":"), ("read", "also"), ("read", "more"), ("see", "also"), ("follow", "us"), ("getty", "images"),
    ("related", ":"), ("watch", ":"), ("advertisement",), ("caption", ":"), ("also", "read"),
)  # fmt: skip


def kills(noun: "Token") -> bool:
    """Whether the noun is the subject of a verb of killing or wounding: "the operation killed 139"."""
    head = syntax.first_conjunct(noun)
    return head.dep_ in syntax.SUBJECT and head.head.lower_ in {"killed", "kills", "wounded", "wounds", "injured", "injures"}


class Context:
    """Whether what surrounds a candidate makes it an event: its arguments' classes, its sentence, its article."""

    def __init__(self, senses: Senses, candidates: list[Frame]) -> None:
        self.senses = senses
        self.events: set[int] = set()
        self.strong: set[int] = set()
        words = [lemma_of(t) for t in senses.doc]
        self.disasters = sum(word in DISASTERS for word in words)
        self.space = sum(word in SPACE for word in words) > 1
        self.captives = any(f.entry.type == "capture" for f in candidates) or any(word in CAPTIVES for word in words)
        strong = [f for f in candidates if f.entry.type in {"attack", "clash"} and not any("context" in n for n in f.entry.needs)]
        self.strong = {f.trigger.i for f in strong if self.meets(f)}
        self.events = {f.trigger.i for f in candidates if f.noun and self.meets(f)}

    def meets(self, frame: Frame) -> bool:
        if self.natural(frame) or any(lemma_of(m) in frame.entry.unless for m in frame.modifiers):
            return False
        needs = frame.entry.needs
        return not needs or any(all(self.holds(frame, part) for part in need.split("+")) for need in needs)

    def holds(self, frame: Frame, need: str) -> bool:
        place, _, wanted = need.partition(":")
        if place == "noun":
            return frame.noun
        if place == "light":
            return frame.light is not None and lemma_of(frame.light) == wanted
        if place == "context":
            return {"violent": self.violent, "captive": self.captive, "ground": self.on_ground}[wanted](frame)
        if place == "main":
            return frame.trigger.dep_ in {"ROOT"} and self.holds(frame, f"any:{wanted}")
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

    def fillers(self, frame: Frame, place: str) -> list["Token"]:
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

    def natural(self, frame: Frame) -> bool:
        """Whether an accident, a disaster or an illness is at work, or the sufferer is an animal."""
        if frame.entry.type not in {"deployment", "threat", "agreement"} and any(lemma_of(t) in SPORTS for t in frame.trigger.sent):
            return True
        if frame.entry.type not in {"attack", "casualty"}:
            return False
        if not frame.noun and any(word == "over" and not {"place", "weapon"} & self.senses.classes(n) for word, n in frame.phrases):
            return True  # "attacked the government over the cost"
        causes = [*frame.subjects, *(n for word, n in frame.phrases if word in {"by", "of", "from", "in", "during", "after"})]
        if frame.trigger.dep_ in {"advcl", "xcomp", "acl", "acl:relcl", "relcl", "conj"}:
            causes += syntax.logical_subjects(frame.trigger.head) if syntax.is_verb(frame.trigger.head) else [frame.trigger.head]
        if any(lemma_of(token) in DISASTERS for token in causes):
            return True
        return bool(frame.objects) and all("animal" in self.senses.classes(token) for token in frame.objects)

    def captive(self, frame: Frame) -> bool:
        """Whether someone was held before: another trigger or a noun of the article says so."""
        return self.captives

    def on_ground(self, frame: Frame) -> bool:
        """Whether the article is not about space flight."""
        return not self.space

    def violent(self, frame: Frame) -> bool:
        """Whether deaths and wounds here are those of violence: another trigger near by, arms in the sentence."""
        sentence = frame.trigger.sent
        if any(lemma_of(token) in DISASTERS for token in sentence):
            return False
        for token in sentence:
            if token.i in self.strong and token.i != frame.trigger.i:
                return True
            if token.i in self.senses.found.weapons or "armed" in self.senses.classes(token):
                return True
        return len(self.strong - {frame.trigger.i}) > self.disasters


SPACE = frozenset(
    {"orbit", "satellite", "spacecraft", "spaceflight", "astronaut", "cosmonaut", "spacex", "nasa", "payload", "spaceport",
     "telescope", "lunar", "falcon", "booster", "roscosmos"}
)  # fmt: skip
DISASTERS = frozenset(
    {"earthquake", "flood", "flooding", "landslide", "avalanche", "tsunami", "hurricane", "typhoon", "cyclone", "storm",
     "tornado", "wildfire", "drought", "disease", "virus", "pandemic", "epidemic", "outbreak", "cholera", "covid-19",
     "coronavirus", "cancer", "accident", "collision", "derailment", "crash", "volcano", "eruption", "quake", "heatwave",
     "shipwreck", "famine", "illness", "infection", "vaccine"}
)  # fmt: skip

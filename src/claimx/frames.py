"""Triggers and what hangs on them: the candidate events of a text, before they are told apart and merged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.cues import verb_forms
from claimx.lexicon import EventEntry, Lexicon
from claimx.mentions import Senses, lemma_of, mention_head
from claimx.needs import Context
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

# Roles of which a clause with an object tells who was hit, not who did it.
UNDERGONE = frozenset({"killed", "wounded", "captured", "released", "casualties"})
BULLETS = frozenset({"*", "•", "·", "▪"})


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
    forms = {form: verb for verb in verbs for form in verb_forms(verb, WORDS.irregular.get(verb))}
    return Index(verbs, nouns, adjectives, forms)


@dataclass(slots=True)
class Candidates:
    """The frames that the lexicon offers, by the index of their trigger, and those whose needs are met, one a token."""

    offered: dict[int, list[Frame]]
    met: dict[int, Frame]

    def frame(self, i: int) -> Frame:
        """The frame of a trigger: the one whose needs are met, else the lexicon's first."""
        return self.met.get(i) or self.offered[i][0]


def find_candidates(senses: Senses, index: Index) -> Candidates:
    """Every token that may be a trigger, in text order."""
    tagged = list(candidate_frames(senses, index))
    context = Context(senses, [frame for frame in tagged if not frame.entry.judged])
    met: dict[int, Frame] = {}
    offered: dict[int, list[Frame]] = {}
    barred: set[int] = set()
    for frame in tagged:
        if context.barred(frame):
            barred.add(frame.trigger.i)
        offered.setdefault(frame.trigger.i, []).append(frame)
        if frame.trigger.i not in met and not frame.entry.judged and context.meets(frame):
            met[frame.trigger.i] = frame
    for frame in untagged_frames(senses, index):
        if frame.trigger.i not in met and not (frame.entry.judged and frame.trigger.i in offered):
            offered.setdefault(frame.trigger.i, []).append(frame)
    return Candidates({i: offered[i] for i in sorted(offered) if i in met or i not in barred}, met)


def untagged_frames(senses: Senses, index: Index) -> Iterator[Frame]:
    """Frames of words with a trigger's form that were tagged as something else: no rule trusts them, a judge may."""
    for token in senses.doc:
        if not token.is_alpha:
            continue
        verb = index.forms.get(token.lower_)
        for rest, entry in index.verbs.get(verb, ()) if verb and not syntax.is_verb(token) else ():
            if has_rest(token, rest):
                yield verbal_frame(token, entry)
        if token.tag_ not in syntax.NOUN_TAGS or token.dep_ == "compound":
            for rest, entry in index.nouns.get(lemma_of(token), ()) or index.nouns.get(token.lower_, ()):
                if precedes(token, rest):
                    yield nominal_frame(token, entry)
        for _, entry in index.adjectives.get(token.lower_, ()):
            yield adjectival_frame(token, entry) or Frame(token, entry, noun=False)


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
            if token.tag_ == "VBG" and all(entry.judged for _, entry in rows):
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
    first = [t.lower_ for t in sentence[:6] if not t.is_space][:2]
    if first and first[0] in BULLETS and not any(syntax.is_tensed(t) for t in sentence):
        return True
    return any(" ".join(first[:size]) in WORDS.captions for size in (1, 2))


def is_nominal(token: "Token") -> bool:
    """Whether a gerund stands as a noun: "the shelling of the town", "heavy fighting"."""
    if token.tag_ in syntax.VERB_TAGS - {"VBG"}:  # "clashes" where a subject stands, tagged as a verb
        return token.dep_ in syntax.NOMINAL and not syntax.own_subjects(token) and not syntax.auxiliaries(token)
    if token.tag_ != "VBG":
        return False
    if token.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT and not syntax.children(token, syntax.OBJECT):
        return True
    return (
        is_carried(token)
        or any(c.dep_ in syntax.SPECIFIER | syntax.ADJECTIVE for c in token.children)
        or (any(word == "of" for word, _ in syntax.prepositional(token)) and not syntax.children(token, syntax.OBJECT))
    )


def is_carried(noun: "Token") -> bool:
    """Whether an event noun stands before one that adds nothing: "a cattle *rustling* incident"."""
    return noun.dep_ in syntax.ATTRIBUTE and lemma_of(noun.head) in WORDS.carriers


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
        frame.subjects = [mention_head(t) for t in syntax.far_by_phrase(verb)]
    if (
        not passive
        and entry.role in UNDERGONE
        and entry.subject == "actor"
        and verb.tag_ in {"VBD", "VBN"}
        and not frame.objects
    ):
        # "Four stabbed in Paris": these verbs want an object; a past form without one is a passive
        frame.passive = True
        frame.objects, frame.subjects = frame.subjects, [mention_head(t) for t in syntax.by_phrases(verb)]
    frame.subjects = [t for t in frame.subjects if t.lower_ not in syntax.QUESTIONS]
    frame.phrases = gather_phrases(verb, [*frame.objects])
    frame.objects = [t for t in frame.objects if t.lower_ not in syntax.QUESTIONS]
    bare = frame.objects and all(lemma_of(noun) in WORDS.bare or noun.tag_ == "CD" for noun in frame.objects)
    for word, noun in frame.phrases:
        # "killed dozens, including tourists", "killed 60, including 12 children": a number of their own, or a bare one
        if word == "including" and (bare or any(c.tag_ == "CD" for c in noun.children)):
            frame.objects.append(noun)
    if entry.subject == "target" and passive:
        frame.subjects, frame.objects = frame.objects, []
    return frame


def gather_phrases(token: "Token", nouns: Iterable["Token"] = ()) -> list[tuple[str, "Token"]]:
    """The prepositional phrases of a trigger, those that the parser hung on its object, and the tools of "using"."""
    found = [(word, mention_head(noun)) for word, noun in syntax.prepositional(token)]
    for _, noun in list(found):  # "fire on the compound *with rifles*"
        found += [
            (word, mention_head(inner)) for word, inner in syntax.prepositional(noun) if word in {"with", "using"}
        ]
    for noun in nouns:
        found += [(word, mention_head(inner)) for word, inner in syntax.prepositional(noun) if word not in {"of", "by"}]
    for child in token.children:
        if child.dep_ in syntax.PARTICIPLE and lemma_of(child) == "use":
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
        frame.phrases = [
            pair for other in syntax.conjuncts(noun)[1:] if syntax.is_noun(other) for pair in gather_phrases(other)
        ]
    for child in noun.children:
        if child.dep_ not in syntax.NOUN_CLAUSE or lemma_of(child) not in WORDS.light:
            continue
        if not syntax.is_passive(child):
            frame.subjects += [s for s in syntax.own_subjects(child) if syntax.antecedent(s).i == s.i]
            frame.phrases += gather_phrases(child)
        elif child.dep_ not in syntax.RELATIVE:
            frame.subjects += syntax.by_phrases(child)
            frame.phrases += gather_phrases(child)
    outer = noun.head if is_carried(noun) else noun
    if outer.i != noun.i:
        frame.modifiers += [m for m in (*syntax.modifiers(outer), *syntax.possessors(outer)) if m.i != noun.i]
        frame.phrases += gather_phrases(outer)
    adjacent = syntax.adjacent_phrase(outer)
    if adjacent and adjacent[0] in entry.prepositions:
        beside = adjacent[0], mention_head(adjacent[1])
        if beside not in frame.phrases:
            frame.phrases.append(beside)
    lend(frame, outer)
    if not frame.subjects:
        frame.subjects = accused(outer) if entry.type in {"attack", "clash", "capture"} else []
    frame.objects += aimed_at(noun)
    if frame.subjects:
        frame.modifiers = [m for m in frame.modifiers if m.tag_ != "PRP$"]
    return frame


def aimed_at(noun: "Token") -> list["Token"]:
    """What "was the target of" the event."""
    governor = syntax.governor(syntax.first_conjunct(noun))
    if lemma_of(governor) in WORDS.aims and syntax.preposition(noun) == "of":
        return [mention_head(t) for t in syntax.own_subjects(governor)]
    return []


def accused(noun: "Token") -> list["Token"]:
    """Who is said to be behind the event: "accused Iran of the attack", "the ringleader of the attack"."""
    head = syntax.first_conjunct(noun)
    governor, word = syntax.governor(head), syntax.preposition(head)
    lemma = lemma_of(governor)
    if syntax.is_verb(governor):
        if f"{lemma} {word}" in WORDS.blaming:
            return [mention_head(t) for t in syntax.patients(governor)]
        if word == "with" and lemma not in WORDS.distant:
            return [mention_head(t) for t in syntax.agents(governor)]
    elif syntax.is_verb(governor.head) and f"{lemma_of(governor.head)} {word}" in WORDS.blaming:
        return [mention_head(governor)]  # "accuses Iran of bombardment", the phrase hung on the accused
    elif governor.lower_ == "involved" and word == "in":
        return [mention_head(t) for t in (syntax.own_passive_subjects(governor) or syntax.own_subjects(governor))]
    elif lemma in WORDS.authors and word in {"of", "behind", "for", "in"}:
        return [governor]
    elif lemma in {"responsible", "behind"} or word == "behind":
        own = [governor] if syntax.is_noun(governor) else []
        return [mention_head(t) for t in syntax.own_subjects(governor) or own]
    return []


def lend(frame: Frame, noun: "Token") -> None:
    """Give an event noun the arguments of the verb it stands under."""
    head = syntax.first_conjunct(noun)
    governor = syntax.governor(head)
    while head.dep_ in syntax.ADJUNCT | syntax.APPOSITION | syntax.CONJUNCT and lemma_of(governor) in WORDS.shares:
        head = syntax.first_conjunct(governor)
        governor = syntax.governor(head)
    lemma = lemma_of(governor)
    if not syntax.is_verb(governor) or lemma not in WORDS.light:
        return
    phrases = [pair for pair in gather_phrases(governor) if pair[1].i != noun.i]
    if head.dep_ in syntax.OBJECT or (head.dep_ in syntax.PREPOSITIONAL and lemma in WORDS.joining):
        frame.light = governor
        if lemma not in WORDS.distant:
            frame.subjects += [mention_head(t) for t in syntax.agents(governor)]
        elif lemma in WORDS.undergoing:
            frame.objects += [mention_head(t) for t in syntax.logical_subjects(governor)]
        frame.phrases += phrases
    elif head.dep_ in syntax.SUBJECT | syntax.PASSIVE_SUBJECT:
        frame.light = governor
        if syntax.is_passive(governor) and lemma not in WORDS.distant:
            frame.subjects += [mention_head(t) for t in syntax.by_phrases(governor)]
        frame.phrases += [pair for pair in phrases if pair[0] != "by"]


def adjectival_frame(token: "Token", entry: EventEntry) -> Frame | None:
    """A predicate ("is dead", "left five dead") or a participle after its noun."""
    frame = Frame(token, entry, noun=False)
    subjects = syntax.own_subjects(token) or syntax.own_passive_subjects(token)
    if not subjects and token.head.i != token.i and token.dep_ in syntax.SECONDARY:
        subjects = described(token)
    if not subjects and token.dep_ in syntax.ADJECTIVE:
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


def described(predicate: "Token") -> list["Token"]:
    """What a predicate without a subject tells of: the object of the word above, else its subject, else that word."""
    head = predicate.head
    objects = [n for c in syntax.children(head, syntax.OBJECT) for n in syntax.conjuncts(c) if n.i != predicate.i]
    if objects:
        return objects
    if syntax.is_verb(head) or head.tag_ == "JJ":
        return syntax.logical_subjects(head)
    return [head] if syntax.is_noun(head) else []

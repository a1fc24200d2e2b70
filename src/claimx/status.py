"""How sure a claim is: reported, denied, possible or planned, by the scope of cues over its clause."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.events import Event
from claimx.frames import LIGHT
from claimx.mentions import lemma_of
from claimx.models import Status

if TYPE_CHECKING:
    from spacy.tokens import Token

POSSIBLE_MODALS = frozenset({"may", "might", "could"})
FUTURE_MODALS = frozenset({"will", "shall", "'ll", "’ll", "would", "wo", "'d", "’d"})
POSSIBLE_ADVERBS = frozenset({"allegedly", "apparently", "possibly", "perhaps", "probably", "likely", "presumably", "maybe", "potentially"})
POSSIBLE_ADJECTIVES = frozenset(
    {"alleged", "apparent", "suspected", "possible", "presumed", "unconfirmed", "likely", "probable", "potential", "unclear",
     "believed", "supposed", "feared"}
)  # fmt: skip
PLANNED_ADJECTIVES = frozenset({"planned", "imminent", "threatened", "future", "impending", "intended", "upcoming", "looming", "expected"})
DENYING = frozenset({"deny", "refute", "disprove", "reject", "dismiss", "debunk", "disclaim"})
DOUBTING = frozenset({"believe", "suspect", "think", "fear", "appear", "seem", "allege", "presume", "investigate", "doubt", "wonder", "speculate"})
PLANNING = frozenset(
    {"plan", "intend", "threaten", "vow", "pledge", "promise", "order", "want", "prepare", "plot", "urge", "hope", "expect",
     "warn", "swear", "seek", "instruct", "consider", "aim", "propose", "schedule", "authorise", "authorize", "conspire",
     "demand", "ask", "request", "agree", "refuse", "decide", "continue-to"}
)  # fmt: skip
ENDING = frozenset({"stop", "halt", "end", "prevent", "suspend", "foil", "thwart", "repel", "escape", "survive"})
TRIES = frozenset({"attempt", "way", "time", "ability"})
UNSURE = frozenset({"clear", "known", "sure", "certain", "verify", "confirm", "rule", "know"})
PLAN_NOUNS = frozenset({"plan", "plot", "threat", "order", "intention", "conspiracy", "preparation", "readiness", "call", "bid", "decision", "effort", "aim", "vow"})
UPWARD = frozenset({"ccomp", "xcomp", "acl", "advcl", "obj", "dobj", "pcomp", "conj", "obl", "nmod", "pobj", "prep", "nsubj", "nsubj:pass", "nsubjpass", "csubj", "parataxis"})
CLAUSAL = frozenset({"ccomp", "xcomp", "pcomp", "csubj"})


def status_of(event: Event) -> Status:
    """The status that the clause and what governs it give."""
    clause, trigger = event.frame.clause, event.trigger
    if event.type == "threat":
        return "denied" if syntax.is_negated(clause) else "planned"
    if lemma_of(trigger) in {"unharmed", "uninjured", "unhurt", "unscathed"}:
        return "denied"
    words = [clause, trigger] if clause.i != trigger.i else [trigger]
    if trigger.dep_ in {"xcomp", "acomp", "attr"} or event.frame.noun:
        words += [trigger.head] if trigger.head not in words and syntax.is_verb(trigger.head) else []
    if any(syntax.is_negated(word) and happens(word, trigger) for word in words[:2]) or zero_count(event):
        return "denied"
    if event.frame.light is not None and lemma_of(event.frame.light) in DENYING:
        return "denied"
    if event.frame.light is not None and lemma_of(event.frame.light) in ENDING:
        return "reported"  # to end, stop or prevent a thing says nothing of whether it was
    found = own_status(words, event) or purpose(clause)
    if found:
        return found
    for link, word in climb(clause):
        found = governed(link, word, event)
        if found:
            return found
        if link in {"relcl", "acl:relcl"} or (event.frame.noun and clause.i == trigger.i):
            break  # what is said of a noun's event beyond its own verb takes the event for granted
    return "reported"


def happens(word: "Token", trigger: "Token") -> bool:
    """Whether denying the word denies the event: the trigger itself, its light verb, or a verb of happening."""
    return word.i == trigger.i or lemma_of(word) in LIGHT | {"occur", "happen", "follow", "erupt", "cause", "leave"}


def purpose(clause: "Token") -> Status | None:
    """An aim is planned: "a mission to destroy", "fight to liberate", "before they were able to attack"."""
    marks = {c.lower_ for c in clause.children if c.dep_ in {"mark", "aux"}}
    if clause.tag_ == "VB" and "to" in marks and (
        clause.dep_ == "ROOT"  # a headline: "US to send troops"
        or
        (clause.dep_ in {"acl", "acl:relcl", "relcl"} and syntax.is_noun(clause.head) and lemma_of(clause.head) not in TRIES)
        or (clause.dep_ == "advcl" and lemma_of(clause.head) != "use")
    ):
        return "planned"
    if "before" in marks and clause.dep_ == "advcl" and clause.tag_ != "VBG":
        return "planned"
    return None


def zero_count(event: Event) -> bool:
    """ "no casualties", "no one was hurt"."""
    tokens = [*event.frame.objects, event.trigger]
    if event.frame.entry.subject == "target" or event.frame.light is None:
        tokens += event.frame.subjects
    if any(syntax.governor(token).lower_ == "none" for token in tokens if syntax.preposition(token) == "of"):
        return True
    return any(
        child.lower_ == "no" for token in tokens for child in token.children if child.dep_ in {"det", "neg"}
    ) or any(token.lower_ in {"nobody", "none"} for token in tokens)


def own_status(words: list["Token"], event: Event) -> Status | None:
    """Modals, adverbs and adjectives of the clause itself."""
    for word in words:
        for aux in syntax.auxiliaries(word):
            lower = aux.lower_
            if lower in POSSIBLE_MODALS:
                return "possible"
            if lower in FUTURE_MODALS:
                return "planned"
        for child in word.children:
            if child.lower_ in POSSIBLE_ADVERBS:
                return "possible"
            if child.dep_ in {"amod", "compound"} and child.lower_ in POSSIBLE_ADJECTIVES:
                return "possible"
            if child.dep_ in {"amod", "compound"} and child.lower_ in PLANNED_ADJECTIVES:
                return "planned"
            if child.dep_ == "mark" and child.lower_ in {"if", "unless", "whether"}:
                return "possible"
    for actor in event.actors:
        if any(child.lower_ in POSSIBLE_ADJECTIVES for child in actor.children if child.dep_ in {"amod", "compound"}):
            return "possible"
    return None


def climb(token: "Token") -> Iterator[tuple[str, "Token"]]:
    """(relation, governor) up from a clause, as far as cues reach: not past a finite adverbial clause."""
    for _ in range(8):
        link, head = token.dep_, token.head
        if head.i == token.i or link not in UPWARD | {"acl:relcl", "relcl"}:
            return
        beside = token.tag_ == "VBG" and token.i == head.i + 1  # "denied shelling" is no adverbial, whatever the parser says
        if link == "advcl" and not beside and not any(c.lower_ == "to" for c in token.children):
            return
        yield link, head
        if link in {"nsubj", "nsubj:pass", "nsubjpass", "obl", "nmod", "pobj"} and syntax.is_verb(head):
            return
        token = head


def governed(link: str, word: "Token", event: Event) -> Status | None:
    """What a governing word makes of the clause or noun below it."""
    lemma = lemma_of(word)
    if link in CLAUSAL | syntax.SUBJECT | syntax.PASSIVE_SUBJECT and (
        (lemma in UNSURE and syntax.is_negated(word)) or word.lower_ in {"unclear", "unknown", "uncertain", "unconfirmed"}
    ):
        return "possible"
    if link == "xcomp" and lemma in {"able", "ready", "willing", "due", "set", "likely"}:
        return "planned"
    if lemma in {"commit", "committed", "threat", "capable"} and link in {"advcl", "pcomp", "xcomp", "acl", "obl"}:
        return "planned" if lemma != "capable" else "possible"
    if event.type == "deployment" and event.frame.noun and lemma in {"announce", "order", "authorise", "authorize", "vote", "demand"}:
        return "planned"
    if link in CLAUSAL | {"obj", "dobj", "nsubj:pass", "nsubjpass", "obl", "pobj", "nmod", "prep", "acl", "advcl"}:
        if lemma in DENYING:
            return "possible" if syntax.is_negated(word) else "denied"
        if lemma in {"evidence", "involvement", "responsibility", "sign", "role"} and any(
            c.lower_ == "no" or lemma_of(c) in DENYING for c in word.children
        ):
            return "denied"
    if link in CLAUSAL | {"acl", "nsubj:pass", "nsubjpass"}:
        if lemma in DOUBTING:
            return "possible"
        if link in {"xcomp", "acl"} and (lemma in PLANNING or (not syntax.is_verb(word) and lemma in PLAN_NOUNS)):
            return "planned"
    if link in {"obj", "dobj"} and lemma in {"plan", "threaten", "plot", "vow", "prepare", "order", "fear", "suspect", "urge", "demand"}:
        return "possible" if lemma in {"fear", "suspect"} else "planned"
    return None

"""How sure a claim is: reported, denied, possible or planned, by the scope of cues over its clause."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.events import Event
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
PLANNED_ADJECTIVES = frozenset({"planned", "imminent", "threatened", "future", "impending", "intended", "upcoming", "further", "looming", "expected"})
DENYING = frozenset({"deny", "refute", "disprove", "reject", "dismiss", "debunk", "disclaim"})
DOUBTING = frozenset({"believe", "suspect", "think", "fear", "appear", "seem", "allege", "presume", "investigate", "doubt", "wonder", "speculate"})
PLANNING = frozenset(
    {"plan", "intend", "threaten", "vow", "pledge", "promise", "order", "want", "prepare", "plot", "urge", "hope", "expect",
     "warn", "swear", "seek", "instruct", "consider", "aim", "propose", "schedule", "authorise", "authorize", "conspire",
     "demand", "ask", "request", "agree", "refuse", "decide", "continue-to"}
)  # fmt: skip
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
    if any(syntax.is_negated(word) for word in words[:2]) or zero_count(event):
        return "denied"
    found = own_status(words, event)
    if found:
        return found
    for link, word in climb(clause):
        found = governed(link, word)
        if found:
            return found
        if link in {"relcl", "acl:relcl"}:
            break
    return "reported"


def zero_count(event: Event) -> bool:
    """ "no casualties", "no one was hurt"."""
    tokens = [*event.frame.subjects, *event.frame.objects, event.trigger]
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
        if link == "advcl" and not any(c.lower_ == "to" for c in token.children):
            return
        yield link, head
        if link in {"nsubj", "nsubj:pass", "nsubjpass", "obl", "nmod", "pobj"} and syntax.is_verb(head):
            return
        token = head


def governed(link: str, word: "Token") -> Status | None:
    """What a governing word makes of the clause or noun below it."""
    lemma = lemma_of(word)
    if link in CLAUSAL | {"obj", "dobj", "nsubj:pass", "nsubjpass", "obl", "pobj", "nmod", "prep", "acl"}:
        if lemma in DENYING:
            return "possible" if syntax.is_negated(word) else "denied"
        if lemma in {"evidence", "involvement", "responsibility", "sign", "role"} and any(
            c.lower_ == "no" for c in word.children
        ):
            return "denied"
    if link in CLAUSAL | {"acl", "nsubj:pass", "nsubjpass"}:
        if lemma in DOUBTING:
            return "possible"
        if link in {"xcomp", "acl"} and (lemma in PLANNING if syntax.is_verb(word) else lemma in PLAN_NOUNS):
            return "planned"
    if link in {"obj", "dobj"} and lemma in {"plan", "threaten", "plot", "vow", "prepare", "order", "fear", "suspect", "urge", "demand"}:
        return "possible" if lemma in {"fear", "suspect"} else "planned"
    return None

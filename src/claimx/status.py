"""How sure a claim is: reported, denied, possible or planned, by the scope of cues over its clause."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.events import Event
from claimx.mentions import lemma_of
from claimx.models import Status
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token


def status_of(event: Event) -> Status:
    """The status that the clause and what governs it give."""
    clause, trigger = event.frame.clause, event.trigger
    if event.type == "threat":
        return "denied" if syntax.is_negated(clause) else "planned"
    if lemma_of(trigger) in WORDS.unharmed:
        return "denied"
    words = [clause, trigger] if clause.i != trigger.i else [trigger]
    if trigger.dep_ in syntax.PREDICATE or event.frame.noun:
        words += [trigger.head] if trigger.head not in words and syntax.is_verb(trigger.head) else []
    if any(syntax.is_negated(word) and happens(word, trigger) for word in words[:2]) or zero_count(event):
        return "denied"
    lent = lemma_of(event.frame.light) if event.frame.light is not None else ""
    if lent in WORDS.denying:
        return "denied"
    if lent in WORDS.ending:
        return "reported"  # to end, stop or prevent a thing says nothing of whether it was
    found = own_status(words, event) or purpose(clause)
    if found:
        return found
    for link, word in climb(clause):
        found = governed(link, word, event)
        if found:
            return found
        if (link in syntax.RELATIVE and lemma_of(word) not in WORDS.hearsay) or (
            event.frame.noun and clause.i == trigger.i
        ):
            break  # what is said of a noun's event beyond its own verb takes the event for granted
    return "reported"


def happens(word: "Token", trigger: "Token") -> bool:
    """Whether denying the word denies the event: the trigger itself, its light verb, or a verb of happening."""
    return word.i == trigger.i or lemma_of(word) in WORDS.light | WORDS.happening


def purpose(clause: "Token") -> Status | None:
    """An aim is planned: "a mission to destroy", "fight to liberate", "before they were able to attack"."""
    marks = {c.lower_ for c in clause.children if c.dep_ in syntax.HELPER}
    if clause.tag_ == "VB" and "to" in marks:
        above = lemma_of(clause.head)
        headline = syntax.is_main(clause)  # "US to send troops"
        of_noun = clause.dep_ in syntax.NOUN_CLAUSE and syntax.is_noun(clause.head) and above not in WORDS.tries
        if headline or of_noun or (clause.dep_ in syntax.PLAIN_ADVERBIAL and above != "use"):
            return "planned"
    if "before" in marks and clause.dep_ in syntax.PLAIN_ADVERBIAL and clause.tag_ != "VBG":
        return "planned"
    return None


def zero_count(event: Event) -> bool:
    """ "no casualties", "no one was hurt"."""
    tokens = [*event.frame.objects, event.trigger]
    if event.frame.entry.subject == "target" or event.frame.light is None:
        tokens += event.frame.subjects
    if any(syntax.governor(token).lower_ == "none" for token in tokens if syntax.preposition(token) == "of"):
        return True
    if any(token.lower_ in {"nobody", "none"} for token in tokens):
        return True
    return any(c.lower_ == "no" and c.dep_ in syntax.NEGATED_BY for token in tokens for c in token.children)


def own_status(words: list["Token"], event: Event) -> Status | None:
    """Modals, adverbs and adjectives of the clause itself."""
    for word in words:
        for aux in syntax.auxiliaries(word):
            if aux.lower_ in WORDS.possible_modals:
                return "possible"
            if aux.lower_ in WORDS.future_modals:
                return "planned"
        for child in word.children:
            adjective = child.dep_ in syntax.ATTRIBUTE
            if child.lower_ in WORDS.possible_adverbs or (adjective and child.lower_ in WORDS.possible_adjectives):
                return "possible"
            if adjective and child.lower_ in WORDS.planned_adjectives:
                return "planned"
            if child.dep_ in syntax.MARK and child.lower_ in WORDS.conditions:
                return "possible"
    beside = [c.lower_ for actor in event.actors for c in actor.children if c.dep_ in syntax.ATTRIBUTE]
    return "possible" if not WORDS.possible_adjectives.isdisjoint(beside) else None


def climb(token: "Token") -> Iterator[tuple[str, "Token"]]:
    """(relation, governor) up from a clause, as far as cues reach: not past a finite adverbial clause."""
    for _ in range(8):
        link, head = token.dep_, token.head
        if head.i == token.i or link not in syntax.UPWARD:
            return
        # "denied shelling", "suspected of shelling": no adverbial, whatever the parser says
        beside = token.tag_ == "VBG" and (token.i == head.i + 1 or any(c.lower_ == "of" for c in token.children))
        if link in syntax.PLAIN_ADVERBIAL and not beside and not any(c.lower_ == "to" for c in token.children):
            return
        if syntax.is_preposition(head) and head.head.i != head.i:
            head = head.head  # CLEAR hangs the gerund on its preposition: "suspected of bombing"
        yield link, head
        if link in syntax.PLAIN_SUBJECT | syntax.PHRASE and syntax.is_verb(head):
            return
        token = head


def governed(link: str, word: "Token", event: Event) -> Status | None:
    """What a governing word makes of the clause or noun below it."""
    lemma = lemma_of(word)
    if link in syntax.CLAUSAL | syntax.SUBJECT | syntax.PASSIVE_SUBJECT and (
        (lemma in WORDS.unsure and syntax.is_negated(word)) or word.lower_ in WORDS.uncertain
    ):
        return "possible"
    untrue = word.lower_ in WORDS.false or (word.lower_ == "true" and syntax.is_negated(word))
    if untrue and link in syntax.CLAUSAL | syntax.PLAIN_SUBJECT:
        return "denied"
    if link in syntax.CLAUSAL:
        speakers = [c for s in syntax.own_subjects(word) for c in s.children if c.dep_ in syntax.ATTRIBUTE]
        if any(c.lower_ in WORDS.uncertain for c in speakers):
            return "possible"  # "unconfirmed reports say"
    if link in syntax.CLAUSAL and (lemma in WORDS.ready or word.lower_ in WORDS.ready):
        return "planned"
    if link in syntax.TO_CLAUSE and lemma in WORDS.committed:
        return "planned"
    if link in syntax.TO_CLAUSE and lemma == "capable":
        return "possible"
    if event.type == "deployment" and event.frame.noun and lemma in WORDS.ordering:
        return "planned"
    if link in syntax.GOVERNED:
        if lemma in WORDS.denying:
            return "possible" if syntax.is_negated(word) else "denied"
        below = word.children
        if lemma in WORDS.guilt and any(c.lower_ == "no" or lemma_of(c) in WORDS.denying for c in below):
            return "denied"
    if link in syntax.TOLD | syntax.PLAIN_ADVERBIAL and lemma in WORDS.doubting:
        return "possible"
    plan = lemma in WORDS.planning or (not syntax.is_verb(word) and lemma in WORDS.plan_nouns)
    if link in syntax.REDUCED and plan:
        return "planned"
    if link in syntax.DIRECT_OBJECT and lemma in WORDS.fearing:
        return "possible"
    return "planned" if link in syntax.DIRECT_OBJECT and lemma in WORDS.preparing else None

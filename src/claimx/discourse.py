"""What a reader keeps in mind of an article while names are resolved: who was spoken of, in which words and roles."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.mentions import Senses, lemma_of
from claimx.models import Attribution
from claimx.names import Kind, Mention, Party, find_mentions
from claimx.nlp import text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from claimx.events import Event

MALE, FEMALE = frozenset({"he", "him", "his", "himself"}), frozenset({"she", "her", "hers", "herself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
NEUTER = frozenset({"it", "its", "itself"})
THIRD = MALE | FEMALE | PLURAL | NEUTER
MEN = frozenset(
    {"man", "boy", "son", "brother", "father", "husband", "king", "prince", "gunman", "spokesman", "mr", "sir", "lord",
     "uncle", "nephew", "priest"}
)  # fmt: skip
WOMEN = frozenset(
    {"woman", "girl", "daughter", "sister", "mother", "wife", "queen", "princess", "spokeswoman", "mrs", "ms", "aunt",
     "niece", "lady", "nun"}
)  # fmt: skip
SUSPECTS = frozenset({"suspect", "driver", "perpetrator", "killer"})
HARMFUL = frozenset({"attack", "casualty", "capture"})
HOMES: frozenset[Kind] = frozenset({"group", "organisation", "state", "military"})
QUOTES = '"“”„«'
QUOTE = 400  # words of a quotation looked at
WINDOW = 40  # mentions back that anything looks, so that the pass stays linear


class Story:
    """The state of the pass over one article; token indices throughout."""

    def __init__(self, senses: Senses, attributions: Sequence[Attribution], events: Iterable["Event"]) -> None:
        self.senses, self.doc = senses, senses.doc
        self.named = find_mentions(senses)
        self.at: dict[int, Party] = {i: mention.party for i, mention in self.named.items()}
        self.sentence = [n for n, sent in enumerate(self.doc.sents) for _ in sent]
        self.seen: list[Mention] = []  # so far, pronouns too
        self.calls: dict[str, list[Party]] = {}  # lemma -> the parties called so, latest last
        harmful = [event for event in events if event.type in HARMFUL]
        self.actors = {token.i for event in harmful for token in event.actors}
        self.targets = {token.i for event in harmful for token in event.targets}
        self.harms: dict[int, set[str]] = {}  # token -> the ids of the events that it suffered
        self.held = {token.i for event in harmful if event.type == "capture" for token in event.targets}
        for event in harmful:
            for token in event.targets:
                self.harms.setdefault(token.i, set()).add(event.frame.entry.id)
        self.harming: set[Party] = set()
        self.hurt: set[Party] = set()
        self.attackers = set(SUSPECTS)  # the nouns for attackers that the article uses
        self.speakers = speakers(self.doc, attributions)
        spans = [(report.source.start, report.source.end) for report in attributions if report.source is not None]
        found = [self.doc.char_span(start, end, alignment_mode="expand") for start, end in spans]
        self.sources = {span.root.i for span in found if span is not None}  # the heads of who says something
        self.subjects: dict[int, list[int]] = {}
        self.doers: dict[int, list[int]] = {}

    def remember(self, token: "Token", party: Party) -> None:
        """The mention of a party, in text order."""
        self.at[token.i] = party
        self.seen.append(Mention(token, party))
        self.settle(token, party)
        if token.i in self.targets:
            self.hurt.add(party)
        if token.i in self.actors:
            self.harming.add(party)
        if token.tag_ in syntax.NOUN_TAGS:
            self.call(token, party)
            if self.is_attacker(token):
                self.attackers.add(lemma_of(token))

    def call(self, token: "Token", party: Party) -> None:
        """A noun, with its modifiers, as a word for the party."""
        lemma = lemma_of(token)
        party.heads.update((lemma, *(part.lower_ for part in syntax.modifiers(token))))
        party.gender = party.gender or ("m" if lemma in MEN else "f" if lemma in WOMEN else "")
        called = self.calls.setdefault(lemma, [])
        if not called or called[-1] is not party:
            called.append(party)

    def settle(self, noun: "Token", party: Party) -> None:
        """Whom a person speaks for: "Taliban spokesman X", "X, a spokesman for the Taliban"."""
        if party.kind != "person" or party.home is not None:
            return
        inside = (noun for word, noun in syntax.prepositional(noun) if word in {"of", "for"})
        for token in (*syntax.modifiers(noun), *syntax.possessors(noun), *inside):
            home = self.at.get(token.i)
            if home is not None and home.named and home.kind in HOMES:
                party.home = home
                return

    def subjects_of(self, verb: "Token") -> list[int]:
        """The subjects on the verb itself, in text order."""
        if verb.i not in self.subjects:
            self.subjects[verb.i] = sorted(noun.i for noun in syntax.own_subjects(verb))
        return self.subjects[verb.i]

    def doers_of(self, verb: "Token") -> list[int]:
        """Who does what the verb says, its own subject or one from above, in text order."""
        if verb.i not in self.doers:
            self.doers[verb.i] = sorted(noun.i for noun in syntax.logical_subjects(verb))
        return self.doers[verb.i]

    def is_attacker(self, token: "Token") -> bool:
        entry = self.senses.found.actors.get(token.i)
        return lemma_of(token) in SUSPECTS or (entry is not None and entry.id == "armed.attacker")

    def own_names(self, token: "Token") -> set[Party]:
        """The parties named inside the phrase before its head."""
        return {self.named[part.i].party for part in syntax.modifiers(token) if part.i in self.named}


def speakers(doc: "Doc", attributions: Sequence[Attribution]) -> dict[int, int]:
    """token index -> the head of who says the words in quotation marks that it stands in."""
    found: dict[int, int] = {}
    text = text_of(doc)
    for report in attributions:
        start = report.content.start
        opening = text[max(start - 1, 0) : start + 1]
        if not report.quoted or report.source is None or not any(mark in opening for mark in QUOTES):
            continue
        source = doc.char_span(report.source.start, report.source.end, alignment_mode="expand")
        content = doc.char_span(start, report.content.end, alignment_mode="expand")
        if source is not None and content is not None:
            for token in content[:QUOTE]:
                found.setdefault(token.i, source.root.i)
    return found

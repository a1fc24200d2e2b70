"""What the noun phrases of a text are: their classes (armed, weapon, place, ...), kinds, names and spans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimx import entities as recurring
from claimx import gazetteer, syntax, toponyms
from claimx.finder import Finder, Found
from claimx.lexicon import ActorEntry, CountryEntry
from claimx.models import ActorKind, Entity, EntityLabel, Span, WeaponKind
from claimx.nlp import text_of
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# Labels of the bundled pipeline and of spaCy's own English models.
LABELS: dict[str, EntityLabel] = {
    "PERSON": "PERSON", "PER": "PERSON", "NORP": "NORP", "ORG": "ORG", "GPE": "GPE", "LOC": "LOC", "FAC": "FAC",
    "PRODUCT": "PRODUCT", "EVENT": "EVENT", "MONEY": "MONEY", "MISC": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC",
    "LANGUAGE": "MISC",
}  # fmt: skip
ARMED = frozenset({"armed", "human", "force", "hostile"})
KIND_CLASSES: dict[str, frozenset[str]] = {
    "military": ARMED | {"military"},
    "armed_group": ARMED | {"group"},
    "police": ARMED | {"police"},
    "civilian": frozenset({"person", "human", "civilian"}),
    "person": frozenset({"person", "human"}),
    "organisation": frozenset({"organisation"}),
    "facility": frozenset({"facility"}),
    "vehicle": frozenset({"vehicle"}),
    "place": frozenset({"place"}),
    "state": frozenset({"state", "hostile", "place"}),
    "weapon": frozenset({"weapon"}),
    "unknown": frozenset(),
}
LABEL_CLASSES: dict[str, frozenset[str]] = {
    "PERSON": frozenset({"person", "human", "named"}),
    "NORP": frozenset({"hostile", "human", "named", "norp"}),
    "ORG": frozenset({"organisation", "named"}),
    "GPE": frozenset({"place", "settlement", "named"}),
    "LOC": frozenset({"place", "named"}),
    "FAC": frozenset({"facility", "place", "named"}),
}
LABEL_KINDS: dict[str, ActorKind] = {
    "PERSON": "person", "NORP": "unknown", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "facility",
}  # fmt: skip
# What a noun is by its lemma.
WORD_CLASSES: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (WORDS.captives, frozenset({"captive", "person", "human"})),
    (WORDS.parties, frozenset({"human", "hostile"})),
    (WORDS.crowds, frozenset({"crowd", "person", "human"})),
    (WORDS.installations, frozenset({"installation", "facility"})),
    (WORDS.territory, frozenset({"place"})),
    (WORDS.plots, frozenset({"plot"})),
    (WORDS.animals, frozenset({"animal"})),
)


NO_THING = frozenset({"named", "person", "human", "civilian", "captive", "name"})


@dataclass(slots=True)
class Senses:
    """A parsed article with what the lexicon and the entity recogniser found in it. Token indices throughout."""

    doc: "Doc"
    text: str  # the doc's text, which spaCy would build anew at every look
    found: Found
    entities: dict[int, tuple[int, int, EntityLabel]]  # token -> (first, last excluded, label) of the entity over it
    names: dict[int, tuple[int, int]] = field(default_factory=dict)  # token -> (first, last excluded) of a known group
    days: set[int] = field(default_factory=set)  # the tokens of date expressions
    cache: dict[int, frozenset[str]] = field(default_factory=dict)

    def classes(self, token: "Token") -> frozenset[str]:
        """What the phrase headed by the token is, as the event lexicon's `needs` name it."""
        found = self.cache.get(token.i)
        if found is None:
            self.cache[token.i] = frozenset()  # where pronouns and "of" lead in a circle, it ends here
            found = self.cache[token.i] = self._classes(token)
        return found

    def _classes(self, token: "Token") -> frozenset[str]:
        out = self._name_classes(token)
        lower, lemma = token.lower_, lemma_of(token)
        for words, classes in WORD_CLASSES:
            if lemma in words:
                out |= classes
        if lower in WORDS.personal or token.tag_ == "PRP$":
            out |= {"person", "human", "pronoun"}
        elif lower in {"it", "which", "that", "this"}:
            out.add("pronoun")
        if token.tag_ == "CD" or token.like_num:
            out |= {"number", "human"}
        if lemma in WORDS.collectives:
            for word, noun in syntax.prepositional(token):
                if word == "of" and noun.i != token.i:
                    out |= self.classes(noun) - {"named"}
        if lower in {"it", "they", "them", "he", "she", "we", "i"}:
            matrix = matrix_subject(token)
            if matrix is not None:
                # a thing may be an army or a state, not a person
                out |= self.classes(matrix) - ({"named"} if lower != "it" else NO_THING)
        if lemma == "reinforcement" or (lemma == "support" and any(c.lower_ == "air" for c in token.children)):
            out.add("force")
        if any("explosive" in self.classes(n) for n in self.load(token)):
            out.add("explosive")
        if lower in {"himself", "themselves", "herself", "itself"}:
            out.add("self")
        return frozenset(out)

    def _name_classes(self, token: "Token") -> set[str]:
        """What the lexicon, else the recogniser, and the tag know of the token."""
        out: set[str] = set()
        weapon = self.found.weapons.get(token.i)
        actor = self.found.actors.get(token.i)
        entity = self.entities.get(token.i)
        if weapon:
            out |= {"weapon", "hostile", weapon.kind}
            if weapon.kind not in {"vehicle", "blade", "other"} or lemma_of(token) in WORDS.warlike:
                out.add("force")
            if weapon.kind in {"bomb", "mine"}:
                out.add("explosive")
            if token.tag_ in {"NN", "NNS"}:
                entity = None  # the lexicon knows better than the recogniser what "Bombs" are
        if actor:
            out |= KIND_CLASSES[actor.kind]
        if token.i in self.found.countries:
            country = token.tag_ not in {"JJ", "NNS", "NNPS"}
            out |= KIND_CLASSES["state"] if country else LABEL_CLASSES["NORP"]
        elif entity and not (actor and actor.kind in {"facility", "vehicle"}):
            out |= LABEL_CLASSES.get(entity[2], frozenset())
        if token.tag_ in syntax.NAME_TAGS:
            out.add("name")
        return out

    def load(self, carrier: "Token") -> list["Token"]:
        """What a carrier is loaded with: "a truck packed with *explosives*", "drones armed with *missiles*"."""
        return [
            noun
            for child in carrier.children
            if child.i > carrier.i and (child.dep_ in syntax.LOADED or child.tag_ in {"VBN", "JJ"})
            for word, noun in syntax.prepositional(child)
            if word in {"with", "of"} and noun.i in self.found.weapons
        ]

    def kind(self, token: "Token") -> ActorKind:
        """The kind of an actor or target, from its head, else from the names in its phrase."""
        if token.i in self.found.actors:
            return self.found.actors[token.i].kind
        if token.i in self.found.countries:
            return "state"
        if token.i in self.found.weapons:
            kind = self.found.weapons[token.i].kind
            return "vehicle" if kind in {"vehicle", "aircraft"} else "weapon"
        if token.i in self.entities:
            return LABEL_KINDS.get(self.entities[token.i][2], "unknown")
        classes = self.classes(token)
        if "person" in classes:
            return "person"
        first, last = syntax.phrase(token)
        for i in range(last - 1, first - 1, -1):
            if i in self.found.actors and self.found.actors[i].kind in {"armed_group", "military", "police"}:
                return self.found.actors[i].kind
        return "unknown"

    def weapon_kind(self, token: "Token") -> WeaponKind:
        weapon = self.found.weapons.get(token.i)
        return weapon.kind if weapon else "other"

    def canonical(self, token: "Token") -> str | None:
        """The canonical name of a known group or country, where the words themselves differ from it."""
        entry: ActorEntry | CountryEntry | None = self.found.actors.get(token.i) or self.found.countries.get(token.i)
        return entry.name or None if entry else None

    def span(self, token: "Token") -> tuple[int, int]:
        """Character offsets of the mention that the token heads: the phrase, and all of a name that it lies in."""
        first, last = syntax.phrase(token)
        entity = self.entities.get(token.i)
        if entity and entity[2] in {"GPE", "LOC"}:
            first, last = entity[:2]
        elif entity:
            first, last = min(first, entity[0]), max(last, entity[1])
        else:
            first = max([first, *(inner + 1 for inner in syntax.number_ends(token))])
        doc = self.doc
        while first < last - 1 and (
            doc[first].tag_ in {"DT", "PRP$", "PDT"} or doc[first].is_punct or doc[first].is_space
        ):
            first += 1
        while last > first + 1 and (doc[last - 1].is_punct or doc[last - 1].is_space or doc[last - 1].tag_ == "POS"):
            last -= 1
        return doc[first].idx, doc[last - 1].idx + len(doc[last - 1])


def matrix_subject(pronoun: "Token") -> "Token | None":
    """The subject of the clause above a pronoun's, which it most often takes up: "*the army* said that it had"."""
    for head in syntax.governors(pronoun.head):
        for subject in syntax.own_subjects(head):
            if subject.i < pronoun.i and subject.tag_ in syntax.NOUN_TAGS:
                return subject
    return None


def lemma_of(token: "Token") -> str:
    return token.lemma_.lower() or token.lower_


def sense(doc: "Doc", finder: Finder) -> Senses:
    """What the lexicon and the entity recogniser see in a parsed doc."""
    found = finder.find(doc)
    entities = {}
    for ent in doc.ents:
        label = LABELS.get(ent.label_)
        if label:
            for i in range(ent.start, ent.end):
                entities[i] = (ent.start, ent.end, label)
    toponyms.mend(doc, entities, {*found.actors, *found.weapons, *found.countries})
    recurring.agree(doc, entities, found.countries)
    names = {
        i: (hit.start, hit.end)
        for hit in found.hits
        if isinstance(hit.entry, ActorEntry) and hit.entry.name
        for i in range(hit.start, hit.end)
    }
    return Senses(doc, text_of(doc), found, entities, names)


def tokens_of(doc: "Doc", spans: Iterable[Span]) -> Iterator[int]:
    """The indices of the tokens that spans of the text cover."""
    for span in spans:
        for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ():
            yield token.i


def find_entities(senses: Senses) -> list[Entity]:
    """Everything named, for `annotate`: the recogniser's entities, countries, the lexicon's weapons and vehicles."""
    doc = senses.doc
    spans: list[tuple[int, int, EntityLabel]] = []
    for start, end, seen in set(senses.entities.values()):
        known = all(i in senses.found.countries for i in range(start, end)) or gazetteer.is_place_name(
            doc[start:end].text
        )
        spans.append((start, end, "GPE" if seen == "LOC" and known else seen))
    taken = {i for start, end, _ in spans for i in range(start, end)}
    for hit in senses.found.hits:
        kind = getattr(hit.entry, "kind", None)
        if taken.intersection(range(hit.start, hit.end)) or isinstance(hit.entry, CountryEntry):
            continue
        label: EntityLabel | None
        if isinstance(hit.entry, ActorEntry):
            label = "VEHICLE" if kind == "vehicle" else None
        else:
            label = "VEHICLE" if kind in {"vehicle", "aircraft"} else "WEAPON"
        if label:
            spans.append((hit.start, hit.end, label))
    found = []
    for start, end, name in sorted(spans):
        span = doc[start:end]
        found.append(Entity(text=span.text, start=span.start_char, end=span.end_char, label=name))
    return found


def mention_head(token: "Token") -> "Token":
    """The head of the mention: "one of the girls" is the girls, "dozens of soldiers" the soldiers."""
    for _ in range(3):
        quantity = token.tag_ in {"CD", "DT", "JJ", "JJR", "JJS"} or lemma_of(token) in WORDS.quantifiers
        inside = [noun for word, noun in syntax.prepositional(token) if word == "of"] if quantity else []
        if not inside:
            return token
        token = inside[0]
    return token

"""Where a claim's event happened: the named places of its clause, each with what the gazetteer knows of it."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from claimx import gazetteer, syntax
from claimx.events import Event
from claimx.mentions import Senses, lemma_of
from claimx.models import Place
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

# Tokens from the trigger within which its places are looked for, whatever the length of the sentence.
REACH = 150
PERSONAL_ROLES = frozenset({"killed", "wounded", "casualties", "missing", "displaced", "captured", "released"})


def locate(senses: Senses, events: list[Event], cues: set[int]) -> None:
    """Give each event the heads of its named places; `cues` are the words that report."""
    triggers = {part.trigger.i: event for event in events for part in event.parts}
    found = [
        find_places(senses, event, {i for i, other in triggers.items() if other is not event}, cues) for event in events
    ]
    for event, heads in zip(events, found, strict=True):
        event.places = heads


def find_places(senses: Senses, event: Event, rivals: set[int], cues: set[int]) -> list["Token"]:
    """Heads of the named places of the event, in text order.

    `rivals` are the triggers of the sentence's other events, `cues` the words that report; what hangs on those is not
    the event's.
    """
    site = Site(senses, event, rivals, cues)
    hit = [token for token in event.targets if token.sent == event.trigger.sent and site.is_settlement(token)]
    places = sorted({*candidates(senses, event), *hit}, key=lambda token: token.i)
    found = {token.i for token in places if site.holds(token)}
    if not found and site.filled:
        found = {token.i for token in places if site.shares(token)}
    covered: set[int] = set()
    for token in places:  # "in Kandahar, Afghanistan": whatever the parser made of it
        if token.i in found or narrower(senses, token) in covered:
            found.add(token.i)
            covered.update(range(*syntax.phrase(token)))
    return [token for token in places if token.i in found]


def candidates(senses: Senses, event: Event) -> Iterator["Token"]:
    """The head of each phrase of the sentence that names a place."""
    trigger, sentence = event.trigger.i, event.trigger.sent
    first, last = max(sentence.start, trigger - REACH), min(sentence.end, trigger + REACH)
    for token in senses.doc[first:last]:
        if token.i in senses.days or not is_named_place(senses, token):
            continue
        entity = senses.entities.get(token.i)
        if entity and entity[0] <= token.head.i < entity[1] and token.head.i != token.i:
            continue  # inside a name that its head stands for
        above = token.head
        if token.dep_ in syntax.NOUN_MODIFIER and above.i > token.i and is_named_place(senses, above):
            continue  # "Kunduz province" is one place
        yield token


def is_named_place(senses: Senses, token: "Token") -> bool:
    """Whether the phrase names a place: a place entity, a country, a place noun with a name before it, an unknown
    name after a preposition of place.
    """
    if token.tag_ not in syntax.NOUN_TAGS and token.tag_ not in {"JJ", "FW"}:
        return False
    entity = senses.entities.get(token.i)
    if token.i in senses.found.countries:
        return token.tag_ in syntax.NAME_TAGS and "state" in senses.classes(token)
    if lemma_of(token) in WORDS.place_nouns or "facility" in senses.classes(token):
        return is_named_noun(senses, token)
    if token.i in senses.found.actors and senses.found.actors[token.i].kind != "place":
        return False
    if entity and entity[2] in {"GPE", "LOC"}:
        return token.text[:1].isupper() and (
            token.tag_ != "JJ" or entity[1] - entity[0] > 1 or gazetteer.is_place_name(token.text)
        )
    if entity and entity[2] == "PERSON" and syntax.preposition(token) in {"in", "near"}:
        return True
    if token.tag_ != "NNP" or senses.classes(token) - {"person", "human", "named"}:
        return False
    if not entity and syntax.preposition(token) in WORDS.points and not senses.classes(token):
        return True
    first = syntax.first_conjunct(token)
    return first.i < token.i and syntax.preposition(first) != "" and is_named_place(senses, first)


def is_named_noun(senses: Senses, token: "Token") -> bool:
    """Whether a place noun has a name: "Idlib province", "Baghdad International Airport", "the al-Omar oil field"."""
    start, end = syntax.phrase(token)
    proper = [i for i in range(start, end) if i != token.i and senses.doc[i].tag_ in syntax.NAME_TAGS]
    if lemma_of(token) in WORDS.place_nouns:
        return any(senses.doc[i].dep_ not in syntax.POSSESSIVE and i not in senses.found.actors for i in proper)
    return token.tag_ in syntax.NAME_TAGS and any(i in senses.found.countries or i in senses.entities for i in proper)


def narrower(senses: Senses, token: "Token") -> int | None:
    """The last token before the comma that a wider place follows: "Kandahar, *Afghanistan*"."""
    first = syntax.phrase(token)[0]
    doc = senses.doc
    if first < 2 or doc[first - 1].text != ",":
        return None
    return first - 2


class Site:
    """Which places of a sentence are those of one event."""

    def __init__(self, senses: Senses, event: Event, rivals: set[int], cues: set[int]) -> None:
        self.senses, self.event, self.rivals, self.cues = senses, event, rivals, cues
        self.mine = {event.trigger.i, event.frame.clause.i}
        for part in event.parts:
            self.mine |= {part.trigger.i, part.clause.i}
        self.actors = {t.i for t in event.actors}
        self.targets = {t.i for t in event.targets}
        self.above = {t.i: t for t in (event.trigger, *syntax.governors(event.trigger))}
        self.slot = {t.i for t in event.places}
        # What the sentence says at large makes no claim of a bare mention.
        self.filled = not event.frame.noun or bool(event.actors or event.targets or event.weapons or event.places)

    def holds(self, token: "Token") -> bool:
        """Whether the event itself, its slots or the words around it have the place."""
        if token.i in self.actors or token.i in self.mine:
            return False
        if token.i in self.targets:
            return self.is_settlement(token)
        if is_dateline(token):
            return False
        if self.filled and (self.is_heading(token) or is_opening(token)):
            return True
        if not self.is_located(token):
            return False
        if token.i in self.slot:
            return True
        return self.owner(token)

    def is_settlement(self, target: "Token") -> bool:
        """A settlement that is struck or taken is where it happens; a state or a building is not."""
        if self.event.type not in {"attack", "capture", "clash", "casualty", "threat"}:
            return False
        label = self.senses.entities.get(target.i, (0, 0, ""))[2]
        named = label in {"GPE", "LOC"} or (
            lemma_of(target) in WORDS.place_nouns and is_named_noun(self.senses, target)
        )
        if not named and target.tag_ == "NNP" and self.event.frame.entry.role not in PERSONAL_ROLES:
            named = gazetteer.is_place_name(target.text)  # "shelled Homs", whatever the recogniser took it for
        return named and target.i not in self.senses.found.countries and "facility" not in self.senses.classes(target)

    def is_heading(self, token: "Token") -> bool:
        """A place before everything else: "Mali: gunmen kill five", "Mokha, Yemen bomb kills two"."""
        last = syntax.phrase(token)[1]
        sentence = token.sent
        if syntax.phrase(token)[0] > sentence.start + 1 or last + 1 >= sentence.end:
            return False
        mark = self.senses.doc[last].text
        return mark == ":" or (
            mark == "," and last + 1 in self.senses.found.countries and syntax.preposition(token) == ""
        )

    def is_located(self, token: "Token") -> bool:
        """Whether the phrase stands where a place does: after a preposition, by another place, before an event noun."""
        word = syntax.preposition(token)
        if word:
            return word in WORDS.points or word in WORDS.courses or token.i in self.slot
        head = token.head
        if token.dep_ in syntax.LOOSE_NAME:
            return head.i < token.i and self.is_beside(head)
        if token.dep_ in syntax.POSSESSIVE:
            return is_named_place(self.senses, head)
        if token.dep_ in syntax.OBJECT:
            return self.event.type == "deployment" and head.i in self.mine
        if token.dep_ in syntax.MODIFIER:
            while head.dep_ in syntax.NOUN_MODIFIER and head.i not in self.mine:
                head = head.head
            known = token.i not in self.senses.found.countries
            facility = "facility" in self.senses.classes(head) and head.i in self.targets
            return known and (head.i in self.mine or facility)
        return token.i in self.slot

    def is_beside(self, place: "Token") -> bool:
        """Whether the word is a place that stands after a preposition, itself or through places that it is tied to."""
        for _ in range(8):
            if not is_named_place(self.senses, place):
                return False
            if place.dep_ not in syntax.LOOSE_NAME or syntax.preposition(place):
                return self.is_located(place)
            place = place.head
        return False

    def owner(self, token: "Token") -> bool:
        """Whether the first word above the place that can have it is the event's."""
        top = self.outermost(token)
        word, below, direct = syntax.preposition(top), top, True
        for head in islice(syntax.governors(top), 30):
            if head.i in self.mine:
                return True
            if head.i in self.actors:
                return (
                    word in WORDS.points or (word == "on" and lemma_of(top) in WORDS.place_parts)
                ) and not self.is_group(head)
            if head.i in self.targets:
                return not (word in {"of", "from"} and "human" in self.senses.classes(head))
            if head.i in self.rivals or head.i in self.cues:
                return False
            if head.i in self.above and syntax.is_verb(head):
                return direct and word in WORDS.points and self.is_linked(head)
            if self.is_described(below) or (syntax.is_verb(head) and head.dep_ in syntax.SAID | syntax.CONJUNCT):
                break
            below, direct = head, direct and syntax.is_verb(head)
        return self.is_described(below)

    def outermost(self, token: "Token") -> "Token":
        """The head of the whole phrase of place: "outskirts" of "on the outskirts of the city of Homs"."""
        for _ in range(6):
            above = syntax.governor(token)
            if above.i == token.i or not syntax.is_noun(above) or above.i in self.mine | self.targets:
                break
            if lemma_of(above) not in WORDS.place_parts | WORDS.place_nouns and not is_named_place(self.senses, above):
                break
            token = above
        return token

    def is_group(self, actor: "Token") -> bool:
        """Whether the actor is a body whose name the place is a part of ("Islamic Resistance in Iraq")."""
        classes = self.senses.classes(actor)
        known = actor.i in self.senses.found.actors and actor.tag_ in syntax.NAME_TAGS
        return "organisation" in classes or (known and "group" in classes)

    def is_linked(self, verb: "Token") -> bool:
        """Whether the event is a part of what the verb above tells, not something said or described."""
        token = self.event.frame.clause
        for _ in range(6):
            if token.i == verb.i:
                return True
            if token.dep_ in syntax.SAID | syntax.NOUN_CLAUSE:
                return False
            token = token.head
        return False

    def is_described(self, place: "Token") -> bool:
        """Whether a relative clause of the place tells the event: "in Daquq, where gunmen attacked"."""
        if place.i not in self.above or not syntax.is_noun(place):
            return False
        token = self.event.frame.clause
        for _ in range(6):
            if token.head.i == place.i:
                return token.dep_ in syntax.NOUN_CLAUSE | syntax.ADVERBIAL
            token = token.head
        return False

    def shares(self, token: "Token") -> bool:
        """Whether a place that another event of the sentence has is this one's too, for want of its own."""
        if token.i in self.actors | self.targets | self.mine or syntax.preposition(token) not in WORDS.points | {"of"}:
            return False
        if (
            syntax.preposition(token) == "of"
            and lemma_of(syntax.governor(token)) not in WORDS.place_nouns | WORDS.place_parts
        ):
            return False
        for head in syntax.governors(token):
            if head.i in self.rivals:
                return self.is_coupled(head)
            if head.i in self.cues:
                return False
        return False

    def is_coupled(self, rival: "Token") -> bool:
        """Whether two triggers are coordinated, or one is a participle or an adjunct of the other."""
        for low, high in ((rival, self.event.trigger), (self.event.trigger, rival)):
            token = low
            for _ in range(4):
                if token.dep_ in syntax.SAID or syntax.is_main(token):
                    break
                if token.head.i == high.i:
                    return True
                token = token.head
        return False


def is_dateline(token: "Token") -> bool:
    """Whether the place tells where the report was written: "CAIRO (AP) - ..."."""
    sentence = token.sent
    return token.is_upper and len(token) > 3 and token.i - sentence.start < 4 and not sentence.text.isupper()


def is_opening(token: "Token") -> bool:
    """ "In Syria, the spokesman said, forces advanced": a place phrase put first holds for all the rest."""
    first, last = syntax.phrase(token)
    sentence = token.sent
    if first < token.i and sentence.doc[first].lower_ in WORDS.points:  # taken for a part of the name
        first += 1
    if first - sentence.start > 6:
        return False
    words = [
        t
        for t in sentence[: first - sentence.start]
        if not t.is_space and not t.is_punct and t.tag_ not in {"DT", "JJ"}
    ]
    if not words or words[-1].lower_ not in WORDS.points or any(t.tag_ not in {"RB", "CC", "IN"} for t in words[:-1]):
        return False
    return last < sentence.end and sentence.doc[last].text == ","


def to_place(senses: Senses, token: "Token") -> Place:
    """The record of a place, with its canonical name, country and coordinates where the gazetteer knows it."""
    start, end = place_span(senses, token)
    text = senses.text[start:end]
    country = senses.found.countries.get(token.i)
    # "northern city" is no name, whatever town the table has that is called so; text in one case only tells nothing
    entry = None if text.islower() and not senses.text.islower() else gazetteer.lookup(text, near(senses))
    if country is not None and (entry is None or entry.country != country.iso.upper()):
        entry = gazetteer.lookup(country.name)
    if entry is None:
        iso = country.iso.upper() if country else None
        return Place(
            text=text, start=start, end=end, name=country.name if country else None, country=iso, lat=None, lon=None
        )
    name = country.name if country else entry.name
    same = gazetteer.fold(name) == gazetteer.fold(text) or gazetteer.fold(name) in gazetteer.fold(text)
    return Place(
        text=text,
        start=start,
        end=end,
        name=None if same else name,
        country=entry.country,
        lat=entry.lat,
        lon=entry.lon,
    )


def place_span(senses: Senses, token: "Token") -> tuple[int, int]:
    """Character offsets of the place's own words: "Idlib province" of "Syria's Idlib province"."""
    start, end = senses.span(token)
    for child in token.children:
        if child.dep_ in syntax.POSSESSIVE and start <= child.idx < token.idx:
            after = child.right_edge
            if after.i + 1 <= token.i:
                start = max(start, senses.doc[after.i + 1].idx)
    return start, end


def near(senses: Senses) -> tuple[str, ...]:
    """The countries that the article names, the most frequent first."""
    first = islice(senses.found.countries.items(), 200)
    counts = Counter(entry.iso.upper() for i, entry in first if senses.doc[i].tag_ in syntax.NAME_TAGS)
    return tuple(iso for iso, _ in counts.most_common(6))

"""Where a claim's event happened: the named places of its clause."""

from typing import TYPE_CHECKING

from claimx import syntax
from claimx.events import Event
from claimx.mentions import Senses, lemma_of
from claimx.models import Place

if TYPE_CHECKING:
    from spacy.tokens import Token

LOCATIVE = frozenset(
    {"in", "at", "near", "outside", "inside", "around", "across", "throughout", "over", "within", "off", "along", "north of",
     "south of", "east of", "west of", "toward", "towards", "close to", "on", "into", "through", "between", "next to",
     "south", "north", "east", "west", "from", "to", "of", "into", "under", "by"}
)  # fmt: skip
POINTS = frozenset({"in", "near", "outside", "around", "at", "across"})
NESTED = frozenset({"nmod", "appos", "obl", "prep", "pobj", "conj", "nmod:npmod", "nmod:unmarked", "npadvmod", "flat", "list", "compound", "dep"})
PLACE_NOUNS = frozenset(
    {"province", "district", "city", "town", "village", "region", "governorate", "state", "county", "area", "neighbourhood",
     "neighborhood", "suburb", "valley", "island", "border", "crossing", "field", "camp", "strip", "heights", "prefecture",
     "municipality", "department", "forest", "mountain", "street", "road", "square", "highway", "river", "desert",
     "sea", "gulf", "strait", "peninsula", "bank", "quarter", "sector", "zone", "oblast", "upazila", "location",
     "estate", "coast", "lake", "airspace", "capital", "resort", "port", "township", "subdistrict", "parish", "canton"}
)  # fmt: skip


def is_named_place(senses: Senses, token: "Token") -> bool:
    """Whether the phrase names a place: a place entity, a country, or a place noun with a name before it."""
    if token.i in senses.days:
        return False
    classes = senses.classes(token)
    if "place" in classes and "named" in classes:
        return True
    if token.i in senses.entities and senses.entities[token.i][2] == "PERSON" and syntax.preposition(token) in {"in", "near"}:
        return True
    if token.tag_ == "NNP" and not classes and token.i not in senses.entities and syntax.preposition(token) in POINTS:
        return True  # a name after "in" or "near" of which nothing is known is a place
    if token.i in senses.found.countries:
        return token.tag_ in {"NNP", "NNPS"} and "state" in classes
    if lemma_of(token) in PLACE_NOUNS or "facility" in classes:
        start, end = syntax.phrase(token)
        named = any(
            (i in senses.entities and senses.entities[i][2] in {"LOC", "GPE", "FAC"}) or i in senses.found.countries
            for i in range(start, end) if i != token.i and senses.doc[i].tag_ in {"NNP", "NNPS"}
        )  # fmt: skip
        return named and (lemma_of(token) in PLACE_NOUNS or token.tag_ in {"NNP", "NNPS"})
    return False


def find_places(senses: Senses, event: Event, rivals: set[int], cues: set[int]) -> list["Token"]:
    """Heads of the named places of the event, in text order: those of its slots, of its clause, and those nested in them.

    `rivals` are the triggers of the sentence's other events, `cues` the words that report; what hangs on them is theirs.
    """
    heads: list[Token] = []
    parties = {t.i for t in event.actors}
    for token in (*event.places, *event.targets, *event.weapons):
        collect(senses, token, heads, token in event.places)
    mine = {event.trigger.i, event.frame.clause.i, *(p.trigger.i for p in event.parts)}
    for token in event.trigger.sent:
        if token in heads or token.i in parties or not is_named_place(senses, token):
            continue
        if syntax.preposition(token) in LOCATIVE - {"of", "from", "to", "by"} and belongs(token, mine, rivals, cues, parties):
            collect(senses, token, heads, True)
    return sorted(set(heads), key=lambda t: t.i)


def belongs(token: "Token", mine: set[int], rivals: set[int], cues: set[int], parties: set[int]) -> bool:
    """Whether what the place hangs on is the event, before anything else that could claim it."""
    for head in syntax.governors(token):
        if head.i in mine:
            return True
        if head.i in rivals or head.i in cues or head.i in parties:
            return False
    return not rivals


def collect(senses: Senses, token: "Token", heads: list["Token"], whole: bool) -> None:
    """The token, where it names a place, and the places nested below it ("in Daquq, Iraq", "a base in Syria")."""
    if whole and is_named_place(senses, token):
        heads.append(token)
    for child in token.children:
        if child.dep_ in NESTED:
            if is_named_place(senses, child) and (syntax.preposition(child) in LOCATIVE or child.dep_ in {"appos", "conj", "list", "nmod:unmarked", "npadvmod", "dep"}):
                heads.append(child)
            if child.dep_ not in {"compound", "flat"} and child.i - token.i < 12 and not syntax.is_verb(child):
                collect(senses, child, heads, False)


def to_place(senses: Senses, token: "Token") -> Place:
    """The record of a place; coordinates are filled in where a gazetteer is at hand."""
    start, end = senses.span(token)
    country = senses.found.countries.get(token.i)
    text = senses.doc.text[start:end]
    name = country.name if country and country.name != text else None
    return Place(text=text, start=start, end=end, name=name, country=country.iso.upper() if country else None, lat=None, lon=None)

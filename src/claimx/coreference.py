"""Names for mentions that stand for a name given elsewhere: "the group", "they", "Turkish", "Taliban fighters".

One pass in text order, after the named parties are known (names.py): each noun phrase takes up a party or brings a new
one in (nominals.py), each pronoun takes up the most salient that fits (pronouns.py). A wrong name is worse than none,
so a phrase without a determiner stands for a name only where the text itself says so.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from claimx import attribution, syntax
from claimx.discourse import MEN, THIRD, WINDOW, WOMEN, Story
from claimx.mentions import Senses, lemma_of, mention_head
from claimx.models import Attribution
from claimx.names import Party
from claimx.nominals import OTHERS, describe, is_definite, nominal
from claimx.pronouns import pronoun
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Token

    from claimx.events import Event

FIRST_ONE, FIRST_MANY = frozenset({"i", "me", "my", "mine"}), frozenset({"we", "us", "our", "ours"})
VICTIMS = frozenset({"victim", "deceased", "dead", "slain"})
ANYONE = VICTIMS | MEN | WOMEN | {"person", "youth", "teenager"}
LEAD = 3  # sentences that may speak of someone who is named only later
NEXT = 2  # sentences until someone just spoken of is named
LONGEST = 80  # characters of a name


class Cast(NamedTuple):
    """Who is who in an article: token index -> the party that the token, a name, a noun or a pronoun, stands for."""

    at: dict[int, Party]
    attributions: list[Attribution]


def find_names(senses: Senses, attributions: Sequence[Attribution] = (), events: Iterable["Event"] = ()) -> Cast:
    """The parties of an article and their mentions.

    `attributions` tell who "we" is, `events` who did and who suffered harm.
    """
    story = Story(senses, attributions, events)
    describe(story)
    states = {i: story.at[i] for i in senses.found.countries if i in story.at and story.at[i].kind == "state"}
    capitals = {senses.found.countries[i].capital: state for i, state in states.items()}
    for token in senses.doc:
        party = read(story, token, capitals)
        if party is not None:
            story.remember(token, party)
    link_places(story)
    link_persons(story)
    link_groups(story)
    return Cast(story.at, list(attributions))


def name_of(senses: Senses, token: "Token", names: Cast) -> str | None:
    """The name that a mention stands for, or null where nothing is known; of a full name it is the name itself.

    A pronoun gets the description of a nameless party too ("girls"), a noun only a name.
    """
    token = syntax.antecedent(token)
    party = names.at.get(token.i)
    if token.lower_ in FIRST_ONE | FIRST_MANY:
        party = speaker(senses, token, names)
    if party is None or (not party.named and token.lower_ not in THIRD):
        return None
    return party.name if len(party.name) <= LONGEST else None


def speaker(senses: Senses, token: "Token", names: Cast) -> Party | None:
    """Who says "I", and for whom "we" is said."""
    found = attribution.source_of(names.attributions, token.idx, token.idx + len(token))
    source = found.source if found else None
    span = senses.doc.char_span(source.start, source.end, alignment_mode="expand") if source else None
    if span is None:
        return None
    party = names.at.get(span.root.i)
    if party is None and span.root.tag_ in {"NNP", "NNPS"}:
        return Party("organisation", span.text)
    if token.lower_ in FIRST_ONE or (party and party.kind not in {"person", "people"}):
        return party
    return party.home if party else None


def read(story: Story, token: "Token", capitals: dict[str, Party]) -> Party | None:
    """The party that a token heads a mention of, if any."""
    mention = story.named.get(token.i)
    if mention is not None:
        if mention.token.i != token.i:
            return None
        acts = token.dep_ in syntax.SUBJECT and syntax.is_verb(token.head)  # a capital that acts stands for its state
        return (capitals.get(token.text) if acts else None) or mention.party
    if token.lower_ in THIRD:
        return pronoun(story, token)
    noun = syntax.is_noun(token) and token.dep_ not in syntax.NOUN_MODIFIER and token.i not in story.senses.days
    if not noun and token.lower_ != "deceased":
        return None
    head = mention_head(token)
    party = story.at[head.i] = story.at.get(head.i) or nominal(story, head)
    return party


# ------------------------------------------------------------------------------------- who is named later in the text


def link_places(story: Story) -> None:
    """In the lead "the consulate" may be the only consulate that is named later."""
    for token, party in story.seen:
        if story.sentence[token.i] > LEAD:
            break
        if party.named or party.kind not in {"facility", "state", "group"} or token.tag_ != "NN":
            continue
        if {child.lower_ for child in token.lefts} & {"a", "an", *OTHERS} or story.own_names(token):
            continue
        names = {other.name for other in story.calls[lemma_of(token)][:WINDOW] if other.named}
        called = {name for name in names if not any(name.startswith(other + " ") for other in names)}
        if len(called) == 1:
            party.name, party.named = called.pop(), True


def link_persons(story: Story) -> None:
    """A lone attacker or victim that is named somewhere is the one meant where he is not yet, or no longer, named."""
    nouns = [(i, party) for i, party in story.at.items() if story.doc[i].lower_ not in THIRD]
    persons = [(i, party) for i, party in nouns if party.named and party.kind == "person"]
    telling = {story.at.get(i) for i in story.sources}
    acting = {p for i, p in persons if i in story.actors} - telling
    attackers = {p for _, p in persons if p.heads & story.attackers} or acting
    held = {p for i, p in persons if i in story.held}
    victims = {p for i, p in persons if i in story.targets - story.held or p.heads & VICTIMS} - attackers
    first: dict[Party, int] = {}
    for i, mention in story.named.items():
        first[mention.party] = min(i, first.get(mention.party, i))
    harms: dict[str, set[Party]] = {}
    for i, party in persons:
        for harm in story.harms.get(i, ()):
            harms.setdefault(harm, set()).add(party)
    known: set[Party] = set()
    for token, party in story.seen:
        fresh = party not in known
        known.add(party)
        if party.named or party.kind != "person" or token.tag_ != "NN" or token.lower_ in WORDS.personal:
            continue
        lemma, attacks = lemma_of(token), story.is_attacker(token)
        called = {p for p in story.calls[lemma][:WINDOW] if p.named and p.kind == "person"}
        if lemma in VICTIMS or (token.i in story.targets and not attacks):
            pool = held if token.i in story.held else victims
            alike = [called & pool, set().union(*(harms.get(harm, set()) for harm in story.harms.get(token.i, ())))]
        else:
            pool = attackers if attacks or token.i in story.actors else set()
            alike = [called & pool]
        soon = len(alike[-1]) == 1 and token.i in story.harms  # "a herder was shot. John Doe was shot by ..."
        early = story.sentence[token.i] <= LEAD
        pools = [*alike, pool, *([called] if early and fresh else [])]
        one = next((next(iter(some)) for some in pools if len({p.name for p in some}) == 1), None)
        owners = [story.at.get(owner.i) for owner in syntax.possessors(token)]
        if one is None or one in owners or {one.gender, party.gender} == {"m", "f"}:
            continue
        if party.home and one.home and party.home is not one.home:
            continue
        ahead = story.sentence[first[one]] - story.sentence[token.i] if one in first else 0
        told = lemma in ANYONE or attacks or (fresh and one in called)
        unnamed = token.i < first.get(one, 0) and (early or (soon and ahead <= NEXT))
        if unnamed or (told and (owners or is_definite(token))):
            party.name, party.named = one.name, True


def link_groups(story: Story) -> None:
    """Where an article names one armed group only, or one that does harm, its "rebels" are that group's."""
    groups = {mention.party for mention in story.named.values() if mention.party.kind == "group"}
    harming = groups & story.harming
    one = next(iter(groups)) if len(groups) == 1 else next(iter(harming)) if len(harming) == 1 else None
    if one is None:
        return
    for token, party in story.seen:
        if party.named or party.kind != "group" or story.own_names(token) or token.lower_ in THIRD:
            continue
        words = {child.lower_ for child in token.lefts}
        parts = [part for part in syntax.modifiers(token) if syntax.is_noun(part)]
        nouns = {part.lower_ for part in parts if part.i not in story.senses.found.actors}  # not in "the rebel group"
        if words & OTHERS or not nouns <= one.heads:
            continue
        entry = story.senses.found.actors.get(token.i)
        identity = entry.id if entry is not None else ""
        fighters = token.tag_ in {"NNS", "NNPS"} and identity == "armed.fighter"
        lemma = lemma_of(token)
        if token.tag_ == "NNPS":  # "Militants", the first word of a sentence
            lemma = lemma.removesuffix("s")
        known = lemma in one.heads or (len(groups) == 1 and one.heads & story.attackers)
        body = token.tag_ == "NN" and identity not in {"armed.fighter", "armed.attacker"}
        if (fighters and known) or (is_definite(token) and (fighters or body)):
            story.at[token.i] = one

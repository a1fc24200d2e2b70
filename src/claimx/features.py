"""What the learned judges look at: a trigger in its clause, and a word as a candidate for one of the trigger's slots.

A feature is a short string, `name=value`; what it is worth was learned from annotated articles (`training/judges.py`).
The rules' own verdict is among the features: the judges correct the rules, they do not replace them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from claimx import syntax
from claimx.folding import fold, root
from claimx.mentions import Senses, lemma_of, tokens_of
from claimx.models import Attribution, Count, Date
from claimx.words import WORDS

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from claimx.events import Event
    from claimx.frames import Candidates, Frame

Slots = Mapping[int, list[str]]  # token -> the slots that it fills
LONGEST_PATH = 7
MARKS = frozenset({",", ";", ":", "—", "-", "("})
WINDOW = 40  # tokens between a trigger and a candidate that are looked through


def bucket(number: int) -> str:
    """Small numbers apart, larger ones by their size."""
    if abs(number) < 5:
        return str(number)
    sign = "-" if number < 0 else ""
    size = abs(number)
    return sign + next((f"<{limit}" for limit in (8, 12, 20, 35) if size < limit), "far")


def relation(a: "Token", b: "Token") -> str:
    """The path of dependency labels from one token to the other: up `<label`, down `>label`."""
    above: dict[int, int] = {}
    ups: list[str] = []
    token = a
    for steps in range(LONGEST_PATH):
        above[token.i] = steps
        if token.head.i == token.i:
            break
        ups.append("<" + token.dep_)
        token = token.head
    downs: list[str] = []
    token = b
    for _ in range(LONGEST_PATH):
        if token.i in above:
            return "".join(ups[: above[token.i]] + downs[::-1])
        if token.head.i == token.i:
            break
        downs.append(">" + token.dep_)
        token = token.head
    return "none"


def classes_of(senses: Senses, token: "Token") -> list[str]:
    return sorted(senses.classes(token))


def running(flags: Iterable[bool]) -> list[int]:
    """How many flags before each place are set, and at the end how many of all."""
    return [0, *accumulate(map(int, flags))]


class Surroundings:
    """What all triggers of an article share: the candidates and what the rules make of them.

    Who says what (`hear`) matters to the slots alone, and is not asked where no trigger is kept.
    """

    def __init__(self, senses: Senses, candidates: "Candidates") -> None:
        self.senses = senses
        self.cues: set[int] = set()
        self.sources: set[int] = set()
        self.said: list[int] = []
        met = list(candidates.met.values())
        self.met = set(met)
        hosts = fold(met)
        self.hosts = {frame: root(hosts, frame) for frame in met}
        self.triggers = {i: candidates.frame(i) for i in candidates.offered}
        self.strong = sum(f.entry.type in {"attack", "clash"} and host is f for f, host in self.hosts.items())
        # The text as plain lists, and how many of its first tokens are verbs, marks, and triggers: tokens are
        # slow to come by, and a pair is asked for the words between it.
        doc = senses.doc
        self.words = [token.lower_ for token in doc]
        self.tags = [token.tag_ for token in doc]
        self.verbs = running(tag in syntax.VERB_TAGS for tag in self.tags)
        self.marks = running(text in MARKS for text in self.words)
        self.rivals = running(i in self.triggers for i in range(len(doc)))
        self.order = sorted(self.triggers)
        self.armies: dict[int, bool] = {}

    def hear(self, reports: Iterable[Attribution], cues: set[int]) -> None:
        """Take in the reports of the article and the tokens that are their cues."""
        spans = [report.source for report in reports if report.source is not None]
        self.cues = cues
        self.sources = set(tokens_of(self.senses.doc, spans))
        self.said = running(i in cues for i in range(len(self.senses.doc)))

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else "_"

    def triggers_in(self, first: int, last: int) -> list[int]:
        """The triggers among the tokens from `first` to `last`, the last one excluded."""
        return self.order[bisect_left(self.order, first) : bisect_left(self.order, last)]

    def is_armed(self, sentence: "Span") -> bool:
        """Whether the sentence tells of arms or armed people."""
        first = sentence.start
        if first not in self.armies:
            senses = self.senses
            self.armies[first] = any(
                "armed" in senses.classes(token) or token.i in senses.found.weapons for token in sentence
            )
        return self.armies[first]

    def is_root(self, i: int) -> bool:
        """Whether the rules make an event of the trigger."""
        frame = self.triggers[i]
        return self.hosts.get(frame) is frame


def of_trigger(around: Surroundings, frame: "Frame", entries: list["Frame"]) -> Iterator[str]:
    """The features of a candidate trigger; `entries` are all the frames that the lexicon offers for its token."""
    senses, token = around.senses, frame.trigger
    lemma = lemma_of(token)
    met = frame in around.met
    host = around.hosts.get(frame, frame)
    folded = host is not frame
    verdict = "fold" if folded else "event" if met else "no"
    kind = "n" if frame.noun else "v"
    yield "bias"
    yield f"rule={verdict}"
    yield f"rule={verdict}/{frame.entry.type}"
    yield f"rule={verdict}/{frame.entry.id}"
    yield f"lemma={lemma}"
    yield f"lemma={lemma}/{verdict}"
    yield f"lemma={lemma}/{kind}"
    yield f"low={token.lower_}"
    yield f"tag={token.tag_}"
    yield f"dep={token.dep_}/{kind}"
    for other in entries:
        yield f"entry={other.entry.id}"
        yield f"type={other.entry.type}"
    if folded:
        yield f"host={lemma_of(host.trigger)}"
        yield f"host={host.entry.type}/{frame.entry.type}/{'n' if host.noun else 'v'}{kind}"
        yield f"hostpath={relation(token, host.trigger)}"
        yield f"hostdist={bucket(host.trigger.i - token.i)}"
    if token.head.i != token.i:
        yield f"head={token.dep_}/{lemma_of(token.head)}"
        yield f"head={lemma}/{token.dep_}/{lemma_of(token.head)}"
        yield f"headtag={token.dep_}/{token.head.tag_}"
        if token.head.i in around.triggers:
            up = around.triggers[token.head.i]
            yield f"headtrigger={token.dep_}/{up.entry.type}/{up in around.met}"
    preposition = syntax.preposition(token)
    if preposition:
        yield f"prep={preposition}/{kind}"
        yield f"prep={preposition}/{lemma}"
    for child in token.children:
        if child.is_punct:
            continue
        yield f"child={child.dep_}/{kind}"
        yield f"child={child.dep_}/{lemma_of(child)}"
        if child.dep_ in {"det", "aux", "aux:pass", "advmod", "mark", "case", "cop"}:
            yield f"childword={child.dep_}/{child.lower_}/{frame.entry.type}"
        for name in senses.classes(child):
            yield f"childclass={child.dep_}/{name}/{frame.entry.type}"
    yield f"passive={frame.passive}/{frame.entry.id}"
    if frame.light is not None:
        yield f"light={lemma_of(frame.light)}"
        yield f"light={lemma_of(frame.light)}/{frame.entry.type}"
    places = (("subj", frame.subjects), ("obj", frame.objects), ("mod", frame.modifiers))
    for name, tokens in places:
        yield f"{name}={min(len(tokens), 2)}/{kind}"
        yield f"{name}={min(len(tokens), 2)}/{frame.entry.id}"
        for filler in tokens:
            yield f"{name}lemma={lemma_of(filler)}/{frame.entry.type}"
            for cls in senses.classes(filler):
                yield f"{name}class={cls}/{frame.entry.type}"
    for prep, noun in frame.phrases:
        yield f"phrase={prep}/{kind}"
        for cls in senses.classes(noun):
            yield f"phraseclass={prep}/{cls}/{frame.entry.type}"
    for step in (-3, -2, -1, 1, 2, 3):
        yield f"w{step}={around.word(token.i + step)}"
    yield f"bi-1={around.word(token.i - 1)}/{lemma}"
    yield f"bi+1={lemma}/{around.word(token.i + 1)}"
    sent = token.sent
    yield f"sentlen={bucket(len(sent))}"
    yield f"pos={bucket(token.i - sent.start)}"
    yield f"head-line={sent.start == 0}"
    rivals = [around.triggers[i] for i in around.triggers_in(sent.start, sent.end) if i != token.i]
    yield f"rivals={min(len(rivals), 4)}"
    for other in rivals[:8]:
        side = "before" if other.trigger.i < token.i else "after"
        yield f"rival={side}/{lemma_of(other.trigger)}"
        yield f"rival={side}/{other.entry.type}/{other in around.met}/{frame.entry.type}"
        if lemma_of(other.trigger) == lemma:
            yield f"rival-same={side}"
    armed = around.is_armed(sent)
    yield f"armed={armed}/{frame.entry.type}"
    yield f"armed={armed}/{lemma}"
    yield f"strong={min(around.strong, 6)}/{frame.entry.type}"
    yield f"strong={min(around.strong, 6)}/{verdict}"
    for clause in (token, frame.clause):
        for aux in syntax.auxiliaries(clause):
            yield f"aux={aux.lower_}"
    near = range(max(sent.start, token.i - 6), token.i)
    modal = [around.words[i] for i in near if around.tags[i] in {"MD", "TO"}]
    yield f"modal={' '.join(modal[-2:])}"
    ancestor = token
    for steps in range(3):
        if ancestor.head.i == ancestor.i:
            break
        ancestor = ancestor.head
        yield f"anc{steps}={lemma_of(ancestor)}"
    filled = "".join(str(int(bool(tokens))) for _, tokens in places)
    yield f"ruled-slots={filled}/{kind}/{frame.entry.type}"


def candidates(senses: Senses, first: int, last: int) -> Iterator["Token"]:
    """The words of a stretch that may stand for a party, a thing or a place: nouns, pronouns, adjectives of nations."""
    doc = senses.doc
    for token in doc[first:last]:
        if token.is_space or token.is_punct or token.i in senses.days:
            continue
        tag = token.tag_
        if (
            tag in syntax.NOUN_TAGS
            or tag in {"PRP", "PRP$"}
            or token.i in senses.found.countries
            or (
                tag in {"JJ", "VBG", "VBN", "FW", "CD", "DT", "JJS", "VBD", "VB", "VBZ", "VBP"}
                and (
                    token.i in senses.entities
                    or token.i in senses.found.actors
                    or token.i in senses.found.weapons
                    or token.lower_ in {"others", "wounded", "dead", "injured", "those", "some", "many"}
                    or (token.dep_ in syntax.NOMINAL and tag in {"JJ", "VBG", "CD", "JJS"})
                )
            )
        ):
            yield token


def of_argument(around: Surroundings, event: "Event", token: "Token", slots: Slots, others: Slots) -> Iterator[str]:
    """The features of a word as a filler of an event's slots.

    `slots` are the rules' slots of this event by token, `others` those of the other events of the sentence.
    """
    senses, frame, trigger = around.senses, event.frame, event.trigger
    kind = "n" if frame.noun else "p" if frame.passive else "v"
    etype, eid, lemma = event.type, frame.entry.id, lemma_of(trigger)
    side = "<" if token.i < trigger.i else ">" if token.i > trigger.i else "="
    mine = slots.get(token.i, ["none"])
    clause = frame.clause
    preposition = syntax.preposition(token)
    classes = classes_of(senses, token)
    tlemma = lemma_of(token)
    distance = token.i - trigger.i
    yield "bias"
    for slot in mine:
        yield f"rule={slot}"
        yield f"rule={slot}/{etype}/{kind}"
        yield f"rule={slot}/{eid}"
        yield f"rule={slot}/{side}/{preposition}"
        yield f"rule={slot}/{token.tag_}"
        yield f"rule={slot}/{tlemma}"
        for cls in classes:
            yield f"rule={slot}/{cls}"
    theirs = others.get(token.i, [])
    for slot in theirs:
        yield f"other={slot}"
        yield f"other={slot}/{mine[0]}"
    if not theirs:
        yield f"other=none/{mine[0]}"
    for slot in ("actor", "target", "weapon", "place"):
        has = any(slot in names and i != token.i for i, names in slots.items())
        yield f"filled={slot}/{has}/{mine[0]}"
        for cls in classes[:6]:
            yield f"filled={slot}/{has}/{cls}/{side}"
    yield f"side={side}/{kind}/{etype}"
    yield f"dist={bucket(distance)}/{kind}"
    yield f"dist={bucket(distance)}/{mine[0]}"
    path = relation(trigger, token)
    yield f"path={path}"
    yield f"path={path}/{kind}"
    yield f"path={path}/{etype}"
    yield f"path={path}/{mine[0]}"
    if clause.i != trigger.i:
        light = relation(clause, token)
        yield f"lightpath={light}/{lemma_of(clause)}"
        yield f"lightpath={light}/{frame.passive}"
    for part in event.parts[1:]:
        yield f"partpath={relation(part.trigger, token)}/{part.entry.role}"
    for cls in classes or ["nothing"]:
        yield f"class={cls}/{side}/{kind}"
        yield f"class={cls}/{etype}/{preposition}"
        yield f"class={cls}/{eid}/{side}"
        yield f"class={cls}/{path}"
    yield f"lemma={tlemma}/{etype}"
    yield f"lemma={tlemma}/{side}"
    yield f"lemma={tlemma}"
    yield f"tag={token.tag_}/{token.dep_}"
    yield f"tag={token.tag_}/{side}/{kind}"
    yield f"prep={preposition}/{kind}/{side}"
    yield f"prep={preposition}/{eid}/{side}"
    yield f"prep={preposition}/{lemma}"
    entity = senses.entities.get(token.i)
    yield f"ent={entity[2] if entity else 'no'}/{side}/{kind}"
    yield f"ent={entity[2] if entity else 'no'}/{preposition}"
    if entity:
        yield f"ent-last={token.i == entity[1] - 1}/{entity[2]}"
    yield f"country={token.i in senses.found.countries}/{token.tag_}/{side}"
    head = token.head
    yield f"head={token.dep_}/{lemma_of(head)}"
    yield f"headtag={token.dep_}/{head.tag_}/{head.i in around.triggers}"
    if head.i in around.triggers:
        yield f"headtrigger={token.dep_}/{head.i == trigger.i}/{around.triggers[head.i].entry.type}/{etype}"
    if head.tag_ in syntax.NOUN_TAGS and token.dep_ in syntax.NOUN_MODIFIER:
        yield f"inside={'<' if head.i > token.i else '>'}/{token.dep_}"
        for cls in sorted(senses.classes(head)):
            yield f"insideclass={token.dep_}/{cls}"
    yield f"trigger={token.i in around.triggers}/{mine[0]}"
    yield f"source={token.i in around.sources}/{mine[0]}"
    yield f"source={token.i in around.sources}/{side}/{kind}"
    for step in (-2, -1, 1, 2):
        yield f"w{step}={around.word(token.i + step)}"
        yield f"w{step}={around.word(token.i + step)}/{side}/{etype}"
    low, high = sorted((token.i, trigger.i))
    near = high - low <= WINDOW
    verbs = around.verbs[high] - around.verbs[low + 1] if near and high > low else 0
    commas = around.marks[high] - around.marks[low + 1] if near and high > low else 0
    rivals = around.rivals[high] - around.rivals[low + 1] if near and high > low else 0
    between = around.words[low + 1 : high]
    if high - low <= 12:
        for text in between:
            yield f"btw={text}/{side}"
    yield f"verbs={min(verbs, 3)}/{side}/{kind}"
    yield f"commas={min(commas, 3)}/{side}"
    yield f"rivals={min(rivals, 3)}/{mine[0]}"
    yield f"rivals={min(rivals, 3)}/{side}/{kind}"
    if high - low == 1:
        yield f"adjacent={side}/{kind}/{token.tag_}/{trigger.tag_}"
    if high - low <= 4:
        yield f"gap={side}/{kind}/{' '.join(around.tags[low + 1 : high])}"
        yield f"gapwords={side}/{kind}/{' '.join(between)}"
    numbered = any(c.tag_ == "CD" or c.dep_ in {"nummod"} for c in token.children)
    yield f"numbered={numbered}/{side}/{kind}"
    determiner = next((c.lower_ for c in token.children if c.dep_ in {"det", "nmod:poss"}), "")
    yield f"det={determiner}/{side}/{kind}"
    conj = syntax.first_conjunct(token)
    if conj.i != token.i:
        first = slots.get(conj.i, ["none"])
        yield f"conj={first[0]}/{mine[0]}"
        yield f"conjpath={relation(trigger, conj)}"
    yield f"eid={eid}/{mine[0]}/{side}"
    yield f"lemma-trigger={lemma}/{mine[0]}"
    yield f"lemma-side={lemma}/{side}/{preposition}"
    yield f"sent-start={token.i - token.sent.start < 3}/{side}"


def of_count(
    around: Surroundings, event: "Event", count: Count, bearer: "Token", slots: Slots, others: Slots, roles: list[str]
) -> Iterator[str]:
    """The features of a quantity as a count of the event; `roles` are the rules' for it, here and elsewhere."""
    doc, etype, eid = event.trigger.doc, event.type, event.frame.entry.id
    yield from of_argument(around, event, bearer, slots, others)
    span = doc.char_span(count.start, count.end, alignment_mode="expand")
    first, last = (span.start, span.end) if span is not None else (bearer.i, bearer.i + 1)
    rule = roles[0]
    yield f"count-rule={rule}"
    yield f"count-rule={rule}/{etype}/{eid}"
    for role in roles[1:]:
        yield f"count-other={role}/{rule}"
    lemma = lemma_of(bearer)
    yield f"count-noun={lemma}"
    yield f"count-noun={lemma}/{rule}"
    yield f"count-noun={lemma}/{etype}"
    yield f"count-unit={count.unit}/{etype}"
    for cls in around.senses.classes(bearer):
        yield f"count-class={cls}/{rule}"
        yield f"count-class={cls}/{etype}/{eid}"
    yield f"count-zero={count.max == 0}/{rule}"
    yield f"count-text={count.text.lower() if len(count.text) < 12 else 'long'}"
    for step in (-3, -2, -1):
        yield f"count-w{step}={around.word(first + step)}"
        yield f"count-w{step}={around.word(first + step)}/{etype}"
    for step in (0, 1, 2, 3):
        yield f"count-w+{step}={around.word(last + step)}"
        yield f"count-w+{step}={around.word(last + step)}/{etype}"
    for step, token in enumerate(doc[last : last + 6]):
        if token.lower_ in WORDS.killing or token.lower_ in WORDS.wounding or token.i in around.triggers:
            yield f"count-next={token.lower_}/{rule}"
            yield f"count-next={token.lower_}/{min(step, 2)}"
            break
    for token in reversed(doc[max(0, first - 6) : first]):
        if token.lower_ in WORDS.killing or token.lower_ in WORDS.wounding or token.i in around.triggers:
            yield f"count-before={token.lower_}/{rule}"
            break
    yield f"count-head={lemma_of(bearer.head)}/{bearer.dep_}"
    yield f"count-head={lemma_of(bearer.head)}/{etype}/{rule}"


def of_date(
    around: Surroundings, event: "Event", date: Date, root: "Token", chosen: Date | None, all_dates: list[Date]
) -> Iterator[str]:
    """The features of a date expression as the day of the event; `chosen` is the rules' choice."""
    trigger, doc = event.trigger, event.trigger.doc
    rule = "this" if date is chosen else "none" if chosen is None else "other"
    kind = "n" if event.frame.noun else "v"
    side = "<" if root.i < trigger.i else ">"
    path = relation(event.frame.clause, root)
    yield "bias"
    yield f"rule={rule}"
    yield f"rule={rule}/{event.type}/{kind}"
    yield f"dates={min(len(all_dates), 4)}/{rule}"
    yield f"rank={all_dates.index(date)}/{len(all_dates)}/{side}"
    yield f"path={path}"
    yield f"path={path}/{rule}"
    yield f"triggerpath={relation(trigger, root)}/{kind}"
    yield f"dist={bucket(root.i - trigger.i)}/{rule}"
    yield f"dist={bucket(root.i - trigger.i)}/{kind}"
    yield f"timex={(date.timex or '')[:1]}/{date.earliest is not None}/{rule}"
    yield f"head={root.dep_}/{lemma_of(root.head)}"
    yield f"head-trigger={root.head.i == trigger.i}/{root.head.i in around.triggers}/{rule}"
    span = doc.char_span(date.start, date.end, alignment_mode="expand")
    first, last = (span.start, span.end) if span is not None else (root.i, root.i + 1)
    for step in (-2, -1):
        yield f"w{step}={around.word(first + step)}"
        yield f"w{step}={around.word(first + step)}/{rule}/{side}"
    for step in (0, 1):
        yield f"w+{step}={around.word(last + step)}/{side}"
    for token in doc[first:last]:
        yield f"text={token.shape_ if token.like_num else token.lower_}"
    low, high = (last, trigger.i) if root.i < trigger.i else (trigger.i + 1, first)
    near = 0 <= high - low <= WINDOW
    tables = (around.verbs, around.marks, around.rivals, around.said)
    verbs, commas, rivals, said = (table[high] - table[low] if near else 0 for table in tables)
    yield f"between={min(verbs, 3)}/{min(commas, 3)}/{min(rivals, 2)}/{side}"
    yield f"verbs={min(verbs, 3)}/{side}/{rule}"
    yield f"said={min(said, 1)}/{side}/{rule}"
    yield f"saidhead={root.head.i in around.cues}/{rule}"
    if high - low <= 3:
        yield f"gap={side}/{kind}/{' '.join(around.words[low:high])}"
    yield f"adjacent={high - low <= 0}/{side}/{kind}/{rule}"
    yield f"type={event.type}/{event.frame.entry.id}/{rule}"
    yield f"lemma={lemma_of(trigger)}/{rule}/{side}"

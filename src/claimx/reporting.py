"""The grammar of reports: verbs, nouns and "according to" (data/cues.toml) with what the sentence gives them.

A parser errs most where clauses meet, so each verb has a second, positional reading for when the tree gives it nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from claimx import cues, syntax

REACH = 400  # tokens that content may lie away from its cue, which bounds the work on hostile text
NEAR = 25  # tokens between words that belong together
ANAPHORS = frozenset({"PRP", "DT", "WP", "WDT", "EX"})
CLAUSE_MARKS = frozenset({",", "?", "!", "”", '"', "’", "''", "—", "–"})

Range = tuple[int, int]  # (first, last), the last one excluded; of tokens or of code points


class Report(NamedTuple):
    """Who says what, in code points; `at` is the index of the cue's head token, -1 where the layout is the cue."""

    source: Range | None
    cue: Range | None
    content: Range
    at: int = -1


def reports(doc: Doc) -> Iterator[Report]:
    """The reports that the grammar shows, sayers and believers alike."""
    known = cues.load()
    openers = {phrase[0] for phrase in known.phrases}
    for token in doc:
        word = token.lower_
        if word in known.verbs and syntax.is_verb(token):
            if syntax.is_hypothetical(token):
                continue
            yield from of_verb(token, known.verbs[word])
        elif word in known.nouns and syntax.is_noun(token):
            yield from of_noun(token)
            yield from of_misread_verb(token, known.verbs.get(word, ()))
        elif word in known.verbs and token.tag_ in {"NNS", "NNPS", "NNP"}:
            yield from of_misread_verb(token, known.verbs[word])
        elif word in known.verbs and token.tag_ in syntax.VERB_TAGS and has_had(token):
            yield from by_position(token)
        elif word in openers:
            yield from of_phrase(token, known.phrases)


def of_verb(verb: Token, frames: tuple[cues.Frame, ...]) -> Iterator[Report]:
    """The report of a verb in those of its frames that the sentence fills; several contents become one stretch."""
    alone = [frame for frame in frames if not frame.company]
    for frame in frames:
        companion = next((c for c in verb.rights if c.lower_ in frame.company and c.i - verb.i < NEAR), None)
        if companion is not None:
            yield from of_company(verb, companion, frame)
            return
        if "as" in frame.frames and (made := of_quoting(verb)):
            yield made
            return
    loose = verb.tag_ == "VBD" and not syntax.has_passive_auxiliary(verb) and bool(syntax.direct_objects(verb))
    passive = syntax.is_passive(verb) and not loose
    allowed = frozenset[str]().union(*(frame.frames for frame in alone))
    says = any(frame.says and "clause" in frame.frames for frame in alone)
    sources = syntax.by_phrases(verb) if passive else syntax.logical_subjects(verb)
    source = sources[0] if sources else None if passive else beside(verb)
    last = verb.i + 1
    parts = clauses(verb, passive, allowed)
    if not parts and "object" in allowed:
        parts = objects(verb, passive)
    if not parts:
        prepositions = frozenset[str]().union(*(frame.prepositions for frame in alone))
        parts, last = prepositional(verb, passive, prepositions)
    if parts:
        yield report(verb, source, (verb.i, last), (min(p[0] for p in parts), max(p[1] for p in parts)))
    elif says and not syntax.has_passive_auxiliary(verb):
        yield from by_position(verb)


def clauses(verb: Token, passive: bool, allowed: frozenset[str]) -> list[Range]:
    finite = "clause" in allowed
    found = syntax.complements(verb, finite=finite, nonfinite="nonfinite" in allowed or (passive and finite))
    parts = [whole(clause) for clause in found]
    if passive and found and not any(c.tag_ in {"VBD", "VBZ", "VBP"} for c in found):  # "he is said to have fled"
        parts.extend(whole(subject) for subject in syntax.own_passive_subjects(verb)[:1])
    host = syntax.interrupted(verb) if finite and not parts else None
    if host is not None:
        first, last = whole(host)
        own_first, own_last = whole(verb)
        if own_last >= last - 1:
            last = own_first
        if first < last:
            parts.append((first, last))
    return parts


def objects(verb: Token, passive: bool) -> list[Range]:
    """The object with what is said of it; of a passive only where it tells by whom."""
    found = syntax.patients(verb)[:1] if passive else syntax.direct_objects(verb)[:1]
    if not found or (passive and not syntax.by_phrases(verb)):
        return []
    thing = found[0]
    said_of = [] if passive else syntax.predicates(verb, thing)
    if thing.tag_ in ANAPHORS and not said_of:
        return []
    parts = [whole(thing), *(whole(part) for part in said_of)]
    return [part for part in parts if not part[0] <= verb.i < part[1]] or [syntax.phrase(thing)]


def prepositional(head: Token, passive: bool, allowed: frozenset[str]) -> tuple[list[Range], int]:
    """Content after one of the prepositions, with the index after the cue.

    With an object ("accused X of") that is content too; without, the cue runs to the preposition ("warned of").
    """
    things = syntax.own_passive_subjects(head)[:1] if passive else syntax.direct_objects(head)[:1]
    for child in [*head.rights, *(c for thing in things for c in thing.rights)]:
        word = next((w for w in [*child.lefts, child] if w.lower_ in allowed and w.tag_ in {"IN", "TO", "RP"}), None)
        if word is None or not allowed:
            continue
        first, last = whole(child)
        if things:
            return [whole(things[0]), (first, last)], head.i + 1
        return [(max(first, word.i + 1), max(last, word.i + 2))], word.i + 1
    return [], head.i + 1


def of_company(verb: Token, companion: Token, frame: cues.Frame) -> Iterator[Report]:
    """ "claimed responsibility for X", "made it clear that X"."""
    found = syntax.complements(verb, finite=True, nonfinite=False) if "clause" in frame.frames else []
    found += syntax.complements(companion, finite=True, nonfinite=False) if "clause" in frame.frames else []
    parts = [whole(clause) for clause in found if clause is not companion and clause.i > companion.i]
    if not parts and "object" in frame.frames:
        parts = [part for part in objects(verb, False) if part[0] != companion.i]
    for head in (companion, verb):
        parts = parts or prepositional(head, False, frame.prepositions)[0][-1:]
    about = syntax.relative_head(verb)
    if not parts and about is not None and frame.prepositions:
        parts = [syntax.phrase(about)]
    for token in () if parts else verb.doc[max(verb.sent.start + 1, verb.i - NEAR) : verb.i]:
        if token.lower_ in {"which", "whom"} and verb.doc[token.i - 1].lower_ in frame.prepositions:  # "for which"
            parts = [(verb.sent.start, token.i - 1)]
    sources = syntax.agents(verb)
    if parts:
        last = companion.i + 1 if companion.i - verb.i < 6 else verb.i + 1
        yield report(verb, sources[0] if sources else None, (verb.i, last), parts[0])


def of_quoting(verb: Token) -> Report | None:
    """ "quoted X as saying": X is the source, what follows the content."""
    spoken = syntax.own_passive_subjects(verb) or syntax.direct_objects(verb) or syntax.own_subjects(verb)
    for token in verb.doc[verb.i + 1 : min(verb.sent.end, verb.i + NEAR)]:
        if token.tag_ == "VBG" and token.doc[token.i - 1].lower_ == "as" and spoken:
            parts = [whole(c) for c in syntax.complements(token, finite=True, nonfinite=True)]
            parts = parts or [whole(c) for c in token.rights if not c.is_punct] or clauses_beside(token)
            if not parts and not syntax.has_passive_auxiliary(verb):  # "..., state media quoted X as saying."
                parts = [(token.sent.start, max(token.sent.start + 1, verb.left_edge.i, *(s.left_edge.i for s in syntax.own_subjects(verb))))]
            if parts:
                return report(token, spoken[0], (token.i, token.i + 1), (parts[0][0], parts[-1][1]))
    return None


def of_noun(noun: Token) -> Iterator[Report]:
    """ "X's claim that ...", "reports by X of ...", "the threat by X to ..."."""
    found = syntax.noun_complements(noun) or [n for word, n in syntax.prepositional(noun) if word == "of"]
    if found:
        yield report(noun, author(noun), (noun.i, noun.i + 1), whole(found[0]))


def of_misread_verb(noun: Token, frames: tuple[cues.Frame, ...]) -> Iterator[Report]:
    """ "..., Reuters reports.", "Reuters reports that": the verb that a tagger takes for a plural noun."""
    doc = noun.doc
    after = doc[noun.i + 1] if noun.i + 1 < len(doc) else None
    if noun.i == 0 or not noun.lower_.endswith("s") or not any(frame.says and "clause" in frame.frames for frame in frames):
        return
    named = doc[noun.i - 1].tag_ == "NNP" or doc[noun.i - 1].is_upper
    if after is None or after.is_punct or (named and after.lower_ in {"that", "from"}):
        yield from by_position(noun)


def author(noun: Token) -> Token | None:
    """Who made a statement: by X, from X, X's, or the subject of the verb that it is an object of ("X issued a statement")."""
    named = [n for word, n in syntax.prepositional(noun) if word in {"by", "from"}] or syntax.possessors(noun)
    if not named:
        governor = syntax.governor(noun)
        if syntax.is_verb(governor) and noun in syntax.direct_objects(governor):
            named = [n for n in syntax.agents(governor) if n is not noun]
    return named[0] if named else None


def of_phrase(token: Token, phrases: dict[tuple[str, ...], bool]) -> Iterator[Report]:
    """ "according to X": the sentence after it where it comes first, else what stands before it."""
    doc, sentence = token.doc, token.sent
    phrase = next((p for p in phrases if tuple(t.lower_ for t in doc[token.i : token.i + len(p)]) == p), None)
    if phrase is None:
        return
    last = token.i + len(phrase)
    named = (t for t in doc[last : min(last + NEAR, sentence.end)] if (syntax.is_noun(t) or t.tag_ == "PRP") and not syntax.modifies(t))
    source = next(named, None)
    if source is None or (len(phrase) == 1 and source.tag_ != "NNP"):
        return
    if token.i - sentence.start <= 2:
        comma = next((t.i for t in doc[source.i + 1 : min(source.i + NEAR, sentence.end)] if t.text == ","), source.right_edge.i)
        content = (comma + 1, sentence.end)
    else:
        content = (sentence.start, token.i)
    if content[0] < content[1]:
        yield report(token, source, (token.i, last), content)


# --- from heads to spans ---------------------------------------------------------------------------------------------


def report(head: Token, source: Token | None, cue: Range, content: Range) -> Report:
    """The pieces in code points: content on one side of the cue stops at cue and source, content around them stays whole."""
    doc = head.doc
    speaker = source_phrase(source, head) if source is not None else None
    first, last = max(content[0], cue[0] - REACH), min(content[1], cue[1] + REACH)
    stops = [cue]
    if source is not None and speaker is not None:
        stops.append((max(min(speaker[0], source.left_edge.i), speaker[0] - 3), speaker[1]))
    if last <= cue[1] and first < cue[0]:
        last = min([last, *(a for a, _ in stops if first < a)])
        if syntax.is_main(head) and syntax.is_verb(head):
            first = max(head.sent.start, cue[0] - REACH)
    elif first >= cue[0]:
        last = and_that(doc, last, head.sent.end)
        first = max([first, *(b for a, b in stops if a <= first < b or (a > cue[0] and b <= first))])
    return Report(chars(doc, speaker) if speaker else None, chars(doc, cue), chars(doc, (first, max(last, first + 1))), head.i)


def and_that(doc: Doc, last: int, end: int) -> int:
    """ "said that A, and that B": the end of B, where the tree ends the content with A."""
    words = [t.lower_ for t in doc[last : min(last + 3, end)]]
    return end if words[-2:] == ["and", "that"] or words[:2] == ["and", "that"] else last


def source_phrase(head: Token, cue: Token) -> Range:
    """The speaker: for a document who issued it, for an office with its realm the name in apposition; names beside stay."""
    known = cues.load()
    if head.lower_ in known.nouns or head.lower_ in known.media:
        by = [n for word, n in syntax.prepositional(head) if word in {"by", "from"}]
        governor = syntax.governor(head)
        if not by and governor is not cue and governor is not head and syntax.is_verb(governor) and cue.i > head.i:
            by = [n for n in syntax.agents(governor) if n is not head and n is not cue]
        head = by[0] if by else head
    elif syntax.prepositional(head):
        head = next((name for name in syntax.appositives(head) if name.tag_ == "NNP"), head)
    first, last = syntax.phrase(head)
    named = name_between(head, cue)
    if named is not None and syntax.prepositional(head):
        return named
    for name in syntax.appositives(head):  # "the channel Al Noor", no comma between
        begin, end = syntax.phrase(name)
        if begin == last and name.tag_ == "NNP":
            last = end
    doc = head.doc
    if last < cue.i < last + 6 and all(t.tag_ == "NNP" for t in doc[last : cue.i]):
        last = cue.i
    return first, last


def name_between(head: Token, cue: Token) -> Range | None:
    """The name that stands between commas before the cue: "a medic from the north, *Ana Ruiz*, said"."""
    doc = cue.doc
    last = cue.i - 1
    if last <= head.i or doc[last].text != ",":
        return None
    first = last
    while first - 1 > head.i and doc[first - 1].tag_ == "NNP" and last - first < 6:
        first -= 1
    return (first, last) if first < last and doc[first - 1].text == "," else None


def whole(token: Token) -> Range:
    return token.left_edge.i, token.right_edge.i + 1


def chars(doc: Doc, span: Range) -> Range:
    first = min(span[0], len(doc) - 1)
    last = doc[max(first, min(span[1], len(doc)) - 1)]
    return doc[first].idx, last.idx + len(last)


def beside(verb: Token) -> Token | None:
    """The noun right before or behind a verb that the parser gave no subject."""
    doc, sentence = verb.doc, verb.sent
    index = verb.i - 1
    while index > sentence.start and doc[index].tag_ in {"RB", "VBZ", "VBD", "VBP", "MD"} and verb.i - index < 4:
        index -= 1
    candidates = [doc[i] for i in (index,) if sentence.start <= i < sentence.end]
    if verb.i - sentence.start > 1 and doc[verb.i - 1].text in CLAUSE_MARKS:
        behind = verb.i + 1
        while behind < min(verb.i + 8, sentence.end - 1) and doc[behind].tag_ in {"DT", "JJ", "PRP$", "CD"}:
            behind += 1
        candidates = list(doc[behind : min(behind + 1, sentence.end)])
    for token in candidates:
        if syntax.is_noun(token) or token.tag_ == "PRP":
            for _ in range(NEAR):
                if not syntax.modifies(token):
                    return token
                token = token.head
    return None


def clauses_beside(verb: Token) -> list[Range]:
    """Content behind the cue: after "that" or a colon, or a phrase that holds a verb."""
    doc, end = verb.doc, verb.sent.end
    for token in doc[verb.i + 1 : min(verb.i + 10, end)]:
        if token.lower_ == "that" and token.tag_ in {"IN", "WDT"} and token.i + 1 < end:
            return [(token.i, end)]
        if token.text == ":" and token.i + 1 < end:
            return [(token.i + 1, end)]
        if token.tag_ in syntax.VERB_TAGS or token.text in CLAUSE_MARKS:
            break
    loose = syntax.loose_complements(verb)
    return [(loose[0].left_edge.i, loose[-1].right_edge.i + 1)] if loose else []


def by_position(verb: Token) -> Iterator[Report]:
    """A saying that the tree hides, by the order that news keeps: "X said that ...", "..., X said on Monday."

    The speaker is the noun phrase right before the verb, in the second order between it and a comma or quotation mark.
    """
    doc, sentence = verb.doc, verb.sent
    if verb.i - sentence.start > 2 and doc[verb.i - 1].text in CLAUSE_MARKS:
        yield from inverted(verb)
        return
    last = verb.i
    while last > sentence.start and doc[last - 1].tag_ in {"RB", "VBZ", "VBD", "VBP", "MD"} and verb.i - last < 4:
        last -= 1
    if last == sentence.start or not (syntax.is_noun(doc[last - 1]) or doc[last - 1].tag_ == "PRP"):
        return
    first = last
    while first > sentence.start and last - first < 15 and doc[first - 1].text not in CLAUSE_MARKS:
        if doc[first - 1].tag_ in syntax.VERB_TAGS:
            return
        first -= 1
    speaker = (first, last)
    heads = [t for t in doc[first:last] if (syntax.is_noun(t) or t.tag_ == "PRP")]
    if heads:
        root = next((t for t in heads if not first <= t.head.i < last), heads[0])
        speaker = source_phrase(root, verb)
        if not first <= speaker[0] < speaker[1] <= last:
            speaker = (first, last)
    speaker = without_article(doc, speaker)
    behind = clauses_beside(verb)
    cue = (verb.i, verb.i + 1)
    if behind:
        content = behind[0]
    elif first > sentence.start + 1:
        first, speaker = named_before(doc, first, speaker, sentence.start)
        content = (max(sentence.start, first - REACH), first)
    else:
        return
    if speaker[0] < speaker[1] and any(t.tag_ in syntax.VERB_TAGS for t in doc[content[0] : content[1]]):
        yield Report(chars(doc, speaker), chars(doc, cue), chars(doc, content), verb.i)


def inverted(verb: Token) -> Iterator[Report]:
    """ "..., said the mayor"."""
    source = beside(verb)
    first = max(verb.sent.start, verb.i - REACH)
    if source is not None and source.i > verb.i and any(t.tag_ in syntax.VERB_TAGS for t in verb.doc[first : verb.i]):
        doc = verb.doc
        yield Report(chars(doc, source_phrase(source, verb)), chars(doc, (verb.i, verb.i + 1)), chars(doc, (first, verb.i)), verb.i)


def named_before(doc: Doc, first: int, speaker: Range, floor: int) -> tuple[int, Range]:
    """ "..., Ana Ruiz, head of the clinic, said": the name before a lower-case apposition is the speaker."""
    begin = end = first - 1
    while begin > floor and doc[begin - 1].tag_ == "NNP" and end - begin < 5:
        begin -= 1
    if doc[first].is_lower and doc[end].text == "," and begin < end and begin > floor + 1 and doc[begin - 1].text in CLAUSE_MARKS:
        return begin, (begin, end)
    return first, speaker


def without_article(doc: Doc, span: Range) -> Range:
    first, last = span
    while first < last - 1 and doc[first].tag_ in {"DT", "PRP$", "IN", "CC", "RB"}:
        first += 1
    return first, last


def has_had(token: Token) -> bool:
    """Whether a form of "have" stands before a participle, adverbs apart: then it is a verb, whatever the tree says."""
    before = (t for t in reversed(token.doc[max(0, token.i - 3) : token.i]) if t.tag_ != "RB")
    return next((t.lower_ in {"has", "have", "had"} for t in before), False)

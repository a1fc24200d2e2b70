"""The grammar of reports: verbs, nouns and "according to" (data/cues.toml) with what the sentence gives them.

A parser errs most where clauses meet, so verbs that say are read by the order of words (wordorder.py)
where that is plain.
"""

import functools
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from claimx import cues, syntax
from claimx.speakers import LONGEST, NEAR, REACH, Range, Report, chars, source_phrase, whole
from claimx.wordorder import CLAUSE_MARKS, beside, beside_content, by_position, clauses_beside, has_finite, has_had

ANAPHORS = frozenset({"PRP", "DT", "WP", "WDT", "EX"})


def reports(doc: Doc) -> Iterator[Report]:
    """The reports that the grammar shows, sayers and believers alike."""
    known = cues.load()
    openers = {phrase[0] for phrase in known.phrases}
    for sentence in doc.sents:
        if len(sentence) <= LONGEST:
            found = [made for token in sentence for made in of_token(token, known, openers)]
            yield from before_the_next(found)


def before_the_next(found: list[Report]) -> Iterator[Report]:
    """Ends content before a saying that closes its sentence: "X said A, *Y reported*." """
    end = -1  # of what the nearest such saying further right reports
    for item in reversed(found):
        if end > 0 and item.content[0] < end < item.content[1]:
            item = item._replace(content=(item.content[0], end))
        if item.cue is not None and item.source is not None and item.content[1] <= min(item.cue[0], item.source[0]):
            end = item.content[1]
        yield item


def of_token(token: Token, known: cues.Cues, openers: set[str]) -> Iterator[Report]:
    word = token.lower_
    if word in known.verbs and syntax.is_verb(token):
        if not syntax.is_hypothetical(token) and not (token.i and token.nbor(-1).tag_ == "HYPH"):
            yield from of_verb(token, known.verbs[word])
    elif word in known.nouns and syntax.is_noun(token):
        yield from of_noun(token)
        yield from of_misread_verb(token, known.verbs.get(word, ()))
    elif word in known.verbs and token.tag_ == "NNS":
        yield from of_misread_verb(token, known.verbs[word])
    elif word in known.verbs and token.tag_ in syntax.VERB_TAGS and has_had(token):
        yield from by_position(token)
    elif word in openers:
        yield from of_phrase(token, known.phrases)


def of_verb(verb: Token, frames: tuple[cues.Frame, ...]) -> Iterator[Report]:
    """The report of a verb in those of its frames that the sentence fills; several contents become one stretch."""
    if verb.tag_ == "VBG" and verb.i and verb.doc[verb.i - 1].lower_ == "as":
        return  # "quoted X as saying" belongs to the quoting
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
    ordered = any("order" in frame.frames for frame in alone)
    if ordered and not syntax.has_passive_auxiliary(verb) and (sure := beside_content(verb)):
        yield sure
        return
    allowed = frozenset[str]().union(*(frame.frames for frame in alone))
    sources = syntax.by_phrases(verb) if passive else syntax.logical_subjects(verb)
    before = [noun for noun in sources if noun.i < verb.i]
    source = (before or sources)[0] if sources else None if passive else beside(verb)
    last = verb.i + 1
    parts = clauses(verb, passive, allowed)
    if not parts and "object" in allowed:
        parts = objects(verb, passive, any(frame.says for frame in alone if "object" in frame.frames))
    if not parts:
        prepositions = frozenset[str]().union(*(frame.prepositions for frame in alone))
        parts, last = prepositional(verb, passive, prepositions)
    if parts:
        parts = one_side(verb, source, parts)
        if ordered and parts[0][0] > verb.i and "clause" in allowed and has_finite(verb.doc, verb.i + 1, parts[-1][1]):
            end = verb.sent.end
            full_stop = verb.doc[end - 1].text == "."
            # what follows in the sentence is still said
            parts.append((parts[-1][0], max(parts[-1][1], end - full_stop)))
        yield report(verb, source, (verb.i, last), (min(p[0] for p in parts), max(p[1] for p in parts)))
    elif ordered and not syntax.has_passive_auxiliary(verb):
        yield from by_position(verb)


@functools.cache
def anyhow() -> cues.Frame:
    """A frame for verbs that no list holds: content in whatever place."""
    every = (frame.prepositions for frames in cues.load().verbs.values() for frame in frames)
    return cues.Frame(
        "", False, frozenset({"clause", "nonfinite", "object"}), frozenset[str]().union(*every), frozenset()
    )


def supposed(head: Token) -> Report:
    """The report of a word that no rule takes for a cue: what it governs, else what follows it, else what precedes."""
    doc, sentence = head.doc, head.sent
    found = next(of_verb(head, (anyhow(),)) if syntax.is_verb(head) else of_noun(head), None)
    if found is not None:
        return found
    behind = (head.i + 1, max((child.right_edge.i + 1 for child in head.rights if not child.is_punct), default=0))
    governed = doc[behind[0] : behind[1]]
    if not any(token.is_alpha for token in governed):
        rest = (head.i + 1, sentence.end), (sentence.start, head.i)
        behind = next((part for part in rest if any(t.is_alpha for t in doc[part[0] : part[1]])), (head.i, head.i + 1))
    first, last = max(behind[0], head.i - REACH), min(behind[1], head.i + REACH)
    return Report(None, chars(doc, (head.i, head.i + 1)), chars(doc, (first, last)), head.i)


def one_side(verb: Token, source: Token | None, parts: list[Range]) -> list[Range]:
    """The parts behind the cue alone, where no comma or quotation mark parts the others from its subject."""
    first = min(verb.i, source.left_edge.i if source is not None else verb.i)
    behind = [part for part in parts if part[0] > verb.i]
    parted = first > 0 and verb.doc[first - 1].text in CLAUSE_MARKS
    return behind if behind and not parted and not syntax.is_passive(verb) else parts


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


def objects(verb: Token, passive: bool, says: bool) -> list[Range]:
    """The object with what is said of it; of a passive only where it tells by whom."""
    found = syntax.patients(verb)[:1] if passive else syntax.direct_objects(verb)[:1]
    if not found or (passive and not syntax.by_phrases(verb)):
        return []
    thing = found[0]
    said_of = [] if passive else syntax.predicates(verb, thing)
    if says and thing.tag_ in ANAPHORS and not said_of:  # "said it"
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
    after = head.i + 1
    if not things and after + 1 < head.sent.end and head.doc[after].lower_ in allowed:  # "called for all to leave"
        last = max((child.right_edge.i + 1 for child in head.rights), default=0)
        return ([(after + 1, last)], after + 1) if last > after + 1 else ([], after)
    return [], head.i + 1


def of_company(verb: Token, companion: Token, frame: cues.Frame) -> Iterator[Report]:
    """ "claimed responsibility for X", "made it clear that X"."""
    found = syntax.complements(verb, finite=True, nonfinite=False) if "clause" in frame.frames else []
    found += syntax.complements(companion, finite=True, nonfinite=False) if "clause" in frame.frames else []
    parts = [whole(clause) for clause in found if clause != companion and clause.i > companion.i]
    if not parts and "object" in frame.frames:
        parts = [part for part in objects(verb, False, True) if part[0] != companion.i]
    for head in (companion, verb):
        parts = parts or prepositional(head, False, frame.prepositions)[0][-1:]
    about = syntax.relative_head(verb)
    if not parts and about is not None and frame.prepositions:
        parts = [syntax.phrase(about)]
    for token in () if parts else verb.doc[max(verb.sent.start + 1, verb.i - NEAR) : verb.i]:
        if token.lower_ in {"which", "whom"} and verb.doc[token.i - 1].lower_ in frame.prepositions:  # "for which"
            parts = [(verb.sent.start, token.i - 1)]
    if not parts and "clause" in frame.frames:
        parts = clauses_beside(companion)
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
                parts = [
                    (
                        token.sent.start,
                        max(
                            token.sent.start + 1, verb.left_edge.i, *(s.left_edge.i for s in syntax.own_subjects(verb))
                        ),
                    )
                ]
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
    if noun.i == 0 or not noun.lower_.endswith("s") or not any("order" in frame.frames for frame in frames):
        return
    named = doc[noun.i - 1].tag_ == "NNP" or doc[noun.i - 1].is_upper
    if after is None or after.is_punct or after.tag_ == "IN":
        sure = beside_content(noun)
        if sure:
            yield sure
        elif named and after is not None and after.lower_ == "that":
            yield from by_position(noun)


def author(noun: Token) -> Token | None:
    """Who made a statement: by X, from X, X's, or the subject of the verb above ("X issued a statement")."""
    named = [n for word, n in syntax.prepositional(noun) if word in {"by", "from"}] or syntax.possessors(noun)
    pronoun = bool(named) and named[0].tag_ == "PRP$"
    if not named or pronoun:
        governor = syntax.governor(noun)
        if syntax.is_verb(governor) and (pronoun or noun in syntax.direct_objects(governor)):
            named = [n for n in syntax.agents(governor) if n != noun] or named
    return named[0] if named else None


def of_phrase(token: Token, phrases: dict[tuple[str, ...], bool]) -> Iterator[Report]:
    """ "according to X": the sentence after it where it comes first, else what stands before it."""
    doc, sentence = token.doc, token.sent
    phrase = next((p for p in phrases if tuple(t.lower_ for t in doc[token.i : token.i + len(p)]) == p), None)
    if phrase is None:
        return
    last = token.i + len(phrase)
    named = (
        t
        for t in doc[last : min(last + NEAR, sentence.end)]
        if (syntax.is_noun(t) or t.tag_ == "PRP") and not syntax.modifies(t)
    )
    source = next(named, None)
    while source is not None and source.i + 1 < sentence.end and syntax.is_noun(doc[source.i + 1]):
        source = doc[source.i + 1]  # the last of a run of nouns is its head
    if source is None or (len(phrase) == 1 and source.tag_ != "NNP"):
        return
    opens = token.i - sentence.start <= 2
    content = (syntax.phrase(source)[1], sentence.end) if opens else (sentence.start, token.i)
    if content[0] < content[1]:
        yield report(token, source, (token.i, last), content)


# --- from heads to spans ---------------------------------------------------------------------------------------------


def report(head: Token, source: Token | None, cue: Range, content: Range) -> Report:
    """The pieces in code points: content beside the cue stops at cue and source, content around them stays whole."""
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
    return Report(
        chars(doc, speaker) if speaker else None, chars(doc, cue), chars(doc, (first, max(last, first + 1))), head.i
    )


def and_that(doc: Doc, last: int, end: int) -> int:
    """ "said that A, and that B": the end of B, where the tree ends the content with A."""
    words = [t.lower_ for t in doc[last : min(last + 3, end)]]
    return end if {"and that", "but that"} & {" ".join(words[:2]), " ".join(words[1:])} else last

"""Reports by the order of words: "..., X said on Monday.", "..., said X", "X said that ...".

News keeps to these orders, and where clauses meet they are surer than a small parser's tree.
"""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from claimx import syntax
from claimx.speakers import NEAR, REACH, Range, Report, chars, source_phrase, without_article

FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
WHEN = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tonight",
     "late", "early", "earlier", "later", "last", "this", "reporters", "journalists", "lawmakers", "him", "her", "them",
     "us", "me"}
)  # fmt: skip
QUOTE_MARKS = frozenset({"”", '"', "’", "''"})
CLAUSE_MARKS = QUOTE_MARKS | {",", "?", "!", "—", "–"}


def beside(verb: Token) -> Token | None:
    """The noun right before or behind a verb that the parser gave no subject."""
    doc, sentence = verb.doc, verb.sent
    index = verb.i - 1
    while index > sentence.start and doc[index].tag_ in {"RB", "VBZ", "VBD", "VBP", "MD"} and verb.i - index < 4:
        index -= 1
    candidates = [doc[i] for i in (index,) if sentence.start <= i < sentence.end]
    if verb.i - sentence.start > 1 and doc[verb.i - 1].text in CLAUSE_MARKS:
        if ends_clause(verb):  # "they fled, said the mayor"
            behind = verb.i + 1
            while behind < min(verb.i + 8, sentence.end - 1) and doc[behind].tag_ in {"DT", "JJ", "PRP$", "CD"}:
                behind += 1
            candidates = list(doc[behind : min(behind + 1, sentence.end)])
        else:  # "the mayor of the port, Ana Ruiz, said"
            candidates = [doc[verb.i - 2]]
    for token in candidates:
        if syntax.is_noun(token) or token.tag_ == "PRP":
            for _ in range(NEAR):
                if not syntax.modifies(token):
                    return token
                token = token.head
    return None


def clauses_beside(verb: Token) -> list[Range]:
    """Content behind the cue: a participle past an aside, what follows "that" or a colon, a phrase with a verb."""
    doc, end = verb.doc, verb.sent.end
    aside = syntax.past_aside(verb)
    if verb.i + 1 < aside < end and doc[aside].tag_ == "VBG":
        return [(aside, end)]
    for token in doc[verb.i + 1 : min(verb.i + 10, end)]:
        if token.lower_ == "that" and token.tag_ in {"IN", "WDT"} and token.i + 1 < end:
            return [(token.i, end)]
        if token.text == ":" and any(not t.is_space for t in doc[token.i + 1 : end]):
            return [(token.i + 1, end)]
        if token.tag_ in syntax.VERB_TAGS or token.text in CLAUSE_MARKS:
            break
    loose = syntax.loose_complements(verb)
    return [(loose[0].left_edge.i, loose[-1].right_edge.i + 1)] if loose else []


def beside_content(verb: Token) -> Report | None:
    """ "..., X said on Monday." and "..., said X": the order of news that is surer than any tree.

    Content is what a comma or a quotation mark parts from the speaker, or the sentence around a saying put into it.
    """
    doc, sentence = verb.doc, verb.sent
    before = subject_before(verb)
    after = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
    if before is not None and before[0] > sentence.start + 1 and is_adverbial(after):
        first, speaker = before
        if has_finite(doc, max(sentence.start, first - REACH), first):
            first, speaker = named_before(doc, first, speaker, sentence.start)
            content = (max(sentence.start, first - REACH), first)
        elif after is not None and after.text == "," and has_finite(doc, verb.i + 1, sentence.end):
            content = (sentence.start, min(sentence.end, verb.i + REACH))
        else:
            return None
        return Report(chars(doc, speaker), chars(doc, (verb.i, verb.i + 1)), chars(doc, content), verb.i)
    if verb.i - sentence.start < 3 or doc[verb.i - 1].text not in CLAUSE_MARKS or after is None:
        return None
    subjects = [subject.i for subject in syntax.own_subjects(verb)]
    if (subjects and max(subjects) < verb.i) or not ends_clause(verb):
        return None
    stop = next((t.i for t in doc[verb.i + 1 : sentence.end] if t.text in CLAUSE_MARKS), sentence.end)
    source = beside(verb)
    if source is None or source.i < verb.i or source.i >= stop or has_finite(doc, verb.i + 1, stop):
        return None
    content = (max(sentence.start, verb.i - REACH), verb.i)
    return Report(
        chars(doc, source_phrase(source, verb)), chars(doc, (verb.i, verb.i + 1)), chars(doc, content), verb.i
    )


def by_position(verb: Token) -> Iterator[Report]:
    """A saying whose content the tree hides: what follows the cue and holds a finite verb."""
    doc, sentence = verb.doc, verb.sent
    before = subject_before(verb)
    if before is not None:
        speaker = before[1]
    else:
        sources = syntax.logical_subjects(verb)
        if not sources or sources[0].i > verb.i:
            return
        speaker = source_phrase(sources[0], verb)
    behind = clauses_beside(verb)
    after = doc[verb.i + 1] if verb.i + 1 < sentence.end else None
    to_verb = verb.i + 2 < sentence.end and doc[verb.i + 1].tag_ == "TO" and doc[verb.i + 2].tag_ == "VB"
    open_end = after is not None and after.text not in CLAUSE_MARKS and not to_verb and syntax.is_finite(verb)
    stop = next((t.i for t in doc[verb.i + 1 : sentence.end] if t.text == "”" or t.tag_ == "''"), sentence.end)
    if not behind and open_end and has_finite(doc, verb.i + 1, stop):
        behind = [(verb.i + 1, sentence.end)]
    for first, last in behind:
        yield Report(
            chars(doc, speaker),
            chars(doc, (verb.i, verb.i + 1)),
            chars(doc, (first, min(last, verb.i + REACH))),
            verb.i,
        )


def subject_before(verb: Token) -> tuple[int, Range] | None:
    """The noun phrase right before a verb: where it begins, after a comma or the like, and its shortest form."""
    doc, sentence = verb.doc, verb.sent
    last = verb.i
    while last > sentence.start and doc[last - 1].tag_ in {"RB", "VBZ", "VBD", "VBP", "MD"} and verb.i - last < 4:
        last -= 1
    if last == sentence.start or not (
        syntax.is_noun(doc[last - 1]) or doc[last - 1].tag_ == "PRP" or doc[last - 1].is_upper
    ):
        return None
    first = last
    while first > sentence.start and doc[first - 1].text not in CLAUSE_MARKS:
        if doc[first - 1].tag_ in FINITE or last - first > 20:
            return None
        first -= 1
    heads = [t for t in doc[first:last] if syntax.is_noun(t) or t.tag_ == "PRP"]
    speaker = (first, last)
    if heads:
        root = next((t for t in heads if not first <= t.head.i < last), heads[-1])
        shortest = source_phrase(root, verb)
        speaker = shortest if first <= shortest[0] < shortest[1] <= last else speaker
    return first, without_article(doc, speaker)


def ends_clause(verb: Token) -> bool:
    """Whether what stands before the mark before a verb can be something said: a quotation, or a finite clause."""
    doc = verb.doc
    return doc[verb.i - 1].text in QUOTE_MARKS or has_finite(doc, max(verb.sent.start, verb.i - REACH), verb.i)


def has_finite(doc: Doc, first: int, last: int) -> bool:
    return any(token.tag_ in FINITE for token in doc[first : min(last, first + REACH)])


def is_adverbial(token: Token | None) -> bool:
    """Whether what the token begins only adds when, where or to whom: nothing, "on", "late", "Friday", "reporters"."""
    if token is None or token.is_punct or token.lower_ in WHEN:
        return True
    return token.tag_ in {"IN", "TO", "RB", "RBR"} and token.lower_ != "that"


def named_before(doc: Doc, first: int, speaker: Range, floor: int) -> tuple[int, Range]:
    """ "..., Ana Ruiz, head of the clinic, said": the name before a lower-case apposition is the speaker."""
    begin = end = first - 1
    while begin > floor and doc[begin - 1].tag_ == "NNP" and end - begin < 5:
        begin -= 1
    bare = doc[first].tag_ in {"NN", "JJ"} and doc[end].text == ","
    if bare and end - begin > 1 and begin > floor + 1 and doc[begin - 1].text in CLAUSE_MARKS:
        return begin, (begin, end)
    return first, speaker


def has_had(token: Token) -> bool:
    """Whether a form of "have" stands before a participle, adverbs apart: then it is a verb, whatever the tree says."""
    before = (t for t in reversed(token.doc[max(0, token.i - 3) : token.i]) if t.tag_ != "RB")
    return next((t.lower_ in {"has", "have", "had"} for t in before), False)

"""Who says what: the reports in an article, each with its source, its cue and its content.

Three readings are laid over each other: the grammar of reporting verbs, nouns and "according to" (data/cues.toml), the
quotation marks, and the layout (transcripts, signed posts, "Minister: ..." headlines). What they propose, the learned
judge (hearing.py) corrects, where the doc comes from the pipeline that it knows.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from claimx import cues, hearing, quotations, reporting, speakers, syntax, wordorder
from claimx.models import Attribution, Span
from claimx.nlp import text_of
from claimx.speakers import NEAR, Range, Report

EDGE = " \t\r\n,;:–—-"
SENTENCE_END = frozenset({".", "!", "?", "…"})


# How probable a cue must be: a word of plain saying, another that says, any other. And how probable a source must be.
PLAIN, SAYING, BELIEVED = 0.006, 0.2, 0.4
NAMED = 0.25
SURER = 0.1  # by how much another source must be likelier than that of the rules


class Heard(Attribution, frozen=True):
    """A report that the judge alone takes for one: to be told of, but too unsure to be the source of a claim."""


class Proposals(NamedTuple):
    """What the rules find: reports with a cue, those that they leave out again, and those by the layout alone."""

    quotes: list[quotations.Quotation]
    kept: list[Report]
    refused: list[Report]
    laid: list[Report]


def find_attributions(doc: Doc) -> list[Attribution]:
    """Every report of a parsed doc in text order; sayers and mere believers alike, see `is_said`."""
    found = propose(doc)
    judges = hearing.judges_for(doc)
    reports = list(judged(doc, found, judges)) if judges else found.kept
    ruled = {report.at for report in found.kept}
    return list(finished(text_of(doc), [*reports, *found.laid], found.quotes, ruled))


def propose(doc: Doc) -> Proposals:
    """The reports by the rules alone."""
    text = text_of(doc)
    starts = quotations.paragraph_starts(text)
    quotes = quotations.quotations(text, starts)
    begins = [quote.start for quote in quotes]
    grammar = [fit_quotes(report, quotes, begins) for report in reporting.reports(doc)]
    worthy = worth_keeping(doc, grammar, quotes)
    known = {report.at for report in worthy}
    refused = [report for report in grammar if report.at not in known]
    worthy += after_colon(doc, worthy)
    kept = [*worthy, *linked_quotes(doc, starts, quotes, worthy), *headlines(doc)]
    return Proposals(quotes, kept, refused, laid_out(text, starts))


def judged(doc: Doc, found: Proposals, judges: hearing.Judges) -> Iterator[Report]:
    """The reports whose cue the judge believes, each with the source that it takes for the likeliest."""
    scene = hearing.Scene(doc, found.quotes, found.kept, found.refused)
    known: dict[int, list[Report]] = defaultdict(list)
    for report in found.kept:
        known[report.at].append(report)
    for report in found.refused:
        if report.at not in known:
            known[report.at].append(report)
    text = text_of(doc)
    sayers = {i for i in scene.kept if is_sayer(text, known[i][0])}
    chances = hearing.cue_chances(judges, scene)
    heads = [i for i, chance in chances.items() if chance > (needed(doc[i]) if i in sayers else BELIEVED)]
    begins = [quote.start for quote in found.quotes]
    # What the claims rest on stays with the rules, and so does a passive that tells no speaker.
    settled = {i for i in sayers if any(report.source for report in known[i]) or syntax.is_passive(doc[i])}
    named = hearing.source_chances(judges, scene, [i for i in heads if i not in settled])
    for i in heads:
        made = known.get(i) or [fit_quotes(reporting.supposed(doc[i]), found.quotes, begins)]
        candidates = named.get(i, {})
        best = max(candidates, key=candidates.__getitem__, default=i)
        ruled = hearing.ruled_source(scene, i)
        least = NAMED if ruled is None else max(NAMED, candidates.get(ruled, 0.0) + SURER)
        if best != ruled and candidates.get(best, 0.0) > least:
            source = speakers.chars(doc, speakers.source_phrase(doc[best], doc[i]))
            made = [report._replace(source=source) for report in made]
        yield from made


def needed(sayer: Token) -> float:
    """How probable a cue must be that the rules take for a saying: the plainer it is, the less is asked."""
    frames = cues.load().verbs.get(sayer.lower_, ())
    plain = any("order" in frame.frames or frame.prepositions or frame.company for frame in frames)
    plain = plain or not syntax.is_verb(sayer)
    return PLAIN if plain else SAYING


def source_of(attributions: list[Attribution], start: int, end: int) -> Attribution | None:
    """The innermost report by a sayer whose content holds [start, end) and whose cue is not itself there.

    A report without a source ("it was reported that") counts only where no other holds the place.
    """
    best: tuple[bool, int] | None = None
    found = None
    for attribution in attributions:
        content = attribution.content
        if content.start > start:
            break
        if end > content.end or not is_said(attribution):
            continue
        if attribution.cue and attribution.cue.start < end and start < attribution.cue.end:
            continue
        rank = (attribution.source is None, content.end - content.start)
        if best is None or rank <= best:
            best, found = rank, attribution
    return found


def cue_tokens(doc: Doc, attributions: Iterable[Attribution]) -> set[int]:
    """The indices of the tokens that say something, rather than believe or want it."""
    spans = (a.cue for a in attributions if a.cue and is_said(a))
    return {t.i for cue in spans for t in doc.char_span(cue.start, cue.end, alignment_mode="expand") or ()}


def is_said(attribution: Attribution) -> bool:
    """Whether the cue says (says = true in cues.toml) rather than believes, wants or judges."""
    return not isinstance(attribution, Heard) and (attribution.cue is None or cue_says(attribution.cue.text))


def cue_says(cue: str) -> bool:
    words = cue.lower().split()
    says = cues.load().says
    keys = [" ".join(words), f"{words[0]} {words[-1]}", words[0]]
    return next((says[key] for key in keys if key in says), True)


# --- which cues report ---

FIRST_OR_SECOND = frozenset({"i", "we", "you"})


def worth_keeping(doc: Doc, found: list[Report], quotes: list[quotations.Quotation]) -> list[Report]:
    """Without what only colours a report: beliefs inside what somebody else says, "I told you" inside quotations."""
    text = text_of(doc)
    begins = [quote.start for quote in quotes]
    sayers = sorted((r.content for r in found if r.source and is_sayer(text, r)), key=lambda c: c[0])
    starts = [content[0] for content in sayers]
    reach: list[int] = []  # the furthest end of any content that begins at or before
    for _, end in sayers:
        reach.append(max(end, reach[-1] if reach else 0))
    kept = []
    for item in found:
        if item.cue is None:
            continue
        says = is_sayer(text, item)
        at = bisect_right(begins, item.cue[0]) - 1
        if at >= 0 and quotes[at].end > item.cue[0]:  # inside a quotation
            speaker = text[slice(*item.source)].lower() if item.source else ""
            if not says or not speaker or speaker in FIRST_OR_SECOND or not syntax.is_finite(doc[item.at]):
                continue
        elif not says:
            inner = bisect_right(starts, item.cue[0]) - 1
            if inner >= 0 and reach[inner] > item.cue[0]:
                continue
        kept.append(item)
    return kept


def is_sayer(text: str, item: Report) -> bool:
    return item.cue is None or cue_says(text[slice(*item.cue)])


# --- quotations ------------------------------------------------------------------------------------------------------


def fit_quotes(report: Report, quotes: list[quotations.Quotation], begins: list[int]) -> Report:
    """Content that cuts through a quotation takes it whole; what is said inside a quotation stays inside."""
    first, last = report.content
    cue = report.cue[0] if report.cue else -1
    index = max(0, bisect_right(begins, first) - 1)
    while index < len(quotes) and quotes[index].start < last:
        quote = quotes[index]
        index += 1
        if quote.end <= first or not quote.closed:
            continue
        if quote.start <= cue < quote.end:
            first, last = max(first, quote.start + 1), min(last, quote.end - 1)
            break
        first, last = min(first, quote.start), max(last, quote.end)
    return report._replace(content=(first, max(last, first + 1)))


def linked_quotes(
    doc: Doc, starts: list[int], quotes: list[quotations.Quotation], reports: list[Report]
) -> Iterator[Report]:
    """Reports for the quotations that grammar left without a speaker, by what stands next to them."""
    text = text_of(doc)
    offsets = [token.idx for token in doc]
    # asked of the doc for every quotation, the sentence around a token takes as long as that sentence is
    sizes = [len(sentence) for sentence in doc.sents for _ in sentence]
    known = cues.load()
    spoken = {}  # cue token -> (source, cue) of those that say and stand outside quotations
    covered: set[int] = set()
    begins = [quote.start for quote in quotes]
    for found in reports:
        if found.cue is None or found.source is None or not is_sayer(text, found):
            continue
        at = bisect_right(begins, found.cue[0]) - 1
        if at >= 0 and quotes[at].end > found.cue[0]:
            continue
        spoken[found.at] = found
        index = max(0, bisect_right(begins, found.content[0]) - 1)
        while index < len(quotes) and quotes[index].start < found.content[1]:
            if quotes[index].end <= found.content[1] and quotes[index].start >= found.content[0]:
                covered.add(index)
            index += 1
    order = sorted(spoken)
    for index, quote in enumerate(quotes):
        if index in covered or not speech(text, quote) or too_long(sizes, bisect_right(offsets, quote.start) - 1):
            continue
        before = bisect_right(offsets, quote.start) - 1
        after = bisect_right(offsets, quote.end - 1)
        floor = quotes[index - 1].end if index else 0
        ceiling = quotes[index + 1].start if index + 1 < len(quotes) else len(text)
        link = (
            cue_after(doc, sizes, after, ceiling, text[quote.end - 2] == ".", known)
            or cue_before(doc, before, floor, known)
            or (any_verb(doc[after : after + NEAR], ceiling) if text[quote.end - 2] == "," else None)
        )
        if link is None:
            speaker = earlier(order, spoken, before, starts, quote)
            if speaker is None:
                continue
            link = (speaker.source, speaker.cue or (0, 0), speaker.at)
        source, cue, token_at = link
        made = Report(source, cue, (quote.start, quote.end), token_at)
        if token_at not in spoken:
            order.insert(bisect_right(order, token_at), token_at)
            spoken[token_at] = made
        yield made


def too_long(sizes: list[int], at: int) -> bool:
    return sizes[max(0, at)] > speakers.LONGEST


def speech(text: str, quote: quotations.Quotation) -> bool:
    """Whether a quotation is somebody's sentence rather than a title or a word held at arm's length."""
    inner = text[quote.start + 1 : min(quote.end, quote.start + 400) - 1].strip()
    words = inner.count(" ") + 1
    return words >= 8 or (inner[-1:] in {",", ".", "!", "?", "…"} and words >= 2)


def cue_after(
    doc: Doc, sizes: list[int], at: int, ceiling: int, over: bool, known: cues.Cues
) -> tuple[Range | None, Range, int] | None:
    """ "...," said X; "...," X said; "..." He added."""
    if at < len(doc) and over and sizes[at] > 6:  # the next sentence has its own to tell
        return None
    for token in doc[at : at + NEAR]:
        if token.idx >= ceiling or token.text in SENTENCE_END or "\n" in token.text:
            return None
        if speaks(token, known):
            return with_speaker(token)
    return None


def cue_before(doc: Doc, at: int, floor: int, known: cues.Cues) -> tuple[Range | None, Range, int] | None:
    """X said: "...". Back to the beginning of the sentence or the previous quotation."""
    for token in reversed(doc[max(0, at - NEAR) : at]):
        if token.idx < floor or token.text in SENTENCE_END:
            return None
        if speaks(token, known):
            return with_speaker(token)
    return None


def any_verb(tokens: Iterable[Token], ceiling: int) -> tuple[Range | None, Range, int] | None:
    """A verb that is no known cue but follows a quotation that ends with a comma: "...," the medic shot back."""
    for token in tokens:
        if token.idx >= ceiling or token.text in SENTENCE_END or "\n" in token.text:
            return None
        if syntax.is_finite(token) and not syntax.relative_head(token):
            return with_speaker(token)
    return None


def speaks(token: Token, known: cues.Cues) -> bool:
    return (
        syntax.is_verb(token)
        and not (token.i and token.nbor(-1).tag_ == "HYPH")
        and not syntax.has_passive_auxiliary(token)
        and any(frame.says and frame.frames & {"clause", "quote"} for frame in known.verbs.get(token.lower_, ()))
    )


def with_speaker(verb: Token) -> tuple[Range | None, Range, int] | None:
    sources = syntax.logical_subjects(verb)
    source = sources[0] if sources else wordorder.beside(verb)
    if source is None:
        return None
    return speakers.chars(verb.doc, speakers.source_phrase(source, verb)), (verb.idx, verb.idx + len(verb)), verb.i


def earlier(
    order: list[int], spoken: dict[int, Report], before: int, starts: list[int], quote: quotations.Quotation
) -> Report | None:
    """The last speaker before a quotation: of its paragraph, or of the one before where it opens its own."""
    at = bisect_right(order, before) - 1
    found = spoken[order[at]] if at >= 0 else None
    if found is None or found.cue is None:
        return None
    paragraph = bisect_right(starts, quote.start) - 1
    if found.cue[0] < starts[paragraph] and quote.start - starts[paragraph] <= 1:
        paragraph = max(0, bisect_right(starts, max(found.cue[0], starts[paragraph] - 2)) - 1)
        while (
            paragraph > 0
            and found.cue[0] < starts[paragraph] <= quote.start
            and starts[paragraph] - starts[paragraph - 1] <= 2
        ):
            paragraph -= 1
    return found if found.cue[0] >= starts[paragraph] else None


# --- layout ----------------------------------------------------------------------------------------------------------


def laid_out(text: str, starts: list[int]) -> list[Report]:
    found = [*quotations.speaker_tags(text), *quotations.signatures(text, starts)]
    return [Report((said.start, said.end), None, (said.first, said.last)) for said in found]


def after_colon(doc: Doc, known: list[Report]) -> list[Report]:
    """ "X said:" at the end of a line: the next paragraph is said, in quotation marks or not."""
    text = text_of(doc)
    used = {item.at for item in known}
    found = []
    for token in doc:
        if token.text != ":" or text[token.idx + 1 : token.idx + 12].lstrip(" \t\r")[:1] != "\n":
            continue
        for verb in reversed(doc[max(token.sent.start, token.i - NEAR) : token.i]):
            if verb.i not in used and speaks(verb, cues.load()):
                link = with_speaker(verb)
                first = next((t.idx for t in doc[token.i + 1 : token.i + 4] if not t.is_space), len(text))
                end = text.find("\n", first)
                if link is not None and first < len(text):
                    found.append(Report(link[0], link[1], (first, end if end > 0 else len(text)), link[2]))
                break
    return found


def headlines(doc: Doc) -> Iterator[Report]:
    """ "Minister: rebels shelled port": a line that opens with a speaker and a colon."""
    text = text_of(doc)
    begin = 0  # token that begins the line
    for token in doc:
        if token.is_space and "\n" in token.text:
            begin = token.i + 1
        if token.text != ":" or not 0 < token.i - begin <= 8 or token.i + 1 >= len(doc):
            continue
        end = text.find("\n", token.idx)
        end = len(text) if end < 0 else end
        said = text[token.idx + 1 : end].strip()
        if said.count(" ") >= 2 and is_speaker(doc, begin, token.i, said):
            first, last = speakers.without_article(doc, (begin, token.i))
            yield Report(
                speakers.chars(doc, (first, last)),
                speakers.chars(doc, (token.i, token.i + 1)),
                (token.idx + 1, end),
                token.i,
            )


def is_speaker(doc: Doc, first: int, last: int, said: str) -> bool:
    """Whether doc[first:last] can be the speaker before a colon: an office, a person, or a name before quoted words."""
    words = doc[first:last]
    if words[-1].lower_ in cues.load().speakers or words[-1].ent_type_ == "PERSON":
        return True
    names = all(t.tag_ in {"NNP", "NNPS", "IN"} or t.is_upper for t in words)
    return names and words[-1].ent_type_ not in {"GPE", "LOC"} and any(mark in said for mark in '"“‘')


# --- records ---------------------------------------------------------------------------------------------------------


def finished(
    text: str, reports: list[Report], quotes: list[quotations.Quotation], ruled: set[int]
) -> Iterator[Attribution]:
    """The records of the reports; `ruled` are the cues of the rules."""
    begins = [quote.start for quote in quotes]
    seen = set()
    for item in sorted(reports, key=lambda r: (r.content, r.cue or (0, 0), r.source or (0, 0))):
        content = trimmed(text, *item.content)
        key = (content, item.cue, item.source)
        if key in seen or content[0] >= content[1]:
            continue
        seen.add(key)
        yield (Attribution if item.cue is None or item.at in ruled else Heard)(
            source=span(text, item.source) if item.source else None,
            cue=span(text, item.cue) if item.cue else None,
            content=span(text, content),
            quoted=mostly_quoted(content, quotes, begins),
        )


def mostly_quoted(content: Range, quotes: list[quotations.Quotation], begins: list[int]) -> bool:
    """Whether at least half of the content stands in quotation marks."""
    index = max(0, bisect_right(begins, content[0]) - 1)
    inside = 0
    while index < len(quotes) and quotes[index].start < content[1]:
        inside += max(0, min(quotes[index].end, content[1]) - max(quotes[index].start, content[0]))
        index += 1
    return inside * 2 >= content[1] - content[0]


def trimmed(text: str, start: int, end: int) -> Range:
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def span(text: str, at: Range) -> Span:
    return Span(text=text[at[0] : at[1]], start=at[0], end=at[1])

"""Claims of the same event within one article."""

from claimx.models import Claim

KILLING = frozenset({"attack", "casualty"})


def same_event(a: Claim, b: Claim) -> bool:
    """Whether two claims of one article may report the same event: no slot contradicts, and something ties them."""
    if a.type != b.type and not {a.type, b.type} <= KILLING:
        return False
    if a.date and b.date and a.date.earliest and b.date.earliest:
        apart = (a.date.latest or "9999") < b.date.earliest or (b.date.latest or "9999") < a.date.earliest
        if apart:
            return False
    tie = 0
    for mine, theirs, weight in (
        (words(a.locations), words(b.locations), 1),
        (words(a.targets), words(b.targets), 2),
        (words(a.actors), words(b.actors), 1),
        ({w.kind for w in a.weapons}, {w.kind for w in b.weapons}, 1),
    ):
        if mine and theirs:
            if mine & theirs:
                tie += weight
            elif weight == 1:
                tie -= 1
    if {(c.role, c.min, c.max) for c in a.counts if c.role == "killed"} & {
        (c.role, c.min, c.max) for c in b.counts if c.role == "killed"
    }:
        tie += 2
    if a.date and b.date and a.date.earliest == b.date.earliest and a.date.earliest:
        tie += 1
    return tie >= 2 or (tie == 1 and a.trigger.lemma == b.trigger.lemma)


def words(mentions: tuple[object, ...]) -> set[str]:
    """The names or last words of mentions, in lower case."""
    texts = (str(getattr(m, "name", None) or getattr(m, "text", "")).casefold().split() for m in mentions)
    return {text[-1] for text in texts if text}


def event_numbers(claims: list[Claim]) -> list[int]:
    """For each claim the index of the first claim of its event."""
    first: list[int] = []
    for i, claim in enumerate(claims):
        match = next((j for j in range(i - 1, max(-1, i - 40), -1) if same_event(claims[j], claim)), i)
        first.append(first[match] if match != i else i)
    return first

"""Compare the claims that claimx found with claims that a reader marked.

Marked and found claims are dictionaries in the form of `claimx extract --format json`; a marked mention has, besides,
the offsets of its head word (`head_start`, `head_end`), and a marked claim those of its sentence (`start`, `end`).

- A found claim answers at most one marked claim, the one most like it: their triggers overlap, or else they lie in one
  sentence, have the same type and share at least one slot value.
- A mention is right where it covers the marked head word or has the marked name; for a location an overlap is enough.
- A count is right with both bounds and the role, a date with both days. A date that was not resolved counts nowhere.
- A span far longer than the marked one is wrong: who names everything has found nothing.
- What a claim without a counterpart says counts too, as missed or as surplus.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SLOTS = ("actors", "targets", "weapons", "counts", "date", "locations", "source")
CORE = ("actors", "targets", "weapons", "counts", "date")  # who did what to whom, with what, how many, when

Record = Mapping[str, Any]


@dataclass
class Tally:
    """How many values were right, how many were marked and how many were found."""

    right: int = 0
    marked: int = 0
    found: int = 0

    def add(self, right: int, marked: int, found: int) -> None:
        self.right += right
        self.marked += marked
        self.found += found

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.marked + self.found) if self.right else 0.0

    def __str__(self) -> str:
        size = f"{self.right} right, {self.marked} marked, {self.found} found"
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f} ({size})"


@dataclass
class Score:
    """`slots` has a tally for each of SLOTS; `types` and `statuses` count right values over the paired claims.

    `perfect` counts the claims with type, status and every slot right and nothing surplus.
    """

    claims: Tally = field(default_factory=Tally)
    slots: dict[str, Tally] = field(default_factory=lambda: {slot: Tally() for slot in SLOTS})
    types: Tally = field(default_factory=Tally)
    statuses: Tally = field(default_factory=Tally)
    perfect: Tally = field(default_factory=Tally)

    @property
    def core(self) -> Tally:
        total = Tally()
        for tally in (self.slots[slot] for slot in CORE):
            total.add(tally.right, tally.marked, tally.found)
        return total


def score(articles: Iterable[Record], found: Mapping[str, Sequence[Record]]) -> Score:
    """The score over marked `articles` (`{"id", "claims"}`); `found` maps article ids to claims."""
    result = Score()
    for article in articles:
        marked, guesses = article["claims"], found.get(article["id"], ())
        pairs = pair(marked, guesses)
        result.claims.add(len(pairs), len(marked), len(guesses))
        for i, j in pairs:
            result.types.add(marked[i]["type"] == guesses[j]["type"], 1, 1)
            result.statuses.add(marked[i]["status"] == guesses[j]["status"], 1, 1)
        result.perfect.add(sum(alike(marked[i], guesses[j]) for i, j in pairs), len(marked), len(guesses))
        partner = dict(pairs)
        alone = set(range(len(guesses))) - set(partner.values())
        for slot, tally in result.slots.items():
            for i, claim in enumerate(marked):
                tally.add(*compare(slot, claim, guesses[partner[i]] if i in partner else {}))
            for j in alone:
                tally.add(0, 0, len(values(guesses[j], slot)))
    return result


def pair(marked: Sequence[Record], found: Sequence[Record]) -> list[tuple[int, int]]:
    """Which marked claim goes with which found one, the likest first, each used once."""
    grid = ((likeness(a, b), -i, -j) for i, a in enumerate(marked) for j, b in enumerate(found))
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for _, i, j in sorted((cell for cell in grid if cell[0]), reverse=True):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((-i, -j))
    return pairs


def likeness(marked: Record, found: Record) -> int:
    """How alike two claims are, 0 where they cannot be the same; a shared trigger outweighs all slots."""
    trigger = touches(marked["trigger"], found["trigger"])
    if not trigger and not touches(marked, found["evidence"]):
        return 0
    shared = sum(compare(slot, marked, found)[0] for slot in SLOTS)
    same_type = marked["type"] == found["type"]
    return 10 * trigger + shared + same_type if trigger or (shared and same_type) else 0


def compare(slot: str, marked: Record, found: Record) -> tuple[int, int, int]:
    """(right, marked, found) values of one slot of two claims that belong together."""
    wanted, left, right = values(marked, slot), values(found, slot), 0
    if slot == "source" and not wanted:  # a speaker further off than the next sentence is not marked
        left = [value for value in left if overlap(span(marked), span(value))]
    surplus = len(left)
    for value in wanted:
        answer = next((guess for guess in left if AGREES.get(slot, same_mention)(value, guess)), None)
        if answer is not None:
            left.remove(answer)
            right += 1
    return right, len(wanted), surplus


def alike(marked: Record, found: Record) -> bool:
    """Whether two claims agree in everything."""
    slots = (compare(slot, marked, found) for slot in SLOTS)
    same = all(marked[key] == found[key] for key in ("type", "status"))
    return same and all(right == wanted == given for right, wanted, given in slots)


def values(claim: Record, slot: str) -> list[Record]:
    value = claim.get(slot) or ()
    several = [value] if isinstance(value, Mapping) else list(value)
    return [one for one in several if slot != "date" or one["earliest"] or one["latest"]]


def same_mention(marked: Record, found: Record) -> bool:
    if sprawls(marked, found):
        return False
    head = marked.get("head_start", marked["start"]), marked.get("head_end", marked["end"])
    return overlap(head, span(found)) or bool(names(marked) & names(found))


def same_place(marked: Record, found: Record) -> bool:
    return touches(marked, found) or same_mention(marked, found)


def same_count(marked: Record, found: Record) -> bool:
    return all(marked[key] == found[key] for key in ("min", "max", "role"))


def same_date(marked: Record, found: Record) -> bool:
    return all(marked[key] == found[key] for key in ("earliest", "latest"))


AGREES: dict[str, Callable[[Record, Record], bool]] = {
    "counts": same_count,
    "date": same_date,
    "locations": same_place,
}


def touches(marked: Record, found: Record) -> bool:
    return not sprawls(marked, found) and overlap(span(marked), span(found))


def sprawls(marked: Record, found: Record) -> bool:
    """Whether a span is far longer than the marked one."""
    return bool(found["end"] - found["start"] > 2 * (marked["end"] - marked["start"]) + 15)


def span(record: Record) -> tuple[int, int]:
    return record["start"], record["end"]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def names(mention: Record) -> set[str]:
    """The text and the resolved name, without case, punctuation and a leading article."""
    return {folded for value in (mention["text"], mention.get("name")) if (folded := fold(value or ""))}


def fold(text: str) -> str:
    words = re.findall(r"\w+", text.casefold())
    return " ".join(words[words[:1] in (["the"], ["a"], ["an"], ["its"], ["his"], ["their"]) :])

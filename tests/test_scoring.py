"""The scorer that holds the floors: what it calls right, missed and surplus."""

from typing import Any

from scoring import CORE, fold, score

TEXT = "Rebels shelled the old fort on Monday, killing 3 guards. Troops fled."


def span(text: str, head: str = "", **more: Any) -> dict[str, Any]:
    start = TEXT.index(text)
    first = TEXT.index(head or text)
    heads = {"head_start": first, "head_end": first + len(head or text)}
    return {"text": text, "start": start, "end": start + len(text), **heads, **more}


def claim(trigger: str = "shelled", **slots: Any) -> dict[str, Any]:
    sentence = span("Rebels shelled the old fort on Monday, killing 3 guards.")
    empty = {"actors": [], "targets": [], "weapons": [], "counts": [], "locations": [], "date": None, "source": None}
    return {
        **empty,
        "type": "attack",
        "status": "reported",
        "trigger": span(trigger),
        "evidence": sentence,
        **sentence,
        **slots,
    }


REBELS, FORT = span("Rebels"), span("old fort", "fort")
DEAD = span("3", min=3, max=3, role="killed")
DAY = span("Monday", earliest="2024-01-08", latest="2024-01-08")


def figures(marked: list[dict[str, Any]], found: list[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    """(right, marked, found) of the claims and of each core slot."""
    result = score([{"id": "a", "claims": marked}], {"a": found})
    tallies = {"claims": result.claims, **{slot: result.slots[slot] for slot in CORE}}
    return {name: (tally.right, tally.marked, tally.found) for name, tally in tallies.items()}


def test_the_same_claim_is_all_right() -> None:
    one = claim(actors=[REBELS], targets=[FORT], counts=[DEAD], date=DAY)
    assert all(right == marked == found for right, marked, found in figures([one], [one]).values())


def test_a_missed_claim_costs_its_slots_and_a_surplus_one_too() -> None:
    one = claim(actors=[REBELS])
    assert figures([one], [])["actors"] == (0, 1, 0)
    assert figures([], [one])["actors"] == (0, 0, 1)


def test_a_mention_must_cover_the_head_or_have_the_name() -> None:
    marked = claim(targets=[FORT], actors=[{**REBELS, "name": "Northern Front"}])
    head = claim(targets=[span("fort")], actors=[span("Troops", name="the Northern Front")])
    assert figures([marked], [head])["targets"] == (1, 1, 1)
    assert figures([marked], [head])["actors"] == (1, 1, 1)
    assert figures([marked], [claim(targets=[span("old")])])["targets"] == (0, 1, 1)


def test_a_span_that_sprawls_is_wrong() -> None:
    sprawling = span("Rebels shelled the old fort on Monday, killing 3 guards.")
    assert figures([claim(targets=[FORT])], [claim(targets=[sprawling])])["targets"] == (0, 1, 1)


def test_bounds_role_and_days_must_agree() -> None:
    marked = claim(counts=[DEAD], date=DAY)
    found = claim(counts=[{**DEAD, "role": "wounded"}], date={**DAY, "latest": "2024-01-09"})
    assert figures([marked], [found])["counts"] == (0, 1, 1)
    assert figures([marked], [found])["date"] == (0, 1, 1)
    unresolved = claim(date={**DAY, "earliest": None, "latest": None})
    assert figures([marked], [unresolved])["date"] == (0, 1, 0)


def test_another_trigger_of_the_sentence_needs_the_type_and_a_slot() -> None:
    marked = claim(actors=[REBELS])
    assert figures([marked], [claim("killing", actors=[REBELS])])["claims"] == (1, 1, 1)
    assert figures([marked], [claim("killing")])["claims"] == (0, 1, 1)
    assert figures([marked], [claim("killing", actors=[REBELS], type="casualty")])["claims"] == (0, 1, 1)


def test_one_found_claim_answers_one_marked_claim() -> None:
    assert figures([claim(), claim()], [claim()])["claims"] == (1, 2, 1)


def test_names_are_folded() -> None:
    assert fold("The U.S. Army") == fold("u.s. army")
    assert fold("Its") == ""

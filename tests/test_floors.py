"""The figures of the layers stay above benchmarks/floors.toml, and what their measures call right.

The seeds are here. For the rest put into CLAIMX_BENCHMARK what `python benchmarks/accuracy.py` takes to measure them:
`CLAIMX_BENCHMARK="DATA --gold DIR" pytest tests/test_floors.py`, from the folder that the paths count from.
"""

import os
import shlex
from typing import Any

import pytest

import accuracy
import names
import roles
import status
import templates
from accuracy import Row
from claimx.models import Claim, Participant, Span, Trigger, Weapon
from claimx.pipeline import Extractor
from scoring import Tally

GIVEN = os.environ.get("CLAIMX_BENCHMARK", "")
FLOORS = accuracy.read_floors()


def measured(rows: list[Row]) -> set[tuple[str, str, str]]:
    return {(row.layer, row.what, part) for row in rows for part in row.figures}


def floors(seeds: bool) -> set[tuple[str, str, str]]:
    held = {(layer, what, part) for layer, sets in FLOORS.items() for what, parts in sets.items() for part in parts}
    return {floor for floor in held if floor[1].startswith("seeds") == seeds}


def test_seeds_reach_their_floors(extractor: Extractor) -> None:
    rows = accuracy.of_seeds(extractor)
    assert floors(seeds=True) <= measured(rows)
    assert accuracy.below(rows, FLOORS) == []


@pytest.mark.skipif(not GIVEN, reason="CLAIMX_BENCHMARK does not say where the data of the benchmarks are")
@pytest.mark.filterwarnings("default")
def test_layers_reach_their_floors(extractor: Extractor) -> None:
    options = accuracy.parser().parse_args(shlex.split(GIVEN))
    rows = list(accuracy.of_data(options, extractor))
    missing = floors(seeds=False) - measured(rows)
    if not options.gold:
        missing = {floor for floor in missing if floor[1].split(",")[0] != "news"}
    assert (accuracy.below(rows, FLOORS), missing) == ([], set())


def test_below_tells_what_fell_and_what_failed() -> None:
    row = Row("dates", "a set", {"spans": 0.5, "values": None, "others": 0.1})
    floors = {"dates": {"a set": {"spans": 0.5, "values": 0.1}}}
    assert accuracy.below([row], floors) == ["dates, a set: values: failed, the floor is 10.0"]
    assert row.cells() == ("dates", "a set: spans / values / others", "50.0 / failed / 10.0")


def span(text: str, sentence: str, **more: Any) -> dict[str, Any]:
    start = sentence.index(text)
    return {"text": text, "start": start, "end": start + len(text), **more}


SENTENCE = "Northern troops shelled a village in the west, and a roadside bomb hit a bus."


def answer(marked: list[tuple[str, str]], *claims: dict[str, Any]) -> dict[str, bool | None]:
    spans = [span(text, SENTENCE, role=role) for role, text in marked]
    return roles.answers({"gold": {"spans": spans}}, claims)


def deed(trigger: str, actor: str = "", target: str = "", weapon: str = "") -> dict[str, Any]:
    slots = {"actors": actor, "targets": target, "weapons": weapon}
    filled = {slot: [span(text, SENTENCE)] if text else [] for slot, text in slots.items()}
    return {"trigger": span(trigger, SENTENCE), **filled}


def test_roles_are_right_together_in_one_claim() -> None:
    marked = [("SRC", "Northern"), ("TAR", "village in the west")]
    assert answer(marked, deed("shelled", "Northern troops", "village")) == dict.fromkeys(
        ("actor", "target", "both"), True
    )
    apart = answer(marked, deed("shelled", "Northern troops"), deed("hit", target="village"))
    assert apart == {"actor": True, "target": True, "both": False}
    assert answer(marked, deed("shelled", "Northern troops", "west"))["target"] is False
    assert answer([("TAR", "village"), ("TAR", "bus")], deed("shelled", target="village"))["target"] is False
    assert answer([("TAR", "bus")], deed("hit", target="bus")) == {"actor": None, "target": True, "both": True}


def test_roles_take_the_weapon_for_a_doer_without_a_name() -> None:
    marked = [("SRC", "roadside bomb"), ("TAR", "bus")]
    assert answer(marked, deed("hit", target="bus", weapon="roadside bomb"))["both"]


def test_roles_leave_out_what_is_neither_violent_nor_coercive() -> None:
    cases = [("FIGHT", None, None), ("THREATEN", None, "military"), ("COERCE", "arrest", "military")]
    assert all(roles.covered({"event": event, "mode": mode, "context": context}) for event, mode, context in cases)
    cases = [("AGREE", None, "military"), ("THREATEN", None, "economic"), ("COERCE", "restrict", "political")]
    assert not any(roles.covered({"event": event, "mode": mode, "context": context}) for event, mode, context in cases)


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("MEMBERS OF THE FREE FRONT [FF]", "members"),
        ("Col. Juan Paz, chief of staff", "paz"),
        ("FREE FRONT [FF]", "front"),
        ("of", "of"),
        ("“”", ""),
    ],
)
def test_heads_of_template_fills(text: str, head: str) -> None:
    assert templates.head(text) == head


def fill(*strings: str, optional: bool = False) -> dict[str, Any]:
    return {"optional": optional, "mentions": [{"text": text} for text in strings]}


def test_template_fills_that_share_a_string_are_one_entity() -> None:
    template = {
        "optional": False,
        "hum_name": [fill("PAZ")],
        "hum_desc": [fill("MAYOR", "PAZ"), fill("AIDES", optional=True)],
    }
    marked = templates.wanted([template], "victims")
    assert marked == [({"paz", "mayor"}, False), ({"aides"}, True)]
    found = [frozenset({"mayor"}), frozenset({"paz"}), frozenset({"aides"}), frozenset({"dogs"})]
    assert templates.compare(marked, found) == (1, 1, 2)


def claim(kind: str, status: str = "reported", **slots: Any) -> Claim:
    start = Span("shelled", 0, 7)
    empty = {"actors": (), "targets": (), "weapons": (), "counts": (), "locations": (), "date": None, "source": None}
    fields = {"id": "1", "event": "1", "plover": "", "acled": "", "confidence": 1.0, "rules": (), "evidence": start}
    trigger = Trigger("shelled", 0, 7, "shell")
    return Claim(**{**empty, **fields, "type": kind, "status": status, "trigger": trigger, **slots})


def test_claims_fill_the_slots_of_templates() -> None:
    rebels = Participant("rebels", 0, 6, "Free Front", "armed_group")
    they = Participant("they", 0, 4, None, "unknown")
    mayor, bus = Participant("mayor", 0, 5, None, "civilian"), Participant("bus", 0, 3, None, "vehicle")
    soldiers = Participant("soldiers", 0, 8, None, "military")
    rocket = Weapon("rocket", 0, 6, None, "rocket")
    attack = claim("attack", actors=(rebels, they), targets=(mayor, bus), weapons=(rocket,))
    told = {(slot, *heads) for slot, heads in templates.told([attack]) if heads}
    assert told == {
        ("perp_ind", "rebels"),
        ("perp_org", "front"),
        ("victims", "mayor"),
        ("targets", "bus"),
        ("weapons", "rocket"),
    }
    left_out = [
        claim("capture", actors=(soldiers,)),
        claim("clash", actors=(rebels,)),
        claim("attack", "denied", actors=(rebels,)),
    ]
    assert list(templates.told(left_out)) == []


def test_names_are_found_again_in_the_text() -> None:
    text = "Ann Lee of Oslo (Norway)."
    sentences = [
        {"tokens": ["http://a.example"], "tags": ["O"]},
        {"tokens": ["Ann", "Lee", "of", "Oslo"], "tags": ["I-Person", "I-Person", "O", "B-Location"]},
        {"tokens": ["Elsewhere"], "tags": ["B-Location"]},
    ]
    assert list(names.aligned(text, sentences)) == [(0, 15, [(0, 7, "PERSON"), (11, 15, "LOC")])]


def test_status_counts_pairs_for_precision_and_all_claims_for_recall() -> None:
    denied, planned, reported = ({"status": name} for name in ("denied", "planned", "reported"))
    tallies = status.statuses([(denied, denied), (denied, None), (planned, denied), (reported, reported)])
    assert tallies["denied"] == Tally(right=1, marked=2, found=2)
    assert tallies["denied, in pairs"] == Tally(right=1, marked=1, found=2)
    assert tallies["pooled"] == Tally(right=1, marked=3, found=2)

"""Incident reports as a whole against the templates of MUC-4: python benchmarks/templates.py DATA_FOLDER [--errors]

DATA_FOLDER holds `events/muc4-dev.jsonl`: reports of the 1980s with `text_tc` (the capitals-only text in guessed case),
`body_start`, `pub_date` and `gold.templates`. Only reports with a template are scored, and the five slots that later
work reports too: perpetrators (individuals; organisations), physical targets, victims (named or described) and weapons.

The marked side
- The fills of all templates of a report are pooled, whatever the incident. Fills that share a string are one entity, as
  are the strings of one fill ("A / B").
- An entity that is optional, or of an optional template, throughout may be found or not and counts nowhere.

The found side
- Claims of TYPES that are not denied: what the templates call an incident. A clash of armed parties is none there, nor
  is an arrest, so captures by a state's own forces are left out.
- An actor is an individual where common nouns or a person's name tell it ("guerrillas"), and an organisation by the
  name that it bears or stands for: "rebels" of whom the article says that they are the FMLN fill both.
- A target is a victim or a physical target by its kind; armed groups and arms are neither, but what was defused is a
  weapon. Of a release the target is a victim, and nobody is a perpetrator.
- A pronoun that stands for no name fills nothing.
- Mentions that share a head word are one entity, and so are those that answer the same marked entity: the templates ask
  who it was, not how a name and a description go together.

An entity is right where one of its head words is among those of a marked entity of its slot. The head is the last word
before the first preposition, comma or bracket.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import claimx
from claimx.models import Article, Claim, Participant
from claimx.pipeline import Extractor
from scoring import Tally

FILLS = {
    "perp_ind": ("perp_ind",),
    "perp_org": ("perp_org",),
    "targets": ("phys_id",),
    "victims": ("hum_name", "hum_desc"),
    "weapons": ("instr_id",),
}
TYPES = {"attack", "capture", "casualty", "interception", "release", "threat"}
UNDOING = {"interception", "release"}  # whose actors are not the perpetrators
STATE = {"state", "military", "police"}
PEOPLE = {"civilian", "person", "military", "police"}
THINGS = {"vehicle", "place", "weapon"}  # that do not commit anything
NO_TARGET = {"armed_group", "weapon"}
PRONOUNS = {
    "i", "me", "my", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her", "it", "its", "they", "them",
    "their", "who", "whom", "which", "that", "this", "these", "those", "one", "ones", "some", "others",
}  # fmt: skip
# Where the head of a noun phrase is passed.
AFTER_HEAD = re.compile(r"[,;(\[]|\s(?:of|in|from|for|at|with|by|on|to|near|who|that|belonging)\s", re.IGNORECASE)

Entity = frozenset[str]  # the head words of the mentions of one thing


def head(text: str) -> str:
    """ "MEMBERS OF THE FRONT [FN]" -> "members", "Col. Juan Paz, chief of staff" -> "paz"."""
    words = re.findall(r"\w+", AFTER_HEAD.split(text.strip())[0]) or re.findall(r"\w+", text)
    return words[-1].casefold() if words else ""


def merged(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Sets that share a member become one."""
    result: list[frozenset[str]] = []
    for group in groups:
        apart = [one for one in result if not one & group]
        result = [*apart, group.union(*(one for one in result if one & group))]
    return result


def wanted(templates: Iterable[dict[str, Any]], slot: str) -> list[tuple[Entity, bool]]:
    """(head words, optional) of the entities of a slot."""
    fills = [
        (
            frozenset(mention["text"].casefold() for mention in fill["mentions"]),
            template["optional"] or fill["optional"],
        )
        for template in templates
        for name in FILLS[slot]
        for fill in template[name]
    ]
    return [
        (frozenset(map(head, strings)), all(optional for fill, optional in fills if fill <= strings))
        for strings in merged(strings for strings, _ in fills)
    ]


def told(claims: Iterable[Claim]) -> Iterator[tuple[str, Entity]]:
    """(slot, head words) of every mention in the claims."""
    for claim in claims:
        arrest = claim.type == "capture" and any(actor.kind in STATE for actor in claim.actors)
        if claim.type not in TYPES or claim.status == "denied" or arrest:
            continue
        if claim.type not in UNDOING:
            for actor in claim.actors:
                yield from perpetrator(actor)
        for target in claim.targets:
            if claim.type == "release" or target.kind in PEOPLE:
                yield "victims", heads(target.text, target.name)
            elif claim.type == "interception" and target.kind == "weapon":
                yield "weapons", heads(target.text)
            elif target.kind not in NO_TARGET:
                yield "targets", heads(target.text, target.name)
        for weapon in claim.weapons:
            yield "weapons", heads(weapon.text)


def perpetrator(actor: Participant) -> Iterator[tuple[str, Entity]]:
    if actor.kind in THINGS:
        return
    common = actor.text.split()[-1].islower() and not heads(actor.text) & heads(actor.name)
    if common or actor.kind == "person":
        yield "perp_ind", heads(actor.text, actor.name if actor.kind == "person" else None)
    name = actor.name or ("" if common else actor.text)
    if name and actor.kind != "person":
        yield "perp_org", heads(name)


def heads(*texts: str | None) -> Entity:
    return frozenset(head(text) for text in texts if text) - PRONOUNS


def compare(marked: list[tuple[Entity, bool]], found: list[Entity]) -> tuple[int, int, int]:
    """(right, marked, found); what only answers optional entities is neither right nor wrong."""
    answered = [any(one & entity for one in found) for entity, _ in marked]
    right = sum(hit for hit, (_, optional) in zip(answered, marked, strict=True) if not optional)
    surplus = sum(not any(one & entity for entity, _ in marked) for one in found)
    return right, sum(not optional for _, optional in marked), right + surplus


def measure(extractor: Extractor, data: Path, errors: bool = False) -> dict[str, float]:
    """F1 of each slot, and of all."""
    lines = (data / "events" / "muc4-dev.jsonl").read_text("utf-8").splitlines()
    reports = [report for report in map(json.loads, lines) if report["gold"]["templates"]]
    articles = (
        Article(id=report["id"], text=report["text_tc"][report["body_start"] :], published=report["pub_date"])
        for report in reports
    )
    tallies = {slot: Tally() for slot in FILLS}
    for report, record in zip(reports, extractor.pipe(articles), strict=True):
        mentions = list(told(record.claims))
        for slot, tally in tallies.items():
            marked = wanted(report["gold"]["templates"], slot)
            found = merged(entity for name, entity in mentions if name == slot and entity)
            tally.add(*compare(marked, found))
            if errors:
                missed = [sorted(e) for e, optional in marked if not optional and not any(e & one for one in found)]
                surplus = [sorted(one) for one in found if not any(one & e for e, _ in marked)]
                print(report["id"], slot, "missed", missed, "surplus", surplus)
    total = Tally()
    for tally in tallies.values():
        total.add(tally.right, tally.marked, tally.found)
    print(f"muc4: {len(reports)} reports with a template")
    for slot, tally in (tallies | {"all": total}).items():
        print(f"muc4 {slot}: {tally}")
    return {slot: tally.f1 for slot, tally in (tallies | {"all": total}).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with events/")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    measure(claimx.load(), options.data, options.errors)


if __name__ == "__main__":
    main()

"""Who did what to whom, one sentence at a time: python benchmarks/roles.py DATA_FOLDER [--errors]

DATA_FOLDER holds `events/plover-dev.jsonl`: sentences with one event each, its PLOVER class, mode and context, and the
spans of its source (SRC, who did it) and its target (TAR).

Scored are the violent and coercive events that claims are made of:

- ASSAULT and FIGHT, whole: force used.
- COERCE with the modes of MODES: things destroyed, people arrested, shots fired. Left out are bans, curfews and martial
  law ("restrict", "martial-law"): rules, not deeds, and no type of claim is for them.
- MOBILIZE, whole: forces brought to readiness.
- THREATEN where violence is threatened: in a military, terrorist or weapons context. Left out are threats of sanctions,
  strikes, boycotts, broken relations, bans and curfews.

Left out are the classes that are words or money (AGREE, AID, CONCEDE, CONSULT, COOPERATE, DEMAND, DISAPPROVE,
INVESTIGATE, REJECT, SANCTION, SUPPORT), RETREAT (force ends there, and it holds resignations and opened borders too)
and PROTEST (demonstrations, hunger strikes, roadblocks; its riots mark whom they are held against, not whom they hit).

A mention is right where it overlaps the marked span up to that span's first preposition ("village" of "village in the
west") and does not sprawl, or has its name. Of several marked actors or targets each has to be there. PLOVER takes what
did it for an actor where no party is named ("a roadside bombing"); by our guidelines that is the trigger or a weapon,
and it is right there. A sentence is right in a part for one claim at least, in both for one and the same; a part that
is not marked counts nowhere. With more than MOST claims a sentence every figure is 0: who says all finds all.
"""

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import claimx
from claimx.models import Article
from claimx.pipeline import Extractor
from scoring import Record, Tally, names, touches

WHOLE = {"ASSAULT", "FIGHT", "MOBILIZE"}
MODES = {"destroy", "arrest", "firearms"}
CONTEXTS = {"military", "terrorism", "cbrn"}
MOST = 1.5
PREPOSITION = re.compile(r"\s(?:in|at|on|of|near|from)\s")


def covered(event: Record) -> bool:
    """Whether claims are made of events like this one."""
    kind = event["event"]
    violent = kind == "THREATEN" and event["context"] in CONTEXTS
    return kind in WHOLE or violent or (kind == "COERCE" and event["mode"] in MODES)


def sentences(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        if covered(record["gold"]):
            yield record


def marked(spans: Iterable[Record], role: str) -> list[Record]:
    """The spans of a role without what follows their first preposition; in mutual events (SRC/TAR) all are actors."""
    found = []
    for span in spans:
        if span["role"].split("/")[0] == role:
            text = PREPOSITION.split(span["text"])[0]
            found.append({"text": text, "start": span["start"], "end": span["start"] + len(text)})
    return found


def told(wanted: Iterable[Record], mentions: Iterable[Record]) -> bool:
    mentions = list(mentions)
    return all(any(touches(one, it) or bool(names(one) & names(it)) for it in mentions) for one in wanted)


def answers(record: Record, claims: Iterable[Record]) -> dict[str, bool | None]:
    """For actor, target and both: whether a claim has them right, None where nothing is marked."""
    actors, targets = (marked(record["gold"]["spans"], role) for role in ("SRC", "TAR"))
    verdicts = [
        (told(actors, [*claim["actors"], *claim["weapons"], claim["trigger"]]), told(targets, claim["targets"]))
        for claim in claims
    ]
    return {
        "actor": any(actor for actor, _ in verdicts) if actors else None,
        "target": any(target for _, target in verdicts) if targets else None,
        "both": any(actor and target for actor, target in verdicts) if actors or targets else None,
    }


def measure(extractor: Extractor, data: Path, errors: bool = False) -> dict[str, float]:
    """The shares of sentences with the right actor, target and both, and `claims`, how many a sentence has."""
    tallies = {part: Tally() for part in ("actor", "target", "both")}
    records = list(sentences(data / "events" / "plover-dev.jsonl"))
    number = 0
    for record in records:
        claims = msgspec.to_builtins(extractor.extract(Article(id=record["id"], text=record["text"])).claims)
        number += len(claims)
        verdict = answers(record, claims)
        for part, right in verdict.items():
            tallies[part].add(bool(right), right is not None, right is not None)
        if errors and not verdict["both"]:
            print(record["id"], verdict, record["text"])
            print("    wanted", [(span["role"], span["text"]) for span in record["gold"]["spans"]])
            for claim in claims:
                mentions = ([mention["text"] for mention in claim[slot]] for slot in ("actors", "targets"))
                print("    found", claim["trigger"]["text"], *mentions)
    mean = number / max(len(records), 1)
    print(f"plover: {len(records)} sentences, {mean:.2f} claims a sentence")
    for part, tally in tallies.items():
        print(f"plover {part}: {tally.right} of {tally.marked} = {tally.recall:.3f}")
    return {part: tally.recall if mean <= MOST else 0.0 for part, tally in tallies.items()} | {"claims": mean}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with events/")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    measure(claimx.load(), options.data, options.errors)


if __name__ == "__main__":
    main()

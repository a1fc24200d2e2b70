"""The words that introduce a report (`data/cues.toml`): which verb takes what as content, and who counts as a sayer."""

from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import tomli

VOWELS = "aeiou"


class Frame(NamedTuple):
    """One way to use a verb; the fields are those of a block of cues.toml, `company` its `with`."""

    cue: str
    says: bool
    frames: frozenset[str]
    prepositions: frozenset[str]
    company: frozenset[str]


class Cues(NamedTuple):
    """Forms in lower case: `verbs` -> their frames; `nouns`, `phrases` and whole cues (`says`) -> whether they say.

    `speakers` may stand before a headline's colon; `media` carry somebody's words ("video").
    """

    verbs: dict[str, tuple[Frame, ...]]
    nouns: dict[str, bool]
    phrases: dict[tuple[str, ...], bool]
    speakers: frozenset[str]
    media: frozenset[str]
    says: dict[str, bool]


def verb_forms(base: str, irregular: list[str] | None) -> set[str]:
    """The base and its inflected forms; `irregular` gives those that the rules of spelling do not."""
    forms = {base, plural(base)}
    stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
    gerund = stem + "ing"
    past = stem + "ed" if not base.endswith("y") or base[-2] in VOWELS else base[:-1] + "ied"
    if irregular is None:
        return forms | {gerund, past, base + "d" if base.endswith("ee") else past}
    forms.update(irregular)
    return forms if any(form.endswith("ing") for form in irregular) else forms | {gerund}


def plural(word: str) -> str:
    """Third person of a verb, plural of a noun."""
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    if word.endswith("man"):
        return word[:-3] + "men"
    return word + "s"


@lru_cache(maxsize=1)
def load() -> Cues:
    """The bundled cues, read once."""
    data = tomli.loads(files("claimx").joinpath("data/cues.toml").read_text(encoding="utf-8"))
    irregular: dict[str, list[str]] = data["irregular"]
    verbs: dict[str, list[Frame]] = {}
    nouns: dict[str, bool] = {}
    phrases: dict[tuple[str, ...], bool] = {}
    others: dict[str, set[str]] = {"speaker": set(), "medium": set()}
    says: dict[str, bool] = {}
    for block in data["cue"]:
        kind = block.get("kind", "verb")
        frame = Frame(
            block["id"],
            block["says"],
            frozenset(block.get("frames", ())),
            frozenset(block.get("prepositions", ())),
            frozenset(block.get("with", ())),
        )
        for word in block["words"]:
            forms = {word, *irregular.get(word, ())} if kind == "phrase" else {word, plural(word)}
            if kind == "verb":
                forms = verb_forms(word, irregular.get(word))
            for form in sorted(forms):
                if kind == "verb":
                    verbs.setdefault(form, []).append(frame)
                    keys = [f"{form} {noun}" for noun in sorted(frame.company)] or [form]
                    keys += [f"{form} {word}" for word in sorted(frame.prepositions) if not frame.company]
                    says.update({key: says.get(key, False) or frame.says for key in keys})
                elif kind == "noun":
                    nouns[form] = nouns.get(form, False) or frame.says
                    says[form] = says.get(form, False) or frame.says
                elif kind == "phrase":
                    phrases[tuple(form.split())] = frame.says
                    says[form] = frame.says
                else:
                    others[kind].add(form)
    return Cues(
        {form: tuple(found) for form, found in verbs.items()},
        nouns,
        phrases,
        frozenset(others["speaker"]),
        frozenset(others["medium"]),
        says,
    )

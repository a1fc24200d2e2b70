"""Word lists (`data/words.toml`, which says what each is for), read once."""

from importlib.resources import files
from typing import Final

import msgspec
import tomli


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field for each list of the file, and `irregular`: verb -> the forms that the rules of spelling do not give."""

    light: frozenset[str]
    distant: frozenset[str]
    undergoing: frozenset[str]
    joining: frozenset[str]
    happening: frozenset[str]
    resulting: frozenset[str]
    blaming: frozenset[str]
    killing: frozenset[str]
    wounding: frozenset[str]
    harming: frozenset[str]
    hours: frozenset[str]
    warlike: frozenset[str]
    false: frozenset[str]
    hearsay: frozenset[str]
    shares: frozenset[str]
    carriers: frozenset[str]
    authors: frozenset[str]
    aims: frozenset[str]
    outcomes: frozenset[str]
    plots: frozenset[str]
    sorts: frozenset[str]
    personal: frozenset[str]
    captives: frozenset[str]
    parties: frozenset[str]
    crowds: frozenset[str]
    collectives: frozenset[str]
    quantifiers: frozenset[str]
    numbers: frozenset[str]
    bare: frozenset[str]
    installations: frozenset[str]
    territory: frozenset[str]
    animals: frozenset[str]
    disasters: frozenset[str]
    sports: frozenset[str]
    space: frozenset[str]
    captions: frozenset[str]
    possible_modals: frozenset[str]
    possible_adverbs: frozenset[str]
    possible_adjectives: frozenset[str]
    uncertain: frozenset[str]
    unsure: frozenset[str]
    conditions: frozenset[str]
    doubting: frozenset[str]
    fearing: frozenset[str]
    future_modals: frozenset[str]
    planned_adjectives: frozenset[str]
    planning: frozenset[str]
    preparing: frozenset[str]
    ordering: frozenset[str]
    plan_nouns: frozenset[str]
    ready: frozenset[str]
    committed: frozenset[str]
    tries: frozenset[str]
    denying: frozenset[str]
    guilt: frozenset[str]
    unharmed: frozenset[str]
    ending: frozenset[str]
    points: frozenset[str]
    courses: frozenset[str]
    beside: frozenset[str]
    places: frozenset[str]
    tools: frozenset[str]
    sources: frozenset[str]
    place_nouns: frozenset[str]
    place_parts: frozenset[str]
    repeated: frozenset[str]
    irregular: dict[str, list[str]]


def load() -> Words:
    """The bundled lists; a list that the file lacks or has too many is a `msgspec.ValidationError`."""
    return msgspec.convert(tomli.loads(files("claimx").joinpath("data/words.toml").read_text("utf-8")), Words)


WORDS: Final = load()

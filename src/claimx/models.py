"""The records that claimx reads and writes.

Offsets are code points into the article's text, `text == article_text[start:end]`. Days are ISO 8601 (`2024-01-08`).
The records are frozen; a later stage makes a changed copy with `msgspec.structs.replace`.
"""

from typing import Literal

from msgspec import Struct

SCHEMA = "claimx/1"

ClaimType = Literal[
    "attack", "clash", "interception", "casualty", "capture", "release", "deployment", "threat", "agreement"
]
Status = Literal["reported", "denied", "possible", "planned"]
ActorKind = Literal[
    "state", "military", "armed_group", "police", "civilian", "person", "organisation", "facility", "vehicle",
    "place", "weapon", "unknown",
]  # fmt: skip
WeaponKind = Literal[
    "missile", "rocket", "drone", "artillery", "bomb", "aircraft", "firearm", "mine", "vehicle", "blade", "chemical",
    "other",
]  # fmt: skip
Role = Literal[
    "killed", "wounded", "casualties", "missing", "displaced", "captured", "released", "attacks", "weapons", "targets",
    "attackers", "forces",
]  # fmt: skip
EntityLabel = Literal[
    "PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "WEAPON", "VEHICLE", "EVENT", "MONEY", "MISC"
]
PublishedFrom = Literal["option", "record", "metadata", "dateline"]


class Span(Struct, frozen=True):
    """A piece of the article's text."""

    text: str
    start: int
    end: int


class Trigger(Span, frozen=True):
    """The word that tells the event: a verb or an event noun."""

    lemma: str


class Participant(Span, frozen=True):
    """An actor or a target; `name` is what a nominal or an adjective stands for, else null."""

    name: str | None
    kind: ActorKind


class Weapon(Span, frozen=True):
    """The instrument, as mentioned."""

    name: str | None
    kind: WeaponKind


class Count(Span, frozen=True):
    """A quantity with inclusive bounds (null where open), the lemma of the noun counted, and what the number is of."""

    min: float | int | None
    max: float | int | None
    unit: str | None
    role: Role | None
    approximate: bool


class Date(Span, frozen=True):
    """A date expression resolved to a range of days, both included; `edtf` is ISO 8601-2, `timex` the TIMEX3 value."""

    earliest: str | None
    latest: str | None
    edtf: str | None
    timex: str | None = None


class EventDate(Span, frozen=True):
    """The date of a claim."""

    earliest: str | None
    latest: str | None
    edtf: str | None


class Place(Span, frozen=True):
    """A named place where the event happened; `country` is an ISO 3166 alpha-2 code, `lat` and `lon` are degrees."""

    name: str | None
    country: str | None
    lat: float | None
    lon: float | None


class Source(Span, frozen=True):
    """Who is reported as saying it; `cue` is the word that says so ("told", "according to")."""

    name: str | None
    cue: str | None
    quoted: bool


class Entity(Span, frozen=True):
    label: EntityLabel


class Attribution(Struct, frozen=True):
    """Who (`source`) says (`cue`) what (`content`); `source` may be absent ("was quoted as saying")."""

    source: Span | None
    cue: Span | None
    content: Span
    quoted: bool


class Claim(Struct, frozen=True):
    """One violent or security event as one clause of one sentence reports it."""

    id: str
    event: str
    type: ClaimType
    plover: str
    acled: str
    trigger: Trigger
    actors: tuple[Participant, ...]
    targets: tuple[Participant, ...]
    weapons: tuple[Weapon, ...]
    counts: tuple[Count, ...]
    date: EventDate | None
    locations: tuple[Place, ...]
    source: Source | None
    status: Status
    evidence: Span
    confidence: float
    rules: tuple[str, ...]


class Article(Struct, frozen=True):
    """A text to read. `published` is an ISO day or null, `sha256` is of the input bytes."""

    id: str
    text: str
    path: str | None = None
    title: str | None = None
    published: str | None = None
    published_from: PublishedFrom | None = None
    publisher: str | None = None
    sha256: str = ""


class ArticleHead(Struct, frozen=True):
    """What the output says of an article; `words` counts white-space separated words."""

    id: str
    path: str | None
    title: str | None
    published: str | None
    published_from: PublishedFrom | None
    publisher: str | None
    words: int
    sha256: str


class ArticleKey(Struct, frozen=True):
    """The article fields that each JSONL line carries."""

    id: str
    path: str | None
    title: str | None
    published: str | None
    publisher: str | None
    sha256: str


class ArticleRecord(Struct, frozen=True):
    """`claimx extract --format json`."""

    schema: str
    article: ArticleHead
    claims: tuple[Claim, ...]


class ClaimLine(Claim, frozen=True, kw_only=True):
    """`claimx extract --format jsonl`: a claim with its article."""

    schema: str
    article: ArticleKey


class Annotation(Struct, frozen=True):
    """`claimx annotate`: everything recognised in an article, claim or not."""

    schema: str
    article: ArticleHead
    entities: tuple[Entity, ...]
    dates: tuple[Date, ...]
    counts: tuple[Count, ...]
    sources: tuple[Attribution, ...]


class Problem(Exception):  # noqa: N818 - what the user can mend is a problem, not a bug
    """Something the user can mend: `cause` says what is wrong and where, `hint` what to do."""

    def __init__(self, cause: str, hint: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.hint = hint

"""The JSON Schemas of what claimx writes, made from the records themselves.

They lie in the package too, for programs in other languages: data/schema.json and data/schema_line.json.
"""

import json
from typing import Any

import msgspec

from claimx.models import SCHEMA, Annotation, ArticleRecord, ClaimLine

BASE = "https://json-schema.org/draft/2020-12/schema"


def record_schema() -> dict[str, Any]:
    """Of an article with its claims: `--format json`."""
    return _schema(ArticleRecord, "article", "An article and the claims that it makes")


def line_schema() -> dict[str, Any]:
    """Of a claim with its article: a line of `--format jsonl`."""
    return _schema(ClaimLine, "line", "A claim and the article that makes it")


def annotation_schema() -> dict[str, Any]:
    """Of everything recognised in an article: `claimx annotate`."""
    return _schema(Annotation, "annotation", "All names, dates, counts and quotations of an article")


def dumps(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _schema(record: type[msgspec.Struct], name: str, title: str) -> dict[str, Any]:
    (reference,), definitions = msgspec.json.schema_components([record])
    for definition in definitions.values():
        for field, rule in _RULES.items():
            if field in definition["properties"]:
                definition["properties"][field] |= rule
    # Fields may be added within `claimx/1`, so none is forbidden.
    return {"$schema": BASE, "$id": f"urn:{SCHEMA.replace('/', ':')}:{name}", "title": title, **reference} | {
        "$defs": dict(sorted(definitions.items()))
    }


# What the types of the records do not say.
_RULES: dict[str, dict[str, Any]] = {
    "schema": {"const": SCHEMA},
    "start": {"minimum": 0},
    "end": {"minimum": 0},
    "confidence": {"minimum": 0, "maximum": 1},
}

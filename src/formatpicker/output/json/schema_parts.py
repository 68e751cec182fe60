"""Pieces that the JSON Schemas are put together from."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

# What documents on a catalog call themselves; here, so that a schema can be had without what makes the document.
CHECK_SCHEMA = "formatpicker/check/1"
AUDIT_SCHEMA = "formatpicker/audit/1"
DIFF_SCHEMA = "formatpicker/diff/2"
LAWS_SCHEMA = "formatpicker/laws/1"

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
COUNT_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0}
NUMBER: Schema = {"type": "number"}
SCORE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 100}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
SHARE_OR_NULL: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def record(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """An object with these fields and no other."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def mapping(values: Schema) -> Schema:
    """An object whose keys are ids of the catalog."""
    return {"type": "object", "additionalProperties": values}


def array(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


def or_null(schema: Schema) -> Schema:
    """Something that may be missing."""
    return {"anyOf": [schema, {"type": "null"}]}


def catalog_record() -> Schema:
    """What identifies a catalog."""
    return record({"title": TEXT, "version": TEXT, "sha256": TEXT})

"""The fields of a JSON Schema as a flat list, for the page on schemas and for what pins them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def fields(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """Every field of a schema with its type: ``ranking[].score``, ``number or null``."""
    return list(dict.fromkeys(_fields(schema, schema.get("$defs", {}), "", ())))


def _fields(node: dict[str, Any], defs: dict[str, Any], path: str, seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        if name not in seen:
            yield from _fields(defs[name], defs, path, (*seen, name))
        return
    for key, value in node.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        yield here, _type(value, defs)
        yield from _fields(value, defs, here, seen)
    below = [(node.get("items"), f"{path}[]"), (node.get("additionalProperties"), f"{path}.*")]
    options = [option for word in ("anyOf", "oneOf", "allOf") for option in node.get(word, [])]
    for each, inner in [*below, *((option, path) for option in options)]:
        if isinstance(each, dict):
            yield from _fields(each, defs, inner, seen)


def _type(node: dict[str, Any], defs: dict[str, Any]) -> str:
    """The type of a node in words."""
    if "$ref" in node:
        return _type(defs[str(node["$ref"]).rpartition("/")[2]], defs)
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        return " or ".join(json.dumps(each) for each in node["enum"])
    if options := node.get("anyOf", node.get("oneOf", node.get("allOf"))):
        return " or ".join(dict.fromkeys(_type(each, defs) for each in options))
    kinds = node.get("type", "anything")
    if kinds == "array":
        return f"list of {_type(node.get('items', {}), defs)}"
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def as_json(schema: dict[str, Any]) -> str:
    """A schema as its published file holds it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"

"""Whether data has the shape that a JSON Schema asks for: the few words of schemas that are used here, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def fault(schema: Mapping[str, Any], data: Any) -> str | None:
    """The first place that does not fit, and what is wrong there; None if all fits."""
    return next(_faults(schema, data, ""), None)


def _faults(schema: Mapping[str, Any], data: Any, place: str) -> Iterator[str]:
    where = f"{place}: " if place else ""
    if "const" in schema and data != schema["const"]:
        yield f"{where}is not {schema['const']!r}"
        return
    if "type" in schema and not _is_of(schema["type"], data):
        yield f"{where}is not of type {_named(schema['type'])}"
        return
    if data is not None and "minimum" in schema and data < schema["minimum"]:
        yield f"{where}is less than {schema['minimum']}"
    if isinstance(data, dict):
        yield from _faults_of_object(schema, data, place)
    if isinstance(data, list):
        for at, item in enumerate(data):
            yield from _faults(schema.get("items", {}), item, f"{place}[{at}]")


def _faults_of_object(schema: Mapping[str, Any], data: dict[str, Any], place: str) -> Iterator[str]:
    dotted = f"{place}." if place else ""
    for name, part in schema.get("properties", {}).items():
        if name in data:
            yield from _faults(part, data[name], f"{dotted}{name}")
        elif name in schema.get("required", ()):
            yield f"{dotted}{name}: is missing"


def _is_of(type: str | list[str], data: Any) -> bool:
    names = [type] if isinstance(type, str) else type
    return not isinstance(data, bool) and any(isinstance(data, _TYPES[name]) for name in names)


def _named(type: str | list[str]) -> str:
    return type if isinstance(type, str) else " or ".join(type)

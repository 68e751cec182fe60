"""Formats: relations, and values with their evidence, from the file's models to the catalog's."""

from __future__ import annotations

from formatpicker.base.durations import parse_days
from formatpicker.base.text import shortened
from formatpicker.base.yaml_reader import Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import (
    FREQUENCIES,
    MOST_LEVEL,
    Attribute,
    AttributeKind,
    Level,
    RegionalValue,
    Value,
)
from formatpicker.catalog.model import LOOKUP_KINDS, Format
from formatpicker.catalog.schema_types import Written
from formatpicker.catalog.validate import Scope
from formatpicker.errors import one_of


def resolve_format(scope: Scope, id: str, item: schema.FormatPart) -> Format:
    """One format with its own values, each of which says where it comes from."""
    place: Place = ("formats", id)
    _check_relations(scope, place, id, item)
    own = {
        name: _regional(scope, (*place, "attributes", name), scope.attributes[name], value, bool(item.variant_of))
        for name, value in item.attributes.items()
        if scope.known((*place, "attributes", name), name, scope.attributes, "attribute")
    }
    # A variant lacks only what its core format lacks, and that is told there.
    for name in () if item.variant_of else scope.attributes:
        if name not in item.attributes:
            scope.fault(place, f"has no attribute {name!r}; add it, with value: null and a note where it is unknown")
    return Format(
        id=id,
        kind=item.kind,
        name=item.name,
        phrase=item.phrase,
        aliases=tuple(item.aliases),
        summary=item.summary,
        good_for=tuple(item.good_for),
        speaks_against=tuple(item.speaks_against),
        variant_of=tuple(item.variant_of),
        covered_by=item.covered_by or "",
        also_means=tuple(item.also_means),
        term_unstable=item.term_unstable,
        attributes=own,
    )


def _regional(scope: Scope, place: Place, attribute: Attribute, item: schema.ValuePart, variant: bool) -> RegionalValue:
    if variant and not item.reason:
        scope.fault(place, "has no reason: a variant says why it differs from its core format")
    for region in item.regions:
        scope.known((*place, "regions", region), region, scope.regions, "region")
    general = _value(scope, place, attribute, item)
    regions = {
        region: _value(scope, (*place, "regions", region), attribute, part) for region, part in item.regions.items()
    }
    return RegionalValue(general, regions, item.reason)


def _check_relations(scope: Scope, place: Place, id: str, item: schema.FormatPart) -> None:
    formats = scope.part.formats
    if (item.kind == "core") == bool(item.variant_of):
        scope.fault(place, "a core format has no variant_of; every other kind names one or two core formats")
    chain = _circle(scope, id)
    if chain:
        scope.fault((*place, "variant_of"), f"is circular: {' -> '.join(chain)}")
    for parent in () if chain else item.variant_of:
        known = scope.known((*place, "variant_of"), parent, formats, "format")
        if known and formats[parent].kind != "core":
            scope.fault((*place, "variant_of"), f"{parent!r} is not a core format")
    if (item.kind in LOOKUP_KINDS) != bool(item.covered_by):
        scope.fault(place, f"covered_by belongs to the kinds {', '.join(LOOKUP_KINDS)}, and only there")
    covering = item.covered_by
    known = bool(covering) and scope.known((*place, "covered_by"), str(covering), formats, "format")
    if known and formats[str(covering)].kind in LOOKUP_KINDS:
        scope.fault((*place, "covered_by"), f"{covering!r} is itself never recommended")


def _circle(scope: Scope, id: str) -> list[str]:
    """The way from a format back to itself along ``variant_of``; empty where there is none."""
    pending = [[id]]
    seen: set[str] = set()
    while pending:
        way = pending.pop()
        part = scope.part.formats.get(way[-1])
        for parent in part.variant_of if part else ():
            if parent == id:
                return [*way, parent]
            if parent not in seen:
                seen.add(parent)
                pending.append([*way, parent])
    return []


# --- values ----------------------------------------------------------------------------------------------------------

_RANGE = ("min", "typical", "max")
_SPREAD = ("low", "value", "high")
_RANGED = (AttributeKind.DURATION, AttributeKind.NUMBER)


def _value(scope: Scope, place: Place, attribute: Attribute, part: schema.PlainValuePart) -> Value:
    """A value in the engine's units; one that cannot be read stands as unknown."""
    names, strangers = (_RANGE, _SPREAD) if attribute.kind in _RANGED else (_SPREAD, _RANGE)
    for stranger in strangers:
        if getattr(part, stranger) is not None:
            problem = f"does not belong to a {attribute.kind} attribute; use {', '.join(names)}"
            scope.fault((*place, stranger), problem)
    written: list[Written] = [getattr(part, name) for name in names]
    levels = [_level(scope, (*place, name), attribute, each) for each, name in zip(written, names, strict=True)]
    if written[1] is None and (written[0] is not None or written[2] is not None):
        scope.fault((*place, names[1]), f"is missing beside {names[0]} or {names[2]}")
    if attribute.kind not in _RANGED:
        levels = [levels[1] if level is None else level for level in levels]
        written = [written[1] if each is None else each for each in written]
    elif written[1] is not None and written[0] is None:
        scope.fault((*place, names[0]), f"is missing beside {names[1]}")
    numbers = [level for level in levels if isinstance(level, int)]
    if numbers != sorted(numbers):
        given = ", ".join(f"{name} {each}" for name, each in zip(names, written, strict=True) if each is not None)
        scope.fault((*place, names[1]), f"must have {names[0]} <= {names[1]} <= {names[2]}, not {given}")
    _check_evidence(scope, place, part, any(each is not None for each in written))
    low, typical, high = levels
    texts = ["" if each is None else str(each) for each in written]
    return Value(
        low,
        typical,
        high,
        written=(texts[0], texts[1], texts[2]),
        basis=part.basis,
        citations=scope.cited((*place, "sources"), part.sources),
        note=part.note,
        as_of=str(part.as_of),
        valid_from=str(part.valid_from),
        valid_to=str(part.valid_to),
        local=isinstance(part, schema.RegionPart) and part.local,
    )


def _check_evidence(scope: Scope, place: Place, part: schema.PlainValuePart, known: bool) -> None:
    if part.basis == "sourced" and not part.sources:
        problem = "is empty, but the basis is sourced; name a source or make the basis inferred"
        scope.fault((*place, "sources"), problem)
    if part.basis == "inferred" and not part.note:
        scope.fault((*place, "note"), "is missing: an inferred value says what it is judged from")
    if not known and not part.note:
        scope.fault((*place, "note"), "is missing: an unknown value says what was looked for")


def _level(scope: Scope, place: Place, attribute: Attribute, written: Written) -> Level:
    if written is None:
        return None
    level, expected = _read(attribute, written)
    if level is None:
        scope.fault(place, f"{shortened(written)} is {expected}")
    return level


def _read(attribute: Attribute, written: int | float | str) -> tuple[Level, str]:
    """The level that is written, None where it is none of the attribute's kind; and what is wrong then."""
    word = str(written)
    match attribute.kind:
        case AttributeKind.DURATION:
            return parse_days(written), "not a duration; write for example 3 days, 2 weeks, 8 months or 1 year"
        case AttributeKind.NUMBER:
            return _whole(written, 1_000_000), f"not a whole number of {attribute.unit or 'units'}"
        case AttributeKind.LEVEL:
            return _whole(written, MOST_LEVEL), f"not a level from 0 to {MOST_LEVEL}"
        case AttributeKind.FREQUENCY:
            if word in FREQUENCIES:
                return FREQUENCIES.index(word), ""
            return None, one_of(word, FREQUENCIES, "frequency")
        case AttributeKind.CATEGORY:
            if word in attribute.phrases:
                return word, ""
            return None, one_of(word, [*attribute.phrases], f"category of {attribute.id}")
        case AttributeKind.TEXT:
            return written if isinstance(written, str) else None, "not text"


def _whole(written: int | float | str, most: int) -> int | None:
    return written if isinstance(written, int) and 0 <= written <= most else None

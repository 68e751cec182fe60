"""Formats: relations, inheritance and values, from the file's models to the catalog's."""

from __future__ import annotations

from formatpicker.base.yaml_reader import Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import Attribute, RegionalValue, Value
from formatpicker.catalog.model import LOOKUP_KINDS, Format
from formatpicker.catalog.scope import Scope
from formatpicker.catalog.values import resolve_value


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


def _value(scope: Scope, place: Place, attribute: Attribute, part: schema.PlainValuePart) -> Value:
    scope.cited((*place, "sources"), part.sources)
    return resolve_value(attribute, part, lambda key, problem: scope.fault((*place, key), problem))


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

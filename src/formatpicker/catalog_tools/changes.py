"""Two catalogs walked at once: every place where they differ; and catalogs without one thing or without one change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple, cast

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.catalog.attributes import Citation, Level, Value
from formatpicker.catalog.criteria import Goal, Option, Rule, RuleKind
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog, Format

KeyPath = tuple[str, ...]

# Worked out from other fields, or the key under which a thing stands.
_DERIVED_FIELDS = {("Catalog", "sha256"), ("RegionalValue", "core"), ("Rule", "frequency_values"), ("Rule", "edges")}
FREQUENCY_VALUES = "frequency_values"
BOUNDS = "value"


# Stands for what is not there.
ABSENT = object()


class Order(NamedTuple):
    """The order of the entries that both catalogs have."""

    ids: tuple[str, ...]


class Bounds(NamedTuple):
    """The part of a value that is judged, and how it is written."""

    low: Level
    typical: Level
    high: Level
    written: tuple[str, str, str]


class CatalogChange(NamedTuple):
    """A place and what stood and stands there."""

    place: KeyPath
    old: Any
    new: Any


def changes(old: Any, new: Any, place: KeyPath = ()) -> Iterator[CatalogChange]:
    """Every change between two things and their parts, in the order of the old one, what is new last."""
    # Equal mappings can still differ in their order, and so can the sections of equal catalogs.
    if old == new and not isinstance(old, Mapping | Catalog):
        return
    old_parts, new_parts = parts_of(old), parts_of(new)
    # A rule of another kind, attribute or way to weigh is one change: its fields mean something else.
    other_rule = isinstance(old, Rule) and isinstance(new, Rule) and _nature(old) != _nature(new)
    if old_parts is None or new_parts is None or type(old) is not type(new) or other_rule:
        if old != new:
            yield CatalogChange(place, old, new)
        return
    for key in {**old_parts, **new_parts}:
        yield from changes(old_parts.get(key, ABSENT), new_parts.get(key, ABSENT), (*place, key))
    if isinstance(old, tuple) or place in (("questions",), ("formats",)):
        before = tuple(key for key in old_parts if key in new_parts)
        after = tuple(key for key in new_parts if key in old_parts)
        if before != after:
            yield CatalogChange(place, Order(before), Order(after))


def _nature(rule: Rule) -> tuple[object, ...]:
    return (rule.kind, rule.attribute, rule.less_is_better, rule.weights is None)


def parts_of(thing: Any) -> dict[str, Any] | None:
    """What a thing is made of, by name; None where it is compared as a whole."""
    if isinstance(thing, Mapping):
        return dict(thing)
    if isinstance(thing, Order | Bounds | Citation | Test):
        return None
    if isinstance(thing, tuple):
        return _keyed(thing)
    if isinstance(thing, Value):
        bounds = Bounds(thing.low, thing.typical, thing.high, thing.written)
        rest = ("basis", "citations", "note", "as_of", "valid_from", "valid_to", "local")
        return {BOUNDS: bounds, **{name: getattr(thing, name) for name in rest}}
    if not isinstance(thing, Struct):
        return None
    found = {name: getattr(thing, name) for name in thing.__struct_fields__}
    return {name: part for name, part in found.items() if (type(thing).__name__, name) not in _DERIVED_FIELDS}


def _keyed(things: tuple[Any, ...]) -> dict[str, Any] | None:
    """A list of things that have an id, or of next steps, by it."""
    if not all(isinstance(thing, Option | Goal | Caution | NextStep) for thing in things):
        return None
    found: dict[str, Any] = {}
    for thing in things:
        key = (thing.url or thing.text) if isinstance(thing, NextStep) else thing.id
        keys = (key if number == 1 else f"{key} ({number})" for number in count(1))
        found[next(each for each in keys if each not in found)] = thing
    return found


def without_format(catalog: Catalog, id: str) -> Catalog:
    """The catalog without a format; its variants keep what they took over from it."""
    left = {
        each.id: _complete(catalog, each) if id in each.variant_of[:1] else each
        for each in catalog.formats.values()
        if each.id != id
    }
    return replace(catalog, formats=left)


def _complete(catalog: Catalog, format: Format) -> Format:
    """A variant with all that it takes over from its core format."""
    return replace(format, attributes={name: catalog.regional(format, name) for name in catalog.attributes})


def without_question(catalog: Catalog, id: str) -> Catalog:
    """The catalog without a question, and without what is worked out from its answer."""
    questions = {key: question for key, question in catalog.questions.items() if key != id}
    derived = {key: item for key, item in catalog.derived.items() if id not in (item.per_week, item.duration)}
    return replace(catalog, questions=questions, derived=derived)


def undone(old: Catalog, new: Catalog, change: CatalogChange) -> Catalog:
    """The new catalog but for one change."""
    place = change.place
    if change.old is ABSENT and len(place) == 2 and place[0] in ("formats", "questions"):
        return (without_format if place[0] == "formats" else without_question)(new, place[1])
    was = change.old
    if isinstance(was, Format) and was.variant_of and was.variant_of[0] not in new.formats:
        was = _complete(old, was)  # it lost its core format with the change, and takes along what it had from it
    return _with_shared(cast(Catalog, _put(new, place, was)))


def _put(thing: Any, place: KeyPath, part: Any) -> Any:
    """A copy of a thing with another part at a place."""
    key, rest = place[0], place[1:]
    parts = parts_of(thing) or {}
    if rest:
        part = _put(parts[key], rest, part)
    if isinstance(thing, Mapping):
        return _placed(parts, key, part)
    if isinstance(thing, tuple):
        return tuple(_placed(parts, key, part).values())
    return replace(thing, **(part._asdict() if isinstance(part, Bounds) else {key: part}))


def _placed(parts: dict[str, Any], key: str, part: Any) -> dict[str, Any]:
    return {name: each for name, each in {**parts, key: part}.items() if each is not ABSENT}


def _with_shared(catalog: Catalog) -> Catalog:
    """The catalog with what stands once in the file in every rule that it bears on."""
    edges, values = {"edges": catalog.edges}, {"frequency_values": catalog.frequency_values}
    shared: dict[RuleKind, dict[str, Any]] = {RuleKind.LIMIT: edges, RuleKind.NEED: values}

    def with_rule(thing: Any) -> Any:
        return replace(thing, rule=replace(thing.rule, **shared.get(thing.rule.kind, {}))) if thing.rule else thing

    return replace(
        catalog,
        questions={id: with_rule(question) for id, question in catalog.questions.items()},
        derived={id: with_rule(item) for id, item in catalog.derived.items()},
    )

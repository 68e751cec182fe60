"""Two catalogs walked at once: every place where they differ, so that no field of the model can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple

from msgspec import Struct

from formatpicker.catalog.attributes import Citation, Level, Value
from formatpicker.catalog.criteria import Goal, Option, Rule, RuleKind
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog

Place = tuple[str, ...]

# Worked out from other fields, or the key under which a thing stands.
_DERIVED_FIELDS = {("Catalog", "sha256"), ("RegionalValue", "core"), ("Rule", "frequency_values"), ("Rule", "edges")}
FREQUENCY_VALUES = "frequency_values"
BOUNDS = "value"


class Absent:
    """Stands for what is not there."""


ABSENT = Absent()


class Order(NamedTuple):
    """The order of the entries that both catalogs have."""

    ids: tuple[str, ...]


class Bounds(NamedTuple):
    """The part of a value that is judged, and how it is written."""

    low: Level
    typical: Level
    high: Level
    written: tuple[str, str, str]


class Change(NamedTuple):
    """A place and what stood and stands there."""

    place: Place
    old: Any
    new: Any


def changes(old: Any, new: Any, place: Place = ()) -> Iterator[Change]:
    """Every change between two things and their parts, in the order of the old one, what is new last."""
    # Equal mappings can still differ in their order, and so can the sections of equal catalogs.
    if old == new and not isinstance(old, Mapping | Catalog):
        return
    old_parts, new_parts = parts_of(old), parts_of(new)
    if old_parts is None or new_parts is None or type(old) is not type(new) or _is_other_rule(old, new):
        if old != new:
            yield Change(place, old, new)
        return
    for key in {**old_parts, **new_parts}:
        yield from changes(old_parts.get(key, ABSENT), new_parts.get(key, ABSENT), (*place, key))
    if isinstance(old, tuple) or place in (("questions",), ("formats",)):
        before = tuple(key for key in old_parts if key in new_parts)
        after = tuple(key for key in new_parts if key in old_parts)
        if before != after:
            yield Change(place, Order(before), Order(after))


def _is_other_rule(old: Any, new: Any) -> bool:
    """A rule of another kind, attribute or way to weigh is one change: its fields mean something else."""
    return isinstance(old, Rule) and _nature(old) != _nature(new)


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
    kept = {name: part for name, part in found.items() if (type(thing).__name__, name) not in _DERIVED_FIELDS}
    return {**kept, FREQUENCY_VALUES: frequency_values_of(thing)} if isinstance(thing, Catalog) else kept


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


def frequency_values_of(catalog: Catalog) -> tuple[int, ...]:
    """The values of frequencies; they stand once in the file and in every rule on a need."""
    rules = (criterion.rule for criterion in catalog.criteria().values())
    return next((rule.frequency_values for rule in rules if rule.kind is RuleKind.NEED), ())

"""A change between two catalogs in words: where it is, what stood there and what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from formatpicker.catalog.attributes import FREQUENCIES, Attribute, AttributeKind, Citation, RegionalValue, Value
from formatpicker.catalog.criteria import Cell, Derived, Goal, Option, Question, Rule
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog, Format, Source
from formatpicker.catalog_tools.changes import (
    ABSENT,
    BOUNDS,
    FREQUENCY_VALUES,
    Absent,
    Bounds,
    Change,
    Order,
    Place,
    parts_of,
)

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"

# Fields that a file calls otherwise.
_FILE_NAMES = {"weights": "weight", "citations": "sources", "tests": "when"}
# Steps of a place that say nothing to a reader.
_UNNAMED = ("attributes", "regions", "options", "goals", "rule", "table", BOUNDS)


class Edit(Struct, frozen=True):
    """One entry that differs: where it stands, what it is, and what it says before and after, in words."""

    place: Place
    label: str
    kind: str
    old: str
    new: str


def edit_of(old: Catalog, new: Catalog, change: Change) -> Edit:
    """A change as a reader of a catalog file has it before them."""
    kind = CHANGED
    if isinstance(change.old, Order):
        kind = MOVED
    elif change.old is ABSENT or change.new is ABSENT:
        kind = ADDED if change.old is ABSENT else REMOVED
    label = _label(old if kind == REMOVED else new, change.place)
    return Edit(
        _file_place(change.place),
        label,
        kind,
        _words(old, change.place, change.old),
        _words(new, change.place, change.new),
    )


def _file_place(place: Place) -> Place:
    """The place as the file has it: general values stand directly in their attribute, and weights are a weight."""
    return tuple(_FILE_NAMES.get(key, key) for key in place if key != "general")


def _label(catalog: Catalog, place: Place) -> str:
    """The names of what leads to a place: "Internship, Length, in the United States"."""
    names: list[str] = []
    thing: Any = catalog
    for key in place:
        parent, thing = thing, (parts_of(thing) or {}).get(key)
        names += _names(catalog, names, key, parent, thing)
    return ", ".join(names)


def _names(catalog: Catalog, before: list[str], key: str, parent: Any, thing: Any) -> list[str]:
    if isinstance(thing, Format | Source | Attribute | Question | Goal | Derived | Option):
        name = thing.name if isinstance(thing, Format) else thing.title if isinstance(thing, Source) else thing.label
        return [name if before else f"{type(thing).__name__.lower()} {name}"]
    if isinstance(thing, RegionalValue):
        return [catalog.attributes[key].label]
    if isinstance(thing, Caution):
        return [f"caution {key}"]
    if isinstance(thing, NextStep):
        return [f"next step {thing.text}"]
    if isinstance(thing, Value):
        return [catalog.region_name(key)] if isinstance(parent, Mapping) else []
    silent = isinstance(parent, Catalog) and isinstance(thing, Mapping | tuple) and key != FREQUENCY_VALUES
    return [] if silent or key in _UNNAMED else [_FILE_NAMES.get(key, key).replace("_", " ")]


def _words(catalog: Catalog, place: Place, thing: Any) -> str:
    """What stands at a place, as a person would write it; empty for what is not there."""
    if isinstance(thing, Absent) or thing is None:
        return ""
    if isinstance(thing, Bounds):
        return _value_words(catalog.attributes[place[3]], thing)
    if isinstance(thing, Value | RegionalValue):
        value = thing if isinstance(thing, Value) else thing.general
        return _words(catalog, place, (parts_of(value) or {})[BOUNDS])
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if isinstance(thing, int) and place[-1] == "value" and "table" in place:
        return str(thing // 10)
    if isinstance(thing, tuple) and place == (FREQUENCY_VALUES,):
        return ", ".join(f"{word} {value // 10}" for word, value in zip(FREQUENCIES, thing, strict=False))
    return _thing_words(thing)


def _value_words(attribute: Attribute, bounds: Bounds) -> str:
    least, typical, most = bounds.written
    if bounds.typical is None:
        return "unknown"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        upper = f"at most {most}" if most else "no upper limit"
        return f"at least {least}, usually {typical}, {upper} {attribute.unit if most else ''}".rstrip()
    return typical if least == typical == most else f"{typical} ({least} to {most})"


def _thing_words(thing: Any) -> str:
    if isinstance(thing, str | int | float):
        return thing if isinstance(thing, str) else f"{thing:g}"
    if isinstance(thing, Mapping):
        return ", ".join(f"{key}: {_thing_words(part)}" for key, part in thing.items())
    for kind, words in _WORDS.items():
        if isinstance(thing, kind):
            return words(thing)
    names = (name for name in ("summary", "text", "title", "label") if hasattr(thing, name))
    name = next(names, None)
    return str(getattr(thing, name) if name else thing)


def _cell_words(cell: Cell) -> str:
    return " ".join(filter(None, [f"{cell.value // 10}, {cell.verdict}", cell.text]))


def _rule_words(rule: Rule) -> str:
    return f"{rule.kind} on {rule.attribute}, weight {_thing_words(rule.weights or rule.weight)}"


def _test_words(test: Test) -> str:
    return f"{test.subject} {test.name} {test.operator.replace('_', ' ')} {_thing_words(test.operand)}"


# The first kind that fits counts; an order of entries is a tuple too.
_WORDS: dict[type, Callable[[Any], str]] = {
    Order: lambda order: ", ".join(order.ids),
    Citation: lambda citation: f"{citation.source}: {citation.place}",
    Cell: _cell_words,
    Rule: _rule_words,
    Test: _test_words,
    tuple: lambda things: "; ".join(map(_thing_words, things)),
    frozenset: lambda things: ", ".join(sorted(things)),
}

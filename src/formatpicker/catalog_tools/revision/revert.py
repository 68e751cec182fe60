"""Catalogs without one thing: a format, a question, or one change between two catalogs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from msgspec.structs import replace

from formatpicker.catalog.criteria import RuleKind
from formatpicker.catalog.model import Catalog, Format
from formatpicker.catalog_tools.revision.changes import ABSENT, FREQUENCY_VALUES, Bounds, Change, Place, parts_of


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


def undone(old: Catalog, new: Catalog, change: Change) -> Catalog:
    """The new catalog but for one change."""
    place = change.place
    if place == (FREQUENCY_VALUES,):
        return _with_rules(new, RuleKind.NEED, frequency_values=change.old)
    if change.old is ABSENT and len(place) == 2 and place[0] in ("formats", "questions"):
        return (without_format if place[0] == "formats" else without_question)(new, place[1])
    restored = cast(Catalog, _put(new, place, _whole(old, new, change.old)))
    return _with_rules(restored, RuleKind.LIMIT, edges=restored.edges) if place[0] == "edges" else restored


def _whole(old: Catalog, new: Catalog, thing: Any) -> Any:
    """A format that lost its core format with the change takes along what it had from it."""
    if isinstance(thing, Format) and thing.variant_of and thing.variant_of[0] not in new.formats:
        return _complete(old, thing)
    return thing


def _put(thing: Any, place: Place, part: Any) -> Any:
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


def _with_rules(catalog: Catalog, kind: RuleKind, **changed: Any) -> Catalog:
    """The catalog with what stands once in the file and in every rule of a kind."""

    def with_rule(thing: Any) -> Any:
        return replace(thing, rule=replace(thing.rule, **changed)) if thing.rule and thing.rule.kind is kind else thing

    return replace(
        catalog,
        questions={id: with_rule(question) for id, question in catalog.questions.items()},
        derived={id: with_rule(item) for id, item in catalog.derived.items()},
    )

"""From the file's models to the catalog: everything that takes a look across the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from formatpicker.base.durations import parse_days
from formatpicker.base.text import canonical, shortened
from formatpicker.base.yaml_reader import Document, Place
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
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.guidance import CertaintyRules
from formatpicker.catalog.guidance_schema import Written
from formatpicker.catalog.model import LOOKUP_KINDS, Catalog, Format, Source
from formatpicker.catalog.resolve_guidance import (
    resolve_caution,
    resolve_conflict,
    resolve_next_step,
    resolve_offers,
    resolve_pathways,
)
from formatpicker.catalog.resolve_questions import resolve_derived, resolve_question
from formatpicker.catalog.validate import Scope
from formatpicker.errors import CatalogError, one_of

_Resolved = TypeVar("_Resolved")


def resolve(document: Document, part: schema.CatalogPart, sha256: str) -> Catalog:
    """The catalog that a validated file describes.

    Raises:
        CatalogError: Parts of the file do not fit together; all faults are listed.
    """
    scope = Scope.of(document, part)
    catalog = _catalog(scope, sha256)
    if scope.faults:
        raise CatalogError(document.name, sorted(set(scope.faults)))
    return catalog


def _catalog(scope: Scope, sha256: str) -> Catalog:
    part = scope.part
    for id, attribute in scope.attributes.items():
        _check_words(scope.at("attributes", id), attribute)
    questions = {each.id: each for each in _each(scope, "questions", resolve_question)}
    _check_duplicates(scope)
    _check_vocabulary(scope, questions)
    for id, source in part.sources.items():
        if source.same_voice_as:
            scope.at("sources", id, "same_voice_as").known(source.same_voice_as, part.sources, "source")
    clear, leaning = part.certainty.clear, part.certainty.leaning
    if leaning > clear:
        scope.at("certainty", "leaning").fault(f"must not be above clear ({clear}), but is {leaning}")
    return part.resolved(
        Catalog,
        sha256=sha256,
        attributes=scope.attributes,
        questions=questions,
        derived={each.id: each for each in _each(scope, "derived", resolve_derived)},
        cautions=_each(scope, "cautions", resolve_caution),
        conflicts=_each(scope, "conflicts", resolve_conflict),
        next_steps=_each(scope, "next_steps", resolve_next_step),
        pathways=resolve_pathways(scope.at("pathways"), part.pathways) if part.pathways else None,
        offers=resolve_offers(scope.at("offers"), part.offers) if part.offers else None,
        edges=scope.edges,
        frequency_values=scope.frequency_values,
        sources={
            id: item.resolved(Source, id=id, date=None if item.date is None else str(item.date))
            for id, item in part.sources.items()
        },
        formats={id: resolve_format(scope.at("formats", id), id, item) for id, item in part.formats.items()},
        certainty=part.certainty.resolved(CertaintyRules),
        no_answer=frozenset(map(canonical, part.no_answer)),
    )


def _each(scope: Scope, section: str, resolve: Callable[[Scope, Any], _Resolved]) -> tuple[_Resolved, ...]:
    """Every item of a list of the file, resolved."""
    return tuple(resolve(scope.at(section, index), item) for index, item in enumerate(getattr(scope.part, section)))


def _check_vocabulary(scope: Scope, questions: Mapping[str, Question]) -> None:
    """Words belong to questions that there are, and no name to two of them, nor words of a header."""
    taken = {canonical(name): id for id, each in questions.items() for name in (id, each.label, each.text)}
    for id, item in scope.part.vocabulary.items():
        scope.at("vocabulary", id).known(id, questions, "question")
        for index, name in enumerate(item.names):
            if taken.setdefault(canonical(name), id) != id:
                scope.at("vocabulary", id, "names", index).fault(f"{name!r} is {taken[canonical(name)]} already")
    scope.check_unique(
        ((("vocabulary", id, "header_words", index), canonical(each)))
        for id, item in scope.part.vocabulary.items()
        for index, each in enumerate(item.header_words)
    )


def _check_duplicates(scope: Scope) -> None:
    for section in ("questions", "derived", "cautions", "conflicts"):
        items = enumerate(getattr(scope.part, section))
        scope.check_unique(((section, index, "id"), item.id) for index, item in items)
    for index, question in enumerate(scope.part.questions):
        options = question.options
        scope.check_unique((("questions", index, "options", at, "id"), each.id) for at, each in enumerate(options))
    criteria: list[tuple[Place, str]] = [
        (("questions", index, "goals", goal), goal)
        for index, question in enumerate(scope.part.questions)
        for goal in question.goals
    ]
    criteria += [(("questions", index, "id"), item.id) for index, item in enumerate(scope.part.questions)]
    criteria += [(("derived", index, "id"), item.id) for index, item in enumerate(scope.part.derived)]
    scope.check_unique((place, canonical(id)) for place, id in criteria)
    for name, found in (
        ("answer", [index for index, item in enumerate(scope.part.questions) if item.goals]),
        ("selects_region", [index for index, item in enumerate(scope.part.questions) if item.selects_region]),
    ):
        for index in found[1:]:
            problem = f"is there a second time (first in questions.{found[0]}); keep one"
            scope.at("questions", index, name).fault(problem)
    names = [named for id, item in scope.part.formats.items() for named in _names(id, item)]
    scope.check_unique(names, "names two formats")


def _names(id: str, item: schema.FormatPart) -> list[tuple[Place, str]]:
    """What a format is called, with the place of each; twice the same within one format is once."""
    places: dict[str, Place] = {canonical(id): ("formats", id)}
    places.setdefault(canonical(item.name), ("formats", id, "name"))
    for index, alias in enumerate(item.aliases):
        places.setdefault(canonical(alias), ("formats", id, "aliases", index))
    return [(place, name) for name, place in places.items()]


def _check_words(scope: Scope, attribute: Attribute) -> None:
    """A phrase for every value of an attribute, and what each step of a level is judged by, if a scale says so."""
    levels = [str(level) for level in range(MOST_LEVEL + 1)] if attribute.kind is AttributeKind.LEVEL else []
    values = {
        AttributeKind.FREQUENCY: list(FREQUENCIES),
        AttributeKind.CATEGORY: list(attribute.phrases) or ["at least one category"],
    }.get(attribute.kind, levels)
    kind, scaled = attribute.kind, levels if attribute.scale else []
    _check_keys(scope.at("phrases"), attribute.phrases, values, "has no phrase for {}", f"value of a {kind}")
    missing = "does not say what step {} is judged by"
    _check_keys(scope.at("scale"), attribute.scale, scaled, missing, f"step of a {kind}")


def _check_keys(scope: Scope, given: Mapping[str, str], needed: list[str], missing: str, wanted: str) -> None:
    for key in needed:
        if key not in given:
            scope.fault(missing.format(key))
    for key in given:
        if key not in needed:
            scope.at(key).fault(f"is not a {wanted} attribute")


def resolve_format(scope: Scope, id: str, item: schema.FormatPart) -> Format:
    """One format with its own values, each of which says where it comes from."""
    _check_relations(scope, id, item)
    own = {
        name: _regional(scope.at("attributes", name), scope.attributes[name], value, bool(item.variant_of))
        for name, value in item.attributes.items()
        if scope.at("attributes", name).known(name, scope.attributes, "attribute")
    }
    # A variant lacks only what its core format lacks, and that is told there.
    for name in () if item.variant_of else scope.attributes:
        if name not in item.attributes:
            scope.fault(f"has no attribute {name!r}; add it, with value: null and a note where it is unknown")
    return item.resolved(Format, id=id, covered_by=item.covered_by or "", attributes=own)


def _regional(scope: Scope, attribute: Attribute, item: schema.ValuePart, variant: bool) -> RegionalValue:
    if variant and not item.reason:
        scope.fault("has no reason: a variant says why it differs from its core format")
    for region in item.regions:
        scope.at("regions", region).known(region, scope.regions, "region")
    general = _value(scope, attribute, item)
    regions = {region: _value(scope.at("regions", region), attribute, part) for region, part in item.regions.items()}
    return RegionalValue(general, regions, item.reason)


def _check_relations(scope: Scope, id: str, item: schema.FormatPart) -> None:
    formats = scope.part.formats
    if (item.kind == "core") == bool(item.variant_of):
        scope.fault("a core format has no variant_of; every other kind names one or two core formats")
    chain = _circle(scope, id)
    if chain:
        scope.at("variant_of").fault(f"is circular: {' -> '.join(chain)}")
    for parent in () if chain else item.variant_of:
        known = scope.at("variant_of").known(parent, formats, "format")
        if known and formats[parent].kind != "core":
            scope.at("variant_of").fault(f"{parent!r} is not a core format")
    if (item.kind in LOOKUP_KINDS) != bool(item.covered_by):
        scope.fault(f"covered_by belongs to the kinds {', '.join(LOOKUP_KINDS)}, and only there")
    covering = item.covered_by
    known = bool(covering) and scope.at("covered_by").known(str(covering), formats, "format")
    if known and formats[str(covering)].kind in LOOKUP_KINDS:
        scope.at("covered_by").fault(f"{covering!r} is itself never recommended")


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


def _value(scope: Scope, attribute: Attribute, part: schema.PlainValuePart) -> Value:
    """A value in the engine's units; one that cannot be read stands as unknown."""
    names, strangers = (_RANGE, _SPREAD) if attribute.kind in _RANGED else (_SPREAD, _RANGE)
    for stranger in strangers:
        if getattr(part, stranger) is not None:
            problem = f"does not belong to a {attribute.kind} attribute; use {', '.join(names)}"
            scope.at(stranger).fault(problem)
    written: list[Written] = [getattr(part, name) for name in names]
    levels = [_level(scope.at(name), attribute, each) for each, name in zip(written, names, strict=True)]
    if written[1] is None and (written[0] is not None or written[2] is not None):
        scope.at(names[1]).fault(f"is missing beside {names[0]} or {names[2]}")
    if attribute.kind not in _RANGED:
        levels = [levels[1] if level is None else level for level in levels]
        written = [written[1] if each is None else each for each in written]
    elif written[1] is not None and written[0] is None:
        scope.at(names[0]).fault(f"is missing beside {names[1]}")
    numbers = [level for level in levels if isinstance(level, int)]
    if numbers != sorted(numbers):
        given = ", ".join(f"{name} {each}" for name, each in zip(names, written, strict=True) if each is not None)
        scope.at(names[1]).fault(f"must have {names[0]} <= {names[1]} <= {names[2]}, not {given}")
    _check_evidence(scope, part, any(each is not None for each in written))
    low, typical, high = levels
    texts = ["" if each is None else str(each) for each in written]
    return part.resolved(
        Value,
        low=low,
        typical=typical,
        high=high,
        written=(texts[0], texts[1], texts[2]),
        citations=scope.cited(part.sources),
        as_of=str(part.as_of),
        valid_from=str(part.valid_from),
        valid_to=str(part.valid_to),
    )


def _check_evidence(scope: Scope, part: schema.PlainValuePart, known: bool) -> None:
    if part.basis == "sourced" and not part.sources:
        problem = "is empty, but the basis is sourced; name a source or make the basis inferred"
        scope.at("sources").fault(problem)
    if part.basis == "inferred" and not part.note:
        scope.at("note").fault("is missing: an inferred value says what it is judged from")
    if not known and not part.note:
        scope.at("note").fault("is missing: an unknown value says what was looked for")


def _level(scope: Scope, attribute: Attribute, written: Written) -> Level:
    if written is None:
        return None
    level, expected = _read(attribute, written)
    if level is None:
        scope.fault(f"{shortened(written)} is {expected}")
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

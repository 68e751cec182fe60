"""One attribute's value: from what the file says to what the engine uses."""

from __future__ import annotations

from collections.abc import Callable

from formatpicker.base.durations import parse_days
from formatpicker.base.text import shortened
from formatpicker.catalog.attributes import FREQUENCIES, MOST_LEVEL, Attribute, AttributeKind, Citation, Level, Value
from formatpicker.catalog.schema import PlainValuePart, RegionPart
from formatpicker.catalog.schema_types import Written
from formatpicker.errors import one_of

# Reports a problem with one key of the value.
Report = Callable[[str, str], None]

_RANGE = ("min", "typical", "max")
_SPREAD = ("low", "value", "high")
_RANGED = (AttributeKind.DURATION, AttributeKind.NUMBER)


def citations_of(sources: dict[str, str]) -> tuple[Citation, ...]:
    """Citations in the order of the file."""
    return tuple(Citation(source, place) for source, place in sources.items())


def resolve_value(attribute: Attribute, part: PlainValuePart, report: Report) -> Value:
    """A value in the engine's units; problems are reported and stand as unknown."""
    names, strangers = (_RANGE, _SPREAD) if attribute.kind in _RANGED else (_SPREAD, _RANGE)
    for stranger in strangers:
        if getattr(part, stranger) is not None:
            report(stranger, f"does not belong to a {attribute.kind} attribute; use {', '.join(names)}")
    written = [getattr(part, name) for name in names]
    levels = [_level(attribute, each, name, report) for each, name in zip(written, names, strict=True)]
    if written[1] is None and (written[0] is not None or written[2] is not None):
        report(names[1], f"is missing beside {names[0]} or {names[2]}")
    if attribute.kind not in _RANGED:
        levels = [levels[1] if level is None else level for level in levels]
        written = [written[1] if each is None else each for each in written]
    elif written[1] is not None and written[0] is None:
        report(names[0], f"is missing beside {names[1]}")
    _check_order(levels, written, names, report)
    _check_evidence(part, any(each is not None for each in written), report)
    low, typical, high = levels
    texts = ["" if each is None else str(each) for each in written]
    return Value(
        low,
        typical,
        high,
        written=(texts[0], texts[1], texts[2]),
        basis=part.basis,
        citations=citations_of(part.sources),
        note=part.note,
        as_of=str(part.as_of),
        valid_from=str(part.valid_from),
        valid_to=str(part.valid_to),
        local=isinstance(part, RegionPart) and part.local,
    )


def _check_order(levels: list[Level], written: list[Written], names: tuple[str, str, str], report: Report) -> None:
    numbers = [level for level in levels if isinstance(level, int)]
    if numbers != sorted(numbers):
        given = ", ".join(f"{name} {each}" for name, each in zip(names, written, strict=True) if each is not None)
        report(names[1], f"must have {names[0]} <= {names[1]} <= {names[2]}, not {given}")


def _check_evidence(part: PlainValuePart, known: bool, report: Report) -> None:
    if part.basis == "sourced" and not part.sources:
        report("sources", "is empty, but the basis is sourced; name a source or make the basis inferred")
    if part.basis == "inferred" and not part.note:
        report("note", "is missing: an inferred value says what it is judged from")
    if not known and not part.note:
        report("note", "is missing: an unknown value says what was looked for")


def _level(attribute: Attribute, written: Written, name: str, report: Report) -> Level:
    if written is None:
        return None
    level, expected = _READERS[attribute.kind](attribute, written)
    if level is None:
        report(name, f"{shortened(written)} is {expected}")
    return level


def _read_duration(attribute: Attribute, written: Written) -> tuple[Level, str]:
    days = parse_days(written) if written is not None else None
    return days, "not a duration; write for example 3 days, 2 weeks, 8 months or 1 year"


def _read_number(attribute: Attribute, written: Written) -> tuple[Level, str]:
    whole = written if isinstance(written, int) and 0 <= written <= 1_000_000 else None
    return whole, f"not a whole number of {attribute.unit or 'units'}"


def _read_level(attribute: Attribute, written: Written) -> tuple[Level, str]:
    level = written if isinstance(written, int) and 0 <= written <= MOST_LEVEL else None
    return level, f"not a level from 0 to {MOST_LEVEL}"


def _read_frequency(attribute: Attribute, written: Written) -> tuple[Level, str]:
    word = str(written)
    known = FREQUENCIES.index(word) if word in FREQUENCIES else None
    return known, "" if known is not None else one_of(word, list(FREQUENCIES), "frequency")


def _read_category(attribute: Attribute, written: Written) -> tuple[Level, str]:
    word = str(written)
    known = word if word in attribute.phrases else None
    return known, "" if known else one_of(word, list(attribute.phrases), f"category of {attribute.id}")


def _read_text(attribute: Attribute, written: Written) -> tuple[Level, str]:
    return (written if isinstance(written, str) else None), "not text"


_READERS: dict[AttributeKind, Callable[[Attribute, Written], tuple[Level, str]]] = {
    AttributeKind.DURATION: _read_duration,
    AttributeKind.NUMBER: _read_number,
    AttributeKind.LEVEL: _read_level,
    AttributeKind.FREQUENCY: _read_frequency,
    AttributeKind.CATEGORY: _read_category,
    AttributeKind.TEXT: _read_text,
}

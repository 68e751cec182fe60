"""What the values of a catalog rest on: no outside source, a date that has run out, a bare address, no step named.

And what to research next: for each value, how many people would get another top if it were a step off. Nothing is
judged for a person, and the date of today is given, never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, cast
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.base.validity import end_of, is_date
from formatpicker.catalog.attributes import INFERRED, Attribute, AttributeKind, Level, RegionalValue, Value
from formatpicker.catalog.json_types import Count, FormatId, Portion, one_of, says
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import rounded
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import region_of, weigh

OLD_AFTER_MONTHS = 18
ARTICLE = "article"


class ValuePlace(Struct, frozen=True):
    """Where a value stands."""

    format: FormatId
    attribute: Annotated[str, says("Id of the attribute.")]
    region: Annotated[str | None, says("Id of the region; null for the general value.")]


class Unsourced(ValuePlace, frozen=True):
    """A value without an outside source."""

    why: Annotated[str, one_of("What it rests on instead.", "unknown", "inferred", "articles")]


class Dated(ValuePlace, frozen=True):
    """A value that is out of date."""

    why: Annotated[str, one_of("What is wrong with the date.", "expired", "old", "unreadable")]
    date: Annotated[str, says("The date as the catalog has it.")]


class Unstepped(ValuePlace, frozen=True):
    """A level whose step of the scale is not named."""

    why: Annotated[str, one_of("none: no step is named; other: that of another level is.", "none", "other")]


class HomePage(Struct, frozen=True):
    """A source whose address is that of a whole site."""

    source: Annotated[str, says("Id of the source.")]
    url: Annotated[str | None, says("Its address.")]
    cited: Annotated[Count, says("How often it is cited.")]


# What a place is made of.
Where = tuple[str, str, str | None]


def values_of(catalog: Catalog) -> Iterator[tuple[Where, Value]]:
    """Every value of a format's own, and where it stands; inherited ones stand at their core format."""
    for format in catalog.formats.values():
        for attribute, regional in format.attributes.items():
            for region, value in by_region(regional):
                yield (format.id, attribute, region), value


def by_region(regional: RegionalValue) -> list[tuple[str | None, Value]]:
    """The general value under no name, then that of each region."""
    return [(None, regional.general), *regional.regions.items()]


def has_outside_source(catalog: Catalog, value: Value) -> bool:
    """Whether something other than articles on the formats gives a value."""
    kinds = {catalog.sources[citation.source].kind for citation in value.citations}
    return value.basis != INFERRED and not kinds <= {ARTICLE}


def unsourced(catalog: Catalog) -> Iterator[Unsourced]:
    """The values that no outside source gives: unknown ones, inferred ones, and those that only articles give."""
    for where, value in values_of(catalog):
        if not has_outside_source(catalog, value):
            why = "unknown" if not value.known else INFERRED if value.basis == INFERRED else "articles"
            yield Unsourced(*where, why)


def unstepped(catalog: Catalog) -> Iterator[Unstepped]:
    """The judged levels whose note does not name the step that they stand on."""
    for where, value in values_of(catalog):
        level = catalog.attributes[where[1]].kind is AttributeKind.LEVEL
        if level and value.basis == INFERRED and value.known and value.step != value.typical:
            yield Unstepped(*where, "none" if value.step is None else "other")


def home_pages(catalog: Catalog) -> Iterator[HomePage]:
    """The sources whose address has no path and no query: nobody finds the text there."""
    cited = [citation.source for _, value in values_of(catalog) for citation in value.citations]
    cited += [citation.source for caution in catalog.cautions for citation in caution.citations]
    cited += [citation.source for step in catalog.next_steps for citation in step.citations]
    for source in catalog.sources.values():
        parts = urlsplit(source.url or "")
        if parts.netloc and not parts.path.strip("/") and not parts.query:
            yield HomePage(source.id, source.url, cited.count(source.id))


def dated(catalog: Catalog, today: str) -> Iterator[Dated]:
    """The values past their validity, too old, or with a date that cannot be read, on a day (YYYY-MM-DD)."""
    for where, value in values_of(catalog):
        for date, why, limit in ((value.valid_to, "expired", today), (value.as_of, "old", _months_before(today))):
            if date and not is_date(date):
                yield Dated(*where, "unreadable", date)
            elif date and end_of(date) < limit:
                yield Dated(*where, why, date)


def _months_before(today: str) -> str:
    """The same day some months earlier, as a text to compare with."""
    months = int(today[:4]) * 12 + int(today[5:7]) - 1 - OLD_AFTER_MONTHS
    return f"{months // 12:04}-{months % 12 + 1:02}-{today[8:10]}"


# --- what to research next -------------------------------------------------------------------------------------------

_RANGES = (AttributeKind.DURATION, AttributeKind.NUMBER)


class Research(ValuePlace, frozen=True):
    """A value that is worth research, by whose first place hangs on it."""

    core: Annotated[bool, says("Whether it is of a core format.")]
    basis: Annotated[str, one_of("Whether sources say it, or it was inferred.", "sourced", "inferred")]
    outside_source: Annotated[bool, says("Whether an outside source says it.")]
    concerned: Annotated[Count, says("Random people whose result the value counts in.")]
    down: Annotated[Count | None, says("Those with another first place if it were lower; null if none is.")]
    up: Annotated[Count | None, says("Those with another first place if it were higher; null if none is.")]
    changed: Annotated[Count, says("Those with another first place by either.")]
    share: Annotated[Portion, says("The same as a share of all.")]


def research_values(catalog: Catalog, tables: Sequence[EffectTable], people: Sequence[Answers]) -> list[Research]:
    """Every value of a format of the tables that some answer is held against, the most influential first.

    A value is moved by one step down and by one step up: a level, a frequency or a category to its neighbours in the
    order in which the catalog lists them; a range so that the least is usual, and so that the usual is the least and
    the most is usual; an unknown value to both ends of its scale. Then everybody whom the value concerns is ranked
    again with tabulated judgements: no whole recommendation is made. Values of core formats stand before those of
    variants, since they move the first place.
    """
    concerns = _concerns(catalog, people)
    found = [each for table in tables for each in _of_table(table, people, concerns)]
    return sorted(found, key=lambda each: (not each.core, -each.changed))


def _concerns(catalog: Catalog, people: Sequence[Answers]) -> Mapping[str, list[int]]:
    """By attribute, the positions of the people who gave an answer that is held against it."""
    found: dict[str, list[int]] = {}
    for position, person in enumerate(people):
        for attribute in dict.fromkeys(each.criterion.rule.attribute for each in weigh(catalog, person)):
            found.setdefault(attribute, []).append(position)
    return found


def _of_table(table: EffectTable, people: Sequence[Answers], concerns: Mapping[str, list[int]]) -> Iterator[Research]:
    catalog = table.catalog
    tops = [table.top(person) for person in people]
    regions = [region_of(catalog, person) for person in people]
    for format in table.formats:
        for name, regional in format.attributes.items():
            for region, value in by_region(regional) if name in concerns else ():
                concerned = [at for at in concerns[name] if _applies(regional, region, regions[at])]
                moved: list[set[int] | None] = []
                for step in _steps(catalog.attributes[name], value):
                    if step is None:
                        moved.append(None)
                        continue
                    other = table.with_format(_with_value(format, name, region, step), name)
                    moved.append({at for at in concerned if other.top(people[at]) != tops[at]})
                down, up = (None if each is None else len(each) for each in moved)
                changed = len(set[int]().union(*(each for each in moved if each)))
                yield Research(
                    *(format.id, name, region, format.core, value.basis, has_outside_source(catalog, value)),
                    *(len(concerned), down, up, changed, share_of(changed, len(people))),
                )


def share_of(count: int, people: int) -> float:
    """A share of all people, to three decimals."""
    return rounded(1000 * count, people or 1) / 1000


def _applies(regional: RegionalValue, region: str | None, answered: str | None) -> bool:
    """Whether a value of an attribute bears on somebody in a region; where it is open, every value does."""
    return answered is None or (answered == region if region else answered not in regional.regions)


def _steps(attribute: Attribute, value: Value) -> tuple[Value | None, Value | None]:
    """The value one step further down and one further up; None where there is no such step."""
    if attribute.kind in _RANGES:
        return _shifted(value)
    scale: list[Level] = [*attribute.phrases]
    if attribute.kind is not AttributeKind.CATEGORY:
        scale = [*range(len(scale))]
    if not value.known:
        return _moved(value, scale[0]), _moved(value, scale[-1])
    at = scale.index(value.typical)
    below, above = scale[:at], scale[at + 1 :]
    return _moved(value, below[-1]) if below else None, _moved(value, above[0]) if above else None


def _shifted(value: Value) -> tuple[Value | None, Value | None]:
    """A range whose usual becomes its least; and one whose usual becomes its most, and its least what was usual."""
    if not value.known:
        return None, None
    low, typical, high = value.low, value.typical, value.high
    down = replace(value, typical=low) if low != typical else None
    up = replace(value, low=typical, typical=typical if high is None else high)
    return down, up if (up.low, up.typical) != (low, typical) else None


def _moved(value: Value, to: Level) -> Value:
    """The value with another step as the usual one, its ends widened where they must be."""
    if not isinstance(to, int) or not value.known:
        return replace(value, low=to, typical=to, high=to)
    return replace(value, low=min(cast(int, value.low), to), typical=to, high=max(cast(int, value.high), to))


def _with_value(format: Format, name: str, region: str | None, value: Value) -> Format:
    """The format with one value of an attribute replaced, in general or in one region."""
    was = format.attributes[name]
    general = was.general if region else value
    regions = {**was.regions, region: value} if region else was.regions
    moved = RegionalValue(general, regions, was.reason)
    return replace(format, attributes={**format.attributes, name: moved})

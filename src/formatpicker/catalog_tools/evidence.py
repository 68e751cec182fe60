"""What the values of a catalog rest on: no outside source, a date that has run out, a bare address, no step named.

Everything here is read off the catalog; nothing is judged for a person. The date of today is given, never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from formatpicker.base.validity import end_of, is_date
from formatpicker.catalog.attributes import AttributeKind, RegionalValue, Value
from formatpicker.catalog.model import Catalog, Format, Source

OLD_AFTER_MONTHS = 18
INFERRED, ARTICLE = "inferred", "article"


class Placed(Struct, frozen=True):
    """One value of a format; ``region`` is empty for the general one."""

    format: Format
    attribute: str
    region: str


class Unsourced(Placed, frozen=True):
    """A value that no outside source gives."""

    value: Value

    @property
    def why(self) -> str:
        """``unknown``, ``inferred``, or ``articles`` where only articles on the formats say so."""
        if not self.value.known:
            return "unknown"
        return INFERRED if self.value.basis == INFERRED else "articles"


class Dated(Placed, frozen=True):
    """A value whose date has run out: ``expired`` (valid_to has passed), ``old`` (as_of) or ``unreadable``."""

    why: str
    date: str


class Unstepped(Placed, frozen=True):
    """A judged level whose note names no step of the scale (``none``), or another one than its value (``other``)."""

    why: str


class HomePage(Struct, frozen=True):
    """A source whose address is that of a whole site, and how many values and texts cite it."""

    source: Source
    cited: int


def values_of(catalog: Catalog) -> Iterator[tuple[Format, str, str, Value]]:
    """Every value of a format's own, with its attribute and region; inherited ones stand at their core format."""
    for format in catalog.formats.values():
        for attribute, regional in format.attributes.items():
            for region, value in by_region(regional):
                yield format, attribute, region, value


def by_region(regional: RegionalValue) -> list[tuple[str, Value]]:
    """The general value under an empty name, then that of each region."""
    return [("", regional.general), *regional.regions.items()]


def has_outside_source(catalog: Catalog, value: Value) -> bool:
    """Whether something other than articles on the formats gives a value."""
    kinds = {catalog.sources[citation.source].kind for citation in value.citations}
    return value.basis != INFERRED and not kinds <= {ARTICLE}


def unsourced(catalog: Catalog) -> Iterator[Unsourced]:
    """The values without an outside source."""
    for format, attribute, region, value in values_of(catalog):
        if not has_outside_source(catalog, value):
            yield Unsourced(format, attribute, region, value)


def unstepped(catalog: Catalog) -> Iterator[Unstepped]:
    """The judged levels whose note does not name the step that they stand on."""
    for format, attribute, region, value in values_of(catalog):
        judged = catalog.attributes[attribute].kind is AttributeKind.LEVEL and value.basis == INFERRED and value.known
        if judged and value.step != value.typical:
            yield Unstepped(format, attribute, region, "none" if value.step is None else "other")


def home_pages(catalog: Catalog) -> Iterator[HomePage]:
    """The sources whose address has no path and no query: nobody finds the text there."""
    cited = [citation.source for *_, value in values_of(catalog) for citation in value.citations]
    cited += [citation.source for caution in catalog.cautions for citation in caution.citations]
    cited += [citation.source for step in catalog.next_steps for citation in step.citations]
    for source in catalog.sources.values():
        parts = urlsplit(source.url or "")
        if parts.netloc and not parts.path.strip("/") and not parts.query:
            yield HomePage(source, cited.count(source.id))


def dated(catalog: Catalog, today: str) -> Iterator[Dated]:
    """The values past their validity, too old, or with a date that cannot be read, on a day (YYYY-MM-DD)."""
    for format, attribute, region, value in values_of(catalog):
        for date, why, limit in ((value.valid_to, "expired", today), (value.as_of, "old", _months_before(today))):
            if date and not is_date(date):
                yield Dated(format, attribute, region, "unreadable", date)
            elif date and end_of(date) < limit:
                yield Dated(format, attribute, region, why, date)


def _months_before(today: str) -> str:
    """The same day some months earlier, as a text to compare with."""
    months = int(today[:4]) * 12 + int(today[5:7]) - 1 - OLD_AFTER_MONTHS
    return f"{months // 12:04}-{months % 12 + 1:02}-{today[8:10]}"

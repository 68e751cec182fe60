"""What can be said of a format: attributes, their values with sources, and what differs by region."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from msgspec import Struct

from formatpicker.base.durations import duration_text


class AttributeKind(StrEnum):
    """What the values of an attribute are."""

    DURATION = "duration"
    NUMBER = "number"
    LEVEL = "level"
    FREQUENCY = "frequency"
    CATEGORY = "category"
    TEXT = "text"


# From never to always: a frequency is its position here.
FREQUENCIES = ("never", "rarely", "sometimes", "usually", "always")
NEVER, RARELY, ALWAYS = 0, 1, len(FREQUENCIES) - 1
MOST_LEVEL = 4
INFERRED = "inferred"
Level = int | str | None
# How the note of a level begins: with the step of the attribute's scale that its figures or words reach.
_STEP = rf"Step ([0-{MOST_LEVEL}]): "


class Record(Struct, frozen=True, array_like=True):
    """A part of a catalog. The cache keeps its values alone, without their names: a quarter less to read."""


class Identified(Record, frozen=True):
    """A part that its id stands for among its like."""

    id: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"

    def __hash__(self) -> int:
        return hash(self.id)


class Citation(Record, frozen=True):
    """A source and the place in it."""

    source: str
    place: str


class Value(Record, frozen=True):
    """What is known of one attribute of one format, generally or in one region.

    ``low <= typical <= high`` for ordered kinds (for durations and numbers these are min, typical and max); None is
    unknown. For categories ``low`` and ``high`` equal ``typical``. A ``local`` value, such as that of a placement for
    the pupils of a region, counts only for people who name the region.
    """

    low: Level
    typical: Level
    high: Level
    written: tuple[str, str, str]
    basis: str
    citations: tuple[Citation, ...]
    note: str = ""
    as_of: str = ""
    valid_from: str = ""
    valid_to: str = ""
    local: bool = False

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return self.typical is not None

    @property
    def decides(self) -> bool:
        """Whether it may rule a format out: a source, or the employer, says it. What is only judged never does."""
        return self.basis != INFERRED

    @property
    def step(self) -> int | None:
        """The step of the attribute's scale that the note names ("Step 3: ..."); None where it names none."""
        named = re.match(_STEP, self.note)
        return int(named[1]) if named else None


class RegionalValue(Record, frozen=True):
    """An attribute of a format: the general value, and those of regions that differ.

    ``reason`` says why a variant differs from its core format. ``core`` is what is said of that one in general, which
    only ``Catalog.regional`` knows.
    """

    general: Value
    regions: Mapping[str, Value]
    reason: str = ""
    core: Value | None = None

    @property
    def reference(self) -> Value:
        """What a judged value is held against before it rules out: the general one, or that of the core format."""
        return self.general if self.core is None or self.general.decides else self.core

    def alone(self, value: Value) -> "RegionalValue":
        """One of its values by itself, held against the same."""
        return RegionalValue(value, {}, core=self.reference)

    def within(self, region: str | None) -> Value:
        """The value that counts in a region: its own, or else the general one, never that of another region."""
        return self.regions.get(region, self.general) if region is not None else self.general

    def judged(self, region: str | None) -> tuple[Value, ...]:
        """The values to judge: that of the region, or, where none was answered, the general one and every region's."""
        if region is not None:
            return (self.within(region),)
        return (self.general, *[value for value in self.regions.values() if not value.local])


class Attribute(Record, frozen=True):
    """A thing that can be said of every format.

    ``scale`` holds what each step of a level is judged by, "0" to "4"; ``amount`` marks an amount of money, with the
    dates of a rate.
    """

    id: str
    label: str
    kind: AttributeKind
    unit: str
    phrases: Mapping[str, str]
    scale: Mapping[str, str]
    amount: bool = False


def value_phrase(attribute: Attribute, level: Level) -> str:
    """What completes "A micro-internship ..." for a level, a frequency or a category; empty for other kinds."""
    return attribute.phrases.get(word(attribute.kind, level), "")


def level_text(attribute: Attribute, level: Level) -> str:
    """One end of a value in words: a duration with its unit, a number bare, a level out of 4."""
    if level is None:
        return "unknown"
    if attribute.kind is AttributeKind.DURATION:
        return duration_text(cast(int, level))
    return word(attribute.kind, level)


def word(kind: AttributeKind, level: Level) -> str:
    """A level of a kind as one word: a frequency by its name."""
    return FREQUENCIES[cast(int, level)] if kind is AttributeKind.FREQUENCY and level is not None else str(level)

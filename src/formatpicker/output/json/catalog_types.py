"""The shape of what is printed of catalogs: formats, comparisons, check, difference. ``catalog_tools`` has the rest."""

from typing import Annotated, Literal, NotRequired

from formatpicker.catalog.json_types import (
    CatalogRecord,
    FormatId,
    FormatIds,
    Label,
    Name,
    Rank,
    Score,
    Sources,
    TypedDict,
    one_of,
    says,
)
from formatpicker.output.json.person_types import Eligibility, Entry


class FormatLine(TypedDict):
    """A format in a list."""

    format: FormatId
    name: Name
    kind: Annotated[str, says("core, or what kind of variant or other word it is.")]
    variant_of: Annotated[list[str], says("Ids of one or two core formats, the nearest first.")]
    covered_by: Annotated[str | None, says("Id of the scored format that stands for it.")]
    scored: Annotated[bool, says("Whether it can be recommended.")]
    summary: Annotated[str, says("What it is, in one line.")]


class Value(TypedDict):
    """What is known of one attribute of a format, generally or in one region."""

    low: Annotated[str | None, says("The least; null if unknown.")]
    typical: Annotated[str | None, says("The usual; null if unknown.")]
    high: Annotated[str | None, says("The most; null if unknown.")]
    text: Annotated[str | None, says("The usual in words that go on from the name of the format.")]
    note: Annotated[str | None, says("What else to know of it.")]
    as_of: Annotated[str | None, says("When it was last known to be so.")]
    valid_from: Annotated[str | None, says("When it began to hold.")]
    valid_to: Annotated[str | None, says("When it ends.")]
    sources: Sources


class RegionValue(Value):
    """A value that holds in one region."""

    basis: Annotated[str, one_of("Whether sources say it, or it was inferred.", "sourced", "inferred")]


class AttributeValue(Value):
    """One attribute of a format whole."""

    label: Label
    basis: Annotated[
        str,
        one_of(
            "Whether sources say it, it was inferred, or it is that of the core format.",
            "sourced",
            "inferred",
            "inherited",
        ),
    ]
    reason: Annotated[str | None, says("Why a variant differs from its core format.")]
    regions: Annotated[dict[str, RegionValue], says("Values of regions that differ, by id of the region.")]


class FormatWhole(FormatLine):
    """What ``formats ID --json`` prints."""

    schema: Annotated[Literal["formatpicker/format/1"], says("Name and version of this shape.")]
    aliases: Annotated[list[str], says("Other words for it.")]
    good_for: Annotated[list[str], says("Whom it is good for.")]
    speaks_against: Annotated[list[str], says("What speaks against it.")]
    also_means: Annotated[list[str], says("What the word can mean as well.")]
    term_unstable: Annotated[bool, says("Whether the word is used for different things.")]
    attributes: Annotated[dict[str, AttributeValue], says("All that is known of it, by attribute.")]


class Deciding(TypedDict):
    """A criterion that two formats differ in."""

    criterion: Annotated[str, says("Id of the criterion.")]
    points: Annotated[float, says("Points that the first is ahead by; below 0 if it is behind.")]


class Contest(TypedDict):
    """What decides between two formats for a person."""

    formats: FormatIds
    deciding: Annotated[list[Deciding], says("The criteria that they differ in, the largest first.")]
    dominating: Annotated[str | None, says("Id of the one that is at least as good in everything.")]


class Comparison(TypedDict):
    """What ``compare --json`` prints."""

    schema: Annotated[Literal["formatpicker/comparison/2"], says("Name and version of this shape.")]
    formats: Annotated[list[FormatLine], says("The formats that are compared.")]
    attributes: Annotated[dict[str, dict[str, AttributeValue]], says("All that is known, by attribute and format.")]
    fit: NotRequired[Annotated[list[Entry], says("How they fit one person, if there is one.")]]
    contests: NotRequired[Annotated[list[Contest], says("What decides between each two, for that person.")]]


class Check(TypedDict):
    """What ``catalog check --json`` prints."""

    schema: Annotated[Literal["formatpicker/check/1"], says("Name and version of this shape.")]
    file: Annotated[str, says("The file that was checked.")]
    valid: Annotated[bool, says("Whether it can be used.")]
    faults: Annotated[list[str], says("What is wrong with it, each with its line.")]


class Edit(TypedDict):
    """One thing that differs between two catalogs."""

    place: Annotated[str, says("Where it stands: keys joined by dots.")]
    label: Label
    kind: Annotated[str, one_of("What became of it.", "added", "removed", "changed", "moved")]
    old: Annotated[str | None, says("What the first says; null if nothing.")]
    new: Annotated[str | None, says("What the second says; null if nothing.")]


class Standing(TypedDict):
    """How a format stands to a person under one catalog."""

    score: Score
    rank: Rank
    eligibility: Eligibility


class Outcome(TypedDict):
    """What one catalog says to a person."""

    top: FormatIds
    formats: Annotated[dict[str, Standing], says("How each format stands, by id.")]


class Cause(TypedDict):
    """What a single edit does to a person's result."""

    place: Annotated[str, says("Where the edit is.")]
    restores_top: Annotated[bool, says("Whether the old top comes back without it.")]
    top_without: Annotated[list[str], says("Ids of what comes first without it.")]
    differences: Annotated[dict[str, float], says("Points that it adds, by id of the format.")]


class Effect(TypedDict):
    """What the second catalog changes for a person."""

    moved: Annotated[bool, says("Whether any rank, score or verdict changes.")]
    top_moved: Annotated[bool, says("Whether something else comes first.")]
    old: Annotated[Outcome, says("What the first catalog says.")]
    new: Annotated[Outcome, says("What the second says.")]
    causes: Annotated[list[Cause], says("What each edit does.")]


class Diff(TypedDict):
    """What ``catalog diff --json`` prints."""

    schema: Annotated[Literal["formatpicker/diff/2"], says("Name and version of this shape.")]
    old: Annotated[CatalogRecord, says("The first catalog.")]
    new: Annotated[CatalogRecord, says("The second.")]
    changes: Annotated[list[Edit], says("What differs.")]
    effect: NotRequired[Annotated[Effect, says("What it changes for one person, if there is one.")]]

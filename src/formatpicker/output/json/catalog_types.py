"""The shape of what is printed of catalogs: formats, comparisons, check, audit, difference, laws."""

from typing import Annotated, Literal, NotRequired

from msgspec import Meta

from formatpicker.output.json.person_types import (
    Answers,
    CatalogRecord,
    Count,
    Eligibility,
    Entry,
    FormatId,
    FormatIds,
    Label,
    Name,
    Portion,
    Rank,
    Score,
    Sources,
    Text,
    TypedDict,
    one_of,
)


class FormatLine(TypedDict):
    """A format in a list."""

    format: FormatId
    name: Name
    kind: Annotated[str, Meta(description="core, or what kind of variant or other word it is.")]
    variant_of: Annotated[list[str], Meta(description="Ids of one or two core formats, the nearest first.")]
    covered_by: Annotated[str | None, Meta(description="Id of the scored format that stands for it.")]
    scored: Annotated[bool, Meta(description="Whether it can be recommended.")]
    summary: Annotated[str, Meta(description="What it is, in one line.")]


class Value(TypedDict):
    """What is known of one attribute of a format, generally or in one region."""

    low: Annotated[str | None, Meta(description="The least; null if unknown.")]
    typical: Annotated[str | None, Meta(description="The usual; null if unknown.")]
    high: Annotated[str | None, Meta(description="The most; null if unknown.")]
    text: Annotated[str | None, Meta(description="The usual in words that go on from the name of the format.")]
    note: Annotated[str | None, Meta(description="What else to know of it.")]
    as_of: Annotated[str | None, Meta(description="When it was last known to be so.")]
    valid_from: Annotated[str | None, Meta(description="When it began to hold.")]
    valid_to: Annotated[str | None, Meta(description="When it ends.")]
    sources: Sources


class RegionValue(Value):
    """A value that holds in one region."""

    basis: Annotated[
        str,
        one_of("Whether sources say it, or it was inferred.", "sourced", "inferred"),
    ]


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
    reason: Annotated[str | None, Meta(description="Why a variant differs from its core format.")]
    regions: Annotated[dict[str, RegionValue], Meta(description="Values of regions that differ, by id of the region.")]


class FormatWhole(FormatLine):
    """What ``formats ID --json`` prints."""

    schema: Annotated[Literal["formatpicker/format/1"], Meta(description="Name and version of this shape.")]
    aliases: Annotated[list[str], Meta(description="Other words for it.")]
    good_for: Annotated[list[str], Meta(description="Whom it is good for.")]
    speaks_against: Annotated[list[str], Meta(description="What speaks against it.")]
    also_means: Annotated[list[str], Meta(description="What the word can mean as well.")]
    term_unstable: Annotated[bool, Meta(description="Whether the word is used for different things.")]
    attributes: Annotated[dict[str, AttributeValue], Meta(description="All that is known of it, by attribute.")]


class Deciding(TypedDict):
    """A criterion that two formats differ in."""

    criterion: Annotated[str, Meta(description="Id of the criterion.")]
    points: Annotated[float, Meta(description="Points that the first is ahead by; below 0 if it is behind.")]


class Contest(TypedDict):
    """What decides between two formats for a person."""

    formats: FormatIds
    deciding: Annotated[list[Deciding], Meta(description="The criteria that they differ in, the largest first.")]
    dominating: Annotated[str | None, Meta(description="Id of the one that is at least as good in everything.")]


class Comparison(TypedDict):
    """What ``compare --json`` prints."""

    schema: Annotated[Literal["formatpicker/comparison/2"], Meta(description="Name and version of this shape.")]
    formats: Annotated[list[FormatLine], Meta(description="The formats that are compared.")]
    attributes: Annotated[
        dict[str, dict[str, AttributeValue]], Meta(description="All that is known, by attribute and format.")
    ]
    fit: NotRequired[Annotated[list[Entry], Meta(description="How they fit one person, if there is one.")]]
    contests: NotRequired[Annotated[list[Contest], Meta(description="What decides between each two, for that person.")]]


class Check(TypedDict):
    """What ``catalog check --json`` prints."""

    schema: Annotated[Literal["formatpicker/check/1"], Meta(description="Name and version of this shape.")]
    file: Annotated[str, Meta(description="The file that was checked.")]
    valid: Annotated[bool, Meta(description="Whether it can be used.")]
    faults: Annotated[list[str], Meta(description="What is wrong with it, each with its line.")]


class FormatAudit(TypedDict):
    """Whether a format can come first at all."""

    format: FormatId
    core: Annotated[bool, Meta(description="Whether it is one of the core formats.")]
    witness: Annotated[Answers | None, Meta(description="Answers that put it first; null if none were found.")]
    dominated_by: Annotated[str | None, Meta(description="Id of a format that is at least as good in everything.")]
    better_on: Annotated[list[str], Meta(description="Ids of the criteria that the other is better on.")]
    duplicate: Annotated[bool, Meta(description="Whether the two are the same in everything.")]


class QuestionAudit(TypedDict):
    """How often a question decides."""

    question: Annotated[str, Meta(description="Id of the question.")]
    answered: Annotated[Count, Meta(description="Random people who answered it.")]
    decides: Annotated[Count, Meta(description="Those for whom the top would be another without it.")]
    share: Annotated[Portion, Meta(description="The same as a share of all.")]


class Place(TypedDict):
    """Where a value stands."""

    format: FormatId
    attribute: Annotated[str, Meta(description="Id of the attribute.")]
    region: Annotated[str | None, Meta(description="Id of the region; null for the general value.")]


class Unsourced(Place):
    """A value without an outside source."""

    why: Annotated[str, one_of("What it rests on instead.", "unknown", "inferred", "articles")]


class Dated(Place):
    """A value that is out of date."""

    why: Annotated[str, one_of("What is wrong with the date.", "expired", "old", "unreadable")]
    date: Annotated[str, Meta(description="The date as the catalog has it.")]


class HomePage(TypedDict):
    """A source whose address is that of a whole site."""

    source: Annotated[str, Meta(description="Id of the source.")]
    url: Annotated[str | None, Meta(description="Its address.")]
    cited: Annotated[Count, Meta(description="How often it is cited.")]


class Unstepped(Place):
    """A level whose step of the scale is not named."""

    why: Annotated[str, one_of("none: no step is named; other: that of another level is.", "none", "other")]


class Research(Place):
    """A value that is worth research, by whose first place hangs on it."""

    core: Annotated[bool, Meta(description="Whether it is of a core format.")]
    basis: Annotated[str, one_of("Whether sources say it, or it was inferred.", "sourced", "inferred")]
    outside_source: Annotated[bool, Meta(description="Whether an outside source says it.")]
    concerned: Annotated[Count, Meta(description="Random people whose result the value counts in.")]
    down: Annotated[Count | None, Meta(description="Those with another first place if it were lower; null if none is.")]
    up: Annotated[Count | None, Meta(description="Those with another first place if it were higher; null if none is.")]
    changed: Annotated[Count, Meta(description="Those with another first place by either.")]
    share: Annotated[Portion, Meta(description="The same as a share of all.")]


class Audit(TypedDict):
    """What ``catalog audit --json`` prints."""

    schema: Annotated[Literal["formatpicker/audit/1"], Meta(description="Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, Meta(description="The catalog that was audited.")]
    today: Annotated[str | None, Meta(description="The day that dates were held against.")]
    people: Annotated[Count, Meta(description="Random people that were tried.")]
    formats: Annotated[list[FormatAudit], Meta(description="Whether each format can come first.")]
    questions: Annotated[list[QuestionAudit], Meta(description="How often each question decides.")]
    values: Annotated[Count, Meta(description="Values in all.")]
    unsourced_counts: Annotated[dict[str, Count], Meta(description="Values without an outside source, by reason.")]
    unsourced: Annotated[list[Unsourced], Meta(description="Each of them.")]
    dated: Annotated[list[Dated], Meta(description="Values that are out of date.")]
    home_pages: Annotated[list[HomePage], Meta(description="Sources whose address is that of a whole site.")]
    unstepped: Annotated[list[Unstepped], Meta(description="Levels whose step is not named.")]
    research: Annotated[list[Research], Meta(description="Values worth research, the most decisive first.")]


class Edit(TypedDict):
    """One thing that differs between two catalogs."""

    place: Annotated[str, Meta(description="Where it stands: keys joined by dots.")]
    label: Label
    kind: Annotated[str, one_of("What became of it.", "added", "removed", "changed", "moved")]
    old: Annotated[str | None, Meta(description="What the first says; null if nothing.")]
    new: Annotated[str | None, Meta(description="What the second says; null if nothing.")]


class Standing(TypedDict):
    """How a format stands to a person under one catalog."""

    score: Score
    rank: Rank
    eligibility: Eligibility


class Outcome(TypedDict):
    """What one catalog says to a person."""

    top: FormatIds
    formats: Annotated[dict[str, Standing], Meta(description="How each format stands, by id.")]


class Cause(TypedDict):
    """What a single edit does to a person's result."""

    place: Annotated[str, Meta(description="Where the edit is.")]
    restores_top: Annotated[bool, Meta(description="Whether the old top comes back without it.")]
    top_without: Annotated[list[str], Meta(description="Ids of what comes first without it.")]
    differences: Annotated[dict[str, float], Meta(description="Points that it adds, by id of the format.")]


class Effect(TypedDict):
    """What the second catalog changes for a person."""

    moved: Annotated[bool, Meta(description="Whether any rank, score or verdict changes.")]
    top_moved: Annotated[bool, Meta(description="Whether something else comes first.")]
    old: Annotated[Outcome, Meta(description="What the first catalog says.")]
    new: Annotated[Outcome, Meta(description="What the second says.")]
    causes: Annotated[list[Cause], Meta(description="What each edit does.")]


class Diff(TypedDict):
    """What ``catalog diff --json`` prints."""

    schema: Annotated[Literal["formatpicker/diff/2"], Meta(description="Name and version of this shape.")]
    old: Annotated[CatalogRecord, Meta(description="The first catalog.")]
    new: Annotated[CatalogRecord, Meta(description="The second.")]
    changes: Annotated[list[Edit], Meta(description="What differs.")]
    effect: NotRequired[Annotated[Effect, Meta(description="What it changes for one person, if there is one.")]]


class Law(TypedDict):
    """A law of the method, and whether it holds."""

    law: Annotated[str, Meta(description="Id of the law.")]
    statement: Text
    people: Annotated[Count, Meta(description="Random people that it was tried on.")]
    holds: Annotated[bool, Meta(description="Whether no counterexample was found.")]
    counterexample: Annotated[Answers | None, Meta(description="The simplest answers found that break it.")]
    violation: Annotated[str | None, Meta(description="What goes wrong with them.")]


class Laws(TypedDict):
    """What ``verify --json`` prints."""

    schema: Annotated[Literal["formatpicker/laws/1"], Meta(description="Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, Meta(description="The catalog that was tried.")]
    holds: Annotated[bool, Meta(description="Whether all laws hold.")]
    laws: Annotated[list[Law], Meta(description="Each law.")]

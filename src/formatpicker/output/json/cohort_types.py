"""The shape of what a batch writes: records, rejects, whole recommendations and the summary."""

from typing import Annotated, Any, Literal, NotRequired

from msgspec import Meta

from formatpicker.output.json.person_types import (
    CatalogRecord,
    Count,
    FormatId,
    FormatIds,
    Label,
    Name,
    Points,
    Portion,
    Positive,
    QuestionId,
    Recommendation,
    TypedDict,
)

People = Annotated[Count, Meta(description="Number of people, rounded to `rounded_to`.")]
Id = Annotated[str | float | None, Meta(description="The id of the row, if the table has ids.")]
Row = Annotated[Positive, Meta(description="Number of the row, without the header, from 1.")]
Pairs = Annotated[list[str], Meta(description="`format:question` for each core format that is concerned.")]


class Record(TypedDict):
    """A line of what ``batch`` writes as JSON Lines. With ``--fields`` only the columns that were asked for."""

    id: Id
    row: Row
    top: Annotated[list[str], Meta(description="Ids of what comes first; several if they are level, or none.")]
    score: Annotated[Points | None, Meta(description="Points of 100 of what comes first, to one decimal.")]
    runner_up: Annotated[str | None, Meta(description="Id of the next format.")]
    runner_up_score: Annotated[Points | None, Meta(description="Points of 100 of the next format.")]
    margin: Annotated[Points | None, Meta(description="Points that the first is ahead by.")]
    eligibility: Annotated[
        Literal["fits", "conditional", "unlikely", "blocked"] | None,
        Meta(description="The verdict on what comes first; blocked if all are; null if nothing tells them apart."),
    ]
    conditions: Pairs
    long_shots: Pairs
    blocked: Pairs
    best_variant: Annotated[str | None, Meta(description="Id of the best variant.")]
    best_variant_score: Annotated[Points | None, Meta(description="Points of 100 of the best variant.")]
    reasons: Annotated[list[str], Meta(description="Ids of the criteria that speak most for what comes first.")]
    coverage: Annotated[Portion, Meta(description="Share of what can count that was answered.")]
    call: NotRequired[
        Annotated[
            Literal["clear", "leaning", "too_close", "only_one", "long_shot", "none"],
            Meta(description="How far the first place can be trusted. This and all below only if asked for."),
        ]
    ]
    contenders: NotRequired[Annotated[list[str], Meta(description="Ids of what may come first, the best first.")]]
    left_open: NotRequired[
        Annotated[list[str], Meta(description="The questions whose answers could not be read and were left open.")]
    ]
    one_answer_away: NotRequired[
        Annotated[list[str], Meta(description="`format:question` where another answer alone opens what is ruled out.")]
    ]
    why: NotRequired[Annotated[str | None, Meta(description="What speaks for the first, or rules all out, in words.")]]
    check: NotRequired[Annotated[str | None, Meta(description="What to check before saying yes, in words.")]]
    next_step: NotRequired[Annotated[str | None, Meta(description="The first thing to do, in words.")]]


class Reject(TypedDict):
    """A line of what ``batch --rejects`` writes: a cell that cannot be read, or a whole row."""

    row: Row
    line: Annotated[Positive | None, Meta(description="Line of the file, if it has lines.")]
    id: Id
    column: Annotated[str | None, Meta(description="The column at fault; null if the whole row is.")]
    value: Annotated[str | None, Meta(description="What stands there.")]
    error: Annotated[str, Meta(description="What is wrong, and what would do.")]


class Batch(TypedDict):
    """What ``batch --json`` prints."""

    schema: Annotated[Literal["formatpicker/batch/2"], Meta(description="Name and version of this shape.")]
    records: Annotated[list[Record], Meta(description="A record for each row that was accepted.")]


class Full(TypedDict):
    """A line of what ``batch --full`` writes: the whole recommendation for a row."""

    id: Id
    row: Row
    kept: NotRequired[Annotated[dict[str, Any], Meta(description="The columns of `--keep`, by their headers.")]]
    recommendation: Annotated[Recommendation, Meta(description="As `recommend --json` prints it.")]


class CountedQuestion(TypedDict):
    """People counted by a question."""

    question: QuestionId
    label: Label
    people: People


class CountedBlocker(CountedQuestion):
    """People for whom an answer rules a format out."""

    alone: Annotated[Count, Meta(description="Those for whom nothing else does.")]


class CountedChange(TypedDict):
    """People to whom another answer to one question would open a format."""

    questions: Annotated[list[str], Meta(description="Ids of the questions; any one of them does.")]
    labels: Annotated[list[str], Meta(description="Their labels.")]
    people: People


class OneAnswerAway(TypedDict):
    """People for whom a format is ruled out, and whom one other answer would open it to."""

    people: People
    changes: Annotated[list[CountedChange], Meta(description="The same by question.")]


class NamedFormat(TypedDict):
    """A format, by what it is called and what it is."""

    format: FormatId
    name: Name
    definition: Annotated[str, Meta(description="What the format is, in one line.")]


class CountedFormat(NamedFormat):
    """How one core format stands to a cohort."""

    alone: Annotated[Count, Meta(description="People for whom it alone comes first.")]
    tied: Annotated[Count, Meta(description="People for whom it comes first, level with others.")]
    open: Annotated[Count, Meta(description="People for whom it is not ruled out.")]
    fits: Annotated[Count, Meta(description="People whom the typical instance fits.")]
    conditional: Annotated[Count, Meta(description="People whom only some fit.")]
    unlikely: Annotated[Count, Meta(description="People whom only a rare one fits.")]
    blocked: Annotated[Count, Meta(description="People for whom it is ruled out.")]
    blocked_by: Annotated[list[CountedBlocker], Meta(description="What rules it out.")]
    conditions: Annotated[list[CountedQuestion], Meta(description="What those it is open to have to check.")]
    one_answer_away: Annotated[OneAnswerAway, Meta(description="Whom one other answer would open it to.")]


class CountedTie(TypedDict):
    """People for whom several formats are level."""

    formats: FormatIds
    people: People


class CountedEligibility(TypedDict):
    """People by the verdict on what comes first."""

    fits: Annotated[Count, Meta(description="It fits.")]
    conditional: Annotated[Count, Meta(description="Only some do.")]
    unlikely: Annotated[Count, Meta(description="Only a rare one does.")]


class CountedTop(TypedDict):
    """What comes first."""

    infeasible: Annotated[Count, Meta(description="People for whom every format is ruled out.")]
    undecided: Annotated[Count, Meta(description="People for whom no answer tells the formats apart.")]
    tied: Annotated[Count, Meta(description="People for whom several formats are level.")]
    ties: Annotated[list[CountedTie], Meta(description="Which ones.")]
    eligibility: Annotated[CountedEligibility, Meta(description="The verdict on what comes first.")]


class CountedVariant(NamedFormat):
    """People for whom a variant is the best one."""

    people: People


class Fragile(TypedDict):
    """Results that could easily be others."""

    people: People
    close: Annotated[Count, Meta(description="Those whose first place is a close call.")]
    tied: Annotated[Count, Meta(description="Those with several formats level.")]
    below: Annotated[Portion, Meta(description="Share of draws in which a close call stays first at most.")]
    draws: Annotated[Count, Meta(description="Draws for each person.")]
    sampled: Annotated[Count, Meta(description="People that draws were made for.")]
    measured: Annotated[str, Meta(description="How it was measured.")]


class CohortCoverage(TypedDict):
    """How much was answered."""

    below: Annotated[Portion, Meta(description="Share of what can count below which few is answered.")]
    people: People
    left_open: Annotated[list[CountedQuestion], Meta(description="How many left each question open.")]


class CountedAnswer(TypedDict):
    """People who gave one answer, or an answer in one band of numbers."""

    answer: Annotated[str, Meta(description="The answer in words.")]
    people: People
    id: NotRequired[Annotated[str, Meta(description="Its id, if it is one to choose.")]]
    first: NotRequired[Annotated[Count, Meta(description="People who named the goal as the most important one.")]]


class CountedAnswers(CountedQuestion):
    """How a question was answered."""

    counts: Annotated[list[CountedAnswer], Meta(description="Its answers; of goals a person may name several.")]


class CatalogEdit(TypedDict):
    """One thing that differs between the two catalogs, and can move a result."""

    place: Annotated[str, Meta(description="Where it stands: keys joined by dots.")]
    label: Label
    kind: Annotated[str, Meta(description="added, removed, changed or moved.")]
    old: Annotated[str, Meta(description="What the catalog in force says; empty if nothing.")]
    new: Annotated[str, Meta(description="What the other says; empty if nothing.")]


class OpenedFormat(TypedDict):
    """For how many people a format is open under each of two catalogs."""

    format: FormatId
    name: Name
    before: Annotated[Count, Meta(description="People it is open to now.")]
    after: Annotated[Count, Meta(description="People it would be open to.")]
    opened: Annotated[Count, Meta(description="People it would open to.")]
    closed: Annotated[Count, Meta(description="People it would close to.")]


# "from" is no name that a class can give to a field.
Move = TypedDict(
    "Move",
    {
        "from": Annotated[list[str], Meta(description="Ids of what comes first now.")],
        "to": Annotated[list[str], Meta(description="Ids of what would come first.")],
        "people": People,
    },
)
Move.__doc__ = "People for whom something else would come first."


class CohortWhatIf(TypedDict):
    """The same people under another catalog."""

    catalog: Annotated[CatalogRecord, Meta(description="The other catalog.")]
    changes: Annotated[list[CatalogEdit], Meta(description="What differs.")]
    formats: Annotated[list[OpenedFormat], Meta(description="For how many each format is open.")]
    changed: Annotated[Count, Meta(description="People for whom something else would come first.")]
    moves: Annotated[list[Move], Meta(description="What for what.")]
    sentences: Annotated[list[str], Meta(description="The same in sentences for people.")]


class CountedGroup(TypedDict):
    """The people of one group, where the summary is split by a column."""

    group: Annotated[str, Meta(description="What stands in the column.")]
    accepted: Annotated[Count, Meta(description="Rows of the group that were accepted, a person each.")]
    top: Annotated[CountedTop, Meta(description="What comes first.")]
    formats: Annotated[list[CountedFormat], Meta(description="How each core format stands.")]


class Summary(TypedDict):
    """What ``batch --summary`` writes: counts of a cohort."""

    schema: Annotated[Literal["formatpicker/summary/2"], Meta(description="Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, Meta(description="The catalog that was used.")]
    program: Annotated[str, Meta(description="The version of formatpicker.")]
    source: NotRequired[Annotated[str, Meta(description="The name of the table.")]]
    counted: NotRequired[Annotated[str, Meta(description="The day of the run, YYYY-MM-DD.")]]
    rows: Annotated[Count, Meta(description="Rows that were read.")]
    accepted: Annotated[Count, Meta(description="Rows that were accepted, a person each.")]
    rejected: Annotated[Count, Meta(description="Rows that could not be read.")]
    rounded_to: Annotated[Positive, Meta(description="Every number of people is rounded to a multiple of this.")]
    least_shared: Annotated[float, Meta(description="Shares may be shown of this many people or more.", ge=0)]
    top: Annotated[CountedTop, Meta(description="What comes first.")]
    formats: Annotated[list[CountedFormat], Meta(description="How each core format stands.")]
    best_variants: Annotated[list[CountedVariant], Meta(description="How often each variant is the best one.")]
    no_variant: Annotated[Count, Meta(description="People without a best variant.")]
    fragile: Annotated[Fragile, Meta(description="Results that could easily be others.")]
    coverage: Annotated[CohortCoverage, Meta(description="How much was answered.")]
    answers: Annotated[list[CountedAnswers], Meta(description="What was answered, question by question.")]
    what_if: Annotated[list[CohortWhatIf], Meta(description="The same people under other catalogs.")]
    by: NotRequired[Annotated[str, Meta(description="The column that the summary is split by, if it is.")]]
    groups: NotRequired[Annotated[list[CountedGroup], Meta(description="The same counts for each group.")]]


class Fault(TypedDict):
    """One thing that is wrong with what was given."""

    file: Annotated[str | None, Meta(description="The file, if it stands in one.")]
    line: Annotated[Positive | None, Meta(description="The line, if it is known.")]
    key: Annotated[str | None, Meta(description="The option, the question or the place in the file.")]
    value: Annotated[str | None, Meta(description="What was given.")]
    message: Annotated[str, Meta(description="What is wrong, for people.")]
    hint: Annotated[str | None, Meta(description="What to do instead, if there is something to say.")]


class Error(TypedDict):
    """What stands on standard error, with ``--json``, where something that was given cannot be used."""

    schema: Annotated[Literal["formatpicker/error/1"], Meta(description="Name and version of this shape.")]
    errors: Annotated[list[Fault], Meta(description="Everything that was found to be wrong.", min_length=1)]

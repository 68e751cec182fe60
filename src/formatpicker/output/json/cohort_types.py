"""The shape of what a batch writes: records, rejects, whole recommendations and the summary."""

from typing import Annotated, Any, Literal, NotRequired

from formatpicker.catalog.json_types import (
    CatalogRecord,
    Count,
    FormatId,
    FormatIds,
    Label,
    Name,
    NamedFormat,
    Points,
    Portion,
    Positive,
    QuestionId,
    TypedDict,
    says,
)
from formatpicker.output.json.person_types import Recommendation

People = Annotated[Count, says("Number of people, rounded to `rounded_to`.")]
Id = Annotated[str | float | None, says("The id of the row, if the table has ids.")]
Row = Annotated[Positive, says("Number of the row, without the header, from 1.")]
Pairs = Annotated[list[str], says("`format:question` for each core format that is concerned.")]


class Record(TypedDict):
    """A line of what ``batch`` writes as JSON Lines. With ``--fields`` only the columns that were asked for."""

    id: Id
    row: Row
    top: Annotated[list[str], says("Ids of what comes first; several if they are level, or none.")]
    score: Annotated[Points | None, says("Points of 100 of what comes first, to one decimal.")]
    runner_up: Annotated[str | None, says("Id of the next format.")]
    runner_up_score: Annotated[Points | None, says("Points of 100 of the next format.")]
    margin: Annotated[Points | None, says("Points that the first is ahead by.")]
    eligibility: Annotated[
        Literal["fits", "conditional", "unlikely", "blocked"] | None,
        says("The verdict on what comes first; blocked if all are; null if nothing tells them apart."),
    ]
    conditions: Pairs
    long_shots: Pairs
    blocked: Pairs
    best_variant: Annotated[str | None, says("Id of the best variant.")]
    best_variant_score: Annotated[Points | None, says("Points of 100 of the best variant.")]
    reasons: Annotated[list[str], says("Ids of the criteria that speak most for what comes first.")]
    coverage: Annotated[Portion, says("Share of what can count that was answered.")]
    call: NotRequired[
        Annotated[
            Literal["clear", "leaning", "too_close", "only_one", "long_shot", "none"],
            says("How far the first place can be trusted. This and all below only if asked for."),
        ]
    ]
    contenders: NotRequired[Annotated[list[str], says("Ids of what may come first, the best first.")]]
    left_open: NotRequired[
        Annotated[list[str], says("The questions whose answers could not be read and were left open.")]
    ]
    one_answer_away: NotRequired[
        Annotated[list[str], says("`format:question` where another answer alone opens what is ruled out.")]
    ]
    why: NotRequired[Annotated[str | None, says("What speaks for the first, or rules all out, in words.")]]
    check: NotRequired[Annotated[str | None, says("What to check before saying yes, in words.")]]
    next_step: NotRequired[Annotated[str | None, says("The first thing to do, in words.")]]


class Reject(TypedDict):
    """A line of what ``batch --rejects`` writes: a cell that cannot be read, or a whole row."""

    row: Row
    line: Annotated[Positive | None, says("Line of the file, if it has lines.")]
    id: Id
    column: Annotated[str | None, says("The column at fault; null if the whole row is.")]
    value: Annotated[str | None, says("What stands there.")]
    error: Annotated[str, says("What is wrong, and what would do.")]


class Batch(TypedDict):
    """What ``batch --json`` prints."""

    schema: Annotated[Literal["formatpicker/batch/2"], says("Name and version of this shape.")]
    records: Annotated[list[Record], says("A record for each row that was accepted.")]


class Full(TypedDict):
    """A line of what ``batch --full`` writes: the whole recommendation for a row."""

    id: Id
    row: Row
    kept: NotRequired[Annotated[dict[str, Any], says("The columns of `--keep`, by their headers.")]]
    recommendation: Annotated[Recommendation, says("As `recommend --json` prints it.")]


class CountedQuestion(TypedDict):
    """People counted by a question."""

    question: QuestionId
    label: Label
    people: People


class CountedBlocker(CountedQuestion):
    """People for whom an answer rules a format out."""

    alone: Annotated[Count, says("Those for whom nothing else does.")]


class CountedChange(TypedDict):
    """People to whom another answer to one question would open a format."""

    questions: Annotated[list[str], says("Ids of the questions; any one of them does.")]
    labels: Annotated[list[str], says("Their labels.")]
    people: People


class OneAnswerAway(TypedDict):
    """People for whom a format is ruled out, and whom one other answer would open it to."""

    people: People
    changes: Annotated[list[CountedChange], says("The same by question.")]


class CountedFormat(NamedFormat):
    """How one core format stands to a cohort."""

    alone: Annotated[Count, says("People for whom it alone comes first.")]
    tied: Annotated[Count, says("People for whom it comes first, level with others.")]
    open: Annotated[Count, says("People for whom it is not ruled out.")]
    fits: Annotated[Count, says("People whom the typical instance fits.")]
    conditional: Annotated[Count, says("People whom only some fit.")]
    unlikely: Annotated[Count, says("People whom only a rare one fits.")]
    blocked: Annotated[Count, says("People for whom it is ruled out.")]
    blocked_by: Annotated[list[CountedBlocker], says("What rules it out.")]
    conditions: Annotated[list[CountedQuestion], says("What those it is open to have to check.")]
    one_answer_away: Annotated[OneAnswerAway, says("Whom one other answer would open it to.")]


class CountedTie(TypedDict):
    """People for whom several formats are level."""

    formats: FormatIds
    people: People


class CountedEligibility(TypedDict):
    """People by the verdict on what comes first."""

    fits: Annotated[Count, says("It fits.")]
    conditional: Annotated[Count, says("Only some do.")]
    unlikely: Annotated[Count, says("Only a rare one does.")]


class CountedTop(TypedDict):
    """What comes first."""

    infeasible: Annotated[Count, says("People for whom every format is ruled out.")]
    undecided: Annotated[Count, says("People for whom no answer tells the formats apart.")]
    tied: Annotated[Count, says("People for whom several formats are level.")]
    ties: Annotated[list[CountedTie], says("Which ones.")]
    eligibility: Annotated[CountedEligibility, says("The verdict on what comes first.")]


class CountedVariant(NamedFormat):
    """People for whom a variant is the best one."""

    people: People


class Fragile(TypedDict):
    """Results that could easily be others."""

    people: People
    close: Annotated[Count, says("Those whose first place is a close call.")]
    tied: Annotated[Count, says("Those with several formats level.")]
    below: Annotated[Portion, says("Share of draws in which a close call stays first at most.")]
    draws: Annotated[Count, says("Draws for each person.")]
    sampled: Annotated[Count, says("People that draws were made for.")]
    measured: Annotated[str, says("How it was measured.")]


class CohortCoverage(TypedDict):
    """How much was answered."""

    below: Annotated[Portion, says("Share of what can count below which few is answered.")]
    people: People
    left_open: Annotated[list[CountedQuestion], says("How many left each question open.")]


class CountedAnswer(TypedDict):
    """People who gave one answer, or an answer in one band of numbers."""

    answer: Annotated[str, says("The answer in words.")]
    people: People
    id: NotRequired[Annotated[str, says("Its id, if it is one to choose.")]]
    first: NotRequired[Annotated[Count, says("People who named the goal as the most important one.")]]


class CountedAnswers(CountedQuestion):
    """How a question was answered."""

    counts: Annotated[list[CountedAnswer], says("Its answers; of goals a person may name several.")]


class CatalogEdit(TypedDict):
    """One thing that differs between the two catalogs, and can move a result."""

    place: Annotated[str, says("Where it stands: keys joined by dots.")]
    label: Label
    kind: Annotated[str, says("added, removed, changed or moved.")]
    old: Annotated[str, says("What the catalog in force says; empty if nothing.")]
    new: Annotated[str, says("What the other says; empty if nothing.")]


class OpenedFormat(TypedDict):
    """For how many people a format is open under each of two catalogs."""

    format: FormatId
    name: Name
    before: Annotated[Count, says("People it is open to now.")]
    after: Annotated[Count, says("People it would be open to.")]
    opened: Annotated[Count, says("People it would open to.")]
    closed: Annotated[Count, says("People it would close to.")]


# "from" is no name that a class can give to a field.
Move = TypedDict(
    "Move",
    {
        "from": Annotated[list[str], says("Ids of what comes first now.")],
        "to": Annotated[list[str], says("Ids of what would come first.")],
        "people": People,
    },
)
Move.__doc__ = "People for whom something else would come first."


class CohortWhatIf(TypedDict):
    """The same people under another catalog."""

    catalog: Annotated[CatalogRecord, says("The other catalog.")]
    changes: Annotated[list[CatalogEdit], says("What differs.")]
    formats: Annotated[list[OpenedFormat], says("For how many each format is open.")]
    changed: Annotated[Count, says("People for whom something else would come first.")]
    moves: Annotated[list[Move], says("What for what.")]
    sentences: Annotated[list[str], says("The same in sentences for people.")]


class CountedGroup(TypedDict):
    """The people of one group, where the summary is split by a column."""

    group: Annotated[str, says("What stands in the column.")]
    accepted: Annotated[Count, says("Rows of the group that were accepted, a person each.")]
    top: Annotated[CountedTop, says("What comes first.")]
    formats: Annotated[list[CountedFormat], says("How each core format stands.")]


class Summary(TypedDict):
    """What ``batch --summary`` writes: counts of a cohort."""

    schema: Annotated[Literal["formatpicker/summary/2"], says("Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, says("The catalog that was used.")]
    program: Annotated[str, says("The version of formatpicker.")]
    source: NotRequired[Annotated[str, says("The name of the table.")]]
    counted: NotRequired[Annotated[str, says("The day of the run, YYYY-MM-DD.")]]
    rows: Annotated[Count, says("Rows that were read.")]
    accepted: Annotated[Count, says("Rows that were accepted, a person each.")]
    rejected: Annotated[Count, says("Rows that could not be read.")]
    rounded_to: Annotated[Positive, says("Every number of people is rounded to a multiple of this.")]
    least_shared: Annotated[float, says("Shares may be shown of this many people or more.", ge=0)]
    top: Annotated[CountedTop, says("What comes first.")]
    formats: Annotated[list[CountedFormat], says("How each core format stands.")]
    best_variants: Annotated[list[CountedVariant], says("How often each variant is the best one.")]
    no_variant: Annotated[Count, says("People without a best variant.")]
    fragile: Annotated[Fragile, says("Results that could easily be others.")]
    coverage: Annotated[CohortCoverage, says("How much was answered.")]
    answers: Annotated[list[CountedAnswers], says("What was answered, question by question.")]
    what_if: Annotated[list[CohortWhatIf], says("The same people under other catalogs.")]
    by: NotRequired[Annotated[str, says("The column that the summary is split by, if it is.")]]
    groups: NotRequired[Annotated[list[CountedGroup], says("The same counts for each group.")]]


class Fault(TypedDict):
    """One thing that is wrong with what was given."""

    file: Annotated[str | None, says("The file, if it stands in one.")]
    line: Annotated[Positive | None, says("The line, if it is known.")]
    key: Annotated[str | None, says("The option, the question or the place in the file.")]
    value: Annotated[str | None, says("What was given.")]
    message: Annotated[str, says("What is wrong, for people.")]
    hint: Annotated[str | None, says("What to do instead, if there is something to say.")]


class Error(TypedDict):
    """What stands on standard error, with ``--json``, where something that was given cannot be used."""

    schema: Annotated[Literal["formatpicker/error/1"], says("Name and version of this shape.")]
    errors: Annotated[list[Fault], says("Everything that was found to be wrong.", min_length=1)]

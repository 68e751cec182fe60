"""The shape of what is said of one person: recommendation and explanation."""

from typing import Annotated, Literal, NotRequired

from formatpicker.advice.certainty import Call
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.json_types import (
    Answers,
    CatalogRecord,
    FormatId,
    FormatIds,
    Name,
    NamedFormat,
    Points,
    Portion,
    Positive,
    QuestionId,
    Rank,
    Score,
    Sources,
    Text,
    TypedDict,
    one_of,
    says,
)

Eligibility = Annotated[
    Verdict,
    says(
        "fits: the typical instance fits; conditional: only some do; unlikely: only a rare one does;"
        " blocked: none does."
    ),
]
Change = Annotated[Answers, says("Answers to put in place of those given.")]
AnswerValue = float | str | None


class Notice(TypedDict):
    """Something to look for, to check or to know, and the answer that it comes from."""

    question: QuestionId
    text: Text
    sources: Sources


class Blocker(TypedDict):
    """An answer that rules a format out."""

    question: QuestionId
    answer: Annotated[AnswerValue, says("The answer given, or the quantity worked out.")]
    needs: Annotated[
        AnswerValue,
        says("An answer that would do, the least that is stated for a number; null where no answer changes it."),
    ]
    text: Text
    sources: Sources


class Contribution(TypedDict):
    """What one criterion adds to a score."""

    criterion: Annotated[str, says("Id of a goal, of a question or of a quantity worked out from two.")]
    weight: Annotated[Portion, says("Its share of all weights.")]
    value: Annotated[Portion, says("How well the format does on it.")]
    points: Annotated[Points, says("What it adds; the points of a format sum to its score.")]
    text: Text
    sources: Sources


class Assessed(TypedDict):
    """How one format, or one offer, suits the person, and why."""

    rank: Rank
    score: Score
    score_low: Annotated[Points | None, says("The least that the score can be within the sourced ranges.")]
    score_high: Annotated[Points | None, says("The most that the score can be within the sourced ranges.")]
    eligibility: Eligibility
    conditions: Annotated[list[Notice], says("What to look for, since only some instances fit.")]
    long_shots: Annotated[list[Notice], says("What only a rare instance offers.")]
    blockers: Annotated[list[Blocker], says("What rules the format out.")]
    unchecked: Annotated[list[str], says("Ids of limits that were not answered.")]
    contributions: Annotated[list[Contribution], says("What the score is made of, the largest first.")]
    cautions: Annotated[list[Notice], says("What to know before deciding.")]


class Entry(NamedFormat, Assessed):
    """What is said of one format."""


class Certainty(TypedDict):
    """How sure the recommendation is; three numbers that are never made into one."""

    coverage: Annotated[Portion, says("Share of what can count that was answered.")]
    evidence: Annotated[
        Portion | None, says("Share of what puts the top ahead that rests on outside sources; null without a top.")
    ]
    robustness: Annotated[
        Portion | None, says("Share of draws with other weights and values in which the top stays; null without a top.")
    ]
    could_change: Annotated[
        list[str], says("Ids of open questions of which one answer would put another format first.")
    ]


class Relaxation(TypedDict):
    """A smallest set of changes that unlocks a format; it was checked by running it."""

    unlocks: FormatId
    change: Change
    long_shot: Annotated[bool, says("Whether it would be open as a long shot only.")]


class WhatIf(TypedDict):
    """A change that puts another format first; it was checked by running it."""

    change: Change
    top: FormatIds
    long_shot: Annotated[bool, says("Whether what comes first would be a long shot.")]


class Conflict(TypedDict):
    """Two wishes that no format meets together."""

    between: Annotated[list[str], says("Ids of two goals or questions.")]
    text: Text
    sources: Sources


class Indistinguishable(TypedDict):
    """Formats that no answer so far tells apart."""

    formats: FormatIds
    separated_by: Annotated[str | None, says("Id of the open question that tells them apart most; null if none does.")]


class NextStep(TypedDict):
    """Where to look next."""

    text: Text
    url: Annotated[str | None, says("Address of a page, if there is one.")]
    region: Annotated[str | None, says("Region that the step is for, if it is for one only.")]
    regions: Annotated[list[str], says("Regions that the step is for; empty if it holds everywhere.")]
    official: Annotated[bool, says("Whether a public service runs it.")]
    sources: Sources


class PathwayStep(TypedDict):
    """One experience of a plan."""

    format: FormatId
    name: Name
    days: Annotated[Positive, says("Days that are assumed for it.")]
    weeks: Annotated[float, says("The same in weeks.", gt=0)]
    reason: Annotated[str | None, says("Why it comes after the step before; null for the first.")]
    sources: Sources


class ServedGoal(TypedDict):
    """What a plan does for one goal."""

    goal: Annotated[str, says("Id of a goal.")]
    value: Annotated[Portion, says("How well the plan serves it.")]
    points: Annotated[Points, says("What it adds to the score of the plan.")]
    step: Annotated[Positive, says("Number of the step that provides it.")]
    stacking: Annotated[str | None, says("Why several steps add up; null if one step alone counts.")]
    sources: Sources


class BestSingle(TypedDict):
    """The best single format, to compare a plan with."""

    format: FormatId
    score: Score


class Pathway(TypedDict):
    """A plan of several experiences, one after another."""

    steps: Annotated[list[PathwayStep], says("The experiences in order.", min_length=2)]
    days: Annotated[Positive, says("Days in all.")]
    weeks: Annotated[float, says("Weeks in all.", gt=0)]
    score: Annotated[Points | None, says("Points of 100 for goals alone.")]
    best_single: Annotated[BestSingle, says("The best single format, by the same points.")]
    goals: Annotated[list[ServedGoal], says("What the plan does for each goal.")]


class PersonResult(TypedDict):
    """What recommendation and explanation share."""

    id: NotRequired[Annotated[str | float, says("What the person goes by, if the answers say so.")]]
    catalog: Annotated[CatalogRecord, says("The catalog that was used.")]
    answers: Annotated[Answers, says("The answers as understood; as input they give the same result.")]
    unanswered: Annotated[list[str], says("Ids of the questions without an answer.")]
    top: Annotated[list[str], says("Ids of what comes first; several if they are level, or none.")]
    call: Annotated[Call, says("How much the first place can be trusted, in one word.")]
    contenders: Annotated[list[str], says("Ids of the formats that could come first.")]
    headline: Text
    message: NotRequired[Annotated[str, says("Why nothing comes first; only there if the top is empty.")]]
    ranking: Annotated[list[Entry], says("The core formats, best first.")]
    variants: Annotated[list[Entry], says("The scored variants, ranked among themselves.")]
    certainty: Annotated[Certainty, says("How sure the recommendation is.")]
    relaxations: Annotated[list[Relaxation], says("Every smallest set of changes that unlocks a format.")]
    what_ifs: Annotated[list[WhatIf], says("Changes that put another format first, nearest first.")]
    conflicts: Annotated[list[Conflict], says("Wishes that no format meets together.")]
    indistinguishable: Annotated[list[Indistinguishable], says("Variants that nothing tells apart yet.")]
    pathways: NotRequired[Annotated[list[Pathway], says("Plans of several experiences, if asked for.")]]
    next_steps: Annotated[list[NextStep], says("Where to look next.")]


class Recommendation(PersonResult):
    """What ``recommend --json`` and ``ask --json`` print; ``--fields`` may leave out any of it."""

    schema: Annotated[Literal["formatpicker/recommendation/2"], says("Name and version of this shape.")]


class FlipPoint(TypedDict):
    """How much more one criterion would have to weigh for a rival to draw level."""

    rival: FormatId
    criterion: Annotated[str, says("Id of the criterion.")]
    factor: Annotated[float, says("Times its weight now, to four decimals.", ge=0)]
    exact: Annotated[str, says("The same as an exact fraction.")]


class Disagreement(TypedDict):
    """A value whose sources differ so much that a rival could come first."""

    format: FormatId
    criterion: Annotated[str, says("Id of the criterion.")]
    end: Annotated[str, one_of("The end of the range at which that happens.", "low", "high")]
    rival: FormatId


class Explanation(PersonResult):
    """What ``explain --json`` prints: a recommendation and how close the call is."""

    schema: Annotated[Literal["formatpicker/explanation/2"], says("Name and version of this shape.")]
    flip_points: Annotated[list[FlipPoint], says("What weight would have to change for a rival.")]
    disagreements: Annotated[list[Disagreement], says("Where sources that differ could turn the result.")]

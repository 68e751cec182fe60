"""The shape of what is said of one person: recommendation and explanation; and of what other documents share with them.

A document's shape is written once, as a ``TypedDict``: mypy holds what makes the document to it, and its JSON Schema is
generated from it. Only type checkers and the schemas load these modules. No ``from __future__ import annotations``
here: ``NotRequired`` has to be seen by ``TypedDict`` itself.
"""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from msgspec import Meta

from formatpicker.advice.certainty import Call
from formatpicker.catalog.criteria import Verdict

if sys.version_info >= (3, 12):
    from typing import TypedDict as TypedDict
else:  # the one that pydantic takes, so that a web framework can build on these types
    from typing_extensions import TypedDict as TypedDict


def one_of(description: str, *words: str) -> Meta:
    """A description of a text that can be one of a few."""
    return Meta(description=description, extra_json_schema={"enum": [*words]})


# Numbers with their bounds.
Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]
Points = Annotated[float, Meta(ge=0, le=100)]
Portion = Annotated[float, Meta(ge=0, le=1)]

# Fields that mean the same wherever they stand.
FormatId = Annotated[str, Meta(description="Id of a format.")]
FormatIds = Annotated[list[str], Meta(description="Ids of formats.")]
Name = Annotated[str, Meta(description="Name for people.")]
Label = Annotated[str, Meta(description="A few words for people.")]
Text = Annotated[str, Meta(description="A sentence for people; its wording may change between versions.")]
Sources = Annotated[
    list[str], Meta(description="Publications behind it: title, publisher and date, place in the text, address.")
]
Score = Annotated[
    Points | None, Meta(description="Points of 100, to one decimal; null where nothing that was answered weighs.")
]
Rank = Annotated[Positive | None, Meta(description="Place from 1; equal ones share it; null if it is ruled out.")]
QuestionId = Annotated[str, Meta(description="Id of a question, or of a quantity worked out from two answers.")]


if TYPE_CHECKING:
    Answers = dict[str, Any]
else:

    class Answers:
        """Stands for one person's answers. Their schema is made from the questions of a catalog."""

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            return handler(dict[str, Any])


class CatalogRecord(TypedDict):
    """What identifies a catalog."""

    title: Annotated[str, Meta(description="Title of the catalog.")]
    version: Annotated[str, Meta(description="Version that the catalog says of itself.")]
    sha256: Annotated[str, Meta(description="SHA-256 of the catalog file, in hexadecimal digits.")]


Eligibility = Annotated[
    Verdict,
    Meta(
        description="fits: the typical instance fits; conditional: only some do; unlikely: only a rare one does;"
        " blocked: none does."
    ),
]
Change = Annotated[Answers, Meta(description="Answers to put in place of those given.")]
AnswerValue = float | str | None


class Notice(TypedDict):
    """Something to look for, to check or to know, and the answer that it comes from."""

    question: QuestionId
    text: Text
    sources: Sources


class Blocker(TypedDict):
    """An answer that rules a format out."""

    question: QuestionId
    answer: Annotated[AnswerValue, Meta(description="The answer given, or the quantity worked out.")]
    needs: Annotated[
        AnswerValue,
        Meta(
            description="An answer that would do, the least that is stated for a number;"
            " null where no answer changes it."
        ),
    ]
    text: Text
    sources: Sources


class Contribution(TypedDict):
    """What one criterion adds to a score."""

    criterion: Annotated[str, Meta(description="Id of a goal, of a question or of a quantity worked out from two.")]
    weight: Annotated[Portion, Meta(description="Its share of all weights.")]
    value: Annotated[Portion, Meta(description="How well the format does on it.")]
    points: Annotated[Points, Meta(description="What it adds; the points of a format sum to its score.")]
    text: Text
    sources: Sources


class Entry(TypedDict):
    """What is said of one format."""

    format: FormatId
    name: Name
    definition: Annotated[str, Meta(description="What the format is, in one line.")]
    rank: Rank
    score: Score
    score_low: Annotated[Points | None, Meta(description="The least that the score can be within the sourced ranges.")]
    score_high: Annotated[Points | None, Meta(description="The most that the score can be within the sourced ranges.")]
    eligibility: Eligibility
    conditions: Annotated[list[Notice], Meta(description="What to look for, since only some instances fit.")]
    long_shots: Annotated[list[Notice], Meta(description="What only a rare instance offers.")]
    blockers: Annotated[list[Blocker], Meta(description="What rules the format out.")]
    unchecked: Annotated[list[str], Meta(description="Ids of limits that were not answered.")]
    contributions: Annotated[list[Contribution], Meta(description="What the score is made of, the largest first.")]
    cautions: Annotated[list[Notice], Meta(description="What to know before deciding.")]


class Certainty(TypedDict):
    """How sure the recommendation is; three numbers that are never made into one."""

    coverage: Annotated[Portion, Meta(description="Share of what can count that was answered.")]
    evidence: Annotated[
        Portion | None,
        Meta(description="Share of what puts the top ahead that rests on outside sources; null without a top."),
    ]
    robustness: Annotated[
        Portion | None,
        Meta(description="Share of draws with other weights and values in which the top stays; null without a top."),
    ]
    could_change: Annotated[
        list[str], Meta(description="Ids of open questions of which one answer would put another format first.")
    ]


class Relaxation(TypedDict):
    """A smallest set of changes that unlocks a format; it was checked by running it."""

    unlocks: FormatId
    change: Change


class WhatIf(TypedDict):
    """A change that puts another format first; it was checked by running it."""

    change: Change
    top: FormatIds


class Conflict(TypedDict):
    """Two wishes that no format meets together."""

    between: Annotated[list[str], Meta(description="Ids of two goals or questions.")]
    text: Text
    sources: Sources


class Indistinguishable(TypedDict):
    """Formats that no answer so far tells apart."""

    formats: FormatIds
    separated_by: Annotated[
        str | None, Meta(description="Id of the open question that tells them apart most; null if none does.")
    ]


class NextStep(TypedDict):
    """Where to look next."""

    text: Text
    url: Annotated[str | None, Meta(description="Address of a page, if there is one.")]
    region: Annotated[str | None, Meta(description="Region that the step is for, if it is for one only.")]
    regions: Annotated[list[str], Meta(description="Regions that the step is for; empty if it holds everywhere.")]
    official: Annotated[bool, Meta(description="Whether a public service runs it.")]
    sources: Sources


class PathwayStep(TypedDict):
    """One experience of a plan."""

    format: FormatId
    name: Name
    days: Annotated[Positive, Meta(description="Days that are assumed for it.")]
    weeks: Annotated[float, Meta(description="The same in weeks.", gt=0)]
    reason: Annotated[str | None, Meta(description="Why it comes after the step before; null for the first.")]
    sources: Sources


class ServedGoal(TypedDict):
    """What a plan does for one goal."""

    goal: Annotated[str, Meta(description="Id of a goal.")]
    value: Annotated[Portion, Meta(description="How well the plan serves it.")]
    points: Annotated[Points, Meta(description="What it adds to the score of the plan.")]
    step: Annotated[Positive, Meta(description="Number of the step that provides it.")]
    stacking: Annotated[str | None, Meta(description="Why several steps add up; null if one step alone counts.")]
    sources: Sources


class BestSingle(TypedDict):
    """The best single format, to compare a plan with."""

    format: FormatId
    score: Score


class Pathway(TypedDict):
    """A plan of several experiences, one after another."""

    steps: Annotated[list[PathwayStep], Meta(description="The experiences in order.", min_length=2)]
    days: Annotated[Positive, Meta(description="Days in all.")]
    weeks: Annotated[float, Meta(description="Weeks in all.", gt=0)]
    score: Annotated[Points | None, Meta(description="Points of 100 for goals alone.")]
    best_single: Annotated[BestSingle, Meta(description="The best single format, by the same points.")]
    goals: Annotated[list[ServedGoal], Meta(description="What the plan does for each goal.")]


class PersonResult(TypedDict):
    """What recommendation and explanation share."""

    id: NotRequired[Annotated[str | float, Meta(description="What the person goes by, if the answers say so.")]]
    catalog: Annotated[CatalogRecord, Meta(description="The catalog that was used.")]
    answers: Annotated[Answers, Meta(description="The answers as understood; as input they give the same result.")]
    unanswered: Annotated[list[str], Meta(description="Ids of the questions without an answer.")]
    top: Annotated[list[str], Meta(description="Ids of what comes first; several if they are level, or none.")]
    call: Annotated[Call, Meta(description="How much the first place can be trusted, in one word.")]
    contenders: Annotated[list[str], Meta(description="Ids of the formats that could come first.")]
    headline: Text
    message: NotRequired[Annotated[str, Meta(description="Why nothing comes first; only there if the top is empty.")]]
    ranking: Annotated[list[Entry], Meta(description="The core formats, best first.")]
    variants: Annotated[list[Entry], Meta(description="The scored variants, ranked among themselves.")]
    certainty: Annotated[Certainty, Meta(description="How sure the recommendation is.")]
    relaxations: Annotated[list[Relaxation], Meta(description="Every smallest set of changes that unlocks a format.")]
    what_ifs: Annotated[list[WhatIf], Meta(description="Changes that put another format first, nearest first.")]
    conflicts: Annotated[list[Conflict], Meta(description="Wishes that no format meets together.")]
    indistinguishable: Annotated[list[Indistinguishable], Meta(description="Variants that nothing tells apart yet.")]
    pathways: NotRequired[Annotated[list[Pathway], Meta(description="Plans of several experiences, if asked for.")]]
    next_steps: Annotated[list[NextStep], Meta(description="Where to look next.")]


class Recommendation(PersonResult):
    """What ``recommend --json`` and ``ask --json`` print; ``--fields`` may leave out any of it."""

    schema: Annotated[Literal["formatpicker/recommendation/2"], Meta(description="Name and version of this shape.")]


class FlipPoint(TypedDict):
    """How much more one criterion would have to weigh for a rival to draw level."""

    rival: FormatId
    criterion: Annotated[str, Meta(description="Id of the criterion.")]
    factor: Annotated[float, Meta(description="Times its weight now, to four decimals.", ge=0)]
    exact: Annotated[str, Meta(description="The same as an exact fraction.")]


class Disagreement(TypedDict):
    """A value whose sources differ so much that a rival could come first."""

    format: FormatId
    criterion: Annotated[str, Meta(description="Id of the criterion.")]
    end: Annotated[str, one_of("The end of the range at which that happens.", "low", "high")]
    rival: FormatId


class Explanation(PersonResult):
    """What ``explain --json`` prints: a recommendation and how close the call is."""

    schema: Annotated[Literal["formatpicker/explanation/2"], Meta(description="Name and version of this shape.")]
    flip_points: Annotated[list[FlipPoint], Meta(description="What weight would have to change for a rival.")]
    disagreements: Annotated[list[Disagreement], Meta(description="Where sources that differ could turn the result.")]

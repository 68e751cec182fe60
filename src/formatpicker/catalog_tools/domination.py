"""Which format is better than another for everybody, proved over every answer to each question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import every_answer, least_answer, most_answer, turning_points
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import AnswerKind, Criterion, Derived, RuleKind, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, ranking
from formatpicker.scoring.rules import takes_part
from formatpicker.scoring.tables import Table

# How far a verdict keeps a format from being recommended.
_MISSES = {Verdict.UNLIKELY: 1, Verdict.BLOCKED: 2}


class Domination(Struct, frozen=True):
    """Why a format never comes first alone: ``by`` is never worse, and better on ``strict`` for some answer.

    With no strict criterion the two are duplicates.
    """

    by: str
    strict: tuple[str, ...]


def every_region(catalog: Catalog) -> list[Answers]:
    """No region, and each region."""
    question = catalog.region_question
    regions = [Answers({question.id: option.id}) for option in question.options] if question else []
    return [Answers({}), *regions]


class _Case(NamedTuple):
    """One answer to one criterion in one region, as it counts for every format of a table.

    ``judged`` holds of each format the typical value, and how far its verdict keeps it from being recommended: 0 where
    it does not, 1 for unlikely, 2 for blocked.
    """

    criterion: str
    weighs: bool
    judged: tuple[tuple[int, int], ...]


def every_case(catalog: Catalog, table: Table) -> Iterator[_Case]:
    """Every answer in every region; those that look the same for all formats stand once."""
    seen: set[_Case] = set()
    for under in every_region(catalog):
        region = next((str(answer) for answer in under.values.values()), None)
        for criterion in catalog.criteria().values():
            for answer in _domain(catalog, table, criterion, region):
                if takes_part(criterion.rule, answer):
                    goal = criterion.rule.kind is RuleKind.GOAL
                    weight = catalog.questions[criterion.question].weight if goal else criterion.rule.weight_of(answer)
                    judged = [
                        (each.typical, _MISSES.get(each.verdict, 0)) for each in table.judged(criterion, answer, region)
                    ]
                    seen.add(_Case(criterion.id, weight > 0, tuple(judged)))
    yield from sorted(seen)


def _domain(catalog: Catalog, table: Table, criterion: Criterion, region: str | None) -> Sequence[Answer]:
    question = catalog.questions.get(criterion.question)
    if question is None:
        return _derived_domain(catalog, table, catalog.derived[criterion.id], region)
    if question.answer is AnswerKind.GOALS:
        return [ranking([criterion.id])]
    if question.answer is AnswerKind.CHOICE:
        return [option.id for option in question.options]
    return every_answer(catalog, table, question, region)


def _derived_domain(catalog: Catalog, table: Table, item: Derived, region: str | None) -> list[int]:
    """Where a verdict turns, every whole number between the least and the typical where it weighs, and the ends.

    Some of them may be out of reach, which makes the proof ask for more than it must.
    """
    per_week, duration = catalog.questions[item.per_week], catalog.questions[item.duration]
    least = least_answer(per_week)
    most = most_answer(per_week) * most_answer(duration) // DAYS_PER_WEEK
    points = {least, most}
    for format in table.formats:
        value = catalog.regional(format, item.rule.attribute).within(region)
        points |= turning_points(catalog, format, item.rule, region)
        if value.known and item.rule.weight:
            points |= set(range(cast(int, value.low), cast(int, value.typical) + 1))
    return sorted(point for point in points if least <= point <= most)


def domination_of(table: Table, cases: Sequence[_Case], index: int) -> Domination | None:
    """The first other format that is never worse: sums add up over the cases, so neither is its score."""
    for other, format in enumerate(table.formats):
        if other != index and all(_never_worse(case, other, index) for case in cases):
            strict = dict.fromkeys(case.criterion for case in cases if _better(case, other, index))
            return Domination(format.id, tuple(id for id in table.catalog.criteria() if id in strict))
    return None


def _never_worse(case: _Case, other: int, index: int) -> bool:
    (theirs, others_miss), (own, miss) = case.judged[other], case.judged[index]
    return others_miss <= miss and (miss == _MISSES[Verdict.BLOCKED] or not case.weighs or theirs >= own)


def _better(case: _Case, other: int, index: int) -> bool:
    (theirs, others_miss), (own, miss) = case.judged[other], case.judged[index]
    return others_miss < miss or (case.weighs and theirs > own)

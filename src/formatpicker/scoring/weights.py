"""Weights: of ranked goals, of answers and of quantities derived from two; and which criteria they bring into play."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import Criterion
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals
from formatpicker.scoring.rules import ONE, takes_part


class Weighed(NamedTuple):
    """A criterion that an answer brings into play, with its weight as a whole share of the sum of weights."""

    criterion: Criterion
    answer: Answer
    weight: int


def ranked_goals(goals: Sequence[str]) -> Goals:
    """Goals in the order of their importance, with rank-sum weights: w_i = 2 (n + 1 - i) / (n (n + 1)).

    Source: Stillwell, Seaver and Edwards, A comparison of weight approximation techniques in multiattribute utility
    decision making, Organizational Behavior and Human Performance 28 (1981).
    """
    return Goals({goal: len(goals) - place for place, goal in enumerate(goals)})


def region_of(catalog: Catalog, answers: Answers) -> str | None:
    """The region whose values count, None where it was not answered."""
    question = catalog.region_question
    answer = answers.get(question.id) if question else None
    return str(answer) if answer is not None else None


def derived_answers(catalog: Catalog, answers: Answers) -> dict[str, int]:
    """Quantities worked out from two answers: a number a week times weeks, less than a week counting as one."""
    found = {}
    for item in catalog.derived.values():
        per_week, days = answers.get(item.per_week), answers.get(item.duration)
        if per_week is not None and days is not None:
            found[item.id] = derived_answer(cast(int, per_week), cast(int, days))
    return found


def derived_answer(per_week: int, days: int) -> int:
    """A number a week times weeks, where less than a week counts as one."""
    return per_week * max(days, DAYS_PER_WEEK) // DAYS_PER_WEEK


def unit_of(answers: Answers) -> int:
    """What the weights of questions other than goals are multiplied by in totals: the sum of the goals' shares."""
    return next((answer.total for answer in answers.values.values() if isinstance(answer, Goals)), 1)


def weigh(catalog: Catalog, answers: Answers) -> tuple[Weighed, ...]:
    """The criteria that take part, in the catalog's order, with whole weights.

    The shares of the goals have a sum of their own; every other weight is multiplied by it, so that all are whole.
    """
    values: dict[str, Answer] = {**answers.values, **derived_answers(catalog, answers)}
    unit = unit_of(answers)
    return tuple([each for id, answer in values.items() for each in weighed(catalog, id, answer, unit)])


def weighed(catalog: Catalog, id: str, answer: Answer, unit: int) -> list[Weighed]:
    """The criteria that one answer, or one derived quantity, brings into play; ``unit`` is the sum of the goals."""
    criteria = catalog.criteria_of.get(id, ())
    if isinstance(answer, Goals):
        weight, shares = catalog.questions[id].weight, answer.shares
        return [Weighed(each, answer, weight * shares[each.id]) for each in criteria if each.id in shares]
    return [
        Weighed(each, answer, each.rule.weight_of(answer) * unit) for each in criteria if takes_part(each.rule, answer)
    ]


def most_sum(catalog: Catalog) -> int:
    """What no sum of weights times values exceeds."""
    questions, units = catalog.questions.values(), [1]
    for question in questions:
        if question.goals:
            longest = min(len(question.goals), int(question.most))
            units += [MOST_IMPORTANCE * len(question.goals), longest * (longest + 1) // 2]
    derived = [each.rule.weight for each in catalog.derived.values()]
    return max(units) * sum([*(each.most_weight for each in questions), *derived]) * ONE


def coverage(catalog: Catalog, answers: Answers) -> float:
    """The weight of answered questions over the weight all questions can have; "not needed" is an answer."""
    questions = catalog.questions
    answered = sum(question.most_weight for id, question in questions.items() if answers.get(id) is not None)
    return answered / (sum(question.most_weight for question in questions.values()) or 1)

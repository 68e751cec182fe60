"""The answers a question accepts, in whole units, and the points among them where something turns."""

from __future__ import annotations

from typing import cast

from formatpicker.base.durations import DAYS_PER_WEEK, counted, parse_days
from formatpicker.base.quantities import Said
from formatpicker.catalog.model import AnswerKind, Catalog, Question, Rule, RuleKind, Value
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import region_of
from formatpicker.scoring.tables import Table

_MOST_YEARS = 100


def least_answer(question: Question) -> int:
    """The least answer: in days for durations, in whole units for numbers."""
    if question.answer is AnswerKind.DURATION:
        return parse_days(question.least) or 0
    return int(question.least)


def most_answer(question: Question) -> int:
    """The greatest answer: in days for durations, in whole units for numbers."""
    if question.answer is AnswerKind.DURATION:
        return parse_days(question.most) or 0
    return int(question.most)


def breakpoints(catalog: Catalog, answers: Answers, table: Table, question: Question) -> list[int]:
    """The ends of a question's domain and every point where a verdict or the slope of a value turns for some format.

    Between two of them every format's value is linear in the answer.
    """
    region = region_of(catalog, answers)
    least, most = least_answer(question), most_answer(question)
    points = {least, most}
    for format in table.formats:
        if question.rule:
            points |= _turns(question.rule, catalog.regional(format, question.rule.attribute).within(region))
        for item in catalog.derived.values():
            value = catalog.regional(format, item.rule.attribute).within(region)
            wanted = [cast(int, level) * DAYS_PER_WEEK for level in (value.low, value.typical) if level is not None]
            if question.id == item.duration and answers.get(item.per_week):
                points |= _around(wanted, cast(int, answers.get(item.per_week)))
            elif question.id == item.per_week and answers.get(item.duration):
                points |= _around(wanted, max(cast(int, answers.get(item.duration)), DAYS_PER_WEEK))
    return sorted(point for point in points if least <= point <= most)


def _turns(rule: Rule, value: Value) -> set[int]:
    """Where a limit's verdict or slope turns: at the least and at the typical; a window also beyond its most."""
    ends = [cast(int, level) for level in (value.low, value.typical) if level is not None]
    beyond = [cast(int, value.high) + 1] if rule.kind is RuleKind.WINDOW and value.high is not None else []
    return {*(point for end in ends for point in (end - 1, end)), *beyond, *(each - 1 for each in beyond)}


def _around(wanted: list[int], factor: int) -> set[int]:
    """The least answers with which a product reaches what is wanted, and those just below."""
    reached = [-(-product // factor) for product in wanted]
    return {point for at in reached for point in (at - 1, at)}


def every_answer(catalog: Catalog, table: Table, question: Question, region: str | None) -> list[int]:
    """All answers of a number or duration that formats can tell apart, and the ends of the domain.

    Values change only between the least and the typical of some format; elsewhere they are level, so the points around
    those spans stand for the rest.
    """
    least, most = least_answer(question), most_answer(question)
    points = {least, most}
    rule = question.rule
    for format in table.formats if rule else ():
        value = catalog.regional(format, rule.attribute).within(region) if rule else None
        if rule and value is not None and value.known:
            points |= _turns(rule, value)
            if rule.kind is RuleKind.LIMIT:
                points |= set(range(cast(int, value.low), min(cast(int, value.typical), most) + 1))
    return sorted(point for point in points if least <= point <= most)


def stops(question: Question) -> list[int]:
    """Round answers to a number or duration, from the least to the most, as somebody would try them one by one.

    Whole units of a number. Of a duration whole days below a week, whole weeks below eight, whole months to a year and
    a half, then half years, each with its words.
    """
    least, most = least_answer(question), most_answer(question)
    if question.answer is AnswerKind.NUMBER:
        return [*range(least, most + 1)]
    texts = [
        *(counted(days, "day") for days in range(DAYS_PER_WEEK)),
        *(counted(weeks, "week") for weeks in range(1, 8)),
    ]
    texts += [counted(months, "month") for months in range(2, 18)]
    texts += [counted(half / 2 if half % 2 else half // 2, "year") for half in range(3, 2 * _MOST_YEARS)]
    rungs = [Said(parse_days(text) or 0, text, text) for text in texts]
    return [*(each for each in rungs if least <= each < most), most]

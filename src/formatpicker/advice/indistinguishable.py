"""Formats that no answer so far tells apart, and the one question that would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import Assessment, assess, region_of, weigh
from formatpicker.scoring.rules import ONE
from formatpicker.scoring.tables import Table


class Group(Struct, frozen=True):
    """Formats with the same judgements so far; ``separated_by`` is None where no further answer alone does."""

    formats: tuple[str, ...]
    separated_by: str | None


def indistinguishable(catalog: Catalog, answers: Answers, assessments: Sequence[Assessment]) -> list[Group]:
    """Groups of two or more open formats that all answers treat alike, in the order of the assessments."""
    alike: dict[tuple[object, ...], list[Assessment]] = {}
    for assessment in assessments:
        if not assessment.blocked:
            key = tuple((term.judgement.typical, term.judgement.verdict) for term in assessment.terms)
            alike.setdefault(key, []).append(assessment)
    return [
        Group(tuple(each.format.id for each in group), _separating(catalog, answers, group))
        for group in alike.values()
        if len(group) > 1
    ]


def _separating(catalog: Catalog, answers: Answers, group: list[Assessment]) -> str | None:
    """The open question that can move these formats farthest apart, alone."""
    formats = [each.format for each in group]
    table, region = Table(catalog, formats), catalog.region_question
    shared = {term.weighed.criterion.id: term.judgement.typical for term in group[0].terms}
    spreads = {
        id: max(
            (
                _apart(catalog, answers.replaced(catalog, id, answer), formats, {} if question == region else shared)
                for answer in _possible(catalog, answers, table, question)
            ),
            default=0,
        )
        for id, question in catalog.questions.items()
        if answers.get(id) is None
    }
    best = max(spreads, key=lambda id: spreads[id], default=None)
    return best if best is not None and spreads[best] else None


def _possible(catalog: Catalog, answers: Answers, table: Table, question: Question) -> list[Answer]:
    """Each answer that a question can be given and that formats may differ on."""
    if question.goals:
        return [Goals({goal.id: 1}) for goal in question.goals]
    return [option.id for option in question.options] or [*breakpoints(catalog, answers, table, question)]


def _apart(catalog: Catalog, answers: Answers, formats: list[Format], shared: Mapping[str, int]) -> int:
    """How far apart some formats stand: the spread of their sums, and 1 where only a verdict tells them apart.

    ``shared`` are the typical values of criteria by which they are alike.
    """
    weighed, region = weigh(catalog, answers), region_of(catalog, answers)
    alike = sum(each.weight * shared.get(each.criterion.id, 0) for each in weighed)
    telling = [each for each in weighed if each.criterion.id not in shared]
    assessed = [assess(catalog, format, telling, region) for format in formats]
    scale = ONE * sum(each.weight for each in weighed) or 1
    totals = [(alike + each.total) * 1000 // scale for each in assessed]
    kinds = {tuple((term.judgement.typical, term.judgement.verdict) for term in each.terms) for each in assessed}
    return max(totals) - min(totals) + (len(kinds) > 1)

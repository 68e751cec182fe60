"""Formats that no answer so far tells apart, and the one question that would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import Assessment, assess, region_of, weigh
from formatpicker.scoring.tables import Table


class Group(Struct, frozen=True):
    """Formats with the same judgements so far; ``separated_by`` is None where no further answer alone does."""

    formats: tuple[str, ...]
    separated_by: str | None


def indistinguishable(catalog: Catalog, answers: Answers, assessments: Sequence[Assessment]) -> list[Group]:
    """Groups of two or more open formats that all answers treat alike, in the order of the assessments."""
    alike: dict[tuple[object, ...], list[Format]] = {}
    for assessment in assessments:
        if not assessment.blocked:
            key = tuple((term.judgement.typical, term.judgement.verdict) for term in assessment.terms)
            alike.setdefault(key, []).append(assessment.format)
    return [
        Group(tuple(format.id for format in formats), _separating(catalog, answers, formats))
        for formats in alike.values()
        if len(formats) > 1
    ]


def _separating(catalog: Catalog, answers: Answers, formats: list[Format]) -> str | None:
    """The open question that can move these formats farthest apart, alone."""
    table = Table(catalog, formats)
    spreads = {
        id: max((_apart(catalog, under, formats) for under in _answered(catalog, answers, table, id)), default=0)
        for id in catalog.questions
        if answers.get(id) is None
    }
    best = max(spreads, key=lambda id: spreads[id], default=None)
    return best if best is not None and spreads[best] else None


def _answered(catalog: Catalog, answers: Answers, table: Table, id: str) -> Iterator[Answers]:
    """The answers with each one that a question can be given and that formats may differ on."""
    question = catalog.questions[id]
    numbers = [] if question.goals or question.options else breakpoints(catalog, answers, table, question)
    options = [option.id for option in question.options]
    goals = [Goals({goal.id: 1}) for goal in question.goals]
    candidates: list[Answer] = [*goals, *options, *numbers]
    for answer in candidates:
        yield answers.replaced(catalog, id, answer)


def _apart(catalog: Catalog, answers: Answers, formats: list[Format]) -> int:
    """How far apart some formats stand: the spread of their sums, and 1 where only a verdict tells them apart."""
    weighed, region = weigh(catalog, answers), region_of(catalog, answers)
    assessed = [assess(catalog, format, weighed, region) for format in formats]
    totals = [each.total * 1000 // (each.scale or 1) for each in assessed]
    kinds = {tuple((term.judgement.typical, term.judgement.verdict) for term in each.terms) for each in assessed}
    return max(totals) - min(totals) + (len(kinds) > 1)

"""Questions on which law and safety hang: whether an answer could still add a verdict or a caution."""

from __future__ import annotations

from formatpicker.advice.answer_ranges import breakpoints, least_answer, most_answer
from formatpicker.advice.explanation import Explainer
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import AnswerKind, Question, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.ranking import assess, assess_all, region_of, weigh
from formatpicker.scoring.tables import Table


def can_add(catalog: Catalog, answers: Answers, question: Question) -> bool:
    """Whether some answer to an open question adds a verdict or a caution to a scored format that is not ruled out."""
    open_ones = [each.format for each in assess_all(catalog, answers, lambda format: format.scored) if not each.blocked]
    before = _said(catalog, answers, open_ones)
    changed = (answers.replaced(catalog, question.id, each) for each in _answers(catalog, answers, open_ones, question))
    return any(_said(catalog, after, open_ones) - before for after in changed)


def _said(catalog: Catalog, answers: Answers, formats: list[Format]) -> set[tuple[str, ...]]:
    """The verdicts but ``fits``, and the cautions, of each format."""
    weighed, region, explainer = weigh(catalog, answers), region_of(catalog, answers), Explainer(catalog, answers)
    verdicts = {
        (format.id, term.weighed.criterion.id, term.judgement.verdict)
        for format in formats
        for term in assess(catalog, format, weighed, region).terms
        if term.judgement.verdict is not Verdict.FITS
    }
    return verdicts | {(format.id, caution.id) for format in formats for caution, _ in explainer.concerning(format)}


def _answers(catalog: Catalog, answers: Answers, formats: list[Format], question: Question) -> list[Answer]:
    """Every option, or every number at which a verdict or a test of a caution turns."""
    if question.options:
        return [option.id for option in question.options]
    if question.goals:
        return []
    unit = DAYS_PER_WEEK if question.answer is AnswerKind.DURATION else 1
    tested = [
        int(test.operand * unit) + step
        for caution in catalog.cautions
        for test in (*caution.tests, *caution.unless)
        if (test.subject, test.name) == ("question", question.id) and isinstance(test.operand, int | float)
        for step in (-1, 0)
    ]
    points = {*breakpoints(catalog, answers, Table(catalog, formats), question), *tested}
    return [point for point in sorted(points) if least_answer(question) <= point <= most_answer(question)]

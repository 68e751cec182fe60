"""What would open a format that is ruled out: the smallest sets of answers to change, each to a round number."""

from __future__ import annotations

from typing import cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import (
    FAR,
    Change,
    Parsed,
    changed,
    round_answers,
    share_apart,
    written,
)
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import About, Criterion, Derived, Question, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.ranking import assess
from formatpicker.scoring.rules import judge, nearest_open
from formatpicker.scoring.weights import derived_answers, region_of


class Relaxation(Struct, frozen=True):
    """A smallest set of changed answers that unlocks a blocked format, and how far from the present ones it is."""

    unlocks: str
    change: Change
    distance: int = 0

    def __hash__(self) -> int:
        return hash((self.unlocks, frozenset(self.change)))


def relaxations(catalog: Catalog, answers: Answers, format: Format) -> list[Relaxation]:
    """Every smallest set of changes that unlocks a format; none where it is open or where a fact blocks it."""
    blocking = blocking_criteria(catalog, answers, format)
    if not blocking or any(criterion.about is About.FACT for criterion in blocking):
        return []
    direct = _nearest_changes(catalog, answers, format, blocking)
    candidates = [] if direct is None else [direct]
    for item in catalog.derived.values():
        candidates = [wider for change in candidates for wider in _widened(catalog, answers, format, item, change)]
    open_ones = [
        change
        for change in candidates
        if change and not blocking_criteria(catalog, answers.with_values(catalog, change), format)
    ]
    least = min(map(len, open_ones), default=0)
    return [_relaxation(catalog, answers, format, change) for change in open_ones if len(change) == least]


def _relaxation(catalog: Catalog, answers: Answers, format: Format, change: Parsed) -> Relaxation:
    steps = [(answer, answers.get(id)) for id, answer in change.items()]
    far = [share_apart(now, was) if isinstance(now, int) and isinstance(was, int) else FAR for now, was in steps]
    return Relaxation(format.id, written(catalog, change), sum(far))


def blocking_criteria(catalog: Catalog, answers: Answers, format: Format) -> list[Criterion]:
    """The criteria that rule a format out."""
    (assessment,) = assess(catalog, answers, [format])
    return [term.criterion for term in assessment.terms if term.verdict is Verdict.BLOCKED]


def unblocks(catalog: Catalog, answers: Answers, format: Format, change: Change) -> bool:
    """Whether a format is open under changed answers."""
    return not blocking_criteria(catalog, changed(catalog, answers, change), format)


def _nearest_changes(
    catalog: Catalog, answers: Answers, format: Format, blocking: list[Criterion]
) -> dict[str, Answer] | None:
    """Each blocking answer moved to the nearest that does not block; None where one cannot be."""
    found: dict[str, Answer] = {}
    for criterion in blocking:
        question = catalog.questions.get(criterion.id)
        if question:
            regional = catalog.regional(format, criterion.rule.attribute)
            region = region_of(catalog, answers)
            nearest = nearest_open(criterion.rule, answers.get(question.id), regional, region, question.option_ids)
            answer = _rounded_up(question, nearest) if isinstance(nearest, int) else nearest
            if answer is None:
                return None
            found[question.id] = answer
    return found


def _rounded_up(question: Question, answer: int) -> int | None:
    """The nearest round answer that is no less; None where the question accepts none."""
    return next((each for each in round_answers(question) if each >= answer), None)


def _widened(
    catalog: Catalog, answers: Answers, format: Format, item: Derived, change: dict[str, Answer]
) -> list[dict[str, Answer]]:
    """Where a derived quantity still falls short: the change with one or the other of its answers raised."""
    after = answers.with_values(catalog, change)
    total = derived_answers(catalog, after).get(item.id)
    regional, region = catalog.regional(format, item.rule.attribute), region_of(catalog, answers)
    if total is None or judge(item.rule, total, regional, region).verdict is not Verdict.BLOCKED:
        return [change]
    wanted = cast(int, nearest_open(item.rule, total, regional, region)) * DAYS_PER_WEEK
    per_week, days = cast(int, after.get(item.per_week)), cast(int, after.get(item.duration))
    raised = {
        item.duration: max(-(-wanted // per_week), days),
        item.per_week: -(-wanted // max(days, DAYS_PER_WEEK)),
    }
    rounded = {id: _rounded_up(catalog.questions[id], answer) for id, answer in raised.items()}
    return [
        {**change, id: answer}
        for id, answer in rounded.items()
        if catalog.questions[id].about is not About.FACT and answer is not None
    ]

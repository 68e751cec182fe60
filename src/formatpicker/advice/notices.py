"""What is said of a format and its sources: contributions to the score, conditions and cautions, blockers, conflicts.

Whether a caution or a next step is for a person hangs on a test of answers and values, by a closed set of operators.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from msgspec import Struct

from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.base.text import fill
from formatpicker.base.validity import NO_DATES, Validity, with_validity
from formatpicker.catalog.attributes import Attribute, AttributeKind, Citation, Value, level_text, value_phrase, word
from formatpicker.catalog.criteria import AnswerKind, Question, Rule, RuleKind, Verdict
from formatpicker.catalog.guidance import Caution, Conflict, NextStep, Test
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, answer_text
from formatpicker.scoring.ranking import Assessment, Term

VERDICT_WORDS = {Verdict.UNLIKELY: " (a long shot)", Verdict.BLOCKED: " (ruled out)"}


def region_words(rule: Rule, attribute: Attribute, value: Value) -> str:
    """What a region asks for: its range, or its least number."""
    if rule.kind is RuleKind.WINDOW:
        most = "" if value.high is None else f" to {level_text(attribute, value.high)}"
        return f"from {level_text(attribute, value.low)}{most}"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        return f"at least {level_text(attribute, value.low)}"
    return f"it {value_phrase(attribute, value.typical)}"


class Contribution(Struct, frozen=True):
    """What one criterion adds to a format's score."""

    term: Term
    text: str
    citations: tuple[Citation, ...]

    def __repr__(self) -> str:
        return f"<Contribution {self.term.criterion.id}: {self.text}>"


class Notice(Struct, frozen=True):
    """A condition or a caution: the question it bears on and what to do.

    ``by_region`` says which region asks what, where the region was left open and they differ.
    """

    question: str
    text: str
    citations: tuple[Citation, ...]
    by_region: str = ""
    validity: Validity = NO_DATES


class Blocker(Notice, frozen=True, kw_only=True):
    """Why a format is ruled out, and the nearest answer that would not rule it out (None for facts)."""

    answer: Any
    needs: Any


def dated_text(notice: Notice, day: str | None = None) -> str:
    """The text of a notice with its dates, as they are told on a day or in what is kept."""
    return with_validity(notice.text, notice.validity, day)


def full_text(notice: Notice, day: str | None = None) -> str:
    """The text of a notice with its dates and with what differs by region."""
    return " ".join(filter(None, [dated_text(notice, day), notice.by_region]))


def is_raised(said: Caution | NextStep, subject: str, holds: Callable[[Test], bool]) -> bool:
    """Whether all tests of a subject hold, and none of those that would spare a person a caution or a next step."""
    own, sparing = ([test for test in tests if test.subject == subject] for tests in (said.tests, said.unless))
    return all(map(holds, own)) and not any(map(holds, sparing))


def holds_of_format(catalog: Catalog, test: Test, format: Format, region: str | None) -> bool:
    """Whether a test of an attribute holds for a format in a region."""
    value, kind = catalog.regional(format, test.name).within(region), catalog.attributes[test.name].kind
    return OPERATORS[test.operator]({word(kind, value.typical)}, test.operand)


def holds_of_answer(catalog: Catalog, test: Test, answers: Answers) -> bool:
    """Whether a test of an answer holds; it does not where the question is open."""
    answer = answers.get(test.name)
    return answer is not None and OPERATORS[test.operator](_subject(catalog.questions[test.name], answer), test.operand)


def _subject(question: Question, answer: Answer) -> set[str] | float:
    """An answer as tests see it: the words it holds, or a number in the question's unit."""
    if question.answer is AnswerKind.GOALS:
        return set(cast(Any, answer).shares)
    if question.answer is AnswerKind.CHOICE:
        return {str(answer)}
    return cast(int, answer) / (DAYS_PER_WEEK if question.answer is AnswerKind.DURATION else 1)


def _words_meet(subject: Any, operand: Any) -> bool:
    return bool(subject & set(operand))


# The closed set of operators of a caution's tests; the subject is a set of words or a number.
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": _words_meet,
    "is_not": lambda subject, operand: not subject & set(operand),
    "includes": _words_meet,
    "below": lambda subject, operand: subject < operand,
    "at_least": lambda subject, operand: subject >= operand,
}


class FoundConflict(Struct, frozen=True):
    """A conflict between two answers, in words for this person."""

    conflict: Conflict
    text: str


def conflicts(catalog: Catalog, answers: Answers, assessments: list[Assessment]) -> list[FoundConflict]:
    """The pairs of answers that none of the assessed formats meets; pass all scored formats."""
    terms = [{term.criterion.id: term for term in assessment.terms} for assessment in assessments]
    return [
        FoundConflict(conflict, fill(conflict.text, {"answer": _limit_text(catalog, answers, conflict)}))
        for conflict in catalog.conflicts
        if terms and all(id in terms[0] and terms[0][id].weight > 0 for id in conflict.between)
        if not any(all(_met(each[id], conflict) for id in conflict.between) for each in terms)
    ]


def _met(term: Term, conflict: Conflict) -> bool:
    if term.rule.kind is RuleKind.LIMIT:
        return term.verdict is not Verdict.BLOCKED
    return term.judgement.typical >= conflict.least_value


def _limit_text(catalog: Catalog, answers: Answers, conflict: Conflict) -> str:
    """The answer of the limit among the two; the last one where both are limits."""
    texts = [
        answer_text(catalog.questions[id], answer)
        for id in conflict.between
        if (answer := answers.get(id)) is not None and catalog.criteria[id].rule.kind is RuleKind.LIMIT
    ]
    return texts[-1] if texts else ""

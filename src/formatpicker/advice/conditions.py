"""Whether the tests of cautions and next steps hold for a person: a closed set of operators on answers and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from formatpicker.advice.wording import word
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.guidance import Test
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers


def holds(catalog: Catalog, test: Test, answers: Answers, format: Format, region: str | None) -> bool:
    """Whether a test of a caution holds for a person and a format in a region."""
    if test.subject == "attribute":
        value, kind = catalog.regional(format, test.name).within(region), catalog.attributes[test.name].kind
        return OPERATORS[test.operator]({word(kind, value.typical)}, test.operand)
    return holds_of_answer(catalog, test, answers)


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

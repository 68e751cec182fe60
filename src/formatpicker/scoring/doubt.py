"""Answers that cannot be read, or in more than one way: what to say of them, and what may have been meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.base.quantities import is_bound, listed_parts, range_ends
from formatpicker.base.text import joined, nearest, opposed
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.errors import AnswerError


def in_doubt(question: Question, raw: object, meanings: Sequence[str]) -> AnswerError:
    """What to say of an answer with several meanings."""
    told = joined([repr(each) for each in meanings], "or")
    return AnswerError(question.id, raw, f"may mean {told}; write which", candidates=meanings)


def unread(
    question: Question,
    raw: object,
    problem: str,
    reading: Callable[[str], float | None],
    nearest_reading: Callable[[str], str],
) -> AnswerError:
    """What to say of a number or a duration that cannot be read.

    Args:
        question: What was asked.
        raw: What was answered.
        problem: What is wrong with it.
        reading: The value of a text, None where it has none.
        nearest_reading: The text with a value that another text is closest to, or an empty one.
    """
    if not isinstance(raw, str):
        return AnswerError(question.id, raw, problem)
    for ends in (range_ends(raw), listed_parts(raw)):
        if ends and all(reading(end) is not None for end in ends):
            return in_doubt(question, raw, ends)
    closest = nearest_reading(raw)
    guessed = closest and _is_in_range(question, reading(closest)) and not is_bound(raw) and not opposed(raw, closest)
    near = closest if guessed else nearest(raw, question.words or ())
    hint = f"; did you mean {near!r}?" if near else ""
    return AnswerError(question.id, raw, problem + hint, candidates=[near] if near else [])


def _is_in_range(question: Question, value: float | None) -> bool:
    """Whether a number, or days, is an answer to the question."""
    per_unit = DAYS_PER_WEEK if question.answer is AnswerKind.DURATION else 1
    return value is not None and question.least * per_unit <= value <= question.most * per_unit

"""Where formats open and close along a number that is being entered: the bounds that relaxations go by."""

from __future__ import annotations

from typing import NamedTuple

from formatpicker.advice.answer_ranges import round_answers
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.tables import Table


class Opening(NamedTuple):
    """A format and the span of answers to one question, in days or whole units, with which nothing rules it out."""

    format: Format
    least: int
    most: int


def openings(table: Table, answers: Answers, question: Question) -> list[Opening]:
    """The formats of a table that some answer to a number or duration leaves open, those that open first in front.

    The other answers count as they are, so a format that another one rules out is not among them. The ends of a span
    are round numbers, as in what relaxations propose.
    """
    if question.answer not in (AnswerKind.NUMBER, AnswerKind.DURATION):
        return []
    points = round_answers(question)
    blocks = [table.standing(answers.replaced(table.catalog, question.id, point)).blocks for point in points]
    found = []
    for index, format in enumerate(table.formats):
        at = [point for point, blocked in zip(points, blocks, strict=True) if not blocked[index]]
        if at:
            found.append(Opening(format, at[0], at[-1]))
    return sorted(found, key=lambda each: each.least)

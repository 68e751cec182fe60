"""Changed answers: what what-ifs and the ways out of a blocker are made of.

Facts about the person are never changed. Numbers are round ones beyond the point where something turns: nobody plans
in 34 weeks and 5 days. Whatever is returned has been run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, written_answer
from formatpicker.scoring.parsing import parse_answers

# Distances are shares of the way across a question, in billionths so that near and far never tie by rounding; a
# question not answered so far comes after all others.
FAR = 1_000_000_000
NEWLY_ANSWERED = 10 * FAR

# Answers in the questions' own units, as ``recommend`` accepts them.
Change = Mapping[str, Any]
# The same as the engine has them.
Parsed = Mapping[str, Answer]


class Step(Struct, frozen=True):
    """One answer changed, and how far from the present one it is."""

    question: str
    answer: Answer
    distance: int


def changed(catalog: Catalog, answers: Answers, change: Change) -> Answers:
    """The answers with a change applied.

    Raises:
        AnswerError: The change holds an unknown question or an answer that its question does not accept.
    """
    return with_answers(catalog, answers, parse_answers(catalog, change).values)


def with_answers(catalog: Catalog, answers: Answers, parsed: Parsed) -> Answers:
    """The answers with some of them replaced by parsed ones."""
    for question, answer in parsed.items():
        answers = answers.replaced(catalog, question, answer)
    return answers


def written(catalog: Catalog, parsed: Parsed) -> Change:
    """A change as ``recommend`` accepts it."""
    return {id: written_answer(catalog.questions[id], answer) for id, answer in parsed.items()}


def share_apart(answer: int, given: int) -> int:
    """How far apart two numbers are, as a share of the greater, in parts of ``FAR``."""
    return FAR * abs(answer - given) // max(answer, given, 1)

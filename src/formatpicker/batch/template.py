"""The empty intake sheet: its columns and the help under each header. A reader knows the help from data by its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formatpicker.base.durations import duration_text, parse_days
from formatpicker.base.text import capitalized
from formatpicker.batch.headers import ID, Target
from formatpicker.catalog.criteria import AnswerKind, Goal, Option, Question
from formatpicker.catalog.model import Catalog

ID_HELP = "Any name or number that tells this person from the others"


class BlankColumn(NamedTuple):
    """One column of the sheet: its header, what it holds, the help under the header, and what is asked if not an id."""

    header: str
    target: Target
    help: str
    question: Question | None = None

    @property
    def choices(self) -> tuple[Option | Goal, ...]:
        """The answers to choose from."""
        return self.question.choices if self.question else ()


def columns(catalog: Catalog) -> list[BlankColumn]:
    """The columns: an id, then every question by its key; a ranking of goals has a column for each place."""
    found = [BlankColumn(ID, Target(ID), ID_HELP)]
    for question in catalog.questions.values():
        if question.goals:
            for place in range(1, int(question.most) + 1):
                target = Target(question.id, place)
                told = (
                    f"{question.text} The most important one." if place == 1 else f"Number {place}, or leave it empty."
                )
                found.append(BlankColumn(str(target), target, told, question))
        else:
            found.append(BlankColumn(question.id, Target(question.id), _help(question), question))
    return found


def _help(question: Question) -> str:
    example = f" For example {question.example}." if question.example else ""
    unit = f" A number of {question.unit}." if question.unit else ""
    return f"{question.text}{unit}{example}"


def is_help(catalog: Catalog, targets: Sequence[Target | None], row: Sequence[str]) -> bool:
    """Whether a row is the help under the headers: in every column of ours that is not empty."""
    helps = {column.target: column.help for column in columns(catalog)}
    told = [
        cell.strip() == helps.get(target) for target, cell in zip(targets, row, strict=False) if target and cell.strip()
    ]
    return bool(told) and all(told)


def accepted(question: Question) -> Iterator[str]:
    """What a question accepts, in sentences."""
    if question.answer is AnswerKind.GOALS:
        ids = ", ".join(goal.id for goal in question.goals[:2])
        yield f"Up to {question.most:g} of these, the most important first, as in [{ids}]:"
    elif question.answer is AnswerKind.CHOICE:
        yield "One of these:"
    else:
        yield f"{capitalized(limits(question))}. For example {question.example or f'{question.least:g}'}."


def limits(question: Question) -> str:
    """The ends of what a question of numbers accepts."""
    if question.answer is AnswerKind.DURATION:
        least, most = (duration_text(parse_days(end) or 0) for end in (question.least, question.most))
        return f"a number of weeks, or text with a unit, from {least} to {most}"
    return f"a number of {question.unit or 'units'} from {question.least:g} to {question.most:g}"

"""The empty sheet of our own: its columns, and the help below each header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from formatpicker.batch.headers import ID, Meaning
from formatpicker.catalog.criteria import Goal, Option, Question
from formatpicker.catalog.model import Catalog

ID_HELP = "Any name or number that tells this person from the others"


class BlankColumn(NamedTuple):
    """One column of the sheet: its header, what it holds, the help under the header, and what is asked if not an id."""

    header: str
    meaning: Meaning
    help: str
    question: Question | None = None

    @property
    def choices(self) -> tuple[Option | Goal, ...]:
        """The answers to choose from."""
        return self.question.choices if self.question else ()


def blank_columns(catalog: Catalog) -> list[BlankColumn]:
    """The columns: an id, then every question by its key; a ranking of goals has a column for each rank."""
    columns = [BlankColumn(ID, Meaning(ID), ID_HELP)]
    for question in catalog.questions.values():
        if question.goals:
            for rank in range(1, int(question.most) + 1):
                meaning = Meaning(question.id, rank)
                told = f"{question.text} The most important one." if rank == 1 else f"Number {rank}, or leave it empty."
                columns.append(BlankColumn(str(meaning), meaning, told, question))
        else:
            columns.append(BlankColumn(question.id, Meaning(question.id), _help(question), question))
    return columns


def _help(question: Question) -> str:
    example = f" For example {question.example}." if question.example else ""
    unit = f" A number of {question.unit}." if question.unit else ""
    return f"{question.text}{unit}{example}"


def is_help(catalog: Catalog, meanings: Sequence[Meaning | None], row: Sequence[str]) -> bool:
    """Whether a row is the help under the headers: in every column of ours that is not empty."""
    helps = {column.meaning: column.help for column in blank_columns(catalog)}
    told = [
        cell.strip() == helps.get(meaning)
        for meaning, cell in zip(meanings, row, strict=False)
        if meaning and cell.strip()
    ]
    return bool(told) and all(told)

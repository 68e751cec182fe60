"""Which questions of a table are looked up together, so that few look-ups serve a row, and all are remembered."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from formatpicker.batch.effects import Effect, Effects
from formatpicker.batch.rows import Cells
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog.model import AnswerKind, Catalog, Question

Pick = Callable[[Cells], Any]

# As many combinations of answers, in all regions, as one group of questions may have: all of them can be remembered.
MOST_COMBINATIONS = 8_000
# How many different numbers people give; more cost time and nothing else.
USUAL_NUMBERS = 20


@dataclass(eq=False)
class Part:
    """Some questions whose answers are looked up together: the columns, and what is known of their cells so far."""

    questions: tuple[Question, ...]
    columns: tuple[tuple[int, ...], ...]
    regional: bool
    pick: Pick
    known: dict[Any, Effect]


def parts_of(effects: Effects, sheet: Sheet) -> list[Part]:
    """The answered questions in groups: goals, factors of one derived quantity, and choices up to a number together."""
    catalog = effects.catalog
    asked = [question for question in catalog.questions.values() if question.id in sheet.columns]
    groups: list[list[Question]] = []
    for question in sorted(asked, key=lambda question: not question.options):
        home = next((group for group in groups if _belongs(catalog, group, question)), None)
        if home is None:
            groups.append([question])
        else:
            home.append(question)
    return [_part(effects, sheet, group) for group in groups]


def _belongs(catalog: Catalog, group: list[Question], question: Question) -> bool:
    """Whether a question joins a group: as a factor of one derived quantity, or as one more of few combinations."""
    pairs = [{item.per_week, item.duration} for item in catalog.derived.values()]
    if any(question.id in pair and other.id in pair for pair in pairs for other in group):
        return True
    factors = {id for pair in pairs for id in pair}
    whole = [*group, question]
    region = catalog.region_question
    if region and region not in whole:
        whole.append(region)
    return (
        all(each.answer is not AnswerKind.GOALS and each.id not in factors for each in whole)
        and math.prod(len(each.options) + 1 if each.options else USUAL_NUMBERS for each in whole) <= MOST_COMBINATIONS
    )


def _part(effects: Effects, sheet: Sheet, questions: list[Question]) -> Part:
    columns = tuple(sheet.columns[question.id] for question in questions)
    derived = {
        id for id, item in effects.catalog.derived.items() for question in questions if question.id == item.duration
    }
    regional = any(id in effects.regional for id in (*derived, *(question.id for question in questions)))
    region = effects.catalog.region_question
    picked = [index for group in columns for index in group]
    if regional and region and region.id in sheet.columns:
        picked += sheet.columns[region.id]
    return Part(tuple(questions), columns, regional, itemgetter(*dict.fromkeys(picked)), {})

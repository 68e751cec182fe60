"""Which questions of a table are looked up together, so that few look-ups serve a row, and what was found so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from functools import partial, reduce
from operator import add
from typing import Any

from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.batch import remembered
from formatpicker.batch.effects import Effects
from formatpicker.batch.headers import Sheet
from formatpicker.batch.packing import Packed, Packing
from formatpicker.batch.rows import Cell, Column
from formatpicker.catalog.model import AnswerKind, Catalog, Question
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer, Goals

# What reads a cell of a question; it raises AnswerError where the question does not accept it.
Parse = Callable[[Question, Cell], Answer | None]

# As many combinations of answers, in all regions, as one group of questions may have: all of them can be remembered.
MOST_COMBINATIONS = 8_000
# How many different numbers people give; more cost time and nothing else.
USUAL_NUMBERS = 20
# Longer cells are read anew each time.
_LONGEST_REMEMBERED = 500
# The code of a cell that its question does not accept: whatever it is added to stays below zero.
_REFUSED = -(1 << 200)


class Codes(dict[Cell, int]):
    """A number for the answer in each cell of one question, in bits of its own, so that those of several can be added.

    Cells with the same answer have the same code, and so have answers that are ``alike``.
    """

    def __init__(
        self, question: Question, parse: Parse, shift: int, alike: Callable[[Answer], Hashable] | None = None
    ) -> None:
        super().__init__()
        self.question = question
        self._parse = parse
        self._shift = shift
        self._alike = alike or _identity
        self.bits = _bits(question)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._answers: list[Answer | None] = [None]
        self._numbers: dict[Hashable, int] = {}

    def answer(self, key: int) -> Answer | None:
        """The answer in a sum of codes."""
        return self._answers[key >> self._shift & (1 << self.bits) - 1]

    def __missing__(self, cell: Cell) -> int:
        try:
            answer = self._parse(self.question, cell)
        except AnswerError:
            return _REFUSED
        code = 0 if answer is None else self._number(answer) << self._shift
        if _is_short(cell):
            self[cell] = code
        return code

    def _number(self, answer: Answer) -> int:
        kind = self._alike(answer)
        number = self._numbers.get(kind)
        if number is None:
            number = self._numbers[kind] = len(self._answers)
            self._answers.append(answer)
        return number


class Part(dict[Any, Packed]):
    """Some questions that are looked up together, and what each combination of their answers does.

    The keys are sums of codes, or, of a single question, the very cells.
    """

    def __init__(self, packing: Packing, parse: Parse, questions: Sequence[Question], region: Question | None) -> None:
        super().__init__()
        self._packing = packing
        self._parse = parse
        self._questions = questions
        self._region = region
        self._region_apart = region not in questions
        self._codes: list[Codes] = []
        asked = [*questions, *([region] if region and region not in questions else [])]
        if len(asked) > 1:
            shift = 0
            for question in sorted(asked, key=lambda question: question.answer is AnswerKind.GOALS):
                alike = None if question in questions else self._regions_alike()
                self._codes.append(Codes(question, parse, shift, alike))
                shift += self._codes[-1].bits

    def looked_up(self, cells: Callable[[Question], Column]) -> list[Packed]:
        """What the answers of each row do, given the cells of each question."""
        if max([len(self), *map(len, self._codes)]) >= remembered.MOST_REMEMBERED:
            self.clear()
            for codes in self._codes:
                codes.forget()
        if not self._codes:
            return list(map(self.__getitem__, cells(self._questions[0])))
        columns = [map(codes.__getitem__, cells(codes.question)) for codes in self._codes]
        return list(map(self.__getitem__, reduce(partial(map, add), columns)))

    def __missing__(self, key: Any) -> Packed:
        try:
            answers = self._answers(key)
        except AnswerError:
            return self._packing.refusal
        region = answers.get(self._region.id) if self._region else None
        if self._region and self._region_apart:
            answers.pop(self._region.id, None)
        found = self._packing.of(answers, None if region is None else str(region))
        if _is_short(key):
            self[key] = found
        return found

    def _answers(self, key: Any) -> dict[str, Answer]:
        if not self._codes:
            question = self._questions[0]
            answer = self._parse(question, key)
            return {} if answer is None else {question.id: answer}
        if key < 0:
            raise AnswerError(self._questions[0].id, None, "a cell of these is no answer")
        found = {}
        for codes in self._codes:
            if (answer := codes.answer(key)) is not None:
                found[codes.question.id] = answer
        return found

    def _regions_alike(self) -> Callable[[Answer], Hashable]:
        """Regions in which the answers of this part do the same are as good as one."""
        effects = self._packing.effects
        apart = {region for id in _ids(effects.catalog, self._questions) for region in effects.regions.get(id, ())}
        return lambda answer: answer if answer in apart else None


def parts_of(packing: Packing, sheet: Sheet, parse: Parse) -> list[Part]:
    """The answered questions of a table in groups."""
    effects = packing.effects
    region = effects.catalog.region_question
    if region and region.id not in sheet.columns:
        region = None
    return [
        Part(packing, parse, group, region if effects.regions.keys() & _ids(effects.catalog, group) else None)
        for group in groups_of(effects, sheet)
    ]


def groups_of(effects: Effects, sheet: Sheet) -> list[list[Question]]:
    """Goals, factors of one derived quantity, and choices up to a number together."""
    catalog = effects.catalog
    asked = [question for question in catalog.questions.values() if question.id in sheet.columns]
    groups: list[list[Question]] = []
    for question in sorted(asked, key=lambda question: not question.options):
        home = next((group for group in groups if _belongs(catalog, group, question)), None)
        if home is None:
            groups.append([question])
        else:
            home.append(question)
    return groups


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


def _ids(catalog: Catalog, questions: Sequence[Question]) -> set[str]:
    """Some questions, and the quantities that are derived from them."""
    found = {question.id for question in questions}
    return found | {id for id, item in catalog.derived.items() if item.duration in found}


def _is_short(cell: Cell) -> bool:
    """Whether a cell takes so little memory that many like it can be remembered. What is refused never is."""
    return not isinstance(cell, str) or len(cell) <= _LONGEST_REMEMBERED


def _identity(answer: Answer) -> Hashable:
    if isinstance(answer, Goals):
        return frozenset(answer.shares.items())
    return answer


def _bits(question: Question) -> int:
    """Room for the codes of all answers to a question; goals need as much as there is."""
    if question.options:
        return len(question.options).bit_length()
    if question.answer is AnswerKind.GOALS:
        return remembered.MOST_REMEMBERED.bit_length() + 64
    most = question.most * DAYS_PER_WEEK if question.answer is AnswerKind.DURATION else question.most
    return (int(most) + 1).bit_length()

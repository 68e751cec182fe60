"""When a questionnaire may stop, and which question matters most: exact bounds over what is still unanswered.

Sums are additive over questions, so the worst that the open questions can do to the lead of one format over another is
the sum of the worst that each can do. Goals weigh 1 together, so their worst is at a single goal. The region changes
every value at once; where it is open, each region is taken in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import every_answer, least_answer, most_answer, turning_points
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import AnswerKind, Criterion, Derived, Question
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.rules import ONE, takes_part
from formatpicker.scoring.tables import Column, Standing, Table, unit_of


class _Move(Struct, frozen=True):
    """What one answer adds to each format's sum, whom it blocks, and for whom it is unlikely."""

    products: tuple[int, ...]
    blocked: tuple[bool, ...]
    unlikely: tuple[bool, ...]

    def harms(self, index: int) -> bool:
        """Whether it takes a format out of the ranking or moves it behind."""
        return self.blocked[index] or self.unlikely[index]


class Outlook:
    """What the open questions can still do, given the answers so far."""

    def __init__(self, catalog: Catalog, table: Table) -> None:
        self.catalog = catalog
        self.table = table
        self._moves: dict[tuple[str, str | None], list[_Move]] = {}

    def is_settled(self, answers: Answers, open_questions: Iterable[str]) -> bool:
        """Whether no combination of answers to the open questions, skipping included, can change the top.

        A tie is never called settled. Where every format is blocked, nothing can open one again.
        """
        standing = self.table.standing(answers)
        best = standing.top()
        if all(standing.blocks):
            return True
        if len(best) != 1:
            return False
        left = [self.catalog.questions[id] for id in open_questions]
        return all(self._stays_first(best[0], under, left) for under in self._regions(answers, left))

    def _regions(self, answers: Answers, left: list[Question]) -> list[Answers]:
        """The answers as they are, and with each region where that question is open."""
        question = next((each for each in left if each.selects_region), None)
        options = question.options if question else ()
        return [answers, *(answers.replaced(self.catalog, cast(Question, question).id, each.id) for each in options)]

    def _stays_first(self, best: int, answers: Answers, left: list[Question]) -> bool:
        standing = self.table.standing(answers)
        moves = [self._question_moves(question, answers) for question in left]
        if best not in standing.top() or any(move.blocked[best] for each in moves for move in each):
            return False
        derived = [self._derived_moves(item, answers, left) for item in self.catalog.derived.values()]
        if any(move.blocked[best] for each in derived for move in each):
            return False
        unit = unit_of(answers)
        return all(
            standing.blocked[rival] or self._stays_ahead(best, rival, standing, [*moves, *derived], unit)
            for rival in range(len(self.table.formats))
            if rival != best
        )

    def _stays_ahead(self, best: int, rival: int, standing: Standing, moves: list[list[_Move]], unit: int) -> bool:
        """Whether a format keeps fewer unlikely verdicts than a rival at the worst, or as many and a higher sum."""
        more = standing.unlikely[best] - standing.unlikely[rival]
        more += sum(max([0, *(move.unlikely[best] - move.unlikely[rival] for move in each)]) for each in moves)
        return more < 0 or (more == 0 and self._worst_lead(best, rival, standing, moves, unit) > 0)

    def _worst_lead(self, best: int, rival: int, standing: Standing, moves: list[list[_Move]], unit: int) -> int:
        lead = standing.totals[best] - standing.totals[rival]
        worst = (min((move.products[best] - move.products[rival] for move in each), default=0) for each in moves)
        return lead + unit * sum(min(0, each) for each in worst)

    def influence(self, answers: Answers, question: Question) -> int:
        """How far an open question can still move the formats that are not blocked against each other.

        The unit is that of the sums so far. An answer that blocks a format or is unlikely for it takes all of its sum
        away.
        """
        standing = self.table.standing(answers)
        if question.selects_region:
            shifts = [self._region_shift(standing, under) for under in self._regions(answers, [question])[1:]]
        else:
            unit = unit_of(answers)
            moves = [*self._question_moves(question, answers), *self._moves_of_derived(question, answers)]
            shifts = [
                self._shift(
                    standing, tuple(unit * each for each in move.products), [move.harms(at) for at in self._indices]
                )
                for move in moves
            ]
        return max(shifts, default=0)

    @property
    def _indices(self) -> range:
        return range(len(self.table.formats))

    def can_matter(self, answers: Answers, question: Question) -> bool:
        """Whether an open question can move an open format, alone or together with the region where that is open."""
        if question.selects_region:
            return True
        region = self.catalog.region_question
        left = [region] if region and answers.get(region.id) is None else []
        return any(self.influence(under, question) > 0 for under in self._regions(answers, left))

    def _moves_of_derived(self, question: Question, answers: Answers) -> list[_Move]:
        """What a question can do through quantities derived from it and another answer, given or still open."""
        found = []
        for item in self.catalog.derived.values():
            if question.id in (item.per_week, item.duration):
                both = [self.catalog.questions[id] for id in (item.per_week, item.duration)]
                left = [each for each in both if each is question or answers.get(each.id) is None]
                found += self._derived_moves(item, answers, left)
        return found

    def _region_shift(self, before: Standing, under: Answers) -> int:
        after = self.table.standing(under)
        products = tuple(now - was for now, was in zip(after.totals, before.totals, strict=True))
        harmed = [after.blocked[at] or after.unlikely[at] > before.unlikely[at] for at in self._indices]
        return self._shift(before, products, harmed)

    def _shift(self, standing: Standing, products: tuple[int, ...], harmed: Sequence[bool]) -> int:
        alive = [index for index, blocks in enumerate(standing.blocks) if not blocks]
        shifts = [-standing.totals[index] - 1 if harmed[index] else products[index] for index in alive]
        lost = max((standing.totals[index] + 1 for index in alive if harmed[index]), default=0)
        return max(lost, max(shifts, default=0) - min(shifts, default=0))

    def _question_moves(self, question: Question, answers: Answers) -> list[_Move]:
        """What each answer to an open question does, in hundredths times thousandths and before the goals' unit."""
        region_question = self.catalog.region_question
        region = cast(str | None, answers.get(region_question.id)) if region_question else None
        key = (question.id, region)
        if key not in self._moves:
            self._moves[key] = list(dict.fromkeys(self._made_moves(question, region)))
        return self._moves[key]

    def _made_moves(self, question: Question, region: str | None) -> Iterable[_Move]:
        criteria = self.catalog.criteria()
        if question.answer is AnswerKind.GOALS:
            for goal in question.goals:
                yield self._move(criteria[goal.id], Goals({goal.id: 1}), question.weight, region)
        elif question.rule:
            for answer in self._domain(question, region):
                if takes_part(question.rule, answer):
                    yield self._move(criteria[question.id], answer, question.rule.weight_of(answer), region)

    def _domain(self, question: Question, region: str | None) -> list[Answer]:
        if question.answer is AnswerKind.CHOICE:
            return [option.id for option in question.options]
        return list(every_answer(self.catalog, self.table, question, region))

    def _move(self, criterion: Criterion, answer: Answer, weight: int, region: str | None) -> _Move:
        column: Column = self.table.column(criterion, answer, region)
        return _Move(tuple(weight * value for value in column.values), column.blocked, column.unlikely)

    def _derived_moves(self, item: Derived, answers: Answers, left: list[Question]) -> list[_Move]:
        """A derived quantity whose answers are partly open: at the ends that it can reach, and where verdicts turn."""
        ids = {question.id for question in left}
        if not {item.per_week, item.duration} & ids:
            return []
        ends = [
            _product(self._end(item.per_week, answers, ids, end), self._end(item.duration, answers, ids, end))
            for end in (least_answer, most_answer)
        ]
        region_question = self.catalog.region_question
        region = cast(str | None, answers.get(region_question.id)) if region_question else None
        return self._derived_between(item, region, [end for end in ends if end is not None])

    def _derived_between(self, item: Derived, region: str | None, ends: list[int]) -> list[_Move]:
        if not ends:
            return []
        criterion = self.catalog.criteria()[item.id]
        turning = {
            point for format in self.table.formats for point in turning_points(self.catalog, format, item.rule, region)
        }
        points = {*ends, *(point for point in turning if min(ends) <= point <= max(ends))}
        moves = [self._move(criterion, point, item.rule.weight, region) for point in sorted(points)]
        if item.rule.weight:
            # Between two points values of two formats can differ by at most the whole weight.
            count, whole = len(self.table.formats), item.rule.weight * ONE
            nobody = (False,) * count
            moves += [
                _Move(tuple(whole if index == other else 0 for index in range(count)), nobody, nobody)
                for other in range(count)
            ]
        return moves

    def _end(self, id: str, answers: Answers, open_ids: set[str], end: object) -> int | None:
        if id in open_ids:
            return cast(int, end(self.catalog.questions[id]))  # type: ignore[operator]
        return cast(int | None, answers.get(id))


def _product(per_week: int | None, days: int | None) -> int | None:
    if per_week is None or days is None:
        return None
    return per_week * max(days, DAYS_PER_WEEK) // DAYS_PER_WEEK

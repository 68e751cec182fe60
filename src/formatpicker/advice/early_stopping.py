"""When a questionnaire may stop, and which question matters most: exact bounds over what is still unanswered.

Sums are additive over questions, so the worst that the open questions can do to the lead of one format over another is
the sum of the worst that each can do. Goals weigh 1 together, so their worst is at a single goal. The region changes
every value at once; where it is open, each region is taken in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import or_
from typing import cast

from formatpicker.advice.answer_ranges import every_answer, listed_answers, turning_points
from formatpicker.catalog.criteria import Derived, Question, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.rules import ONE
from formatpicker.scoring.tables import Effect, EffectTable, Standings
from formatpicker.scoring.weights import derived_answers, region_of, unit_of


class Outlook:
    """What the open questions can still do, given the answers so far."""

    def __init__(self, table: EffectTable) -> None:
        self.catalog: Catalog = table.catalog
        self.table = table
        self._harm: int = table.bits(Verdict.BLOCKED) | table.bits(Verdict.UNLIKELY)
        self._moves: dict[tuple[str, str | None], list[Effect]] = {}

    def is_settled(self, answers: Answers, open_questions: Iterable[str]) -> bool:
        """Whether no combination of answers to the open questions, skipping included, can change the top.

        A tie is never called settled. Where every format is blocked, nothing can open one again.
        """
        standings = self.table.standings(answers)
        best = standings.top()
        if all(standings.blocked):
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
        standings = self.table.standings(answers)
        moves = [self._question_moves(question, answers) for question in left]
        moves += [self._derived_moves(item, answers, left) for item in self.catalog.derived.values()]
        if best not in standings.top() or any(self.table.blocks(move.marks[best]) for each in moves for move in each):
            return False
        unit = unit_of(answers)
        return all(
            standings.blocked[rival] or self._stays_ahead(best, rival, standings, moves, unit)
            for rival in range(len(self.table.formats))
            if rival != best
        )

    def _stays_ahead(self, best: int, rival: int, standings: Standings, moves: list[list[Effect]], unit: int) -> bool:
        """Whether a format keeps fewer unlikely verdicts than a rival at the worst, or as many and a higher sum."""
        misses = self.table.long_shots
        more = standings.unlikely[best] - standings.unlikely[rival]
        more += sum(
            max([0, *(misses(move.marks[best]) - misses(move.marks[rival]) for move in each)]) for each in moves
        )
        worst = [min((move.totals[best] - move.totals[rival] for move in each), default=0) for each in moves]
        lead = standings.totals[best] - standings.totals[rival] + unit * sum(min(0, each) for each in worst)
        return more < 0 or (more == 0 and lead > 0)

    def influence(self, answers: Answers, question: Question) -> int:
        """How far an open question can still move the formats that are not blocked against each other.

        The unit is that of the sums so far. An answer that blocks a format or is unlikely for it takes all of its sum
        away.
        """
        standings = self.table.standings(answers)
        if question.selects_region:
            shifts = [self._region_shift(standings, under) for under in self._regions(answers, [question])[1:]]
        else:
            unit = unit_of(answers)
            moves = [*self._question_moves(question, answers), *self._moves_of_derived(question, answers)]
            shifts = [
                self._shift(
                    standings, [unit * each for each in move.totals], [mark & self._harm for mark in move.marks]
                )
                for move in moves
            ]
        return max(shifts, default=0)

    def can_matter(self, answers: Answers, question: Question) -> bool:
        """Whether an open question can move an open format, alone or together with the region where that is open."""
        if question.selects_region:
            return True
        region = self.catalog.region_question
        left = [region] if region and answers.get(region.id) is None else []
        return any(self.influence(under, question) > 0 for under in self._regions(answers, left))

    def _moves_of_derived(self, question: Question, answers: Answers) -> list[Effect]:
        """What a question can do through quantities derived from it and another answer, given or still open."""
        found = []
        for item in self.catalog.derived.values():
            if question.id in (item.per_week, item.duration):
                both = [self.catalog.questions[id] for id in (item.per_week, item.duration)]
                left = [each for each in both if each is question or answers.get(each.id) is None]
                found += self._derived_moves(item, answers, left)
        return found

    def _region_shift(self, before: Standings, under: Answers) -> int:
        after = self.table.standings(under)
        products = [now - was for now, was in zip(after.totals, before.totals, strict=True)]
        missed = [now > was for now, was in zip(after.unlikely, before.unlikely, strict=True)]
        return self._shift(before, products, [*map(or_, after.blocked, missed)])

    def _shift(self, standings: Standings, products: Sequence[int], harmed: Sequence[int]) -> int:
        alive = [index for index, blocked in enumerate(standings.blocked) if not blocked]
        shifts = [-standings.totals[index] - 1 if harmed[index] else products[index] for index in alive]
        lost = max((standings.totals[index] + 1 for index in alive if harmed[index]), default=0)
        return max(lost, max(shifts, default=0) - min(shifts, default=0))

    def _question_moves(self, question: Question, answers: Answers) -> list[Effect]:
        """What each answer to an open question does, in hundredths times thousandths and before the goals' unit."""
        region = region_of(self.catalog, answers)
        key = (question.id, region)
        if key not in self._moves:
            domain = listed_answers(question) or every_answer(self.table, question.rule, question.ends, region)
            self._moves[key] = list(dict.fromkeys(self.table.effect(question.id, answer, region) for answer in domain))
        return self._moves[key]

    def _derived_moves(self, item: Derived, answers: Answers, left: list[Question]) -> list[Effect]:
        """A derived quantity whose answers are partly open: at the ends that it can reach, and where verdicts turn."""
        open_ones = [question for question in left if question.id in (item.per_week, item.duration)]
        ends = []
        for end in range(2):
            reached = Answers({**answers.values, **{each.id: each.ends[end] for each in open_ones}})
            ends += [quantity for id, quantity in derived_answers(self.catalog, reached).items() if id == item.id]
        if not open_ones or not ends:
            return []
        region, formats = region_of(self.catalog, answers), self.table.formats
        turning = turning_points(self.table, item.rule, region)
        points = {*ends, *(point for point in turning if min(ends) <= point <= max(ends))}
        moves = [self.table.effect(item.id, point, region) for point in sorted(points)]
        if item.rule.weight:
            # Between two points values of two formats can differ by at most the whole weight.
            nothing, whole = [0] * len(formats), item.rule.weight * ONE
            moves += [Effect((*nothing[:at], whole, *nothing[at + 1 :]), tuple(nothing)) for at in range(len(formats))]
        return moves

"""Which pairs of changed answers may change the top: all that do, and few others, most of them never looked at.

A format is worth its share of points, less a toll for every must that it misses: one number by which open formats are
ranked, and one that adds up over questions and derived quantities. What a rival gains on the leader by two changes is
therefore what it gains by each, and by the quantities derived from both. It is reckoned in floats with some slack,
since whatever looks promising is run exactly afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, cast

from formatpicker.advice.answer_ranges import turning_points
from formatpicker.advice.changes import Parsed, Step
from formatpicker.catalog.criteria import Derived
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import derived_answer, region_of
from formatpicker.scoring.tables import unit_of
from formatpicker.scoring.variations import Variations

# In hundredths of a weight times thousandths of a value, where one unit is the least real difference there is.
_SLACK = 1e-3
# What one unlikely verdict costs: more than the greatest share of points; one blocker costs more than all of them.
_UNLIKELY = 1e8
_BLOCKED = 1e10

# What each rival gains on the leader, in the order of the table's formats, the leader left out.
_Gains = tuple[float, ...]


class _Tried(NamedTuple):
    """A step, its place among all of them, and what each rival gains by it."""

    place: int
    step: Step
    gains: _Gains


def promising_pairs(varied: Variations, steps: Sequence[Step]) -> list[tuple[Step, Step]]:
    """Pairs of steps of different questions that may change the top, in the order of ``combinations``.

    Where several formats are level at the top, any pair may.
    """
    top = varied.standing({}).top()
    if len(top) != 1:
        return [pair for pair in combinations(steps, 2) if pair[0].question != pair[1].question]
    gaps = _Gaps(varied, top[0])
    tried: dict[str, list[_Tried]] = {}
    for place, step in enumerate(steps):
        tried.setdefault(step.question, []).append(_Tried(place, step, gaps.gained(step)))
    found = {pair for one, two in combinations(tried.values(), 2) for pair in _close(gaps, one, two)}
    return [(steps[first], steps[second]) for first, second in sorted(found)]


def _close(gaps: _Gaps, one: Sequence[_Tried], two: Sequence[_Tried]) -> Iterator[tuple[int, int]]:
    """The places of the pairs by which some rival draws level, each rival's best steps first until they fall short."""
    bears = gaps.bears(one[0].step.question, two[0].step.question)
    most = gaps.most_derived if bears else gaps.derived({})
    for rival, behind in enumerate(gaps.base):

        def gain(tried: _Tried, rival: int = rival) -> float:
            return tried.gains[rival]

        firsts, seconds = sorted(one, key=gain, reverse=True), sorted(two, key=gain, reverse=True)
        for first in firsts:
            needed = -_SLACK - behind - first.gains[rival]
            if gain(seconds[0]) + most[rival] < needed:
                break
            for second in seconds:
                if gain(second) + most[rival] < needed:
                    break
                change = {each.step.question: each.step.answer for each in (first, second)}
                if not bears or gain(second) + gaps.derived(change)[rival] >= needed:
                    yield first.place, second.place


class _Gaps:
    """How far each rival is ahead of the leader under some answers, and what moves that."""

    def __init__(self, varied: Variations, leader: int) -> None:
        self._varied, self._table, self._leader = varied, varied.table, leader
        catalog = self._table.catalog
        self._region = region_of(catalog, varied.answers)
        self._items = tuple(catalog.derived.values())
        self._known: dict[tuple[str, int], _Gains] = {}
        self._bearing = frozenset(id for item in self._items for id in (item.per_week, item.duration))
        self.base = self._ahead({})
        self.most_derived = self._most_derived()

    def gained(self, step: Step) -> _Gains:
        """What each rival gains by a step, derived quantities left out."""
        after = self._ahead({step.question: step.answer})
        return tuple([now - was for now, was in zip(after, self.base, strict=True)])

    def bears(self, *questions: str) -> bool:
        """Whether derived quantities hang on any of some questions."""
        return not self._bearing.isdisjoint(questions)

    def derived(self, change: Parsed) -> _Gains:
        """What each rival is ahead by the derived quantities alone, with a change applied."""
        given: Mapping[str, object] = {**self._varied.answers.values, **change}
        found = (0.0,) * len(self.base)
        for item in self._items:
            per_week, days = given.get(item.per_week), given.get(item.duration)
            if per_week is not None and days is not None:
                own = self._by_quantity(item, derived_answer(cast(int, per_week), cast(int, days)))
                found = tuple([was + more for was, more in zip(found, own, strict=True)])
        return found

    def _most_derived(self) -> _Gains:
        """No less than ``derived`` can be: between two turning points values are linear but for rounding down."""
        found = (0.0,) * len(self.base)
        for item in self._items:
            points = {0} | {
                point
                for format in self._table.formats
                for point in turning_points(self._table.catalog, format, item.rule, self._region)
            }
            own = [self._by_quantity(item, point) for point in points]
            found = tuple([was + max(0, *more) + item.rule.weight for was, *more in zip(found, *own, strict=True)])
        return found

    def _by_quantity(self, item: Derived, quantity: int) -> _Gains:
        key = (item.id, quantity)
        if key not in self._known:
            column = self._table.column(self._table.catalog.criteria()[item.id], quantity, self._region)
            totals = [item.rule.weight * value for value in column.values]
            self._known[key] = self._over_leader(totals, column.blocked, column.unlikely, 1)
        return self._known[key]

    def _ahead(self, change: Parsed) -> _Gains:
        found = self._varied.standing(change, derived=False)
        unit = unit_of(Answers({**self._varied.answers.values, **change}))
        return self._over_leader(found.totals, found.blocks, found.unlikely, unit)

    def _over_leader(self, totals: Sequence[int], blocks: Sequence[int], unlikely: Sequence[int], unit: int) -> _Gains:
        worth = [
            total / unit - _UNLIKELY * long_shots - _BLOCKED * ruled_out
            for total, ruled_out, long_shots in zip(totals, blocks, unlikely, strict=True)
        ]
        own = worth[self._leader]
        return tuple([each - own for at, each in enumerate(worth) if at != self._leader])

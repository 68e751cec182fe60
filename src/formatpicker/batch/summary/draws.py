"""Robustness for many people: the very draws of ``sensitivity.robustness``, all of them at once in whole numbers.

What a criterion adds in each draw depends on nothing but the interval of the value and two names, so it is laid down
once: a lane of one long whole number for each draw. A person's sums in all draws are then a few products and additions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from formatpicker.advice.sensitivity import DRAWS, MOST_FACTOR, drawn_factors, drawn_values, greatest_weight
from formatpicker.catalog.model import Catalog, Criterion, Format, Question, RuleKind
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answers, rank_order_centroid
from formatpicker.scoring.ranking import Weighed, region_of, weigh
from formatpicker.scoring.rules import ONE, judge_within

# How much is remembered: lanes take some 12 kB for each interval, intervals a few bytes for each answer.
MOST_LANES = 2_000
MOST_INTERVALS = 20_000

Interval = tuple[int, int]


class Draws:
    """The draws of one catalog's core formats."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._formats = {format.id: format for format in catalog.formats.values() if format.core}
        self._intervals: dict[tuple[str, object, str | None], dict[str, Interval]] = {}
        self._lanes: dict[tuple[str, str, Interval], int] = {}
        self._factors: dict[str, list[int]] = {}

    def robustness(self, answers: Answers, best: str, rivals: Sequence[str]) -> float:
        """The share of draws in which a format alone at the top still comes before some others, or level with them."""
        weighed = [each for each in weigh(self.catalog, answers) if each.weight]
        region = region_of(self.catalog, answers)
        ours = self._totals(weighed, region, best) + self._signs
        ahead = self._signs
        for rival in rivals:
            ahead &= ours - self._totals(weighed, region, rival)
        return ahead.bit_count() / DRAWS

    def _totals(self, weighed: Sequence[Weighed], region: str | None, format: str) -> int:
        return sum(each.weight * self._drawn(each, region, format) for each in weighed)

    def _drawn(self, weighed: Weighed, region: str | None, format: str) -> int:
        """Factor times value in every draw."""
        key = (format, weighed.criterion.id, self._of_all(weighed, region)[format])
        found = self._lanes.get(key)
        if found is None:
            if len(self._lanes) >= MOST_LANES:
                self._lanes.clear()
            found = self._lanes[key] = self._laid_down(*key)
        return found

    def _of_all(self, weighed: Weighed, region: str | None) -> dict[str, Interval]:
        """Each format's interval on a criterion; the judgement of a goal does not depend on the other goals."""
        criterion = weighed.criterion
        key = (criterion.id, None if criterion.rule.kind is RuleKind.GOAL else weighed.answer, region)
        found = self._intervals.get(key)
        if found is None:
            if len(self._intervals) >= MOST_INTERVALS:
                self._intervals.clear()
            found = self._intervals[key] = {
                id: self._interval(criterion, weighed.answer, format, region) for id, format in self._formats.items()
            }
        return found

    def _interval(self, criterion: Criterion, answer: object, format: Format, region: str | None) -> Interval:
        regional = self.catalog.regional(format, criterion.rule.attribute)
        low, _, high, _ = judge_within(criterion.rule, answer, regional, region)
        return low, high

    def _laid_down(self, format: str, criterion: str, interval: Interval) -> int:
        if criterion not in self._factors:
            self._factors[criterion] = drawn_factors(criterion)
        values = drawn_values(format, criterion, *interval)
        products = (factor * value for factor, value in zip(self._factors[criterion], values, strict=True))
        return int.from_bytes(b"".join(product.to_bytes(self._width, "little") for product in products), "little")

    @cached_property
    def _signs(self) -> int:
        """The highest bit of every lane: added to a sum, it stays where a sum that is no larger is taken off."""
        lane = (1 << (8 * self._width - 1)).to_bytes(self._width, "little")
        return int.from_bytes(lane * DRAWS, "little")

    @cached_property
    def _width(self) -> int:
        """Bytes of a lane: room for the greatest sum there can be, below the highest bit."""
        questions = self.catalog.questions.values()
        units = [unit for question in questions for unit in _units(question)]
        weights = sum(map(greatest_weight, questions)) + sum(each.rule.weight for each in self.catalog.derived.values())
        greatest: int = max(units, default=1) * max(weights, 1) * MOST_FACTOR * ONE
        return greatest.bit_length() // 8 + 1


def _units(question: Question) -> list[int]:
    """What the shares of goals can add up to: weighed ones at most, ranked ones exactly."""
    goals = len(question.goals)
    ranked = range(1, min(goals, int(question.most)) + 1)
    return [goals * MOST_IMPORTANCE, *(sum(rank_order_centroid(count)) for count in ranked)]

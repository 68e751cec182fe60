"""Which format comes first where weights, values and limits are not quite what they are taken to be.

In each of 2,000 seeded draws every weight is multiplied by a factor log-uniform in [1/2, 2], every limit that was
answered by one log-uniform in [0.9, 1/0.9], and every value is drawn from a triangle over its interval with the typical
value as mode. Limits are judged again at what was drawn, so that verdicts move as well. All of it is in whole numbers,
and the random bytes are SHAKE-256 of a name: the same in every language and on every machine, and independent of what
else is in a catalog.

What an answer adds in all draws depends on nothing but names and numbers, so it is laid down once: a lane of one long
whole number for each draw. A person's sums in all draws are then a few products and additions: 4 ms for one person
whose lanes are all new, 1 ms for one of many.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from math import isqrt
from operator import mul
from typing import NamedTuple, cast

from msgspec import Struct

from formatpicker.catalog.criteria import About, RuleKind, Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.rules import Judgement, ValueFunction
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import Weighed, derived_answer, most_sum, region_of, weigh

# Factors are wholes of 65,536, one for each value of a byte: the middles of 256 equal steps of their logarithm. The
# rounding makes the tables the same wherever the last bit of a power differs.
STEPS = 256
UNIT = 65536
# Bytes of the numbers that lanes are packed from; the greatest, a factor times a value, takes four.
WORD = 8


def _factors(most: float) -> tuple[int, ...]:
    return tuple(round(UNIT * most ** ((2 * step + 1) / STEPS - 1)) for step in range(STEPS))


WEIGHT_FACTORS = _factors(2.0)
LIMIT_FACTORS = _factors(10 / 9)

# How much is remembered, for many people: a lane takes some 16 kB.
MOST_REMEMBERED = 2_000

# What a criterion hangs on: one answer, or the two of a derived quantity, each with its question and whether it moves.
Limits = tuple[tuple[str, int, bool], ...]


class Lane(Struct, frozen=True):
    """What one answer does to one format in every draw: the factor of the weight times the value, and the misses."""

    values: int
    unlikely: int
    blocked: int


@lru_cache(MOST_REMEMBERED)
def drawn_bytes(name: str) -> bytes:
    """A byte for each draw that depends on nothing but a name."""
    return hashlib.shake_256(f"formatpicker {name}".encode()).digest(DRAWS)


@lru_cache(MOST_REMEMBERED)
def _drawn_factors(criterion: str) -> list[int]:
    return [WEIGHT_FACTORS[byte] for byte in drawn_bytes(f"weight {criterion}")]


@lru_cache(MOST_REMEMBERED)
def _drawn_answers(limits: Limits) -> list[int]:
    """The answer to a criterion in each draw."""
    drawn = []
    for question, answer, moves in limits:
        by_byte = [moved(answer, factor) if moves else answer for factor in LIMIT_FACTORS]
        drawn.append([by_byte[byte] for byte in drawn_bytes(f"limit {question}")])
    return drawn[0] if len(drawn) == 1 else [*map(derived_answer, *drawn)]


class Triangle(NamedTuple):
    """A triangle from low to high with its mode at the typical value, as ``quantiles`` needs it.

    ``rising`` is the first byte whose quantile lies beyond the mode; ``left`` and ``right`` are the squares of the
    quantiles' distances from the ends, in wholes of 512.
    """

    low: int
    high: int
    rising: int
    left: int
    right: int

    @classmethod
    def of(cls, judged: Judgement) -> Triangle:
        """The triangle over the interval of a judgement."""
        low, typical, high, _ = judged
        span, before = high - low, typical - low
        # The bytes for which (2 * byte + 1) * span < 512 * before.
        rising = -((span - 2 * STEPS * before) // (2 * span)) if span else 0
        return cls(low, high, rising, span * before, span * (high - typical))


def quantiles(triangles: Iterable[Triangle], drawn: Iterable[int]) -> list[int]:
    """Of each triangle the quantile (2 * byte + 1) / (2 * STEPS), which is 512, rounded towards its nearer end."""
    return [
        low + isqrt((2 * byte + 1) * left >> 9) if byte < rising else high - isqrt((511 - 2 * byte) * right >> 9)
        for (low, high, rising, left, right), byte in zip(triangles, drawn, strict=True)
    ]


def moved(limit: int, factor: int) -> int:
    """A limit times a factor, in whole days or hours, halves up."""
    return (2 * limit * factor + UNIT) // (2 * UNIT)


class Draws:
    """The draws of one catalog's core formats, for one person or for many."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._table = EffectTable(catalog, catalog.core)
        # The lane that has not been asked for for the longest time stands first, and goes first.
        self._lanes: OrderedDict[object, Lane] = OrderedDict()

    def firsts(self, answers: Answers) -> dict[str, int]:
        """In how many draws each core format comes first; a draw that ends level counts for each that shares it."""
        weighed, region = weigh(self.catalog, answers), region_of(self.catalog, answers)
        found = {id: self._sums(at, weighed, answers, region) for at, id in enumerate(self._table.ids)}
        running = {id: sums for id, sums in found.items() if sums is not None}
        return {id: self._won(sums, running.values()) if sums is not None else 0 for id, sums in found.items()}

    def _sums(self, at: int, weighed: Sequence[Weighed], answers: Answers, region: str | None) -> int | None:
        """What a format is ranked by in all draws: its sum less a toll for each miss; None where always blocked."""
        total = missed = 0
        for each in weighed:
            lane = self._lane(at, each, answers, region)
            if lane.blocked == self._ones:
                return None
            total += each.weight * lane.values
            missed += lane.unlikely + self._criteria * lane.blocked
        return total - self._toll * missed

    def _won(self, ours: int, everybody: Iterable[int]) -> int:
        """In how many draws some sums are the greatest, and those of a format that is open."""
        won = self._signs & (self._signs + ours + (self._criteria - 1) * self._toll * self._ones)
        for theirs in everybody:
            won &= self._signs + ours - theirs
        return won.bit_count()

    # --- lanes -------------------------------------------------------------------------------------------------------

    def _lane(self, at: int, weighed: Weighed, answers: Answers, region: str | None) -> Lane:
        criterion, limits, format = weighed.criterion, self._limits_of(weighed, answers), self._table.formats[at]
        judge = self._table.functions(criterion, region)[at]
        moving = len(limits) > 0 and len({judge(end) for end in self._ends(limits)}) > 1
        judged = judge(weighed.answer)
        key = (format.id, criterion.id, *((limits, region) if moving else (judged, None)))
        if key in self._lanes:
            self._lanes.move_to_end(key)
        else:
            if len(self._lanes) >= MOST_REMEMBERED:
                self._lanes.popitem(last=False)
            lane = self._moving_lane(format, weighed, limits, judge) if moving else None
            self._lanes[key] = lane or self._still_lane(format, weighed, judged)
        return self._lanes[key]

    def _still_lane(self, format: Format, weighed: Weighed, judged: Judgement) -> Lane:
        """A judgement that is the same in all draws; only the value moves inside its interval."""
        low, _, high, verdict = judged
        factors = _drawn_factors(weighed.criterion.id)
        if low == high:
            values = low * self._packed(factors)
        else:
            table = quantiles([Triangle.of(judged)] * STEPS, range(STEPS))
            drawn = drawn_bytes(f"{format.id} {weighed.criterion.id}")
            values = self._packed([*map(mul, factors, map(table.__getitem__, drawn))])
        return Lane(values, self._ones * (verdict is Verdict.UNLIKELY), self._ones * (verdict is Verdict.BLOCKED))

    def _moving_lane(self, format: Format, weighed: Weighed, limits: Limits, judge: ValueFunction) -> Lane:
        """A limit judged again in each draw, once for each answer that is drawn."""
        answers = _drawn_answers(limits)
        judged = {answer: judge(answer) for answer in set(answers)}
        values = []
        if weighed.weight:
            drawn = drawn_bytes(f"{format.id} {weighed.criterion.id}")
            triangles = {answer: Triangle.of(each) for answer, each in judged.items()}
            found = quantiles(map(triangles.__getitem__, answers), drawn)
            values = [*map(mul, _drawn_factors(weighed.criterion.id), found)]
        unlikely, blocked = (
            {answer: each.verdict is verdict for answer, each in judged.items()}
            for verdict in (Verdict.UNLIKELY, Verdict.BLOCKED)
        )
        return Lane(self._packed(values), self._where(unlikely, answers), self._where(blocked, answers))

    def _where(self, missed: Mapping[int, bool], answers: Sequence[int]) -> int:
        return self._packed([*map(missed.__getitem__, answers)]) if any(missed.values()) else 0

    def _packed(self, numbers: Sequence[int]) -> int:
        """Whole numbers below 2**64, one a lane."""
        words = array("Q", bytes(WORD * self._words * len(numbers)))
        words[:: self._words] = array("Q", numbers)
        if sys.byteorder == "big":
            words.byteswap()
        return int.from_bytes(words.tobytes(), "little")

    def _limits_of(self, weighed: Weighed, answers: Answers) -> Limits:
        """The limits that a criterion hangs on, with what was answered."""
        id = weighed.criterion.id
        item, questions = self.catalog.derived.get(id), self.catalog.questions
        if weighed.criterion.rule.kind is not RuleKind.LIMIT:
            return ()
        hung_on = (item.per_week, item.duration) if item else (id,)
        return tuple((each, cast(int, answers.get(each)), questions[each].about is About.LIMIT) for each in hung_on)

    def _ends(self, limits: Limits) -> list[int]:
        """The least and the greatest answer that can be drawn."""
        ends = [[moved(answer, LIMIT_FACTORS[end]) for _, answer, _ in limits] for end in (0, STEPS - 1)]
        return [each[0] if len(each) == 1 else derived_answer(*each) for each in ends]

    # --- sizes -------------------------------------------------------------------------------------------------------

    @cached_property
    def _criteria(self) -> int:
        """More than a format can have misses, so that one blocker outweighs all that are unlikely."""
        return len(self.catalog.criteria) + 1

    @cached_property
    def _toll(self) -> int:
        """More than the greatest sum there can be, so that one miss outweighs all points."""
        return most_sum(self.catalog) * max(WEIGHT_FACTORS) + 1

    @cached_property
    def _words(self) -> int:
        """Machine words of a lane: room for the widest gap between two formats, below the highest bit."""
        return (2 * self._toll * self._criteria**2).bit_length() // (8 * WORD) + 1

    @cached_property
    def _ones(self) -> int:
        """One in every lane."""
        return self._packed([1] * DRAWS)

    @cached_property
    def _signs(self) -> int:
        """The highest bit of every lane: added to a difference, it stays where that is not below zero."""
        return self._ones << (8 * WORD * self._words - 1)

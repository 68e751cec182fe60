"""What answers do, laid out in arrays that are looked up by the codes of whole columns. Needs numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from formatpicker.batch.codes import Codes, Combinations, Numbers
from formatpicker.batch.effects import Effect, Effects, Reasons
from formatpicker.batch.headers import Sheet
from formatpicker.batch.parts import groups_of
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.model import AnswerKind, Question
from formatpicker.scoring.answers import Answers, Goals

Whole = NDArray[np.int64]
Words = NDArray[np.uint64]
Truth = NDArray[np.bool_]

_WORD_BITS = 64
_MOST_VARIANTS = 60
# What no sum may reach, so that arrays have room beside it.
_MOST_SUM = 1 << 61


def suits(effects: Effects) -> bool:
    """Whether the sums and marks of a catalog fit into arrays of 64 bits; otherwise rows are added one by one."""
    room = 2 * effects.most_sum * (len(effects.catalog.criteria()) + 1)
    return bool(effects.core) and len(effects.variants) <= _MOST_VARIANTS and room < _MOST_SUM


class Layout:
    """Where in the arrays a catalog's formats, criteria and flags stand."""

    def __init__(self, effects: Effects) -> None:
        self.core = len(effects.core)
        self.lanes = len(effects.formats) + 1
        self.criteria = tuple(sorted(effects.catalog.criteria()))
        self._ranks = {id: len(self.criteria) - rank for rank, id in enumerate(self.criteria)}
        self.base = 1 << len(self.criteria).bit_length()
        flagged = effects.flagged
        self.flags = tuple(f"{format.id}:{criterion}" for format in effects.core for criterion in flagged)
        self.places = {flag: place for place, flag in enumerate(self.flags)}
        self.words = -(-len(self.flags) // _WORD_BITS) or 1
        self.of_format = [
            self.words_of(self.flags[at * len(flagged) : (at + 1) * len(flagged)]) for at in range(self.core)
        ]

    def bits(self, flags: Sequence[str]) -> bytes:
        """Flags as bits of whole words, the lowest first."""
        return sum(1 << self.places[flag] for flag in flags).to_bytes(8 * self.words, "little")

    def words_of(self, flags: Sequence[str]) -> Words:
        """Flags as bits."""
        return np.frombuffer(self.bits(flags), "<u8").astype(np.uint64)

    def reasons(self, reasons: Sequence[Reasons], place: int) -> list[int]:
        """The reasons at one place for each format, as numbers that stand in their order.

        The greater product comes first, of equal ones the first id; 0 is none.
        """
        return [
            self._ranks[each[place][1]] - each[place][0] * self.base if place < len(each) else 0 for each in reasons
        ]

    def criterion(self, reasons: Whole) -> Whole:
        """The positions in ``criteria`` of the criteria of reasons."""
        return len(self.criteria) - (reasons & (self.base - 1))


class Table:
    """Effects in columns, in the order in which they were added. What was added once never changes."""

    def __init__(self, effects: Effects, layout: Layout) -> None:
        self._effects = effects
        self._layout = layout
        self._flags: dict[tuple[int, ...], tuple[bytes, bytes]] = {}
        self.size = 0
        self.lanes: Whole = np.zeros((layout.lanes, 1), np.int64)
        self.used = np.zeros(layout.lanes, np.bool_)
        self.gates: Whole = np.zeros(1, np.int64)
        self.conditions: Words = np.zeros((1, layout.words), np.uint64)
        self.blocked: Words = np.zeros((1, layout.words), np.uint64)
        self.reasons: Whole = np.zeros((MOST_REASONS, 1, layout.core), np.int64)
        self.speaks = False
        self.weights: Whole = np.zeros(1, np.int64)
        self.units: Whole = np.ones(1, np.int64)

    def extend(self, effects: Sequence[Effect]) -> None:
        """Add what some answers do."""
        if effects:
            self._append(*self._laid_out(effects))

    def extend_by_goals(self, shares: Whole, alone: Sequence[Effect]) -> None:
        """Add what goals do: each does as many times what it does ``alone`` as it has shares, one row for a person."""
        lanes, gates, conditions, blocked, reasons, weights, _ = self._laid_out(alone)
        named = shares > 0
        ties = reasons[0] & self._layout.base - 1
        # What speaks for a format is of one goal each; sorted, the last three are the first.
        every = np.where(ties > 0, shares[:, :, None] * (reasons[0] - ties) + ties, 0) * named[:, :, None]
        room = np.zeros((len(shares), MOST_REASONS, self._layout.core), np.int64)
        best = np.sort(np.concatenate([room, every], axis=1), axis=1)[:, : -MOST_REASONS - 1 : -1]
        self._append(
            lanes @ shares.T,
            np.bitwise_or.reduce(np.where(named, gates, 0), axis=1),
            np.bitwise_or.reduce(np.where(named[:, :, None], conditions, np.uint64(0)), axis=1),
            np.bitwise_or.reduce(np.where(named[:, :, None], blocked, np.uint64(0)), axis=1),
            best.transpose(1, 0, 2),
            np.where(named.any(axis=1), weights[0], 0),
            np.maximum(shares.sum(axis=1), 1),
        )

    def _laid_out(self, effects: Sequence[Effect]) -> tuple[Whole, Whole, Words, Words, Whole, Whole, Whole]:
        """Effects as columns."""
        conditions, blocked = zip(*[self._flagged(each.marks) for each in effects], strict=True)
        return (
            np.array([each.sums for each in effects], np.int64).T,
            np.array([each.gate for each in effects], np.int64),
            self._words(conditions),
            self._words(blocked),
            np.array(
                [[self._layout.reasons(each.reasons, place) for each in effects] for place in range(MOST_REASONS)]
            ),
            np.array([each.weight for each in effects]),
            np.array([each.unit or 1 for each in effects]),
        )

    def _append(
        self,
        lanes: Whole,
        gates: Whole,
        conditions: Words,
        blocked: Words,
        reasons: Whole,
        weights: Whole,
        units: Whole,
    ) -> None:
        new = slice(self.size, self.size + len(gates))
        while new.stop > len(self.gates):
            self._double()
        self.lanes[:, new], self.gates[new], self.reasons[:, new] = lanes, gates, reasons
        self.conditions[new], self.blocked[new] = conditions, blocked
        self.weights[new], self.units[new] = weights, units
        self.used |= lanes.any(axis=1)
        self.speaks = self.speaks or bool(reasons.any())
        self.size = new.stop

    def _flagged(self, marks: tuple[int, ...]) -> tuple[bytes, bytes]:
        """Of marks, as bits what is conditional and what is blocked."""
        found = self._flags.get(marks)
        if found is None:
            layout = self._layout
            verdicts = [known[own] for known, own in zip(self._effects.verdicts_of, marks, strict=True)]
            found = self._flags[marks] = (
                layout.bits([flag for each in verdicts for flag in each.conditions]),
                layout.bits([flag for each in verdicts for flag in each.blocked]),
            )
        return found

    def _words(self, bits: Sequence[bytes]) -> Words:
        return np.frombuffer(b"".join(bits), "<u8").astype(np.uint64).reshape(len(bits), -1)

    def _double(self) -> None:
        self.lanes = np.concatenate([self.lanes, np.zeros_like(self.lanes)], axis=1)
        self.reasons = np.concatenate([self.reasons, np.zeros_like(self.reasons)], axis=1)
        self.gates, self.weights, self.units = (
            np.concatenate([each, np.zeros_like(each)]) for each in (self.gates, self.weights, self.units)
        )
        self.conditions, self.blocked = (
            np.concatenate([each, np.zeros_like(each)]) for each in (self.conditions, self.blocked)
        )


class Looked(NamedTuple):
    """For each row where in a table the effect of some of its answers stands."""

    table: Table
    at: Numbers

    def rows(self, rows: slice) -> Looked:
        """Some of the rows."""
        return Looked(self.table, self.at[rows])


class Group:
    """Some questions whose answers are looked up together, and the effects of all combinations met so far."""

    def __init__(
        self, effects: Effects, layout: Layout, questions: Sequence[Question], codes: dict[str, Codes]
    ) -> None:
        self._effects = effects
        self._layout = layout
        self._ids = [question.id for question in questions]
        self._region = _region(effects, self._ids, codes)
        self._columns = [*dict.fromkeys([*self._ids, *([self._region] if self._region else [])])]
        self._codes = codes
        self.of_goals = questions[0].answer is AnswerKind.GOALS
        self.clear()

    def clear(self) -> None:
        """Start anew; the old table stays as it is for those who still read it."""
        self._combinations = Combinations(len(self._columns))
        self._table = Table(self._effects, self._layout)

    @property
    def full(self) -> bool:
        """Whether it is time to start anew."""
        return self._combinations.full

    def looked_up(self, codes: dict[str, Numbers]) -> Looked:
        """Where the effect of each row's answers stands."""
        sizes = [len(self._codes[id].answers) for id in self._columns]
        numbers = self._combinations.of([codes[id] for id in self._columns], sizes)
        new = self._combinations.found[self._table.size :]
        if new and self.of_goals and self._region is None:
            self._add_goals([code for (code,) in new])
        else:
            self._table.extend([self._effect(each) for each in new])
        return Looked(self._table, numbers)

    def _add_goals(self, codes: Sequence[int]) -> None:
        id = self._ids[0]
        answers = self._codes[id].answers
        goals = [goal.id for goal in self._effects.catalog.questions[id].goals]
        alone = [self._effects.goal(id, goal, None) for goal in goals]
        named = [each.shares if isinstance(each := answers[code], Goals) else {} for code in codes]
        shares = np.array([[own.get(goal, 0) for goal in goals] for own in named], np.int64)
        for code in codes:
            answers[code] = None  # nobody asks again, and there can be many
        self._table.extend_by_goals(shares, alone)

    def _effect(self, combination: tuple[int, ...]) -> Effect:
        found = {
            id: answer
            for id, code in zip(self._columns, combination, strict=True)
            if (answer := self._codes[id].answers[code]) is not None
        }
        region = found.get(self._region) if self._region else None
        answers = Answers({id: found[id] for id in self._ids if id in found})
        if not answers.values:
            return self._effects.nothing
        return self._effects.of(answers, None if region is None else str(region))


def _region(effects: Effects, ids: Sequence[str], codes: dict[str, Codes]) -> str | None:
    """The question of the region, where it is asked and some of the answers depend on it."""
    region = effects.catalog.region_question
    derived = [id for id, item in effects.catalog.derived.items() if item.duration in ids]
    matters = any(id in effects.regions for id in (*ids, *derived))
    return region.id if region and matters and region.id in codes else None


def grouped(effects: Effects, sheet: Sheet) -> list[list[Question]]:
    """The answered questions as ``groups_of`` puts them together, but numbers alone: they have many combinations."""
    factors = {id for item in effects.catalog.derived.values() for id in (item.per_week, item.duration)}
    groups: list[list[Question]] = []
    for group in groups_of(effects, sheet):
        alone = [each for each in group if not each.options and each.id not in factors]
        groups += [[each] for each in alone]
        groups += [[each for each in group if each not in alone]] if len(alone) < len(group) else []
    return groups

"""Effects as rows of arrays: their sums, marks and reasons. Needs numpy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from formatpicker.batch.columns.codes import Integers
from formatpicker.batch.effects import Effects, PackedEffect
from formatpicker.batch.memo import Memo
from formatpicker.batch.records import MOST_REASONS
from formatpicker.scoring.tables import Reasons

_WORD_BITS = 63
# ``writers.text_columns`` shifts marks by two bits, which leaves 61 of 63.
_MARK_BITS = 61


def whole_type(effects: Effects) -> type[np.signedinteger[Any]] | None:
    """The narrowest type that holds all sums of a catalog, with room for standings; None where no type does.

    Rows are then added one by one. 32 bits, which the shipped catalog fits into, take half the memory and the time.
    """
    room = 2 * effects.most_sum * (len(effects.catalog.criteria) + 2)
    if not 0 < len(effects.core) < _WORD_BITS or effects.table.most_marks >= 1 << _MARK_BITS:
        return None
    return next((each for each in (np.int32, np.int64) if room <= np.iinfo(each).max), None)


class Layout:
    """How the reasons of effects stand in arrays: as one number each, the strongest the greatest, 0 for none.

    The product stands before the rank of the criterion's id, so that of equal products the first id is the greatest.
    """

    def __init__(self, effects: Effects, whole: type[np.signedinteger[Any]]) -> None:
        self.whole = whole
        # Of a row of sums.
        self.width = len(effects.ids) + _BEHIND
        # The standing of a format that is blocked.
        self.closed = int(np.iinfo(whole).min) // 2
        self.criteria = tuple(sorted(effects.catalog.criteria))
        self._ranks = {id: len(self.criteria) - rank for rank, id in enumerate(self.criteria)}
        self.base = 1 << len(self.criteria).bit_length()
        self.criteria_of = Memo(self._criteria_of)

    def reasons(self, reasons: Sequence[Reasons], rank: int) -> list[int]:
        """The reasons of one rank for each format."""
        return [self._ranks[each[rank][1]] - each[rank][0] * self.base if rank < len(each) else 0 for each in reasons]

    def key(self, reasons: Sequence[Integers]) -> Integers:
        """The criteria of reasons, given rank by rank, as one number for each row."""
        found: Integers = np.zeros(len(reasons[0]), np.int64)
        for each in reversed(reasons):
            found = found * self.base + (each & (self.base - 1))
        return found

    def _criteria_of(self, key: int) -> tuple[str, ...]:
        """The criteria of such a number, in order."""
        criteria = []
        while key:
            key, rank = divmod(key, self.base)
            criteria.append(self.criteria[len(self.criteria) - rank])
        return tuple(criteria)


# What stands behind the totals in a row of sums: the sum of the weights, what tells core formats apart, and variants,
# what counts for the coverage, and what the weights of answers that are not about goals are multiplied by.
_WEIGHT, _APART, _COVERED, _UNIT = 0, slice(1, 3), 3, 4
_BEHIND = 5


class Sums(NamedTuple):
    """Some rows of sums by columns: those of each format, and what stands behind them."""

    totals: Integers
    weight: Integers
    apart: Integers
    covered: Integers
    unit: Integers

    @classmethod
    def of(cls, rows: Integers) -> Sums:
        """Sums of which each is a row."""
        columns = np.ascontiguousarray(rows.T)
        behind = columns[-_BEHIND:]
        return cls(columns[:-_BEHIND], behind[_WEIGHT], behind[_APART], behind[_COVERED], behind[_UNIT])


class EffectRows:
    """Effects, each a row, in the order in which they were added. What was added once never changes.

    Attributes:
        sums: As ``Sums.of`` takes them.
        marks: For each format; all 0 unless ``marked``.
        reasons: By rank and core format; all 0 unless the table ``speaks``.
    """

    def __init__(self, effects: Effects, layout: Layout) -> None:
        self._effects = effects
        self._layout = layout
        self.size = 0
        self.sums: Integers = np.zeros((1, layout.width), layout.whole)
        self.marks: Integers = np.zeros((1, len(effects.ids)), np.int64)
        self.reasons: Integers = np.zeros((1, MOST_REASONS, len(effects.core)), layout.whole)
        self.marked = self.speaks = False

    def extend(self, parts: Sequence[tuple[Sequence[PackedEffect], Integers]]) -> None:
        """Add sums of effects: a part holds the different ones of one question, and for each sum which it takes."""
        rows = [[each.take(at, axis=0) for each in self._laid_out(effects)] for effects, at in parts]
        sums, marks, reasons = zip(*rows, strict=True)
        best = reduce(merged, [[*each.transpose(1, 0, 2)] for each in reasons])
        self._append(sum(sums), sum(marks), np.stack(best, axis=1))

    def extend_by_goals(self, shares: Integers, regions: Integers, alone: Sequence[Sequence[PackedEffect]]) -> None:
        """Add what goals do, which rule nothing out: each does as many times what it does alone as it has shares.

        People name very many different goals; so they take a tenth of the time of ``extend``.

        Args:
            shares: A row for each combination to add, a column for each goal.
            regions: Where in ``alone`` the region of each combination stands.
            alone: For each region what each goal does alone.
        """
        count, core, tie = len(shares), len(self._effects.core), self._layout.base - 1
        sums = np.zeros((count, self.sums.shape[1]), np.int64)
        reasons = np.zeros((count, MOST_REASONS, core), np.int64)
        for region, effects in enumerate(alone):
            chosen = np.flatnonzero(regions == region)
            own, _, by_rank = self._laid_out(effects)
            times = shares[chosen]
            named = times > 0
            own_sums = times @ own
            own_sums[:, -_BEHIND:][:, _APART] = named @ own[:, -_BEHIND:][:, _APART]
            own_sums[:, -_BEHIND + _COVERED] = own[0, -_BEHIND + _COVERED]
            sums[chosen] = own_sums
            # What speaks for a format is of one goal each; sorted, the last three are the first.
            first = by_rank[:, 0]
            ties = first & tie
            every = np.where(ties > 0, times[:, :, None] * (first - ties) + ties, 0) * named[:, :, None]
            room = np.zeros((len(chosen), MOST_REASONS, core), np.int64)
            reasons[chosen] = np.sort(np.concatenate([room, every], axis=1), axis=1)[:, : -MOST_REASONS - 1 : -1]
        nothing = sums[:, -_BEHIND + _UNIT] == 0
        sums[nothing, -_BEHIND + _COVERED], sums[nothing, -_BEHIND + _UNIT] = 0, 1
        self._append(sums, np.zeros((count, len(self._effects.ids)), np.int64), reasons)

    def _laid_out(self, effects: Sequence[PackedEffect]) -> tuple[Integers, Integers, Integers]:
        """Effects as rows of sums, marks and reasons."""
        formats = len(self._effects.ids)
        totals, marks = (
            np.frombuffer(b"".join([kind.to_bytes(each) for each in packed]), "<i8").reshape(len(effects), -1)
            for kind, packed in (
                (self._effects.sums, [each.sums for each in effects]),
                (self._effects.marks, [each.marks for each in effects]),
            )
        )
        covered_and_unit = [[each.covered, 1] for each in effects]
        return (
            np.concatenate([totals, marks[:, formats:], covered_and_unit], axis=1),
            marks[:, :formats],
            np.array([[self._layout.reasons(each.reasons, rank) for rank in range(MOST_REASONS)] for each in effects]),
        )

    def _append(self, sums: Integers, marks: Integers, reasons: Integers) -> None:
        new = slice(self.size, self.size + len(sums))
        while new.stop > len(self.sums):
            self.sums, self.marks, self.reasons = map(_doubled, (self.sums, self.marks, self.reasons))
        self.sums[new] = sums
        # What is never written to takes no memory.
        if marks.any():
            self.marks[new], self.marked = marks, True
        if reasons.any():
            self.reasons[new], self.speaks = reasons, True
        self.size = new.stop


def _doubled(rows: Integers) -> Integers:
    doubled = np.zeros((2 * len(rows), *rows.shape[1:]), rows.dtype)
    doubled[: len(rows)] = rows
    return doubled


def merged(first: list[Integers], second: list[Integers]) -> list[Integers]:
    """The greatest of two lists, of which each is in order: a network, since sorting rows is slow."""
    a, b = first, second
    greatest = []
    for rank in range(MOST_REASONS):
        # Of n numbers taken from the heads of both lists the least is one of the two last ones. Over all ways to take
        # them, the greatest of these is the n-th greatest of both lists.
        pairs = [np.minimum(a[left], b[rank - 1 - left]) for left in range(rank)]
        greatest.append(reduce(np.maximum, [a[rank], b[rank], *pairs]))
    return greatest

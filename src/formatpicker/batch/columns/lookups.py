"""What answers do: effects as rows of arrays, looked up by the codes of whole columns. Needs numpy."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from formatpicker.batch.columns.codes import Codes, Combinations, Integers
from formatpicker.batch.effects import Effects, Memo, PackedEffect
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.criteria import Question
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
        self.width = len(effects.ids) - _WEIGHT
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


# What stands behind the totals in a row of sums, counted from its end: the sum of the weights, what tells core formats
# apart, and variants, what counts for the coverage, and what the weights of answers that are not about goals are
# multiplied by.
_WEIGHT, _APART, _COVERED, _UNIT = -5, slice(-4, -2), -2, -1


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
        return cls(columns[:_WEIGHT], columns[_WEIGHT], columns[_APART], columns[_COVERED], columns[_UNIT])


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
        """Add sums of effects; a part is of one question: its distinct effects, and for each new row which it has."""
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
            own_sums[:, _APART] = named @ own[:, _APART]
            own_sums[:, _COVERED] = own[0, _COVERED]
            sums[chosen] = own_sums
            # What speaks for a format is of one goal each; sorted, the strongest come last.
            first = by_rank[:, 0]
            ties = first & tie
            every = np.where(ties > 0, times[:, :, None] * (first - ties) + ties, 0) * named[:, :, None]
            room = np.zeros((len(chosen), MOST_REASONS, core), np.int64)
            reasons[chosen] = np.sort(np.concatenate([room, every], axis=1), axis=1)[:, : -MOST_REASONS - 1 : -1]
        nothing = sums[:, _UNIT] == 0
        sums[nothing, _COVERED], sums[nothing, _UNIT] = 0, 1
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


# --- what the answers to some questions do, by their codes -----------------------------------------------------------


class Looked(NamedTuple):
    """For each row where in a table the effect of some of its answers stands."""

    table: EffectRows
    at: Integers


class AnswerGroup:
    """Some questions whose answers are looked up together, and the effects of all combinations met so far."""

    def __init__(
        self, effects: Effects, layout: Layout, questions: Sequence[Question], codes: dict[str, Codes]
    ) -> None:
        self._effects = effects
        self._layout = layout
        self._ids = ids = [question.id for question in questions]
        self._region = _region(effects, self._ids, codes)
        self._columns = [*dict.fromkeys([*ids, *([self._region] if self._region else [])])]
        self._codes = codes
        # What has an effect, and the questions that it is worked out from.
        self._sources = {id: [id] for id in ids}
        derived = [each for each in effects.catalog.derived.values() if {each.per_week, each.duration} <= {*ids}]
        self._sources |= {each.id: [each.per_week, each.duration] for each in derived}
        self.clear()

    def clear(self) -> None:
        """Start anew; the old table stays as it is for those who still read it."""
        self._combinations = Combinations(len(self._columns))
        self._table = EffectRows(self._effects, self._layout)

    @property
    def full(self) -> bool:
        """Whether it is time to start anew."""
        return self._combinations.full

    def looked_up(self, codes: dict[str, Integers]) -> Looked:
        """Where the effect of each row's answers stands."""
        sizes = [len(self._codes[id].answers) for id in self._columns]
        numbers, new = self._combinations.of([codes[id] for id in self._columns], sizes)
        self._add(new)
        return Looked(self._table, numbers)

    def _add(self, combinations: NDArray[np.intp]) -> None:
        if len(combinations):
            self._table.extend([self._part(id, combinations) for id in self._sources])

    def _part(self, id: str, combinations: NDArray[np.intp]) -> tuple[list[PackedEffect], Integers]:
        """The different effects of one question or derived quantity, and which of them each combination has."""
        columns = [*self._sources[id], *([self._region] if self._region else [])]
        chosen = [combinations[:, self._columns.index(each)] for each in columns]
        key = np.zeros(len(combinations), np.intp)
        for each, codes in zip(columns, chosen, strict=True):
            key = key * len(self._codes[each].answers) + codes
        _, first, at = np.unique(key, return_index=True, return_inverse=True)
        different = np.stack(chosen, axis=1)[first]
        answers = [
            [self._codes[each].answers[code] for each, code in zip(columns, row, strict=True)]
            for row in different.tolist()
        ]
        count = len(self._sources[id])
        regions = [cast(str | None, row[-1]) if self._region else None for row in answers]
        effects = [self._effects.single(id, row[:count], region) for row, region in zip(answers, regions, strict=True)]
        # Of thousands of answers most do the same as others.
        positions: dict[PackedEffect, int] = {}
        own = [positions.setdefault(each, len(positions)) for each in effects]
        return [*positions], np.array(own, np.intp)[at]


class GoalsGroup(AnswerGroup):
    """The question about goals, and what all rankings and importances met so far do."""

    def clear(self) -> None:
        """Start anew."""
        super().clear()
        self._goals = [goal.id for goal in self._effects.catalog.questions[self._ids[0]].goals]
        self._shares = np.zeros((0, len(self._goals)), np.uint16)

    def _add(self, combinations: NDArray[np.intp]) -> None:
        if len(combinations):
            different, regions = np.unique(combinations[:, -1] * (self._region is not None), return_inverse=True)
            known = cast(list[str | None], self._codes[self._region].answers if self._region else [None])
            alone = [self._effects.goals[known[region]] for region in different.tolist()]
            each = [[effects[goal] for goal in self._goals] for effects in alone]
            self._table.extend_by_goals(self._shares_of(combinations[:, 0]), regions, each)

    def _shares_of(self, codes: Integers) -> Integers:
        """The shares of each goal in some answers."""
        answers, width = self._codes[self._ids[0]].answers, len(self._goals)
        nothing = shares_of(self._goals, {})
        data = b"".join([cast(bytes, own or nothing) for own in answers[len(self._shares) :]])
        self._shares = np.concatenate([self._shares, np.frombuffer(data, np.uint16).reshape(-1, width)])
        return self._shares[codes].astype(np.int64)


def shares_of(goals: Sequence[str], shares: Mapping[str, int]) -> bytes:
    """The shares of all goals, which are small numbers, as one text of bytes."""
    return array("H", [shares.get(goal, 0) for goal in goals]).tobytes()


def _region(effects: Effects, ids: Sequence[str], codes: dict[str, Codes]) -> str | None:
    """The question of the region, where it is asked and some of the answers depend on it."""
    region = effects.catalog.region_question
    return region.id if region and region.id in codes and effects.regions(ids) else None

"""What the answers to a few questions do, looked up by the codes of whole columns. Needs numpy."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from formatpicker.batch.columns.codes import Codes, Combinations, Integers
from formatpicker.batch.columns.effect_rows import EffectRows, Layout
from formatpicker.batch.effects import Effects, PackedEffect
from formatpicker.catalog.criteria import Question


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
        chosen, key = (
            [combinations[:, self._columns.index(each)] for each in columns],
            np.zeros(len(combinations), np.intp),
        )
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

"""Effects packed for rows: everything of a person that adds lies side by side in one whole number.

Goals share one weight of their own, so that everything else weighs as many times as their shares come to. Here both are
brought to one scale in advance, for every ranking of goals the same, and a row is a plain sum.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from formatpicker.advice.sensitivity import greatest_weight
from formatpicker.batch import remembered
from formatpicker.batch.effects import Effect, Effects, first_reasons
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import derived_answers

# What speaks for a format: the criterion's rank by id, less its product times the number of criteria. So the greatest
# product stands first, and of equal ones the first id. They are floats where those are exact, since they sort faster.
Reasons = tuple[float, ...]

_WORDS = {32: "I", 64: "Q"}
_EXACT = 1 << 53


class Packed(NamedTuple):
    """What some answers do: ``words`` are to be added, ``flags`` to be joined by or; ``reasons`` of each core format.

    Behind the reasons of the last format stand none, for people of whom no format is the first.
    """

    words: int
    flags: int
    reasons: tuple[Reasons, ...]


class Packing:
    """How effects are packed at one scale: by how much is multiplied what does not depend on the goals.

    The words are one for each scored format, then the sum of the weights, the weight that counts for the coverage, and
    for each core format the marks of who is conditional or blocked.
    """

    def __init__(self, effects: Effects, scale: int | None = None) -> None:
        self.effects = effects
        self.scale = scale or common_scale(effects.catalog)
        self.lanes = len(effects.formats)
        self.core = len(effects.core)
        self._count = self.lanes + 2 + self.core
        most = max(effects.most_sum // effects.most_unit * self.scale, (1 << 2 * len(effects.flagged)) - 1)
        self._bits = next((bits for bits in _WORDS if most < 1 << bits), -(-most.bit_length() // 64) * 64)
        self._struct = struct.Struct(f"<{self._count}{_WORDS[self._bits]}") if self._bits in _WORDS else None
        self.refused = effects.gates
        self.unscaled = 2 * self.refused
        self.criteria = sorted(effects.catalog.criteria())
        self._ranks = {id: rank for rank, id in enumerate(self.criteria)}
        self._number = float if most * len(self.criteria) < _EXACT else int
        self._factors = frozenset(item.duration for item in effects.catalog.derived.values())
        self._single: dict[object, Packed] = {}
        self._same: dict[Reasons, Reasons] = {}
        nothing = ((),) * (self.core + 1)
        self.nothing = Packed(0, 0, nothing)
        self.refusal = Packed(0, self.refused, nothing)

    def of(self, values: dict[str, Answer], region: str | None) -> Packed:
        """What some of a person's answers do; both factors of a derived quantity must be among them, or neither.

        Goals whose shares do not divide the scale are flagged as ``unscaled``, and do nothing.
        """
        if not self._factors.isdisjoint(values):
            values = {**values, **derived_answers(self.effects.catalog, Answers(values))}
        found = [
            self._goals(id, answer, region) if isinstance(answer, Goals) else self._packed(id, answer, region)
            for id, answer in values.items()
        ]
        if len(found) > 1:
            return self._joined(found)
        return found[0] if found else self.nothing

    def rows(self, sums: Iterable[int]) -> list[tuple[int, ...]]:
        """The words of each sum."""
        if self._struct is None:
            mask, shifts = (1 << self._bits) - 1, range(0, self._bits * self._count, self._bits)
            return [tuple([each >> shift & mask for shift in shifts]) for each in sums]
        size = self._struct.size
        return list(self._struct.iter_unpack(b"".join([each.to_bytes(size, "little") for each in sums])))

    def criterion(self, reason: float) -> str:
        """The id of the criterion of a reason."""
        return self.criteria[int(reason) % len(self.criteria)]

    def _goals(self, id: str, goals: Goals, region: str | None) -> Packed:
        times, rest = divmod(self.scale, goals.total)
        if rest:
            return Packed(0, self.unscaled, self.nothing.reasons)
        found = [self._goal(id, goal, share * times, region) for goal, share in goals.shares.items()]
        words, flags, reasons = self._joined(found)
        return Packed(words + self._weight(greatest_weight(self.effects.catalog.questions[id])), flags, reasons)

    def _goal(self, id: str, goal: str, times: int, region: str | None) -> Packed:
        """What one goal does with some shares, but for the coverage, which all goals of a person count for once."""
        key = (self.effects.key(id, goal, region), times)
        found = self._single.get(key)
        if found is None:
            alone = self.effects.goal(id, goal, region)
            found = self._single[key] = self._pack(alone._replace(weight=0), times)
        return found

    def _packed(self, id: str, answer: Answer, region: str | None) -> Packed:
        key = self.effects.key(id, answer, region)
        found = self._single.get(key)
        if found is None:
            if len(self._single) >= remembered.MOST_REMEMBERED:
                self._single.clear()
            found = self._single[key] = self._pack(self.effects.single(id, answer, region), self.scale)
        return found

    def _pack(self, effect: Effect, times: int) -> Packed:
        """An effect with its sums so many times as large."""
        words = [*[each * times for each in effect.sums], effect.weight, *effect.marks]
        reasons = tuple(self._shared(self._reasons(each, times)) for each in effect.reasons)
        return Packed(
            sum(word << self._bits * at for at, word in enumerate(words)),
            effect.gate,
            (*reasons, ()),
        )

    def _reasons(self, reasons: Sequence[tuple[int, str]], times: int) -> Reasons:
        base = len(self.criteria)
        return tuple(self._number(self._ranks[id] + product * times * base) for product, id in reasons)

    def _joined(self, found: Sequence[Packed]) -> Packed:
        words, flags, reasons = zip(*found, strict=True)
        first = [self._shared(first_reasons(each)) for each in zip(*reasons, strict=True)]
        return Packed(sum(words), reduce(or_, flags), tuple(first))

    def _weight(self, weight: int) -> int:
        return weight << self._bits * (self.lanes + 1)

    def _shared(self, reasons: Reasons) -> Reasons:
        """The same reasons, as one object for all effects that have them: few objects stay in the processor's cache."""
        if len(self._same) >= remembered.MOST_REMEMBERED:
            self._same.clear()
        return self._same.setdefault(reasons, reasons)


def common_scale(catalog: Catalog) -> int:
    """A number that the shares of every ranking of goals divide, whatever its length; 1 where no goals are asked."""
    lengths = [min(len(each.goals), int(each.most)) for each in catalog.questions.values() if each.goals]
    return math.lcm(*[count * (count + 1) // 2 for most in lengths for count in range(1, most + 1)])

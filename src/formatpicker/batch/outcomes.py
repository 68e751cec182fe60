"""What has come out for one row, exact and unnamed, and how it is found in sums, marks and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from formatpicker.batch.effects import Effect, Verdicts
from formatpicker.batch.records import MOST_REASONS, Identity
from formatpicker.catalog.model import Verdict


class Outcome(NamedTuple):
    """What has come out for one row, exact and unnamed: formats are lanes of ``totals``, of which the last is weights.

    ``best`` are the formats at the top, ``second`` is the next one, ``variant`` the best variant; ``verdicts`` are of
    the core formats, ``weight`` is what the answered questions can weigh.
    """

    id: Identity
    row: int
    best: tuple[int, ...]
    second: int | None
    variant: int | None
    totals: tuple[int, ...]
    verdicts: list[Verdicts]
    reasons: tuple[str, ...]
    weight: int

    @property
    def eligibility(self) -> str | None:
        """The worst verdict at the top; ``blocked`` where every core format is, None where nothing separates them."""
        if self.best:
            some = any(self.verdicts[index].conditions for index in self.best)
            return str(Verdict.CONDITIONAL if some else Verdict.FITS)
        return str(Verdict.BLOCKED) if all(each.blocked for each in self.verdicts) else None


def leaders(totals: Sequence[int], alive: list[int], separated: int) -> tuple[tuple[int, ...], int | None]:
    """The positions of the best, and of the next one, as ``ranking.top`` has it."""
    if len(alive) == 1:
        return (alive[0],), None
    if not alive or not separated:
        return (), None
    values = [totals[index] for index in alive]
    most = max(values)
    if values.count(most) > 1:
        best = tuple(index for index in alive if totals[index] == most)
        rest = [index for index in alive if totals[index] != most]
        return best, max(rest, key=totals.__getitem__) if rest else None
    first = alive.pop(values.index(most))
    values.remove(most)
    return (first,), alive[values.index(max(values))]


def leader(totals: Sequence[int], alive: Sequence[int], separated: int) -> int | None:
    """The position of the best, the first of several."""
    if not alive or (len(alive) > 1 and not separated):
        return None
    values = [totals[index] for index in alive]
    return alive[values.index(max(values))]


def best_reasons(effects: Sequence[Effect], format: int, factor: int) -> tuple[str, ...]:
    """What speaks most for a format; ``effects`` are of the goals, then of all else, which weighs ``factor`` times."""
    goals, *others = effects
    found = list(goals[2][format])
    for each in others:
        if reasons := each[2][format]:
            found += [(factor * product, id) for product, id in reasons]
    found.sort()
    return tuple([id for _, id in found[:MOST_REASONS]])

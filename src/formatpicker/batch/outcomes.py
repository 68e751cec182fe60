"""What has come out for some rows, exact and unnamed, in columns; and how it is found in sums, marks and reasons.

A step of the interpreter for each row and each column would cost more than all else, so most of it is ``map``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from itertools import chain
from operator import add, itemgetter
from typing import Any, NamedTuple

from formatpicker.batch.effects import Effects, Verdicts
from formatpicker.batch.packing import Packing, Reasons
from formatpicker.batch.records import MOST_REASONS, Identity, Record
from formatpicker.batch.remembered import Remembered
from formatpicker.batch.sums import Sums
from formatpicker.catalog.model import Verdict
from formatpicker.scoring.rules import ONE, severity

_VERDICTS = sorted(map(str, Verdict), key=lambda name: severity(Verdict(name)))
_BLOCKED = severity(Verdict.BLOCKED)


# The best, the first of them and their total, the next one and its total, and the worst verdict of the best. Where
# there is no best, the first is -1, which is where no reasons are. A plain tuple, since one is made for each row.
_Led = tuple[tuple[int, ...], int, int | None, int | None, int | None, str | None]


class Outcomes(NamedTuple):
    """The outcomes of some rows, column by column. Formats are lanes of a packing, scores tenths of points.

    ``best`` are the formats at the top, ``second`` is the next one, ``variant`` the best variant; ``verdicts`` are of
    the core formats, ``reasons`` as the packing has them, ``weights`` what the answered questions can weigh.
    ``eligibility`` is the worst verdict at the top; ``blocked`` where every core format is, None where nothing
    separates them.
    """

    ids: Sequence[Identity]
    rows: Sequence[int]
    best: Sequence[tuple[int, ...]]
    scores: Sequence[int | None]
    second: Sequence[int | None]
    second_scores: Sequence[int | None]
    margins: Sequence[int | None]
    eligibility: Sequence[str | None]
    verdicts: Sequence[tuple[Verdicts, ...]]
    variants: Sequence[int | None]
    variant_scores: Sequence[int | None]
    reasons: Sequence[Sequence[float]]
    weights: Sequence[int]

    def records(self, packing: Packing) -> list[Record]:
        """The same named and rounded."""
        ids, effects = packing.effects.ids, packing.effects
        names = Remembered(packing.criterion)
        return [
            Record(
                id,
                row,
                tuple([ids[index] for index in best]),
                _points(score),
                None if second is None else ids[second],
                _points(second_score),
                _points(margin),
                eligibility,
                tuple([pair for each in verdicts for pair in each.conditions]),
                tuple([pair for each in verdicts for pair in each.blocked]),
                None if variant is None else ids[variant],
                _points(variant_score),
                tuple(map(names.__getitem__, reasons)),
                effects.coverage(weight),
            )
            for (
                id,
                row,
                best,
                score,
                second,
                second_score,
                margin,
                eligibility,
                verdicts,
                variant,
                variant_score,
                reasons,
                weight,
            ) in zip(*self, strict=True)
        ]


def interleaved(some: Sequence[tuple[Sequence[int], Outcomes]]) -> Outcomes:
    """Outcomes of different rows in one order; each with the place of every row among all."""
    places = [place for offsets, _ in some for place in offsets]
    order = sorted(range(len(places)), key=places.__getitem__)
    joined = [list(chain(*column)) for column in zip(*[own for _, own in some], strict=True)]
    return Outcomes(*[[column[at] for at in order] for column in joined])


class Finder:
    """Finds outcomes in sums that were packed in one way."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        core = range(packing.core)
        self._alone = [(lane,) for lane in core]
        # For the severities of all core formats, the lanes of those that are open.
        self._alive = Remembered(_open_lanes)
        self._open_variants = Remembered(partial(_pick, packing.effects))

    def found(self, sums: Sums) -> Outcomes:
        """The outcome of each row."""
        if not sums.rows:
            return Outcomes(*[()] * len(Outcomes._fields))
        packing = self._packing
        words = packing.rows(sums.words)
        columns = list(zip(*words, strict=True))
        scales = list(map(ONE.__mul__, columns[packing.lanes]))
        marks = columns[packing.lanes + 2 :]
        known = packing.effects.verdicts_of
        of_format = [list(map(each.__getitem__, own)) for each, own in zip(known, marks, strict=True)]
        verdicts = list(zip(*of_format, strict=True)) or [()] * len(words)
        severities = zip(*[map(_SEVERITY, column) for column in of_format], strict=True) if of_format else verdicts
        led = map(self._leader, words, severities, sums.flags)
        best, first, tops, second, seconds, eligibility = zip(*led, strict=True)
        variants, variant_totals = zip(*map(self._best_variant, words, sums.flags), strict=True)
        return Outcomes(
            sums.ids,
            sums.rows,
            best,
            _tenths(tops, scales),
            second,
            _tenths(seconds, scales),
            [
                None if low is None or not scale else (2000 * (high - low) + scale) // (2 * scale)
                for high, low, scale in zip(tops, seconds, scales, strict=True)
            ],
            eligibility,
            verdicts,
            variants,
            _tenths(variant_totals, scales),
            _first_reasons(sums.reasons, first),
            columns[packing.lanes + 1],
        )

    def _leader(self, totals: Sequence[int], severities: tuple[int, ...], flags: int) -> _Led:
        """Who leads, as ``ranking.top`` has it."""
        alive = self._alive[severities]
        if len(alive) > 1:
            if not flags & 1:
                return (), -1, None, None, None, None
            values = [totals[lane] for lane in alive]
            most = max(values)
            at = values.index(most)
            first = alive[at]
            values[at] = -1
            rest = max(values)
            if rest < most:
                second = alive[values.index(rest)]
                return self._alone[first], first, most, second, rest, _VERDICTS[severities[first]]
            return _tied(totals, severities, alive, most)
        if alive:
            first = alive[0]
            return self._alone[first], first, totals[first], None, None, _VERDICTS[severities[first]]
        return (), -1, None, None, None, _VERDICTS[_BLOCKED]

    def _best_variant(self, totals: tuple[int, ...], flags: int) -> tuple[int | None, int | None]:
        """The best variant, the first of several, and its total."""
        pick, lanes = self._open_variants[flags]
        if pick is None:
            return None, None
        values = pick(totals)
        most = max(values)
        return lanes[values.index(most)], most


_SEVERITY = itemgetter(Verdicts._fields.index("severity"))


def _open_lanes(severities: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(lane for lane, each in enumerate(severities) if each < _BLOCKED)


def _pick(effects: Effects, flags: int) -> tuple[Any, tuple[int, ...]]:
    """What takes the totals of the variants that can lead out of all, always several; None where none can."""
    lanes = effects.open_variants[flags]
    if not lanes or (len(lanes) > 1 and not flags & 2):
        return None, ()
    return itemgetter(*lanes, lanes[0]), lanes


def _tied(totals: Sequence[int], severities: tuple[int, ...], alive: tuple[int, ...], most: int) -> _Led:
    """The leaders where several are the best."""
    best = tuple(lane for lane in alive if totals[lane] == most)
    rest = [lane for lane in alive if totals[lane] < most]
    second = max(rest, key=totals.__getitem__) if rest else None
    worst = max(severities[lane] for lane in best)
    return best, best[0], most, second, None if second is None else totals[second], _VERDICTS[worst]


def _first_reasons(parts: Sequence[Sequence[Sequence[Reasons]]], formats: Sequence[int]) -> list[list[float]]:
    """What speaks most for one format of each row."""
    own = [[each[format] for each, format in zip(part, formats, strict=True)] for part in parts]
    if not own:
        return [[]] * len(formats)
    every: Iterable[Reasons] = reduce(partial(map, add), own)
    return [sorted(reasons)[:MOST_REASONS] for reasons in every]


def _tenths(totals: Sequence[int | None], scales: Sequence[int]) -> list[int | None]:
    """Totals as tenths of points out of 100, halves up, as ``rounding.in_tenths``; None where nothing weighs."""
    return [
        None if total is None or not scale else (2000 * total + scale) // (2 * scale)
        for total, scale in zip(totals, scales, strict=True)
    ]


def _points(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10

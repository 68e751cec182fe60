"""The scores of many rows by addition of whole columns: what ``scoring`` does for rows, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from formatpicker.batch.effects import Effects
from formatpicker.batch.lookups import Layout, Looked, Truth, Whole
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.model import Verdict


class Leaders(NamedTuple):
    """Of some formats the total of the best and the lane of the first of them; where none leads, ``decided`` is not."""

    decided: Truth
    total: Whole
    first: Whole


class Outcome(NamedTuple):
    """The results of many rows in columns. Scores are in tenths; what a mask does not cover counts for nothing.

    ``best`` and ``marks`` have an array for each core format, ``reasons`` a column for each place.
    """

    best: list[Truth]
    decided: Truth
    weighed: Truth
    score: Whole
    second: Whole
    has_second: Truth
    second_score: Whole
    margin: Whole
    conditional: Truth
    none_alive: Truth
    marks: list[Whole]
    variant: Whole
    has_variant: Truth
    variant_score: Whole
    reasons: Whole
    weight: Whole


def outcome(effects: Effects, layout: Layout, goals: Looked | None, others: Sequence[Looked], size: int) -> Outcome:
    """The results of so many rows, whose effects stand at these places of the tables."""
    everyone = [*others, *([goals] if goals else [])]
    unit = goals.table.units.take(goals.at) if goals else None
    core, formats = len(effects.core.ids), len(effects.ids)
    totals = [_total(lane, goals, others, unit, size) for lane in range(formats + 1)]
    marks = [_sum(lane + formats + 1, everyone, size) for lane in range(formats + 2)]
    apart, variants_apart = marks[-2] > 0, marks[-1] > 0
    blocked, conditional = (effects.core.bits(verdict) for verdict in (Verdict.BLOCKED, Verdict.CONDITIONAL))
    alive = [each & blocked == 0 for each in marks[:formats]]
    leaders = _leaders(totals[:core], alive[:core], apart)
    best = [each & leaders.decided & (total == leaders.total) for each, total in zip(alive[:core], totals, strict=False)]
    second, second_total = _runner_up(totals[:core], alive[:core], leaders.total)
    variants = _leaders(totals[core:formats], alive[core:], variants_apart, size)
    weights: Whole = totals[-1]
    return Outcome(
        best,
        leaders.decided,
        weights > 0,
        _tenths(leaders.total, weights),
        second,
        leaders.decided & (second_total >= 0),
        _tenths(second_total, weights),
        _tenths(leaders.total - second_total, weights),
        reduce(np.logical_or, [each & (own & conditional != 0) for each, own in zip(best, marks, strict=False)]),
        ~reduce(np.logical_or, alive[:core]),
        marks[:core],
        core + variants.first,
        variants.decided,
        _tenths(variants.total, weights),
        _reasons(layout, core, goals, others, leaders, unit),
        reduce(np.add, [each.table.weights.take(each.at) for each in everyone]),
    )


def _sum(lane: int, looked: Sequence[Looked], size: int) -> Whole:
    """One number of all effects of each row together."""
    found: Whole = np.zeros(size, np.int64)
    for table, at in looked:
        if table.used[lane]:
            found += table.lanes[lane].take(at)
    return found


def _total(lane: int, goals: Looked | None, others: Sequence[Looked], unit: Whole | None, size: int) -> Whole:
    """The weighted sums of one format: those of goals, and the others times the goals' unit."""
    found = _sum(lane, others, size)
    if goals is not None and unit is not None:
        found *= unit
        found += goals.table.lanes[lane].take(goals.at)
    return found


def _leaders(totals: Sequence[Whole], alive: Sequence[Truth], separated: Truth, size: int = 0) -> Leaders:
    """The best of some formats, as ``ranking.top`` has it."""
    if not totals:
        return Leaders(np.zeros(size, np.bool_), np.zeros(size, np.int64), np.zeros(size, np.int64))
    standing = [np.where(each, total, -1) for each, total in zip(alive, totals, strict=True)]
    most: Whole = reduce(np.maximum, standing)
    count = reduce(np.add, [each.astype(np.int16) for each in alive])
    return Leaders((count == 1) | (count > 1) & separated, most, _first(standing, most))


def _runner_up(totals: Sequence[Whole], alive: Sequence[Truth], most: Whole) -> tuple[Whole, Whole]:
    """The next one after the best, the first of several, and its total; -1 where there is none."""
    standing = [np.where(each & (total < most), total, -1) for each, total in zip(alive, totals, strict=True)]
    second: Whole = reduce(np.maximum, standing)
    return _first(standing, second), second


def _first(columns: Sequence[Whole], values: Whole) -> Whole:
    """For each row the position of the first column that holds its value."""
    found = np.zeros(len(values), np.int64)
    for index in range(len(columns) - 1, -1, -1):
        np.copyto(found, index, where=columns[index] == values)
    return found


def _tenths(totals: Whole, weights: Whole) -> Whole:
    """Totals in thousandths of the weights as tenths of points out of 100, halves up, as ``rounding.in_tenths``."""
    found: Whole = (2 * totals + weights) // (2 * np.maximum(weights, 1))
    return found


def _reasons(
    layout: Layout, core: int, goals: Looked | None, others: Sequence[Looked], leaders: Leaders, unit: Whole | None
) -> Whole:
    """What speaks most for the first of the best: a column for each place, 0 where there is nothing more."""
    found = [_own_reasons(core, each, leaders.first) for each in others if each.table.speaks]
    merged = reduce(_merged, found) if found else [np.zeros(len(leaders.first), np.int64)] * MOST_REASONS
    if goals is not None and unit is not None:
        tie = layout.base - 1
        merged = [(each & ~tie) * unit | each & tie for each in merged]
        merged = _merged(merged, _own_reasons(core, goals, leaders.first))
    return np.where(leaders.decided[:, None], np.stack(merged, axis=1), 0)


def _own_reasons(core: int, looked: Looked, format: Whole) -> list[Whole]:
    places = looked.at * core + format
    return [column.reshape(-1).take(places) for column in looked.table.reasons]


def _merged(first: list[Whole], second: list[Whole]) -> list[Whole]:
    """The greatest of two lists, of which each is in order: a network, since sorting rows is slow."""
    a, b = first, second
    found = []
    for place in range(MOST_REASONS):
        # Of two lists in order, the n-th greatest is the greatest of all smaller ones of a pair that leaves n-1 ahead.
        pairs = [np.minimum(a[left], b[place - 1 - left]) for left in range(place)]
        found.append(reduce(np.maximum, [a[place], b[place], *pairs]))
    return found

"""The scores of many rows by addition of whole columns: what ``scoring`` does for rows, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from formatpicker.batch.effects import Effects
from formatpicker.batch.lookups import Layout, Looked, Truth, Whole, merged
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.rules import severity


class Leaders(NamedTuple):
    """Of some formats the place and the total of the best, and which is the first of them.

    Where none leads, ``decided`` is not.
    """

    decided: Truth
    place: Whole
    total: Whole
    first: Whole


class Outcome(NamedTuple):
    """The results of many rows in columns. Scores are in tenths; what a mask does not cover counts for nothing.

    ``top`` has a bit for each core format, ``marks`` an array. ``reasons`` are as ``Layout.criteria_of`` takes them.
    """

    top: Whole
    decided: Truth
    weighed: Truth
    score: Whole
    second: Whole
    has_second: Truth
    second_score: Whole
    margin: Whole
    eligibility: Whole
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
    core, formats = len(effects.core), len(effects.ids)
    nothing: Whole = np.zeros(size, layout.whole)
    totals = [_total(lane, goals, others, unit, nothing) for lane in range(formats + 1)]
    marks = [_sum(lane + formats + 1, everyone, np.zeros(size, np.int64)) for lane in range(formats + 2)]
    apart, variants_apart = marks[-2] > 0, marks[-1] > 0
    alive = [each & effects.table.bits(Verdict.BLOCKED) == 0 for each in marks[:formats]]
    places = [_place(total, own, each, effects, layout) for total, own, each in zip(totals, marks, alive, strict=False)]
    leaders = _leaders(totals[:core], places[:core], alive[:core], apart)
    best = [leaders.decided & (place == leaders.place) for place in places[:core]]
    behind = [np.where(place < leaders.place, place, layout.closed) for place in places[:core]]
    seconds = _leaders(totals[:core], behind, alive[:core], apart)
    variants = _leaders(totals[core:formats], places[core:], alive[core:], variants_apart) if formats > core else None
    weights: Whole = totals[-1]
    return Outcome(
        reduce(np.bitwise_or, [each.astype(np.int64) << at for at, each in enumerate(best)]),
        leaders.decided,
        weights > 0,
        _tenths(leaders.total, weights),
        seconds.first,
        leaders.decided & (seconds.place > layout.closed),
        _tenths(seconds.total, weights),
        _tenths(leaders.total - seconds.total, weights),
        _eligibility(effects, best, marks),
        ~reduce(np.logical_or, alive[:core]),
        marks[:core],
        core + variants.first if variants else nothing,
        variants.decided if variants else nothing > 0,
        _tenths(variants.total, weights) if variants else nothing,
        _reasons(layout, core, goals, others, leaders, unit),
        reduce(np.add, [each.table.weights.take(each.at) for each in everyone]),
    )


def _sum(lane: int, looked: Sequence[Looked], nothing: Whole) -> Whole:
    """One number of all effects of each row together."""
    found = [each.table.lanes[lane].take(each.at) for each in looked if lane in each.table.lanes]
    return reduce(np.add, found) if found else nothing


def _total(lane: int, goals: Looked | None, others: Sequence[Looked], unit: Whole | None, nothing: Whole) -> Whole:
    """The weighted sums of one format: those of goals, and the others times the goals' unit."""
    found = _sum(lane, others, nothing)
    if goals is None or unit is None:
        return found
    return found * unit + _sum(lane, [goals], nothing)


def _place(total: Whole, marks: Whole, alive: Truth, effects: Effects, layout: Layout) -> Whole:
    """What open formats are ranked by, the greatest first: fewer unlikely verdicts, then the greater sum."""
    unlikely = np.bitwise_count(marks & effects.table.bits(Verdict.UNLIKELY)).astype(layout.whole)
    return np.where(alive, total - unlikely * (effects.most_sum + 1), layout.closed)


def _leaders(totals: Sequence[Whole], places: Sequence[Whole], alive: Sequence[Truth], separated: Truth) -> Leaders:
    """The best of some formats, as ``ranking.top`` has it."""
    most: Whole = reduce(np.maximum, places)
    count = reduce(np.add, [each.astype(np.int16) for each in alive])
    first = _first(places, most)
    total = totals[0].copy()
    for index in range(1, len(totals)):
        np.copyto(total, totals[index], where=first == index)
    return Leaders((count == 1) | (count > 1) & separated, most, total, first)


def _eligibility(effects: Effects, best: Sequence[Truth], marks: Sequence[Whole]) -> Whole:
    found: Whole = np.zeros(len(best[0]), np.int8)
    for verdict in (Verdict.CONDITIONAL, Verdict.UNLIKELY):
        bits = effects.table.bits(verdict)
        for each, own in zip(best, marks, strict=False):
            found[each & (own & bits != 0)] = severity(verdict)
    return found


def _first(columns: Sequence[Whole], values: Whole) -> Whole:
    """For each row the position of the first column that holds its value."""
    found = np.zeros(len(values), np.int32)
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
    """What speaks most for the first of the best."""
    found = [_own_reasons(core, each, leaders.first) for each in others if each.table.speaks]
    best = reduce(merged, found) if found else [np.zeros(len(leaders.first), layout.whole)] * MOST_REASONS
    if goals is not None and unit is not None:
        tie = layout.base - 1
        best = [(each & ~tie) * unit | each & tie for each in best]
        best = merged(best, _own_reasons(core, goals, leaders.first))
    return np.where(leaders.decided, layout.key(best), 0)


def _own_reasons(core: int, looked: Looked, format: Whole) -> list[Whole]:
    places = looked.at * core + format
    return [column.reshape(-1).take(places) for column in looked.table.reasons]

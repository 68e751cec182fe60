"""The scores of many rows by addition of whole columns: what ``scoring`` does for rows, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from formatpicker.batch.columns.codes import Booleans, Integers
from formatpicker.batch.columns.effect_rows import Layout, Sums, merged
from formatpicker.batch.columns.lookups import Looked
from formatpicker.batch.effects import Effects
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.rules import severity


class Leaders(NamedTuple):
    """Of some formats the standing and the total of the best, and which is the first of them.

    Where none leads, ``decided`` is not.
    """

    decided: Booleans
    standing: Integers
    total: Integers
    first: Integers


class Results(NamedTuple):
    """The results of many rows in columns. Scores are in tenths; what a mask does not cover counts for nothing.

    ``top`` has a bit for each core format, ``marks`` a row. ``reasons`` are as ``Layout.criteria_of`` takes them.
    """

    top: Integers
    decided: Booleans
    weighed: Booleans
    score: Integers
    second: Integers
    has_second: Booleans
    second_score: Integers
    margin: Integers
    eligibility: Integers
    none_alive: Booleans
    marks: Integers
    variant: Integers
    has_variant: Booleans
    variant_score: Integers
    reasons: Integers
    covered: Integers


def outcome(effects: Effects, layout: Layout, goals: Looked | None, others: Sequence[Looked], size: int) -> Results:
    """The results of so many rows, whose effects stand there in the tables."""
    core, formats, bits = len(effects.core), len(effects.ids), effects.table.bits
    everyone = [*others, *([goals] if goals else [])]
    shape = size, layout.width
    own = Sums.of(_added([(each.table.sums, each.at) for each in others], np.zeros(shape, layout.whole)))
    named = Sums.of(_added([(goals.table.sums, goals.at)] if goals else [], np.zeros(shape, layout.whole)))
    unit = named.unit if goals else np.ones(size, layout.whole)
    totals, weights = own.totals * unit + named.totals, own.weight * unit + named.weight
    apart, variants_apart = own.apart + named.apart > 0
    marked = [(each.table.marks, each.at) for each in everyone if each.table.marked]
    marks = np.ascontiguousarray(_added(marked, np.zeros((size, formats), np.int64)).T)
    alive = marks & bits(Verdict.BLOCKED) == 0
    # What open formats are ranked by, the greatest first: fewer unlikely verdicts, then the greater sum.
    unlikely = np.bitwise_count(marks & bits(Verdict.UNLIKELY)).astype(layout.whole)
    standings = np.where(alive, totals - unlikely * (effects.most_sum + 1), layout.closed)
    leaders = _leaders(totals[:core], standings[:core], alive[:core], apart)
    best = leaders.decided & (standings[:core] == leaders.standing)
    behind = np.where(standings[:core] < leaders.standing, standings[:core], layout.closed)
    seconds = _leaders(totals[:core], behind, alive[:core], apart)
    variants = _leaders(totals[core:], standings[core:], alive[core:], variants_apart) if formats > core else None
    nothing: Integers = np.zeros(size, layout.whole)
    return Results(
        reduce(np.bitwise_or, [each.astype(np.int64) << at for at, each in enumerate(best)]),
        leaders.decided,
        weights > 0,
        _tenths(leaders.total, weights),
        seconds.first,
        leaders.decided & (seconds.standing > layout.closed),
        _tenths(seconds.total, weights),
        _tenths(leaders.total - seconds.total, weights),
        _eligibility(effects, best, marks),
        ~alive[:core].any(axis=0),
        marks[:core],
        core + variants.first if variants else nothing,
        variants.decided if variants else nothing > 0,
        _tenths(variants.total, weights) if variants else nothing,
        _reasons(layout, core, goals, others, leaders, unit),
        own.covered + named.covered,
    )


def _added(rows: Sequence[tuple[Integers, Integers]], sums: Integers) -> Integers:
    """Some rows of tables added to sums, one table after the other: so no two sets of rows take memory."""
    for table, at in rows:
        sums += table.take(at, axis=0)
    return sums


def _leaders(totals: Integers, standings: Integers, alive: Booleans, separated: Booleans) -> Leaders:
    """The best of some formats, as ``ranking.top`` has it."""
    most: Integers = standings.max(axis=0)
    count = alive.sum(axis=0, dtype=np.int16)
    first = np.zeros(len(most), np.int32)
    for index in range(len(standings) - 1, -1, -1):
        np.copyto(first, index, where=standings[index] == most)
    total = totals.reshape(-1).take(first * len(most) + np.arange(len(most)))
    return Leaders((count == 1) | (count > 1) & separated, most, total, first)


def _eligibility(effects: Effects, best: Booleans, marks: Integers) -> Integers:
    severities: Integers = np.zeros(best.shape[1], np.int8)
    for verdict in (Verdict.CONDITIONAL, Verdict.UNLIKELY):
        bits = effects.table.bits(verdict)
        for each, own in zip(best, marks, strict=False):
            severities[each & (own & bits != 0)] = severity(verdict)
    return severities


def _tenths(totals: Integers, weights: Integers) -> Integers:
    """Totals in thousandths of the weights as tenths of points out of 100, halves up, as ``ranking.in_tenths``."""
    tenths: Integers = (2 * totals + weights) // (2 * np.maximum(weights, 1))
    return tenths


def _reasons(
    layout: Layout, core: int, goals: Looked | None, others: Sequence[Looked], leaders: Leaders, unit: Integers
) -> Integers:
    """What speaks most for the first of the best."""
    reasons = [_own_reasons(core, each, leaders.first) for each in others if each.table.speaks]
    best = reduce(merged, reasons) if reasons else [np.zeros(len(leaders.first), layout.whole)] * MOST_REASONS
    if goals is not None:
        tie = layout.base - 1
        best = [(each & ~tie) * unit | each & tie for each in best]
        best = merged(best, _own_reasons(core, goals, leaders.first))
    return np.where(leaders.decided, layout.key(best), 0)


def _own_reasons(core: int, looked: Looked, format: Integers) -> list[Integers]:
    reasons, first = looked.table.reasons.reshape(-1), looked.at * (MOST_REASONS * core) + format
    return [reasons.take(first + rank * core) for rank in range(MOST_REASONS)]

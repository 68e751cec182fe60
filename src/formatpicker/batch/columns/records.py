"""Records by columns: results by addition of effects, and columns of Arrow made of these or of rows. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from formatpicker.batch.columns.codes import Booleans, Integers
from formatpicker.batch.columns.lookups import Layout, Looked, Sums, merged
from formatpicker.batch.effects import Effects, Memo, Verdicts
from formatpicker.batch.records import FIELDS, LISTS, MOST_REASONS, Row
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.rules import severity


class Leaders(NamedTuple):
    """Of some formats the standing and the total of the best, and which is the first of them.

    ``decided`` is false where none can be recommended.
    """

    decided: Booleans
    standing: Integers
    total: Integers
    first: Integers


class Results(NamedTuple):
    """The results of many rows in columns. Scores are in tenths; what a mask does not cover counts for nothing.

    ``top`` has a bit for each core format, ``marks`` an array for each. ``reasons`` are as ``Layout.criteria_of`` takes
    them.
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
    """The results of ``size`` rows: what their answers do, looked up in the tables, is added and compared."""
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
        top=reduce(np.bitwise_or, [each.astype(np.int64) << at for at, each in enumerate(best)]),
        decided=leaders.decided,
        weighed=weights > 0,
        score=_tenths(leaders.total, weights),
        second=seconds.first,
        has_second=leaders.decided & (seconds.standing > layout.closed),
        second_score=_tenths(seconds.total, weights),
        margin=_tenths(leaders.total - seconds.total, weights),
        eligibility=_eligibility(effects, best, marks),
        none_alive=~alive[:core].any(axis=0),
        marks=marks[:core],
        variant=core + variants.first if variants else nothing,
        has_variant=variants.decided if variants else nothing > 0,
        variant_score=_tenths(variants.total, weights) if variants else nothing,
        reasons=_reasons(layout, core, goals, others, leaders, unit),
        covered=own.covered + named.covered,
    )


def _added(rows: Sequence[tuple[Integers, Integers]], sums: Integers) -> Integers:
    """Some rows of tables added to sums, one table after the other: so no two sets of rows take memory."""
    for table, at in rows:
        sums += table.take(at, axis=0)
    return sums


def _leaders(totals: Integers, standings: Integers, alive: Booleans, separated: Booleans) -> Leaders:
    """The best of some formats, as ``ranking.leading`` has it."""
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


# --- what records say, as columns ------------------------------------------------------------------------------------

_TYPES = {
    **dict.fromkeys(LISTS, pa.list_(pa.string())),
    **dict.fromkeys(("runner_up", "eligibility", "best_variant"), pa.string()),
    **dict.fromkeys(("score", "runner_up_score", "margin", "best_variant_score", "coverage"), pa.float64()),
    "row": pa.int64(),
}
_VERDICTS = [str(each) for each in sorted(Verdict, key=severity)]
# The key of no value.
_NOTHING = np.int32(np.iinfo(np.int32).min)


@dataclass(frozen=True)
class Keyed:
    """A column of records that gives each row a key for its value, since most values come up again and again.

    Attributes:
        name: The field.
        keys: A whole number for each row. A list may be in several parts, whose items follow each other; their keys
            have a bit for each item.
        values: What the keys of each part stand for.
        texts: All texts that there may be in it.
    """

    name: str
    keys: Sequence[Integers]
    values: Sequence[Callable[[int], Any]]
    texts: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.keys[0])

    def array(self) -> pa.Array:
        """The values as a column of Arrow, texts as dictionaries."""
        kind = _TYPES[self.name]
        keyed = [different(each) for each in self.keys]
        values = [[value(key) for key in keys] for (_, keys), value in zip(keyed, self.values, strict=True)]
        array = pa.array([value for part in values for value in part], kind)
        if types.is_list(kind):
            lists = in_turn([at for at, _ in keyed], [len(part) for part in values])
            return self._lists(array, lists)
        return (self._encoded(array) if self.texts else array).take(pa.array(keyed[0][0]))

    def _lists(self, some: pa.ListArray, chosen: Integers) -> pa.ListArray:
        """Some of a few lists, of which those of the parts of a row are joined; in half the time of ``take``."""
        offsets = some.offsets.to_numpy()
        counts = np.diff(offsets).take(chosen)
        ends = np.cumsum(counts, dtype=np.int32)
        items = np.repeat(offsets.take(chosen) - ends + counts, counts) + np.arange(counts.sum(), dtype=np.int32)
        ends = np.concatenate([np.zeros(1, np.int32), ends[len(self.keys) - 1 :: len(self.keys)]])
        return pa.ListArray.from_arrays(pa.array(ends), self._encoded(some.values).take(pa.array(items)))

    def _encoded(self, texts: pa.Array) -> pa.DictionaryArray:
        """With the same dictionary for all rows of a run: only so can a file take them as they are."""
        known = pa.array(self.texts, pa.string())
        return pa.DictionaryArray.from_arrays(pc.index_in(texts, known), known)


def different(keys: Integers) -> tuple[Integers, list[int]]:
    """Keys as positions in a list of the different ones."""
    encoded = pa.array(keys).dictionary_encode()
    return encoded.indices.to_numpy(), encoded.dictionary.to_pylist()


def in_turn(positions: Sequence[Integers], sizes: Sequence[int]) -> Integers:
    """Positions in lists of these sizes as positions in all lists one after the other: row by row, one of each list."""
    joined = np.empty((len(positions[0]), len(positions)), np.int32)
    for at, each in enumerate(positions):
        np.add(each, sum(sizes[:at]), out=joined[:, at], casting="unsafe")
    return joined.reshape(-1)


def keyed_columns(effects: Effects, layout: Layout, results: Results) -> list[Keyed]:
    """The results of some rows as records: all fields but the first two, which tell whose they are."""
    eligibility = np.where(results.none_alive, severity(Verdict.BLOCKED), results.eligibility)
    scored, second = results.decided & results.weighed, results.has_second & results.weighed

    def where(
        name: str, keys: Integers, told: Booleans, value: Callable[[int], Any], texts: Sequence[str] = ()
    ) -> Keyed:
        keys = np.where(told, keys, _NOTHING)
        return Keyed(name, [keys], [lambda key: None if key == _NOTHING else value(key)], texts)

    def named(name: str, keys: Integers, told: Booleans, texts: Sequence[str]) -> Keyed:
        return where(name, keys, told, texts.__getitem__, texts)

    def marked(name: str, verdict: Verdict) -> Keyed:
        keys = [each & effects.table.bits(verdict) for each in results.marks]
        return Keyed(name, keys, [partial(_marked, words, name) for words in effects.verdicts], pairs)

    pairs = [f"{format}:{criterion}" for format in effects.core for criterion in effects.table.marked]
    return [
        Keyed("top", [results.top], [effects.formats_of], effects.core),
        where("score", results.score, scored, _points),
        named("runner_up", results.second, results.has_second, effects.core),
        where("runner_up_score", results.second_score, second, _points),
        where("margin", results.margin, second, _points),
        named("eligibility", eligibility, results.decided | results.none_alive, _VERDICTS),
        marked("conditions", Verdict.CONDITIONAL),
        marked("long_shots", Verdict.UNLIKELY),
        marked("blocked", Verdict.BLOCKED),
        named("best_variant", results.variant, results.has_variant, effects.ids),
        where("best_variant_score", results.variant_score, results.has_variant & results.weighed, _points),
        Keyed("reasons", [results.reasons], [layout.criteria_of.__getitem__], layout.criteria),
        Keyed("coverage", [results.covered], [effects.coverage.__getitem__]),
    ]


def _points(tenths: int) -> float:
    return tenths / 10


def _marked(words: Memo[int, Verdicts], field: str, marks: int) -> tuple[str, ...]:
    pairs: tuple[str, ...] = getattr(words[marks], field)
    return pairs


def record_schema(id_type: pa.DataType | None = None) -> pa.Schema:
    """The columns of a record; ids are text unless another type is given."""
    return pa.schema([(field, _TYPES[field] if field in _TYPES else id_type or pa.string()) for field in FIELDS])


def batch_of_rows(rows: Sequence[Row], names: Sequence[str]) -> pa.RecordBatch:
    """Rows with these columns as a batch; what is no field of a record is text, and so are ids."""
    columns = [_column_of(name, [row[at] for row in rows]) for at, name in enumerate(names)]
    return pa.RecordBatch.from_arrays(columns, names=list(names))


def _column_of(name: str, values: Sequence[Any]) -> pa.Array:
    if name in _TYPES:
        return pa.array(values, _TYPES[name])
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def batch_of_columns(ids: pa.Array, others: Sequence[pa.Array | Keyed]) -> pa.RecordBatch:
    """Whole records as a batch of plain types."""
    schema = record_schema(ids.type)
    arrays = [ids, *(each.array() if isinstance(each, Keyed) else each for each in others)]
    plain = [each.cast(field.type) for each, field in zip(arrays, schema, strict=True)]
    return pa.RecordBatch.from_arrays(plain, schema=schema)

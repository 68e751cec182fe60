"""Records as batches of Arrow: out of arrays, out of records, and back. Needs pyarrow and numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from formatpicker.batch.arrays import Outcome
from formatpicker.batch.effects import Effects
from formatpicker.batch.lookups import Layout, Truth, Whole
from formatpicker.batch.records import FIELDS, LISTS, Row
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.rules import severity
from formatpicker.scoring.tables import Table

_TYPES = {
    **dict.fromkeys(LISTS, pa.list_(pa.string())),
    **dict.fromkeys(("runner_up", "eligibility", "best_variant"), pa.string()),
    **dict.fromkeys(("score", "runner_up_score", "margin", "best_variant_score", "coverage"), pa.float64()),
    "row": pa.int64(),
}
_VERDICTS = sorted(Verdict, key=severity)


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


def batch_of_outcome(effects: Effects, layout: Layout, found: Outcome, ids: pa.Array, rows: Whole) -> pa.RecordBatch:
    """The results of some rows as records."""
    formats, core, table = effects.ids, effects.core, effects.table
    eligibility = np.where(found.none_alive, severity(Verdict.BLOCKED), found.eligibility)
    scored = found.decided & found.weighed
    second = found.has_second & found.weighed
    pairs = [f"{format}:{criterion}" for format in core for criterion in table.marked]
    bits = [np.unpackbits(each.astype("<i8").view(np.uint8), bitorder="little") for each in found.marks]
    columns = {
        "id": ids,
        "row": pa.array(rows),
        "top": _lists(np.stack(found.best, axis=1), formats),
        "score": _points(found.score, scored),
        "runner_up": _words(found.second, found.has_second, formats),
        "runner_up_score": _points(found.second_score, second),
        "margin": _points(found.margin, second),
        "eligibility": _words(eligibility, found.decided | found.none_alive, [str(each) for each in _VERDICTS]),
        "conditions": _lists(_marked(table, bits, Verdict.CONDITIONAL), pairs),
        "long_shots": _lists(_marked(table, bits, Verdict.UNLIKELY), pairs),
        "blocked": _lists(_marked(table, bits, Verdict.BLOCKED), pairs),
        "best_variant": _words(found.variant, found.has_variant, formats),
        "best_variant_score": _points(found.variant_score, found.has_variant & found.weighed),
        "reasons": _reasons(found.reasons, layout),
        "coverage": _shares(effects, found.weight),
    }
    return pa.RecordBatch.from_arrays([columns[field] for field in FIELDS], names=list(FIELDS))


def _marked(table: Table, bits: Sequence[NDArray[np.uint8]], verdict: Verdict) -> Truth:
    """For each row, and each core format and criterion, whether that has one verdict."""
    places = [each for each in range(64) if table.bits(verdict) >> each & 1]
    return np.concatenate([each.reshape(-1, 64).take(places, axis=1).view(np.bool_) for each in bits], axis=1)


def _lists(marked: Truth, names: Sequence[str]) -> pa.ListArray:
    """For each row the names of the columns that are marked in it."""
    found = np.flatnonzero(marked)
    counts = marked.sum(axis=1, dtype=np.int32)
    return _list_array(counts, found - np.repeat(np.arange(len(marked)) * marked.shape[1], counts), names)


def _list_array(counts: NDArray[np.int32], positions: Whole, names: Sequence[str]) -> pa.ListArray:
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)])
    values = pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int32)), pa.array(names, pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _reasons(reasons: Whole, layout: Layout) -> pa.ListArray:
    named = reasons > 0
    return _list_array(named.sum(axis=1, dtype=np.int32), layout.criterion(reasons[named]), layout.criteria)


def _words(positions: Whole, known: Truth, names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(
        pa.array(positions.astype(np.int32), mask=~known), pa.array(names, pa.string())
    )


def _points(tenths: Whole, known: Truth) -> pa.Array:
    return pa.array(tenths / 10, mask=~known)


def _shares(effects: Effects, weights: Whole) -> pa.Array:
    """Shares of the whole weight to two decimals, each worked out once as for a single row."""
    different, positions = np.unique(weights, return_inverse=True)
    return pa.array(np.array([effects.coverage[weight] for weight in different.tolist()]).take(positions))


def decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with plain text where it has dictionaries."""
    schema = record_schema(batch.schema.field(0).type)
    return pa.RecordBatch.from_arrays(
        [each.cast(field.type) for each, field in zip(batch.columns, schema, strict=True)], schema=schema
    )

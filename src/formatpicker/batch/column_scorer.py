"""Whole columns in, whole columns out: batches of Arrow scored by arrays, row for row what ``Scorer`` says.

Needs pyarrow and numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from formatpicker.batch.arrays import Outcome, outcome
from formatpicker.batch.arrowcells import cells_of, encoded
from formatpicker.batch.codes import FAULT, Codes, Numbers
from formatpicker.batch.effects import Effects
from formatpicker.batch.headers import Sheet
from formatpicker.batch.lookups import Group, Layout, Looked, Truth, Whole, Words, grouped, suits
from formatpicker.batch.records import FIELDS, LISTS, Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Rows, together
from formatpicker.batch.tally import Tally
from formatpicker.batch.work import Plan, Result
from formatpicker.catalog.model import Catalog, Question, Verdict
from formatpicker.scoring.answers import Answer

# So many rows are added at a time, so that the columns of a block stay in the processor's cache.
BLOCK = 32_768

_TYPES = {
    **dict.fromkeys(LISTS, pa.list_(pa.string())),
    **dict.fromkeys(("runner_up", "eligibility", "best_variant"), pa.string()),
    **dict.fromkeys(("score", "runner_up_score", "margin", "best_variant_score", "coverage"), pa.float64()),
    "row": pa.int64(),
}
_VERDICTS = (Verdict.FITS, Verdict.CONDITIONAL, Verdict.BLOCKED)


def record_schema(id_type: pa.DataType | None = None) -> pa.Schema:
    """The columns of a record; ids are text unless another type is given."""
    return pa.schema([(field, _TYPES[field] if field in _TYPES else id_type or pa.string()) for field in FIELDS])


def batch_of(records: Sequence[Record], ids: pa.Array | None = None) -> pa.RecordBatch:
    """Records as a batch; their ids as text unless they are given."""
    if ids is None:
        ids = pa.array([None if record.id is None else str(record.id) for record in records], pa.string())
    schema = record_schema(ids.type)
    columns = [pa.array([record[at] for record in records], schema.field(at).type) for at in range(1, len(FIELDS))]
    return pa.RecordBatch.from_arrays([ids, *columns], schema=schema)


def narrowed(sheet: Sheet) -> Sheet:
    """A sheet without the columns that hold neither answers nor ids."""
    ids = [] if sheet.id_column is None else [sheet.id_column]
    kept = sorted({*ids, *(index for columns in sheet.columns.values() for index in columns)})
    place = {index: position for position, index in enumerate(kept)}
    columns = {id: tuple(place[index] for index in columns) for id, columns in sheet.columns.items()}
    id_column = None if sheet.id_column is None else place[sheet.id_column]
    return Sheet(tuple(sheet.headers[index] for index in kept), columns, id_column, sheet.ignored, sheet.values)


class Scored(NamedTuple):
    """What has become of a batch: the records of its accepted rows, where those stood, the rejects and the counts.

    ``ids`` are those of all rows.
    """

    batch: pa.RecordBatch
    ids: pa.Array
    accepted: NDArray[np.bool_]
    rejects: list[Reject]
    tally: Tally


class ColumnScorer:
    """Scores batches of one table, whose columns are those of the sheet."""

    def __init__(self, catalog: Catalog, sheet: Sheet) -> None:
        self.sheet = sheet
        self._scorer = Scorer(catalog, sheet)
        self._questions = [catalog.questions[id] for id in sheet.columns]
        effects = self._scorer.effects
        self._suits = suits(effects)
        self._codes = {question.id: Codes(_parser(self._scorer, question)) for question in self._questions}
        self._layout = Layout(effects)
        self._groups = [Group(effects, self._layout, each, self._codes) for each in grouped(effects, sheet)]
        self._shares = _Shares(effects)
        self._lock = Lock()

    def scored(self, batch: pa.RecordBatch, first: int) -> Scored:
        """What becomes of a batch whose first row has this number; texts come out as dictionaries.

        Several threads may ask at once: what is remembered is looked up, and added to, by one at a time.
        """
        rows = np.arange(first, first + batch.num_rows, dtype=np.int64)
        ids = self._ids(batch)
        with self._lock:
            if not self._suits:
                return self._plain(batch, ids, rows)
            accepted, looked = self._looked_up(batch)
            rejects = [] if accepted.all() else self._rejects(batch, rows, ~accepted)
        kept = ids
        if rejects:
            rows, kept = rows[accepted], ids.filter(pa.array(accepted))
        tally = Tally(rejected=len(rejects))
        blocks = []
        for start in range(0, max(len(rows), 1), BLOCK):
            block = slice(start, start + BLOCK)
            found = self._outcome([each.rows(block) for each in looked])
            tally.merge(_tally(found, self._scorer.effects.ids))
            blocks.append(self._batch(kept[block], rows[block], found))
        return Scored(_joined(blocks), ids, accepted, rejects, tally)

    def _looked_up(self, batch: pa.RecordBatch) -> tuple[Truth, list[Looked]]:
        """Which rows hold nothing but answers, and what the answers of these do."""
        remembered: list[Codes | Group] = [*self._codes.values(), *self._groups]
        if any(each.full for each in remembered):
            for each in remembered:
                each.clear()
        codes = {question.id: self._coded(question, batch) for question in self._questions}
        accepted = np.ones(batch.num_rows, np.bool_)
        for column in codes.values():
            accepted &= column != FAULT
        if not accepted.all():
            codes = {id: column[accepted] for id, column in codes.items()}
        return accepted, [group.looked_up(codes) for group in self._groups]

    def _outcome(self, looked: Sequence[Looked]) -> Outcome:
        goals = [each for group, each in zip(self._groups, looked, strict=True) if group.of_goals]
        others = [each for group, each in zip(self._groups, looked, strict=True) if not group.of_goals]
        return outcome(self._layout, goals[0] if goals else None, others)

    # --- columns in ----------------------------------------------------------------------------------------------

    def _ids(self, batch: pa.RecordBatch) -> pa.Array:
        """The ids with their type; what is empty or not a number is null."""
        if self.sheet.id_column is None:
            return pa.nulls(batch.num_rows, pa.string())
        ids = batch.column(self.sheet.id_column)
        if types.is_dictionary(ids.type):
            ids = ids.dictionary_decode()
        if types.is_floating(ids.type):
            return pc.if_else(pc.is_nan(ids), None, ids)
        if types.is_string(ids.type) or types.is_large_string(ids.type):
            empty = pc.equal(pc.binary_length(ids), 0)
            return pc.if_else(empty, None, ids) if pc.any(empty).as_py() else ids
        return ids

    def _coded(self, question: Question, batch: pa.RecordBatch) -> Numbers:
        codes, columns = self._codes[question.id], self.sheet.columns[question.id]
        found = [encoded(batch.column(index)) for index in columns]
        if len(found) == 1:
            positions, cells = found[0]
            return codes.of(cells).take(positions)
        keys = np.zeros(batch.num_rows, np.intp)
        for positions, cells in found:
            # Numbered anew after each column, so that no product of their sizes can grow out of 64 bits.
            keys = np.unique(keys * len(cells) + positions, return_inverse=True)[1]
        _, first, keys = np.unique(keys, return_index=True, return_inverse=True)
        rows = zip(*[[cells[at] for at in positions[first].tolist()] for positions, cells in found], strict=True)
        return codes.of([together(row, range(len(row))) for row in rows]).take(keys)

    # --- rows ----------------------------------------------------------------------------------------------------

    def _rejects(self, batch: pa.RecordBatch, rows: Whole, faulty: Truth) -> list[Reject]:
        found = self._scorer.scored(Rows(1, _rows(batch.filter(pa.array(faulty))), None, {})).rejects
        return [each._replace(row=row) for each, row in zip(found, rows[faulty].tolist(), strict=True)]

    def _plain(self, batch: pa.RecordBatch, ids: pa.Array, rows: Whole) -> Scored:
        """The same a row at a time."""
        first = int(rows[0]) if len(rows) else 1
        _, outcomes, rejects = self._scorer.scored(Rows(first, _rows(batch), None, {}))
        accepted = np.isin(rows, np.array(outcomes.rows, np.int64))
        tally = self._scorer.counted(outcomes)
        tally.rejected = len(rejects)
        records = outcomes.records(self._scorer.packing)
        return Scored(batch_of(records, ids.filter(pa.array(accepted))), ids, accepted, rejects, tally)

    # --- columns out ---------------------------------------------------------------------------------------------

    def _batch(self, ids: pa.Array, rows: Whole, found: Outcome) -> pa.RecordBatch:
        formats, layout = self._scorer.effects.ids, self._layout
        eligibility = np.where(found.conditional, 1, np.where(found.none_alive, 2, 0))
        scored = found.decided & found.weighed
        second = found.has_second & found.weighed
        columns = {
            "id": ids,
            "row": pa.array(rows),
            "top": _lists(found.best, found.best.sum(axis=1, dtype=np.int32), formats),
            "score": _points(found.score, scored),
            "runner_up": _words(found.second, found.has_second, formats),
            "runner_up_score": _points(found.second_score, second),
            "margin": _points(found.margin, second),
            "eligibility": _words(eligibility, found.decided | found.none_alive, [str(each) for each in _VERDICTS]),
            "conditions": _lists_of_bits(found.conditions, layout.flags),
            "blocked": _lists_of_bits(found.blocked, layout.flags),
            "best_variant": _words(found.variant, found.has_variant, formats),
            "best_variant_score": _points(found.variant_score, found.has_variant & found.weighed),
            "reasons": _reasons(found.reasons, layout),
            "coverage": pa.array(self._shares.of(found.weight)),
        }
        return pa.RecordBatch.from_arrays([columns[field] for field in FIELDS], names=list(FIELDS))


class ColumnWorker:
    """Scores batch after batch; what ``work.Worker`` is for rows."""

    def __init__(self, plan: Plan) -> None:
        self._scorer = ColumnScorer(plan.catalog, plan.sheet)
        self._fields = list(plan.fields)

    def __call__(self, numbered: tuple[pa.RecordBatch, int]) -> Result:
        """Score one batch, of which the number of the first row is given."""
        found = self._scorer.scored(*numbered)
        return Result(found.batch.select(self._fields), found.rejects, found.tally)


def _parser(scorer: Scorer, question: Question) -> Callable[[Cell], Answer | None]:
    return lambda cell: scorer.parsed(question, cell)


def _rows(batch: pa.RecordBatch) -> list[list[Cell]]:
    return [list(row) for row in zip(*map(cells_of, batch.columns), strict=True)]


def _lists_of_bits(words: Words, names: Sequence[str]) -> pa.ListArray:
    """For each row the names of the bits that are set in it, the lowest first."""
    marked = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little").view(np.bool_)
    return _lists(marked, np.bitwise_count(words).sum(axis=1, dtype=np.int32), names)


def _lists(marked: Truth, counts: NDArray[np.int32], names: Sequence[str]) -> pa.ListArray:
    """For each row the names of the columns that are marked in it."""
    width = marked.shape[1]
    found = np.flatnonzero(marked.reshape(-1))
    return _list_array(counts, found - np.repeat(np.arange(len(marked)) * width, counts), names)


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


class _Shares:
    """Shares of the whole weight to two decimals, each worked out once as for a single row."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._known = np.full(effects.whole_weight + 1, np.nan)

    def of(self, weights: Whole) -> NDArray[np.float64]:
        """The share of each weight."""
        found = self._known.take(weights)
        if np.isnan(found).any():
            for weight in np.unique(weights[np.isnan(found)]).tolist():
                self._known[weight] = self._effects.coverage(weight)
            found = self._known.take(weights)
        return found


def _joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def _tally(found: Outcome, formats: Sequence[str]) -> Tally:
    """The counts; who is on top is read from the first row of those that have the same ones there."""
    keys = np.packbits(found.best, axis=1).astype(np.int64)
    packed = keys @ (256 ** np.arange(keys.shape[1])) if keys.shape[1] <= _MOST_BYTES else _renumbered(found.best)
    _, first, counts = np.unique(packed, return_index=True, return_counts=True)
    tops = {
        tuple(id for id, is_top in zip(formats, found.best[row].tolist(), strict=False) if is_top): count
        for row, count in zip(first.tolist(), counts.tolist(), strict=True)
    }
    return Tally(len(found.best), 0, int((found.none_alive & ~found.decided).sum()), Counter(tops))


_MOST_BYTES = 7


def _renumbered(rows: Truth) -> Whole:
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with plain text where it has dictionaries."""
    schema = record_schema(batch.schema.field(0).type)
    return pa.RecordBatch.from_arrays(
        [each.cast(field.type) for each, field in zip(batch.columns, schema, strict=True)], schema=schema
    )

"""Batches of Arrow in, records out: for Spark, Ray, pandas, DuckDB, Polars and whatever else speaks Arrow.

``score_batches`` can be handed to Spark's ``mapInArrow`` as it is, ``score_table`` to Ray's ``map_batches``. Needs
the extra ``arrow``. The results are those of ``recommend``, row for row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from formatpicker.batch.headers import ID, Headers, Mapped
from formatpicker.batch.records import FIELDS, Reject, reject_text
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog.model import Catalog
from formatpicker.catalog.store import load_catalog
from formatpicker.errors import InputError, install_hint

try:
    import numpy as np
    import pyarrow as pa

    from formatpicker.batch.columns.cells import Block, check_types
    from formatpicker.batch.columns.records import batch_of_columns, record_schema
    from formatpicker.batch.columns.scorer import ColumnScorer, ScoredColumns
except ImportError as _missing:
    raise ImportError(f"formatpicker.batch.arrow needs pyarrow and numpy: {install_hint('arrow')}") from _missing

__all__ = ["record_schema", "score_batches", "score_table"]

# What becomes of a row that cannot be read: an error, a record that says nothing, or a call that is given it.
Policy = Literal["raise", "null"] | Callable[[Reject], None]
_INPUT = "the input"
ROW = FIELDS.index("row")
# So many rows of a batch are scored at a time: a bound on memory.
PART = 32_768


def score_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    catalog: Catalog | str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    id_column: str | None = None,
    row_column: str | None = None,
    first_row: int = 1,
    rejects: Policy = "raise",
) -> Iterator[pa.RecordBatch]:
    """The records of all rows, a batch for each batch, in the columns of ``record_schema``.

    Args:
        batches: The answers; columns are named as in a file for ``formatpicker batch``, others are ignored.
        catalog: A catalog or the file of one; None takes the one in force.
        columns: Which column holds what, by name: a question's id or ``id``.
        values: For each question what its texts stand for.
        id_column: The column that comes out as ``id``, with its type; None takes ``id``.
        row_column: A column of whole numbers that comes out as ``row``. Without one the rows of all batches are
            counted, which in a distributed run are those of one partition.
        first_row: The number of the first row.
        rejects: What becomes of a row that cannot be read. "raise" ends the run with an error that names it. "null"
            keeps it, with its id and row and nothing else. A function is called with it, and the row is left out.

    Raises:
        InputError: No column holds an answer, a column has a type that cannot, or a row cannot be read.
        CatalogError: The catalog is not valid.
    """
    if not (callable(rejects) or rejects in ("raise", "null")):
        raise InputError("rejects", f"{rejects!r} is not a policy; use 'raise', 'null' or a function")
    loaded = catalog if isinstance(catalog, Catalog) else load_catalog(catalog)
    headers = Headers(loaded, Mapped(columns or {}, values or {}, "columns"), id_column)
    scorers: dict[tuple[str, ...], ColumnScorer] = {}
    for batch in batches:
        names = tuple(batch.schema.names)
        if names not in scorers:
            scorers[names] = ColumnScorer(loaded, Sheet.of(headers, names, _INPUT).narrowed())
        scorer = scorers[names]
        check_types(loaded, scorer.sheet, batch.schema, _INPUT)
        rows, settled = _rows(batch, row_column, first_row), []
        for part in Block(first_row, batch.select(list(scorer.sheet.headers))).parts(PART):
            scored = scorer.scored(part)
            assert scored is not None
            settled.append(_settled(scored(), rows.slice(part.first - first_row, PART), rejects, part.first))
        yield _joined(settled)
        first_row += batch.num_rows


def score_table(table: pa.Table, **options: Any) -> pa.Table:
    """The records of a whole table; the options are those of ``score_batches``."""
    batches = list(score_batches(table.to_batches() or [_empty(table.schema)], **options))
    return pa.Table.from_batches(batches)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema)


def _rows(batch: pa.RecordBatch, column: str | None, first: int) -> pa.Array:
    """The number of each row."""
    if column is None:
        return pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
    if batch.schema.names.count(column) != 1:
        raise InputError(_INPUT, f"row_column: there must be one column {column!r}, and there is not")
    if not pa.types.is_integer(batch.schema.field(column).type):
        raise InputError(_INPUT, f"row_column: {column!r} is of type {batch.schema.field(column).type}, not integer")
    return batch.column(column).cast(pa.int64())


def _settled(scored: ScoredColumns, rows: pa.Array, rejects: Policy, first_row: int) -> pa.RecordBatch:
    """The records of some rows with their row numbers, and their rejects dealt with."""
    accepted = pa.array(scored.accepted)
    told = [each._replace(row=rows[each.row - first_row].as_py()) for each in scored.rejects]
    if told and rejects == "raise":
        # Such errors end up in logs, where neither an answer nor an id has any business.
        raise InputError(_INPUT, reject_text(told[0]._replace(id=None, value=None)))
    records = batch_of_columns(scored.accepted_ids, scored.columns)
    if not callable(rejects):
        return _spread(records, scored, rows) if told else records.set_column(ROW, FIELDS[ROW], rows)
    for each in told:
        rejects(each)
    return records.set_column(ROW, FIELDS[ROW], rows.filter(accepted))


def _joined(parts: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(parts) == 1:
        return parts[0]
    whole = pa.Table.from_batches(parts).combine_chunks().to_batches()
    return whole[0] if whole else parts[0]


def _spread(records: pa.RecordBatch, scored: ScoredColumns, rows: pa.Array) -> pa.RecordBatch:
    """A record for every row; one that could not be read says nothing but its id and its row."""
    positions = np.where(scored.accepted, np.cumsum(scored.accepted) - 1, -1)
    taken = records.take(pa.array(positions, mask=~scored.accepted))
    lists = [field.name for field in records.schema if pa.types.is_list(field.type)]
    empty = pa.scalar([], pa.list_(pa.string()))
    for name in lists:
        taken = taken.set_column(FIELDS.index(name), name, taken.column(name).fill_null(empty))
    return taken.set_column(0, ID, scored.ids).set_column(ROW, FIELDS[ROW], rows)

"""Columns of Arrow as cells: which types hold answers, and their values as any reader gives them. Needs pyarrow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import types

from formatpicker.base.text import shortened
from formatpicker.batch.columns.codes import Integers
from formatpicker.batch.rows import Cell, Rows, kept_value
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog.criteria import AnswerKind
from formatpicker.catalog.model import Catalog
from formatpicker.errors import InputError

# A dictionary with more values than this many times the rows is not worth reading through.
_WORTH_READING = 4
# So many bytes of a text are digested.
_MOST_DIGESTED = 256
# By how many of eight bytes belong to a text: the bits to keep.
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(9)], np.uint64)
# 2 to the power of 64 by the golden ratio: multiplicative hashing, Knuth, The Art of Computer Programming 3, 6.4.
_ODD = np.uint64(0x9E3779B97F4A7C15)


def is_text_type(kind: pa.DataType) -> bool:
    """Whether values of a type are text."""
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_plain(kind: pa.DataType) -> bool:
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    return is_text_type(kind) or any(
        is_one(kind) for is_one in (types.is_integer, types.is_floating, _is_boolean_or_null)
    )


def _is_boolean_or_null(kind: pa.DataType) -> bool:
    return bool(types.is_boolean(kind) or types.is_null(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _holds_goals(kind: pa.DataType) -> bool:
    """Whether a type is a list of texts, or a mapping from goals to their importance."""
    if _is_list(kind):
        return _is_plain(kind.value_type)
    if types.is_map(kind):
        return _is_plain(kind.key_type) and _is_plain(kind.item_type)
    return bool(types.is_struct(kind)) and all(_is_plain(field.type) for field in kind)


def check_types(catalog: Catalog, sheet: Sheet, schema: pa.Schema, file: str) -> None:
    """See that every column that is read holds what its question can be answered with.

    Raises:
        InputError: A column that does not, by its name and its type.
    """
    if twice := next((name for name in sheet.headers if schema.names.count(name) > 1), None):
        raise InputError(file, f"two columns are called {shortened(twice)}; keep one, or give them other names")
    for id, columns in sheet.columns.items():
        goals = catalog.questions[id].answer is AnswerKind.GOALS and len(columns) == 1
        for index in columns:
            kind = schema.field(sheet.headers[index]).type
            if not (_is_plain(kind) or (goals and _holds_goals(kind))):
                raise InputError(file, f"{_column(sheet, index)} is of type {kind}, which is no answer; {_CAST}")
    if sheet.id_column is not None:
        kind = schema.field(sheet.headers[sheet.id_column]).type
        if types.is_nested(kind) or not (_is_plain(kind) or types.is_primitive(kind) or types.is_decimal(kind)):
            raise InputError(file, f"{_column(sheet, sheet.id_column)} is of type {kind}, which is no id; {_CAST}")


_CAST = "cast it to text or to a number first"


def _column(sheet: Sheet, index: int) -> str:
    return f"column {shortened(sheet.headers[index])}"


def cells_of(column: pa.Array) -> list[Cell]:
    """The values of a column as cells: what is missing or not a number is None, lists and mappings are JSON."""
    kind = column.type
    if types.is_dictionary(kind):
        return cells_of(column.dictionary_decode())
    if types.is_boolean(kind):
        return [None if value is None else "true" if value else "false" for value in column.to_pylist()]
    if types.is_floating(kind):
        return [None if value is None or value != value else float(value) for value in column.to_pylist()]
    if types.is_nested(kind):
        return [None if value is None else json.dumps(value, ensure_ascii=False) for value in _nested(column)]
    if is_text_type(kind) or types.is_integer(kind) or types.is_null(kind):
        return _listed(column)
    return _listed(column.cast(pa.string()))  # a date or a decimal as an id


def _listed(column: pa.Array) -> list[Cell]:
    """Values as they are; bytes that are no text make the cells that hold them no answer, and no others."""
    try:
        found: list[Cell] = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(pa.large_binary()).to_pylist()
        found = [None if value is None else value.decode("utf-8", "replace") for value in values]
    return found


def levels(column: pa.Array) -> Iterator[pa.Array]:
    """A column, and whatever its lists and mappings hold as columns of their own, down to plain values."""
    yield column
    kind = column.type
    parts: list[pa.Array] = []
    if _is_list(kind):
        parts = [column.flatten()]
    elif types.is_struct(kind):
        parts = column.flatten()
    elif types.is_map(kind) and len(column):
        first, end = column.offsets[0].as_py(), column.offsets[-1].as_py()
        parts = [each.slice(first, end - first) for each in (column.keys, column.items)]
    for each in parts:
        yield from levels(each)


def _nested(column: pa.Array) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if types.is_map(column.type):
        # Of equal keys none may be lost, so they stay pairs and are no answer.
        return [pairs if pairs is None or len(dict(pairs)) < len(pairs) else dict(pairs) for pairs in values]
    # Every row of a struct has every field: what holds nothing was not named.
    return [_given(value) if isinstance(value, dict) else value for value in values]


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def numbered(cells: Sequence[Cell]) -> tuple[Integers, list[Cell]]:
    """Cells as positions in a list of the different ones, of which the last is None."""
    positions: dict[Cell, int] = {}
    at = [positions.setdefault(cell, len(positions)) for cell in cells]
    return np.array(at, np.intp), [*positions, None]


def identities(ids: pa.Array) -> pa.Array:
    """Ids with their type; what is empty or not a number is null."""
    if types.is_dictionary(ids.type):
        ids = ids.dictionary_decode()
    if types.is_floating(ids.type):
        return pc.if_else(pc.is_finite(ids), ids, None)
    if is_text_type(ids.type):
        empty = pc.equal(pc.binary_length(ids), 0)
        return pc.if_else(empty, None, ids) if pc.any(empty).as_py() else ids
    return ids


def identities_of(ids: Sequence[Cell]) -> pa.Array | None:
    """Ids as a column of text or of whole numbers; None where they are mixed, or no text."""
    kinds = {type(id) for id in ids} - {type(None)}
    try:
        if kinds <= {str}:
            return identities(pa.array(ids, pa.string()))
        return pa.array(ids, pa.int64()) if kinds == {int} else None
    except (pa.ArrowException, UnicodeError, OverflowError):
        return None


def kept_column(column: pa.Array) -> pa.Array:
    """A kept column: numbers and text as they are, anything else as the text of its cells."""
    if types.is_integer(column.type) or types.is_floating(column.type) or is_text_type(column.type):
        return identities(column)
    return kept_column_of(cells_of(column))


def kept_column_of(cells: Sequence[Cell]) -> pa.Array | None:
    """Cells of a kept column as one of text or of whole numbers; None where they are mixed."""
    return identities_of([kept_value(cell) for cell in cells])


def as_text(column: pa.Array) -> pa.Array:
    """The values of a column as text, as Python writes them."""
    if is_text_type(column.type):
        return column
    return pa.array([None if cell is None else str(cell) for cell in cells_of(column)], pa.string())


def encoded(column: pa.Array) -> tuple[Integers, list[Cell]]:
    """A column as positions in a list of its different cells, of which the last is None."""
    if types.is_nested(column.type):
        return numbered(cells_of(column))
    if types.is_dictionary(column.type) and len(column.dictionary) > _WORTH_READING * len(column):
        column = column.dictionary_decode()
    if types.is_null(column.type):
        return np.zeros(len(column), np.intp), [None]
    if types.is_float16(column.type):  # older releases of Arrow cannot encode these
        column = column.cast(pa.float32())
    if not types.is_dictionary(column.type):
        column = column.dictionary_encode()
    cells = cells_of(column.dictionary)
    positions = column.indices
    if positions.null_count:
        positions = pc.fill_null(positions.cast(pa.int32()), len(cells))
    return positions.to_numpy(zero_copy_only=False), [*cells, None]


def _without_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with plain text for views of text, as Polars hands them out: Arrow has few functions for those."""
    if "string_view" not in str(batch.schema):
        return batch
    columns = [each.cast(_without_view(each.type)) for each in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _without_view(kind: pa.DataType) -> pa.DataType:
    if types.is_string_view(kind):
        return pa.large_string()
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _without_view(kind.value_type), kind.ordered)
    if _is_list(kind):
        return pa.large_list(_without_view(kind.value_type))
    if types.is_map(kind):
        return pa.map_(_without_view(kind.key_type), _without_view(kind.item_type))
    if types.is_struct(kind):
        return pa.struct([field.with_type(_without_view(field.type)) for field in kind])
    return kind


def all_differ(columns: Sequence[pa.Array]) -> bool:
    """Whether no value comes twice in some columns of one type; it may be False for long texts that do differ.

    Digests are sorted, which takes a sixth of the time of Arrow's ``unique``, a twentieth of a run.
    """
    try:
        digests = np.sort(np.concatenate([_digests(each.drop_null().cast(pa.large_string())) for each in columns]))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # no text stands for each value of such a type
        return False
    return bool((digests[1:] != digests[:-1]).all())


def _digests(texts: pa.Array) -> NDArray[np.uint64]:
    """For each text 64 bits: its first bytes, eight at a time, mixed with its length by multiplying and shifting."""
    if not len(texts):
        return np.zeros(0, np.uint64)
    offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset :][: len(texts) + 1]
    data = np.frombuffer((texts.buffers()[2] or b"")[: offsets[-1]], np.uint8)
    eights = np.ndarray(len(data) + 1, np.uint64, np.append(data, np.zeros(8, np.uint8)), strides=(1,))
    starts, lengths = offsets[:-1], np.diff(offsets)
    digests = lengths.astype(np.uint64)
    for at in range(0, min(lengths.max(initial=0), _MOST_DIGESTED), 8):
        own = eights[np.minimum(starts + at, len(data))] & _MASKS[np.clip(lengths - at, 0, 8)]
        mixed = (digests ^ own) * _ODD
        digests = np.where(lengths > at, mixed ^ (mixed >> np.uint64(32)), digests)
    return digests


class Block:
    """Some rows of a table by whole columns, which are those that hold answers or ids, in their order."""

    def __init__(
        self, first: int, batch: pa.RecordBatch, reading: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        """Rows of which the first has this number; ``reading`` is entered to read what may be no text."""
        self.first = first
        self.batch = _without_views(batch)
        self._reading = reading
        self._encoded: dict[int, tuple[Integers, list[Cell]]] = {}
        self._whole: tuple[Block, slice] | None = None

    def parts(self, size: int) -> Iterator[Block]:
        """The same rows, so many at a time; what stands in their dictionaries is read once for all of them."""
        for start in range(0, max(self.batch.num_rows, 1), size):
            part = Block(self.first + start, self.batch.slice(start, size), self._reading)
            part._whole = self, slice(start, start + size)
            yield part

    def encoded(self, at: int) -> tuple[Integers, list[Cell]]:
        """A column as positions in a list of its different cells."""
        if self._whole:
            whole, rows = self._whole
            positions, cells = whole.encoded(at)
            return positions[rows], cells
        if at not in self._encoded:
            with self._reading():
                self._encoded[at] = encoded(self.batch.column(at))
        return self._encoded[at]

    def rows(self, offsets: Sequence[int] | None = None) -> Rows:
        """The cells of all rows, or of some; the first row's number is that of the block."""
        chosen = self.batch if offsets is None else self.batch.take(pa.array(offsets, pa.int64()))
        with self._reading():
            columns = [cells_of(column) for column in chosen.columns]
        return Rows(self.first, [list(row) for row in zip(*columns, strict=True)], None, {})

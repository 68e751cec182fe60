"""Lines of text joined from whole columns: each distinct value is written once, then looked up. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from formatpicker.batch.arrowcells import cells_of

# A value as text.
Written = Callable[[object], str]
# Text that stands as it is in JSON between quotation marks, and in CSV without any.
_HARMLESS_IN_JSON = r"^[ !#-\[\]-~]*$"
_HARMLESS_IN_CSV = r"^[A-Za-z0-9_][A-Za-z0-9_.:@ -]*[A-Za-z0-9_]$|^[A-Za-z0-9_]$"


def json_lines(batch: pa.RecordBatch, names: Sequence[str], written: Written) -> memoryview:
    """An object of JSON for each row."""
    parts: list[pa.Array | str] = []
    between = "{"
    for name, column in zip(names, batch.columns, strict=True):
        head, between = f"{between}{written(name)}: ", ", "
        if types.is_list(column.type):
            parts += [f"{head}[", _list(column, ", ", written)]
            between = "], "
        elif types.is_string(column.type) and not column.null_count and _is_harmless(column, _HARMLESS_IN_JSON):
            parts += [f'{head}"', column]
            between = '", '
        else:
            parts += _texts(column, written, head)
    return _joined([*parts, between.removesuffix(", ") + "}\n"])


def csv_lines(batch: pa.RecordBatch, written: Written) -> memoryview:
    """A row of CSV for each row."""
    parts: list[pa.Array | str] = []
    for column in batch.columns:
        comma = "," if parts else ""
        if types.is_list(column.type):
            # Several items stand between semicolons, and so between quotation marks.
            several = pc.greater(pc.list_value_length(column), 1).cast(pa.int8())
            before, behind = (pa.array([text, text + '"']).take(several) for text in (comma, ""))
            parts += [before, _list(column, ";", written), behind]
        elif types.is_string(column.type) and not column.null_count and _is_harmless(column, _HARMLESS_IN_CSV):
            parts += [comma, column]
        else:
            parts += _texts(column, written, comma)
    return _joined([*parts, "\n"])


def _joined(parts: Sequence[pa.Array | str]) -> memoryview:
    lines = pc.binary_join_element_wise(*parts, "")
    offsets, data = lines.buffers()[1:]
    if not len(lines):
        return memoryview(b"")
    ends = pa.Array.from_buffers(pa.int32(), len(lines) + 1, [None, offsets], offset=lines.offset)
    return memoryview(data)[ends[0].as_py() : ends[-1].as_py()]


def _is_harmless(column: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(column, pattern)).as_py() is not False)


def _list(column: pa.ListArray, between: str, written: Written) -> pa.Array:
    """The items of each list in one text."""
    lists = pa.ListArray.from_arrays(column.offsets, _texts(column.values, written)[-1])
    return pc.binary_join(lists, between)


def _texts(column: pa.Array, written: Written, head: str = "") -> list[pa.Array | str]:
    """Each value as text behind a head, in one part or two; none is null."""
    if types.is_integer(column.type) and not column.null_count:
        return [head, column.cast(pa.string())]
    if not types.is_dictionary(column.type):
        column = column.dictionary_encode()
    texts = pa.array([head + written(value) for value in [*cells_of(column.dictionary), None]], pa.string())
    return [texts.take(pc.fill_null(column.indices, len(texts) - 1))]

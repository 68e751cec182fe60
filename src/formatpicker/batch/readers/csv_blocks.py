"""Blocks of CSV that pyarrow splits just as the csv module does: no row goes over several lines. Needs pyarrow."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from formatpicker.batch.rows import Rows

if TYPE_CHECKING:
    from formatpicker.batch.headers import Sheet

_NEW_LINE, _RETURN, _QUOTE = b'\n\r"'


def is_plain(text: str, delimiter: str) -> bool:
    """Whether every line is a row, and quotation marks stand around whole cells only."""
    if len(delimiter.encode()) > 1 or "\0" in text or text.count("\r") != text.count("\r\n"):
        return False
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    ends = np.flatnonzero(data == _NEW_LINE)
    if ends.size == 0 or data[-1] != _NEW_LINE:
        ends = np.append(ends, len(data))
    lengths = np.diff(ends, prepend=-1) - 1
    # A cell may be no longer than the csv module takes, and a blank line is no row.
    if lengths.max() >= csv.field_size_limit() or lengths.min() == 0 or _has_blank(data, ends, lengths):
        return False
    marks = np.flatnonzero(data == _QUOTE)
    if marks.size % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    if not (np.searchsorted(ends, opening) == np.searchsorted(ends, closing)).all():
        return False
    around = np.concatenate([[_NEW_LINE], data, [_NEW_LINE]])
    before, behind = around[opening], around[closing + 2]
    split = ord(delimiter)
    return bool(
        ((before == split) | (before == _NEW_LINE)).all()
        and ((behind == split) | (behind == _NEW_LINE) | (behind == _RETURN)).all()
    )


def _has_blank(data: np.ndarray, ends: np.ndarray, lengths: np.ndarray) -> bool:
    """Whether a line is empty but for a carriage return."""
    return bool((data[ends[lengths == 1] - 1] == _RETURN).any())


class TextBlock:
    """Rows that are still one text, one a line."""

    def __init__(self, first: int, line: int, text: str, delimiter: str, sheet: Sheet) -> None:
        self.first = first
        self.line = line
        self.count = text.count("\n") + (not text.endswith("\n"))
        self._text = text
        self._delimiter = delimiter
        self._sheet = sheet

    def batch(self) -> pa.RecordBatch | None:
        """The columns that are needed, the answers as dictionaries; None if some row has too few or too many cells."""
        sheet = self._sheet
        names = [str(at) for at in range(len(sheet.headers))]
        answers = {str(at) for columns in sheet.columns.values() for at in columns}
        types = {name: pa.dictionary(pa.int32(), pa.string()) if name in answers else pa.string() for name in names}
        try:
            data = self._text.encode()
            table = arrow_csv.read_csv(
                pa.py_buffer(data),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
                arrow_csv.ParseOptions(delimiter=self._delimiter),
                arrow_csv.ConvertOptions(
                    column_types=types,
                    include_columns=sorted({*answers, *([] if sheet.id_column is None else [str(sheet.id_column)])}, key=int),
                    strings_can_be_null=False,
                ),
            )
        except (UnicodeEncodeError, pa.ArrowInvalid):
            return None
        batches = table.combine_chunks().to_batches()
        return batches[0] if batches and table.num_rows == self.count else None

    def rows(self, offsets: Sequence[int] | None = None) -> Rows:
        """The cells of all rows, or of some."""
        from formatpicker.batch.readers.csv import checked_rows

        lines = [*io.StringIO(self._text, newline="")]
        chosen = range(len(lines)) if offsets is None else offsets
        split = csv.reader([lines[at] for at in chosen], delimiter=self._delimiter, strict=True)
        numbered = zip([self.line + at for at in chosen], split, strict=True)
        return checked_rows(self.first, numbered, len(self._sheet.headers))

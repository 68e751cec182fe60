"""Blocks of CSV that pyarrow splits just as the csv module does: no row goes over several lines. Needs pyarrow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from formatpicker.batch.arrowcells import Block, needed
from formatpicker.batch.readers.csv_rows import checked_rows
from formatpicker.batch.reading import TOTALS, Reading
from formatpicker.batch.rows import Rows

if TYPE_CHECKING:
    from formatpicker.batch.headers import Sheet

# A line of nothing, or one that may sum up others: only the csv module's rows are looked at so closely.
_LEFT_OUT = re.compile(
    r"\n[ \t\r,;|\"]*(?:\n|(?:" + "|".join(map(re.escape, sorted(TOTALS))) + r")[\s:]*[,;\t|\"])|\n[ \t\r,;|\"]+\Z",
    re.IGNORECASE,
)
_NEW_LINE, _RETURN, _QUOTE = b'\n\r"'


def text_block(first: int, line: int, text: str, delimiter: str, sheet: Sheet) -> TextBlock | None:
    """Rows in whole lines of text, of which the first has these numbers; None if only the csv module can tell."""
    if not _is_plain(text, delimiter) or _LEFT_OUT.search(f"\n{text}"):
        return None
    count = text.count("\n") + (not text.endswith("\n"))
    names = [str(at) for at in range(len(sheet.headers))]
    answers = {str(at) for columns in sheet.columns.values() for at in columns}
    types = {name: pa.dictionary(pa.int32(), pa.string()) if name in answers else pa.string() for name in names}
    try:
        data = text.encode()
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            arrow_csv.ParseOptions(delimiter=delimiter),
            arrow_csv.ConvertOptions(
                column_types=types, include_columns=[str(at) for at in needed(sheet)], strings_can_be_null=False
            ),
        )
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None
    batches = table.combine_chunks().to_batches()
    # Fewer rows than lines: some line is blank, or a line ends within quotation marks.
    return TextBlock(first, line, text, delimiter, sheet, batches[0]) if table.num_rows == count and batches else None


def _is_plain(text: str, delimiter: str) -> bool:
    """Whether quotation marks stand around whole cells only, and nothing else is odd."""
    if len(delimiter.encode()) > 1 or "\0" in text or text.count("\r") != text.count("\r\n"):
        return False
    step = csv.field_size_limit() // 2  # no cell can be longer than the csv module takes
    if any(text.find("\n", start, start + step) < 0 for start in range(0, len(text) - step, step)):
        return False
    data = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    marks = np.flatnonzero(data == _QUOTE)
    if marks.size % 2:
        return False
    before, behind = data[marks[::2] - 1], data[np.minimum(marks[1::2] + 1, len(data) - 1)]
    split = ord(delimiter)
    # The first mark may be the first character, the last one the last.
    opens = (before == split) | (before == _NEW_LINE) | (marks[::2] == 0)
    closes = (behind == split) | (behind == _NEW_LINE) | (behind == _RETURN) | (marks[1::2] == len(data) - 1)
    return bool(opens.all() and closes.all())


class TextBlock(Block):
    """Rows of which each is a line of a text."""

    def __init__(self, first: int, line: int, text: str, delimiter: str, sheet: Sheet, batch: pa.RecordBatch) -> None:
        super().__init__(first, batch)
        self._line = line
        self._text = text
        self._delimiter = delimiter
        self._sheet = sheet

    def rows(self, offsets: Sequence[int] | None = None) -> Rows:
        """The cells of all columns, of all rows or of some."""
        lines = [*io.StringIO(self._text, newline="")]
        chosen = range(len(lines)) if offsets is None else offsets
        split = csv.reader([lines[at] for at in chosen], delimiter=self._delimiter, strict=True)
        numbered = zip([self._line + at for at in chosen], split, strict=True)
        return checked_rows(self.first, numbered, len(self._sheet.headers), Reading())

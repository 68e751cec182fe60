"""Blocks of CSV that pyarrow splits just as the csv module does: no row goes over several lines. Needs pyarrow."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from formatpicker.batch.columns.cells import Block
from formatpicker.batch.rows import TOTALS, Reading, Rows, fitted

if TYPE_CHECKING:
    from formatpicker.batch.sheet import Sheet

# A line of nothing, or one that may sum up others: only the csv module's rows are looked at so closely.
_LEFT_OUT = re.compile(
    r"\n[ \t\r,;|\"]*(?:\n|(?:" + "|".join(map(re.escape, sorted(TOTALS))) + r")[\s:]*[,;\t|\"])|\n[ \t\r,;|\"]+\Z",
    re.IGNORECASE,
)
_NEW_LINE, _RETURN, _QUOTE = b'\n\r"'


def _first_two() -> NDArray[np.bool_]:
    """Whether such a line may begin with two bytes: most blocks have none, and need no search of 2 ms."""
    found = np.zeros((256, 256), np.bool_)
    found[[*b' \t\r\n,;|"']] = found[128:] = found[:, 128:] = True
    for word in TOTALS:
        for first, second in product({word[0], word[0].upper()}, {word[1], word[1].upper()}):
            found[ord(first), ord(second) & 255] = True
    return found


_MAY_BE_LEFT_OUT = _first_two()


def text_block(first: int, line: int, text: str, delimiter: str, sheet: Sheet) -> TextBlock | None:
    """Rows in whole lines of text, of which the first has these numbers; None if only the csv module can tell."""
    names = [str(at) for at in range(len(sheet.headers))]
    answers = {str(at) for columns in sheet.columns.values() for at in columns}
    types = {name: pa.dictionary(pa.int32(), pa.string()) if name in answers else pa.string() for name in names}
    try:
        data = text.encode()
        count = _plain_lines(data, delimiter)
        if not count:
            return None
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            arrow_csv.ParseOptions(delimiter=delimiter),
            arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=[str(at) for at in sheet.needed],
                strings_can_be_null=False,
                check_utf8=False,  # it has just been encoded
            ),
        )
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None
    batches = table.combine_chunks().to_batches()
    # Fewer rows than lines: some line is blank, or a line ends within quotation marks.
    return TextBlock(first, line, text, delimiter, sheet, batches[0]) if table.num_rows == count and batches else None


def _plain_lines(data: bytes, delimiter: str) -> int:
    """How many lines there are, where each of them is a row to keep; 0 where one is not, or anything is odd.

    Quotation marks stand around whole cells only, and no cell is longer than the csv module takes.
    """
    if len(delimiter.encode()) > 1 or b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return 0
    view = np.frombuffer(data, np.uint8)
    equal = view == _NEW_LINE
    ends = np.flatnonzero(equal)
    starts = np.concatenate([[0], ends + 1])[: len(ends) + (data[-1] != _NEW_LINE)]
    if np.diff(starts, append=len(view)).max() > csv.field_size_limit():
        return 0
    following = view.take(starts + 1, mode="clip")
    if _MAY_BE_LEFT_OUT[view[starts], following].any() and _LEFT_OUT.search("\n" + data.decode()):
        return 0
    marks = np.flatnonzero(np.equal(view, _QUOTE, out=equal))
    if not marks.size:
        return len(starts)
    if marks.size % 2:
        return 0
    before, behind = view[marks[::2] - 1], view[np.minimum(marks[1::2] + 1, len(view) - 1)]
    split = ord(delimiter)
    # The first mark may be the first character, the last one the last.
    opens = (before == split) | (before == _NEW_LINE) | (marks[::2] == 0)
    closes = (behind == split) | (behind == _NEW_LINE) | (behind == _RETURN) | (marks[1::2] == len(view) - 1)
    return len(starts) if opens.all() and closes.all() else 0


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
        return Rows.of(self.first, [*fitted(numbered, len(self._sheet.headers), Reading())])

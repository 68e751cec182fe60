"""CSV with comma, semicolon or tab, as spreadsheets and survey tools write it. Rows stream; memory is bounded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from formatpicker.batch.headers import Headers, Sheet
from formatpicker.batch.readers.csv_rows import Numbered, checked_rows
from formatpicker.batch.readers.header import HEADER_ROWS, header_of
from formatpicker.batch.readers.source import (
    BLOCK_ROWS,
    CHUNK,
    MOST_LINE,
    MOST_LINES,
    Endless,
    Lines,
    Overlong,
    Source,
    detected_encoding,
)
from formatpicker.batch.rows import Rows
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.batch.readers.csv_blocks import TextBlock

DELIMITERS = (",", ";", "\t")
# A first line that tells Excel the delimiter.
_TOLD = re.compile(r"\ufeff?\"?sep=(.)\"?\s*")


def read(source: Source, headers: Headers, encoding: str | None) -> DelimitedTable:
    """The table in a source.

    Raises:
        InputError: No header can be read, or none of its columns holds an answer.
    """
    lines = Lines(source.text(encoding), source.name)
    start = source.sample.decode(encoding or detected_encoding(source.sample), "replace").removeprefix("\ufeff")
    told = _TOLD.fullmatch(start.splitlines()[0]) if start.strip() else None
    if told:
        next(lines)
    delimiter = told[1] if told else _delimiter(headers, start)
    records = _records(lines, delimiter)
    first = list(islice(records, HEADER_ROWS))
    if not first or isinstance(first[0][1], str):
        reason = f": {first[0][1]}" if first else ""
        raise InputError(source.name, f"the first row must name the columns, and cannot be read{reason}", 1)
    names, skipped = header_of(headers, [row for _, row in first if isinstance(row, list)])
    sheet = Sheet.of(headers, names, source.name)
    return DelimitedTable(sheet, first[skipped:], records, lines, delimiter)


def _delimiter(headers: Headers, start: str) -> str:
    """The delimiter with which most columns are known, and of these the one that makes most columns."""

    def known(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader(io.StringIO(start.lstrip("\r\n"), newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(headers.target(name) is not None for name in names), len(names)

    return max(DELIMITERS, key=known)


def _records(lines: Lines, delimiter: str) -> Iterator[Numbered]:
    """All rows but for blank lines. One that cannot be read costs its first line only: the next one is read again."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.number + 1
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except Overlong:
            if len(lines.taken) > 1:  # it stands behind a quotation mark that is not closed, and is read again
                lines.put_back()
                yield line, _PROBLEMS["unexpected end of data"]
                continue
            yield line, f"a line of more than {MOST_LINE:,} characters, which no row needs"
        except Endless:
            lines.put_back()
            yield line, f"a quotation mark opens here and is not closed within {MOST_LINES:,} lines"
        except csv.Error as error:
            lines.put_back()
            yield line, _PROBLEMS.get(str(error), str(error))
        else:
            if row:
                yield line, row


_PROBLEMS = {
    "unexpected end of data": "a quotation mark opens here and is never closed; add the second one",
    f"field larger than field limit ({csv.field_size_limit()})": (
        "a quotation mark opens here and is not closed, or a cell is far too long"
    ),
}


class DelimitedTable:
    """A table whose rows are read as they are needed."""

    def __init__(
        self, sheet: Sheet, first: list[Numbered], records: Iterator[Numbered], lines: Lines, delimiter: str
    ) -> None:
        self.sheet = sheet
        self._first = first
        self._records = records
        self._lines = lines
        self._delimiter = delimiter

    def ignored(self) -> tuple[str, ...]:
        """The headers of columns that hold no answer."""
        return self.sheet.ignored

    def rows(self) -> Iterator[Rows]:
        """All rows once, in order."""
        count, width = 1, len(self.sheet.headers)
        records = chain(self._first, self._records)
        while found := list(islice(records, CHUNK)):
            yield checked_rows(count, found, width)
            count += len(found)

    def blocks(self) -> Iterator[TextBlock | Rows]:
        """The same in large blocks of text, where pyarrow reads them as the csv module does, else row by row."""
        from formatpicker.batch.readers.csv_blocks import text_block

        first, width = 1, len(self.sheet.headers)
        if self._first:
            yield checked_rows(first, self._first, width)
            first += len(self._first)
        while text := self._lines.block():
            block = text_block(first, self._lines.number + 1, text, self._delimiter, self.sheet)
            if block is not None:
                count = block.batch.num_rows
                self._lines.number += count
                yield block
                first += count
                continue
            self._lines.put_block_back(text)
            # A row that the end of the block cuts is read to its own end.
            while self._lines.waiting and (found := list(islice(self._until_read(), BLOCK_ROWS))):
                yield checked_rows(first, found, width)
                first += len(found)

    def _until_read(self) -> Iterator[Numbered]:
        """The rows that begin in the lines that wait."""
        while self._lines.waiting and (row := next(self._records, None)) is not None:
            yield row

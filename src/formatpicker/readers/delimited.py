"""CSV with comma, semicolon or tab, as spreadsheets and survey tools write it. Rows stream; memory is bounded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice

from formatpicker.batch.rows import Cell, Rows
from formatpicker.batch.sheet import Headers, Sheet
from formatpicker.errors import InputError
from formatpicker.readers.header import HEADER_ROWS, header_of
from formatpicker.readers.source import CHUNK, MOST_LINE, Lines, Overlong, Source, detected_encoding

DELIMITERS = (",", ";", "\t")
# A first line that tells Excel the delimiter.
_TOLD = re.compile(r"\ufeff?\"?sep=(.)\"?\s*")

# A row with the line it begins on; text instead of cells says why it could not be read.
_Row = tuple[int, list[str] | str]


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
    records = _records(lines, told[1] if told else _delimiter(headers, start))
    first = list(islice(records, HEADER_ROWS))
    if not first or isinstance(first[0][1], str):
        reason = f": {first[0][1]}" if first else ""
        raise InputError(source.name, f"the first row must name the columns, and cannot be read{reason}", 1)
    names, skipped = header_of(headers, [row for _, row in first if isinstance(row, list)])
    return DelimitedTable(Sheet.of(headers, names, source.name), chain(first[skipped:], records))


def _delimiter(headers: Headers, start: str) -> str:
    """The delimiter with which most columns are known, and of these the one that makes most columns."""

    def known(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(headers.target(name) is not None for name in names), len(names)

    return max(DELIMITERS, key=known)


def _records(lines: Lines, delimiter: str) -> Iterator[_Row]:
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
            yield line, f"a line of more than {MOST_LINE:,} characters, which no row needs"
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

    def __init__(self, sheet: Sheet, records: Iterator[_Row]) -> None:
        self.sheet = sheet
        self._records = records

    def ignored(self) -> tuple[str, ...]:
        """The headers of columns that hold no answer."""
        return self.sheet.ignored

    def chunks(self) -> Iterator[Rows]:
        """All rows once, in order."""
        width, first = len(self.sheet.headers), 1
        while found := list(islice(self._records, CHUNK)):
            cells: list[list[Cell]] = []
            malformed = {}
            for offset, (_, row) in enumerate(found):
                if isinstance(row, str) or (len(row) != width and (len(row) < width or any(row[width:]))):
                    malformed[offset] = row if isinstance(row, str) else _wrong_width(len(row), width)
                    row = []
                cells.append([*row[:width]])
            yield Rows(first, cells, [line for line, _ in found], malformed)
            first += len(found)


def _wrong_width(cells: int, columns: int) -> str:
    return f"has {cells} cells where the header has {columns} columns; is a delimiter or a quotation mark missing?"

"""CSV with comma, semicolon, tab or bar, as spreadsheets and survey tools write it. Rows stream; memory is bounded."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import TYPE_CHECKING

from formatpicker.batch.headers import Headers
from formatpicker.batch.readers.lines import MOST_LINE, MOST_LINES, Endless, Lines, Overlong
from formatpicker.batch.readers.source import BLOCK_ROWS, Source, Table, chunks, detected_encoding
from formatpicker.batch.rows import NumberedRow, Reading, Rows, fitted
from formatpicker.batch.sheet import FIRST_ROWS, Sheet, header_of, known
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.batch.readers.csv_blocks import TextBlock

# As many as Excel has.
MOST_COLUMNS = 16_384
_TOO_MANY = f"has {{:,}} cells; {MOST_COLUMNS:,} columns are the most, as in a spreadsheet"
DELIMITERS = (",", ";", "\t", "|")
# A first line that tells Excel the delimiter.
_TOLD = re.compile(r"\ufeff?\"?sep=(.)\"?\s*")


def _delimiter(headers: Headers, start: str) -> str:
    """The delimiter with which most columns are known, and of these the one that makes most columns."""

    def best(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(start.lstrip("\r\n"), newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        with suppress(csv.Error):
            rows += islice((row for row in reader if row), FIRST_ROWS)
        return max(((known(headers, row), len(row)) for row in rows), default=(0, 0))

    return max(DELIMITERS, key=best)


def _records(lines: Lines, delimiter: str, reading: Reading) -> Iterator[NumberedRow]:
    """All rows but for blank lines. One that cannot be read costs its first line only: the next one is read again."""
    width = 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.number + 1
        lines.begin()
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
            yield (
                line,
                f"a quotation mark opens here and is not closed within {MOST_LINES:,} lines or {MOST_LINE:,} letters",
            )
        except csv.Error as error:
            begun, told = lines.taken[0], str(error)
            lines.put_back()
            undoubled = told.endswith(_INNER)
            loose = _loosely(begun, delimiter) if undoubled else []
            reading.unquoted += len(loose) == width > 0
            problem = _UNDOUBLED if undoubled else _PROBLEMS.get(told, told)
            yield line, loose if loose and len(loose) == width else problem
        else:
            if row:
                width = max(width, len(row))
                yield line, row if len(row) <= MOST_COLUMNS else _TOO_MANY.format(len(row))


def _check_titles(name: str, lines: list[str]) -> None:
    """Refuse a person in JSON above the header, where only titles are left out.

    Raises:
        InputError: There is one.
    """
    for number, line in enumerate(lines, 1):
        with suppress(ValueError, RecursionError):
            if line.lstrip().startswith("{") and json.loads(line):
                told = (
                    "is a JSON object in a table of columns; take the line out, or write it as a row below the header"
                )
                raise InputError(name, f"{told} (a file of JSON alone ends in .jsonl, or takes --from jsonl)", number)


def _loosely(line: str, delimiter: str) -> list[str]:
    """The cells of a line in which quotation marks are not doubled; none if one of them is far too long."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


# How the csv module says that something follows the end of a quoted cell.
_INNER = """expected after '"'"""
_UNDOUBLED = "a quotation mark inside a cell is not doubled; save the table as CSV again"
_PROBLEMS = {
    "unexpected end of data": "a quotation mark opens here and is never closed; add the second one",
    f"field larger than field limit ({csv.field_size_limit()})": (
        "a quotation mark opens here and is not closed, or a cell is far too long"
    ),
}


class DelimitedTable(Table):
    """A table whose rows are read as they are needed."""

    def __init__(self, source: Source, headers: Headers, encoding: str | None) -> None:
        """The table in a source.

        Raises:
            InputError: No header can be read, or none of its columns holds an answer.
        """
        self._lines = Lines(source.text(encoding), source.name)
        start = source.sample.decode(encoding or detected_encoding(source.sample), "replace").removeprefix("\ufeff")
        told = _TOLD.fullmatch(start.splitlines()[0]) if start.strip() else None
        if told:
            next(self._lines)
        self._delimiter = told[1] if told else _delimiter(headers, start)
        reading = Reading(source.part)
        self._records = _records(self._lines, self._delimiter, reading)
        first = list(islice(self._records, FIRST_ROWS))
        if not first or isinstance(first[0][1], str):
            _check_titles(source.name, start.splitlines()[:1])
            reason = f": {first[0][1]}" if first else ""
            raise InputError(source.name, f"the first row must name the columns, and cannot be read{reason}", 1)
        names, above, skipped = header_of(headers, [row if isinstance(row, list) else [] for _, row in first])
        reading.above = above, first[above][0]
        _check_titles(source.name, start.splitlines()[: first[above][0] - 1 if above else 0])
        self._first = first[skipped:]
        rows = self._fitted(chain(self._first, self._records))
        super().__init__(Sheet.of(headers, names, source.name), reading, rows)

    def _fitted(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        """The rows of people, with a cell for each column."""
        yield from fitted(self.reading.of_people(rows), len(self.sheet.headers), self.reading)

    def blocks(self) -> Iterator[TextBlock | Rows]:
        """The same in large blocks of text, where pyarrow reads them as the csv module does, else row by row."""
        from formatpicker.batch.readers.csv_blocks import text_block

        first = 1
        if begun := list(self._fitted(chain(self._first, self._until_read()))):  # a row may have put lines back
            yield Rows.of(first, begun)
            first += len(begun)
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
            for rows in chunks(self._fitted(self._until_read()), BLOCK_ROWS):
                yield Rows.of(first, rows)
                first += len(rows)

    def _until_read(self) -> Iterator[NumberedRow]:
        """The rows that begin in the lines that wait."""
        while self._lines.waiting and (row := next(self._records, None)) is not None:
            yield row


read = DelimitedTable

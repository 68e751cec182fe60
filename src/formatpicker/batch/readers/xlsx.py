"""Workbooks: the sheet with most columns of ours. A row's line is its number in the sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any, NamedTuple

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.header_row import FIRST_ROWS, header_of, known
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers.archives import MOST_PACKED
from formatpicker.batch.readers.other_workbooks import RawSheet, is_other, sheets_of
from formatpicker.batch.readers.source import Source, Table
from formatpicker.batch.readers.workbook_check import damaged, inspected
from formatpicker.batch.readers.workbook_xml import Errors, FilledCells
from formatpicker.batch.reading import Reading
from formatpicker.batch.rows import Cell
from formatpicker.batch.sheet import Sheet
from formatpicker.errors import InputError, install_hint, one_of

# Beyond it a number in a cell is not exact, and is left as it is.
_MOST_WHOLE = 1e15
# A row with its number in the sheet.
_NumberedRow = tuple[int, list[Cell]]


def read(source: Source, headers: Headers, encoding: str | None) -> Table:
    """The table in a workbook.

    Raises:
        InputError: It cannot be read, or none of its columns holds an answer.
    """
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        how = f"to read Excel workbooks, {install_hint('xlsx')}, or save it as CSV"
        raise InputError(source.name, how) from None
    data = _bytes_of(source)
    raw = sheets_of(data, source.name) if is_other(data) else _looked_into(source.name, data, CalamineWorkbook)
    filled = [each for each in (_sheet(each, headers) for each in raw) if each is not None]
    if not filled:
        raise InputError(source.name, "holds no table; the first row of a sheet must name the columns")
    chosen = _chosen(headers, filled, [each.name for each in raw])
    sheet = f"sheet {shortened(chosen.raw.name)}" if len(raw) > 1 else ""
    others = tuple(each.raw.name for each in filled if each.known and each is not chosen)
    part = " of ".join(filter(None, [sheet, source.part]))
    reading = Reading(part, others, chosen.above, uncomputed=chosen.raw.cells.uncomputed)
    rows = reading.of_people(reading.shown(chosen.rows, chosen.raw.cells.hidden))
    return Table(Sheet.of(headers, chosen.headers, source.name), reading, rows)


def _looked_into(name: str, data: bytes, library: Any) -> list[RawSheet]:
    """The sheets of an .xlsx that is safe to read; whatever goes wrong in the library is a fault of the file."""
    seen = inspected(data, name)
    try:
        book = library.from_filelike(io.BytesIO(data))
        return [
            RawSheet(
                sheet_name,
                str(book.sheets_metadata[index].visible).endswith("Visible"),
                book.get_sheet_by_index(index).iter_rows(),
                seen[index] if index < len(seen) else FilledCells(),
            )
            for index, sheet_name in enumerate(book.sheet_names)
        ]
    except Exception as error:
        raise damaged(name, " ".join(str(error).split())) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash of the library arrives; it is no Exception
            raise
        raise damaged(name) from None


def _chosen(headers: Headers, sheets: Sequence[_FilledSheet], names: Sequence[str]) -> _FilledSheet:
    """The sheet that is asked for; else the one with most questions, of several the first, a visible one before others.

    Raises:
        InputError: There is none of the name that is asked for, or it is empty.
    """
    if headers.sheet is None:
        return max(sheets, key=lambda each: (each.known > 0, each.raw.visible, each.known))
    named = {canonical(each.raw.name): each for each in sheets}
    if canonical(headers.sheet) not in named:
        empty = canonical(headers.sheet) in map(canonical, names)
        problem = "is empty" if empty else f"is {one_of(headers.sheet, names, 'sheet')}"
        raise InputError("--sheet", f"{shortened(headers.sheet)} {problem}")
    return named[canonical(headers.sheet)]


def _bytes_of(source: Source) -> bytes:
    try:
        data = source.stream.read(MOST_PACKED + 1)
    except OSError as error:
        raise InputError(source.name, f"cannot be read further ({error.strerror or error})") from None
    if len(data) > MOST_PACKED:
        raise InputError(source.name, f"is larger than {MOST_PACKED:,} bytes; save it as CSV")
    return data


class _FilledSheet(NamedTuple):
    """A sheet that holds something.

    Attributes:
        raw: The sheet as it was read.
        known: How many of its headers name a question.
        headers: The names of its columns.
        above: How many rows stand above the header, and the row of that.
        rows: The rows below, each with its number.
    """

    raw: RawSheet
    known: int
    headers: list[str]
    above: tuple[int, int]
    rows: Iterator[_NumberedRow]


def _sheet(raw: RawSheet, headers: Headers) -> _FilledSheet | None:
    """A sheet with its header; None where it is empty."""
    rows = _rows(raw.rows, raw.cells.errors)
    filled = ((number, row) for number, row in rows if _is_filled(row))
    above = list(islice(filled, 1))
    if not above:
        return None
    above += list(islice(rows, FIRST_ROWS - 1))
    texts = [["" if cell is None else str(cell) for cell in row] for _, row in above]
    names, over, skipped = header_of(headers, texts)
    rest = _without_end(chain(above[skipped:], rows))
    return _FilledSheet(raw, known(headers, names), names, (over, above[over][0]), rest)


def _rows(sheet: Iterable[list[Any]], errors: Errors) -> Iterator[_NumberedRow]:
    """The rows of a sheet as cells, the errors put back where the library leaves a gap."""
    failing = {row for row, _ in errors}
    for index, values in enumerate(sheet):
        cells = [value if value.__class__ is str else _plain(value) for value in values]
        if index in failing:
            cells = [errors.get((index, column), cell) for column, cell in enumerate(cells)]
        yield index + 1, cells


def _plain(value: Any) -> Cell:
    """A value as a cell: whole numbers without a point, true and false as words, dates as ISO text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _MOST_WHOLE else value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, int | str | None) else str(value)


def _is_filled(row: Sequence[Cell]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in row)


def _without_end(rows: Iterator[_NumberedRow]) -> Iterator[_NumberedRow]:
    """All rows but for empty ones after the last that holds something."""
    waiting: list[_NumberedRow] = []
    for row in rows:
        waiting.append(row)
        if _is_filled(row[1]):
            yield from waiting
            waiting.clear()

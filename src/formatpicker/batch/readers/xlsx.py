"""Workbooks: the sheet with most columns of ours. A row's line is its number in the sheet."""

from __future__ import annotations

import contextlib
import faulthandler
import io
import multiprocessing
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain, islice
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.headers import Headers
from formatpicker.batch.processes import safe_path
from formatpicker.batch.readers.archives import MOST_PACKED, damaged, inspected
from formatpicker.batch.readers.source import CHUNK, Source, Table, chunks, size_of
from formatpicker.batch.readers.workbook_xml import Errors, FilledCells
from formatpicker.batch.rows import Cell, Reading
from formatpicker.batch.sheet import FIRST_ROWS, Sheet, header_of, known
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


# --- workbooks of other kinds (.xls, .xlsb, .ods), read by a process of its own whose memory is bounded --------------
#
# What such a file unpacks to cannot be seen before it is read, as it can of an .xlsx: a few bytes may repeat one cell a
# thousand million times. A process that takes too much ends, and nothing else does.

# So much for the process that reads workbooks of other kinds, and so much for their cells in this one: together less
# than 1 GB.
MOST_MEMORY = 400_000_000
MOST_HELD = 200_000_000
# How a compound file begins: an .xls, or any workbook with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_OTHERS = ("xl/workbook.bin", "content.xml")


class RawSheet(NamedTuple):
    """A sheet as a library reads it: its name, whether it is shown, its rows, and what was seen of its cells before."""

    name: str
    visible: bool
    rows: Iterable[list[Any]]
    cells: FilledCells = FilledCells()


def is_other(data: bytes) -> bool:
    """Whether a workbook is none that the reader of .xlsx looks into."""
    if data.startswith(_COMPOUND):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(member.lower() in _OTHERS for member in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def sheets_of(data: bytes, name: str) -> list[RawSheet]:
    """All sheets of such a workbook.

    Raises:
        InputError: It cannot be read, or not within the memory that a table of answers needs.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=_send, args=(data, there), daemon=True)
    with safe_path():
        child.start()
    there.close()
    try:
        return _received(here, data, name)
    except (EOFError, OSError):
        raise _too_much(name) from None
    finally:
        child.kill()
        child.join()
        here.close()


def _received(pipe: Connection, data: bytes, name: str) -> list[RawSheet]:
    """The sheets as they come: each one, then its rows in pieces; text says what is wrong, None that this is all."""
    sheets: list[RawSheet] = []
    rows: list[list[Any]] = []
    size = 0
    while (piece := pipe.recv()) is not None:
        if isinstance(piece, str):
            if "password" in piece.lower() or "EncryptedPackage".encode("utf-16-le") in data:
                raise InputError(name, "is encrypted; save it without a password")
            raise InputError(name, f"cannot be read as a workbook ({piece[:120]}); save it as .xlsx or as CSV")
        if isinstance(piece, tuple):
            rows = []
            sheets.append(RawSheet(piece[0], piece[1], rows))
        else:
            size += sum(map(size_of, piece))
            if size > MOST_HELD:
                raise _too_much(name)
            rows.extend(piece)
    return sheets


def _too_much(name: str) -> InputError:
    return InputError(
        name, "takes more memory than a table of answers needs, or is damaged; save it as .xlsx or as CSV"
    )


def _bounded() -> None:
    """Bound the memory of this process, and keep what a crash would print to itself."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # no such bound on Windows
        return
    with contextlib.suppress(ValueError, OSError):
        with open("/proc/self/statm") as stream:  # noqa: PTH123  (no path of anybody's)
            taken = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, resource.RLIM_INFINITY))


def _send(data: bytes, pipe: Connection) -> None:
    """Read the sheets and hand them on: one of them at a time is in the memory of this process, and some rows."""
    _bounded()
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index, sheet_name in enumerate(book.sheet_names):
            visible = str(book.sheets_metadata[index].visible).endswith("Visible")
            pipe.send((sheet_name, visible))
            for piece in chunks(enumerate(book.get_sheet_by_index(index).iter_rows()), CHUNK):
                pipe.send([row for _, row in piece])
        pipe.send(None)
    except BaseException as error:  # a crash of the library is no Exception
        with contextlib.suppress(BaseException):  # no memory is left even to say so: the end of the process does
            pipe.send(" ".join(str(error).split()) or type(error).__name__)

"""Records as an Excel workbook: written row by row in bounded memory, the same bytes for the same records."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formatpicker.base.new_file import unwritable, writing
from formatpicker.base.temporary import temporary_folder
from formatpicker.base.terminal import silence
from formatpicker.batch.records import LISTS, Row
from formatpicker.batch.writers.csv import cell
from formatpicker.batch.writers.output_file import Target
from formatpicker.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# A new sheet of paper has a date; this one is always the same, so that the same records make the same bytes.
_CREATED = datetime(2000, 1, 1)
# Excel keeps 15 digits of a number.
_MOST_EXACT = 10**15
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"conditions": 40, "long_shots": 32, "blocked": 40, "reasons": 32, "id": 14, "row": 6}
_WIDTH_OF_LISTS, _WIDTH = 24, 16


def encode(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """The same rows as plain cells."""
    return [[plain(cell(value)) for value in row] for row in rows]


def encode_columns(batch: pa.RecordBatch, names: Sequence[str]) -> list[Row]:
    """The same rows out of whole columns."""
    from formatpicker.batch.record_batches import rows_of

    return encode(rows_of(batch), names)


def plain(value: Any) -> Any:
    """A value that a cell of a workbook holds as it is."""
    if isinstance(value, int) and abs(value) > _MOST_EXACT:
        value = str(value)
    return (plain_text(value) or None) if isinstance(value, str) else value


def plain_text(text: str) -> str:
    """Text that a workbook can hold: what no cell takes is replaced, and it is cut where a cell ends."""
    text = _UNWRITABLE.sub("\ufffd", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 3] + "..."


def opened(target: Target, names: Sequence[str], stack: ExitStack, title: str = "Records") -> WorkbookSink:
    """A workbook with one sheet, its header in sight and a filter on it."""
    return WorkbookSink(target, names, stack, title)


def new_workbook(path: Path, folder: str | None = None) -> Any:
    """An empty workbook in which no text ever becomes a formula or a link; with a folder, its rows wait there.

    Raises:
        InputError: The library is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise InputError("xlsx", "to write Excel workbooks, install 'formatpicker[xlsx]', or use --to csv") from None
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    memory = {"constant_memory": True, "tmpdir": folder} if folder else {"in_memory": True}
    book = xlsxwriter.Workbook(path, {**options, **memory})
    book.set_properties({"created": _CREATED})
    return book


def closed_into(book: Any, path: Path, target: Target) -> None:
    """Finish a workbook and hand its bytes on: the library cannot write to a pipe that may break.

    Raises:
        InputError: The workbook or the target cannot be written.
    """
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        book.close()
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, target.stream, 1 << 20)
        target.stream.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        raise SystemExit(0) from None
    except XlsxWriterException as error:
        raise unwritable(path, next(filter(_is_os_error, error.args), error)) from None
    except (OSError, ValueError) as error:
        raise unwritable(name_of(target), error) from None


def _is_os_error(cause: object) -> bool:
    return isinstance(cause, OSError)


def name_of(target: Target) -> str:
    """The name of a target for messages."""
    return str(getattr(target, "path", "standard output"))


class WorkbookSink:
    """Takes rows until a sheet is full."""

    def __init__(self, target: Target, names: Sequence[str], stack: ExitStack, title: str) -> None:
        target.stream.flush()  # a terminal refuses here, before there was any work
        self._target = target
        self._folder = stack.enter_context(temporary_folder())
        stack.callback(self._abandon)
        self._path = self._folder / "records.xlsx"
        self._sheet: Any = None
        self._book = new_workbook(self._path, str(self._folder))
        self._sheet = self._book.add_worksheet(title)
        self._columns = len(names)
        self._next = 1
        self._sheet.freeze_panes(1, 0)
        for index, name in enumerate(names):
            self._sheet.set_column(index, index, _WIDTHS.get(name, _WIDTH_OF_LISTS if name in LISTS else _WIDTH))
        self._sheet.write_row(0, 0, encode([names], names)[0], self._book.add_format({"bold": True}))

    def begin(self) -> None:
        """The header is there already."""

    def _abandon(self) -> None:
        """Leave no rows behind that nobody will read."""
        handle = getattr(self._sheet, "row_data_fh", None)
        if handle is not None:
            with contextlib.suppress(OSError):  # there may be no room for its last rows
                handle.close()

    def take(self, piece: list[Row]) -> None:
        """Write some rows."""
        if self._next + len(piece) > MOST_ROWS:
            raise InputError(
                name_of(self._target),
                f"an Excel sheet holds {MOST_ROWS - 1:,} records, and there are more; use --to csv or jsonl",
            )
        with writing(self._folder):  # where the rows wait
            self._write(piece)
        self._next += len(piece)

    def _write(self, piece: list[Row]) -> None:
        write_string, write_number = self._sheet.write_string, self._sheet.write_number
        for number, row in enumerate(piece, self._next):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    write_string(number, column, value)
                else:
                    write_number(number, column, value)

    def finish(self) -> None:
        """Make the file of all rows."""
        self._sheet.autofilter(0, 0, self._next - 1, self._columns - 1)
        closed_into(self._book, self._path, self._target)

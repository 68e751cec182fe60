"""Records as an Excel workbook: written row by row in bounded memory, the same bytes for the same records."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from formatpicker.base.new_file import unwritable, writing
from formatpicker.base.temporary_folders import temporary_folder
from formatpicker.base.terminal import silence
from formatpicker.batch.records import LISTS, Row
from formatpicker.batch.writers import MOST_IN_WORDS, WriterOptions
from formatpicker.batch.writers.csv import cell
from formatpicker.batch.writers.output_file import Output, Sink, name_of
from formatpicker.errors import InputError, install_hint

MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# A new sheet of paper has a date; this one is always the same, so that the same records make the same bytes.
_CREATED = datetime(2000, 1, 1)
# Excel keeps 15 digits of a number.
_MOST_EXACT = 10**15
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"conditions": 40, "long_shots": 32, "blocked": 40, "reasons": 32, "id": 14, "row": 6}
_WIDTH_OF_LISTS, _WIDTH_OF_WORDS, _WIDTH = 24, 60, 16
# Points of 100, which get a bar behind their number.
_POINTS = ("score", "runner_up_score", "margin", "best_variant_score")
# In the form of Excel 2007: what came later is read with a warning, or not at all, by other programs.
_BAR = {
    "type": "data_bar",
    "bar_color": "#9DC3E6",
    "min_type": "num",
    "max_type": "num",
    "min_value": 0,
    "max_value": 100,
}


def encode(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """The same rows as plain cells."""
    return [[plain(cell(value)) for value in row] for row in rows]


def plain(value: Any) -> Any:
    """A value that a cell of a workbook holds as it is."""
    if isinstance(value, int) and abs(value) > _MOST_EXACT:
        value = str(value)
    return (plain_text(value) or None) if isinstance(value, str) else value


def plain_text(text: str) -> str:
    """Text that a workbook can hold: what no cell takes is replaced, and it is cut where a cell ends."""
    text = _UNWRITABLE.sub("\ufffd", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 3] + "..."


def new_workbook(path: Path, folder: str | None = None) -> Any:
    """An empty workbook in which no text ever becomes a formula or a link; with a folder, its rows wait there.

    Raises:
        InputError: The library is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise InputError("xlsx", f"to write Excel workbooks, {install_hint('xlsx')}, or use --to csv") from None
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    memory = {"constant_memory": True, "tmpdir": folder} if folder else {"in_memory": True}
    book = xlsxwriter.Workbook(path, {**options, **memory})
    book.set_properties({"created": _CREATED})
    return book


def closed_into(book: Any, path: Path, output: Output) -> None:
    """Finish a workbook and hand its bytes on: the library cannot write to a pipe that may break.

    Raises:
        InputError: The workbook or the output cannot be written.
    """
    from xlsxwriter.exceptions import XlsxWriterException

    try:
        book.close()
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, output.stream, 1 << 20)
        output.stream.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        raise SystemExit(0) from None
    except XlsxWriterException as error:
        cause = next((each for each in error.args if isinstance(each, OSError)), error)
        raise unwritable(path, cause) from None
    except (OSError, ValueError) as error:
        raise unwritable(name_of(output), error) from None


@contextlib.contextmanager
def workbook_for(output: Output) -> Iterator[Any]:
    """An empty workbook that is handed on to an output once it is filled.

    Raises:
        InputError: The library is not installed, or the output cannot take a workbook.
    """
    output.stream.flush()  # a terminal refuses here
    with temporary_folder() as folder:
        path = folder / "workbook.xlsx"
        book = new_workbook(path)
        yield book
        closed_into(book, path, output)


class _WrittenSheet:
    """One sheet, written row by row: its columns, each with its width, and those of points, which get bars."""

    def __init__(
        self, book: Any, title: str, columns: Sequence[tuple[str, int]], bars: Sequence[int] = (), wrap: bool = False
    ) -> None:
        self._sheet = book.add_worksheet(title)
        self._columns = len(columns)
        self._bars = bars
        self._style = book.add_format({"text_wrap": True, "valign": "top"}) if wrap else None
        self.next = 1
        self._sheet.freeze_panes(1, 0)
        for index, (_, width) in enumerate(columns):
            self._sheet.set_column(index, index, width)
        [names] = encode([[name for name, _ in columns]], ())
        self._sheet.write_row(0, 0, names, book.add_format({"bold": True}))

    def write(self, rows: Sequence[Row]) -> None:
        """Write some rows below those that are there."""
        write_string, write_number, style = self._sheet.write_string, self._sheet.write_number, self._style
        for number, row in enumerate(rows, self.next):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    write_string(number, column, value, style)
                else:
                    write_number(number, column, value, style)
        self.next += len(rows)

    def finish(self) -> None:
        """Filter all rows by their header, and draw the bars."""
        self._sheet.autofilter(0, 0, self.next - 1, self._columns - 1)
        for column in self._bars if self.next > 1 else ():
            self._sheet.conditional_format(1, column, self.next - 1, column, _BAR)

    def close(self) -> None:
        """Let go of the rows that wait, where nobody will read them."""
        handle = getattr(self._sheet, "row_data_fh", None)
        if handle is not None:
            with contextlib.suppress(OSError):  # there may be no room for its last rows
                handle.close()


class WorkbookSink(Sink):
    """A workbook of records, and of what stands beside them, until a sheet is full.

    Every sheet has its header in sight and a filter on it.
    """

    def __init__(self, output: Output, names: Sequence[str], stack: ExitStack, options: WriterOptions) -> None:
        output.stream.flush()  # a terminal refuses here, before there was any work
        self._output = output
        self._stack = stack
        self._folder = stack.enter_context(temporary_folder())
        self._path = self._folder / "records.xlsx"
        self._book = new_workbook(self._path, str(self._folder))
        columns = [(name, _WIDTHS.get(name, _WIDTH_OF_LISTS if name in LISTS else _WIDTH)) for name in names]
        self._records = self._added(options.title, columns, [at for at, name in enumerate(names) if name in _POINTS])
        self._worded: _WrittenSheet | None = None
        if options.in_words:
            headings, _, points = options.in_words
            columns = [(name, _WIDTHS.get(name, _WIDTH)) for name in ("id", "row", *options.kept)]
            bars = [len(columns) + at for at in points]
            columns += [(name, _WIDTH if at in (0, *points) else _WIDTH_OF_WORDS) for at, name in enumerate(headings)]
            self._worded = self._added("In words", columns, bars, wrap=True)
        self._about: list[tuple[str, str]] = []
        if description := options.description:
            self._about = [*description.origin.items(), *description.described(names).items(), *description.ids.items()]

    def _added(
        self, title: str, columns: Sequence[tuple[str, int]], bars: Sequence[int] = (), wrap: bool = False
    ) -> _WrittenSheet:
        sheet = _WrittenSheet(self._book, title, columns, bars, wrap)
        self._stack.callback(sheet.close)
        return sheet

    def take(self, piece: list[Row] | tuple[list[Row], list[Row]]) -> None:
        """Write some rows; of a pair the second ones are the same in words."""
        rows, worded = piece if isinstance(piece, tuple) else (piece, [])
        if self._records.next + len(rows) > MOST_ROWS:
            raise InputError(
                name_of(self._output),
                f"an Excel sheet holds {MOST_ROWS - 1:,} records, and there are more; use --to csv or jsonl",
            )
        with writing(self._folder):  # where the rows wait
            self._records.write(rows)
            if self._worded:
                self._worded.write(worded)

    def finish(self) -> None:
        """Make the file of all rows."""
        self._records.finish()
        if self._worded:
            if self._records.next > self._worded.next:
                self._worded.write([[f"Rows after {MOST_IN_WORDS:,} are in the sheet of records only."]])
            self._worded.finish()
        if self._about:
            sheet = self._added("About", (("What", 28), ("What it is", 100)), wrap=True)
            sheet.write(encode(self._about, ()))
            sheet.finish()
        closed_into(self._book, self._path, self._output)


opened = WorkbookSink

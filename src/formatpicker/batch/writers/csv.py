"""Records as CSV: lists joined by semicolons, and no text that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from formatpicker.base.terminal import notify
from formatpicker.batch.records import Row
from formatpicker.batch.writers import WriterOptions
from formatpicker.batch.writers.output_file import Output, Text, TextSink

if TYPE_CHECKING:
    from formatpicker.batch.writers import EncodeColumns

# What OWASP names as the beginnings of a formula, in full width too, after any spaces. A plain number is none.
_FORMULA = re.compile(r"[\s\ufeff\u200b\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
# What some reader takes for a delimiter or a quotation mark.
_TO_QUOTE = re.compile(r"""["',;|\r\n\t]|^\s|\s$""")
# A reader that splits at semicolons or tabs, and not at commas, does not heed those quotation marks, and ends a line
# where a text has one; what stands between quotation marks of the text itself is a cell of its own to it.
_SPLIT_FORMULA = re.compile(
    r"(?<![;|\s\"\ufeff\u200b\x00])[;|\s\"\ufeff\u200b\x00]+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
_SPLIT = re.compile(r"[;|\t\r\n]")
# Half of a character: no text file takes it.
_BROKEN = re.compile("[\ud800-\udfff]")
EXCEL = "The CSV holds letters such as é: to open it with a double click in Excel, write it with --bom, or as .xlsx."
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def inert(text: str) -> str:
    """Text that a spreadsheet shows and never runs: an apostrophe stands before what would be a formula.

    That is so for what comes behind a semicolon or a line end as well, where some spreadsheets begin a new cell.
    """
    text = _SPLIT_FORMULA.sub(_apart, _BROKEN.sub("\ufffd", text))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _apart(before: re.Match[str]) -> str:
    return f"{before[0]}'" if _SPLIT.search(before[0]) else before[0]


def cell(value: object) -> object:
    """A value as one cell."""
    if isinstance(value, tuple):
        return ";".join(value)
    return inert(value) if isinstance(value, str) else value


def encode(rows: Sequence[Row], names: Sequence[str]) -> str:
    """A line for each row."""
    return "".join(",".join([quoted(cell(value)) for value in row]) + "\n" for row in rows)


def columns_encoder() -> EncodeColumns:
    """What writes the same lines as bytes, out of whole columns."""
    from formatpicker.batch.writers.text_columns import Style, TextColumns

    return TextColumns(
        Style(
            value=lambda value: quoted(cell(value)),
            head=lambda name, first: "" if first else ",",
            tail="\n",
            items=";".join,
            between=";",
            # What holds a semicolon stands between quotation marks.
            around=lambda several: ('"', '"') if several else ("", ""),
            bare=r"^[A-Za-z0-9_][A-Za-z0-9_.:@ -]*[A-Za-z0-9_]$|^[A-Za-z0-9_]$",
            quote="",
        )
    ).lines


def quoted(value: object) -> str:
    """A cell between quotation marks where it has to be; the csv module leaves a lone carriage return bare."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return '"' + value.replace('"', '""') + '"' if _TO_QUOTE.search(value) else value


def opened(output: Output, names: Sequence[str], stack: ExitStack, options: WriterOptions) -> CsvSink:
    """A file whose first line names the columns."""
    return CsvSink(output, encode([names], names), options.bom)


def _is_ascii(data: memoryview) -> bool:
    """Whether bytes out of whole columns are ASCII; numpy sees it without a copy, and while others work."""
    import numpy as np

    return bool(np.frombuffer(data, np.int8).min(initial=0) == 0)


class CsvSink(TextSink):
    """Lines of CSV; says where Excel would take their letters for others."""

    def __init__(self, output: Output, head: str, bom: bool) -> None:
        super().__init__(output, "\ufeff" * bom + head)
        # Only a file is opened with a double click, and with the mark Excel reads it as it is meant.
        self._told = bom or not hasattr(output, "path")
        self._plain = head.isascii()

    def take(self, piece: Text) -> None:
        """Write one piece."""
        if self._plain:
            self._plain = piece.isascii() if isinstance(piece, str) else _is_ascii(piece)
        super().take(piece)

    def finish(self) -> None:
        """Say so, if it is so."""
        if not self._plain and not self._told:
            notify(EXCEL)

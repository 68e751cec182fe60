"""Rows of CSV as they were read, each with its line, checked against the width of the header."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.batch.reading import Reading
from formatpicker.batch.rows import Cell, Rows

# A row with the line it begins on; text instead of cells says why it could not be read.
Numbered = tuple[int, list[str] | str]


def checked_rows(first: int, found: Iterable[Numbered], width: int, reading: Reading) -> Rows:
    """Rows as they were read, with the line of each; text in place of cells says what is wrong.

    One is wrong as well if it has cells that are not empty behind those of the header. Cells that are missing at the
    end are empty.
    """
    cells: list[list[Cell]] = []
    lines = []
    malformed = {}
    for offset, (line, row) in enumerate(found):
        lines.append(line)
        own: list[Cell] = []
        if isinstance(row, str) or (len(row) > width and any(row[width:])):
            malformed[offset] = row if isinstance(row, str) else _too_wide(len(row), width)
        else:
            own = [*row[:width]]
            if len(own) < width:
                reading.short += 1
                own += [""] * (width - len(own))
        cells.append(own)
    return Rows(first, cells, lines, malformed)


def _too_wide(cells: int, columns: int) -> str:
    return f"has {cells} cells where the header has {columns} columns; is a delimiter or a quotation mark missing?"

"""CSV that needs no more than splitting: quotation marks around whole cells at most, and no line break within them.

Most tables are so, and to split them takes a fraction of the time, which can be spent by whoever scores the rows. All
else, and whatever is wrong, is left to the ``csv`` module.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from formatpicker.batch.rows import Cell, Rows

# Stands between cells, and on both sides of the end of a row; no cell may hold it.
_BETWEEN = "\x1f"
# Holds pieces apart while they are one text; no table may hold it.
_APART = "\0"


@dataclass(frozen=True)
class PlainRows:
    """Rows that are still one text, with the number of the first row and its line, one row a line."""

    first: int
    line: int
    count: int
    width: int
    text: str

    def parsed(self) -> Rows:
        """The rows with their cells."""
        step = self.width + 1
        cells = self.text.replace("\n", f"{_BETWEEN}\n{_BETWEEN}").split(_BETWEEN)
        cells.pop()
        lines = range(self.line, self.line + self.count)
        if len(cells) == step * self.count and cells[self.width :: step] == ["\n"] * self.count:
            return Rows.of_columns(self.first, [cells[at::step] for at in range(self.width)], lines)
        rows = [row.split(_BETWEEN) for row in self.text.split("\n")[:-1]]
        return checked_rows(self.first, zip(lines, rows, strict=True), self.width)


# A row with the line it begins on; text instead of cells says why it could not be read.
Numbered = tuple[int, list[str] | str]


def checked_rows(first: int, found: Iterable[Numbered], width: int) -> Rows:
    """Rows as they were read, with the line of each; text in place of cells says what is wrong.

    One is wrong as well if it has fewer cells than the header, or cells that are not empty behind those of the header.
    """
    cells: list[list[Cell]] = []
    lines = []
    malformed = {}
    for offset, (line, row) in enumerate(found):
        lines.append(line)
        if isinstance(row, str) or (len(row) != width and (len(row) < width or any(row[width:]))):
            malformed[offset] = row if isinstance(row, str) else _wrong_width(len(row), width)
            row = []
        cells.append([*row[:width]])
    return Rows(first, cells, lines, malformed)


def _wrong_width(cells: int, columns: int) -> str:
    return f"has {cells} cells where the header has {columns} columns; is a delimiter or a quotation mark missing?"


def plain_text(block: str, delimiter: str) -> str | None:
    """Whole lines of a table as one text for ``PlainRows``; None if they need a closer look."""
    if _APART in block or _BETWEEN in block or not _has_short_lines(block):
        return None
    if "\r" in block:
        block = block.replace("\r\n", "\n")
    block = block if block[-1] == "\n" else block + "\n"
    if block[0] == "\n" or "\n\n" in block or "\r" in block:
        return None
    if '"' not in block:
        return block.replace(delimiter, _BETWEEN)
    # The line feed stands for the end of the row before, so that nothing before the first mark is empty.
    pieces = f"\n{block}".split('"')
    outside, inside = pieces[::2], pieces[1::2]
    if len(outside) == len(inside) or "" in outside or "\n" in "".join(inside):
        return None
    around = {*map(itemgetter(0), outside[1:]), *map(itemgetter(-1), outside[:-1])}
    if not around <= {delimiter, "\n"}:
        return None
    pieces[::2] = _APART.join(outside).replace(delimiter, _BETWEEN).split(_APART)
    return "".join(pieces)[1:]


def _has_short_lines(block: str) -> bool:
    """Whether no cell can be longer than the ``csv`` module takes: a line ends in every stretch of half that length."""
    step = csv.field_size_limit() // 2
    return all(block.find("\n", start, start + step) >= 0 for start in range(0, len(block) - step, step))

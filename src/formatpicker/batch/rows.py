"""Rows of cells, as readers hand them on and scoring takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Cell = str | int | float | None
Cells = Sequence[Cell]

# Bytes that could not be decoded are kept as lone surrogates, which no text holds.
_BROKEN = re.compile("[\ud800-\udfff]")
NOT_TEXT = "holds bytes that are no UTF-8; a table saved by Excel may need --encoding windows-1252"

# A row with the line it begins on; text instead of cells says why it could not be read.
NumberedRow = tuple[int, Sequence[Cell] | str]


class Rows(NamedTuple):
    """Some rows of a table.

    Attributes:
        first: The number of the first row, counted from 1.
        cells: The cells of each row; none where it is malformed.
        lines: The physical line of each row, where rows have one.
        malformed: By offset, why a row could not be read as cells.
    """

    first: int
    cells: Sequence[Cells]
    lines: Sequence[int] | None
    malformed: dict[int, str]

    @classmethod
    def of(cls, first: int, numbered: Sequence[NumberedRow]) -> Rows:
        """Rows with their lines, of which the first has this number; text in place of cells says what is wrong."""
        malformed = {offset: row for offset, (_, row) in enumerate(numbered) if isinstance(row, str)}
        cells = [[] if isinstance(row, str) else row for _, row in numbered]
        return cls(first, cells, [line for line, _ in numbered], malformed)

    def chosen(self, offsets: Sequence[int]) -> Rows:
        """Some of the rows, numbered on from the first one here."""
        malformed = {at: self.malformed[offset] for at, offset in enumerate(offsets) if offset in self.malformed}
        lines = self.lines and [self.lines[offset] for offset in offsets]
        return Rows(self.first, [self.cells[offset] for offset in offsets], lines, malformed)

    def pieces(self, size: int) -> Iterator[Rows]:
        """The same rows, so many at a time."""
        offsets = range(len(self.cells))
        for start in offsets[::size]:
            yield self.chosen(offsets[start : start + size])._replace(first=self.first + start)


def is_text(cell: Cell) -> bool:
    """Whether a cell holds no byte that the encoding of its file does not know, and no half of a character."""
    return not isinstance(cell, str) or cell.isascii() or _BROKEN.search(cell) is None


def shown(text: str) -> str:
    """Text as it can be written; what is no text is a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def kept_value(cell: Cell) -> Cell:
    """A cell of a kept column: as it stands, but that nothing, and no number, is null."""
    if isinstance(cell, str):
        return shown(cell) or None
    return None if isinstance(cell, float) and cell - cell != 0 else cell

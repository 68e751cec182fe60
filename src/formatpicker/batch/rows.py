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

    def pieces(self, size: int) -> Iterator[Rows]:
        """The same rows, so many at a time."""
        for start in range(0, len(self.cells), size):
            part = slice(start, start + size)
            malformed = {at - start: why for at, why in self.malformed.items() if start <= at < start + size}
            yield Rows(self.first + start, self.cells[part], self.lines and self.lines[part], malformed)


def is_text(cell: Cell) -> bool:
    """Whether a cell holds no byte that the encoding of its file does not know."""
    return not isinstance(cell, str) or cell.isascii() or _BROKEN.search(cell) is None


def shown(text: str) -> str:
    """Text as it can be written; what is no text is a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()

"""Rows of cells, as readers hand them on and scoring takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

Cell = str | int | float | None
Cells = Sequence[Cell]
Column = Sequence[Cell]

# Bytes that could not be decoded are kept as halves of characters, which no text holds.
_BROKEN = re.compile("[\ud800-\udfff]")
NOT_TEXT = "holds bytes that are no UTF-8; a table saved by Excel may need --encoding windows-1252"


class Chunk(Protocol):
    """Some rows of a table as a reader hands them on: cells, or what they can be made of."""

    @property
    def first(self) -> int:
        """The number of the first row, counted from 1."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def parsed(self) -> Rows:
        """The same with their cells."""


class Rows:
    """Some rows of a table.

    ``first`` is the number of the first row, counted from 1; ``lines`` the physical line of each, if they have one.
    ``malformed`` says by offset which rows could not be read as cells, and why; these have none.
    """

    def __init__(
        self, first: int, cells: Sequence[Cells], lines: Sequence[int] | None, malformed: dict[int, str]
    ) -> None:
        self.first = first
        self.lines = lines
        self.malformed = malformed
        self.count = len(cells)
        self._cells: Sequence[Cells] | None = cells
        self._columns: Sequence[Column] | None = None

    @classmethod
    def of_columns(cls, first: int, columns: Sequence[Column], lines: Sequence[int] | None) -> Rows:
        """Rows of which none is malformed, given their cells column by column."""
        found = cls(first, (), lines, {})
        found.count, found._cells, found._columns = len(columns[0]), None, columns
        return found

    def parsed(self) -> Rows:
        """They are."""
        return self

    @property
    def cells(self) -> Sequence[Cells]:
        """The cells row by row."""
        if self._cells is None:
            self._cells = list(zip(*self._columns or (), strict=True))
        return self._cells

    def pieces(self, size: int) -> Iterator[Rows]:
        """The same rows, so many at a time."""
        for start in range(0, self.count, size):
            cells = self.cells[start : start + size]
            lines = self.lines[start : start + size] if self.lines is not None else None
            malformed = {at - start: why for at, why in self.malformed.items() if start <= at < start + size}
            yield Rows(self.first + start, cells, lines, malformed)

    def columns(self, width: int) -> Sequence[Column]:
        """The cells column by column; those of malformed rows are empty.

        Args:
            width: How many columns there are.
        """
        if self._columns is None:
            blank: list[Cell] = [None] * width
            cells = [row or blank for row in self.cells] if self.malformed else self.cells
            self._columns = list(zip(*cells, strict=True))
        return self._columns


def is_text(cell: Cell) -> bool:
    """Whether a cell holds no byte that the encoding of its file does not know."""
    return not isinstance(cell, str) or cell.isascii() or _BROKEN.search(cell) is None


def together(cells: Cells, columns: Sequence[int]) -> str:
    """The goals of several columns, the most important first."""
    return ";".join(str(cells[index]) for index in columns if cells[index] not in (None, ""))

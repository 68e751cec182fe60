"""Cells and their combinations as small whole numbers, by which arrays are looked up. Needs numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formatpicker.batch.rows import Cell
from formatpicker.errors import AnswerError

Integers = NDArray[np.signedinteger[Any]]
Booleans = NDArray[np.bool_]
# An answer to a question; goals as the bytes of the shares of all of them, since people name very many different ones.
Coded = int | str | bytes

# The codes of no answer, and of every cell that its question does not accept.
OPEN, FAULT = 0, 1
# How many cells of a question, or combinations of a group, are remembered from one block of rows to the next.
MOST_CODES = 80_000
# So many new cells are parsed one by one before it is tried to parse several.
_FIRST = 50
# Up to so many bits, all combinations that there could be have a place in one array.
_DENSE_BITS = 22


class Codes:
    """The answers to one question, numbered as they come up; cells that mean the same have the same code."""

    def __init__(
        self,
        parsed: Callable[[Cell], Coded | AnswerError | None],
        several: Callable[[Sequence[Cell]], Iterable[tuple[Cell, Coded]]] = lambda cells: (),
    ) -> None:
        """``parsed`` reads one cell; ``several`` reads many at once, and returns those that it could."""
        self._parsed = parsed
        self._several = several
        self.clear()

    def clear(self) -> None:
        """Forget all answers."""
        self.answers: list[Coded | None] = [None, None]
        self._known: dict[Cell, int] = {None: OPEN}
        self._codes: dict[Coded, int] = {}
        self._last: tuple[Sequence[Cell], Integers] = (), np.zeros(0, np.intp)

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return len(self._known) > MOST_CODES

    def of(self, cells: Sequence[Cell]) -> Integers:
        """The code of each cell; the same list as before, such as a dictionary of several blocks, is not read again."""
        known, (before, codes) = self._known, self._last
        if cells is not before:
            found = [*map(known.get, cells)]
            if None in found:
                self._add([cell for cell, code in zip(cells, found, strict=True) if code is None])
                found = [*map(known.__getitem__, cells)]
            self._last = cells, codes = cells, np.array(found, np.intp)
        return codes

    def _add(self, cells: Sequence[Cell]) -> None:
        for cell in cells[:_FIRST]:
            self._added(cell)
        rest = cells[_FIRST:]
        self._known.update((cell, self._code(answer)) for cell, answer in (self._several(rest) if rest else ()))
        for cell in rest:
            if cell not in self._known:
                self._added(cell)

    def _added(self, cell: Cell) -> None:
        answer = self._parsed(cell)
        code = FAULT if isinstance(answer, AnswerError) else OPEN if answer is None else self._code(answer)
        self._known[cell] = code

    def _code(self, answer: Coded) -> int:
        code = self._codes.get(answer)
        if code is None:
            code = self._codes[answer] = len(self.answers)
            self.answers.append(answer)
        return code


class Combinations:
    """Numbers the combinations of some columns of codes in the order in which they come up."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self.clear()

    def clear(self) -> None:
        """Forget all combinations."""
        self.count = 0
        self._found: list[NDArray[np.intp]] = []
        self._bits = [0] * self._columns
        self._dense: NDArray[np.int32] | None = None
        self._sparse: dict[int, int] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return self.count > MOST_CODES

    def of(self, columns: Sequence[Integers], sizes: Sequence[int]) -> tuple[Integers, NDArray[np.intp]]:
        """The number of each row's combination, and those that are new: a row of codes for each.

        Args:
            columns: The codes, column by column.
            sizes: How many codes each column may hold.
        """
        self._fit(sizes)
        keys = columns[0]
        for column, shift in zip(columns[1:], self._shifts()[1:], strict=True):
            keys = keys | column << shift
        if self._dense is None:
            return self._looked_up(keys)
        numbers, dense = self._dense.take(keys), self._dense
        if numbers.size and numbers.min() < 0:
            new = np.unique(keys[numbers < 0])
            dense[new] = np.arange(self.count, self.count + len(new), dtype=np.int32)
            return dense.take(keys).astype(np.intp), self._noted(new)
        return numbers.astype(np.intp), self._noted(keys[:0])

    def _looked_up(self, keys: Integers) -> tuple[Integers, NDArray[np.intp]]:
        different, inverse = np.unique(keys, return_inverse=True)
        known = self._sparse
        new = [key for key in different.tolist() if key not in known]
        known.update(zip(new, range(self.count, self.count + len(new)), strict=True))
        numbers = np.array([known[key] for key in different.tolist()], np.intp)[inverse]
        return numbers, self._noted(np.array(new, np.intp))

    def _noted(self, keys: Integers) -> NDArray[np.intp]:
        """New keys as rows of codes."""
        columns = [keys >> shift & (1 << bits) - 1 for shift, bits in zip(self._shifts(), self._bits, strict=True)]
        rows = np.stack(columns, axis=1).astype(np.intp)
        self._found.append(rows)
        self.count += len(rows)
        return rows

    def _shifts(self) -> list[int]:
        return [sum(self._bits[:index]) for index in range(self._columns)]

    def _fit(self, sizes: Sequence[int]) -> None:
        """Make room for more codes than there were, and put what is known into its new place."""
        if all(size <= 1 << bits for size, bits in zip(sizes, self._bits, strict=True)):
            return
        self._bits = [max(bits, (size - 1).bit_length()) for size, bits in zip(sizes, self._bits, strict=True)]
        known = np.concatenate([np.zeros((0, self._columns), np.intp), *self._found])
        keys = (known << np.array(self._shifts(), np.intp)).sum(axis=1)
        if sum(self._bits) > _DENSE_BITS:
            self._dense, self._sparse = None, dict(zip(keys.tolist(), range(self.count), strict=True))
        else:
            self._dense = np.full(1 << sum(self._bits), -1, np.int32)
            self._dense[keys] = np.arange(self.count, dtype=np.int32)

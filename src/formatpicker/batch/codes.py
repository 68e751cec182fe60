"""Cells and their combinations as small whole numbers, by which arrays are looked up. Needs numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formatpicker.batch.rows import Cell
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer, Goals

Numbers = NDArray[np.intp]

# The codes of no answer, and of every cell that its question does not accept.
OPEN, FAULT = 0, 1
# How many cells of a question, or combinations of a group, are remembered from one block of rows to the next.
MOST_CODES = 200_000
# Up to so many bits, all combinations that there could be have a place in one array.
_DENSE_BITS = 22


class Codes:
    """The answers to one question, numbered as they come up; cells that mean the same have the same code."""

    def __init__(self, parsed: Callable[[Cell], Answer | None]) -> None:
        self._parsed = parsed
        self.clear()

    def clear(self) -> None:
        """Forget all answers."""
        self.answers: list[Answer | None] = [None, None]
        self._known: dict[Cell, int] = {None: OPEN}
        self._codes: dict[Any, int] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return len(self._known) > MOST_CODES

    def of(self, cells: Iterable[Cell]) -> Numbers:
        """The code of each cell."""
        known = self._known
        return np.array([known[cell] if cell in known else self._added(cell) for cell in cells], np.intp)

    def _added(self, cell: Cell) -> int:
        try:
            answer = self._parsed(cell)
        except AnswerError:
            code = FAULT
        else:
            code = OPEN if answer is None else self._code(answer)
        self._known[cell] = code
        return code

    def _code(self, answer: Answer) -> int:
        key: object = answer
        if isinstance(answer, Goals):
            key = frozenset(answer.shares.items())
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self.answers)
            self.answers.append(answer)
        return code


class Combinations:
    """Numbers the combinations of some columns of codes in the order in which they come up."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self.clear()

    def clear(self) -> None:
        """Forget all combinations."""
        self.found: list[tuple[int, ...]] = []
        self._bits = [0] * self._columns
        self._dense: NDArray[np.int32] | None = None
        self._sparse: dict[int, int] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return len(self.found) > MOST_CODES

    def of(self, columns: Sequence[Numbers], sizes: Sequence[int]) -> Numbers:
        """The number of each row's combination; ``sizes`` says how many codes each column may hold."""
        self._fit(sizes)
        keys = columns[0]
        for column, shift in zip(columns[1:], self._shifts()[1:], strict=True):
            keys = keys | column << shift
        return self._looked_up(keys) if self._dense is None else self._indexed(keys, self._dense)

    def _indexed(self, keys: Numbers, dense: NDArray[np.int32]) -> Numbers:
        numbers = dense.take(keys)
        if numbers.size and numbers.min() < 0:
            for key in np.unique(keys[numbers < 0]).tolist():
                dense[key] = self._number(key)
            numbers = dense.take(keys)
        return numbers.astype(np.intp)

    def _looked_up(self, keys: Numbers) -> Numbers:
        different, inverse = np.unique(keys, return_inverse=True)
        known = self._sparse
        for key in different.tolist():
            if key not in known:
                known[key] = self._number(key)
        return np.array([known[key] for key in different.tolist()], np.intp)[inverse]

    def _number(self, key: int) -> int:
        shifts = zip(self._shifts(), self._bits, strict=True)
        self.found.append(tuple(key >> shift & ((1 << bits) - 1) for shift, bits in shifts))
        return len(self.found) - 1

    def _shifts(self) -> list[int]:
        return [sum(self._bits[:index]) for index in range(self._columns)]

    def _fit(self, sizes: Sequence[int]) -> None:
        """Make room for more codes than there were, and put what is known into its new place."""
        if all(size <= 1 << bits for size, bits in zip(sizes, self._bits, strict=True)):
            return
        self._bits = [max(bits, (size - 1).bit_length()) for size, bits in zip(sizes, self._bits, strict=True)]
        keys = [sum(code << shift for code, shift in zip(each, self._shifts(), strict=True)) for each in self.found]
        if sum(self._bits) > _DENSE_BITS:
            self._dense, self._sparse = None, {key: number for number, key in enumerate(keys)}
        else:
            self._dense = np.full(1 << sum(self._bits), -1, np.int32)
            self._dense[keys] = np.arange(len(keys), dtype=np.int32)

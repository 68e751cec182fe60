"""What all answers of each row do together: the parts of a table looked up and added, by columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from operator import add, or_
from typing import NamedTuple

from formatpicker.batch.effects import Effects
from formatpicker.batch.headers import Sheet
from formatpicker.batch.packing import Packing, Reasons
from formatpicker.batch.parts import Parse, parts_of
from formatpicker.batch.records import Identity
from formatpicker.batch.rows import Column, together
from formatpicker.catalog.model import Question


class Sums(NamedTuple):
    """Of some rows: who they are, the sums of words, the flags, and the reasons of each part as a column."""

    ids: Sequence[Identity]
    rows: Sequence[int]
    words: Sequence[int]
    flags: Sequence[int]
    reasons: Sequence[Sequence[Sequence[Reasons]]]

    def of(self, offsets: Sequence[int]) -> Sums:
        """Those of some of the rows."""
        return Sums(
            [self.ids[offset] for offset in offsets],
            [self.rows[offset] for offset in offsets],
            [self.words[offset] for offset in offsets],
            [self.flags[offset] for offset in offsets],
            [[part[offset] for offset in offsets] for part in self.reasons],
        )


class Adder:
    """All that the answers of one table can do, packed at one scale."""

    def __init__(self, effects: Effects, sheet: Sheet, parse: Parse, scale: int | None = None) -> None:
        self.packing = Packing(effects, scale)
        self._sheet = sheet
        self._parts = parts_of(self.packing, sheet, parse)

    def sums(self, ids: Sequence[Identity], rows: Sequence[int], columns: Sequence[Column]) -> Sums:
        """What all answers of each row do together.

        Args:
            ids: Who the rows are of.
            rows: Their numbers.
            columns: Their cells, in the order of the headers.
        """
        if not rows:
            return Sums([], [], [], [], [])

        def cells(question: Question) -> Column:
            found = [columns[index] for index in self._sheet.columns[question.id]]
            if len(found) == 1:
                return found[0]
            return [together(row, range(len(row))) for row in zip(*found, strict=True)]

        parts = [list(zip(*part.looked_up(cells), strict=True)) for part in self._parts]
        words, flags, reasons = zip(*parts, strict=True)
        return Sums(ids, rows, list(reduce(partial(map, add), words)), list(reduce(partial(map, or_), flags)), reasons)

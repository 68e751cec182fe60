"""What a reader makes of the rows of a file: which of them are people, and what is told of the others."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from formatpicker.base.durations import counted
from formatpicker.base.text import shortened
from formatpicker.batch.rows import Cell, NumberedRow

# What stands at the beginning of a row that sums up others. Max and Min are names of people.
TOTALS = frozenset(
    "total totals sum subtotal average averages avg mean median minimum maximum count summe gesamt durchschnitt"  # noqa: SIM905
    " mittelwert anzahl somme moyenne médiane nombre".split()
) | {"grand total", "sub total", "gesamtsumme", "total général"}
_MOST_NAMED = 3
_TOO_WIDE = "has {} cells where the header has {} columns; is a delimiter or a quotation mark missing?"
_MOST_LEFT = 1_000


@dataclass
class Reading:
    """What a reader did; the counts grow while rows are read.

    Attributes:
        part: The sheet, or the file in an archive, that was read.
        others: Other sheets that hold answers and were not read.
        above: How many rows above the header were left out, and the line of the header.
        empty: Rows of nothing, left out.
        totals: Rows that sum up others, left out: the line and the word that says so.
        short: Rows with cells missing at their end.
        unquoted: Rows with a quotation mark inside a cell that is not doubled.
        hidden: Rows that were hidden and read all the same.
        uncomputed: Cells with a formula that has no value yet.
        previews, unfinished: Rows that a survey tool marks as such.
        only_finished: Whether these were left out.
        earlier: Earlier rows of the same person, left out.
    """

    part: str = ""
    others: tuple[str, ...] = ()
    above: tuple[int, int] = (0, 0)
    empty: int = 0
    totals: list[tuple[int, str]] = field(default_factory=list)
    short: int = 0
    unquoted: int = 0
    hidden: int = 0
    uncomputed: int = 0
    previews: int = 0
    unfinished: int = 0
    only_finished: bool = False
    earlier: int = 0

    def of_people(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        """The rows of people: no empty ones, and none that sum up others. Each comes with its line."""
        for row in rows:
            cells = row[1]
            if isinstance(cells, str):
                yield row
                continue
            first = next(
                (cell for cell in cells if cell is not None and (cell.__class__ is not str or cell.strip())), None
            )
            if first is None:
                self.empty += 1
            elif first.__class__ is str and is_total(str(first), cells):
                if len(self.totals) < _MOST_LEFT:
                    self.totals.append((row[0], str(first).strip()))
            else:
                yield row

    def shown(self, rows: Iterable[NumberedRow], hidden: Container[int]) -> Iterator[NumberedRow]:
        """The same rows; those of them that are hidden are counted."""
        for row in rows:
            self.hidden += row[0] in hidden and any(cell is not None for cell in row[1])
            yield row

    def rows_left_out(self) -> Iterator[str]:
        """What was left out and what was read in spite of something, each in a few words."""
        if self.previews or self.unfinished:
            both = [(self.previews, "preview"), (self.unfinished, "unfinished row")]
            told = " and ".join(counted(count, noun) for count, noun in both if count)
            was = _was(self.previews + self.unfinished)
            done = "left out" if self.only_finished else "read as well (--only-finished leaves them out)"
            yield f"{told} {was} {done}"
        if self.earlier:
            yield f"{counted(self.earlier, 'row')} {_was(self.earlier)} left out for a later one of the same person"
        if self.empty:
            yield f"{counted(self.empty, 'empty row')} {_was(self.empty)} left out"
        if self.totals:
            named = ", ".join(f"line {line}, {shortened(word)}" for line, word in self.totals[:_MOST_NAMED])
            count = len(self.totals)
            noun = "looks like a total" if count == 1 else "look like totals"
            yield f"{counted(count, 'row')} ({named}) {noun} and {_was(count)} left out"
        if self.short:
            yield f"{counted(self.short, 'row')} ended early: the missing cells count as open"
        if self.unquoted:
            rows = counted(self.unquoted, "row")
            yield f"in {rows} a quotation mark inside a cell is not doubled; it was read as it stands"
        if self.hidden:
            yield f"{counted(self.hidden, 'hidden row')} {_was(self.hidden)} read as well"
        if self.uncomputed:
            holds = "holds a formula that was" if self.uncomputed == 1 else "hold formulas that were"
            yield (
                f"{counted(self.uncomputed, 'cell')} {holds} never computed, and counted as open:"
                " open the file in Excel, save it, and run this again"
            )


def fitted(rows: Iterable[NumberedRow], width: int, reading: Reading) -> Iterator[NumberedRow]:
    """Rows with as many cells as the header has: those that are missing at the end are empty.

    A row is wrong if it has cells that are not empty behind those of the header.
    """
    for line, row in rows:
        if isinstance(row, str) or len(row) == width:
            yield line, row
        elif len(row) < width:
            reading.short += 1
            yield line, [*row, *[""] * (width - len(row))]
        else:
            yield line, _TOO_WIDE.format(len(row), width) if any(row[width:]) else row[:width]


# A number, alone or with its unit: 243.5, 12 %, 243.5 hrs, 12 responses, 8 hours a week.
_NUMBER = r"[-+]?\d[\d.,]{0,20}(?:\s?(?:%|[^\W\d_]{1,20}(?:[ /][^\W\d_]{1,20}){0,2}))?"


def is_total(first: str, cells: Sequence[Cell]) -> bool:
    """Whether a row sums up others: it begins with such a word, and all else in it is numbers, with units or not."""
    if first.strip().rstrip(":").casefold() not in TOTALS:
        return False
    others = (str(cell).strip() for cell in cells if cell is not None and cell != first)
    return all(not text or re.fullmatch(_NUMBER, text) for text in others)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"

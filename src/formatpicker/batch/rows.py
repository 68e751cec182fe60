"""Rows of cells, as readers hand them on and scoring takes them; which of them count, and what is told of others."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from formatpicker.base.durations import counted
from formatpicker.base.text import canonical, shortened

if TYPE_CHECKING:
    from formatpicker.batch.sheet import Sheet


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


# --- which rows are people, and what is told of the others -----------------------------------------------------------

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


# --- responses that may not count: previews, unfinished ones, and earlier ones of the same person --------------------

_PREVIEW = ("survey preview", "survey test", "preview", "test")
_UNFINISHED = ("partial", "incomplete", "in progress", "started", "disqualified", "spam", "unfinished", "not finished")
_NO = ("false", "0", "no", "falsch", "nein", "faux", "non")
_EMPTY = ("",)
# REDCap has such a column for each form.
_FORM_STATUS, _FORM = " complete", ((), ("incomplete", "0"))
# What survey tools call the column that says how far a response came; and the texts in it that stand for a preview, and
# for one that is not finished. LimeSurvey and Microsoft Forms leave the time of the end empty.
_STATUS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "status": (_PREVIEW, _UNFINISHED),
    "response type": (_PREVIEW, _UNFINISHED),
    "response status": (_PREVIEW, _UNFINISHED),
    "finished": ((), _NO),
    "complete?": _FORM,
    "submitdate": ((), _EMPTY),
    "submitdate. date submitted": ((), _EMPTY),
    "date submitted": ((), _EMPTY),
    "completion time": ((), _EMPTY),
}
# Qualtrics exports the status as a number where values are asked for: 1 and 2 are previews and tests, 8 is spam.
_QUALTRICS = "responseid"
_NUMBERS = (("1", "2"), ("8",))


class Responses:
    """Which rows of one table count. Without an option every one does, and the others are counted to be told."""

    def __init__(self, sheet: Sheet, reading: Reading, only_finished: bool) -> None:
        self._reading = reading
        self._reading.only_finished = only_finished
        self._last_of = sheet.last_of
        names = [canonical(name) for name in sheet.headers]
        numbers = _NUMBERS if _QUALTRICS in names else ((), ())
        statuses = {
            index: status
            for index, name in enumerate(names)
            if (status := _STATUS.get(name) or (_FORM if name.endswith(_FORM_STATUS) else None))
        }
        # By where a status stands, the texts in it that stand for a preview, and for what is not finished.
        self._previews = {index: {*previews, *numbers[0]} for index, (previews, _) in statuses.items()}
        self._unfinished = {index: {*unfinished, *numbers[1]} for index, (_, unfinished) in statuses.items()}

    @property
    def needed(self) -> bool:
        """Whether there is anything to look at, row by row."""
        return bool(self._previews) or self._last_of is not None

    def rows(self, chunks: Iterable[Rows]) -> Iterator[Rows]:
        """The rows that count, numbered anew."""
        if self._previews:
            chunks = map(self._finished, chunks)
        if self._last_of is not None:
            chunks = self._lasting([*chunks], self._last_of)
        first = 1
        for rows in chunks:
            if rows.cells:
                yield rows._replace(first=first)
                first += len(rows.cells)

    def _finished(self, rows: Rows) -> Rows:
        """All rows, or those that are finished; the others are counted."""
        reading, kept = self._reading, []
        for offset, cells in enumerate(rows.cells):
            preview, unfinished = self._status(cells) if cells else (False, False)
            reading.previews += preview
            reading.unfinished += unfinished
            if not (reading.only_finished and (preview or unfinished)):
                kept.append(offset)
        return rows if len(kept) == len(rows.cells) else rows.chosen(kept)

    def _status(self, cells: Cells) -> tuple[bool, bool]:
        """Whether a row is a preview, and whether, if not, it is unfinished."""
        forms = {at: _form_of(cells[at]) for at in self._previews}
        preview = any(form in self._previews[at] for at, form in forms.items())
        return preview, not preview and any(form in self._unfinished[at] for at, form in forms.items())

    def _lasting(self, whole: Sequence[Rows], column: int) -> Iterator[Rows]:
        """Of the rows with the same text in a column the last one, and all without any. All rows are held at once."""
        keys = [[_form_of(cells[column]) if cells else "" for cells in rows.cells] for rows in whole]
        last = {key: (number, at) for number, own in enumerate(keys) for at, key in enumerate(own)}
        for number, (rows, own) in enumerate(zip(whole, keys, strict=True)):
            kept = [at for at, key in enumerate(own) if not key or last[key] == (number, at)]
            self._reading.earlier += len(own) - len(kept)
            yield rows.chosen(kept)


def _form_of(cell: Cell) -> str:
    return "" if cell is None else canonical(str(cell))

"""Responses that may not count: previews, unfinished ones, and earlier ones of the same person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from formatpicker.base.text import canonical
from formatpicker.batch.reading import Reading
from formatpicker.batch.rows import Cell, Cells, Rows

if TYPE_CHECKING:
    from formatpicker.batch.sheet import Sheet

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

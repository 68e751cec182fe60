"""Responses that may not count: previews, unfinished ones, and earlier ones of the same person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from formatpicker.base.text import canonical
from formatpicker.batch.readers.source import Table
from formatpicker.batch.rows import Cells, Rows

_PREVIEW = ("survey preview", "survey test", "preview", "test")
_UNFINISHED = ("partial", "incomplete", "in progress", "started", "disqualified", "spam", "unfinished", "not finished")
_NO = ("false", "0", "no", "falsch", "nein", "faux", "non")
_EMPTY = ("",)
# What survey tools call the column that says how far a response came; and the texts in it that stand for a preview, and
# for one that is not finished. LimeSurvey and Microsoft Forms leave the time of the end empty.
_STATUS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "status": (_PREVIEW, _UNFINISHED),
    "response type": (_PREVIEW, _UNFINISHED),
    "response status": (_PREVIEW, _UNFINISHED),
    "finished": ((), _NO),
    "complete?": ((), ("incomplete", "0")),
    "submitdate": ((), _EMPTY),
    "submitdate. date submitted": ((), _EMPTY),
    "date submitted": ((), _EMPTY),
    "completion time": ((), _EMPTY),
}
# Qualtrics exports the status as a number where values are asked for: 1 and 2 are previews and tests, 8 is spam.
_QUALTRICS = "responseid"
_NUMBERS = (("1", "2"), ("8",))
# REDCap has such a column for each form.
_FORM_STATUS = " complete"

Judge = Callable[[Cells], bool]


class Responses:
    """Which rows of one table count. Without an option every one does, and the others are counted to be told."""

    def __init__(self, table: Table, only_finished: bool) -> None:
        self._table = table
        self._only_finished = only_finished
        self._last_of = table.sheet.last_of
        names = [canonical(name) for name in table.sheet.headers]
        numbers = _NUMBERS if _QUALTRICS in names else ((), ())
        self._columns = [
            (index, frozenset((*previews, *numbers[0])), frozenset((*unfinished, *numbers[1])))
            for index, name in enumerate(names)
            if (found := _status_of(name)) is not None
            for previews, unfinished in [found]
        ]

    @property
    def needed(self) -> bool:
        """Whether there is anything to look at, row by row."""
        return bool(self._columns) or self._last_of is not None

    def rows(self, chunks: Iterable[Rows]) -> Iterator[Rows]:
        """The rows that count, numbered anew."""
        counted = self._counted(chunks) if self._columns else iter(chunks)
        return _numbered(counted if self._last_of is None else self._lasting(counted, self._last_of))

    def _counted(self, chunks: Iterable[Rows]) -> Iterator[Rows]:
        """All rows, or those that are finished; the others are counted."""
        reading = self._table.reading
        reading.only_finished = self._only_finished
        for rows in chunks:
            kept = []
            for offset, cells in enumerate(rows.cells):
                preview, unfinished = self._status(cells) if cells else (False, False)
                reading.previews += preview
                reading.unfinished += unfinished
                if not (self._only_finished and (preview or unfinished)):
                    kept.append(offset)
            yield rows if len(kept) == len(rows.cells) else _chosen(rows, kept)

    def _status(self, cells: Cells) -> tuple[bool, bool]:
        """Whether a row is a preview, and whether, if not, it is unfinished."""
        texts = [(canonical(str(cells[at] if cells[at] is not None else "")), at) for at, _, _ in self._columns]
        preview = any(text in previews for (text, _), (_, previews, _) in zip(texts, self._columns, strict=True))
        started = any(text in unfinished for (text, _), (_, _, unfinished) in zip(texts, self._columns, strict=True))
        return preview, started and not preview

    def _lasting(self, chunks: Iterable[Rows], column: int) -> Iterator[Rows]:
        """Of the rows with the same text in a column the last one, and all without any. All rows are held at once."""
        whole = list(chunks)
        last: dict[str, tuple[int, int]] = {}
        for number, rows in enumerate(whole):
            for offset, cells in enumerate(rows.cells):
                if key := _key(cells, column):
                    last[key] = (number, offset)
        for number, rows in enumerate(whole):
            kept = [
                offset
                for offset, cells in enumerate(rows.cells)
                if not (key := _key(cells, column)) or last[key] == (number, offset)
            ]
            self._table.reading.earlier += len(rows.cells) - len(kept)
            yield _chosen(rows, kept)


def _status_of(name: str) -> tuple[Sequence[str], Sequence[str]] | None:
    return _STATUS.get(name) or (((), ("incomplete", "0")) if name.endswith(_FORM_STATUS) else None)


def _key(cells: Cells, column: int) -> str:
    return canonical(str(cells[column])) if cells and cells[column] is not None else ""


def _chosen(rows: Rows, offsets: Sequence[int]) -> Rows:
    """Some of the rows."""
    malformed = {at: rows.malformed[offset] for at, offset in enumerate(offsets) if offset in rows.malformed}
    lines = rows.lines and [rows.lines[offset] for offset in offsets]
    return Rows(rows.first, [rows.cells[offset] for offset in offsets], lines, malformed)


def _numbered(chunks: Iterable[Rows]) -> Iterator[Rows]:
    first = 1
    for rows in chunks:
        if rows.cells:
            yield rows._replace(first=first)
            first += len(rows.cells)

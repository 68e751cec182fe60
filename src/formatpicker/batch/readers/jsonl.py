"""JSON Lines: one object a line, keys as in a file of answers. Rows stream; memory is bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from formatpicker.base.text import shortened
from formatpicker.batch.headers import Headers, Sheet
from formatpicker.batch.readers.source import BLOCK_ROWS, CHUNK, MOST_LINE, Lines, Overlong, Source
from formatpicker.batch.rows import Cell, Rows
from formatpicker.errors import InputError


def read(source: Source, headers: Headers, encoding: str | None) -> JsonLinesTable:
    """The table in a source.

    Raises:
        InputError: It is one JSON array instead of lines.
    """
    if source.sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        raise InputError(source.name, "is one JSON array; write one object a line instead (jq -c '.[]' does it)", 1)
    return JsonLinesTable(Lines(source.text(encoding), source.name), headers)


class JsonLinesTable:
    """A table whose rows name their own columns."""

    def __init__(self, lines: Lines, headers: Headers) -> None:
        self.sheet = Sheet.of_keys(headers)
        self._headers = headers
        self._lines = lines
        self._columns: dict[str, int | None] = {}
        self._index = {name: index for index, name in enumerate(self.sheet.headers)}

    def ignored(self) -> tuple[str, ...]:
        """The keys met so far that are no questions."""
        return tuple(key for key, column in self._columns.items() if column is None)

    def rows(self) -> Iterator[Rows]:
        """All rows once, in order."""
        return self._chunks(CHUNK)

    def blocks(self) -> Iterator[Rows]:
        """The same, more at a time."""
        return self._chunks(BLOCK_ROWS)

    def _chunks(self, size: int) -> Iterator[Rows]:
        first, rows = 1, self._rows()
        while found := list(islice(rows, size)):
            malformed = {offset: row for offset, (_, row) in enumerate(found) if isinstance(row, str)}
            cells = [[] if isinstance(row, str) else row for _, row in found]
            yield Rows(first, cells, [line for line, _ in found], malformed)
            first += len(found)

    def _rows(self) -> Iterator[tuple[int, list[Cell] | str]]:
        while True:
            number = self._lines.number + 1
            self._lines.taken.clear()
            try:
                line = next(self._lines)
            except StopIteration:
                return
            except Overlong:
                yield number, f"a line of more than {MOST_LINE:,} characters, which no row needs"
                continue
            if line.strip(" \t\r\n\ufeff"):
                yield number, self._cells(line)

    def _cells(self, line: str) -> list[Cell] | str:
        """The cells of a row, or what is wrong with it."""
        try:
            pairs = _LOADS.decode(line.strip(" \t\r\n\ufeff"))
        except RecursionError:
            return "is nested too deeply for a row of answers"
        except ValueError as error:
            long = "int_max_str_digits" in str(error)
            return "holds a number of thousands of digits" if long else f"is not JSON: {str(error)[:200]}"
        if not isinstance(pairs, _Pairs):
            return 'is no JSON object; every line must be one, such as {"id": "a", "weeks": 4}'
        cells: list[Cell] = [None] * len(self.sheet.headers)
        taken = set()
        for key, value in pairs:
            column = self._columns[key] if key in self._columns else self._placed(key)
            if column is None:
                continue
            if column in taken:
                return f"has a second value for {shortened(self.sheet.headers[column])}; keep one"
            taken.add(column)
            cells[column] = value if isinstance(value, str | None) else _plain(value)
        return cells

    def _placed(self, key: str) -> int | None:
        target = self._headers.target(key)
        found = self._index.get(target.key) if target is not None and not target.place else self._index.get(key)
        if len(self._columns) < MOST_KEYS:
            self._columns[key] = found
        return found


# Keys are remembered up to this many; hostile input has a new one in every line.
MOST_KEYS = 1_000


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object in their order, equal keys too."""


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no number")


_LOADS = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_refused)


def _plain(value: Any) -> Cell:
    """A value as a cell: numbers as they are, true and false as words, lists and objects as their JSON text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return json.dumps(_unpaired(value), ensure_ascii=False)


def _unpaired(value: Any) -> Any:
    """Pairs as objects again; of equal keys none may be lost, so they stay pairs and are no answer."""
    if isinstance(value, _Pairs):
        found = {key: _unpaired(item) for key, item in value}
        return found if len(found) == len(value) else [[key, _unpaired(item)] for key, item in value]
    return [_unpaired(item) for item in value] if isinstance(value, list) else value

"""The different texts in each column of any table, for a mapping to begin with."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import kind_of, opened_table, unpacked
from formatpicker.batch.readers.jsonl import values
from formatpicker.batch.readers.source import Source
from formatpicker.batch.suggest_mapping import Seen, add_cell

# Objects of hostile input have a new key in every line.
MOST_COLUMNS = 2_000


def columns_seen(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> dict[str, Seen]:
    """What each column holds, whether its header is known or not.

    Raises:
        InputError: The table cannot be read.
    """
    source = unpacked(source)
    seen: dict[str, Seen] = {}
    cells: Iterable[tuple[str, object]]
    if (kind or kind_of(source)) == "jsonl":
        rows = (pairs for _, pairs in values(source, headers, encoding) if not isinstance(pairs, str))
        cells = ((key, each) for pairs in rows for key, value in pairs for each in _parts(value))
    else:
        table = opened_table(source, headers, kind, encoding)
        seen = {name: Seen() for name in table.sheet.headers}
        table_rows = (row for chunk in table.rows() for row in chunk.cells)
        cells = (pair for row in table_rows for pair in zip(table.sheet.headers, row, strict=False))
    for name, cell in cells:
        if name in seen or len(seen) < MOST_COLUMNS:
            add_cell(headers, name, cell, seen)
    return seen


def _parts(value: object) -> list[object]:
    """A value, or the items of a list."""
    parts = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str | int | float) else None for each in parts]

"""The different texts in each column of any table, for a mapping to begin with."""

from __future__ import annotations

import json
from collections.abc import Iterator

from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import kind_of, opened_table
from formatpicker.batch.readers.source import Lines, Overlong, Source
from formatpicker.batch.suggest_mapping import Seen, add_cell

# Objects of hostile input have a new key in every line.
MOST_COLUMNS = 2_000


def columns_seen(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> dict[str, Seen]:
    """What each column holds, whether its header is known or not.

    Raises:
        InputError: The table cannot be read.
    """
    seen: dict[str, Seen] = {}
    if (kind or kind_of(source)) == "jsonl":
        cells = _objects(Lines(source.text(encoding), source.name))
    else:
        table = opened_table(source, headers, kind, encoding)
        seen = {name: Seen() for name in table.sheet.headers}
        rows = (row for chunk in table.rows() for row in chunk.cells)
        cells = (pair for row in rows for pair in zip(table.sheet.headers, row, strict=False))
    for name, cell in cells:
        if name in seen or len(seen) < MOST_COLUMNS:
            add_cell(headers, name, cell, seen)
    return seen


def _objects(lines: Lines) -> Iterator[tuple[str, object]]:
    """The keys and values of every line that is an object."""
    while True:
        lines.taken.clear()
        try:
            found = json.loads(next(lines).strip("\ufeff \t\r\n"))
        except StopIteration:
            return
        except (Overlong, ValueError, RecursionError):
            continue
        for key, value in found.items() if isinstance(found, dict) else ():
            for each in value if isinstance(value, list) else [value]:
                yield key, each if isinstance(each, str | int | float) else None

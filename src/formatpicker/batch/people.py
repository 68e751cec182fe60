"""The people in a table, one after the other: their answers, and what to call them and their files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from formatpicker.base.text import printable
from formatpicker.batch.readers.source import Table
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers

_MOST_NAME = 50
# What no file may be called on Windows, whatever its ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


class Person(NamedTuple):
    """One row that was accepted: its number, a file name of its own, what to call the person, and the answers."""

    row: int
    file: str
    name: str
    answers: Answers


def people_in(catalog: Catalog, table: Table) -> Iterator[Person | Reject]:
    """A person or a reject for each row. The name is what the first column carried through holds, else the id."""
    scorer = Scorer(catalog, table.sheet)
    taken: set[str] = set()
    for rows in table.rows():
        for found in scorer.records(rows):
            if isinstance(found, Record):
                cells = rows.cells[found.row - rows.first]
                id = "" if found.id is None else str(found.id)
                names = [printable(str(value)) for value in scorer.kept_of(cells)[:1] if value is not None]
                yield Person(
                    found.row, _file_name(id, found.row, taken), names[0] if names else id, scorer.answers(cells)
                )
            else:
                yield found


def _file_name(id: str, row: int, taken: set[str]) -> str:
    """A name for a file on any system, from an id or else from the number of the row."""
    text = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", id)).strip("-._ ")[:_MOST_NAME].rstrip("-._")
    name = found = f"row-{row}" if not text or _RESERVED.fullmatch(text.partition(".")[0]) else text
    number = 1
    while found.casefold() in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found.casefold())
    return found

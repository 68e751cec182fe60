"""The people in a table, one after the other: their answers, and what to call them and their files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from formatpicker.base.text import printable
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Rows
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


def people_in(scorer: Scorer, chunks: Iterable[Rows]) -> Iterator[Person | Reject]:
    """All rows that are accepted, and before each the cells that are not; a row without a person is rejected.

    The name is what the first column carried through holds, else the id.
    """
    taken: set[str] = set()
    for rows in chunks:
        found = scorer.scored(rows)
        both: list[Record | Reject] = [*found.rejects, *found.records]
        for each in sorted(both, key=lambda each: each.row):
            yield each if isinstance(each, Reject) else _person(scorer, rows, each, taken)


def _person(scorer: Scorer, rows: Rows, record: Record, taken: set[str]) -> Person:
    cells = rows.cells[record.row - rows.first]
    id = "" if record.id is None else str(record.id)
    names = [printable(str(value)) for value in scorer.kept_of(cells)[:1] if value is not None]
    answers = scorer.answers(scorer.readable(cells))
    return Person(record.row, _file_name(id, record.row, taken), names[0] if names else id, answers)


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

"""The rows above the data: one header in most tables, three in some survey exports, a row of help in our own sheet."""

from __future__ import annotations

from collections.abc import Sequence

from formatpicker.base.text import canonical
from formatpicker.batch.headers import Headers
from formatpicker.batch.template import is_help

HEADER_ROWS = 3
# What the third header row of a Qualtrics export begins with in every column.
_IMPORT_ID = '{"ImportId"'
# What stands in the second header row of a SurveyMonkey export below a question with one answer.
_RESPONSES = ("response", "open ended response")


def header_of(headers: Headers, rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """The names of the columns, and how many of the first rows are no data.

    Args:
        headers: What headers mean.
        rows: The first three rows, or as many as there are.
    """
    first = [*rows[0]]
    if len(rows) == HEADER_ROWS and any(cell.strip().startswith(_IMPORT_ID) for cell in rows[2]):
        texts = [*rows[1], *[""] * len(first)]
        return [_better(headers, name, text) for name, text in zip(first, texts, strict=False)], HEADER_ROWS
    if len(rows) > 1 and _is_second_header(headers, first, rows[1]):
        return _joined(headers, first, rows[1]), 2
    targets = [headers.target(name) for name in first]
    if len(rows) > 1 and is_help(headers.catalog, targets, rows[1]):
        return first, 2
    return first, 1


def _better(headers: Headers, name: str, text: str) -> str:
    """Of a variable's name and its question's text the one that is known."""
    return text if headers.target(name) is None and headers.target(text) is not None else name


def _is_second_header(headers: Headers, names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row says how each question is answered: in no column of ours may it hold an answer."""
    if not row or row[0].strip() or not any(canonical(cell) in _RESPONSES for cell in row):
        return False
    ours = [(name, cell) for name, cell in zip(names, row, strict=False) if headers.target(name) and cell.strip()]
    return all(canonical(cell) in _RESPONSES or headers.is_goal(name, cell) for name, cell in ours)


def _joined(headers: Headers, names: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of the columns; of a question with a column for each goal, its text stands over the first one only."""
    found: list[str] = []
    over, place = "", 0
    for name, option in zip(names, [*below, *[""] * len(names)], strict=False):
        if name.strip():
            over, place = name, 0
        if headers.is_goal(over, option):
            place += 1
            name = f"{over} {place}"
        found.append(name)
    return found

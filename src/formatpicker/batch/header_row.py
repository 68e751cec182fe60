"""Which row of a table is the header, and the names of the columns in it."""

from __future__ import annotations

from collections.abc import Sequence

from formatpicker.base.text import canonical
from formatpicker.batch.blank_sheet import is_help
from formatpicker.batch.headers import ID, Headers

# The header is looked for in so many rows; with those that may follow it, so many are read before the data.
HEADER_WITHIN = 20
HEADER_ROWS = 3
FIRST_ROWS = HEADER_WITHIN + HEADER_ROWS - 1
# What the third header row of a Qualtrics export begins with in every column.
_IMPORT_ID = '{"ImportId"'
# What stands in the second header row of a SurveyMonkey export below a question with one answer.
_RESPONSES = ("response", "open ended response", "antwort", "réponse")


def header_of(headers: Headers, rows: Sequence[Sequence[str]]) -> tuple[list[str], int, int]:
    """The names of the columns, how many rows stand above them, and how many of the first rows are no data.

    ``rows`` are the first ``FIRST_ROWS``, or as many as there are.
    """
    above = _header_at(headers, rows)
    names, taken = _names(headers, rows[above : above + HEADER_ROWS])
    return names, above, above + taken


def known(headers: Headers, row: Sequence[str]) -> int:
    """How many cells of a row name a question; so many goals alone, two at least, name columns of marks."""
    alone = sum(canonical(cell) in headers.labels for cell in row)
    named = sum(meaning is not None and meaning.key != ID for meaning in map(headers.meaning, row))
    return named + (alone if alone > 1 else 0)


def _header_at(headers: Headers, rows: Sequence[Sequence[str]]) -> int:
    """Which row is the header: the one with most questions; where there is none, the first of full width."""
    looked = rows[:HEADER_WITHIN]
    for at in range(len(looked)):
        if _is_import(rows[at + 2 : at + 3]):
            return at
    counts = [known(headers, row) for row in looked]
    if max(counts):
        at = counts.index(max(counts))
        below = at > 0 and counts[at - 1] > 0 and _is_second_header(headers, looked[at - 1], looked[at])
        return at - below
    if headers.mapped.columns or headers.id_column:
        return 0
    widths = [sum(bool(cell.strip()) for cell in row) for row in looked]
    return widths.index(max(widths)) if headers.lenient else 0


def _is_import(rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and any(cell.strip().startswith(_IMPORT_ID) for cell in rows[0])


def _names(headers: Headers, rows: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    first = [*rows[0]]
    if _is_import(rows[2:3]):
        # Of a variable's name and its question's text the one that is known.
        both = zip(first, [*rows[1], *[""] * len(first)], strict=False)
        names = [text if not headers.meaning(name) and headers.meaning(text) else name for name, text in both]
        return names, HEADER_ROWS
    if len(rows) > 1 and _is_second_header(headers, first, rows[1]):
        return _joined(headers, first, rows[1]), 2
    meanings = [headers.meaning(name) for name in first]
    if len(rows) > 1 and is_help(headers.catalog, meanings, rows[1]):
        return first, 2
    return first, 1


def _is_second_header(headers: Headers, names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row says how each question is answered: in no column of ours may it hold an answer of a person.

    Columns without a header continue the question before them. A row that names two options or more below one question,
    or says "Response" below another, is a header.
    """
    if not row or row[0].strip():
        return False
    over, options, responses = "", 0, 0
    for name, cell in zip(names, row, strict=False):
        continued = not name.strip()
        over = over if continued else name
        if not headers.meaning(over) or not cell.strip():
            continue
        if canonical(cell) in _RESPONSES:
            responses += 1
        elif headers.is_choice(over, cell):
            options += continued
        else:
            return False
    return bool(responses or options)


def _joined(headers: Headers, names: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of the columns; a question with a column for each option stands over the first one only."""
    joined: list[str] = []
    over = ""
    for name, option in zip(names, [*below, *[""] * len(names)], strict=False):
        over = name if name.strip() else over
        joined.append(f"{over} [{option}]" if headers.is_choice(over, option) else name)
    return joined

"""Tables for the tests of readers: read here, told as plain records and rejects."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openpyxl

from formatpicker import Answers, Catalog
from formatpicker.batch.headers import Headers, Mapped
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import Table, opened_source
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Rows


def table_in(
    catalog: Catalog,
    path: Path,
    stack: ExitStack,
    mapped: Mapped = Mapped(),  # noqa: B008  (it is frozen)
    id_column: str | None = None,
    encoding: str | None = None,
    kind: str | None = None,
) -> Table:
    """The table in a file."""
    return opened_table(opened_source(str(path), stack), Headers(catalog, mapped, id_column), kind, encoding)


def rows_in(catalog: Catalog, path: Path, **options: Any) -> tuple[Table, list[Rows]]:
    """A table and all its rows."""
    with ExitStack() as stack:
        table = table_in(catalog, path, stack, **options)
        return table, list(table.rows())


def told(scorer: Scorer, rows: Rows) -> list[Record | Reject]:
    """A record for each row, or the first reject of one that has none, in order."""
    found = scorer.scored(rows)
    firsts: dict[int, Record | Reject] = {each.row: each for each in found.records}
    for each in found.rejects:
        firsts.setdefault(each.row, each)
    return [firsts[row] for row in sorted(firsts)]


def scored(catalog: Catalog, path: Path, **options: Any) -> list[Record | Reject]:
    """What becomes of each row of a table."""
    table, chunks = rows_in(catalog, path, **options)
    scorer = Scorer(catalog, table.sheet)
    return [each for rows in chunks for each in told(scorer, rows)]


def answers_in(catalog: Catalog, path: Path, **options: Any) -> list[tuple[Any, Answers]]:
    """The id and the answers of each row, none of which may be malformed."""
    table, chunks = rows_in(catalog, path, **options)
    scorer = Scorer(catalog, table.sheet)
    assert [rows.malformed for rows in chunks if rows.malformed] == []
    return [(scorer.id_of(cells), scorer.answers(cells)) for rows in chunks for cells in rows.cells]


def workbook_of(rows: Iterable[Sequence[object]], path: Path) -> Path:
    """A workbook with one sheet, as a spreadsheet program writes it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def bytes_of(book: Any) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()

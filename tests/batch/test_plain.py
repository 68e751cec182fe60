"""Tables that are split are read as the ``csv`` module reads them, and most tables are split."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formatpicker import Catalog
from formatpicker.batch.readers import csv as delimited
from formatpicker.batch.readers.plain import PlainRows, plain_text
from tabular import table_in

# The first rows are looked at for a second header, and never split.
HEAD = "id,weeks,pay\nx,1,\ny,2,\n"
SPLIT = {
    "plain cells": "a,4,required\nb,,\n",
    "quoted cells": 'a,"4","must, or not"\n"b","",""\n',
    "a quoted cell with a delimiter alone": 'a,4,","\n',
    "both line ends": "a,4,required\r\nb,,\n",
    "no last line end": 'a,4,"required"',
    "rows that are too short": "a,4\nb,4,required,x\n",
}
LOOKED_AT = {
    "a doubled quotation mark": 'a,4,"so ""called"""\n',
    "a quotation mark within a cell": 'a,4,5" wide\n',
    "a quotation mark after a space": 'a,4, "required"\n',
    "text after a quotation mark": 'a,4,"required" \n',
    "a quotation mark that is not closed": 'a,4,"required\n',
    "a line break within a cell": 'a,4,"required\n"\n',
    "a quoted cell that looks like the end of another": 'a,4",b\n"c,d\n',
    "a blank line": "a,4,required\n\nb,,\n",
    "a blank first line": "\na,4,required\n",
    "a line end of its own kind": "a,4,required\rb,,\n",
    "what stands between cells": "a,4\x1f,required\n",
    "a zero": "a,4\0,required\n",
    "a cell longer than the csv module takes": "a,4," + "x" * csv.field_size_limit() + "y\n",
}


@pytest.mark.parametrize("case", SPLIT)
def test_most_tables_are_split(case: str) -> None:
    text = plain_text(SPLIT[case], ",")
    assert text is not None
    rows = PlainRows(1, 2, text.count("\n"), 3, text).parsed()
    found = [row if row else None for row in map(list, rows.cells)]
    expected = list(csv.reader(io.StringIO(SPLIT[case], newline=""), strict=True))
    assert found == [row if len(row) == 3 else None for row in expected]
    assert sorted(rows.malformed) == [at for at, row in enumerate(expected) if len(row) != 3]
    assert [*(rows.lines or ())] == [*range(2, 2 + len(expected))]


@pytest.mark.parametrize("case", LOOKED_AT)
def test_what_is_more_than_splitting_is_looked_at(case: str) -> None:
    assert plain_text(LOOKED_AT[case], ",") is None


Told = tuple[list[Any], list[int], dict[int, str]]


def rows_of(catalog: Catalog, path: Path) -> Told:
    """All rows of a table, their lines, and what is malformed by the number of the row."""
    cells: list[Any] = []
    lines: list[int] = []
    malformed: dict[int, str] = {}
    with ExitStack() as stack:
        for chunk in table_in(catalog, path, stack, encoding="utf-8").chunks():
            rows = chunk.parsed()
            assert rows.first == len(cells) + 1
            cells += map(list, rows.cells)
            lines += rows.lines or []
            malformed |= {rows.first + offset: problem for offset, problem in rows.malformed.items()}
    return cells, lines, malformed


PIECES = st.sampled_from([*'a4,",\n', "\r", "\r\n", '","', '"\n"', " ", "\0", "\x1f", "ä"])
BODIES = st.lists(PIECES, max_size=40).map("".join)


@given(
    st.lists(BODIES, min_size=1, max_size=5).map("\n".join),
    st.sampled_from([1, 7, 300_000]),
    st.sampled_from([1, 2, 5_000]),
)
@example('a,4",b\n"c,d\n', 300_000, 5_000)
@example("a,1,\n\n\nb,2,\nc,3\n", 7, 1)
@example('a,1,"x\n",\nb,2,\nc,3,\n', 7, 5_000)
def test_split_or_looked_at_the_rows_are_the_same(
    shipped: Catalog, tmp_path_factory: pytest.TempPathFactory, body: str, block: int, lines: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.csv"
    path.write_bytes((HEAD + body).encode())
    source = "formatpicker.batch.readers.source"
    with mock.patch(f"{source}.BLOCK", block), mock.patch(f"{source}.BLOCK_LINES", lines):
        found = rows_of(shipped, path)
    with mock.patch.object(delimited, "plain_text", return_value=None):
        assert rows_of(shipped, path) == found

"""Rows of text: every row becomes one record or one reject, in order, and each reject tells its true row and line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formatpicker import Catalog
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.lines import MOST_LINE, MOST_LINES
from formatpicker.batch.readers.source import Source, Watched
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.errors import InputError
from running import COMMAND, environment, run, run_here
from tabular import told

Told = tuple[int, int | None, str | None, str | None]


def outcomes(catalog: Catalog, data: bytes, kind: str | None = None, name: str = "a.csv") -> list[Record | Reject]:
    """What becomes of each row of some bytes."""
    watched = Watched(data[:65_536], io.BytesIO(data[65_536:]))
    source = Source(name, name, data[:65_536], io.BufferedReader(watched), watched, len(data))
    table = opened_table(source, Headers(catalog), kind, None)
    scorer = Scorer(catalog, table.sheet)
    return [each for rows in table.rows() for each in told(scorer, rows)]


def rejected(found: list[Record | Reject]) -> list[Told]:
    """Row, line, column and value of each reject."""
    return [(each.row, each.line, each.column, each.value) for each in found if isinstance(each, Reject)]


# --- tables that are well --------------------------------------------------------------------------------------------

GOOD = "id,weeks,pay\na,4,required\nb,2 years,\n"
ENCODINGS = {
    "plain": GOOD.encode(),
    "byte-order mark": GOOD.encode("utf-8-sig"),
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + GOOD.encode("utf-16-be"),
    "UTF-16 without mark": GOOD.encode("utf-16-le"),
    "UTF-32": GOOD.encode("utf-32"),
    "semicolons": GOOD.replace(",", ";").encode(),
    "tabs": GOOD.replace(",", "\t").encode(),
    "carriage returns": GOOD.replace("\n", "\r").encode(),
    "both line ends": GOOD.replace("\n", "\r\n").encode(),
    "no last line end": GOOD.rstrip("\n").encode(),
    "semicolons below a blank line": b"\n" + GOOD.replace(",", ";").encode(),
    "quotes": b'"id","weeks","pay"\n"a","4","required"\n"b","2 years",""\n',
    "blank lines": b"\n\nid,weeks,pay\n\na,4,required\n\n\nb,2 years,\n\n",
    "empty cells at the end": b"id,weeks,pay\na,4,required,,\nb,2 years,,,\n",
    "cells missing at the end": b"id,weeks,pay\na,4,required\nb,2 years\n",
    "bars": GOOD.replace(",", "|").encode(),
    "rows of nothing": b"id,weeks,pay\n,,\na,4,required\n , ,\nb,2 years,\n,,\n",
    "titles above": b"Intake 2026\n\nExported on Monday,,\nid,weeks,pay\na,4,required\nb,2 years,\n",
    "a total below": b"id,weeks,pay\na,4,required\nb,2 years,\nAverage,28,\nTotal:,2,\n",
    "an array of objects": b'[{"id": "a", "weeks": 4, "pay": "required"},\n {"id": "b", "weeks": "2 years"}]',
    "objects over lines": b'{\n "id": "a",\n "weeks": 4,\n "pay": "required"\n}\n{\n"id": "b", "weeks": "2 years"\n}',
    "an array in an object": b'{"count": 2, "results": [{"id": "a", "weeks": 4, "pay": "required"},'
    b' {"id": "b", "weeks": "2 years"}]}',
    "objects that hold arrays": b'{"id": "a", "weeks": 4, "pay": "required", "files": [{"x": 1}]}\n'
    b'{"id": "b", "weeks": "2 years", "files": [{"x": 2}, {"x": 3}]}',
    "an array deep inside": b'{"data": {"n": 2, "rows": [{"id": "a", "weeks": 4, "pay": "required"},'
    b' {"id": "b", "weeks": "2 years"}]}}',
    "other columns": b"Name,id,weeks,x,pay,\nA,a,4,,required,1\nB,b,2 years,\xc3\xa4,,2\n",
    "lines of objects": b'{"id": "a", "weeks": 4, "pay": "required"}\n\n{"id": "b", "weeks": "2 years", "x": [1]}\n',
    "objects with a mark": b'\xef\xbb\xbf{"id": "a", "weeks": 4, "pay": "required"}\r\n{"id": "b", "weeks": "2 years"}',
}


@pytest.mark.parametrize("kind", ENCODINGS)
def test_the_same_table_gives_the_same_records(shipped: Catalog, kind: str) -> None:
    found = outcomes(shipped, ENCODINGS[kind], name="-")
    assert found == outcomes(shipped, ENCODINGS["plain"])


def test_a_cell_may_hold_line_ends_and_quotes(shipped: Catalog) -> None:
    data = b'id,note,weeks\na,"two\nlines, and a ""quote""",4\nb,"x\r\n\r\ny",nonsense\nc,,never\n'
    found = outcomes(shipped, data)
    # b begins on line 4 and ends on line 6.
    assert rejected(found) == [(2, 4, "weeks", "nonsense"), (3, 7, "weeks", "never")]


def test_two_hundred_columns_are_read(shipped: Catalog) -> None:
    header, row = ",".join(f"c{n}" for n in range(199)), ",".join("x" * 199)
    [found] = outcomes(shipped, f"weeks,{header}\n4,{row}\n".encode())
    assert isinstance(found, Record)


def test_a_header_alone_is_nobody(shipped: Catalog) -> None:
    assert outcomes(shipped, b"id,weeks") == []


# --- rows at fault ---------------------------------------------------------------------------------------------------

FAULTY: dict[str, tuple[bytes, list[Told]]] = {
    "too many cells": (b"id,weeks\na,4,5\nb,4\n", [(1, 2, None, None)]),
    "an unclosed quote": (b'id,weeks\na,4\nb,"4\nc,4\nd,never\n', [(2, 3, None, None), (4, 5, "weeks", "never")]),
    "an unclosed quote at the end": (b'id,weeks\na,4\nb,"', [(2, 3, None, None)]),
    "text behind a quote": (b'id,weeks\na,"4"x\nb,4\n', [(1, 2, "weeks", "4x")]),
    "a delimiter behind a quote": (b'id,weeks\na,"4", "x, y"\nb,4\n', [(1, 2, None, None)]),
    "a NUL in an answer": (b"id,weeks\na,4\x00\nb,4\n", [(1, 2, "weeks", "4\x00")]),
    "bad UTF-8 in an answer": (b"id,n,weeks\na,\xc3\xa4,4\nb,,4\xff\n", [(2, 3, "weeks", "4?")]),
    "bad UTF-8 elsewhere": (b"id,n,weeks\na,\xc3\xa4,4\nb,\xff,4\n", []),
    "not a number": (b"id,weeks\na,NaN\nb,inf\n", [(1, 2, "weeks", "NaN"), (2, 3, "weeks", "inf")]),
    "a huge number": (b"id,weeks\na," + b"9" * 5_000 + b"\nb,4\n", [(1, 2, "weeks", "9" * 2_000)]),
    "a long line": (
        b"id,weeks\na,4\nb," + b"x" * (MOST_LINE + 5) + b"\nc,never\n",
        [(2, 3, None, None), (3, 4, "weeks", "never")],
    ),
    "a long line behind an unclosed quote": (
        b'id,weeks\na,4\nb,"4\nc,4\nd,' + b"x" * (3 * MOST_LINE) + b"\ne,never\n",
        [(2, 3, None, None), (4, 5, None, None), (5, 6, "weeks", "never")],
    ),
    "a long line where a row has the most lines": (
        b'id,weeks\na,4\nb,"' + b"4\n" * MOST_LINES + b"x" * (3 * MOST_LINE) + b"\ne,never\n",
        # Each line between holds the id of somebody who answered nothing.
        [
            (2, 3, None, None),
            (MOST_LINES + 2, MOST_LINES + 3, None, None),
            (MOST_LINES + 3, MOST_LINES + 4, "weeks", "never"),
        ],
    ),
    "a long line at the end of a block": (
        b"id,weeks\n" + b"a,4\n" * 10 + b"b," + b"," * (MOST_LINE + 100_000) + b"\nc,never\n",
        [(11, 12, None, None), (12, 13, "weeks", "never")],
    ),
    "an array that is cut off": (b'[{"weeks": 4},\n{"weeks": 5}', [(3, 2, None, None)]),
    "two equal keys": (b'{"weeks": 4, "weeks": 5}\n{"weeks": 4}\n', [(1, 1, None, None)]),
    "two spellings of a key": (b'{"hours_per_week": 4, "hours per week": 5}\n', [(1, 1, None, None)]),
    "NaN in an object": (b'{"weeks": NaN}\n{"weeks": Infinity}\n', [(1, 1, None, None), (2, 2, None, None)]),
    "no object": (b'{"weeks": 4}\n[1]\n"x"\n7\nnull\n', [(row, row, None, None) for row in range(2, 6)]),
    "deep nesting": (b'{"weeks": ' + b"[" * 100_000 + b"\n" + b'{"weeks": 4}\n', [(1, 1, None, None)]),
    "a huge whole number": (b'{"weeks": ' + b"9" * 400 + b'}\n{"age": 20}\n', [(1, 1, "weeks", "9" * 400)]),
    "a whole number of many digits": (b'{"weeks": ' + b"9" * 5_000 + b'}\n{"age": 20}\n', [(1, 1, None, None)]),
    "a line that is cut off": (b'{"weeks": 4}\n{"weeks": ', [(2, 2, None, None)]),
    "true and lists": (
        b'{"weeks": true}\n{"pay": ["required"]}\n{"goals": ["explore"]}\n',
        [(1, 1, "weeks", "true"), (2, 2, "pay", '["required"]')],
    ),
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_row_at_fault_is_told_with_its_row_and_line(shipped: Catalog, kind: str) -> None:
    data, expected = FAULTY[kind]
    found = outcomes(shipped, data, name="-")
    assert rejected(found) == expected
    assert [each.row for each in found] == [*range(1, len(found) + 1)]
    assert all(each.error for each in found if isinstance(each, Reject))


def test_a_row_takes_no_more_lines_than_rows_need(shipped: Catalog) -> None:
    """Each of these lines opens a quotation mark that the next one closes; all together would be one row."""
    lines = MOST_LINES + 10
    found = outcomes(shipped, b"id,weeks\na,4\n" + b'b","4\n' * lines + b"c,never\n")
    assert [each.row for each in found] == [*range(1, lines + 3)]
    told = [each for each in found if isinstance(each, Reject)]
    assert [each.line for each in told] == [*range(3, lines + 4)]
    assert "not closed within 2,000 lines" in told[0].error
    assert told[-1].value == "never"


REFUSED = {
    "nothing": (b"", "is empty"),
    "nothing known": (b"name,score\nA,1\n", "no column holds an answer"),
    "a header with an open quote": (b'"id,weeks\na,4\n', "the first row must name the columns"),
    "a picture": (bytes(range(256)), "is no text, and no workbook"),
    "a web page": (b"<html><table><tr><td>weeks</td></tr></table>", "is a web page or XML and no table"),
    "a person in JSON above the header": (b'{"goals": "explore"}\nid,weeks\na,4\n', "is a JSON object in a table"),
    "one with commas": (b'{"goals": "explore", "weeks": 3}\nid,weeks\na,4\n', "is a JSON object in a table"),
    "columns called JSON": (b"id,weeks\na,4\n", "names columns, as CSV does"),
    "no key known": (b'{"fee": "x"}\n{"fee": "y"}\n', "none of 'fee' is a question; `batch --suggest-map`"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_table_that_cannot_be_read_is_one_message(tmp_path: Path, kind: str) -> None:
    data, words = REFUSED[kind]
    path = tmp_path / ("a.jsonl" if kind in ("no key known", "columns called JSON") else "a.csv")
    path.write_bytes(data)
    done = run_here("batch", str(path))
    assert (done.code, done.out) == (2, b"")
    [line] = done.message.splitlines()
    assert words in line


def test_a_header_in_windows_1252_is_told_before_what_was_not_found_in_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Was möchtest du erreichen?;weeks\nGeld;4\n".encode("windows-1252"))
    told = run_here("batch", str(path)).message
    assert told.index("WARNING: the header holds bytes that are no UTF-8") < told.index("WARNING: goals were not found")


def test_windows_1252_is_read_on_request_and_hinted_at_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,weeks\nJörg,4\nAnn,4\n".encode("windows-1252"))
    done = run_here("batch", str(path))
    assert done.code == 1
    assert [json.loads(line)["id"] for line in done.text.splitlines()] == ["Ann"]
    assert "row 1 (line 2), column 'id': 'J?rg': id: holds bytes that are no UTF-8" in done.message
    assert "--encoding windows-1252" in done.message
    named = run_here("batch", str(path), "--encoding", "windows-1252")
    assert [json.loads(line)["id"] for line in named.text.splitlines()] == ["Jörg", "Ann"]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx"])
def test_half_a_character_in_an_id_is_a_reject(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "\\ud800", "weeks": 4}\n{"id": "b", "weeks": 4}\n')
    done = run_here("batch", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / f"out.{kind}"))
    assert done.code == 1
    assert "2 rows read: 1 accepted, 1 rejected." in done.message


def test_a_line_of_50_million_characters_takes_little_memory(tmp_path: Path) -> None:
    small, large = (_most_memory(tmp_path, size) for size in (100_000, 50_000_000))
    # The line alone is 50 MB; what may grow is a block of some megabytes and its buffers.
    assert large - small < 40_000


def _most_memory(folder: Path, size: int) -> int:
    """Kilobytes that a run needs at most for a table whose second row is so long."""
    path = folder / f"{size}.csv"
    with path.open("wb") as stream:
        stream.write(b"id,weeks\na,4\nb,")
        for _ in range(size // 1_000):
            stream.write(b"x" * 1_000)
        stream.write(b"\nc,4\n")
    measure = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL); print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", measure, *COMMAND, "batch", str(path)]
    code, memory = subprocess.check_output(command, env=environment()).split()
    assert int(code) == 1
    return int(memory) // (1024 if sys.platform == "darwin" else 1)


# --- anything at all -------------------------------------------------------------------------------------------------

BITS = st.sampled_from(
    [
        *[b"id,weeks,pay\n", b"weeks\n", b"a,4,required\n", b"goals", b"explore", b"-1e999", b"sep=;\n", b"4", b" "],
        *[b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a"],
        *[
            b'{"weeks": 4}\n',
            b'{"id": "a"',
            b"}",
            b"[",
            b"\\ud800",
            b'{""ImportId"":""QID1""}',
            b"Response",
            b"PK\x03\x04",
        ],
    ]
)
BYTES = st.one_of(st.binary(max_size=200), st.lists(BITS, max_size=30).map(b"".join))


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", None])
@given(data=BYTES)
@example(data=b'weeks\n"\n\n""\n')
@example(data=b'weeks\r"\r')
def test_any_bytes_are_rows_in_order_or_one_message(shipped: Catalog, kind: str | None, data: bytes) -> None:
    with suppress(InputError):
        found = outcomes(shipped, data, kind, name="-")
        assert [each.row for each in found] == [*range(1, len(found) + 1)]
        lines = [each.line for each in found if isinstance(each, Reject) and each.line is not None]
        assert lines == sorted(set(lines))


@given(st.lists(st.tuples(st.sampled_from(["4", "never", '"4"', '"a\nb"', "2 years", "", '"x""y"']), st.booleans())))
def test_every_reject_stands_where_it_is_told(shipped: Catalog, rows: list[tuple[str, bool]]) -> None:
    text, expected, line = "id,weeks\n", [], 2
    for number, (cell, blank) in enumerate(rows, 1):
        if blank:
            text, line = text + "\n", line + 1
        text += f"r,{cell}\n"
        if cell in ("never", '"a\nb"', '"x""y"'):
            expected.append((number, line))
        line += 1 + cell.count("\n")
    found = outcomes(shipped, text.encode())
    assert [(row, line) for row, line, _, _ in rejected(found)] == expected
    assert len(found) == len(rows)


def test_rows_come_through_a_pipe_as_from_a_file(tmp_path: Path) -> None:
    data, _ = FAULTY["an unclosed quote"]
    (tmp_path / "a.csv").write_bytes(data)
    from_file, piped = run("batch", str(tmp_path / "a.csv")), run("batch", "-", stdin=data)
    assert (from_file.code, from_file.out, from_file.err) == (piped.code, piped.out, piped.err)

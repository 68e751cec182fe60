"""Previews, unfinished rows and repeats: told, and left out where that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from exports import qualtrics, text
from running import Ended, run_here

ROWS = "Email,Status,Finished,weeks\n" + "".join(
    f"{mail},{status},{finished},{weeks}\n"
    for mail, status, finished, weeks in (
        ("a@x.org", "IP Address", "True", 4),
        ("b@x.org", "Survey Preview", "True", 5),
        ("A@x.org ", "IP Address", "True", 6),
        ("b@x.org", "IP Address", "False", 7),
        ("", "IP Address", "True", 8),
        ("", "Survey Test", "False", 9),
        ("c@x.org", "IP Address", "True", "soon"),
    )
)


def batch(table: str | bytes, *options: str) -> Ended:
    data = table.encode() if isinstance(table, str) else table
    return run_here("batch", "-", "--keep", "weeks", "--fields", "row", *options, stdin=data)


def weeks(done: Ended) -> list[str]:
    return [str(json.loads(line)["weeks"]) for line in done.text.splitlines()]


def test_previews_and_unfinished_rows_are_told_and_read() -> None:
    done = batch(ROWS)
    assert weeks(done) == ["4", "5", "6", "7", "8", "9"]
    # The test is unfinished as well, and counts as a test.
    assert "2 previews and 1 unfinished row were read as well (--only-finished leaves them out)" in done.message
    assert "preview" not in batch("Email,weeks\na,4\n").message


def test_only_finished_leaves_them_out() -> None:
    done = batch(ROWS, "--only-finished")
    assert weeks(done) == ["4", "6", "8"]
    # Rows are counted anew; a line is still that of the file.
    assert [json.loads(line)["row"] for line in done.text.splitlines()] == [1, 2, 3]
    assert "row 4 (line 8)" in done.message
    assert "2 previews and 1 unfinished row were left out" in done.message
    assert "4 rows read: 3 accepted, 1 rejected" in done.message


def test_of_the_same_person_the_last_row_counts() -> None:
    done = batch(ROWS, "--last-of", "email")
    # Capitals and spaces make no other person, and who left no address is somebody else each time.
    assert weeks(done) == ["6", "7", "8", "9"]
    assert "2 rows were left out for a later one of the same person" in done.message
    # The last finished one, where both are asked for.
    assert weeks(batch(ROWS, "--last-of", "Email", "--only-finished")) == ["6", "8"]
    assert batch(ROWS, "--last-of", "Mail").code == 2


def test_repeats_are_told_with_the_option_that_helps() -> None:
    done = batch("id,weeks\na,4\na,5\n")
    assert "1 row has an id that came before; all are kept: 'a' (row 2). --last-of COLUMN" in done.message


@pytest.mark.parametrize(
    ("header", "finished", "other", "told"),
    [
        ("Status", "Complete", "Partial", "1 unfinished row"),
        ("submitdate", "2026-11-21 10:12:13", "", "1 unfinished row"),
        ("Completion time", "2026-11-21 10:12:13", "", "1 unfinished row"),
        ("intake_complete", "Complete", "Incomplete", "1 unfinished row"),
        ("Complete?", "2", "0", "1 unfinished row"),
        ("Response Type", "completed", "started", "1 unfinished row"),
        ("ResponseId,Status", "R_1,0", "R_2,1", "1 preview"),
    ],
)
def test_what_survey_tools_call_it(header: str, finished: str, other: str, told: str) -> None:
    table = f"{header},weeks\n{finished},4\n{other},5\n"
    assert f"{told} was read as well" in batch(table).message
    assert weeks(batch(table, "--only-finished")) == ["4"]


def test_a_column_of_another_meaning_is_let_alone() -> None:
    done = batch("Status,weeks\nenrolled,4\n1,5\nleft,6\n", "--only-finished")
    assert weeks(done) == ["4", "5", "6"]


def test_the_export_of_qualtrics_tells_its_previews() -> None:
    rows = qualtrics()
    at = rows[0].index("Status")
    rows[3][at] = "Survey Preview"
    data = text(rows, end="\n").encode("utf-8-sig")
    done = run_here("batch", "-", "--only-finished", stdin=data)
    assert "1 preview was left out" in done.message
    assert "2 rows read" in done.message


def test_workbooks_and_lines_of_json_and_long_tables_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Email", "Finished", "weeks"], ["a", True, 4], ["b", False, 5], ["a", True, 6]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    done = run_here("batch", str(tmp_path / "a.xlsx"), "--only-finished", "--last-of", "Email", "--fields", "row")
    assert done.text.splitlines() == ['{"row": 1}']
    lines = "".join(json.dumps({"id": f"p{at % 5}", "weeks": at % 50 + 1}) + "\n" for at in range(4_000))
    done = batch(lines, "--last-of", "id")
    assert [json.loads(line)["row"] for line in done.text.splitlines()] == [1, 2, 3, 4, 5]
    assert "3,995 rows were left out for a later one of the same person" in done.message

"""The lines that close a run over many people."""

from __future__ import annotations

from collections import Counter

import pytest

from formatpicker import Catalog
from formatpicker.batch.records import Reject
from formatpicker.batch.tally import Tally
from formatpicker.output.text.batch_words import closing_lines, rows_line

# 1,000 + 150 + 30 alone, 8 tied, 10 without a top: 1,198 accepted; 7 of the 10 have nothing open, so 3 are undecided.
TOPS = {("short",): 1000, ("long",): 150, ("middle",): 30, ("long", "short"): 8, (): 10}


def test_the_lines_say_what_came_out(toy: Catalog) -> None:
    tally = Tally(accepted=1198, rejected=6, infeasible=7, tops=Counter(TOPS))
    assert closing_lines(toy, tally, "rejects.jsonl") == [
        "  1,008  Short comes first",  # 1,000 + 8
        "     30  Middle comes first",
        "    158  Long comes first",  # 150 + 8
        "      8  Several formats share the first place (counted at each of them)",
        "      7  No format is open: some answer rules out each one",
        "      3  No result: no answer tells the formats apart",
        "1,204 rows read: 1,198 accepted, 6 rejected (see rejects.jsonl).",
    ]


def test_what_nobody_has_is_left_out_but_for_formats(toy: Catalog) -> None:
    assert closing_lines(toy, Tally(accepted=2, tops=Counter({("short",): 2}))) == [
        "  2  Short comes first",
        "  0  Middle comes first",
        "  0  Long comes first",
        "2 rows read: 2 accepted, 0 rejected.",
    ]


@pytest.mark.parametrize(
    ("accepted", "rejected", "file", "line"),
    [
        (0, 0, None, "0 rows read: 0 accepted, 0 rejected."),
        (1, 0, "bad.jsonl", "1 row read: 1 accepted, 0 rejected."),
        (0, 3, None, "3 rows read: 0 accepted, 3 rejected."),
        (1_000_000, 1, "bad.jsonl", "1,000,001 rows read: 1,000,000 accepted, 1 rejected (see bad.jsonl)."),
    ],
)
def test_the_last_line_counts_the_rows(accepted: int, rejected: int, file: str | None, line: str) -> None:
    assert rows_line(Tally(accepted, rejected), file) == line


def test_the_most_frequent_faults_are_told_with_their_advice_once_and_the_summary_stands_last(toy: Catalog) -> None:
    known = "not a known answer (known: required, preferred, not_needed)"
    tally = Tally(rejected=16)
    rejects = [Reject(row, row + 1, None, "wage", f"text {row}", f"wage: {known}", "wage") for row in range(1, 14)]
    rejects += [
        Reject(row, row + 1, None, "weeks", "ever", "weeks: no; did you mean '1 year'?", "weeks")
        for row in range(14, 17)
    ]
    tally.troubles.take(toy, rejects)
    lines = closing_lines(toy, tally)
    # 1 group of 3 rows and 13 of one row: 10 are told, and 4 are left.
    assert lines[:3] == [
        "3 rows (14, 15, 16), column 'weeks': 'ever': weeks: no; did you mean '1 year'?",
        f"row 1 (line 2), column 'wage': 'text 1': wage: {known}",
        "row 2 (line 3), column 'wage': 'text 2': wage: not a known answer",
    ]
    assert lines[10:12] == [
        "and 4 more faults (batch --rejects FILE writes every one)",
        "16 rows read: 0 accepted, 16 rejected.",
    ]
    assert lines[-1].startswith("To lose fewer: ")


def test_without_a_person_there_is_only_the_last_line(toy: Catalog) -> None:
    assert closing_lines(toy, Tally(rejected=3)) == ["3 rows read: 0 accepted, 3 rejected."]

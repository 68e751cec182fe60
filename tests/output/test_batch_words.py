"""The lines that close a run over many people."""

from __future__ import annotations

from collections import Counter

import pytest

from formatpicker import Catalog
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


def test_without_a_person_there_is_only_the_last_line(toy: Catalog) -> None:
    assert closing_lines(toy, Tally(rejected=3)) == ["3 rows read: 0 accepted, 3 rejected."]

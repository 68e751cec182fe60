"""A cohort through a form, with the mess that people leave in one: how many are read, with and without --leave-open.

Goals are ticked in the order of the form, some people tick more than count; what is typed comes with units, in words,
as ranges and guesses; rows end early, rows of nothing and a total stand between them, and titles above. The same seed
gives the same table.

    .venv/bin/python benchmarks/messy.py --check
    .venv/bin/python benchmarks/messy.py --write messy.csv
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from formatpicker import Catalog, load_catalog
from formatpicker.catalog.criteria import AnswerKind, Question

PEOPLE = 300
# Shares of typed cells that are untidy.
SHARES = (0.02, 0.05, 0.10)
# What must be read at the middle one, without and with --leave-open.
LEAST, LEAST_OPEN = 0.90, 1.0
_OPEN = 0.15
# As people type it: what anybody can read for sure, and what nobody can.
_TIDY = {
    AnswerKind.DURATION: ("6 weeks", "8", "3 months", "1 year", "10 weeks", "2 months", "12"),
    AnswerKind.NUMBER: ("10", "15", "20", "12", "8", "18", "25"),
}
_UNTIDY = {
    AnswerKind.DURATION: (
        "3 Months", "six weeks", "1 year, 6 months", "half a year", "8 wks", "2 mo.", "a semester", "n/a", "summer",
        "4-6 weeks", "~3 months", "depends", "4 weeks or 8 weeks", "as long as it takes",
    ),
    AnswerKind.NUMBER: (
        "10 hrs", "10 hours per week", "10 hours/week", "20 hr", "20 h/week", "ten", "15.", "N/A", "12,5",
        "~20", "up to 20", "40 (full time)", "10-15", "03-Apr",
    ),
}  # fmt: skip
_TIDY_YEARS = ("18", "20", "21", "23")
_UNTIDY_YEARS = ("20 years", "21 yrs", "nineteen", "22.", "20 years old", "n/a", "prefer not to say", "20ish", "2004")


def cell(question: Question, untidy: float, dice: random.Random) -> str:
    """What one person answers to a question."""
    if dice.random() < _OPEN:
        return ""
    if question.goals:
        ticked = sorted(dice.sample(range(len(question.goals)), dice.choice((1, 2, 2, 3, 3, 3, 4, 5, 6))))
        return ", ".join(question.goals[at].label for at in ticked)
    if question.options:
        return dice.choice(question.options).label
    if dice.random() >= untidy:
        return (
            dice.choice(("18", "20", "21", "23")) if question.unit == "years" else dice.choice(_TIDY[question.answer])
        )
    return dice.choice(_UNTIDY_YEARS if question.unit == "years" else _UNTIDY[question.answer])


def table(catalog: Catalog, untidy: float, seed: int = 1) -> str:
    """The table as CSV."""
    dice = random.Random(seed)
    questions = [*catalog.questions.values()]
    rows: list[list[str]] = [["Career Center Intake"], ["Exported 21 Nov 2026"], []]
    rows.append(["Timestamp", "Email Address", *(f"{question.text} " for question in questions)])
    for number in range(PEOPLE):
        stamp = f"2026/11/{1 + number % 20:02} 9:{number % 60:02}:00 AM"
        row = [stamp, f"s{number}@example.org", *(cell(question, untidy, dice) for question in questions)]
        while dice.random() < 0.1 and len(row) > 3 and not row[-1]:
            row.pop()
        rows.append(row)
        if dice.random() < 0.02:
            rows.append([""] * len(rows[3]))
    rows.append(["Total", str(PEOPLE)])
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def accepted(path: Path, *options: str) -> tuple[int, int]:
    """How many rows ``batch`` reads, and how many it accepts."""
    command = [sys.executable, "-m", "formatpicker", "batch", str(path), "--rejects", str(path) + ".rejects", *options]
    done = subprocess.run([*command, "-o", str(path) + ".jsonl"], capture_output=True, text=True, check=False)
    match = re.search(r"([\d,]+) rows? read: ([\d,]+) accepted", done.stderr)
    if match is None:
        raise SystemExit(done.stderr)
    return int(match[1].replace(",", "")), int(match[2].replace(",", ""))


def first_places(path: Path, *options: str) -> list[object]:
    """What comes first for each person."""
    accepted(path, "--leave-open", *options)
    return [json.loads(line)["top"] for line in Path(str(path) + ".jsonl").read_text("utf-8").splitlines()]


def measured(catalog: Catalog, folder: Path) -> bool:
    """Print the figures; whether those of the middle share are good enough."""
    enough = True
    for share in SHARES:
        path = folder / f"messy-{share}.csv"
        path.write_text(table(catalog, share), "utf-8", newline="")
        (rows, whole), (_, left_open) = accepted(path), accepted(path, "--leave-open")
        print(f"{share:4.0%} of typed cells untidy: {rows} rows, {whole} read, {left_open} with --leave-open")
        if share == SHARES[1]:
            enough = whole >= LEAST * rows and left_open >= LEAST_OPEN * rows and rows == PEOPLE
            ranked, equal = first_places(path), first_places(path, "--goals", "equal")
            changed = sum(one != other for one, other in zip(ranked, equal, strict=True))
            print(f"     ticked goals as a ranking change the first place of {changed} of {rows}")
    return enough


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one table, or print how much of several is read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="FILE", help="write one table and nothing else")
    parser.add_argument(
        "--check", action="store_true", help=f"fail below {LEAST:.0%}, {LEAST_OPEN:.0%} with --leave-open"
    )
    given = parser.parse_args(arguments)
    catalog = load_catalog(None)
    if given.write:
        Path(given.write).write_text(table(catalog, SHARES[1]), "utf-8", newline="")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        enough = measured(catalog, Path(folder))
    return 1 if given.check and not enough else 0


if __name__ == "__main__":
    raise SystemExit(main())

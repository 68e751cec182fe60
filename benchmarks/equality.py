"""Random rows, held against each other: one by one as ``recommend`` says, by rows as ``batch`` does, and by columns.

Some of the cells are no answers, so that rejects are compared as well. Needs ``formatpicker[arrow]``.

    PYTHONPATH=tests .venv/bin/python benchmarks/equality.py --rows 100000 --check
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pyarrow as pa

from formatpicker import AnswerError, load_catalog, parse_answers, recommend
from formatpicker.batch.arrow import score_table
from formatpicker.batch.headers import ID, Headers
from formatpicker.batch.records import FIELDS, LISTS, Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import written_answers
from plain_records import record_of

CHUNK = 2_000
# In so many of a thousand cells stands something that is no answer, or blanks.
_NO_ANSWER = 5
_STRAY = ("banana", "-1", "99999999", " ", "skip", "explore: 9", "[1]", "required or not")


def cohort(seed: str, count: int) -> list[dict[str, str]]:
    """People of the shipped catalog, in the texts that cells hold."""
    catalog, draw = load_catalog(), random.Random(seed)
    rows = []
    for answers in random_people(catalog, count, seed):
        row = {key: text_of(value) for key, value in written_answers(catalog, answers).items()}
        for id in catalog.questions:
            if draw.randrange(1000) < _NO_ANSWER:
                row[id] = draw.choice(_STRAY)
        rows.append(row)
    return rows


def text_of(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{goal}: {importance}" for goal, importance in value.items())
    return str(value)


def one_by_one(rows: list[dict[str, str]]) -> Iterator[Record | None]:
    """What ``recommend`` says of each row; None where it refuses an answer."""
    catalog = load_catalog()
    for number, row in enumerate(rows, 1):
        try:
            yield record_of(recommend(catalog, parse_answers(catalog, row)), f"p{number}", number)
        except AnswerError:
            yield None


def by_rows(rows: list[dict[str, str]]) -> list[Record | Reject]:
    catalog = load_catalog()
    sheet = Sheet.of(Headers(catalog), (ID, *catalog.questions), "people")
    cells: list[list[Cell]] = [
        [f"p{number}", *(row.get(id) for id in catalog.questions)] for number, row in enumerate(rows, 1)
    ]
    found = Scorer(catalog, sheet).scored(Rows(1, cells, None, {}))
    return in_order(found.records, found.rejects)


def by_columns(rows: list[dict[str, str]]) -> list[Record | Reject]:
    catalog = load_catalog()
    columns = {id: pa.array([row.get(id) for row in rows], pa.string()) for id in catalog.questions}
    ids = pa.array([f"p{number}" for number in range(1, len(rows) + 1)])
    rejects: list[Reject] = []
    found: list[Record] = []
    for row in score_table(pa.table({ID: ids, **columns}), rejects=rejects.append).to_pylist():
        values: list[Any] = [tuple(row[name]) if name in LISTS else row[name] for name in FIELDS]
        found.append(Record(*values))
    return in_order(found, rejects)


def in_order(records: list[Record], rejects: list[Reject]) -> list[Record | Reject]:
    """All rows, of several rejects of one the first."""
    return sorted([*records, *{each.row: each for each in reversed(rejects)}.values()], key=lambda each: each.row)


def differences(seed: str, count: int) -> tuple[int, int, int]:
    """How many rows are accepted, how many rejected, and of how many the three do not say the same."""
    rows = cohort(seed, count)
    plain, by_row, by_column = list(one_by_one(rows)), by_rows(rows), by_columns(rows)
    accepted = sum(record is not None for record in plain)
    same = sum(
        row == column and (row == single if single is not None else isinstance(row, Reject))
        for single, row, column in zip(plain, by_row, by_column, strict=True)
    )
    return accepted, count - accepted, count - same


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare three ways to the same records.")
    parser.add_argument("--rows", type=int, default=100_000, help="how many random rows (default 100000)")
    parser.add_argument("--seed", default="equality", help="another word gives other rows")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a row differs")
    options = parser.parse_args()
    counts = [min(CHUNK, options.rows - first) for first in range(0, options.rows, CHUNK)]
    seeds = [f"{options.seed} {number}" for number in range(len(counts))]
    begun = time.perf_counter()
    with ProcessPoolExecutor(options.jobs) as pool:
        accepted, rejected, different = map(sum, zip(*pool.map(differences, seeds, counts), strict=True))
    print(
        f"{options.rows:,} rows, {accepted:,} accepted, {rejected:,} rejected: {different:,} differ between one by one,"
        f" by rows and by columns ({time.perf_counter() - begun:.0f} s)"
    )
    return 1 if options.check and different else 0


if __name__ == "__main__":
    sys.exit(main())

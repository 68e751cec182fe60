"""Random cohorts as real forms export them, for the benchmarks: CSV, JSON Lines or Parquet, of any size. Needs pyarrow.

Choices are the labels that a form shows; what is typed, such as durations, comes in many spellings, some of them
frequent. The same size and seed give the same rows. The questions are those of the shipped catalog.

    .venv/bin/python benchmarks/generate.py 100000 cohort.csv
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from formatpicker import Catalog, load_catalog
from formatpicker.catalog.criteria import AnswerKind, Question

BLOCK = 120_000
# In this share of the cells nothing is written.
OPEN = 0.2
# Few people name one goal or five; some goals are far more popular than others.
_GOAL_COUNTS = (0.15, 0.25, 0.35, 0.15, 0.10)

_WEEKS = """3 days; 1 week; 2; 2 weeks; 3; 4; 4 weeks; 5; 6; 6 weeks; 7; 8; 8 weeks; 9; 10; 10 weeks; 12; 12 weeks;
13; 14; 14 weeks; 15; 16; 18; 20; 24; 26; 26 weeks; 30; 36; 40; 48; 52; 52 weeks; 78; 104; 156; 1 month; 2 months;
3 months; 4 months; 6 months; 8 months; 9 months; 10 months; 12 months; 18 months; 24 months; 36 months; 1 year;
1.5 years; 2 years; 3 years; 4 years"""
_STARTS = """0; 1; 1 week; 2; 2 weeks; 3; 4; 4 weeks; 5; 6; 8; 8 weeks; 10; 12; 16; 20; 26; 30; 40; 52; 1 month;
2 months; 3 months; 4 months; 6 months; 9 months; 1 year"""
# What people write for a duration, a number a week and an age; one of the lists is taken by what a question measures.
_NUMBERS = {
    "duration": (_WEEKS.replace("\n", " ").split("; "), _STARTS.replace("\n", " ").split("; ")),
    "number": ([str(hours) for hours in range(1, 61)] + [f"{hours} hours" for hours in (5, 10, 15, 20, 30, 35, 40)],),
    "fact": ([str(years) for years in (*range(15, 40), *range(40, 66, 5))],),
}


def spellings(question: Question) -> list[str]:
    """The texts that cells of a question hold; goals are put together from theirs."""
    if question.answer is AnswerKind.CHOICE:
        return [option.label for option in question.options]
    if question.answer is AnswerKind.DURATION:
        return _NUMBERS["duration"][question.least == 0]
    return _NUMBERS["fact" if question.unit.startswith("year") else "number"][0]


def column(question: Question, rows: int, random: np.random.Generator) -> pa.Array:
    """The cells of one question: what people choose is evenly spread, of what they type some texts are frequent."""
    if question.goals:
        return goals(question, rows, random)
    texts = spellings(question)
    share = np.ones(len(texts)) if question.options else 1 / np.arange(1, len(texts) + 1)
    shuffled = np.random.default_rng(len(texts)).permutation(share / share.sum())
    codes = np.searchsorted(np.cumsum(shuffled)[:-1], random.random(rows)).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=random.random(rows) < OPEN), pa.array(texts))


def goals(question: Question, rows: int, random: np.random.Generator) -> pa.Array:
    """Rankings of one to five goals, popular goals more often and earlier."""
    ids = [goal.id for goal in question.goals]
    popularity = np.log(1 / np.arange(1, len(ids) + 1, dtype=np.float32))
    luck = 1e-7 + 0.999 * random.random((rows, len(ids)), dtype=np.float32)
    order = np.argsort(popularity - np.log(-np.log(luck)), axis=1)
    counts = random.choice(np.arange(1, 6), rows, p=_GOAL_COUNTS)
    counts[random.random(rows) < OPEN / 2] = 0
    digits = np.where(np.arange(5) < counts[:, None], order[:, :-6:-1] + 1, 0)
    keys, codes = np.unique(digits @ (16 ** np.arange(5)), return_inverse=True)
    texts = pa.array([ranking(key, ids) for key in keys])
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), texts)


def ranking(key: int, ids: Sequence[str]) -> str | None:
    """The cell of a ranking whose places are the hexadecimal digits of a number, the first the lowest."""
    places = [int(key) >> shift & 15 for shift in range(0, 20, 4)]
    return ";".join(ids[place - 1] for place in places if place) or None


def blocks(catalog: Catalog, rows: int, seed: int) -> Iterator[pa.RecordBatch]:
    """All rows, some at a time; the first ones are the same for every number of rows."""
    for first in range(0, rows, BLOCK):
        random = np.random.default_rng([seed, first])
        found = {id: column(question, BLOCK, random) for id, question in catalog.questions.items()}
        ids = pa.array([f"s{number}" for number in range(first, first + BLOCK)])
        batch = pa.RecordBatch.from_arrays([ids, *found.values()], names=["id", *found])
        yield batch.slice(0, min(BLOCK, rows - first))


def decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with plain text in every column."""
    return pa.RecordBatch.from_arrays([each.cast(pa.string()) for each in batch.columns], names=batch.schema.names)


def rows_of(batch: pa.RecordBatch) -> Iterator[tuple[str | None, ...]]:
    return zip(*[each.to_pylist() for each in decoded(batch).columns], strict=True)


def write_csv(blocks: Iterator[pa.RecordBatch], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for number, batch in enumerate(blocks):
            writer.writerows([] if number else [batch.schema.names])
            writer.writerows(rows_of(batch))


def write_jsonl(blocks: Iterator[pa.RecordBatch], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for batch in blocks:
            names = batch.schema.names
            for row in rows_of(batch):
                given = {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
                stream.write(json.dumps(given) + "\n")


def write_parquet(blocks: Iterator[pa.RecordBatch], path: Path) -> None:
    first = decoded(next(blocks))
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_batch(first)
        for batch in blocks:
            writer.write_batch(decoded(batch))


WRITERS: dict[str, Callable[[Iterator[pa.RecordBatch], Path], None]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
    ".parquet": write_parquet,
}


def write(path: Path, rows: int, seed: int = 1) -> None:
    """A cohort as a file, of the kind that its name ends in."""
    WRITERS[path.suffix](blocks(load_catalog(), rows, seed), path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a random cohort.")
    parser.add_argument("rows", type=int, help="how many people")
    parser.add_argument("file", type=Path, help="a name that ends in .csv, .jsonl or .parquet")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other people (default 1)")
    options = parser.parse_args()
    if options.file.suffix not in WRITERS or options.rows < 1:
        parser.error(f"the file must end in {', '.join(WRITERS)} and have a row at least")
    write(options.file, options.rows, options.seed)


if __name__ == "__main__":
    main()

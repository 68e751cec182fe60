"""A large cohort through ``batch``, beside what DuckDB takes to copy the very same file. Needs formatpicker[arrow].

Copying is the least that a program can do with a table: read all of it and write as much. Both use all cores and take
turns in one run; what counts is the ratio of the times. The most memory that each held is that of the whole process
group, sampled, since ``batch`` works in several processes. DuckDB is no dependency:

    .venv/bin/pip install duckdb
    .venv/bin/python benchmarks/batch.py --check
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import generate

CSV_ROWS, PARQUET_ROWS = 1_000_000, 10_000_000
# Memory is that of batches and of what is remembered, both bounded; ten times the rows may not take much more.
MOST_GROWTH = 1.5
_SAMPLE_SECONDS = 0.05

Command = Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """A kind of file in and one out, how many rows, and how many times as long as a copy it may take."""

    name: str
    rows: int
    source: str
    output: str
    copy_options: str
    bound: float | None


@dataclass(frozen=True)
class Run:
    """Seconds, and the most memory in MB."""

    seconds: float
    memory: float


@dataclass(frozen=True)
class Measured:
    """The medians of both."""

    comparison: Comparison
    own: Run
    copy: Run

    @property
    def ratio(self) -> float:
        """How many times as long as the copy."""
        return self.own.seconds / self.copy.seconds

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.comparison.bound is None or self.ratio <= self.comparison.bound

    @property
    def line(self) -> str:
        """The row of the table."""
        bound = self.comparison.bound
        verdict = "-" if bound is None else "yes" if self.holds else "NO"
        limit = "-" if bound is None else f"{bound:.1f}"
        own, copy = self.own, self.copy
        return (
            f"{self.comparison.name:<22}{self.comparison.rows:>12,}{own.seconds:>9.1f}{own.memory:>8.0f}"
            f"{copy.seconds:>9.1f}{copy.memory:>8.0f}{self.ratio:>8.2f}{limit:>8}  {verdict}"
        )


def comparisons(rows: int | None) -> list[Comparison]:
    csv, parquet = rows or CSV_ROWS, rows or PARQUET_ROWS
    return [
        Comparison("CSV to JSON Lines", csv, ".csv", ".jsonl", "format json", 3.0),
        # A tenth as many rows: for information, and to hold the memory against.
        Comparison("Parquet to Parquet", max(parquet // 10, 1), ".parquet", ".parquet", "format parquet", None),
        Comparison("Parquet to Parquet", parquet, ".parquet", ".parquet", "format parquet", 3.0),
    ]


def copied(source: Path, output: Path, options: str) -> Command:
    query = f"copy (from '{source}') to '{output}' ({options})"
    code = f"import duckdb; duckdb.sql('set threads = {os.cpu_count()}'); duckdb.sql({query!r})"
    return [sys.executable, "-c", code]


def scored(source: Path, output: Path) -> Command:
    return [sys.executable, "-m", "formatpicker", "batch", str(source), "-o", str(output)]


def timed(command: Command, environ: dict[str, str]) -> Run:
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, memory_of(process.pid))
        time.sleep(_SAMPLE_SECONDS)
    taken = time.perf_counter() - begun
    message = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{message}")
    return Run(taken, most)


def memory_of(process: int) -> float:
    """The memory of a process and its children in MB, that which they share counted once; 0 when it has ended."""
    total = 0.0
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) / 1024
        for child in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split():
            total += memory_of(int(child))
    except OSError:
        return total
    return total


def measure(comparison: Comparison, folder: Path, environ: dict[str, str], runs: int) -> Measured:
    """Both take turns, so that a busy machine slows both."""
    source, output = folder / f"people{comparison.source}", folder / f"out{comparison.output}"
    generate.write(source, comparison.rows)
    own, copy = [], []
    for _ in range(runs):
        copy.append(timed(copied(source, output, comparison.copy_options), environ))
        output.unlink()
        own.append(timed(scored(source, output), environ))
        output.unlink()
    source.unlink()
    return Measured(comparison, middle(own), middle(copy))


def middle(runs: Sequence[Run]) -> Run:
    return Run(statistics.median(each.seconds for each in runs), max(each.memory for each in runs))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure batch against copies by DuckDB.")
    parser.add_argument("--rows", type=int, help="rows of a table (default 1 million CSV, 10 million Parquet)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own, and the user's stays as it is.
        environ = {**os.environ, "XDG_CACHE_HOME": folder}
        environ.pop("FORMATPICKER_CATALOG", None)
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, median of {options.runs} runs")
        head = ("", "rows", "s", "MB", "copy s", "MB", "ratio", "bound")
        print("{:<22}{:>12}{:>9}{:>8}{:>9}{:>8}{:>8}{:>8}  holds".format(*head))
        results = []
        for each in comparisons(options.rows):
            results.append(measure(each, Path(folder), environ, options.runs))
            print(results[-1].line, flush=True)
    few, many = results[1:]
    growth = many.own.memory / few.own.memory
    bounded = growth <= MOST_GROWTH or many.comparison.rows < PARQUET_ROWS  # a small table fits into memory whole
    print(f"Memory of ten times the rows: {growth:.2f} times as much (bound {MOST_GROWTH} from {PARQUET_ROWS:,} rows)")
    return 1 if options.check and not (bounded and all(each.holds for each in results)) else 0


if __name__ == "__main__":
    sys.exit(main())

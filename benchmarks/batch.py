"""A large cohort through ``batch``, beside what it takes to copy the very same file. Needs formatpicker[arrow].

Copying is the least that a program can do with a table: read all of it and write as much. With pyarrow it is held
against DuckDB, without it against ``csv.DictReader`` and ``json.dumps``. Both take turns in one run; what counts is the
ratio of the times. DuckDB copies the same file to the same folder, on as many threads as there are cores. What it
writes is half as large as the records, and unlike ``batch`` it does not wait until the disk has it. The most memory
that each held is that of the whole process group, sampled, since ``batch`` works in several processes. DuckDB is no
dependency:

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

CSV_ROWS, PARQUET_ROWS, CORE_ROWS = 1_000_000, 10_000_000, 40_000
# In MB, whatever the number of rows: with pyarrow, and without.
MOST_MEMORY, MOST_CORE_MEMORY = 450, 300
_SAMPLE_SECONDS = 0.05
# More than what is read row by row.
_FEW_ROWS = 2_000

Command = Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """A kind of file in and one out, how many rows, and how many times as long as a copy it may take.

    ``copy_options`` are those of DuckDB; None compares the core install with a copy in Python.
    """

    name: str
    rows: int
    source: str
    output: str
    copy_options: str | None
    bound: float

    @property
    def most_memory(self) -> int:
        """In MB."""
        return MOST_CORE_MEMORY if self.copy_options is None else MOST_MEMORY

    def copied(self, source: Path, output: Path) -> Command:
        """What copies the table."""
        if self.copy_options is None:
            return [sys.executable, "-c", _PYTHON_COPY, str(source), str(output)]
        query = f"copy (from '{source}') to '{output}' ({self.copy_options})"
        code = f"import duckdb; duckdb.sql('set threads = {os.cpu_count()}'); duckdb.sql({query!r})"
        return [sys.executable, "-c", code]

    def scored(self, source: Path, output: Path) -> Command:
        """What scores it."""
        start = ["-m", "formatpicker"] if self.copy_options else ["-c", _CORE_INSTALL]
        return [sys.executable, *start, "batch", str(source), "-o", str(output)]


_PYTHON_COPY = """
import csv, json, sys
with open(sys.argv[1], newline="") as table, open(sys.argv[2], "w") as output:
    for row in csv.DictReader(table):
        output.write(json.dumps(row) + "\\n")
"""
_CORE_INSTALL = "import sys; sys.modules['pyarrow'] = None; from formatpicker.__main__ import main; main()"


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
        """Whether the bounds are kept."""
        return self.ratio <= self.comparison.bound and self.own.memory <= self.comparison.most_memory

    @property
    def line(self) -> str:
        """The row of the table."""
        own, copy, verdict = self.own, self.copy, "yes" if self.holds else "NO"
        return (
            f"{self.comparison.name:<22}{self.comparison.rows:>12,}{own.seconds:>9.1f}{own.memory:>8.0f}"
            f"{copy.seconds:>9.1f}{copy.memory:>8.0f}{self.ratio:>8.2f}{self.comparison.bound:>8.1f}  {verdict}"
        )


def comparisons(rows: int | None) -> list[Comparison]:
    csv, parquet, core = rows or CSV_ROWS, rows or PARQUET_ROWS, rows or CORE_ROWS
    return [
        Comparison("CSV to JSON Lines", csv, ".csv", ".jsonl", "format json", 2.0),
        Comparison("CSV to CSV", csv, ".csv", ".csv", "format csv", 2.0),
        Comparison("Parquet to Parquet", parquet, ".parquet", ".parquet", "format parquet", 3.0),
        Comparison("Core install", core, ".csv", ".jsonl", None, 6.0),
    ]


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
    """Both take turns, so that a busy machine slows both; a first turn of few rows fills the caches."""
    source, output = folder / f"people{comparison.source}", folder / f"out{comparison.output}"

    def turn() -> tuple[Run, Run]:
        copy = timed(comparison.copied(source, output), environ)
        output.unlink(missing_ok=True)
        own = timed(comparison.scored(source, output), environ)
        output.unlink()
        return own, copy

    generate.write(source, _FEW_ROWS)
    turn()
    generate.write(source, comparison.rows)
    own, copy = zip(*[turn() for _ in range(runs)], strict=True)
    source.unlink()
    return Measured(comparison, middle(own), middle(copy))


def middle(runs: Sequence[Run]) -> Run:
    return Run(statistics.median(each.seconds for each in runs), max(each.memory for each in runs))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure batch against copies by DuckDB.")
    parser.add_argument(
        "--rows",
        type=int,
        help="rows of a table (default 1 million CSV, 10 million Parquet, 40,000 of the core install)",
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Caches of its own, of the catalog and of compiled modules, as in startup.py; the user's stay as they are.
        environ = {**os.environ, "XDG_CACHE_HOME": folder, "PYTHONPYCACHEPREFIX": folder}
        for name in ("FORMATPICKER_CATALOG", "PYTHONDONTWRITEBYTECODE"):
            environ.pop(name, None)
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, median of {options.runs} runs")
        head = ("", "rows", "s", "MB", "copy s", "MB", "ratio", "bound")
        print("{:<22}{:>12}{:>9}{:>8}{:>9}{:>8}{:>8}{:>8}  holds".format(*head))
        results = []
        for each in comparisons(options.rows):
            results.append(measure(each, Path(folder), environ, options.runs))
            print(results[-1].line, flush=True)
    return 1 if options.check and not all(each.holds for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())

"""How long commands take to start, beside the least that a program of this kind can take. Standard library only.

Absolute times depend on the machine, so each command is measured against a reference in the same run, the two taking
turns; what counts is the ratio of the medians. Run it with the Python that formatpicker is installed for:

    .venv/bin/python benchmarks/startup.py --check
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MINIMAL_APP = '''\
import typer

app = typer.Typer({settings})


@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
    print(f"Hello {{name}}")


@app.command()
def bye(name: str = "you") -> None:
    """Say goodbye."""
    print(f"Bye {{name}}")


app()
'''
ANSWERS = ("goals=explore,portfolio", "weeks=14", "hours_per_week=20", "pay=required", "region=us")

Command = Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """A command, what it is held against, and how many times as long it may take; no bound is for information."""

    name: str
    command: Command
    reference_name: str
    reference: Command
    bound: float | None


@dataclass(frozen=True)
class Measured:
    """The medians of both, in milliseconds."""

    comparison: Comparison
    median: float
    reference: float

    @property
    def ratio(self) -> float:
        """How many times as long as the reference."""
        return self.median / self.reference

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.comparison.bound is None or self.ratio <= self.comparison.bound

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        bound = self.comparison.bound
        verdict = "-" if bound is None else "yes" if self.holds else "NO"
        limit = "-" if bound is None else f"{bound:.1f}"
        times = (f"{self.median:.0f}", self.comparison.reference_name, f"{self.reference:.0f}")
        return (self.comparison.name, *times, f"{self.ratio:.2f}", limit, verdict)


def comparisons(folder: Path) -> list[Comparison]:
    formatpicker = str(Path(sysconfig.get_path("scripts")) / "formatpicker")
    minimal, plain = folder / "minimal.py", folder / "minimal_plain.py"
    minimal.write_text(MINIMAL_APP.format(settings=""), "utf-8")
    plain.write_text(MINIMAL_APP.format(settings="rich_markup_mode=None"), "utf-8")
    recommend = [formatpicker, "recommend", *(part for answer in ANSWERS for part in ("--set", answer))]
    return [
        Comparison("--help", [formatpicker, "--help"], "minimal Typer app --help", python(str(minimal), "--help"), 1.3),
        Comparison("--help", [formatpicker, "--help"], "the same without Rich", python(str(plain), "--help"), None),
        Comparison(
            "recommend", recommend, "import typer, yaml, pydantic", running("import typer, yaml, pydantic"), 2.0
        ),
        Comparison("recommend", recommend, "import typer, yaml", running("import typer, yaml"), 1.5),
        Comparison("--version", [formatpicker, "--version"], "pass", running("pass"), 1.5),
    ]


def python(*arguments: str) -> Command:
    return [sys.executable, *arguments]


def running(code: str) -> Command:
    return python("-c", code)


def milliseconds(command: Command, environ: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
    )
    return 1000 * (time.perf_counter() - begun)


def measure(comparison: Comparison, environ: dict[str, str], runs: int) -> Measured:
    """Both take turns, so that a busy machine slows both; a first turn fills every cache and is not counted."""
    own, reference = [], []
    for _ in range(runs + 1):
        own.append(milliseconds(comparison.command, environ))
        reference.append(milliseconds(comparison.reference, environ))
    return Measured(comparison, statistics.median(own[1:]), statistics.median(reference[1:]))


def table(results: list[Measured]) -> str:
    row = "{:<12}{:>8}  {:<30}{:>8}{:>8}{:>8}  {}"
    lines = [row.format("command", "ms", "reference", "ms", "ratio", "bound", "holds")]
    lines += [row.format(*each.cells) for each in results]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure start-up times against references.")
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command (default 15)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # A cache of its own: warm after the first turn, and the user's stays as it is.
        environ = {**os.environ, "XDG_CACHE_HOME": folder, "COLUMNS": "80"}
        environ.pop("FORMATPICKER_CATALOG", None)
        results = [measure(each, environ, options.runs) for each in comparisons(Path(folder))]
    print(f"Python {sys.version.split()[0]}, median of {options.runs} runs")
    print(table(results))
    return 1 if options.check and not all(each.holds for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())

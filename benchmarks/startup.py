"""How long commands take to start, beside the least that a program of this kind can take. Standard library only.

Typer itself takes most of what is left: ``import typer`` costs 45 ms of processor time, argparse and json cost 8. A
command is built when it is asked for, which spares 8 ms of the others; the rest is Typer's own modules, so no lazy
group removes it. Only leaving Typer would.

Beyond what every command loads, ``recommend --json`` takes some 25 ms for the draws of its certainty, for what would
turn the first place, and for the sentences of all formats. Whoever wants less names what is to be shown: ``--fields``.

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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


app(prog_name="minimal")
'''
ANSWERS = ("goals=explore,portfolio", "weeks=14", "hours_per_week=20", "pay=required", "region=us")

# What the shell sets when a person presses Tab after the name of the program.
TAB = {
    "_FORMATPICKER_COMPLETE": "complete_bash",
    "_MINIMAL_COMPLETE": "complete_bash",
    "COMP_WORDS": "program ",
    "COMP_CWORD": "1",
}

Command = Sequence[str]


@dataclass(frozen=True)
class Comparison:
    """A command, what it is held against, and how many times as long it may take; no bound is for information."""

    name: str
    command: Command
    reference_name: str
    reference: Command
    bound: float | None
    environ: Mapping[str, str] = field(default_factory=dict)


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
    answers, table = folder / "answers.json", folder / "table.csv"
    answers.write_text(
        '{"goals": ["explore", "portfolio"], "weeks": 14, "hours_per_week": 20, "pay": "required"}', "utf-8"
    )
    (folder / "offers.json").write_text(
        '[{"name": "A", "format": "internship", "pay": "18 USD/hour"}, {"name": "B", "format": "micro-internship"}]'
    )
    table.write_text("id,goals,weeks,pay\na,explore,4,required\nb,income,52,\nc,,20,preferred\nd,resume,,\n", "utf-8")
    minimal.write_text(MINIMAL_APP.format(settings=""), "utf-8")
    plain.write_text(MINIMAL_APP.format(settings="rich_markup_mode=None"), "utf-8")
    recommend = [formatpicker, "recommend", *(part for answer in ANSWERS for part in ("--set", answer))]
    from_json = [formatpicker, "recommend", str(answers), "--json"]
    offers = [formatpicker, "offers", str(folder / "offers.json"), "--for", str(answers)]
    rich, bare = python(str(minimal)), python(str(plain))
    return [
        Comparison(
            "import typer", running("import typer"), "import argparse, json", running("import argparse, json"), None
        ),
        Comparison("--version", [formatpicker, "--version"], "pass", running("pass"), 1.5),
        Comparison("-m, --version", python("-m", "formatpicker", "--version"), "pass", running("pass"), 1.5),
        Comparison("--help", [formatpicker, "--help"], "minimal Typer app --help", [*rich, "--help"], 1.3),
        Comparison("--help", [formatpicker, "--help"], "the same without Rich", [*bare, "--help"], None),
        Comparison("Tab", [formatpicker], "minimal Typer app, Tab", rich, 1.3, TAB),
        Comparison("Tab", [formatpicker], "the same without Rich", bare, None, TAB),
        Comparison("recommend", recommend, "import typer, yaml", running("import typer, yaml"), 1.5),
        Comparison("recommend --json", from_json, "import typer, yaml", running("import typer, yaml"), 1.5),
        Comparison(
            "--fields top", [*from_json, "--fields", "top"], "import typer, yaml", running("import typer, yaml"), 1.2
        ),
        Comparison("offers", offers, "import typer, yaml", running("import typer, yaml"), 2.0),
        Comparison(
            "batch, 4 rows",
            [formatpicker, "batch", str(table)],
            "import typer, yaml",
            running("import typer, yaml"),
            1.8,
        ),
        Comparison(
            "recommend", recommend, "import typer, yaml, pydantic", running("import typer, yaml, pydantic"), 2.0
        ),
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
    environ = {**environ, **comparison.environ}
    for _ in range(runs + 1):
        own.append(milliseconds(comparison.command, environ))
        reference.append(milliseconds(comparison.reference, environ))
    return Measured(comparison, statistics.median(own[1:]), statistics.median(reference[1:]))


def table(results: list[Measured]) -> str:
    row = "{:<17}{:>6}  {:<30}{:>8}{:>8}{:>8}  {}"
    lines = [row.format("command", "ms", "reference", "ms", "ratio", "bound", "holds")]
    lines += [row.format(*each.cells) for each in results]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure start-up times against references.")
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command (default 15)")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Caches of its own, of the catalog and of compiled modules: warm after the first turn, as those of an installed
        # program are after its first use, and the user's stay as they are.
        environ = {**os.environ, "XDG_CACHE_HOME": folder, "PYTHONPYCACHEPREFIX": folder, "COLUMNS": "80"}
        for name in ("FORMATPICKER_CATALOG", "PYTHONDONTWRITEBYTECODE"):
            environ.pop(name, None)
        results = [measure(each, environ, options.runs) for each in comparisons(Path(folder))]
    print(f"Python {sys.version.split()[0]}, median of {options.runs} runs")
    print(table(results))
    return 1 if options.check and not all(each.holds for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())

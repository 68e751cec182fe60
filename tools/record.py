"""Writes the output that their sessions give now into README.md and docs/: ``python tools/record.py [PAGE...]``.

Read the difference before you keep it. A session that fails with a traceback, or whose typed answers no longer fit the
questions, is named and left as it is.
"""

from __future__ import annotations

import contextlib
import doctest
import sys
import tempfile
from pathlib import Path
from typing import Any

import pexpect

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from sessions import MORE, PAGES, ROOT, Block, blocks, run, steps, write_files


def recorded(block: Block) -> list[str]:
    """The lines of a session with its output of now; as they are where a command fails with a traceback."""
    session: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        write_files(block.page, Path(folder))
        for step in steps(block):
            try:
                printed = run(step, Path(folder))
            except pexpect.ExceptionPexpect:
                printed = ["Traceback of a conversation: what is typed on the page no longer fits the questions."]
            if any(line.startswith("Traceback ") for line in printed):
                print(f"{block.name}: $ {step.command}", *printed, sep="\n", file=sys.stderr)
                return list(block.lines)
            if step.output[-1:] == (MORE,):
                printed = [*printed[: len(step.output) - 1], MORE]
            session += [*step.shown, *printed]
    return session


class Interpreter(doctest.DocTestRunner):
    """Keeps what each example of an interpreter session prints where the page shows something else."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.printed: dict[doctest.Example, str] = {}

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        """An output that is another now; a message of an error is written by hand."""
        if example.exc_msg is None:
            self.printed[example] = got


def interpreted(block: Block) -> list[str]:
    """The lines of an interpreter session with its output of now."""
    test = doctest.DocTestParser().get_doctest("\n".join(block.lines) + "\n", {}, block.name, None, 0)
    runner = Interpreter()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write_files(block.page, Path(folder))
        runner.run(test, out=sys.stderr.write, clear_globs=False)
    lines = list(block.lines)
    for example, printed in reversed(runner.printed.items()):
        at = example.lineno + example.source.count("\n")
        lines[at : at + example.want.count("\n")] = printed.splitlines()
    return lines


def record(page: Path) -> None:
    """Write one page anew, and say so if it changed."""
    lines = page.read_text("utf-8").splitlines()
    ways = {"console": recorded, "python": interpreted}
    for block in reversed([block for block in blocks(page) if block.kind in ways and not block.file]):
        lines[block.start : block.start + len(block.lines)] = ways[block.kind](block)
    text = "\n".join(lines) + "\n"
    if text != page.read_text("utf-8"):
        page.write_text(text, "utf-8")
        print(f"{page.relative_to(ROOT)}: changed")


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        record(each)

"""Writes the output that their sessions give now into README.md and docs/: ``python tools/record.py [PAGE...]``.

Read the difference before you keep it. A session that fails with a traceback, or whose typed answers no longer fit the
questions, is named and left as it is.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

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


def record(page: Path) -> None:
    """Write one page anew, and say so if it changed."""
    lines = page.read_text("utf-8").splitlines()
    for block in reversed([block for block in blocks(page) if block.kind == "console"]):
        lines[block.start : block.start + len(block.lines)] = recorded(block)
    text = "\n".join(lines) + "\n"
    if text != page.read_text("utf-8"):
        page.write_text(text, "utf-8")
        print(f"{page.relative_to(ROOT)}: changed")


if __name__ == "__main__":
    for each in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        record(each)

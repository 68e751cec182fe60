"""The sessions shown in README.md and docs/: how they are written, and how they are run.

- A ``console`` block is a terminal session. Lines that begin with "$ " are run by the shell, in a fresh folder; the
  lines below are the output, errors included. A command goes on in lines that begin with "> ". A last line "..."
  stands for more output.
  A command "formatpicker ask" is typed into a terminal: what is typed stands behind the prompts, as it was echoed.
- A ``yaml``, ``python`` or ``make`` block whose first line is a comment with a file name, such as "# me.yaml", is a
  file of that name in the folder of every session on its page.
- What lies in ``files/NAME/`` beside a page NAME.md is in the folder of its sessions too.
- Any other ``python`` block is an interpreter session.

``formatpicker`` and ``jq`` are those of ``commands``: every JSON document is held against its schema on the way. The
shell and ``make`` are the machine's.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pexpect

from commands import make_commands
from running import seen

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
MORE = "..."
FILE_NAME = re.compile(r"# (Makefile|[a-z0-9-]+\.(?:yaml|py))")
FILE_KINDS = ("yaml", "python", "make")
# Where the questionnaire waits for a line.
PROMPT = r"(?:(?<=\n)|q quits |to finish )> "


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, the index of its first line in the page, and its lines."""

    page: Path
    kind: str
    start: int
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.page.name}:{self.start + 1}"

    @property
    def file(self) -> str:
        """The name of the file that the block is; empty if it is none."""
        match = FILE_NAME.fullmatch(self.lines[0]) if self.kind in FILE_KINDS else None
        return match[1] if match else ""


@dataclass(frozen=True)
class Step:
    """A command of a session as it is shown (prompts included), and the output shown below it."""

    shown: tuple[str, ...]
    output: tuple[str, ...]

    @property
    def command(self) -> str:
        return "\n".join(line[2:] for line in self.shown)


def blocks(page: Path) -> Iterator[Block]:
    lines = page.read_text("utf-8").splitlines()
    start = None
    for index, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if start is None:
            start = index + 1
        else:
            yield Block(page, lines[start - 1][3:], start, tuple(lines[start:index]))
            start = None


def steps(block: Block) -> list[Step]:
    found: list[tuple[list[str], list[str]]] = []
    for line in block.lines:
        if line.startswith("$ "):
            found.append(([line], []))
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    return [Step(tuple(shown), tuple(output)) for shown, output in found]


def write_files(page: Path, folder: Path) -> None:
    given = page.parent / "files" / page.stem
    if given.is_dir():
        shutil.copytree(given, folder, dirs_exist_ok=True)
    for block in blocks(page):
        if block.file:
            (folder / block.file).write_text("\n".join(block.lines) + "\n", "utf-8")


def environ() -> dict[str, str]:
    """A terminal of 80 columns and 24 lines on a fixed day, with the commands of the pages first on the path."""
    path = os.pathsep.join([str(commands_folder()), sysconfig.get_path("scripts"), os.environ["PATH"]])
    usual = {key: value for key, value in os.environ.items() if key not in ("FORMATPICKER_CATALOG", "MAKEFLAGS")}
    fixed = {"COLUMNS": "80", "LINES": "24", "FORMATPICKER_TODAY": "2026-11-25"}
    return {**usual, **fixed, "PYTHONUTF8": "1", "PATH": path}


@cache
def commands_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="commands-"))
    atexit.register(shutil.rmtree, folder)
    make_commands(folder)
    return folder


def run(step: Step, folder: Path) -> list[str]:
    """What a command prints, standard error included."""
    if step.command.startswith("formatpicker ask"):
        return converse(step, folder)
    done = subprocess.run(
        ["/bin/sh", "-c", step.command],
        cwd=folder,
        env=environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.splitlines()


def converse(step: Step, folder: Path) -> list[str]:
    """What a terminal shows while somebody types the lines behind the prompts of the page."""
    typed = [line for shown in step.output if (line := answer_of(shown)) is not None]
    child: Any = pexpect.spawn(
        "/bin/sh", ["-c", step.command], cwd=str(folder), env=environ(), dimensions=(24, 80), encoding="utf-8"
    )
    shown = ""
    for line in typed:
        child.expect(PROMPT)
        shown += child.before + child.after
        child.sendline(line)
    child.expect(pexpect.EOF)
    child.close()
    text = seen(shown + child.before)
    return [line.rstrip() for line in text.splitlines()]


def answer_of(shown: str) -> str | None:
    """What is typed in a line of a conversation; None where nothing is."""
    match = re.match(r"(?:|.*q quits |.*to finish )>(?: (.*))?$", shown)
    return (match[1] or "") if match else None

"""Runs the installed command as people and scripts do: as a process, or on a pseudo-terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
from typer.testing import CliRunner

from contract import document_faults
from formatpicker.cli import app

COMMAND = [sys.executable, "-m", "formatpicker"]
ESCAPE = "\x1b"
# A window title, colours, a C1 sequence, a bell, a backspace, text turned round, a carriage return.
HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x9b31m\x07\x08\u202eback\u2066\r"
_CSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Ended:
    """What a process left behind."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    @property
    def message(self) -> str:
        return self.err.decode("utf-8")


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The environment with some variables set, or taken away (None)."""
    changed: dict[str, str | None] = {**os.environ, **(changes or {})}
    return {name: value for name, value in changed.items() if value is not None}


def run(
    *arguments: str | bytes,
    stdin: bytes = b"",
    env: Mapping[str, str | None] | None = None,
    cwd: Path | None = None,
) -> Ended:
    """Run ``formatpicker`` with some arguments to its end; nothing it reads or writes is a terminal."""
    done = subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, env=environment(env), cwd=cwd, timeout=60, check=False
    )
    if "--json" in arguments and "--fields" not in arguments and done.returncode in (0, 1) and done.stdout:
        assert document_faults(json.loads(done.stdout)) == []
    return Ended(done.returncode, done.stdout, done.stderr)


def run_here(*arguments: str, stdin: bytes = b"") -> Ended:
    """The same without the cost of a process, for what cannot take one down."""
    result = CliRunner().invoke(app, list(arguments), input=stdin, prog_name="formatpicker")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception  # a process would end with a traceback and exit code 1
    return Ended(result.exit_code, result.stdout_bytes, result.stderr_bytes)


def spawn(
    *arguments: str, env: Mapping[str, str | None] | None = None, cwd: Path | None = None, columns: int = 80
) -> Any:
    """Start ``formatpicker`` on a pseudo-terminal of 24 rows; COLUMNS and LINES do not overrule its size."""
    child = pexpect.spawn(
        sys.executable,
        ["-m", "formatpicker", *arguments],
        env=environment({"TERM": "xterm-256color", "COLUMNS": None, "LINES": None, **(env or {})}),
        cwd=str(cwd) if cwd else None,
        dimensions=(24, columns),
        encoding="utf-8",
        timeout=15,
    )
    child.delaybeforesend = None
    return child


def ended(child: Any) -> int:
    """Wait for the end of a process on a pseudo-terminal; its exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus if child.exitstatus is not None else -child.signalstatus)


def seen(text: str) -> str:
    """What a person sees of a terminal's output: no escape sequences, plain line ends."""
    return _CSI.sub("", text).replace("\r\n", "\n").replace("\r", "")


def controls(text: str) -> set[str]:
    """The characters in a text that a terminal would obey: all controls but the newline, and bidirectional marks."""
    return {
        character
        for character in text
        if (unicodedata.category(character) == "Cc" and character != "\n")
        or unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }


def widest(text: str) -> int:
    """The length of the longest line."""
    return max(map(len, text.split("\n")))

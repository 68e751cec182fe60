"""The manual page says what the commands say, and what the code reads from its surroundings."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from formatpicker.cli.app import command_tree
from running import environment

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "man" / "formatpicker.1"
# Each prints nothing where there is nothing to warn of.
CHECKERS = (["groff", "-man", "-Tutf8", "-ww", "-z"], ["mandoc", "-T", "lint", "-W", "warning"])


def shown() -> str:
    """The page as text, with its escapes undone and without font changes."""
    text = re.sub(r"\\f[BR]|\\&", "", PAGE.read_text("utf-8"))
    return text.replace("\\-", "-").replace("\\e", "\\").replace("\\(ti", "~")


def leaves(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with what is typed to reach it."""
    for name, each in getattr(command, "commands", {}).items():
        yield from leaves(each, f"{path} {name}".strip())
    if path and not hasattr(command, "commands"):
        yield path, command


COMMANDS = dict(leaves(command_tree()))


def test_the_page_is_up_to_date(tmp_path: Path) -> None:
    # Narrow and bare surroundings, which must not show in the page. If this fails: python tools/manpage.py
    fresh = tmp_path / "fresh.1"
    env = environment({"COLUMNS": "40", "TERM": "dumb", "LC_ALL": "C", "FORMATPICKER_CATALOG": "none.yaml"})
    subprocess.run([sys.executable, ROOT / "tools" / "manpage.py", fresh], env=env, cwd=tmp_path, check=True)
    assert fresh.read_bytes() == PAGE.read_bytes()


def test_the_page_has_every_command_and_option() -> None:
    text = shown()
    assert "recommend" in COMMANDS
    assert "catalog check" in COMMANDS
    assert [path for path in COMMANDS if f"\n.SS {path}\n" not in text] == []
    for path, command in COMMANDS.items():
        section = text.partition(f"\n.SS {path}\n")[2].partition("\n.S")[0]
        options = [each for parameter in command.params for each in parameter.opts if each.startswith("-")]
        assert [option for option in options if option not in section] == [], path


# Names of arguments, of flags and signals of the system, of encodings in Parquet; what only own processes and libraries
# are given.
OTHERS = {"INPUT", "FILE", "NAME", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "NFKC"}
OTHERS |= {"PYTHONSAFEPATH", "ARROW_DEFAULT_MEMORY_POOL", "BYTE_ARRAY"}
SYSTEM = ("O_", "SIG")


def environment_names() -> set[str]:
    """Words in capitals in the code."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "src").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    words = {text for text in texts if isinstance(text, str) and re.fullmatch("[A-Z][A-Z_]{3,}", text)}
    return {word for word in words if not word.startswith(SYSTEM)}


def test_the_page_has_every_environment_variable_that_the_code_reads() -> None:
    names = environment_names()
    assert {"FORMATPICKER_CATALOG", "XDG_CACHE_HOME", "COLUMNS"} <= names
    section = shown().partition("\n.SH ENVIRONMENT\n")[2].partition("\n.SH")[0]
    assert {name for name in names - OTHERS if not re.search(rf"\b{name}\b", section)} == set()


def test_the_page_has_the_exit_codes_of_the_documentation() -> None:
    codes = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "output.md").read_text("utf-8"), re.MULTILINE)
    section = shown().partition("\n.SH EXIT STATUS\n")[2].partition("\n.SH")[0]
    assert re.findall(r"^\.TP\n(\d+)$", section, re.MULTILINE) == codes
    assert "130" in codes


def test_the_page_has_nothing_that_a_formatter_warns_of() -> None:
    for checker in CHECKERS:
        if shutil.which(checker[0]):
            done = subprocess.run([*checker, PAGE], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_line_of_the_page_is_taken_for_another_request() -> None:
    # Text that begins with a dot or an apostrophe would vanish without a word.
    known = {".TH", ".SH", ".SS", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi", ".nh", ".hy", '.\\"'}
    requests = {line.split(" ")[0][:3] for line in PAGE.read_text("utf-8").splitlines() if line[:1] in (".", "'")}
    assert requests <= known

"""The README and the pages in docs/ say what the program does: every session they show is run and compared.

How the pages are written:

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

After a change to the output, ``python tests/test_docs.py`` writes the new output into the pages; read the difference.
"""

from __future__ import annotations

import atexit
import doctest
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
import pytest

from commands import make_commands
from formatpicker import load_catalog
from formatpicker.cli.app import command_tree
from formatpicker.output.json.schemas import json_schema
from running import seen

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
MORE = "..."
FILE_NAME = re.compile(r"# (Makefile|[a-z0-9-]+\.(?:yaml|py))")
FILE_KINDS = ("yaml", "python", "make")
# Where the questionnaire waits for a line.
PROMPT = r"(?:(?<=\n)|q quits |to finish )> "
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


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


def blocks_of(kind: str) -> list[Any]:
    return [
        pytest.param(block, id=block.name)
        for page in PAGES
        for block in blocks(page)
        if block.kind == kind and not block.file
    ]


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


@pytest.mark.parametrize("block", blocks_of("console"))
def test_a_session_prints_what_the_page_shows(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    for step in steps(block):
        printed, shown = run(step, tmp_path), list(step.output)
        if shown[-1:] == [MORE]:
            shown.pop()
            assert len(printed) > len(shown), f"{block.name}: nothing is left out of {step.command}"
            printed = printed[: len(shown)]
        assert printed == shown, f"{block.name}: $ {step.command}"


@pytest.mark.parametrize("block", blocks_of("python"))
def test_an_interpreter_session_gives_what_the_page_shows(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(block.page, tmp_path)
    monkeypatch.chdir(tmp_path)
    source = "\n".join(block.lines) + "\n"
    session = doctest.DocTestParser().get_doctest(source, {}, block.name, str(block.page), block.start)
    complaints: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(session, out=complaints.append)
    assert results.attempted > 0
    assert results.failed == 0, "".join(complaints)


def test_the_readme_shows_sessions_of_each_kind() -> None:
    kinds = [block.kind for block in blocks(ROOT / "README.md")]
    assert kinds.count("console") >= 4
    assert kinds.count("python") >= 1


def set_up_lines() -> list[str]:
    found = [block.lines for block in blocks(ROOT / "README.md") if block.kind == "sh"]
    return [line for lines in found for line in lines if line.startswith("python3 -m venv .venv && ")]


def test_the_readme_sets_up_in_one_line_for_use_and_in_one_for_tests() -> None:
    use, tests = set_up_lines()
    assert " && .venv/bin/formatpicker recommend --set " in use
    assert tests.endswith(" && .venv/bin/pytest")


def test_the_output_below_the_first_line_is_that_of_the_first_line() -> None:
    """The session that is run and compared is the command that the set-up line ends in."""
    command = set_up_lines()[0].rpartition(" && ")[2].removeprefix(".venv/bin/")
    first = next(block for block in blocks(ROOT / "README.md") if block.kind == "console")
    shown = steps(first)[0].command.replace("\\\n", "")
    assert shown.split() == command.split()


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in PAGES])
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_the_readme_lists_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    group: Any = command_tree()
    nested = group.commands["catalog"].commands
    names = [*(name for name in group.commands if name != "catalog"), *(f"catalog {name}" for name in nested)]
    assert [name for name in names if f"`formatpicker {name}" not in text] == []


def options_of(command: Any) -> dict[str, set[str]]:
    """The options of every command by its name behind ``formatpicker``."""
    found = {"": {name for each in command.params for name in each.opts if name.startswith("--")} | {"--help"}}
    for name, below in getattr(command, "commands", {}).items():
        found |= {f"{name} {rest}".strip(): names for rest, names in options_of(below).items()}
    return found


OPTIONS = options_of(command_tree())


def unknown_options(text: str) -> list[str]:
    """Options that a page gives to a command that has no such option."""
    calls = [
        re.split(r"[`|;&):]\s|[`|;&)]", rest)[0].split()
        for rest in text.replace("\\\n>", "").split("formatpicker ")[1:]
    ]
    return [f"{command}: {option}".strip() for call in calls for command, option in _unknown(call)]


def _unknown(call: list[str]) -> Iterator[tuple[str, str]]:
    command = max((name for name in OPTIONS if call[: len(name.split())] == name.split()), key=len)
    for option in call:
        if option.startswith("--") and option.partition("=")[0] not in OPTIONS[command]:
            yield command, option


@pytest.mark.parametrize("page", [pytest.param(page, id=page.name) for page in PAGES])
def test_a_page_names_no_option_that_is_not_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert unknown_options(text) == []
    everywhere = set.union(*OPTIONS.values())
    alone = re.findall(r"`(--[a-z-]+)", text)
    assert [option for option in alone if option not in everywhere] == []


def test_an_option_that_is_not_there_is_found() -> None:
    assert unknown_options("`formatpicker recommend me.yaml --jsn`") == ["recommend: --jsn"]
    assert unknown_options("$ formatpicker catalog audit --set x --on y") == ["catalog audit: --set"]
    assert unknown_options("formatpicker recommend --set a=b --json | jq --slurp") == []


def test_the_readme_lists_every_question() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [id for id in load_catalog().questions if f"| `{id}` |" not in text] == []


def property_names(schema: Any) -> set[str]:
    """Every field name of a JSON Schema but those of the answers, which depend on the catalog."""
    if isinstance(schema, list):
        return {name for item in schema for name in property_names(item)}
    if not isinstance(schema, dict):
        return set()
    here = schema.get("properties", {})
    below = [value for key, value in schema.items() if key != "properties"]
    inside = [value for key, value in here.items() if key != "answers"]
    return {*here, *property_names(below), *property_names(inside)}


def test_the_page_on_output_names_every_field_of_a_recommendation() -> None:
    text = (ROOT / "docs" / "output.md").read_text("utf-8")
    names = property_names(json_schema("recommendation", load_catalog()))
    assert {"ranking", "blockers", "needs", "official"} <= names
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_the_page_on_architecture_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "formatpicker"
    rooms = [
        f"{path.relative_to(source).as_posix()}/" for path in source.rglob("*") if path.is_dir() and path.name[0] != "_"
    ]
    assert rooms
    assert sorted(room for room in rooms if f"`{room}`" not in text) == []


def refreshed(page: Path) -> str:
    """A page with the output that its sessions give now."""
    lines = page.read_text("utf-8").splitlines()
    for block in reversed([block for block in blocks(page) if block.kind == "console"]):
        session: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            write_files(page, Path(folder))
            for step in steps(block):
                printed = run(step, Path(folder))
                if any(line.startswith("Traceback ") for line in printed):
                    raise SystemExit(f"{block.name}: $ {step.command}\n" + "\n".join(printed))
                if step.output[-1:] == (MORE,):
                    printed = [*printed[: len(step.output) - 1], MORE]
                session += [*step.shown, *printed]
        lines[block.start : block.start + len(block.lines)] = session
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for each in PAGES:
        each.write_text(refreshed(each), "utf-8")

"""The README and the pages in docs/ say what the program does: every session they show is run and compared.

How the pages are written:

- A ``console`` block is a terminal session. Lines that begin with "$ " are run by the shell, in a fresh folder; the
  lines below are the output, errors included. A command goes on in lines that begin with "> ". A last line "..."
  stands for more output.
- A ``yaml`` block whose first line is a comment with a file name, such as "# me.yaml", is a file of that name in the
  folder of every session on its page.
- A ``python`` block is an interpreter session.

After a change to the output, ``python tests/test_docs.py`` writes the new output into the pages; read the difference.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

from formatpicker import load_catalog
from formatpicker.cli import app
from formatpicker.render.schemas import json_schema

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MORE = "..."
FILE_NAME = re.compile(r"# ([a-z0-9-]+\.(?:yaml|json))")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HAS_JQ = shutil.which("jq") is not None


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
    return [pytest.param(block, id=block.name) for page in PAGES for block in blocks(page) if block.kind == kind]


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
    for block in blocks(page):
        match = FILE_NAME.fullmatch(block.lines[0]) if block.kind == "yaml" else None
        if match:
            (folder / match[1]).write_text("\n".join(block.lines) + "\n", "utf-8")


def run(command: str, folder: Path) -> list[str]:
    """What a command prints, standard error included, as on a terminal of 80 columns and 24 lines."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    screen = {"COLUMNS": "80", "LINES": "24", "PYTHONUTF8": "1"}
    environ = {key: value for key, value in os.environ.items() if key != "FORMATPICKER_CATALOG"}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={**environ, **screen, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("block", blocks_of("console"))
def test_a_session_prints_what_the_page_shows(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    for step in steps(block):
        before_jq, piped, _ = re.sub(r"\|\s+jq", "| jq", step.command).partition("| jq")
        if piped and not HAS_JQ:
            # Without jq what it would have read can still be checked: exactly one JSON document.
            json.loads("\n".join(run(before_jq, tmp_path)))
            continue
        printed, shown = run(step.command, tmp_path), list(step.output)
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
    group: Any = typer.main.get_command(app)
    nested = group.commands["catalog"].commands
    names = [*(name for name in group.commands if name != "catalog"), *(f"catalog {name}" for name in nested)]
    assert [name for name in names if f"`formatpicker {name}" not in text] == []


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


def test_the_page_on_architecture_names_every_module() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "formatpicker"
    modules = [
        ".".join(path.relative_to(source).with_suffix("").parts)
        for path in source.rglob("*.py")
        if not path.name.startswith("__")
    ]
    assert modules
    assert sorted(name for name in modules if f"`{name}`" not in text) == []


def refreshed(page: Path) -> str:
    """A page with the output that its sessions give now."""
    lines = page.read_text("utf-8").splitlines()
    for block in reversed([block for block in blocks(page) if block.kind == "console"]):
        session: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            write_files(page, Path(folder))
            for step in steps(block):
                printed = run(step.command, Path(folder))
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

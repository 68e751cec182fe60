"""The README and the pages in docs/ say what the program does: every session they show is run and compared.

``sessions`` says how the pages are written. After a change to the output, ``python tools/record.py`` writes the new
output into them; read the difference.
"""

from __future__ import annotations

import doctest
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from formatpicker import load_catalog
from formatpicker.cli.app import command_tree
from formatpicker.output.json.schemas import json_schema
from sessions import MORE, PAGES, ROOT, Block, blocks, run, steps, write_files

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks_of(kind: str) -> list[Any]:
    return [
        pytest.param(block, id=block.name)
        for page in PAGES
        for block in blocks(page)
        if block.kind == kind and not block.file
    ]


@pytest.mark.parametrize("block", blocks_of("console"))
def test_a_session_prints_what_the_page_shows(block: Block, tmp_path: Path) -> None:
    write_files(block.page, tmp_path)
    if shutil.which("make") is None and any(step.command.startswith("make ") for step in steps(block)):
        pytest.skip("make is not installed on this machine")
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


def test_the_readme_shows_one_session() -> None:
    """All others stand in the documentation, so that the page stays short."""
    assert [block.kind for block in blocks(ROOT / "README.md")].count("console") == 1


def set_up_lines() -> list[str]:
    found = [block.lines for block in blocks(ROOT / "README.md") if block.kind == "sh"]
    return [line for lines in found for line in lines if line.startswith("python3 -m venv .venv && ")]


def test_the_readme_sets_up_in_one_line_for_use_and_in_one_for_tests() -> None:
    use, tests = set_up_lines()
    assert " && .venv/bin/formatpicker recommend --set " in use
    assert " && .venv/bin/pytest" in tests
    # Both install nothing that is not pinned with its hash, in the file for their purpose.
    for line, name in ((use, "core"), (tests, "test")):
        installs = re.findall(r"pip install ([^&]*) &&", line)
        assert len(installs) == 2
        assert installs[0] == f"-q --require-hashes -r requirements/{name}.txt"
        assert installs[1].startswith("-q --no-deps --no-build-isolation ")


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


def test_the_page_on_answers_lists_every_question() -> None:
    text = (ROOT / "docs" / "answers.md").read_text("utf-8")
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
    schema = json_schema("recommendation", load_catalog())
    del schema["$defs"]["Answers"]  # questions and goals
    names = property_names(schema)
    assert {"ranking", "blockers", "needs", "official"} <= names
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_the_page_on_architecture_names_every_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    source = ROOT / "src" / "formatpicker"
    rooms = {f"{path.parent.relative_to(source).as_posix()}/" for path in source.rglob("*.py")} - {"./"}
    assert rooms
    assert sorted(room for room in rooms if f"`{room}`" not in text) == []

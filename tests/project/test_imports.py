"""Start-up time is spent on imports, and time moves with the machine; what is imported does not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from formatpicker.cli.app import COMMANDS
from running import environment

# Runs the command line as the installed script does, and tells what that imported.
PROBE = """
import atexit, sys
before = {*sys.modules}
atexit.register(lambda: sys.stderr.write("\\n".join(sys.modules.keys() - before)))
from formatpicker.__main__ import main
main()
"""


def imported(*arguments: str, env: Mapping[str, str] | None = None) -> set[str]:
    """The modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], env=environment(env), capture_output=True, text=True, check=True
    )
    return set(done.stderr.split("\n"))


def own(modules: set[str]) -> set[str]:
    """Those of this package, by their names inside it."""
    return {name.removeprefix("formatpicker.") for name in modules if name.startswith("formatpicker.")}


def packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize(
    "arguments",
    [
        ["recommend", "--set", "weeks=4", "--json"],
        ["recommend", "--set", "weeks=4"],
        ["formats", "internship", "--json"],
        ["schema", "answers"],
    ],
    ids=" ".join,
)
def test_a_result_from_a_warm_cache_needs_no_heavy_package(arguments: list[str]) -> None:
    imported(*arguments)  # The first run leaves the checked catalog in the cache.
    modules = imported(*arguments)
    assert "formatpicker.cli" in modules
    assert packages(modules) & {"pydantic", "pydantic_core", "rich"} == set()


@pytest.mark.parametrize(
    "arguments", [["recommend", "--set", "weeks=4"], ["formats"], ["compare", "internship", "apprenticeship"]]
)
def test_what_the_questionnaire_draws_with_is_loaded_by_nothing_else(arguments: list[str]) -> None:
    assert packages(imported(*arguments)) & {"prompt_toolkit", "platformdirs", "asyncio"} == set()


def test_answers_that_come_as_settings_need_no_yaml() -> None:
    imported("recommend", "--set", "weeks=4", "--json")
    assert "yaml" not in packages(imported("recommend", "--set", "weeks=4", "--json"))


def test_answers_in_json_need_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "me.json").write_text('{"weeks": 4}')
    for _ in range(2):
        modules = imported("recommend", str(tmp_path / "me.json"), "--json")
    assert "yaml" not in packages(modules)


def test_offers_need_no_pydantic(tmp_path: Path) -> None:
    (tmp_path / "offers.yaml").write_text("[{format: internship, pay: 18 USD/hour}]")
    for _ in range(2):
        modules = imported("offers", str(tmp_path / "offers.yaml"), "--set", "pay=required")
    assert packages(modules) & {"pydantic", "pydantic_core", "rich", "prompt_toolkit"} == set()


def test_a_table_needs_no_pydantic(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("weeks\n4\n")
    for _ in range(2):
        modules = imported("batch", str(tmp_path / "table.csv"))
    assert packages(modules) & {"yaml", "pydantic", "pydantic_core", "rich"} == set()


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_what_needs_no_catalog_does_not_load_one(argument: str) -> None:
    modules = imported(argument)
    assert packages(modules) & {"yaml", "pydantic", "pydantic_core", "rich"} == set()
    assert [module for module in modules if module.startswith("formatpicker.catalog")] == []


def test_the_version_is_told_without_the_command_line() -> None:
    modules = imported("--version")
    assert packages(modules) & {"typer", "typing", "dataclasses"} == set()
    assert own(modules) == {"__main__"}


def test_help_and_completion_load_the_commands_and_nothing_that_they_need() -> None:
    tab = {"_FORMATPICKER_COMPLETE": "complete_bash", "COMP_WORDS": "formatpicker ", "COMP_CWORD": "1"}
    commands = {f"cli.{module}" for module in COMMANDS.values()}
    expected = {"__main__", "cli", "cli.app", "cli.completion", "cli.signals", "errors", "base", "base.text", *commands}
    for modules in (imported("--help"), imported(env=tab)):
        assert own(modules) == expected
        assert packages(modules) & {"yaml", "pydantic", "pydantic_core", "rich"} == set()


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["recommend", "--set", "weeks=4"], "cli.person"),
        (["explain", "--set", "weeks=4", "--json"], "cli.person"),
        (["schema", "answers"], "cli.catalog"),
        (["catalog", "path"], "cli.catalog"),
        (["recommend", "--help"], "cli.person"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_command_loads_no_other_commands(arguments: list[str], module: str) -> None:
    loaded = {name for name in own(imported(*arguments)) if name.startswith("cli.")}
    assert loaded == {"cli.app", "cli.completion", "cli.signals", module}


def test_a_result_on_one_page_loads_only_what_it_shows() -> None:
    imported("recommend", "--set", "weeks=4")
    loaded = own(imported("recommend", "--set", "weeks=4"))
    assert (
        loaded
        & {
            "output.json.person",
            "output.text.catalog",
            "output.json.schemas",
            "cli.dialogue",
            "advice.questionnaire",
            "base.yaml_reader",
        }
        == set()
    )

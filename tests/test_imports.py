"""Start-up time is spent on imports, and time moves with the machine; what is imported does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from running import environment

# Runs the command line as ``main`` does, then tells what was imported.
PROBE = """
import sys
from formatpicker.cli import main
try:
    main()
finally:
    sys.stderr.write("\\n".join(sorted(sys.modules)))
"""


def imported(*arguments: str) -> set[str]:
    """The modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], env=environment(), capture_output=True, text=True, check=True
    )
    return set(done.stderr.split("\n"))


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


def test_answers_that_come_as_settings_need_no_yaml() -> None:
    imported("recommend", "--set", "weeks=4", "--json")
    assert "yaml" not in packages(imported("recommend", "--set", "weeks=4", "--json"))


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_what_needs_no_catalog_does_not_load_one(argument: str) -> None:
    modules = imported(argument)
    assert packages(modules) & {"yaml", "pydantic", "pydantic_core", "rich"} == set()
    assert [module for module in modules if module.startswith("formatpicker.catalog")] == []

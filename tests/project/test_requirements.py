"""The tested versions: every package that an installation for a purpose brings, allowed, with hashes, and no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import lock

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PIN = re.compile(
    r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([0-9a-z.]+)((?: ; [^\\]+)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def text_of(name: str) -> str:
    return lock.path(name).read_text("utf-8")


def pins(name: str) -> set[tuple[str, str]]:
    """Each package and its version; a package can have one version for some Pythons and another for others."""
    return {(package, version) for package, version, *_ in PIN.findall(text_of(name))}


def group(name: str) -> Iterator[str]:
    """The requirements of a dependency group, those of the groups in it included."""
    for each in PYPROJECT["dependency-groups"][name]:
        if isinstance(each, str):
            yield each
        else:
            yield from group(each["include-group"])


def test_every_purpose_has_a_file() -> None:
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == set(lock.FILES)


@pytest.mark.parametrize("name", lock.FILES)
def test_every_line_is_a_version_with_its_hashes(name: str) -> None:
    # Nothing else may stand there: no address of an index, which is the choice of whoever installs.
    assert re.sub(r"^#.*\n", "", PIN.sub("", text_of(name)), flags=re.MULTILINE).strip() == ""
    assert "://" not in text_of(name)


@pytest.mark.parametrize("name", lock.FILES)
def test_the_versions_are_those_that_the_project_allows(name: str) -> None:
    # After a change of dependencies: python tools/lock.py.
    in_group, extras = lock.FILES[name]
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *group(in_group)]
    wanted += [text for extra in extras for text in project["optional-dependencies"][extra]]
    for requirement in map(Requirement, wanted):
        found = [version for package, version in pins(name) if package == canonicalize_name(requirement.name)]
        assert found, requirement
        assert [version for version in found if version not in requirement.specifier] == [], requirement


@pytest.mark.parametrize("name", ["core", "dev", "pipelines"])
def test_a_package_has_the_same_version_for_every_purpose(name: str) -> None:
    tested = pins("test")
    names = {package for package, _ in tested}
    assert {pin for pin in pins(name) if pin[0] in names} <= tested


def test_what_builds_the_package_is_pinned_with_the_rest() -> None:
    assert PYPROJECT["build-system"]["requires"] == list(group("build"))


def test_the_core_is_the_list_of_licenses_and_what_builds_it() -> None:
    page = (ROOT / "docs" / "licenses.md").read_text("utf-8")
    core = page.partition("\n## Core\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| \[?([A-Za-z0-9._-]+)", core, re.MULTILINE)) - {"package"}
    names = {package for package, _ in pins("core")}
    assert {str(canonicalize_name(name)) for name in listed} <= names
    # hatchling, and what it requires itself.
    building = {"hatchling", "packaging", "pathspec", "pluggy", "tomli", "tomlkit", "trove-classifiers"}
    assert names - {str(canonicalize_name(name)) for name in listed} <= building

"""The versions for a repeatable installation: those of every package of the core, allowed, and with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "constraints.txt").read_text("utf-8")
PIN = re.compile(
    r"^([a-z0-9-]+)==([0-9.]+)((?: ; [^\\]+)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def pins() -> dict[str, str]:
    return {name: version for name, version, *_ in PIN.findall(TEXT)}


def test_every_line_is_a_version_with_its_hashes() -> None:
    # Nothing else may stand there: no address of an index, which is the choice of whoever installs.
    assert re.sub(r"^#.*\n", "", PIN.sub("", TEXT), flags=re.MULTILINE).strip() == ""
    assert "://" not in TEXT


def test_the_versions_are_those_that_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for text in project["dependencies"]:
        requirement = Requirement(text)
        assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)]), text


def test_the_packages_are_those_of_the_list_of_licenses() -> None:
    page = (ROOT / "docs" / "licenses.md").read_text("utf-8")
    core = page.partition("\n## Core\n")[2].partition("\n## ")[0]
    names = re.findall(r"^\| \[?([A-Za-z0-9._-]+)", core, re.MULTILINE)
    assert sorted(pins()) == sorted(str(canonicalize_name(name)) for name in names if name != "package")

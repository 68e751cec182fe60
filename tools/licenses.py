"""Writes the list of dependencies and their licenses: ``python tools/licenses.py``, in an environment with every extra.

Reads what is installed, so it needs no network. Extras come from ``pyproject.toml``; a new extra needs no line here.
Packages that only some systems or versions of Python need are listed as well.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licenses.md"
CORE = "core"
UNKNOWN = "not declared"
# Texts of the old free-form field and of classifiers, and what the index of licenses calls them.
NAMES = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


# Packages that declare the family alone; which one it is stands in their text.
DECLARED_LOOSELY = {"prompt_toolkit": "BSD-3-Clause"}

# Needed on other systems or versions of Python than the usual ones, so perhaps not installed where this runs.
ELSEWHERE = {"colorama": "BSD-3-Clause"}
SYSTEMS = (("Linux", "linux", "posix"), ("Darwin", "darwin", "posix"), ("Windows", "win32", "nt"))
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ENVIRONMENTS = tuple(
    {
        "platform_system": system,
        "sys_platform": platform,
        "os_name": os_name,
        "python_version": version,
        "python_full_version": f"{version}.0",
    }
    for system, platform, os_name in SYSTEMS
    for version in VERSIONS
)


def canonical_requirement(text: str) -> tuple[Requirement, str]:
    """A requirement, and the name by which packages are compared."""
    requirement = Requirement(text)
    return requirement, str(canonicalize_name(requirement.name))


def project_table() -> dict[str, Any]:
    """What ``pyproject.toml`` says of the project."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


PROJECT = project_table()
OWN = canonicalize_name(PROJECT["name"])


def declared_extras() -> dict[str, list[str]]:
    """The requirements of the core and of every extra."""
    return {CORE: PROJECT["dependencies"], **PROJECT.get("optional-dependencies", {})}


def requirements_of(name: str, extras: set[str]) -> list[str]:
    """What a package requires; of this project by its own file, which an older installation may not follow."""
    if name == OWN:
        return [text for extra in sorted(extras) for text in PROJECT["optional-dependencies"][extra]]
    return distribution(name).requires or []


def closure(requirements: list[str], environment: dict[str, str]) -> set[str]:
    """The names of the packages that some requirements bring in, one by another."""
    found: set[tuple[str, str]] = set()
    waiting = [(text, "") for text in requirements]
    while waiting:
        text, asked = waiting.pop()
        requirement, name = canonical_requirement(text)
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": asked}):
            continue
        for extra in {"", *requirement.extras}:
            if (name, extra) in found:
                continue
            found.add((name, extra))
            if is_installed(name) or name == OWN:
                waiting += [(below, extra) for below in requirements_of(name, {*requirement.extras})]
    return {name for name, _ in found} - {OWN}


def is_installed(name: str) -> bool:
    """Whether the package's own description can be read."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def everywhere(requirements: list[str]) -> dict[str, bool]:
    """The packages needed anywhere, and whether each is needed everywhere."""
    each = [closure(requirements, environment) for environment in ENVIRONMENTS]
    return {name: all(name in names for names in each) for name in sorted(set().union(*each))}


def license_of(package: Distribution) -> str:
    """The license as the package declares it: by expression, else by classifier, else in a short text of its own."""
    meta: Any = package.metadata
    if package.name in DECLARED_LOOSELY:
        return DECLARED_LOOSELY[package.name]
    if expression := meta.get("License-Expression"):
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2] for line in meta.get_all("Classifier", []) if line.startswith("License :: ")
    ]
    text = str(meta.get("License") or "").strip()
    names = [name for name in classified if name != "OSI Approved"] or ([text] if text and "\n" not in text else [])
    return " and ".join(NAMES.get(name, name) for name in names) or UNKNOWN


def home_of(package: Distribution) -> str:
    """Where the sources or the pages of a package are."""
    meta: Any = package.metadata
    links = {}
    for line in meta.get_all("Project-URL", []):
        label, _, url = line.partition(",")
        links[label.strip().casefold()] = url.strip()
    wanted = ("source", "source code", "repository", "github", "homepage", "home")
    return next((links[label] for label in wanted if label in links), str(meta.get("Home-page") or ""))


def row(name: str, always: bool) -> str:
    """One package as the page shows it."""
    note = "" if always else ", on some systems or versions of Python"
    if name in ELSEWHERE or not is_installed(name):  # the page is the same on every system
        return f"| {name}{note} | {ELSEWHERE[name]} |"
    package = distribution(name)
    shown, home = package.metadata["Name"], home_of(package)
    return f"| {f'[{shown}]({home})' if home else shown}{note} | {license_of(package)} |"


def section(extra: str, requirements: list[str], core: set[str]) -> Iterator[str]:
    """The table of one extra: what it brings beyond the core."""
    packages = {name: always for name, always in everywhere(requirements).items() if name not in core}
    yield from ("", "## Core" if extra == CORE else f"## Extra `{extra}`", "")
    missing = [name for name in packages if not is_installed(name) and name not in ELSEWHERE]
    if missing:
        yield f"{NOT_READ} {', '.join(missing)}"
        return
    yield from ("| package | license |", "|---|---|")
    yield from (row(name, always) for name, always in packages.items())


NOT_READ = "Not installed here, so not read:"
INTRODUCTION = """\
# Licenses

formatpicker is under the [MIT license](https://spdx.org/licenses/MIT.html). It brings no code of others in its own
files. Installing it brings these packages, each under the license that it declares. An extra is what
`pip install 'formatpicker[NAME]'` adds; its table leaves out what the core brings already.

A package that was compiled can hold libraries in other languages under licenses of their own; it names them itself.

This page is written by `tools/licenses.py` from the installed packages."""


def page() -> list[str]:
    """The lines of the page."""
    extras = declared_extras()
    core = set(everywhere(extras[CORE]))
    tables = [line for name in extras for line in section(name, extras[name], set() if name == CORE else core)]
    return [*INTRODUCTION.split("\n"), *tables]


def main(arguments: list[str]) -> int:
    """Write the page, to the file named or in its place; there it must be whole."""
    lines = page()
    unread = [line for line in lines if line.startswith(NOT_READ)]
    if unread and not arguments:
        print("tools/licenses.py: install every extra first.", *unread, sep="\n", file=sys.stderr)
        return 1
    (Path(arguments[0]) if arguments else PAGE).write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

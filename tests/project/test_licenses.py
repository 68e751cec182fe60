"""The list of dependencies names every package that an installation brings, with its license, and no other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "licenses.md"
SCRIPT = ROOT / "tools" / "licenses.py"
NOT_READ = "Not installed here"
ROW = re.compile(r"^\| \[?([A-Za-z0-9._-]+)(?:\]\([^)]*\))?(?:, on [^|]*)? \| ([^|]+) \|$", re.MULTILINE)


def tables(text: str) -> dict[str, str]:
    """The part of a page below each heading."""
    _, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}


def licenses(table: str) -> dict[str, str]:
    return {name.casefold(): license for name, license in ROW.findall(table) if name != "package"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the script says of the packages that are installed now."""
    page = tmp_path_factory.mktemp("licenses") / "fresh.md"
    subprocess.run([sys.executable, SCRIPT, page], check=True)
    return tables(page.read_text("utf-8"))


COMMITTED = tables(PAGE.read_text("utf-8"))


def test_the_page_has_every_package_and_license_and_no_other(fresh: dict[str, str]) -> None:
    # If this fails, install every extra and run: python tools/licenses.py. What cannot be checked here for want of an
    # extra is told at the end of the test run.
    read = {extra: licenses(table) for extra, table in fresh.items() if NOT_READ not in table}
    assert {extra: licenses(COMMITTED[extra]) for extra in read} == read
    assert set(COMMITTED) == set(fresh)


def test_the_page_was_written_with_every_extra_installed() -> None:
    assert [extra for extra, table in COMMITTED.items() if NOT_READ in table] == []


def test_the_page_has_what_the_project_asks_for_even_of_extras_that_are_not_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {"Core": project["dependencies"], **{f"Extra `{name}`": extras[name] for name in extras}}
    assert set(COMMITTED) == set(wanted)
    for heading, requirements in wanted.items():
        names = {re.split(r"[^A-Za-z0-9._-]", text)[0].casefold() for text in requirements} - {project["name"]}
        assert names <= {*licenses(COMMITTED[heading]), *licenses(COMMITTED["Core"])}, heading


def test_every_license_of_the_core_is_a_permissive_one() -> None:
    assert set(licenses(COMMITTED["Core"]).values()) <= {"MIT", "ISC", "PSF-2.0", "BSD-2-Clause", "BSD-3-Clause"}


def test_the_script_writes_no_page_that_leaves_an_extra_out(tmp_path: Path) -> None:
    """In a project with an extra that nobody has installed, the page is not written over."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "licenses.md").write_text("the old page")
    (tmp_path / "tools" / "licenses.py").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "x"\ndependencies = ["pyyaml"]\n'
        '[project.optional-dependencies]\nmore = ["x[most]"]\nmost = ["no-such-package-anywhere>=1", "rich"]\n'
    )
    script = tmp_path / "tools" / "licenses.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "install every extra first" in done.stderr
    assert done.stderr.count("no-such-package-anywhere") == 2  # by way of "more" and by itself
    assert (tmp_path / "docs" / "licenses.md").read_text() == "the old page"
    asked = subprocess.run([sys.executable, script, tmp_path / "part.md"], capture_output=True, text=True, check=True)
    assert asked.stderr == ""
    part = tables((tmp_path / "part.md").read_text())
    assert licenses(part["Core"]) == {"pyyaml": "MIT"}
    assert part["Extra `most`"].strip() == "Not installed here, so not read: no-such-package-anywhere"

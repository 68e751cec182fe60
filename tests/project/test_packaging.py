"""The package as others get it: an archive built from the sources, a wheel built from that, installed elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import formatpicker
from formatpicker.catalog.store import shipped_path
from running import environment

ROOT = Path(__file__).parent.parent.parent
SETTINGS = ["--set", "goals=explore,portfolio", "--set", "weeks=4"]


# What `python -m build --no-isolation` calls, without the second process that it starts for each of them.
BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def built(kind: str, source: Path, into: Path, umask: int = 0o022, **changes: str | None) -> Path:
    """A source archive (``sdist``) or a ``wheel`` of a source folder."""
    into.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, f"build_{kind}", str(into)],
        cwd=source,
        env=environment({"PYTHONDONTWRITEBYTECODE": "1", **changes}),
        umask=umask,
        capture_output=True,
        text=True,
        check=True,
    )
    return into / done.stdout.split()[-1]


def test_what_a_pinned_package_asks_for_with_an_extra_is_pinned_with_it() -> None:
    """Or pip 23.2 takes its newest release, and the set-up of the README fails on the day when there is one."""
    text = (ROOT / "requirements" / "test.txt").read_text("utf-8")
    pins = [Requirement(line.split(" \\")[0]) for line in text.splitlines() if line[:1].isalnum()]
    assert len(pins) > 50
    pinned = {(each.name, extra) for each in pins for extra in each.extras}
    asked = set()
    for pin in pins:
        if pin.marker is None or pin.marker.evaluate():
            needed = [Requirement(line) for line in requires(pin.name) or ()]
            asked |= {
                (canonicalize_name(each.name), extra) for each in needed if holds(each, pin) for extra in each.extras
            }
    assert ("coverage", "toml") in asked
    assert asked <= pinned


def holds(needed: Requirement, pin: Requirement) -> bool:
    """Whether a package asks for another one, as it is pinned."""
    return needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in {"", *pin.extras})


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive of this checkout."""
    return built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the source archive unpacks to."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"formatpicker-{formatpicker.__version__}"


@pytest.fixture(scope="module")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built the way ``python -m build`` does it: by way of the source archive."""
    return built("wheel", unpacked, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was installed, without its dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", "--no-warn-script-location"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(wheel)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    return folder


def run_installed(installed: Path, cwd: Path, *arguments: str) -> str:
    """Run the installed package, ahead of the checkout on the path, in a folder outside the checkout."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        env=environment({"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(cwd / "cache")}),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


# --- the same bytes ----------------------------------------------------------------------------------------------

LATER = 1_900_000_000  # in 2030
CALLED_OFF = {"SOURCE_DATE_EPOCH": None, "TZ": "Pacific/Auckland", "LC_ALL": "C"}


@pytest.fixture(scope="module")
def elsewhere(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same sources in another folder, with other times and other permissions."""
    copy = tmp_path_factory.mktemp("elsewhere") / "another name"
    shutil.copytree(unpacked, copy)
    for file in (each for each in copy.rglob("*") if each.is_file()):
        file.chmod(0o700 if os.access(file, os.X_OK) else 0o600)
        os.utime(file, (LATER, LATER))
    return copy


def test_the_same_sources_give_the_same_bytes(sdist: Path, wheel: Path, elsewhere: Path, tmp_path: Path) -> None:
    """Also a source archive that is unpacked and built again."""
    for kind, first in (("sdist", sdist), ("wheel", wheel)):
        second = built(kind, elsewhere, tmp_path / kind, umask=0o077, **CALLED_OFF)
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


def test_the_date_of_a_release_can_be_put_into_its_files(unpacked: Path, tmp_path: Path) -> None:
    dated = built("wheel", unpacked, tmp_path, SOURCE_DATE_EPOCH=str(LATER))
    # 1,900,000,000 seconds are 17:46:40 on 17 March 2030.
    assert {info.date_time for info in zipfile.ZipFile(dated).infolist()} == {(2030, 3, 17, 17, 46, 40)}


def test_the_wheel_of_the_source_archive_is_the_wheel_of_the_checkout(wheel: Path, tmp_path: Path) -> None:
    assert built("wheel", ROOT, tmp_path).read_bytes() == wheel.read_bytes()


# --- what is in them ---------------------------------------------------------------------------------------------


def kept_files(*more: str) -> set[str]:
    """The files of the project: those that git keeps, or in an unpacked archive all that its build would take."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z", *more], cwd=ROOT, capture_output=True, text=True, check=True)
        return {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    found = {file for name in wanted["include"] for file in [ROOT / name, *(ROOT / name).rglob("*")] if file.is_file()}
    return {file.relative_to(ROOT).as_posix() for file in found if "__pycache__" not in file.parts}


def test_the_source_archive_holds_every_file_of_the_project(unpacked: Path) -> None:
    held = {file.relative_to(unpacked).as_posix() for file in unpacked.rglob("*") if file.is_file()}
    assert kept_files() - held == set()
    # And nothing that was left lying about: what git is told to ignore stays out.
    kept_and_new = kept_files("--cached", "--others", "--exclude-standard")
    assert held - kept_and_new <= {"PKG-INFO", "pyproject.toml", ".gitignore"}


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"formatpicker/data/formats.yaml", "formatpicker/py.typed", "formatpicker/catalog/store.py"} <= set(names)
    version = formatpicker.__version__
    assert {name.partition("/")[0] for name in names} == {
        "formatpicker",
        f"formatpicker-{version}.dist-info",
        f"formatpicker-{version}.data",
    }
    shared = [name.partition("/")[2] for name in names if name.startswith(f"formatpicker-{version}.data/")]
    assert shared == ["data/share/man/man1/formatpicker.1"]
    assert [name for name in names if name.endswith((".pyc", ".bak"))] == []


def test_the_wheel_holds_every_module(wheel: Path) -> None:
    source = ROOT / "src"
    modules = {file.relative_to(source).as_posix() for file in source.rglob("*.py")}
    assert modules <= set(zipfile.ZipFile(wheel).namelist())


def test_the_catalog_lies_inside_the_installed_package(installed: Path, tmp_path: Path) -> None:
    where = run_installed(installed, tmp_path, "-m", "formatpicker", "catalog", "path").strip()
    assert Path(where) == installed / "formatpicker" / "data" / "formats.yaml"
    assert Path(where).read_bytes() == (ROOT / "data" / "formats.yaml").read_bytes()


def test_the_installed_package_recommends_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    out = run_installed(installed, tmp_path, "-m", "formatpicker", "recommend", *SETTINGS, "--json")
    assert json.loads(out)["top"] == ["micro-internship"]


def test_the_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    out = run_installed(installed, tmp_path, str(installed / "bin" / "formatpicker"), "--version")
    assert out == f"formatpicker {formatpicker.__version__}\n"


def test_the_manual_page_is_installed_where_man_looks(installed: Path) -> None:
    # `man` looks in share/man beside the bin folder of each entry of PATH.
    page = installed / "share" / "man" / "man1" / "formatpicker.1"
    assert page.read_bytes() == (ROOT / "man" / "formatpicker.1").read_bytes()


def test_the_installed_package_is_typed_and_importable(installed: Path, tmp_path: Path) -> None:
    code = "import formatpicker; print(formatpicker.recommend(formatpicker.load_catalog(), {'weeks': 4}).top[0])"
    assert run_installed(installed, tmp_path, "-c", code) == "micro-internship\n"


def test_the_editable_install_finds_the_catalog_of_the_checkout() -> None:
    assert shipped_path() == ROOT / "data" / "formats.yaml"

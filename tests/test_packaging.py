"""The package as others get it: an archive built from the sources, a wheel built from that, installed elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import formatpicker
from formatpicker.catalog.store import shipped_path
from running import environment

ROOT = Path(__file__).parent.parent
SETTINGS = ["--set", "goals=explore,portfolio", "--set", "weeks=4"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built the way ``python -m build`` does it: by way of the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    [built] = folder.glob("*.whl")
    return built


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


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {"formatpicker/data/formats.yaml", "formatpicker/py.typed", "formatpicker/catalog/store.py"} <= set(names)
    assert {name.partition("/")[0] for name in names} == {
        "formatpicker",
        f"formatpicker-{formatpicker.__version__}.dist-info",
    }
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


def test_the_installed_package_is_typed_and_importable(installed: Path, tmp_path: Path) -> None:
    code = "import formatpicker; print(formatpicker.recommend(formatpicker.load_catalog(), {'weeks': 4}).top[0])"
    assert run_installed(installed, tmp_path, "-c", code) == "micro-internship\n"


def test_the_editable_install_finds_the_catalog_of_the_checkout() -> None:
    assert shipped_path() == ROOT / "data" / "formats.yaml"

"""What all tests share: a clean environment, the two catalogs and the settings of Hypothesis."""

from __future__ import annotations

import re
import signal
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from contract import every_document_checked
from formatpicker import Catalog, load_catalog
from formatpicker.catalog.store import shipped_path

CASES = Path(__file__).parent / "cases"

# The same examples on every run and every machine, of which .ci/run tries more; no time limits, since a busy machine is
# not a fault. Making a random catalog that breaks a law small takes minutes: ask for it with
# --hypothesis-profile=shrinking.
settings.register_profile(
    "formatpicker",
    max_examples=24,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("formatpicker"), max_examples=80)
settings.register_profile("shrinking", settings.get_profile("formatpicker"), phases=tuple(Phase))
settings.load_profile("formatpicker")

# Under nohup, or in the background of a shell, these are ignored, and whatever is started inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of its own, a terminal of a fixed size, and nothing of the user's that could change a result."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("PAGER", "cat")
        patch.setenv("COLUMNS", "80")
        patch.setenv("LINES", "24")
        patch.setenv("FORMATPICKER_TODAY", "2026-11-25")
        for name in ("NO_COLOR", "FORCE_COLOR", "FORMATPICKER_CATALOG", "ACCESSIBLE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def documents_follow_their_schemas(clean_environment: None) -> Iterator[None]:
    """Whatever a test makes the program print as JSON in this process is valid."""
    with every_document_checked():
        yield


@pytest.fixture(scope="session")
def shipped(clean_environment: None) -> Catalog:
    """The catalog that comes with the package."""
    return load_catalog(shipped_path())


@pytest.fixture(scope="session")
def toy(clean_environment: None) -> Catalog:
    """Three core formats, one variant and one lookup, with numbers easy enough to work out by hand."""
    return load_catalog(CASES / "toy.yaml")


def is_installed(requirement: str) -> bool:
    try:
        distribution(re.split(r"[^A-Za-z0-9._-]", requirement)[0])
    except PackageNotFoundError:
        return False
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the tests could not look at: the licenses of extras that are not installed."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    for name, requirements in project["optional-dependencies"].items():
        missing = [text for text in requirements if not is_installed(text)]
        if missing:
            terminalreporter.write_line(f"docs/licenses.md: extra {name} not checked, not installed: {missing}")

"""Writes requirements/*.txt, the tested versions of all packages with their hashes: ``python tools/lock.py``.

Needs uv (in the group ``dev``) and the network. One file serves every system and every Python that ``pyproject.toml``
lists. Pins that are still allowed stay; ``--upgrade`` takes the newest of everything. Run the tests with the result
before you keep it.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = tuple(PROJECT["optional-dependencies"])
SYSTEMS = ("x86_64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc")
# Each file: the group that it adds to the core, and the extras. The later ones keep to the versions of the earlier.
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "core": ("build", ()),
    "test": ("test", EXTRAS),
    "dev": ("dev", EXTRAS),
    "pipelines": ("pipelines", EXTRAS),
    "clients": ("clients", EXTRAS),
}
# Published as sources alone, so that an installation builds it.
NO_WHEEL = ("pyspark",)
WHEELS_ONLY = ["--only-binary", ":all:", *(part for name in NO_WHEEL for part in ("--no-binary", name))]


def pythons() -> list[str]:
    """The versions that the project says it runs on, such as 3.11, the lowest first."""
    return [version for line in PROJECT["classifiers"] if (version := line.rpartition(" :: ")[2])[:2] == "3."]


def path(name: str) -> Path:
    """The file of a name."""
    return ROOT / "requirements" / f"{name}.txt"


def compiled(*arguments: str) -> None:
    """Resolve with uv; SystemExit with its message where that fails."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-annotate", *WHEELS_ONLY, *arguments]
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise SystemExit(f"tools/lock.py: failed: {' '.join(command)}")


def write(name: str, *more: str) -> None:
    """Pin one file.

    Extras stay in the names: where a package asks for ``coverage[toml]`` and ``coverage`` alone is pinned, the pip 23.2
    that Python 3.11 brings takes its newest release, which has no hash here.
    """
    group, extras = FILES[name]
    earlier = list(FILES)[: list(FILES).index(name)]
    compiled(
        "pyproject.toml",
        *("--group", group, *(part for extra in extras for part in ("--extra", extra))),
        *(part for each in earlier for part in ("--constraints", str(path(each).relative_to(ROOT)))),
        *("--universal", "--python-version", pythons()[0], "--generate-hashes", "--no-strip-extras"),
        *("--custom-compile-command", "python tools/lock.py"),
        *("--output-file", str(path(name).relative_to(ROOT)), *more),
    )


def check_wheels(name: str) -> None:
    """Every pin can be installed without a compiler on every supported Python and system."""
    for python in pythons():
        for system in SYSTEMS:
            compiled(str(path(name)), "--python-version", python, "--python-platform", system)


def main(arguments: list[str]) -> None:
    """Write and check all files."""
    if set(arguments) - {"--upgrade"}:
        raise SystemExit("usage: python tools/lock.py [--upgrade]")
    path("core").parent.mkdir(exist_ok=True)
    for name in FILES:
        write(name, *arguments)
        check_wheels(name)
        versions = sum(line[0].isalnum() for line in path(name).read_text("utf-8").splitlines())
        print(f"{path(name).relative_to(ROOT)}: {versions} versions")


if __name__ == "__main__":
    main(sys.argv[1:])

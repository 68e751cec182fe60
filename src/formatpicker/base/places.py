"""Where files are: those that come with the package, and what it writes for itself; and what of it can be trusted."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent
_loader: Any = __spec__.loader
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def shipped_file(name: str, folder: str = "data") -> Path:
    """Where a file that comes with the package is; ``folder`` is the one that holds it in a checkout."""
    installed, kept = _PACKAGE / "data" / name, _PACKAGE.parent.parent / folder / name
    return kept if kept.exists() and not installed.exists() else installed


def read_shipped(name: str, folder: str = "data") -> bytes:
    """What such a file holds, by the loader of the package, which can read an archive too."""
    data: bytes = _loader.get_data(str(shipped_file(name, folder)))
    return data


def cache_folder() -> Path | None:
    """The folder for what can be made again; None where there is no home."""
    return _folder("XDG_CACHE_HOME", ".cache", "user_cache_path")


def state_folder() -> Path | None:
    """The folder for what is left from one run to the next, drafts for instance; None where there is no home."""
    return _folder("XDG_STATE_HOME", ".local/state", "user_state_path")


def _folder(variable: str, usual: str, of_system: str) -> Path | None:
    """This program's folder below that of a variable, else where the system has it.

    A relative path would be another folder wherever a command is started, so it does not count. On Linux the rule of
    the XDG Base Directory Specification is all of it; platformdirs is loaded elsewhere alone, for it takes 5 ms of
    every command.
    """
    for place in (Path(os.environ.get(variable, "")), Path(os.environ.get("HOME", ""), usual)):
        if place.is_absolute():
            return place / "formatpicker"
        if sys.platform in ("win32", "darwin"):
            import platformdirs

            return Path(getattr(platformdirs, of_system)("formatpicker", appauthor=False))
    return None


def is_own(folder: Path) -> bool:
    """Whether nobody but this user could have put something into a folder."""
    try:
        return _is_mine(folder.stat())
    except OSError:
        return False


def _is_mine(found: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):  # Windows has other permissions, and folders of users are their own there
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def read_own(file: Path, most: int) -> bytes | None:
    """The bytes of a regular file of this user, not by a link to it, and not more than so many; else None."""
    try:
        handle = os.open(file, _READ)
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(handle)
        usable = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_size <= most and _is_mine(found)
        with os.fdopen(handle, "rb", closefd=False) if usable else contextlib.nullcontext() as stream:
            return stream.read(most) if stream else None
    except OSError:
        return None
    finally:
        os.close(handle)

"""The folders in which this system keeps what programs write for themselves."""

from __future__ import annotations

import os
import sys
from pathlib import Path


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

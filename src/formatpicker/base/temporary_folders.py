"""Folders that go with the program's end, or appear whole; what a killed run left of one is removed by the next."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from formatpicker.base.new_file import try_lock, writing
from formatpicker.errors import InputError

# What to call the place of temporary files where there is none to name.
TEMPORARY = "the folder for temporary files"
_PREFIX = "formatpicker-"
# Held for as long as the folder is in use; it is called so only once it is held, or another run would take it for left.
_LOCK, _NEW_LOCK = ".lock", ".new-lock"
# Of a longer name only so much is part of the hidden one, which must not be longer than file systems allow.
_MOST_NAME = 50
# Those of this process.
_in_use: set[Path] = set()


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that only its owner can read, and that goes with everything in it.

    Raises:
        InputError: None can be made; it is named, since no file that the user named is at fault.
    """
    with writing(TEMPORARY):
        place = Path(tempfile.gettempdir())
    with _folder_in(place, _PREFIX) as folder:
        yield folder


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Where to write what a folder is to hold, which appears with all of it or not at all; only its owner can read it.

    Raises:
        InputError: The folder holds something already, or cannot be made.
    """
    with writing(path):
        if path.exists() and not path.is_dir():
            raise InputError(str(path), "is a file; name a folder for the pages")
        if path.exists() and any(path.iterdir()):
            raise InputError(str(path), "is a folder with something in it; name a new one, or empty it first")
        final = path.resolve()
    with _folder_in(final.parent, f".{final.name[:_MOST_NAME]}.formatpicker-") as growing:
        whole = growing / "whole"
        with writing(path):
            whole.mkdir(mode=0o700)
        yield whole
        with writing(path):
            if final.exists():
                final.rmdir()
            whole.rename(final)


@contextlib.contextmanager
def _folder_in(place: Path, prefix: str) -> Iterator[Path]:
    """A folder in a certain place, with a name that begins in a certain way, that goes with everything in it.

    Raises:
        InputError: None can be made there.
    """
    _remove_leftovers(place, prefix)
    with writing(place):
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))  # mkdtemp: mode 0700
        lock = os.open(folder / _NEW_LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    _in_use.add(folder)
    try:
        if try_lock(lock):
            (folder / _NEW_LOCK).rename(folder / _LOCK)
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
        _in_use.discard(folder)


def abandon_all() -> None:
    """Remove every folder that is in use, for a process that ends at once."""
    for folder in [*_in_use]:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(place: Path, prefix: str) -> None:
    """Remove the folders of this user whose run has ended without doing so."""
    if not hasattr(os, "geteuid"):  # Windows empties its folder for temporary files itself
        return
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{glob.escape(prefix)}*"):
            with contextlib.suppress(OSError):
                found = folder.lstat()
                if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and _is_left(folder / _LOCK):
                    shutil.rmtree(folder, ignore_errors=True)


def _is_left(lock: Path) -> bool:
    handle = os.open(lock, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        return try_lock(handle) is True
    finally:
        os.close(handle)

"""A folder that appears under its name with everything in it, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from formatpicker.base.new_file import writing
from formatpicker.base.temporary import folder_in
from formatpicker.errors import InputError

# Of a longer name only so much is part of the hidden one, which must not be longer than file systems allow.
_MOST_NAME = 50


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Where to write what the folder is to hold; only its owner can read it.

    Raises:
        InputError: The folder holds something already, or cannot be made.
    """
    with writing(path):
        if path.exists() and not path.is_dir():
            raise InputError(str(path), "is a file; name a folder for the pages")
        if path.exists() and any(path.iterdir()):
            raise InputError(str(path), "is a folder with something in it; name a new one, or empty it first")
        final = path.resolve()
    with folder_in(final.parent, f".{final.name[:_MOST_NAME]}.formatpicker-") as growing:
        whole = growing / "whole"
        with writing(path):
            whole.mkdir(mode=0o700)
        yield whole
        with writing(path):
            if final.exists():
                final.rmdir()
            whole.rename(final)

"""A folder that appears under its name with everything in it, or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from formatpicker.base.new_file import writing
from formatpicker.errors import InputError


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
        growing = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=".partial", dir=final.parent))
    try:
        yield growing
        with writing(path):
            if final.exists():
                final.rmdir()
            growing.rename(final)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise

"""Files: where they are, reading them within bounds, and never one that the same command writes to."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from formatpicker.base.text import nearest, printable
from formatpicker.errors import InputError

STDIN = "-"
MOST_BYTES = 4_000_000

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


def read_bytes(path: str | Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises:
        InputError: The file is missing, is a folder, cannot be read, holds more than ``most`` bytes, or
            is the file that standard output or standard error goes to.
    """
    name = display_name(path)
    try:
        if str(path) == STDIN:
            if sys.stdin is None:
                raise InputError(name, "cannot be read (it is closed)")
            refuse_circle(sys.stdin.buffer, name)
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(path).open("rb") as stream:
                refuse_circle(stream, name)
                data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if len(data) > most:
        raise InputError(name, f"is larger than {most:,} bytes, which no file of this kind needs to be")
    return data


def unreadable(path: str | Path, error: OSError | ValueError) -> InputError:
    """What is said of an input that cannot be read; of one that is not there, which file beside it may be meant."""
    if isinstance(error, IsADirectoryError) and str(path):
        return InputError(display_name(path), "is a folder; name a file in it")
    reason = getattr(error, "strerror", None) or str(error)
    near = _nearest_file(Path(path)) if isinstance(error, FileNotFoundError) else None
    advice = f"did you mean {printable(str(near))!r}?" if near else "check the name and the permissions"
    return InputError(display_name(path), f"cannot be read ({reason}); {advice}")


def _nearest_file(path: Path) -> Path | None:
    """The file of the same folder that has the nearest name; hidden ones only for a hidden name."""
    try:
        with os.scandir(path.parent) as entries:
            files = [each for each in islice(entries, _MOST_LISTED) if each.is_file()]
    except OSError:
        return None
    hidden = path.name.startswith(".")
    found = nearest(path.name, sorted(each.name for each in files if each.name.startswith(".") == hidden))
    return path.with_name(found) if found else None


# So many entries of a folder are looked at.
_MOST_LISTED = 2_000


def program(*names: str) -> str | None:
    """The path of the first of some programs that the system has.

    Never one in the current folder, where Windows looks first and a file may lie that somebody sent.
    """
    import shutil

    return next((found for name in names if (found := shutil.which(name)) and Path(found).is_absolute()), None)


def display_name(path: str | Path) -> str:
    """The name of an input as messages show it."""
    return "standard input" if str(path) == STDIN else str(path)


def identity_of(file: str | Path | int) -> tuple[int, int] | None:
    """What two names of one regular file share: a path or the number of an open one; None for anything else.

    ``-`` is standard input.
    """
    try:
        found = os.fstat(file) if isinstance(file, int) else os.fstat(0) if str(file) == STDIN else Path(file).stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def refuse_circle(stream: BinaryIO, name: str) -> None:
    """See that what is read is not what the results are written to, as ``>> FILE`` of a shell makes it.

    Raises:
        InputError: Standard output or standard error is the same file.
    """
    try:
        read = identity_of(stream.fileno())
    except (OSError, ValueError):  # no file at all
        return
    for number, where in ((1, "standard output"), (2, "standard error")):
        if read is not None and read == identity_of(number):
            raise InputError(name, f"is where {where} goes as well; send it to another file")


def check_apart(
    inputs: Iterable[tuple[str, str | Path | None]], outputs: Iterable[tuple[str, str | Path | None]]
) -> None:
    """See that no file to be written is one that is read, nor written twice, whatever its names.

    Args:
        inputs: What each file is called in a message, and its path; None where there is none.
        outputs: The same for what will be written. ``-`` is a stream, and so are devices and pipes: none is replaced.

    Raises:
        InputError: Two are the same.
    """
    taken: dict[object, str] = {}
    for what, path in inputs:
        if path is not None:
            taken |= dict.fromkeys(_names_of(path), what)
    for what, path in outputs:
        if path is None or str(path) == STDIN or is_special(path):
            continue
        names = _names_of(path)
        known = next((taken[name] for name in names if name in taken), None)
        if known is not None:
            raise InputError(what, f"{path} is {known} as well; name another file")
        taken |= dict.fromkeys(names, what)


def is_special(path: str | Path) -> bool:
    """Whether a path names something that is no regular file and no folder, such as a device or a pipe."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _names_of(path: str | Path) -> list[object]:
    identity = identity_of(path)
    try:
        resolved = [] if str(path) == STDIN else [Path(path).resolve()]
    except (OSError, RuntimeError, ValueError):
        resolved = []
    return [*resolved, *([identity] if identity else [])]

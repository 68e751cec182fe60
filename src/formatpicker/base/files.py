"""Bytes in and out of files: bounded reading, and writing that leaves the whole old file or the whole new one."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from formatpicker.errors import InputError

STDIN = "-"
MOST_BYTES = 4_000_000


def read_bytes(path: str | Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, or of standard input for ``-``.

    Raises:
        InputError: The file is missing, is a folder, cannot be read, or holds more than ``most`` bytes.
    """
    name = display_name(path)
    try:
        if str(path) == STDIN:
            if sys.stdin is None:
                raise InputError(name, "cannot be read (it is closed)")
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(path).open("rb") as stream:
                data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(name, f"cannot be read ({reason}); check the name and the permissions") from error
    if len(data) > most:
        raise InputError(name, f"is larger than {most:,} bytes, which no file of this kind needs to be")
    return data


def display_name(path: str | Path) -> str:
    """The name of an input as messages show it."""
    return "standard input" if str(path) == STDIN else str(path)


def check_writable(path: Path) -> None:
    """Try what ``write_private`` needs, a few bytes on the disk and a name of that length, and leave nothing behind.

    Raises:
        InputError: The file could not be written.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "it is not a regular file")
        with contextlib.suppress(FileNotFoundError):
            target.stat()  # a name that is too long is told here
        import tempfile  # not needed to read

        with tempfile.TemporaryFile(dir=target.parent) as stream:
            stream.write(b"\0" * 8192)
            stream.flush()
            os.fsync(stream.fileno())
    except (OSError, RuntimeError) as error:
        raise unwritable(path, error) from error


def unwritable(path: str | Path, error: BaseException) -> InputError:
    """What to say of a file that cannot be written."""
    return InputError(str(path), f"cannot be written ({getattr(error, 'strerror', None) or error})")


def write_private(path: Path, text: str, known: bytes | None = b"") -> None:
    """Write text so that only the owner can read it, and so that the file is whole at every moment.

    Args:
        path: The file; a link stays a link, what it points to is replaced.
        text: What it is to hold.
        known: What it holds as far as we know, None where there is no such file; the file is left alone if it holds
            anything else. Empty: whatever it holds is replaced.

    Raises:
        InputError: The folder does not exist or cannot be written to, or the file is not what it was.
    """
    import tempfile  # not needed to read

    try:
        target = path.resolve()
        if target.is_symlink():  # a circle of links; from Python 3.13 on it is no error until here
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        if target.exists() and not target.is_file():  # a device or a pipe would be replaced by a file
            raise OSError(errno.EINVAL, "it is not a regular file")
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".formatpicker.")  # mkstemp: mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            _put_in_place(Path(temporary), target, known)
        finally:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError up to Python 3.12
        raise unwritable(path, error) from error


def _put_in_place(temporary: Path, target: Path, known: bytes | None) -> None:
    """Give a file its name, unless something else has that name by now."""
    if known is None:
        try:
            target.hardlink_to(temporary)
        except FileExistsError:
            raise OSError(errno.EEXIST, "it exists already") from None
        except OSError:  # a file system without links
            with target.open("xb") as stream:
                target.chmod(0o600)
                stream.write(temporary.read_bytes())
        return
    if known and (not target.exists() or target.read_bytes() != known):
        raise OSError(errno.ESTALE, "something else has changed it meanwhile; it is left as it is")
    temporary.replace(target)

"""The one way to write a file: under its name stands the whole old file or the whole new one, at every moment.

A new file grows beside its place under a hidden name that nobody can guess, made for this run alone and readable by its
owner alone. It is locked while it grows. So a later run can tell what a killed run left, which it removes, from what
another run is still writing, which it leaves alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from formatpicker.base.text import printable
from formatpicker.errors import InputError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed, which tells as much as a lock
    fcntl = None  # type: ignore[assignment]

_SUFFIX = ".formatpicker-partial"
_HIDDEN = re.compile(rf"\.(.*)\.[0-9a-f]{{8}}{re.escape(_SUFFIX)}", re.DOTALL)
# Of a longer name only so much is part of the hidden one, which must not be longer than file systems allow.
_MOST_STEM = 150
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LOOK = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_BUFFER = 1 << 20
# Two runs that begin in the same moment may see each other: each steps back, and tries again after a short while.
_ATTEMPTS = 5
# What a draft of answers takes at most; written and removed to see whether there is room.
_ROOM = 100_000

# After so many bytes the system is asked to put what it holds on the disk, and to hold it no longer: a large file then
# takes no memory, and its last bytes no waiting, which spares a fifth of the time of a run that writes 700 MB.
_TO_SEND = 4 << 20

# The files that grow in this process.
_growing: set[NewFile] = set()


class NewFile:
    """A file that grows under a hidden name and is moved to its place by ``commit``.

    Args:
        path: Where it goes. A link stays a link; what it points to is replaced.
        private: Only the owner may ever read it. Else it gets the permissions of the file that it replaces, or those
            that the umask gives to new ones.

    Raises:
        InputError: It cannot be made, or another run is writing the same file.
    """

    def __init__(self, path: Path, private: bool = False) -> None:
        self.path = path
        self._private = private
        with writing(path):
            self.final: Path = _resolved(path)
            self._hidden, handle = _created(self.final)
            self._mode = 0o600 if private else _mode(self.final)
            self._lock = os.dup(handle) if fcntl else None
            self.stream: BinaryIO = os.fdopen(handle, "r+b", buffering=_BUFFER)
        self._unsent = 0
        _growing.add(self)

    def write(self, data: str | bytes | memoryview) -> None:
        """Take some bytes, or text."""
        data = data.encode() if isinstance(data, str) else data
        with writing(self.path):
            self.stream.write(data)
            self._unsent += len(data)
            if self._unsent >= _TO_SEND and hasattr(os, "posix_fadvise"):
                self._unsent = 0
                os.posix_fadvise(self.stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def settle(self) -> None:
        """Have all of it on the disk, so that ``commit`` takes no time."""
        with writing(self.path):
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def commit(self, new: bool = False) -> None:
        """Make it the file of that name; with ``new`` only where there is none yet.

        Raises:
            InputError: It cannot be written, or there is such a file. It has been abandoned then.
        """
        try:
            self.settle()
            with writing(self.path):
                if hasattr(os, "fchmod"):
                    os.fchmod(self.stream.fileno(), self._mode)
                if not _is_at(self.stream.fileno(), self._hidden):
                    raise OSError(errno.ESTALE, "its hidden file was taken away while it was written")
                self.stream.close()
                (_moved_to_new if new else os.replace)(self._hidden, self.final)
        except BaseException:
            self.abandon()
            raise
        self._let_go()

    def abandon(self) -> None:
        """Leave the old file as it is, and nothing of the new one. Does nothing after ``commit``."""
        if self in _growing:
            with contextlib.suppress(OSError):
                self.stream.close()
            with contextlib.suppress(OSError):
                self._hidden.unlink()
            self._let_go()

    def _let_go(self) -> None:
        _growing.discard(self)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def abandon_all() -> None:
    """Remove every file that still grows, for a process that ends at once."""
    for each in [*_growing]:
        with contextlib.suppress(OSError):
            each._hidden.unlink()


def write_private(path: Path, text: str | bytes, known: bytes | None = b"") -> None:
    """Write what only its owner can read, whole or not at all.

    Args:
        path: Where it goes. A link stays a link, what it points to is replaced.
        text: What it is to hold.
        known: What it holds as far as we know, None where there is no such file; the file is left alone if it holds
            anything else. Empty: whatever it holds is replaced.

    Raises:
        InputError: It cannot be written, or is not what it was.
    """
    file = NewFile(path, private=True)
    try:
        file.write(text)
        if known:
            with writing(path):
                if not path.exists() or path.read_bytes() != known:
                    raise OSError(errno.ESTALE, "something else has changed it meanwhile; it is left as it is")
        file.commit(new=known is None)
    finally:
        file.abandon()


def check_writable(path: Path) -> None:
    """Try what ``write_private`` needs, room for a draft included, and leave nothing behind.

    Raises:
        InputError: The file could not be written.
    """
    file = NewFile(path, private=True)
    try:
        with writing(path):
            with contextlib.suppress(FileNotFoundError):
                os.lstat(file.final)  # a name that is too long
            file.stream.write(bytes(_ROOM))
            file.stream.flush()
            os.fsync(file.stream.fileno())
    finally:
        file.abandon()


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[None]:
    """Say of a file that it cannot be written, where that is what goes wrong."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links is a RuntimeError up to Python 3.12
        raise unwritable(path, error) from error


def unwritable(path: str | Path, error: BaseException) -> InputError:
    """What to say of a file that cannot be written."""
    folder = Path(path).parent
    if isinstance(error, FileNotFoundError) and not folder.exists():
        return InputError(str(path), f"cannot be written: there is no folder {printable(str(folder))}; make it first")
    return InputError(str(path), f"cannot be written ({getattr(error, 'strerror', None) or error})")


def _resolved(path: Path) -> Path:
    target = path.resolve()
    if target.is_symlink():  # a circle of links; from Python 3.13 on it is no error until here
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if target.exists() and not target.is_file():  # a device or a pipe would be replaced by a file
        raise OSError(errno.EINVAL, "it is not a regular file")
    return target


def _created(final: Path) -> tuple[Path, int]:
    """A hidden file for this run alone: its name, and its handle, which is locked."""
    stem = os.fsdecode(os.fsencode(final.name)[:_MOST_STEM])
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(0.1 * int.from_bytes(os.urandom(1)) / 256)
        hidden = final.with_name(f".{stem}.{os.urandom(4).hex()}{_SUFFIX}")
        handle = os.open(hidden, _CREATE, 0o600)
        # Between its making and its lock another run may have taken it for a leftover.
        if try_lock(handle) is not False and _is_at(handle, hidden) and not _others(final.parent, stem, hidden.name):
            return hidden, handle
        os.close(handle)
        with contextlib.suppress(OSError):
            hidden.unlink()
    raise InputError(str(final), "another run is writing it; wait for it or name another file")


def try_lock(handle: int) -> bool | None:
    """Whether this process holds the lock of a file now; None where there are no such locks."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return None
    return True


def _is_at(handle: int, path: Path) -> bool:
    """Whether the file that is open stands under a name, and under that name alone; so it does on Windows."""
    if fcntl is None:
        return True
    try:
        found, held = path.lstat(), os.fstat(handle)
    except OSError:
        return False
    return os.path.samestat(found, held) and held.st_nlink == 1


def _others(folder: Path, stem: str, own: str = "") -> bool:
    """Whether another run is writing the same file; what killed runs left beside it is removed."""
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError:
        return False
    found = [(match[1], name) for name in names if name != own and (match := _HIDDEN.fullmatch(name))]
    alive = [whose for whose, name in found if not _is_gone(folder / name)]
    return stem in alive


def _is_gone(hidden: Path) -> bool:
    """Whether no run of this user is writing a hidden file any more; what is left of it is removed."""
    if fcntl is None:
        try:
            hidden.unlink(missing_ok=True)
        except OSError:
            return False
        return True
    try:
        handle = os.open(hidden, _LOOK)
    except OSError:  # a link, somebody else's, or removed by now
        return True
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            return True
        held = try_lock(handle)
        if held and _is_at(handle, hidden):
            with contextlib.suppress(OSError):
                hidden.unlink()
        return held is not False
    finally:
        os.close(handle)


def _moved_to_new(hidden: Path, final: Path) -> None:
    """Give a file its name only where nothing has that name."""
    try:
        os.link(hidden, final)
    except FileExistsError:
        raise OSError(errno.EEXIST, "it exists already") from None
    except (OSError, AttributeError):  # no hard links here
        if os.path.lexists(final):
            raise OSError(errno.EEXIST, "it exists already") from None
        hidden.rename(final)
    else:
        hidden.unlink()


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, else those that new files get."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        umask = os.umask(0o077)
        os.umask(umask)
        return 0o666 & ~umask

"""Where a file's bytes go. Under its final name stands the whole old file or the whole new one, at every moment."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from formatpicker.base.files import unwritable
from formatpicker.base.terminal import is_terminal, put
from formatpicker.base.text import printable
from formatpicker.errors import InputError

# Text, or its bytes in UTF-8 as they stand in a buffer.
Text = str | memoryview


class Target(Protocol):
    """Takes bytes in order."""

    @property
    def stream(self) -> BinaryIO:
        """Where a library may write by itself."""

    def write(self, text: Text) -> None:
        """Take some text."""

    def commit(self) -> None:
        """All is written: make it the file of that name."""

    def abandon(self) -> None:
        """Nothing will come of it now."""


class Sink(Protocol):
    """Takes the pieces that an encoder made, in order."""

    def begin(self) -> None:
        """Write what stands before the first piece."""

    def take(self, piece: Any) -> None:
        """Write one piece."""

    def finish(self) -> None:
        """Write what ends the file."""


class TextSink:
    """Pieces of text, one after the other."""

    def __init__(self, target: Target, head: str = "") -> None:
        self._target = target
        self._head = head

    def begin(self) -> None:
        """Write the head, if there is one."""
        if self._head:
            self._target.write(self._head)

    def take(self, piece: Text) -> None:
        """Write one piece."""
        self._target.write(piece)

    def finish(self) -> None:
        """Nothing ends a file of lines."""


class StandardOutput:
    """Standard output: nothing to be whole, and no controls where it is a terminal."""

    @property
    def stream(self) -> BinaryIO:
        """The bytes below the text."""
        if is_terminal(sys.stdout):
            raise InputError("standard output", "is a terminal, which cannot take this kind of file; name one with -o")
        return sys.stdout.buffer

    def write(self, text: Text) -> None:
        """Take some text."""
        text = text if isinstance(text, str) else str(text, "utf-8")
        if is_terminal(sys.stdout):
            text = "".join(printable(line) + "\n" for line in text.split("\n")[:-1])
        put(text, sys.stdout)

    def commit(self) -> None:
        """Nothing is left to do."""

    def abandon(self) -> None:
        """What was written was read."""


class Device:
    """A pipe or a device: it cannot be replaced, so it is written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stream: BinaryIO = path.open("wb")

    def write(self, text: Text) -> None:
        """Take some text."""
        with writing(self.path):
            self.stream.write(text.encode() if isinstance(text, str) else text)

    def commit(self) -> None:
        """Close it."""
        with writing(self.path):
            self.stream.close()

    def abandon(self) -> None:
        """Close it; what was written was read."""
        with contextlib.suppress(OSError):
            self.stream.close()


class File:
    """A file that is written beside its final place under a hidden name, and moved there when it is whole.

    The hidden name is fixed, so that a run that was killed leaves one file at most, which the next one replaces; a lock
    keeps two runs from writing the same file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.final = path.resolve()  # a link stays a link; what it points to is replaced
        self.hidden = self.final.with_name(f".{self.final.name}.partial")
        self.stream: BinaryIO = _locked(self.hidden, path)
        with writing(path):
            self.stream.truncate()

    def write(self, text: Text) -> None:
        """Take some text."""
        with writing(self.path):
            self.stream.write(text.encode() if isinstance(text, str) else text)

    def commit(self) -> None:
        """Make it the file of that name, with the permissions of the one that was there."""
        with writing(self.path):
            self.stream.flush()
            os.fsync(self.stream.fileno())
            os.fchmod(self.stream.fileno(), _mode(self.final))
            self.hidden.replace(self.final)
            self.stream.close()

    def abandon(self) -> None:
        """Leave the old file as it is."""
        with contextlib.suppress(OSError):
            self.hidden.unlink()
        with contextlib.suppress(OSError):
            self.stream.close()


def target_for(path: str | None) -> Target:
    """Where the output goes: a file, a device, or standard output for None and ``-``.

    Raises:
        InputError: The place cannot be written to, or another run is writing there.
    """
    if path is None or path == "-":
        return StandardOutput()
    place = Path(path)
    with writing(place):
        if place.is_dir():
            raise InputError(path, "is a folder; name a file in it")
        if place.exists() and not place.is_file():
            return Device(place)
        return File(place)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say of a file that it cannot be written, where that is what goes wrong."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links is a RuntimeError up to Python 3.12
        raise unwritable(path, error) from error


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, else those that new files get."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask


def _locked(hidden: Path, path: Path) -> BinaryIO:
    """A file that this run alone writes; never through a link that somebody put there."""
    handle = os.open(hidden, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    stream = os.fdopen(handle, "r+b", buffering=1 << 20)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # no such locks on Windows
        pass
    except OSError:
        stream.close()
        raise InputError(str(path), "another run is writing it; wait for it or name another file") from None
    return stream

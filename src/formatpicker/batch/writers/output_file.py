"""Where the bytes of an output go: into a new file, or to what is open or cannot be replaced."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

from formatpicker.base.files import STDIN, identity_of, is_special
from formatpicker.base.new_file import NewFile, writing
from formatpicker.base.terminal import is_terminal, notify, put
from formatpicker.base.text import nearest, printable, shortened
from formatpicker.errors import InputError

# Text, or its bytes in UTF-8 as they stand in a buffer.
Text = str | memoryview
# The names that Unix has for what a process has open.
_OPEN = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev/fd|proc/(?:self|thread-self)/fd)/(\d{1,6})")
_STANDARD = {"stdin": 0, "stdout": 1, "stderr": 2}

# Other names of what is written.
_SYNONYMS = (".htm", ".json", ".ndjson", ".pq", ".yml", ".txt")
# How the files of programs end that read none of what is written here.
_FOREIGN = (".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsb", ".xlsm", ".ods", ".ppt", ".pptx", ".pages", ".numbers")


class Output(Protocol):
    """Takes bytes in order: a ``NewFile``, or what is open or cannot be replaced."""

    @property
    def stream(self) -> BinaryIO:
        """Where a library may write by itself."""

    def write(self, text: Text) -> None:
        """Take some text."""

    def settle(self) -> None:
        """All is written: see that it can be kept, before any other file of a run has changed."""

    def commit(self) -> None:
        """Make it the file of that name."""

    def abandon(self) -> None:
        """Nothing will come of it now."""


def name_of(output: Output) -> str:
    """The name of an output for messages."""
    return str(getattr(output, "path", "standard output"))


class Sink(ABC):
    """Takes the pieces that an encoder made, in order."""

    def begin(self) -> None:  # noqa: B027  (many have no head)
        """Write what stands before the first piece, if anything does."""

    @abstractmethod
    def take(self, piece: Any) -> None:
        """Write one piece."""

    def finish(self) -> None:  # noqa: B027  (many have no end)
        """Write what ends the file, if anything does."""


class TextSink(Sink):
    """Pieces of text, one after the other, behind a head."""

    def __init__(self, output: Output, head: str = "") -> None:
        self._output = output
        self._head = head

    def begin(self) -> None:
        """Write the head."""
        if self._head:
            self._output.write(self._head)

    def take(self, piece: Text) -> None:
        """Write one piece."""
        self._output.write(piece)


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

    def settle(self) -> None:
        """It was written at once."""

    def commit(self) -> None:
        """Nothing is left to do."""

    def abandon(self) -> None:
        """What was written was read."""


class Device:
    """A pipe, a device or a file that is open already: it is written to and never replaced."""

    def __init__(self, path: Path, number: int | None = None) -> None:
        self.path = path
        # Opened anew by its name, a file would be cut off, and what a shell wanted appended would be lost.
        self.stream: BinaryIO = path.open("wb") if number is None else os.fdopen(os.dup(number), "wb")

    def write(self, text: Text) -> None:
        """Take some text."""
        with writing(self.path):
            self.stream.write(text.encode() if isinstance(text, str) else text)

    def settle(self) -> None:
        """Write what is left."""
        with writing(self.path):
            self.stream.flush()

    def commit(self) -> None:
        """Close it."""
        with writing(self.path):
            self.stream.close()

    def abandon(self) -> None:
        """Close it; what was written was read."""
        with contextlib.suppress(OSError):
            self.stream.close()


def opened_output(path: str | None) -> Output:
    """Where the output goes: a file, a device, or standard output for None and ``-``.

    A path that names a standard stream, or the file that one goes to, is that stream.

    Raises:
        InputError: It cannot be written to, or another run is writing there.
    """
    if path is None or path == STDIN:
        return StandardOutput()
    file = Path(path)
    with writing(file):
        number = _open_as(path)
        if number == 1:
            return StandardOutput()
        if number is not None:
            return Device(file, number)
        if file.is_dir():
            raise InputError(path, "is a folder; name a file in it")
        return Device(file) if is_special(path) else NewFile(file)


def opened_blank_output(path: str | None) -> Output:
    """As ``opened_output``, for what people fill in by hand: a file that holds something already is never replaced.

    Raises:
        InputError: It holds something, or cannot be written to.
    """
    try:
        filled = path is not None and not is_stream(path) and Path(path).is_file() and Path(path).stat().st_size > 0
    except (OSError, ValueError):
        filled = False  # writing will say what is wrong
    if filled:
        raise InputError(str(path), "is there already, and may be filled in; name another file, or remove it first")
    return opened_output(path)


class Outputs:
    """The files of a run: all of them appear at its end, or none."""

    def __init__(self) -> None:
        self._outputs: list[Output] = []
        self._committed = False

    def __enter__(self) -> Outputs:
        return self

    def opened(self, path: str | None) -> Output:
        """Where a file of the run goes. If it cannot be opened, ``__exit__`` removes those opened before."""
        output = opened_output(path)
        self._outputs.append(output)
        return output

    def commit(self) -> None:
        """All is written: make the files appear, the records last; until all can, none does."""
        for output in self._outputs:
            output.settle()
        for output in reversed(self._outputs):
            output.commit()
        self._committed = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._committed:
            return
        for output in self._outputs:
            output.abandon()
        if isinstance(error, KeyboardInterrupt) or (isinstance(error, SystemExit) and error.code):
            notify("Stopped. No file has changed.")


def checked_ending(option: str, path: str | None, written: str, others: Sequence[str] = ()) -> str:
    """How the name of a file ends that an option names; it may not be like that of a program which could not open it.

    ``written`` says what is written, and as which kinds: ``pages are written as .html or .md``. ``others`` are further
    endings that this is not written as.

    Raises:
        InputError: It ends so, or nearly as one of those kinds.
    """
    ending = Path(path or "").suffix.lower()
    name, known = shortened(str(path), quote=False), re.findall(r"\.[a-z]+", written)
    if ending in {*_FOREIGN, *others}:
        raise InputError(option, f"{name}: {written}; name such a file")
    if ending not in {*known, *_SYNONYMS} and (near := nearest(ending, known)):
        raise InputError(option, f"{name}: did you mean {near}? {written[0].upper()}{written[1:]}")
    return ending


def write_whole(output: Output, data: str | bytes, path: str | None) -> None:
    """Have an output take text, or the bytes of a library, from first to last or not at all; ``path`` is for messages.

    Raises:
        InputError: It cannot be written.
    """
    try:
        if isinstance(data, str):
            output.write(data)
        else:
            with writing(Path(str(path))):
                output.stream.write(data)
        output.commit()
    except BaseException:
        output.abandon()
        raise


def is_stream(path: str) -> bool:
    """Whether a path names what this process has open for its output."""
    return _open_as(path) is not None


def _open_as(path: str) -> int | None:
    """The number under which this process has a file open for writing; None if it has not."""
    match = _OPEN.fullmatch(os.path.normpath(path))
    if match:
        return _STANDARD[match[1]] if match[1] else int(match[2])
    identity = identity_of(path)
    return next((number for number in (1, 2) if identity is not None and identity == identity_of(number)), None)

"""An opened input: its first bytes to look at, then all of it once, as a table in chunks or blocks of rows."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from formatpicker.base.files import STDIN, display_name, refuse_circle, unreadable
from formatpicker.base.text import shortened
from formatpicker.batch.rows import NumberedRow, Reading, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.batch.columns.cells import Block

SAMPLE = 65_536
# Rows are handed on in chunks of this many, and for whole columns in blocks.
CHUNK = 1_000
BLOCK_ROWS = 32_768
# No chunk is larger, but for its last row: a cell takes so many bytes, and one more for each character.
MOST_CHUNK = 8_000_000
_CELL = 50
AnyRow = TypeVar("AnyRow", bound="tuple[int, Sequence[object]]")

_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class Watched(io.RawIOBase):
    """A stream some of whose first bytes were already taken; what was read is counted."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest
        self.taken = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        data = self._start or self._rest.read(len(buffer))
        buffer[: len(data)] = data[: len(buffer)]
        self._start = data[len(buffer) :]
        count = min(len(data), len(buffer))
        self.taken += count
        return count


@dataclass
class Source:
    """An opened input: its name for messages, its first bytes, and a stream of all of it.

    ``inside`` names the file of an archive that is read. What else a reader opens is closed with ``closing``.
    """

    name: str
    path: str
    sample: bytes
    stream: BinaryIO
    watched: Watched
    size: int | None
    streamed: bool = False
    inside: str = ""
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def is_file(self) -> bool:
        """Whether it can be read at once and again; a pipe waits for whoever writes to it."""
        return self.size is not None and Path(self.path).is_file()

    @property
    def part(self) -> str:
        """What is read of an archive, in words; empty where there is none."""
        return f"file {shortened(self.inside)} in the archive" if self.inside else ""

    def text(self, encoding: str | None) -> io.TextIOWrapper:
        """All of it as text; bytes that are no text stay marked, so that only the cells that hold them suffer.

        Raises:
            InputError: There is no such encoding.
        """
        name = encoding or detected_encoding(self.sample)
        self.streamed = True
        errors = "surrogateescape" if name.startswith("utf-8") or encoding else "replace"
        try:
            codecs.lookup(name)
            "".encode(name)
            bytes(8).decode(name, errors)  # some encodings, such as idna, know no way to go on after a fault
        except (LookupError, ValueError, TypeError):
            raise InputError("--encoding", f"{name!r} is no encoding; use for example utf-8 or windows-1252") from None
        return io.TextIOWrapper(self.stream, name, errors, newline="")


def opened_source(path: str, stack: ExitStack) -> Source:
    """Open a file, or standard input for ``-``, and look at its first bytes.

    Raises:
        InputError: It cannot be read, or is empty.
    """
    name = display_name(path)
    try:
        if path == STDIN:
            if sys.stdin is None:
                raise InputError(name, "cannot be read (it is closed)")
            raw, size = sys.stdin.buffer, None
        else:
            raw = stack.enter_context(Path(path).open("rb"))  # noqa: SIM115  (the stack is the context)
            size = Path(path).stat().st_size
        refuse_circle(raw, name)
        sample = raw.read(SAMPLE)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if not sample:
        raise InputError(name, "is empty; the first row must name the columns")
    watched = Watched(sample, raw)
    return Source(name, path, sample, io.BufferedReader(watched, 1 << 20), watched, size, closing=stack)


def detected_encoding(sample: bytes) -> str:
    """The encoding that the first bytes tell: a mark, or zeros in every other byte; else UTF-8."""
    for mark, encoding in _BOMS.items():
        if sample.startswith(mark):
            return encoding
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 > len(sample) // 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def size_of(cells: Sequence[object]) -> int:
    """About how many bytes the cells of a row take."""
    return _CELL * len(cells) + sum([len(cell) for cell in cells if cell.__class__ is str])


def chunks(rows: Iterable[AnyRow], most: int) -> Iterator[list[AnyRow]]:
    """Rows in chunks of so many, or of as many as fit into ``MOST_CHUNK`` bytes. Each row comes with its line."""
    chunk: list[AnyRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += size_of(row[1])
        if len(chunk) == most or size > MOST_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class Table:
    """A table with a header: what its columns mean, and its rows.

    Attributes:
        sheet: The columns.
        reading: What was read and left out; complete when all rows were read.
        keyed: Whether every row names its columns.
        columnar: Whether it is read by whole columns as it is written.
    """

    keyed = False
    columnar = False

    def __init__(self, sheet: Sheet, reading: Reading, rows: Iterator[NumberedRow]) -> None:
        """Each row comes with its line; text in place of its cells says why it has none."""
        self.sheet = sheet
        self.reading = reading
        self._rows = rows

    def ignored(self) -> tuple[str, ...]:
        """The headers of columns that hold no answer; all are known only when all rows were read."""
        return self.sheet.ignored

    def found(self) -> set[str]:
        """The questions that columns answer; likewise."""
        return {*self.sheet.columns}

    def rows(self) -> Iterator[Rows]:
        """All rows once, in order."""
        return self._chunks(CHUNK)

    def blocks(self) -> Iterator[Block | Rows]:
        """The same, as many at a time as whole columns are worth; by columns where that is faster. Needs pyarrow."""
        return self._chunks(BLOCK_ROWS)

    def _chunks(self, size: int) -> Iterator[Rows]:
        first = 1
        for rows in chunks(self._rows, size):
            yield Rows.of(first, rows)
            first += len(rows)

"""What ZIP archives and gzip files hold: the one table in them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Container
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from formatpicker.base.files import STDIN
from formatpicker.base.text import shortened
from formatpicker.batch.readers.source import SAMPLE, Source, Watched
from formatpicker.errors import InputError

MOST_PACKED = 200_000_000
# What tells a workbook from an archive of other files.
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_MOST_NAMED = 5


def unpacked(source: Source, endings: Container[str]) -> Source:
    """The table in an archive, by how the names of tables end; any other source as it is.

    Raises:
        InputError: The archive holds several tables or none, needs a password, or is damaged.
    """
    if source.sample.startswith(b"\x1f\x8b"):
        name = Path(source.path).stem if source.path != STDIN else ""
        return _inner(source, gzip.GzipFile(fileobj=source.stream), name)
    if not source.sample.startswith(b"PK\x03\x04"):
        return source
    data = _seekable(source)
    try:
        archive = source.closing.enter_context(ZipFile(data))
        members = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return _again(source, data)  # the reader of workbooks says what is wrong
    if not members or any(member.filename.lower() in _BOOKS for member in members):
        return _again(source, data)
    member = _only_table(source.name, members, endings)
    try:
        return _inner(source, archive.open(member), PurePosixPath(member.filename).name)
    except (RuntimeError, NotImplementedError, BadZipFile) as error:
        raise InputError(source.name, f"holds {shortened(member.filename)}, which cannot be read ({error})") from None


def _seekable(source: Source) -> IO[bytes]:
    """The bytes with a way back: the file itself, or a copy of what comes from a pipe."""
    if source.size is not None and Path(source.path).is_file():
        return source.closing.enter_context(Path(source.path).open("rb"))
    data = source.stream.read(MOST_PACKED + 1)
    if len(data) > MOST_PACKED:
        raise InputError(source.name, f"is an archive of more than {MOST_PACKED:,} bytes; unpack it")
    return io.BytesIO(data)


def _again(source: Source, data: IO[bytes]) -> Source:
    """A source that was not unpacked; what was taken from a pipe is put back."""
    if isinstance(data, io.BytesIO):
        source.stream = io.BytesIO(data.getvalue())
    return source


def _only_table(name: str, members: list[ZipInfo], endings: Container[str]) -> ZipInfo:
    files = [(each, PurePosixPath(each.filename)) for each in members if each.filename[-1:] != "/"]
    shown = [(each, path) for each, path in files if not path.name.startswith(".") and "__MACOSX" not in path.parts]
    tables = [each for each, path in shown if path.suffix.lower() in endings]
    if len(tables) == 1 and tables[0].flag_bits & 1:
        raise InputError(name, f"needs a password for {shortened(tables[0].filename)}; unpack it and give that file")
    if len(tables) == 1:
        return tables[0]
    named = ", ".join(shortened(each.filename) for each in tables[:_MOST_NAMED])
    more = f" and {len(tables) - _MOST_NAMED} more" if len(tables) > _MOST_NAMED else ""
    held = f"{len(tables)} tables: {named}{more}" if tables else "no table in it"
    raise InputError(name, f"is a ZIP archive with {held}; unpack it and give the file that holds the answers")


def _inner(source: Source, stream: Any, name: str) -> Source:
    """A file in an archive as a source of its own."""
    part = _Part(stream)
    try:
        sample = part.read(SAMPLE)
    except OSError as error:
        raise InputError(source.name, f"cannot be unpacked ({error})") from None
    if not sample:
        raise InputError(source.name, "holds an empty file; the first row must name the columns")
    watched = Watched(sample, part)  # type: ignore[arg-type]
    buffered = io.BufferedReader(watched, 1 << 20)
    return Source(source.name, source.path, sample, buffered, watched, None, inside=name, closing=source.closing)


class _Part:
    """What is unpacked from an archive; whatever is wrong with it is a fault of the file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(size)
        except (EOFError, zlib.error, BadZipFile, RuntimeError, ValueError) as error:
            raise OSError(f"the archive is damaged: {error}") from None

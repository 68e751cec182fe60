"""What ZIP archives and gzip files hold: the one table in them, or a workbook, looked at before it is read."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Container, Iterator, Sequence
from copy import copy
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from formatpicker.base.files import STDIN
from formatpicker.base.text import shortened
from formatpicker.batch.readers.source import SAMPLE, Source, Watched
from formatpicker.batch.readers.workbook_xml import (
    MOST_TEXT,
    FilledCells,
    Other,
    Relations,
    Texts,
    TooMuch,
    hides_sheet,
    look,
)
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


# --- a workbook, looked at before it is read -------------------------------------------------------------------------
#
# A reader of workbooks trusts the file: a few kilobytes can unpack to terabytes, two cells far apart take the memory of
# all cells between them, and one long text can stand in a million cells. So the parts are unpacked here first, a piece
# at a time.

# Together these keep a run below 1 GB. A reader lays out all cells between the first and the last, the empty ones too,
# and copies the text of a cell into each cell that has it.
MOST_UNPACKED = 1_000_000_000
MOST_CELLS = 10_000_000
# How long the part may be that lists the formats of cells.
_MOST_STYLES = 50_000_000
_STYLES = "xl/styles.xml"
# What the part is called with the texts that cells share; a reader goes by the name alone.
_TEXTS = "sharedstrings.xml"
# The parts that list the sheets, and how long one may be.
_LISTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_MOST_LIST = 4_000_000
# What comes of a file that is cut off or broken.
_FAULTS = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    NotImplementedError,
)
_PIECE = 1 << 20


def inspected(data: bytes, name: str) -> list[FilledCells]:
    """What was seen of the cells of each sheet, in the order of the sheets, where a workbook is safe to read.

    Raises:
        InputError: It is no workbook, is damaged or encrypted, or unpacks to more than a table of answers can be.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(name, members)
            return _looked_through(archive, name, members)
    except TooMuch as error:
        raise InputError(name, f"holds more than {error}; split it, or save it as CSV") from None
    except _FAULTS as error:
        raise damaged(name, str(error)) from None


def damaged(name: str, reason: str = "") -> InputError:
    """What to say of a workbook that is cut off or broken."""
    told = f" ({reason[:120]})" if reason else ""
    return InputError(name, f"cannot be read as an Excel workbook{told}; it may be cut off: open it and save it again")


def _check(name: str, members: list[ZipInfo]) -> None:
    if not any(member.filename.lower() == _LISTS[0] for member in members):
        raise InputError(name, "is no Excel workbook; save it as .xlsx or as CSV")
    if any(member.flag_bits & 1 for member in members):
        raise InputError(name, "is encrypted; save it without a password")
    styles = sum(member.file_size for member in members if member.filename.lower() == _STYLES)
    if styles > _MOST_STYLES or sum(member.file_size for member in members) > MOST_UNPACKED:
        told = f"unpacks to more than {MOST_UNPACKED:,} bytes, which no table of answers needs; save it as CSV"
        raise InputError(name, told)


def _looked_through(archive: ZipFile, name: str, members: list[ZipInfo]) -> list[FilledCells]:
    relations, texts = Relations(), Texts()
    sheets: dict[str, tuple[ZipInfo, FilledCells]] = {}
    filled = area = 0
    for member in members:
        part = member.filename.lower()
        if part in _LISTS and member.file_size > _MOST_LIST:
            raise ValueError("a list of sheets that is too long")
        takes = relations if part in _LISTS else texts if part.endswith(_TEXTS) else None
        try:
            cells = look(_part_of(archive, member), takes, texts)
        except Other:
            # A reader takes for a sheet what the lists name as one, whatever the part says of itself.
            hidden = hides_sheet(_part_of(archive, member))
            cells = look(_part_of(archive, member), FilledCells(), texts) if hidden else None
        if cells is not None:
            if cells.area > MOST_CELLS:
                reach = f"has cells as far as row {cells.bottom:,} and column {cells.right:,}, more than {MOST_CELLS:,}"
                raise InputError(name, f"{reach} in all; delete what stands far from the table, or save it as CSV")
            filled += cells.filled
            area += cells.area
            if max(filled, area) > MOST_CELLS:
                raise TooMuch(f"{MOST_CELLS:,} cells in all sheets together, from the first of each to the last")
            sheets[member.filename] = member, cells
    _check_text(archive, [*sheets.values()], texts)
    seen = {part: cells for part, (_, cells) in sheets.items()}
    return [seen.get(part, FilledCells()) for part in relations.parts()]


def _check_text(archive: ZipFile, sheets: Sequence[tuple[ZipInfo, FilledCells]], texts: Texts) -> None:
    """See that the texts of all sheets fit into memory; they are added up only where they might not."""
    longest, size = max(texts.lengths, default=0), 0
    if sum(member.file_size + cells.shared * longest for member, cells in sheets) <= MOST_TEXT:
        return
    for member, _ in sheets:
        again = FilledCells(texts)
        look(_part_of(archive, member), again, Texts())
        size += again.characters
        if size > MOST_TEXT:
            raise TooMuch(f"{MOST_TEXT:,} bytes of text in all sheets together")


def _part_of(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in pieces; it may not be longer than the directory says.

    zipfile stops where the directory says, and a reader of workbooks does not: so it is told to go one byte further,
    and to leave the checksum to the reader.
    """
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ValueError("packed in a way that Excel does not")
    longer, size = copy(member), 0
    longer.file_size, longer.CRC = member.file_size + 1, None  # type: ignore[assignment]
    with archive.open(longer) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > member.file_size:
                raise ValueError("a part is longer than the directory says")
            yield piece
    if size < member.file_size:
        raise ValueError("a part is shorter than the directory says")

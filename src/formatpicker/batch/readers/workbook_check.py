"""An .xlsx, looked at before it is read: whether it is whole, and fits into memory.

A reader of workbooks trusts the file: a few kilobytes can unpack to terabytes, two cells far apart take the memory of
all cells between them, and one long text can stand in a million cells. So the parts are unpacked here first, a piece
at a time.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

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
_LOCAL_HEADER = 30


def inspected(data: bytes, name: str) -> list[FilledCells]:
    """What was seen of the cells of each sheet, in the order of the sheets, where a workbook is safe to read.

    Raises:
        InputError: It is no workbook, is damaged or encrypted, or unpacks to more than a table of answers can be.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(name, members)
            return _looked_through(data, name, members)
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


def _looked_through(data: bytes, name: str, members: list[ZipInfo]) -> list[FilledCells]:
    relations, texts = Relations(), Texts()
    sheets: dict[str, tuple[ZipInfo, FilledCells]] = {}
    filled = area = 0
    for member in members:
        part = member.filename.lower()
        if part in _LISTS and member.file_size > _MOST_LIST:
            raise ValueError("a list of sheets that is too long")
        takes = relations if part in _LISTS else texts if part.endswith(_TEXTS) else None
        try:
            cells = look(_part_of(data, member), takes, texts)
        except Other:
            # A reader takes for a sheet what the lists name as one, whatever the part says of itself.
            hidden = hides_sheet(_part_of(data, member))
            cells = look(_part_of(data, member), FilledCells(), texts) if hidden else None
        if cells is not None:
            if cells.area > MOST_CELLS:
                reach = f"has cells as far as row {cells.bottom:,} and column {cells.right:,}, more than {MOST_CELLS:,}"
                raise InputError(name, f"{reach} in all; delete what stands far from the table, or save it as CSV")
            filled += cells.filled
            area += cells.area
            if max(filled, area) > MOST_CELLS:
                raise TooMuch(f"{MOST_CELLS:,} cells in all sheets together, from the first of each to the last")
            sheets[member.filename] = member, cells
    _check_text(data, [*sheets.values()], texts)
    seen = {part: cells for part, (_, cells) in sheets.items()}
    return [seen.get(part, FilledCells()) for part in relations.parts()]


def _check_text(data: bytes, sheets: Sequence[tuple[ZipInfo, FilledCells]], texts: Texts) -> None:
    """See that the texts of all sheets fit into memory; they are added up only where they might not."""
    longest, size = max(texts.lengths, default=0), 0
    if sum(member.file_size + cells.shared * longest for member, cells in sheets) <= MOST_TEXT:
        return
    for member, _ in sheets:
        again = FilledCells(texts)
        look(_part_of(data, member), again, Texts())
        size += again.characters
        if size > MOST_TEXT:
            raise TooMuch(f"{MOST_TEXT:,} bytes of text in all sheets together")


def _part_of(data: bytes, member: ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in pieces; it may not be longer than the directory says."""
    start = member.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise ValueError("no part where the directory says")
    start += _LOCAL_HEADER + int.from_bytes(data[start + 26 : start + 28], "little")
    start += int.from_bytes(data[member.header_offset + 28 : member.header_offset + 30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == ZIP_STORED:
        pieces: Iterator[bytes] = (bytes(packed[at : at + _PIECE]) for at in range(0, len(packed), _PIECE))
    elif member.compress_type == ZIP_DEFLATED:
        pieces = _inflated(packed)
    else:
        raise ValueError("packed in a way that Excel does not")
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > member.file_size:
            raise ValueError("a part is longer than the directory says")
        yield piece
    if size < member.file_size:
        raise ValueError("a part is shorter than the directory says")


def _inflated(packed: memoryview) -> Iterator[bytes]:
    machine, at = zlib.decompressobj(-15), 0
    rest = b""
    while not machine.eof and (rest or at < len(packed)):
        given = rest or bytes(packed[at : at + _PIECE])
        at += 0 if rest else len(given)
        yield machine.decompress(given, _PIECE)
        rest = machine.unconsumed_tail
    while not machine.eof and (piece := machine.decompress(b"", _PIECE)):
        yield piece

"""The zip file that a workbook is, looked at before it is read: how much it unpacks to, and how far its cells reach.

A reader of workbooks trusts the file: a few kilobytes can unpack to terabytes, and two cells far apart take the memory
of all cells between them. So the parts are unpacked here first, a piece at a time, and only looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from formatpicker.errors import InputError

MOST_PACKED = 500_000_000
MOST_UNPACKED = 1_500_000_000
# Rows times columns: a reader lays them all out, the empty ones too.
MOST_CELLS = 30_000_000
MOST_ROWS = 1_048_576
MOST_ERRORS = 100_000

_PIECE = 1 << 20
_MOST_TAIL = 1 << 17
_LOCAL_HEADER = 30
# Columns beyond Z; rows that no sheet has. Nearly all workbooks have neither, and then no cell need be counted. The
# first pattern is the fast one that may be wrong, the second one is exact.
_MAYBE_FAR = re.compile(rb"r\s*=\s*[\"'](?:[A-Za-z]{2}|[A-Za-z]?\d{7})")
_FAR = re.compile(rb"<(?:\w+:)?(?:c|row)\s(?:[^<>]*?\s)?r\s*=\s*[\"'](?:([A-Za-z]{2,})\d*|[A-Za-z]?(\d{7,}))")
# A cell that holds something: one that does not ends with a slash.
_PLACE = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>/]*>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\st=[\"']e[\"'])[^>]*>(?:(?!</?(?:\w+:)?[cv]\b).)*<(?:\w+:)?v>([^<]*)", re.DOTALL
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?:id\s*=\s*[\"']([^\"']+)")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"\s(\w+)\s*=\s*[\"']([^\"']*)")

# The text of each cell that holds an error, by its row and column, counted from 0.
Errors = dict[tuple[int, int], str]


@dataclass
class Package:
    """What was seen of a workbook: the errors of each part, and which part each sheet is."""

    errors: dict[str, Errors] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    def errors_of(self, sheet: int) -> Errors:
        """The cells of a sheet that hold an error."""
        return self.errors.get(self.sheets[sheet], {}) if sheet < len(self.sheets) else {}


def inspected(data: bytes, name: str) -> Package:
    """A workbook that is safe to read.

    Raises:
        InputError: It is no workbook, is damaged or encrypted, or unpacks to more than a table of answers can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check(name, [member.filename.lower() for member in members], members)
            return _looked_through(data, name, archive, members)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        KeyError,
        OverflowError,
        NotImplementedError,
    ) as error:
        raise damaged(name, str(error)) from None


def damaged(name: str, reason: str = "") -> InputError:
    """What to say of a workbook that is cut off or broken."""
    told = f" ({reason[:120]})" if reason else ""
    return InputError(name, f"cannot be read as an Excel workbook{told}; it may be cut off: open it and save it again")


def _check(name: str, parts: list[str], members: list[zipfile.ZipInfo]) -> None:
    if "xl/workbook.bin" in parts:
        raise InputError(name, "is a binary Excel workbook (.xlsb); save it as .xlsx")
    if "content.xml" in parts or "xl/workbook.xml" not in parts:
        raise InputError(name, "is no Excel workbook; save it as .xlsx or as CSV")
    if any(member.flag_bits & 1 for member in members):
        raise InputError(name, "is encrypted; save it without a password")
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise InputError(
            name, f"unpacks to more than {MOST_UNPACKED:,} bytes, which no table of answers needs; save it as CSV"
        )


def _looked_through(data: bytes, name: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Package:
    package, kept = Package(), {}
    for member in members:
        if member.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            kept[member.filename] = b"".join(_unpacked(data, member))
        elif member.filename.endswith(".xml"):
            package.errors[member.filename] = _looked_at(data, name, member)
        else:
            for _ in _unpacked(data, member):
                pass
    package.sheets = tuple(_parts(kept.get("xl/workbook.xml", b""), kept.get("xl/_rels/workbook.xml.rels", b"")))
    return package


def _unpacked(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in pieces; it may not be longer than the directory says."""
    start = member.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise ValueError("no part where the directory says")
    start += _LOCAL_HEADER + int.from_bytes(data[start + 26 : start + 28], "little")
    start += int.from_bytes(data[member.header_offset + 28 : member.header_offset + 30], "little")
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        pieces: Iterator[bytes] = (bytes(packed[at : at + _PIECE]) for at in range(0, len(packed), _PIECE))
    elif member.compress_type == zipfile.ZIP_DEFLATED:
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


def _looked_at(data: bytes, name: str, member: zipfile.ZipInfo) -> Errors:
    """The errors in a part that may be a sheet, once its cells are known to lie close enough together."""
    columns, errors = 1, Errors()
    for piece in _tagwise(_unpacked(data, member)):
        for letters, row in _FAR.findall(piece) if _MAYBE_FAR.search(piece) else ():
            if len(letters) > 3 or (row and int(row[:9]) > MOST_ROWS):
                raise ValueError("a cell where no sheet has one")
            columns = max(columns, _column(letters))
        if b't="e"' in piece or b"t='e'" in piece:
            _take_errors(piece, errors, name)
    if columns * MOST_ROWS > MOST_CELLS:
        _check_area(data, name, member)
    return errors


def _check_area(data: bytes, name: str, member: zipfile.ZipInfo) -> None:
    """Count where the cells that hold something end."""
    columns, rows = {b"A"}, 1
    for piece in _tagwise(_unpacked(data, member)):
        found = _PLACE.findall(piece)
        columns.update(letters for letters, _ in found)
        rows = max([rows, *(int(row) for _, row in found)])
    most = max(map(_column, columns))
    if rows * most > MOST_CELLS:
        raise InputError(
            name,
            f"has cells as far as row {rows:,} and column {most:,}, more than {MOST_CELLS:,} in all; delete what"
            " stands far from the table, or save it as CSV",
        )


def _tagwise(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes cut before a cell, so that none falls in two pieces."""
    tail = b""
    for piece in pieces:
        whole = tail + piece
        cut = max(whole.rfind(b"<c ", len(tail)), whole.rfind(b"<row", len(tail)))
        cut = cut if cut > 0 else whole.rfind(b"<")
        if cut <= 0 or len(whole) - cut > _MOST_TAIL:
            cut = max(len(whole) - _MOST_TAIL, 0)
        yield whole[:cut]
        tail = whole[cut:]
    yield tail


def _take_errors(piece: bytes, errors: Errors, name: str) -> None:
    for match in _ERROR.finditer(piece):
        place = _PLACE.search(match[0])
        if place:
            errors[int(place[2]) - 1, _column(place[1]) - 1] = match[1].decode("utf-8", "replace")
    if len(errors) > MOST_ERRORS:
        raise InputError(name, f"has more than {MOST_ERRORS:,} cells that hold an error; repair its formulas first")


def _column(letters: bytes) -> int:
    """The number of a column, counted from 1: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _parts(workbook: bytes, relations: bytes) -> Iterator[str]:
    """The name of the part that each sheet is, in the order of the sheets."""
    targets = {}
    for tag in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        targets[attributes.get(b"Id")] = attributes.get(b"Target", b"").decode("utf-8", "replace")
    for id in _SHEET.findall(workbook):
        target = targets.get(id, "")
        yield target[1:] if target.startswith("/") else f"xl/{target}"

"""Workbooks of other kinds (.xls, .xlsb, .ods), read by a process of its own whose memory is bounded.

What such a file unpacks to cannot be seen before it is read, as it can of an .xlsx: a few bytes may repeat one cell a
thousand million times. A process that takes too much ends, and nothing else does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import multiprocessing
import os
import zipfile
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from formatpicker.batch.processes import safe_path
from formatpicker.batch.readers.source import CHUNK, chunks, size_of
from formatpicker.batch.readers.workbook_xml import FilledCells
from formatpicker.errors import InputError

# So much for the process that reads workbooks of other kinds, and so much for their cells in this one: together less
# than 1 GB.
MOST_MEMORY = 400_000_000
MOST_HELD = 200_000_000
# How a compound file begins: an .xls, or any workbook with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_OTHERS = ("xl/workbook.bin", "content.xml")


class RawSheet(NamedTuple):
    """A sheet as a library reads it: its name, whether it is shown, its rows, and what was seen of its cells before."""

    name: str
    visible: bool
    rows: Iterable[list[Any]]
    cells: FilledCells = FilledCells()


def is_other(data: bytes) -> bool:
    """Whether a workbook is none that the reader of .xlsx looks into."""
    if data.startswith(_COMPOUND):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(member.lower() in _OTHERS for member in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def sheets_of(data: bytes, name: str) -> list[RawSheet]:
    """All sheets of such a workbook.

    Raises:
        InputError: It cannot be read, or not within the memory that a table of answers needs.
    """
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=_send, args=(data, there), daemon=True)
    with safe_path():
        child.start()
    there.close()
    try:
        return _received(here, data, name)
    except (EOFError, OSError):
        raise _too_much(name) from None
    finally:
        child.kill()
        child.join()
        here.close()


def _received(pipe: Connection, data: bytes, name: str) -> list[RawSheet]:
    """The sheets as they come: each one, then its rows in pieces; text says what is wrong, None that this is all."""
    sheets: list[RawSheet] = []
    rows: list[list[Any]] = []
    size = 0
    while (piece := pipe.recv()) is not None:
        if isinstance(piece, str):
            if "password" in piece.lower() or "EncryptedPackage".encode("utf-16-le") in data:
                raise InputError(name, "is encrypted; save it without a password")
            raise InputError(name, f"cannot be read as a workbook ({piece[:120]}); save it as .xlsx or as CSV")
        if isinstance(piece, tuple):
            rows = []
            sheets.append(RawSheet(piece[0], piece[1], rows))
        else:
            size += sum(map(size_of, piece))
            if size > MOST_HELD:
                raise _too_much(name)
            rows.extend(piece)
    return sheets


def _too_much(name: str) -> InputError:
    return InputError(
        name, "takes more memory than a table of answers needs, or is damaged; save it as .xlsx or as CSV"
    )


def _bounded() -> None:
    """Bound the memory of this process, and keep what a crash would print to itself."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        import resource
    except ImportError:  # no such bound on Windows
        return
    with contextlib.suppress(ValueError, OSError):
        with open("/proc/self/statm") as stream:  # noqa: PTH123  (no path of anybody's)
            taken = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, resource.RLIM_INFINITY))


def _send(data: bytes, pipe: Connection) -> None:
    """Read the sheets and hand them on: one of them at a time is in the memory of this process, and some rows."""
    _bounded()
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for index, sheet_name in enumerate(book.sheet_names):
            visible = str(book.sheets_metadata[index].visible).endswith("Visible")
            pipe.send((sheet_name, visible))
            for piece in chunks(enumerate(book.get_sheet_by_index(index).iter_rows()), CHUNK):
                pipe.send([row for _, row in piece])
        pipe.send(None)
    except BaseException as error:  # a crash of the library is no Exception
        with contextlib.suppress(BaseException):  # no memory is left even to say so: the end of the process does
            pipe.send(" ".join(str(error).split()) or type(error).__name__)

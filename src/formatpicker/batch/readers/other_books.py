"""Workbooks of other kinds (.xls, .xlsb, .ods), read by a process of its own whose memory is bounded.

What such a file unpacks to cannot be seen before it is read, as it can of an .xlsx: a few bytes may repeat one cell a
thousand million times. A process that takes too much ends, and nothing else does.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import zipfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

from formatpicker.batch.pool import safe_path
from formatpicker.errors import InputError

MOST_MEMORY = 1_000_000_000
# How a compound file begins: an .xls, or any workbook with a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"
_OTHERS = ("xl/workbook.bin", "content.xml")


class OtherSheet(NamedTuple):
    """A sheet: its name, whether it is shown, and its rows of cells."""

    name: str
    visible: bool
    rows: list[list[Any]]


def is_other(data: bytes) -> bool:
    """Whether a workbook is none that the reader of .xlsx looks into."""
    if data.startswith(_COMPOUND):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(member.lower() in _OTHERS for member in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def sheets_of(data: bytes, name: str) -> list[OtherSheet]:
    """All sheets of such a workbook.

    Raises:
        InputError: It cannot be read, or not within the memory that a table of answers needs.
    """
    try:
        with safe_path(), ProcessPoolExecutor(1, initializer=_bounded) as pool:
            found = pool.submit(_read, data).result()
    except BrokenProcessPool:
        raise InputError(
            name, "takes more memory than a table of answers needs, or is damaged; save it as .xlsx or as CSV"
        ) from None
    if isinstance(found, str):
        if "password" in found.lower() or "EncryptedPackage".encode("utf-16-le") in data:
            raise InputError(name, "is encrypted; save it without a password")
        raise InputError(name, f"cannot be read as a workbook ({found[:120]}); save it as .xlsx or as CSV")
    return found


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


def _read(data: bytes) -> list[OtherSheet] | str:
    """The sheets, or what is wrong."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        for index, sheet_name in enumerate(book.sheet_names):
            visible = str(book.sheets_metadata[index].visible).endswith("Visible")
            found.append(OtherSheet(sheet_name, visible, [*book.get_sheet_by_index(index).iter_rows()]))
    except BaseException as error:  # a crash of the library is no Exception
        return " ".join(str(error).split()) or type(error).__name__
    return found

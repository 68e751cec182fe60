"""Tables from files: which kind a file is, and its rows in chunks. What the columns mean is in ``batch.headers``."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from formatpicker.base.files import STDIN
from formatpicker.base.text import shortened
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers.source import Source, Table, detected_encoding
from formatpicker.errors import InputError


class InputKind(NamedTuple):
    """What a kind of file holds.

    Attributes:
        endings: How the names of such files end.
        begins: The bytes that one of them begins with, if all do.
        sheets: Whether it has several tables, of which one may be named.
        keyed: Whether every row names its columns.
    """

    endings: tuple[str, ...]
    begins: tuple[bytes, ...] = ()
    sheets: bool = False
    keyed: bool = False


_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
# By the name of the module that reads it.
INPUT_KINDS = {
    "csv": InputKind((".csv", ".tsv", ".tab", ".txt")),
    "jsonl": InputKind((".jsonl", ".ndjson", ".json"), keyed=True),
    "xlsx": InputKind((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"), (_ZIP, b"\xd0\xcf\x11\xe0"), sheets=True),
    "parquet": InputKind((".parquet", ".pq"), (b"PAR1",)),
}
_KIND_OF = {ending: name for name, kind in INPUT_KINDS.items() for ending in kind.endings}
# Bytes that no text holds but by accident.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
# Where more than one byte of so many is odd, and more than a few, it is no text.
_MOST_ODD, _FEW = 20, 9
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)


def opened_table(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> Table:
    """The table in an opened input.

    ``kind`` is one of ``INPUT_KINDS``; None goes by the first bytes, then by how the name ends. ``encoding`` is that of
    a text file; None goes by the first bytes.

    Raises:
        InputError: The file cannot be read as such a table, or none of its columns holds an answer.
    """
    source = unpacked(source)
    if _MARKUP.match(source.sample):
        raise InputError(source.name, "is a web page or XML and no table; open it in Excel and save it as .xlsx or CSV")
    if kind is None and source.name.lower().endswith((".yaml", ".yml")):
        command = f"formatpicker recommend {shortened(source.name, quote=False)}"
        raise InputError(source.name, f"looks like the answers of one person; `{command}` reads those")
    module = kind or kind_of(source)
    if headers.sheet is not None and not INPUT_KINDS[module].sheets:
        raise InputError("--sheet", f"only a workbook has sheets, and {source.name} is none; leave it out")
    _check_bytes(source, module)
    read: Callable[[Source, Headers, str | None], Table]
    read = import_module(f"formatpicker.batch.readers.{module}").read
    return read(source, headers, encoding)


def _check_bytes(source: Source, module: str) -> None:
    """Refuse text that is called a workbook or Parquet, and bytes that are called text.

    Raises:
        InputError: It is the one or the other.
    """
    begins, odd = INPUT_KINDS[module].begins, len(_NO_TEXT.findall(source.sample))
    if begins and not odd and not source.sample.startswith(begins):
        told = "cannot be read as an Excel workbook" if module == "xlsx" else "cannot be read as Parquet"
        raise InputError(source.name, f"{told}: it is text; let its name end in .csv, or add --from csv")
    if not begins and odd > max(_FEW, len(source.sample) // _MOST_ODD) and detected_encoding(source.sample) == "utf-8":
        raise InputError(source.name, "is no text, and no workbook or Parquet either; save the table as .xlsx or CSV")


def unpacked(source: Source) -> Source:
    """The only table in an archive; any other source as it is."""
    if not source.sample.startswith((_ZIP, _GZIP)):
        return source
    from formatpicker.batch.readers import archives

    return archives.unpacked(source, _KIND_OF)


def kind_of(source: Source) -> str:
    """The kind of a table by its first bytes, or by how the file's name ends."""
    path = source.inside or source.path
    for name, kind in INPUT_KINDS.items():
        if kind.begins and source.sample.startswith(kind.begins):
            return name
    ending = Path(path).suffix.lower()
    if path != STDIN and ending in _KIND_OF:
        return _KIND_OF[ending]
    return "jsonl" if source.sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "csv"

"""Tables from files: which kind a file is, and its rows in chunks. What the columns mean is in ``batch.headers``."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from formatpicker.base.files import STDIN
from formatpicker.base.text import shortened
from formatpicker.batch.headers import Headers
from formatpicker.batch.readers.source import Source, Table
from formatpicker.errors import InputError

# How the names of files end that are read, by the module that does.
_ENDINGS = {
    "csv": (".csv", ".tsv", ".tab", ".txt"),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "xlsx": (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"),
    "parquet": (".parquet", ".pq"),
}
KINDS = tuple(_ENDINGS)
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
# How ZIP, which workbooks are as well, and gzip begin.
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
_MAGIC = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xlsx", b"PAR1": "parquet"}


def opened_table(source: Source, headers: Headers, kind: str | None, encoding: str | None) -> Table:
    """The table in an opened input.

    ``kind`` is one of ``KINDS``; None goes by the first bytes, then by how the name ends. ``encoding`` is that of a
    text file; None goes by the first bytes.

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
    if headers.sheet is not None and module != "xlsx":
        raise InputError("--sheet", f"only a workbook has sheets, and {source.name} is none; leave it out")
    read: Callable[[Source, Headers, str | None], Table]
    read = import_module(f"formatpicker.batch.readers.{module}").read
    return read(source, headers, encoding)


def unpacked(source: Source) -> Source:
    """The only table in an archive; any other source as it is."""
    if not source.sample.startswith(_ARCHIVES):
        return source
    from formatpicker.batch.readers import archives

    return archives.unpacked(source, _KIND_OF)


def kind_of(source: Source) -> str:
    """The kind of a table by its first bytes, or by how the file's name ends."""
    path = source.inside or source.path
    start = source.sample[:4]
    if start in _MAGIC:
        return _MAGIC[start]
    ending = Path(path).suffix.lower()
    if path != STDIN and ending in _KIND_OF:
        return _KIND_OF[ending]
    return "jsonl" if source.sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "csv"

"""Records to files: JSON Lines, CSV, XLSX and Parquet. A file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

from formatpicker.batch.records import FIELDS, Record
from formatpicker.batch.work import Fast
from formatpicker.batch.writers.output_file import Sink, Target
from formatpicker.errors import InputError, one_of

# The kind of ``--json``.
DOCUMENT = "json"
_WRITERS = {"jsonl": "jsonl", "csv": "csv", "xlsx": "xlsx", "parquet": "parquet", DOCUMENT: "document"}
_ENDINGS = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
}
KINDS = tuple(kind for kind in _WRITERS if kind != DOCUMENT)
# Kinds that are written as text, piece by piece, and so can go to standard output and be continued.
TEXTS = ("jsonl", "csv")
# The kind that is laid out in columns.
COLUMNS = "parquet"

Encode = Callable[[Sequence[Record], Sequence[str]], Any]


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of file to write: as asked for, else by the name's ending, else JSON Lines.

    Raises:
        InputError: It is none of ``KINDS``, or no kind that standard output takes.
    """
    if kind is not None and kind.lower() not in KINDS:
        raise InputError("--to", f"{kind!r} is {one_of(kind, KINDS, 'kind of file')}")
    return kind.lower() if kind else _ENDINGS.get(Path(path or "").suffix.lower(), "jsonl")


def checked_fields(text: str | None) -> tuple[str, ...]:
    """The columns to write, in the order given; all of them where none are named.

    Raises:
        InputError: A column that a record does not have, or one named twice.
    """
    fields = FIELDS if text is None else tuple(part.strip() for part in text.split(","))
    for field in fields:
        if field not in FIELDS:
            raise InputError("--fields", f"{field!r} is {one_of(field, FIELDS, 'column')}")
        if fields.count(field) > 1:
            raise InputError("--fields", f"{field!r} stands twice; name each column once")
    return fields


def encoder(kind: str) -> Encode:
    """What turns records into pieces of such a file; it can run in another process."""
    found: Encode = import_module(f"formatpicker.batch.writers.{_WRITERS[kind]}").encode
    return found


def fast_encoder(kind: str, fields: Sequence[str]) -> Fast | None:
    """A faster way to the same pieces, where there is one: for lines of JSON with all columns."""
    if kind not in ("jsonl", DOCUMENT) or tuple(fields) != FIELDS:
        return None
    from formatpicker.batch.writers.jsonl import LineEncoder

    return LineEncoder


def opened_sink(kind: str, target: Target, fields: Sequence[str], stack: ExitStack) -> Sink:
    """What takes the pieces in order and makes the file of them."""
    found: Sink = import_module(f"formatpicker.batch.writers.{_WRITERS[kind]}").opened(target, fields, stack)
    return found

"""Records to files: JSON Lines, CSV, XLSX and Parquet. A file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formatpicker.base.text import canonical
from formatpicker.batch.records import FIELDS, FURTHER, LEFT_OPEN, Row
from formatpicker.batch.writers.beside import NOTHING, Beside
from formatpicker.batch.writers.output_file import Sink, Target, check_ending
from formatpicker.errors import InputError, one_of, word_of

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.batch.record_columns import Keyed

# How the names of files end that are written, by the module that does.
_ENDINGS = {"jsonl": (".jsonl", ".ndjson"), "csv": (".csv",), "xlsx": (".xlsx",), "parquet": (".parquet", ".pq")}
KINDS = tuple(_ENDINGS)
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
# The module for ``--json``.
DOCUMENT = "document"
# Rows or columns in the order in which they are written, and the names of the columns.
Encode = Callable[[Sequence[Row], Sequence[str]], Any]
EncodeColumns = Callable[[Sequence["pa.Array | Keyed"], Sequence[str]], Any]


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of file to write: as asked for, else by the name's ending, else JSON Lines.

    Raises:
        InputError: It is none of ``KINDS``, or the ending is that of a kind that is not written.
    """
    if kind is not None:
        return word_of("--to", kind, KINDS, "kind of file")
    check_ending("-o", path, "records are written as .csv, .xlsx, .jsonl or .parquet")
    return _KIND_OF.get(Path(path or "").suffix.lower(), "jsonl")


def checked_fields(text: str | None, leave_open: bool = False, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns to write, in the order given; the usual ones where none are named, and before what begins with +.

    ``leave_open`` adds the column that says which answers were left open to the usual ones. Columns of the input may be
    named where ``kept`` does.

    Raises:
        InputError: A column that a record does not have, or one named twice.
    """
    known = (*FIELDS, *FURTHER)
    named = () if text is None else tuple(part.strip() for part in text.strip().removeprefix("+").split(","))
    usual = (*FIELDS, LEFT_OPEN) if leave_open else FIELDS
    fields = (*usual, *named) if text is None or text.strip().startswith("+") else named
    carried = {canonical(part) for each in kept for part in (each, *each.split(","))}
    for field in fields:
        if field not in known and canonical(field) not in carried:
            raise InputError("--fields", f"{field!r} is {one_of(field, known, 'column')}")
        if fields.count(field) > 1:
            raise InputError("--fields", f"{field!r} stands twice; name each column once")
    return fields


def encoder(kind: str) -> Encode:
    """What turns rows into pieces of such a file."""
    found: Encode = import_module(f"formatpicker.batch.writers.{kind}").encode
    return found


def columns_encoder(kind: str) -> EncodeColumns:
    """The same of rows by columns, with the same bytes in the end; for one run, of which it remembers texts."""
    found: EncodeColumns = import_module(f"formatpicker.batch.writers.{kind}").columns_encoder()
    return found


def opened_sink(kind: str, target: Target, names: Sequence[str], stack: ExitStack, beside: Beside = NOTHING) -> Sink:
    """What takes the pieces in order and makes the file of them."""
    found: Sink = import_module(f"formatpicker.batch.writers.{kind}").opened(target, names, stack, beside)
    return found

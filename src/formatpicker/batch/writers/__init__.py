"""Records to files: JSON Lines, CSV, XLSX and Parquet. A file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Any

from formatpicker.batch.records import Row
from formatpicker.batch.writers.beside import NOTHING, Beside
from formatpicker.batch.writers.output_file import Sink, Target, checked_ending
from formatpicker.errors import word_of

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.batch.record_columns import Keyed

# How the names of files end that are written, by the module that does.
_ENDINGS = {"jsonl": (".jsonl", ".ndjson"), "csv": (".csv",), "xlsx": (".xlsx",), "parquet": (".parquet", ".pq")}
KINDS = tuple(_ENDINGS)
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
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
    ending = checked_ending("-o", path, "records are written as .csv, .xlsx, .jsonl or .parquet")
    return _KIND_OF.get(ending, "jsonl")


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

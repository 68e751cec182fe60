"""Records to files, one module for each kind of file: JSON Lines, CSV, XLSX, Parquet.

A new kind is a module with ``encode``, ``opened`` and, where it takes whole columns, ``columns_encoder``; and a line in
``OUTPUT_KINDS`` that says what it can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from formatpicker.batch.records import Row
from formatpicker.batch.writers.options import WriterOptions
from formatpicker.batch.writers.output_file import Output, Sink, checked_ending
from formatpicker.errors import word_of

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.batch.columns.records import Keyed

# Rows or columns in the order in which they are written, and the names of the columns.
Encode = Callable[[Sequence[Row], Sequence[str]], Any]
EncodeColumns = Callable[[Sequence["pa.Array | Keyed"], Sequence[str]], Any]


class OutputKind(NamedTuple):
    """What a kind of file can.

    Attributes:
        endings: How the names of such files end.
        by_columns: Whether whole columns can be written, and not rows alone.
        typed: Whether each column has one type, which is text for all that has no type of its own.
        in_words: Whether it has room for a sheet with each record in words.
        description: Where it stands what the columns mean and where the records are from.
    """

    endings: tuple[str, ...]
    by_columns: bool = True
    typed: bool = False
    in_words: bool = False
    description: Literal["inside", "beside", "nowhere"] = "nowhere"


# By the name of the module.
OUTPUT_KINDS = {
    "jsonl": OutputKind((".jsonl", ".ndjson")),
    "csv": OutputKind((".csv",), description="beside"),
    "xlsx": OutputKind((".xlsx",), by_columns=False, in_words=True, description="inside"),
    "parquet": OutputKind((".parquet", ".pq"), typed=True, description="inside"),
}
_KIND_OF = {ending: name for name, kind in OUTPUT_KINDS.items() for ending in kind.endings}
# How pages end, which are written by ``report``.
_PAGES = (".html", ".htm", ".md", ".pdf")


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of file to write: as asked for, else by the name's ending, else JSON Lines.

    Raises:
        InputError: It is none of ``OUTPUT_KINDS``, or the ending is that of a kind that is not written.
    """
    if kind is not None:
        return word_of("--to", kind, [*OUTPUT_KINDS], "kind of file")
    ending = checked_ending("-o", path, "records are written as .csv, .xlsx, .jsonl or .parquet", _PAGES)
    return _KIND_OF.get(ending, "jsonl")


def encoder(kind: str) -> Encode:
    """What turns rows into pieces of such a file."""
    encode: Encode = _writer(kind).encode
    return encode


def columns_encoder(kind: str) -> EncodeColumns:
    """The same of rows by columns, with the same bytes in the end; for one run, of which it remembers texts."""
    encode: EncodeColumns = _writer(kind).columns_encoder()
    return encode


def opened_sink(kind: str, output: Output, names: Sequence[str], stack: ExitStack, options: WriterOptions) -> Sink:
    """What takes the pieces in order and makes the file of them."""
    sink: Sink = _writer(kind).opened(output, names, stack, options)
    return sink


def _writer(kind: str) -> Any:
    return import_module(f"formatpicker.batch.writers.{kind}")

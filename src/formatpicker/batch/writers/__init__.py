"""Records, and what could not be read, to files; one module for each kind: JSON Lines, CSV, XLSX, Parquet.

A new kind is a module with ``encode``, ``opened`` and, where it takes whole columns, ``columns_encoder``; and a line in
``OUTPUT_KINDS`` that says what it can.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from math import isfinite
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from formatpicker.base.text import shortened
from formatpicker.batch.records import LISTS, REJECT_FIELDS, Reject, Row
from formatpicker.batch.writers.output_file import Output, Sink, TextSink, checked_ending
from formatpicker.errors import InputError, word_of

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.advice.recommendation import Recommendation
    from formatpicker.batch.columns.records import Keyed

# Rows up to this number are put into words in a workbook: each takes some 10 ms, most of it for how sure a result is.
MOST_IN_WORDS = 1_000
# How the name of the file goes on that stands beside a CSV file; CSV on the Web looks for it there.
SIDECAR = "-metadata.json"
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
        return checked_kind(path, word_of("--to", kind, [*OUTPUT_KINDS], "kind of file"), _KIND_OF)
    *endings, last = [each.endings[0] for each in OUTPUT_KINDS.values()]
    ending = checked_ending("-o", path, f"records are written as {', '.join(endings)} or {last}", _PAGES)
    return _KIND_OF.get(ending, "jsonl")


def checked_kind(path: str | None, kind: str, kind_of: Mapping[str, str]) -> str:
    """The kind that ``--to`` asks for, where the name of the file does not end like one of another kind.

    Raises:
        InputError: It does; nobody could open such a file.
    """
    meant = kind_of.get(PurePath(path or "").suffix.lower(), kind)
    if meant != kind:
        raise InputError(
            "--to", f"{kind} and {shortened(path)} contradict each other; leave --to out, or name a file of that kind"
        )
    return kind


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


# --- what is written with the records ---------------------------------------------------------------------------------


class InWords(NamedTuple):
    """A sheet of a workbook with each record in words.

    Attributes:
        headings: The columns behind the id and the kept columns.
        row: What stands in them, of a recommendation of the core formats alone, its call and who contends.
        points: Which of them hold points of 100 and get a bar, from 0.
    """

    headings: tuple[str, ...]
    row: Callable[[Recommendation, str, Sequence[str]], Row]
    points: tuple[int, ...]


class TableDescription(NamedTuple):
    """Where a table is from, and what stands in it.

    Attributes:
        origin: What it was made by and of, and when, each with its label.
        columns: What each field of a record means.
        ids: What the ids of formats and questions stand for.
    """

    origin: Mapping[str, str]
    columns: Mapping[str, str]
    ids: Mapping[str, str]

    def described(self, names: Sequence[str]) -> dict[str, str]:
        """What each of these columns means, in order."""
        return {name: self.columns.get(name, "As in the table that was read.") for name in names}

    def text(self, names: Sequence[str], output: str) -> str:
        """The file beside a CSV file of these columns, by CSV on the Web."""
        columns = [
            {"titles": name, "dc:description": said, **({"separator": ";"} if name in LISTS else {})}
            for name, said in self.described(names).items()
        ]
        document = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": Path(output).name,
            "notes": [self.origin],
            "tableSchema": {"columns": columns},
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


class WriterOptions(NamedTuple):
    """How the file of records is written; a kind of file takes those that it has a use for.

    Attributes:
        in_words: The sheet with each record in words.
        description: What is said of the table.
        kept: The names of the kept columns.
        bom: Whether a byte order mark begins the file, for Excel.
        document: Whether lines of JSON are one document.
        title: The title of the sheet of records in a workbook.
    """

    in_words: InWords | None = None
    description: TableDescription | None = None
    kept: tuple[str, ...] = ()
    bom: bool = False
    document: bool = False
    title: str = "Records"


# --- what could not be read -------------------------------------------------------------------------------------------


class Rejects:
    """Takes rejects in order, and writes them where a file is asked for."""

    def __init__(self, path: str | None, opened: Callable[[str], Output], stack: ExitStack) -> None:
        """The kind of the file, which is ``opened``, goes by the ending: ``.csv``, ``.xlsx``, or else JSON Lines.

        Raises:
            InputError: The ending is that of a kind that rejects are not written as.
        """
        self._sink: Sink | None = None
        self._encode: Encode = _json_lines
        if path is None:
            return
        written = "rejects are written as .jsonl, .csv or .xlsx"
        ending = checked_ending("--rejects", path, written, OUTPUT_KINDS["parquet"].endings)
        output = opened(path)
        if ending in (".csv", ".xlsx"):
            self._encode = encoder(ending[1:])
        if ending == ".xlsx":
            self._sink = opened_sink("xlsx", output, REJECT_FIELDS, stack, WriterOptions(title="Rejects"))
        else:
            head = self._encode([REJECT_FIELDS], REJECT_FIELDS) if ending == ".csv" else ""
            self._sink = TextSink(output, head)

    def begin(self) -> None:
        """Write what stands before the first one."""
        if self._sink:
            self._sink.begin()

    def take(self, rejects: Sequence[Reject]) -> None:
        """Write some rejects."""
        if self._sink and rejects:
            self._sink.take(self._encode([each[: len(REJECT_FIELDS)] for each in rejects], REJECT_FIELDS))

    def finish(self) -> None:
        """Make the file of all of them."""
        if self._sink:
            self._sink.finish()


def _json_lines(rows: Sequence[Row], names: Sequence[str]) -> str:
    """In ASCII: a value that is no valid text can still be written. A number that is none, or has no end, is text."""
    plain = [
        [str(value) if isinstance(value, float) and not isfinite(value) else value for value in row] for row in rows
    ]
    return "".join(json.dumps(dict(zip(names, row, strict=True)), allow_nan=False) + "\n" for row in plain)

"""Records, and what could not be read, to files: JSON Lines, CSV, XLSX, Parquet. One appears whole or not at all.

Beside the records may stand each of them in words, where they are from, and what the columns mean: in a workbook on
sheets of its own, beside CSV in a file, by W3C's "CSV on the Web".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.base.files import STDIN, is_special
from formatpicker.batch.records import LISTS, REJECT_FIELDS, Reject, Row
from formatpicker.batch.writers.output_file import Sink, Target, TextSink, checked_ending, is_stream
from formatpicker.errors import word_of

if TYPE_CHECKING:
    import pyarrow as pa

    from formatpicker.advice.recommendation import Recommendation
    from formatpicker.batch.columns.records import Keyed

# How the names of files end that are written, by the module that does.
_ENDINGS = {"jsonl": (".jsonl", ".ndjson"), "csv": (".csv",), "xlsx": (".xlsx",), "parquet": (".parquet", ".pq")}
KINDS = tuple(_ENDINGS)
_KIND_OF = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
# Rows or columns in the order in which they are written, and the names of the columns.
Encode = Callable[[Sequence[Row], Sequence[str]], Any]
EncodeColumns = Callable[[Sequence["pa.Array | Keyed"], Sequence[str]], Any]
# Rows up to this number are put into words in a workbook: each takes some 10 ms, most of it for how sure a result is.
MOST_IN_WORDS = 1_000
# How pages end, which are written by ``report``.
_PAGES = (".html", ".htm", ".md", ".pdf")
# How the name of the file beside a CSV file goes on; CSV on the Web looks for it there.
ENDING = "-metadata.json"


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of file to write: as asked for, else by the name's ending, else JSON Lines.

    Raises:
        InputError: It is none of ``KINDS``, or the ending is that of a kind that is not written.
    """
    if kind is not None:
        return word_of("--to", kind, KINDS, "kind of file")
    ending = checked_ending("-o", path, "records are written as .csv, .xlsx, .jsonl or .parquet", _PAGES)
    return _KIND_OF.get(ending, "jsonl")


def encoder(kind: str) -> Encode:
    """What turns rows into pieces of such a file."""
    found: Encode = import_module(f"formatpicker.batch.writers.{kind}").encode
    return found


def columns_encoder(kind: str) -> EncodeColumns:
    """The same of rows by columns, with the same bytes in the end; for one run, of which it remembers texts."""
    found: EncodeColumns = import_module(f"formatpicker.batch.writers.{kind}").columns_encoder()
    return found


def opened_sink(kind: str, target: Target, names: Sequence[str], stack: ExitStack, beside: Beside) -> Sink:
    """What takes the pieces in order and makes the file of them."""
    found: Sink = import_module(f"formatpicker.batch.writers.{kind}").opened(target, names, stack, beside)
    return found


# --- what could not be read ------------------------------------------------------------------------------------------


class Rejects:
    """Takes rejects in order, and writes them where a file is asked for."""

    def __init__(self, path: str | None, opened: Callable[[str], Target], stack: ExitStack) -> None:
        """The kind of the file, which is ``opened``, goes by the ending: ``.csv``, ``.xlsx``, or else JSON Lines.

        Raises:
            InputError: The ending is that of a kind that rejects are not written as.
        """
        self._sink: Sink | None = None
        self._encode: Encode = _json_lines
        if path is None:
            return
        written = "rejects are written as .jsonl, .csv or .xlsx"
        ending = checked_ending("--rejects", path, written, (".parquet", ".pq"))
        target = opened(path)
        if ending in (".csv", ".xlsx"):
            self._encode = encoder(ending[1:])
        if ending == ".xlsx":
            self._sink = opened_sink("xlsx", target, REJECT_FIELDS, stack, Beside(title="Rejects"))
        else:
            head = self._encode([REJECT_FIELDS], REJECT_FIELDS) if ending == ".csv" else ""
            self._sink = TextSink(target, head)

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


# --- what stands beside the records ----------------------------------------------------------------------------------


class InWords(NamedTuple):
    """A sheet of a workbook with each record in words.

    Attributes:
        headings: The columns behind the id and those that are carried through.
        row: What stands in them, of a recommendation of the core formats alone, its call and who contends.
        points: Which of them hold points of 100 and get a bar, from 0.
    """

    headings: tuple[str, ...]
    row: Callable[[Recommendation, str, Sequence[str]], Row]
    points: tuple[int, ...]


class About(NamedTuple):
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
        found = {
            "@context": "http://www.w3.org/ns/csvw",
            "url": Path(output).name,
            "notes": [self.origin],
            "tableSchema": {"columns": columns},
        }
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


class Beside(NamedTuple):
    """All that stands beside the records of one file; ``kept`` are the columns that are carried through.

    ``bom`` puts a byte order mark before a CSV file, for Excel; ``document`` makes lines of JSON one document;
    ``title`` is that of their sheet in a workbook.
    """

    in_words: InWords | None = None
    about: About | None = None
    kept: tuple[str, ...] = ()
    bom: bool = False
    document: bool = False
    title: str = "Records"


NOTHING = Beside()


def sidecar_path(kind: str, output: str | None) -> str | None:
    """Where the file beside an output goes; None where that is no CSV, or no file of its own."""
    if output is None or output == STDIN or kind != "csv" or is_stream(output) or is_special(output):
        return None
    return f"{output}{ENDING}"

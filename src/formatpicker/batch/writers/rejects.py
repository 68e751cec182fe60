"""What could not be read, to a file: JSON Lines, CSV or a workbook by the ending of its name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from math import isfinite

from formatpicker.base.text import shortened
from formatpicker.batch.records import REJECT_FIELDS, Reject, Row
from formatpicker.batch.writers import Encode, csv
from formatpicker.batch.writers.output_file import Sink, Target, TextSink, checked_ending, target_for


class Rejects:
    """Takes rejects in order, and writes them where a file is asked for."""

    def __init__(self, path: str | None, stack: ExitStack) -> None:
        """The kind of the file goes by the ending of its name: ``.csv``, ``.xlsx``, or else JSON Lines.

        Raises:
            InputError: The ending is that of a kind that rejects are not written as.
        """
        self.target: Target | None = None
        self._sink: Sink | None = None
        self._encode: Encode = _json_lines
        if path is None:
            return
        written = "rejects are written as .jsonl, .csv or .xlsx"
        ending = checked_ending("--rejects", path, written, (".parquet", ".pq"))
        self.target = target_for(path)
        if ending == ".xlsx":
            from formatpicker.batch.writers import xlsx

            self._sink = xlsx.opened(self.target, REJECT_FIELDS, stack, title="Rejects")
            self._encode = xlsx.encode
        elif ending == ".csv":
            self._sink = TextSink(self.target, csv.encode([REJECT_FIELDS], REJECT_FIELDS))
            self._encode = csv.encode
        else:
            self._sink = TextSink(self.target)

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


def reject_text(reject: Reject, count: int = 1, rows: Sequence[int] = ()) -> str:
    """A reject in words: where it is, what was written, and what is wrong; of several equal ones how many and where."""
    line = f" (line {reject.line})" if reject.line is not None else ""
    id = f", id {shortened(str(reject.id))}" if reject.id is not None else ""
    where = f"row {reject.row}{line}{id}"
    if count > 1:
        more = ", ..." if count > len(rows) else ""
        where = f"{count:,} rows ({', '.join(map(str, rows))}{more})"
    column = f", column {shortened(reject.column)}" if reject.column is not None else ""
    value = f": {shortened(reject.value)}" if reject.value is not None else ""
    return f"{where}{column}{value}: {reject.error}"

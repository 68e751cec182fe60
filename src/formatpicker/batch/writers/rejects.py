"""What could not be read, to a file of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from math import isfinite

from formatpicker.batch.records import REJECT_FIELDS, Reject, Row
from formatpicker.batch.writers import OUTPUT_KINDS, Encode, encoder, opened_sink
from formatpicker.batch.writers.options import WriterOptions
from formatpicker.batch.writers.output_file import Output, Sink, TextSink, checked_ending


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

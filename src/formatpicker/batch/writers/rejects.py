"""What could not be read, to a file: JSON Lines, CSV or a workbook by the ending of its name."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from formatpicker.base.text import shortened
from formatpicker.batch.records import REJECT_FIELDS, Reject
from formatpicker.batch.writers.csv import cell, quoted
from formatpicker.batch.writers.output_file import Target, TextSink, check_ending, target_for


class Rejects(Protocol):
    """Takes rejects in order."""

    @property
    def target(self) -> Target | None:
        """The file they go to, if they go to one."""

    def take(self, rejects: Sequence[Reject]) -> None:
        """Write some rejects."""

    def finish(self) -> None:
        """All are written."""


class Untold:
    """No file is asked for."""

    target = None

    def take(self, rejects: Sequence[Reject]) -> None:
        """Nothing to do."""

    def finish(self) -> None:
        """Nothing to do."""


class Kept:
    """Rejects in a file."""

    def __init__(self, target: Target, sink: Any, encode: Callable[[Sequence[Reject]], Any]) -> None:
        self.target = target
        self._sink = sink
        self._encode = encode
        self._begun = False

    def take(self, rejects: Sequence[Reject]) -> None:
        """Write some rejects."""
        self._begin()
        if rejects:
            self._sink.take(self._encode(rejects))

    def finish(self) -> None:
        """Make the file of all of them."""
        self._begin()
        self._sink.finish()

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._sink.begin()


def _plain(reject: Reject) -> dict[str, object]:
    """A reject as JSON takes it: a number that is none, or has no end, as text."""
    return {
        key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in zip(REJECT_FIELDS, reject, strict=False)
    }


def opened_rejects(path: str | None, stack: ExitStack) -> Rejects:
    """Where rejects go, by the ending of the name: ``.csv``, ``.xlsx``, or else JSON Lines.

    Raises:
        InputError: The ending is that of a kind that rejects are not written as.
    """
    if path is None:
        return Untold()
    check_ending("--rejects", path, "rejects are written as .jsonl, .csv or .xlsx", (".parquet", ".pq"))
    ending = Path(path).suffix.lower()
    target = target_for(path)
    if ending == ".xlsx":
        from formatpicker.batch.writers import xlsx

        return Kept(target, xlsx.opened(target, REJECT_FIELDS, stack, title="Rejects"), _rows)
    if ending == ".csv":
        return Kept(target, TextSink(target, head=",".join(REJECT_FIELDS) + "\n"), _csv_lines)
    return Kept(target, TextSink(target), _json_lines)


def _json_lines(rejects: Sequence[Reject]) -> str:
    # ASCII: a value that is no valid text can still be written.
    return "".join(json.dumps(_plain(each), allow_nan=False) + "\n" for each in rejects)


def _csv_lines(rejects: Sequence[Reject]) -> str:
    return "".join(",".join([quoted(cell(value)) for value in each[: len(REJECT_FIELDS)]]) + "\n" for each in rejects)


def _rows(rejects: Sequence[Reject]) -> list[list[Any]]:
    from formatpicker.batch.writers.xlsx import plain

    return [[plain(cell(value)) for value in each[: len(REJECT_FIELDS)]] for each in rejects]


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

"""Rows without a record: to a file as JSON Lines, or told on standard error."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Protocol

from formatpicker.base.terminal import notify
from formatpicker.base.text import shortened
from formatpicker.batch.records import Reject
from formatpicker.batch.writers.output_file import Target, target_for


class Rejects(Protocol):
    """Takes rejects in order."""

    @property
    def target(self) -> Target | None:
        """The file they go to, if they go to one."""

    def take(self, rejects: Sequence[Reject]) -> None:
        """Write or tell some rejects."""


class Told:
    """Each reject in a line on standard error."""

    target = None

    def take(self, rejects: Sequence[Reject]) -> None:
        """Tell some rejects."""
        for each in rejects:
            notify(reject_text(each))


class Kept:
    """Rejects in a file."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def take(self, rejects: Sequence[Reject]) -> None:
        """Write some rejects."""
        # ASCII: a value that is no valid text can still be written.
        self.target.write("".join(json.dumps(_plain(each), allow_nan=False) + "\n" for each in rejects))


def _plain(reject: Reject) -> dict[str, object]:
    """A reject as JSON takes it: a number that is none, or has no end, as text."""
    return {
        key: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in reject._asdict().items()
    }


def opened_rejects(path: str | None) -> Rejects:
    """Where rejects go: to a file, or to standard error where none is named."""
    return Told() if path is None else Kept(target_for(path))


def reject_text(reject: Reject) -> str:
    """A reject in words: where it is, what was written, and what is wrong."""
    line = f" (line {reject.line})" if reject.line is not None else ""
    id = f", id {shortened(str(reject.id))}" if reject.id is not None else ""
    column = f", column {shortened(reject.column)}" if reject.column is not None else ""
    value = f": {shortened(reject.value)}" if reject.value is not None else ""
    return f"row {reject.row}{line}{id}{column}{value}: {reject.error}"

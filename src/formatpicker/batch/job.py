"""What is asked for of one run over many people, apart from the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from formatpicker.base.files import STDIN, is_special
from formatpicker.batch.records import FIELDS, FURTHER, Identity
from formatpicker.batch.rows import Cell
from formatpicker.batch.summary import SummaryRequest
from formatpicker.batch.writers import OUTPUT_KINDS
from formatpicker.batch.writers.options import SIDECAR, WriterOptions
from formatpicker.batch.writers.output_file import is_stream

if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Recommendation
    from formatpicker.batch.further import Words

# Writes a whole recommendation as one line, given the id, the row and the kept columns by name.
WholeLine = Callable[["Recommendation", Identity, int, Mapping[str, Cell]], str]


@dataclass(frozen=True)
class Job:
    """What is asked for.

    Attributes:
        kind: The kind of the output, one of ``writers.OUTPUT_KINDS``.
        fields: The columns to write, as ``records.checked_fields`` gives them.
        words: What makes those of the columns that are in words.
        output: The file of the records; None is standard output.
        rejects: The file for what cannot be read, if any.
        strict: Whether to stop at the first row that cannot be read.
        leave_open: Whether to leave open what cannot be read, instead of rejecting its row.
        only_finished: Whether to leave out previews and unfinished rows.
        whole: What writes whole recommendations in place of records, if that is asked for.
        options: How the file of records is written.
        summary: The summary of all people, if any.
        reads: Other files that are read, each with its option.
    """

    kind: str
    fields: tuple[str, ...] = FIELDS
    words: Words = field(default_factory=dict)
    output: str | None = None
    rejects: str | None = None
    strict: bool = False
    leave_open: bool = False
    only_finished: bool = False
    whole: WholeLine | None = None
    options: WriterOptions = field(default_factory=WriterOptions)
    summary: SummaryRequest | None = None
    reads: tuple[tuple[str, str | None], ...] = ()

    @property
    def by_columns(self) -> bool:
        """Whether whole columns will do: records alone, of rows that are read or rejected whole."""
        more = self.whole or self.summary or self.leave_open or not {*FURTHER}.isdisjoint(self.fields)
        return not more and OUTPUT_KINDS[self.kind].by_columns

    @property
    def sidecar(self) -> str | None:
        """The file beside the output that describes it; None where that says so itself, or is no file of its own."""
        described = self.options.description and OUTPUT_KINDS[self.kind].description == "beside" and not self.whole
        if not described or self.output in (None, STDIN) or is_stream(self.output) or is_special(self.output):
            return None
        return f"{self.output}{SIDECAR}"

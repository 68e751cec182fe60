"""One run over many people: what is asked for, what is done with some rows, and all of it put together."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.files import STDIN, check_apart, is_special
from formatpicker.base.text import shortened
from formatpicker.batch.processes import in_processes, in_threads
from formatpicker.batch.readers.source import SAMPLE, Source, Table
from formatpicker.batch.records import FIELDS, FURTHER, Identity, Record, Reject, Row, output_columns, reject_text
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Cells, Responses, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.summary import SummaryRequest
from formatpicker.batch.tally import Ids, Tally, counted
from formatpicker.batch.writers import (
    MOST_IN_WORDS,
    OUTPUT_KINDS,
    SIDECAR,
    Rejects,
    WriterOptions,
    columns_encoder,
    encoder,
    opened_sink,
)
from formatpicker.batch.writers.output_file import Outputs, is_stream
from formatpicker.catalog.model import Catalog
from formatpicker.errors import FormatpickerError, InputError

if TYPE_CHECKING:
    from formatpicker.batch.census import Census, Further, Words
    from formatpicker.batch.columns.cells import Block
    from formatpicker.batch.columns.scorer import ScoredColumns


# Writes a whole recommendation as one line, given the id, the row and the kept columns by name.
WholeLine = Callable[[Recommendation, Identity, int, Mapping[str, Cell]], str]


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


class Result(NamedTuple):
    """What has become of some rows: the encoded records, the rejects in order, the counts, and the ids of all rows."""

    piece: Any
    rejects: list[Reject]
    tally: Tally
    ids: Sequence[Any]


class RowWorker:
    """Scores rows, one after the other."""

    def __init__(self, catalog: Catalog, sheet: Sheet, job: Job, scorer: Scorer | None = None) -> None:
        self._job = job
        self._columns = output_columns(job.fields, sheet.kept_names)
        self._scorer = scorer or Scorer(catalog, sheet, job.leave_open)
        self._encode = encoder(job.kind)
        self._census: Census | None = None
        self._further: Further | None = None
        self._sure: Further | None = None
        if job.summary or self._columns.further or job.options.in_words:
            from formatpicker.batch.census import Census, Further  # they load what works out how sure a result is

            self._census = Census(self._scorer, job.summary.others) if job.summary else None
            further = self._columns.further
            self._further = Further(self._scorer, further, job.words) if further else None
            self._sure = Further(self._scorer, ("call", "contenders"), {}) if job.options.in_words else None

    def __call__(self, rows: Rows) -> Result:
        """Score some rows."""
        records, rejects, rejected, left_open = self._scorer.scored(rows)
        tally = counted(records, rejected, left_open)
        tally.noticed = self._scorer.taken()
        if self._census:
            self._census.count(rows, records, tally)
        return Result(self._piece(rows, records), rejects, tally, [*map(self._scorer.id_of, rows.cells)])

    def _piece(self, rows: Rows, records: Sequence[Record]) -> Any:
        cells = [rows.cells[each.row - rows.first] for each in records]
        kept = [*map(self._scorer.kept_of, cells)]
        if self._job.whole:
            names = self._scorer.sheet.kept_names
            return "".join(
                self._job.whole(self._recommended(own), record.id, record.row, dict(zip(names, values, strict=True)))
                for own, record, values in zip(cells, records, kept, strict=True)
            )
        further = [self._further.of(*each) if self._further else () for each in zip(cells, records, strict=True)]
        piece = self._encode(self._columns.rows(records, further, kept), self._columns.names)
        return (piece, self._in_words(records, cells, kept)) if self._job.options.in_words else piece

    def _in_words(
        self, records: Sequence[Record], cells: Sequence[Cells], kept: Sequence[Sequence[Cell]]
    ) -> Sequence[Row]:
        """The same records in words, as long as the table has few rows."""
        in_words, worded = self._job.options.in_words, []
        for record, own, values in zip(records, cells, kept, strict=True):
            if in_words and self._sure and record.row <= MOST_IN_WORDS:
                told = self._recommended(own, variants=False)
                worded.append((record.id, record.row, *values, *in_words.row(told, *self._sure.of(own, record))))
        rows: Sequence[Row] = self._encode(worded, self._columns.names)
        return rows

    def _recommended(self, cells: Cells, variants: bool = True) -> Recommendation:
        return recommend(self._scorer.catalog, self._scorer.answers(cells), variants=variants)


class ColumnWorker:
    """Scores blocks by whole columns, and row by row what cannot be scored so."""

    def __init__(self, catalog: Catalog, sheet: Sheet, job: Job) -> None:
        from formatpicker.batch.columns.scorer import ColumnScorer

        self._scorer = ColumnScorer(catalog, sheet)
        self._by_rows = RowWorker(catalog, sheet, job, self._scorer.scorer)
        self._columns = output_columns(job.fields, sheet.kept_names)
        self._typed = OUTPUT_KINDS[job.kind].typed
        self._encode = columns_encoder(job.kind)

    def scored(self, block: Block | Rows) -> Callable[[], Result]:
        """Look up what one block holds; what remains to be done is to add it up and to write it down."""
        added = self._scorer.scored(block) if self._scorer.fits else None
        if added is None:
            result = self._by_rows(block if isinstance(block, Rows) else block.rows())
            return lambda: result
        return partial(self._written, added, isinstance(block, Rows))

    def _written(self, added: Callable[[], ScoredColumns], of_rows: bool) -> Result:
        from formatpicker.batch.columns.cells import as_text

        scored = added()
        ids, kept = scored.accepted_ids, scored.kept
        if self._typed:  # what the table gives no type is text
            ids = ids.cast("string") if of_rows else ids
            kept = [as_text(each) for each in kept]
        whole = [ids, *scored.columns, *kept]
        piece = self._encode([whole[at] for at in self._columns.indexes], self._columns.names)
        return Result(piece, scored.rejects, scored.tally, scored.ids)


# --- the run ---------------------------------------------------------------------------------------------------------

# So many whole recommendations are made at a time: each takes some 100 KB, and an interrupt waits for them.
MOST_RECOMMENDATIONS = 25
# Into so many groups a summary is split.
MOST_GROUPS = 200
_OBJECTS_BEFORE_A_LOOK = 1_000_000

# Read when pyarrow is first loaded: it and numpy then use one heap, which takes 60 of 500 MB less.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


class Stopped(FormatpickerError):
    """A row was rejected, and the run was to stop at the first one."""


def run(catalog: Catalog, source: Source, table: Table, job: Job, watch: Callable[[int], None]) -> Tally:
    """Score a whole table and write what comes of it.

    Args:
        catalog: The catalog.
        source: The opened input.
        table: The table in it.
        job: What is asked for.
        watch: Called with the number of rows that are done, now and then.

    Returns:
        The counts of all rows.

    Raises:
        Stopped: A row was rejected, and the job is strict; no file has changed.
        InputError: The input cannot be read to its end, or the output not be written.
    """
    _check_files(source, job)
    tally, ids = Tally(), Ids()
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        output = outputs.opened(job.output)
        rejects = Rejects(job.rejects, outputs.opened, stack)
        summary = outputs.opened(job.summary.path) if job.summary else None
        sidecar = outputs.opened(job.sidecar) if job.sidecar else None
        columns = output_columns(job.fields, table.sheet.kept_names)
        options = job.options._replace(kept=table.sheet.kept_names)
        sink = opened_sink(job.kind, output, columns.names, stack, options)
        sink.begin()
        rejects.begin()
        for result in _results(catalog, source, table, job):
            if table.sheet.id_column is not None:
                ids.take(result.ids)
            if result.rejects and job.strict:
                raise Stopped(f"--strict: {reject_text(result.rejects[0])}")
            sink.take(result.piece)
            rejects.take(result.rejects)
            tally.troubles.take(catalog, result.rejects)
            tally.merge(result.tally)
            _check_groups(tally, table.sheet.by_name)
            watch(tally.rows)
        _check_whole(source)
        sink.finish()
        rejects.finish()
        if summary and job.summary:
            summary.write(job.summary.text(catalog, tally, table.sheet.by_name))
        if sidecar and job.options.description:
            sidecar.write(job.options.description.text(columns.names, str(job.output)))
        outputs.commit()
    ids.tell()
    return tally


def _results(catalog: Catalog, source: Source, table: Table, job: Job) -> Iterator[Result]:
    """What becomes of all rows, in order: by whole columns where pyarrow is there and the table is worth loading it.

    For a table of less than 64 KB, loading it takes longer than all the rest.
    """
    # Rows make very many objects and almost no reference cycles: collecting them rarely saves a third of the time.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    responses = Responses(table.sheet, table.reading, job.only_finished)
    worth_it = len(source.sample) == SAMPLE or table.columnar
    if job.by_columns and worth_it and not responses.needed and _loads("numpy", "pyarrow.compute"):
        return in_threads(ColumnWorker(catalog, table.sheet, job).scored, table.blocks(), source.is_file)
    chunks = responses.rows(table.rows()) if responses.needed else table.rows()
    if job.whole:
        chunks = (piece for rows in chunks for piece in rows.pieces(MOST_RECOMMENDATIONS))
    return in_processes(partial(RowWorker, catalog, table.sheet, job), chunks)


def _loads(*modules: str) -> bool:
    """Whether modules can be loaded: one that is there may be made for another Python, or lack a library."""
    try:
        return all(map(import_module, modules))
    except ImportError:
        return False


def _check_groups(tally: Tally, by: str | None) -> None:
    """See that a column tells groups apart, not people: of those a summary must not know the names."""
    if by is not None and len(tally.groups) > MOST_GROUPS:
        raise InputError(
            "--by", f"{shortened(by)} holds more than {MOST_GROUPS} different texts; take a column of groups"
        )


def _check_whole(source: Source) -> None:
    """See that the input did not shrink while it was read."""
    if source.streamed and source.size is not None and source.watched.taken < source.size:
        raise InputError(source.name, "was cut off while it was read; run it again once the file rests")


def _check_files(source: Source, job: Job) -> None:
    """See that no two files of a run are the same."""
    summary = job.summary.path if job.summary else None
    check_apart(
        [("INPUT", source.path), *job.reads],
        [("-o", job.output), ("--rejects", job.rejects), ("--summary", summary), ("the file beside -o", job.sidecar)],
    )

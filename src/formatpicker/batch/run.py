"""One run of many people: reading, scoring, writing and counting put together."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

from formatpicker.base.files import check_apart
from formatpicker.base.terminal import notify
from formatpicker.base.text import shortened
from formatpicker.batch.processes import in_processes, in_threads
from formatpicker.batch.readers.parquet import ParquetTable
from formatpicker.batch.readers.source import SAMPLE, Source, Table
from formatpicker.batch.records import FIELDS, output_columns, reject_text
from formatpicker.batch.rows import Responses
from formatpicker.batch.summary import Asked
from formatpicker.batch.tally import Ids, Tally
from formatpicker.batch.workers import Plan, Result, RowWorker, Whole
from formatpicker.batch.writers import NOTHING, Beside, Rejects, opened_sink, sidecar_path
from formatpicker.batch.writers.output_file import Target, target_for
from formatpicker.catalog.model import Catalog
from formatpicker.errors import FormatpickerError, InputError

if TYPE_CHECKING:
    from formatpicker.batch.census import Words

# So many whole recommendations are made at a time: each takes some 100 KB, and an interrupt waits for them.
MOST_WHOLE = 25
# Into so many groups a summary is split.
MOST_GROUPS = 200
_OBJECTS_BEFORE_A_LOOK = 1_000_000

# Read when pyarrow is first loaded: it and numpy then use one heap, which takes 60 of 500 MB less.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")


class Stopped(FormatpickerError):
    """A row was rejected, and the run was to stop at the first one."""


@dataclass(frozen=True)
class Job:
    """What is asked for, apart from the input; ``reads`` are other files that are read, each with its option."""

    kind: str
    fields: tuple[str, ...] = FIELDS
    words: Words = field(default_factory=dict)
    output: str | None = None
    rejects: str | None = None
    strict: bool = False
    leave_open: bool = False
    only_finished: bool = False
    whole: Whole | None = None
    beside: Beside = NOTHING
    summary: Asked | None = None
    reads: tuple[tuple[str, str | None], ...] = ()

    @property
    def sidecar(self) -> str | None:
        """The file beside the output that says what it is, if it has one."""
        return sidecar_path(self.kind, self.output) if self.beside.about and not self.whole else None


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
    _check_places(source, job)
    tally, ids = Tally(), Ids()
    with ExitStack() as stack:
        outputs = stack.enter_context(Outputs())
        target = outputs.target_for(job.output)
        rejects = Rejects(job.rejects, outputs.target_for, stack)
        summary = outputs.target_for(job.summary.path) if job.summary else None
        sidecar = outputs.target_for(job.sidecar) if job.sidecar else None
        columns = output_columns(job.fields, table.sheet.kept_names)
        sink = opened_sink(job.kind, target, columns.names, stack, job.beside._replace(kept=table.sheet.kept_names))
        sink.begin()
        rejects.begin()
        others = job.summary.others if job.summary else None
        told = job.beside.in_words
        plan = Plan(catalog, table.sheet, job.kind, columns, job.words, job.whole, told, others, job.leave_open)
        for result in _results(plan, source, table, Responses(table.sheet, table.reading, job.only_finished)):
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
        if sidecar and job.beside.about:
            sidecar.write(job.beside.about.text(columns.names, str(job.output)))
        outputs.commit()
    ids.tell()
    return tally


def _results(plan: Plan, source: Source, table: Table, responses: Responses) -> Iterator[Result]:
    """What becomes of all rows, in order: by whole columns where pyarrow is there and the table is worth loading it.

    For a table of less than 64 KB, loading it takes longer than all the rest.
    """
    # Rows make very many objects and almost no reference cycles: collecting them rarely saves a third of the time.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK)
    worth_it = len(source.sample) == SAMPLE or isinstance(table, ParquetTable)
    if plan.by_columns and worth_it and not responses.needed and _loads("numpy", "pyarrow.compute"):
        from formatpicker.batch.workers import ColumnWorker

        return in_threads(ColumnWorker(plan).scored, table.blocks(), source.is_file)
    chunks = responses.rows(table.rows()) if responses.needed else table.rows()
    if plan.whole:
        chunks = (piece for rows in chunks for piece in rows.pieces(MOST_WHOLE))
    return in_processes(partial(RowWorker, plan), chunks)


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


def _check_places(source: Source, job: Job) -> None:
    """Every file has a place of its own, none of them one that is read."""
    summary = job.summary.path if job.summary else None
    check_apart(
        [("INPUT", source.path), *job.reads],
        [("-o", job.output), ("--rejects", job.rejects), ("--summary", summary), ("the file beside -o", job.sidecar)],
    )


class Outputs:
    """The files of a run: all of them appear at its end, or none."""

    def __init__(self) -> None:
        self._targets: list[Target] = []
        self._committed = False

    def __enter__(self) -> Outputs:
        return self

    def target_for(self, path: str | None) -> Target:
        """Where a file of the run goes. If it cannot be opened, ``__exit__`` removes those opened before."""
        target = target_for(path)
        self._targets.append(target)
        return target

    def commit(self) -> None:
        """All is written: make the files appear, the records last; until all can, none does."""
        for target in self._targets:
            target.settle()
        for target in reversed(self._targets):
            target.commit()
        self._committed = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._committed:
            return
        for target in self._targets:
            target.abandon()
        if isinstance(error, KeyboardInterrupt) or (isinstance(error, SystemExit) and error.code):
            notify("Stopped. No file has changed.")

"""One run of many people: reading, scoring, writing and counting put together."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from importlib import import_module

from formatpicker.base.files import check_apart
from formatpicker.base.text import shortened
from formatpicker.batch.job import Job
from formatpicker.batch.processes import in_processes, in_threads
from formatpicker.batch.readers.source import SAMPLE, Source, Table
from formatpicker.batch.records import output_columns, reject_text
from formatpicker.batch.repeated_ids import Ids
from formatpicker.batch.responses import Responses
from formatpicker.batch.tally import Tally
from formatpicker.batch.workers import ColumnWorker, Result, RowWorker
from formatpicker.batch.writers import opened_sink
from formatpicker.batch.writers.output_file import Outputs
from formatpicker.batch.writers.rejects import Rejects
from formatpicker.catalog.model import Catalog
from formatpicker.errors import FormatpickerError, InputError

# So many whole recommendations are made at a time: each takes some 100 KB, and an interrupt waits for them.
MOST_WHOLE = 25
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
        chunks = (piece for rows in chunks for piece in rows.pieces(MOST_WHOLE))
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

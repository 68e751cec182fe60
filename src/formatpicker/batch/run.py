"""One run of many people: reading, scoring, writing and counting put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from formatpicker.base.files import STDIN
from formatpicker.base.terminal import notify
from formatpicker.base.text import shortened
from formatpicker.batch.pool import each_done, usual_jobs
from formatpicker.batch.readers.source import ColumnTable, Source, Table
from formatpicker.batch.records import FIELDS
from formatpicker.batch.rows import Chunk
from formatpicker.batch.tally import Tally
from formatpicker.batch.work import Plan, Result, Whole, Worker
from formatpicker.batch.writers import COLUMNS, TEXTS, encoder, fast_encoder, opened_sink
from formatpicker.batch.writers.journal import Done, Journal
from formatpicker.batch.writers.output_file import File, Target, target_for
from formatpicker.batch.writers.rejects import opened_rejects, reject_text
from formatpicker.batch.writers.summary import Asked, opened_summary
from formatpicker.catalog.model import Catalog
from formatpicker.errors import FormatpickerError, InputError

# Ids are compared up to this many: a bound on memory.
MOST_IDS = 1_000_000
# So many whole recommendations are held in memory by each process; one takes some 100 KB.
MOST_WHOLE = 100
# So many repeated ids and ignored columns are named, the rest counted.
MOST_NAMED = 10


class Stopped(FormatpickerError):
    """A row was rejected, and the run was to stop at the first one."""


@dataclass(frozen=True)
class Job:
    """What is asked for, apart from the input.

    ``settings`` is whatever else must be the same to continue a run; ``reads`` are other files that are read.
    """

    kind: str
    fields: tuple[str, ...] = FIELDS
    output: str | None = None
    rejects: str | None = None
    strict: bool = False
    jobs: int | None = None
    resume: bool = False
    whole: Whole | None = None
    summary: Asked | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    reads: tuple[tuple[str, str | None], ...] = ()


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
    with ExitStack() as stack:
        target = target_for(job.output)
        rejects = opened_rejects(job.rejects)
        summary = opened_summary(job.summary, catalog)
        files = [each for each in (target, rejects.target) if each is not None]
        journal = _journal(catalog, source, job, files)
        outputs = stack.enter_context(Outputs([*files, *([summary.target] if summary else [])], journal))
        done = outputs.begun(job.resume)
        tally = done.tally if done else Tally()
        sink = opened_sink(job.kind, target, job.fields, stack)
        if done is None:
            sink.begin()
        reading = Reading(source, table, done, job)
        others = job.summary.others if job.summary else None
        fast = fast_encoder(job.kind, job.fields) if job.whole is None else None
        plan = Plan(catalog, table.sheet, encoder(job.kind), job.fields, fast, job.whole, others)
        for result in reading.results(plan):
            reading.compare(tally.rows + 1, result)
            if result.rejects and job.strict:
                raise Stopped(f"--strict: {reject_text(result.rejects[0])}")
            sink.take(result.piece)
            rejects.take(result.rejects)
            tally.merge(result.tally)
            outputs.note(tally, reading)
            watch(tally.rows)
        _check_whole(source)
        sink.finish()
        if summary:
            summary.write(tally)
        outputs.commit()
    reading.tell()
    return tally


def _check_whole(source: Source) -> None:
    """See that the input did not shrink while it was read."""
    if source.streamed and source.size is not None and source.watched.taken < source.size:
        raise InputError(source.name, "was cut off while it was read; run it again once the file rests")


def _check_places(source: Source, job: Job) -> None:
    """Every file has a place of its own, none of them that of the input."""
    given = [("INPUT", source.path), *job.reads, ("-o", job.output), ("--rejects", job.rejects)]
    given.append(("--summary", job.summary.path if job.summary else None))
    seen: dict[Path, str] = {}
    for option, path in given:
        if path is None or path == STDIN or (Path(path).exists() and not Path(path).is_file()):
            continue
        place = Path(path).resolve()
        # What is written also needs the names under which it grows.
        places = [place, place.with_name(f".{place.name}.partial"), place.with_name(f".{place.name}.journal")]
        taken = next((seen[each] for each in places if each in seen), None)
        if taken is not None and (option, path) not in job.reads:
            raise InputError(option, f"{path} is {taken} as well; name another file")
        seen |= dict.fromkeys(places, option)


class Reading:
    """The rows of an input as they are read: what was read when, which ids came twice, and where to go on."""

    def __init__(self, source: Source, table: Table, done: Done | None, job: Job) -> None:
        self._source = source
        self._job = job
        self._table = table
        self._done = done
        self._digests: dict[int, str] = {}
        self._ids = _Ids()

    def results(self, plan: Plan) -> Iterator[Result]:
        """What becomes of the rows; by whole columns where input and output are both laid out in them."""
        job = self._job
        jobs = job.jobs or usual_jobs()
        if job.kind == COLUMNS and plan.others is None and isinstance(self._table, ColumnTable):
            return self._table.results(plan, jobs, self._ids.met)
        return each_done(partial(Worker, plan), self.chunks(), jobs)

    def compare(self, first: int, result: Result) -> None:
        """Look for the ids of some rows among those before, given the number of the first."""
        if self._table.sheet.id_column is not None and result.ids:
            self._ids.met(first, lambda: [*result.ids])

    def chunks(self) -> Iterator[Chunk]:
        """All rows that are still to be scored.

        Raises:
            InputError: A run is continued, and its input is another one now.
        """
        chunks = self._chunks()
        if self._done:
            self._skip(chunks, self._done)
        for chunk in chunks:
            self._met(chunk)
            yield chunk

    def _chunks(self) -> Iterator[Chunk]:
        """As the table hands them on; few at a time where a whole recommendation is written for each."""
        for chunk in self._table.chunks():
            yield from chunk.parsed().pieces(MOST_WHOLE) if self._job.whole else [chunk]

    def _skip(self, chunks: Iterator[Chunk], done: Done) -> None:
        """Read what an earlier run had read, and see that it is the same."""
        last = 0
        while last < done.tally.rows and (chunk := next(chunks, None)) is not None:
            last = self._met(chunk)
            self._compare_skipped(chunk)
        if last != done.tally.rows or self.digest(last) != done.read:
            raise InputError(
                self._source.name, "is not what the interrupted run had read; leave --resume out to begin anew"
            )

    def _compare_skipped(self, chunk: Chunk) -> None:
        column = self._table.sheet.id_column
        if column is not None:
            self._ids.met(chunk.first, lambda: [cells[column] if cells else None for cells in chunk.parsed().cells])

    def _met(self, chunk: Chunk) -> int:
        last = chunk.first + chunk.count - 1
        self._digests[last] = self._source.watched.digest.hexdigest()
        return last

    def digest(self, row: int) -> str:
        """The hash of all that had been read when a row was the last one; asked for in order, and once."""
        while next(iter(self._digests)) < row:
            self._digests.pop(next(iter(self._digests)))
        return self._digests[row]

    def tell(self) -> None:
        """Name what an advisor should know of the input: columns that hold no answer, ids that came twice."""
        ignored = self._table.ignored()
        if ignored:
            notify(f"Columns that hold no answer, ignored: {_listed([shortened(name) for name in ignored])}.")
        for name, question in self._table.sheet.likely(ignored):
            notify(f"{shortened(name)} may be meant for {question} and was not read: rename it, or see --suggest-map.")
        self._ids.tell()


class _Ids:
    """Which ids came more than once. Their hashes are kept, not they themselves."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._again: list[str] = []
        self._count = 0
        self._checked = 0
        self._uncompared = False

    def met(self, first: int, given: Callable[[], list[Any]]) -> None:
        """Look at the ids of some rows, of which the first one has this number."""
        if len(self._seen) >= MOST_IDS:
            self._uncompared = True
            return
        ids = given()
        hashes = {hash(id) for id in ids}
        if len(hashes) == len(ids) and self._seen.isdisjoint(hashes):
            self._seen |= hashes
        else:
            self._compare(ids, first)
        self._checked = first + len(ids) - 1

    def _compare(self, ids: list[Any], first: int) -> None:
        for row, id in enumerate(ids, first):
            if id in (None, ""):
                continue
            if hash(id) in self._seen:
                self._count += 1
                if len(self._again) < MOST_NAMED:
                    self._again.append(f"{shortened(str(id))} (row {row})")
            self._seen.add(hash(id))

    def tell(self) -> None:
        """Name the ids that came again; none was dropped."""
        if self._count:
            again = "1 row has an id" if self._count == 1 else f"{self._count:,} rows have an id"
            notify(f"{again} that came before; all are kept: {_listed(self._again, self._count)}.")
        if self._uncompared:
            notify(f"Ids after row {self._checked:,} were not compared.")


def _listed(names: list[str], count: int | None = None) -> str:
    """The first few of some names, and how many more there are."""
    more = (count or len(names)) - len(names[:MOST_NAMED])
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more else "")


class Outputs:
    """The files of a run: all of them appear at its end, or none; what a long run has done can be continued."""

    def __init__(self, targets: list[Target], journal: Journal | None) -> None:
        self._targets = targets
        self._journal = journal
        self._committed = False

    def __enter__(self) -> Outputs:
        return self

    def begun(self, resume: bool) -> Done | None:
        """Begin anew, or go on where an earlier run stopped."""
        if self._journal is None and resume:
            raise InputError("--resume", f"needs a file as INPUT and -o with a file of {' or '.join(TEXTS)}")
        for target in self._targets:
            if self._journal is None or target not in self._journal.files:
                target.begin()
        if self._journal is None:
            return None
        if not resume:
            self._journal.begin_anew()
            return None
        done = self._journal.resumed()
        notify(f"Going on after row {done.tally.rows:,}." if done else "Nothing to go on from; beginning at row 1.")
        return done

    def note(self, tally: Tally, reading: Reading) -> None:
        """All up to here is written."""
        if self._journal:
            self._journal.note(tally, reading.digest(tally.rows))

    def commit(self) -> None:
        """All is written: make the files appear, the records last."""
        for target in reversed(self._targets):
            target.commit()
        self._committed = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        keep = not self._committed and self._journal is not None and self._journal.kept and kind is not Stopped
        if not self._committed:
            for target in self._targets:
                target.abandon(keep)
        if self._journal:
            self._journal.close(keep)
        if keep and kind is not None and not issubclass(kind, FormatpickerError):
            notify("Stopped. What was done so far is kept: repeat the command with --resume to go on.")
        elif isinstance(error, KeyboardInterrupt) or (isinstance(error, SystemExit) and error.code):
            notify("Stopped. No file has changed.")


def _journal(catalog: Catalog, source: Source, job: Job, targets: list[Target]) -> Journal | None:
    """A journal, where the run can be continued: from a file to files of text."""
    files = [target for target in targets if isinstance(target, File)]
    if len(files) < len(targets) or source.path == STDIN or job.kind not in TEXTS:
        return None
    identity = {
        "input": source.path,
        "catalog": catalog.sha256,
        "columns": list(job.fields),
        "kind": job.kind,
        "rejects": job.rejects,
        "whole recommendations": job.whole is not None,
        "summary": [other.sha256 for other in job.summary.others] if job.summary else None,
        **job.settings,
    }
    return Journal(files, identity)

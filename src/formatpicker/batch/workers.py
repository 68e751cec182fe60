"""What is done with some rows of a table, and what comes of it. No file here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.batch.job import Job
from formatpicker.batch.records import Record, Reject, Row, output_columns
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Cells, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Tally, counted
from formatpicker.batch.writers import OUTPUT_KINDS, columns_encoder, encoder
from formatpicker.batch.writers.options import MOST_IN_WORDS
from formatpicker.catalog.model import Catalog

if TYPE_CHECKING:
    from formatpicker.batch.census import Census
    from formatpicker.batch.columns.cells import Block
    from formatpicker.batch.columns.scorer import ScoredColumns
    from formatpicker.batch.further import Further


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
            from formatpicker.batch.census import Census
            from formatpicker.batch.further import Further  # brings in what works out how sure a result is

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

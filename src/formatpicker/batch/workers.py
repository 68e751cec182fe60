"""What is done with some rows of a table, and what comes of it. No file here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.batch.records import Identity, OutputColumns, Record, Reject, Row
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Cells, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Tally, counted
from formatpicker.batch.writers import MOST_IN_WORDS, InWords, columns_encoder, encoder
from formatpicker.catalog.model import Catalog

if TYPE_CHECKING:
    from formatpicker.batch.census import Census, Further, Words
    from formatpicker.batch.columns.cells import Block
    from formatpicker.batch.columns.scorer import ScoredColumns

# Writes a whole recommendation as one line, given the id, the row and the columns that are carried through.
Whole = Callable[[Recommendation, Identity, int, Mapping[str, Cell]], str]


class Result(NamedTuple):
    """What has become of some rows: the encoded records, the rejects in order, the counts, and the ids of all rows."""

    piece: Any
    rejects: list[Reject]
    tally: Tally
    ids: Sequence[Any]


@dataclass(frozen=True)
class Plan:
    """What a worker has to know.

    ``kind`` is that of the output, ``columns`` are those to write, with ``words`` for some of them; in their place,
    ``whole`` writes whole recommendations. ``in_words`` is what a workbook says beside each record. ``others`` are the
    catalogs that a summary holds the people against as well; None where no summary is asked for.
    """

    catalog: Catalog
    sheet: Sheet
    kind: str
    columns: OutputColumns
    words: Words = field(default_factory=dict)
    whole: Whole | None = None
    in_words: InWords | None = None
    others: tuple[Catalog, ...] | None = None
    leave_open: bool = False

    @property
    def by_columns(self) -> bool:
        """Whether whole columns will do: records alone, of rows read or rejected whole, and no workbook."""
        more = self.whole is not None or self.others is not None or self.columns.further or self.leave_open
        return not more and self.kind != "xlsx"


class RowWorker:
    """Scores rows, one after the other."""

    def __init__(self, plan: Plan, scorer: Scorer | None = None) -> None:
        self._plan = plan
        self._scorer = scorer or Scorer(plan.catalog, plan.sheet, plan.leave_open)
        self._encode = encoder(plan.kind)
        self._census: Census | None = None
        self._further: Further | None = None
        self._sure: Further | None = None
        if plan.others is not None or plan.columns.further or plan.in_words:
            from formatpicker.batch.census import Census, Further  # brings in what works out how sure a result is

            self._census = None if plan.others is None else Census(self._scorer, plan.others)
            self._further = Further(self._scorer, plan.columns.further, plan.words) if plan.columns.further else None
            self._sure = Further(self._scorer, ("call", "contenders"), {}) if plan.in_words else None

    def __call__(self, rows: Rows) -> Result:
        """Score some rows."""
        records, rejects, rejected, left_open = self._scorer.scored(rows)
        tally = counted(records, rejected, left_open)
        tally.noticed = self._scorer.taken()
        if self._census:
            self._census.count(rows, records, tally)
        return Result(self._piece(rows, records), rejects, tally, [*map(self._scorer.id_of, rows.cells)])

    def _piece(self, rows: Rows, records: Sequence[Record]) -> Any:
        plan, scorer = self._plan, self._scorer
        cells = [rows.cells[each.row - rows.first] for each in records]
        kept = [*map(scorer.kept_of, cells)]
        if plan.whole is None:
            further = [self._further.of(*each) if self._further else () for each in zip(cells, records, strict=True)]
            piece = self._encode(plan.columns.rows(records, further, kept), plan.columns.names)
            return (piece, self._worded(records, cells, kept)) if plan.in_words else piece
        names, lines = scorer.sheet.kept_names, []
        for own, record, carried in zip(cells, records, kept, strict=True):
            told = recommend(plan.catalog, scorer.answers(own))
            lines.append(plan.whole(told, record.id, record.row, dict(zip(names, carried, strict=True))))
        return "".join(lines)

    def _worded(
        self, records: Sequence[Record], cells: Sequence[Cells], kept: Sequence[Sequence[Cell]]
    ) -> Sequence[Row]:
        """The same records in words, as long as the table has few rows."""
        catalog, in_words, found = self._plan.catalog, self._plan.in_words, []
        for record, own, carried in zip(records, cells, kept, strict=True):
            if in_words and self._sure and record.row <= MOST_IN_WORDS:
                told = recommend(catalog, self._scorer.answers(own), variants=False)
                found.append((record.id, record.row, *carried, *in_words.row(told, *self._sure.of(own, record))))
        rows: Sequence[Row] = self._encode(found, self._plan.columns.names)
        return rows


class ColumnWorker:
    """Scores blocks by whole columns, and row by row what cannot be scored so."""

    def __init__(self, plan: Plan) -> None:
        from formatpicker.batch.columns.scorer import ColumnScorer

        self._scorer = ColumnScorer(plan.catalog, plan.sheet)
        self._by_rows = RowWorker(plan, self._scorer.scorer)
        self._encode = columns_encoder(plan.kind)
        self._plan = plan

    def scored(self, block: Block | Rows) -> Callable[[], Result]:
        """Look up what one block holds; what remains to be done is to add it up and to write it down."""
        found = self._scorer.scored(block) if self._scorer.fits else None
        if found is None:
            result = self._by_rows(block if isinstance(block, Rows) else block.rows())
            return lambda: result
        return partial(self._written, found, isinstance(block, Rows))

    def _written(self, added: Callable[[], ScoredColumns], of_rows: bool) -> Result:
        from formatpicker.batch.columns.cells import as_text

        found = added()
        id, kept, columns = found.accepted_ids, found.carried, self._plan.columns
        if self._plan.kind == "parquet":  # what the table gives no type is text
            id = id.cast("string") if of_rows else id
            kept = [as_text(each) for each in kept]
        whole = [id, *found.columns, *kept]
        piece = self._encode([whole[place] for place in columns.places], columns.names)
        return Result(piece, found.rejects, found.tally, found.ids)

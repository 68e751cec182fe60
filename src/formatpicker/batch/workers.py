"""What is done with some rows of a table, and what comes of it. No file here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.batch.headers import Sheet
from formatpicker.batch.records import Identity, Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Rows
from formatpicker.batch.tally import Tally, counted
from formatpicker.batch.writers import columns_encoder, encoder
from formatpicker.catalog.model import Catalog

if TYPE_CHECKING:
    from formatpicker.batch.arrowcells import Block
    from formatpicker.batch.summary.counts import Census

# Writes a whole recommendation as one line, given the id and the row.
Whole = Callable[[Recommendation, Identity, int], str]


class Result(NamedTuple):
    """What has become of some rows: the encoded records, the rejects in order, the counts, and the ids of all rows."""

    piece: Any
    rejects: list[Reject]
    tally: Tally
    ids: Sequence[Any]


@dataclass(frozen=True)
class Plan:
    """What a worker has to know.

    ``kind`` is that of the output, ``fields`` the columns to write; in their place, ``whole`` writes whole
    recommendations. ``others`` are the catalogs that a summary holds the people against as well; None where no summary
    is asked for.
    """

    catalog: Catalog
    sheet: Sheet
    kind: str
    fields: tuple[str, ...]
    whole: Whole | None = None
    others: tuple[Catalog, ...] | None = None
    leave_open: bool = False

    @property
    def by_columns(self) -> bool:
        """Whether whole columns will do: records are all that is asked for, of rows that are read or rejected whole."""
        return self.whole is None and self.others is None and not self.leave_open


class RowWorker:
    """Scores rows, one after the other."""

    def __init__(self, plan: Plan, scorer: Scorer | None = None) -> None:
        self._plan = plan
        self._scorer = scorer or Scorer(plan.catalog, plan.sheet, plan.leave_open)
        self._encode = encoder(plan.kind)
        self._census = None if plan.others is None else _census(self._scorer, plan.others)

    def __call__(self, rows: Rows) -> Result:
        """Score some rows."""
        records, rejects, rejected = self._scorer.scored(rows)
        tally = counted(records, rejected)
        tally.noticed = self._scorer.taken()
        if self._census:
            tally.counts = self._census.counts(rows, records)
        return Result(self._piece(rows, records), rejects, tally, [*map(self._scorer.id_of, rows.cells)])

    def _piece(self, rows: Rows, records: Sequence[Record]) -> Any:
        plan, scorer = self._plan, self._scorer
        if plan.whole is None:
            return self._encode(records, plan.fields)
        answers = [scorer.answers(scorer.readable(rows.cells[each.row - rows.first])) for each in records]
        given = zip(answers, records, strict=True)
        return "".join([plan.whole(recommend(plan.catalog, own), each.id, each.row) for own, each in given])


class ColumnWorker:
    """Scores blocks by whole columns, and row by row what cannot be scored so."""

    def __init__(self, plan: Plan) -> None:
        from formatpicker.batch.column_scorer import ColumnScorer

        self._scorer = ColumnScorer(plan.catalog, plan.sheet)
        self._by_rows = RowWorker(plan, self._scorer.scorer)
        self._encode = columns_encoder(plan.kind)
        self._plan = plan

    def __call__(self, block: Block | Rows) -> Result:
        """Score one block."""
        found = self._scorer.scored(block)
        if found is None:
            return self._by_rows(block if isinstance(block, Rows) else block.rows())
        batch = found.batch
        if isinstance(block, Rows):  # ids that the table gives no type are text
            batch = batch.set_column(0, "id", batch.column(0).cast("string")) if self._plan.kind == "parquet" else batch
        return Result(self._encode(batch, self._plan.fields), found.rejects, found.tally, found.ids)


def _census(scorer: Scorer, others: Sequence[Catalog]) -> Census:
    """Imported only where it is asked for: it brings in what works out how sure a result is."""
    from formatpicker.batch.summary.counts import Census

    return Census(scorer, others)

"""A whole run on chunks of rows: what a worker does with one, and what it hands back. No file and no process here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.batch.headers import Sheet
from formatpicker.batch.outcomes import Outcomes
from formatpicker.batch.packing import Packing
from formatpicker.batch.records import Identity, Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Chunk, Rows
from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import Catalog

# Writes a whole recommendation as one line, given the id and the row.
Whole = Callable[[Recommendation, Identity, int], str]
# Turns outcomes into a piece of the output; made in every worker.
Fast = Callable[[Packing], Callable[[Outcomes], Any]]

if TYPE_CHECKING:
    from formatpicker.batch.summary.counts import Census


class Result(NamedTuple):
    """What has become of a chunk: the encoded records, the rejects in order, the counts, and the ids of all rows.

    Whoever compares ids while reading leaves them empty here.
    """

    piece: Any
    rejects: list[Reject]
    tally: Tally
    ids: Sequence[Identity] = ()


@dataclass(frozen=True)
class Plan:
    """What a worker has to know.

    ``encode`` turns records into a piece of the output, given the columns to write. In its place, ``fast`` makes the
    same of outcomes, or ``whole`` writes whole recommendations. ``others`` are the catalogs that a summary holds the
    people against as well; None where no summary is asked for.
    """

    catalog: Catalog
    sheet: Sheet
    encode: Callable[[Sequence[Record], Sequence[str]], Any]
    fields: tuple[str, ...]
    fast: Fast | None = None
    whole: Whole | None = None
    others: tuple[Catalog, ...] | None = None


class Worker:
    """Scores chunk after chunk."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._scorer = Scorer(plan.catalog, plan.sheet)
        self._fast = plan.fast(self._scorer.packing) if plan.fast else None
        self._census = None if plan.others is None else _census(self._scorer, plan.others)

    def __call__(self, chunk: Chunk) -> Result:
        """Score one chunk."""
        rows = chunk.parsed()
        ids, outcomes, rejects = self._scorer.scored(rows)
        tally = self._scorer.counted(outcomes)
        tally.rejected = len(rejects)
        if self._census:
            tally.counts = self._census.counts(rows, outcomes.records(self._scorer.packing))
        return Result(self._piece(rows, outcomes), rejects, tally, ids)

    def _piece(self, rows: Rows, outcomes: Outcomes) -> Any:
        plan, scorer = self._plan, self._scorer
        if self._fast:
            return self._fast(outcomes)
        if plan.whole is None:
            return plan.encode(outcomes.records(scorer.packing), plan.fields)
        answers = [scorer.answers(rows.cells[row - rows.first]) for row in outcomes.rows]
        return "".join(
            plan.whole(recommend(plan.catalog, own), id, row)
            for own, id, row in zip(answers, outcomes.ids, outcomes.rows, strict=True)
        )


def _census(scorer: Scorer, others: Sequence[Catalog]) -> Census:
    """Imported only where it is asked for: it brings in what works out how sure a result is."""
    from formatpicker.batch.summary.counts import Census

    return Census(scorer, others)

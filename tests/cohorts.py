"""Cohorts of a few people for the tests: their rows, and the counts of a run over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from formatpicker import Catalog
from formatpicker.batch.headers import Headers
from formatpicker.batch.rows import Rows
from formatpicker.batch.run import Job, RowWorker
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.summary import Summary, SummaryRequest
from formatpicker.batch.tally import Tally

Raw = dict[str, Any]


def cells_of(catalog: Catalog, people: Iterable[Raw]) -> list[list[Any]]:
    """The rows of a table with a column for each question; what is no plain value is JSON."""
    return [[None, *(_cell(person.get(id)) for id in catalog.questions)] for person in people]


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def worker(catalog: Catalog, others: Sequence[Catalog] = ()) -> RowWorker:
    job = Job("jsonl", ("id",), summary=SummaryRequest("", vars, tuple(others)))
    return RowWorker(catalog, Sheet.of_keys(Headers(catalog)), job)


def tally_of(
    catalog: Catalog, people: Sequence[Raw], others: Sequence[Catalog] = (), cuts: Sequence[int] = ()
) -> Tally:
    """The counts of some people, in chunks that begin at the cuts, each by a worker of its own."""
    rows, whole = cells_of(catalog, people), Tally()
    starts = sorted({0, *(cut for cut in cuts if cut < len(rows))})
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        whole.merge(worker(catalog, others)(Rows(start + 1, rows[start:end], None, {})).tally)
    return whole


def summary_of(catalog: Catalog, people: Sequence[Raw], others: Sequence[Catalog] = (), exact: bool = True) -> Summary:
    return Summary(catalog, tally_of(catalog, people, others), others, exact)

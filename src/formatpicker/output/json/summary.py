"""The summary of a cohort as plain data, with the names of everything, so that it can be read without the catalog."""

from __future__ import annotations

from typing import Any

from formatpicker.advice.draws import DRAWS
from formatpicker.batch.summary import cells
from formatpicker.batch.summary.counts import (
    AWAY,
    BLOCKED_ALONE,
    BLOCKED_BY,
    CLOSED,
    CONDITION,
    ELIGIBILITY,
    LEFT_OPEN,
    MOVED,
    OPENED,
    VARIANT,
    VERDICT,
)
from formatpicker.batch.summary.summary import Summary
from formatpicker.batch.summary.suppression import Cell
from formatpicker.catalog.model import Catalog, Verdict
from formatpicker.catalog_tools.revision.diff import catalog_diff, moving_edits
from formatpicker.catalog_tools.revision.words import Edit
from formatpicker.output.json.batch_schemas import SUMMARY_SCHEMA
from formatpicker.output.json.data import catalog_data
from formatpicker.output.text.what_if_words import what_if_sentences

MEASURED = "by the draws of the certainty of a single recommendation, for every person"


def summary_data(summary: Summary) -> dict[str, Any]:
    """A summary in the shape of version 1; null stands for a count that is not shown."""
    tally = summary.tally
    return {
        "schema": SUMMARY_SCHEMA,
        "catalog": catalog_data(summary.catalog),
        "rows": tally.rows,
        "accepted": tally.accepted,
        "rejected": tally.rejected,
        "small_groups": {"least": summary.least, "suppressed": len(summary.hidden)},
        "top": _top_data(summary),
        "formats": [_format_data(summary, id) for id in cells.core_of(summary.catalog)],
        "best_variants": [
            {**_format_names(summary.catalog, id), "people": summary.count(VARIANT, id)}
            for _, id in summary.listed(VARIANT)
            if id
        ],
        "no_variant": summary.count(VARIANT, ""),
        "fragile": _fragile_data(summary),
        "coverage": {
            "below": summary.catalog.certainty.few_answers / 100,
            "people": summary.count(*cells.FEW),
            "left_open": [_question_data(summary, cell) for cell in summary.listed(LEFT_OPEN)],
        },
        "what_if": [_what_if_data(summary, at) for at in range(len(summary.others))],
    }


def _top_data(summary: Summary) -> dict[str, Any]:
    shared = [(cell[1].split(";"), summary.count(*cell)) for cell in summary.listed(cells.TOP)]
    return {
        "infeasible": summary.count(*cells.INFEASIBLE),
        "undecided": summary.count(*cells.UNDECIDED),
        "tied": summary.count(*cells.TIED),
        "ties": [{"formats": formats, "people": people} for formats, people in shared],
        "eligibility": {
            str(verdict): summary.count(ELIGIBILITY, verdict) for verdict in Verdict if verdict is not Verdict.BLOCKED
        },
    }


def _format_data(summary: Summary, id: str) -> dict[str, Any]:
    return {
        **_format_names(summary.catalog, id),
        "alone": summary.count(cells.ALONE, id),
        "tied": summary.count(cells.TIED_WITH, id),
        "open": summary.count(cells.OPEN, id),
        **{str(verdict): summary.count(VERDICT, id, verdict) for verdict in Verdict},
        "blocked_by": [
            {**_question_data(summary, cell), "alone": summary.count(BLOCKED_ALONE, *cell[1:])}
            for cell in summary.listed(BLOCKED_BY, id)
        ],
        "conditions": [_question_data(summary, cell) for cell in summary.listed(CONDITION, id)],
        "one_answer_away": {
            "people": summary.count(cells.NEAR, id),
            "changes": [_change_data(summary, cell) for cell in summary.listed(AWAY, id)],
        },
    }


def _format_names(catalog: Catalog, id: str) -> dict[str, str]:
    return {"format": id, "name": catalog.formats[id].name}


def _label(catalog: Catalog, id: str) -> str:
    """The label of a question, or of a quantity worked out from two."""
    criteria = catalog.criteria()
    return catalog.questions[id].label if id in catalog.questions else criteria[id].label


def _question_data(summary: Summary, cell: Cell) -> dict[str, Any]:
    return {"question": cell[-1], "label": _label(summary.catalog, cell[-1]), "people": summary.count(*cell)}


def _change_data(summary: Summary, cell: Cell) -> dict[str, Any]:
    """One answer to change; where there are several questions, any one of them does."""
    ids = cell[-1].split(";")
    labels = [_label(summary.catalog, id) for id in ids]
    return {"questions": ids, "labels": labels, "people": summary.count(*cell)}


def _fragile_data(summary: Summary) -> dict[str, Any]:
    return {
        "people": summary.count(*cells.FRAGILE),
        "close": summary.count(*cells.CLOSE),
        "tied": summary.count(*cells.TIED),
        "below": summary.catalog.certainty.leaning / 100,
        "draws": DRAWS,
        "sampled": summary.tally.accepted,
        "measured": MEASURED,
    }


def _what_if_data(summary: Summary, at: int) -> dict[str, Any]:
    other = summary.others[at]
    edits = moving_edits(catalog_diff(summary.catalog, other))
    formats = [_opened_data(summary, at, id) for id in _both(summary.catalog, other)]
    moves = [(cell[2].split(";"), cell[3].split(";"), summary.count(*cell)) for cell in summary.listed(MOVED, str(at))]
    data: dict[str, Any] = {
        "catalog": catalog_data(other),
        "changes": [_edit_data(edit) for edit in edits],
        "formats": formats,
        "changed": summary.count(cells.CHANGED, str(at)),
        "moves": [
            {"from": list(filter(None, old)), "to": list(filter(None, new)), "people": people}
            for old, new, people in moves
        ],
    }
    return {**data, "sentences": what_if_sentences(summary.catalog, other, edits, data, summary.tally.accepted)}


def _both(catalog: Catalog, other: Catalog) -> list[str]:
    return list(dict.fromkeys((*cells.core_of(catalog), *cells.core_of(other))))


def _opened_data(summary: Summary, at: int, id: str) -> dict[str, Any]:
    names = summary.catalog if id in summary.catalog.formats else summary.others[at]
    return {
        **_format_names(names, id),
        "before": summary.count(cells.OPEN, id),
        "after": summary.count(cells.AFTER, str(at), id),
        "opened": summary.count(OPENED, str(at), id),
        "closed": summary.count(CLOSED, str(at), id),
    }


def _edit_data(edit: Edit) -> dict[str, str]:
    return {"place": ".".join(edit.place), "label": edit.label, "kind": edit.kind, "old": edit.old, "new": edit.new}

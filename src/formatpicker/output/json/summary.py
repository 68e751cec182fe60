"""The summary of a cohort as plain data, with the names of everything, so that it can be read without the catalog."""

from __future__ import annotations

from typing import Any

from formatpicker.advice.draws import DRAWS
from formatpicker.batch.summary import summary as keys
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
    Key,
)
from formatpicker.batch.summary.summary import Summary, core_of
from formatpicker.catalog.model import Catalog, Verdict
from formatpicker.catalog_tools.revision.diff import catalog_diff, moving_edits
from formatpicker.catalog_tools.revision.words import Edit
from formatpicker.output.json.batch_schemas import SUMMARY_SCHEMA
from formatpicker.output.json.data import catalog_data
from formatpicker.output.text.what_if_words import what_if_sentences

MEASURED = "by the draws of the certainty of a single recommendation, for every person"


def summary_data(summary: Summary) -> dict[str, Any]:
    """A summary in the shape of version 2."""
    return {
        "schema": SUMMARY_SCHEMA,
        "catalog": catalog_data(summary.catalog),
        "rows": summary.count(*keys.ROWS),
        "accepted": summary.count(*keys.ACCEPTED),
        "rejected": summary.count(*keys.REJECTED),
        "rounded_to": summary.rounded_to,
        "least_shared": summary.least_shared,
        "top": _top_data(summary),
        "formats": [_format_data(summary, id) for id in core_of(summary.catalog)],
        "best_variants": [
            {**_format_names(summary.catalog, id), "people": summary.count(VARIANT, id)}
            for _, id in summary.listed(VARIANT)
            if id
        ],
        "no_variant": summary.count(VARIANT, ""),
        "fragile": _fragile_data(summary),
        "coverage": {
            "below": summary.catalog.certainty.few_answers / 100,
            "people": summary.count(*keys.FEW),
            "left_open": [_question_data(summary, key) for key in summary.listed(LEFT_OPEN)],
        },
        "what_if": [_what_if_data(summary, at) for at in range(len(summary.others))],
    }


def _top_data(summary: Summary) -> dict[str, Any]:
    shared = [(key[1].split(";"), summary.count(*key)) for key in summary.listed(keys.TOP)]
    return {
        "infeasible": summary.count(*keys.INFEASIBLE),
        "undecided": summary.count(*keys.UNDECIDED),
        "tied": summary.count(*keys.TIED),
        "ties": [{"formats": formats, "people": people} for formats, people in shared],
        "eligibility": {str(verdict): summary.count(ELIGIBILITY, verdict) for verdict in keys.OPEN_VERDICTS},
    }


def _format_data(summary: Summary, id: str) -> dict[str, Any]:
    return {
        **_format_names(summary.catalog, id),
        "alone": summary.count(keys.ALONE, id),
        "tied": summary.count(keys.TIED_WITH, id),
        "open": summary.count(keys.OPEN, id),
        **{str(verdict): summary.count(VERDICT, id, verdict) for verdict in Verdict},
        "blocked_by": [
            {**_question_data(summary, key), "alone": summary.count(BLOCKED_ALONE, *key[1:])}
            for key in summary.listed(BLOCKED_BY, id)
        ],
        "conditions": [_question_data(summary, key) for key in summary.listed(CONDITION, id)],
        "one_answer_away": {
            "people": summary.count(keys.NEAR, id),
            "changes": [_change_data(summary, key) for key in summary.listed(AWAY, id)],
        },
    }


def _format_names(catalog: Catalog, id: str) -> dict[str, str]:
    return {"format": id, "name": catalog.formats[id].name}


def _label(catalog: Catalog, id: str) -> str:
    """The label of a question, or of a quantity worked out from two."""
    criteria = catalog.criteria()
    return catalog.questions[id].label if id in catalog.questions else criteria[id].label


def _question_data(summary: Summary, key: Key) -> dict[str, Any]:
    return {"question": key[-1], "label": _label(summary.catalog, key[-1]), "people": summary.count(*key)}


def _change_data(summary: Summary, key: Key) -> dict[str, Any]:
    """One answer to change; where there are several questions, any one of them does."""
    ids = key[-1].split(";")
    labels = [_label(summary.catalog, id) for id in ids]
    return {"questions": ids, "labels": labels, "people": summary.count(*key)}


def _fragile_data(summary: Summary) -> dict[str, Any]:
    return {
        "people": summary.count(*keys.FRAGILE),
        "close": summary.count(*keys.CLOSE),
        "tied": summary.count(*keys.TIED),
        "below": summary.catalog.certainty.leaning / 100,
        "draws": DRAWS,
        "sampled": summary.count(*keys.ACCEPTED),
        "measured": MEASURED,
    }


def _what_if_data(summary: Summary, at: int) -> dict[str, Any]:
    other = summary.others[at]
    edits = moving_edits(catalog_diff(summary.catalog, other))
    formats = [_opened_data(summary, at, id) for id in _both(summary.catalog, other)]
    moves = [(key[2].split(";"), key[3].split(";"), summary.count(*key)) for key in summary.listed(MOVED, str(at))]
    data: dict[str, Any] = {
        "catalog": catalog_data(other),
        "changes": [_edit_data(edit) for edit in edits],
        "formats": formats,
        "changed": summary.count(keys.CHANGED, str(at)),
        "moves": [
            {"from": list(filter(None, old)), "to": list(filter(None, new)), "people": people}
            for old, new, people in moves
        ],
    }
    people, exact = summary.count(*keys.ACCEPTED), summary.rounded_to == 1
    return {**data, "sentences": what_if_sentences(summary.catalog, other, edits, data, people, exact)}


def _both(catalog: Catalog, other: Catalog) -> list[str]:
    return list(dict.fromkeys((*core_of(catalog), *core_of(other))))


def _opened_data(summary: Summary, at: int, id: str) -> dict[str, Any]:
    names = summary.catalog if id in summary.catalog.formats else summary.others[at]
    return {
        **_format_names(names, id),
        "before": summary.count(keys.OPEN, id),
        "after": summary.count(keys.AFTER, str(at), id),
        "opened": summary.count(OPENED, str(at), id),
        "closed": summary.count(CLOSED, str(at), id),
    }


def _edit_data(edit: Edit) -> dict[str, str]:
    return {"place": ".".join(edit.place), "label": edit.label, "kind": edit.kind, "old": edit.old, "new": edit.new}

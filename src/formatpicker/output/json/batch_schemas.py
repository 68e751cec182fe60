"""JSON Schemas of what a batch writes: a record, a reject and the summary."""

from __future__ import annotations

from formatpicker.batch.records import FIELDS, LISTS
from formatpicker.batch.writers.document import BATCH_SCHEMA
from formatpicker.catalog.model import Catalog, Verdict
from formatpicker.output.json.schema_parts import (
    COUNT,
    COUNT_OR_NULL,
    SCORE,
    SHARE,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    Schema,
    array,
    catalog_record,
    record,
)

SUMMARY_SCHEMA = "formatpicker/summary/2"

_VERDICTS = [str(verdict) for verdict in Verdict]
_ID = {"type": ["string", "number", "null"]}
_ROW = {"type": "integer", "minimum": 1}


def record_line(catalog: Catalog) -> Schema:
    """A line of what ``batch`` writes as JSON Lines; ``--fields`` may leave out any of it."""
    properties = {name: TEXTS if name in LISTS else SCORE for name in FIELDS}
    properties |= {
        "id": _ID,
        "row": _ROW,
        "runner_up": TEXT_OR_NULL,
        "eligibility": {"enum": [*_VERDICTS, None]},
        "best_variant": TEXT_OR_NULL,
        "coverage": SHARE,
    }
    return record(properties, optional=FIELDS)


def document(catalog: Catalog) -> Schema:
    """What ``batch --json`` prints."""
    return record({"schema": {"const": BATCH_SCHEMA}, "records": array(record_line(catalog))})


def reject_line(catalog: Catalog) -> Schema:
    """A line of what ``batch --rejects`` writes."""
    properties = {
        "row": _ROW,
        "line": {"type": ["integer", "null"], "minimum": 1},
        "id": _ID,
        "column": TEXT_OR_NULL,
        "value": TEXT_OR_NULL,
        "error": TEXT,
    }
    return record(properties)


def summary(catalog: Catalog) -> Schema:
    """What ``batch --summary`` writes. A count that is null is not shown."""
    question = {"question": TEXT, "label": TEXT, "people": COUNT_OR_NULL}
    whole = record(
        {
            "schema": {"const": SUMMARY_SCHEMA},
            "catalog": catalog_record(),
            "rows": COUNT,
            "accepted": COUNT,
            "rejected": COUNT,
            "small_groups": record({"least": {"type": ["integer", "null"], "minimum": 1}, "suppressed": COUNT}),
            "top": record(
                {
                    **dict.fromkeys(("infeasible", "undecided", "tied"), COUNT_OR_NULL),
                    "ties": array(record({"formats": TEXTS, "people": COUNT_OR_NULL})),
                    "eligibility": record(dict.fromkeys(_VERDICTS[:-1], COUNT_OR_NULL)),
                }
            ),
            "formats": array(_format(question)),
            "best_variants": array(record({"format": TEXT, "name": TEXT, "people": COUNT_OR_NULL})),
            "no_variant": COUNT_OR_NULL,
            "fragile": record(
                {
                    **dict.fromkeys(("people", "close", "tied"), COUNT_OR_NULL),
                    "below": SHARE,
                    **dict.fromkeys(("draws", "sampled"), COUNT),
                    "measured": TEXT,
                }
            ),
            "coverage": record({"below": SHARE, "people": COUNT_OR_NULL, "left_open": array(record(question))}),
            "what_if": array(_what_if()),
        }
    )
    return whole


def _format(question: Schema) -> Schema:
    change = record({"questions": TEXTS, "labels": TEXTS, "people": COUNT_OR_NULL})
    numbers = ("alone", "tied", "open", *_VERDICTS)
    return record(
        {
            "format": TEXT,
            "name": TEXT,
            **dict.fromkeys(numbers, COUNT_OR_NULL),
            "blocked_by": array(record({**question, "alone": COUNT_OR_NULL})),
            "conditions": array(record(question)),
            "one_answer_away": record({"people": COUNT_OR_NULL, "changes": array(change)}),
        }
    )


def _what_if() -> Schema:
    opened = dict.fromkeys(("before", "after", "opened", "closed"), COUNT_OR_NULL)
    return record(
        {
            "catalog": catalog_record(),
            "changes": array(record(dict.fromkeys(("place", "label", "kind", "old", "new"), TEXT))),
            "formats": array(record({"format": TEXT, "name": TEXT, **opened})),
            "changed": COUNT_OR_NULL,
            "moves": array(record({"from": TEXTS, "to": TEXTS, "people": COUNT_OR_NULL})),
            "sentences": TEXTS,
        }
    )

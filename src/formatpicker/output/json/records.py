"""Beside the records of a table: where they are from and what they mean, and whole recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from msgspec import Meta

from formatpicker import __version__
from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.text import safe_json
from formatpicker.batch.records import Identity
from formatpicker.batch.rows import Cell
from formatpicker.batch.writers.beside import About
from formatpicker.batch.writers.jsonl import JSON
from formatpicker.catalog.model import Catalog
from formatpicker.output.json.person import recommendation_data


def about_table(catalog: Catalog, table: str, day: str) -> About:
    """What to say of a table of records.

    Args:
        catalog: The catalog in force.
        table: The name of the table that was read.
        day: The day of the run, YYYY-MM-DD.
    """
    origin = {
        "Made by": f"formatpicker {__version__}",
        "Made on": day,
        "Table": table,
        "Catalog": catalog.title,
        "Catalog version": catalog.version,
        "Catalog SHA-256": catalog.sha256,
    }
    ids = {format.id: f"{format.name}: {format.summary}" for format in catalog.formats.values() if format.scored}
    ids |= {id: f"{question.label}: {question.text}" for id, question in catalog.questions.items()}
    ids |= {goal.id: goal.label for question in catalog.questions.values() for goal in question.goals}
    ids |= {id: item.label for id, item in catalog.derived.items()}
    return About(origin, _descriptions(), ids)


def _descriptions() -> dict[str, str]:
    """What each field of a record means, by the schema of records."""
    from formatpicker.output.json.cohort_types import Record

    return {name: _description(kind) for name, kind in get_type_hints(Record, include_extras=True).items()}


def _description(kind: Any) -> str:
    """What is said of a field; the inner annotation of one that need not be there."""
    while not hasattr(kind, "__metadata__"):
        kind = kind.__args__[0]
    said = [meta.description for meta in kind.__metadata__ if isinstance(meta, Meta)]
    return next(filter(None, said), "")


def whole_line(recommendation: Recommendation, id: Identity, row: int, kept: Mapping[str, Cell]) -> str:
    """A whole recommendation as one line; the columns that are carried through are in ``kept``, where there are any."""
    carried = {"kept": dict(kept)} if kept else {}
    data = {"id": id, "row": row, **carried, "recommendation": recommendation_data(recommendation)}
    return safe_json(JSON.encode(data)) + "\n"

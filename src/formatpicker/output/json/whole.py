"""Whole recommendations as JSON Lines: all that ``recommend --json`` prints, for each row."""

from __future__ import annotations

from collections.abc import Mapping

from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.text import safe_json
from formatpicker.batch.records import Identity
from formatpicker.batch.rows import Cell
from formatpicker.batch.writers.jsonl import JSON
from formatpicker.output.json.person import recommendation_data


def whole_line(recommendation: Recommendation, id: Identity, row: int, kept: Mapping[str, Cell]) -> str:
    """A whole recommendation as one line; the columns that are carried through are in ``kept``, where there are any."""
    carried = {"kept": dict(kept)} if kept else {}
    data = {"id": id, "row": row, **carried, "recommendation": recommendation_data(recommendation)}
    return safe_json(JSON.encode(data)) + "\n"

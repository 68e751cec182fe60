"""Whole recommendations as JSON Lines: all that ``recommend --json`` prints, for each row."""

from __future__ import annotations

from formatpicker.batch.records import Identity
from formatpicker.recommendation import Recommendation
from formatpicker.render.data import recommendation_data
from formatpicker.text import safe_json
from formatpicker.writers.jsonl import JSON


def whole_line(recommendation: Recommendation, id: Identity, row: int) -> str:
    """A whole recommendation as one line."""
    text = JSON.encode({"id": id, "row": row, "recommendation": recommendation_data(recommendation)})
    return safe_json(text) + "\n"

"""Whole recommendations as JSON Lines: all that ``recommend --json`` prints, for each row."""

from __future__ import annotations

from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.text import safe_json
from formatpicker.batch.records import Identity
from formatpicker.batch.writers.jsonl import JSON
from formatpicker.output.json.data import recommendation_data


def whole_line(recommendation: Recommendation, id: Identity, row: int) -> str:
    """A whole recommendation as one line."""
    text = JSON.encode({"id": id, "row": row, "recommendation": recommendation_data(recommendation)})
    return safe_json(text) + "\n"

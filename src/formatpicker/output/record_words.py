"""Beside the records of a table: columns and a sheet in words, where they are from and what they mean, all as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_type_hints

from msgspec import Meta

from formatpicker import __version__
from formatpicker.advice.certainty import Call
from formatpicker.advice.notices import full_text
from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.text import joined, safe_json
from formatpicker.batch.records import Identity, Row
from formatpicker.batch.rows import Cell
from formatpicker.batch.writers import InWords, TableDescription
from formatpicker.batch.writers.jsonl import JSON
from formatpicker.catalog.model import Catalog
from formatpicker.output.json.person import recommendation_data
from formatpicker.output.text.format_words import checks, reasons
from formatpicker.output.text.sentences import step_words

MOST_REASONS = 3


def why(recommendation: Recommendation) -> str:
    """What speaks most for the first format; where none is open, what rules each one out."""
    best = recommendation.best
    if best:
        return _listed(reasons(best[0], MOST_REASONS))
    return _listed(full_text(blocker) for entry in recommendation.ranking for blocker in entry.blockers)


def check(recommendation: Recommendation) -> str:
    """What makes the first format a long shot, then what to check before saying yes."""
    notices = [notice for entry in recommendation.best for notice in (*entry.long_shots, *checks(entry))]
    return _listed(full_text(notice) for notice in notices)


def next_step(recommendation: Recommendation) -> str:
    """The first thing to do."""
    return _listed(step_words(recommendation, recommendation.next_steps[:1]))


# By the name of the column.
WORDS: dict[str, Callable[[Recommendation], str]] = {"why": why, "check": check, "next_step": next_step}


def _listed(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(texts))


def in_words(catalog: Catalog) -> InWords:
    """The sheet of a workbook that says of each person where every core format stands, why, and what to do."""
    names = [format.name for format in catalog.core]
    headings = ("First", "How sure", *names, "Why", "Check before saying yes", "Ruled out because", "Next step")
    return InWords(headings, _sheet_row, tuple(range(2, len(names) + 2)))


def _sheet_row(recommendation: Recommendation, call: str, contenders: Sequence[str]) -> Row:
    catalog, entries = recommendation.catalog, {entry.id: entry for entry in recommendation.ranking}
    core = [entries[format.id] for format in catalog.core]
    first = ", ".join(entry.name for entry in recommendation.best)
    blocked = _listed(full_text(blocker) for entry in core for blocker in entry.blockers)
    told = why(recommendation) if recommendation.best else ""
    sure = _SURE[Call(call)].format(joined([catalog.formats[id].name for id in contenders], "or"))
    points = ("ruled out" if entry.blockers else entry.score and round(entry.score, 1) for entry in core)
    return (first, sure, *points, told, check(recommendation), blocked, next_step(recommendation))


# How far the first place can be trusted, with the formats that contend for it.
_SURE = {
    Call.CLEAR: "Clear",
    Call.LEANING: "Likely, but not by much, or a question left open could change it",
    Call.TOO_CLOSE: "Too close to call: {}",
    Call.ONLY_ONE: "The only one that is open",
    Call.LONG_SHOT: "A long shot",
    Call.NONE: "",
}


def about_table(catalog: Catalog, table: str, day: str) -> TableDescription:
    """What to say of the records of a table, by its name, that were made on a day (YYYY-MM-DD)."""
    origin = {
        "Made by": f"formatpicker {__version__}",
        "Made on": day,
        "Table": table,
        "Catalog": catalog.title,
        "Catalog version": catalog.version,
        "Catalog SHA-256": catalog.sha256,
    }
    ids = {format.id: f"{format.name}: {format.summary}" for format in catalog.scored}
    ids |= {id: f"{question.label}: {question.text}" for id, question in catalog.questions.items()}
    ids |= {goal.id: goal.label for question in catalog.questions.values() for goal in question.goals}
    ids |= {id: item.label for id, item in catalog.derived.items()}
    return TableDescription(origin, _descriptions(), ids)


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
    """A whole recommendation as one line; the kept columns are in ``kept``, where there are any."""
    columns = {"kept": dict(kept)} if kept else {}
    data = {"id": id, "row": row, **columns, "recommendation": recommendation_data(recommendation)}
    return safe_json(JSON.encode(data)) + "\n"

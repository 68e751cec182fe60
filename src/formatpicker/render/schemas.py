"""JSON Schemas (2020-12) of what is read and printed. That of answers is made from the catalog's questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from formatpicker.answers import MOST_IMPORTANCE, SKIP
from formatpicker.catalog.model import AnswerKind, Catalog, Question
from formatpicker.render.data import EXPLANATION_SCHEMA, RECOMMENDATION_SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_SCORE = {"type": ["number", "null"], "minimum": 0, "maximum": 100}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_SHARE_OR_NULL = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def answers_schema(catalog: Catalog) -> dict[str, Any]:
    """What ``recommend`` reads."""
    return {
        "$schema": DIALECT,
        "title": "Answers of one person",
        "type": "object",
        "properties": {id: _question_schema(question) for id, question in catalog.questions.items()},
        "additionalProperties": False,
    }


def _question_schema(question: Question) -> dict[str, Any]:
    left_open: list[dict[str, Any]] = [{"type": "null"}, {"const": SKIP}]
    return {"description": question.text, "anyOf": [*_ANSWERS[question.answer](question), *left_open]}


def _goals_schemas(question: Question) -> list[dict[str, Any]]:
    ids = [goal.id for goal in question.goals]
    goal = {"enum": ids}
    importance = {"type": "integer", "minimum": 1, "maximum": MOST_IMPORTANCE}
    return [
        {"type": "array", "items": goal, "maxItems": int(question.most), "uniqueItems": True},
        {"type": "object", "properties": dict.fromkeys(ids, importance), "additionalProperties": False},
        {"type": "string", "description": "goal ids separated by commas, the first the most important"},
    ]


def _number_schemas(question: Question) -> list[dict[str, Any]]:
    return [{"type": "number", "minimum": question.least, "maximum": question.most}, {"type": "string"}]


def _choice_schemas(question: Question) -> list[dict[str, Any]]:
    spellings = {"type": "string", "description": "an id in another spelling, or the label of an option"}
    return [{"enum": [option.id for option in question.options]}, spellings]


_ANSWERS: dict[AnswerKind, Callable[[Question], list[dict[str, Any]]]] = {
    AnswerKind.GOALS: _goals_schemas,
    AnswerKind.DURATION: _number_schemas,
    AnswerKind.NUMBER: _number_schemas,
    AnswerKind.CHOICE: _choice_schemas,
}


def recommendation_schema(catalog: Catalog) -> dict[str, Any]:
    """What ``recommend --json`` and ``ask --json`` print."""
    notice = _object({"question": _TEXT, "text": _TEXT, "sources": _TEXTS})
    any_answer = {"type": ["number", "string", "array", "object", "null"]}
    blocker = _object({"question": _TEXT, "answer": any_answer, "needs": any_answer, "text": _TEXT, "sources": _TEXTS})
    contribution = _object(
        {
            "criterion": _TEXT,
            "weight": _SHARE,
            "value": _SHARE,
            "points": _SCORE,
            "text": _TEXT,
            "sources": _TEXTS,
        }
    )
    entry = _object(
        {
            "format": _TEXT,
            "name": _TEXT,
            "rank": {"type": ["integer", "null"], "minimum": 1},
            "score": _SCORE,
            "score_low": _SCORE,
            "score_high": _SCORE,
            "eligibility": {"enum": ["fits", "conditional", "blocked"]},
            "conditions": _array(notice),
            "blockers": _array(blocker),
            "unchecked": _TEXTS,
            "contributions": _array(contribution),
            "cautions": _array(notice),
        }
    )
    step = _object(
        {
            "text": _TEXT,
            "url": {"type": ["string", "null"]},
            "region": {"type": ["string", "null"]},
            "regions": _TEXTS,
            "official": {"type": "boolean"},
            "sources": _TEXTS,
        }
    )
    whole = _object(
        {
            "schema": {"const": RECOMMENDATION_SCHEMA},
            "catalog": _object({"title": _TEXT, "version": _TEXT, "sha256": _TEXT}),
            "answers": {key: value for key, value in answers_schema(catalog).items() if key != "$schema"},
            "unanswered": _TEXTS,
            "top": _TEXTS,
            "message": _TEXT,
            "ranking": _array(entry),
            "variants": _array(entry),
            "certainty": _object({"coverage": _SHARE, "evidence": _SHARE_OR_NULL, "robustness": _SHARE_OR_NULL}),
            "relaxations": _array(_object({"unlocks": _TEXT, "change": {"type": "object"}})),
            "what_ifs": _array(_object({"change": {"type": "object"}, "top": _TEXTS})),
            "conflicts": _array(_object({"between": _TEXTS, "text": _TEXT, "sources": _TEXTS})),
            "indistinguishable": _array(_object({"formats": _TEXTS, "separated_by": {"type": ["string", "null"]}})),
            "pathways": _array(pathway_schema()),
            "next_steps": _array(step),
        },
        optional=("message", "pathways"),
    )
    return {"$schema": DIALECT, "title": "Recommendation for one person", **whole}


def pathway_schema() -> dict[str, Any]:
    """One plan of several experiences, as a part of other schemas."""
    days = {"type": "integer", "minimum": 1}
    weeks = {"type": "number", "exclusiveMinimum": 0}
    step = _object(
        {
            "format": _TEXT,
            "name": _TEXT,
            "days": days,
            "weeks": weeks,
            "reason": {"type": ["string", "null"]},
            "sources": _TEXTS,
        }
    )
    goal = _object(
        {
            "goal": _TEXT,
            "value": _SHARE,
            "points": _SCORE,
            "step": days,
            "stacking": {"type": ["string", "null"]},
            "sources": _TEXTS,
        }
    )
    return _object(
        {
            "steps": {**_array(step), "minItems": 2},
            "days": days,
            "weeks": weeks,
            "score": _SCORE,
            "best_single": _object({"format": _TEXT, "score": _SCORE}),
            "goals": _array(goal),
        }
    )


def explanation_schema(catalog: Catalog) -> dict[str, Any]:
    """What ``explain --json`` prints: a recommendation and how close the call is."""
    whole = recommendation_schema(catalog)
    flip = _object({"rival": _TEXT, "criterion": _TEXT, "factor": {"type": "number", "minimum": 0}, "exact": _TEXT})
    disagreement = _object({"format": _TEXT, "criterion": _TEXT, "end": {"enum": ["low", "high"]}, "rival": _TEXT})
    properties = {
        **whole["properties"],
        "schema": {"const": EXPLANATION_SCHEMA},
        "flip_points": _array(flip),
        "disagreements": _array(disagreement),
    }
    required = [*whole["required"], "flip_points", "disagreements"]
    return {**whole, "title": "Explanation for one person", "properties": properties, "required": required}


def catalog_schema(catalog: Catalog) -> dict[str, Any]:
    """What a catalog file holds."""
    from formatpicker.catalog.schema import CatalogPart

    return {"$schema": DIALECT, **CatalogPart.model_json_schema()}


SCHEMAS: dict[str, Callable[[Catalog], dict[str, Any]]] = {
    "answers": answers_schema,
    "recommendation": recommendation_schema,
    "explanation": explanation_schema,
    "catalog": catalog_schema,
}

"""JSON Schemas of what is read and printed of one person. That of answers is made from the catalog's questions."""

from __future__ import annotations

from collections.abc import Callable

from formatpicker.advice.call import Call
from formatpicker.catalog.model import AnswerKind, Catalog, Question, Verdict
from formatpicker.output.json.data import EXPLANATION_SCHEMA, RECOMMENDATION_SCHEMA
from formatpicker.output.json.schema_parts import (
    FLAG,
    SCORE,
    SHARE,
    SHARE_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    Schema,
    array,
    catalog_record,
    record,
)
from formatpicker.scoring.answers import MOST_IMPORTANCE, SKIP


def answers(catalog: Catalog) -> Schema:
    """What ``recommend`` reads."""
    return {
        "type": "object",
        "properties": {id: _question_schema(question) for id, question in catalog.questions.items()},
        "additionalProperties": False,
    }


def _question_schema(question: Question) -> Schema:
    left_open: list[Schema] = [{"type": "null"}, {"const": SKIP}]
    return {"description": question.text, "anyOf": [*_ANSWERS[question.answer](question), *left_open]}


def _goals_schemas(question: Question) -> list[Schema]:
    ids = [goal.id for goal in question.goals]
    goal = {"enum": ids}
    importance = {"type": "integer", "minimum": 1, "maximum": MOST_IMPORTANCE}
    return [
        {"type": "array", "items": goal, "maxItems": int(question.most), "uniqueItems": True},
        {"type": "object", "properties": dict.fromkeys(ids, importance), "additionalProperties": False},
        {"type": "string", "description": "goal ids separated by commas, the first the most important"},
    ]


def _number_schemas(question: Question) -> list[Schema]:
    return [{"type": "number", "minimum": question.least, "maximum": question.most}, {"type": "string"}]


def _choice_schemas(question: Question) -> list[Schema]:
    spellings = {"type": "string", "description": "an id in another spelling, or the label of an option"}
    return [{"enum": [option.id for option in question.options]}, spellings]


_ANSWERS: dict[AnswerKind, Callable[[Question], list[Schema]]] = {
    AnswerKind.GOALS: _goals_schemas,
    AnswerKind.DURATION: _number_schemas,
    AnswerKind.NUMBER: _number_schemas,
    AnswerKind.CHOICE: _choice_schemas,
}


def entry() -> Schema:
    """A format's place in a ranking."""
    notice = record({"question": TEXT, "text": TEXT, "sources": TEXTS})
    any_answer = {"type": ["number", "string", "array", "object", "null"]}
    blocker = record({"question": TEXT, "answer": any_answer, "needs": any_answer, "text": TEXT, "sources": TEXTS})
    contribution = record(
        {
            "criterion": TEXT,
            "weight": SHARE,
            "value": SHARE,
            "points": SCORE,
            "text": TEXT,
            "sources": TEXTS,
        }
    )
    return record(
        {
            "format": TEXT,
            "name": TEXT,
            "definition": TEXT,
            "rank": {"type": ["integer", "null"], "minimum": 1},
            "score": SCORE,
            "score_low": SCORE,
            "score_high": SCORE,
            "eligibility": {"enum": [str(verdict) for verdict in Verdict]},
            "conditions": array(notice),
            "long_shots": array(notice),
            "blockers": array(blocker),
            "unchecked": TEXTS,
            "contributions": array(contribution),
            "cautions": array(notice),
        }
    )


def recommendation(catalog: Catalog) -> Schema:
    """What ``recommend --json`` and ``ask --json`` print."""
    step = record(
        {
            "text": TEXT,
            "url": TEXT_OR_NULL,
            "region": TEXT_OR_NULL,
            "regions": TEXTS,
            "official": FLAG,
            "sources": TEXTS,
        }
    )
    return record(
        {
            "schema": {"const": RECOMMENDATION_SCHEMA},
            "catalog": catalog_record(),
            "answers": answers(catalog),
            "unanswered": TEXTS,
            "top": TEXTS,
            "call": {"enum": [str(call) for call in Call]},
            "contenders": TEXTS,
            "headline": TEXT,
            "message": TEXT,
            "ranking": array(entry()),
            "variants": array(entry()),
            "certainty": record(
                {"coverage": SHARE, "evidence": SHARE_OR_NULL, "robustness": SHARE_OR_NULL, "could_change": TEXTS}
            ),
            "relaxations": array(record({"unlocks": TEXT, "change": {"type": "object"}})),
            "what_ifs": array(record({"change": {"type": "object"}, "top": TEXTS})),
            "conflicts": array(record({"between": TEXTS, "text": TEXT, "sources": TEXTS})),
            "indistinguishable": array(record({"formats": TEXTS, "separated_by": TEXT_OR_NULL})),
            "pathways": array(pathway()),
            "next_steps": array(step),
        },
        optional=("message", "pathways"),
    )


def pathway() -> Schema:
    """One plan of several experiences, as a part of other schemas."""
    days = {"type": "integer", "minimum": 1}
    weeks = {"type": "number", "exclusiveMinimum": 0}
    step = record(
        {
            "format": TEXT,
            "name": TEXT,
            "days": days,
            "weeks": weeks,
            "reason": TEXT_OR_NULL,
            "sources": TEXTS,
        }
    )
    goal = record(
        {
            "goal": TEXT,
            "value": SHARE,
            "points": SCORE,
            "step": days,
            "stacking": TEXT_OR_NULL,
            "sources": TEXTS,
        }
    )
    return record(
        {
            "steps": {**array(step), "minItems": 2},
            "days": days,
            "weeks": weeks,
            "score": SCORE,
            "best_single": record({"format": TEXT, "score": SCORE}),
            "goals": array(goal),
        }
    )


def explanation(catalog: Catalog) -> Schema:
    """What ``explain --json`` prints: a recommendation and how close the call is."""
    whole = recommendation(catalog)
    flip = record({"rival": TEXT, "criterion": TEXT, "factor": {"type": "number", "minimum": 0}, "exact": TEXT})
    disagreement = record({"format": TEXT, "criterion": TEXT, "end": {"enum": ["low", "high"]}, "rival": TEXT})
    properties = {
        **whole["properties"],
        "schema": {"const": EXPLANATION_SCHEMA},
        "flip_points": array(flip),
        "disagreements": array(disagreement),
    }
    required = [*whole["required"], "flip_points", "disagreements"]
    return {**whole, "properties": properties, "required": required}

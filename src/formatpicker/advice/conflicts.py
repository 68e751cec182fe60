"""Answers that stand in each other's way: pairs from the catalog that no scored format can meet together."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from formatpicker.base.text import fill
from formatpicker.catalog.criteria import RuleKind, Verdict
from formatpicker.catalog.guidance import Conflict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers, answer_text
from formatpicker.scoring.ranking import Assessment, Term


class FoundConflict(Struct, frozen=True):
    """A conflict between two answers, in words for this person."""

    conflict: Conflict
    text: str


def conflicts(catalog: Catalog, answers: Answers, assessments: list[Assessment]) -> list[FoundConflict]:
    """The pairs of answers that none of the assessed formats meets; pass all scored formats."""
    terms = [{term.weighed.criterion.id: term for term in assessment.terms} for assessment in assessments]
    return [
        FoundConflict(conflict, fill(conflict.text, {"answer": _limit_text(catalog, answers, conflict)}))
        for conflict in catalog.conflicts
        if terms and all(_wished(terms[0], id) for id in conflict.between)
        if not any(all(_met(each[id], conflict) for id in conflict.between) for each in terms)
    ]


def _wished(terms: Mapping[str, Term], id: str) -> bool:
    return id in terms and terms[id].weighed.weight > 0


def _met(term: Term, conflict: Conflict) -> bool:
    if term.weighed.criterion.rule.kind is RuleKind.LIMIT:
        return term.judgement.verdict is not Verdict.BLOCKED
    return term.judgement.typical >= conflict.least_value


def _limit_text(catalog: Catalog, answers: Answers, conflict: Conflict) -> str:
    """The answer of the limit among the two; the last one where both are limits."""
    texts = [
        answer_text(catalog.questions[id], answer)
        for id in conflict.between
        if (answer := answers.get(id)) is not None and catalog.criteria()[id].rule.kind is RuleKind.LIMIT
    ]
    return texts[-1] if texts else ""

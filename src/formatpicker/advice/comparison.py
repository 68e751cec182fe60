"""Formats side by side: what decides between two, dominance, and those that no answer so far tells apart."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints, listed_answers
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term, assess, dominates


class Difference(Struct, frozen=True):
    """What one criterion adds to the lead of the first format over the second; ``gap`` is a share of the scale."""

    term: Term
    gap: int


class Contest(Struct, frozen=True):
    """Two formats, what decides between them (the largest first), and which dominates the other, if any."""

    first: Assessment
    second: Assessment
    differences: tuple[Difference, ...]
    dominating: Assessment | None


def contest(first: Assessment, second: Assessment) -> Contest:
    """Compare two assessments of the same answers."""
    gaps = [
        Difference(ours, ours.product - theirs.product)
        for ours, theirs in zip(first.terms, second.terms, strict=True)
        if ours.product != theirs.product
    ]
    ordered = sorted(gaps, key=lambda each: (-abs(each.gap), each.term.criterion.id))
    dominating = next((one for one, other in ((first, second), (second, first)) if dominates(one, other)), None)
    return Contest(first, second, tuple(ordered), dominating)


class Indistinguishable(Struct, frozen=True):
    """Formats with the same judgements so far; ``separated_by`` is None where no further answer alone does."""

    formats: tuple[str, ...]
    separated_by: str | None


def indistinguishable(catalog: Catalog, answers: Answers, assessments: Sequence[Assessment]) -> list[Indistinguishable]:
    """Groups of two or more open formats that all answers treat alike, in the order of the assessments."""
    alike: dict[tuple[object, ...], list[Format]] = {}
    for assessment in assessments:
        if not assessment.blocked:
            alike.setdefault(_kind(assessment), []).append(assessment.format)
    return [
        Indistinguishable(tuple(each.id for each in group), _separating(catalog, answers, group))
        for group in alike.values()
        if len(group) > 1
    ]


def _separating(catalog: Catalog, answers: Answers, formats: list[Format]) -> str | None:
    """The open question that can move these formats farthest apart, alone."""
    from formatpicker.scoring.tables import EffectTable

    table = EffectTable(catalog, formats)
    spreads = {
        id: max(
            (
                _spread(assess(catalog, answers.replaced(catalog, id, answer), formats))
                for answer in listed_answers(question) or breakpoints(table, answers, question)
            ),
            default=0,
        )
        for id, question in catalog.questions.items()
        if answers.get(id) is None
    }
    best = max(spreads, key=lambda id: spreads[id], default=None)
    return best if best is not None and spreads[best] else None


def _spread(assessments: list[Assessment]) -> int:
    """How far apart some formats stand: thousandths between their scores, 1 where only a verdict tells them apart."""
    scores = [each.total * 1000 // (each.scale or 1) for each in assessments]
    return max(scores) - min(scores) + (len(set(map(_kind, assessments))) > 1)


def _kind(assessment: Assessment) -> tuple[object, ...]:
    """What is the same for formats that all answers treat alike."""
    return tuple((term.judgement.typical, term.verdict) for term in assessment.terms)

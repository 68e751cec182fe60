"""Formats side by side: what decides between two, dominance, and those that no answer so far tells apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints, listed_answers
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term, dominates
from formatpicker.scoring.rules import ONE, Judgement
from formatpicker.scoring.weights import region_of, weigh

if TYPE_CHECKING:
    from formatpicker.scoring.tables import EffectTable


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
    alike: dict[tuple[object, ...], list[Assessment]] = {}
    for assessment in assessments:
        if not assessment.blocked:
            key = tuple((term.judgement.typical, term.verdict) for term in assessment.terms)
            alike.setdefault(key, []).append(assessment)
    return [
        Indistinguishable(tuple(each.format.id for each in group), _separating(catalog, answers, group))
        for group in alike.values()
        if len(group) > 1
    ]


def _separating(catalog: Catalog, answers: Answers, group: list[Assessment]) -> str | None:
    """The open question that can move these formats farthest apart, alone."""
    from formatpicker.scoring.tables import EffectTable

    table, region = EffectTable(catalog, [each.format for each in group]), catalog.region_question
    alike = {term.criterion.id: [term.judgement] * len(group) for term in group[0].terms}
    spreads = {
        id: max(
            (
                _spread(table, answers.replaced(catalog, id, answer), {} if question is region else alike)
                for answer in listed_answers(question) or breakpoints(table, answers, question)
            ),
            default=0,
        )
        for id, question in catalog.questions.items()
        if answers.get(id) is None
    }
    best = max(spreads, key=lambda id: spreads[id], default=None)
    return best if best is not None and spreads[best] else None


def _spread(table: EffectTable, answers: Answers, alike: Mapping[str, list[Judgement]]) -> int:
    """How far apart some formats stand: thousandths between their scores, 1 where only a verdict tells them apart.

    ``alike`` has for each criterion by which they are alike the judgement of each.
    """
    weighed, region = weigh(table.catalog, answers), region_of(table.catalog, answers)
    judged = [
        alike.get(each.criterion.id) or [function(each.answer) for function in table.functions(each.criterion, region)]
        for each in weighed
    ]
    totals = [0] * len(table.formats)
    for each, judgements in zip(weighed, judged, strict=True):
        totals = [total + each.weight * own.typical for total, own in zip(totals, judgements, strict=True)]
    scale = ONE * sum(each.weight for each in weighed) or 1
    scores = [1000 * total // scale for total in totals]
    apart = any(len({(own.typical, own.verdict) for own in judgements}) > 1 for judgements in judged)
    return max(scores) - min(scores) + apart

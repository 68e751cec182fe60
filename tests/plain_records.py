"""The record of a whole recommendation, put together the plain way: what batches are held against."""

from __future__ import annotations

from collections.abc import Sequence

from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.batch.records import MOST_REASONS, Identity, Record
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.ranking import Ranked, in_tenths, per_cent, top
from formatpicker.scoring.rules import severity, speaks_for
from formatpicker.scoring.weights import coverage


def record_of(recommendation: Recommendation, id: Identity, row: int) -> Record:
    """The record of one recommendation."""
    best = recommendation.best
    first = best[0].assessment if best else None
    second = recommendation.rivals[0].assessment if best and recommendation.rivals else None
    variant = next(iter(top(_ranked(recommendation.variants))), None)
    scale = recommendation.ranking[0].assessment.scale if recommendation.ranking else 0
    return Record(
        id,
        row,
        tuple(entry.id for entry in best),
        in_tenths(first.total, scale) if first else None,
        second.format.id if second else None,
        in_tenths(second.total, scale) if second else None,
        in_tenths(first.total - second.total, scale) if first and second else None,
        _eligibility(recommendation),
        _pairs(recommendation, Verdict.CONDITIONAL),
        _pairs(recommendation, Verdict.UNLIKELY),
        _pairs(recommendation, Verdict.BLOCKED),
        variant.assessment.format.id if variant else None,
        in_tenths(variant.assessment.total, scale) if variant else None,
        tuple(
            each.term.criterion.id
            for each in (best[0].contributions if best else ())
            if speaks_for(each.term.judgement)
        )[:MOST_REASONS],
        per_cent(coverage(recommendation.catalog, recommendation.answers)) / 100,
    )


def _ranked(entries: Sequence[Entry]) -> list[Ranked]:
    return [Ranked(entry.assessment, entry.rank) for entry in entries]


def _eligibility(recommendation: Recommendation) -> str | None:
    """The worst verdict at the top; ``blocked`` where every core format is, None where nothing tells them apart."""
    if recommendation.best:
        return str(max((entry.assessment.eligibility for entry in recommendation.best), key=severity))
    return None if recommendation.rivals else str(Verdict.BLOCKED)


def _pairs(recommendation: Recommendation, verdict: Verdict) -> tuple[str, ...]:
    """``format:question`` in the order of the formats' ids, then of the questions."""
    return tuple(
        f"{entry.id}:{term.criterion.id}"
        for entry in sorted(recommendation.ranking, key=lambda entry: entry.id)
        for term in entry.assessment.terms
        if term.verdict is verdict
    )

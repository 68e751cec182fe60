"""What is said of one person as plain data: recommendation, explanation and plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from formatpicker.advice.notices import Notice, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.base.durations import weeks_number
from formatpicker.catalog.attributes import Citation
from formatpicker.catalog.guidance import NextStep
from formatpicker.catalog.model import Catalog, citation_text
from formatpicker.scoring.answers import written_answers
from formatpicker.scoring.ranking import apportioned, in_tenths, per_cent, rounded
from formatpicker.scoring.rules import ONE

if TYPE_CHECKING:
    from formatpicker.advice.pathways import Pathway
    from formatpicker.output.json import person_types


def recommendation_data(recommendation: Recommendation, with_pathways: bool = False) -> person_types.Recommendation:
    """A recommendation in the shape of version 2; plans of several formats where they are asked for."""
    keys = [key for key in PARTS if key != "pathways" or with_pathways]
    return cast("person_types.Recommendation", chosen_data(recommendation, keys))


def chosen_data(recommendation: Recommendation, keys: Iterable[str]) -> dict[str, Any]:
    """Some keys of a recommendation; what the others say is not computed. An empty id or message is left out."""
    values = {key: PARTS[key](recommendation) for key in keys}
    return {key: value for key, value in values.items() if key not in ("id", "message") or value not in (None, "")}


def _conflicts_data(recommendation: Recommendation) -> list[person_types.Conflict]:
    return [
        {
            "between": list(each.conflict.between),
            "text": each.text,
            "sources": sources_data(recommendation.catalog, each.conflict.citations),
        }
        for each in recommendation.conflicts
    ]


def _relaxations_data(recommendation: Recommendation) -> list[person_types.Relaxation]:
    return [
        {
            "unlocks": each.unlocks,
            "change": dict(each.change),
            "long_shot": recommendation.would_be_long_shot(each.unlocks, each.change),
        }
        for each in recommendation.relaxations
    ]


def what_ifs_data(recommendation: Recommendation) -> list[person_types.WhatIf]:
    """The changes of answers that put another one first."""
    return [
        {
            "change": dict(each.change),
            "top": list(each.top),
            "long_shot": recommendation.would_be_long_shot(each.top[0], each.change),
        }
        for each in recommendation.what_ifs
    ]


def certainty_data(recommendation: Recommendation) -> person_types.Certainty:
    """How sure the first place is; shares are rounded to hundredths."""
    return {
        "coverage": per_cent(recommendation.certainty.coverage) / 100,
        "evidence": _share(recommendation.certainty.evidence),
        "robustness": _share(recommendation.certainty.robustness),
        "could_change": sorted(recommendation.turning),
    }


def _share(share: float | None) -> float | None:
    return None if share is None else per_cent(share) / 100


def _headline(recommendation: Recommendation) -> str:
    from formatpicker.output.text.sentences import headline

    return headline(recommendation)


# Each key of a recommendation, in the order of the document, and what makes its value.
PARTS: dict[str, Callable[[Recommendation], Any]] = {
    "schema": lambda recommendation: "formatpicker/recommendation/2",
    "id": lambda recommendation: recommendation.answers.id,
    "catalog": lambda recommendation: recommendation.catalog.record,
    "answers": lambda recommendation: written_answers(recommendation.catalog, recommendation.answers),
    "unanswered": lambda recommendation: list(recommendation.unanswered),
    "top": lambda recommendation: list(recommendation.top),
    "call": lambda recommendation: recommendation.certainty.call,
    "contenders": lambda recommendation: list(recommendation.certainty.contenders),
    "headline": _headline,
    "message": lambda recommendation: recommendation.message,
    "ranking": lambda recommendation: [entry_data(recommendation.catalog, entry) for entry in recommendation.ranking],
    "variants": lambda recommendation: [entry_data(recommendation.catalog, entry) for entry in recommendation.variants],
    "certainty": certainty_data,
    "relaxations": _relaxations_data,
    "what_ifs": what_ifs_data,
    "conflicts": _conflicts_data,
    "indistinguishable": lambda recommendation: [
        {"formats": list(each.formats), "separated_by": each.separated_by} for each in recommendation.indistinguishable
    ],
    "pathways": lambda recommendation: [pathway_data(recommendation.catalog, each) for each in recommendation.pathways],
    "next_steps": lambda recommendation: [
        _step_data(recommendation.catalog, step) for step in recommendation.next_steps
    ],
}


def explanation_data(recommendation: Recommendation) -> person_types.Explanation:
    """A recommendation with how close the call is and where sources that differ could turn it."""
    from formatpicker.advice.certainty import disagreements

    best, rivals = recommendation.best, [entry.assessment for entry in recommendation.rivals]
    turned: list[person_types.Disagreement] = [
        {
            "format": each.assessment.format.id,
            "criterion": each.term.criterion.id,
            "end": each.end,
            "rival": each.rival.format.id,
        }
        for each in (disagreements(best[0].assessment, rivals) if len(best) == 1 else ())
    ]
    own = {"flip_points": flip_points_data(recommendation), "disagreements": turned}
    whole: Any = {**recommendation_data(recommendation), "schema": "formatpicker/explanation/2", **own}
    return cast("person_types.Explanation", whole)


def flip_points_data(recommendation: Recommendation) -> list[person_types.FlipPoint]:
    """How far weights would have to move for a rival to draw level."""
    return [
        {
            "rival": flip.rival.format.id,
            "criterion": flip.term.criterion.id,
            "factor": round(flip.factor, 4),
            "exact": f"{flip.numerator}/{flip.denominator}",
        }
        for flip in recommendation.flip_points
    ]


def entry_data(catalog: Catalog, entry: Entry) -> person_types.Entry:
    """One format's entry in a ranking."""
    assessed = assessed_data(catalog, entry)
    return {"format": entry.id, "name": entry.name, "definition": entry.definition, **assessed}


def assessed_data(catalog: Catalog, entry: Entry) -> person_types.Assessed:
    """How one format, or one offer, suits the person."""
    low, high = entry.score_range
    points, weights = entry.points, entry.assessment.scale // ONE
    return {
        "rank": entry.rank,
        "score": entry.score,
        "score_low": low,
        "score_high": high,
        "eligibility": entry.eligibility,
        "conditions": [_notice_data(catalog, notice) for notice in entry.conditions],
        "long_shots": [_notice_data(catalog, notice) for notice in entry.long_shots],
        "blockers": [
            {
                "question": blocker.question,
                "answer": blocker.answer,
                "needs": blocker.needs,
                "text": full_text(blocker),
                "sources": sources_data(catalog, blocker.citations),
            }
            for blocker in entry.blockers
        ],
        "unchecked": list(entry.unchecked),
        "contributions": [
            {
                "criterion": each.term.criterion.id,
                "weight": rounded(100 * each.term.weight, weights) / 100,
                "value": rounded(100 * each.term.judgement.typical, ONE) / 100,
                "points": points[each.term.criterion.id],
                "text": each.text,
                "sources": sources_data(catalog, each.citations),
            }
            for each in entry.contributions
        ],
        "cautions": [_notice_data(catalog, notice) for notice in entry.cautions],
    }


def _notice_data(catalog: Catalog, notice: Notice) -> person_types.Notice:
    return {"question": notice.question, "text": full_text(notice), "sources": sources_data(catalog, notice.citations)}


def _step_data(catalog: Catalog, step: NextStep) -> person_types.NextStep:
    region = step.regions[0] if len(step.regions) == 1 else None
    return {
        "text": step.text,
        "url": step.url,
        "region": region,
        "regions": list(step.regions),
        "official": step.official,
        "sources": sources_data(catalog, step.citations),
    }


def pathway_data(catalog: Catalog, pathway: Pathway) -> person_types.Pathway:
    """One plan; the points of its goals sum to its score, and ``step`` counts from 1."""
    points = apportioned([each.goal.weight * each.value for each in pathway.served], pathway.scale)
    return {
        "steps": [
            {
                "format": step.format.id,
                "name": step.format.name,
                "days": step.days,
                "weeks": weeks_number(step.days),
                "reason": step.link.reason if step.link else None,
                "sources": sources_data(catalog, step.link.citations if step.link else ()),
            }
            for step in pathway.steps
        ],
        "days": pathway.days,
        "weeks": weeks_number(pathway.days),
        "score": in_tenths(pathway.total, pathway.scale),
        "best_single": {"format": pathway.single.id, "score": in_tenths(pathway.single_total, pathway.scale)},
        "goals": [
            {
                "goal": served.goal.criterion.id,
                "value": served.value / ONE,
                "points": tenths / 10,
                "step": pathway.steps.index(served.step) + 1,
                "stacking": served.stacking.reason if served.stacking else None,
                "sources": sources_data(catalog, served.stacking.citations if served.stacking else ()),
            }
            for served, tenths in zip(pathway.served, points, strict=True)
        ],
    }


def sources_data(catalog: Catalog, citations: Iterable[Citation]) -> list[str]:
    """The publications behind something, each in full."""
    return [citation_text(catalog, citation) for citation in citations]

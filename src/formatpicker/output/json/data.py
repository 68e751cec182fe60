"""Results to plain data, as JSON shows them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from formatpicker.advice.call import Certainty
from formatpicker.advice.comparison import Contest, contest
from formatpicker.advice.explanation import (
    Blocker,
    Contribution,
    Notice,
    citation_text,
    full_text,
    level_text,
    value_phrase,
)
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.sensitivity import disagreements
from formatpicker.catalog.model import Catalog, Citation, Format, NextStep, RegionalValue, Value
from formatpicker.output.text.headline import headline
from formatpicker.output.text.pathway import pathway_data
from formatpicker.scoring.answers import written_answers
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.rounding import apportioned, in_tenths, rounded, signed_tenths
from formatpicker.scoring.rules import ONE

RECOMMENDATION_SCHEMA = "formatpicker/recommendation/2"
EXPLANATION_SCHEMA = "formatpicker/explanation/2"
FORMAT_SCHEMA = "formatpicker/format/1"
COMPARISON_SCHEMA = "formatpicker/comparison/2"


def recommendation_data(recommendation: Recommendation, with_pathways: bool = False) -> dict[str, Any]:
    """A recommendation in the shape of version 2; plans of several formats where they are asked for."""
    catalog = recommendation.catalog
    data: dict[str, Any] = {
        "schema": RECOMMENDATION_SCHEMA,
        "catalog": catalog_data(catalog),
        "answers": written_answers(catalog, recommendation.answers),
        "unanswered": list(recommendation.unanswered),
        "top": list(recommendation.top),
        "call": str(recommendation.certainty.call),
        "contenders": list(recommendation.certainty.contenders),
        "headline": headline(recommendation),
    }
    if recommendation.message:
        data["message"] = recommendation.message
    data["ranking"] = [entry_data(catalog, entry) for entry in recommendation.ranking]
    data["variants"] = [entry_data(catalog, entry) for entry in recommendation.variants]
    data["certainty"] = {**_certainty_data(recommendation.certainty), "could_change": sorted(recommendation.turning)}
    data["relaxations"] = [
        {"unlocks": each.unlocks, "change": dict(each.change)} for each in recommendation.relaxations
    ]
    data["what_ifs"] = [{"change": dict(each.change), "top": list(each.top)} for each in recommendation.what_ifs]
    data["conflicts"] = [
        {
            "between": list(each.conflict.between),
            "text": each.text,
            "sources": _sources(catalog, each.conflict.citations),
        }
        for each in recommendation.conflicts
    ]
    data["indistinguishable"] = [
        {"formats": list(each.formats), "separated_by": each.separated_by} for each in recommendation.indistinguishable
    ]
    if with_pathways:
        data["pathways"] = [pathway_data(catalog, each) for each in recommendation.pathways]
    data["next_steps"] = [_step_data(catalog, step) for step in recommendation.next_steps]
    return data


def _certainty_data(certainty: Certainty) -> dict[str, float | None]:
    shares = {
        "coverage": certainty.coverage,
        "evidence": certainty.evidence,
        "robustness": certainty.robustness,
    }
    return {name: None if share is None else round(share, 2) for name, share in shares.items()}


def explanation_data(recommendation: Recommendation) -> dict[str, Any]:
    """A recommendation with how close the call is and where sources that differ could turn it."""
    best, rivals = recommendation.best, [entry.assessment for entry in recommendation.rivals]
    found = disagreements(best[0].assessment, rivals) if len(best) == 1 else []
    return {
        **recommendation_data(recommendation),
        "schema": EXPLANATION_SCHEMA,
        "flip_points": [
            {
                "rival": flip.rival.format.id,
                "criterion": flip.term.weighed.criterion.id,
                "factor": round(flip.factor, 4),
                "exact": f"{flip.numerator}/{flip.denominator}",
            }
            for flip in recommendation.flip_points
        ],
        "disagreements": [
            {
                "format": each.assessment.format.id,
                "criterion": each.term.weighed.criterion.id,
                "end": each.end,
                "rival": each.rival.format.id,
            }
            for each in found
        ],
    }


def catalog_data(catalog: Catalog) -> dict[str, str]:
    """What identifies a catalog."""
    return {"title": catalog.title, "version": catalog.version, "sha256": catalog.sha256}


def entry_data(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    """One format's entry in a ranking."""
    assessment = entry.assessment
    return {
        "format": entry.id,
        "name": assessment.format.name,
        "definition": assessment.format.summary,
        "rank": entry.rank,
        "score": in_tenths(assessment.total, assessment.scale),
        "score_low": in_tenths(assessment.total_low, assessment.scale),
        "score_high": in_tenths(assessment.total_high, assessment.scale),
        "eligibility": str(assessment.eligibility),
        "conditions": [_notice_data(catalog, notice) for notice in entry.conditions],
        "long_shots": [_notice_data(catalog, notice) for notice in entry.long_shots],
        "blockers": [_blocker_data(catalog, blocker) for blocker in entry.blockers],
        "unchecked": list(entry.unchecked),
        "contributions": _contributions_data(catalog, assessment, entry.contributions),
        "cautions": [_notice_data(catalog, notice) for notice in entry.cautions],
    }


def _contributions_data(
    catalog: Catalog, assessment: Assessment, contributions: tuple[Contribution, ...]
) -> list[dict[str, Any]]:
    points = apportioned([each.term.product for each in contributions], assessment.scale)
    weights = assessment.scale // ONE
    return [
        {
            "criterion": each.term.weighed.criterion.id,
            "weight": rounded(100 * each.term.weighed.weight, weights) / 100,
            "value": rounded(100 * each.term.judgement.typical, ONE) / 100,
            "points": tenths / 10,
            "text": each.text,
            "sources": _sources(catalog, each.citations),
        }
        for each, tenths in zip(contributions, points, strict=True)
    ]


def _notice_data(catalog: Catalog, notice: Notice) -> dict[str, Any]:
    return {"question": notice.question, "text": full_text(notice), "sources": _sources(catalog, notice.citations)}


def _blocker_data(catalog: Catalog, blocker: Blocker) -> dict[str, Any]:
    return {
        "question": blocker.question,
        "answer": blocker.answer,
        "needs": blocker.needs,
        "text": full_text(blocker),
        "sources": _sources(catalog, blocker.citations),
    }


def _step_data(catalog: Catalog, step: NextStep) -> dict[str, Any]:
    region = step.regions[0] if len(step.regions) == 1 else None
    return {
        "text": step.text,
        "url": step.url,
        "region": region,
        "regions": list(step.regions),
        "official": step.official,
        "sources": _sources(catalog, step.citations),
    }


def _sources(catalog: Catalog, citations: tuple[Citation, ...]) -> list[str]:
    return [citation_text(catalog, citation) for citation in citations]


def format_data(catalog: Catalog, format: Format) -> dict[str, Any]:
    """A format whole, with its inherited values and every source written out."""
    return {
        "schema": FORMAT_SCHEMA,
        **format_line(format),
        "aliases": list(format.aliases),
        "good_for": list(format.good_for),
        "speaks_against": list(format.speaks_against),
        "also_means": list(format.also_means),
        "term_unstable": format.term_unstable,
        "attributes": {name: attribute_data(catalog, format, name) for name in catalog.attributes},
    }


def format_line(format: Format) -> dict[str, Any]:
    """A format in a list."""
    return {
        "format": format.id,
        "name": format.name,
        "kind": format.kind,
        "variant_of": list(format.variant_of),
        "covered_by": format.covered_by or None,
        "scored": format.scored,
        "summary": format.summary,
    }


def attribute_data(catalog: Catalog, format: Format, name: str) -> dict[str, Any]:
    """One attribute of a format: the general value, the regional ones and where each comes from."""
    regional: RegionalValue = catalog.regional(format, name)
    return {
        "label": catalog.attributes[name].label,
        **_value_data(catalog, name, regional.general),
        "basis": "inherited" if catalog.inherited(format, name) else regional.general.basis,
        "reason": regional.reason or None,
        "regions": {region: _value_data(catalog, name, value) for region, value in regional.regions.items()},
    }


def _value_data(catalog: Catalog, name: str, value: Value) -> dict[str, Any]:
    attribute = catalog.attributes[name]
    ends = {
        end: level_text(attribute, level) if level is not None else None
        for end, level in (("low", value.low), ("typical", value.typical), ("high", value.high))
    }
    dates = {key: getattr(value, key) or None for key in ("as_of", "valid_from", "valid_to")}
    return {
        **ends,
        "text": value_phrase(attribute, value.typical) or None,
        "basis": value.basis,
        "note": value.note or None,
        **dates,
        "sources": _sources(catalog, value.citations),
    }


def _contest_data(found: Contest) -> dict[str, Any]:
    return {
        "formats": [found.first.format.id, found.second.format.id],
        "deciding": [
            {"criterion": each.term.weighed.criterion.id, "points": signed_tenths(each.gap, found.first.scale)}
            for each in found.differences
        ],
        "dominating": found.dominating.format.id if found.dominating else None,
    }


def comparison_data(
    catalog: Catalog, formats: list[Format], recommendation: Recommendation | None = None
) -> dict[str, Any]:
    """Formats side by side, attribute by attribute, and one person's fit where there is a person."""
    data: dict[str, Any] = {
        "schema": COMPARISON_SCHEMA,
        "formats": [format_line(format) for format in formats],
        "attributes": {
            name: {format.id: attribute_data(catalog, format, name) for format in formats}
            for name in catalog.attributes
        },
    }
    if recommendation:
        ids = {format.id for format in formats}
        fitting = [entry for entry in recommendation.entries if entry.id in ids]
        data["fit"] = [entry_data(catalog, entry) for entry in fitting]
        pairs = combinations([entry.assessment for entry in fitting], 2)
        data["contests"] = [_contest_data(contest(first, second)) for first, second in pairs]
    return data

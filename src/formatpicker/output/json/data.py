"""Results to plain data, as JSON shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

from formatpicker.advice.notices import Blocker, Notice, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.wording import citation_text, level_text, value_phrase
from formatpicker.catalog.attributes import Citation, RegionalValue, Value
from formatpicker.catalog.guidance import NextStep
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import written_answers
from formatpicker.scoring.rounding import per_cent, rounded, signed_tenths
from formatpicker.scoring.rules import ONE

if TYPE_CHECKING:
    from formatpicker.advice.call import Certainty
    from formatpicker.advice.comparison import Contest
    from formatpicker.output.json import catalog_types, person_types, shared_types


def recommendation_data(recommendation: Recommendation, with_pathways: bool = False) -> person_types.Recommendation:
    """A recommendation in the shape of version 2; plans of several formats where they are asked for."""
    keys = [key for key in PARTS if key != "pathways" or with_pathways]
    return cast("person_types.Recommendation", chosen_data(recommendation, keys))


def chosen_data(recommendation: Recommendation, keys: Iterable[str]) -> dict[str, Any]:
    """Some keys of a recommendation; what the others say is not computed. An empty id or message is left out."""
    found = {key: PARTS[key](recommendation) for key in keys}
    return {key: value for key, value in found.items() if key not in ("id", "message") or value not in (None, "")}


def _entries_data(catalog: Catalog, entries: Iterable[Entry]) -> list[person_types.Entry]:
    return [entry_data(catalog, entry) for entry in entries]


def _conflicts_data(found: Recommendation) -> list[person_types.Conflict]:
    return [
        {
            "between": list(each.conflict.between),
            "text": each.text,
            "sources": _sources(found.catalog, each.conflict.citations),
        }
        for each in found.conflicts
    ]


def _relaxations_data(found: Recommendation) -> list[person_types.Relaxation]:
    return [{"unlocks": each.unlocks, "change": dict(each.change)} for each in found.relaxations]


def _what_ifs_data(found: Recommendation) -> list[person_types.WhatIf]:
    return [{"change": dict(each.change), "top": list(each.top)} for each in found.what_ifs]


def _indistinguishable_data(found: Recommendation) -> list[person_types.Indistinguishable]:
    return [{"formats": list(each.formats), "separated_by": each.separated_by} for each in found.indistinguishable]


def _headline(found: Recommendation) -> str:
    from formatpicker.output.text.headline import headline

    return headline(found)


def _pathways_data(found: Recommendation) -> list[person_types.Pathway]:
    from formatpicker.output.text.pathway import pathway_data

    return [pathway_data(found.catalog, each) for each in found.pathways]


# Each key of a recommendation, in the order of the document, and what makes its value.
PARTS: dict[str, Callable[[Recommendation], Any]] = {
    "schema": lambda found: "formatpicker/recommendation/2",
    "id": lambda found: found.answers.id,
    "catalog": lambda found: catalog_data(found.catalog),
    "answers": lambda found: written_answers(found.catalog, found.answers),
    "unanswered": lambda found: list(found.unanswered),
    "top": lambda found: list(found.top),
    "call": lambda found: found.certainty.call,
    "contenders": lambda found: list(found.certainty.contenders),
    "headline": _headline,
    "message": lambda found: found.message,
    "ranking": lambda found: _entries_data(found.catalog, found.ranking),
    "variants": lambda found: _entries_data(found.catalog, found.variants),
    "certainty": lambda found: _certainty_data(found.certainty, sorted(found.turning)),
    "relaxations": _relaxations_data,
    "what_ifs": _what_ifs_data,
    "conflicts": _conflicts_data,
    "indistinguishable": _indistinguishable_data,
    "pathways": _pathways_data,
    "next_steps": lambda found: [_step_data(found.catalog, step) for step in found.next_steps],
}


def _certainty_data(certainty: Certainty, turning: Iterable[str]) -> person_types.Certainty:
    return {
        "coverage": per_cent(certainty.coverage) / 100,
        "evidence": _share(certainty.evidence),
        "robustness": _share(certainty.robustness),
        "could_change": list(turning),
    }


def _share(share: float | None) -> float | None:
    return None if share is None else per_cent(share) / 100


def explanation_data(recommendation: Recommendation) -> person_types.Explanation:
    """A recommendation with how close the call is and where sources that differ could turn it."""
    from formatpicker.advice.sensitivity import disagreements

    best, rivals = recommendation.best, [entry.assessment for entry in recommendation.rivals]
    found = disagreements(best[0].assessment, rivals) if len(best) == 1 else []
    turned: list[person_types.Disagreement] = [
        {
            "format": each.assessment.format.id,
            "criterion": each.term.weighed.criterion.id,
            "end": each.end,
            "rival": each.rival.format.id,
        }
        for each in found
    ]
    whole: Any = recommendation_data(recommendation)
    own = {
        "schema": "formatpicker/explanation/2",
        "flip_points": flip_points_data(recommendation),
        "disagreements": turned,
    }
    return cast("person_types.Explanation", {**whole, **own})


def flip_points_data(recommendation: Recommendation) -> list[person_types.FlipPoint]:
    """How far weights would have to move for a rival to draw level."""
    return [
        {
            "rival": flip.rival.format.id,
            "criterion": flip.term.weighed.criterion.id,
            "factor": round(flip.factor, 4),
            "exact": f"{flip.numerator}/{flip.denominator}",
        }
        for flip in recommendation.flip_points
    ]


def catalog_data(catalog: Catalog) -> shared_types.CatalogRecord:
    """What identifies a catalog."""
    return {"title": catalog.title, "version": catalog.version, "sha256": catalog.sha256}


def entry_data(catalog: Catalog, entry: Entry) -> person_types.Entry:
    """One format's entry in a ranking."""
    low, high = entry.score_range
    return {
        "format": entry.id,
        "name": entry.name,
        "definition": entry.definition,
        "rank": entry.rank,
        "score": entry.score,
        "score_low": low,
        "score_high": high,
        "eligibility": entry.eligibility,
        "conditions": [_notice_data(catalog, notice) for notice in entry.conditions],
        "long_shots": [_notice_data(catalog, notice) for notice in entry.long_shots],
        "blockers": [_blocker_data(catalog, blocker) for blocker in entry.blockers],
        "unchecked": list(entry.unchecked),
        "contributions": _contributions_data(catalog, entry),
        "cautions": [_notice_data(catalog, notice) for notice in entry.cautions],
    }


def _contributions_data(catalog: Catalog, entry: Entry) -> list[person_types.Contribution]:
    points = entry.points
    weights = entry.assessment.scale // ONE
    return [
        {
            "criterion": each.term.weighed.criterion.id,
            "weight": rounded(100 * each.term.weighed.weight, weights) / 100,
            "value": rounded(100 * each.term.judgement.typical, ONE) / 100,
            "points": points[each.term.weighed.criterion.id],
            "text": each.text,
            "sources": _sources(catalog, each.citations),
        }
        for each in entry.contributions
    ]


def _notice_data(catalog: Catalog, notice: Notice) -> person_types.Notice:
    return {"question": notice.question, "text": full_text(notice), "sources": _sources(catalog, notice.citations)}


def _blocker_data(catalog: Catalog, blocker: Blocker) -> person_types.Blocker:
    return {
        "question": blocker.question,
        "answer": blocker.answer,
        "needs": blocker.needs,
        "text": full_text(blocker),
        "sources": _sources(catalog, blocker.citations),
    }


def _step_data(catalog: Catalog, step: NextStep) -> person_types.NextStep:
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


def format_data(catalog: Catalog, format: Format) -> catalog_types.FormatWhole:
    """A format whole, with its inherited values and every source written out."""
    return {
        "schema": "formatpicker/format/1",
        **format_line(format),
        "aliases": list(format.aliases),
        "good_for": list(format.good_for),
        "speaks_against": list(format.speaks_against),
        "also_means": list(format.also_means),
        "term_unstable": format.term_unstable,
        "attributes": {name: attribute_data(catalog, format, name) for name in catalog.attributes},
    }


def format_line(format: Format) -> catalog_types.FormatLine:
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


def attribute_data(catalog: Catalog, format: Format, name: str) -> catalog_types.AttributeValue:
    """One attribute of a format: the general value, the regional ones and where each comes from."""
    regional: RegionalValue = catalog.regional(format, name)
    return {
        "label": catalog.attributes[name].label,
        **_value_data(catalog, name, regional.general),
        "basis": "inherited" if catalog.inherited(format, name) else regional.general.basis,
        "reason": regional.reason or None,
        "regions": {region: _value_data(catalog, name, value) for region, value in regional.regions.items()},
    }


def _value_data(catalog: Catalog, name: str, value: Value) -> catalog_types.RegionValue:
    attribute = catalog.attributes[name]
    low, typical, high = (
        None if level is None else level_text(attribute, level) for level in (value.low, value.typical, value.high)
    )
    return {
        "low": low,
        "typical": typical,
        "high": high,
        "text": value_phrase(attribute, value.typical) or None,
        "basis": value.basis,
        "note": value.note or None,
        "as_of": value.as_of or None,
        "valid_from": value.valid_from or None,
        "valid_to": value.valid_to or None,
        "sources": _sources(catalog, value.citations),
    }


def _contest_data(found: Contest) -> catalog_types.Contest:
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
) -> catalog_types.Comparison:
    """Formats side by side, attribute by attribute, and one person's fit where there is a person."""
    from formatpicker.advice.comparison import contest

    data: catalog_types.Comparison = {
        "schema": "formatpicker/comparison/2",
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

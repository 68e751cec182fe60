"""What is printed of catalogs as plain data: formats, comparisons, check, difference."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from formatpicker.advice.recommendation import Recommendation
from formatpicker.catalog.attributes import RegionalValue, Value, level_text, value_phrase
from formatpicker.catalog.model import Catalog, Format
from formatpicker.output.json.person import entry_data, sources_data
from formatpicker.scoring.ranking import signed_tenths, tenths

if TYPE_CHECKING:
    from formatpicker.catalog_tools.diff import Diff, Outcome
    from formatpicker.output.json import catalog_types


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
        "sources": sources_data(catalog, value.citations),
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
        contests = [contest(*pair) for pair in combinations([entry.assessment for entry in fitting], 2)]
        data["contests"] = [
            {
                "formats": [found.first.format.id, found.second.format.id],
                "deciding": [
                    {"criterion": each.term.criterion.id, "points": signed_tenths(each.gap, found.first.scale)}
                    for each in found.differences
                ],
                "dominating": found.dominating.format.id if found.dominating else None,
            }
            for found in contests
        ]
    return data


def check_data(file: str, faults: Sequence[str]) -> catalog_types.Check:
    """Whether a catalog is valid, and what is wrong with it."""
    return {"schema": "formatpicker/check/1", "file": file, "valid": not faults, "faults": list(faults)}


def diff_data(diff: Diff) -> catalog_types.Diff:
    """The difference as plain data; scores are rounded to one decimal."""
    data: catalog_types.Diff = {
        "schema": "formatpicker/diff/2",
        "old": diff.old.record,
        "new": diff.new.record,
        "changes": [
            {
                "place": ".".join(edit.place),
                "label": edit.label,
                "kind": edit.kind,
                "old": edit.old or None,
                "new": edit.new or None,
            }
            for edit in diff.edits
        ],
    }
    if diff.effect:
        data["effect"] = {
            "moved": diff.effect.moved,
            "top_moved": diff.effect.top_moved,
            "old": _outcome_data(diff.effect.old),
            "new": _outcome_data(diff.effect.new),
            "causes": [
                {
                    "place": ".".join(cause.edit.place),
                    "restores_top": cause.restores_top,
                    "top_without": list(cause.without.top),
                    "differences": {id: tenths(change) for id, change in cause.differences.items()},
                }
                for cause in diff.effect.causes
            ],
        }
    return data


def _outcome_data(outcome: Outcome) -> catalog_types.Outcome:
    standings: dict[str, catalog_types.Standing] = {
        id: {
            "score": None if each.score is None else tenths(each.score),
            "rank": each.rank,
            "eligibility": each.eligibility,
        }
        for id, each in outcome.standings.items()
    }
    return {"top": list(outcome.top), "formats": standings}

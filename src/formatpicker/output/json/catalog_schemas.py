"""JSON Schemas of catalogs and of what is printed of them: formats, comparisons, check, audit, difference, laws."""

from __future__ import annotations

from formatpicker.catalog.model import LOOKUP_KINDS, SCORED_KINDS, Catalog, Verdict
from formatpicker.output.json.data import COMPARISON_SCHEMA, FORMAT_SCHEMA
from formatpicker.output.json.person_schemas import answers, entry
from formatpicker.output.json.schema_parts import (
    AUDIT_SCHEMA,
    CHECK_SCHEMA,
    COUNT,
    COUNT_OR_NULL,
    DIFF_SCHEMA,
    FLAG,
    LAWS_SCHEMA,
    NUMBER,
    SCORE,
    SHARE,
    TEXT,
    TEXT_OR_NULL,
    TEXTS,
    Schema,
    array,
    catalog_record,
    mapping,
    or_null,
    record,
)

_VERDICT: Schema = {"enum": [str(verdict) for verdict in Verdict]}
_BASES = ["sourced", "inferred"]


def catalog_file(catalog: Catalog) -> Schema:
    """What a catalog file holds."""
    from formatpicker.catalog.schema import CatalogPart

    return CatalogPart.model_json_schema()


def _line() -> Schema:
    return {
        "format": TEXT,
        "name": TEXT,
        "kind": {"enum": [*SCORED_KINDS, *LOOKUP_KINDS]},
        "variant_of": TEXTS,
        "covered_by": TEXT_OR_NULL,
        "scored": FLAG,
        "summary": TEXT,
    }


def _value(bases: list[str]) -> Schema:
    ends: Schema = dict.fromkeys(("low", "typical", "high", "text"), TEXT_OR_NULL)
    dates: Schema = dict.fromkeys(("note", "as_of", "valid_from", "valid_to"), TEXT_OR_NULL)
    return {**ends, "basis": {"enum": bases}, **dates, "sources": TEXTS}


def _attribute() -> Schema:
    regions = mapping(record(_value(_BASES)))
    return record({"label": TEXT, **_value([*_BASES, "inherited"]), "reason": TEXT_OR_NULL, "regions": regions})


def formats(catalog: Catalog) -> Schema:
    """What ``formats --json`` prints: a list, and so without a version of its own inside."""
    return array(record(_line()))


def format_whole(catalog: Catalog) -> Schema:
    """What ``formats ID --json`` prints."""
    texts: Schema = dict.fromkeys(("aliases", "good_for", "speaks_against", "also_means"), TEXTS)
    rest = {"term_unstable": FLAG, "attributes": mapping(_attribute())}
    return record({"schema": {"const": FORMAT_SCHEMA}, **_line(), **texts, **rest})


def comparison(catalog: Catalog) -> Schema:
    """What ``compare --json`` prints; ``fit`` and ``contests`` only where there is a person."""
    deciding = record({"criterion": TEXT, "points": NUMBER})
    contest = record({"formats": TEXTS, "deciding": array(deciding), "dominating": TEXT_OR_NULL})
    return record(
        {
            "schema": {"const": COMPARISON_SCHEMA},
            "formats": array(record(_line())),
            "attributes": mapping(mapping(_attribute())),
            "fit": array(entry()),
            "contests": array(contest),
        },
        optional=("fit", "contests"),
    )


def check(catalog: Catalog) -> Schema:
    """What ``catalog check --json`` prints."""
    return record({"schema": {"const": CHECK_SCHEMA}, "file": TEXT, "valid": FLAG, "faults": TEXTS})


def audit(catalog: Catalog) -> Schema:
    """What ``catalog audit --json`` prints."""
    format = {"format": TEXT, "core": FLAG, "witness": or_null(answers(catalog)), "dominated_by": TEXT_OR_NULL}
    question = {"question": TEXT, "answered": COUNT, "decides": COUNT, "share": SHARE}
    place = {"format": TEXT, "attribute": TEXT, "region": TEXT_OR_NULL}
    rests_on = {"core": FLAG, "basis": {"enum": _BASES}, "outside_source": FLAG}
    moves = {"concerned": COUNT, "down": COUNT_OR_NULL, "up": COUNT_OR_NULL, "changed": COUNT, "share": SHARE}
    research = {**rests_on, **moves}
    return record(
        {
            "schema": {"const": AUDIT_SCHEMA},
            "catalog": catalog_record(),
            "today": TEXT_OR_NULL,
            "people": COUNT,
            "formats": array(record({**format, "better_on": TEXTS, "duplicate": FLAG})),
            "questions": array(record(question)),
            "values": COUNT,
            "unsourced_counts": mapping(COUNT),
            "unsourced": array(record({**place, "why": {"enum": ["unknown", "inferred", "articles"]}})),
            "dated": array(record({**place, "why": {"enum": ["expired", "old", "unreadable"]}, "date": TEXT})),
            "home_pages": array(record({"source": TEXT, "url": TEXT, "cited": COUNT})),
            "unstepped": array(record({**place, "why": {"enum": ["none", "other"]}})),
            "research": array(record({**place, **research})),
        }
    )


def diff(catalog: Catalog) -> Schema:
    """What ``catalog diff --json`` prints; ``effect`` only where there is a person."""
    kinds = {"enum": ["added", "removed", "changed", "moved"]}
    change = record({"place": TEXT, "label": TEXT, "kind": kinds, "old": TEXT_OR_NULL, "new": TEXT_OR_NULL})
    rank = {"type": ["integer", "null"], "minimum": 1}
    standing = record({"score": SCORE, "rank": rank, "eligibility": _VERDICT})
    outcome = record({"top": TEXTS, "formats": mapping(standing)})
    cause = record({"place": TEXT, "restores_top": FLAG, "top_without": TEXTS, "differences": mapping(NUMBER)})
    effect = {"moved": FLAG, "top_moved": FLAG, "old": outcome, "new": outcome, "causes": array(cause)}
    return record(
        {
            "schema": {"const": DIFF_SCHEMA},
            "old": catalog_record(),
            "new": catalog_record(),
            "changes": array(change),
            "effect": record(effect),
        },
        optional=("effect",),
    )


def laws(catalog: Catalog) -> Schema:
    """What ``verify --json`` prints."""
    law = record(
        {
            "law": TEXT,
            "statement": TEXT,
            "people": COUNT,
            "holds": FLAG,
            "counterexample": or_null(answers(catalog)),
            "violation": TEXT_OR_NULL,
        }
    )
    head = {"schema": {"const": LAWS_SCHEMA}, "catalog": catalog_record(), "holds": FLAG}
    return record({**head, "laws": array(law)})

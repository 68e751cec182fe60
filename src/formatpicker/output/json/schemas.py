"""JSON Schemas (2020-12) of what is read and printed: the list of all of them, with their versions.

A new document is a type and one more line in ``SCHEMAS``; the command, the published files and the tests follow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formatpicker.base.files import read_shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from formatpicker.catalog.criteria import Question
    from formatpicker.catalog.model import Catalog

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


@dataclass(frozen=True)
class DocumentType:
    """A document that others rely on.

    Args:
        title: What it is.
        type: The name of its type; empty for what is read, which has none.
        version: That of its shape: it rises when a field goes or changes.
        many: Whether it is a list of that type.
    """

    title: str
    type: str = ""
    version: int = 1
    many: bool = False


SCHEMAS: dict[str, DocumentType] = {
    "answers": DocumentType("Answers of one person"),
    "recommendation": DocumentType("Recommendation for one person", "Recommendation", 2),
    "explanation": DocumentType("Explanation for one person", "Explanation", 2),
    "record": DocumentType("Record of one person", "Record", 2),
    "reject": DocumentType("Row that could not be read", "Reject"),
    "batch": DocumentType("Records of a whole table", "Batch", 2),
    "full": DocumentType("Whole recommendation for one row", "Full", 2),
    "summary": DocumentType("Summary of a cohort", "Summary", 2),
    "offers": DocumentType("Offers compared for one person", "Offers"),
    "error": DocumentType("What is wrong with what was given", "Error"),
    "catalog": DocumentType("Catalog file", version=2),
    "formats": DocumentType("List of formats", "FormatLine", many=True),
    "format": DocumentType("One format whole", "FormatWhole"),
    "comparison": DocumentType("Formats side by side", "Comparison", 2),
    "check": DocumentType("Check of a catalog", "Check"),
    "audit": DocumentType("Audit of a catalog", "Audit"),
    "diff": DocumentType("Difference of two catalogs", "Diff", 2),
    "laws": DocumentType("Laws of the method on a catalog", "Laws"),
}


def json_schema(name: str, catalog: Catalog) -> Schema:
    """The schema of a document; ids of questions and goals are those of the catalog."""
    document = SCHEMAS[name]
    identity = {"$schema": DIALECT, "$id": f"urn:formatpicker:{name}:{document.version}", "title": document.title}
    body = _READ[name](catalog) if name in _READ else _printed(document, catalog)
    return {**identity, **{key: value for key, value in body.items() if key not in identity}}


# --- what is printed: from types -------------------------------------------------------------------------------------


def _printed(document: DocumentType, catalog: Catalog) -> Schema:
    """The schema of a type. Objects are open: a later version may add fields, and old readers go on to work."""
    from msgspec.json import schema_components

    from formatpicker.catalog_tools import audit, evidence, random_people
    from formatpicker.output.json import catalog_types, cohort_types, offer_types, person_types

    types: dict[str, Any] = {}
    for module in (audit, evidence, random_people, person_types, offer_types, catalog_types, cohort_types):
        types |= vars(module)
    _, parts = schema_components([types[document.type]], schema_hook=_reference, ref_template=_REFERENCE)
    parts = {name: _tidied(part, types[name]) for name, part in sorted(parts.items())}
    if _REFERENCE.format(name="Answers") in json.dumps(parts):
        words = "Answers by question, in the question's own unit."
        parts["Answers"] = {"description": words, **_answers(catalog, _as_written, "string", "number")}
    if document.many:
        return {"type": "array", "items": _reference(types[document.type]), "$defs": parts}
    body = parts.pop(document.type)
    return {**body, "$defs": parts} if parts else body


_REFERENCE = "#/$defs/{name}"


def _reference(kind: type) -> Schema:
    return {"$ref": _REFERENCE.format(name=kind.__name__)}


def _tidied(part: Schema, kind: Any) -> Schema:
    """A part with its fields in the order of its type, the schema's name first, and constants as such.

    A field that is described and refers to a part does so by ``allOf``: generators of types take a reference with words
    beside it for another type.
    """
    found = {key: value for key, value in part.items() if key != "title"}
    found["description"] = found["description"].replace("``", "`")
    if "enum" in found:
        return {"type": "string", **found}
    fields = found["properties"]
    order = sorted(getattr(kind, "__struct_fields__", None) or kind.__annotations__, key=lambda name: name != "schema")
    for field in fields.values():
        if "$ref" in field and len(field) > 1:
            field["allOf"] = [{"$ref": field.pop("$ref")}]
        if len(field.get("enum", ())) == 1:
            field["const"] = field.pop("enum")[0]
    required = [name for name in order if name in found.get("required", ())]
    return {**found, "properties": {name: fields[name] for name in order}, "required": required}


# --- answers ---------------------------------------------------------------------------------------------------------


def _answers(catalog: Catalog, form: Callable[[Question], Schema], *id_types: str) -> Schema:
    """Answers by question; an id may stand beside them, unless a question is called so."""
    words = "What the person goes by; it is carried through."
    id = {"description": words, "anyOf": [{"type": each} for each in id_types]}
    questions = {each.id: {"description": each.text, **form(each)} for each in catalog.questions.values()}
    return {"type": "object", "properties": {"id": id, **questions}}


def _as_written(question: Question) -> Schema:
    """As documents hold it: one type for each question but the goals, which are a ranking or shares."""
    if question.goals:
        ranking, shares = _goals(question)
        return {"anyOf": [ranking, without(shares, "additionalProperties")]}
    if question.options:
        return {"type": "string", "enum": [option.id for option in question.options]}
    return {"description": f"{question.text} ({question.unit or 'weeks'})", "type": "number"}


def _as_read(question: Question) -> Schema:
    """In any of the forms that ``recommend`` understands."""
    from formatpicker.scoring.answers import SKIP

    if question.goals:
        typed = "goal ids separated by commas, the first the most important"
        forms = [*_goals(question), {"type": "string", "description": typed}]
    elif question.options:
        typed = "an id in another spelling, or the label of an option"
        forms = [{"enum": [option.id for option in question.options]}, {"type": "string", "description": typed}]
    else:
        forms = [{"type": "number", "minimum": question.least, "maximum": question.most}, {"type": "string"}]
    return {"anyOf": [*forms, {"type": "null"}, {"const": SKIP}]}


def _goals(question: Question) -> list[Schema]:
    from formatpicker.scoring.answers import MOST_IMPORTANCE

    ids = [goal.id for goal in question.goals]
    importance = {"type": "integer", "minimum": 1, "maximum": MOST_IMPORTANCE}
    return [
        {"type": "array", "items": {"enum": ids}, "maxItems": int(question.most), "uniqueItems": True},
        {"type": "object", "properties": dict.fromkeys(ids, importance), "additionalProperties": False},
    ]


# --- catalog files ---------------------------------------------------------------------------------------------------


def catalog_schema_name() -> str:
    """The name of the file with the schema of catalogs."""
    return f"catalog-{SCHEMAS['catalog'].version}.json"


def without(node: Any, word: str) -> Any:
    """A schema with one keyword left out wherever it stands."""
    if isinstance(node, list):
        return [without(each, word) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: without(value, word) for key, value in node.items() if key != word}


# That of a catalog file is shipped as ``tools/publish_schemas.py`` makes it, since pydantic may not be installed.
_READ: dict[str, Callable[[Catalog], Schema]] = {
    "answers": lambda catalog: {
        **_answers(catalog, _as_read, "string", "number", "null"),
        "additionalProperties": False,
    },
    "catalog": lambda catalog: json.loads(read_shipped(catalog_schema_name(), "schemas")),
}

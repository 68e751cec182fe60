"""JSON Schemas (2020-12) of what is read and printed: the list of all of them, with their versions.

A new document is one more line in ``SCHEMAS``; the command, the published files and the tests follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formatpicker.catalog.model import Catalog
from formatpicker.output.json import batch_schemas, catalog_schemas, person_schemas
from formatpicker.output.json.schema_parts import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Document:
    """A document that others rely on. ``version`` is that of its shape: it rises when a field goes or changes."""

    title: str
    body: Callable[[Catalog], Schema]
    version: int = 1


SCHEMAS: dict[str, Document] = {
    "answers": Document("Answers of one person", person_schemas.answers),
    "recommendation": Document("Recommendation for one person", person_schemas.recommendation, 2),
    "explanation": Document("Explanation for one person", person_schemas.explanation, 2),
    "record": Document("Record of one person", batch_schemas.record_line, 2),
    "reject": Document("Row that could not be read", batch_schemas.reject_line),
    "batch": Document("Records of a whole table", batch_schemas.document, 2),
    "summary": Document("Summary of a cohort", batch_schemas.summary, 2),
    "catalog": Document("Catalog file", catalog_schemas.catalog_file),
    "formats": Document("List of formats", catalog_schemas.formats),
    "format": Document("One format whole", catalog_schemas.format_whole),
    "comparison": Document("Formats side by side", catalog_schemas.comparison, 2),
    "check": Document("Check of a catalog", catalog_schemas.check),
    "audit": Document("Audit of a catalog", catalog_schemas.audit),
    "diff": Document("Difference of two catalogs", catalog_schemas.diff, 2),
    "laws": Document("Laws of the method on a catalog", catalog_schemas.laws),
}


def json_schema(name: str, catalog: Catalog) -> Schema:
    """The schema of a document; ids of questions and goals are those of the catalog."""
    document = SCHEMAS[name]
    identity = {"$schema": DIALECT, "$id": f"urn:formatpicker:{name}:{document.version}", "title": document.title}
    return {**identity, **{key: value for key, value in document.body(catalog).items() if key != "title"}}


def published(catalog: Catalog) -> dict[str, Schema]:
    """Every schema by the name of its published file."""
    return {f"{name}-{document.version}.json": json_schema(name, catalog) for name, document in SCHEMAS.items()}

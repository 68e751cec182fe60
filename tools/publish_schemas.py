"""Writes the JSON Schemas of the shipped catalog to schemas/, one file for each document and version."""

from __future__ import annotations

from pathlib import Path

from formatpicker import Catalog, load_catalog
from formatpicker.catalog.schema import CatalogPart
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.schemas import SCHEMAS, Schema, catalog_schema_name, json_schema, without
from schema_fields import as_json

FOLDER = Path(__file__).parent.parent / "schemas"


def published(catalog: Catalog) -> dict[str, Schema]:
    """Every schema by the name of its published file."""
    return {f"{name}-{document.version}.json": json_schema(name, catalog) for name, document in SCHEMAS.items()}


def catalog_schema() -> Schema:
    """That of catalog files, made anew from what checks them; ``discriminator`` is no keyword of JSON Schema."""
    schema: Schema = without(CatalogPart.model_json_schema(), "discriminator")
    return schema


def texts() -> dict[str, str]:
    """The text of every published file by its name."""
    return {name: as_json(schema) for name, schema in published(load_catalog(shipped_path())).items()}


def publish_catalog_schema() -> None:
    """Write the schema of catalogs, which the program ships and prints as it is, from what checks them."""
    (FOLDER / catalog_schema_name()).write_text(as_json(catalog_schema()), "utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    publish_catalog_schema()
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")

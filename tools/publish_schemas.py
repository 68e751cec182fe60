"""Writes the JSON Schemas of the shipped catalog to schemas/, one file for each document and version."""

from __future__ import annotations

from pathlib import Path

from formatpicker import load_catalog
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.schemas import catalog_schema_name, made_catalog_schema, published
from schema_fields import as_json

FOLDER = Path(__file__).parent.parent / "schemas"


def texts() -> dict[str, str]:
    """The text of every published file by its name."""
    return {name: as_json(schema) for name, schema in published(load_catalog(shipped_path())).items()}


def publish_catalog_schema() -> None:
    """Write the schema of catalogs, which the program ships and prints as it is, from what checks them."""
    (FOLDER / catalog_schema_name()).write_text(as_json(made_catalog_schema()), "utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    publish_catalog_schema()
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")

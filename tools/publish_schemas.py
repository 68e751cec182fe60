"""Writes the JSON Schemas of the shipped catalog to schemas/, one file for each document and version."""

from __future__ import annotations

from pathlib import Path

from formatpicker import load_catalog
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.schemas import published
from schema_fields import as_json

FOLDER = Path(__file__).parent.parent / "schemas"


def texts() -> dict[str, str]:
    """The text of every published file by its name."""
    return {name: as_json(schema) for name, schema in published(load_catalog(shipped_path())).items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, "utf-8")

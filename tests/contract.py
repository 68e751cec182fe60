"""Holds every JSON document that the tests and the pages make the program print against its published schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from formatpicker import Catalog, load_catalog
from formatpicker.base import terminal
from formatpicker.catalog.store import shipped_path
from formatpicker.output.json.schemas import SCHEMAS, json_schema

# The part of a schema that holds answers: their ids are those of the catalog in force.
ANSWERS = "Answers"


def name_of(data: Any) -> str:
    """The name of a document's schema: it says so itself, but for the list of formats and for lines of a batch."""
    if isinstance(data, list):
        return "formats"
    if "schema" not in data:
        return "full" if "recommendation" in data else "reject" if "error" in data else "record"
    program, name, version = data["schema"].split("/")
    assert program == "formatpicker"
    assert int(version) == SCHEMAS[name].version
    return str(name)


def faults(validator: Any, data: object) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def validator(name: str, catalog: Catalog) -> Any:
    return Draft202012Validator(json_schema(name, catalog))


@cache
def _validator(name: str, shipped: bool) -> Any:
    schema = json_schema(name, load_catalog(shipped_path()))
    return Draft202012Validator(schema if shipped else _any_answers(schema))


def _any_answers(node: Any) -> Any:
    """The schema with the answers left open, for documents made with another catalog."""
    if isinstance(node, list):
        return [_any_answers(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: True if key == ANSWERS else _any_answers(value) for key, value in node.items()}


def document_faults(data: Any) -> list[str]:
    """What is wrong with a document that the program printed; a schema must itself be a valid one."""
    if isinstance(data, dict) and "$schema" in data:
        Draft202012Validator.check_schema(data)
        return []
    catalog = data.get("catalog", {}) if isinstance(data, dict) else {}
    shipped = catalog.get("sha256") == load_catalog(shipped_path()).sha256
    return faults(_validator(name_of(data), shipped), data)


def checked(emit_json: Callable[..., None]) -> Callable[..., None]:
    """What prints a document, and stops where the document is not what its schema says."""

    def emit(data: Any, *layout: int | None) -> None:
        # A line each is printed of several people, and may hold chosen keys alone.
        found = [] if layout == (None,) else document_faults(data)
        assert found == [], found
        emit_json(data, *layout)

    return emit


@contextmanager
def every_document_checked() -> Iterator[None]:
    """All that is printed as JSON in this process is held against its schema."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "emit_json", checked(terminal.emit_json))
        yield

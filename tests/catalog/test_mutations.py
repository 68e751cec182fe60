"""Catalogs changed as editors change them by mistake: read and of use, or refused in plain words."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.store import parse_catalog, shipped_path
from formatpicker.errors import CatalogError, FormatpickerError

ROOT = Path(__file__).parent.parent.parent
SPEC = importlib.util.spec_from_file_location("mutate_catalog", ROOT / "tools" / "mutate_catalog.py")
assert SPEC is not None
assert SPEC.loader is not None
mutate = importlib.util.module_from_spec(SPEC)
sys.modules["mutate_catalog"] = mutate
SPEC.loader.exec_module(mutate)

TOY, SHIPPED = (parse_document(file.read_bytes(), file.name).data for file in mutate.CATALOGS)
Change = Callable[[Any], None]


@pytest.mark.parametrize(
    ("file", "runs"), [(mutate.CATALOGS[0], 120), (mutate.CATALOGS[1], 12)], ids=["toy", "shipped"]
)
def test_a_changed_catalog_is_of_use_or_refused_in_plain_words(file: Path, runs: int) -> None:
    outcomes = {mutate.outcome(data) == "read" for _, data in mutate.mutants(file, runs, seed=17)}
    assert outcomes == {True, False}


def changed(document: Any, change: Change) -> bytes:
    mutant = deepcopy(document)
    change(mutant)
    return json.dumps(mutant).encode()


def value_with_regions(document: Any, key: str) -> Any:
    """A value of the shipped catalog that differs by region and has a key."""
    values = [value for format in document["formats"].values() for value in format.get("attributes", {}).values()]
    return next(value for value in values if value.get("regions") and key in value)


@pytest.mark.parametrize("key", ["min", "typical", "max", "value"])
@pytest.mark.parametrize("how", ["missing", "misspelt"])
def test_a_value_with_regions_may_lack_an_end(key: str, how: str) -> None:
    def change(document: Any) -> None:
        value = value_with_regions(document, key)
        given = value.pop(key)
        if how == "misspelt":
            value[f"{key}i"] = given

    outcome = mutate.outcome(changed(SHIPPED, change))  # an end may be open, and a value unknown
    if how == "misspelt" or key in ("min", "typical"):
        assert outcome.startswith("mine.yaml:1: formats.")


def without_goals(document: Any) -> None:
    document["questions"] = [each for each in document["questions"] if "goals" not in each]
    document["conflicts"] = []


def test_a_catalog_without_goals_serves_every_command() -> None:
    assert mutate.outcome(changed(TOY, without_goals)) == "read"


@pytest.mark.parametrize("most", [10**17, 1e308, 2_000_000_000])
def test_an_end_that_is_no_answer_itself_is_refused(most: float) -> None:
    def change(document: Any) -> None:
        question = next(each for each in document["questions"] if each["answer"] == "number")
        question["most"] = most

    with pytest.raises(CatalogError, match=r"least and most must be whole numbers up to 1,000,000,000"):
        parse_catalog(changed(TOY, change), "mine.yaml")


def unknown_keys(document: Any) -> None:
    document |= {f"key{number}": 1 for number in range(300_000)}


def unknown_keys_of_a_format(document: Any) -> None:
    next(iter(document["formats"].values())).update({f"key{number}": 1 for number in range(90_000)})


def many_formats(document: Any) -> None:
    first = next(iter(document["formats"].values()))
    document["formats"] |= {f"format-{number}": {**first, "name": f"Format {number}"} for number in range(120)}


def many_links(document: Any) -> None:
    ids = [id for id, format in document["formats"].items() if "covered_by" not in format]
    link = document["pathways"]["links"][0]
    document["pathways"]["links"] = [{**link, "from": one, "to": other} for one in ids for other in ids]
    document["pathways"]["most_steps"] = 4


@pytest.mark.parametrize(
    ("document", "change", "words"),
    [
        (TOY, unknown_keys, "holds more than 100,000 keys and items"),
        (TOY, unknown_keys_of_a_format, "and more; mend these first"),
        (TOY, many_formats, "a catalog has 100 at most"),
        (SHIPPED, many_links, "a catalog has 20,000 at most; leave links out, or lower most_steps"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_is_larger_than_any_catalog_is_refused_soon(document: Any, change: Change, words: str) -> None:
    data = changed(document, change)
    began = time.process_time()
    with pytest.raises(FormatpickerError) as caught:
        parse_catalog(data, "mine.yaml")
    assert words in str(caught.value)
    assert str(caught.value).count("\n") <= 100
    assert time.process_time() - began < 10


def test_the_shipped_catalog_is_far_from_every_limit() -> None:
    document = parse_document(shipped_path().read_bytes(), "formats.yaml")
    assert len(document.lines) < 50_000

"""Frozen dataclasses to JSON data and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from formatpicker.base.codec import decoder, encoded
from formatpicker.catalog.model import Catalog


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    size: int | str | None = None


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...] = ()
    by_name: Mapping[str, Leaf] = field(default_factory=dict)
    best: Leaf | None = None
    colour: Colour = Colour.RED
    words: tuple[str, ...] | float = ()
    tables: Mapping[str, Mapping[str, Leaf]] | None = None


def through_json(value: Any) -> Any:
    kind: Any = type(value)
    return decoder(kind)(json.loads(json.dumps(encoded(value))))


def test_the_shipped_catalog_survives_the_round_trip(shipped: Catalog) -> None:
    assert through_json(shipped) == shipped


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Tree(), id="defaults"),
        pytest.param(Tree(leaves=(Leaf("a", 1), Leaf("b", "x"), Leaf("c"))), id="tuple of dataclasses"),
        pytest.param(Tree(by_name={"a": Leaf("a", 0)}), id="mapping of dataclasses"),
        pytest.param(Tree(best=Leaf("a")), id="optional dataclass"),
        pytest.param(Tree(words=("x", "y")), id="union, as a tuple"),
        pytest.param(Tree(words=2.5), id="union, as a number"),
        pytest.param(Tree(tables={"a": {"b": Leaf("c")}, "d": {}}), id="mapping of mappings"),
    ],
)
def test_every_shape_of_the_model_survives_the_round_trip(value: Tree) -> None:
    assert through_json(value) == value


def test_enums_and_tuples_come_back_as_such() -> None:
    back = through_json(Tree(leaves=(Leaf("a"),)))
    assert isinstance(back.colour, Colour)
    assert isinstance(back.leaves, tuple)


@pytest.mark.parametrize("data", [[], ["a"], 5, "text", None], ids=repr)
def test_data_of_another_shape_is_refused(data: Any) -> None:
    with pytest.raises((TypeError, LookupError)):
        decoder(Tree)(data)

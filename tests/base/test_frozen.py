"""The shared methods of frozen dataclasses do what the standard library's compiled ones do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatpicker.base.frozen import dataclass


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    name: str = "a point"
    tags: tuple[str, ...] = ()

    @cached_property
    def total(self) -> int:
        return self.x + self.y


@dataclass(frozen=True)
class Other:
    x: int
    y: int
    name: str = "a point"
    tags: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Standard:
    x: int
    y: int
    name: str = "a point"
    tags: tuple[str, ...] = ()


SMALL = st.integers(0, 2)
NAMED = st.dictionaries(st.sampled_from(["x", "y", "name", "tags", "unknown"]), SMALL)


def made(cls: Any, positional: list[int], named: dict[str, int]) -> Any:
    """An instance, or the kind of error."""
    try:
        return cls(*positional, **named)
    except TypeError as error:
        return type(error)


@given(st.lists(SMALL, max_size=5), NAMED)
def test_values_are_taken_as_the_standard_library_takes_them(positional: list[int], named: dict[str, int]) -> None:
    ours, standard = made(Point, positional, named), made(Standard, positional, named)
    if standard is TypeError:
        assert ours is TypeError
    else:
        assert dataclasses.asdict(ours) == dataclasses.asdict(standard)
        assert repr(ours) == repr(standard).replace("Standard", "Point")


@given(st.tuples(SMALL, SMALL), st.tuples(SMALL, SMALL))
def test_equality_and_hashes_go_by_the_values(one: tuple[int, int], two: tuple[int, int]) -> None:
    first, second = Point(*one), Point(*two)
    assert (first == second) is (one == two)
    assert len({first, second}) == len({one, two})


def test_another_class_with_the_same_values_is_not_equal() -> None:
    assert Point(1, 2) != Other(1, 2)  # type: ignore[comparison-overlap]


def test_what_was_worked_out_and_kept_does_not_count() -> None:
    used, fresh = Point(1, 2), Point(1, 2)
    assert used.total == 3
    assert (used, hash(used), repr(used)) == (fresh, hash(fresh), repr(fresh))


def test_nothing_can_be_changed() -> None:
    point: Any = Point(1, 2)
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        point.x = 3
    with pytest.raises(dataclasses.FrozenInstanceError, match="'x'"):
        del point.x
    with pytest.raises(dataclasses.FrozenInstanceError, match="'new'"):
        point.new = 3


def test_the_tools_of_the_standard_library_work() -> None:
    point = Point(1, 2, tags=("a",))
    assert dataclasses.is_dataclass(point)
    assert [field.name for field in dataclasses.fields(point)] == ["x", "y", "name", "tags"]
    assert dataclasses.replace(point, y=5) == Point(1, 5, "a point", ("a",))
    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        pytest.param({"x": 1}, "Point: no value for y", id="one that is missing"),
        pytest.param({"x": 1, "y": 2, "z": 3}, "its fields are x, y, name, tags", id="one too many"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        Point(**values)


def test_only_frozen_classes_are_made() -> None:
    with pytest.raises(TypeError, match="only frozen"):
        dataclass(frozen=False)

"""What to research next: whose top changes when a value is a step off, by hand and against recommendations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.catalog_tools.evidence import Research, _steps, _with_value, by_region, research_values
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.tables import EffectTable

TORN = {"goals": {"deep": 1, "soon": 1}}
HURRIED = {"weeks": "4 weeks"}


def found(catalog: Catalog, people: Sequence[dict[str, Any]]) -> list[Research]:
    return research_values(
        catalog, [EffectTable(catalog, catalog.core)], [parse_answers(catalog, person) for person in people]
    )


def moves(values: Sequence[Research]) -> dict[tuple[str, str, str | None], tuple[int | None, int | None]]:
    return {(each.format, each.attribute, each.region): (each.down, each.up) for each in values}


def test_whose_top_changes_is_counted_for_each_step(toy: Catalog) -> None:
    # The torn one, half deep and half soon: short (1/4 + 4/4) / 2 = 0.625, long (4/4 + 0) / 2 = 0.5, middle 0.375.
    #   The short one draws level with the long one at depth 0, (0 + 1) / 2, and at speed 3, (1/4 + 3/4) / 2; the long
    #   one with the short one at speed 1, (1 + 1/4) / 2. At depth 3 the middle one has (3/4 + 1/4) / 2: behind.
    # The hurried one, 4 weeks: short fits (usually 2), middle is at its least, 0.4, long is blocked.
    #   The middle one draws level where its least, 4 weeks, is usual. The short one still fits where 4 weeks are usual.
    assert moves(found(toy, [TORN, HURRIED])) == {
        ("short", "depth", None): (1, 0),
        ("middle", "depth", None): (0, 0),
        ("long", "depth", None): (0, None),  # 4 is the highest step
        ("short", "speed", None): (1, None),
        ("middle", "speed", None): (0, 0),
        ("long", "speed", None): (None, 1),  # 0 is the lowest
        ("short", "length", None): (0, 0),
        ("middle", "length", None): (1, 0),
        ("long", "length", None): (0, 0),
        ("long", "length", "south"): (0, 0),
    }


def test_the_most_influential_come_first_with_those_whom_they_concern(toy: Catalog) -> None:
    values = found(toy, [TORN, HURRIED, TORN])
    assert [(each.format, each.attribute, each.changed, each.concerned) for each in values[:4]] == [
        ("short", "depth", 2, 2),
        ("short", "speed", 2, 2),
        ("long", "speed", 2, 2),
        ("middle", "length", 1, 1),
    ]
    assert not values[0].outside_source  # the toy's handbook is an article


def test_both_directions_count_a_person_once(toy: Catalog) -> None:
    # Deep alone, the long one as deep as the middle one: both are the top at 2 of 4. A step of either parts them.
    level = replace(toy.formats["long"].attributes["depth"], general=toy.formats["middle"].attributes["depth"].general)
    long = replace(toy.formats["long"], attributes={**toy.formats["long"].attributes, "depth": level})
    values = found(replace(toy, formats={**toy.formats, "long": long}), [{"goals": ["deep"]}])
    (each,) = [value for value in values if value.format == "long"]
    assert (each.down, each.up, each.changed) == (1, 1, 1)


@pytest.mark.parametrize(
    ("country", "general", "south"),
    [
        pytest.param(None, 1, 1, id="open: every region counts"),
        pytest.param("south", 0, 1, id="a region with a value of its own"),
        pytest.param("north", 1, 0, id="a region without one"),
    ],
)
def test_a_value_concerns_those_in_its_region(toy: Catalog, country: str | None, general: int, south: int) -> None:
    values = found(toy, [{**HURRIED, "country": country}])
    concerned = {each.region: each.concerned for each in values if each.format == "long"}
    assert concerned == {None: general, "south": south}


def test_an_unknown_value_moves_to_both_ends(toy: Catalog) -> None:
    # Soon alone: an unknown counts 0.5, before 0.25 (middle) and 0 (long). At the lowest step middle is first.
    was = toy.formats["short"].attributes["speed"]
    nothing = replace(was, general=replace(was.general, low=None, typical=None, high=None))
    short = replace(toy.formats["short"], attributes={**toy.formats["short"].attributes, "speed": nothing})
    values = found(replace(toy, formats={**toy.formats, "short": short}), [{"goals": ["soon"]}])
    (each,) = [value for value in values if value.format == "short"]
    assert (each.down, each.up) == (1, 0)


def test_what_is_counted_is_what_whole_recommendations_say(shipped: Catalog) -> None:
    people = list(random_people(shipped, 40, "research"))
    before = [set(recommend(shipped, one).top) for one in people]
    values = research_values(shipped, [EffectTable(shipped, shipped.core)], people)
    for each in values[:: len(values) // 8]:
        counts: list[int | None] = []
        format = shipped.formats[each.format]
        value = dict(by_region(format.attributes[each.attribute]))[each.region]
        for step in _steps(shipped.attributes[each.attribute], value):
            if step is None:
                counts.append(None)
                continue
            moved = _with_value(format, each.attribute, each.region, step)
            other = replace(shipped, formats={**shipped.formats, moved.id: moved})
            after = [set(recommend(other, one).top) for one in people]
            counts.append(sum(was != now for was, now in zip(before, after, strict=True)))
        assert (each.down, each.up) == tuple(counts), (each.format, each.attribute, each.region)

"""Tables are the ranking, looked up: for anybody they say what one person's judgements say."""

from __future__ import annotations

from typing import Any

import pytest

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import assess, rank, separates, top
from formatpicker.scoring.tables import EffectTable, Standings
from formatpicker.scoring.weights import unit_of

on_both = pytest.mark.parametrize("name", ["toy", "shipped"])


def catalog_of(request: pytest.FixtureRequest, name: str) -> Catalog:
    catalog: Catalog = request.getfixturevalue(name)
    return catalog


def ranked_by_hand(catalog: Catalog, answers: Answers) -> tuple[dict[str, int], dict[str, bool], bool, set[str]]:
    """Totals, who is blocked, whether anything separates, and the top, from the judgements themselves."""
    assessments = assess(catalog, answers, catalog.core)
    return (
        {each.format.id: each.total for each in assessments},
        {each.format.id: each.blocked for each in assessments},
        separates(each.terms for each in assessments),
        {each.assessment.format.id for each in top(rank(assessments))},
    )


@on_both
def test_a_standing_is_what_the_ranking_says(request: pytest.FixtureRequest, name: str) -> None:
    catalog = catalog_of(request, name)
    table = EffectTable(catalog, catalog.core)
    for answers in random_people(catalog, 400, "tables"):
        totals, blocked, separated, leaders = ranked_by_hand(catalog, answers)
        standings = table.standings(answers)
        assert dict(zip(table.ids, standings.totals, strict=True)) == totals
        assert dict(zip(table.ids, standings.blocked, strict=True)) == blocked
        assert standings.separated is separated
        assert {table.ids[index] for index in standings.top()} == leaders == table.top(answers)


@on_both
def test_the_top_is_that_of_recommend(request: pytest.FixtureRequest, name: str) -> None:
    catalog = catalog_of(request, name)
    table = EffectTable(catalog, catalog.core)
    tops = set()
    for answers in random_people(catalog, 60, "tables and recommend"):
        assert table.top(answers) == set(recommend(catalog, answers).top)
        tops.add(table.top(answers))
    # Not one and the same answer for all of them.
    assert len(tops) > 3


@on_both
def test_what_was_looked_up_before_changes_nothing(request: pytest.FixtureRequest, name: str) -> None:
    catalog = catalog_of(request, name)
    people = list(random_people(catalog, 60, "tables in any order"))
    table, reverse = EffectTable(catalog, catalog.core), EffectTable(catalog, catalog.core)
    forward = [table.standings(each) for each in people]
    assert [reverse.standings(each) for each in reversed(people)][::-1] == forward
    assert [EffectTable(catalog, catalog.core).standings(each) for each in people] == forward


def test_a_standing_by_hand(toy: Catalog) -> None:
    """Shares 5 and 3 of 8 weigh 100 times that; weeks weigh 20 * 8, 6 of them are worth 1, 0.5 and (blocked) 0.

    short 500 * 250 + 300 * 1000 + 160 * 1000, middle 500 * 500 + 300 * 250 + 160 * 500, long 500 * 1000.
    """
    answers = parse_answers(toy, {"goals": {"deep": 5, "soon": 3}, "weeks": 6})
    table = EffectTable(toy, toy.core)
    assert table.ids == ("short", "middle", "long")
    assert table.standings(answers) == Standings((585_000, 405_000, 500_000), (False, False, True), (0, 0, 0), True)
    assert table.top(answers) == {"short"}
    assert unit_of(answers) == 8


@pytest.mark.parametrize(
    ("answers", "separated"),
    [
        ({}, False),
        ({"goals": ["deep"]}, True),
        ({"wage": "not_needed", "place": "any"}, False),
        ({"weeks": 520, "hours_per_week": 60}, False),  # all fit, all are worth 1
        ({"weeks": 6}, True),
        ({"age": 15}, False),  # a fact blocks two, but only what was wished, needed or limited separates
    ],
    ids=repr,
)
def test_what_separates(toy: Catalog, answers: dict[str, Any], separated: bool) -> None:
    assert EffectTable(toy, toy.core).standings(parse_answers(toy, answers)).separated is separated


@pytest.mark.parametrize(
    ("standings", "leaders"),
    [
        (Standings((3, 2, 1), (False, False, False), (0, 0, 0), True), (0,)),
        (Standings((3, 2, 1), (True, False, False), (0, 0, 0), True), (1,)),
        (Standings((3, 2, 1), (False, False, False), (1, 0, 0), True), (1,)),
        (Standings((3, 2, 1), (False, False, False), (2, 1, 1), True), (1,)),
        (Standings((3, 3, 1), (False, False, False), (0, 0, 0), True), (0, 1)),
        (Standings((3, 3, 1), (False, False, False), (1, 0, 0), True), (1,)),  # a tie is one among as many long shots
        (Standings((3, 2, 1), (False, False, False), (0, 0, 0), False), ()),
        (
            Standings((3, 2, 1), (True, False, True), (0, 2, 0), False),
            (1,),
        ),  # the only one left is the top whatever was answered
        (Standings((3, 2, 1), (True, True, True), (0, 0, 0), True), ()),
        (Standings((0, 0), (False, False), (0, 0), True), (0, 1)),
    ],
    ids=[
        *("best", "best is blocked", "best is a long shot", "all are", "tie", "no tie", "nothing separates"),
        *("one left", "none left", "all at nothing"),
    ],
)
def test_the_top_of_a_standing(standings: Standings, leaders: tuple[int, ...]) -> None:
    assert standings.top() == leaders


def test_a_table_of_some_formats(toy: Catalog) -> None:
    """Without the long one the middle is the deepest; no other total moves."""
    answers = parse_answers(toy, {"goals": ["deep"]})
    table = EffectTable(toy, [toy.formats["middle"], toy.formats["brief-middle"], toy.formats["short"]])
    assert table.ids == ("middle", "brief-middle", "short")
    assert table.standings(answers).totals == (50_000, 50_000, 25_000)
    assert table.top(answers) == {"middle", "brief-middle"}

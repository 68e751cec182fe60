"""Weights, scores, ties, ranks and the top, worked out by hand on the toy catalog.

The toy's values for short, middle and long: deep (depth/4) 1/4, 1/2, 1; soon (speed/4) 1, 1/4, 0; easy
(1 - hurdle/4) 3/4, 1/2, 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.weights import derived_answers, weigh

CORE = ("short", "middle", "long")


def assessments(catalog: Catalog, answers: Mapping[str, Any]) -> dict[str, Assessment]:
    result = recommend(catalog, answers)
    return {entry.id: entry.assessment for entry in (*result.ranking, *result.variants)}


def scores(catalog: Catalog, answers: Mapping[str, Any]) -> dict[str, Fraction]:
    return {id: Fraction(100 * each.total, each.scale) for id, each in assessments(catalog, answers).items()}


def shares(catalog: Catalog, answers: Mapping[str, Any]) -> dict[str, Fraction]:
    weighed = weigh(catalog, parse_answers(catalog, answers))
    total = sum(each.weight for each in weighed)
    return {each.criterion.id: Fraction(each.weight, total) for each in weighed if each.weight}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"goals": ["deep"]}, {"deep": "1"}),
        ({"goals": ["soon", "deep"]}, {"soon": "2/3", "deep": "1/3"}),
        ({"goals": ["deep", "soon", "easy"]}, {"deep": "3/6", "soon": "2/6", "easy": "1/6"}),
        ({"goals": {"deep": 5, "soon": 3}}, {"deep": "5/8", "soon": "3/8"}),
        ({"goals": {"deep": 4, "soon": 4}}, {"deep": "1/2", "soon": "1/2"}),
        # all goals together weigh 100, a limit 20, a need 40 or 20, a wish 40 or 20
        ({"goals": ["deep", "soon"], "weeks": 6}, {"deep": "200/360", "soon": "100/360", "weeks": "60/360"}),
        ({"weeks": 6, "wage": "required"}, {"weeks": "20/60", "wage": "40/60"}),
        ({"weeks": 6, "wage": "preferred"}, {"weeks": "20/40", "wage": "20/40"}),
        ({"place": "home_required", "wage": "preferred"}, {"place": "40/60", "wage": "20/60"}),
        # what is not needed, either way, and what has no weight
        ({"weeks": 6, "wage": "not_needed", "place": "any"}, {"weeks": "1"}),
        ({"weeks": 6, "hours_per_week": 6, "age": 19, "permit": "free"}, {"weeks": "1/2", "hours_per_week": "1/2"}),
        ({"country": "north"}, {}),
    ],
    ids=repr,
)
def test_weights(toy: Catalog, answers: dict[str, Any], expected: dict[str, str]) -> None:
    assert shares(toy, answers) == {id: Fraction(share) for id, share in expected.items()}


@pytest.mark.parametrize(
    ("answers", "short", "middle", "long"),
    [
        # short 100*(3/6*1/4 + 2/6*1 + 1/6*3/4) = 100*3.5/6; middle 100*(1.5 + 0.5 + 0.5)/6; long 100*3/6
        ({"goals": ["deep", "soon", "easy"]}, "350/6", "250/6", "300/6"),
        # (5*1/4 + 3*1)/8, (5*1/2 + 3*1/4)/8, 5/8
        ({"goals": {"deep": 5, "soon": 3}}, "425/8", "325/8", "500/8"),
        # weeks 6: short 1; middle (6-4)/(8-4) = 0.5; long (from 3 months) 0 but still scored
        ({"goals": ["deep"], "weeks": 6}, "4500/120", "6000/120", "10000/120"),
        # hours 15: short 1; middle (15-10)/(20-10) = 0.5; long 0. wage: usually 0.8, sometimes 0.5, always 1
        ({"hours_per_week": 15, "wage": "required"}, "5200/60", "3000/60", "4000/60"),
        ({"wage": "preferred"}, "80", "50", "100"),
        ({"certificate": "preferred", "place": "home_preferred"}, "50", "55", "50"),
    ],
    ids=repr,
)
def test_scores(toy: Catalog, answers: dict[str, Any], short: str, middle: str, long: str) -> None:
    found = scores(toy, answers)
    assert [found[id] for id in CORE] == [Fraction(short), Fraction(middle), Fraction(long)]


def test_ends_of_a_score(toy: Catalog) -> None:
    """Depth of the middle is 1 to 3, and with 6 weeks it may take from 4 (fits) to 16: (6-4)/(16-4) = 0.166."""
    middle = assessments(toy, {"goals": ["deep"], "weeks": 6})["middle"]
    assert Fraction(100 * middle.total_low, middle.scale) == Fraction(100 * (25 + Fraction("3.32")), 120)
    assert Fraction(100 * middle.total_high, middle.scale) == Fraction(100 * (75 + 20), 120)


def test_a_variant_inherits_what_it_does_not_change(toy: Catalog) -> None:
    """Depth 2/4 comes from the middle; its own length of 4 weeks fits into 6; its certificate is not known: 0.5."""
    found = scores(toy, {"goals": ["deep"], "weeks": 6, "certificate": "preferred"})
    assert found["brief-middle"] == Fraction(100 * (50 + 20 + 10), 140)
    assert "quickie" not in found


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # 4 of 7 for both: short 4*1/4 + 3*1, long 4*1 + 0; middle 4*1/2 + 3*1/4
        ({"goals": {"deep": 4, "soon": 3}}, {"short": 1, "long": 1, "middle": 3}),
        ({"goals": ["deep", "soon", "easy"]}, {"short": 1, "long": 2, "middle": 3}),
        # the short one never ends in a certificate; the long one may be 6 months, at its least, so it is a long shot
        # and comes behind the middle one, though it has 100 + 40 of 160 and the middle one 50 + 20 + 20
        (
            {"goals": ["deep"], "weeks": "6 months", "certificate": "required", "country": "north"},
            {"middle": 1, "long": 2, "short": None},
        ),
        # the long one would score most, but takes at least 3 months
        ({"goals": ["deep"], "weeks": 6}, {"middle": 1, "short": 2, "long": None}),
        # 1000/20 of what weighs for each, since all fit: ties share the first rank
        ({"weeks": 520}, {"short": 1, "middle": 1, "long": 1}),
        ({"weeks": "1 day"}, {"short": None, "middle": None, "long": None}),
    ],
    ids=repr,
)
def test_ranks(toy: Catalog, answers: dict[str, Any], expected: dict[str, int | None]) -> None:
    assert {entry.id: entry.rank for entry in recommend(toy, answers).ranking} == expected


def test_order_is_by_rank_then_id_and_blocked_ones_come_last(toy: Catalog) -> None:
    tied = recommend(toy, {"goals": {"deep": 4, "soon": 3}})
    assert [entry.id for entry in tied.ranking] == ["long", "short", "middle"]
    blocked = recommend(toy, {"goals": ["deep"], "weeks": 6})
    assert [entry.id for entry in blocked.ranking] == ["middle", "short", "long"]


def test_variants_are_ranked_among_themselves(toy: Catalog) -> None:
    result = recommend(toy, {"goals": ["deep"]})
    assert [(entry.id, entry.rank) for entry in result.variants] == [("brief-middle", 1)]
    assert "brief-middle" not in {entry.id for entry in result.ranking}


@pytest.mark.parametrize(
    ("answers", "format", "expected"),
    [
        ({}, "short", "fits"),
        ({"weeks": 2}, "short", "fits"),
        ({"weeks": 1}, "short", "unlikely"),  # the least there is
        ({"weeks": 1}, "middle", "blocked"),
        ({"weeks": 2, "wage": "required"}, "short", "conditional"),  # the worst of fits and conditional
        ({"weeks": 1, "certificate": "required"}, "short", "blocked"),
        ({"wage": "required"}, "long", "fits"),
        ({"wage": "required"}, "middle", "conditional"),  # never up to always: some do
        ({"place": "home_required"}, "long", "blocked"),
        ({"permit": "visa", "country": "south"}, "long", "blocked"),
        ({"permit": "visa", "country": "north"}, "long", "conditional"),
        ({"permit": "visa"}, "long", "conditional"),  # closed in the South only
        ({"age": 31}, "middle", "blocked"),
        ({"weeks": "3 months"}, "long", "unlikely"),  # the best verdict of any country
        ({"weeks": "3 months", "country": "south"}, "long", "unlikely"),
        ({"weeks": "3 months", "country": "north"}, "long", "blocked"),
        ({"weeks": "6 months", "country": "north"}, "long", "unlikely"),
        ({"weeks": "6 months", "country": "east"}, "long", "unlikely"),  # no value of its own: the general one
        ({"weeks": "7 months", "country": "north"}, "long", "conditional"),
        ({"weeks": 26, "country": "north"}, "long", "unlikely"),  # half a year, a day less than 6 months
        ({"weeks": 1, "hours_per_week": 5}, "short", "blocked"),  # 5 hours in all, 10 are the least
        ({"weeks": 1, "hours_per_week": 11}, "short", "unlikely"),
    ],
    ids=repr,
)
def test_eligibility(toy: Catalog, answers: dict[str, Any], format: str, expected: str) -> None:
    assert assessments(toy, answers)[format].eligibility == expected


@pytest.mark.parametrize(
    ("answers", "hours"),
    [
        ({"weeks": 4, "hours_per_week": 6}, {"total_hours": 24}),
        ({"weeks": "3 days", "hours_per_week": 6}, {"total_hours": 6}),  # less than a week counts as one
        ({"weeks": "10 days", "hours_per_week": 6}, {"total_hours": 8}),  # 60/7 = 8.57, only whole hours count
        ({"weeks": 4}, {}),
        ({"hours_per_week": 6}, {}),
    ],
    ids=repr,
)
def test_hours_in_all(toy: Catalog, answers: dict[str, Any], hours: dict[str, int]) -> None:
    assert derived_answers(toy, parse_answers(toy, answers)) == hours


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"goals": ["deep"]}, ["long"]),
        ({"goals": {"deep": 4, "soon": 3}}, ["long", "short"]),
        ({"wage": "required"}, ["long"]),
        ({"place": "home_preferred"}, ["short"]),
        ({"weeks": 6}, ["short"]),
        # one left unblocked: by limits, by a limit worth less than others, by what a person is
        ({"weeks": 1}, ["short"]),
        ({"hours_per_week": 30, "age": 31, "certificate": "required"}, ["long"]),
        ({"age": 15}, ["middle"]),
        # a limit that all formats meet alike does not take away what a goal says
        ({"goals": ["soon"], "weeks": 520}, ["short"]),
    ],
    ids=repr,
)
def test_top(toy: Catalog, answers: dict[str, Any], expected: list[str]) -> None:
    result = recommend(toy, answers)
    assert sorted(result.top) == expected
    assert result.message == ""


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"country": "north"},
        {"country": "north", "permit": "free", "age": 19},
        {"permit": "visa"},  # conditions differ, but what a person is does not say what the person wants
        {"age": 31},  # two are left
        {"wage": "not_needed", "certificate": "not_needed", "place": "any"},
        {"weeks": 520, "hours_per_week": 60},  # met by all alike
    ],
    ids=repr,
)
def test_top_is_empty_where_nothing_answered_separates(toy: Catalog, answers: dict[str, Any]) -> None:
    result = recommend(toy, answers)
    assert result.top == ()
    assert "tells the formats apart" in result.message


@pytest.mark.parametrize("answers", [{"weeks": "1 day"}, {"goals": ["deep"], "hours_per_week": 4}], ids=repr)
def test_top_is_empty_where_all_are_blocked(toy: Catalog, answers: dict[str, Any]) -> None:
    result = recommend(toy, answers)
    assert result.top == ()
    assert "ruled out" in result.message


def test_a_blocked_format_keeps_its_score(toy: Catalog) -> None:
    """Blocked or not, the denominator is the same: 100 of 120 for the long one, whose length alone does not fit."""
    long = next(entry for entry in recommend(toy, {"goals": ["deep"], "weeks": 6}).ranking if entry.id == "long")
    assert long.rank is None
    assert Fraction(long.assessment.total, long.assessment.scale) == Fraction(100, 120)

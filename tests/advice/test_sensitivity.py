"""How sure a recommendation is and how close the call: coverage, evidence, robustness, flip points, disagreements.

The toy's values: deep (depth/4) short 1/4, middle 1/2 (1/4 to 3/4), long 1; soon (speed/4) 1, 1/4, 0; easy
(1 - hurdle/4) 3/4 (1/2 to 1), 1/2, 0. Goals weigh 100 together, a limit 20, a need and a wish 40 or 20.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import yaml

from conftest import CASES
from formatpicker import Catalog, Recommendation, parse_answers, recommend
from formatpicker.advice.sensitivity import (
    _FACTORS,
    DRAWS,
    FlipPoint,
    coverage,
    disagreements,
    evidence,
    flip_points,
    holds,
)
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.ranking import Assessment
from running import environment
from strategies import parsed_catalog

Raw = dict[str, Any]

# Everything the toy can weigh: goals 100, weeks 20, hours 20, wage 40, certificate 40, place 40.
ALL = 260


def changed_toy(change: Callable[[Raw], None]) -> Catalog:
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    change(raw)
    return parsed_catalog({**raw, "updated": "never"})


def assessments(catalog: Catalog, answers: Raw) -> dict[str, Assessment]:
    return {entry.id: entry.assessment for entry in recommend(catalog, answers).entries}


# --- coverage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "covered"),
    [
        ({}, 0),
        ({"goals": ["deep"]}, 100),
        ({"goals": {"deep": 1, "easy": 1}}, 100),
        ({"weeks": 6, "hours_per_week": 15}, 40),
        # a need counts with the most that it can weigh, whatever the answer; "not needed" and "any" are answers
        ({"wage": "required"}, 40),
        ({"wage": "preferred"}, 40),
        ({"wage": "not_needed"}, 40),
        ({"place": "any"}, 40),
        ({"weeks": 6, "certificate": "not_needed", "place": "home_preferred"}, 100),
        ({"country": "north", "permit": "free", "age": 19}, 0),  # these weigh nothing
        ({"goals": None, "weeks": "skip"}, 0),
    ],
    ids=repr,
)
def test_coverage(toy: Catalog, answers: Raw, covered: int) -> None:
    assert coverage(toy, parse_answers(toy, answers)) == covered / ALL


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_coverage_is_whole_where_all_is_answered(request: pytest.FixtureRequest, name: str) -> None:
    catalog = request.getfixturevalue(name)
    (full,) = [each for each in random_people(catalog, 600, "full") if len(each.values) == len(catalog.questions)][:1]
    assert coverage(catalog, full) == 1
    for question in catalog.questions:
        assert 0 < coverage(catalog, full.replaced(catalog, question, None)) <= 1


# --- evidence --------------------------------------------------------------------------------------------------------


def judged_speed(raw: Raw) -> None:
    raw["formats"]["short"]["attributes"]["speed"] = {"value": 4, "basis": "inferred", "note": "by analogy"}


def test_evidence_is_whole_where_all_is_sourced(toy: Catalog) -> None:
    answers = {"goals": ["deep", "soon", "easy"], "weeks": 6, "wage": "required"}
    assert evidence(toy, parse_answers(toy, answers), assessments(toy, answers)["short"]) == 1


@pytest.mark.parametrize(
    ("answers", "format", "expected"),
    [
        # deep 1 * 1/4 is sourced, soon 5 * 1 is judged: 0.25 of 5.25
        ({"goals": {"deep": 1, "soon": 5}}, "short", "1/21"),
        # weights 100 * (3/4 soon, 1/4 deep) and weeks 20, fitting: 25/4 + 20 of 75 + 25/4 + 20
        ({"goals": ["soon", "deep"], "weeks": 6}, "short", "105/405"),
        ({"goals": {"deep": 1, "soon": 5}}, "middle", "1"),
        # depth from the middle's sources 50, weeks 20; of the certificate nothing is known, 20 * 0.5 = 10: 70 of 80
        ({"goals": ["deep"], "weeks": 6, "certificate": "preferred"}, "brief-middle", "7/8"),
    ],
    ids=["judged", "mixed", "sourced", "unknown"],
)
def test_evidence(answers: Raw, format: str, expected: str) -> None:
    catalog = changed_toy(judged_speed)
    found = evidence(catalog, parse_answers(catalog, answers), assessments(catalog, answers)[format])
    assert found == float(Fraction(expected))


def test_evidence_of_several_at_the_top_is_the_least() -> None:
    """deep 4, soon 3: short 4 * 1/4 sourced + 3 * 1 judged, long 4 * 1 sourced."""
    tied = recommend(changed_toy(judged_speed), {"goals": {"deep": 4, "soon": 3}})
    assert tied.top == ("long", "short")
    assert tied.certainty.evidence == 1 / 4


def test_there_is_no_evidence_and_no_robustness_without_a_top(toy: Catalog) -> None:
    nothing = recommend(toy, {"country": "north"}).certainty
    assert (nothing.coverage, nothing.evidence, nothing.robustness) == (0, None, None)
    blocked = recommend(toy, {"weeks": "1 day"}).certainty
    assert (blocked.coverage, blocked.evidence, blocked.robustness) == (20 / ALL, None, None)


# --- robustness ------------------------------------------------------------------------------------------------------

CLOSE: Raw = {"goals": {"deep": 5, "soon": 3}}
SURE: Raw = {"goals": ["deep"]}
PERSON: Raw = {"goals": ["deep", "easy"], "weeks": 10, "hours_per_week": 20, "wage": "preferred"}


def robust(catalog: Catalog, answers: Raw) -> float | None:
    return recommend(catalog, answers).certainty.robustness


def test_robustness_is_near_the_probability_worked_out_by_hand(toy: Catalog) -> None:
    """deep a * 5/8, soon b * 3/8: the long one stays first while 5a * 3/4 > 3b, so log2 a - log2 b > log2 0.8 = -0.322.

    Both logarithms are even in [-1, 1], their difference is a triangle over [-2, 2], and the chance is
    1 - (2 - 0.322)^2 / 8 = 0.648. (The middle never passes the short one where that could matter.) One standard
    deviation of 2,000 draws is 0.011.
    """
    found = robust(toy, CLOSE)
    assert found is not None
    assert abs(found - 0.648) < 0.033


@pytest.mark.parametrize(
    "answers",
    [
        {"weeks": 1},  # the only one left
        {"weeks": 6, "hours_per_week": 8, "goals": ["deep"]},
        SURE,  # 1 against 1/4 and at most 3/4, whatever the weight
        {"goals": {"deep": 4, "soon": 3}},  # tied: one of the two is always first, as the middle is below both
    ],
    ids=["no rival", "no rival with a goal", "no overlap", "tie"],
)
def test_robustness_is_whole(toy: Catalog, answers: Raw) -> None:
    assert robust(toy, answers) == 1.0


def test_robustness_counts_draws(toy: Catalog) -> None:
    for answers in random_people(toy, 40, "robust"):
        found = recommend(toy, answers).certainty.robustness
        if found is not None:
            assert 0 <= found <= 1
            assert found * DRAWS == round(found * DRAWS)


def test_the_table_of_factors() -> None:
    """Log-even in [1/2, 2] as a whole of 65536: 256 steps of 1/128 of an octave, each at its middle."""
    assert len(_FACTORS) == 256
    assert all(one < other for one, other in pairwise(_FACTORS))
    # 2^(1/256 - 1) * 65536 = 32768 * 1.002711 = 32856.8; 2^(-1/256 + 1) * 65536 = 131072 / 1.002711 = 130717.6
    assert (_FACTORS[0], _FACTORS[-1]) == (32857, 130718)
    # A factor and its mirror make 1: half as often up as down.
    assert all(abs(low * high / 65536**2 - 1) < 4e-5 for low, high in zip(_FACTORS, reversed(_FACTORS), strict=True))
    assert hashlib.sha256(repr(_FACTORS).encode()).hexdigest() == FACTORS_SHA256


FACTORS_SHA256 = "ce3a7c4c6063884b1ea02953931ed6bac0411a5c7468c538a8d48bb69dbe5566"


def test_robustness_is_the_same_number_on_every_machine(toy: Catalog) -> None:
    """Seen once and pinned: the sequence of draws, the factors and the sums are all exact."""
    assert (robust(toy, CLOSE), robust(toy, PERSON)) == PINNED


PINNED = (0.6535, 0.4575)

PRINT_ROBUSTNESS = """
import sys
from formatpicker import load_catalog, recommend
print(repr(recommend(load_catalog(sys.argv[1]), {"goals": {"deep": 5, "soon": 3}}).certainty.robustness))
"""


def test_robustness_does_not_depend_on_the_process(toy: Catalog) -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINT_ROBUSTNESS, str(CASES / "toy.yaml")],
            env=environment({"PYTHONHASHSEED": seed}),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert printed == [repr(robust(toy, CLOSE))] * 2


@pytest.mark.parametrize("answers", [CLOSE, PERSON], ids=["close", "person"])
def test_robustness_does_not_depend_on_the_order_of_formats(toy: Catalog, answers: Raw) -> None:
    turned = replace(toy, formats=dict(reversed(list(toy.formats.items()))))
    assert robust(turned, answers) == robust(toy, answers)


def add_worst(raw: Raw) -> None:
    """A core format that is first in no draw: no depth, no speed, the highest hurdle, and it never pays."""
    none = {"basis": "sourced", "sources": {"handbook": ""}}
    short = raw["formats"]["short"]
    levels = {"depth": {"value": 0, **none}, "speed": {"value": 0, **none}, "hurdle": {"value": 4, **none}}
    attributes = {**short["attributes"], **levels, "wage": {"value": "never", **none}}
    attributes["length"] = {"min": "1 week", "typical": "30 weeks", "max": "30 weeks", **none}
    attributes["load"] = {"min": 5, "typical": 40, "max": 40, **none}
    worst = {**short, "name": "A worst", "aliases": [], "attributes": attributes}
    raw["formats"] = {"a-worst": worst, **raw["formats"]}


@pytest.mark.parametrize("answers", [CLOSE, PERSON], ids=["close", "person"])
def test_robustness_does_not_depend_on_a_format_that_is_never_first(toy: Catalog, answers: Raw) -> None:
    more = changed_toy(add_worst)
    assert "a-worst" in {entry.id for entry in recommend(more, answers).rivals}
    assert robust(more, answers) == robust(toy, answers)


# --- flip points -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # long 5, short 17/4, middle 13/4 (of 8). Against short the lead is 3/4; deep pulls 5 * 3/4: 1 - (3/4)/(15/4);
        # soon pulls 3 * -1: 1 + (3/4)/3. Against middle it is 7/4: deep 5/2: 1 - 7/10; soon -3/4: 1 + (7/4)/(3/4).
        (
            {"goals": {"deep": 5, "soon": 3}},
            {
                ("short", "deep"): "4/5",
                ("short", "soon"): "5/4",
                ("middle", "deep"): "3/10",
                ("middle", "soon"): "10/3",
            },
        ),
        # shares 11, 5, 2: long 44/4, short 37/4, middle 31/4. Leads 7/4 and 13/4.
        # short: deep 33/4: 1 - 7/33; soon -5: 1 + 7/20; easy -3/2: 1 + 7/6. middle: deep 11/2: 1 - 13/22;
        # soon -5/4: 1 + 13/5; easy -1: 1 + 13/4
        (
            {"goals": ["deep", "soon", "easy"]},
            {
                ("short", "deep"): "26/33",
                ("short", "soon"): "27/20",
                ("short", "easy"): "13/6",
                ("middle", "deep"): "9/22",
                ("middle", "soon"): "18/5",
                ("middle", "easy"): "17/4",
            },
        ),
        # middle 50 + 14, short 25 + 20, long is ruled out: lead 19, deep pulls 25, weeks 14 - 20 = -6
        ({"goals": ["deep"], "weeks": 6}, {("short", "deep"): "6/25", ("short", "weeks"): "25/6"}),
        # one criterion decides alone: it would have to stop mattering
        ({"goals": ["deep"]}, {("short", "deep"): "0", ("middle", "deep"): "0"}),
        # short 23/4 before middle 7/4 and long 0; every pull is below its lead: no weight alone turns it
        ({"goals": {"soon": 5, "easy": 1}}, {}),
        # short 21/4, middle 7/4, long 1: leads 7/2 and 17/4, deep pulls -1/4 and -3/4, soon 15/4 and 5
        (
            {"goals": {"deep": 1, "soon": 5}},
            {
                ("middle", "deep"): "15",
                ("middle", "soon"): "1/15",
                ("long", "deep"): "20/3",
                ("long", "soon"): "3/20",
            },
        ),
        ({"goals": {"deep": 4, "soon": 3}}, {}),  # tied already
        ({"weeks": "1 day"}, {}),
    ],
    ids=["two goals", "three goals", "a limit", "one goal", "no weight turns it", "a wide lead", "tie", "no top"],
)
def test_flip_points(toy: Catalog, answers: Raw, expected: dict[tuple[str, str], str]) -> None:
    found = recommend(toy, answers).flip_points
    assert {key(flip): exact(flip) for flip in found} == {pair: Fraction(text) for pair, text in expected.items()}
    assert [flip.factor for flip in found] == [float(exact(flip)) for flip in found]


def key(flip: FlipPoint) -> tuple[str, str]:
    return flip.rival.format.id, flip.term.weighed.criterion.id


def exact(flip: FlipPoint) -> Fraction:
    return Fraction(flip.numerator, flip.denominator)


def test_the_closest_call_comes_first(toy: Catalog) -> None:
    """4/5 and 5/4 are as far from 1 as each other, then 10/3 and 3/10."""
    found = recommend(toy, CLOSE).flip_points
    assert [exact(flip) for flip in found[:2]] in ([Fraction(4, 5), Fraction(5, 4)], [Fraction(5, 4), Fraction(4, 5)])
    factors = [exact(flip) for flip in found]
    away = [factor if factor >= 1 else 1 / factor for factor in factors]
    assert away == sorted(away)


def total_with(assessment: Assessment, criterion: str, factor: Fraction) -> Fraction:
    """The sum made again, one weight multiplied."""
    factors = {criterion: factor}
    products = (term.product * factors.get(term.weighed.criterion.id, Fraction(1)) for term in assessment.terms)
    return sum(products, Fraction())


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_every_flip_point_draws_level_and_none_is_missing(request: pytest.FixtureRequest, name: str) -> None:
    """At the factor both are level, at another not; where there is none, no weight makes them so."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 200, "flips"):
        result = recommend(catalog, answers)
        if len(result.best) != 1:
            assert result.flip_points == []
            continue
        best = result.best[0].assessment
        found = {key(flip): flip for flip in result.flip_points}
        assert len(found) == len(result.flip_points)
        for rival in (entry.assessment for entry in result.rivals):
            for term in best.terms:
                criterion = term.weighed.criterion.id
                flip = found.get((rival.format.id, criterion))
                gaps = [lead(best, rival, criterion, factor) for factor in (Fraction(0), Fraction(10**9))]
                if flip is None:
                    assert all(gap > 0 for gap in gaps), (rival.format.id, criterion)
                    continue
                assert holds(best, flip)
                assert lead(best, rival, criterion, exact(flip)) == 0
                assert exact(flip) >= 0
                assert exact(flip) != 1
                assert not holds(best, replace(flip, numerator=flip.numerator + flip.denominator))
                seen += 1
    assert seen > 100


def lead(best: Assessment, rival: Assessment, criterion: str, factor: Fraction) -> Fraction:
    return total_with(best, criterion, factor) - total_with(rival, criterion, factor)


def test_a_wrong_flip_point_does_not_hold(toy: Catalog) -> None:
    found = assessments(toy, CLOSE)
    flip = flip_points(found["long"], [found["short"]])[0]
    assert holds(found["long"], flip)
    assert not holds(found["long"], replace(flip, numerator=flip.numerator + 1))
    assert not holds(found["middle"], flip)


# --- disagreements ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # middle 50 + 14 leads short 25 + 20 by 19. Depth 1 instead of 2 takes 25 off the middle: enough. Its weeks at
        # the longest are 0.4 + 0.6 * 2/12 = 0.5 instead of 0.7: 4 points. The short one's values have no other end.
        ({"goals": ["deep"], "weeks": 6}, [("middle", "deep", "low", "short")]),
        # long 2, middle 3/2, short 5/4 (of 3). The middle's depth of 3 adds 2 * 1/4 and draws level; the short one's
        # hurdle of 0 adds 1/4, too little for 3/4.
        ({"goals": {"deep": 2, "easy": 1}}, [("middle", "deep", "high", "middle")]),
        # long 1, the middle at its highest 3/4
        ({"goals": ["deep"]}, []),
        # short 3/4 leads middle 1/2 by 1/4: a hurdle of 2 takes that away, level; long 0 is out of reach
        ({"goals": ["easy"]}, [("short", "easy", "low", "middle")]),
    ],
    ids=["low end of the top", "high end of a rival", "out of reach", "level is enough"],
)
def test_disagreements(toy: Catalog, answers: Raw, expected: list[tuple[str, str, str, str]]) -> None:
    result = recommend(toy, answers)
    found = disagreements(result.best[0].assessment, [entry.assessment for entry in result.rivals])
    assert [
        (each.assessment.format.id, each.term.weighed.criterion.id, each.end, each.rival.format.id) for each in found
    ] == expected


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_disagreements_are_all_those_that_undo_a_lead(request: pytest.FixtureRequest, name: str) -> None:
    """Each value of the top put at its low end and each of a rival at its high end, and the sums made again."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 200, "disagreements"):
        result = recommend(catalog, answers)
        if len(result.best) == 1:
            found = disagreements(result.best[0].assessment, [entry.assessment for entry in result.rivals])
            assert {
                (each.assessment.format.id, each.term.weighed.criterion.id, each.rival.format.id) for each in found
            } == undone(result)
            seen += len(found)
    assert seen > 10


def undone(result: Recommendation) -> set[tuple[str, str, str]]:
    best = result.best[0].assessment
    found = set()
    for rival in (entry.assessment for entry in result.rivals):
        for term in best.terms:
            if best.total - term.product + term.weighed.weight * term.judgement.low <= rival.total:
                found.add((best.format.id, term.weighed.criterion.id, rival.format.id))
        for term in rival.terms:
            if rival.total - term.product + term.weighed.weight * term.judgement.high >= best.total:
                found.add((rival.format.id, term.weighed.criterion.id, rival.format.id))
    return found

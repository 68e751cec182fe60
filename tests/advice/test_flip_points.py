"""What a first place rests on and how close it is: coverage, evidence, flip points, disagreements.

The toy's values: deep (depth/4) short 1/4, middle 1/2 (1/4 to 3/4), long 1; soon (speed/4) 1, 1/4, 0; easy
(1 - hurdle/4) 3/4 (1/2 to 1), 1/2, 0. Goals weigh 100 together, a limit 20, a need and a wish 40 or 20.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from conftest import CASES
from formatpicker import Catalog, Recommendation, parse_answers, recommend
from formatpicker.advice.certainty import (
    FlipPoint,
    disagreements,
    evidence,
    flip_points,
)
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.weights import coverage
from strategies import parsed_catalog

Raw = dict[str, Any]

# Everything the toy can weigh: goals 100, weeks 20, hours 20, wage 40, certificate 40, place 40.
ALL = 260


def holds(best: Assessment, flip: FlipPoint) -> bool:
    """Whether the two really draw level once the weight is multiplied: the sums are made again with it."""

    def total(assessment: Assessment) -> int:
        return sum(
            term.product * (flip.numerator if term.criterion.id == flip.term.criterion.id else flip.denominator)
            for term in assessment.terms
        )

    return total(best) == total(flip.rival)


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


def evidence_of(catalog: Catalog, answers: Raw, best: str, runner_up: str | None) -> float:
    found = assessments(catalog, answers)
    return evidence(catalog, parse_answers(catalog, answers), found[best], found[runner_up] if runner_up else None)


def test_evidence_is_whole_where_all_is_sourced(toy: Catalog) -> None:
    answers = {"goals": ["deep", "soon", "easy"], "weeks": 6, "wage": "required"}
    assert evidence_of(toy, answers, "short", "middle") == 1
    assert evidence_of(toy, answers, "short", None) == 1


@pytest.mark.parametrize(
    ("answers", "best", "runner_up", "expected"),
    [
        # short leads long by 5 * 1 on soon, which is judged, and trails on deep
        ({"goals": {"deep": 1, "soon": 5}}, "short", "long", "0"),
        # middle leads long by 5 * 1/4 on soon; both are sourced, and the short one's judged value plays no part
        ({"goals": {"deep": 1, "soon": 5}}, "middle", "long", "1"),
        # long leads short by 4 * 3/4 on deep and 2 * 1/5 on the wage, always against usually; trails on soon
        ({"goals": {"deep": 4, "soon": 1}, "wage": "preferred"}, "long", "short", "1"),
        # short leads middle by 3 * 3/4 on soon (judged) and 2 * 1/4 on easy (sourced): 2/4 of 11/4
        ({"goals": {"deep": 1, "soon": 3, "easy": 2}}, "short", "middle", "2/11"),
        # one value judged is enough: middle trails on soon, long leads short on nothing there
        ({"goals": {"soon": 1, "easy": 1}}, "short", "long", "3/7"),
        # without a runner-up the share of its own points: deep 1 * 1/4 sourced, soon 5 * 1 judged
        ({"goals": {"deep": 1, "soon": 5}}, "short", None, "1/21"),
        # a leader by musts alone leads on nothing: its own points, deep 1 * 1/4 and soon 5 * 1 again
        ({"goals": {"deep": 1}}, "short", "long", "1"),
        # of the certificate of the variant nothing is known, 20 * 0.5: depth 50 and weeks 20 of 80
        ({"goals": ["deep"], "weeks": 6, "certificate": "preferred"}, "brief-middle", None, "7/8"),
    ],
)
def test_evidence(answers: Raw, best: str, runner_up: str | None, expected: str) -> None:
    assert evidence_of(changed_toy(judged_speed), answers, best, runner_up) == float(Fraction(expected))


def test_evidence_of_several_at_the_top_is_the_least() -> None:
    """deep 4, soon 3: short 1 + 3 and long 4 are level. Short is before the middle by its soon (judged) alone."""
    tied = recommend(changed_toy(judged_speed), {"goals": {"deep": 4, "soon": 3}})
    assert tied.top == ("long", "short")
    assert tied.certainty.evidence == 0


def test_there_is_no_evidence_and_no_robustness_without_a_top(toy: Catalog) -> None:
    nothing = recommend(toy, {"country": "north"}).certainty
    assert (nothing.coverage, nothing.evidence, nothing.robustness) == (0, None, None)
    blocked = recommend(toy, {"weeks": "1 day"}).certainty
    assert (blocked.coverage, blocked.evidence, blocked.robustness) == (20 / ALL, None, None)


CLOSE: Raw = {"goals": {"deep": 5, "soon": 3}}


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
        # weights 3, 2, 1: short 14/4, long 12/4, middle 10/4. Leads 1/2 and 1.
        # long: deep -9/4: 1 + 2/9; soon 2: 1 - 1/4; easy 3/4: 1 - 2/3. middle: deep -3/4: 1 + 4/3; soon 3/2: 1 - 2/3;
        # easy pulls 1/4 only
        (
            {"goals": ["deep", "soon", "easy"]},
            {
                ("long", "deep"): "11/9",
                ("long", "soon"): "3/4",
                ("long", "easy"): "1/3",
                ("middle", "deep"): "7/3",
                ("middle", "soon"): "1/3",
            },
        ),
        # middle 50 + 10, short 25 + 20, long is ruled out: lead 15, deep pulls 25, weeks 10 - 20 = -10
        ({"goals": ["deep"], "weeks": 6}, {("short", "deep"): "2/5", ("short", "weeks"): "5/2"}),
        # points move nothing past a must: with 4 weeks the middle is a long shot
        ({"goals": ["deep"], "weeks": 4}, {}),
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
    ids=[
        "two goals",
        "three goals",
        "a limit",
        "a must",
        "one goal",
        "no weight turns it",
        "a wide lead",
        "tie",
        "no top",
    ],
)
def test_flip_points(toy: Catalog, answers: Raw, expected: dict[tuple[str, str], str]) -> None:
    found = recommend(toy, answers).flip_points
    assert {key(flip): exact(flip) for flip in found} == {pair: Fraction(text) for pair, text in expected.items()}
    assert [flip.factor for flip in found] == [float(exact(flip)) for flip in found]


def key(flip: FlipPoint) -> tuple[str, str]:
    return flip.rival.format.id, flip.term.criterion.id


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
    products = (term.product * factors.get(term.criterion.id, Fraction(1)) for term in assessment.terms)
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
        assert {flip.rival.format.id for flip in result.flip_points} <= {each.format.id for each in same_musts(result)}
        for rival in same_musts(result):
            for term in best.terms:
                criterion = term.criterion.id
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


def same_musts(result: Recommendation) -> list[Assessment]:
    """The rivals with as many unlikely verdicts as the top: only among these do points decide."""
    rivals = [entry.assessment for entry in result.rivals]
    return [each for each in rivals if each.unlikely == result.best[0].assessment.unlikely]


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
        # middle 50 + 10 leads short 25 + 20 by 15. Depth 1 instead of 2 takes 25 off the middle: enough. Its weeks at
        # the longest are 2/12 instead of 1/2: 6.7 points. The short one's values have no other end.
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
        (each.assessment.format.id, each.term.criterion.id, each.end, each.rival.format.id) for each in found
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
                (each.assessment.format.id, each.term.criterion.id, each.rival.format.id) for each in found
            } == undone(result)
            seen += len(found)
    assert seen > 10


def undone(result: Recommendation) -> set[tuple[str, str, str]]:
    best = result.best[0].assessment
    found = set()
    for rival in same_musts(result):
        for term in best.terms:
            if best.total - term.product + term.weight * term.judgement.low <= rival.total:
                found.add((best.format.id, term.criterion.id, rival.format.id))
        for term in rival.terms:
            if rival.total - term.product + term.weight * term.judgement.high >= best.total:
                found.add((rival.format.id, term.criterion.id, rival.format.id))
    return found

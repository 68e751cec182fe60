"""The draws behind robustness: tables and quantiles by hand, chances by hand, and all of it held against plain loops.

Toy: depth/4 is 1/4, 1/2 (1/4 to 3/4) and 1 for short, middle and long; speed/4 is 1, 1/4 and 0.
"""

from __future__ import annotations

import hashlib
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import CASES
from formatpicker import Catalog, parse_answers
from formatpicker.advice import robustness
from formatpicker.advice.robustness import (
    LIMIT_FACTORS,
    UNIT,
    WEIGHT_FACTORS,
    Draws,
    Triangle,
    drawn_bytes,
    moved,
    quantiles,
)
from formatpicker.catalog.criteria import About, AnswerKind, RuleKind, Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.rules import Judgement, judge
from formatpicker.scoring.weights import derived_answers, region_of, weigh
from running import environment
from strategies import parsed_catalog

Raw = dict[str, Any]

CLOSE: Raw = {"goals": {"deep": 5, "soon": 3}}
PERSON: Raw = {"goals": ["deep", "easy"], "weeks": 10, "hours_per_week": 20, "wage": "preferred"}
EDGE: Raw = {"goals": ["deep"], "weeks": 30, "country": "north"}


def firsts(catalog: Catalog, answers: Raw) -> dict[str, int]:
    return Draws(catalog).firsts(parse_answers(catalog, answers))


# --- what is drawn ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "ends", "digest"),
    [
        # 2^(1/256 - 1) * 65536 = 32768 * 1.0027113 = 32856.8; the mirror is 131072 / 1.0027113 = 130717.6
        (WEIGHT_FACTORS, (32857, 130718), "ce3a7c4c6063884b1ea02953931ed6bac0411a5c7468c538a8d48bb69dbe5566"),
        # (10/9)^(1/256 - 1) * 65536 = 58982.4 * 1.0004116 = 59006.7; the mirror is 72817.8 / 1.0004116 = 72787.8
        (LIMIT_FACTORS, (59007, 72788), "2a640df10a95c9bec274bd5bc0ed45bad1cde6c9795b9e980d023266f833291a"),
    ],
    ids=["weights", "limits"],
)
def test_the_tables_of_factors(table: tuple[int, ...], ends: tuple[int, int], digest: str) -> None:
    assert len(table) == 256
    assert all(one < other for one, other in pairwise(table))
    assert (table[0], table[-1]) == ends
    # A factor and its mirror make 1: as often up as down.
    assert all(abs(low * high / UNIT**2 - 1) < 4e-5 for low, high in zip(table, reversed(table), strict=True))
    assert hashlib.sha256(repr(table).encode()).hexdigest() == digest


@pytest.mark.parametrize(
    ("interval", "byte", "expected"),
    [
        # The quantile u = (2b + 1) / 512. Below the mode: low + sqrt(u * span * (mode - low)).
        ((0, 500, 1000), 0, 31),  # sqrt(1/512 * 1000 * 500) = sqrt(976.6) = 31.2
        ((0, 500, 1000), 127, 499),  # sqrt(255/512 * 500000) = sqrt(249023) = 499.02
        # Above it: high - sqrt((1 - u) * span * (high - mode)).
        ((0, 500, 1000), 128, 501),
        ((0, 500, 1000), 255, 969),
        ((250, 500, 750), 64, 427),  # 250 + sqrt(129/512 * 500 * 250) = 250 + sqrt(31494) = 250 + 177.5
        ((0, 0, 1000), 0, 1),  # 1000 - sqrt(511/512 * 1000000) = 1000 - 999.02
        ((200, 1000, 1000), 255, 999),  # 200 + sqrt(511/512 * 640000) = 200 + 799.2
        ((700, 700, 700), 77, 700),
    ],
)
def test_values_from_a_triangle(interval: tuple[int, int, int], byte: int, expected: int) -> None:
    assert quantiles([Triangle.of(Judgement(*interval, Verdict.FITS))], [byte]) == [expected]


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(sorted))
def test_a_triangle_stays_inside_its_interval_and_rises(ends: list[int]) -> None:
    low, typical, high = ends
    drawn = quantiles([Triangle.of(Judgement(low, typical, high, Verdict.FITS))] * 256, range(256))
    assert drawn == sorted(drawn)
    assert low <= drawn[0] <= drawn[-1] <= high
    # The mean of a triangle is that of its three corners.
    assert abs(sum(drawn) / 256 - sum(ends) / 3) < 1.5


def test_limits_are_moved_in_whole_days() -> None:
    """98 days * 59007 / 65536 = 88.24 and * 72788 / 65536 = 108.84; nothing stays nothing."""
    assert [moved(98, LIMIT_FACTORS[end]) for end in (0, -1)] == [88, 109]
    assert moved(0, LIMIT_FACTORS[-1]) == 0
    assert moved(98, UNIT) == 98


def test_bytes_hang_on_a_name_alone() -> None:
    """SHAKE-256 of the name, as in any language: printf 'formatpicker weight deep' | openssl dgst -shake256."""
    assert drawn_bytes("weight deep").hex().startswith(hashlib.shake_256(b"formatpicker weight deep").hexdigest(16))
    assert len(drawn_bytes("weight deep")) == DRAWS
    assert drawn_bytes("weight deep") != drawn_bytes("weight soon")


# --- chances worked out by hand --------------------------------------------------------------------------------------


def test_weights_alone_decide(toy: Catalog) -> None:
    """deep a * 5/8, soon b * 3/8: the long one stays first while 5a * 3/4 > 3b, so log2 a - log2 b > log2 0.8 = -0.322.

    Both logarithms are even in [-1, 1], their difference is a triangle over [-2, 2], and the chance is
    1 - (2 - 0.322)^2 / 8 = 0.648. (The middle never passes the short one where that could matter.) One standard
    deviation of 2,000 draws is 0.011.
    """
    found = firsts(toy, CLOSE)
    assert abs(found["long"] / DRAWS - 0.648) < 0.033
    assert found["long"] + found["short"] == DRAWS
    assert found["middle"] == 0


def test_limits_move_verdicts(toy: Catalog) -> None:
    """The long one takes 183 to 365 days and is unlikely below 183 + 182/10 = 201.2, so below 202; 30 weeks are 210.

    A factor f leaves it first where 210 f rounds to 202 or more: f >= 201.5 / 210 = 0.9595. The logarithm of f is even
    between -0.1054 and 0.1054, and that of 0.9595 is -0.0413: (0.1054 + 0.0413) / 0.2107 = 0.696. In all other draws
    it is a long shot, and points do not help.
    """
    found = firsts(toy, EDGE)
    assert abs(found["long"] / DRAWS - 0.696) < 0.033
    assert sum(found.values()) == DRAWS


def test_values_are_drawn_around_the_typical(toy: Catalog) -> None:
    """Both goals weigh the same: middle is (m + 1/4) / 2 with m in a triangle from 1/4 to 3/4, long 1/2, short 5/8.

    Short leads long unless its weight falls: 1/4 a + b > a, so b > 3/4 a: log2 b - log2 a > -0.415, and the chance is
    1 - (2 - 0.415)^2 / 8 = 0.686. The middle is never first: it passes short only where b < (m - 1/4) * 4/3 * a, so
    below 2/3 a, and there long leads it by 1 - m of a, at least 1/4, against 1/4 of b, less than 1/6 of a.
    """
    found = firsts(toy, {"goals": {"deep": 1, "soon": 1}})
    assert abs(found["short"] / DRAWS - 0.686) < 0.033
    assert found["middle"] == 0


def test_a_format_that_is_blocked_whatever_is_drawn_is_never_first(toy: Catalog) -> None:
    assert firsts(toy, {"goals": ["deep"], "weeks": 6}) | {"long": 0} == firsts(toy, {"goals": ["deep"], "weeks": 6})
    assert firsts(toy, {"weeks": "1 day"}) == {"short": 0, "middle": 0, "long": 0}


def test_level_formats_share_a_draw(toy: Catalog) -> None:
    """Nothing that was answered weighs: all end level in every draw."""
    assert set(firsts(toy, {"country": "north"}).values()) == {DRAWS}


# --- against plain loops ---------------------------------------------------------------------------------------------


def plain_firsts(catalog: Catalog, answers: Answers) -> dict[str, int]:
    """The same counts as the documentation tells them: draw by draw, with everything judged anew."""
    formats = catalog.core
    found = dict.fromkeys((format.id for format in formats), 0)
    for draw in range(DRAWS):
        best = first_of(catalog, answers, {format.id: draw for format in formats})
        for id in best:
            found[id] += 1
    return found


def first_of(catalog: Catalog, answers: Answers, draws: dict[str, int]) -> list[str]:
    draw = next(iter(draws.values()))
    limits = answers
    for id, answer in answers.values.items():
        question = catalog.questions[id]
        if question.about is About.LIMIT and question.rule and question.rule.kind is RuleKind.LIMIT:
            assert isinstance(answer, int)
            limits = limits.replaced(catalog, id, moved(answer, LIMIT_FACTORS[drawn_bytes(f"limit {id}")[draw]]))
    drawn = {**limits.values, **derived_answers(catalog, limits)}
    region, places = region_of(catalog, answers), {}
    for id in draws:
        total, unlikely, blocked = 0, 0, False
        for each in weigh(catalog, answers):
            criterion = each.criterion
            answer = drawn[criterion.id] if criterion.rule.kind is RuleKind.LIMIT else each.answer
            regional = catalog.regional(catalog.formats[id], criterion.rule.attribute)
            judged = judge(criterion.rule, answer, regional, region)
            (value,) = quantiles([Triangle.of(judged)], [drawn_bytes(f"{id} {criterion.id}")[draw]])
            total += each.weight * WEIGHT_FACTORS[drawn_bytes(f"weight {criterion.id}")[draw]] * value
            unlikely += judged.verdict is Verdict.UNLIKELY
            blocked |= judged.verdict is Verdict.BLOCKED
        if not blocked:
            places[id] = (unlikely, -total)
    return [id for id, place in places.items() if place == min(places.values())]


def people(catalog: Catalog, count: int) -> Iterator[Answers]:
    """Random people whose limits are numbers near where something turns."""
    numbers = [id for id, question in catalog.questions.items() if question.answer is not AnswerKind.CHOICE]
    for person in random_people(catalog, 20 * count, "draws"):
        if sum(id in person.values for id in numbers) >= 3 and count:
            count -= 1
            yield person


@pytest.fixture
def nothing_drawn() -> Iterator[None]:
    """What is drawn is remembered for the whole process; a test that draws less may leave nothing of it behind."""
    caches = (robustness.drawn_bytes, robustness._drawn_factors, robustness._drawn_answers)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_lanes_count_what_plain_loops_count(
    request: pytest.FixtureRequest, name: str, monkeypatch: pytest.MonkeyPatch, nothing_drawn: None
) -> None:
    """On 100 of the draws, for the loops are slow; one set of lanes serves all people."""
    catalog = request.getfixturevalue(name)
    few = 100
    monkeypatch.setattr("formatpicker.advice.robustness.DRAWS", few)
    monkeypatch.setitem(globals(), "DRAWS", few)
    memory: dict[str, bytes] = {}
    monkeypatch.setitem(globals(), "drawn_bytes", lambda name: memory.setdefault(name, ORIGINAL(name)))
    draws = Draws(catalog)
    for person in people(catalog, 8):
        assert draws.firsts(person) == plain_firsts(catalog, person)


ORIGINAL = drawn_bytes


# --- the same everywhere ---------------------------------------------------------------------------------------------


def test_the_counts_are_the_same_on_every_machine(toy: Catalog) -> None:
    """Seen once and pinned: bytes, factors and sums are all exact."""
    assert [firsts(toy, answers) for answers in (CLOSE, PERSON, EDGE)] == PINNED


PINNED = [
    {"short": 709, "middle": 0, "long": 1291},
    {"short": 1346, "middle": 654, "long": 0},
    {"short": 0, "middle": 633, "long": 1367},
]

PRINT_FIRSTS = """
import sys
from formatpicker import load_catalog, parse_answers
from formatpicker.advice.robustness import Draws
catalog = load_catalog(sys.argv[1])
print(Draws(catalog).firsts(parse_answers(catalog, {"goals": {"deep": 5, "soon": 3}})))
"""


def test_the_counts_do_not_depend_on_the_process(toy: Catalog) -> None:
    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINT_FIRSTS, str(CASES / "toy.yaml")],
            env=environment({"PYTHONHASHSEED": seed}),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert printed == [repr(firsts(toy, CLOSE))] * 2


def test_what_is_remembered_changes_nothing(toy: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [parse_answers(toy, answers) for answers in (CLOSE, PERSON, EDGE, PERSON, CLOSE)]
    alone = [Draws(toy).firsts(each) for each in crowd]
    monkeypatch.setattr("formatpicker.advice.robustness.MOST_REMEMBERED", 3)
    together = Draws(toy)
    assert [together.firsts(each) for each in crowd] == alone


def changed_toy(change: Callable[[Raw], None]) -> Catalog:
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    change(raw)
    return parsed_catalog({**raw, "updated": "never"})


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


@pytest.mark.parametrize("answers", [CLOSE, PERSON, EDGE], ids=["close", "person", "edge"])
def test_the_counts_depend_on_no_order_and_on_no_format_that_is_never_first(toy: Catalog, answers: Raw) -> None:
    turned = replace(toy, formats=dict(reversed(list(toy.formats.items()))))
    assert firsts(turned, answers) == firsts(toy, answers)
    assert firsts(changed_toy(add_worst), answers) == {**firsts(toy, answers), "a-worst": 0}


def test_great_weights_do_not_run_over(toy: Catalog) -> None:
    """With a hundred times the weights, and thereby wider lanes, the same comes out."""

    def heavier(raw: Raw) -> None:
        for question in raw["questions"]:
            if question["id"] == "goals":
                question["weight"] *= 100
            elif isinstance(question["rule"].get("weight") if "rule" in question else None, int):
                question["rule"]["weight"] *= 100
            elif "rule" in question and "weight" in question["rule"]:
                question["rule"]["weight"] = {key: 100 * value for key, value in question["rule"]["weight"].items()}

    assert [firsts(changed_toy(heavier), each) for each in (CLOSE, PERSON)] == [
        firsts(toy, each) for each in (CLOSE, PERSON)
    ]


def test_the_spread_of_factors_is_what_is_said() -> None:
    assert math.isclose(max(LIMIT_FACTORS) / UNIT, 10 / 9, rel_tol=0.001)
    assert math.isclose(min(WEIGHT_FACTORS) / UNIT, 1 / 2, rel_tol=0.005)

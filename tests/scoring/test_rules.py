"""Each kind of rule, with values worked out by hand. Values are thousandths: [low, typical, high] and a verdict."""

from __future__ import annotations

import pytest

from formatpicker.catalog.attributes import Level, RegionalValue, Value
from formatpicker.catalog.criteria import Cell, Edges, Rule, RuleKind, Verdict
from formatpicker.scoring.rules import Judgement, decisive, judge, takes_part, worst

FITS, CONDITIONAL, UNLIKELY, BLOCKED = Verdict
NEVER, RARELY, SOMETIMES, USUALLY, ALWAYS = range(5)


def value(low: Level, typical: Level, high: Level, basis: str = "sourced") -> Value:
    return Value(low, typical, high, written=("", "", ""), basis=basis, citations=())


def judged(low: Level, typical: Level, high: Level) -> Value:
    return value(low, typical, high, "inferred")


def judge_alone(rule: Rule, answer: object, value: Value) -> Judgement:
    """What a rule makes of an answer where a format has one value everywhere."""
    return judge(rule, answer, RegionalValue(value, {}), None)


UNKNOWN = value(None, None, None)

LIMIT = Rule(RuleKind.LIMIT, "length", weight=20, edges=Edges(10, 5, 1))
NEED = Rule(RuleKind.NEED, "wage", frequency_values=(0, 200, 500, 800, 1000))
WINDOW = Rule(RuleKind.WINDOW, "age")
GOAL = Rule(RuleKind.GOAL, "depth")
MIRRORED = Rule(RuleKind.GOAL, "hurdle", less_is_better=True)
CHOICE = Rule(
    RuleKind.CHOICE,
    "spot",
    table={
        "home": {"home": Cell(1000, FITS), "mixed": Cell(300, CONDITIONAL), "site": Cell(0, BLOCKED)},
        "rather": {"home": Cell(1000, FITS), "mixed": Cell(600, FITS), "site": Cell(0, FITS)},
        "any": {},
    },
)


@pytest.mark.parametrize(
    ("given", "low", "typical", "high", "verdict"),
    [
        (94, 0, 0, 0, BLOCKED),  # more than 5 % below the least
        (95, 0, 0, 0, UNLIKELY),  # 5 % below
        (100, 0, 0, 1000, UNLIKELY),  # at the least: the shortest instance fits wholly
        (109, 30, 90, 1000, UNLIKELY),  # in the lowest tenth: 9/100; the longest: 9/300
        (110, 33, 100, 1000, CONDITIONAL),
        (150, 166, 500, 1000, CONDITIONAL),  # 50/100; the longest: 50/300 = 0.1667, cut
        (197, 323, 970, 1000, CONDITIONAL),
        (198, 326, 1000, 1000, FITS),  # 1 % below the typical counts as it
        (200, 333, 1000, 1000, FITS),  # the typical one fits; the longest: 100/300
        (395, 983, 1000, 1000, FITS),
        (396, 1000, 1000, 1000, FITS),
        (999, 1000, 1000, 1000, FITS),
    ],
)
def test_limit_from_100_over_200_to_400(given: int, low: int, typical: int, high: int, verdict: Verdict) -> None:
    assert judge_alone(LIMIT, given, value(100, 200, 400)) == (low, typical, high, verdict)


@pytest.mark.parametrize(
    ("given", "value_and_ends", "verdict"),
    [
        # No lowest tenth there, so conditional down to 95 %, unlikely down to 95 % of that, 90.25.
        (90, 0, BLOCKED),
        (91, 0, UNLIKELY),
        (94, 0, UNLIKELY),
        (95, 0, CONDITIONAL),
        (98, 0, CONDITIONAL),
        (99, 1000, FITS),
    ],
)
def test_limit_without_a_range(given: int, value_and_ends: int, verdict: Verdict) -> None:
    assert judge_alone(LIMIT, given, value(100, 100, 100)) == (*[value_and_ends] * 3, verdict)


def test_limit_whose_most_is_not_known_has_nothing_for_its_low_end() -> None:
    assert judge_alone(LIMIT, 500, value(10, 20, None)) == (0, 1000, 1000, FITS)


def test_limit_falls_to_a_value_in_whole_thousandths() -> None:
    # 1000 * 1/7 = 142.86, cut to 142
    assert judge_alone(LIMIT, 11, value(10, 17, 17)) == (142, 142, 1000, CONDITIONAL)


@pytest.mark.parametrize("given", [1, 94, 100])
def test_a_least_that_no_source_gives_never_blocks(given: int) -> None:
    assert judge_alone(LIMIT, given, judged(100, 200, 400)).verdict is UNLIKELY


@pytest.mark.parametrize(
    ("given", "regional", "verdict"),
    [
        # 95 % of 60, which is what both the judged value and the sourced general one (100) ask at the least
        (56, judged(60, 200, 400), BLOCKED),
        (57, judged(60, 200, 400), UNLIKELY),
        # 95 % of 100, though the region is judged to ask for 150
        (94, judged(150, 200, 400), BLOCKED),
        (95, judged(150, 200, 400), UNLIKELY),
        (142, value(150, 200, 400), BLOCKED),
    ],
)
def test_what_a_source_says_in_general_rules_out_where_a_region_is_only_judged(
    given: int, regional: Value, verdict: Verdict
) -> None:
    here = RegionalValue(value(100, 200, 400), {"here": regional})
    assert judge(LIMIT, given, here, "here").verdict is verdict


def test_a_variant_that_is_only_judged_is_ruled_out_by_what_a_source_says_of_its_core_format() -> None:
    assert judge(LIMIT, 56, RegionalValue(judged(60, 80, 90), {}), None).verdict is UNLIKELY
    assert judge(LIMIT, 56, RegionalValue(judged(60, 80, 90), {}, core=value(100, 200, 400)), None).verdict is BLOCKED


@pytest.mark.parametrize(
    ("answer", "low", "typical", "high", "expected"),
    [
        ("required", ALWAYS, ALWAYS, ALWAYS, (1000, 1000, 1000, FITS)),
        ("required", SOMETIMES, USUALLY, ALWAYS, (500, 800, 1000, CONDITIONAL)),
        ("required", RARELY, SOMETIMES, USUALLY, (200, 500, 800, CONDITIONAL)),
        ("required", NEVER, RARELY, SOMETIMES, (0, 200, 500, UNLIKELY)),
        ("required", NEVER, NEVER, RARELY, (0, 0, 200, UNLIKELY)),  # some do, so it is not ruled out
        ("required", NEVER, NEVER, NEVER, (0, 0, 0, BLOCKED)),
        ("preferred", ALWAYS, ALWAYS, ALWAYS, (1000, 1000, 1000, FITS)),
        ("preferred", RARELY, SOMETIMES, USUALLY, (200, 500, 800, FITS)),
        ("preferred", NEVER, NEVER, NEVER, (0, 0, 0, FITS)),
    ],
)
def test_need(answer: str, low: int, typical: int, high: int, expected: tuple[int, int, int, Verdict]) -> None:
    assert judge_alone(NEED, answer, value(low, typical, high)) == expected


@pytest.mark.parametrize(
    ("answer", "category", "expected"),
    [
        ("home", "home", (1000, 1000, 1000, FITS)),
        ("home", "mixed", (300, 300, 300, CONDITIONAL)),
        ("home", "site", (0, 0, 0, BLOCKED)),
        ("rather", "mixed", (600, 600, 600, FITS)),
        ("rather", "site", (0, 0, 0, FITS)),
    ],
)
def test_choice(answer: str, category: str, expected: tuple[int, int, int, Verdict]) -> None:
    assert judge_alone(CHOICE, answer, value(category, category, category)) == expected


def test_a_need_that_is_only_judged_to_be_never_met_is_unlikely() -> None:
    assert judge_alone(NEED, "required", judged(NEVER, NEVER, NEVER)) == (0, 0, 0, UNLIKELY)


@pytest.mark.parametrize(
    ("general", "regional", "expected", "rests_on"),
    [
        # The general typical value, the ends of both, the best verdict.
        (value(10, 20, 40), value(5, 10, 20), (0, 0, 1000, CONDITIONAL), "here"),  # given 8: 0 and 3/5
        (value(5, 10, 20), value(10, 20, 40), (0, 600, 1000, CONDITIONAL), ""),
        (value(10, 20, 40), value(20, 30, 40), (0, 0, 0, BLOCKED), ""),  # the nearer of two that rule it out
        (value(20, 30, 40), value(10, 20, 40), (0, 0, 0, BLOCKED), "here"),
        (value(8, 8, 8), value(10, 20, 40), (0, 1000, 1000, FITS), ""),
    ],
)
def test_where_no_region_is_named_each_is_judged(
    general: Value, regional: Value, expected: tuple[int, int, int, Verdict], rests_on: str
) -> None:
    values = RegionalValue(general, {"here": regional})
    assert judge(LIMIT, 8, values, None) == expected
    assert decisive(LIMIT, 8, values, None) is (regional if rests_on else general)
    assert judge(LIMIT, 8, values, "here") == judge_alone(LIMIT, 8, regional)
    assert judge(LIMIT, 8, values, "elsewhere") == judge_alone(LIMIT, 8, general)


def test_a_local_value_counts_only_where_its_region_is_named() -> None:
    pupils = Value(1, 1, 1, ("", "", ""), "sourced", (), local=True)
    values = RegionalValue(value(10, 20, 40), {"here": pupils})
    assert judge(LIMIT, 8, values, None).verdict is BLOCKED
    assert judge(LIMIT, 8, values, "here").verdict is FITS


@pytest.mark.parametrize(
    ("age", "verdict"),
    [(13, BLOCKED), (14, CONDITIONAL), (15, CONDITIONAL), (16, FITS), (30, FITS), (31, BLOCKED)],
)
def test_window_from_14_over_16_to_30(age: int, verdict: Verdict) -> None:
    assert judge_alone(WINDOW, age, value(14, 16, 30)).verdict is verdict


@pytest.mark.parametrize("age", [13, 31])
def test_a_window_that_no_source_gives_never_blocks(age: int) -> None:
    assert judge_alone(WINDOW, age, judged(14, 16, 30)).verdict is UNLIKELY


def test_window_without_an_upper_end() -> None:
    assert judge_alone(WINDOW, 99, value(14, 16, None)).verdict is FITS


@pytest.mark.parametrize(
    ("rule", "low", "typical", "high", "expected"),
    [
        (GOAL, 0, 0, 0, (0, 0, 0, FITS)),
        (GOAL, 1, 2, 4, (250, 500, 1000, FITS)),
        (MIRRORED, 1, 2, 4, (0, 500, 750, FITS)),  # 1 - 4/4, 1 - 2/4, 1 - 1/4
        (MIRRORED, 0, 0, 0, (1000, 1000, 1000, FITS)),
    ],
)
def test_goal(rule: Rule, low: int, typical: int, high: int, expected: tuple[int, int, int, Verdict]) -> None:
    assert judge_alone(rule, None, value(low, typical, high)) == expected


@pytest.mark.parametrize(
    ("rule", "answer", "verdict"),
    [
        (GOAL, None, FITS),
        (LIMIT, 5, CONDITIONAL),
        (NEED, "required", CONDITIONAL),
        (NEED, "preferred", FITS),
        (CHOICE, "home", CONDITIONAL),
        (WINDOW, 16, CONDITIONAL),
    ],
)
def test_what_is_unknown_counts_half_and_may_be_anything(rule: Rule, answer: object, verdict: Verdict) -> None:
    """Nothing that is not known rules a format out, and a limit that cannot be checked is something to ask about."""
    assert judge_alone(rule, answer, UNKNOWN) == (0, 500, 1000, verdict)


@pytest.mark.parametrize(
    ("rule", "answer", "expected"),
    [
        (NEED, "required", True),
        (NEED, "preferred", True),
        (NEED, "not_needed", False),
        (CHOICE, "home", True),
        (CHOICE, "any", False),
        (LIMIT, 5, True),
        (WINDOW, 5, True),
    ],
)
def test_takes_part(rule: Rule, answer: object, expected: bool) -> None:
    assert takes_part(rule, answer) is expected


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], FITS),
        ([FITS, FITS], FITS),
        ([FITS, CONDITIONAL], CONDITIONAL),
        ([CONDITIONAL, UNLIKELY, FITS], UNLIKELY),
        ([CONDITIONAL, BLOCKED, UNLIKELY], BLOCKED),
    ],
)
def test_the_worst_verdict_counts(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst(verdicts) is expected

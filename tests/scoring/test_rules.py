"""Each kind of rule, with values worked out by hand. Values are thousandths: [low, typical, high] and a verdict."""

from __future__ import annotations

import pytest

from formatpicker.catalog.model import Cell, Level, Rule, RuleKind, Value, Verdict
from formatpicker.scoring.rules import can_block, judge, takes_part, worst

FITS, CONDITIONAL, BLOCKED = Verdict.FITS, Verdict.CONDITIONAL, Verdict.BLOCKED
NEVER, RARELY, SOMETIMES, USUALLY, ALWAYS = range(5)


def value(low: Level, typical: Level, high: Level, others: tuple[str, ...] = ()) -> Value:
    return Value(low, typical, high, written=("", "", ""), basis="sourced", citations=(), others=others)


UNKNOWN = value(None, None, None)

LIMIT = Rule(RuleKind.LIMIT, "length", weight=20, floor=400)
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
        (9, 0, 0, 0, BLOCKED),  # below the least
        (10, 400, 400, 1000, CONDITIONAL),  # at the least: the floor; the shortest instance fits wholly
        (15, 500, 700, 1000, CONDITIONAL),  # 400 + 600*5/10; the longest: 400 + 600*5/30
        (19, 580, 940, 1000, CONDITIONAL),  # 400 + 600*9/10; 400 + 600*9/30
        (20, 600, 1000, 1000, FITS),  # the typical one fits; the longest: 400 + 600*10/30
        (40, 1000, 1000, 1000, FITS),
        (99, 1000, 1000, 1000, FITS),
    ],
)
def test_limit_from_10_over_20_to_40(given: int, low: int, typical: int, high: int, verdict: Verdict) -> None:
    assert judge(LIMIT, given, value(10, 20, 40)) == (low, typical, high, verdict)


@pytest.mark.parametrize(
    ("given", "low", "typical", "high", "verdict"),
    [(9, 0, 0, 0, BLOCKED), (10, 1000, 1000, 1000, FITS), (11, 1000, 1000, 1000, FITS)],
)
def test_limit_without_a_range(given: int, low: int, typical: int, high: int, verdict: Verdict) -> None:
    assert judge(LIMIT, given, value(10, 10, 10)) == (low, typical, high, verdict)


def test_limit_whose_most_is_not_known_keeps_the_floor_as_its_low_end() -> None:
    assert judge(LIMIT, 500, value(10, 20, None)) == (400, 1000, 1000, FITS)


def test_limit_falls_to_a_value_in_whole_thousandths() -> None:
    # 400 + 600 * 1/7 = 485.7, cut to 485
    assert judge(LIMIT, 11, value(10, 17, 17)) == (485, 485, 1000, CONDITIONAL)


@pytest.mark.parametrize(
    ("answer", "low", "typical", "high", "expected"),
    [
        ("required", ALWAYS, ALWAYS, ALWAYS, (1000, 1000, 1000, FITS)),
        ("required", SOMETIMES, USUALLY, ALWAYS, (500, 800, 1000, CONDITIONAL)),
        ("required", NEVER, NEVER, RARELY, (0, 0, 200, CONDITIONAL)),  # some do, so it is not ruled out
        ("required", NEVER, NEVER, NEVER, (0, 0, 0, BLOCKED)),
        ("preferred", ALWAYS, ALWAYS, ALWAYS, (1000, 1000, 1000, FITS)),
        ("preferred", RARELY, SOMETIMES, USUALLY, (200, 500, 800, FITS)),
        ("preferred", NEVER, NEVER, NEVER, (0, 0, 0, FITS)),
    ],
)
def test_need(answer: str, low: int, typical: int, high: int, expected: tuple[int, int, int, Verdict]) -> None:
    assert judge(NEED, answer, value(low, typical, high)) == expected


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
    assert judge(CHOICE, answer, value(category, category, category)) == expected


@pytest.mark.parametrize(
    ("category", "others", "expected"),
    [
        ("home", ("mixed",), (300, 1000, 1000, CONDITIONAL)),
        ("site", ("home",), (0, 0, 1000, CONDITIONAL)),  # blocked in some regions only
        ("mixed", ("home", "site"), (0, 300, 1000, CONDITIONAL)),
    ],
)
def test_choice_where_regions_differ(
    category: str, others: tuple[str, ...], expected: tuple[int, int, int, Verdict]
) -> None:
    assert judge(CHOICE, "home", value(category, category, category, others)) == expected


@pytest.mark.parametrize(
    ("age", "verdict"),
    [(13, BLOCKED), (14, CONDITIONAL), (15, CONDITIONAL), (16, FITS), (30, FITS), (31, BLOCKED)],
)
def test_window_from_14_over_16_to_30(age: int, verdict: Verdict) -> None:
    assert judge(WINDOW, age, value(14, 16, 30)).verdict is verdict


def test_window_without_an_upper_end() -> None:
    assert judge(WINDOW, 99, value(14, 16, None)).verdict is FITS


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
    assert judge(rule, None, value(low, typical, high)) == expected


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
    assert judge(rule, answer, UNKNOWN) == (0, 500, 1000, verdict)


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
    ("rule", "found", "least", "expected"),
    [
        (LIMIT, value(10, 20, 40), 1, True),
        (LIMIT, value(10, 20, 40), 10, False),  # the smallest answer there is suffices
        (WINDOW, value(14, 16, None), 13, True),
        (WINDOW, value(13, 16, None), 13, False),
        (WINDOW, value(13, 16, 30), 13, True),
        (NEED, value(NEVER, NEVER, NEVER), 0, True),
        (NEED, value(NEVER, NEVER, RARELY), 0, False),
        (CHOICE, value("site", "site", "site"), 0, True),
        (CHOICE, value("mixed", "mixed", "mixed"), 0, False),
        (CHOICE, value("site", "site", "site", ("home",)), 0, False),  # open where regions differ
        (LIMIT, UNKNOWN, 1, False),
    ],
)
def test_can_block(rule: Rule, found: Value, least: int, expected: bool) -> None:
    assert can_block(rule, found, least) is expected


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], FITS),
        ([FITS, FITS], FITS),
        ([FITS, CONDITIONAL], CONDITIONAL),
        ([CONDITIONAL, BLOCKED, FITS], BLOCKED),
    ],
)
def test_the_worst_verdict_counts(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst(verdicts) is expected

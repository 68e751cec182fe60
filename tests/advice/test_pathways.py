"""Plans of several experiences: numbers by hand on the toy catalog, laws and a brute-force check on the shipped one.

The toy's levels (typical): depth short 1, middle 2, brief-middle 2, long 4; speed 4, 1, 1, 0; hurdle 1, 2, 2, 4 (less
is better). Its lengths (least, typical, most days): short 7, 14, 28; middle 28, 56, 112; brief-middle 14, 28, 56; long
183, 365, 731 (in the south 91 at least, which counts where no country is named). Least hours a week 5, 10, 10, 30;
least hours in all 10, 40, 40, 780.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from formatpicker import Catalog
from formatpicker.advice.pathways import MOST_PATHWAYS, Pathway, pathways
from formatpicker.base.terminal import finished, wrapped
from formatpicker.catalog.guidance import PathwayRules
from formatpicker.catalog.store import load_catalog, parse_catalog, shipped_path
from formatpicker.output.json import person_types
from formatpicker.output.json.person import pathway_data
from formatpicker.output.text.format_words import NO_PATHWAY, PLANS, PLANS_NOTE, pathway_lines
from formatpicker.scoring.answers import Answers, Goals
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.ranking import assess
from formatpicker.scoring.weights import region_of

TOY = (Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8")
LINKS = ("short>short", "short>middle", "short>brief-middle", "brief-middle>middle", "middle>long")
ALL = 1000

Plan = tuple[str, ...]


def with_section(
    links: tuple[str, ...] = LINKS, stacking: str = "", weakest: str = "", steps: int = 3, toy: str = TOY
) -> Catalog:
    """The toy catalog with a section; ``stacking`` is written as attribute:gain:most."""
    lines = [toy, "pathways:", "  duration: weeks", "  per_week: hours_per_week", f"  most_steps: {steps}"]
    lines += [f"  weakest_counts: [{weakest}]", "  links:"]
    for link in links:
        origin, target = link.split(">")
        reason = f"From {origin} to {target}."
        lines.append(f"    - {{from: {origin}, to: {target}, reason: {reason}, sources: {{handbook: chapter 8}}}}")
    if stacking:
        attribute, gain, most = stacking.split(":")
        lines.append("  stacking:")
        lines.append(
            f"    - {{attribute: {attribute}, gain: {gain}, most: {most}, reason: It adds up., "
            "sources: {handbook: chapter 7}}"
        )
    return parse_catalog("\n".join(lines).encode(), "toy.yaml")


def plans(catalog: Catalog, most: int = ALL, **answers: Any) -> list[Pathway]:
    return pathways(catalog, parse_answers(catalog, answers), most)


def ids(plan: Pathway) -> Plan:
    return tuple(step.format.id for step in plan.steps)


def lengths(plan: Pathway) -> list[int]:
    return [step.days for step in plan.steps]


# --- by hand -------------------------------------------------------------------------------------------------------


def test_one_plan_by_hand() -> None:
    # deep weighs 3, soon 1. Singles: short (3*.25 + 1*1)/4, middle and brief-middle (3*.5 + 1*.25)/4, all 1.75/4.
    # short then middle: deep .5 from middle, soon 1 from short: (3*.5 + 1)/4 = 2.5/4. 14 + 56 days are just 10 weeks.
    (plan,) = plans(with_section(("short>middle",)), goals={"deep": 3, "soon": 1}, weeks=10)
    assert ids(plan) == ("short", "middle")
    assert Fraction(plan.total, plan.scale) == Fraction(5, 8)
    assert Fraction(plan.single_total, plan.scale) == Fraction(7, 16)
    assert lengths(plan) == [14, 56]
    assert plan.days == 70
    assert [step.typical for step in plan.steps] == [14, 56]
    assert [(each.goal.criterion.id, each.value, each.step.format.id) for each in plan.served] == [
        ("deep", 500, "middle"),
        ("soon", 1000, "short"),
    ]
    first, second = plan.steps
    assert first.link is None
    assert second.link is not None
    assert second.link.reason == "From short to middle."
    assert second.link.citations[0].place == "chapter 8"


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ("70 days", [14, 56]),
        ("63 days", [14, 49]),  # 28 to spare beyond the least 7 and 28: 7 for the first, 21 for the second
        ("40 days", [12, 28]),  # 5 to spare: all for the first
        ("35 days", [7, 28]),  # the least of both
        ("34 days", None),
        ("90 days", [14, 56]),  # never more than typical
    ],
    ids=str,
)
def test_steps_get_what_is_typical_or_what_fits(weeks: str, expected: list[int] | None) -> None:
    found = plans(with_section(("short>middle",)), goals={"deep": 3, "soon": 1}, weeks=weeks, certificate="preferred")
    assert [lengths(plan) for plan in found] == ([expected] if expected else [])


def test_a_longer_plan_must_beat_each_shorter_one_inside_it() -> None:
    # short, brief-middle, middle brings deep .5 and soon 1, which short, middle brings as well.
    found = [ids(plan) for plan in plans(with_section(), goals={"deep": 3, "soon": 1}, weeks=12)]
    assert ("short", "middle") in found
    assert ("short", "brief-middle", "middle") not in found
    assert ("short", "short", "middle") not in found


def test_a_longer_plan_that_is_better_than_each_shorter_one() -> None:
    # middle then long: deep 1, soon .25; short, middle, long: deep 1, soon 1.
    found = plans(with_section(), goals={"deep": 3, "soon": 1}, weeks=70)
    assert ids(found[0]) == ("short", "middle", "long")
    assert found[0].total == found[0].scale
    # Together 14 + 56 + 365 = 435 days of 490.
    assert lengths(found[0]) == [14, 56, 365]


def test_where_one_format_is_as_good_as_any_plan_there_is_none() -> None:
    # deep alone: long is worth 1 by itself.
    assert plans(with_section(), goals=["deep"], weeks=200) == []
    # soon alone: short is.
    assert plans(with_section(), goals=["soon"], weeks=200) == []


@pytest.mark.parametrize(
    "answers",
    [{"goals": {"deep": 3, "soon": 1}}, {"weeks": 10}, {"weeks": 10, "hours_per_week": 20, "wage": "required"}, {}],
    ids=["no weeks", "no goals", "limits and needs only", "nothing"],
)
def test_without_goals_and_time_there_is_no_plan(answers: dict[str, Any]) -> None:
    assert plans(with_section(), **answers) == []


def test_without_the_section_there_is_no_plan(toy: Catalog) -> None:
    assert plans(toy, goals={"deep": 3, "soon": 1}, weeks=40) == []


def test_with_every_format_ruled_out_there_is_no_plan() -> None:
    assert plans(with_section(), goals={"deep": 3, "soon": 1}, weeks="6 days") == []


def test_a_step_must_be_open_by_itself() -> None:
    # short never ends in a certificate, so it is blocked and takes no part in a plan.
    found = plans(with_section(), goals={"deep": 3, "soon": 1}, weeks=80, certificate="required")
    assert all("short" not in ids(plan) for plan in found)
    assert [ids(plan) for plan in found] == [("middle", "long")]


def test_steps_follow_links_only() -> None:
    assert plans(with_section(("middle>short",)), goals={"deep": 3, "soon": 1}, weeks="34 days") == []
    assert [ids(plan) for plan in plans(with_section(("middle>short",)), goals={"deep": 3, "soon": 1}, weeks=5)] == [
        ("middle", "short")
    ]


# --- hours ---------------------------------------------------------------------------------------------------------


def test_the_work_of_every_step_fits_into_the_hours() -> None:
    # At 6 hours a week the 10 hours of a short take 12 days, not its least of 7; middle needs 10 hours a week.
    catalog = with_section(("short>short", "short>middle"), stacking="depth:1:4")
    # deep: short .25, two of them .5, three .75.
    three, two = plans(catalog, goals=["deep"], weeks=6, hours_per_week=6)
    assert (ids(three), lengths(three)) == (("short",) * 3, [14, 14, 14])
    assert (ids(two), lengths(two)) == (("short",) * 2, [14, 14])
    (only,) = plans(catalog, goals=["deep"], weeks="35 days", hours_per_week=6)
    assert ids(only) == ("short", "short")
    assert plans(catalog, goals=["deep"], weeks="23 days", hours_per_week=6) == []


def test_a_step_is_not_stretched_past_its_most() -> None:
    # brief-middle takes 40 hours in all and at most 56 days, but not less than 10 hours a week. Let it take 8 and up
    # to 20 days: at 8 hours a week 40 hours need 35 days, more than it lasts.
    brief = TOY[TOY.index("  brief-middle:") :]
    edited = brief.replace("max: 8 weeks", "max: 30 days").replace(
        "      paper:",
        "      load: {min: 8, typical: 9, max: 10, basis: sourced, sources: {handbook: x}, reason: r}\n      paper:",
    )
    catalog = with_section(("short>brief-middle",), toy=TOY.replace(brief, edited))
    assert plans(catalog, goals={"deep": 3, "soon": 1}, weeks=20, hours_per_week=8) == []
    assert len(plans(catalog, goals={"deep": 3, "soon": 1}, weeks=20, hours_per_week=10)) == 1  # 28 days


def test_a_format_of_unknown_length_is_no_step_but_still_a_rival() -> None:
    length = TOY[TOY.index("      length:", TOY.index("  brief-middle:")) : TOY.index("      paper: {value: null")]
    unknown = "      length: {typical: null, basis: inferred, note: nothing was found, reason: It is brief.}\n"
    catalog = with_section(("short>brief-middle", "short>middle"), toy=TOY.replace(length, unknown))
    (plan,) = plans(catalog, goals={"deep": 3, "soon": 1}, weeks=10)
    assert ids(plan) == ("short", "middle")
    # With 2 weeks only short and brief-middle are open; for deep alone the latter is the best single format.
    stacked = with_section(("short>short",), stacking="depth:1:4", toy=TOY.replace(length, unknown))
    assert plans(stacked, goals=["deep"], weeks=2) == []


def test_less_than_a_week_counts_as_one() -> None:
    # Let short last 2 to 3 days: 10 hours at 10 hours a week are still within one week, and take it up.
    days = TOY.replace(
        "length: {min: 1 week, typical: 2 weeks, max: 4 weeks", "length: {min: 2 days, typical: 3 days, max: 3 days"
    )
    catalog = with_section(("short>short",), stacking="depth:1:4", toy=days)
    assert lengths(plans(catalog, goals=["deep"], weeks=3, hours_per_week=10)[0]) == [7, 7, 7]
    assert lengths(plans(catalog, goals=["deep"], weeks=3, hours_per_week=10)[1]) == [7, 7]
    assert lengths(plans(catalog, goals=["deep"], weeks=1)[-1]) == [3, 3]


def test_the_region_that_was_answered_counts() -> None:
    # middle then long takes 28 + 183 days at least, in the south 28 + 91; it beats long by soon (.25 against 0).
    catalog = with_section(("middle>long",))
    assert plans(catalog, goals={"deep": 3, "soon": 1}, weeks="200 days", country="north") == []
    (plan,) = plans(catalog, goals={"deep": 3, "soon": 1}, weeks="200 days", country="south")
    assert lengths(plan) == [56, 144]


# --- what several bring together -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stacking", "expected"),
    [
        # deep with 3 weeks: brief-middle .5 is the best single one; n shorts reach level 1 + gain * (n - 1).
        ("depth:1:3", [("short", "short", "short")]),  # level 3, .75; two reach .5, no better than brief-middle
        ("depth:1:4", [("short", "short", "short")]),
        ("depth:1:2", []),  # level 2 is the most
        ("depth:2:4", [("short", "short", "short"), ("short", "short")]),  # levels 4 (of 5) and 3
        ("depth:2:3", [("short", "short")]),  # both reach the most, level 3, so the third adds nothing
        ("depth:3:4", [("short", "short")]),
        ("", []),
    ],
)
def test_levels_grow_with_each_step_up_to_the_most(stacking: str, expected: list[Plan]) -> None:
    catalog = with_section(("short>short",), stacking=stacking)
    found = plans(catalog, goals=["deep"], weeks=3)
    assert [ids(plan) for plan in found] == expected
    assert all(plan.served[0].stacking is not None for plan in found)


def test_stacking_never_lowers_what_the_best_step_brings() -> None:
    # The most is level 1, below the middle's 2.
    (plan,) = plans(with_section(("short>middle",), stacking="depth:1:1"), goals={"deep": 3, "soon": 1}, weeks=10)
    assert (plan.served[0].value, plan.served[0].stacking) == (500, None)


def test_a_step_that_may_have_nothing_of_it_adds_nothing() -> None:
    shallow = TOY.replace("depth: {value: 1, basis", "depth: {value: 1, low: 0, basis")
    assert plans(with_section(("short>short",), stacking="depth:1:4", toy=shallow), goals=["deep"], weeks=3) == []


def test_where_the_weakest_step_counts() -> None:
    # soon 3, easy 1. easy: short .75, middle .5. As the best step: 3*1 + .75, no better than short alone.
    # deep 3, easy 1: short 3*.25 + .75 = 1.5; middle 3*.5 + .5 = 2; short, middle 3*.5 + .75 = 2.25; by the weakest 2.
    links = ("short>middle",)
    assert plans(with_section(links), goals={"soon": 3, "easy": 1}, weeks=10) == []
    (plan,) = plans(with_section(links), goals={"deep": 3, "easy": 1}, weeks=10)
    assert Fraction(plan.total, plan.scale) == Fraction(9, 16)
    assert plans(with_section(links, weakest="hurdle"), goals={"deep": 3, "easy": 1}, weeks=10) == []
    (plan,) = plans(with_section(links, weakest="hurdle"), goals=["deep", "easy", "soon"], weeks=10)
    assert [(each.value, each.step.format.id) for each in plan.served if each.goal.criterion.id == "easy"] == [
        (500, "middle")
    ]


def test_needs_and_wishes_do_not_score() -> None:
    catalog = with_section(("short>middle",))
    (plain,) = plans(catalog, goals={"deep": 3, "soon": 1}, weeks=10)
    (wished,) = plans(catalog, goals={"deep": 3, "soon": 1}, weeks=10, wage="preferred", place="site_preferred")
    assert (plain.total, plain.scale) == (wished.total, wished.scale)


# --- order and number ----------------------------------------------------------------------------------------------


def test_equal_plans_stand_by_steps_then_time_then_ids() -> None:
    # All bring deep .5 and soon 1: brief-middle takes 28 days, middle 56.
    catalog = with_section(("short>middle", "short>brief-middle"))
    assert [ids(plan) for plan in plans(catalog, goals={"deep": 3, "soon": 1}, weeks=10)] == [
        ("short", "brief-middle"),
        ("short", "middle"),
    ]
    # With the time cut to 35 days both take 35: 14 + 21 and 7 + 28. Then the ids decide.
    assert [ids(plan) for plan in plans(catalog, goals={"deep": 3, "soon": 1}, weeks=5)] == [
        ("short", "brief-middle"),
        ("short", "middle"),
    ]


@pytest.mark.parametrize(
    ("place", "best"), [("any", "brief-middle"), ("home_preferred", "short"), ("site_preferred", "brief-middle")]
)
def test_of_equal_single_formats_the_one_that_suits_best_in_all_else_is_named(place: str, best: str) -> None:
    # short, middle and brief-middle serve deep and soon alike, 1.75/4; short is done at home, the others in both.
    (plan,) = plans(with_section(("short>middle",)), goals={"deep": 3, "soon": 1}, weeks=10, place=place)
    assert plan.single.id == best


@pytest.mark.parametrize(("most", "count"), [(-1, 0), (0, 0), (1, 1), (2, 2), (ALL, 2)])
def test_never_more_than_asked_for(most: int, count: int) -> None:
    catalog = with_section(("short>middle", "short>brief-middle"))
    assert len(plans(catalog, most, goals={"deep": 3, "soon": 1}, weeks=10)) == count


def test_four_steps_where_the_catalog_allows_them() -> None:
    catalog = with_section(("short>short",), stacking="depth:1:4", steps=4)
    found = plans(catalog, goals=["deep"], weeks=4)
    assert [ids(plan) for plan in found] == [("short",) * 4, ("short",) * 3]


# --- in words and as data ------------------------------------------------------------------------------------------


def test_a_plan_in_words() -> None:
    catalog = with_section(("short>middle",))
    found = plans(catalog, goals={"deep": 3, "soon": 1}, weeks="63 days")
    text = " ".join(line.strip() for line in pathway_lines(found, 80))
    # 62.5 of 100 is 63, halves up; 43.75 is 44.
    assert finished(text, False) == (
        f"{PLANS} 1. First a short (2 weeks), then a middle (7 weeks; 8 weeks is usual): 9 weeks in all. Together they "
        "serve your goals with 63 of 100 points, the best single one (a brief middle) with 44. "
        "Why this order: From short to middle. The first brings: A skill soon (100 of 100). "
        f"The second brings: Deep skill (50 of 100). {PLANS_NOTE}"
    )


def test_what_only_all_together_bring_in_words() -> None:
    catalog = with_section(("short>short",), stacking="depth:1:3")
    found = plans(catalog, goals=["deep"], weeks=3)
    text = finished(" ".join(line.strip() for line in pathway_lines(found, 80)), False)
    assert "First a short (1 week; 2 weeks is usual), then again a short (1 week; 2 weeks is usual), then again" in text
    assert "All together bring: Deep skill (75 of 100). It adds up." in text
    assert text.count("From short to short.") == 1


def test_a_goal_that_no_step_serves_is_named() -> None:
    # easy counts by the weakest: long is worth 0. deep 1, soon .25 by middle: (5*1 + 2*.25)/8 beats long, 5/8.
    catalog = with_section(("middle>long",), weakest="hurdle")
    found = plans(catalog, goals={"deep": 5, "soon": 2, "easy": 1}, weeks=80)
    text = " ".join(line.strip() for line in pathway_lines(found, 200))
    assert "Not served: An easy start." in text


def test_lengths_in_words_have_no_fractions_of_a_week() -> None:
    catalog = with_section(("short>middle",))
    found = plans(catalog, goals={"deep": 3, "soon": 1}, weeks="61 days")
    assert "then a middle (6 weeks and 5 days;" in " ".join(pathway_lines(found, 500))


def test_no_plans_no_words(toy: Catalog) -> None:
    assert pathway_lines([], 80) == wrapped(NO_PATHWAY, 80)


@pytest.mark.parametrize("columns", [20, 40, 80, 100])
def test_words_keep_to_the_columns(shipped: Catalog, columns: int) -> None:
    found = plans(shipped, goals=["broad_skills", "balance", "network_breadth"], weeks=30)
    lines = finished("\n".join(pathway_lines(found, columns)), False).split("\n")
    assert len(found) > 1
    assert max(map(len, lines)) <= columns


def test_a_plan_as_data() -> None:
    catalog = with_section(("short>middle",))
    (plan,) = plans(catalog, goals={"deep": 3, "soon": 1}, weeks="63 days")
    source = "The handbook (Example Press, 2025); chapter 8; https://example.org/handbook"
    assert pathway_data(catalog, plan) == {
        "steps": [
            {"format": "short", "name": "Short", "days": 14, "weeks": 2, "reason": None, "sources": []},
            {
                "format": "middle",
                "name": "Middle",
                "days": 49,
                "weeks": 7,
                "reason": "From short to middle.",
                "sources": [source],
            },
        ],
        "days": 63,
        "weeks": 9,
        "score": 62.5,
        "best_single": {"format": "brief-middle", "score": 43.8},
        "goals": [  # 3/4 * .5 = 37.5 points and 1/4 * 1 = 25
            {"goal": "deep", "value": 0.5, "points": 37.5, "step": 2, "stacking": None, "sources": []},
            {"goal": "soon", "value": 1.0, "points": 25.0, "step": 1, "stacking": None, "sources": []},
        ],
    }


# --- the shipped catalog -------------------------------------------------------------------------------------------

STUDENT: dict[str, Any] = {"goals": ["explore", "immersion", "network_breadth"], "weeks": 16}


def test_a_student_who_explores_and_wants_to_live_a_workplace(shipped: Catalog) -> None:
    # explore 3/6, immersion 2/6, network_breadth 1/6. A short project brings 1 of the first and .75 of the last, a
    # sprint or an internship .75 of the second: 3 + 1.5 + .75 = 5.25 of 6. Watching alone: 3 + 1 + .25 = 4.25.
    found = plans(shipped, **STUDENT)
    assert ids(found[0]) == ("micro-internship", "experiential-sprint")
    assert Fraction(found[0].total, found[0].scale) == Fraction(21, 24)
    assert Fraction(found[0].single_total, found[0].scale) == Fraction(17, 24)
    assert found[0].single.id == "experiential-sprint"  # as good, and better in the rest
    assert ("micro-internship", "internship") in [ids(plan) for plan in found]


def test_few_hours_a_week_leave_out_what_needs_many(shipped: Catalog) -> None:
    found = plans(shipped, **STUDENT, hours_per_week=15)
    assert ids(found[0]) == ("nano-internship", "internship")
    assert all("experiential-sprint" not in ids(plan) for plan in found)
    # 100 hours of an internship at 15 a week are 47 days; 8 hours of watching are fewer than 5.
    assert all(step.days >= 47 for plan in found for step in plan.steps if step.format.id == "internship")


def test_two_micro_internships_train_several_skills(shipped: Catalog) -> None:
    # 8 weeks of 8 hours, no internship is open: one small project trains several skills (level 2), and a second one
    # takes them to level 3, which is the most that stacking gives.
    found = plans(shipped, goals=["broad_skills", "balance"], weeks=8, hours_per_week=8)
    assert ("micro-internship",) * 2 in [ids(plan) for plan in found]
    assert all(plan.served[0].value == 750 for plan in found if ids(plan) == ("micro-internship",) * 2)


@pytest.mark.parametrize("goals", [["portfolio"], ["explore"], ["immersion"], ["confidence", "balance"]], ids=str)
def test_one_format_that_gives_all_leaves_nothing_to_plan(shipped: Catalog, goals: list[str]) -> None:
    assert plans(shipped, goals=goals, weeks=30) == []


# --- laws ----------------------------------------------------------------------------------------------------------

SHIPPED = load_catalog(shipped_path())
GOAL_IDS = [goal.id for question in SHIPPED.questions.values() for goal in question.goals]


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """Random answers with goals and a time."""
    answers: dict[str, Any] = {
        "goals": draw(
            st.lists(st.sampled_from(GOAL_IDS), min_size=1, max_size=5, unique=True)
            | st.dictionaries(st.sampled_from(GOAL_IDS), st.integers(1, 5), min_size=1, max_size=5)
        ),
        "weeks": f"{draw(st.integers(1, 1100) | st.integers(1, 200))} days",
    }
    choices: dict[str, list[Any]] = {
        "hours_per_week": [1, 2, 3, 5, 8, 10, 15, 20, 30, 40],
        "pay": ["required", "preferred"],
        "credential": ["required"],
        "location": ["remote_required", "in_person_required"],
        "region": ["us", "uk", "de", "fr", "other"],
        "situation": ["full_time_student", "employed"],
        "start_within_weeks": [2, 8],
    }
    for question, options in choices.items():
        answers |= {question: answer} if (answer := draw(st.none() | st.sampled_from(options))) is not None else {}
    return answers


def rules_of(catalog: Catalog) -> PathwayRules:
    assert catalog.pathways is not None
    return catalog.pathways


def worth(catalog: Catalog, answers: Answers, plan: Plan) -> Fraction:
    """The score of a plan, or of one format, straight from the levels of the catalog."""
    rules, region = rules_of(catalog), region_of(catalog, answers)
    goals = cast(Goals, answers.get("goals"))
    total = Fraction(0)
    for id, share in goals.shares.items():
        rule = catalog.criteria[id].rule
        values = [catalog.regional(catalog.formats[each], rule.attribute).within(region) for each in plan]
        levels = [cast(int, value.typical) for value in values]
        if rule.less_is_better:
            levels = [4 - level for level in levels]
        level = min(levels) if rule.attribute in rules.weakest_counts else max(levels)
        stacking = rules.stacking.get(rule.attribute)
        if stacking:
            further = sum(1 for value in values if cast(int, value.low) >= 1) - 1
            level = max(level, min(stacking.most, level + stacking.gain * further))
        total += Fraction(share * level, goals.total * 4)
    return total


def least_days(catalog: Catalog, answers: Answers, id: str) -> int | None:
    """How many days a step needs, None where the hours are too few for it ever."""
    region = region_of(catalog, answers)
    length = catalog.regional(catalog.formats[id], "weeks").within(region)
    work = cast(int, catalog.regional(catalog.formats[id], "total_hours").within(region).low)
    per_week = cast(int, answers.get("hours_per_week") or 10_000)
    needed = next(days for days in range(1, 10_000) if days * per_week >= work * 7)
    days = max(needed, cast(int, length.low))
    return days if days <= max(cast(int, length.high), 7) else None


def open_formats(catalog: Catalog, answers: Answers) -> list[str]:
    """Formats that are neither ruled out nor long shots."""
    found = assess(catalog, answers, catalog.scored)
    return [each.format.id for each in found if not each.blocked and not each.unlikely]


def every_plan(catalog: Catalog, answers: Answers) -> Iterator[Plan]:
    """All plans that should be returned, by trying every sequence."""
    links = {(link.origin, link.target) for link in rules_of(catalog).links}
    ready = open_formats(catalog, answers)
    best = max((worth(catalog, answers, (id,)) for id in ready), default=Fraction(1))
    for count in (2, 3):
        for plan in product(ready, repeat=count):
            if not links.issuperset(pairwise(plan)):
                continue
            days = [least_days(catalog, answers, id) for id in plan]
            if None in days or sum(cast(list[int], days)) > cast(int, answers.get("weeks")):
                continue
            inside = [part for part in combinations(plan, 2) if count == 3 and links.issuperset(pairwise(part))]
            if worth(catalog, answers, plan) > max([best, *(worth(catalog, answers, part) for part in inside)]):
                yield plan


@given(people())
def test_exactly_the_plans_that_trying_them_all_finds(raw: dict[str, Any]) -> None:
    answers = parse_answers(SHIPPED, raw)
    found = pathways(SHIPPED, answers, ALL)
    assert sorted(map(ids, found)) == sorted(every_plan(SHIPPED, answers))
    assert [Fraction(plan.total, plan.scale) for plan in found] == [
        worth(SHIPPED, answers, ids(plan)) for plan in found
    ]


@given(people())
def test_every_plan_fits_and_is_strictly_better(raw: dict[str, Any]) -> None:
    answers = parse_answers(SHIPPED, raw)
    ready = open_formats(SHIPPED, answers)
    region, per_week = region_of(SHIPPED, answers), cast(int | None, answers.get("hours_per_week"))
    for plan in pathways(SHIPPED, answers, ALL):
        assert 2 <= len(plan.steps) <= rules_of(SHIPPED).most_steps
        assert plan.days <= cast(int, answers.get("weeks"))
        assert plan.total > plan.single_total
        assert Fraction(plan.single_total, plan.scale) == max(worth(SHIPPED, answers, (id,)) for id in ready)
        for step in plan.steps:
            assert step.format.id in ready
            assert step.days <= step.typical
            assert step.days >= cast(int, SHIPPED.regional(step.format, "weeks").within(region).low)
            if per_week:
                work = SHIPPED.regional(step.format, "total_hours").within(region).low
                assert per_week * step.days >= cast(int, work) * 7
        assert all(
            step.link is not None and (step.link.origin, step.link.target) == (before.format.id, step.format.id)
            for before, step in pairwise(plan.steps)
        )


@given(people())
def test_plans_are_ranked_and_the_first_few_are_the_first_of_all(raw: dict[str, Any]) -> None:
    answers = parse_answers(SHIPPED, raw)
    found = pathways(SHIPPED, answers, ALL)
    keys = [(-plan.total, len(plan.steps), plan.days, ids(plan)) for plan in found]
    assert keys == sorted(set(keys))
    assert pathways(SHIPPED, answers) == found[:MOST_PATHWAYS]


@given(people(), st.integers(1, 800))
def test_more_time_never_leaves_a_person_with_less(raw: dict[str, Any], more: int) -> None:
    # More time may open one format that is as good as any plan, so plans can vanish; the best there is cannot.
    def best(answers: Answers) -> Fraction:
        singles = [worth(SHIPPED, answers, (id,)) for id in open_formats(SHIPPED, answers)]
        found = [Fraction(plan.total, plan.scale) for plan in pathways(SHIPPED, answers, 1)]
        return max([Fraction(0), *singles, *found])

    answers = parse_answers(SHIPPED, raw)
    longer = answers.replaced(SHIPPED, "weeks", min(cast(int, answers.get("weeks")) + more, 3640))
    assert best(longer) >= best(answers)


@given(people())
def test_the_order_of_links_and_formats_changes_nothing(raw: dict[str, Any]) -> None:
    rules = rules_of(SHIPPED)
    turned: Mapping[str, Any] = dict(reversed(list(SHIPPED.formats.items())))
    other = replace(SHIPPED, formats=turned, pathways=replace(rules, links=rules.links[::-1]))
    answers = parse_answers(SHIPPED, raw)
    assert pathways(other, answers, ALL) == pathways(SHIPPED, answers, ALL)


@given(people())
def test_data_keep_their_schema_and_points_sum_to_the_score(raw: dict[str, Any]) -> None:
    answers = parse_answers(SHIPPED, raw)
    for plan in pathways(SHIPPED, answers):
        data: Any = pathway_data(SHIPPED, plan)
        assert convert(data, person_types.Pathway) == data
        assert round(sum(goal["points"] for goal in data["goals"]), 1) == data["score"]
        assert data["score"] > data["best_single"]["score"]
        assert sum(step["days"] for step in data["steps"]) == data["days"]

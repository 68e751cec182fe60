"""What changed between two catalogs, and which edit moved a result. Scores are worked out by hand on the toy catalog.

Two ranked goals weigh 3/4 and 1/4; levels are worth a quarter each. For "deep" before "soon" the long one has
0.75 * 1 + 0.25 * 0 = 75 points, the middle 0.75 * 0.5 + 0.25 * 0.25 = 43.75 and the short one
0.75 * 0.25 + 0.25 * 1 = 43.75.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.base.terminal import Screen, finished
from formatpicker.catalog.store import parse_catalog
from formatpicker.catalog_tools.changes import without_format, without_question
from formatpicker.catalog_tools.diff import Diff, Impact, catalog_diff, outcome
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.json.catalog import diff_data
from formatpicker.output.text.catalog_tools import diff_text

TEXT = (Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8")
GOALS = {"goals": {"deep": 3, "soon": 1}}
SCREEN = Screen(width=72)

Swap = tuple[str, str]

SHALLOW: Swap = ("depth: {value: 4, basis", "depth: {value: 1, basis")
SLOWER: Swap = ("speed: {value: 4, basis", "speed: {value: 3, basis")
EXTRA: Swap = (
    "  - id: permit\n",
    "  - id: extra\n    answer: choice\n    about: wish\n    text: Extra?\n    label: Extra\n    why: So.\n"
    "    options: [{id: a, label: A}]\n"
    "    rule: {kind: choice, attribute: permit, weight: 100, texts: {},\n"
    "      table: {a: {open: {value: 100}, ask: {value: 0}, shut: {value: 0}}}}\n\n  - id: permit\n",
)


def edited(*swaps: Swap) -> Catalog:
    """The toy catalog with the first occurrence of some texts replaced."""
    text = TEXT
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_catalog(text.encode(), "edited.yaml")


@pytest.fixture(scope="module")
def before() -> Catalog:
    return edited()


def diff_for(old: Catalog, new: Catalog, old_raw: dict[str, Any], new_raw: dict[str, Any] | None = None) -> Diff:
    return catalog_diff(old, new, parse_answers(old, old_raw), parse_answers(new, new_raw or old_raw))


def effect_for(old: Catalog, new: Catalog, old_raw: dict[str, Any], new_raw: dict[str, Any] | None = None) -> Impact:
    effect = diff_for(old, new, old_raw, new_raw).effect
    assert effect is not None
    return effect


# --- what changed ----------------------------------------------------------------------------------------------------

EDITS: dict[str, tuple[Swap, tuple[str, str, str, str]]] = {
    "a set of words": (
        ("sources:\n", "no_answer: [none, a, b]\nsources:\n"),
        ("no_answer", "changed", "", "a, b, none"),
    ),
    "level": (SHALLOW, ("formats.long.attributes.depth.value", "changed", "4", "1")),
    "span of a level": (
        ("depth: {value: 2, low: 1, high: 3", "depth: {value: 2, low: 1, high: 4"),
        ("formats.middle.attributes.depth.value", "changed", "2 (1 to 3)", "2 (1 to 4)"),
    ),
    "least length": (
        ("min: 6 months", "min: 5 months"),
        (
            "formats.long.attributes.length.value",
            "changed",
            "at least 6 months, usually 1 year, at most 2 years",
            "at least 5 months, usually 1 year, at most 2 years",
        ),
    ),
    "a length made known": (
        ("remark: {value: null, basis: inferred, note: nothing was found}", "remark: {value: x, basis: inferred, note: "
         "nothing was found}"),
        ("formats.middle.attributes.remark.value", "changed", "unknown", "x"),
    ),
    "length in a region": (
        ("south: {min: 3 months", "south: {min: 2 months"),
        (
            "formats.long.attributes.length.regions.south.value",
            "changed",
            "at least 3 months, usually 1 year, at most 3 years",
            "at least 2 months, usually 1 year, at most 3 years",
        ),
    ),
    "region": (
        ("          south: {value: shut, ", "          north: {value: open, basis: sourced, sources: {handbook: a}}\n"
         "          south: {value: shut, "),
        ("formats.long.attributes.permit.regions.north", "added", "", "open"),
    ),
    "no upper age": (
        ("start_age: {min: 14, typical: 16, max: 30,", "start_age: {min: 14, typical: 16,"),
        (
            "formats.middle.attributes.start_age.value",
            "changed",
            "at least 14, usually 16, at most 30 years",
            "at least 14, usually 16, no upper limit",
        ),
    ),
    "source of a value": (
        ("wage: {value: usually, low: sometimes, high: always, basis: sourced, sources: {handbook: chapter 1}}",
         "wage: {value: usually, low: sometimes, high: always, basis: sourced, sources: {handbook: chapter 7}}"),
        ("formats.short.attributes.wage.sources", "changed", "handbook: chapter 1", "handbook: chapter 7"),
    ),
    "words of a format": (
        ("good_for: [people in a hurry]", "good_for: [people in a rush, others]"),
        ("formats.short.good_for", "changed", "people in a hurry", "people in a rush; others"),
    ),
    "weight": (
        ("weight: {required: 40, preferred: 20}", "weight: {required: 60, preferred: 20}"),
        ("questions.wage.rule.weight.required", "changed", "40", "60"),
    ),
    "edges": (
        ("tolerance: 5, met_within", "tolerance: 8, met_within"),
        ("edges.tolerance", "changed", "5", "8"),
    ),
    "cell": (
        ("mixed: {value: 30, verdict: conditional}", "mixed: {value: 30, verdict: blocked}"),
        ("questions.place.rule.table.home_required.mixed.verdict", "changed", "conditional", "blocked"),
    ),
    "value of a cell": (
        ("home_preferred: {home: {value: 100}, mixed: {value: 60}", "home_preferred: {home: {value: 100}, mixed: "
         "{value: 70}"),
        ("questions.place.rule.table.home_preferred.mixed.value", "changed", "60", "70"),
    ),
    "attribute of a rule": (
        ("easy: {label: An easy start, attribute: hurdle, less", "easy: {label: An easy start, attribute: depth, less"),
        ("questions.goals.goals.easy.rule", "changed", "goal on hurdle, weight 0", "goal on depth, weight 0"),
    ),
    "text of a rule": (
        ('fits: "{Format} usually takes', 'fits: "{Format} often takes'),
        (
            "questions.weeks.rule.texts.fits",
            "changed",
            "{Format} usually takes {typical}, within your {answer}.",
            "{Format} often takes {typical}, within your {answer}.",
        ),
    ),
    "question": (EXTRA, ("questions.extra", "added", "", "Extra?")),
    "option": (
        ("      - {id: east, label: The East}\n", ""),
        ("questions.country.options.east", "removed", "The East", ""),
    ),
    "most goals": (("    most: 3\n", "    most: 2\n"), ("questions.goals.most", "changed", "3", "2")),
    "values of frequencies": (
        ("sometimes: 50, rarely", "sometimes: 40, rarely"),
        (
            "frequency_values",
            "changed",
            "never 0, rarely 20, sometimes 50, usually 80, always 100",
            "never 0, rarely 20, sometimes 40, usually 80, always 100",
        ),
    ),
    "caution's test": (
        ("{question: permit, is: [visa, unsure]}", "{question: permit, is: [visa]}"),
        (
            "cautions.visa-rules.when",
            "changed",
            "question permit is visa; unsure; attribute permit is ask",
            "question permit is visa; attribute permit is ask",
        ),
    ),
    "next step, by its address": (
        ("text: Look at the northern list", "text: Read the northern list"),
        (
            "next_steps.https://example.org/north.text",
            "changed",
            "Look at the northern list",
            "Read the northern list",
        ),
    ),
    "source": (("kind: article", "kind: press"), ("sources.handbook.kind", "changed", "article", "press")),
    "derived quantity": (
        ("label: Hours in all\n    product", "label: All hours\n    product"),
        ("derived.total_hours.label", "changed", "Hours in all", "All hours"),
    ),
    "phrase of an attribute": (
        ("1: is rather shallow", "1: is shallowish"),
        ("attributes.depth.phrases.1", "changed", "is rather shallow", "is shallowish"),
    ),
    "title": (("title: Toy formats", "title: Toys"), ("title", "changed", "Toy formats", "Toys")),
}  # fmt: skip


@pytest.mark.parametrize(("swap", "expected"), EDITS.values(), ids=EDITS)
def test_an_edit_is_told_with_its_place_and_both_values(
    before: Catalog, swap: Swap, expected: tuple[str, str, str, str]
) -> None:
    (edit,) = catalog_diff(before, edited(swap)).edits
    assert (".".join(edit.place), edit.kind, edit.old, edit.new) == expected


@pytest.mark.parametrize("swap", [swap for swap, _ in EDITS.values()], ids=EDITS)
def test_a_single_edit_undone_gives_the_old_result(before: Catalog, swap: Swap) -> None:
    after = edited(swap)
    for person in random_people(without_question(before, "country"), 12, "revision"):
        effect = catalog_diff(before, after, person, person).effect
        assert effect is not None
        assert [cause.without for cause in effect.causes] == ([effect.old] if effect.moved else [])


def test_the_same_catalog_has_no_edits(shipped: Catalog) -> None:
    assert catalog_diff(shipped, shipped).edits == ()


def test_another_order_is_told_and_moves_nothing(before: Catalog) -> None:
    turned = replace(before, formats=dict(reversed(list(before.formats.items()))))
    diff = diff_for(before, turned, GOALS)
    (edit,) = diff.edits
    assert (edit.place, edit.kind) == (("formats",), "moved")
    assert (edit.old, edit.new) == (", ".join(before.formats), ", ".join(reversed(list(before.formats))))
    assert diff.effect is not None
    assert not diff.effect.moved


def test_labels_name_things_as_people_know_them(before: Catalog) -> None:
    swaps: list[Swap] = [SHALLOW, ("south: {min: 3 months", "south: {min: 2 months"), ("weight: 20", "weight: 25")]
    labels = [edit.label for edit in catalog_diff(before, edited(*swaps)).edits]
    assert labels == ["question Longest time, weight", "format Long, Length, in the South", "format Long, Depth"]


# --- whose result moved ----------------------------------------------------------------------------------------------


def test_scores_before_and_after_are_exact(before: Catalog) -> None:
    # The long one falls to 0.75 * 0.25 = 18.75, the short one to 0.75 * 0.25 + 0.25 * 0.75 = 37.5.
    effect = effect_for(before, edited(SHALLOW, SLOWER), GOALS)
    core = ("short", "middle", "long")
    assert [effect.old.standings[id].score for id in core] == [Fraction("43.75"), Fraction("43.75"), 75]
    assert [effect.new.standings[id].score for id in core] == [Fraction("37.5"), Fraction("43.75"), Fraction("18.75")]
    assert (effect.old.top, effect.new.top) == (("long",), ("middle",))


def test_each_edit_is_named_with_what_it_does_to_each_score(before: Catalog) -> None:
    depth, speed = effect_for(before, edited(SHALLOW, SLOWER), GOALS).causes
    assert (depth.edit.place[1], depth.differences, depth.restores_top) == ("long", {"long": Fraction("-56.25")}, True)
    # With the short one as fast as before it draws level with the middle; the long one does not come back.
    assert (speed.edit.place[1], speed.differences, speed.restores_top) == (
        "short",
        {"short": Fraction("-6.25")},
        False,
    )
    assert set(speed.without.top) == {"short", "middle"}


def test_where_each_edit_alone_is_enough_none_restores_the_top(before: Catalog) -> None:
    # The long one falls to 0.75 * 0.5 = 37.5, the middle rises to 0.75 + 0.0625 = 81.25: more than 75 as well.
    deeper = ("depth: {value: 2, low: 1, high: 3", "depth: {value: 4, low: 4, high: 4")
    diff = diff_for(before, edited((SHALLOW[0], "depth: {value: 2, basis"), deeper), GOALS)
    assert diff.effect is not None
    assert diff.effect.top_moved
    assert [cause.restores_top for cause in diff.effect.causes] == [False, False]
    assert "No single change moves the top: several do it together." in diff_text(diff, SCREEN)


def test_a_regional_edit_widens_or_narrows_what_holds_without_a_region(before: Catalog) -> None:
    # 100 days are enough for the 3 months of the South, which open the long one to people without a region.
    effect = effect_for(before, edited(("south: {min: 3 months", "south: {min: 5 months")), {"weeks": "100 days"})
    assert [each.standings["long"].eligibility for each in (effect.old, effect.new)] == ["unlikely", "blocked"]
    (cause,) = effect.causes
    assert cause.edit.place[-2:] == ("south", "value")
    assert cause.without == effect.old


def test_an_added_question_counts_for_those_who_answer_it(before: Catalog) -> None:
    after = edited(EXTRA)
    assert not effect_for(before, after, GOALS).moved
    # Weight 100 beside the goals' 100, whole for the middle alone: 43.75 / 2 + 50.
    effect = effect_for(before, after, GOALS, {**GOALS, "extra": "a"})
    assert effect.new.standings["middle"].score == Fraction("71.875")
    (cause,) = effect.causes
    assert cause.restores_top
    assert cause.differences == {
        "short": Fraction("-21.875"),
        "middle": Fraction("28.125"),
        "long": Fraction("-37.5"),
        "brief-middle": Fraction("28.125"),
    }


def test_a_removed_question_counts_for_those_who_had_answered_it(before: Catalog) -> None:
    effect = effect_for(edited(EXTRA), before, {**GOALS, "extra": "a"}, GOALS)
    (cause,) = effect.causes
    assert (effect.old.top, effect.new.top, cause.restores_top) == (("middle",), ("long",), True)


def test_a_removed_goal_or_option_takes_its_answer_along(before: Catalog) -> None:
    after = edited(("      soon: {label: A skill soon, attribute: speed}\n", ""))
    effect = effect_for(before, after, {"goals": ["soon"], "wage": "preferred"}, {"wage": "preferred"})
    assert (effect.old.top, effect.new.top) == (("short",), ("long",))


@pytest.mark.parametrize("gone", ["short", "long", "brief-middle"])
def test_a_format_added_or_removed_is_undone_whole(before: Catalog, gone: str) -> None:
    fewer = without_format(before, gone)
    for old, new in ((before, fewer), (fewer, before)):
        effect = effect_for(old, new, {**GOALS, "weeks": 100})
        assert [cause.without for cause in effect.causes] == [effect.old]


def test_edits_that_make_no_sense_alone_are_passed_over(before: Catalog) -> None:
    renamed = parse_catalog(TEXT.replace("mixed", "both").encode(), "edited.yaml")
    diff = diff_for(before, renamed, {**GOALS, "place": "site_required"})
    assert len(diff.edits) > 3
    assert diff.effect is not None
    assert not diff.effect.moved


# --- a catalog with less ---------------------------------------------------------------------------------------------


def test_a_variant_keeps_what_it_took_over_from_a_removed_format(before: Catalog) -> None:
    answers = parse_answers(before, {**GOALS, "wage": "required", "weeks": 3})
    left = outcome(without_format(before, "middle"), answers).standings
    assert left["brief-middle"] == outcome(before, answers).standings["brief-middle"]
    assert set(left) == {"short", "long", "brief-middle"}


def test_a_removed_question_takes_what_is_worked_out_from_it_along(before: Catalog) -> None:
    fewer = without_question(before, "weeks")
    assert "weeks" not in fewer.questions
    assert fewer.derived == {}
    assert without_question(before, "wage").derived == before.derived


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_text_names_changes_results_and_causes(before: Catalog) -> None:
    text = finished(diff_text(diff_for(before, edited(SHALLOW, SLOWER, EXTRA), GOALS), SCREEN), False)
    lines = text.splitlines()
    assert lines[0] == "Toy formats 1 to Toy formats 1: 3 changes"
    assert "+ Question Extra: new: Extra?" in lines
    assert "~ Format Long, Depth: 4 -> 1" in lines
    assert "For this person the top moves from Long to Middle." in lines
    assert "  Long: 75.0 points, rank 1 (fits) -> 18.8 points, rank 3 (fits)" in lines
    assert "  Format Long, Depth: Long -56.2; without it the old top comes back" in lines
    assert "  Format Short, Speed: Short -6.2" in lines
    assert max(map(len, lines)) <= SCREEN.columns


def test_the_text_says_where_nothing_moves(before: Catalog) -> None:
    text = diff_text(diff_for(before, edited(("title: Toy formats", "title: Toys")), GOALS), SCREEN)
    assert "For this person nothing moves; top: Long." in text


def test_the_data_round_to_one_decimal(before: Catalog) -> None:
    data = json.loads(json.dumps(diff_data(diff_for(before, edited(SHALLOW), GOALS))))
    assert data["changes"] == [
        {
            "place": "formats.long.attributes.depth.value",
            "label": "format Long, Depth",
            "kind": "changed",
            "old": "4",
            "new": "1",
        }
    ]
    assert data["effect"]["old"]["formats"]["long"] == {"score": 75.0, "rank": 1, "eligibility": "fits"}
    # Halves up: 18.75 is shown as 18.8, and -56.25 as -56.2.
    assert data["effect"]["new"]["formats"]["long"]["score"] == 18.8
    assert data["effect"]["causes"][0]["differences"] == {"long": -56.2}
    assert recommend(before, GOALS).top == tuple(data["effect"]["causes"][0]["top_without"])


def test_without_a_person_only_the_changes_are_told(before: Catalog) -> None:
    diff = catalog_diff(before, edited(SHALLOW))
    assert diff.effect is None
    assert "effect" not in diff_data(diff)
    assert "For this person" not in diff_text(diff, SCREEN)

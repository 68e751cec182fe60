"""Sentences about changes: in words that a person would use, never in odd days."""

from __future__ import annotations

import pytest

from formatpicker import Catalog, recommend
from formatpicker.output.text.person_document import MOST_FACTOR, reasoning
from formatpicker.output.text.sentences import certainty_words, change_words, flip_words, what_if_words


@pytest.mark.parametrize(
    ("weeks", "back_at", "text"),
    [
        pytest.param("18 months", 731, "less than 2 years", id="the next round time on the way back changes nothing"),
        pytest.param("7 months", 244, "less than 8 months", id="months"),
        pytest.param("3 months", None, "3 months", id="not all that is shorter does"),
        pytest.param("11 months", 1096, "11 months or less", id="the present answer is the next on the way back"),
        pytest.param("4 years", 1096, "at least 4 years", id="longer"),
        pytest.param("13 weeks", None, "3 months", id="months, however they are written"),
    ],
)
def test_a_time_is_told_with_all_beyond_it(toy: Catalog, weeks: str, back_at: int | None, text: str) -> None:
    recommendation = recommend(toy, {"goals": ["deep"], "weeks": "3 years"})
    words = change_words(recommendation, {"weeks": weeks}, back_at)
    assert words == f"Longest time: {text} instead of 3 years"


def test_a_time_that_was_not_answered(toy: Catalog) -> None:
    recommendation = recommend(toy, {"goals": ["deep"]})
    words = change_words(recommendation, {"weeks": "7 months"}, 244)
    assert words == "Longest time: less than 8 months (not answered so far)"


@pytest.mark.parametrize(("region", "general"), [("other", True), ("uk", False), (None, False)])
def test_sources_that_are_not_of_the_country_that_was_named_are_called_general(
    shipped: Catalog, region: str | None, general: bool
) -> None:
    found = recommend(shipped, {"goals": ["employment"], "weeks": "3 years", "hours_per_week": 40, "region": region})
    assert ("none for your country alone" in certainty_words(found)[-1]) is general


def test_what_would_have_to_matter_many_times_as_much_is_left_out(shipped: Catalog) -> None:
    recommendation = recommend(shipped, {"goals": ["expertise", "resume"], "weeks": "3 years", "situation": "employed"})
    far = [flip_words(each) for each in recommendation.flip_points if each.factor > MOST_FACTOR]
    assert far
    assert not [text for text in far if text in str(reasoning(recommendation))]


@pytest.mark.parametrize(
    ("goals", "text"),
    [
        (["income", "explore", "employment"], 'Goals: "Steady earnings" first, before "Try out roles or industries"'),
        (["explore", "employment"], 'Goals: without "Steady earnings"'),
        (
            ["explore", "income", "employment", "balance"],
            'Goals: "Fits beside study, work or family" as well, as the last one',
        ),
        # Whatever else: both lists.
        (
            ["explore", "balance"],
            "Goals: Try out roles or industries, Fits beside study, work or family instead of "
            "Try out roles or industries, Steady earnings, A path into a permanent job",
        ),
    ],
)
def test_a_change_of_goals_says_which_one_moves(shipped: Catalog, goals: list[str], text: str) -> None:
    given = recommend(shipped, {"goals": ["explore", "income", "employment"]})
    assert change_words(given, {"goals": goals}) == text


def test_how_sure_speaks_of_the_weights_tried_and_not_of_other_goals(shipped: Catalog) -> None:
    """Another order of the goals moves this first place, so that it does not stand whatever matters more."""
    found = recommend(shipped, {"goals": ["explore", "employment"], "weeks": 20, "hours_per_week": 20})
    assert "goals" in found.what_ifs[0].change
    assert certainty_words(found)[0] == "Mostly still first if your answers count double or half."
    assert what_if_words(found, found.what_ifs)[0].endswith("Then an internship comes first.")


def test_what_is_too_close_to_call_is_no_surer_after_a_change(shipped: Catalog) -> None:
    found = recommend(shipped, {"goals": ["resume", "quick_skills"]})
    assert found.certainty.call == "too_close"
    assert all(text.endswith(" would be ahead on points.") for text in what_if_words(found, found.what_ifs))

"""Sentences about changes: in words that a person would use, never in odd days."""

from __future__ import annotations

import pytest

from formatpicker import Catalog, recommend
from formatpicker.output.text.reasoning import MOST_FACTOR, reasoning
from formatpicker.output.text.sentences import change_words, flip_words


@pytest.mark.parametrize(
    ("days", "text"),
    [
        pytest.param(730, "less than 2 years", id="104 weeks and 2 days, a day below 2 years"),
        pytest.param(243, "less than 8 months", id="34 weeks and 5 days, a day below 8 months"),
        pytest.param(13, "13 days", id="a day below 2 weeks, and as plain"),
        pytest.param(84, "12 weeks", id="plain as it is"),
        pytest.param(244, "8 months", id="plain, and no shorter with a day more"),
        pytest.param(100, "14 weeks and 2 days", id="below nothing plain"),
        pytest.param(1461, "4 years", id="longer"),
        pytest.param(1460, "208 weeks and 4 days", id="longer, a day below a plain one"),
    ],
)
def test_a_shorter_time_is_told_by_what_it_stays_below(toy: Catalog, days: int, text: str) -> None:
    recommendation = recommend(toy, {"goals": ["deep"], "weeks": "3 years"})
    assert change_words(recommendation, {"weeks": days}) == f"Longest time: {text} instead of 3 years"


def test_a_time_that_was_not_answered_is_told_as_it_is(toy: Catalog) -> None:
    recommendation = recommend(toy, {"goals": ["deep"]})
    assert change_words(recommendation, {"weeks": 243}) == "Longest time: 34 weeks and 5 days (not answered so far)"


def test_what_would_have_to_matter_many_times_as_much_is_left_out(shipped: Catalog) -> None:
    recommendation = recommend(shipped, {"goals": ["expertise", "resume"], "weeks": "3 years", "situation": "employed"})
    far = [flip_words(each) for each in recommendation.flip_points if each.factor > MOST_FACTOR]
    assert far
    assert not [text for text in far if text in str(reasoning(recommendation))]

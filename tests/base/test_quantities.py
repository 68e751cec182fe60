"""Numbers in words, ranges, and numbers among other words."""

from __future__ import annotations

import pytest

from formatpicker.base.durations import digits_first, lone_number
from formatpicker.scoring.doubt import range_ends


@pytest.mark.parametrize(
    ("written", "digits"), [("ten hours", "10 hours"), ("Sixty", "60"), ("10 hours", "10 hours"), ("tender", "tender")]
)
def test_a_number_in_words_becomes_digits(written: str, digits: str) -> None:
    assert digits_first(written) == digits


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("6-8 weeks", ("6 weeks", "8 weeks")),
        ("6 weeks - 2 months", ("6 weeks", "2 months")),
        ("6 \u2013 8", ("6", "8")),
        ("between 2 and 3 months", ("2 months", "3 months")),
        ("10 to 15 hours a week", ("10 hours a week", "15 hours a week")),
        ("a week or two", ("a week", "two week")),
        ("8 weeks", ()),
        ("", ()),
    ],
)
def test_a_range_has_two_ends_with_the_unit_of_either(written: str, ends: tuple[str, ...]) -> None:
    assert range_ends(written) == ends


@pytest.mark.parametrize(
    ("written", "number"), [("about 20h", "20"), ("~20", "20"), ("ten or so", "10"), ("10 of 20", ""), ("many", "")]
)
def test_the_only_number_in_a_text(written: str, number: str) -> None:
    assert lone_number(written) == number

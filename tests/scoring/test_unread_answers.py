"""What may be meant by an answer that cannot be read."""

from __future__ import annotations

import pytest

from formatpicker.scoring.unread_answers import range_ends


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

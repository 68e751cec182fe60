"""Durations: a day is 1/7 week, a month 1/12 of 365.25 days; whole days, halves up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formatpicker.base.durations import (
    counted,
    digits_first,
    duration_text,
    duration_words,
    lone_number,
    nearest_duration,
    parse_days,
    weeks_number,
)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("1 day", 1),
        ("3 days", 3),
        ("2 weeks", 14),
        ("1 month", 30),  # 365.25 / 12 = 30.4375
        ("3 months", 91),  # 91.3125
        ("6 months", 183),  # 182.625
        ("8 months", 244),  # 243.5, halves go up
        ("18 months", 548),  # 547.875
        ("1 year", 365),  # 365.25
        ("2 years", 731),  # 730.5, halves go up
        ("1.5 years", 548),  # 547.875, the same as 18 months
        ("0,5 weeks", 4),  # 3.5, with a comma
        ("4", 28),  # a bare number is weeks, as text too
        (" 3  Days ", 3),
        ("2WEEKS", 14),
        ("2 wk", 14),
        ("2 wks.", 14),
        ("1 yr", 365),
        ("a week", 7),
        ("one month", 30),
        ("two weeks", 14),
        ("half a year", 183),  # 182.625
        ("a year and a half", 548),  # 547.875
        ("two and a half months", 76),  # 76.09
        ("a week and a half", 11),  # 10.5, halves go up
        ("2 years 3 months", 822),  # 730.5 + 91.3125 = 821.8
        ("1y 6mo", 548),
        ("1 year, 6 months", 548),
        ("a year and half a month", 380),  # 365.25 + 15.2
        ("6 weeks and 5 days", 47),
        ("8 Wochen", 56),
        ("2 Jahre und 3 Monate", 822),
        ("3 mois", 91),
        ("1 an", 365),
        (4, 28),
        (0.14, 1),  # 0.98
        (0.5, 4),  # 3.5
        (0, 0),
        (34.86, 244),  # what 8 months are written as
    ],
    ids=repr,
)
def test_parse_days(written: float | str, days: int) -> None:
    assert parse_days(written) == days


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "3 fortnights",
        "weeks",
        "-2 weeks",
        "2 weeks 3 weeks",  # two lengths are no sum
        "2 weeks 3 months",
        "3 days and 2 weeks",
        "3 months, 12 weeks",  # 12 weeks are more than a month, so they are another answer
        "4 weeks, 8 weeks, 12 weeks",
        "6-8 weeks",
        "6 weeks and",
        "2 years and 6",
        "a",
        "half",
        "1e3 weeks",
        "٣ fortnights",
        float("nan"),
        float("inf"),
    ],
    ids=repr,
)
def test_what_is_no_duration_is_none(written: float | str) -> None:
    assert parse_days(written) is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("6", "6 weeks"),
        ("3 Months", "3 months"),
        ("1,5 yr", "1.5 years"),
        ("a year and a half", "1.5 years"),
        ("2 years 3 months", "2 years 3 months"),
        ("soon", ""),
    ],
)
def test_a_duration_keeps_the_units_it_was_written_in(written: str, words: str) -> None:
    assert duration_words(written) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("six wekes", "6 weeks"),
        ("about 3 monts", "3 months"),
        ("~20 weeks", "20 weeks"),
        ("20 hours", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_the_nearest_duration_mends_units_and_leaves_words_out(written: str, words: str) -> None:
    assert nearest_duration(written) == words


@pytest.mark.parametrize(
    ("days", "weeks"),
    [(0, 0), (1, 0.14), (3, 0.43), (7, 1), (14, 2), (30, 4.29), (244, 34.86), (365, 52.14)],
)
def test_weeks_have_two_decimals_and_whole_ones_none(days: int, weeks: float) -> None:
    assert repr(weeks_number(days)) == repr(weeks)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (1, "1 day"),
        (3, "3 days"),
        (7, "1 week"),
        (14, "2 weeks"),
        (30, "1 month"),
        (84, "12 weeks"),
        (244, "8 months"),
        (365, "12 months"),
        (731, "2 years"),
        (10, "10 days"),
    ],
)
def test_duration_text(days: int, text: str) -> None:
    assert duration_text(days) == text


@given(st.integers(0, 3640))
def test_what_is_written_reads_back(days: int) -> None:
    assert parse_days(weeks_number(days)) == days
    assert parse_days(duration_text(days)) == days


@pytest.mark.parametrize(("count", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1.5, "1.5 days")])
def test_counted(count: float, text: str) -> None:
    assert counted(count, "day") == text


@pytest.mark.parametrize(
    ("written", "digits"), [("ten hours", "10 hours"), ("Sixty", "60"), ("10 hours", "10 hours"), ("tender", "tender")]
)
def test_a_number_in_words_becomes_digits(written: str, digits: str) -> None:
    assert digits_first(written) == digits


@pytest.mark.parametrize(
    ("written", "number"), [("about 20h", "20"), ("~20", "20"), ("ten or so", "10"), ("10 of 20", ""), ("many", "")]
)
def test_the_only_number_in_a_text(written: str, number: str) -> None:
    assert lone_number(written) == number

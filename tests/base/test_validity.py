"""What is told of a fact's dates, on a day and in what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from formatpicker import Catalog, recommend
from formatpicker.base.terminal import Screen, finished
from formatpicker.base.validity import NO_DATES, Validity, today, validity_words, with_validity
from formatpicker.errors import AnswerError
from formatpicker.output.json.person import recommendation_data
from formatpicker.output.text.catalog import format_page
from formatpicker.output.text.screen import details, summary

RATE = Validity("2026-04-01", "2027-03-31", amount=True)
EXPIRED = "rate of 2026; look up the current rate"

WORDS: dict[str, tuple[Validity, str | None, str]] = {
    "within": (RATE, "2026-11-25", "rate of 2026"),
    "on its last day": (RATE, "2027-03-31", "rate of 2026"),
    "a day later": (RATE, "2027-04-01", EXPIRED),
    "to the end of a year": (replace(RATE, valid_to="2026"), "2026-12-31", "rate of 2026"),
    "after that year": (replace(RATE, valid_to="2026"), "2027-01-01", EXPIRED),
    "to the end of a month": (replace(RATE, valid_to="2026-12"), "2027-01-01", EXPIRED),
    "no day": (RATE, None, "rate of 2026, valid to 2027-03-31"),
    "no amount": (replace(RATE, amount=False), "2027-04-01", "rule of 2026; look up the current rule"),
    "without an end": (replace(RATE, valid_to=""), "2040-01-01", "rate of 2026"),
    "a rule without an end": (Validity("2026-04-01"), "2040-01-01", ""),
    "an end alone": (replace(RATE, valid_from=""), "2026-11-25", "rate of 2027"),
    "dates that are none": (Validity("spring", "summer"), "2026-11-25", ""),
    "no dates": (NO_DATES, "2026-11-25", ""),
}


@pytest.mark.parametrize(("validity", "day", "words"), WORDS.values(), ids=WORDS)
def test_the_words_for_dates(validity: Validity, day: str | None, words: str) -> None:
    assert validity_words(validity, day) == words
    assert with_validity("8.00 an hour", validity, day) == (f"8.00 an hour ({words})" if words else "8.00 an hour")


def test_the_day_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMATPICKER_TODAY", "2031-02-03")
    assert today() == "2031-02-03"


@pytest.mark.parametrize(
    "given",
    ["today", "2026-13-01", "2026-02-31", "9999-12-31", "\u0662\u0660\u0662\u0666-01-01", "2026", "2026-11-25 "],
)
def test_a_day_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("FORMATPICKER_TODAY", given)
    with pytest.raises(AnswerError, match=r"FORMATPICKER_TODAY.*not a date"):
        today()


@pytest.fixture(scope="module")
def dated(toy: Catalog) -> Catalog:
    """The toy catalog with a rate of 2026 as every caution and as what the short one pays."""
    short = toy.formats["short"]
    wage = short.attributes["wage"]
    paid = replace(wage, general=replace(wage.general, valid_from="2026-04-01", valid_to="2027-03-31"))
    return replace(
        toy,
        cautions=tuple(replace(each, validity=RATE) for each in toy.cautions),
        attributes={**toy.attributes, "wage": replace(toy.attributes["wage"], amount=True)},
        formats={**toy.formats, "short": replace(short, attributes={**short.attributes, "wage": paid})},
    )


# The short one comes first, and needs permission on a visa.
WARNED: dict[str, Any] = {"goals": ["soon"], "permit": "visa", "country": "north"}


@pytest.mark.parametrize(("day", "told"), [("2027-03-31", "(rate of 2026)"), ("2027-04-01", f"({EXPIRED})")])
def test_screens_tell_the_dates_of_the_day(dated: Catalog, day: str, told: str) -> None:
    screen = Screen(100, 60, today=day)
    recommendation = recommend(dated, WARNED)
    page = format_page(dated, dated.formats["short"], screen)
    for text in (summary(recommendation, screen), details(recommendation, screen), page):
        assert told in " ".join(finished(text, False).split())


def test_data_are_the_same_on_every_day(dated: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for day in ("2026-01-01", "2030-01-01"):
        monkeypatch.setenv("FORMATPICKER_TODAY", day)
        found.append(recommendation_data(recommend(dated, WARNED)))
    assert found[0] == found[1]
    assert "(rate of 2026, valid to 2027-03-31)" in str(found[0])


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-11-21", "8.00 an hour in 2026"),
        ("2027-06-01", "8.00 an hour in 2026 (look up the current rate)"),
        (None, "8.00 an hour in 2026 (valid to 2027-03-31)"),
    ],
)
def test_a_year_that_the_text_names_is_not_said_twice(day: str | None, shown: str) -> None:
    assert with_validity("8.00 an hour in 2026", Validity("2026-04-01", "2027-03-31", amount=True), day) == shown

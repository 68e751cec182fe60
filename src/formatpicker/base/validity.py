"""Dates of facts, and what a person is told of them. Dates are texts: YYYY, YYYY-MM or YYYY-MM-DD.

``today`` is the one place where the day enters. Screens and the audit ask it; JSON and pages that are kept never do, so
that the same answers give the same bytes on every day and machine.
"""

from __future__ import annotations

import os
import re
import time

from msgspec import Struct

from formatpicker.errors import AnswerError

TODAY_VARIABLE = "FORMATPICKER_TODAY"

# Compiled by ``re`` when a date first needs them.
_DATE = r"\d{4}(-\d{2}){0,2}"
_YEAR = r"\w+ of (\d{4})(?:[,;] )?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LAST_YEAR = 9000


class Validity(Struct, frozen=True):
    """From when and until when a fact holds; both may be empty. ``amount``: it is a rate, and else a rule."""

    valid_from: str = ""
    valid_to: str = ""
    amount: bool = False


NO_DATES = Validity()


def today() -> str:
    """The day, YYYY-MM-DD: that of the environment variable FORMATPICKER_TODAY, else the clock's.

    Raises:
        AnswerError: The variable holds no date.
    """
    return checked_day(os.environ.get(TODAY_VARIABLE) or time.strftime("%Y-%m-%d"), TODAY_VARIABLE)


def checked_day(given: str, name: str) -> str:
    """A day that the calendar has and years can be added to, as it was given under a name.

    Raises:
        AnswerError: It is none.
    """
    from datetime import date

    try:
        if re.fullmatch(_DAY, given) and date.fromisoformat(given).year <= _LAST_YEAR:
            return given
    except (TypeError, ValueError):
        pass
    raise AnswerError(name, given, "not a date; write it as 2026-11-21, or leave it out")


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day."""
    return bool(re.fullmatch(_DATE, text))


def end_of(date: str) -> str:
    """The last day that a year, a month or a day can mean; only compared, so that every month may have 31."""
    return date + "-12-31"[len(date) - 4 :]


def validity_words(validity: Validity, day: str | None) -> str:
    """What is said of a fact's dates: ``rate of 2026``; once it has run out, to look up the current one.

    A rule without an end is said to hold, and its dates are not told.

    Args:
        validity: The dates.
        day: The day of reading, YYYY-MM-DD. None for JSON and pages that are kept: the end is told instead.
    """
    noun, start, end = "rate" if validity.amount else "rule", validity.valid_from, validity.valid_to
    year = f"{noun} of {(start if is_date(start) else end)[:4]}"
    if not is_date(end):
        return year if validity.amount and is_date(start) else ""
    if day is None:
        return f"{year}, valid to {end}"
    return f"{year}; look up the current {noun}" if end_of(end) < day else year


def with_validity(text: str, validity: Validity, day: str | None) -> str:
    """A text with its dates behind it, where it has any: ``at least 8.00 an hour (rate of 2026)``.

    A year that the text names already is not said twice.
    """
    words = validity_words(validity, day)
    told = re.match(_YEAR, words)
    if told and re.search(rf"\b{told[1]}\b", text):
        words = words[told.end() :]
    return f"{text} ({words})" if words else text

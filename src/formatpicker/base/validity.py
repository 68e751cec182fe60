"""Dates of facts as texts, and what a person is told of them. Dates are YYYY, YYYY-MM or YYYY-MM-DD.

``today`` is the one place where a day enters: screens and the audit ask it. JSON and pages that are kept never do, so
the same answers give the same bytes on every day and machine.
"""

from __future__ import annotations

import os
import re

TODAY_VARIABLE = "FORMATPICKER_TODAY"
RATE, RULE = "rate", "rule"

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


def today() -> str:
    """The day, YYYY-MM-DD: that of the environment variable FORMATPICKER_TODAY, else the clock's.

    Raises:
        ValueError: The variable holds no date.
    """
    from datetime import date

    given = os.environ.get(TODAY_VARIABLE)
    return (date.fromisoformat(given) if given else date.today()).isoformat()


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day."""
    return bool(_DATE.fullmatch(text))


def end_of(date: str) -> str:
    """The last day that a year, a month or a day can mean; only compared, so that every month may have 31."""
    return date + "-12-31"[len(date) - 4 :]


def validity_words(noun: str, valid_from: str, valid_to: str, day: str | None) -> str:
    """What is said of a fact's dates: ``rate of 2026``; once it has run out, to look up the current one.

    Args:
        noun: ``rate`` for an amount, ``rule`` for anything else.
        valid_from: Since when it holds; empty where that is not known.
        valid_to: The last day, month or year in which it holds; empty for one without an end.
        day: The day of reading (YYYY-MM-DD); None where it is not known, as in a page that is kept: then the end
            is told instead.
    """
    if not valid_from and not valid_to:
        return ""
    start = f"{noun} of {(valid_from or valid_to)[:4]}" if valid_to else f"since {valid_from[:4]}"
    if not valid_to or not is_date(valid_to):
        return start
    if day is None:
        return f"{start}, valid to {valid_to}"
    return f"{start}; look up the current {noun}" if end_of(valid_to) < day else start

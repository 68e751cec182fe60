"""Durations: text and numbers to whole days and back. One conversion for answers and catalog alike.

A day is 1/7 week, a month 1/12 of a year of 365.25 days; results are rounded to whole days, halves up.
The factors are exact in binary, so "8 months" is 244 days on every machine.
"""

from __future__ import annotations

import math
import re

DAYS_PER_WEEK = 7
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_MOST_WEEKS = 1e9
_SHORT = {"d": "day", "w": "week", "wk": "week", "mo": "month", "y": "year", "yr": "year"}
_QUANTITY = re.compile(r"\s*(\d{1,9}(?:[.,]\d{1,9})?|[.,]\d{1,9})\s*([a-z]*)\.?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*,\s+(?:and\s+)?|\s+and\s+", re.IGNORECASE)
# No time at all, as a person says it of a start.
TODAY = "today"
_ARTICLE = re.compile(r"^\s*(?:an?|one)\s+", re.IGNORECASE)


def parse_days(value: int | float | str) -> int | None:
    """Whole days in a duration: a bare number is weeks, text may carry a unit. None where it is not a duration."""
    if isinstance(value, str):
        return _parse_text(value)
    return _rounded(value * _DAYS["week"]) if abs(value) < _MOST_WEEKS else None


def _parse_text(text: str) -> int | None:
    """One quantity, or several with their units: ``8 months``, ``6 weeks and 5 days``, ``1 year, 6 months``.

    ``today`` is no time at all.
    """
    if text.strip().lower() == TODAY:
        return 0
    parts = _BETWEEN.split(_ARTICLE.sub("1 ", text).strip())
    days = [_quantity(part, bare=len(parts) == 1) for part in parts]
    return None if None in days else _rounded(sum(each for each in days if each is not None))


def _quantity(text: str, bare: bool) -> float | None:
    match = _QUANTITY.fullmatch(text)
    if not match or not (match[2] or bare):
        return None
    word = match[2].lower() or "week"
    unit = _SHORT.get(word) or _SHORT.get(word.removesuffix("s")) or word.removesuffix("s")
    return float(match[1].replace(",", ".")) * _DAYS[unit] if unit in _DAYS else None


def _rounded(days: float) -> int:
    return math.floor(days + 0.5)


def round_days(most: int) -> list[int]:
    """The durations that are proposed to people, up to some days.

    No time at all, whole days below a week, whole weeks below eight, whole months below a year, then half years.
    """
    weeks = [DAYS_PER_WEEK * count for count in range(1, 8)]
    months = [_rounded(count * _DAYS["month"]) for count in (*range(2, 12), *range(12, 12 + most // 30, 6))]
    return [days for days in (*range(DAYS_PER_WEEK), *weeks, *months) if days <= most]


def weeks_number(days: int) -> int | float:
    """Days as weeks with two decimals, as answers write them; reading it back gives the same days."""
    weeks = round(days / DAYS_PER_WEEK, 2)
    return int(weeks) if weeks == int(weeks) else weeks


def duration_text(days: int) -> str:
    """Days in the words a person would use: ``3 days``, ``6 weeks``, ``8 months``, ``3 years``."""
    if days % DAYS_PER_WEEK == 0 and 0 < days <= _DAYS["year"] / 2:
        return counted(days // DAYS_PER_WEEK, "week")
    for unit, least in (("year", 2), ("month", 1)):
        count = round(days / _DAYS[unit])
        if count >= least and _rounded(count * _DAYS[unit]) == days:
            return counted(count, unit)
    weeks, rest = divmod(days, DAYS_PER_WEEK)
    if weeks < 2:
        return counted(days, "day")
    return f"{counted(weeks, 'week')} and {counted(rest, 'day')}" if rest else counted(weeks, "week")


def round_text(days: int) -> str:
    """A duration that is proposed, in the words of ``round_days``: 91 days are ``3 months``, not ``13 weeks``."""
    months = round(days / _DAYS["month"])
    if 2 <= months < 24 and _rounded(months * _DAYS["month"]) == days:
        return counted(months, "month")
    return duration_text(days)


def counted(count: int | float, noun: str) -> str:
    """A number with its noun: ``1 day``, ``2 days``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

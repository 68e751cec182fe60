"""Dates that a spreadsheet has made of what somebody typed: ``3-4`` hours, or ``1.5`` weeks in a German sheet."""

from __future__ import annotations

import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar janv january janvier",
            "feb februar févr fevr february février",
            "mar mär mrz märz mars march",
            "apr april avr avril",
            "may mai",
            "jun juni june juin",
            "jul juli july juil juillet",
            "aug august août aout",
            "sep sept september septembre",
            "oct okt oktober october octobre",
            "nov november novembre",
            "dec dez dezember december déc décembre",
        ),
        1,
    )
    for name in names.split()
}
_NAMED = re.compile(r"(\d{1,2})[-./ ]+([^\W\d]{3,9})\.?|([^\W\d]{3,9})\.?[-./ ]+(\d{1,4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_WRITTEN = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})")
# What was typed becomes a date of the year it was typed in; an earlier one is a date of birth.
_FIRST_YEAR = 2020
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?", re.IGNORECASE)


def excel_date(text: str) -> str:
    """What to say of a text that is a date or a time of day where a number belongs; empty where it is neither."""
    day_and_month = _day_and_month(text.strip())
    if day_and_month:
        day, month = day_and_month
        return (
            f"is a date: Excel makes one of {month}-{day} (or {day}.{month}); type it again as text, or as one number"
        )
    if _TIME.fullmatch(text.strip()):
        return "is a time of day: Excel makes one of what is typed with a colon; type it again as one number"
    return ""


def _day_and_month(text: str) -> tuple[int, int] | None:
    iso, written, named = _ISO.fullmatch(text), _WRITTEN.fullmatch(text), _NAMED.fullmatch(text)
    if iso and int(iso[1]) >= _FIRST_YEAR:
        return int(iso[3]), int(iso[2])
    if written and (len(written[4]) == 2 or int(written[4]) >= _FIRST_YEAR):  # Americans write the month first
        first, second = int(written[1]), int(written[3])
        return (first, second) if written[2] == "." else (second, first)
    if named:
        month = _MONTHS.get((named[2] or named[3]).casefold())
        return (int(named[1] or named[4]) % 100, month) if month else None
    return None

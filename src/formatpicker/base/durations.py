"""Durations: text and numbers to whole days and back, by one conversion for answers and catalog; numbers in words.

A day is 1/7 week, a month 1/12 of a year of 365.25 days; results are rounded to whole days, halves up.
The factors are exact in binary, so "8 months" is 244 days on every machine.
"""

from __future__ import annotations

import math
import re

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {**{word: at for at, word in enumerate(_ONES, 1)}, "a": 1, "an": 1}
NUMBERS |= {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_NUMBER_WORD = r"(?i)\s*([a-z]+)\b"
_DIGITS = r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)"
DAYS_PER_WEEK = 7
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_UNITS = {
    **{form: unit for unit in _DAYS for form in (unit, f"{unit}s")},
    **dict.fromkeys(("w", "wk", "wks"), "week"),
    **dict.fromkeys(("mo", "mos", "mth", "mths"), "month"),
    **dict.fromkeys(("y", "yr", "yrs"), "year"),
    "d": "day",
}
_SPELLED = frozenset(_UNITS)
# German and French, as forms in these languages are filled in. No misspelling is taken for one: hours are no jours.
_UNITS |= {
    **dict.fromkeys(("tag", "tage", "tagen", "jour", "jours"), "day"),
    **dict.fromkeys(("woche", "wochen", "semaine", "semaines"), "week"),
    **dict.fromkeys(("monat", "monate", "monaten", "mois"), "month"),
    **dict.fromkeys(("jahr", "jahre", "jahren", "an", "ans", "année", "années"), "year"),
}
_HALF = 0.5
# What counts only before a unit.
_BARELY = ("a", "an", "half")
_MOST_WEEKS = 1e9
_TOKEN = r"\d{1,9}(?:[.,]\d{1,9})?|[.,]\d{1,9}(?!\d)|[^\W\d_]+|\S"
_IN_HOURS = r"(?i)\d{1,4}(?:[.,]\d)?\s*(?:h|hrs?|hours?|std|stunden?|heures?)\b.{0,40}"
# No time at all, as a person says it of a start.
TODAY = "today"


def parse_days(value: int | float | str) -> int | None:
    """Whole days in a duration: a bare number is weeks, text may carry a unit. None where it is not a duration.

    ``today`` is no time at all.
    """
    if isinstance(value, str):
        if value.strip().lower() == TODAY:
            return 0
        found = _quantities(value)
        return None if found is None else _rounded(sum(number * _DAYS[unit or "week"] for number, unit in found))
    return _rounded(value * _DAYS["week"]) if abs(value) < _MOST_WEEKS else None


def is_in_hours(value: object) -> bool:
    """Whether a text gives a number of hours, which are no unit of a duration here."""
    return isinstance(value, str) and re.fullmatch(_IN_HOURS, value.strip()) is not None


def is_time_unit(word: str) -> bool:
    """Whether a word, in small letters, is a unit of a duration."""
    return word in _UNITS


def duration_words(text: str) -> str:
    """A duration in the units in which it was written, with its numbers in digits: ``1.5 years``, ``2 weeks``.

    Empty where it is not a duration. Half a year is ``6 months``.
    """
    return " ".join(_quantity_words(number, unit or "week") for number, unit in _quantities(text) or ())


def _quantity_words(number: float, unit: str) -> str:
    if unit == "year" and number < 1 and (months := 12 * number) == int(months):
        number, unit = months, "month"
    return counted(int(number) if number == int(number) else number, unit)


def nearest_duration(text: str) -> str:
    """The duration that a text is closest to: misspelled units mended, other words left out. Empty if there is none."""
    from difflib import get_close_matches

    known = {*_SPELLED, *NUMBERS, "half", "and"}
    found: list[str] = []
    for word in re.findall(_TOKEN, text.casefold()[:100]):
        if word in known or word[-1].isdecimal():
            found.append(word)
        elif word.isalpha():
            near = get_close_matches(word, known, 1, 0.7)
            if not near and found and found[-1][-1].isdecimal():
                return ""  # a number of something else
            found += near
    return duration_words(" ".join(found))


def _quantities(text: str) -> list[tuple[float, str]] | None:
    """The numbers of a duration with their units; None where it is not one.

    One quantity, or several with their units: ``8 months``, ``6 weeks and 5 days``, ``2 years 3 months``, ``half a
    year``, ``a year and a half``. Each part is less than one unit of the part before it: two lengths side by side are
    no sum. The unit of a single one may be missing.
    """
    tokens = re.findall(_TOKEN, text.casefold())
    found: list[tuple[float, str]] = []
    at = 0
    while at < len(tokens):
        read = _quantity(tokens, at)
        if read is None:
            return None
        number, unit, at = read
        if found and not _is_rest(number, unit, found[-1][1]):
            return None
        found.append((number, unit))
        at = _past_joint(tokens, at)
    return found if found and (len(found) == 1 or all(unit for _, unit in found)) else None


def _is_rest(number: float, unit: str, before: str) -> bool:
    """Whether a part is less than one unit of the part before it, as 6 months are behind years."""
    return bool(unit and before) and _DAYS[unit] < _DAYS[before] and number * _DAYS[unit] < _DAYS[before]


def _past_joint(tokens: list[str], at: int) -> int:
    """The place behind a comma, an "and" or both; one at the very end is kept."""
    start = at
    at += at < len(tokens) and tokens[at] == ","
    at += at < len(tokens) and tokens[at] in ("and", "und", "et")
    return at if at < len(tokens) else start


def _quantity(tokens: list[str], at: int) -> tuple[float, str, int] | None:
    """The number and the unit that begin at a place, and the place behind them."""
    number, at = _number(tokens, at)
    if number is None:
        return None
    more, at = _and_a_half(tokens, at)  # two and a half months
    unit = _UNITS.get(tokens[at], "") if at < len(tokens) else ""
    if not unit and tokens[at - 1] in _BARELY:
        return None
    if unit:
        at += 1
        at += at < len(tokens) and tokens[at] == "."
        if not more:
            more, at = _and_a_half(tokens, at)  # a year and a half
    return number + more, unit, at


def _number(tokens: list[str], at: int) -> tuple[float | None, int]:
    word = tokens[at]
    if word[-1].isdecimal():
        return float(word.replace(",", ".")), at + 1
    if word == "half" or tokens[at : at + 2] == ["a", "half"]:
        at += 1 if word == "half" else 2
        return _HALF, at + (at < len(tokens) and tokens[at] in ("a", "an"))
    return NUMBERS.get(word), at + 1


def _and_a_half(tokens: list[str], at: int) -> tuple[float, int]:
    """A half that belongs to what stands before it: not to a unit of its own, as in ``a year and half a month``."""
    for words in (["and", "a", "half"], ["and", "half"]):
        behind = at + len(words)
        if tokens[at:behind] == words and tokens[behind : behind + 1] not in (["a"], ["an"]):
            return _HALF, behind
    return 0, at


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


def counted(count: int | float, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 day``, ``1,200 days``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"


def digits_first(text: str) -> str:
    """Text that begins with a number in words, with that number in digits: ``ten hours`` is ``10 hours``."""
    match = re.match(_NUMBER_WORD, text) if text.lstrip()[:1].isalpha() else None
    number = NUMBERS.get(match[1].casefold()) if match else None
    return text if match is None or number is None else f"{number}{text[match.end() :]}"


def lone_number(text: str) -> str:
    """The only whole number in a text, in digits; empty where there is none or more than one."""
    found = re.findall(_DIGITS, digits_first(text))
    return found[0] if len(found) == 1 else ""

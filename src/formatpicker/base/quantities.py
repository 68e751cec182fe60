"""Numbers as people write them: in words, as a range, or among other words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {**{word: at for at, word in enumerate(_ONES, 1)}, "a": 1, "an": 1}
NUMBERS |= {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_SPELLED = r"(?i)\s*([a-z]+)\b"
_RANGE = r"(?i)(?:between\s+|from\s+)?(?P<low>.*?\S)\s*(?:[-\u2013\u2014]|\bto\b|\bor\b|\band\b)\s*(?P<high>\S.*)"
_UNIT = r"(?i)(?:\d|\s)\s*([a-z][a-z./ ]*)$"
_BOUND = (
    r"(?i)[<>\u2264\u2265]|\d\s*\+|\b(?:under|below|less|fewer|over|above|more|least|min|minimum|before|after|unter|\u00fcber"
    r"|weniger|mehr|mindestens|moins|plus|apr\u00e8s)\b"
)
_BETWEEN = r"[;/\n]|,(?!\d)|\band\b"
_DIGITS = r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)"


class Said(int):
    """A number that also knows what its person wrote, so that they get their own words back.

    ``words`` serve in sentences (``3 months`` where the days alone would read ``13 weeks``); ``written`` is the text as
    it was typed. In sums and comparisons it is the plain number.
    """

    words: str
    written: str

    def __new__(cls, number: int, words: str, written: str) -> Said:
        """The number with its words."""
        said = super().__new__(cls, number)
        said.words, said.written = words, written
        return said

    def __reduce__(self) -> tuple[type[Said], tuple[int, str, str]]:
        """What makes it again: for copies and other processes."""
        return Said, (int(self), self.words, self.written)


def plain(value: Any) -> Any:
    """What a program hands over, as JSON would have it, so that tables and arrays need no conversion.

    Numbers of NumPy, ``Decimal`` and ``Fraction`` become plain ones, arrays become lists, series become mappings. What
    stands for a missing value (NaN, ``NaT``, ``pandas.NA``) becomes None. Anything else stays as it is.
    """
    if isinstance(value, float):
        return None if value != value else float(value)
    if value is None or isinstance(value, str | int | list | tuple | Mapping):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "tolist"):  # NumPy and pandas
        listed = dict(value) if hasattr(value, "keys") else value.tolist()
        if type(listed) is not type(value):  # a long double stays what it is
            return plain(listed)
    from numbers import Number

    with contextlib.suppress(TypeError, ValueError, OverflowError):  # a complex number, or one without end
        return plain(float(value)) if isinstance(value, Number) else value  # type: ignore[arg-type]
    return value


def digits_first(text: str) -> str:
    """Text that begins with a number in words, with that number in digits: ``ten hours`` is ``10 hours``."""
    match = re.match(_SPELLED, text) if text.lstrip()[:1].isalpha() else None
    number = NUMBERS.get(match[1].casefold()) if match else None
    return text if match is None or number is None else f"{number}{text[match.end() :]}"


def range_ends(text: str) -> tuple[str, ...]:
    """The two ends of what may be a range, each with the unit that stands with either: ``6-8 weeks``.

    Empty where nothing joins two parts. Whether the ends mean anything is up to whoever reads them.
    """
    match = re.fullmatch(_RANGE, text.strip())
    if match is None:
        return ()
    ends = (match["low"].strip(), match["high"].strip())
    units = [unit[1] if (unit := re.search(_UNIT, end)) else "" for end in ends]
    return tuple(
        end if unit or not other else f"{end} {other}"
        for end, unit, other in zip(ends, units, reversed(units), strict=True)
    )


def is_bound(text: str) -> bool:
    """Whether a text names an end that a number lies beyond: ``under 18``, ``at least 20``; not ``up to 20``."""
    return re.search(_BOUND, text) is not None


def listed_parts(text: str) -> tuple[str, ...]:
    """The parts of a list: ``4 weeks, 8 weeks``. Empty where there is only one."""
    parts = tuple(part.strip() for part in re.split(_BETWEEN, text) if part.strip())
    return parts if len(parts) > 1 else ()


def lone_number(text: str) -> str:
    """The only whole number in a text, in digits; empty where there is none or more than one."""
    found = re.findall(_DIGITS, digits_first(text))
    return found[0] if len(found) == 1 else ""

"""Whether a header that is not known may be a misspelled one."""

from __future__ import annotations

import re

from formatpicker.base.text import canonical

# How alike two words are that may be one: "payd" and "paid" are.
_NEAR = 0.75
# Words that headers share which have nothing else in common.
_COMMON = frozenset(
    "a an and at be can count do does end for from have how i in is it long many may must my of on or start the time to"  # noqa: SIM905
    " what when where which will with work would you your".split()
)


def is_near(header: str, name: str) -> bool:
    """Whether two headers that are spelled alike may mean the same: they share a word of their own, or nearly one."""
    from difflib import get_close_matches

    given, known = ({*re.findall(r"\w+", canonical(text))} - _COMMON for text in (header, name))
    return any(get_close_matches(word, known, 1, _NEAR) for word in given)

"""Emphasis and layout of text for a terminal, without escapes until the very end.

Renderers mark text with private characters; ``finished`` first makes everything safe for a terminal and only then turns
the marks into colours, or drops them. So no text from a catalog or an answer can bring an escape of its own.
"""

from __future__ import annotations

import re
import textwrap
from functools import cache

from msgspec import Struct

from formatpicker.base.text import printable

_CODES = {
    "\ue000": "0",
    "\ue001": "1",
    "\ue002": "2",
    "\ue003": "32",
    "\ue004": "33",
    "\ue005": "31",
    "\ue006": "36",
}
_END, BOLD, DIM, GREEN, YELLOW, RED, CYAN = _CODES
MARKS = "".join(_CODES)
_MARKS = re.compile(f"[{MARKS}]")
LEAST_WIDTH = 20
MOST_WIDTH = 100


class Screen(Struct, frozen=True):
    """What the output can show: its size, whether it takes more than ASCII in bars and marks, and the day of reading.

    Without a day, nothing is said to have run out.
    """

    width: int = 80
    height: int = 24
    unicode: bool = True
    today: str | None = None

    @property
    def columns(self) -> int:
        """The width that text is set in."""
        return max(LEAST_WIDTH, min(self.width, MOST_WIDTH))


def marked(mark: str, text: str) -> str:
    """Text with emphasis."""
    return f"{mark}{text}{_END}"


def finished(text: str, colour: bool) -> str:
    """Marked text as it may be written: controls stripped, marks turned into colours or dropped."""
    return _MARKS.sub(lambda mark: f"\x1b[{_CODES[mark[0]]}m" if colour else "", printable(text))


def wrapped(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """Text in lines of at most some columns, with an indent for the first line and one for the rest."""
    return list(_wrapped(text, columns, first, " " * len(first) if rest is None else rest))


@cache
def _wrapped(text: str, columns: int, first: str, indent: str) -> tuple[str, ...]:
    """Remembered, since a page that is fitted to the screen sets the same texts several times."""
    lines = textwrap.wrap(
        _MARKS.sub("", printable(text)).replace("\n", " "),
        columns,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return tuple(lines) or (first.rstrip(),)


def bar(share: float, columns: int, unicode: bool = True) -> str:
    """A bar for a share of 1."""
    full = round(share * columns)
    fill, rest = ("█", "░") if unicode else ("#", ".")
    return fill * full + rest * (columns - full)

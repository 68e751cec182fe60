"""Emphasis and layout of text for a terminal, without escapes until the very end.

Renderers put marks into text; ``finished`` turns them into colours, or drops them, and makes everything else safe for a
terminal. A mark begins with characters drawn at random for this process, so no text from a catalog, a table or an
answer can hold one.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from formatpicker.base.text import printable

# Eight characters for private use: ``printable`` leaves none of them in any text.
_SECRET = "".join(chr(0x100000 + byte) for byte in os.urandom(8))
MARKS = tuple(f"{_SECRET}{sign}" for sign in "0123456")
_END, BOLD, DIM, GREEN, YELLOW, RED, CYAN = MARKS
_CODES = dict(zip(MARKS, ("0", "1", "2", "32", "33", "31", "36"), strict=True))
_MARKS = f"({_SECRET}[0-6])"
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
    return "".join((f"\x1b[{_CODES[piece]}m" if colour else "") if piece in _CODES else piece for piece in pieces(text))


def pieces(text: str) -> Iterator[str]:
    """Marked text cut at its marks: each of them, and what stands between, safe for a terminal."""
    return (piece if piece in _CODES else printable(piece) for piece in re.split(_MARKS, text))


def wrapped(text: str, columns: int, first: str = "", rest: str | None = None) -> list[str]:
    """Text in lines of at most some columns, with an indent for the first line and one for the rest."""
    return list(_wrapped(text, columns, first, " " * len(first) if rest is None else rest))


def titled(text: str, columns: int) -> list[str]:
    """A heading in lines of at most some columns."""
    return emphasized(BOLD, text, columns)


def emphasized(mark: str, text: str, columns: int, indent: str = "") -> list[str]:
    """Text in lines of at most some columns, with emphasis on every line."""
    return [marked(mark, line) for line in wrapped(text, columns, indent)]


@cache
def _wrapped(text: str, columns: int, first: str, indent: str) -> tuple[str, ...]:
    """Remembered, since a page that is fitted to the screen sets the same texts several times."""
    lines = textwrap.wrap(
        printable(re.sub(_MARKS, "", text)).replace("\n", " "),
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

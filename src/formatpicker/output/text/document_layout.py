"""A document as headings, paragraphs, lists and tables, written for a terminal or as Markdown.

``output.html`` writes the same blocks as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from formatpicker.base.terminal import titled, wrapped
from formatpicker.base.text import printable
from formatpicker.scoring.ranking import rounded


class Heading(Struct, frozen=True):
    """A line that names what follows."""

    text: str
    level: int = 2


class Paragraph(Struct, frozen=True):
    """Plain sentences; small print where ``soft``."""

    text: str
    soft: bool = False


class Items(Struct, frozen=True):
    """A list; numbered from 1 where the numbers are referred to, with ``boxes`` where each item can be ticked off."""

    texts: Sequence[str]
    numbered: bool = False
    boxes: bool = False


class Mark(NamedTuple):
    """What is drawn beside a number, in thousandths of its whole: a bar, or a mark on a line from low to high."""

    value: int
    low: int | None = None
    high: int | None = None


class Grid(Struct, frozen=True):
    """A table: the first column is text, columns in ``right`` hold numbers.

    ``marks`` are drawn beside the text of their cells (row and column from 0) where pictures can be drawn.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[int] = frozenset()
    marks: Mapping[tuple[int, int], Mark] | None = None


Block = Heading | Paragraph | Items | Grid


def thousandths(part: int, whole: int) -> int:
    """A part of a whole for a mark; 1000 at most."""
    return min(1000, rounded(1000 * part, whole))


def listed(title: str, texts: Sequence[str], boxes: bool = False, numbered: bool = False) -> list[Block]:
    """A heading with a list; nothing where it would be empty."""
    return [Heading(title), Items(texts, numbered, boxes)] if texts else []


def heading_blocks(title: str, *origins: str) -> list[Block]:
    """Whom, when and what a document is from, as far as each is known, in small print; and its heading."""
    words = " · ".join(filter(None, origins))
    return [*([Paragraph(words, soft=True)] if words else []), Heading(title, 1)]


def day_words(day: str) -> str:
    """A day as it is written in a letter: 25 November 2026; empty for none."""
    if not day:
        return ""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def to_text(blocks: Iterable[Block], columns: int) -> str:
    """The document for a terminal."""
    lines: list[str] = []
    for block in blocks:
        lines += _TEXT[type(block)](block, columns)
    return "\n".join(lines).strip("\n") + "\n"


def _items_text(block: Items, columns: int) -> list[str]:
    bullet = "  [ ] " if block.boxes else "  - "
    marks = [f"[{number}] " if block.numbered else bullet for number in range(1, len(block.texts) + 1)]
    return [line for mark, text in zip(marks, block.texts, strict=True) for line in wrapped(text, columns, mark)]


def _grid_text(block: Grid, columns: int) -> list[str]:
    """Columns as wide as their widest cell, the text columns sharing what is left; cells wrap, nothing is cut.

    Where the columns have no room beside each other, each row is set as lines of heading and cell.
    """
    widths = _widths(block, columns)
    if sum(widths) + 2 * len(widths) > columns:
        return [line for row in block.rows for line in _stacked(block.headings, row, columns)]
    return [line for row in (block.headings, *block.rows) for line in _row_text(row, widths, block.right)]


def _stacked(headings: Sequence[str], row: Sequence[str], columns: int) -> list[str]:
    first, *rest = (f"{heading}: {cell}" for heading, cell in zip(headings, row, strict=True) if cell)
    return wrapped(first, columns, "  ", "    ") + [line for text in rest for line in wrapped(text, columns, "    ")]


def _widths(block: Grid, columns: int) -> list[int]:
    rows = [block.headings, *block.rows]
    widest = [max(len(printable(row[index])) for row in rows) for index in range(len(block.headings))]
    flexible = [index for index in range(len(widest)) if index not in block.right]
    spare = columns - 2 * len(widest) - sum(widest[index] for index in block.right)
    for index in sorted(flexible, key=lambda index: widest[index]):
        share = max(8, spare // len(flexible))
        widest[index] = min(widest[index], share)
        spare -= widest[index]
        flexible = [each for each in flexible if each != index]
    return widest


def _row_text(row: Sequence[str], widths: list[int], right: frozenset[int]) -> list[str]:
    cells = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, cells))
    lines = []
    for at in range(height):
        parts = []
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            text = cell[at] if at < len(cell) else ""
            parts.append(text.rjust(width) if index in right else text.ljust(width))
        lines.append(f"  {'  '.join(parts)}".rstrip())
    return lines


_TEXT: dict[type, Callable[..., list[str]]] = {
    Heading: lambda block, columns: ["", *titled(block.text, columns)],
    Paragraph: lambda block, columns: wrapped(block.text, columns),
    Items: _items_text,
    Grid: _grid_text,
}

# A list, a rule or an underline: a marker, or a number with one behind it.
_BLOCK_START = re.compile(r"^(\d{0,9})([-+=.)])(?=\s|$|[-=\s]*$)")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def to_markdown(blocks: Iterable[Block]) -> str:
    """The document as Markdown; no text in it can act as markup or HTML."""
    parts = [_MARKDOWN[type(block)](block) for block in blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: no markup inside it, and nothing at its start that begins a list or a rule."""
    text = _MARKDOWN_SPECIAL.sub(r"\\\1", printable(text).replace("\n", " ")).strip()
    return _BLOCK_START.sub(r"\1\\\2", text)


def _items_markdown(block: Items) -> str:
    bullet = "- [ ]" if block.boxes else "-"
    marks = (f"{number}." if block.numbered else bullet for number in range(1, len(block.texts) + 1))
    return "\n".join(f"{mark} {escaped(text)}" for mark, text in zip(marks, block.texts, strict=True))


def _grid_markdown(block: Grid) -> str:
    rule = ["---:" if index in block.right else "---" for index in range(len(block.headings))]
    rows = [block.headings, *block.rows]
    lines = [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]
    return "\n".join([lines[0], f"| {' | '.join(rule)} |", *lines[1:]])


_MARKDOWN: dict[type, Callable[..., str]] = {
    Heading: lambda block: f"{'#' * block.level} {escaped(block.text)}",
    Paragraph: lambda block: escaped(block.text),
    Items: _items_markdown,
    Grid: _grid_markdown,
}

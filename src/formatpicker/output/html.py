"""A document as a page of HTML: valid, readable on a phone, in the dark and on paper; it runs and loads nothing.

``rendered`` makes of it whatever kind of file a person names.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from html import escape
from importlib import resources
from itertools import groupby
from pathlib import Path

from formatpicker.base.text import printable
from formatpicker.output.text.document_layout import Block, Grid, Heading, Items, Mark, Paragraph, to_markdown

# A table with more columns, a longer cell or bars in two columns is set row by row on a narrow screen.
MOST_NARROW_COLUMNS = 3
MOST_NARROW_CELL = 24
# Where all numbers have so few characters, their bars begin further left.
MOST_SHORT = 7
_WHOLE = 1000
_HEIGHT = 12
# Half the width of the mark on a line.
_HALF = 9
_VOID = ("meta", "input")
# An address on the web, without what ends the sentence behind it; a catalog may hold anything.
_TAG = re.compile("<[^>]*>")
# A page with more of them is printed in smaller type, so that two sides hold it.
MOST_CHARACTERS = 14_500
_WEB = re.compile(r"(https?://[^\s\"'<>\\]*[^\s\"'<>\\.,;:!?)])", re.IGNORECASE)


# --- elements --------------------------------------------------------------------------------------------------------


class Html(str):
    """Markup that is finished. Any other text is escaped wherever it is put."""

    __slots__ = ()


Child = str | None


def element(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """An element. Text among its children is escaped; ``class_`` stands for a word of Python."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(clean(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{together(children)}</{name}>")


def spaced(name: str, inside: Child, **attributes: str | int | None) -> Html:
    """An element whose content stands on lines of its own."""
    return element(name, Html("\n"), inside, Html("\n"), **attributes)


def together(children: Iterable[Child], between: str = "") -> Html:
    """Several pieces one after the other."""
    return Html(between.join(safe(child) for child in children if child))


def safe(text: str) -> Html:
    """Text as it may stand in a page; finished markup stays as it is."""
    return text if isinstance(text, Html) else Html(escape(clean(text)))


def clean(text: str) -> str:
    """Text without controls, bidirectional ones too: nothing in a page turns what stands beside it around."""
    return printable(text).replace("\n", " ")


def linked(text: str) -> Html:
    """Text in which every address on the web is a link, shown without its scheme."""
    return together(_link(piece) if at % 2 else piece for at, piece in enumerate(_WEB.split(clean(text))))


def _link(url: str) -> Html:
    return element("a", url.partition("//")[2].removeprefix("www.").rstrip("/"), href=url, rel="noopener noreferrer")


# --- a document as a page --------------------------------------------------------------------------------------------


def document_page(title: str, blocks: Iterable[Block]) -> str:
    """A whole page. Its title stands in the window; the document begins with its own heading of level 1.

    The one style sheet is inside and known by its hash; all else is forbidden to run or to load.
    """
    style = "\n" + resources.files(__package__).joinpath("page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(style)),
    ]
    inside = to_html(blocks)
    kind = "long" if len(_TAG.sub("", inside)) > MOST_CHARACTERS else None
    parts = [spaced("head", together(head, "\n")), spaced("body", spaced("main", inside, class_=kind))]
    whole = spaced("html", together(parts, "\n"), lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def to_html(blocks: Iterable[Block]) -> Html:
    """The document for a browser: a section for each heading of level 2. No text in it can act as markup.

    Sections next to each other that are only lists stand in columns where there is room.
    """
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            sections.append([])
        sections[-1].append(block)
    parts = []
    for short, group in groupby(sections, _is_short):
        drawn = [_section(each) for each in group]
        inside = together(drawn, "\n")
        parts.append(spaced("div", inside, class_="columns") if short and len(drawn) > 1 else inside)
    return together(parts, "\n")


def _is_short(section: list[Block]) -> bool:
    """Whether a section is a heading and lists that nothing refers to by number."""
    if not section or not isinstance(section[0], Heading):
        return False
    return all(isinstance(each, Items) and not each.numbered for each in section[1:])


def _section(section: list[Block]) -> Html:
    inside = together([_HTML[type(block)](block) for block in section], "\n")
    begins = section and isinstance(section[0], Heading) and section[0].level == 2
    return spaced("section", inside) if begins else inside


def _items(block: Items) -> Html:
    if block.boxes:
        items = [element("label", element("input", type="checkbox"), element("span", linked(t))) for t in block.texts]
    else:
        items = [linked(text) for text in block.texts]
    lines = together([element("li", item) for item in items], "\n")
    name, kind = ("ol", "sources") if block.numbered else ("ul", "boxes" if block.boxes else None)
    return spaced(name, lines, class_=kind)


def _grid(block: Grid) -> Html:
    """A table whose first column names the rows."""
    cells = [cell for row in block.rows for cell in row[1:]]
    even = len(block.headings) > 2 and len(block.right) in (0, len(block.headings) - 1)
    short = bool(block.right) and all(len(row[at]) <= MOST_SHORT for row in block.rows for at in block.right)
    drawn = {column for _, column in block.marks or {}}
    wide = len(block.headings) > MOST_NARROW_COLUMNS or len(drawn) > 1
    wide = wide or any(len(cell) > MOST_NARROW_CELL for cell in cells)
    head = [
        element("th", text, scope="col", class_="n" if at in block.right else None) if text else element("td")
        for at, text in enumerate(block.headings)
    ]
    body = [_row(block, at) for at in range(len(block.rows))]
    parts = [element("thead", element("tr", *head)), spaced("tbody", together(body, "\n"))]
    kinds = " ".join(["wide"] * wide + ["even"] * even + ["short"] * short)
    return spaced("table", together(parts, "\n"), class_=kinds or None)


def _row(block: Grid, at: int) -> Html:
    name, *rest = block.rows[at]
    cells = [element("th", linked(name), scope="row")]
    for column, text in enumerate(rest, 1):
        mark = (block.marks or {}).get((at, column))
        drawn = _drawn(mark, f"{name}: {text}") if mark else None
        kind = "n" if column in block.right else None
        said = element("span", text, class_="v") if mark and kind else linked(text)
        cells.append(element("td", said, drawn, data_label=block.headings[column], class_=kind))
    return element("tr", *cells)


def _drawn(mark: Mark, words: str) -> Html:
    """A bar up to its value, or a mark on a line from low to high; with the same in words."""
    low, high = mark.low, mark.high
    if low is None or high is None:
        said = f"a bar, {_percent(mark.value)} of the whole width"
        parts = [_rectangle("at", 0, mark.value, _HEIGHT)]
    else:
        said = (
            f"a line from {_percent(low)} to {_percent(high)} of the whole width, with a mark at {_percent(mark.value)}"
        )
        at = min(max(mark.value, _HALF), _WHOLE - _HALF)
        parts = [_rectangle("range", low, high, _HEIGHT // 2), _rectangle("at", at - _HALF, at + _HALF, _HEIGHT)]
    return element(
        "svg",
        element("title", words),
        element("desc", said),
        _rectangle("rest", 0, _WHOLE, _HEIGHT if low is None else 2),
        *parts,
        viewBox=f"0 0 {_WHOLE} {_HEIGHT}",
        preserveAspectRatio="none",
        class_="mark",
        role="img",
    )


def _rectangle(kind: str, start: int, end: int, height: int) -> Html:
    """A part of a picture, centered from top to bottom."""
    y = (_HEIGHT - height) // 2
    return element("rect", class_=kind, x=start, y=y, width=max(0, end - start), height=height)


def _percent(thousandths: int) -> str:
    return f"{(thousandths + 5) // 10}%"


_HTML: dict[type, Callable[..., Html]] = {
    Heading: lambda block: element(f"h{block.level}", block.text),
    Paragraph: lambda block: element("p", linked(block.text), class_="soft" if block.soft else None),
    Items: _items,
    Grid: _grid,
}


def rendered(title: str, blocks: list[Block], path: str | None) -> str | bytes:
    """A document in the form that the ending of a file name asks for: Markdown, PDF, or else HTML.

    Raises:
        InputError: A PDF, and no browser is at hand that prints it.
    """
    ending = Path(path or "").suffix.lower()
    if ending in (".md", ".markdown"):
        return to_markdown(blocks)
    page = document_page(title, blocks)
    if ending == ".pdf":
        from formatpicker.output.pdf import printed

        return printed(page, str(path))
    return page

"""Documents as text and as Markdown: nothing is wider than the terminal, nothing is lost, nothing becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from formatpicker.base.terminal import finished
from formatpicker.output.text.document_layout import (
    Block,
    Grid,
    Heading,
    Items,
    Paragraph,
    escaped,
    to_markdown,
    to_text,
)
from running import ESCAPE, HOSTILE, controls, widest

# As the reasoning shows a sum: three columns of text, three of numbers.
SUM = Grid(
    ("Criterion", "Your answer", "Value", "Weight", "Points", "Sources"),
    [
        ("Path into a permanent job", "goal 1 of 3", "0.750", "0.412", "30.9", "1, 2, 14"),
        ("Longest time from start to finish", "3 months", "1.000", "0.103", "10.3", "3"),
        ("Sum", "", "", "1.000", "41.2", ""),
    ],
    frozenset({2, 3, 4}),
)
TWO = Grid(("What", "How much", "Why"), [("some longer words here", "12.5", "because it is so")], frozenset({1}))
LONG_WORD = Grid(("Word", "Number"), [("Donaudampfschifffahrtsgesellschaftskapitaen", "1.0")], frozenset({1}))


def plain(blocks: list[Block], columns: int) -> str:
    return finished(to_text(blocks, columns), colour=False)


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


# --- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grid", "columns"),
    [(SUM, 40), (SUM, 60), (SUM, 80), (SUM, 100), (TWO, 20), (TWO, 40), (TWO, 80), (LONG_WORD, 20), (LONG_WORD, 80)],
    ids=lambda value: str(value) if isinstance(value, int) else value.headings[0],
)
def test_a_grid_is_never_wider_than_the_columns(grid: Grid, columns: int) -> None:
    text = plain([grid], columns)
    assert widest(text) <= columns, text


@pytest.mark.parametrize("columns", range(20, 101, 16))
def test_other_blocks_are_never_wider_than_the_columns(columns: int) -> None:
    long = "Some sentence of many words that has to be broken into lines wherever the terminal is narrow. " * 3
    blocks: list[Block] = [Heading(long, 1), Paragraph(long), Items([long, "short"]), Items([long] * 12, numbered=True)]
    text = plain(blocks, columns)
    assert widest(text) <= columns
    assert words(text).count(words(long)) == 15


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_grid_loses_nothing(columns: int) -> None:
    """Each cell's letters stand in its column, from top to bottom."""
    lines = plain([SUM], columns).splitlines()
    assert lines[0].split() == ["Criterion", "Your", "answer", "Value", "Weight", "Points", "Sources"]
    together = words(" ".join(sorted(" ".join(lines).split())))
    expected = words(" ".join(sorted(" ".join(cell for row in (SUM.headings, *SUM.rows) for cell in row).split())))
    assert together == expected


def test_numbers_stand_right_under_each_other() -> None:
    lines = plain([SUM], 100).splitlines()
    ends = {line.rindex(number) + len(number) for line, number in zip(lines[1:], ("30.9", "10.3", "41.2"), strict=True)}
    assert len(ends) == 1
    assert lines[1].index("Path") == lines[2].index("Longest") == lines[3].index("Sum") == 2


def test_a_document_as_text() -> None:
    blocks: list[Block] = [
        Heading("Title", 1),
        Paragraph("One sentence."),
        Heading("Part"),
        Items(["first", "second"]),
        Items(["source"], numbered=True),
        Grid(("A", "N"), [("x", "10"), ("long", "9")], frozenset({1})),
    ]
    assert plain(blocks, 80) == (
        "Title\nOne sentence.\n\nPart\n  - first\n  - second\n[1] source\n  A      N\n  x     10\n  long   9\n"
    )


def test_no_control_reaches_a_terminal() -> None:
    blocks: list[Block] = [
        Heading(HOSTILE),
        Paragraph(HOSTILE),
        Items([HOSTILE]),
        Grid((HOSTILE, "b"), [(HOSTILE, "c")]),
    ]
    for text in (plain(blocks, 80), to_markdown(blocks)):
        assert controls(text) == set()
        assert ESCAPE not in text
        assert "owned" not in text


# --- Markdown --------------------------------------------------------------------------------------------------------

MARKUP = [
    "<script>alert(1)</script>",
    "<b>bold</b> & <!-- hidden -->",
    "&lt;b&gt; &#60;",
    "**bold** *em* __bold__ _em_ snake_case_word",
    "`code` ```fence",
    "a | b | c",
    "[link](https://example.org) ![image](x.png) [ref]: /x",
    "<https://example.org>",
    "# heading",
    "> quote",
    "~~gone~~",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "---",
    "===",
    "    indented",
    "back\\slash \\* \\",
    "line\nbreak\n\n<p>more",
    "{braces} !exclaimed",
]


class Shown(HTMLParser):
    """The elements of a page and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(blocks: list[Block]) -> Shown:
    """Through a Markdown reader that lets HTML through, as an email program may, and knows tables and strikethrough."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Shown(reader.render(to_markdown(blocks)))


TABLE = ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
PLACES: dict[str, tuple[Callable[[str], Block], list[str]]] = {
    "paragraph": (Paragraph, ["p"]),
    "heading": (Heading, ["h2"]),
    "item": (lambda text: Items([text]), ["ul", "li"]),
    "numbered item": (lambda text: Items([text], numbered=True), ["ol", "li"]),
    "cell": (lambda text: Grid(("H", text), [(text, "x")]), TABLE),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", MARKUP)
def test_text_is_shown_as_it_is(place: str, text: str) -> None:
    make, tags = PLACES[place]
    page = shown([make(text)])
    assert page.tags == tags
    assert words(page.text) == words(f"H{text}{text}x" if place == "cell" else text)


@pytest.mark.parametrize("character", list("|*<>`[]_\\#~&!{}"))
def test_special_characters_are_escaped(character: str) -> None:
    assert escaped(f"a{character}b") == f"a\\{character}b"


def test_a_newline_becomes_a_space() -> None:
    assert escaped("one\ntwo") == "one two"
    assert "\n" not in escaped("a\n\n\nb\r\nc")


def test_a_document_as_markdown() -> None:
    blocks: list[Block] = [
        Heading("Title", 1),
        Paragraph("One sentence."),
        Heading("Part"),
        Items(["first", "second"]),
        Items(["source", "another"], numbered=True),
        Grid(("A", "N"), [("x", "10")], frozenset({1})),
    ]
    assert to_markdown(blocks) == (
        "# Title\n\nOne sentence.\n\n## Part\n\n- first\n- second\n\n1. source\n2. another\n\n"
        "| A | N |\n| --- | ---: |\n| x | 10 |\n"
    )

"""The generated pages of the documentation site, as the site's own reader of Markdown renders them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml

import site_pages
from formatpicker import Catalog, load_catalog
from formatpicker.base.text import printable
from formatpicker.catalog.attributes import Citation
from formatpicker.catalog.model import Format
from formatpicker.catalog.store import shipped_path
from hostile import HOSTILE_URL, Browser, catalog_file
from running import run_here
from site_pages import command_help, command_page, format_pages, plain
from site_tree import generated_pages, relinked, site_path

ROOT = Path(__file__).parent.parent.parent
SETTINGS: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
HOSTILE_TEXTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "](javascript:alert(1))",
    "[click](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "[ref]: javascript:alert(1)",
    "[^1]: a note of my own",
    "a | b | c",
    "`code` ```fence``` ~~~",
    "*em* **strong** __under__ snake_case",
    "# heading",
    "1. item",
    "- item",
    "> quote",
    "<https://example.org> &lt;b&gt; &#60;b&#62;",
    "!!! note {: onclick=alert(1) } [TOC] {{ config }} {% raw %}",
    "\x1b]0;owned\x07\u202eback",
    "back\\slash \\<b>",
    "    indented <b>code</b>",
]


def rendered(text: str) -> str:
    """HTML by the extensions that the site is built with."""
    names, options = [], {}
    for each in SETTINGS["markdown_extensions"]:
        name, setting = next(iter(each.items())) if isinstance(each, dict) else (each, {})
        names.append(name)
        options[name] = setting
    return str(markdown.markdown(text, extensions=names, extension_configs=options))


@cache
def pages() -> dict[str, str]:
    """Every page of the site, generated and written."""
    docs = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in (ROOT / "docs").rglob("*.md")}
    return {**generated_pages(), **{site_path(path): relinked(text, path) for path, text in docs.items()}}


@cache
def page(id: str) -> Browser:
    return Browser(rendered(format_pages(load_catalog(shipped_path()))[f"formats/{id}.md"]))


def words(text: str) -> str:
    """A text without its spaces: how lines break is up to the browser."""
    return "".join(text.split())


# --- formats ---------------------------------------------------------------------------------------------------------


def test_every_format_has_a_page_and_a_line_in_the_index(shipped: Catalog) -> None:
    made = format_pages(shipped)
    assert set(made) == {"formats/index.md", *(f"formats/{id}.md" for id in shipped.formats)}
    assert {f"{id}.md" for id in shipped.formats} <= Browser(rendered(made["formats/index.md"])).addresses


def shown_citations(catalog: Catalog, format: Format) -> Iterator[Citation]:
    """What the values of a format cite: all of a scored one, those of its own of a word for something else."""
    for name in catalog.attributes if format.scored else format.attributes:
        regional = catalog.regional(format, name)
        for value in (regional.general, *regional.regions.values()):
            yield from value.citations


def test_every_source_that_its_values_cite_is_on_the_page_with_its_address(shipped: Catalog) -> None:
    for id, format in shipped.formats.items():
        text, addresses = words(page(id).text), page(id).addresses
        for citation in shown_citations(shipped, format):
            source = shipped.sources[citation.source]
            assert words(source.title) in text, (id, source.id)
            assert words(citation.place) in text, (id, citation)
            assert source.url is None or source.url in addresses, (id, source.url)


def test_a_page_says_all_that_the_catalog_says_of_a_format(shipped: Catalog) -> None:
    for id, format in shipped.formats.items():
        text = words(page(id).text)
        said = [format.name, format.summary, *format.aliases, *format.good_for, *format.speaks_against]
        said += format.also_means
        said += [regional.general.note for regional in format.attributes.values()]
        said += [value.note for regional in format.attributes.values() for value in regional.regions.values()]
        said += [step.text for step in shipped.next_steps if id in step.formats]
        said += [each.text for each in shipped.cautions if id in each.formats and not each.tests]
        assert [each for each in said if words(each) not in text] == [], id


def test_a_range_and_what_differs_by_region_are_shown(toy: Catalog) -> None:
    text = words(Browser(rendered(format_pages(toy)["formats/long.md"])).text)
    assert words("Length 12 months (6 months to 2 years)") in text
    assert words("In the South 12 months (13 weeks to 3 years)") in text


def test_a_word_for_something_else_says_what_it_stands_for(toy: Catalog) -> None:
    found = Browser(rendered(format_pages(toy)["formats/quickie.md"]))
    assert words("Nobody can apply for this as such") in words(found.text)
    assert "short.md" in found.addresses


@pytest.mark.parametrize(
    ("id", "where"),
    [
        pytest.param("short", "In the North or in the South", id="everywhere"),
        # In the South it is shut to people on a visa, so that there is nothing to ask the office for.
        pytest.param("long", "In the North", id="in one region"),
    ],
)
def test_a_caution_says_where_and_for_whom(id: str, where: str, toy: Catalog) -> None:
    text = Browser(rendered(format_pages(toy)[f"formats/{id}.md"])).text
    said = f'{where}: Ask the office before you start. (if "May you work there?" is "On a visa" or "Not sure")'
    assert words(said).casefold() in words(text.partition("Cautions")[2]).casefold()


def test_a_caution_that_never_concerns_a_format_is_not_on_its_page(toy: Catalog) -> None:
    assert "Ask the office" not in Browser(rendered(format_pages(toy)["formats/middle.md"])).text


# --- links -----------------------------------------------------------------------------------------------------------


def test_every_link_inside_the_site_leads_somewhere() -> None:
    docs = ROOT / "docs"
    # What is no page is copied as it is.
    files = {path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file() and path.suffix != ".md"}
    known = {*pages(), *files}
    missing = [
        (path, target)
        for path, text in pages().items()
        if path.endswith(".md")
        for target in LINK.findall(re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
        if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in known
    ]
    assert missing == []


def test_a_page_of_the_repository_keeps_its_links() -> None:
    assert relinked("[a](docs/method.md#x)", "README.md") == "[a](method.md#x)"
    assert relinked("[a](../README.md)", "docs/output.md") == "[a](index.md)"
    assert relinked("[a](../../README.md)", "docs/tutorials/student.md") == "[a](../index.md)"
    assert relinked("[a](https://example.org/docs/x.md)", "README.md") == "[a](https://example.org/docs/x.md)"
    assert relinked("```sh\n[a](docs/x.md)\n```\n", "README.md") == "```sh\n[a](docs/x.md)\n```\n"


def test_every_listed_page_is_there() -> None:
    listed = re.findall(r"[\w/-]+\.md", str(SETTINGS["nav"]))
    assert listed
    assert set(listed) <= set(pages())


# --- hostile catalogs ------------------------------------------------------------------------------------------------

USUAL_TAGS = {
    *("h1", "h2", "p", "a", "strong", "em", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("sup", "div", "hr"),
}
USUAL_ADDRESS = re.compile(r"(?:[a-z-]+\.md)?(?:#[\w:-]+)?|https://example\.org/[\w/%.:~+=&?@!$,;-]*")
USUAL_ATTRIBUTES = {"href", "id", "class", "title"}


@pytest.fixture(scope="module", params=range(len(HOSTILE_TEXTS)))
def hostile_pages(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The pages of a catalog in which every text is the same hostile one."""
    text = HOSTILE_TEXTS[request.param]
    # Names and aliases may not be the same twice: one text, ever longer.
    numbered = [f"{text} {'x' * number}" for number in range(400)]
    catalog = load_catalog(catalog_file(tmp_path_factory.mktemp("hostile"), numbered))
    return text, format_pages(catalog)


def test_no_markup_of_a_catalog_comes_through(hostile_pages: tuple[str, dict[str, str]]) -> None:
    text, made = hostile_pages
    for path, source in made.items():
        found = Browser(rendered(source))
        assert found.tags <= USUAL_TAGS, path
        assert found.attributes <= USUAL_ATTRIBUTES, path
        assert words(printable(text)) in words(found.text), path
        for address in found.addresses:
            assert re.fullmatch(r"(?:[a-z-]+\.md)?(?:#[\w:-]+)?|https://example\.org/[\w/%.:~+=&?@!$,;-]*", address), (
                path
            )


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    assert "](" not in site_pages.web_link("click", "javascript:alert(1)")
    assert Browser(rendered(site_pages.web_link("click", HOSTILE_URL))).tags == {"p", "a"}


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_plain_text_shows_as_it_is(text: str) -> None:
    found = Browser(rendered(plain(text)))
    assert found.tags == {"p"}
    assert words(found.text) == words(printable(text))


# --- the command line and the schemas --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", command_help())
def test_the_reference_holds_the_real_help(name: str) -> None:
    real = run_here(*name.split()[1:], "--help").text
    assert real.startswith(f"Usage: {name}")
    assert command_help()[name].strip() == real.strip()
    shown = Browser(rendered(command_page())).text
    assert words(real) in words(shown)


def test_every_schema_is_on_the_page_and_a_file() -> None:
    made = pages()
    published = {file.name for file in (ROOT / "schemas").iterdir()}
    assert {path.removeprefix("schemas/") for path in made if path.startswith("schemas/")} <= published
    assert all(f"../schemas/{name}" in made["reference/schemas.md"] for name in published)
    assert "`ranking[].score`" in made["reference/schemas.md"]

"""The generated pages of the documentation site: formats, the command line, JSON Schemas; from the program's own data.

Every text of a catalog goes through ``plain``, so that no catalog can bring markup, links or HTML into a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from formatpicker.advice.notices import OPERATORS
from formatpicker.base.text import capitalized, joined, printable
from formatpicker.catalog.attributes import Citation, Value, level_text
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog, Format
from formatpicker.output.text.catalog import Footnotes, groups, value_text
from schema_fields import as_json, fields

Pages = dict[str, str]

FORMATS = "formats"
GROUP_TITLES = ("Core formats", "Variants", "Words for one of these")
_WEB = ("http://", "https://")


# --- Markdown --------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Text that shows as it is: all but letters, digits, spaces and commas as character references.

    A reference is never read as markup, by no reader of Markdown and by none of its extensions.
    """
    flat = " ".join(printable(text).split())
    return "".join(each if each.isalnum() or each in " ," else f"&#{ord(each)};" for each in flat)


def link(text: str, target: str) -> str:
    """A link; the target is ours."""
    return f"[{plain(text)}]({target})"


def web_link(text: str, url: str) -> str:
    """A link to an address from a catalog; only the text where the address is not one of the web."""
    safe = quote(printable(url), safe=":/?#@!$&+,;=%~.-_")
    return f"[{plain(text)}]({safe})" if url.startswith(_WEB) else plain(text)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def section(title: str, lines: Sequence[str]) -> list[str]:
    """A heading and what stands below it; nothing where nothing does."""
    return [f"## {title}", "", *lines, ""] if lines else []


def code(text: str) -> list[str]:
    """Text of ours as an indented block, in which nothing is markup."""
    return [*(f"    {line}".rstrip() for line in text.splitlines()), ""]


def items(texts: Iterable[str]) -> list[str]:
    """A list of items that are Markdown already."""
    return [f"- {text}" for text in texts]


# --- formats ---------------------------------------------------------------------------------------------------------


def format_pages(catalog: Catalog) -> Pages:
    """A page for each format, and the index of all."""
    pages = {f"{FORMATS}/{id}.md": FormatPage(catalog, format).text() for id, format in catalog.formats.items()}
    return {f"{FORMATS}/index.md": _index(catalog), **pages}


def grouped(catalog: Catalog) -> Iterator[tuple[str, Sequence[Format]]]:
    """The formats by how they are used, each group with its title."""
    return zip(GROUP_TITLES, groups(catalog), strict=True)


def _index(catalog: Catalog) -> str:
    lines = [
        "# Formats",
        "",
        f"{plain(catalog.title)}. Version {plain(catalog.version)} of the catalog, {plain(catalog.updated)}.",
        "",
    ]
    for title, formats in grouped(catalog):
        rows = [
            [link(each.name, f"{each.id}.md"), plain(each.summary), *_stands_for(catalog, each)] for each in formats
        ]
        headings = ["Format", "What it is", *(["Stands for"] if any(len(row) > 2 for row in rows) else [])]
        lines += section(title, table(headings, rows) if rows else [])
    return "\n".join(lines) + "\n"


def _stands_for(catalog: Catalog, format: Format) -> list[str]:
    covering = catalog.formats.get(format.covered_by)
    return [link(covering.name, f"{covering.id}.md")] if covering else []


class FormatPage:
    """One format whole; sources are footnotes, numbered as they turn up."""

    def __init__(self, catalog: Catalog, format: Format) -> None:
        self.catalog = catalog
        self.format = format
        self.notes = Footnotes(catalog)

    def text(self) -> str:
        """The page as Markdown."""
        format = self.format
        lines = [f"# {plain(format.name)}", "", plain(format.summary), "", *self._nature()]
        lines += section("Good for", items(map(plain, format.good_for)))
        lines += section("What speaks against it", items(map(plain, format.speaks_against)))
        lines += section("What is known", self._known())
        lines += section("Cautions", self._cautions())
        lines += section("What to do next", self._next_steps())
        lines += section("Sources", self._sources())
        return "\n".join(lines) + "\n"

    def _nature(self) -> list[str]:
        """What kind of thing it is and what else it is called."""
        format, formats = self.format, self.catalog.formats
        facts = []
        if format.covered_by:
            covering = formats[format.covered_by]
            facts.append(
                f"**Nobody can apply for this as such.** It is a word for something else ({plain(format.kind)}). "
                f"Look at {link(covering.phrase, f'{covering.id}.md')} instead."
            )
        related = [link(formats[id].name, f"{id}.md") for id in format.variant_of]
        facts += [f"**Kind:** {plain(format.kind)}{f', of {joined(related)}' if related else ''}"]
        facts += [f"**Other words for it:** {plain(', '.join(format.aliases))}"] if format.aliases else []
        facts += [f"**The same words also mean:** {plain(meaning)}" for meaning in format.also_means]
        facts += ["**The name is not settled:** others use it for other things."] if format.term_unstable else []
        return [line for fact in facts for line in (fact, "")]

    def _known(self) -> list[str]:
        rows: list[list[str]] = []
        for name in self.catalog.attributes:
            inherited = self.catalog.inherited(self.format, name)
            if not inherited or self.format.scored:  # of a word for something else, only what is said of it alone
                rows += self._attribute_rows(name, inherited)
        return table(["What", "What is known", "What it rests on"], rows) if rows else []

    def _attribute_rows(self, name: str, inherited: bool) -> Iterator[list[str]]:
        regional = self.catalog.regional(self.format, name)
        origin = f"As {self.catalog.formats[self.format.variant_of[0]].phrase}." if inherited else ""
        label = f"**{plain(self.catalog.attributes[name].label)}**"
        yield [label, self._value(name, regional.general), _basis(regional.general, regional.reason, origin)]
        for region, value in regional.regions.items():
            yield [plain(capitalized(self._region(region))), self._value(name, value), _basis(value)]

    def _value(self, name: str, value: Value) -> str:
        judged = " (judged)" if value.basis == "inferred" and value.known else ""
        return plain(value_text(self.catalog, name, value) + judged) + self._marks(value.citations)

    def _marks(self, citations: Iterable[Citation]) -> str:
        numbers = self.notes.marks(citations)
        return " " + ", ".join(f"[^{number}]" for number in numbers.split(", ")) if numbers else ""

    def _region(self, region: str) -> str:
        question = self.catalog.region_question
        options = {option.id: option.phrase or option.label for option in question.options} if question else {}
        return options.get(region, region)

    def _regions(self, regions: Sequence[str]) -> str:
        places = capitalized(joined([self._region(region) for region in regions], "or"))
        return f"**{plain(places)}:** " if regions else ""

    def _cautions(self) -> list[str]:
        found = [(each, regions) for each in self.catalog.cautions if (regions := self._concerned(each))]
        return items(
            self._regions([region for region in regions if region])
            + plain(each.text)
            + self._condition(each.tests, each.unless)
            + self._marks(each.citations)
            for each, regions in found
        )

    def _family(self) -> set[str]:
        """The ids under which the catalog speaks of this format."""
        nearest = [self.format.covered_by] if self.format.covered_by else self.format.variant_of[:1]
        return {self.format.id, *nearest}

    def _concerned(self, caution: Caution) -> list[str | None]:
        """Where a caution can be raised for this format, whoever asks; None stands for wherever it is."""
        if caution.formats and not self._family() & set(caution.formats):
            return []
        tests = [test for test in caution.tests if test.subject == "attribute"]
        return [region for region in caution.regions or (None,) if all(self._holds(test, region) for test in tests)]

    def _holds(self, test: Test, region: str | None) -> bool:
        value = self.catalog.regional(self.format, test.name).within(region)
        words = {level_text(self.catalog.attributes[test.name], value.typical)}
        return OPERATORS[test.operator](words, test.operand)

    def _condition(self, tests: Iterable[Test], unless: Iterable[Test]) -> str:
        """What a person must have answered for it, and what not, in words."""
        parts = []
        for start, asked in (("if", tests), ("not if", unless)):
            found = [test for test in asked if test.subject == "question"]
            words = [_test_words(self.catalog.questions[test.name], test) for test in found]
            parts += [f"{start} {joined(words, 'and' if start == 'if' else 'or')}"] if words else []
        return f" *({plain(', '.join(parts))})*" if parts else ""

    def _next_steps(self) -> list[str]:
        steps = [step for step in self.catalog.next_steps if self._family() & set(step.formats)]
        return items(map(self._step, sorted(steps, key=lambda step: (bool(step.regions), not step.official))))

    def _step(self, step: NextStep) -> str:
        official = " (a public service)" if step.official else ""
        address = f": {web_link(step.url, step.url)}" if step.url else ""
        marks = self._condition(step.tests, step.unless) + self._marks(step.citations)
        return f"{self._regions(step.regions)}{plain(step.text)}{official}{address}{marks}"

    def _sources(self) -> list[str]:
        """The definitions of the footnotes; the site shows them at the end of the page."""
        return [
            f"[^{number}]: {_source(self.catalog, id, tuple(places))}"
            for number, (id, places) in enumerate(self.notes.places.items(), 1)
        ]


def _basis(value: Value, *more: str) -> str:
    dates = [f"{words} {date}." for words, date in _dates(value) if date]
    return plain(" ".join(filter(None, [value.note, *more, *dates])))


def _dates(value: Value) -> tuple[tuple[str, str], ...]:
    return ("As of", value.as_of), ("Valid from", value.valid_from), ("Valid to", value.valid_to)


def _test_words(question: Question, test: Test) -> str:
    """One test of an answer: ``"Right to work" is "I am not sure"``."""
    labels = {option.id: option.label for option in question.options} | {goal.id: goal.label for goal in question.goals}
    if isinstance(test.operand, tuple):
        operand = joined([f'"{labels.get(each, each)}"' for each in test.operand], "or")
    else:
        operand = f"{test.operand:g} {question.unit}".strip()
    words = {"is_not": "is not", "below": "is below", "at_least": "is at least", "includes": "include"}
    return f'"{question.label}" {words.get(test.operator, "is")} {operand}'


def _source(catalog: Catalog, id: str, places: Sequence[str]) -> str:
    source = catalog.sources[id]
    origin = ", ".join(filter(None, [source.publisher, source.date]))
    cited = "; ".join(filter(None, places))
    parts = [f"{plain(source.title)} ({plain(origin)}).", plain(f"{cited}." if cited else ""), plain(source.note)]
    address = web_link(source.url, source.url) if source.url else ""
    return " ".join(filter(None, [*parts, address]))


# --- the command line ------------------------------------------------------------------------------------------------


def command_help() -> dict[str, str]:
    """The help of every command as ``--help`` prints it on a terminal of 80 columns, by the command's full name."""
    from formatpicker.cli.app import command_tree

    return dict(_helps(command_tree(), "formatpicker", None))


def _helps(command: Any, name: str, parent: Any) -> Iterator[tuple[str, str]]:
    context = command.make_context(name.rpartition(" ")[2], [], parent=parent, resilient_parsing=True)
    context.terminal_width = 80
    yield name, command.get_help(context)
    for each in getattr(command, "commands", {}).values():
        yield from _helps(each, f"{name} {each.name}", context)


def command_page() -> str:
    """What every command takes, in its own words."""
    lines = ["# Commands and options", "", "What `--help` prints for each command.", ""]
    for name, text in command_help().items():
        lines += [f"## {name}", "", *code(text)]
    return "\n".join(lines) + "\n"


# --- JSON Schemas ----------------------------------------------------------------------------------------------------


def schema_pages(schemas: dict[str, dict[str, Any]]) -> Pages:
    """A page on the published schemas, by file name, and the files themselves."""
    files = {f"schemas/{name}": as_json(schema) for name, schema in schemas.items()}
    lines = [
        "# JSON Schemas",
        "",
        "JSON Schemas (draft 2020-12) of what formatpicker reads and prints. The same come from "
        "`formatpicker schema NAME`. The question ids in them are those of the shipped catalog.",
        "",
    ]
    for name, schema in schemas.items():
        lines += [f"## {name.removesuffix('.json')}", "", f"{plain(schema['title'])}: [{name}](../schemas/{name})", ""]
        rows = [[f"`{path}`", plain(kind)] for path, kind in fields(schema)]
        lines += table(["Field", "Type"], rows) if rows else []
    return {"reference/schemas.md": "\n".join(lines) + "\n", **files}

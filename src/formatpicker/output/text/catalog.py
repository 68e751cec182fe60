"""What is printed of a catalog: values with their sources; formats listed, whole and side by side."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from formatpicker.advice.notices import full_text
from formatpicker.base.terminal import BOLD, Screen, marked, wrapped
from formatpicker.base.text import capitalized, printable
from formatpicker.base.validity import NO_DATES, Validity, with_validity
from formatpicker.catalog.attributes import AttributeKind, Citation, Value, level_text, value_phrase
from formatpicker.catalog.model import Catalog, Format, citation_text
from formatpicker.output.text.format_words import contest_words
from formatpicker.scoring.ranking import score_text
from formatpicker.scoring.weights import region_of

if TYPE_CHECKING:
    from rich.table import Table

    from formatpicker.advice.notices import Blocker, Notice
    from formatpicker.advice.recommendation import Entry, Recommendation


# --- values with their sources ---------------------------------------------------------------------------------------


class Footnotes:
    """Numbers sources, collects the places cited in each, and writes them out at the end."""

    def __init__(self, catalog: Catalog, most: int | None = None) -> None:
        """``most`` is how many sources are numbered behind a value or a sentence, from the first; None for all."""
        self.catalog, self.most = catalog, most
        self.places: dict[str, dict[str, None]] = {}

    def marks(self, citations: Iterable[Citation]) -> str:
        """The numbers of some citations: ``1, 4``; empty for none."""
        numbers = []
        for citation in citations:
            self.places.setdefault(citation.source, {})[citation.place] = None
            numbers.append(list(self.places).index(citation.source) + 1)
        return ", ".join(map(str, dict.fromkeys(numbers)))

    def bracketed(self, citations: Sequence[Citation]) -> str:
        """The numbers as they stand behind a value: `` [1, 4]``."""
        marks = self.marks(citations[: self.most])
        return f" [{marks}]" if marks else ""

    def noted(self, notices: Iterable[Notice | Blocker]) -> list[str]:
        """Notices with the numbers of their sources."""
        return [f"{full_text(each)}{self.bracketed(each.citations)}" for each in notices]

    def texts(self) -> list[str]:
        """The sources in full, in the order of their numbers."""
        return [citation_text(self.catalog, Citation(id, "; ".join(places))) for id, places in self.places.items()]


def known_text(catalog: Catalog, notes: Footnotes, name: str, value: Value, day: str | None = None) -> str:
    """A value with its dates as they are told on a day or in what is kept, and with the numbers of its sources."""
    judged = " (judged)" if value.basis == "inferred" and value.known else ""
    validity = Validity(value.valid_from, value.valid_to, catalog.attributes[name].amount) if value.known else NO_DATES
    text = with_validity(value_text(catalog, name, value), validity, day)
    return f"{text}{judged}{notes.bracketed(value.citations)}"


def value_text(catalog: Catalog, name: str, value: Value) -> str:
    """A value in words, with its range."""
    attribute = catalog.attributes[name]
    if not value.known:
        return "unknown"
    typical = level_text(attribute, value.typical)
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        unit = f" {attribute.unit}" if attribute.unit else ""
        least, most = level_text(attribute, value.low), level_text(attribute, value.high)
        span = f"{least} or more" if value.high is None else f"{least} to {most}"
        return f"{typical}{unit} ({span})" if typical != least or typical != most else f"{typical}{unit}"
    if attribute.kind is AttributeKind.TEXT:
        return typical
    words = value_phrase(attribute, value.typical)
    if attribute.kind is AttributeKind.LEVEL:
        words += f" ({typical} of 4"
        words += f", sources give {value.low} to {value.high})" if value.low != value.high else ")"
    elif value.low != value.high:
        ends = [level_text(attribute, level) for level in (value.low, value.high)]
        words += f" (from {ends[0]} to {ends[1]})"
    return words


# --- formats ---------------------------------------------------------------------------------------------------------


def groups(catalog: Catalog) -> tuple[Sequence[Format], ...]:
    """The formats that are ranked, their variants, and words that stand for one of these."""
    return catalog.core, catalog.variants, [format for format in catalog.formats.values() if not format.scored]


def format_list(catalog: Catalog, screen: Screen) -> str:
    """All formats: the core ones, the scored variants and the names that stand for one of them."""
    table = _table("Id", "What it is")
    table.columns[0].no_wrap = True
    for group in groups(catalog):
        for format in group:
            role = "" if format.scored else f" (see {format.covered_by})"
            table.add_row(format.id, printable(format.summary + role), end_section=format is group[-1])
    return _drawn(table, screen)


def format_page(catalog: Catalog, format: Format, screen: Screen) -> str:
    """One format whole: what it is, what for, what against, and every attribute with its sources."""
    columns, notes = screen.columns, Footnotes(catalog)
    lines = [marked(BOLD, format.name), *wrapped(format.summary, columns)]
    if not format.scored:
        covering = catalog.formats[format.covered_by]
        word = f"Nobody can apply for this as such: it is a word for something else ({format.kind})."
        instead = f"Look at {covering.phrase} instead: formatpicker formats {covering.id}"
        lines += wrapped(f"{word} {instead}", columns)
    for title, items in (("Good for", format.good_for), ("What speaks against it", format.speaks_against)):
        lines += [marked(BOLD, title)]
        lines += [line for item in items for line in wrapped(item, columns, "  - ")]
    for meaning in format.also_means:
        lines += wrapped(f"The same words also mean: {meaning}", columns, "", "  ")
    lines += [marked(BOLD, "What is known")]
    for name, attribute in catalog.attributes.items():
        if not format.scored and catalog.inherited(format, name):
            continue  # of a word for something else, only what is said of it alone
        regional = catalog.regional(format, name)
        origin = f" (as {catalog.formats[format.variant_of[0]].phrase})" if catalog.inherited(format, name) else ""
        known = f"{attribute.label}: {known_text(catalog, notes, name, regional.general, screen.today)}{origin}"
        lines += wrapped(known, columns, "  ", "    ")
        for why in filter(None, (regional.general.note, regional.reason)):
            lines += wrapped(why, columns, "    ")
        for region, value in regional.regions.items():
            known = known_text(catalog, notes, name, value, screen.today)
            lines += wrapped(f"{capitalized(catalog.region_name(region))}: {known}", columns, "    ", "      ")
    return "\n".join([*lines, *_sources(notes, columns)]) + "\n"


def comparison(
    catalog: Catalog, formats: list[Format], screen: Screen, recommendation: Recommendation | None = None
) -> str:
    """Formats side by side, attribute by attribute, with sources; for a person with their fit and for their region."""
    notes = Footnotes(catalog)
    table = _table("", *(format.name for format in formats))
    table.columns[0].max_width = max(12, screen.columns // 5)
    entries = {entry.id: entry for entry in recommendation.entries} if recommendation else {}
    region = region_of(catalog, recommendation.answers) if recommendation else None
    if recommendation:
        table.add_row("Fit for this person", *(_fit(entries.get(format.id)) for format in formats), end_section=True)
    for name, attribute in catalog.attributes.items():
        values = [catalog.regional(format, name).within(region) for format in formats]
        table.add_row(attribute.label, *(known_text(catalog, notes, name, value, screen.today) for value in values))
    place = catalog.region_name(region) if region else ""
    texts = [f"These are the values {place} where they are known, else those in general."] if place else []
    texts += contest_words(entries, formats)
    lines = [line for text in texts for line in wrapped(text, screen.columns)]
    return _drawn(table, screen) + "\n".join([*lines, *_sources(notes, screen.columns)]) + "\n"


def _fit(entry: Entry | None) -> str:
    if entry is None:
        return "never recommended as such"
    if entry.blockers:
        return printable(f"ruled out: {entry.blockers[0].text}")
    checks = [*(f"Long shot: {notice.text}" for notice in entry.long_shots), *(each.text for each in entry.conditions)]
    score = f", {score_text(entry.assessment)} of 100" if entry.assessment.scale else ""
    return printable(" ".join([f"rank {entry.rank}{score}{'.' * bool(checks)}", *checks]))


def _sources(notes: Footnotes, columns: int) -> list[str]:
    heading = [marked(BOLD, "Sources")] if notes.places else []
    return heading + [
        line for number, text in enumerate(notes.texts(), 1) for line in wrapped(text, columns, f"[{number}] ")
    ]


def _table(*headings: str) -> Table:
    """A table, the only thing for which Rich is loaded."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(printable(heading), overflow="fold", ratio=None if number == 0 else 1)
    return table


def _drawn(table: Table, screen: Screen) -> str:
    """The table as text without escapes; Rich lays it out, ``finished`` colours nothing of it."""
    from rich.console import Console

    buffer = io.StringIO()
    console = Console(file=buffer, width=screen.columns, color_system=None, markup=False, emoji=False, highlight=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"

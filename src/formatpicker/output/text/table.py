"""Formats side by side and one by one, as tables with numbered sources. The only renderer that needs Rich."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from formatpicker.advice.comparison import Contest, contest
from formatpicker.advice.explanation import level_text, value_phrase
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.base.style import BOLD, Screen, marked, wrapped
from formatpicker.base.text import capitalized, printable
from formatpicker.base.validity import NO_DATES, Validity, with_validity
from formatpicker.catalog.model import AttributeKind, Catalog, Format, Value
from formatpicker.output.text.footnotes import Footnotes
from formatpicker.scoring.rounding import score_text

MOST_DECIDING = 4
# The formats that are ranked, their variants, and words that stand for one of these.
GROUPS: tuple[Callable[[Format], bool], ...] = (
    lambda format: format.core,
    lambda format: format.scored and not format.core,
    lambda format: not format.scored,
)


def format_list(catalog: Catalog, screen: Screen) -> str:
    """All formats: the core ones, the scored variants and the names that stand for one of them."""
    table = _table("Id", "What it is")
    table.columns[0].no_wrap = True
    for belongs in GROUPS:
        group = [format for format in catalog.formats.values() if belongs(format)]
        for format in group:
            role = "" if format.scored else f" (see {format.covered_by})"
            table.add_row(format.id, printable(format.summary + role), end_section=format is group[-1])
    return _drawn(table, screen)


def format_page(catalog: Catalog, format: Format, screen: Screen) -> str:
    """One format whole: what it is, what for, what against, and every attribute with its sources."""
    columns = screen.columns
    notes = Footnotes(catalog)
    lines = [marked(BOLD, format.name), *wrapped(format.summary, columns)]
    lines += _standing_for(catalog, format, columns)
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
        known = f"{attribute.label}: {_known(catalog, notes, name, regional.general, screen)}{origin}"
        lines += wrapped(known, columns, "  ", "    ")
        for why in filter(None, (regional.general.note, regional.reason)):
            lines += wrapped(why, columns, "    ")
        for region, value in regional.regions.items():
            lines += wrapped(
                f"{_region(catalog, region)}: {_known(catalog, notes, name, value, screen)}",
                columns,
                "    ",
                "      ",
            )
    return "\n".join([*lines, *_sources(notes, columns)]) + "\n"


def _standing_for(catalog: Catalog, format: Format, columns: int) -> list[str]:
    if format.scored:
        return []
    covering = catalog.formats[format.covered_by]
    return wrapped(
        f"Nobody can apply for this as such: it is a word for something else ({format.kind}). Look at "
        f"{covering.phrase} instead: formatpicker formats {covering.id}",
        columns,
    )


def comparison(
    catalog: Catalog, formats: list[Format], screen: Screen, recommendation: Recommendation | None = None
) -> str:
    """Formats side by side, attribute by attribute, with sources; and one person's fit where there is a person."""
    notes = Footnotes(catalog)
    table = _table("", *(format.name for format in formats))
    table.columns[0].max_width = max(12, screen.columns // 5)
    entries = {entry.id: entry for entry in recommendation.entries} if recommendation else {}
    if recommendation:
        table.add_row("Fit for this person", *(_fit(entries.get(format.id)) for format in formats), end_section=True)
    for name, attribute in catalog.attributes.items():
        cells = [_known(catalog, notes, name, catalog.regional(format, name).general, screen) for format in formats]
        table.add_row(attribute.label, *cells)
    lines = [line for text in contest_words(entries, formats) for line in wrapped(text, screen.columns)]
    return _drawn(table, screen) + "\n".join([*lines, *_sources(notes, screen.columns)]) + "\n"


def contest_words(entries: dict[str, Entry], formats: list[Format]) -> list[str]:
    """For each two formats that are scored: which criteria decide between them for this person, and dominance."""
    found = [entries[format.id].assessment for format in formats if format.id in entries]
    return [text for first, second in combinations(found, 2) for text in _contest_texts(contest(first, second))]


def _contest_texts(found: Contest) -> list[str]:
    first, second = found.first.format.name, found.second.format.name
    if not found.differences:
        return [f"{first} and {second}: nothing that was answered tells them apart."]
    parts = [
        f"{each.term.weighed.criterion.label} ({100 * abs(each.gap) / found.first.scale:.1f} points for "
        f"{first if each.gap > 0 else second})"
        for each in found.differences[:MOST_DECIDING]
    ]
    texts = [f"What decides between {first} and {second}: {', '.join(parts)}."]
    if found.dominating:
        texts.append(f"{found.dominating.format.name} is at least as good on everything that was answered.")
    return texts


def _fit(entry: Entry | None) -> str:
    if entry is None:
        return "never recommended as such"
    if entry.blockers:
        return printable(f"ruled out: {entry.blockers[0].text}")
    checks = [f"long shot: {notice.text}" for notice in entry.long_shots]
    checks += [notice.text for notice in entry.conditions]
    place = f"rank {entry.rank}, {score_text(entry.assessment)} of 100"
    return printable(" ".join([place + ("." if checks else ""), *checks]))


def _sources(notes: Footnotes, columns: int) -> list[str]:
    heading = [marked(BOLD, "Sources")] if notes.places else []
    return heading + [
        line for number, text in enumerate(notes.texts(), 1) for line in wrapped(text, columns, f"[{number}] ")
    ]


def _known(catalog: Catalog, notes: Footnotes, name: str, value: Value, screen: Screen) -> str:
    judged = " (judged)" if value.basis == "inferred" and value.known else ""
    validity = Validity(value.valid_from, value.valid_to, catalog.attributes[name].amount) if value.known else NO_DATES
    text = with_validity(value_text(catalog, name, value), validity, screen.today)
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


def _region(catalog: Catalog, region: str) -> str:
    question = catalog.region_question
    option = question.option(region) if question else None
    return capitalized((option.phrase or option.label) if option else region)


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(printable(heading), overflow="fold", ratio=None if number == 0 else 1)
    return table


def _drawn(table: Table, screen: Screen) -> str:
    """The table as text without escapes; Rich lays it out, ``finished`` colours nothing of it."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=screen.columns, color_system=None, markup=False, emoji=False, highlight=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"

"""What is known of formats in words: values, the numbers of their sources, and what decides between two formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from formatpicker.advice.comparison import Contest, contest
from formatpicker.advice.recommendation import Entry
from formatpicker.advice.wording import citation_text, level_text, value_phrase
from formatpicker.base.validity import NO_DATES, Validity, with_validity
from formatpicker.catalog.attributes import AttributeKind, Citation, Value
from formatpicker.catalog.model import Catalog, Format


class Footnotes:
    """Numbers sources, collects the places cited in each, and writes them out at the end."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.places: dict[str, dict[str, None]] = {}

    def marks(self, citations: Iterable[Citation]) -> str:
        """The numbers of some citations: ``1, 4``; empty for none."""
        numbers = []
        for citation in citations:
            self.places.setdefault(citation.source, {})[citation.place] = None
            numbers.append(list(self.places).index(citation.source) + 1)
        return ", ".join(map(str, dict.fromkeys(numbers)))

    def bracketed(self, citations: Iterable[Citation]) -> str:
        """The numbers as they stand behind a value: `` [1, 4]``."""
        marks = self.marks(citations)
        return f" [{marks}]" if marks else ""

    def texts(self) -> list[str]:
        """The sources in full, in the order of their numbers."""
        return [citation_text(self.catalog, Citation(id, "; ".join(places))) for id, places in self.places.items()]


MOST_DECIDING = 4


def known_text(
    catalog: Catalog, notes: Footnotes, name: str, value: Value, day: str | None = None, most: int | None = None
) -> str:
    """A value with its dates as they are told on a day or in what is kept, and with the numbers of its sources.

    ``most`` is how many sources are numbered, from the first; None for all.
    """
    judged = " (judged)" if value.basis == "inferred" and value.known else ""
    validity = Validity(value.valid_from, value.valid_to, catalog.attributes[name].amount) if value.known else NO_DATES
    text = with_validity(value_text(catalog, name, value), validity, day)
    return f"{text}{judged}{notes.bracketed(value.citations[:most])}"


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


def contest_words(entries: Mapping[str, Entry], formats: Sequence[Format]) -> list[str]:
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

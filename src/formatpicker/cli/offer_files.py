"""Offers and the answers that they are held against, from files."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from formatpicker.advice.offer_comparison import Comparison
from formatpicker.advice.offer_template import left_as_they_were
from formatpicker.advice.offers import MOST_OFFERS, parse_offers
from formatpicker.base.files import display_name, read_bytes
from formatpicker.base.terminal import notify
from formatpicker.base.text import joined
from formatpicker.base.validity import today
from formatpicker.base.yaml_reader import parse_document
from formatpicker.cli.person import given_answers
from formatpicker.errors import InputError
from formatpicker.scoring.parsing import parse_answers

if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import Comparison
    from formatpicker.advice.offers import Offer
    from formatpicker.catalog.model import Catalog
    from formatpicker.scoring.answers import Answers

# How the names of tables end.
_TABLES = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl")


def compared(
    catalog: Catalog, file: str | None, person: str | None, settings: list[str] | None, own_words: bool = False
) -> Comparison:
    """The offers of a file, compared for the person that the answers describe; ``own_words`` as for ``parse_answers``.

    Raises:
        InputError: There is no file, or it cannot be read.
        AnswerError: Something in it, or in the answers, that is not accepted.
    """
    if file is None:
        raise InputError("offers", "no offers: name a FILE; --ask asks for them, --template prints one to fill in")
    answers, offers = answers_for(catalog, person, settings, own_words), read_offers(catalog, file)
    examples = left_as_they_were(offers)
    if examples:
        notify(f"formatpicker: {file}: {_untouched(examples, len(offers))}")
    return Comparison(catalog, answers, offers, today())


def _untouched(examples: list[str], offers: int) -> str:
    if len(examples) == offers:
        return "these are still the template's examples; write your own offers over them"
    return f"{joined(examples)} is still an example of the template; fill it in, or take it out"


def answers_for(
    catalog: Catalog, person: str | None, settings: list[str] | None, own_words: bool, needed: bool = False
) -> Answers:
    """The answers that offers are held against; none where none are given, unless they are needed.

    Raises:
        InputError: They are needed, or cannot be read.
        AnswerError: An answer that its question does not accept.
    """
    if person is not None or settings:
        return given_answers(catalog, person, settings, "offers", own_words)
    if needed:
        raise InputError(
            "offers --ask", "needs your answers by --for FILE or --set; `formatpicker ask --save FILE` asks for them"
        )
    return parse_answers(catalog, {})


def read_offers(catalog: Catalog, path: str) -> tuple[Offer, ...]:
    """The offers in a YAML or JSON file, or in a table with a row for each.

    Raises:
        InputError: It cannot be read.
        AnswerError: An unknown key, or a value that is not accepted.
    """
    if path.lower().endswith(_TABLES):
        rows, lines = _rows(catalog, path)
        return parse_offers(catalog, rows, path, lambda place: lines[int(place[0])])
    document = parse_document(read_bytes(path), display_name(path))
    return parse_offers(catalog, document.data, document.name, document.line)


def _rows(catalog: Catalog, path: str) -> tuple[list[dict[str, object]], list[int]]:
    """The rows of a table as mappings from header to cell, empty ones left out, and the line of each."""
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.readers import opened_table
    from formatpicker.batch.readers.source import opened_source

    found: list[dict[str, object]] = []
    lines: list[int] = []
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), Headers(catalog, lenient=True), None, None)
        for rows in table.rows():
            for offset, cells in enumerate(rows.cells):
                line = rows.lines[offset] if rows.lines else rows.first + offset
                if offset in rows.malformed:
                    raise InputError(path, rows.malformed[offset], line)
                row = {name: cell for name, cell in zip(table.sheet.headers, cells, strict=False) if name.strip()}
                if any(cell is not None and str(cell).strip() for cell in row.values()):
                    found.append({**row})
                    lines.append(line)
            if len(found) > MOST_OFFERS:
                break
    return found, lines

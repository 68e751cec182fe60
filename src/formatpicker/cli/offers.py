"""Concrete offers compared for one person."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from formatpicker.cli.app import DONE, NOTHING_FOUND, CatalogOption, JsonOption, SetOption, app, loaded_catalog
from formatpicker.cli.person import Layout

if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import Comparison
    from formatpicker.advice.offers import Offer
    from formatpicker.catalog.model import Catalog

# How the names of tables end.
_TABLES = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl")
MOST_OFFERS = 50


@app.command()
def offers(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Offers in YAML, JSON, CSV or XLSX; - reads standard input.")
    ] = None,
    person: Annotated[
        str | None, typer.Option("--for", metavar="ANSWERS", help="Your answers, in YAML or JSON.")
    ] = None,
    settings: SetOption = None,
    layout: Annotated[Layout, typer.Option("--format", help="text, or markdown to paste into an email.")] = Layout.TEXT,
    json: JsonOption = False,
    template: Annotated[bool, typer.Option("--template", help="Print a file of offers to fill in.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Compare the offers you have: which suits you best, and what to ask before you choose.

    Example: formatpicker offers --template > offers.yaml
    """
    from formatpicker.base.terminal import emit, emit_json, screen_of

    loaded = loaded_catalog(catalog)
    if template:
        from formatpicker.advice.offer_template import template_text

        emit(template_text(loaded))
        return
    comparison = compared(loaded, file, person, settings, own_words=not json)
    if json:
        from formatpicker.output.json.offers import offers_data

        emit_json(offers_data(comparison))
    else:
        from formatpicker.output.text.document_layout import to_markdown, to_text
        from formatpicker.output.text.offers import offers_document

        blocks = offers_document(comparison)
        emit(to_markdown(blocks) if layout is Layout.MARKDOWN else to_text(blocks, screen_of(sys.stdout).columns))
    raise typer.Exit(DONE if comparison.recommendation.top else NOTHING_FOUND)


def compared(
    catalog: Catalog, file: str | None, person: str | None, settings: list[str] | None, own_words: bool = False
) -> Comparison:
    """The offers of a file, compared for the person that the answers describe; ``own_words`` as for ``parse_answers``.

    Raises:
        InputError: There is no file, or it cannot be read.
        AnswerError: Something in it, or in the answers, that is not accepted.
    """
    from formatpicker.advice.offer_comparison import Comparison
    from formatpicker.base.validity import today
    from formatpicker.cli.person import given_answers
    from formatpicker.errors import InputError
    from formatpicker.scoring.answers import parse_answers

    if file is None:
        raise InputError("offers", "no offers: name a FILE; `formatpicker offers --template` prints one to fill in")
    if person is None and not settings:
        answers = parse_answers(catalog, {})
    else:
        answers = given_answers(catalog, person, settings, "offers", own_words)
    return Comparison(catalog, answers, read_offers(catalog, file), today())


def read_offers(catalog: Catalog, path: str) -> tuple[Offer, ...]:
    """The offers in a YAML or JSON file, or in a table with a row for each.

    Raises:
        InputError: It cannot be read.
        AnswerError: An unknown key, or a value that is not accepted.
    """
    from formatpicker.advice.offers import parse_offers
    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.yaml_reader import parse_document

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
    from formatpicker.errors import InputError

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

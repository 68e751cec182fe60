"""Concrete offers compared for one person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from formatpicker.cli.app import DONE, NOTHING_FOUND, CatalogOption, JsonOption, SetOption, app, loaded_catalog
from formatpicker.cli.person import Layout

if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import Comparison
    from formatpicker.catalog.model import Catalog


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
    comparison = compared(loaded, file, person, settings)
    if json:
        from formatpicker.output.json.offers import offers_data

        emit_json(offers_data(comparison))
    else:
        from formatpicker.output.text.document_layout import to_markdown, to_text
        from formatpicker.output.text.offers import offers_document

        blocks = offers_document(comparison)
        emit(to_markdown(blocks) if layout is Layout.MARKDOWN else to_text(blocks, screen_of(sys.stdout).columns))
    raise typer.Exit(DONE if comparison.recommendation.top else NOTHING_FOUND)


def compared(catalog: Catalog, file: str | None, person: str | None, settings: list[str] | None) -> Comparison:
    """The offers of a file, compared for the person that the answers describe.

    Raises:
        InputError: There is no file, or it cannot be read.
        AnswerError: Something in it, or in the answers, that is not accepted.
    """
    from datetime import date

    from formatpicker.advice.offer_comparison import Comparison
    from formatpicker.cli.person import given_answers
    from formatpicker.errors import InputError
    from formatpicker.scoring.answers import parse_answers

    if file is None:
        raise InputError("offers", "no offers: name a FILE; `formatpicker offers --template` prints one to fill in")
    if person is None and not settings:
        answers = parse_answers(catalog, {})
    else:
        answers = given_answers(catalog, person, settings, "offers")
    return Comparison(catalog, answers, _read(catalog, file), date.today().isoformat())

"""Concrete offers compared for one person."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from formatpicker.cli.app import DONE, NOTHING_FOUND, CatalogOption, JsonOption, SetOption, loaded_catalog, new_app
from formatpicker.cli.person import Layout
from formatpicker.errors import InputError

app = new_app()


@app.command()
def offers(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="Offers in YAML, JSON, CSV or XLSX; - reads YAML or JSON from a pipe."),
    ] = None,
    person: Annotated[
        str | None, typer.Option("--for", metavar="ANSWERS", help="Your answers, in YAML or JSON.")
    ] = None,
    settings: SetOption = None,
    layout: Annotated[Layout, typer.Option("--format", help="text, or markdown to paste into an email.")] = Layout.TEXT,
    json: JsonOption = False,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for the offers one after the other; FILE keeps them.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="With --ask: plain text, for screen readers.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Write a file of offers to fill in.")] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="With --template: write it here.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Compare offers: which suits you best, and what to ask next.

    Example: formatpicker offers --template -o offers.yaml
    """
    loaded = loaded_catalog(catalog)
    if template:
        from formatpicker.advice.offer_template import template_text
        from formatpicker.batch.writers.output_file import blank_target_for, write_whole

        write_whole(blank_target_for(output), template_text(loaded), output)
        return
    if output is not None:
        raise InputError("-o", "goes with --template; for a page to keep, `formatpicker report --offers FILE -o FILE`")
    from formatpicker.base.terminal import emit, emit_json, screen_of
    from formatpicker.cli.offer_files import answers_for, compared

    if ask:
        import shlex

        from formatpicker.cli.offers_ask import OffersSession
        from formatpicker.cli.person import opened_terminal

        terminal = opened_terminal(plain, json, "offers --ask", "formatpicker offers --template -o offers.yaml")
        given = [*(["--for", person] if person else []), *(part for each in settings or () for part in ("--set", each))]
        command = shlex.join(["formatpicker", "offers", "--ask", *given])
        answers = answers_for(loaded, person, settings, not json, needed=True)
        OffersSession(loaded, terminal, json, answers, command).run(file)
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

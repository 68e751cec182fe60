"""Pages to print or to send: report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from formatpicker.cli.app import (
    DONE,
    NOTHING_FOUND,
    AnswersArgument,
    CatalogOption,
    SetOption,
    loaded_catalog,
    new_app,
)

if TYPE_CHECKING:
    from formatpicker.catalog.model import Catalog

app = new_app()


# A summary has a few hundred numbers.
MOST_BYTES = 4_000_000


@app.command()
def report(
    file: AnswersArgument = None,
    settings: SetOption = None,
    cohort: Annotated[
        str | None, typer.Option("--cohort", metavar="SUMMARY", help="Report on the summary of a batch instead.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the page here; it appears whole.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Write a page of HTML for one person, or for a cohort, that loads nothing and runs nothing.

    Example: formatpicker report --set goals=explore,portfolio --set weeks=4 -o report.html
    """
    from formatpicker.errors import InputError

    if cohort is not None and (file is not None or settings):
        raise InputError("--cohort", "stands instead of answers; leave FILE and --set out")
    if cohort is not None:
        _write(_cohort_page(cohort), output)
        return
    loaded = loaded_catalog(catalog)
    text, found = _person_page(loaded, file, settings)
    _write(text, output)
    raise typer.Exit(DONE if found else NOTHING_FOUND)


def _person_page(catalog: Catalog, file: str | None, settings: list[str] | None) -> tuple[str, bool]:
    from formatpicker.advice.recommendation import recommend
    from formatpicker.cli.person import given_answers
    from formatpicker.output.html.report import person_page

    found = recommend(catalog, given_answers(catalog, file, settings, "report"))
    return person_page(found), bool(found.top)


def _cohort_page(path: str) -> str:
    from msgspec import ValidationError, convert

    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.errors import InputError
    from formatpicker.output.html.cohort_report import cohort_page
    from formatpicker.output.json.cohort_types import Summary

    name = display_name(path)
    data = parse_document(read_bytes(path, MOST_BYTES), name).data
    try:
        return cohort_page(convert(data, Summary))
    except ValidationError as error:
        raise InputError(name, f"is no summary as `batch --summary` writes it: {error}") from None


def _write(text: str, output: str | None) -> None:
    from formatpicker.batch.writers.output_file import target_for

    target = target_for(output)
    try:
        target.write(text)
        target.commit()
    except BaseException:
        target.abandon()
        raise

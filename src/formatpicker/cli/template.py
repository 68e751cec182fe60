"""The empty sheet to collect answers with."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from formatpicker.cli.app import CatalogOption, loaded_catalog, new_app
from formatpicker.errors import InputError

app = new_app()


@app.command()
def template(
    to: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="csv or xlsx for many people, yaml or json for one, or a form: google-forms, qualtrics, xlsform (Kobo,"
            " ODK) or text; csv if left out.",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; the ending tells the kind.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --to json.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Write an empty sheet, or a form, to collect answers with.

    What comes back is for batch, or for recommend.

    Example: formatpicker template -o intake.xlsx
    """
    from formatpicker.base.files import check_apart
    from formatpicker.batch.writers.output_file import blank_target_for
    from formatpicker.batch.writers.template import kind_for, write
    from formatpicker.catalog.store import catalog_path

    if json and to not in (None, "json"):
        raise InputError("--json", f"and --to {to} ask for two things; keep one")
    kind = kind_for(output, "json" if json else to)
    check_apart([("the catalog", catalog_path(catalog))], [("-o", output)])
    loaded = loaded_catalog(catalog)
    with ExitStack() as stack:
        target = blank_target_for(output)
        stack.callback(target.abandon)
        write(loaded, kind, target)
        target.commit()
        stack.pop_all()

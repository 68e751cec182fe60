"""The formats themselves: list, show and compare them; empty sheets of questions; and the schemas of all documents."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Annotated

from formatpicker.cli.app import CatalogOption, JsonOption, argument, loaded_catalog, option
from formatpicker.cli.completion import format_names, schema_names
from formatpicker.errors import AnswerError, InputError, one_of


def formats(
    name: Annotated[
        str | None, argument("[FORMAT]", "An id, a name or another word for it.", autocompletion=format_names)
    ] = None,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """List the formats, or show one whole.

    Example: formatpicker formats micro-internship
    """
    from formatpicker.base.terminal import emit_json, emit_paged, screen_of
    from formatpicker.catalog.model import find_format

    loaded = loaded_catalog(catalog)
    found = find_format(loaded, name) if name else None
    if json:
        from formatpicker.output.json.catalog import format_data, format_line

        emit_json(format_data(loaded, found) if found else [format_line(each) for each in loaded.formats.values()])
        return
    from formatpicker.output.text.table import format_list, format_page

    screen = screen_of(sys.stdout)
    emit_paged(format_page(loaded, found, screen) if found else format_list(loaded, screen))


def compare(
    names: Annotated[list[str], argument("FORMAT FORMAT...", "Two formats or more.", autocompletion=format_names)],
    person: Annotated[str | None, option("--for FILE", "Show the fit for these answers as well.")] = None,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Put formats side by side, with sources.

    Example: formatpicker compare internship apprenticeship
    """
    from formatpicker.advice.recommendation import recommend as run
    from formatpicker.base.terminal import emit_json, emit_paged, screen_of
    from formatpicker.catalog.model import find_format
    from formatpicker.scoring.answer_files import read_answers

    loaded = loaded_catalog(catalog)
    found = list({format.id: format for format in (find_format(loaded, name) for name in names)}.values())
    if len(found) < 2:
        raise InputError("compare", "needs two different formats; see: formatpicker formats")
    recommendation = run(loaded, read_answers(loaded, person)) if person else None
    if json:
        from formatpicker.output.json.catalog import comparison_data

        emit_json(comparison_data(loaded, found, recommendation))
        return
    from formatpicker.output.text.table import comparison

    emit_paged(comparison(loaded, found, screen_of(sys.stdout), recommendation))


def schema(
    name: Annotated[
        str, argument("NAME", "answers, recommendation or another; a wrong one lists all.", autocompletion=schema_names)
    ],
    catalog: CatalogOption = None,
) -> None:
    """Print a JSON Schema (2020-12).

    Example: formatpicker schema answers
    """
    from formatpicker.base.terminal import emit_json
    from formatpicker.output.json.schemas import SCHEMAS, json_schema

    if name not in SCHEMAS:
        raise AnswerError("schema", name, one_of(name, list(SCHEMAS), "schema"))
    emit_json(json_schema(name, loaded_catalog(catalog)))


def template(
    to: Annotated[
        str | None,
        option(
            "--to KIND",
            "csv or xlsx for many people, yaml or json for one, or a form: google-forms, qualtrics, xlsform (Kobo,"
            " ODK) or text; csv if left out.",
        ),
    ] = None,
    output: Annotated[str | None, option("--output -o FILE", "Write it here; the ending tells the kind.")] = None,
    json: Annotated[bool, option("--json", "The same as --to json.")] = False,
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

"""The catalog: its formats listed, shown and compared, sheets of its questions, schemas; check, audit, diff, laws."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from formatpicker.cli.app import (
    BAD_INPUT,
    CatalogOption,
    JsonOption,
    argument,
    ended,
    loaded_catalog,
    new_app,
    option,
    tell,
)
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
    from formatpicker.output.text.catalog import format_list, format_page

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
    from formatpicker.output.text.catalog import comparison

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
    from formatpicker.batch.writers.output_file import opened_blank_output
    from formatpicker.batch.writers.template import kind_for, write
    from formatpicker.catalog.store import catalog_path

    if json and to not in (None, "json"):
        raise InputError("--json", f"and --to {to} ask for two things; keep one")
    kind = kind_for(output, "json" if json else to)
    check_apart([("the catalog", catalog_path(catalog))], [("-o", output)])
    loaded = loaded_catalog(catalog)
    with ExitStack() as stack:
        target = opened_blank_output(output)
        stack.callback(target.abandon)
        write(loaded, kind, target)
        target.commit()
        stack.pop_all()


# --- looking after it ------------------------------------------------------------------------------------------------


catalog = new_app(
    name="catalog",
    help="Look after the catalog of formats.\n\nExample: formatpicker catalog check",
    no_args_is_help=True,
)

PeopleOption = Annotated[int, option("--people", "How many random people to try.", min=1, max=100000)]


@catalog.command("check")
def catalog_check(
    file: Annotated[str | None, argument("[FILE]", "A catalog file; else the one in force.")] = None,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Validate a catalog and name every fault with its line.

    Example: formatpicker catalog check my-catalog.yaml
    """
    from formatpicker.base.terminal import emit, emit_json, notify
    from formatpicker.catalog.store import catalog_path, checked_catalog

    path = catalog_path(file or catalog)
    loaded, faults = checked_catalog(path)
    if json:
        from formatpicker.output.json.catalog import check_data

        emit_json(check_data(str(path), faults))
    elif loaded is None:
        notify("\n".join(f"formatpicker: {fault}" for fault in faults))
    else:
        scored = sum(format.scored for format in loaded.formats.values())
        emit(
            f"{path}: valid. {len(loaded.formats)} formats ({scored} scored), {len(loaded.questions)} questions, "
            f"{len(loaded.sources)} sources, version {loaded.version}.\n"
        )
    if faults:
        raise typer.Exit(BAD_INPUT)


@catalog.command("path")
def show_catalog_path(catalog: CatalogOption = None) -> None:
    """Print where the catalog in force is, to copy and edit it.

    Example: cp "$(formatpicker catalog path)" my-catalog.yaml
    """
    from formatpicker.base.terminal import emit
    from formatpicker.catalog.store import catalog_path

    emit(f"{catalog_path(catalog)}\n")


@catalog.command("audit")
def catalog_audit(
    on: Annotated[str | None, option("--on DATE", "Hold dates against this day, YYYY-MM-DD; else today.")] = None,
    people: PeopleOption = 300,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Say who gets which format first, and what is unsourced or old.

    It also says how often each question decides, and what to research next.

    Example: formatpicker catalog audit --people 50 --on 2026-11-21
    """
    from datetime import date

    from msgspec import to_builtins

    from formatpicker.base.terminal import notify
    from formatpicker.base.validity import today
    from formatpicker.catalog_tools.audit import MANY_FORMATS, audit
    from formatpicker.output.text.catalog_tools import audit_text

    try:
        day = date.fromisoformat(on or today())
    except ValueError:
        raise AnswerError("--on", on, "not a date; write it as 2026-11-21") from None
    loaded = loaded_catalog(catalog)
    if len(loaded.formats) > MANY_FORMATS:
        notify(
            f"More than {MANY_FORMATS} formats: left out are the value of research, and the longest search for people "
            "who get a format first."
        )
    found = audit(loaded, day.isoformat(), people)
    tell(json, lambda: to_builtins(found), lambda screen: audit_text(found, loaded, screen))


@catalog.command("diff")
def show_catalog_diff(
    old: Annotated[str, argument("OLD", "A catalog file.")],
    new: Annotated[str, argument("NEW", "The changed one.")],
    answers: Annotated[
        str | None, option("--answers FILE", "Show whose result moves, and which edit moved it.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """What changed between two catalogs.

    Example: formatpicker catalog diff old.yaml new.yaml --answers my-answers.yaml
    """
    from formatpicker.catalog_tools.diff import catalog_diff
    from formatpicker.output.json.catalog import diff_data
    from formatpicker.output.text.catalog_tools import diff_text
    from formatpicker.scoring.answer_files import answers_in, document_of

    before, after = loaded_catalog(old), loaded_catalog(new)
    document = document_of(answers) if answers else None  # read once, since it may be a pipe
    found = catalog_diff(before, after, *(answers_in(each, document) for each in (before, after) if document))
    tell(json, lambda: diff_data(found), lambda screen: diff_text(found, screen))


def verify(people: PeopleOption = 200, json: JsonOption = False, catalog: CatalogOption = None) -> None:
    """Run the laws of the method on a catalog.

    Each law that is broken is shown with a smallest counterexample.

    Example: formatpicker verify --people 20
    """
    from msgspec import to_builtins

    from formatpicker.catalog_tools.laws import verify as run
    from formatpicker.output.text.catalog_tools import laws_text

    found = run(loaded_catalog(catalog), people)
    tell(json, lambda: to_builtins(found), lambda screen: laws_text(found, screen))
    raise ended(found.holds)

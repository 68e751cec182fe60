"""Looking after a catalog: check, audit, diff, path; and its laws."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from formatpicker.cli.app import BAD_INPUT, CatalogOption, JsonOption, argument, ended, loaded_catalog, new_app, option
from formatpicker.errors import AnswerError

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

    from formatpicker.base.terminal import emit, emit_json, notify, screen_of
    from formatpicker.base.validity import today
    from formatpicker.catalog_tools.audit import MANY_FORMATS, audit
    from formatpicker.output.text.catalog_report import audit_text

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
    if json:
        emit_json(to_builtins(found))
    else:
        emit(audit_text(found, loaded, screen_of(sys.stdout)))


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
    from formatpicker.base.terminal import emit, emit_json, screen_of
    from formatpicker.catalog_tools.diff import catalog_diff
    from formatpicker.output.json.catalog import diff_data
    from formatpicker.output.text.catalog_report import diff_text
    from formatpicker.scoring.answer_files import answers_in, document_of

    before, after = loaded_catalog(old), loaded_catalog(new)
    document = document_of(answers) if answers else None  # read once, since it may be a pipe
    found = catalog_diff(before, after, *(answers_in(each, document) for each in (before, after) if document))
    if json:
        emit_json(diff_data(found))
    else:
        emit(diff_text(found, screen_of(sys.stdout)))


def verify(people: PeopleOption = 200, json: JsonOption = False, catalog: CatalogOption = None) -> None:
    """Run the laws of the method on a catalog.

    Each law that is broken is shown with a smallest counterexample.

    Example: formatpicker verify --people 20
    """
    from msgspec import to_builtins

    from formatpicker.base.terminal import emit, emit_json, screen_of
    from formatpicker.catalog_tools.laws import verify as run
    from formatpicker.output.text.catalog_report import laws_text

    found = run(loaded_catalog(catalog), people)
    if json:
        emit_json(to_builtins(found))
    else:
        emit(laws_text(found, screen_of(sys.stdout)))
    raise ended(found.holds)

"""Pages to print or to send: report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from formatpicker.cli.app import AnswersArgument, CatalogOption, SetOption, ended, loaded_catalog, option, refuse
from formatpicker.errors import InputError, word_of

if TYPE_CHECKING:
    from formatpicker.catalog.model import Catalog
    from formatpicker.output.text.document_layout import Block

    # Its title, what is on it, and whether it tells of something that suits.
    Page = tuple[str, list[Block], object]


def report(
    file: AnswersArgument = None,
    settings: SetOption = None,
    cohort: Annotated[str | None, option("--cohort SUMMARY", "Report on the summary of a batch instead.")] = None,
    offers: Annotated[str | None, option("--offers FILE", "Compare the offers in this file on the page.")] = None,
    person: Annotated[str | None, option("--for ANSWERS", "With --offers: your answers, in YAML or JSON.")] = None,
    table: Annotated[
        str | None, option("--from TABLE", "Write a page for each person in this table, into the folder -o.")
    ] = None,
    mapping: Annotated[
        str | None, option("--map FILE", "With --from: what headers and texts stand for, in YAML.")
    ] = None,
    id_column: Annotated[str | None, option("--id COLUMN", "With --from: the column that files are called by.")] = None,
    sheet: Annotated[str | None, option("--sheet NAME", "With --from: the sheet of a workbook to read.")] = None,
    encoding: Annotated[
        str | None, option("--encoding NAME", "With --from: the encoding of a text table, such as windows-1252.")
    ] = None,
    goals: Annotated[
        str | None, option("--goals ranked|equal", "With --from: several goals in one cell, as in batch.")
    ] = None,
    leave_open: Annotated[bool, option("--leave-open", "With --from: leave answers that cannot be read open.")] = False,
    only_finished: Annotated[
        bool, option("--only-finished", "With --from: leave out previews and unfinished rows.")
    ] = False,
    last_of: Annotated[
        str | None, option("--last-of COLUMN", "With --from: of the same text here keep the last row.")
    ] = None,
    to: Annotated[str | None, option("--to KIND", "With --from: html, md or pdf.")] = None,
    name: Annotated[
        str,
        option(
            "--name TEXT", "Whom the page is for, or what the group is called; with --from the column that holds names."
        ),
    ] = "",
    output: Annotated[
        str | None,
        option(
            "--output -o FILE",
            "Write here: .html, .md or .pdf (printed by Chromium, Chrome or Edge); with --from a new folder.",
        ),
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Write a page to keep, print or send.

    It is for one person or each of many, for offers, or for a cohort, and loads and runs nothing.

    Example: formatpicker report --set goals=explore,portfolio --set weeks=4 -o report.html
    """
    from formatpicker.base.files import check_apart
    from formatpicker.catalog.store import catalog_path

    answers = file is not None or settings or offers is not None
    of_tables = {
        "--map": mapping,
        "--id": id_column,
        "--sheet": sheet,
        "--encoding": encoding,
        "--goals": goals,
        "--leave-open": leave_open,
        "--only-finished": only_finished,
        "--last-of": last_of,
        "--to": to,
    }
    refuse(
        (cohort is not None and answers, "--cohort", "stands instead of answers; leave FILE, --set and --offers out"),
        (person is not None and (offers is None or file is not None), "--for", _WITH_OFFERS),
        (
            table is not None and any((file, settings, cohort, offers, person)),
            "--from",
            "takes the table alone; leave answers, --offers and --cohort out",
        ),
        (
            table is not None and output is None,
            "--from",
            "writes a page for each person into a folder; name it with -o FOLDER",
        ),
        *((table is None and given, flag, "belongs to --from TABLE") for flag, given in of_tables.items()),
    )
    read = {
        "--from": table,
        "--map": mapping,
        "FILE": file,
        "--for": person,
        "--offers": offers,
        "--cohort": cohort,
        "the catalog": catalog_path(catalog),
    }
    check_apart(read.items(), [("-o", output)])
    if table is not None:
        from formatpicker.batch.headers import Headers
        from formatpicker.cli.batch import mapped, ranked
        from formatpicker.cli.people_pages import KINDS, write_pages

        loaded, kept = loaded_catalog(catalog), [name] if name else []
        kind = KINDS[0] if to is None else word_of("--to", to, KINDS, "kind of page")
        known = mapped(loaded, mapping)
        headers = Headers(loaded, known, id_column, sheet=sheet, ranked=ranked(goals), kept=kept, last_of=last_of)
        rejected = write_pages(headers, table, str(output), kind, encoding, leave_open, only_finished)
        raise ended(not rejected)
    if cohort is not None:
        title, blocks, well = _cohort_page(cohort, name)
    elif offers is not None:
        title, blocks, well = _offers_page(loaded_catalog(catalog), offers, person or file, settings, name)
    else:
        title, blocks, well = _person_page(loaded_catalog(catalog), file, settings, name)
    from formatpicker.base.terminal import notify
    from formatpicker.base.text import shortened
    from formatpicker.batch.writers.output_file import checked_ending, target_for, write_whole
    from formatpicker.output.html import rendered

    checked_ending("-o", output, "pages are written as .html, .md or .pdf", (".csv", ".xlsx", ".json"))
    write_whole(target_for(output), rendered(title, blocks, output), output)
    if output is not None:
        notify(f"The page is in {shortened(output, 200, quote=False)}.")
    raise ended(well)


_WITH_OFFERS = "names the answers that go with --offers; without it, name them as FILE"
# A summary has a few hundred numbers.
MOST_BYTES = 4_000_000


def _cohort_page(path: str, name: str) -> Page:
    from msgspec import ValidationError, convert

    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.validity import today
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.output.json.cohort_types import Summary
    from formatpicker.output.text.cohort_document import TITLE, cohort_document

    file = display_name(path)
    data = parse_document(read_bytes(path, MOST_BYTES), file).data
    try:
        summary = convert(data, Summary)
    except ValidationError as error:
        raise InputError(file, f"is no summary; batch --summary FILE writes one ({error})") from None
    return TITLE, cohort_document(summary, name, Path(file).name, today()), True


def _person_page(catalog: Catalog, file: str | None, settings: list[str] | None, name: str) -> Page:
    from formatpicker.advice.recommendation import recommend
    from formatpicker.base.validity import today
    from formatpicker.cli.person import given_answers
    from formatpicker.output.text.person_document import TITLE, person_document

    found = recommend(catalog, given_answers(catalog, file, settings, "report", own_words=True))
    return TITLE, person_document(found, name, today()), found.top


def _offers_page(catalog: Catalog, offers: str, file: str | None, settings: list[str] | None, name: str) -> Page:
    from formatpicker.cli.offers import compared
    from formatpicker.output.text.offers import TITLE, offers_page

    comparison = compared(catalog, offers, file, settings, own_words=True)
    return TITLE, offers_page(comparison, name, comparison.today), comparison.recommendation.top

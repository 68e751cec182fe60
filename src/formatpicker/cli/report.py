"""Pages to print or to send: report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from formatpicker.cli.app import AnswersArgument, CatalogOption, SetOption, ended, loaded_catalog, option, refuse
from formatpicker.errors import AnswerError, InputError, word_of

if TYPE_CHECKING:
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.records import Record
    from formatpicker.batch.row_scorer import Scorer
    from formatpicker.batch.rows import Rows
    from formatpicker.batch.tally import Tally
    from formatpicker.catalog.model import Catalog
    from formatpicker.output.text.document_layout import Block
    from formatpicker.scoring.answers import Answers

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
    from formatpicker.batch.writers.output_file import checked_ending, opened_output, write_whole
    from formatpicker.output.html import rendered

    checked_ending("-o", output, "pages are written as .html, .md or .pdf", (".csv", ".xlsx", ".json"))
    write_whole(opened_output(output), rendered(title, blocks, output), output)
    if output is not None:
        notify(f"The page is in {shortened(output, 200, quote=False)}.")
    raise ended(well)


_WITH_OFFERS = "names the answers that go with --offers; without it, name them as FILE"
# A summary has a few hundred numbers.
MOST_BYTES = 4_000_000


def _cohort_page(path: str, name: str) -> Page:
    from msgspec import ValidationError, convert

    from formatpicker.base.files import display_name, read_bytes
    from formatpicker.base.validity import checked_day, today
    from formatpicker.base.yaml_reader import parse_document
    from formatpicker.output.json.cohort_types import Summary
    from formatpicker.output.text.cohort_document import TITLE, cohort_document

    file = display_name(path)
    data = parse_document(read_bytes(path, MOST_BYTES), file).data
    try:
        summary = convert(data, Summary)
    except ValidationError as error:
        raise InputError(file, f"is no summary; batch --summary FILE writes one ({error})") from None
    if "counted" in summary:
        try:
            checked_day(summary["counted"], "counted")
        except AnswerError as error:
            raise InputError(file, str(error)) from None
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


# --- a page for each person of a table -------------------------------------------------------------------------------

KINDS = ("html", "md", "pdf")
_MOST_NAME = 50
# What no file may be called on Windows, whatever its ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


class Person(NamedTuple):
    """One row that was accepted: a file name of its own, what to call the person, and the answers."""

    file: str
    name: str
    answers: Answers


def write_pages(
    headers: Headers, path: str, folder: str, kind: str, encoding: str | None, leave_open: bool, only_finished: bool
) -> int:
    """Write a page for each row that can be read, and tell the others; how many rows were rejected is returned.

    The first column that is kept holds the names of people. All pages go into the folder, or none if the run ends
    early.

    Raises:
        InputError: The table cannot be read, or the folder not be written.
    """
    from formatpicker.base.durations import counted
    from formatpicker.base.new_file import writing
    from formatpicker.base.temporary_folders import new_folder
    from formatpicker.base.terminal import notify
    from formatpicker.base.validity import today
    from formatpicker.batch.processes import in_processes
    from formatpicker.batch.readers import opened_table
    from formatpicker.batch.readers.source import opened_source
    from formatpicker.batch.row_scorer import Scorer
    from formatpicker.batch.rows import Responses
    from formatpicker.batch.tally import Tally
    from formatpicker.output.text.batch_words import reading_lines, trouble_lines

    catalog, tally = headers.catalog, Tally()
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), headers, None, encoding)
        place = stack.enter_context(new_folder(Path(folder)))
        scorer = Scorer(catalog, table.sheet, leave_open)
        people = _people(scorer, Responses(table.sheet, table.reading, only_finished).rows(table.rows()), tally)
        for name, page in in_processes(partial(partial, _page, catalog, today(), kind), people):
            with writing(place / name):
                (place / name).write_bytes(page.encode() if isinstance(page, str) else page)
        tally.noticed = scorer.taken()
        notify("\n".join([*reading_lines(catalog, table, tally), *trouble_lines(tally.troubles)]))
    written = f"{counted(tally.accepted, 'page')} written to {folder}"
    notify(f"{tally.rows:,} rows read: {written}, {tally.rejected:,} rejected.")
    return tally.rejected


def _page(catalog: Catalog, day: str, kind: str, person: Person) -> tuple[str, str | bytes]:
    """The file of one person, and their page in the form that its ending asks for."""
    from formatpicker.advice.recommendation import recommend
    from formatpicker.output.html import rendered
    from formatpicker.output.text.person_document import TITLE, person_document

    file = f"{person.file}.{kind}"
    return file, rendered(TITLE, person_document(recommend(catalog, person.answers), person.name, day), file)


def _people(scorer: Scorer, chunks: Iterable[Rows], tally: Tally) -> Iterator[Person]:
    """Those who get a page, in order; they and what cannot be read are counted."""
    taken: set[str] = set()
    for rows in chunks:
        found = scorer.scored(rows)
        tally.troubles.take(scorer.catalog, found.rejects)
        tally.accepted += len(found.records)
        tally.rejected += found.rejected
        for record in found.records:
            yield _person(scorer, rows, record, taken)


def _person(scorer: Scorer, rows: Rows, record: Record, taken: set[str]) -> Person:
    """Who is called as the first kept column says, else as the id."""
    from formatpicker.base.text import printable

    cells = rows.cells[record.row - rows.first]
    id = "" if record.id is None else str(record.id)
    names = [printable(str(value)) for value in scorer.kept_of(cells)[:1] if value is not None]
    return Person(_file_name(id, record.row, taken), names[0] if names else id, scorer.answers(cells))


def _file_name(id: str, row: int, taken: set[str]) -> str:
    """A name for a file on any system, from an id or else from the number of the row."""
    text = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", id)).strip("-._ ")[:_MOST_NAME].rstrip("-._")
    name = found = f"row-{row}" if not text or _RESERVED.fullmatch(text.partition(".")[0]) else text
    number = 1
    while found.casefold() in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found.casefold())
    return found

"""A page for each person of a table, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from formatpicker.advice.recommendation import recommend
from formatpicker.base.new_file import writing
from formatpicker.base.temporary import new_folder
from formatpicker.base.terminal import notify
from formatpicker.base.validity import today
from formatpicker.batch.people import people_in
from formatpicker.batch.processes import in_processes
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import opened_source
from formatpicker.batch.records import Reject
from formatpicker.batch.responses import Responses
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.tally import Tally
from formatpicker.batch.writers.rejects import reject_text
from formatpicker.errors import InputError, one_of
from formatpicker.output.html import rendered
from formatpicker.output.text.batch_words import reading_lines
from formatpicker.output.text.person_document import TITLE, person_document

if TYPE_CHECKING:
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.people import Person
    from formatpicker.catalog.model import Catalog

KINDS = ("html", "md", "pdf")


def _page(catalog: Catalog, day: str, kind: str, person: Person) -> str | bytes:
    """The page of one person, in the form that the ending of its file asks for."""
    blocks = person_document(recommend(catalog, person.answers), person.name, day)
    return rendered(TITLE, blocks, f"{person.file}.{kind}")


def checked_kind(kind: str | None) -> str:
    """The ending of the files.

    Raises:
        InputError: It is none of ``KINDS``.
    """
    if kind is not None and kind.lower() not in KINDS:
        raise InputError("--to", f"{kind!r} is {one_of(kind, KINDS, 'kind of page')}")
    return (kind or KINDS[0]).lower()


def write_pages(
    headers: Headers, path: str, folder: str, kind: str, leave_open: bool = False, only_finished: bool = False
) -> int:
    """Write a page for each row that can be read, and tell the others.

    Args:
        headers: What the columns of the table are; the first one that is kept holds the names of people.
        path: The table.
        folder: Where the pages go: all of them, or none if the run ends early.
        kind: One of ``KINDS``.
        leave_open: Whether answers that cannot be read are left open.
        only_finished: Whether rows that a survey tool marks as unfinished are left out.

    Returns:
        How many rows were rejected.

    Raises:
        InputError: The table cannot be read, or the folder not be written.
    """
    catalog, written = headers.catalog, 0
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), headers, None, None)
        place = stack.enter_context(new_folder(Path(folder)))
        scorer = Scorer(catalog, table.sheet, leave_open)
        waiting: list[Person] = []
        at_fault: set[int] = set()
        people = people_in(scorer, Responses(table, only_finished).rows(table.rows()))
        make = partial(partial, _page, catalog, today(), kind)
        for page in in_processes(make, _accepted(people, waiting, at_fault)):
            file = place / f"{waiting.pop(0).file}.{kind}"
            with writing(file):
                file.write_bytes(page.encode() if isinstance(page, str) else page)
            written += 1
        notify("\n".join(reading_lines(catalog, table, Tally(noticed=scorer.taken()))))
    rejected = len(at_fault)
    noun = "page" if written == 1 else "pages"
    notify(f"{written + rejected:,} rows read: {written:,} {noun} written to {folder}, {rejected:,} rejected.")
    return rejected


def _accepted(found: Iterable[Person | Reject], waiting: list[Person], at_fault: set[int]) -> Iterator[Person]:
    """Those who get a page, noted in the order in which they are handed on; what cannot be read is told."""
    for each in found:
        if isinstance(each, Reject):
            at_fault.add(each.row)
            notify(reject_text(each))
        else:
            at_fault.discard(each.row)
            waiting.append(each)
            yield each

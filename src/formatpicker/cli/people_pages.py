"""A page for each person of a table, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from formatpicker.base.terminal import notify
from formatpicker.errors import InputError, one_of

if TYPE_CHECKING:
    from formatpicker.batch.people import Person
    from formatpicker.batch.records import Reject
    from formatpicker.catalog.model import Catalog

KINDS = ("html", "md", "pdf")


@dataclass(frozen=True)
class PageMaker:
    """Writes one person's page; with the catalog, the day that stands on it, and the ending of its file."""

    catalog: Catalog
    day: str
    kind: str

    def __call__(self, person: Person) -> str | bytes:
        """The page of one person."""
        from formatpicker.advice.recommendation import recommend
        from formatpicker.cli.pages import rendered
        from formatpicker.output.text.person_document import TITLE, person_document

        blocks = person_document(recommend(self.catalog, person.answers), person.name, self.day)
        return rendered(TITLE, blocks, f"{person.file}.{self.kind}")


def checked_kind(kind: str | None) -> str:
    """The ending of the files.

    Raises:
        InputError: It is none of ``KINDS``.
    """
    if kind is not None and kind.lower() not in KINDS:
        raise InputError("--to", f"{kind!r} is {one_of(kind, KINDS, 'kind of page')}")
    return (kind or KINDS[0]).lower()


def write_pages(
    catalog: Catalog, path: str, folder: str, kind: str, mapping: str | None, id_column: str | None, name: str
) -> int:
    """Write a page for each row that can be read, and tell the others.

    Args:
        catalog: The catalog.
        path: The table.
        folder: Where the pages go: all of them, or none if the run ends early.
        kind: One of ``KINDS``.
        mapping: A mapping file for the table.
        id_column: The column that files are called by; None takes ``id``.
        name: The column with the name that stands on a page; empty takes the id.

    Returns:
        How many rows were rejected.

    Raises:
        InputError: The table cannot be read, or the folder not be written.
    """
    from formatpicker.base.new_file import writing
    from formatpicker.base.new_folder import new_folder
    from formatpicker.base.validity import today
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.people import people_in
    from formatpicker.batch.processes import in_processes
    from formatpicker.batch.readers import opened_table
    from formatpicker.batch.readers.source import opened_source
    from formatpicker.batch.tally import Tally
    from formatpicker.cli.batch import mapped
    from formatpicker.output.text.reading_words import reading_lines

    headers = Headers(catalog, mapped(catalog, mapping), id_column, kept=[name] if name else [])
    written, rejected = 0, 0

    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), headers, None, None)
        place = stack.enter_context(new_folder(Path(folder)))
        waiting: list[Person] = []
        rejects: list[Reject] = []
        people = _accepted(people_in(catalog, table), waiting, rejects)
        for page in in_processes(partial(PageMaker, catalog, today(), kind), people):
            file = place / f"{waiting.pop(0).file}.{kind}"
            with writing(file):
                file.write_bytes(page.encode() if isinstance(page, str) else page)
            written += 1
        rejected = len(rejects)
        notify("\n".join(reading_lines(catalog, table, Tally())))
    noun = "page" if written == 1 else "pages"
    notify(f"{written + rejected:,} rows read: {written:,} {noun} written to {folder}, {rejected:,} rejected.")
    return rejected


def _accepted(found: Iterable[Person | Reject], waiting: list[Person], rejects: list[Reject]) -> Iterator[Person]:
    """Those who get a page, noted in the order in which they are handed on; the others are told."""
    from formatpicker.batch.records import Reject
    from formatpicker.batch.writers.rejects import reject_text

    for each in found:
        if isinstance(each, Reject):
            rejects.append(each)
            notify(reject_text(each))
        else:
            waiting.append(each)
            yield each

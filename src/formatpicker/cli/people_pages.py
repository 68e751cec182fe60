"""A page for each person of a table, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
        from formatpicker.output.html.page import rendered
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


class Reading(NamedTuple):
    """How the table is read, as the options of ``batch`` have it; ``name`` is the column with the name on a page."""

    mapping: str | None = None
    id_column: str | None = None
    sheet: str | None = None
    goals: str | None = None
    leave_open: bool = False
    only_finished: bool = False
    last_of: str | None = None
    name: str = ""

    @property
    def given(self) -> str | None:
        """The first option that was given."""
        options = ("--map", "--id", "--sheet", "--goals", "--leave-open", "--only-finished", "--last-of")
        return next((option for option, value in zip(options, self, strict=False) if value), None)


def write_pages(catalog: Catalog, path: str, folder: str, kind: str, reading: Reading) -> int:
    """Write a page for each row that can be read, and tell the others.

    Args:
        catalog: The catalog.
        path: The table.
        folder: Where the pages go: all of them, or none if the run ends early.
        kind: One of ``KINDS``.
        reading: How the table is read.

    Returns:
        How many rows were rejected.

    Raises:
        InputError: The table cannot be read, or the folder not be written.
    """
    from formatpicker.base.new_file import writing
    from formatpicker.base.temporary import new_folder
    from formatpicker.base.validity import today
    from formatpicker.batch.headers import Headers
    from formatpicker.batch.people import people_in
    from formatpicker.batch.processes import in_processes
    from formatpicker.batch.readers import opened_table
    from formatpicker.batch.readers.source import opened_source
    from formatpicker.batch.responses import Responses
    from formatpicker.batch.row_scorer import Scorer
    from formatpicker.batch.tally import Tally
    from formatpicker.cli.batch import mapped, ranked
    from formatpicker.output.text.batch_words import reading_lines

    headers = Headers(
        catalog,
        mapped(catalog, reading.mapping),
        reading.id_column,
        sheet=reading.sheet,
        ranked=ranked(reading.goals),
        kept=[reading.name] if reading.name else [],
        last_of=reading.last_of,
    )
    written = 0
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), headers, None, None)
        place = stack.enter_context(new_folder(Path(folder)))
        scorer = Scorer(catalog, table.sheet, reading.leave_open)
        waiting: list[Person] = []
        at_fault: set[int] = set()
        people = people_in(scorer, Responses(table, reading.only_finished).rows(table.rows()))
        for page in in_processes(partial(PageMaker, catalog, today(), kind), _accepted(people, waiting, at_fault)):
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
    from formatpicker.batch.records import Reject
    from formatpicker.batch.writers.rejects import reject_text

    for each in found:
        if isinstance(each, Reject):
            at_fault.add(each.row)
            notify(reject_text(each))
        else:
            at_fault.discard(each.row)
            waiting.append(each)
            yield each

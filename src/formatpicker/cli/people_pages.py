"""A page for each person of a table, in a folder of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from formatpicker.advice.recommendation import recommend
from formatpicker.base.new_file import writing
from formatpicker.base.temporary import new_folder
from formatpicker.base.terminal import notify
from formatpicker.base.text import printable
from formatpicker.base.validity import today
from formatpicker.batch.processes import in_processes
from formatpicker.batch.readers import opened_table
from formatpicker.batch.readers.source import opened_source
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Responses, Rows
from formatpicker.batch.tally import Tally, Troubles
from formatpicker.output.html import rendered
from formatpicker.output.text.batch_words import reading_lines, trouble_lines
from formatpicker.output.text.person_document import TITLE, person_document
from formatpicker.scoring.answers import Answers

if TYPE_CHECKING:
    from formatpicker.batch.headers import Headers
    from formatpicker.catalog.model import Catalog

KINDS = ("html", "md", "pdf")
_MOST_NAME = 50
# What no file may be called on Windows, whatever its ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


class Person(NamedTuple):
    """One row that was accepted: a file name of its own, what to call the person, and the answers."""

    file: str
    name: str
    answers: Answers


def _page(catalog: Catalog, day: str, kind: str, person: Person) -> str | bytes:
    """The page of one person, in the form that the ending of its file asks for."""
    blocks = person_document(recommend(catalog, person.answers), person.name, day)
    return rendered(TITLE, blocks, f"{person.file}.{kind}")


def write_pages(
    headers: Headers,
    path: str,
    folder: str,
    kind: str,
    encoding: str | None = None,
    leave_open: bool = False,
    only_finished: bool = False,
) -> int:
    """Write a page for each row that can be read, and tell the others.

    The first column that is kept holds the names of people. All pages go into the folder, or none if the run ends
    early. How many rows were rejected is returned.

    Raises:
        InputError: The table cannot be read, or the folder not be written.
    """
    catalog, written = headers.catalog, 0
    with ExitStack() as stack:
        table = opened_table(opened_source(path, stack), headers, None, encoding)
        place = stack.enter_context(new_folder(Path(folder)))
        scorer = Scorer(catalog, table.sheet, leave_open)
        waiting: list[Person] = []
        at_fault: set[int] = set()
        troubles = Troubles()
        chunks = Responses(table.sheet, table.reading, only_finished).rows(table.rows())
        people = _people(scorer, chunks, waiting, at_fault, troubles)
        make = partial(partial, _page, catalog, today(), kind)
        for page in in_processes(make, people):
            file = place / f"{waiting.pop(0).file}.{kind}"
            with writing(file):
                file.write_bytes(page.encode() if isinstance(page, str) else page)
            written += 1
        read = reading_lines(catalog, table, Tally(noticed=scorer.taken()))
        notify("\n".join([*read, *trouble_lines(troubles)]))
    rejected = len(at_fault)
    noun = "page" if written == 1 else "pages"
    notify(f"{written + rejected:,} rows read: {written:,} {noun} written to {folder}, {rejected:,} rejected.")
    return rejected


def _people(
    scorer: Scorer, chunks: Iterable[Rows], waiting: list[Person], at_fault: set[int], troubles: Troubles
) -> Iterator[Person]:
    """Those who get a page, noted in the order in which they are handed on; what cannot be read is collected."""
    taken: set[str] = set()
    for rows in chunks:
        found = scorer.scored(rows)
        troubles.take(scorer.catalog, found.rejects)
        both: list[Record | Reject] = [*found.rejects, *found.records]
        for each in sorted(both, key=lambda each: each.row):  # of a row that is accepted the cells at fault come first
            if isinstance(each, Reject):
                at_fault.add(each.row)
            else:
                at_fault.discard(each.row)
                waiting.append(_person(scorer, rows, each, taken))
                yield waiting[-1]


def _person(scorer: Scorer, rows: Rows, record: Record, taken: set[str]) -> Person:
    """Who is called as the first column says that is carried through, else as the id."""
    cells = rows.cells[record.row - rows.first]
    id = "" if record.id is None else str(record.id)
    names = [printable(str(value)) for value in scorer.kept_of(cells)[:1] if value is not None]
    answers = scorer.answers(cells)
    return Person(_file_name(id, record.row, taken), names[0] if names else id, answers)


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

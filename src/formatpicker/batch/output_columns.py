"""The columns of the output: fields of a record, what is worked out on request, and what is carried through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from formatpicker.base.text import canonical
from formatpicker.batch.records import FIELDS, FURTHER, LEFT_OPEN, Record, Row
from formatpicker.errors import InputError, one_of


def checked_fields(text: str | None, leave_open: bool = False, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns to write, in the order given; the usual ones where none are named, and before what begins with +.

    ``leave_open`` adds the column that says which answers were left open to the usual ones. Columns of the input may be
    named where ``kept`` does.

    Raises:
        InputError: A column that a record does not have, or one named twice.
    """
    known = (*FIELDS, *FURTHER)
    named = () if text is None else tuple(part.strip() for part in text.strip().removeprefix("+").split(","))
    usual = (*FIELDS, LEFT_OPEN) if leave_open else FIELDS
    fields = (*usual, *named) if text is None or text.strip().startswith("+") else named
    carried = {canonical(part) for each in kept for part in (each, *each.split(","))}
    for field in fields:
        if field not in known and canonical(field) not in carried:
            raise InputError("--fields", f"{field!r} is {one_of(field, known, 'column')}")
        if fields.count(field) > 1:
            raise InputError("--fields", f"{field!r} stands twice; name each column once")
    return fields


class OutputColumns(NamedTuple):
    """What is written of each row.

    Attributes:
        names: The names of the columns, in order; no two are the same.
        places: Where each value stands in a record, the further values behind it, and the carried ones behind those.
        further: What has to be worked out beside the record.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]
    further: tuple[str, ...]

    def rows(
        self, records: Sequence[Record], further: Sequence[Sequence[Any]], kept: Sequence[Sequence[Any]]
    ) -> Sequence[Row]:
        """The values of some records in the order of the columns."""
        if self.names == FIELDS:
            return records
        whole = [(*record, *more, *own) for record, more, own in zip(records, further, kept, strict=True)]
        if len(self.places) == 1:
            return [(values[self.places[0]],) for values in whole]
        return [*map(itemgetter(*self.places), whole)]


def output_columns(fields: Sequence[str], kept: Sequence[str]) -> OutputColumns:
    """The columns of some fields, and of others that are carried through: where a field names them, else behind the id.

    One that is called like a field is named ``score (input)``.

    Raises:
        InputError: A field is neither one of a record nor carried through.
    """
    further = tuple(field for field in fields if field in FURTHER)
    known = (*FIELDS, *further)
    names: list[str] = []
    for name in kept:
        while name in names or name in FIELDS or name in FURTHER:
            name = f"{name} (input)"
        names.append(name)
    carried = [(name, len(known) + at) for at, name in enumerate(names)]
    placed = {canonical(each[0]): each for each in reversed(carried)}
    columns = [(field, known.index(field)) if field in known else _named(field, placed) for field in fields]
    head = 1 if fields[:1] == ("id",) else 0
    columns[head:head] = [each for each in carried if each not in columns]
    return OutputColumns(tuple(name for name, _ in columns), tuple(place for _, place in columns), further)


def _named(field: str, placed: Mapping[str, tuple[str, int]]) -> tuple[str, int]:
    found = placed.get(canonical(field))
    if found is None:
        raise InputError("--fields", f"{field!r} is no header of a column that --keep names")
    return found

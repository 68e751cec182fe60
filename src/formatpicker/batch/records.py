"""One person's result in one line, and the columns that are written of it, and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from operator import itemgetter
from typing import Any, NamedTuple

from formatpicker.base.text import canonical, shortened
from formatpicker.errors import InputError, one_of

# As many reasons as the first page has room for.
MOST_REASONS = 3

Identity = str | int | float | None
# The values of one row in the order of the columns that are written.
Row = Sequence[Any]


class Record(NamedTuple):
    """What is said of one person, in the order of the columns. Scores are points of 100, to one decimal.

    ``conditions``, ``long_shots`` and ``blocked`` hold ``format:question`` for the core formats; ``reasons`` holds the
    ids of the criteria that speak most for the top. Several formats at the top are in order of their ids; the first
    stands for them in ``reasons``, the worst verdict among them in ``eligibility``. What there is no value for is None.
    """

    id: Identity
    row: int
    top: tuple[str, ...]
    score: float | None
    runner_up: str | None
    runner_up_score: float | None
    margin: float | None
    eligibility: str | None
    conditions: tuple[str, ...]
    long_shots: tuple[str, ...]
    blocked: tuple[str, ...]
    best_variant: str | None
    best_variant_score: float | None
    reasons: tuple[str, ...]
    coverage: float


FIELDS = Record._fields
# What is worked out only where it is asked for, since each takes longer than all of a record: how far the first place
# can be trusted and who contends for it, what one other answer would open, three columns in words, and which answers
# were left open since they could not be read.
LEFT_OPEN = "left_open"
FURTHER = ("call", "contenders", "one_answer_away", "why", "check", "next_step", LEFT_OPEN)
LISTS = ("top", "conditions", "long_shots", "blocked", "reasons", "contenders", "one_answer_away", LEFT_OPEN)


class FaultCause(Enum):
    """Why a cell cannot be read, where something else than another answer would help.

    It holds bytes of another encoding, several columns say different things, or a spreadsheet has made a date of it.
    """

    ENCODING = auto()
    DIFFER = auto()
    DATE = auto()


class Reject(NamedTuple):
    """A row without a record: where it stands, the column and the value at fault, and what is wrong.

    ``question`` is what the cell answers, None where it is no answer or the row could not be read as cells. It and the
    cause are not written.
    """

    row: int
    line: int | None
    id: Identity
    column: str | None
    value: str | None
    error: str
    question: str | None = None
    cause: FaultCause | None = None


REJECT_FIELDS = Reject._fields[:6]


def reject_text(reject: Reject, count: int = 1, rows: Sequence[int] = ()) -> str:
    """A reject in words: where it is, what was written, and what is wrong; of several equal ones how many and where."""
    line = f" (line {reject.line})" if reject.line is not None else ""
    id = f", id {shortened(str(reject.id))}" if reject.id is not None else ""
    where = f"row {reject.row}{line}{id}"
    if count > 1:
        more = ", ..." if count > len(rows) else ""
        where = f"{count:,} rows ({', '.join(map(str, rows))}{more})"
    column = f", column {shortened(reject.column)}" if reject.column is not None else ""
    value = f": {shortened(reject.value)}" if reject.value is not None else ""
    return f"{where}{column}{value}: {reject.error}"


# --- which columns are written ---------------------------------------------------------------------------------------


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
    kept_names = {canonical(part) for each in kept for part in (each, *each.split(","))}
    for field in fields:
        if field not in known and canonical(field) not in kept_names:
            raise InputError("--fields", f"{field!r} is {one_of(field, known, 'column')}")
        if fields.count(field) > 1:
            raise InputError("--fields", f"{field!r} stands twice; name each column once")
    return fields


class OutputColumns(NamedTuple):
    """What is written of each row.

    Attributes:
        names: The names of the columns, in order; no two are the same.
        indexes: Where each value stands in a record, the further values behind it, and the kept columns behind those.
        further: What has to be worked out beside the record.
    """

    names: tuple[str, ...]
    indexes: tuple[int, ...]
    further: tuple[str, ...]

    def rows(
        self, records: Sequence[Record], further: Sequence[Sequence[Any]], kept: Sequence[Sequence[Any]]
    ) -> Sequence[Row]:
        """The values of some records in the order of the columns."""
        if self.names == FIELDS:
            return records
        whole = [(*record, *more, *own) for record, more, own in zip(records, further, kept, strict=True)]
        if len(self.indexes) == 1:
            return [(values[self.indexes[0]],) for values in whole]
        return [*map(itemgetter(*self.indexes), whole)]


def output_columns(fields: Sequence[str], kept: Sequence[str]) -> OutputColumns:
    """The columns of some fields, and the kept columns: where a field names them, else behind the id.

    One that is called like a field is named ``score (input)``.

    Raises:
        InputError: A field is neither one of a record nor a kept column.
    """
    further = tuple(field for field in fields if field in FURTHER)
    known = (*FIELDS, *further)
    names: list[str] = []
    for name in kept:
        while name in names or name in FIELDS or name in FURTHER:
            name = f"{name} (input)"
        names.append(name)
    kept_columns = [(name, len(known) + at) for at, name in enumerate(names)]
    by_name = {canonical(each[0]): each for each in reversed(kept_columns)}
    columns = []
    for field in fields:
        column = (field, known.index(field)) if field in known else by_name.get(canonical(field))
        if column is None:
            raise InputError("--fields", f"{field!r} is no header of a column that --keep names")
        columns.append(column)
    head = 1 if fields[:1] == ("id",) else 0
    columns[head:head] = [each for each in kept_columns if each not in columns]
    return OutputColumns(tuple(name for name, _ in columns), tuple(index for _, index in columns), further)

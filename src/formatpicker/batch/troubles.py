"""What could not be read, gathered for people: equal faults once with their count, and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from formatpicker.batch.records import Cause, Reject
from formatpicker.catalog.model import Catalog

# So many different faults are kept; further ones are counted.
MOST_GROUPS = 2_000
_MOST_ROWS = 3


@dataclass
class Group:
    """Rows with the same fault in the same column: the first of them, the numbers of the first few, and how many."""

    first: Reject
    rows: list[int] = field(default_factory=list)
    count: int = 0


@dataclass
class Troubles:
    """The rejects of a run.

    Attributes:
        groups: Equal faults together, in the order in which they came up.
        more: Rejects that fit into no group, since there are too many.
        rows: How many rows have a fault.
        readable: How many of them are read with ``--leave-open``: each fault is a cell of an answer.
        mapped: How many a mapping would help: each of these cells answers a question with answers to choose from.
        encoding: How many hold bytes of another encoding.
        dates: How many cells hold a date or a time that a spreadsheet has made.
        texts: The different texts that a mapping would have to name, by column.
    """

    groups: dict[tuple[str | None, str | None, str], Group] = field(default_factory=dict)
    more: int = 0
    rows: int = 0
    readable: int = 0
    mapped: int = 0
    encoding: int = 0
    dates: int = 0
    texts: dict[str, set[str]] = field(default_factory=dict)

    def take(self, catalog: Catalog, rejects: Sequence[Reject]) -> None:
        """Take some rejects; all of one row come at once."""
        row: list[Reject] = []
        for each in rejects:
            if row and each.row != row[0].row:
                self._take_row(catalog, row)
                row = []
            row.append(each)
            self._group(each)
        if row:
            self._take_row(catalog, row)

    def _group(self, reject: Reject) -> None:
        self.dates += reject.cause is Cause.DATE
        key = (reject.column, reject.value, reject.error)
        group = self.groups.get(key)
        if group is None:
            if len(self.groups) >= MOST_GROUPS:
                self.more += 1
                return
            group = self.groups[key] = Group(reject)
        group.count += 1
        if len(group.rows) < _MOST_ROWS:
            group.rows.append(reject.row)

    def _take_row(self, catalog: Catalog, faults: Sequence[Reject]) -> None:
        asked = [catalog.questions[each.question] if each.question else None for each in faults]
        causes = {each.cause for each in faults}
        self.rows += 1
        self.readable += all(asked)
        self.encoding += Cause.ENCODING in causes
        if all(question and question.choices for question in asked) and Cause.DIFFER not in causes:
            self.mapped += 1
            for each in faults:
                found = self.texts.setdefault(each.column or "", set())
                if len(found) < MOST_GROUPS:
                    found.add(each.value or "")

"""What a run counts and notices: records, what had to be done to read cells, what could not be read, and equal ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any

from formatpicker.base.terminal import notify
from formatpicker.base.text import shortened
from formatpicker.batch.records import FaultCause, Record, Reject
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog

# So often has an order of two goals to come again; by chance it does one time in four.
LEAST_KEPT = 2
# So many different faults are kept; further ones are counted.
MOST_FAULTS = 2_000
_MOST_ROWS = 3
# So many different texts are counted of each thing that had to be done to them: a bound on memory.
MOST_NOTICED = 10_000


@dataclass
class Noticed:
    """What was noticed of cells while they were read: each different text once, in whichever part of a table it stands.

    ``done`` holds what had to be done to texts, and for each thing the keys of the texts. ``orders`` holds those of the
    goals in cells with several, ``pairs`` which goal stood before which, ``turned`` whether it ever came the other way
    round; from then on no orders are kept. Of texts only so many are counted.
    """

    done: dict[str, set[Any]] = field(default_factory=dict)
    orders: set[tuple[str, ...]] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    turned: bool = False

    def tidied(self, done: Iterable[str], question: str, cell: Any) -> None:
        """Take what had to be done to a cell."""
        self._add({each: {(question, key_of(cell))} for each in done})

    def _add(self, done: Mapping[str, set[Any]]) -> None:
        for name, keys in done.items():
            known = self.done.setdefault(name, set())
            if len(known) < MOST_NOTICED:
                known |= keys

    def order(self, goals: tuple[str, ...]) -> None:
        """Take the order of the goals in one cell."""
        if not self.turned and goals not in self.orders:
            self.orders.add(goals)
            self.pairs |= {(first, second) for at, first in enumerate(goals) for second in goals[at + 1 :]}
            self._turn(any((second, first) in self.pairs for first, second in self.pairs))

    def _turn(self, turned: bool) -> None:
        self.turned = self.turned or turned
        if self.turned:
            self.orders, self.pairs = set(), set()

    def merge(self, other: Noticed) -> None:
        """Add what was noticed of other rows."""
        self._add(other.done)
        self._turn(other.turned)
        for each in other.orders:
            self.order(each)

    @property
    def one_order(self) -> bool:
        """Whether all cells keep one order of goals, and enough of them do for that to be no chance."""
        kept = sum(len(each) * (len(each) - 1) // 2 for each in self.orders) - len(self.pairs)
        return not self.turned and kept >= LEAST_KEPT


@dataclass
class EqualFaults:
    """Rows with the same fault in the same column: the first of them, the numbers of the first few, and how many."""

    first: Reject
    rows: list[int] = field(default_factory=list)
    count: int = 0


@dataclass
class Troubles:
    """The rejects of a run.

    Attributes:
        faults: Equal faults together, in the order in which they came up.
        more: Rejects that are in none of these, since there are too many.
        rows: How many rows have a fault.
        readable: How many of them are read with ``--leave-open``: each fault is a cell of an answer.
        mapped: How many a mapping would help: each of these cells answers a question with answers to choose from.
        encoding: How many hold bytes of another encoding.
        dates: How many cells hold a date or a time that a spreadsheet has made.
        texts: The different texts that a mapping would have to name, by column.
    """

    faults: dict[tuple[str | None, str | None, str], EqualFaults] = field(default_factory=dict)
    more: int = 0
    rows: int = 0
    readable: int = 0
    mapped: int = 0
    encoding: int = 0
    dates: int = 0
    texts: dict[str, set[str]] = field(default_factory=dict)

    def take(self, catalog: Catalog, rejects: Sequence[Reject]) -> None:
        """Take some rejects; all of one row come at once."""
        for _, row in groupby(rejects, lambda each: each.row):
            faults = [*row]
            asked = [catalog.questions[each.question] if each.question else None for each in faults]
            causes = {each.cause for each in faults}
            self.rows += 1
            self.readable += all(asked)
            self.encoding += FaultCause.ENCODING in causes
            mapped = all(question and question.choices for question in asked) and FaultCause.DIFFER not in causes
            self.mapped += mapped
            for each in faults:
                self._add(each)
                texts = self.texts.setdefault(each.column or "", set()) if mapped else set[str]()
                if len(texts) < MOST_FAULTS:
                    texts.add(each.value or "")

    def _add(self, reject: Reject) -> None:
        self.dates += reject.cause is FaultCause.DATE
        key = (reject.column, reject.value, reject.error)
        equal = self.faults.get(key)
        if equal is None:
            if len(self.faults) >= MOST_FAULTS:
                self.more += 1
                return
            equal = self.faults[key] = EqualFaults(reject)
        equal.count += 1
        if len(equal.rows) < _MOST_ROWS:
            equal.rows.append(reject.row)


@dataclass
class Tally:
    """Counts over records. ``tops`` counts the tuples of formats at the top, the empty one too.

    ``counts`` is what a census adds where a summary is asked for, and empty otherwise. ``left_open`` counts the
    accepted rows that have an answer left open since it could not be read. ``troubles`` are those of a whole run;
    ``groups`` are the accepted rows of each group where it is split by a column.
    """

    accepted: int = 0
    rejected: int = 0
    infeasible: int = 0
    tops: Counter[tuple[str, ...]] = field(default_factory=Counter)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    left_open: int = 0
    noticed: Noticed = field(default_factory=Noticed)
    troubles: Troubles = field(default_factory=Troubles)
    groups: dict[str, Tally] = field(default_factory=dict)

    def merge(self, other: Tally) -> None:
        """Add the counts of other rows."""
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.infeasible += other.infeasible
        self.tops.update(other.tops)
        self.counts.update(other.counts)
        self.left_open += other.left_open
        self.noticed.merge(other.noticed)
        for name, group in other.groups.items():
            self.groups.setdefault(name, Tally()).merge(group)

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.accepted + self.rejected

    @property
    def undecided(self) -> int:
        """How many have an open format and yet no top, since nothing they answered tells the formats apart."""
        return self.tops[()] - self.infeasible

    @property
    def ties(self) -> int:
        """How many have several formats at the top."""
        return sum(count for top, count in self.tops.items() if len(top) > 1)

    def leading(self) -> Counter[str]:
        """How often each format is at the top, alone or with others."""
        counts: Counter[str] = Counter()
        for top, count in self.tops.items():
            counts.update(dict.fromkeys(top, count))
        return counts


def counted(records: Sequence[Record], rejected: int = 0, left_open: int = 0) -> Tally:
    """The counts of some rows: the records of those that were accepted, and how many others there are."""
    infeasible = sum([each.eligibility == Verdict.BLOCKED for each in records])
    return Tally(len(records), rejected, infeasible, Counter([each.top for each in records]), left_open=left_open)


# --- ids that come more than once ------------------------------------------------------------------------------------

# Ids of so many rows are compared, and columns of up to so many bytes wait for it: bounds on memory.
MOST_IDS = 1_000_000
MOST_WAITING = 64_000_000
# A text of this many characters takes less than 100 bytes.
_MOST_KEY = 40
# So many repeated ids are named, the rest counted.
MOST_NAMED = 10
LAST_OF = "--last-of COLUMN keeps the last row of each person."


class Ids:
    """The ids of a run.

    Columns of Arrow wait as they are until the end. That takes a tenth of the memory of a set of texts, and a tenth of
    the time; only where not all of them differ is it looked which ones do not.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._uncompared = False
        self._waiting: list[Any] = []
        self._bytes = 0
        self._seen: set[Any] = set()
        self._compared = 0
        self._again: list[str] = []
        self._count = 0

    def take(self, given: Any) -> None:
        """Take the ids of the next rows, as a list or as a column of Arrow."""
        if self._rows >= MOST_IDS:
            self._uncompared = True
            return
        self._rows += len(given)
        wait = not (self._seen or isinstance(given, list)) and all(
            each.type == given.type for each in self._waiting[:1]
        )
        if wait and self._bytes < MOST_WAITING:
            self._waiting.append(given)
            self._bytes += given.nbytes
        else:
            self._compare_waiting()
            self._compare(given if isinstance(given, list) else given.to_pylist())

    def _compare_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            self._compare(each.to_pylist())

    def _compare(self, ids: list[Any]) -> None:
        keys = {*map(key_of, ids)}
        if len(keys) == len(ids) and self._seen.isdisjoint(keys):
            self._seen |= keys
        else:
            for row, id in enumerate(ids, self._compared + 1):
                self._compare_one(row, id)
        self._compared += len(ids)

    def _compare_one(self, row: int, id: Any) -> None:
        if id in (None, ""):
            return
        key = key_of(id)
        if key in self._seen:
            self._count += 1
            if len(self._again) < MOST_NAMED:
                self._again.append(f"{shortened(str(id))} (row {row})")
        self._seen.add(key)

    def tell(self) -> None:
        """Name the ids that came again; none was dropped."""
        if self._waiting:
            from formatpicker.batch.columns.cells import all_differ  # pyarrow is loaded: columns of it wait

            if not all_differ(self._waiting):
                self._compare_waiting()
        if self._count:
            again = "1 row has an id" if self._count == 1 else f"{self._count:,} rows have an id"
            more = f" and {self._count - MOST_NAMED:,} more" if self._count > MOST_NAMED else ""
            notify(f"{again} that came before; all are kept: {', '.join(self._again)}{more}. {LAST_OF}")
        if self._uncompared:
            notify(f"Ids after row {self._rows:,} were not compared.")


def key_of(id: Any) -> Any:
    """What stands for an id or a text while they are compared: itself, or a digest of a long one, to bound memory."""
    if isinstance(id, str):
        return id if len(id) <= _MOST_KEY else sha256(id.encode("utf-8", "surrogatepass")).digest()
    return sha256(hex(id).encode()).digest() if isinstance(id, int) and abs(id) >> 64 else id

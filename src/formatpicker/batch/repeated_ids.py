"""Ids that come more than once in a run."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from formatpicker.base.terminal import notify
from formatpicker.base.text import shortened

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

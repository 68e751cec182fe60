"""The summary of a cohort: its counts, rounded so that they say nothing of a single person.

The rule is that of HESA and Ofqual, which publish counts of students: every number of people is rounded to the nearest
5, each by itself, and shares are shown only of 22.5 people and more, which round to 25. Nothing else in a summary
depends on the people: what is listed, and in which order, follows from the rounded counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from formatpicker.batch.census import (
    AWAY,
    CLOSE_CALL,
    CLOSED,
    FEW_ANSWERS,
    LEFT_OPEN,
    MOVED,
    OPENED,
    VERDICT,
    Counts,
    Key,
    joined_ids,
)
from formatpicker.batch.tally import Tally
from formatpicker.batch.writers.output_file import target_for
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog

ROUNDED_TO = 5
LEAST_SHARED = 22.5

# How a format that is open can stand to a person.
OPEN_VERDICTS = tuple(verdict for verdict in Verdict if verdict is not Verdict.BLOCKED)

# Counts that are worked out of those of the census and the tally, by the first word of their keys.
ROWS, ACCEPTED, REJECTED = ("rows",), ("accepted",), ("rejected",)
TIED, INFEASIBLE, UNDECIDED = ("tied",), ("infeasible",), ("undecided",)
FRAGILE, CLOSE, FEW = ("fragile",), (CLOSE_CALL,), (FEW_ANSWERS,)
TOP, ALONE, TIED_WITH = "top", "alone", "tied with"
OPEN, NEAR, AFTER, CHANGED, GIVEN = "open", "near", "after", "changed", "given"


_DIGITS = re.compile(r"([0-9]{1,18})")


class Source(NamedTuple):
    """What a summary is of: the name of the table, and the day on which it was counted."""

    name: str
    day: str


class Summary:
    """The counts of one cohort: rounded, or as they are where they stay inside the office."""

    def __init__(
        self,
        catalog: Catalog,
        tally: Tally,
        others: Sequence[Catalog] = (),
        exact: bool = False,
        by: str | None = None,
        source: Source | None = None,
    ) -> None:
        """The summary of these counts; ``by`` names the column that it is split by, ``source`` where it is from."""
        self.catalog = catalog
        self.source = source
        self.by = by
        self.groups: list[tuple[str, Summary]] = [
            (name, Summary(catalog, tally.groups[name], (), exact)) for name in sorted(tally.groups, key=_in_order)
        ]
        self.others: tuple[Catalog, ...] = tuple(others)
        self.rounded_to = 1 if exact else ROUNDED_TO
        self.least_shared: float = 0.0 if exact else LEAST_SHARED
        self._counts = {key: self._rounded(count) for key, count in _counts(catalog, tally, others).items()}

    def _rounded(self, count: int) -> int:
        """The nearest multiple; a whole number is never half-way between two multiples of 5 (or of 1)."""
        return (count + self.rounded_to // 2) // self.rounded_to * self.rounded_to

    def count(self, *key: str) -> int:
        """How many people are counted under a key."""
        return self._counts.get(key, 0)

    def listed(self, *start: str) -> list[Key]:
        """The keys that begin so and count anybody once rounded: the largest first, then by name."""
        found = [key for key, count in self._counts.items() if key[: len(start)] == start and count]
        return sorted(found, key=lambda key: (-self._counts[key], key))


def _in_order(name: str) -> list[tuple[int, int | str]]:
    """Groups by name, ``Year 9`` before ``Year 10``; those without a name come last."""
    parts = [(0, int(part)) if part.isdecimal() else (1, part.casefold()) for part in _DIGITS.split(name) if part]
    return parts or [(2, "")]


def _counts(catalog: Catalog, tally: Tally, others: Sequence[Catalog]) -> Counts:
    """Every count of a summary, before it is rounded."""
    core = core_of(catalog)
    counts = Counter(tally.counts)
    counts.update({ROWS: tally.rows, ACCEPTED: tally.accepted, REJECTED: tally.rejected})
    counts.update({INFEASIBLE: tally.infeasible, UNDECIDED: tally.undecided, TIED: tally.ties})
    counts[FRAGILE] = counts[CLOSE] + counts[TIED]
    counts.update({(GIVEN, id): tally.accepted - tally.counts[LEFT_OPEN, id] for id in catalog.questions})
    for top, count in tally.tops.items():
        if len(top) > 1:
            counts[TOP, joined_ids(top)] = count
            counts.update({(TIED_WITH, id): count for id in top})
    for id in core:
        counts[ALONE, id] = tally.tops[(id,)]
        counts[OPEN, id] = sum(counts[VERDICT, id, verdict] for verdict in OPEN_VERDICTS)
        counts[NEAR, id] = _sum(tally, AWAY, id)
    for name, other in enumerate(others):
        counts[CHANGED, str(name)] = _sum(tally, MOVED, str(name))
        for id in {*core, *core_of(other)}:
            gained = tally.counts[OPENED, str(name), id] - tally.counts[CLOSED, str(name), id]
            counts[AFTER, str(name), id] = counts[OPEN, id] + gained
    return counts


def _sum(tally: Tally, *start: str) -> int:
    return sum(count for key, count in tally.counts.items() if key[: len(start)] == start)


def core_of(catalog: Catalog) -> tuple[str, ...]:
    """The ids of the core formats, in the order of the catalog."""
    return tuple(id for id, format in catalog.formats.items() if format.core)


@dataclass(frozen=True)
class Asked:
    """What summary is asked for.

    ``path`` is where it goes, ``document`` makes plain data of it, ``others`` are catalogs to compare with.
    """

    path: str
    document: Callable[[Summary], Any]
    others: tuple[Catalog, ...] = ()
    exact: bool = False
    source: Source | None = None


class SummaryFile:
    """Takes the counts of a whole run."""

    def __init__(self, asked: Asked, catalog: Catalog, by: str | None) -> None:
        self._asked = asked
        self._by = by
        self._catalog = catalog
        self.target = target_for(asked.path)

    def write(self, tally: Tally) -> None:
        """Write the document; it is there once the target is committed."""
        asked = self._asked
        found = Summary(self._catalog, tally, asked.others, asked.exact, self._by, asked.source)
        self.target.write(json.dumps(self._asked.document(found), indent=2) + "\n")


def opened_summary(asked: Asked | None, catalog: Catalog, by: str | None) -> SummaryFile | None:
    """Where the summary goes, if one is asked for; ``by`` names the column that it is split by."""
    return SummaryFile(asked, catalog, by) if asked else None

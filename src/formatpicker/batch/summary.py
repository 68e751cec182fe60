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
from typing import Any, Literal, NamedTuple

from formatpicker.batch.tally import Tally
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog

ROUNDED_TO = 5
LEAST_SHARED = 22.5

# How a format that is open can stand to a person.
OPEN_VERDICTS = tuple(verdict for verdict in Verdict if verdict is not Verdict.BLOCKED)

# What is counted, the first word of a key; ids stand behind it, several in one word joined as in a CSV file.
Kind = Literal[
    # Of a person, by a census: how the first format and every other stands, and what was answered.
    "eligibility", "variant", "verdict", "blocked by", "blocked alone", "condition", "away", "close call",
    "few answers", "left open", "answered", "first goal",
    # By the same, under another catalog; its number stands behind.
    "opened", "closed", "moved",
    # Worked out of those, and of the tally.
    "rows", "accepted", "rejected", "tied", "infeasible", "undecided", "fragile", "top", "alone", "tied with", "open",
    "near", "given", "after", "changed",
]  # fmt: skip
Key = tuple[Kind, *tuple[str, ...]]

_DIGITS = re.compile(r"([0-9]{1,18})")


class Origin(NamedTuple):
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
        source: Origin | None = None,
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
        # To the nearest multiple; a whole number is never half-way between two multiples of 5 (or of 1).
        self._counts = {
            key: (count + self.rounded_to // 2) // self.rounded_to * self.rounded_to
            for key, count in _counts(catalog, tally, others).items()
        }

    def count(self, kind: Kind, *ids: str) -> int:
        """How many people are counted under a key."""
        return self._counts.get((kind, *ids), 0)

    def listed(self, kind: Kind, *ids: str) -> list[tuple[tuple[str, ...], int]]:
        """What else stands in the keys that begin so, and how many people, if any: the most first, then by name."""
        start = (kind, *ids)
        size = len(start)
        counts = [(key[size:], count) for key, count in self._counts.items() if key[:size] == start and count]
        return sorted(counts, key=lambda each: (-each[1], each[0]))


def _in_order(name: str) -> list[tuple[int, int | str]]:
    """Groups by name, ``Year 9`` before ``Year 10``; those without a name come last."""
    parts = [(0, int(part)) if part.isdecimal() else (1, part.casefold()) for part in _DIGITS.split(name) if part]
    return parts or [(2, "")]


def _counts(catalog: Catalog, tally: Tally, others: Sequence[Catalog]) -> Counter[tuple[str, ...]]:
    """Every count of a summary, before it is rounded."""
    core = core_of(catalog)
    counts = Counter(tally.counts)
    counts.update({("rows",): tally.rows, ("accepted",): tally.accepted, ("rejected",): tally.rejected})
    counts.update({("infeasible",): tally.infeasible, ("undecided",): tally.undecided, ("tied",): tally.ties})
    counts["fragile",] = counts["close call",] + counts["tied",]
    counts.update({("given", id): tally.accepted - tally.counts["left open", id] for id in catalog.questions})
    for top, count in tally.tops.items():
        if len(top) > 1:
            counts["top", ";".join(top)] = count
            counts.update({("tied with", id): count for id in top})
    for id in core:
        counts["alone", id] = tally.tops[(id,)]
        counts["open", id] = sum(counts["verdict", id, verdict] for verdict in OPEN_VERDICTS)
        counts["near", id] = _sum(tally, "away", id)
    for name, other in enumerate(map(core_of, others)):
        counts["changed", str(name)] = _sum(tally, "moved", str(name))
        for id in {*core, *other}:
            gained = tally.counts["opened", str(name), id] - tally.counts["closed", str(name), id]
            counts["after", str(name), id] = counts["open", id] + gained
    return counts


def _sum(tally: Tally, kind: Kind, id: str) -> int:
    return sum(count for key, count in tally.counts.items() if key[:2] == (kind, id))


def core_of(catalog: Catalog) -> tuple[str, ...]:
    """The ids of the core formats, in the order of the catalog."""
    return tuple(id for id, format in catalog.formats.items() if format.core)


@dataclass(frozen=True)
class SummaryRequest:
    """What summary is asked for.

    ``path`` is where it goes, ``document`` makes plain data of it, ``others`` are catalogs to compare with.
    """

    path: str
    document: Callable[[Summary], Any]
    others: tuple[Catalog, ...] = ()
    exact: bool = False
    source: Origin | None = None

    def text(self, catalog: Catalog, tally: Tally, by: str | None) -> str:
        """The document of a whole run; ``by`` names the column that its table is split by."""
        summary = Summary(catalog, tally, self.others, self.exact, by, self.source)
        return json.dumps(self.document(summary), indent=2) + "\n"

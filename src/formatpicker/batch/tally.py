"""What is counted while records are made, and how counts are put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from formatpicker.batch.records import Record, Reject
from formatpicker.catalog.model import Verdict


@dataclass
class Tally:
    """Counts over records. ``tops`` counts the tuples of formats at the top, the empty one too.

    ``counts`` is what a census adds where a summary is asked for, and empty otherwise; ``groups`` are the accepted rows
    of each group where it is split by a column.
    """

    accepted: int = 0
    rejected: int = 0
    infeasible: int = 0
    tops: Counter[tuple[str, ...]] = field(default_factory=Counter)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    groups: dict[str, Tally] = field(default_factory=dict)

    def merge(self, other: Tally) -> None:
        """Add the counts of other rows."""
        self.accepted += other.accepted
        self.rejected += other.rejected
        self.infeasible += other.infeasible
        self.tops.update(other.tops)
        self.counts.update(other.counts)
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


def counted(records: Sequence[Record], rejects: Sequence[Reject]) -> Tally:
    """The counts of some rows."""
    infeasible = sum([each.eligibility == Verdict.BLOCKED for each in records])
    return Tally(len(records), len(rejects), infeasible, Counter([each.top for each in records]))

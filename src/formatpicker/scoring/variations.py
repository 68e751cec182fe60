"""How formats stand under other answers than the ones given: what what-ifs and turning questions try."""

from __future__ import annotations

from collections.abc import Mapping

from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.ranking import derived_answers, region_of
from formatpicker.scoring.tables import Standing, Sums, Table, unit_of


class Variations:
    """How the formats of a table stand if some of one person's answers were others.

    What the answers that stay add up to is memoised: of the some 400 standings that one recommendation asks for, each
    takes a third of the time by it.
    """

    def __init__(self, table: Table, answers: Answers) -> None:
        self.table: Table = table
        self.answers: Answers = answers
        self._kept: dict[tuple[str | int | None, ...], Sums] = {}

    def standing(self, change: Mapping[str, Answer], derived: bool = True) -> Standing:
        """How they stand with some answers changed or given; ``derived`` as for ``Table.standing``."""
        table, catalog = self.table, self.table.catalog
        changed = Answers({**self.answers.values, **change})
        region, unit = region_of(catalog, changed), unit_of(changed)
        items = {**changed.values, **(derived_answers(catalog, changed) if derived else {})}
        moved = {
            *change,
            *(id for id, item in catalog.derived.items() if item.per_week in change or item.duration in change),
        }
        key = (*change, region, unit, int(derived))
        kept = self._kept.get(key)
        if kept is None:
            rest = {id: answer for id, answer in items.items() if id not in moved}
            kept = self._kept[key] = table.added(table.empty, rest, region, unit)
        return table.standing_of(table.added(kept, {id: items[id] for id in moved if id in items}, region, unit))

    def top(self, change: Mapping[str, Answer]) -> frozenset[str]:
        """The ids of the formats that ``recommend`` would put at the top."""
        return self.table.named(self.standing(change).top())

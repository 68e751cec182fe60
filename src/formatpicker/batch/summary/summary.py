"""The summary of a cohort: its counts, without those that could show who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from formatpicker.batch.summary.cells import ACCEPTED, Cells
from formatpicker.batch.summary.suppression import LEAST_GROUP, Cell, Table, hidden_cells
from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import Catalog


class Summary:
    """The cells of one cohort. ``count`` gives None for what has to stay hidden."""

    def __init__(
        self, catalog: Catalog, tally: Tally, others: Sequence[Catalog] = (), small_groups: bool = False
    ) -> None:
        self.catalog = catalog
        self.tally = tally
        self.others = tuple(others)
        self.least = None if small_groups else LEAST_GROUP
        self._cells = Cells(catalog, tally, others)

    @cached_property
    def hidden(self) -> set[Cell]:
        """The cells that stay hidden."""
        if self.least is None:
            return set()
        cells = self._cells
        silent, dear = frozenset(cells.silent), frozenset(cells.dear)
        return hidden_cells(Table(cells.counts, cells.equations, silent, frozenset([ACCEPTED]), dear, self.least))

    def count(self, *cell: str) -> int | None:
        """How many people a cell counts; None where that stays hidden."""
        return None if cell in self.hidden else self._cells.counts[cell]

    def listed(self, *start: str) -> list[Cell]:
        """The cells that begin so and count anybody: the largest first, then the hidden ones by name."""
        counts, hidden = self._cells.counts, self.hidden
        found = [cell for cell in counts if cell[: len(start)] == start and (counts[cell] or cell in hidden)]
        return sorted(found, key=lambda cell: (cell in hidden, 0 if cell in hidden else -counts[cell], cell))

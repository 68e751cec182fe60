"""Small groups kept out of a table of counts, so that nobody is recognized, and so that none can be worked out again.

A count is a cell. An equation says of a cell that it is the sum of others. First every cell of a small group is hidden.
Then more cells are hidden, the smallest first, until for each one that is hidden another value is possible as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, count
from math import lcm
from typing import NamedTuple

LEAST_GROUP = 10

Cell = tuple[str, ...]
Row = dict[Cell, Fraction]
Step = dict[Cell, int]


class Equation(NamedTuple):
    """A cell that is the sum of others."""

    total: Cell
    parts: tuple[Cell, ...]


class Table(NamedTuple):
    """What is to be shown.

    Args:
        counts: Every cell and how many people it counts.
        equations: What a reader knows of how they hang together.
        silent: Cells that are not shown in any case, and must not be worked out either if they are small.
        known: Cells that a reader knows anyway.
        dear: Cells that are hidden only where nothing else helps.
        least: The smallest group that may be seen.
    """

    counts: Mapping[Cell, int]
    equations: Sequence[Equation]
    silent: frozenset[Cell] = frozenset()
    known: frozenset[Cell] = frozenset()
    dear: frozenset[Cell] = frozenset()
    least: int = LEAST_GROUP

    def is_small(self, cell: Cell) -> bool:
        """Whether a cell counts somebody, and few."""
        return 0 < self.counts[cell] < self.least


def hidden_cells(table: Table) -> set[Cell]:
    """The cells to hide, beside the silent ones."""
    hidden = {*table.silent, *(cell for cell in table.counts if table.is_small(cell) and cell not in table.known)}
    while more := _given_away(table, hidden):
        hidden |= more
    return hidden - table.silent


def _given_away(table: Table, hidden: set[Cell]) -> set[Cell]:
    """Cells that have to be hidden as well: for each one that is exposed, one that hangs together with it."""
    return {cell for each in exposed(table, hidden) for cell in _cheapest(table, hidden, each)}


def _cheapest(table: Table, hidden: set[Cell], exposed: Cell) -> list[Cell]:
    """The cell that is hidden at the least cost for another one's sake, if there is any left.

    Nobody is as good as no cell, and comes last; then the near ones come first, and of those the smallest.
    """
    counts, steps = table.counts, _distances(table, hidden, exposed)
    left = [cell for cell in steps if cell not in hidden and cell not in table.known]
    return sorted(left, key=lambda cell: (not counts[cell], cell in table.dear, steps[cell], counts[cell], cell))[:1]


def _distances(table: Table, hidden: set[Cell], start: Cell) -> dict[Cell, int]:
    """The cells that hang together with one through hidden cells, and through how many equations."""
    found = {start: 0}
    edge = {start}
    for step in count(1):
        near = {
            cell
            for total, parts in table.equations
            if not edge.isdisjoint((total, *parts))
            for cell in (total, *parts)
            if cell not in found
        }
        found |= dict.fromkeys(near, step)
        edge = near & hidden
        if not edge:
            break
    return found


def exposed(table: Table, hidden: set[Cell]) -> list[Cell]:
    """The hidden cells of which no other value is known to be possible.

    A cell is safe if there is another table of whole numbers with the same cells shown in which it differs. Such tables
    are looked for along the solutions of the equations, one by one and two together.
    """
    steps = _steps(table.equations, hidden)
    linked = {cell for total, parts in table.equations for cell in (total, *parts)}
    left = {cell for cell in hidden & linked if cell not in table.silent or table.is_small(cell)}
    for step in steps:
        if _possible(table, step):
            left.difference_update(step)
    for one, two in combinations(steps if left else (), 2):
        if not left.isdisjoint(one.keys() | two.keys()):
            for together in (_sum_of(one, two, 1), _sum_of(one, two, -1)):
                if _possible(table, together):
                    left.difference_update(together)
    return sorted(left)


def _possible(table: Table, step: Step) -> bool:
    """Whether a step to one side or the other leaves every cell that counts somebody with somebody."""
    bounds = [
        (table.counts[cell] - min(table.counts[cell], 0 if cell in table.silent else 1), move)
        for cell, move in step.items()
    ]
    return all(spare >= -move for spare, move in bounds) or all(spare >= move for spare, move in bounds)


def _sum_of(one: Step, two: Step, sign: int) -> Step:
    cells = {cell: one.get(cell, 0) + sign * two.get(cell, 0) for cell in one.keys() | two.keys()}
    return {cell: each for cell, each in cells.items() if each}


def _steps(equations: Sequence[Equation], hidden: set[Cell]) -> list[Step]:
    """Ways to change hidden cells together, in whole numbers, so that every equation still holds."""
    found: dict[Cell, Row] = {}
    for pivot, row in _solved(equations, hidden).items():
        for cell, factor in row.items():
            if cell != pivot:
                found.setdefault(cell, {cell: Fraction(1)})[pivot] = -factor
    return [_scaled(row) for row in found.values()]


def _scaled(row: Row) -> Step:
    factor = lcm(*(each.denominator for each in row.values()))
    return {cell: int(each * factor) for cell, each in row.items()}


def _solved(equations: Sequence[Equation], hidden: set[Cell]) -> dict[Cell, Row]:
    """Each dependent cell with the cells it depends on: by elimination, in exact fractions."""
    solved: dict[Cell, Row] = {}
    for equation in equations:
        row = _reduced(_unknowns(equation, hidden), solved)
        if row:
            pivot = min(row)
            row = {cell: factor / row[pivot] for cell, factor in row.items()}
            solved = {each: _without(other, pivot, row) for each, other in solved.items()}
            solved[pivot] = row
    return solved


def _unknowns(equation: Equation, hidden: set[Cell]) -> Row:
    row: Row = {}
    for cell, factor in ((equation.total, 1), *((part, -1) for part in equation.parts)):
        if cell in hidden:
            row[cell] = row.get(cell, Fraction(0)) + factor
    return {cell: factor for cell, factor in row.items() if factor}


def _reduced(row: Row, solved: Mapping[Cell, Row]) -> Row:
    for pivot in [cell for cell in row if cell in solved]:
        row = _without(row, pivot, solved[pivot])
    return row


def _without(row: Row, pivot: Cell, other: Row) -> Row:
    """A row with a multiple of another taken off, so that the pivot is gone from it."""
    factor = row.get(pivot)
    if not factor:
        return row
    cells = {**row, **other}
    found = {cell: row.get(cell, Fraction(0)) - factor * other.get(cell, Fraction(0)) for cell in cells}
    return {cell: each for cell, each in found.items() if each}

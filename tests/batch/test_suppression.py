"""Small groups stay hidden, and nobody can work them out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from formatpicker.batch.summary.suppression import Cell, Equation, Table, exposed, hidden_cells

ALL = ("all",)


def parts_table(*counts: int, known: bool = True) -> Table:
    """Some groups and all of them together, which a reader knows."""
    cells: dict[Cell, int] = {(str(at),): count for at, count in enumerate(counts)}
    equation = Equation(ALL, tuple(cells))
    return Table({**cells, ALL: sum(counts)}, [equation], known=frozenset([ALL] if known else []))


def hidden(table: Table) -> set[str]:
    return {cell[0] for cell in hidden_cells(table)}


def test_large_groups_and_empty_ones_are_shown() -> None:
    assert hidden(parts_table(10, 500, 0)) == set()


def test_the_next_smallest_part_is_hidden_with_a_small_one() -> None:
    # 3 alone could be worked out: 63 - 20 - 40.
    assert hidden(parts_table(3, 20, 40)) == {"0", "1"}


def test_two_small_parts_hide_each_other() -> None:
    # 3 + 4 = 7 could also be 2 + 5.
    assert hidden(parts_table(3, 4, 40)) == {"0", "1"}


def test_two_groups_of_one_are_not_enough() -> None:
    # 1 + 1 = 2 can be nothing else, since a hidden group has somebody in it.
    assert hidden(parts_table(1, 1, 40)) == {"0", "1", "2"}


def test_an_empty_group_is_hidden_where_there_is_no_other() -> None:
    # 5 of 5 people in one group: what is left to hide is the groups with nobody.
    assert hidden(parts_table(5, 0)) == {"0", "1"}


def test_a_total_that_is_small_is_hidden_with_its_parts() -> None:
    assert hidden(parts_table(3, 4, known=False)) == {"0", "1", "all"}


def test_what_is_silent_must_not_be_worked_out_either() -> None:
    # 95 of 98 answered: then 3 did not.
    cells: dict[Cell, int] = {("yes",): 95, ("no",): 3, ALL: 98}
    table = Table(cells, [Equation(ALL, (("yes",), ("no",)))], frozenset([("no",)]), frozenset([ALL]))
    assert hidden(table) == {"yes"}


def test_what_is_dear_is_hidden_last() -> None:
    table = parts_table(3, 20, 40)._replace(dear=frozenset([("1",)]))
    assert hidden(table) == {"0", "2"}


def test_a_group_that_stands_in_two_sums_is_looked_at_in_both() -> None:
    # a + b = 23 and b + c = 20 + 30: hiding b for a's sake leaves b in the second sum, 50 - 30.
    a, b, c = ("a",), ("b",), ("c",)
    one, two = ("one",), ("two",)
    cells: dict[Cell, int] = {a: 3, b: 20, c: 30, one: 23, two: 50}
    table = Table(cells, [Equation(one, (a, b)), Equation(two, (b, c))], known=frozenset([one, two]))
    assert hidden_cells(table) == {a, b, c}
    assert exposed(table, {a, b}) == [a, b]


# --- two-way tables, against a reader who tries all of them ------------------------------------------------------

Counts = dict[Cell, int]


def two_way(inner: tuple[int, ...], columns: int) -> Table:
    """Counts in rows and columns with all sums."""
    rows = len(inner) // columns
    cells: Counts = {(str(at // columns), str(at % columns)): count for at, count in enumerate(inner)}
    places = [*cells]
    lines = [[cell for cell in places if cell[0] == str(row)] for row in range(rows)]
    lines += [[cell for cell in places if cell[1] == str(column)] for column in range(columns)]
    equations = []
    for at, line in enumerate(lines):
        cells[("sum", str(at))] = sum(cells[cell] for cell in line)
        equations.append(Equation(("sum", str(at)), tuple(line)))
    cells[ALL] = sum(inner)
    equations.append(Equation(ALL, tuple(("sum", str(row)) for row in range(rows))))
    equations.append(Equation(ALL, tuple(("sum", str(rows + column)) for column in range(columns))))
    return Table(cells, equations, known=frozenset([ALL]))


def all_that_look_alike(table: Table, gone: set[Cell], columns: int, size: int) -> Iterator[Counts]:
    """Every table of whole numbers with the same cells shown, and somebody in each hidden one that has somebody."""
    people = table.counts[ALL]
    for inner in product(range(people + 1), repeat=size - 1):
        if sum(inner) <= people:
            counts = dict(two_way((*inner, people - sum(inner)), columns).counts)
            if all(
                (counts[cell] > 0 or not table.counts[cell]) if cell in gone else counts[cell] == table.counts[cell]
                for cell in counts
            ):
                yield counts


@given(inner=st.tuples(*[st.integers(0, 9)] * 4), least=st.integers(2, 5))
def test_a_reader_who_tries_every_table_cannot_tell_a_hidden_one(inner: tuple[int, ...], least: int) -> None:
    table = two_way(inner, columns=2)._replace(least=least)
    gone = hidden_cells(table)
    small = {cell for cell, count in table.counts.items() if 0 < count < least and cell != ALL}
    assert small <= gone
    values: dict[Cell, set[int]] = {cell: set() for cell in small}
    for counts in all_that_look_alike(table, gone, columns=2, size=4):
        for cell in small:
            values[cell].add(counts[cell])
    # All tables with one person each look like nothing else; then nothing but the number of people is shown.
    nothing_left = gone >= {cell for cell in table.counts if cell != ALL}
    assert nothing_left or all(len(found) > 1 for found in values.values())


@given(counts=st.lists(st.one_of(st.integers(0, 12), st.integers(0, 300)), min_size=2, max_size=8))
def test_no_part_follows_from_the_total_and_the_others(counts: list[int]) -> None:
    table = parts_table(*counts)
    gone = hidden_cells(table)
    left = [table.counts[cell] for cell in gone]
    assert not any(0 < count < 10 for cell, count in table.counts.items() if cell not in gone and cell != ALL)
    # One unknown is a difference; several groups of one are one each; unless all is hidden that can be.
    assert not left or len(gone) == len(counts) or (len(left) > 1 and sum(left) > len(left))


@given(counts=st.lists(st.integers(10, 300), min_size=1, max_size=8))
def test_nothing_is_hidden_without_need(counts: list[int]) -> None:
    assert hidden_cells(parts_table(*counts)) == set()


def test_a_table_of_counts_may_be_a_counter() -> None:
    table = parts_table(3, 20, 40)
    assert hidden_cells(table._replace(counts=Counter(table.counts))) == hidden_cells(table)

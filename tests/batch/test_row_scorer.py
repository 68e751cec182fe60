"""Many people by tables: for everybody what ``recommend`` says of one, and as many results as rows."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.batch import effects
from formatpicker.batch.headers import ID, Headers, Meaning
from formatpicker.batch.records import Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Rows
from formatpicker.batch.run import Job, RowWorker
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Noticed
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.errors import InputError
from formatpicker.scoring.answers import Answers, written_answers
from plain_records import record_of
from strategies import catalogs, raw_answers
from tabular import told


def sheet_of(catalog: Catalog, *names: str) -> Sheet:
    return Sheet.of(Headers(catalog), names or (ID, *catalog.questions), "people.csv")


def cells_of(catalog: Catalog, answers: Answers, id: str) -> list[Cell]:
    written = written_answers(catalog, answers)
    return [id, *(cell_of(written.get(question)) for question in catalog.questions)]


def cell_of(value: Any) -> Cell:
    """An answer as people write it in a cell."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{goal}: {importance}" for goal, importance in value.items())
    return str(value)


def scored(catalog: Catalog, *cells: list[Cell], names: tuple[str, ...] = ()) -> list[Record | Reject]:
    return told(Scorer(catalog, sheet_of(catalog, *names)), Rows(1, [*cells], None, {}))


# --- the same as one by one ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_a_record_says_what_recommend_says(request: pytest.FixtureRequest, name: str) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    people = list(random_people(catalog, 400, "batch"))
    rows = [cells_of(catalog, answers, f"p{index}") for index, answers in enumerate(people)]
    expected = [record_of(recommend(catalog, answers), f"p{index}", index + 1) for index, answers in enumerate(people)]
    assert scored(catalog, *rows) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_record_says_what_recommend_says_on_any_catalog(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    people = [parse_answers(catalog, raw) for raw in data.draw(st.lists(raw_answers(catalog), min_size=1, max_size=5))]
    rows = [cells_of(catalog, answers, "x") for answers in people]
    expected = [record_of(recommend(catalog, answers), "x", row) for row, answers in enumerate(people, 1)]
    assert scored(catalog, *rows) == expected


def test_numbers_of_any_size_stay_apart_in_their_lanes() -> None:
    for most in (1, (1 << 64) - 1, 1 << 64, 1 << 200):
        lanes = effects.Lanes(3, most)
        assert lanes.unpacked(lanes.packed((most, 0, 1)) + lanes.packed((0, most, 0))) == [most, most, 1]


def test_nothing_is_lost_when_memory_is_full(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    people = list(random_people(shipped, 60, "full memory"))
    rows = [cells_of(shipped, answers, "x") for answers in people]
    usual = scored(shipped, *rows)
    monkeypatch.setattr(effects, "MOST_MEMOISED", 2)
    assert scored(shipped, *rows) == usual


def test_pieces_of_rows_are_scored_as_the_whole(shipped: Catalog) -> None:
    cells = [cells_of(shipped, answers, "x") for answers in random_people(shipped, 10, "pieces")]
    rows = Rows(5, [*cells[:4], [], *cells[5:]], [*range(11, 21)], {4: "cut off"})
    scorer = Scorer(shipped, sheet_of(shipped))
    pieces = list(rows.pieces(3))
    assert [(each.first, len(each.cells)) for each in pieces] == [(5, 3), (8, 3), (11, 3), (14, 1)]
    found = [record for each in pieces for record in told(scorer, each)]
    assert found == told(scorer, rows)
    assert found[4] == Reject(9, 15, None, None, None, "cut off")


def test_rejects_leave_nothing_behind(shipped: Catalog) -> None:
    """A run looks for circles of objects seldom, so that a circle through the rows would keep them all."""

    class Row(list[Cell]):
        """A list that can be referred to weakly."""

    row = Row(["x", "", "never", "a lot", *[""] * (len(shipped.questions) - 3)])
    kept, rows = weakref.ref(row), Rows(1, [row], None, {})
    scorer = Scorer(shipped, sheet_of(shipped))
    gc.disable()
    try:
        assert scorer.scored(rows).rejected == 1
        del rows, row
        assert kept() is None
    finally:
        gc.enable()


def test_rows_do_not_depend_on_the_chunk_they_are_in(shipped: Catalog) -> None:
    rows = [cells_of(shipped, answers, "x") for answers in random_people(shipped, 30, "chunks")]
    scorer = Scorer(shipped, sheet_of(shipped))
    parts = [told(scorer, Rows(start + 1, rows[start : start + 7], None, {})) for start in range(0, 30, 7)]
    assert [record for part in parts for record in part] == scored(shipped, *rows)


# --- one record, by hand ---------------------------------------------------------------------------------------


def test_a_record_by_hand(toy: Catalog) -> None:
    """Depth with 6 weeks: short 45/120 = 37.5, middle 60/120 = 50.0, long 100/120 and blocked, variant 70/120 = 58.3.

    The variant has depth 2/4 and fits into 6 weeks: 100*0.5 + 20. The whole weight is 100 for goals, 20 for each of the
    two limits, 40 for each of three needs and wishes: 120 of 260 are answered.
    """
    (record,) = scored(toy, ["a1", "deep", "6"], names=("id", "goals", "weeks"))
    assert isinstance(record, Record)
    assert (record.id, record.row) == ("a1", 1)
    assert (record.top, record.score, record.eligibility) == (("middle",), 50.0, "conditional")
    assert (record.runner_up, record.runner_up_score, record.margin) == ("short", 37.5, 12.5)
    assert (record.conditions, record.blocked) == (("middle:weeks",), ("long:weeks",))
    assert (record.best_variant, record.best_variant_score) == ("brief-middle", 58.3)
    assert (record.reasons, record.coverage) == ((), 0.46)


def test_nothing_answered_has_no_top_and_no_score(shipped: Catalog) -> None:
    (record,) = scored(shipped, ["a1", ""], names=("id", "pay"))
    assert record == Record("a1", 1, (), None, None, None, None, None, (), (), (), None, None, (), 0.0)


def test_numbers_and_lists_are_cells_as_well(shipped: Catalog) -> None:
    names = ("id", "goals", "weeks", "hours_per_week")
    texts, plain = scored(
        shipped, [1, "explore;portfolio", "4", "10"], [1, '["explore", "portfolio"]', 4, 10.0], names=names
    )
    assert plain == texts._replace(row=2)


# --- rejects ---------------------------------------------------------------------------------------------------


def test_a_reject_names_column_value_and_reason(shipped: Catalog) -> None:
    scorer = Scorer(shipped, sheet_of(shipped, "id", "Weeks", "Must it be paid?"))
    found = told(scorer, Rows(7, [["a", "4", "maybe"], ["b", "4", "required"]], [9, 10], {}))
    assert found[0] == Reject(
        7,
        9,
        "a",
        "Must it be paid?",
        "maybe",
        "pay: not a known answer (known: required, preferred, not_needed)",
        "pay",
    )
    assert isinstance(found[1], Record)
    assert found[1].row == 8


def test_every_cell_at_fault_is_told(shipped: Catalog) -> None:
    scorer = Scorer(shipped, sheet_of(shipped, "id", "pay", "weeks", "age"))
    found = scorer.scored(Rows(1, [["a", "maybe", "long", "20"]], None, {}))
    assert [(each.row, each.column, each.value) for each in found.rejects] == [
        (1, "pay", "maybe"),
        (1, "weeks", "long"),
    ]
    assert (found.records, found.rejected) == ([], 1)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=12), st.text(max_size=6)), max_size=8))
def test_any_text_gives_one_record_or_one_reject_for_each_row(shipped: Catalog, rows: list[tuple[Cell, ...]]) -> None:
    found = scored(shipped, *[[*row] for row in rows], names=("id", "goals", "weeks"))
    assert [each.row for each in found] == list(range(1, len(rows) + 1))


def test_a_worker_counts_what_it_scores(shipped: Catalog) -> None:
    names = ("id", "goals", "weeks", "hours_per_week")
    # explore, 4 weeks of 10 hours: a micro-internship; 1 week of 1 hour: nothing is open; nothing: no top; a fault.
    rows: list[list[Cell]] = [["a", "explore", "4", "10"], ["b", "", "1", "1"], ["c", "", "", ""], ["d", "x", "", ""]]
    worker = RowWorker(shipped, sheet_of(shipped, *names), Job("jsonl", ("id", "row")))
    result = worker(Rows(1, rows, None, {}))
    assert result.piece == '{"id": "a", "row": 1}\n{"id": "b", "row": 2}\n{"id": "c", "row": 3}\n'
    assert [reject.row for reject in result.rejects] == [4]
    assert (result.tally.accepted, result.tally.rejected, result.tally.rows) == (3, 1, 4)
    assert (result.tally.infeasible, result.tally.undecided, result.tally.ties) == (1, 1, 0)
    assert result.tally.leading() == {"micro-internship": 1}


# --- headers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "key", "place"),
    [
        ("pay", "pay", 0),
        (" PAY ", "pay", 0),
        ("Hours-per week", "hours_per_week", 0),
        ("Must it be paid?", "pay", 0),
        ("Must it be paid? - Selected Choice", "pay", 0),
        ("Paid work", "pay", 0),
        ("goals 2", "goals", 2),
        ("What do you want to get out of it? [3]", "goals", 3),
        ("ID", "id", 0),
    ],
)
def test_what_a_header_stands_for(shipped: Catalog, header: str, key: str, place: int) -> None:
    assert Headers(shipped).meaning(header) == Meaning(key, place)


@pytest.mark.parametrize("header", ["Timestamp", "goals 14", "pay 2", "", "goals 0", "Email address"])
def test_a_header_of_nothing(shipped: Catalog, header: str) -> None:
    assert Headers(shipped).meaning(header) is None


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("name", "mail"), "no column holds an answer"),
        (("id",), "no column holds an answer"),
        (("wekes", "id"), "did you mean 'weeks'?"),
    ],
    ids=["nothing known", "only an id", "misspelled"],
)
def test_a_header_row_that_cannot_be_used(shipped: Catalog, names: tuple[str, ...], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        Sheet.of(Headers(shipped), names, "people.csv")
    assert problem in str(caught.value)


def test_several_columns_of_one_ranking_are_read_in_their_order(shipped: Catalog) -> None:
    columns, cell = (
        scored(shipped, ["portfolio", "explore", ""], names=("goals 2", "goals 1", "goals 3")),
        scored(shipped, ["explore;portfolio"], names=("goals",)),
    )
    assert columns == cell


def test_an_id_column_of_another_name(shipped: Catalog) -> None:
    sheet = Sheet.of(Headers(shipped, id_column="Matriculation"), ("id", "matriculation", "pay"), "people.csv")
    assert (sheet.id_column, sheet.ignored) == (1, ("id",))


@given(
    st.lists(st.sampled_from(["income;resume", "income; resume.", "explore;income", "resume;income", "1. income", ""]))
)
@settings(max_examples=25)
def test_what_is_noticed_of_a_table_is_noticed_whatever_parts_it_is_read_in(shipped: Catalog, goals: list[str]) -> None:
    def noticed(parts: list[list[str]]) -> tuple[object, ...]:
        found = Noticed()
        for part in parts:
            scorer = Scorer(shipped, sheet_of(shipped, ID, "goals"))  # as in a process of its own
            scorer.scored(Rows(1, [["a", each] for each in part], None, {}))
            found.merge(scorer.taken())
        return found.done, found.turned, found.one_order

    assert noticed([[each] for each in goals]) == noticed([goals])
    # By hand: one order alone is seen once however often it stands there; two orders of the same two goals are turned.
    assert not noticed([["income;resume"]] * 5)[2]
    assert noticed([["income;resume"], ["resume;income"]])[1]

"""Columns of Arrow: row for row what one person is told, however the columns are laid out and cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.batch import arrow
from formatpicker.batch.arrow import record_schema, score_batches, score_table
from formatpicker.batch.columns import codes, lookups
from formatpicker.batch.columns import scorer as columns
from formatpicker.batch.columns.cells import Block, all_differ
from formatpicker.batch.columns.scorer import ColumnScorer
from formatpicker.batch.effects import Effects
from formatpicker.batch.headers import Headers
from formatpicker.batch.records import FIELDS, LISTS, Record, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Noticed, counted
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.errors import InputError
from formatpicker.scoring.answers import Answers, written_answers
from plain_records import record_of
from strategies import catalogs, raw_answers


def table_of(catalog: Catalog, people: Sequence[Answers]) -> pa.Table:
    """People as a table of text, as forms export them."""
    rows = [{key: cell_of(value) for key, value in written_answers(catalog, each).items()} for each in people]
    ids = [f"p{row}" for row in range(len(people))]
    texts = {id: pa.array([row.get(id) for row in rows], pa.string()) for id in catalog.questions}
    return pa.table({"id": pa.array(ids, pa.string()), **texts})


def cell_of(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{goal}: {importance}" for goal, importance in value.items())
    return str(value)


def records_of(table: pa.Table | pa.RecordBatch) -> list[Record]:
    rows: list[dict[str, Any]] = table.to_pylist()
    values: list[list[Any]] = [[tuple(row[name]) if name in LISTS else row[name] for name in FIELDS] for row in rows]
    return [Record(*each) for each in values]


def expected(catalog: Catalog, people: Sequence[Answers]) -> list[Record]:
    return [record_of(recommend(catalog, each), f"p{at}", at + 1) for at, each in enumerate(people)]


# --- the same as one by one ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_columns_say_what_recommend_says(request: pytest.FixtureRequest, name: str) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    people = list(random_people(catalog, 400, "arrow"))
    found = score_table(table_of(catalog, people), catalog=catalog)
    assert records_of(found) == expected(catalog, people)
    assert found.schema.equals(record_schema())


@given(st.data())
def test_columns_say_what_recommend_says_on_any_catalog(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    people = [parse_answers(catalog, raw) for raw in data.draw(st.lists(raw_answers(catalog), min_size=1, max_size=8))]
    assert records_of(score_table(table_of(catalog, people), catalog=catalog)) == expected(catalog, people)


_CELLS = {
    "id": st.none() | st.text(max_size=4),
    "goals": st.sampled_from([None, "explore", "explore; income", "x", "explore: 2", "[]", ""]),
    "weeks": st.sampled_from([None, "4", "3 months", "99999", "", "skip", "SKIP"]) | st.text(max_size=4),
    "pay": st.sampled_from(["required", "Pay would help", "not-needed", "", "no"]),
}


@given(st.lists(st.fixed_dictionaries(_CELLS), max_size=12))
def test_any_cells_give_the_same_records_and_rejects_as_rows(shipped: Catalog, rows: list[dict[str, Any]]) -> None:
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in _CELLS})
    sheet = Sheet.of(Headers(shipped), [*_CELLS], "people")
    plain = Scorer(shipped, sheet).scored(Rows(1, [[row[name] for name in _CELLS] for row in rows], None, {}))
    rejects: list[Reject] = []
    found = score_table(table, catalog=shipped, rejects=rejects.append)
    assert (records_of(found), rejects) == (plain.records, plain.rejects)


def test_many_rankings_at_once_say_what_each_of_them_says(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_FIRST", 2)  # those are parsed one by one, and tell that no order is kept
    ids = [goal.id for goal in shipped.questions["goals"].goals]
    cells = [
        f"{ids[0]};{ids[1]}",
        f"{ids[1]};{ids[0]}",
        *ids,
        f"{ids[3]};{ids[3]}",
        ";".join(ids[:5]),
        ";".join(ids[:6]),
    ]
    cells += [";".join(ids), f"{ids[2]};", f"{ids[2]}; {ids[4]}", f"{ids[2]}:3", f"{ids[5]};nonsense", "é", "", ";"]
    sheet = Sheet.of(Headers(shipped), ["goals"], "people")
    plain = Scorer(shipped, sheet).scored(Rows(1, [[cell] for cell in cells], None, {}))
    rejects: list[Reject] = []
    found = score_table(pa.table({"goals": cells}), catalog=shipped, rejects=rejects.append)
    assert (records_of(found), rejects) == (plain.records, plain.rejects)


def test_a_catalog_too_large_for_arrays_is_scored_row_by_row(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of(shipped, list(random_people(shipped, 50, "too large")))
    table = table.set_column(2, "weeks", pa.array(["banana", *table["weeks"].to_pylist()[1:]]))
    usual, told, again = score_table(table, rejects="null"), [], []  # type: ignore[var-annotated]
    score_table(table, rejects=told.append)
    monkeypatch.setattr(columns, "whole_type", lambda effects: np.int64)  # half as large it fits into 32 bits
    assert score_table(table, rejects="null").equals(usual)
    monkeypatch.setattr(columns, "whole_type", lambda effects: None)
    assert score_table(table, rejects="null").equals(usual)
    score_table(table, rejects=again.append)
    assert again == told


@pytest.mark.parametrize(("most", "kind"), [(1 << 20, np.int32), (1 << 40, np.int64), (1 << 60, None)])
def test_sums_that_do_not_fit_are_noticed(shipped: Catalog, most: int, kind: object) -> None:
    effects = Effects(shipped)
    effects.most_sum = most
    assert lookups.whole_type(effects) is kind


# --- how tables are cut and laid out ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scored(shipped: Catalog) -> tuple[pa.Table, pa.Table]:
    """A table of 20 people and its records."""
    table = table_of(shipped, list(random_people(shipped, 20, "cuts")))
    return table, score_table(table, catalog=shipped)


@given(cuts=st.lists(st.integers(0, 20), max_size=5), block=st.integers(1, 20))
def test_batches_may_be_cut_anywhere(
    shipped: Catalog, scored: tuple[pa.Table, pa.Table], cuts: list[int], block: int
) -> None:
    table, whole = scored
    ends = [0, *sorted(cuts), 20]
    parts = [table.slice(start, end - start) for start, end in pairwise(ends)]
    empty = pa.RecordBatch.from_pylist([], table.schema)
    batches = [batch for part in parts for batch in (part.to_batches() or [empty])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrow, "PART", block)
        found = list(score_batches(batches, catalog=shipped))
    assert [batch.num_rows for batch in found] == [batch.num_rows for batch in batches]
    assert pa.Table.from_batches(found).equals(whole)


def test_nothing_is_lost_when_memory_is_full(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of(shipped, list(random_people(shipped, 60, "full")))
    usual = score_table(table, catalog=shipped)
    monkeypatch.setattr(codes, "MOST_CODES", 3)
    monkeypatch.setattr(codes, "_DENSE_BITS", 4)
    found = score_batches(batch for start in range(0, 60, 7) for batch in table.slice(start, 7).to_batches())
    assert pa.Table.from_batches(found).combine_chunks().equals(usual)


def test_dictionaries_may_change_between_batches(shipped: Catalog) -> None:
    def batch(*pay: str | None) -> pa.RecordBatch:
        return pa.record_batch({"pay": pa.array(pay, pa.string()).dictionary_encode()})

    first, second = batch("required", "preferred"), batch("preferred", None, "required")
    plain = score_table(pa.table({"pay": ["required", "preferred", "preferred", None, "required"]}), catalog=shipped)
    assert pa.Table.from_batches(score_batches([first, second], catalog=shipped)).combine_chunks().equals(plain)


def test_a_dictionary_far_larger_than_its_batch_is_not_read_through(shipped: Catalog) -> None:
    texts = pa.array(["required", *(f"wrong {number}" for number in range(100))])
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), texts)
    found = score_table(pa.table({"pay": column}), catalog=shipped)
    assert found.equals(score_table(pa.table({"pay": ["required", "required"]}), catalog=shipped))


def _columns() -> dict[str, tuple[str, pa.Array, list[str | None]]]:
    """For each layout the question, the column, and the same cells as text."""
    months = ["3 months", None, "4"]
    lists = [["explore", "income"], None, []]
    pairs = [[("explore", 5), ("income", 2)], None, []]
    structs = [{"explore": 5, "income": 2}, {"explore": None, "income": None}, None]
    struct = pa.struct([("explore", pa.int8()), ("income", pa.int8())])
    ranked: list[str | None] = ["explore;income", None, None]
    weighed: list[str | None] = ["explore: 5; income: 2", None, None]
    return {
        "text": ("weeks", pa.array(months), months),
        "large text": ("weeks", pa.array(months, pa.large_string()), months),
        "text view": ("weeks", pa.array(months, pa.string_view()), months),
        "dictionary": ("weeks", pa.array(months).dictionary_encode(), months),
        "integers": ("weeks", pa.array([4, None, 12], pa.int16()), ["4", None, "12"]),
        "unsigned": ("weeks", pa.array([4, None, 12], pa.uint64()), ["4", None, "12"]),
        "dictionary of integers": ("weeks", pa.array([4, None, 12]).dictionary_encode(), ["4", None, "12"]),
        "floats": ("weeks", pa.array([4.0, float("nan"), 2.5]), ["4", None, "2.5"]),
        "half floats": ("weeks", pa.array(np.array([4, 8, 2.5], np.float16)), ["4", "8", "2.5"]),
        "nothing": ("weeks", pa.nulls(3), [None, None, None]),
        "nothing of a type": ("weeks", pa.nulls(3, pa.float32()), [None, None, None]),
        "list": ("goals", pa.array(lists), ranked),
        "large list": ("goals", pa.array(lists, pa.large_list(pa.string())), ranked),
        "list of dictionary": (
            "goals",
            pa.array(lists, pa.list_(pa.dictionary(pa.int32(), pa.string()))),
            ranked,
        ),
        "map": ("goals", pa.array(pairs, pa.map_(pa.string(), pa.int32())), weighed),
        "struct": ("goals", pa.array(structs, struct), weighed),
    }


@pytest.mark.parametrize("layout", _columns())
def test_any_layout_of_a_column_says_the_same(shipped: Catalog, layout: str) -> None:
    question, column, texts = _columns()[layout]
    other = ["required", "preferred", None]
    found = score_table(pa.table({question: column, "pay": other}), catalog=shipped)
    plain = score_table(pa.table({question: pa.array(texts, pa.string()), "pay": other}), catalog=shipped)
    assert found.equals(plain)


@pytest.mark.parametrize("rejects", ["null", [].append])
def test_views_of_text_are_text_wherever_they_stand(shipped: Catalog, rejects: arrow.Policy) -> None:
    view = pa.string_view()
    weeks, goals = pa.array(["4", "x", None], view), [["explore"], ["explore"], None]
    table = pa.table({"id": pa.array(["a", "b", ""], view), "weeks": weeks, "goals": pa.array(goals, pa.list_(view))})
    plain = pa.table({"id": ["a", "b", ""], "weeks": ["4", "x", None], "goals": goals})
    found = score_table(table, catalog=shipped, rejects=rejects)
    assert found.to_pylist() == score_table(plain, catalog=shipped, rejects=rejects).to_pylist()
    coded = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), weeks)
    assert records_of(score_table(table.set_column(1, "weeks", coded), catalog=shipped, rejects=rejects)) == records_of(
        found
    )


def test_goals_in_several_columns_stand_in_their_order(shipped: Catalog) -> None:
    several = pa.table({"goals 2": ["income", None, ""], "goals 1": ["explore", "explore", None]})
    plain = pa.table({"goals": ["explore;income", "explore", None]})
    assert score_table(several, catalog=shipped).equals(score_table(plain, catalog=shipped))


def test_bytes_that_are_no_text_spoil_their_own_cell_only(shipped: Catalog) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(np.array([0, 2, 10], np.int32)), pa.py_buffer(b"\xff\xfe" + b"required")]
    )
    rejects: list[Reject] = []
    found = score_table(pa.table({"pay": broken}), catalog=shipped, rejects=rejects.append)
    assert [each.row for each in rejects] == [1]
    assert found["row"].to_pylist() == [2]


# --- columns and their types -----------------------------------------------------------------------------------


def test_unknown_columns_are_ignored_whatever_they_hold(shipped: Catalog) -> None:
    table = pa.table({"when": pa.array([0], pa.timestamp("us")), "pay": ["required"], "blob": [b"\xff"]})
    assert score_table(table, catalog=shipped).equals(score_table(table.select(["pay"]), catalog=shipped))


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"x": [1]}, "no column holds an answer"),
        ({"weeks": pa.array([0], pa.timestamp("us"))}, "column 'weeks' is of type timestamp[us], which is no answer"),
        ({"pay": [["required"]]}, "column 'pay' is of type list<"),
        ({"goals": [[["explore"]]]}, "column 'goals' is of type list<"),
        ({"goals 1": [["explore"]], "goals 2": [["income"]]}, "column 'goals 1' is of type list<"),
        ({"pay": [b"required"]}, "column 'pay' is of type binary"),
        ({"pay": ["required"], "id": [[1]]}, "column 'id' is of type list<"),
    ],
    ids=["unknown", "time", "list", "list of lists", "list in one of several", "bytes", "id"],
)
def test_a_column_that_cannot_hold_answers_is_named(table: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        score_table(pa.table(table))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "ids",
    [
        pa.array([7, 8], pa.int32()),
        pa.array(["a", None]),
        pa.array(["a", "b"], pa.large_string()),
        pa.array([0.5, None]),
        pa.array([True, False]),
        pa.array([1, 2], pa.date32()),
        pa.array([1, 2], pa.decimal128(20, 0)),
    ],
    ids=lambda ids: str(ids.type),
)
def test_ids_keep_their_type(shipped: Catalog, ids: pa.Array) -> None:
    found = score_table(pa.table({"id": ids, "pay": ["required", "no"]}), catalog=shipped, rejects="null")
    assert found.schema.equals(record_schema(ids.type))
    assert found["id"].combine_chunks().equals(ids)


def test_an_empty_id_and_a_missing_one_are_none(shipped: Catalog) -> None:
    found = score_table(pa.table({"key": ["", "a"], "pay": ["required"] * 2}), catalog=shipped, id_column="key")
    assert found["id"].to_pylist() == [None, "a"]
    assert score_table(pa.table({"pay": ["required"]}), catalog=shipped)["id"].to_pylist() == [None]


def test_columns_and_texts_of_a_survey_are_mapped(shipped: Catalog) -> None:
    survey = pa.table({"Q7": ["Must have", "Nice"], "Nr": ["a", "b"]})
    options: Any = {
        "columns": {"Q7": "pay", "Nr": "id"},
        "values": {"pay": {"must have": "required", "nice": "preferred"}},
    }
    plain = pa.table({"id": ["a", "b"], "pay": ["required", "preferred"]})
    assert score_table(survey, catalog=shipped, **options).equals(score_table(plain, catalog=shipped))


# --- rows that cannot be read ----------------------------------------------------------------------------------

FAULTY = {"id": ["a", "b", "c"], "weeks": ["4", "banana", "8"]}


def test_a_row_that_cannot_be_read_is_named_without_what_it_says(shipped: Catalog) -> None:
    with pytest.raises(InputError) as caught:
        score_table(pa.table(FAULTY), catalog=shipped, first_row=11)
    assert "row 12, column 'weeks': weeks: not a duration" in str(caught.value)
    assert "banana" not in str(caught.value)


def test_a_row_that_cannot_be_read_can_stay_as_an_empty_record(shipped: Catalog) -> None:
    whole = score_table(pa.table({"id": ["a", "b", "c"], "weeks": ["4", None, "8"]}), catalog=shipped)
    found = score_table(pa.table(FAULTY), catalog=shipped, rejects="null")
    first, second, third = records_of(found)
    assert [first, third] == [records_of(whole)[0], records_of(whole)[2]]
    assert second == Record("b", 2, (), None, None, None, None, None, (), (), (), None, None, (), None)  # type: ignore[arg-type]
    assert found.schema.equals(record_schema())


def test_a_row_that_cannot_be_read_can_be_handed_on(shipped: Catalog) -> None:
    rejects: list[Reject] = []
    found = score_table(pa.table(FAULTY), catalog=shipped, rejects=rejects.append)
    assert found["id"].to_pylist() == ["a", "c"]
    [reject] = rejects
    assert (reject.row, reject.id, reject.column, reject.value) == (2, "b", "weeks", "banana")


def test_a_long_batch_of_which_no_row_can_be_read_gives_an_empty_one(
    shipped: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "PART", 2)
    rejects: list[Reject] = []
    table = pa.table({"id": ["a", "b", "c"], "weeks": ["x", "y", "z"]})
    found = score_table(table, catalog=shipped, rejects=rejects.append)
    assert (found.num_rows, found.schema) == (0, record_schema())
    assert [each.row for each in rejects] == [1, 2, 3]


def test_an_unknown_policy_is_named(shipped: Catalog) -> None:
    with pytest.raises(InputError, match="'drop' is not a policy"):
        score_table(pa.table(FAULTY), catalog=shipped, rejects="drop")


# --- row numbers -----------------------------------------------------------------------------------------------


def test_rows_are_counted_over_all_batches_or_taken_from_a_column(shipped: Catalog) -> None:
    batch = pa.record_batch({"pay": ["required", "preferred"], "n": pa.array([30, 10], pa.int16())})
    counted = pa.Table.from_batches(score_batches([batch, batch], catalog=shipped))
    assert counted["row"].to_pylist() == [1, 2, 3, 4]
    named = pa.Table.from_batches(score_batches([batch, batch], catalog=shipped, row_column="n"))
    assert named["row"].to_pylist() == [30, 10, 30, 10]
    with pytest.raises(InputError, match="row_column"):
        list(score_batches([batch], catalog=shipped, row_column="pay"))
    with pytest.raises(InputError, match="row_column"):
        list(score_batches([batch], catalog=shipped, row_column="m"))


def test_no_batches_give_no_batches_and_an_empty_table_an_empty_one(shipped: Catalog) -> None:
    assert list(score_batches(iter([]))) == []
    empty = score_table(pa.table({"pay": pa.array([], pa.string())}), catalog=shipped)
    assert empty.num_rows == 0
    assert empty.schema.equals(record_schema())


def test_the_counts_are_those_of_rows(toy: Catalog) -> None:
    people = list(random_people(toy, 200, "counts"))
    table = table_of(toy, people)
    sheet = Sheet.of(Headers(toy), table.column_names, "people").narrowed()
    [batch] = table.select(list(sheet.headers)).to_batches()
    found = Scorer(toy, sheet).scored(Rows(1, [[*row.values()] for row in batch.to_pylist()], None, {}))
    looked_up = ColumnScorer(toy, sheet).scored(Block(1, batch))
    scored = looked_up() if looked_up else None
    assert scored is not None
    assert scored.tally.noticed.turned
    assert replace(scored.tally, noticed=Noticed()) == counted(found.records, found.rejected)


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), max_size=30))
def test_combinations_are_numbered_as_they_come(rows: list[list[int]]) -> None:
    combinations = codes.Combinations(3)
    seen: list[tuple[int, ...]] = []
    for start in range(0, len(rows), 7):
        part = np.array(rows[start : start + 7], np.intp)
        numbers, new = combinations.of(list(part.T), [int(column.max()) + 1 for column in part.T])
        seen += [tuple(row) for row in new.tolist()]
        assert [seen[number] for number in numbers] == [tuple(row) for row in part.tolist()]
        assert combinations.count == len(seen)
    assert len({*seen}) == len(seen)


@settings(max_examples=50)
@given(st.lists(st.lists(st.none() | st.text("ab\u00e9\U0001f600", max_size=20), max_size=6), min_size=1, max_size=3))
def test_ids_differ_or_are_looked_at_one_by_one(ids: list[list[str | None]]) -> None:
    told = [each for column in ids for each in column if each is not None]
    columns = [pa.array([None, *column], pa.string()).slice(1) for column in ids]
    assert all_differ(columns) == (len({*told}) == len(told))


def test_ids_that_differ_behind_what_is_digested_are_looked_at_one_by_one() -> None:
    assert not all_differ([pa.array(["x" * 256 + "a", "x" * 256 + "b"], pa.string())])
    assert all_differ([pa.array(["x" * 255 + "a", "x" * 255 + "b"], pa.string())])
    assert not all_differ([pa.array([[1], [2]])])  # of a type that no text stands for

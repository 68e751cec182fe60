"""Tables that are made to take time or memory: each within bounds that grow with the file, and no faster."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker.batch.headers import Headers, Meaning
from formatpicker.batch.readers import lines, source
from formatpicker.batch.rows import Cell
from formatpicker.catalog.model import Catalog
from formatpicker.errors import one_of
from running import run_here

# A busy machine is not a fault: each of these took more than a minute.
SECONDS = 5


@pytest.mark.parametrize(
    "header",
    [f"a{' ' * 397}b", "/" * 399, f"{'?' * 398}x", f"{'#' * 396}1x", "(" * 399, "goals/" * 66, f"goals.{'.:' * 190}x"],
)
def test_a_header_is_looked_at_in_no_time(shipped: Catalog, header: str) -> None:
    headers = Headers(shipped)
    began = time.process_time()
    for at in range(100):
        headers.named(f"{header[:-1]}{at % 10}")
    assert time.process_time() - began < SECONDS


def test_new_headers_without_end_are_not_remembered(shipped: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.headers._MOST_REMEMBERED", 3)
    headers = Headers(shipped)
    assert [headers.meaning(name) for name in ("a", "b", "c", "d", "goals")] == [None] * 4 + [Meaning("goals")]
    assert cast(Any, headers._remembered).cache_info().currsize == 3


@pytest.mark.parametrize("length", [1_900, 100_000])
@pytest.mark.parametrize("piece", [" ", "\n", "\xa0 ", "/ ", ".", "(", "<"])
def test_a_cell_is_read_in_no_time(tmp_path: Path, piece: str, length: int) -> None:
    long = piece * (length // len(piece))
    (tmp_path / "in.csv").write_text(f'goals,weeks,pay\n"a{long}b",,\n,"a{long}b",\n,,"a{long}b"\n', "utf-8")
    began = time.process_time()
    done = run_here("batch", str(tmp_path / "in.csv"))
    assert (done.code, " 0 accepted" in done.message) == (1, True)
    assert time.process_time() - began < SECONDS


def test_of_very_many_columns_some_are_named() -> None:
    names = [f"{at:x>4}" for at in range(5_000)]
    assert one_of("goalz", names, "column").endswith("xx99, and 4,900 more)")


def test_a_record_over_many_long_lines_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.readers.lines.MOST_LINE", 5_000)
    line = ",".join(["ab"] * 300)
    cells = "".join(f'\n",{line},"' for _ in range(9))
    (tmp_path / "in.csv").write_text(f'goals,weeks\nexplore,4,"{cells}"\nexplore,never\n')
    done = run_here("batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "o.jsonl"))
    assert "row 1 (line 2): a quotation mark opens here and is not closed within 2,000 lines or" in done.message


def test_a_cell_that_is_far_too_long_behind_a_stray_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    # The csv module takes 131,072 characters a cell: this row is first refused for its quotation mark, then for those.
    (tmp_path / "in.csv").write_text(f'goals,weeks\n"explore"x,{"y" * 131_073}\nexplore,4\n')
    done = run_here("batch", str(tmp_path / "in.csv"))
    assert "row 1 (line 2): a quotation mark inside a cell is not doubled" in done.message
    assert (done.code, done.out.count(b"\n")) == (1, 1)


def test_a_chunk_of_rows_ends_where_it_is_large() -> None:
    rows: list[tuple[int, list[Cell] | str]] = [(at, ["x" * 1_000_000, None, 4]) for at in range(20)]
    assert [len(chunk) for chunk in source.chunks(iter([*rows, (20, "a fault")]), 1_000)] == [8, 8, 5]
    few: list[tuple[int, list[Cell] | str]] = [(at, ["x"] * 100) for at in range(2_500)]
    assert [len(chunk) for chunk in source.chunks(iter(few), 1_000)] == [1_000, 1_000, 500]


def test_a_row_has_no_more_cells_than_a_sheet(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"goals,weeks\nexplore,4\nexplore{',' * 16_384}\n")
    assert "row 2 (line 3): has 16,385 cells" in run_here("batch", str(tmp_path / "in.csv")).message


@pytest.mark.parametrize("bound", ["MOST_WHOLE", "MOST_VALUES"])
@pytest.mark.parametrize("text", ['[{"goals": "explore", "x": [%s]}]', '{"rows": [{"goals": "explore", "x": [%s]}]}'])
def test_one_value_of_a_json_text_is_bounded_and_their_number_is_not(
    tmp_path: Path, bound: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, bound, 1_000)
    monkeypatch.setattr(lines, "BLOCK", 100)
    (tmp_path / "in.json").write_text(text % ("[],\n" * 2_000 + "1"))
    done = run_here("batch", str(tmp_path / "in.json"))
    assert (done.code, "write one object a line instead" in done.message) == (2, True)
    (tmp_path / "in.json").write_text("[" + ",\n".join(['{"goals": "explore", "weeks": 4.25}'] * 500) + "\n]")
    assert "500 accepted, 0 rejected" in run_here("batch", str(tmp_path / "in.json")).message


@settings(max_examples=40)
@given(
    values=st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=9) | st.integers() | st.booleans())),
    block=st.integers(1, 20),
    indent=st.sampled_from([None, 0, 2]),
)
def test_values_are_the_same_wherever_the_text_is_cut(
    values: list[dict[str, object]], block: int, indent: int | None
) -> None:
    text = json.dumps(values, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        window = lines.Window(io.StringIO(text), "a.json")
        assert window.pass_over(" ") == "["
        window.at += 1
        found = []
        while window.pass_over(" ,\n") != "]":
            found.append(dict(window.value()))
    assert found == values
    assert window.line == text.count("\n") + 1


def test_lists_nested_deep_cost_one_row(tmp_path: Path) -> None:
    deep = "[" * 490 + "]" * 490
    (tmp_path / "in.jsonl").write_text(f'{{"goals": "explore"}}\n{{"goals": {deep}}}\n')
    done = run_here("batch", str(tmp_path / "in.jsonl"))
    assert (done.code, "row 2 (line 2): is nested too deeply" in done.message) == (1, True)

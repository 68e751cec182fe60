"""Parquet in and out: the same records as from text, by rows and by columns; hostile files are named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_arrow import records_of, table_of

from formatpicker import Catalog
from formatpicker.batch.records import FIELDS
from formatpicker.catalog_tools.random_people import random_people
from running import COMMAND, Ended, environment, run, run_here


@pytest.fixture(scope="module")
def cohort(shipped: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred people in groups of 70 rows, one of whose answers is none, and one id that comes again."""
    table = table_of(shipped, list(random_people(shipped, 300, "parquet")))
    weeks, ids = table["weeks"].to_pylist(), table["id"].to_pylist()
    weeks[99], ids[200] = "banana", "p7"
    table = table.set_column(table.column_names.index("weeks"), "weeks", pa.array(weeks, pa.string()))
    table = table.set_column(0, "id", pa.array(ids)).append_column("mail", pa.array(["a@b.example"] * 300))
    path = tmp_path_factory.mktemp("parquet") / "people.parquet"
    pq.write_table(table, path, row_group_size=70)
    return path


def batch(*arguments: str) -> Ended:
    return run_here("batch", *arguments)


def lines_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def plain(path: Path) -> list[Any]:
    """A file of records as JSON Lines have it."""
    names = pq.read_schema(path).names
    return [
        json.loads(json.dumps({name: getattr(record, name) for name in names}))
        for record in records_of(pq.read_table(path))
    ]


# --- the same whatever the kinds -------------------------------------------------------------------------------


def test_parquet_to_parquet_says_what_parquet_to_lines_says(cohort: Path, tmp_path: Path) -> None:
    columns = batch(str(cohort), "-o", str(tmp_path / "r.parquet"), "--rejects", str(tmp_path / "1.jsonl"))
    rows = batch(str(cohort), "-o", str(tmp_path / "r.jsonl"), "--rejects", str(tmp_path / "2.jsonl"))
    assert columns.code == rows.code == 1
    assert columns.message == rows.message.replace("2.jsonl", "1.jsonl")
    assert "Columns that hold no answer, ignored: 'mail'" in columns.message
    assert "1 row has an id that came before; all are kept: 'p7' (row 201)" in columns.message
    assert "300 rows read: 299 accepted, 1 rejected" in columns.message
    assert plain(tmp_path / "r.parquet") == lines_of(tmp_path / "r.jsonl")
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    [reject] = lines_of(tmp_path / "1.jsonl")
    assert (reject["row"], reject["line"], reject["column"], reject["value"]) == (100, None, "weeks", "banana")


def test_any_kind_of_input_makes_the_same_parquet(cohort: Path, tmp_path: Path) -> None:
    import pyarrow.csv as pc

    table = pq.read_table(cohort)
    pc.write_csv(table, tmp_path / "people.csv")
    given_rows = [{key: cell for key, cell in row.items() if cell is not None} for row in table.to_pylist()]
    (tmp_path / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in given_rows), "utf-8")
    for name in ("people.csv", "people.jsonl", str(cohort)):
        source = tmp_path / name
        assert batch(str(source), "-o", str(tmp_path / f"{source.suffix}.parquet")).code == 1
    found = [pq.read_table(tmp_path / f"{suffix}.parquet") for suffix in (".csv", ".jsonl", ".parquet")]
    assert found[0].num_rows == 299
    assert found[1].equals(found[0])
    assert found[2].equals(found[0])


def test_only_the_fields_asked_for_are_written_in_their_order(cohort: Path, tmp_path: Path) -> None:
    for source, name in ((cohort, "a"), (cohort.with_suffix(".jsonl"), "b")):
        if source.suffix == ".jsonl":
            source.write_text('{"id": "x", "pay": "required"}\n', "utf-8")
        batch(str(source), "-o", str(tmp_path / f"{name}.parquet"), "--fields", "top,id,score")
        assert pq.read_schema(tmp_path / f"{name}.parquet").names == ["top", "id", "score"]


def test_an_empty_table_gives_an_empty_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({"pay": pa.array([], pa.string())}), tmp_path / "none.parquet")
    assert batch(str(tmp_path / "none.parquet"), "-o", str(tmp_path / "r.parquet")).code == 0
    found = pq.read_table(tmp_path / "r.parquet")
    assert (found.num_rows, found.column_names) == (0, list(FIELDS))


def test_ids_keep_their_type_from_parquet_to_parquet(tmp_path: Path) -> None:
    table = pa.table({"id": pa.array([2**62, None], pa.int64()), "pay": ["required", "preferred"]})
    pq.write_table(table, tmp_path / "p.parquet")
    batch(str(tmp_path / "p.parquet"), "-o", str(tmp_path / "r.parquet"))
    assert pq.read_table(tmp_path / "r.parquet")["id"].combine_chunks().equals(table["id"].combine_chunks())
    batch(str(tmp_path / "p.parquet"), "-o", str(tmp_path / "r.jsonl"))
    assert [line["id"] for line in lines_of(tmp_path / "r.jsonl")] == [2**62, None]


@pytest.mark.parametrize("mixed", [[0], [1], [0, 1, 3]])
def test_ids_of_several_types_are_text_whatever_part_of_the_table_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mixed: list[int]
) -> None:
    monkeypatch.setattr("formatpicker.batch.readers.source.BLOCK_ROWS", 30)
    ids = [str(row) if row // 30 in mixed and row % 2 else row for row in range(120)]
    people = [{"id": id, "goals": "explore", "weeks": 4, "pad": "p" * 600} for id in ids]  # worth whole columns
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in people))
    assert batch(str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "a.parquet")).code == 0
    found = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [each["id"] for each in found] == [str(row) for row in range(120)]
    assert found == [{**found[0], "id": str(row), "row": row + 1} for row in range(120)]


def test_lists_and_structs_of_goals_are_read(tmp_path: Path) -> None:
    struct = pa.struct([("explore", pa.int64()), ("income", pa.int64())])
    tables = [
        pa.table({"goals": [["explore", "income"], None]}),
        pa.table({"goals": pa.array([{"explore": 4, "income": None}, None], struct)}),
    ]
    for number, table in enumerate(tables):
        pq.write_table(table, tmp_path / "p.parquet")
        for kind in ("parquet", "jsonl"):
            assert batch(str(tmp_path / "p.parquet"), "-o", str(tmp_path / f"r{number}.{kind}")).code == 0
        assert plain(tmp_path / f"r{number}.parquet") == lines_of(tmp_path / f"r{number}.jsonl")
    assert lines_of(tmp_path / "r0.jsonl")[0]["reasons"] == ["explore"]


def test_strict_stops_at_the_first_reject_and_writes_nothing(cohort: Path, tmp_path: Path) -> None:
    ended = batch(str(cohort), "-o", str(tmp_path / "r.parquet"), "--strict")
    assert ended.code == 1
    assert "row 100" in ended.message
    assert list(tmp_path.iterdir()) == []


# --- streams ---------------------------------------------------------------------------------------------------


def test_standard_input_and_output_take_parquet(cohort: Path, tmp_path: Path) -> None:
    ended = run("batch", "-", "--to", "parquet", stdin=cohort.read_bytes())
    assert ended.code == 1
    (tmp_path / "r.parquet").write_bytes(ended.out)
    assert pq.read_table(tmp_path / "r.parquet").num_rows == 299


def test_a_reader_that_goes_away_ends_it_quietly(cohort: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "batch", str(cohort), "--to", "parquet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    message = process.stderr.read().decode()
    assert process.wait(60) == 0
    process.stderr.close()
    assert "Traceback" not in message
    assert "Exception" not in message


def test_a_full_disk_is_named(cohort: Path) -> None:
    ended = batch(str(cohort), "-o", "/dev/full", "--to", "parquet")
    assert ended.code == 2
    assert "/dev/full: cannot be written (No space left on device)" in ended.message


# --- hostile files ---------------------------------------------------------------------------------------------


def named(path: Path, to: str) -> str:
    ended = batch(str(path), "--from", "parquet", "-o", str(path.with_name(f"out.{to}")))
    assert ended.code == 2
    assert "Traceback" not in ended.message
    assert not path.with_name(f"out.{to}").exists()
    return ended.message


@pytest.mark.parametrize("to", ["parquet", "jsonl"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_named(cohort: Path, tmp_path: Path, share: float, to: str) -> None:
    data = cohort.read_bytes()
    (tmp_path / "cut.parquet").write_bytes(data[: int(len(data) * share)])
    assert "cut.parquet: cannot be read as Parquet; is it whole?" in named(tmp_path / "cut.parquet", to)


def test_what_is_no_parquet_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.parquet").write_text("id,weeks\na,4\n", "utf-8")
    assert "p.parquet: cannot be read as Parquet" in named(tmp_path / "p.parquet", "jsonl")


@pytest.mark.parametrize("to", ["parquet", "jsonl"])
def test_a_column_of_another_type_is_named(tmp_path: Path, to: str) -> None:
    pq.write_table(pa.table({"weeks": pa.array([0], pa.timestamp("ms"))}), tmp_path / "p.parquet")
    message = named(tmp_path / "p.parquet", to)
    assert "column 'weeks' is of type timestamp[ms], which is no answer; cast it to text" in message


def test_two_columns_of_one_name_are_named(tmp_path: Path) -> None:
    column = pa.array(["4"])
    pq.write_table(pa.Table.from_arrays([column, column], ["weeks", "weeks"]), tmp_path / "p.parquet")
    assert "two columns are called 'weeks'" in named(tmp_path / "p.parquet", "parquet")
    pq.write_table(pa.Table.from_arrays([column] * 3, ["id", "weeks", "id"]), tmp_path / "p.parquet")
    assert "two columns are called 'id'" in named(tmp_path / "p.parquet", "jsonl")
    pq.write_table(pa.Table.from_arrays([column] * 3, ["Name", "weeks", "Name"]), tmp_path / "p.parquet")
    assert batch(str(tmp_path / "p.parquet")).code == 0
    assert "two columns are called 'Name'" in batch(str(tmp_path / "p.parquet"), "--keep", "Name").message


def test_a_part_may_call_itself_what_it_likes(small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    at = small.index(b"goals\x04list\x07element")
    path.write_bytes(small[: at + 15] + b"X" + small[at + 16 :])
    ended = batch(str(path), "--to", "jsonl")
    assert (ended.code in (0, 1, 2), "Traceback" in ended.message) == (True, False)


@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_a_changed_byte_never_ends_in_a_traceback(
    small: bytes, tmp_path_factory: pytest.TempPathFactory, place: float, byte: int
) -> None:
    path = tmp_path_factory.mktemp("changed") / "p.parquet"
    data = bytearray(small)
    data[int(place * len(data))] = byte
    path.write_bytes(data)
    for kind in ("parquet", "jsonl"):
        ended = batch(str(path), "--from", "parquet", "-o", str(path.with_name(f"out.{kind}")))
        assert ended.code in (0, 1, 2), ended.message
        assert "Traceback" not in ended.message


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("small") / "p.parquet"
    table = pa.table({"id": [1, 2, 3], "weeks": ["4", "8", None], "goals": [["explore"], [], None]})
    pq.write_table(table, path, compression="none")
    return path.read_bytes()


# --- without the libraries -------------------------------------------------------------------------------------

HIDDEN = """
import sys
for name in ("pyarrow", "numpy"):
    sys.modules[name] = None
from formatpicker.cli import main
main()
"""


@pytest.mark.parametrize("arguments", [["p.parquet"], ["p.jsonl", "-o", "r.parquet"]], ids=["reading", "writing"])
def test_without_the_extra_its_name_is_told(tmp_path: Path, arguments: list[str]) -> None:
    pq.write_table(pa.table({"pay": ["required"]}), tmp_path / "p.parquet")
    (tmp_path / "p.jsonl").write_text('{"pay": "required"}\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, "batch", *arguments],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "run pip install '.[arrow]' in your clone of formatpicker" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "r.parquet").exists()
    assert not list(tmp_path.glob(".*.partial"))


def test_rows_and_text_need_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"pay": "required"}\n', "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, "batch", "p.jsonl"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["row"] == 1


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_list_of_bytes_that_are_no_text_is_told(tmp_path: Path, kind: str) -> None:
    """Found by the fuzzer: a goal whose letters a damaged file has changed."""
    pq.write_table(pa.table({"goals": [["explore"]]}), tmp_path / "in.parquet", compression="none")
    data = (tmp_path / "in.parquet").read_bytes()
    (tmp_path / "in.parquet").write_bytes(data.replace(b"explore", b"expl\xccre"))
    done = batch(str(tmp_path / "in.parquet"), "-o", str(tmp_path / f"out.{kind}"))
    assert done.code == 2
    assert "in.parquet: cannot be read as Parquet; is it whole?" in done.message


def test_places_beyond_the_dictionary_are_told_as_damage(tmp_path: Path) -> None:
    weeks = [f"{row % 3 + 4}" for row in range(3_000)]
    pq.write_table(pa.table({"weeks": weeks}), tmp_path / "a.parquet", compression="none", write_statistics=False)
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    middle = len(data) // 3  # among the places, of two bits each: three of them are used
    data[middle : middle + 40] = b"\xff" * 40
    (tmp_path / "a.parquet").write_bytes(data)
    done = batch(str(tmp_path / "a.parquet"))
    assert (done.code, "cannot be read as Parquet; is it whole?" in done.message) == (2, True)

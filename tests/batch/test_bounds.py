"""What strangers send: small files that take much time or memory, ids that are no numbers, cells that would run."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker.batch.readers import parquet
from formatpicker.batch.readers.archives import inspected
from formatpicker.batch.writers.csv import encode, inert
from formatpicker.errors import InputError
from running import environment, run, run_here

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# More than any test below needs; a busy machine is not a fault.
SECONDS = 10
MEGABYTES = 1_000


def workbook(sheet: str, texts: str = "", listing: str = "", encoding: str = "utf-8") -> bytes:
    """A workbook with one sheet, of which the elements are given."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{listing}'
            '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        whole = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet}</sheetData></worksheet>'
        head = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding != "utf-8" else ""
        archive.writestr("xl/worksheets/sheet1.xml", (head + whole).encode(encoding))
        if texts:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{SPREADSHEET}">{texts}</sst>')
    return data.getvalue()


def refused(data: bytes) -> str:
    began = time.process_time()
    with pytest.raises(InputError) as caught:
        inspected(data, "a.xlsx")
    assert time.process_time() - began < SECONDS
    return str(caught.value)


# --- workbooks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", ["<sheet ", "<c ", "<c r=", '<c t="e"><v>', "<row ", "<c r='A1' t='e'>", "<si>"])
@pytest.mark.parametrize("where", ["sheet", "listing", "texts"])
def test_time_grows_with_a_workbook_and_no_faster(piece: str, where: str) -> None:
    assert "cannot be read as an Excel workbook" in refused(workbook(**{"sheet": "", where: piece * 40_000}))


def test_rows_without_cells_are_counted() -> None:
    assert "no sheet has" in refused(workbook("<row/>" * 1_048_577))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cells_that_do_not_say_where_they_stand_are_placed_as_the_reader_places_them(encoding: str) -> None:
    wide = "<row>" + "<c><v>1</v></c>" * 16_000 + "</row>"
    far = '<row r="1048576"><c><v>1</v></c></row>'
    assert "row 1,048,576 and column 16,000" in refused(workbook(wide + far, encoding=encoding))


def test_a_text_that_stands_in_many_cells_is_counted_in_each() -> None:
    row = '<c t="s"><v>0</v></c>' * 100
    cells = f"<row>{row}</row>" * 1_000
    text = f"<si><t>{'x' * 30_000}</t></si>"
    assert "more than 150,000,000 bytes of text in all sheets together" in refused(workbook(cells, text))
    # The same long text once, and a short one in all other cells, is what forms send.
    once = cells.replace("<v>0</v>", "<v>1</v>", 99_999)
    assert [each.filled for each in inspected(workbook(once, f"{text}<si><t>yes</t></si>"), "a.xlsx")] == [100_000]


@pytest.mark.parametrize(
    ("bound", "sheet", "texts", "words"),
    [
        (
            "archives.MOST_TEXT",
            f'<row><c t="inlineStr"><is><t>{"x" * 7_000}</t></is></c></row>',
            "",
            "6,000 bytes of text in all",
        ),
        ("archives.MOST_TEXT", f'<row><c t="str"><v>{"x" * 7_000}</v></c></row>', "", "6,000 bytes of text in"),
        (
            "archives.MOST_TEXT",
            f'<row><c t="str"><v>{"x" * 4_000}</v></c></row>',
            "",
            "6,000 bytes of text in all sheets",
        ),
        ("workbook_xml.MOST_TEXT", "", f"<si><t>{chr(0x1F600) * 1_600}</t></si>", "6,000 bytes of text"),
        ("workbook_xml.MOST_TEXT", "", f"<si><t>{'x' * 7_000}</t></si>", "6,000 bytes of text"),
        ("workbook_xml.MOST_TEXTS", "", "<si/>" * 6_001, "6,000 different texts"),
        ("archives.MOST_CELLS", "<row>" + "<c><v>1</v></c>" * 4_000 + "</row>", "", "6,000 cells in all sheets"),
        (
            "archives.MOST_CELLS",
            '<row><c r="A1"><v/></c><c r="ERT1"><v/></c></row>',
            "",
            "6,000 cells in all sheets",
        ),
    ],
    ids=[
        "text in a cell",
        "result of a formula",
        "texts of all sheets",
        "wide letters",
        "long texts",
        "many texts",
        "many sheets",
        "cells far apart",
    ],
)
def test_what_a_workbook_holds_has_a_bound(
    bound: str, sheet: str, texts: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"formatpicker.batch.readers.{bound}", 6_000)
    archive = io.BytesIO(workbook(sheet, texts))
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr("xl/worksheets/sheet2.xml", f"<worksheet>{sheet}</worksheet>")
    assert f"holds more than {words}" in refused(archive.getvalue())


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("part", "text", "told"),
    [
        ("worksheets/sheet9.xml", f"<foo><sheetData>{FAR}</sheetData></foo>", "row 1,048,576 and column 16,384"),
        ("worksheets/sheet9.xml", f"<sst><si/><sheetData>{FAR}</sheetData></sst>", "cells where no workbook has them"),
        ("worksheets/sheet9.xml", f"<foo><b></c><sheetData>{FAR}</sheetData></foo>", "mismatched tag"),
        ("media/image1.png", f"<foo><x:sheetData>{FAR}</x:sheetData></foo>", "row 1,048,576 and column 16,384"),
        ("sharedStrings.xml", f"<foo>{'<si/>' * 70}</foo>", "60 different texts"),
        ("SharedStrings.xml", f"<sheetData>{FAR}</sheetData>", "cells where no workbook has them"),
        ("sharedStrings.xml", "<foo><b></c><si/></foo>", "mismatched tag"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_is_looked_at_whatever_it_says_that_it_is(
    part: str, text: str, told: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader of workbooks goes by the lists and by names, and takes a few mistakes for none.
    monkeypatch.setattr("formatpicker.batch.readers.workbook_xml.MOST_TEXTS", 60)
    archive = io.BytesIO(workbook(""))
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr(f"xl/{part}", text.encode(encoding))
    assert told in refused(archive.getvalue())


@pytest.mark.parametrize(
    "data", [b"\x89PNG" + bytes(range(256)) * 40, b"<a><b></a>", b"<drawing><row/></drawing>", b""]
)
def test_any_other_part_may_hold_anything(data: bytes) -> None:
    archive = io.BytesIO(workbook("<row><c><v>1</v></c></row>"))
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr("xl/media/image1.png", data)
    assert [each.filled for each in inspected(archive.getvalue(), "a.xlsx")] == [1]


def test_a_workbook_defines_no_entities() -> None:
    archive = io.BytesIO(workbook(""))
    with zipfile.ZipFile(archive, "a") as added:
        added.writestr("xl/worksheets/sheet2.xml", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>')
    assert "a document type" in refused(archive.getvalue())


# --- Parquet ------------------------------------------------------------------------------------------------------


def most_memory(*arguments: str) -> tuple[int, int, str]:
    """The exit code of a run, the most memory that it took in MB, and its messages."""
    code = (
        "import resource, subprocess, sys;"
        " done = subprocess.run([sys.executable, '-m', 'formatpicker', *sys.argv[1:]]);"
        " print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    returned, megabytes = map(int, done.stdout.split()[-2:])
    return returned, megabytes, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units")
def test_a_small_parquet_file_takes_no_gigabytes(tmp_path: Path) -> None:
    rows = 130_000
    long = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 50_000]))
    table = pa.table({"id": long, "goals": ["explore"] * rows, "weeks": [4] * rows})
    file = tmp_path / "bomb.parquet"
    pq.write_table(table, file, compression="zstd", store_schema=False)
    assert file.stat().st_size < 25_000
    code, megabytes, message = most_memory("batch", str(file), "-o", str(tmp_path / "o.jsonl"))
    assert (code, message.count("\n")) == (2, 1)
    assert "more than 100,000,000 bytes" in message
    assert megabytes < MEGABYTES


def test_equal_values_of_lists_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "many.parquet"
    nulls = pa.concat_arrays([pa.array(["explore"]), pa.nulls(99_999, pa.string())])
    goals = pa.ListArray.from_arrays(pa.array([0, 1, 100_000], pa.int32()), nulls)
    pq.write_table(pa.table({"id": ["1", "2"], "goals": goals}), file)
    assert file.stat().st_size < 1_000
    for bound, told in (
        ("MOST_AT_ONCE", "more than 100,002 values in 2 rows"),
        ("MOST_VALUES", "holds 100,000 values"),
    ):
        monkeypatch.setattr(parquet, bound, 50_000)
        done = run_here("batch", str(file))
        assert (done.code, told in done.message) == (2, True)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.list_(pa.string()), pa.large_list(pa.string())])
def test_a_long_text_is_counted_in_each_row(tmp_path: Path, kind: pa.DataType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_TEXT", 1_000_000)
    value = [["x" * 2_000] if pa.types.is_nested(kind) else "x" * 2_000]
    pq.write_table(pa.table({"goals": pa.array(value * 2_000, kind)}), tmp_path / "long.parquet")
    done = run_here("batch", str(tmp_path / "long.parquet"))
    assert (done.code, "holds more than 1,000,000 bytes in 2,000 rows" in done.message) == (2, True)
    goals = [["explore"] if pa.types.is_nested(kind) else "explore"]
    pq.write_table(pa.table({"goals": pa.array(goals * 2_000, kind)}), tmp_path / "short.parquet")
    assert "2,000 accepted" in run_here("batch", str(tmp_path / "short.parquet")).message


def test_rows_of_large_texts_are_read_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_TEXT", 100_000)
    texts = [f"{at}{'x' * 1_000}" for at in range(500)]
    pq.write_table(pa.table({"Name": texts, "goals": ["explore"] * 500}), tmp_path / "in.parquet", use_dictionary=False)
    done = run_here("batch", str(tmp_path / "in.parquet"), "--keep", "Name")
    assert (done.code, "500 accepted" in done.message) == (0, True)


def test_a_column_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_CHUNK", 1_000_000)
    page = pa.table({"id": ["x" * 2_000_000], "goals": ["explore"]})
    pq.write_table(page, tmp_path / "page.parquet", compression="zstd", use_dictionary=False)
    done = run_here("batch", str(tmp_path / "page.parquet"))
    assert done.code == 2
    assert "bytes of one column in one group of rows, and 1,000,000 are the most" in done.message


def test_parquet_that_stops_early_says_so_and_no_more(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,goals,weeks\n" + "".join(f"p{at},explore,4\n" for at in range(130_000)) + "x,explore,many\n")
    done = run("batch", str(table), "--strict", "-o", str(tmp_path / "out.parquet"))
    assert done.code == 1
    assert "Exception ignored" not in done.message
    assert done.message.startswith("formatpicker: --strict: row 130001")
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


# --- ids ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx", "parquet"])
@pytest.mark.parametrize("source", ["jsonl", "parquet"])
def test_an_id_that_is_no_finite_number_is_none(tmp_path: Path, kind: str, source: str) -> None:
    table = tmp_path / f"in.{source}"
    if source == "jsonl":
        texts = ("1e400", "-1e400", "1e999", "null", "2.5")
        table.write_text("".join(f'{{"id": {text}, "weeks": 4}}\n' for text in texts))
    else:
        ids = [float("inf"), float("-inf"), float("nan"), None, 2.5]
        pq.write_table(pa.table({"id": pa.array(ids, pa.float64()), "weeks": [4] * 5}), table)
    out = tmp_path / f"out.{kind}"
    done = run("batch", str(table), "-o", str(out), "--rejects", str(tmp_path / "r.jsonl"))
    assert (done.code, "Traceback" in done.message) == (0, False)
    if kind == "jsonl":
        records = [json.loads(line, parse_constant=pytest.fail) for line in out.read_text().splitlines()]
        assert [each["id"] for each in records] == [None, None, None, None, 2.5]


def test_a_rejected_number_without_end_is_text_in_json(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1e400, "weeks": 1e400}\n')
    run("batch", "in.jsonl", "-o", "o.jsonl", "--rejects", "r.jsonl", cwd=tmp_path)
    [reject] = (tmp_path / "r.jsonl").read_text().splitlines()
    assert json.loads(reject, parse_constant=pytest.fail)["id"] is None


def test_ids_are_compared_and_not_their_hashes(tmp_path: Path) -> None:
    # In Python hash(-1) == hash(-2), and hash(2**61 - 1) == hash(0).
    ids = [-1, -2, 0, 2**61 - 1, 2**200, 2**200 + 1]
    (tmp_path / "in.jsonl").write_text("".join(f'{{"id": {id}, "weeks": 4}}\n' for id in ids))
    done = run("batch", "in.jsonl", "-o", "o.jsonl", cwd=tmp_path)
    assert "came before" not in done.message
    (tmp_path / "in.jsonl").write_text("".join(f'{{"id": {id}, "weeks": 4}}\n' for id in [*ids, 2**200, -2]))
    assert "2 rows have an id that came before" in run("batch", "in.jsonl", "-o", "o.jsonl", cwd=tmp_path).message


# --- cells that would run ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; =1+1;y", "x; '=1+1;y"),
        ("x\t@SUM(1)", "x\t'@SUM(1)"),
        ("=1;-2", "'=1;'-2"),
        ('a;"=1+1;', """a;"'=1+1;"""),
        ("x\n=8+8", "x\n'=8+8"),
        ("x\r\n\t@a", "x\r\n\t'@a"),
        ("a;\u200b\ufeff=1", "a;\u200b\ufeff'=1"),
        ("a;b", "a;b"),
        ("a=b", "a=b"),
        ("a  =b", "a  =b"),
        ("-5", "-5"),
    ],
)
def test_no_reader_makes_a_formula_of_a_part_of_a_cell(text: str, written: str) -> None:
    assert inert(text) == written


def test_a_long_run_of_line_ends_is_written_in_no_time() -> None:
    text = "a" + "\n" * 100_000 + "b"
    assert inert(text) == text


@settings(max_examples=100)
@given(texts=st.lists(st.text('a=+@";|\t\r\n \u200b\ufeff,', max_size=9), min_size=1, max_size=3))
def test_whatever_a_reader_takes_for_the_delimiter_no_cell_is_a_formula(texts: list[str]) -> None:
    line = encode([texts], [])
    for delimiter in ",;|\t":
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
            assert not [each for each in row if each.strip(" \t\r\n\u200b\ufeff")[:1] in ("=", "+", "@")]


@pytest.mark.parametrize("rows", [1, 40_000], ids=["row by row", "by columns"])
@pytest.mark.parametrize("id", ["x;=1+1", "x\t=1+1", "it's", "a;b", "a|b"])
def test_cells_that_some_reader_would_split_stand_between_quotation_marks(tmp_path: Path, rows: int, id: str) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,goals\n" + f'"{id}",explore\n' * rows)
    run("batch", "in.csv", "-o", "o.csv", "--fields", "id,top", cwd=tmp_path)
    line = (tmp_path / "o.csv").read_text().splitlines()[-1]
    assert line.startswith(f'"{inert(id)}",')


# --- open quotation marks -------------------------------------------------------------------------------------------


def test_quotation_marks_that_stay_open_cost_no_more_than_their_rows(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,goals,weeks\n" + "".join(f'{at},"explore,4\n' for at in range(20_000)))
    began = time.monotonic()
    done = run("batch", str(table), "-o", str(tmp_path / "o"), "--rejects", str(tmp_path / "r"))
    assert done.code == 1
    assert "0 accepted" in done.message
    assert time.monotonic() - began < SECONDS

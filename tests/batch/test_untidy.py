"""Tables as people hand them in: what a person can read for sure is read, and nothing else is guessed."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from formatpicker import Answers, Catalog, parse_answers
from formatpicker.batch.cells import excel_date, mended
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Rows, is_total
from running import Ended, run_here
from tabular import rows_in, table_in, workbook_of

TABLES = Path(__file__).parent.parent / "cases" / "tables"
CASES: dict[str, Any] = yaml.safe_load((TABLES / "tables.yaml").read_text("utf-8"))


def read(catalog: Catalog, path: Path, **options: Any) -> list[Answers | list[str]]:
    """The answers of each row, or the questions at fault in it."""
    table, chunks = rows_in(catalog, path, **options)
    scorer = Scorer(catalog, table.sheet)
    found: list[Answers | list[str]] = []
    for rows in chunks:
        for offset, cells in enumerate(rows.cells):
            faults = [each.error.partition(":")[0] for each in scorer.rejects(rows, offset)]
            found.append(faults or scorer.answers(cells))
    return found


def batch(path: Path, *options: str) -> Ended:
    return run_here("batch", str(path), "--to", "csv", "--fields", "id,row,top", *options)


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_read_as_a_person_reads_it(shipped: Catalog, name: str) -> None:
    case = CASES[name]
    expected = [row["faults"] if "faults" in row else parse_answers(shipped, row) for row in case["rows"]]
    assert read(shipped, TABLES / name, id_column=case.get("id")) == expected


@pytest.mark.parametrize("name", CASES)
def test_what_was_read_is_told_in_five_lines_at_most(name: str) -> None:
    case = CASES[name]
    done = batch(TABLES / name, *(["--id", case["id"]] if "id" in case else []), "--rejects", "/dev/null")
    told = [line for line in done.message.splitlines() if not line.startswith(("  ", "To lose", "1 row has an id"))]
    assert [phrase for phrase in case.get("told", ()) if phrase not in done.message] == []
    assert "Questions found: " in told[0]
    assert len(told[:-1]) <= 5
    faults = sum("faults" in row for row in case["rows"])
    total = len(case["rows"])
    rows = "row" if total == 1 else "rows"
    assert told[-1].startswith(f"{total} {rows} read: {total - faults} accepted, {faults} rejected")


@pytest.mark.parametrize("name", CASES)
def test_no_row_is_lost_for_one_cell(name: str, tmp_path: Path) -> None:
    case, path = CASES[name], tmp_path / "rejects.jsonl"
    done = run_here("batch", str(TABLES / name), "--leave-open", "--rejects", str(path))
    records = [json.loads(line) for line in done.text.splitlines()]
    assert (done.code, len(records)) == (0, len(case["rows"]))
    assert [each["left_open"] for each in records] == [row.get("faults", []) for row in case["rows"]]
    kept = [json.loads(line)["row"] for line in path.read_text("utf-8").splitlines()]
    assert kept == [row for row, each in enumerate(case["rows"], 1) for _ in each.get("faults", ())]


# --- ticks are no ranking -----------------------------------------------------------------------------------------

TICKS = "id,goals\n1,explore;income\n2,explore;portfolio;income\n3,portfolio;income\n4,explore;portfolio\n"


def test_cells_that_keep_one_order_are_told_as_ticks(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TICKS)
    assert "--goals equal makes them count the same" in batch(tmp_path / "a.csv").message
    for choice in ("equal", "ranked"):
        assert "--goals equal makes" not in batch(tmp_path / "a.csv", "--goals", choice).message
    (tmp_path / "b.csv").write_text(TICKS + "5,income;explore\n")
    assert "--goals equal makes" not in batch(tmp_path / "b.csv").message
    (tmp_path / "c.csv").write_text(TICKS.replace("goals", "goals 1", 1))
    assert "--goals equal makes" in batch(tmp_path / "c.csv").message


def test_ticked_goals_count_the_same_in_whatever_order(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,goals\n1,explore;employment\n2,employment;explore\n")
    plain, equal = batch(tmp_path / "a.csv").text, batch(tmp_path / "a.csv", "--goals", "equal").text
    assert len({line.split(",", 2)[2] for line in plain.splitlines()[1:]}) == 2
    assert len({line.split(",", 2)[2] for line in equal.splitlines()[1:]}) == 1


def test_of_a_ranking_of_all_goals_the_first_five_count(shipped: Catalog, tmp_path: Path) -> None:
    labels = [goal.label for goal in shipped.questions["goals"].goals]
    path = workbook_of([["ID", "goals"], [1, ";".join(labels) + ";"]], tmp_path / "a.xlsx")
    first = parse_answers(shipped, {"goals": labels[:5]})
    assert read(shipped, path) == [first]
    assert "1 text names more goals than count: only the first ones were taken" in batch(path).message


# --- workbooks and archives ---------------------------------------------------------------------------------------

HEADER = ["id", "goals", "weeks", "pay"]


def test_the_sheet_with_most_answers_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["How to fill in this book"])
    for title, id in (("Fall", "a1"), ("Spring", "a2"), ("Old", "a3")):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append([id, "explore", 6, "required"])
    book["Old"].sheet_state = "hidden"
    book["Old"].insert_cols(5)
    book["Old"]["E1"] = "credit"
    book.save(tmp_path / "a.xlsx")
    done = batch(tmp_path / "a.xlsx")
    assert done.text.splitlines()[1:] == ["a1,1,micro-internship"]
    assert "Read sheet 'Fall'. Sheets 'Spring', 'Old' also hold answers and were not read" in done.message
    assert batch(tmp_path / "a.xlsx", "--sheet", "spring").text.splitlines()[1:] == ["a2,1,micro-internship"]
    wrong = batch(tmp_path / "a.xlsx", "--sheet", "Sprnig")
    assert (wrong.code, "did you mean 'Spring'?" in wrong.message) == (2, True)
    (tmp_path / "a.csv").write_text("id,goals\na1,explore\n")
    none = batch(tmp_path / "a.csv", "--sheet", "spring")
    assert (none.code, "--sheet: only a workbook has sheets" in none.message) == (2, True)


def test_hidden_rows_and_formulas_without_a_value_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ["a1", "explore", "=3*2", "required"], ["a2", "income", 8, "required"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    done = batch(tmp_path / "a.xlsx")
    assert "1 hidden row was read as well; 1 cell holds a formula that was never computed" in done.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-04", "Excel makes one of 3-4 (or 4.3)"),
        ("2026-05-01T00:00:00", "Excel makes one of 5-1 (or 1.5)"),
        ("3-Apr", "Excel makes one of 4-3 (or 3.4)"),
        ("Mai 26", "Excel makes one of 5-26 (or 26.5)"),
        ("04.03.2026", "Excel makes one of 3-4 (or 4.3)"),
        ("10:30:00", "is a time of day"),
        ("10", ""),
        ("3 months", ""),
        ("4-6", ""),
        ("2004-05-01", ""),  # a date of birth
    ],
)
def test_a_date_that_a_spreadsheet_made_is_named(text: str, told: str) -> None:
    found = excel_date(text)
    assert found == "" if not told else told in found


def test_archives_with_one_table_are_read(tmp_path: Path) -> None:
    data = (TABLES / "short.csv").read_bytes()
    expected = batch(TABLES / "short.csv").text
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("__MACOSX/._in.csv", b"x")
        archive.writestr("in/Intake.csv", data)
        archive.writestr("readme.pdf", b"x")
    for name in ("a.csv.gz", "a.zip"):
        assert batch(tmp_path / name).text == expected
    assert (
        run_here("batch", "-", "--to", "csv", "--fields", "id,row,top", stdin=(tmp_path / "a.zip").read_bytes()).text
        == expected
    )
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", data)
        archive.writestr("b.csv", data)
    two = batch(tmp_path / "two.zip")
    assert (two.code, "with 2 tables: 'a.csv', 'b.csv'; unpack it" in two.message) == (2, True)
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(data)[:30])
    assert batch(tmp_path / "cut.csv.gz").code == 2


CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
    ' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def opened_document(path: Path, rows: list[list[str]], repeats: str = "") -> Path:
    """An OpenDocument spreadsheet; ``repeats`` stands with every row."""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    lines = ["".join(cell.format("", each) for each in row) for row in rows]
    body = "".join(f"<table:table-row{repeats if at else ''}>{line}</table:table-row>" for at, line in enumerate(lines))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", CONTENT.format(rows=body))
    return path


def test_an_open_document_is_read_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.readers.xlsx.MOST_MEMORY", 100_000_000)
    rows = [HEADER, ["a1", "explore", "6 weeks", "required"]]
    done = batch(opened_document(tmp_path / "a.ods", rows))
    assert done.text.splitlines()[1:] == ["a1,1,micro-internship"]
    bomb = opened_document(tmp_path / "b.ods", [HEADER, ["x"] * 60], ' table:number-rows-repeated="100000"')
    refused = batch(bomb)
    assert (refused.code, "takes more memory than a table of answers needs" in refused.message) == (2, True)
    monkeypatch.setattr("formatpicker.batch.readers.xlsx.MOST_HELD", 1_000_000)
    repeated = batch(
        opened_document(tmp_path / "c.ods", [HEADER, ["x" * 1_000] * 60], ' table:number-rows-repeated="40"')
    )
    assert (repeated.code, "takes more memory than a table of answers needs" in repeated.message) == (2, True)


# --- what would help ----------------------------------------------------------------------------------------------


def test_equal_faults_are_told_once_and_the_last_line_says_what_would_help(tmp_path: Path) -> None:
    rows = ["id,pay,age", *(f"{n},maybe,20" for n in range(5)), "x,required,old", "y,required,20"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    done = batch(tmp_path / "a.csv")
    assert "5 rows (1, 2, 3, ...), column 'pay': 'maybe': pay: not a known answer" in done.message
    assert done.message.splitlines()[-2:] == [
        "7 rows read: 1 accepted, 6 rejected.",
        "To lose fewer: --leave-open keeps all 6 rows, with what cannot be read left open; a mapping of 1 text in 'pay'"
        " (--suggest-map writes one, --map uses it) reads 5 of 6 rows.",
    ]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_rejects_follow_the_ending_of_their_file(tmp_path: Path, ending: str) -> None:
    (tmp_path / "a.csv").write_text("id,pay,weeks\n=1+1,maybe,soon\n")
    path = tmp_path / f"rejects.{ending}"
    assert batch(tmp_path / "a.csv", "--rejects", str(path)).code == 1
    if ending == "xlsx":
        found = [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)][1:]
    elif ending == "csv":
        found = [*csv.reader(path.read_text("utf-8").splitlines())][1:]
    else:
        found = [list(json.loads(line).values()) for line in path.read_text("utf-8").splitlines()]
    inert = "=1+1" if ending == "jsonl" else "'=1+1"
    assert [list(map(str, row[:5])) for row in found] == [
        ["1", "2", inert, "pay", "maybe"],
        ["1", "2", inert, "weeks", "soon"],
    ]


def test_rejects_are_no_parquet(tmp_path: Path) -> None:
    done = batch(TABLES / "short.csv", "--rejects", str(tmp_path / "r.parquet"))
    assert (done.code, "rejects are written as .jsonl, .csv or .xlsx" in done.message) == (2, True)


def test_text_that_was_read_in_the_wrong_encoding_is_mended() -> None:
    for text in ("I don\u2019t know", "Zo\u00eb", "\u00c9tats-Unis"):
        assert mended(text.encode().decode("windows-1252")) == text
    assert mended("\u00c2ge") == "\u00c2ge"


@pytest.mark.parametrize("odd", ["", ",,,,", "Total,,9,,", "z", '"Average",,3', "u,explore"])
def test_blocks_hold_the_same_rows(shipped: Catalog, tmp_path: Path, odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.readers.lines.BLOCK", 4_000)
    rows = [f"p{number},explore;income,{number % 9 + 1},10,required" for number in range(600)]
    rows[300:300] = [odd]
    (tmp_path / "a.csv").write_text("\n".join(["id,goals,weeks,hours_per_week,pay", *rows, odd]) + "\n")
    found = []
    for kind in ("rows", "blocks"):
        with ExitStack() as stack:
            table = table_in(shipped, tmp_path / "a.csv", stack)
            chunks = [each if isinstance(each, Rows) else each.rows() for each in getattr(table, kind)()]
            cells = [[*row] for chunk in chunks for row in chunk.cells]
            firsts = [chunk.first + at for chunk in chunks for at in range(len(chunk.cells))]
            lines = [line for chunk in chunks for line in chunk.lines or ()]
            found.append((cells, firsts, lines, table.reading))
    assert found[0] == found[1]
    assert len(found[0][0]) == (602 if odd in ("z", "u,explore") else 600)


def test_the_number_of_dates_that_excel_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,hours_per_week,weeks\n1,3-Apr,2026-05-01\n2,10:30:00,6\n3,10,6\n")
    last = batch(tmp_path / "a.csv").message.splitlines()[-1]
    assert last.startswith("To lose fewer: 3 cells are dates or times that Excel made of what was typed")


def test_a_made_up_cohort_is_read(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("messy", TABLES.parents[2] / "benchmarks" / "messy.py")
    assert spec is not None
    assert spec.loader is not None
    messy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messy)
    path = tmp_path / "messy.csv"
    path.write_text(messy.table(messy.load_catalog(None), messy.SHARES[1]), "utf-8", newline="")
    whole, left_open = (batch(path, *options).text.splitlines()[1:] for options in ((), ("--leave-open",)))
    assert len(left_open) == messy.PEOPLE
    assert len(whole) >= messy.LEAST * messy.PEOPLE


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Total", "12 responses", "243.5 hrs"], True),
        (["Average:", "8 hours a week", "50 %"], True),
        (["Total", "It must be paid", "10"], False),
    ],
)
def test_a_total_may_have_units(cells: list[str], expected: bool) -> None:
    assert is_total(cells[0], cells) is expected


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_results_are_no_answers_and_named_as_such(tmp_path: Path, ending: str) -> None:
    answers, results = tmp_path / "answers.csv", tmp_path / f"results.{ending}"
    # Whose only reason is one question has a cell that is called as that question.
    answers.write_text("id,pay\nKim,required\nAda,required\n", "utf-8")
    assert run_here("batch", str(answers), "-o", str(results)).code == 0
    told = run_here("batch", str(results))
    assert told.code == 2
    assert "no column holds an answer: these are results of batch" in told.message

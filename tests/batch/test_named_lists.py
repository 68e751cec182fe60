"""Lists that an advisor can use: columns carried through, and columns worked out only where they are asked for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_arrow import cell_of

from formatpicker import Catalog, __version__, recommend
from formatpicker.batch import run as run_module
from formatpicker.batch.records import FIELDS, FURTHER, output_columns
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.record_words import WORDS
from formatpicker.scoring.answers import written_answers
from running import run_here

THREE = (
    "id,Name,Class,goals,weeks,hours_per_week,pay\n"
    'a1,"Müller, Jörg",A,explore;portfolio,4,10,required\n'
    "a2,=2+3,,employment,2 years,40,not_needed\n"
    "a3,Zoë,B,explore,4,1,required\n"
)


def records(*options: str, table: str = THREE) -> list[dict[str, Any]]:
    done = run_here("batch", "-", *options, stdin=table.encode())
    assert done.code == 0, done.message
    return [json.loads(line) for line in done.text.splitlines()]


# --- columns that are carried through --------------------------------------------------------------------------


def test_a_list_has_the_names_behind_the_id() -> None:
    found = records("--keep", "Name,class", "--fields", "id,row,top")
    assert found == [
        {"id": "a1", "Name": "Müller, Jörg", "Class": "A", "row": 1, "top": ["micro-internship"]},
        # A cell with nothing in it is null, and a formula is text.
        {"id": "a2", "Name": "=2+3", "Class": None, "row": 2, "top": ["apprenticeship"]},
        {"id": "a3", "Name": "Zoë", "Class": "B", "row": 3, "top": []},
    ]
    # Without an id in front they stand first, in the order in which they are named.
    assert [*records("--keep", "Class", "--keep", "Name", "--fields", "top")[0]] == ["Class", "Name", "top"]


def test_fields_say_where_a_carried_column_stands() -> None:
    found = records("--keep", "Name,Class", "--fields", "top,name,row")
    assert [*found[0]] == ["Class", "top", "Name", "row"]
    assert found[1]["Name"] == "=2+3"
    done = run_here("batch", "-", "--fields", "Name,row", stdin=THREE.encode())
    assert done.code == 2
    assert "--fields: 'Name' is not a known column" in done.message
    done = run_here("batch", "-", "--keep", "pay", "--fields", "Paid work", stdin=THREE.encode())
    assert done.code == 2


def test_no_formula_is_carried_into_a_spreadsheet() -> None:
    done = run_here("batch", "-", "--keep", "Name", "--to", "csv", "--fields", "id,row", stdin=THREE.encode())
    assert [*csv.reader(io.StringIO(done.text))][2] == ["a2", "'=2+3", "2"]


def test_a_column_is_kept_by_its_question_too_and_with_commas_in_its_name() -> None:
    table = '"Last, first",How many hours a week can you give at most?\nAnna,10 hours\n'
    found = records("--keep", "Last, first", "--keep", "hours_per_week", "--fields", "row", table=table)
    assert found == [{"Last, first": "Anna", "How many hours a week can you give at most?": "10 hours", "row": 1}]


def test_a_column_called_like_a_field_is_told_apart() -> None:
    table = "id,score,row,weeks\na,17,x,4\n"
    (found,) = records("--keep", "score,row,id", "--fields", "id,row,score", table=table)
    assert found == {"id": "a", "score (input)": "17", "row (input)": "x", "id (input)": "a", "row": 1, "score": 100.0}


@pytest.mark.parametrize(("option", "hint"), [("--keep", "'Nmae'"), ("--by", "'Nmae'")])
def test_a_column_that_is_not_there_is_told_with_the_nearest(option: str, hint: str) -> None:
    done = run_here("batch", "-", option, "Nmae", "--summary", "/dev/null", stdin=THREE.encode())
    assert done.code == 2
    assert f"{option}: {hint} is not a known column; did you mean 'Name'?" in done.message


def test_ignored_columns_are_those_that_go_nowhere() -> None:
    assert "Name" in run_here("batch", "-", stdin=THREE.encode()).message
    assert "ignored" not in run_here("batch", "-", "--keep", "Name,Class", stdin=THREE.encode()).message


def test_json_lines_carry_their_own_keys_and_whole_recommendations_them_too() -> None:
    table = '{"id": 1, "Name": "Zoë", "weeks": 4, "tags": ["a", "b"]}\n{"weeks": 5}\n'
    found = records("--keep", "Name,weeks,tags", "--fields", "id", table=table)
    assert found == [
        {"id": 1, "Name": "Zoë", "weeks": 4, "tags": '["a", "b"]'},
        {"id": None, "Name": None, "weeks": 5, "tags": None},
    ]
    assert records("--keep", "Name", "--full", table=table)[0]["kept"] == {"Name": "Zoë"}


def test_a_workbook_keeps_numbers_as_numbers_and_a_parquet_file_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Name", "Points", "weeks"], ["Zoë", 17.5, 4], ["Jörg", 18, 4]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    options = ("--keep", "Name,Points", "--fields", "row")
    done = run_here("batch", str(tmp_path / "a.xlsx"), *options)
    assert [json.loads(line)["Points"] for line in done.text.splitlines()] == [17.5, 18]
    run_here("batch", str(tmp_path / "a.xlsx"), *options, "-o", str(tmp_path / "b.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]["B2"].value == 17.5
    run_here("batch", str(tmp_path / "a.xlsx"), *options, "-o", str(tmp_path / "b.parquet"))
    assert pq.read_table(tmp_path / "b.parquet").to_pylist()[1] == {"Name": "Jörg", "Points": "18", "row": 2}


# --- by rows and by columns ------------------------------------------------------------------------------------

NAMES = ["Zoë", "", "=1+1", "a;b", '"quoted"', "two\nlines", "-5", "0012", " x "]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "json"])
@pytest.mark.parametrize("input", ["csv", "parquet"])
def test_rows_and_columns_write_the_same(
    shipped: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, input: str
) -> None:
    """A table of several chunks, with quotes and line breaks in what is carried: the same to the byte."""
    people = [*random_people(shipped, 30, "lists")]
    rows = [{key: cell_of(value) for key, value in written_answers(shipped, each).items()} for each in people]
    table = {
        "id": [f"p{at}" for at in range(1_500)],
        "Name": [NAMES[at % len(NAMES)] for at in range(1_500)],
        "Points": [[1.5, 2.0, None][at % 3] if input == "parquet" else str(at) for at in range(1_500)],
        **{id: [rows[at % 30].get(id) for at in range(1_500)] for id in shipped.questions},
    }
    path = tmp_path / f"people.{input}"
    if input == "parquet":
        pq.write_table(pa.table(table), path)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[*table], *zip(*table.values(), strict=True)])
    options = ("--keep", "Name,Points,weeks", "--to", kind) if kind != "json" else ("--keep", "Name,Points", "--json")
    written = []
    for by_columns in (True, False):
        if not by_columns:
            monkeypatch.setattr(run_module, "_loads", lambda *names: False)
        out = tmp_path / f"out-{by_columns}"
        assert run_here("batch", str(path), *options, "-o", str(out)).code == 0
        written.append(pq.read_table(out).to_pylist() if kind == "parquet" else out.read_bytes())
    assert written[0] == written[1]


@given(st.lists(st.sampled_from(["a", "A", "b", "score", "id", "a (input)", "why"]), max_size=6))
@settings(max_examples=40)
def test_every_column_has_a_name_of_its_own(kept: list[str]) -> None:
    found = output_columns(("id", "score", "why"), kept)
    assert len(set(found.names)) == len(found.names) == len(found.indexes) == len(kept) + 3
    assert [found.names[at] for at, place in enumerate(found.indexes) if place <= len(FIELDS)] == ["id", "score", "why"]


# --- groups and answers in the summary --------------------------------------------------------------------------

COHORT = "id,Year,goals,weeks,age,pay,situation\n" + "".join(
    f"{at},{'Year 9' if at < 30 else 'Year 10' if at < 60 else ' ' if at < 64 else 'Lone'},"
    f"{'explore;portfolio' if at % 2 else 'income'},{'6 months' if at < 30 else '2 weeks'},{16 + at % 10},"
    f"required,{'employed' if at < 40 else 'I have a job'}\n"
    for at in range(65)
)


def summary(folder: Path, *options: str, table: str = COHORT) -> dict[str, Any]:
    path = folder / "summary.json"
    done = run_here("batch", "-", "-o", str(folder / "out.csv"), "--summary", str(path), *options, stdin=table.encode())
    assert done.code == 0, done.message
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_a_summary_counts_each_group_and_names_none_of_a_few(tmp_path: Path) -> None:
    found = summary(tmp_path, "--by", "year")
    # 30, 30, and 4 without a year, which round to 5; of the one alone not even the name is there.
    assert found["by"] == "Year"
    assert [(each["group"], each["accepted"]) for each in found["groups"]] == [
        ("Year 9", 30),
        ("Year 10", 30),
        ("(empty)", 5),
    ]
    exact = summary(tmp_path, "--by", "Year", "--exact")
    assert [each["group"] for each in exact["groups"]] == ["Lone", "Year 9", "Year 10", "(empty)"]
    for place, whole in enumerate(exact["formats"]):
        for count in ("alone", "open", "blocked", "conditional"):
            assert sum(group["formats"][place][count] for group in exact["groups"]) == whole[count]


def test_a_group_is_the_same_as_a_summary_of_its_rows(tmp_path: Path) -> None:
    head, *rows = COHORT.splitlines(keepends=True)
    own = summary(tmp_path, "--exact", table=head + "".join(rows[:30]))
    group = summary(tmp_path, "--exact", "--by", "Year")["groups"][1]
    assert {key: group[key] for key in ("accepted", "top", "formats")} == {
        key: own[key] for key in ("accepted", "top", "formats")
    }


def test_groups_by_an_answer_have_its_label(tmp_path: Path, shipped: Catalog) -> None:
    found = summary(tmp_path, "--by", "situation", "--exact")
    label = shipped.questions["situation"].option("employed").label
    # The id, and what people call it, are one answer.
    assert [(each["group"], each["accepted"]) for each in found["groups"]] == [(label, 65)]
    found = summary(tmp_path, "--by", "weeks", "--exact")
    assert [(each["group"], each["accepted"]) for each in found["groups"]] == [
        ("1 week to less than 4 weeks", 35),
        ("6 months to less than 1 year", 30),
    ]


def test_a_column_of_people_is_no_column_of_groups(tmp_path: Path) -> None:
    table = "id,weeks\n" + "".join(f"p{at},4\n" for at in range(300))
    done = run_here("batch", "-", "--by", "id", "--summary", str(tmp_path / "s.json"), stdin=table.encode())
    assert done.code == 2
    assert "--by: 'id' holds more than 200 different texts" in done.message
    assert [*tmp_path.iterdir()] == []
    assert run_here("batch", "-", "--by", "id", stdin=table.encode()).code == 2


def test_a_summary_counts_goals_and_answers(tmp_path: Path) -> None:
    found = {each["question"]: each for each in summary(tmp_path, "--exact")["answers"]}
    assert [*found] == ["goals", "weeks", "pay", "situation", "age"]
    # Of 65 rows from 0, 33 are even and name one goal; 32 name two.
    assert [(each["id"], each["people"], each["first"]) for each in found["goals"]["counts"]] == [
        ("explore", 32, 32),
        ("portfolio", 32, 0),
        ("income", 33, 33),
    ]
    assert [(each["answer"], each["people"]) for each in found["weeks"]["counts"]] == [
        ("1 week to less than 4 weeks", 35),
        ("6 months to less than 1 year", 30),
    ]
    # Ages 16 to 25: of each ten rows four are below 20; of the last five (60 to 64) four.
    assert [(each["answer"], each["people"]) for each in found["age"]["counts"]] == [
        ("less than 20", 28),
        ("20 to 29", 37),
    ]
    assert found["pay"]["people"] == 65
    # Equal importances have no first one.
    found = {
        each["question"]: each
        for each in summary(tmp_path, "--exact", table='{"goals": {"income": 3, "explore": 3}}\n')["answers"]
    }
    assert [each["first"] for each in found["goals"]["counts"]] == [0, 0]


def test_a_summary_says_where_it_is_from(tmp_path: Path) -> None:
    (tmp_path / "year 9.csv").write_text(COHORT)
    run_here("batch", str(tmp_path / "year 9.csv"), "-o", str(tmp_path / "o"), "--summary", str(tmp_path / "s.json"))
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["source"], found["counted"], found["program"]) == ("year 9.csv", "2026-11-25", __version__)
    page = run_here("report", "--cohort", str(tmp_path / "s.json"), "-o", str(tmp_path / "s.md"))
    assert page.code == 0
    text = (tmp_path / "s.md").read_text("utf-8")
    assert "from year 9.csv, counted 25 November 2026" in text
    assert "| Goals (65 answered) | Named by | First for |" in text


# --- what is worked out on request -----------------------------------------------------------------------------


def test_further_fields_say_what_recommend_says(shipped: Catalog) -> None:
    people = [*random_people(shipped, 25, "further")]
    lines = [json.dumps(written_answers(shipped, each)) for each in people]
    found = records("--fields", "+" + ",".join(FURTHER), table="\n".join(lines))
    assert [*found[0]] == [*FIELDS, *FURTHER]
    for record, answers in zip(found, people, strict=True):
        told = recommend(shipped, answers)
        certainty = told.certainty
        assert (record["call"], record["contenders"]) == (str(certainty.call), [*certainty.contenders])
        single = {f"{each.unlocks}:{id}" for each in told.relaxations if len(each.change) == 1 for id in each.change}
        assert {*record["one_answer_away"]} == single
        for name, words in WORDS.items():
            assert record[name] == (words(told) or None)


def test_further_fields_in_words_and_in_a_spreadsheet() -> None:
    fields = "id,call,one_answer_away,why,check,next_step"
    first, _, third = records("--fields", fields)
    assert first["call"] == "only_one"
    assert first["one_answer_away"] == ["internship:hours_per_week", "internship:weeks"]
    assert first["why"].startswith("It lets you try a field")
    assert first["check"].startswith("Check that this one is paid")
    # Nothing is open to the third: what rules each format out stands in place of reasons.
    assert (third["call"], third["check"]) == ("none", None)
    assert third["why"].startswith("A micro-internship takes at least 2 hours a week; you have 1.")
    assert third["next_step"]
    done = run_here("batch", "-", "--fields", fields, "--to", "csv", stdin=THREE.encode())
    assert next(csv.DictReader(io.StringIO(done.text)))["one_answer_away"] == ";".join(first["one_answer_away"])


# --- what stands beside the records ----------------------------------------------------------------------------


def sheets(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {each.title: [*each.iter_rows(values_only=True)] for each in openpyxl.load_workbook(path)}


def test_a_workbook_says_each_record_in_words(tmp_path: Path, shipped: Catalog) -> None:
    run_here("batch", "-", "--keep", "Name", "-o", str(tmp_path / "a.xlsx"), stdin=THREE.encode())
    found = sheets(tmp_path / "a.xlsx")
    assert [*found] == ["Records", "In words", "About"]
    head, *rows = found["In words"]
    names = [each.name for each in shipped.formats.values() if each.core]
    told = ("Why", "Check before saying yes", "Ruled out because", "Next step")
    assert head == ("id", "row", "Name", "First", "How sure", *names, *told)
    first, second, third = (dict(zip(head, row, strict=True)) for row in rows)
    assert [row[1] for row in rows] == [1, 2, 3]  # without ids nothing else says who is who
    # The scores are those of recommend, and so are the words.
    answers = {"goals": ["explore", "portfolio"], "weeks": 4, "hours_per_week": 10, "pay": "required"}
    plain = recommend(shipped, answers)
    assert (first["First"], first["Micro-internship"]) == ("Micro-internship", 95.3)
    assert first["Why"] == WORDS["why"](plain)
    assert first["Ruled out because"].startswith("An internship needs about 100 hours in total")
    assert second["Name"] == "'=2+3"
    assert (first["How sure"], third["How sure"]) == ("The only one that is open", None)
    assert second["How sure"].startswith("Likely")
    assert (third["First"], third["Why"]) == (None, None)
    assert {third[name] for name in names} == {"ruled out"}
    assert found["In words"][0] != found["Records"][0]


def test_a_workbook_draws_bars_behind_points_and_filters_every_sheet(tmp_path: Path) -> None:
    run_here("batch", "-", "-o", str(tmp_path / "a.xlsx"), stdin=THREE.encode())
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    records = book["Records"]
    bars = {str(each.sqref) for each in records.conditional_formatting}
    points = [cell for cell in records[1] if cell.value in ("score", "runner_up_score", "margin", "best_variant_score")]
    assert bars == {f"{cell.column_letter}2:{cell.column_letter}4" for cell in points}
    assert {str(each.sqref) for each in book["In words"].conditional_formatting} == {"E2:E4", "F2:F4", "G2:G4"}
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    assert None not in {sheet.auto_filter.ref for sheet in book}


def test_a_workbook_says_where_it_is_from_and_what_its_words_mean(tmp_path: Path, shipped: Catalog) -> None:
    (tmp_path / "year.csv").write_text(THREE)
    run_here("batch", str(tmp_path / "year.csv"), "--keep", "Name", "-o", str(tmp_path / "a.xlsx"))
    rows = {row[0]: row[1] for row in sheets(tmp_path / "a.xlsx")["About"]}
    assert rows["Made by"] == f"formatpicker {__version__}"
    assert (rows["Made on"], rows["Table"]) == ("2026-11-25", "year.csv")
    assert (rows["Catalog version"], rows["Catalog SHA-256"]) == (shipped.version, shipped.sha256)
    assert rows["Name"] == "As in the table that was read."
    assert {name for name in FIELDS if not rows[name]} == set()
    assert rows["hours_per_week"].startswith(f"{shipped.questions['hours_per_week'].label}: ")
    assert rows["internship"].startswith("Internship: ")


def test_rows_after_the_first_thousand_are_not_put_into_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formatpicker.batch.run.MOST_IN_WORDS", 2)
    run_here("batch", "-", "-o", str(tmp_path / "a.xlsx"), stdin=THREE.encode())
    rows = sheets(tmp_path / "a.xlsx")["In words"]
    assert [row[0] for row in rows[1:]] == ["a1", "a2", "Rows after 1,000 are in the sheet of records only."]
    assert len(sheets(tmp_path / "a.xlsx")["Records"]) == 4


def test_answers_left_open_are_left_open_in_every_column(tmp_path: Path) -> None:
    table = "id,goals,weeks,hours_per_week,Year\na,explore,4,lots,9\n"
    options = ("--leave-open", "--by", "hours_per_week", "--exact", "--summary", str(tmp_path / "s.json"))
    run_here("batch", "-", *options, "-o", str(tmp_path / "a.xlsx"), stdin=table.encode())
    found = sheets(tmp_path / "a.xlsx")
    record, words = (dict(zip(*found[name], strict=True)) for name in ("Records", "In words"))
    assert record["left_open"] == "hours_per_week"
    assert words["First"] is not None
    assert json.loads((tmp_path / "s.json").read_text())["groups"][0]["group"] == "(empty)"


def test_a_csv_file_has_a_file_beside_it_that_says_what_it_is(tmp_path: Path, shipped: Catalog) -> None:
    run_here("batch", "-", "--keep", "Name", "-o", str(tmp_path / "a.csv"), stdin=THREE.encode())
    assert {each.name for each in tmp_path.iterdir()} == {"a.csv", "a.csv-metadata.json"}
    found = json.loads((tmp_path / "a.csv-metadata.json").read_text("utf-8"))
    assert (found["@context"], found["url"]) == ("http://www.w3.org/ns/csvw", "a.csv")
    assert found["notes"][0]["Catalog SHA-256"] == shipped.sha256
    head = next(csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    assert [each["titles"] for each in found["tableSchema"]["columns"]] == head
    assert {each["titles"] for each in found["tableSchema"]["columns"] if each.get("separator") == ";"} == {
        *("top", "conditions", "long_shots", "blocked", "reasons"),
    }  # fmt: skip
    # It is never the table that is read.
    (tmp_path / "b.csv-metadata.json").write_text(THREE)
    done = run_here("batch", str(tmp_path / "b.csv-metadata.json"), "-o", str(tmp_path / "b.csv"))
    assert done.code == 2
    assert (tmp_path / "b.csv-metadata.json").read_text() == THREE


def test_a_parquet_file_says_where_it_is_from(tmp_path: Path, shipped: Catalog) -> None:
    run_here("batch", "-", "-o", str(tmp_path / "a.parquet"), stdin=THREE.encode())
    found = pq.read_schema(tmp_path / "a.parquet").metadata[b"formatpicker"]
    assert json.loads(found)["Catalog SHA-256"] == shipped.sha256


def test_excel_is_told_the_encoding_on_request_and_told_of_where_it_is_needed(tmp_path: Path) -> None:
    plain = THREE.encode("ascii", "replace")
    for table, needed in ((THREE.encode(), True), (plain, False)):
        path = tmp_path / "a.csv"
        done = run_here("batch", "-", "--keep", "Name", "-o", str(path), stdin=table)
        assert ("--bom" in done.message) == needed
        without = path.read_bytes()
        marked = run_here("batch", "-", "--keep", "Name", "--bom", "-o", str(path), stdin=table)
        assert "--bom" not in marked.message
        assert path.read_bytes() == b"\xef\xbb\xbf" + without
        assert "--bom" not in run_here("batch", "-", "--keep", "Name", "--to", "csv", stdin=table).message
    done = run_here("batch", "-", "--bom", "--to", "jsonl", stdin=plain)
    assert (done.code, done.text) == (2, "")
    assert "--bom: marks CSV for Excel" in done.message

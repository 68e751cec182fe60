"""Empty sheets: whatever is filled into one reads back, and each says what may be written into it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Answers, Catalog, parse_answers
from formatpicker.batch.headers import ID_HELP, blank_columns
from formatpicker.batch.writers.output_file import opened_output
from formatpicker.batch.writers.template import KINDS, ROWS, SHEETS, write
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.scoring.answer_files import read_answers
from running import run, run_here, spawn
from strategies import raw_answers
from tabular import answers_in


def template(catalog: Catalog, kind: str, folder: Path) -> Path:
    path = folder / f"template.{kind}"
    with ExitStack() as stack:
        target = opened_output(str(path))
        stack.callback(target.abandon)
        write(catalog, kind, target)
        target.commit()
        stack.pop_all()
    return path


@pytest.fixture(scope="module")
def blank(shipped: Catalog, toy: Catalog, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """Every kind of template of both catalogs."""
    return {
        name: {kind: template(catalog, kind, tmp_path_factory.mktemp("blank")) for kind in KINDS}
        for name, catalog in (("shipped", shipped), ("toy", toy))
    }


# --- what is filled in reads back ------------------------------------------------------------------------------------


def named(question: Question, id: str, draw: st.DataObject) -> str:
    """An id or the label that the drop-down shows."""
    return draw.draw(st.sampled_from([id, next(each.label for each in question.choices if each.id == id)]))


def cells_of(catalog: Catalog, raw: dict[str, Any], draw: st.DataObject) -> dict[str, object]:
    """One person's answers as the cells of a table, by header."""
    cells: dict[str, object] = {}
    for id, value in raw.items():
        question = catalog.questions[id]
        if isinstance(value, list):
            cells |= {f"{id} {place}": named(question, goal, draw) for place, goal in enumerate(value, 1)}
        elif isinstance(value, dict):
            cells[f"{id} 1"] = "; ".join(f"{goal}: {importance}" for goal, importance in value.items())
        else:
            cells[id] = named(question, value, draw) if question.answer is AnswerKind.CHOICE else value
    return cells


def fill_csv(path: Path, people: list[dict[str, object]], into: Path) -> None:
    header = next(csv.reader(path.read_text("utf-8").splitlines()))
    rows = [[person.get(name, "") for name in header] for person in people]
    with into.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def fill_xlsx(path: Path, people: list[dict[str, object]], into: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Answers"]
    header = [cell.value for cell in sheet[1]]
    for row, person in enumerate(people, 3):
        for column, name in enumerate(header, 1):
            sheet.cell(row, column, person.get(name))
    book.save(into)


@pytest.mark.parametrize("name", ["shipped", "toy"])
@pytest.mark.parametrize(("kind", "fill"), [("csv", fill_csv), ("xlsx", fill_xlsx)])
@settings(max_examples=20)
@given(draw=st.data())
def test_what_is_filled_into_a_table_reads_back(
    blank: dict[str, dict[str, Path]],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    kind: str,
    fill: Any,
    draw: st.DataObject,
) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    people = draw.draw(st.lists(raw_answers(catalog), min_size=1, max_size=4))
    filled = tmp_path_factory.mktemp("filled") / f"a.{kind}"
    cells = [{"id": f"p{number}", **cells_of(catalog, raw, draw)} for number, raw in enumerate(people)]
    fill(blank[name][kind], cells, filled)
    expected = [(f"p{number}", parse_answers(catalog, raw)) for number, raw in enumerate(people)]
    assert answers_in(catalog, filled) == expected


@pytest.mark.parametrize("name", ["shipped", "toy"])
@given(draw=st.data())
def test_what_is_filled_into_a_file_of_one_person_reads_back(
    blank: dict[str, dict[str, Path]],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    draw: st.DataObject,
) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    raw = draw.draw(raw_answers(catalog))
    lines = blank[name]["yaml"].read_text("utf-8").splitlines()
    filled = [f"{line} {json.dumps(raw[line[:-1]])}" if line[:-1] in raw else line for line in lines]
    document = {**json.loads(blank[name]["json"].read_text("utf-8")), **raw}
    for ending, text in (("yaml", "\n".join(filled)), ("json", json.dumps(document))):
        path = tmp_path_factory.mktemp("filled") / f"a.{ending}"
        path.write_text(text, "utf-8")
        assert read_answers(catalog, str(path)) == parse_answers(catalog, raw)


# --- what is in them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SHEETS)
def test_an_empty_one_is_nobody_or_nothing_answered(shipped: Catalog, tmp_path: Path, kind: str) -> None:
    path = template(shipped, kind, tmp_path)
    if kind in ("csv", "xlsx"):
        assert answers_in(shipped, path) == []
    else:
        assert read_answers(shipped, str(path)) == Answers({})


def test_a_table_has_a_column_for_the_id_each_question_and_each_place(toy: Catalog, tmp_path: Path) -> None:
    header = template(toy, "csv", tmp_path).read_text("utf-8").strip().split(",")
    # The toy catalog lets people name three goals.
    assert header[:5] == ["id", "goals 1", "goals 2", "goals 3", "weeks"]
    assert set(header[4:]) == set(toy.questions) - {"goals"}


def test_the_file_of_one_person_says_every_text_and_answer(shipped: Catalog, tmp_path: Path) -> None:
    comments = [
        line[2:] for line in template(shipped, "yaml", tmp_path).read_text("utf-8").splitlines() if line[:1] == "#"
    ]
    text = " ".join(" ".join(comments).split())
    for question in shipped.questions.values():
        assert question.text in text
        assert question.why in text
        assert [each for each in question.choices if f"{each.id}: {each.label}" not in text] == []


def validations(sheet: Any) -> Iterator[tuple[str, Any]]:
    """The header of each column that is checked, and its rule."""
    for rule in sheet.data_validations.dataValidation:
        [area] = rule.sqref.ranges
        assert (area.min_row, area.max_row) == (3, 2 + ROWS)
        yield sheet.cell(1, area.min_col).value, rule


def test_a_workbook_offers_the_labels_and_warns_of_what_is_out_of_range(shipped: Catalog, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(shipped, "xlsx", tmp_path))
    sheet = book["Answers"]
    rules = dict(validations(sheet))
    blank = {column.header: column for column in blank_columns(shipped)}
    assert set(rules) == set(blank) - {"id"}
    for header, rule in rules.items():
        assert rule.errorStyle == "warning"  # never a stop: ids and units are answers too
        if blank[header].choices:
            title, _, area = rule.formula1.lstrip("=").partition("!")
            offered = tuple(cell.value for (cell,) in book[title][area.replace("$", "")])
            assert offered == tuple(each.label for each in blank[header].choices)
    assert rules["age"].formula1 == "OR(ISTEXT(T3),AND(T3>=13,T3<=99))"
    assert rules["weeks"].formula1 == "OR(ISTEXT(G3),AND(G3>=0.14,G3<=520))"


def test_a_workbook_explains_every_question(shipped: Catalog, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(shipped, "xlsx", tmp_path))
    assert book.sheetnames == ["Answers", "Questions", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    answers = book["Answers"]
    assert answers.freeze_panes == book["Questions"].freeze_panes == "A2"
    assert answers["A2"].value == ID_HELP
    assert [cell.value for cell in answers[2]] == [column.help for column in blank_columns(shipped)]
    explained = list(book["Questions"].iter_rows(min_row=2, values_only=True))
    for question in shipped.questions.values():
        [row] = [row for row in explained if row[1] == question.text]
        assert row[4] == question.why
    told = {(row[2], row[3]) for row in explained}
    assert told >= {(each.id, each.label) for question in shipped.questions.values() for each in question.choices}


def test_the_help_survives_being_saved_as_text(shipped: Catalog, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(template(shipped, "xlsx", tmp_path))["Answers"]
    stream = io.StringIO()
    rows = [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(max_row=2, values_only=True)]
    csv.writer(stream, delimiter=";").writerows([*rows, ["anna", "explore", *[""] * (len(rows[0]) - 2)]])
    (tmp_path / "a.csv").write_text(stream.getvalue(), "utf-8-sig")
    assert answers_in(shipped, tmp_path / "a.csv") == [("anna", parse_answers(shipped, {"goals": ["explore"]}))]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_kind_is_asked_for_or_told_by_the_ending_or_csv(tmp_path: Path) -> None:
    assert run_here("template").text.startswith("id,goals 1,")
    assert json.loads(run_here("template", "--json").text) == json.loads(run_here("template", "--to", "json").text)
    for name, start in (("a.yml", b"# "), ("a.json", b"{"), ("a.xlsx", b"PK"), ("a.txt", b"id,")):
        assert run_here("template", "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_workbook_goes_into_a_pipe_and_not_onto_a_terminal(tmp_path: Path) -> None:
    assert run("template", "--to", "xlsx").out == run("template", "--to", "XLSX").out
    child = spawn("template", "--to", "xlsx")
    child.expect("is a terminal, which cannot take this kind of file; name one with -o")
    child.close()


def test_a_filled_sheet_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,weeks\na,4\n")
    done = run_here("template", "-o", str(path))
    assert done.code == 2
    assert "is there already" in done.message
    assert path.read_text() == "id,weeks\na,4\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "yml"], "did you mean 'yaml'?"),
        (["--json", "--to", "csv"], "keep one"),
        (["-o", "nowhere/a.csv"], "cannot be written"),
    ],
)
def test_a_wrong_wish_is_one_message(arguments: list[str], words: str) -> None:
    done = run_here("template", *arguments)
    assert (done.code, done.out) == (2, b"")
    assert words in done.message

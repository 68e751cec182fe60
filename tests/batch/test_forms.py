"""Forms for the tools that people know: each can be built, and what its tool exports reads back as it was answered."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from test_template import template

from exports import text
from formatpicker import Answers, Catalog
from formatpicker.batch.headers import Headers, blank_columns
from formatpicker.batch.writers.forms import Item, google_text, items, plain_form, qualtrics_text
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import written_answers
from running import run_here
from tabular import answers_in


class Asked(NamedTuple):
    """A question of a form as its tool has it: the name of its column, its title, and each answer to choose."""

    name: str
    title: str
    choices: Sequence[str]


# --- a form as its tool understands it -------------------------------------------------------------------------


def google_form(catalog: Catalog, folder: Path) -> list[Asked]:
    form = json.loads(google_text(catalog).partition("const FORM = ")[2].partition(";\n\nfunction")[0])
    return [Asked("", item["title"], item.get("choices", ())) for item in form["items"]]


def qualtrics_survey(catalog: Catalog, folder: Path) -> list[Asked]:
    head, *blocks = qualtrics_text(catalog).split("[[Question:")
    assert head.split() == ["[[AdvancedFormat]]", "[[Block:formatpicker]]"]
    found = []
    for block in blocks[1:]:  # the first one is the introduction
        asked, _, choices = block.partition("[[Choices]]\n")
        _, id, *texts = asked.strip().splitlines()
        found.append(Asked(id.removeprefix("[[ID:").removesuffix("]]"), "\n".join(texts), choices.strip().splitlines()))
    return found


def xlsform(catalog: Catalog, folder: Path) -> list[Asked]:
    book = openpyxl.load_workbook(io.BytesIO(template(catalog, "xlsform", folder).read_bytes()))
    survey, choices = ([*book[name].iter_rows(min_row=2, values_only=True)] for name in ("survey", "choices"))
    lists: dict[str, list[str]] = {}
    for name, id, _ in choices:
        lists.setdefault(str(name), []).append(str(id))
    return [
        Asked(str(row[1]), str(row[2]), lists.get(str(row[0]).removeprefix("select_one "), ()))
        for row in survey
        if row[0] != "note"
    ]


def word(catalog: Catalog, folder: Path) -> list[Asked]:
    found: list[tuple[str, list[str]]] = []
    for line in plain_form(catalog).splitlines():
        question, answer = re.fullmatch(r"\d+\. (.+)", line), re.fullmatch(r"[A-Z]\. (.+)", line)
        if question:
            found.append((question[1], []))
        elif answer:
            found[-1][1].append(answer[1])
    return [Asked("", title, choices) for title, choices in found]


# --- what a tool exports ---------------------------------------------------------------------------------------

Rows = Sequence[Sequence[str]]


def google_export(asked: Sequence[Asked], rows: Rows, folder: Path) -> Path:
    filled = [["2026/11/21 10:12:13 AM GMT+1", *row] for row in rows]
    path = folder / "form.csv"
    path.write_text(text([["Timestamp", *(each.title for each in asked)], *filled], end="\n", quote_all=True), "utf-8")
    return path


def qualtrics_export(asked: Sequence[Asked], rows: Rows, folder: Path) -> Path:
    head = [
        ["StartDate", "Status", "Finished", *(each.name for each in asked)],
        ["Start Date", "Response Type", "Finished", *(each.title for each in asked)],
        ['{"ImportId":"startDate"}', '{"ImportId":"status"}', '{"ImportId":"finished"}']
        + [f'{{"ImportId":"QID{at}"}}' for at, _ in enumerate(asked)],
    ]
    path = folder / "survey.csv"
    path.write_bytes(text([*head, *(["2026-11-21", "IP Address", "True", *row] for row in rows)]).encode("utf-8-sig"))
    return path


def kobo_export(asked: Sequence[Asked], rows: Rows, folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["start", "introduction", *(each.name for each in asked), "_id", "_uuid"])
    for at, row in enumerate(rows):
        book.active.append(["2026-11-21T10:12:13", None, *(cell or None for cell in row), 7 + at, "x"])
    path = folder / "kobo.xlsx"
    book.save(path)
    return path


def microsoft_export(asked: Sequence[Asked], rows: Rows, folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Start time", "Name1", *(f"{each.title}\u00a0" for each in asked)])
    for row in rows:
        book.active.append(["11/21/26 10:12:13", None, *(cell or None for cell in row)])
    path = folder / "forms.xlsx"
    book.save(path)
    return path


class Tool(NamedTuple):
    form: Callable[[Catalog, Path], list[Asked]]
    export: Callable[[Sequence[Asked], Rows, Path], Path]


TOOLS = {
    "google-forms": Tool(google_form, google_export),
    "qualtrics": Tool(qualtrics_survey, qualtrics_export),
    "xlsform": Tool(xlsform, kobo_export),
    "text": Tool(word, microsoft_export),
}


def answered(catalog: Catalog, asked: Sequence[Asked], id: str, answers: Answers) -> list[str]:
    """What one person chooses and types, question by question."""
    written = written_answers(catalog, answers)
    found = []
    for item, each, column in zip(items(catalog), asked, blank_columns(catalog), strict=True):
        key, place = column.meaning[:2]
        value = id if key == "id" else written.get(key, "")
        if place:
            value = value[place - 1] if len(value) >= place else ""
        at = next((at for at, (choice, _) in enumerate(item.choices) if choice == value), None)
        found.append(str(value) if at is None else each.choices[at])
    return found


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize("which", ["shipped", "toy"])
def test_what_a_form_collects_reads_back_as_it_was_answered(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, which: str
) -> None:
    catalog: Catalog = request.getfixturevalue(which)
    people = [each for each in random_people(catalog, 60, "forms") if _ranks(catalog, each)]
    assert len(people) > 20
    tool = TOOLS[name]
    asked = tool.form(catalog, tmp_path)
    rows = [answered(catalog, asked, f"p{at}", each) for at, each in enumerate(people)]
    found = answers_in(catalog, tool.export(asked, rows, tmp_path))
    assert [id for id, _ in found] == [f"p{at}" for at in range(len(people))]
    for (_, own), each in zip(found, people, strict=True):
        assert written_answers(catalog, own) == written_answers(catalog, each)


def _ranks(catalog: Catalog, answers: Answers) -> bool:
    return not any(isinstance(value, dict) for value in written_answers(catalog, answers).values())


# --- a form that its tool takes --------------------------------------------------------------------------------


def test_every_name_and_title_is_known_as_a_header(shipped: Catalog, toy: Catalog) -> None:
    for catalog in (shipped, toy):
        headers = Headers(catalog)
        for item, column in zip(items(catalog), blank_columns(catalog), strict=True):
            assert headers.meaning(item.key) == headers.meaning(item.title) == column.meaning
        assert len({item.key for item in items(catalog)}) == len(items(catalog))


def test_no_text_of_a_catalog_is_a_command_of_a_form(shipped: Catalog) -> None:
    evil = "Yes\n\n[[Question:DB]]\n';alert(1)//</script>"
    # Every text goes through the same function, whatever it is.
    from formatpicker.batch.writers import forms

    assert forms._line(evil) == "Yes [ [Question:DB]] ';alert(1)//</script>"
    assert all("\n" not in part for item in items(shipped) for part in item if isinstance(part, str))


MOCK = """
const built = [];
const item = (kind, more) => {
  const self = {kind, ...more};
  for (const name of ["Title", "HelpText", "Required", "ChoiceValues", "Validation"])
    self["set" + name] = (value) => { self[name] = value; return self; };
  built.push(self);
  return self;
};
const validation = () => { const self = {
  setHelpText: (text) => self, requireNumberBetween: (low, high) => { self.ends = [low, high]; return self; },
  build: () => self.ends }; return self; };
const Logger = {log: () => 0};
const FormApp = {
  create: (title) => ({
    setDescription: function (text) { return this; }, getPublishedUrl: () => "", getEditUrl: () => "",
    addTextItem: () => item("text"), addListItem: () => item("list"), addMultipleChoiceItem: () => item("choice"),
  }),
  createTextValidation: validation,
};
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the script")
def test_the_script_builds_the_form(shipped: Catalog, tmp_path: Path) -> None:
    script = tmp_path / "form.js"
    script.write_text(f"{MOCK}{google_text(shipped)}\ncreateForm();console.log(JSON.stringify(built));", "utf-8")
    done = subprocess.run(["node", str(script)], capture_output=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    asked: list[Item] = items(shipped)
    assert [each["Title"] for each in found] == [item.title for item in asked]
    assert [each.get("ChoiceValues", []) for each in found] == [[label for _, label in item.choices] for item in asked]
    hours = next(each for each in found if each["Title"] == shipped.questions["hours_per_week"].text)
    assert (hours["kind"], hours["Validation"], hours["Required"]) == ("text", [1, 60], False)


@pytest.mark.parametrize("which", ["shipped", "toy"])
def test_an_xlsform_is_valid(request: pytest.FixtureRequest, tmp_path: Path, which: str) -> None:
    """By the converter that Kobo and ODK use."""
    pyxform = pytest.importorskip("pyxform.xls2xform")
    form = pyxform.convert(template(request.getfixturevalue(which), "xlsform", tmp_path), validate=False)
    assert form.warnings == []
    assert "<select1" in form.xform
    if which == "shipped":
        # The second goal is asked for once there is a first one, and is another one.
        (second,) = re.findall(r'<bind [^>]*nodeset="/data/goals_2"[^>]*>', form.xform)
        assert "relevant=\" /data/goals_1  != ''\"" in second
        assert "name != /data/goals_1" in re.sub(" +", " ", form.xform)


def test_the_ending_of_a_file_tells_a_script(tmp_path: Path) -> None:
    run_here("template", "-o", str(tmp_path / "form.gs"))
    assert (tmp_path / "form.gs").read_text("utf-8") == run_here("template", "--to", "google-forms").text


def test_one_goal_named_twice_counts_where_it_stands_first(shipped: Catalog, tmp_path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["goals 1", "goals 2", "goals 3"], ["Steady earnings", "Steady earnings", "explore"]])
    (tmp_path / "a.csv").write_text(stream.getvalue())
    ((_, answers),) = answers_in(shipped, tmp_path / "a.csv")
    assert written_answers(shipped, answers) == {"goals": ["income", "explore"]}

"""The questions as other tools build a form of them; what they export of it is read by ``batch`` as it is.

Goals are asked for by rank, one after the other: ticks would not say which counts most. No question is a must.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from formatpicker.base.text import printable
from formatpicker.batch.headers import ID, BlankColumn, Meaning, blank_columns
from formatpicker.batch.writers.xlsx import plain_text
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog

TITLE = "Which kind of work experience suits you?"
INTRODUCTION = "Leave out what you do not know or do not want to say: what is left open counts for and against nothing."
# Choices up to this many are shown all at once, more in a list that opens.
MOST_BUTTONS = 6
# Behind the rank of the first goal.
FIRST = " (the most important one)"


class Item(NamedTuple):
    """One thing that a form asks.

    Attributes:
        key: A name for it that is no other's, such as ``goals_2``; a column of that name is known.
        title: The question; a column of that name is known as well.
        help: What stands below it.
        meaning: What it asks.
        choices: The id and the label of each answer to choose from; none where something is typed.
        least, most: The ends of a plain number; equal where it is none.
    """

    key: str
    title: str
    help: str
    meaning: Meaning
    choices: tuple[tuple[str, str], ...] = ()
    least: float = 0
    most: float = 0


def items(catalog: Catalog) -> list[Item]:
    """What a form asks, in order: an id, then every question, goals by their ranks."""
    return [_item(column, column.question) for column in blank_columns(catalog)]


def _item(column: BlankColumn, question: Question | None) -> Item:
    key, rank = _line(column.header).replace(" ", "_"), column.meaning.rank
    if question is None:
        return Item(key, ID.upper(), column.help, column.meaning)
    title = f"{question.text} {rank}{FIRST * (rank == 1)}" if rank else question.text
    help = column.help.removeprefix(question.text).strip()
    why = "" if rank > 1 else question.why
    choices = tuple((each.id, _line(each.label)) for each in question.choices)
    ends = (question.least, question.most) if question.answer is AnswerKind.NUMBER else (0, 0)
    return Item(key, _line(title), _line(f"{help} {why}".strip()), column.meaning, choices, *ends)


def _line(text: str) -> str:
    """Text on one line, without what Qualtrics takes for a command."""
    return " ".join(printable(text).split()).replace("[[", "[ [")


def google_text(catalog: Catalog) -> str:
    """A script for Google Apps Script that builds a form in Google Forms."""
    form = {"title": TITLE, "description": INTRODUCTION, "items": [_google_item(each) for each in items(catalog)]}
    return _SCRIPT.replace("<form>", json.dumps(form, indent=2))


def _google_item(item: Item) -> dict[str, object]:
    common: dict[str, object] = {"title": item.title, "help": item.help}
    if item.choices:
        kind = "list" if len(item.choices) > MOST_BUTTONS else "choice"
        return {"kind": kind, **common, "choices": [label for _, label in item.choices]}
    if item.most > item.least:
        return {"kind": "number", **common, "least": item.least, "most": item.most}
    return {"kind": "text", **common}


_SCRIPT = """\
// Builds a form in your Google Drive that asks what formatpicker needs to know.
// 1. Open script.google.com, choose "New project", and put this text in place of what is there.
// 2. Choose "Run", and allow the script to make a form for you. The log shows where the form is.
// 3. In the form, "Responses" has a menu with "Download responses (.csv)". Then: formatpicker batch FILE
const FORM = <form>;

function createForm() {
  const form = FormApp.create(FORM.title).setDescription(FORM.description);
  for (const item of FORM.items) {
    const added = BUILDERS[item.kind](form, item);
    added.setTitle(item.title).setHelpText(item.help).setRequired(false);
  }
  Logger.log("To answer: " + form.getPublishedUrl());
  Logger.log("To edit: " + form.getEditUrl());
}

const BUILDERS = {
  text: (form, item) => form.addTextItem(),
  number: (form, item) => form.addTextItem().setValidation(
    FormApp.createTextValidation()
      .setHelpText("A number from " + item.least + " to " + item.most)
      .requireNumberBetween(item.least, item.most)
      .build()),
  choice: (form, item) => form.addMultipleChoiceItem().setChoiceValues(item.choices),
  list: (form, item) => form.addListItem().setChoiceValues(item.choices),
};
"""


def qualtrics_text(catalog: Catalog) -> str:
    """A survey in the text that Qualtrics imports (its advanced format); the ids become the names of the columns."""
    lines = ["[[AdvancedFormat]]", "", "[[Block:formatpicker]]", "", "[[Question:DB]]", TITLE, INTRODUCTION, ""]
    for item in items(catalog):
        kind = "TE:SingleLine" if not item.choices else "MC:Dropdown" if len(item.choices) > MOST_BUTTONS else "MC"
        lines += [f"[[Question:{kind}]]", f"[[ID:{item.key}]]", item.title, item.help]
        lines += ["[[Choices]]", *(label for _, label in item.choices)] if item.choices else []
        lines.append("")
    return "\n".join(lines)


def plain_form(catalog: Catalog) -> str:
    """The questions with numbers and the answers with letters, as Word and most form tools take them."""
    lines = [TITLE, "", INTRODUCTION]
    for number, item in enumerate(items(catalog), 1):
        lines += ["", f"{number}. {item.title}", *_lettered(item)]
    return "\n".join(lines) + "\n"


def _lettered(item: Item) -> Iterator[str]:
    if not item.choices:
        yield f"({item.help})" if item.help else ""
    for at, (_, label) in enumerate(item.choices):
        yield f"{chr(ord('A') + at) if at < 26 else at + 1}. {label}"


# --- a workbook ------------------------------------------------------------------------------------------------------

SURVEY = ("type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "choice_filter")
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version")


def fill_form(catalog: Catalog, book: Any) -> None:
    """An XLSForm, the workbook that Kobo, ODK and their like build a form of."""
    asked = items(catalog)
    _fill(book, "survey", [SURVEY, *_survey(asked)])
    _fill(book, "choices", [CHOICES, *_choices(asked)])
    _fill(book, "settings", [SETTINGS, (TITLE, "formatpicker", catalog.version)])


def _fill(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, plain_text(text))


def _survey(asked: Sequence[Item]) -> Iterator[Sequence[str]]:
    """A row for each question. Of a ranking, a rank is asked for once the one before is filled, and no goal twice."""
    yield "note", "introduction", INTRODUCTION
    before: list[str] = []
    for item in asked:
        before = before if item.meaning.rank > 1 else []
        kind, constraint, message = "text", "", ""
        if item.choices:
            kind = f"select_one {item.meaning.key}"
        elif item.most > item.least:
            kind, constraint = "decimal", f". >= {item.least:g} and . <= {item.most:g}"
            message = f"A number from {item.least:g} to {item.most:g}"
        relevant = f"${{{before[-1]}}} != ''" if before else ""
        others = " and ".join(f"name != ${{{key}}}" for key in before)
        yield kind, item.key, item.title, item.help, relevant, constraint, message, others
        before.append(item.key)


def _choices(asked: Sequence[Item]) -> Iterator[Sequence[str]]:
    for item in asked:
        if item.meaning.rank <= 1:
            yield from ((item.meaning.key, id, label) for id, label in item.choices)

"""The questions as an XLSForm, the workbook that Kobo, ODK and their like build a form of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from formatpicker.base.temporary import temporary_folder
from formatpicker.batch.headers import Target
from formatpicker.batch.template import columns
from formatpicker.batch.writers.forms import INTRODUCTION, TITLE, Item, items
from formatpicker.batch.writers.output_file import Target as OutputTarget
from formatpicker.batch.writers.xlsx import closed_into, new_workbook, plain_text
from formatpicker.catalog.model import Catalog

SURVEY = ("type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "choice_filter")
CHOICES = ("list_name", "name", "label")
SETTINGS = ("form_title", "form_id", "version")


def write_form(catalog: Catalog, target: OutputTarget) -> None:
    """Write the workbook.

    Raises:
        InputError: The target cannot take it, or the library for workbooks is not installed.
    """
    target.stream.flush()  # a terminal refuses here
    asked = [*zip((column.target for column in columns(catalog)), items(catalog), strict=True)]
    with temporary_folder() as folder:
        path = folder / "form.xlsx"
        book = new_workbook(path)
        _fill(book, "survey", [SURVEY, *_survey(asked)])
        _fill(book, "choices", [CHOICES, *_choices(asked)])
        _fill(book, "settings", [SETTINGS, (TITLE, "formatpicker", catalog.version)])
        closed_into(book, path, target)


def _fill(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, plain_text(text))


def _survey(asked: Sequence[tuple[Target, Item]]) -> Iterator[Sequence[str]]:
    """A row for each question. Of a ranking, a place is asked for once the one before is filled, and no goal twice."""
    yield "note", "introduction", INTRODUCTION
    before: list[str] = []
    for target, item in asked:
        before = before if target.place > 1 else []
        kind = "text"
        constraint, message = "", ""
        if item.choices:
            kind = f"select_one {target.key}"
        elif item.most > item.least:
            kind, constraint = "decimal", f". >= {item.least:g} and . <= {item.most:g}"
            message = f"A number from {item.least:g} to {item.most:g}"
        relevant = f"${{{before[-1]}}} != ''" if before else ""
        others = " and ".join(f"name != ${{{key}}}" for key in before)
        yield kind, item.key, item.title, item.help, relevant, constraint, message, others
        before.append(item.key)


def _choices(asked: Sequence[tuple[Target, Item]]) -> Iterator[Sequence[str]]:
    for target, item in asked:
        if item.choices and target.place <= 1:
            for id, label in item.choices:
                yield target.key, id, label

"""What collects answers: a table to fill in, a file for one person, or a form for the tools that people know."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from formatpicker.base.durations import duration_text, parse_days
from formatpicker.base.text import capitalized, printable
from formatpicker.batch.headers import blank_columns
from formatpicker.batch.writers import checked_kind
from formatpicker.batch.writers.forms import fill_form, google_text, plain_form, qualtrics_text
from formatpicker.batch.writers.output_file import Output, checked_ending
from formatpicker.batch.writers.xlsx import plain_text, workbook_for
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import word_of

SHEETS = ("csv", "xlsx", "yaml", "json")
FORMS = ("google-forms", "qualtrics", "xlsform", "text")
KINDS = (*SHEETS, *FORMS)
# A table is what most people come for: who answers alone is asked by the questionnaire. It opens everywhere.
USUAL = "csv"
_ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".gs": "google-forms"}
_WIDTH = 96
# People that the sheet checks the answers of; further rows are read as well.
ROWS = 1_000
# The header, and the help below it.
ABOVE = 2
_MOST_TITLE, _MOST_MESSAGE = 32, 255
_WIDTH_OF_COLUMN, _WIDTH_OF_CHOICES, _WIDTHS_OF_HELP = 16, 30, (20, 44, 22, 44, 52)
_HEIGHT_OF_HELP = 90
_ANY_ID = "Choose from the list, or write the short name from the sheet Questions. Keep this anyway?"

_HEAD = (
    "The answers of one person. Write each answer behind its colon; what stays empty is left open.",
    "Then run: formatpicker recommend FILE. To be asked what is still open: formatpicker ask --resume FILE",
)


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of template: as asked for, else by the name's ending, else CSV.

    Raises:
        InputError: It is none of ``KINDS``, or the ending is that of a kind that is not written.
    """
    if kind is not None:
        kind = word_of("--to", kind, KINDS, "kind of template")
        return checked_kind(path, kind, _ENDINGS) if kind in SHEETS else kind
    ending = checked_ending("-o", path, "templates are written as .csv, .xlsx, .yaml or .json, and forms by --to")
    return _ENDINGS.get(ending, USUAL)


def write(catalog: Catalog, kind: str, output: Output) -> None:
    """Write a template of some kind.

    Raises:
        InputError: The output cannot take it, or the library for workbooks is not installed.
    """
    if kind in _BOOKS:
        with workbook_for(output) as book:
            _BOOKS[kind](catalog, book)
    else:
        output.write(_TEXTS[kind](catalog))


def yaml_text(catalog: Catalog) -> str:
    """Every question with its text, why it is asked, what may be answered, and no answer."""
    lines = [line for text in _HEAD for line in _comment(text)]
    for question in catalog.questions.values():
        lines += ["", *_comment(question.text), *_comment(question.why)]
        lines += [line for text in accepted(question) for line in _comment(text)]
        lines += [line for each in question.choices for line in _comment(f"{each.id}: {each.label}", "  ")]
        lines.append(f"{question.id}:")
    return "\n".join(lines) + "\n"


_TEXTS: dict[str, Callable[[Catalog], str]] = {
    "csv": lambda catalog: ",".join(column.header for column in blank_columns(catalog)) + "\n",
    "yaml": yaml_text,
    "json": lambda catalog: json.dumps(dict.fromkeys(catalog.questions), indent=2) + "\n",
    "google-forms": google_text,
    "qualtrics": qualtrics_text,
    "text": plain_form,
}


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in textwrap.wrap(printable(text), _WIDTH, initial_indent=indent, subsequent_indent=indent):
        yield f"# {line}"


def accepted(question: Question) -> Iterator[str]:
    """What a question accepts, in sentences."""
    if question.answer is AnswerKind.GOALS:
        ids = ", ".join(goal.id for goal in question.goals[:2])
        yield f"Up to {question.most:g} of these, the most important first, as in [{ids}]:"
    elif question.answer is AnswerKind.CHOICE:
        yield "One of these:"
    else:
        yield f"{capitalized(limits(question))}. For example {question.example or f'{question.least:g}'}."


def limits(question: Question) -> str:
    """The ends of what a question of numbers accepts."""
    if question.answer is AnswerKind.DURATION:
        least, most = (duration_text(parse_days(end) or 0) for end in (question.least, question.most))
        return f"a number of weeks, or text with a unit, from {least} to {most}"
    return f"a number of {question.unit or 'units'} from {question.least:g} to {question.most:g}"


# --- a workbook ------------------------------------------------------------------------------------------------------


def _fill_book(catalog: Catalog, book: Any) -> None:
    """Answers to choose from, help under each header, and every question explained."""
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    faint = book.add_format({"text_wrap": True, "valign": "top", "italic": True, "font_color": "#555555"})
    answers, questions = book.add_worksheet("Answers"), book.add_worksheet("Questions")
    lists = book.add_worksheet("Lists")
    lists.hide()
    _fill_answers(catalog, answers, _fill_lists(catalog, lists), bold, faint)
    _fill_questions(catalog, questions, bold, wrapped)


def _fill_lists(catalog: Catalog, sheet: Any) -> dict[str, str]:
    """The labels of each question in a column of their own; where they are. In a rule they could not hold commas."""
    from xlsxwriter.utility import xl_range_abs

    ranges = {}
    for index, question in enumerate(each for each in catalog.questions.values() if each.choices):
        labels = [plain_text(each.label) for each in question.choices]
        sheet.write_column(0, index, labels)
        ranges[question.id] = f"=Lists!{xl_range_abs(0, index, len(labels) - 1, index)}"
    return ranges


def _fill_answers(catalog: Catalog, sheet: Any, ranges: dict[str, str], bold: Any, faint: Any) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet.freeze_panes(1, 0)
    sheet.set_row(1, _HEIGHT_OF_HELP)
    for index, column in enumerate(blank_columns(catalog)):
        sheet.set_column(index, index, _WIDTH_OF_CHOICES if column.choices else _WIDTH_OF_COLUMN)
        sheet.write_string(0, index, column.header, bold)
        sheet.write_string(1, index, plain_text(column.help), faint)
        if column.question:
            rule = _rule(column.question, column.header[:_MOST_TITLE], xl_rowcol_to_cell(ABOVE, index), ranges)
            sheet.data_validation(ABOVE, index, ABOVE + ROWS - 1, index, {**rule, "error_type": "warning"})


def _rule(question: Question, title: str, cell: str, ranges: dict[str, str]) -> dict[str, object]:
    if question.choices:
        return {"validate": "list", "source": ranges[question.id], "error_title": title, "error_message": _ANY_ID}
    return {
        "validate": "custom",
        "value": f"=OR(ISTEXT({cell}),AND({cell}>={question.least:g},{cell}<={question.most:g}))",
        "error_title": title,
        "error_message": f"This takes {limits(question)}. Keep this anyway?"[:_MOST_MESSAGE],
    }


def _fill_questions(catalog: Catalog, sheet: Any, bold: Any, wrapped: Any) -> None:
    sheet.freeze_panes(1, 0)
    for index, width in enumerate(_WIDTHS_OF_HELP):
        sheet.set_column(index, index, width)
    sheet.write_row(0, 0, ("Column", "Question", "Short name", "Answer", "Why it is asked"), bold)
    for number, row in enumerate(_explained(catalog), 1):
        for index, text in enumerate(row):
            sheet.write_string(number, index, plain_text(text), wrapped)


def _explained(catalog: Catalog) -> Iterator[Sequence[str]]:
    for question in catalog.questions.values():
        header = f"{question.id} 1 to {question.id} {question.most:g}" if question.goals else question.id
        told = "" if question.choices else " ".join(accepted(question))
        yield header, question.text, "", told, question.why
        for each in question.choices:
            yield "", "", each.id, each.label


_BOOKS: dict[str, Callable[[Catalog, Any], None]] = {"xlsx": _fill_book, "xlsform": fill_form}

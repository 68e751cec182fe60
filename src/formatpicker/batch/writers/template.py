"""What collects answers: a table to fill in, a file for one person, or a form for the tools that people know."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from formatpicker.base.text import printable
from formatpicker.batch.template import accepted, choices, columns
from formatpicker.batch.writers.forms import google_text, plain_form, qualtrics_text
from formatpicker.batch.writers.output_file import Target, check_ending
from formatpicker.catalog.model import Catalog
from formatpicker.errors import InputError, one_of

SHEETS = ("csv", "xlsx", "yaml", "json")
FORMS = ("google-forms", "qualtrics", "xlsform", "text")
KINDS = (*SHEETS, *FORMS)
# A table is what most people come for: who answers alone is asked by the questionnaire. It opens everywhere.
USUAL = "csv"
_ENDINGS = {
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".gs": "google-forms",
}
_WIDTH = 96

_HEAD = (
    "The answers of one person. Write each answer behind its colon; what stays empty is left open.",
    "Then run: formatpicker recommend FILE. To be asked what is still open: formatpicker ask --resume FILE",
)


def kind_for(path: str | None, kind: str | None) -> str:
    """The kind of template: as asked for, else by the name's ending, else CSV.

    Raises:
        InputError: It is none of ``KINDS``, or the ending is that of a kind that is not written.
    """
    if kind is not None and kind.lower() not in KINDS:
        raise InputError("--to", f"{kind!r} is {one_of(kind, KINDS, 'kind of template')}")
    if kind is None:
        check_ending("-o", path, "templates are written as .csv, .xlsx, .yaml or .json, and forms by --to")
    return kind.lower() if kind else _ENDINGS.get(Path(path or "").suffix.lower(), USUAL)


def write(catalog: Catalog, kind: str, target: Target) -> None:
    """Write a template of some kind.

    Raises:
        InputError: The target cannot take it, or the library for workbooks is not installed.
    """
    if kind == "xlsx":
        from formatpicker.batch.writers.template_book import write_book

        write_book(catalog, target)
    elif kind == "xlsform":
        from formatpicker.batch.writers.xlsform import write_form

        write_form(catalog, target)
    else:
        target.write(_TEXTS[kind](catalog))


def csv_text(catalog: Catalog) -> str:
    """The header row of a table."""
    return ",".join(column.header for column in columns(catalog)) + "\n"


def json_text(catalog: Catalog) -> str:
    """Every question, each left open."""
    return json.dumps(dict.fromkeys(catalog.questions), indent=2) + "\n"


def yaml_text(catalog: Catalog) -> str:
    """Every question with its text, why it is asked, what may be answered, and no answer."""
    lines = [line for text in _HEAD for line in _comment(text)]
    for question in catalog.questions.values():
        lines += ["", *_comment(question.text), *_comment(question.why)]
        lines += [line for text in accepted(question) for line in _comment(text)]
        lines += [line for id, label in choices(question) for line in _comment(f"{id}: {label}", "  ")]
        lines.append(f"{question.id}:")
    return "\n".join(lines) + "\n"


_TEXTS: dict[str, Callable[[Catalog], str]] = {
    "csv": csv_text,
    "yaml": yaml_text,
    "json": json_text,
    "google-forms": google_text,
    "qualtrics": qualtrics_text,
    "text": plain_form,
}


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in textwrap.wrap(printable(text), _WIDTH, initial_indent=indent, subsequent_indent=indent):
        yield f"# {line}"

"""What Tab offers for formats, questions, answers and schemas; Typer asks, and speaks to the shell.

Silent on errors, since a prompt is no place for them: a catalog that cannot be read completes to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from formatpicker.base.text import canonical, printable
from formatpicker.errors import FormatpickerError

if TYPE_CHECKING:
    from formatpicker.catalog.criteria import Question
    from formatpicker.catalog.model import Catalog

Word = tuple[str, str]


def format_names(ctx: typer.Context, incomplete: str) -> list[Word]:
    """The ids of formats, with their names."""
    catalog = _catalog(ctx)
    return _beginning(incomplete, [(each.id, each.name) for each in catalog.formats.values()] if catalog else [])


def schema_names(incomplete: str) -> list[Word]:
    """The names of schemas, with their titles."""
    from formatpicker.output.json.schemas import SCHEMAS

    return _beginning(incomplete, [(name, document.title) for name, document in SCHEMAS.items()])


def settings(ctx: typer.Context, incomplete: str) -> list[Word]:
    """``KEY=`` while several questions begin so, then ``KEY=VALUE`` for each answer that the question knows.

    A question that is the only one left is offered with its answers at once: bash takes what stands behind ``=`` for a
    new word, and asks nothing that could be answered there.
    """
    catalog = _catalog(ctx)
    if catalog is None:
        return []
    key, separator, value = incomplete.partition("=")
    found = [each for id, each in catalog.questions.items() if id.startswith(key) or canonical(id) == canonical(key)]
    if separator:
        found = [each for each in found if canonical(each.id) == canonical(key)]
    if len(found) != 1:
        return [(f"{each.id}=", printable(each.label)) for each in found]
    (question,) = found
    name = key if separator else question.id
    answers = [(f"{name}={text}", printable(meaning)) for text, meaning in _answers(question, value)]
    return answers or ([] if separator else [(f"{question.id}=", printable(question.label))])


def _answers(question: Question, value: str) -> list[Word]:
    """The options of a question; of goals the next one of a list."""
    cut = max(value.rfind(sign) for sign in ",;") + 1
    kept, partial = (value[:cut], value[cut:]) if question.goals else ("", value)
    named = {canonical(each) for each in kept.replace(";", ",").split(",")}
    known = [(each.id, each.label) for each in question.goals] + [(each.id, each.label) for each in question.options]
    return [(kept + id, label) for id, label in known if id.startswith(partial) and canonical(id) not in named]


def _beginning(incomplete: str, words: list[Word]) -> list[Word]:
    return [(word, printable(meaning)) for word, meaning in words if word.startswith(incomplete)]


def _catalog(ctx: typer.Context) -> Catalog | None:
    from formatpicker.catalog.store import load_catalog

    try:
        return load_catalog(ctx.params.get("catalog"))
    except FormatpickerError:
        return None

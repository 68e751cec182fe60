"""What is said of one person's answers: recommend and explain."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from formatpicker.cli.app import (
    DONE,
    NOTHING_FOUND,
    AnswersArgument,
    CatalogOption,
    DetailsOption,
    JsonOption,
    SetOption,
    answers_of,
    loaded_catalog,
    new_app,
)

if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Recommendation
    from formatpicker.catalog.model import Catalog
    from formatpicker.scoring.answers import Answers

app = new_app()


NO_PATHWAY = "No plan of several formats fits your time and serves your goals better than a single one."


@app.command()
def recommend(
    file: AnswersArgument = None,
    settings: SetOption = None,
    details: DetailsOption = False,
    pathways: Annotated[
        bool, typer.Option("--pathways", help="Show plans of several formats, one after another.")
    ] = False,
    json: JsonOption = False,
    fields: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="With --json: these keys only; the others are not computed.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Read answers and say which format suits, and why.

    Example: formatpicker recommend --set goals=explore,portfolio --set weeks=4 --set pay=required
    """
    from formatpicker.advice.recommendation import recommend as run

    keys = _checked_keys(fields, json, pathways)
    loaded = loaded_catalog(catalog)
    recommendation = run(loaded, given_answers(loaded, file, settings, "recommend", own_words=not json))
    if json:
        from formatpicker.base.terminal import emit_json
        from formatpicker.output.json.data import chosen_data

        emit_json(chosen_data(recommendation, keys))
    else:
        _emit_recommendation(recommendation, details, pathways)
    raise typer.Exit(DONE if recommendation.top else NOTHING_FOUND)


def _checked_keys(fields: str | None, json: bool, with_pathways: bool) -> list[str]:
    """The keys of the document that are asked for, in that order; all if none are named.

    Raises:
        InputError: Keys are named for text, or one of them is not there.
    """
    if fields is None and not json:
        return []
    from formatpicker.errors import AnswerError, InputError, one_of
    from formatpicker.output.json.data import PARTS

    if fields is None:
        return [key for key in PARTS if key != "pathways" or with_pathways]
    if not json:
        raise InputError("--fields", "picks keys of the JSON document; add --json")
    keys = [key.strip() for key in fields.split(",") if key.strip()]
    for key in keys or [""]:
        if key not in PARTS:
            raise AnswerError("--fields", key, one_of(key, list(PARTS), "key"))
    return keys


def given_answers(
    catalog: Catalog, file: str | None, settings: list[str] | None, command: str, own_words: bool = False
) -> Answers:
    """The answers of a file with settings laid over them; ``own_words`` as for ``parse_answers``.

    Raises:
        InputError: There is neither, or the file cannot be read.
        AnswerError: An answer that its question does not accept.
    """
    from formatpicker.errors import InputError
    from formatpicker.scoring.answer_files import with_settings
    from formatpicker.scoring.answers import parse_answers

    if file is None and not settings:
        raise InputError(command, "no answers: name a FILE, - for standard input, or use --set KEY=VALUE")
    answers = answers_of(catalog, file, own_words) if file is not None else parse_answers(catalog, {})
    return with_settings(catalog, answers, settings or [], own_words)


def _emit_recommendation(recommendation: Recommendation, with_details: bool, with_pathways: bool) -> None:
    from formatpicker.base.terminal import emit, screen_of
    from formatpicker.output.text.screen import details, summary

    screen = screen_of(sys.stdout)
    emit(summary(recommendation, screen))
    if with_pathways:
        from formatpicker.base.style import wrapped
        from formatpicker.output.text.pathway import pathway_lines

        lines = pathway_lines(recommendation.catalog, recommendation.pathways, screen.columns)
        emit("\n".join(["", *(lines or wrapped(NO_PATHWAY, screen.columns)), ""]))
    if with_details:
        emit(details(recommendation, screen))


class Layout(StrEnum):
    """How a document is written."""

    TEXT = "text"
    MARKDOWN = "markdown"


@app.command()
def explain(
    file: AnswersArgument = None,
    settings: SetOption = None,
    layout: Annotated[Layout, typer.Option("--format", help="text, or markdown to paste into an email.")] = Layout.TEXT,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Show the whole reasoning: every sum, how sure it is, and what would change it.

    Example: formatpicker explain --set goals=explore,portfolio --set weeks=4 --set pay=required
    """
    from formatpicker.advice.recommendation import recommend as run
    from formatpicker.base.terminal import emit, emit_json, screen_of

    loaded = loaded_catalog(catalog)
    recommendation = run(loaded, given_answers(loaded, file, settings, "explain", own_words=not json))
    if json:
        from formatpicker.output.json.data import explanation_data

        emit_json(explanation_data(recommendation))
    else:
        from formatpicker.output.text.document_layout import to_markdown, to_text
        from formatpicker.output.text.reasoning import reasoning

        blocks = reasoning(recommendation)
        emit(to_markdown(blocks) if layout is Layout.MARKDOWN else to_text(blocks, screen_of(sys.stdout).columns))
    raise typer.Exit(DONE if recommendation.top else NOTHING_FOUND)

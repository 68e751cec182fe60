"""One person: ask, recommend and explain."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from formatpicker.cli.app import AllAnswersArgument, CatalogOption, JsonOption, SetOption, ended, loaded_catalog, option
from formatpicker.errors import AnswerError, FormatpickerError, InputError, one_of

if TYPE_CHECKING:
    from formatpicker.advice.recommendation import Recommendation
    from formatpicker.base.terminal import LiveTerminal
    from formatpicker.catalog.model import Catalog
    from formatpicker.output.text.document_layout import Block
    from formatpicker.scoring.answers import Answers


def ask(
    save: Annotated[str | None, option("--save FILE", "Keep the answers in this file.")] = None,
    resume: Annotated[str | None, option("--resume FILE", "Go on with saved answers, and keep them there.")] = None,
    quick: Annotated[bool, option("--quick", "Ask only what can still change the result.")] = False,
    plain: Annotated[bool, option("--plain", "Plain text from top to bottom, for screen readers.")] = False,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Answer some questions and see which format suits you.

    Example: formatpicker ask --save my-answers.yaml
    """
    terminal = opened_terminal(plain, json, "ask", "formatpicker recommend FILE, or --set KEY=VALUE")
    from formatpicker.cli.question_steps import begin
    from formatpicker.cli.result_steps import ResultStep
    from formatpicker.cli.session import AnswersSession

    session = AnswersSession(loaded_catalog(catalog), terminal, json, quick, ResultStep)
    begin(session, save, resume)
    session.run()


def opened_terminal(plain: bool, json: bool, command: str, instead: str) -> LiveTerminal:
    """The terminal that a person sits at.

    Raises:
        InputError: There is none; what to do instead is told.
    """
    from formatpicker.base.terminal import LiveTerminal, is_accessible, is_dumb, is_terminal

    stream = sys.stderr if json else sys.stdout
    if not (is_terminal(sys.stdin) and is_terminal(stream)):
        raise InputError(command, f"needs a terminal; without one use: {instead}")
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    plain = plain or is_accessible() or is_dumb()
    if sys.platform == "win32" and not plain:  # there it depends on the terminal whether the screen can be drawn anew
        from formatpicker.cli.live_ask import can_draw

        plain = not can_draw(stream)
    return LiveTerminal(stream, plain)


def recommend(
    files: AllAnswersArgument = None,
    settings: SetOption = None,
    details: Annotated[bool, option("--details", "Show every reason, check and source as well.")] = False,
    pathways: Annotated[bool, option("--pathways", "Show plans of several formats, one after another.")] = False,
    json: JsonOption = False,
    fields: Annotated[
        str | None, option("--fields A,B,...", "With --json: these keys only; the others are not computed.")
    ] = None,
    catalog: CatalogOption = None,
) -> None:
    """Read answers and say which format suits, and why.

    Example: formatpicker recommend --set goals=explore,portfolio --set weeks=4 --set pay=required
    """
    keys = _checked_keys(fields, json)

    def told(found: Recommendation) -> Any:
        if not json:
            return _page(found, details, pathways)
        from formatpicker.output.json.person import chosen_data, recommendation_data

        return chosen_data(found, keys) if keys else recommendation_data(found, pathways)

    raise ended(_tell_each(loaded_catalog(catalog), files or [], settings, "recommend", told, json))


def _checked_keys(fields: str | None, json: bool) -> list[str]:
    """The keys of the document that are asked for, in that order; none where all are."""
    if fields is None:
        return []
    if not json:
        raise InputError("--fields", "picks keys of the JSON document; add --json")
    from formatpicker.output.json.person import PARTS

    keys = [key.strip() for key in fields.split(",") if key.strip()]
    for key in keys or [""]:
        if key not in PARTS:
            raise AnswerError("--fields", key, one_of(key, list(PARTS), "key"))
    return keys


def _tell_each(
    catalog: Catalog,
    files: list[str],
    settings: list[str] | None,
    command: str,
    told: Callable[[Recommendation], Any],
    json: bool,
) -> bool:
    """Say of each person what ``told`` makes, and what is wrong with the others; whether something suits everybody.

    It makes a page or a document. Several files make a line of JSON each, or a page each under the name of the file; a
    person without an id goes by that name. The settings are laid over each.

    Raises:
        FormatpickerError: Answers that cannot be read; all there are, once the others have been told.
    """
    from msgspec.structs import replace

    from formatpicker.advice.recommendation import recommend as run
    from formatpicker.base.terminal import emit, emit_json

    several, all_found = len(files) > 1, True
    faults: list[FormatpickerError] = []
    for file in (*files,) or (None,):
        try:
            answers = given_answers(catalog, file, settings, command, own_words=not json)
        except FormatpickerError as error:
            faults.append(error)
            continue
        if several and answers.id is None:
            answers = replace(answers, id=file)
        found = run(catalog, answers)
        all_found = all_found and bool(found.top)
        if json:
            emit_json(told(found), None if several else 2)
        else:
            heading = f"== {answers.id} ==\n" if several else ""
            emit(f"{heading}{told(found)}")
    if faults:
        faults[0].others += tuple(faults[1:])
        raise faults[0]
    return all_found


def given_answers(
    catalog: Catalog, file: str | None, settings: list[str] | None, command: str, own_words: bool = False
) -> Answers:
    """The answers of a file with settings laid over them; ``own_words`` as for ``parse_answers``.

    Without either they are those of standard input, unless that is a terminal.

    Raises:
        InputError: There are none, or the file cannot be read.
        AnswerError: An answer that its question does not accept.
    """
    from formatpicker.base.files import STDIN, display_name, read_bytes
    from formatpicker.base.terminal import is_terminal
    from formatpicker.scoring.answer_files import MOST_BYTES, answers_in, document_in, read_answers, with_settings
    from formatpicker.scoring.answers import Answers

    if file is not None:
        answers = read_answers(catalog, file, own_words)
    elif settings:
        answers = Answers({})
    else:
        piped = b"" if sys.stdin is None or is_terminal(sys.stdin) else read_bytes(STDIN, MOST_BYTES)
        if not piped.strip():
            raise InputError(command, "no answers: name a FILE, - for standard input, or use --set KEY=VALUE")
        answers = answers_in(catalog, document_in(piped, display_name(STDIN)), own_words)
    return with_settings(catalog, answers, settings or [], own_words)


def _page(recommendation: Recommendation, with_details: bool, with_pathways: bool) -> str:
    from formatpicker.base.terminal import screen_of
    from formatpicker.output.text.screen import details, summary

    screen = screen_of(sys.stdout)
    parts = [summary(recommendation, screen)]
    if with_pathways:
        from formatpicker.output.text.format_words import pathway_lines

        parts.append("\n".join(["", *pathway_lines(recommendation.pathways, screen.columns), ""]))
    if with_details:
        parts.append(details(recommendation, screen))
    return "".join(parts)


class Layout(StrEnum):
    """How a document is written."""

    TEXT = "text"
    MARKDOWN = "markdown"


LayoutOption = Annotated[Layout, option("--format", "text, or markdown to paste into an email.")]


def refuse_layout(json: bool, layout: Layout) -> None:
    """Raise ``InputError`` where a document is asked for as JSON and as Markdown."""
    if json and layout is not Layout.TEXT:
        raise InputError("--json", f"and --format {layout} ask for two things; keep one")


def laid_out(blocks: list[Block], layout: Layout) -> str:
    """A document as text for this screen, or as Markdown."""
    from formatpicker.base.terminal import screen_of
    from formatpicker.output.text.document_layout import to_markdown, to_text

    return to_markdown(blocks) if layout is Layout.MARKDOWN else to_text(blocks, screen_of(sys.stdout).columns)


def explain(
    files: AllAnswersArgument = None,
    settings: SetOption = None,
    layout: LayoutOption = Layout.TEXT,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Show the whole reasoning, and what would change the result.

    Example: formatpicker explain --set goals=explore,portfolio --set weeks=4 --set pay=required
    """
    refuse_layout(json, layout)

    def told(found: Recommendation) -> Any:
        if json:
            from formatpicker.output.json.person import explanation_data

            return explanation_data(found)
        from formatpicker.output.text.person_document import reasoning

        return laid_out(reasoning(found), layout)

    raise ended(_tell_each(loaded_catalog(catalog), files or [], settings, "explain", told, json))

"""The questionnaire."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from formatpicker.cli.app import CatalogOption, JsonOption, loaded_catalog, new_app
from formatpicker.errors import InputError

if TYPE_CHECKING:
    from formatpicker.base.terminal import LiveTerminal

app = new_app()


@app.command()
def ask(
    save: Annotated[str | None, typer.Option("--save", metavar="FILE", help="Keep the answers in this file.")] = None,
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="FILE", help="Go on with saved answers, and keep them there."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Ask only what can still change the result.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Plain text from top to bottom, for screen readers.")] = False,
    json: JsonOption = False,
    catalog: CatalogOption = None,
) -> None:
    """Answer some questions and see which format suits you.

    Example: formatpicker ask --save my-answers.yaml
    """
    terminal = opened_terminal(plain, json, "ask", "formatpicker recommend FILE, or --set KEY=VALUE")
    from formatpicker.cli.session import AnswersSession

    AnswersSession(loaded_catalog(catalog), terminal, json, quick).run(save, resume)


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
    return LiveTerminal(stream, plain or is_accessible() or is_dumb() or not _can_draw(stream))


def _can_draw(stream: TextIO) -> bool:
    """Whether the screen can be drawn anew: on Windows that depends on the terminal."""
    if sys.platform != "win32":
        return True
    from formatpicker.cli.live_ask import can_draw

    return can_draw(stream)

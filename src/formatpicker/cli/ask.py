"""The questionnaire."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from formatpicker.cli.app import (
    DONE,
    NOTHING_FOUND,
    CatalogOption,
    JsonOption,
    app,
    loaded_catalog,
)

if TYPE_CHECKING:
    from formatpicker.advice.questionnaire import Interview
    from formatpicker.base.new_file import State


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
    from formatpicker.advice.questionnaire import resumed, started
    from formatpicker.base.terminal import is_terminal
    from formatpicker.cli.questionnaire_terminal import Dialogue, Quit
    from formatpicker.errors import InputError
    from formatpicker.scoring.answer_files import read_answers

    stream = sys.stderr if json else sys.stdout
    if not (is_terminal(sys.stdin) and is_terminal(stream)):
        raise InputError("ask", "needs a terminal; without one use: formatpicker recommend FILE, or --set KEY=VALUE")
    loaded = loaded_catalog(catalog)
    keeper = _keeper(save, resume)
    interview = resumed(loaded, *read_answers(loaded, resume), quick=quick) if resume else started(loaded, quick)
    dialogue = Dialogue(interview, _terminal(stream, plain), keeper or (lambda interview: None), _save_new)
    try:
        dialogue.run()
        _close(dialogue, keeper, json)
    except (Quit, KeyboardInterrupt) as stop:
        _say_kept(keeper, dialogue.unsaved)
        raise typer.Exit(DONE if isinstance(stop, Quit) else 130) from None


class _Keeper:
    """Keeps the answers after each of them, so that even a killed session loses none.

    What another program wrote in the same place meanwhile is never overwritten.
    """

    def __init__(self, target: Path, state: State | None) -> None:
        self.target = target
        self._state = state

    def __call__(self, interview: Interview) -> None:
        from formatpicker.advice.questionnaire import draft
        from formatpicker.base.new_file import write_private

        new = self._state is None
        self._state = write_private(self.target, draft(interview), expected=self._state, new=new)


def _keeper(save: str | None, resume: str | None) -> _Keeper | None:
    """What keeps the answers, if they are to be kept; a file that exists is only written to where it was resumed from.

    Raises:
        InputError: There is such a file, or it could not be written.
    """
    from formatpicker.base.new_file import check_writable, state_of
    from formatpicker.errors import InputError

    name = save or resume
    if not name:
        return None
    target = Path(name)
    state = state_of(target) if name == resume else None
    if name != resume and os.path.lexists(name) and not (target.is_symlink() and not target.exists()):
        raise InputError(name, "exists already; go on with it by --resume, or name another file")
    if not target.absolute().parent.is_dir():
        raise InputError(name, "cannot be written: its folder does not exist; make it first, or name another")
    check_writable(target)
    return _Keeper(target, state)


def _terminal(stream: Any, plain: bool) -> Any:
    from formatpicker.base.terminal import LiveTerminal, is_dumb

    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    accessible = os.environ.get("ACCESSIBLE", "0") not in ("", "0")
    return LiveTerminal(stream, plain or accessible or is_dumb())


def _say_kept(keeper: _Keeper | None, unsaved: str) -> None:
    from formatpicker.base.terminal import notify

    if unsaved:
        notify(f"\nStopped. Your last answers are not saved: {unsaved}")
    elif keeper:
        notify(f"\nStopped. Your answers are in {keeper.target}; go on with: formatpicker ask --resume {keeper.target}")
    else:
        notify("\nStopped.")


def _close(dialogue: Any, keeper: _Keeper | None, json: bool) -> None:
    """The result, and what can be done with it."""
    from formatpicker.advice.recommendation import recommend
    from formatpicker.cli.questionnaire_terminal import Closing, Quit

    if not json:
        closing = Closing(dialogue, str(keeper.target if keeper else ""))
        try:
            closing.run()
        except Quit:
            return
    recommendation = recommend(dialogue.interview.catalog, dialogue.interview.answers)
    if json:
        from formatpicker.base.terminal import emit_json
        from formatpicker.output.json.data import recommendation_data

        emit_json(recommendation_data(recommendation))
    raise typer.Exit(DONE if recommendation.top else NOTHING_FOUND)


def _save_new(interview: Interview, file: str) -> Callable[[Interview], None]:
    keep = _keeper(file, None)
    if keep is None:
        return lambda interview: None
    keep(interview)
    return keep

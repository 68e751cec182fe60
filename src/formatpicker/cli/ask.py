"""The questionnaire."""

from __future__ import annotations

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
    loaded_catalog,
    new_app,
)

if TYPE_CHECKING:
    from formatpicker.advice.questionnaire import Interview

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
    from formatpicker.advice.questionnaire import resumed, started
    from formatpicker.base.terminal import is_terminal
    from formatpicker.cli.questionnaire_terminal import Dialogue, Quit
    from formatpicker.errors import InputError
    from formatpicker.scoring.answer_files import read_answers

    stream = sys.stderr if json else sys.stdout
    if not (is_terminal(sys.stdin) and is_terminal(stream)):
        raise InputError("ask", "needs a terminal; without one use: formatpicker recommend FILE, or --set KEY=VALUE")
    target = _target(save, resume)
    loaded = loaded_catalog(catalog)
    interview = resumed(loaded, *read_answers(loaded, resume), quick=quick) if resume else started(loaded, quick)
    dialogue = Dialogue(interview, _terminal(stream, plain), _keeper(target))
    try:
        dialogue.run()
        _close(dialogue, target, json)
    except (Quit, KeyboardInterrupt) as stop:
        _say_kept(target)
        raise typer.Exit(DONE if isinstance(stop, Quit) else 130) from None


def _target(save: str | None, resume: str | None) -> Path | None:
    """The file that keeps the answers; one that exists is only written to where it was resumed from."""
    from formatpicker.base.files import check_writable
    from formatpicker.errors import InputError

    target = save or resume
    try:
        exists = bool(save) and save != resume and Path(str(save)).exists()
    except OSError as error:
        raise InputError(str(save), f"cannot be written ({error.strerror or error})") from None
    if exists:
        raise InputError(str(save), "exists already; go on with it by --resume, or name another file")
    if target and not Path(target).absolute().parent.is_dir():
        raise InputError(target, "cannot be written: its folder does not exist; make it first, or name another")
    if not target:
        return None
    check_writable(Path(target))
    return Path(target)


def _terminal(stream: Any, plain: bool) -> Any:
    import os

    from formatpicker.base.terminal import LiveTerminal, is_dumb

    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    accessible = os.environ.get("ACCESSIBLE", "0") not in ("", "0")
    return LiveTerminal(stream, plain or accessible or is_dumb())


def _keeper(target: Path | None) -> Callable[[Interview], None]:
    """What keeps the answers after each of them, so that even a killed session loses none."""
    from formatpicker.advice.questionnaire import draft
    from formatpicker.base.files import write_private

    def keep(interview: Interview) -> None:
        if target:
            write_private(target, draft(interview))

    return keep


def _say_kept(target: Path | None) -> None:
    from formatpicker.base.terminal import notify

    notify(
        f"\nStopped. Your answers are in {target}; go on with: formatpicker ask --resume {target}"
        if target
        else "\nStopped."
    )


def _close(dialogue: Any, target: Path | None, json: bool) -> None:
    """The result, and what can be done with it."""
    from formatpicker.advice.recommendation import recommend
    from formatpicker.cli.questionnaire_terminal import Closing, Quit

    if not json:
        closing = Closing(dialogue, _save_new, str(target or ""))
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
    keep = _keeper(_target(file, None))
    keep(interview)
    return keep

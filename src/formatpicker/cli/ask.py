"""The questionnaire."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TextIO

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
    from formatpicker.base.terminal import LiveTerminal
    from formatpicker.catalog.model import Catalog
    from formatpicker.cli.dialogue import Dialogue
    from formatpicker.cli.keeping import Keeper
    from formatpicker.output.text.document_layout import Block

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
    _Session(loaded_catalog(catalog), terminal, quick, json).run(save, resume)


class _Session:
    """One run of the questionnaire: where its answers are kept, and how it ends."""

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, quick: bool, json: bool) -> None:
        self.catalog, self.terminal, self.quick, self.json = catalog, terminal, quick, json

    def run(self, save: str | None, resume: str | None) -> None:
        """Ask, show the result and end with the code that it has."""
        dialogue = self._dialogue(save, resume)
        lead(dialogue, self.terminal, lambda: say_kept(self.keeper, self.terminal, "formatpicker ask", "--resume "))
        self._close(dialogue)

    def _dialogue(self, save: str | None, resume: str | None) -> Dialogue:
        from formatpicker.advice.questionnaire import draft
        from formatpicker.cli.closing_steps import ResultStep
        from formatpicker.cli.dialogue import Dialogue
        from formatpicker.cli.keeping import Saver
        from formatpicker.cli.question_steps import next_step

        interview = self._begun(save, resume)
        dialogue = Dialogue(interview, not self.terminal.plain, self._kept)
        dialogue.save = Saver(self._keep_in, lambda: draft(dialogue.interview), lambda: _page(dialogue))
        dialogue.result = None if self.json else ResultStep
        dialogue.go(next_step(dialogue))
        if not save and not resume:
            self._offer_draft(dialogue)
        return dialogue

    def _begun(self, save: str | None, resume: str | None) -> Interview:
        """The interview and its keeper: of a file to go on with, of a new file, or of a draft."""
        from formatpicker.advice.questionnaire import started
        from formatpicker.cli.keeping import new_draft, new_file, same_file

        if resume:
            self.keeper, data = same_file(resume)
            if save and save != resume:
                self.keeper = new_file(save)
            return self._resumed(data, resume)
        self.keeper = new_file(save) if save else new_draft()
        return started(self.catalog, self.quick)

    def _resumed(self, data: bytes, name: str) -> Interview:
        from formatpicker.advice.questionnaire import resumed
        from formatpicker.base.yaml_reader import parse_document
        from formatpicker.scoring.answer_files import answers_in

        document = parse_document(data, name)
        return resumed(self.catalog, document.data, answers_in(self.catalog, document, own_words=True), self.quick)

    def _offer_draft(self, dialogue: Dialogue) -> None:
        """Offer what an earlier session left behind, if it can still be read."""
        from formatpicker.cli.draft_step import DraftStep
        from formatpicker.cli.keeping import latest_draft
        from formatpicker.errors import FormatpickerError

        found = latest_draft()
        if found is None:
            return
        keeper, data = found
        try:
            earlier = self._resumed(data, "draft")
        except FormatpickerError:  # of another catalog, or damaged; it stays where it is
            return
        if earlier.asked:
            dialogue.go(DraftStep(dialogue, earlier, lambda: self._keep_in(keeper), keeper.drop))

    def _kept(self, interview: Interview) -> str:
        from formatpicker.advice.questionnaire import draft

        return self.keeper(draft(interview))

    def _keep_in(self, keeper: Keeper) -> None:
        """Keep the answers in another file from now on; a draft has then served its time."""
        self.keeper.retire()
        self.keeper = keeper

    def _close(self, dialogue: Dialogue) -> None:
        """What is left on the screen behind the questionnaire, and the exit code."""
        recommendation = dialogue.recommendation
        if self.json:
            from formatpicker.advice.recommendation import recommend
            from formatpicker.base.terminal import emit_json
            from formatpicker.output.json.person import recommendation_data
            from formatpicker.scoring.answers import written_answers
            from formatpicker.scoring.parsing import parse_answers

            plain = parse_answers(self.catalog, written_answers(self.catalog, dialogue.interview.answers))
            emit_json(recommendation_data(recommend(self.catalog, plain)))
        elif dialogue.live:
            from shlex import quote

            from formatpicker.output.text.screen import summary

            whole = f"formatpicker recommend {quote(str(self.keeper.path)) if self.keeper.named else 'FILE'}"
            plans = f"{whole} --pathways shows it"
            self.terminal.write(summary(recommendation, self.terminal.screen, f"{whole} --details", plans))
        if not self.keeper.named:
            self.keeper.drop()
        raise typer.Exit(DONE if recommendation.top else NOTHING_FOUND)


def _page(dialogue: Dialogue) -> tuple[str, list[Block]]:
    """The title and the blocks of the page that ``report`` writes."""
    from formatpicker.base.validity import today
    from formatpicker.output.text.person_document import TITLE, person_document

    return TITLE, person_document(dialogue.recommendation, day=today())


def lead(dialogue: Dialogue, terminal: LiveTerminal, stopped: Callable[[], None]) -> None:
    """Lead a person through a dialogue to its end; where they stop before, ``stopped`` tells what is kept.

    Raises:
        typer.Exit: They stopped, with its exit code.
    """
    from formatpicker.cli.dialogue import Quit

    try:
        if terminal.plain:
            from formatpicker.cli import plain_ask

            plain_ask.lead(dialogue, terminal)
        else:
            from formatpicker.cli import live_ask

            live_ask.lead(dialogue, terminal)
    except (Quit, KeyboardInterrupt) as stop:
        stopped()
        raise typer.Exit(DONE if isinstance(stop, Quit) else 130) from None


def say_kept(keeper: Keeper, terminal: LiveTerminal, command: str, option: str = "", what: str = "answers") -> None:
    """Where the answers or offers are now, and a command on a line of its own that goes on with them, to copy."""
    from shlex import quote

    from formatpicker.base.style import wrapped
    from formatpicker.base.terminal import notify

    path, told, shown = keeper.path, "", ""
    if path is not None and keeper.held and keeper.named:
        told, shown = f" Your {what} are in {path}. Go on with:", f"{command} {option}{quote(str(path))}"
    elif keeper.named and (keeper.spare or keeper.known):
        told = f" {path} does not hold your last {what}."
    if (keeper if keeper.spare is None else keeper.spare).held and not shown:
        told, shown = f"{told} Your {what} are kept on this computer, for you alone. Go on with:", command
    lines = wrapped(f"Stopped.{told}", terminal.screen.columns)
    notify("\n" + "\n".join([*lines, *([f"  {shown}"] if shown else [])]))


def opened_terminal(plain: bool, json: bool, command: str, instead: str) -> LiveTerminal:
    """The terminal that a person sits at.

    Raises:
        InputError: There is none; what to do instead is told.
    """
    from formatpicker.base.terminal import LiveTerminal, is_accessible, is_dumb, is_terminal
    from formatpicker.errors import InputError

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

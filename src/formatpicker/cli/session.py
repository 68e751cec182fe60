"""A run of the questionnaire at a terminal: where the answers are kept, what leads through the steps, how it ends."""

from __future__ import annotations

from collections.abc import Callable
from shlex import quote
from typing import NoReturn, TypeVar

import typer

from formatpicker.advice.questionnaire import Interview, draft, resumed, started
from formatpicker.base.terminal import LiveTerminal, emit_json, notify, wrapped
from formatpicker.base.validity import today
from formatpicker.catalog.model import Catalog
from formatpicker.cli.app import ended
from formatpicker.cli.dialogue import Dialogue, Quit, lead_plainly
from formatpicker.cli.question_steps import DraftStep, next_step
from formatpicker.cli.result_steps import ResultStep
from formatpicker.cli.saving import ANSWERS, Keeper, Saver, latest_draft, new_draft, new_file, same_file
from formatpicker.errors import FormatpickerError
from formatpicker.output.text.document_layout import Block
from formatpicker.output.text.screen import summary

Read = TypeVar("Read")


class Session:
    """One run at a terminal, of any kind.

    Attributes:
        keeper: Where what is typed is kept.
        command: Goes on with it; ``option`` stands before the name of a file.
        what: What is kept.
    """

    keeper: Keeper
    command, option, what = "formatpicker ask", "--resume ", "answers"

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, json: bool) -> None:
        self.catalog, self.terminal, self.json = catalog, terminal, json

    def lead(self, dialogue: Dialogue) -> None:
        """Lead a person through a dialogue to its end.

        Raises:
            typer.Exit: They stopped before; where what they typed is now has been told.
        """
        try:
            if self.terminal.plain:
                lead_plainly(dialogue, self.terminal)
            else:
                from formatpicker.cli import live_ask

                live_ask.lead(dialogue, self.terminal)
        except (Quit, KeyboardInterrupt) as stop:
            self._say_kept()
            raise typer.Exit(0 if isinstance(stop, Quit) else 130) from None

    def left_behind(self, stem: str, read: Callable[[bytes], Read]) -> tuple[Keeper, Read] | None:
        """What an earlier session left behind, if it can still be read."""
        found = latest_draft(stem)
        if found is None:
            return None
        keeper, data = found
        try:
            return keeper, read(data)
        except FormatpickerError:  # of another catalog, or damaged; it stays where it is
            return None

    def _say_kept(self) -> None:
        """Where the answers or offers are now, and a command on a line of its own that goes on with them, to copy."""
        keeper, path, told, shown = self.keeper, self.keeper.path, "", ""
        if path is not None and keeper.held and keeper.named:
            told, shown = (
                f" Your {self.what} are in {path}. Go on with:",
                f"{self.command} {self.option}{quote(str(path))}",
            )
        elif keeper.named and (keeper.spare or keeper.known):
            told = f" {path} does not hold your last {self.what}."
        if (keeper if keeper.spare is None else keeper.spare).held and not shown:
            told += f" Your {self.what} are kept on this computer, for you alone. Go on with:"
            shown = self.command
        lines = wrapped(f"Stopped.{told}", self.terminal.screen.columns)
        notify("\n" + "\n".join([*lines, *([f"  {shown}"] if shown else [])]))

    def keep_in(self, keeper: Keeper) -> None:
        """Keep what is typed in another file from now on; a draft has then served its time."""
        self.keeper.retire()
        self.keeper = keeper

    def end(self, found: bool) -> NoReturn:
        """End with the exit code that the result has, and say which file holds what was typed.

        A draft has served its time.
        """
        if not self.keeper.named:
            self.keeper.drop()
        elif self.keeper.held:
            told = f"Your {self.what} are in {self.keeper.path}."
            notify("\n".join(wrapped(told, self.terminal.screen.columns)))
        raise ended(found)


class AnswersSession(Session):
    """A run of the questionnaire; a ``quick`` one asks only what can still change the result."""

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, json: bool, quick: bool) -> None:
        super().__init__(catalog, terminal, json)
        self.quick = quick

    def run(self, save: str | None, resume: str | None) -> None:
        """Ask, show the result and end with the code that it has."""
        dialogue = Dialogue(self._begun(save, resume), not self.terminal.plain, lambda each: self.keeper(draft(each)))
        dialogue.save = Saver(self.keep_in, lambda: draft(dialogue.interview), lambda: _page(dialogue))
        dialogue.result = None if self.json else ResultStep
        dialogue.go(next_step(dialogue))
        found = None if save or resume else self.left_behind(ANSWERS, lambda data: self._resumed(data, "draft"))
        if found is not None and found[1].asked:
            keeper, earlier = found
            dialogue.go(DraftStep(dialogue, earlier, lambda: self.keep_in(keeper), keeper.drop))
        self.lead(dialogue)
        self._close(dialogue)

    def _begun(self, save: str | None, resume: str | None) -> Interview:
        """The interview and its keeper: of a file to go on with, of a new file, or of a draft."""
        if resume:
            self.keeper, data = same_file(resume)
            if save and save != resume:
                self.keeper = new_file(save)
            return self._resumed(data, resume)
        self.keeper = new_file(save) if save else new_draft()
        return started(self.catalog, self.quick)

    def _resumed(self, data: bytes, name: str) -> Interview:
        from formatpicker.base.yaml_reader import parse_document
        from formatpicker.scoring.answer_files import answers_in

        document = parse_document(data, name)
        return resumed(self.catalog, document.data, answers_in(self.catalog, document, own_words=True), self.quick)

    def _close(self, dialogue: Dialogue) -> None:
        """What is left on the screen behind the questionnaire, and the exit code."""
        recommendation = dialogue.recommendation
        if self.json:
            from formatpicker.advice.recommendation import recommend
            from formatpicker.output.json.person import recommendation_data
            from formatpicker.scoring.answers import written_answers
            from formatpicker.scoring.parsing import parse_answers

            plain = parse_answers(self.catalog, written_answers(self.catalog, dialogue.interview.answers))
            emit_json(recommendation_data(recommend(self.catalog, plain)))
        elif dialogue.live:
            whole = f"formatpicker recommend {quote(str(self.keeper.path)) if self.keeper.named else 'FILE'}"
            plans = f"{whole} --pathways shows it"
            self.terminal.write(summary(recommendation, self.terminal.screen, f"{whole} --details", plans))
        self.end(bool(recommendation.top))


def _page(dialogue: Dialogue) -> tuple[str, list[Block]]:
    """The title and the blocks of the page that ``report`` writes."""
    from formatpicker.output.text.person_document import TITLE, person_document

    return TITLE, person_document(dialogue.recommendation, day=today())

"""A run at a terminal: what is asked for, where it is kept, what is written at the end, and how the run ends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer

from formatpicker.advice.questionnaire import Interview, draft, resumed, started
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.new_file import write_private
from formatpicker.base.terminal import LiveTerminal, emit_json, notify, wrapped
from formatpicker.base.validity import today
from formatpicker.catalog.model import Catalog
from formatpicker.cli.app import ended
from formatpicker.cli.dialogue import Dialogue, Quit, Step, lead_plainly
from formatpicker.cli.saving import (
    ANSWERS,
    Keeper,
    check_new,
    latest_draft,
    named_file,
    new_draft,
    new_file,
    same_file,
)
from formatpicker.errors import FormatpickerError, InputError
from formatpicker.output.text.screen import summary

if TYPE_CHECKING:
    from formatpicker.output.text.document_layout import Block

Draft = TypeVar("Draft")
# The endings of files that keep what was typed, and of pages, each written as ``report`` writes it.
KEPT = ("", ".yaml", ".yml", ".json")
PAGES = (".html", ".htm", ".md", ".pdf")


class Session(Dialogue):
    """One run at a terminal, of any kind; the files that it wrote itself it may write again.

    Attributes:
        keeper: Where what is typed is kept.
        command: Goes on with it; ``option`` stands before the name of a file.
        stem: What its drafts are called.
    """

    command, option, stem = "formatpicker ask", "--resume ", ANSWERS

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, json: bool) -> None:
        super().__init__(live=not terminal.plain)
        self.catalog, self.terminal, self.json = catalog, terminal, json
        self.keeper = Keeper(None, named=False)
        self._written: dict[Path, Keeper] = {}
        self._pages: dict[Path, bytes] = {}

    @abstractmethod
    def text(self) -> str:
        """What was typed, as a file keeps it."""

    @abstractmethod
    def page(self) -> tuple[str, list[Block]]:
        """The title and the blocks of the page that ``report`` writes."""

    @abstractmethod
    def close(self) -> bool:
        """Print what is left on the screen behind the steps; whether something suits the person."""

    def run(self) -> NoReturn:
        """Lead the person through the steps to the end.

        Raises:
            typer.Exit: With the exit code that the result has, or since they stopped before; where what they typed is
                now has been told.
        """
        try:
            if self.terminal.plain:
                lead_plainly(self, self.terminal)
            else:
                from formatpicker.cli import live_ask

                live_ask.lead(self, self.terminal)
        except (Quit, KeyboardInterrupt) as stop:
            self._say_kept()
            raise typer.Exit(0 if isinstance(stop, Quit) else 130) from None
        found = self.close()
        if not self.keeper.named:  # a draft has served its time
            self.keeper.drop()
        elif self.keeper.held:
            self._tell(f"Your {self.what} are in {self.keeper.path}.")
        raise ended(found)

    def left_behind(self, read: Callable[[bytes], Draft]) -> tuple[Keeper, Draft] | None:
        """What an earlier session left behind, if it can still be read."""
        found = latest_draft(self.stem)
        if found is None:
            return None
        keeper, data = found
        try:
            return keeper, read(data)
        except FormatpickerError:  # of another catalog, or damaged; it stays where it is
            return None

    def keep(self) -> str:
        """Keep what is typed so far; a problem in doing so is given back."""
        return self.keeper(self.text())

    def keep_in(self, keeper: Keeper) -> None:
        """Keep what is typed in another file from now on; a draft has then served its time."""
        self.keeper.retire()
        self.keeper = keeper

    def save(self, name: str) -> str:
        """Write the file that keeps what was typed or, by the ending of the name, a page; what to say of it.

        Raises:
            InputError: The file cannot be written, or something else is there.
        """
        path = named_file(name)
        ending = path.suffix.casefold()
        if ending in PAGES:
            self._save_page(path, name)
            return f"Saved the page to {name}."
        if ending not in KEPT:
            raise InputError(
                name, f"has an unknown ending; use .yaml for what you typed, {', '.join(PAGES)} for the page"
            )
        keeper = self._written.get(path) or new_file(name, self.stem)
        problem = keeper(self.text())
        if problem:
            return problem
        self._written[path] = keeper
        self.keep_in(keeper)
        return f"Saved to {name}. Go on with it later: {self.command} {self.option}{quote(name)}"

    def _save_page(self, path: Path, name: str) -> None:
        from formatpicker.output.html import rendered

        page = rendered(*self.page(), name)
        data = page.encode() if isinstance(page, str) else page
        known = self._pages.get(path)
        if known is None:
            check_new(path, name, "name another file")
        write_private(path, data, known)
        self._pages[path] = data

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
        self._tell(f"Stopped.{told}", before="\n", shown=shown)

    def _tell(self, text: str, before: str = "", shown: str = "") -> None:
        lines = wrapped(text, self.terminal.screen.columns)
        notify(before + "\n".join([*lines, *([f"  {shown}"] if shown else [])]))


class AnswersSession(Session):
    """A run of the questionnaire; a ``quick`` one asks only what can still change the result.

    Attributes:
        interview: The answers so far.
        last_status: How the formats stood when that was last written.
        result: Makes the step that shows the result; None where the result is not for the screen.
    """

    def __init__(
        self,
        catalog: Catalog,
        terminal: LiveTerminal,
        json: bool = False,
        quick: bool = False,
        result: Callable[[AnswersSession], Step] | None = None,
    ) -> None:
        super().__init__(catalog, terminal, json)
        self.quick, self.result, self.last_status = quick, None if json else result, ""
        self.interview = started(catalog, quick)
        self._known: Recommendation | None = None

    def open(self, save: str | None, resume: str | None) -> None:
        """Keep answers in a file to go on with, in a new one, or in a draft."""
        if resume:
            self.keeper, data = same_file(resume)
            self.interview = self.resumed(data, resume)
        if save and save != resume:
            self.keeper = new_file(save)
        elif not resume:
            self.keeper = new_draft()

    def begin_anew(self) -> None:
        """Throw away what the draft holds, and go on with nothing answered."""
        self.keeper.drop()
        self.keeper, self.interview = new_draft(), started(self.catalog, self.quick)

    def resumed(self, data: bytes, name: str = "draft") -> Interview:
        """The interview that a file keeps.

        Raises:
            FormatpickerError: It holds no answers of this catalog.
        """
        from formatpicker.base.yaml_reader import parse_document
        from formatpicker.scoring.answer_files import answers_in

        document = parse_document(data, name)
        return resumed(self.catalog, document.data, answers_in(self.catalog, document, own_words=True), self.quick)

    def _say_kept(self) -> None:
        if self.keeper.named or self.interview.answers.values:
            super()._say_kept()
        else:
            self.keeper.drop()
            self._tell("Stopped. Nothing was answered, so nothing is kept.", before="\n")

    def changed(self, interview: Interview) -> str:
        """Go on with another state of the interview; a problem in keeping it is given back."""
        self.interview = interview
        return self.keep()

    @property
    def recommendation(self) -> Recommendation:
        """What would be recommended now."""
        if self._known is None or self._known.answers is not self.interview.answers:
            self._known = recommend(self.catalog, self.interview.answers)
        return self._known

    def text(self) -> str:
        """The answers as a file."""
        return draft(self.interview)

    def page(self) -> tuple[str, list[Block]]:
        """The result as a page."""
        from formatpicker.output.text.person_document import TITLE, person_document

        return TITLE, person_document(self.recommendation, day=today())

    def close(self) -> bool:
        """Print the result, and how to see all of it."""
        if self.json:
            from formatpicker.output.json.person import recommendation_data
            from formatpicker.scoring.answers import written_answers
            from formatpicker.scoring.parsing import parse_answers

            plain = parse_answers(self.catalog, written_answers(self.catalog, self.interview.answers))
            emit_json(recommendation_data(recommend(self.catalog, plain)))
        elif self.live:
            whole = f"formatpicker recommend {quote(str(self.keeper.path)) if self.keeper.named else 'FILE'}"
            plans = f"{whole} --pathways shows it"
            self.terminal.write(summary(self.recommendation, self.terminal.screen, f"{whole} --details", plans))
        return bool(self.recommendation.top)

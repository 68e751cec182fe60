"""Offers asked for one after the other, on a terminal: offers --ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formatpicker.advice.offer_questionnaire import OfferNotes, notes_of, notes_text
from formatpicker.advice.offers import parse_offers
from formatpicker.advice.questionnaire import started
from formatpicker.base.validity import today
from formatpicker.base.yaml_reader import parse_document
from formatpicker.cli.dialogue import Dialogue
from formatpicker.cli.keeping import OFFERS, Keeper, Saver, latest_draft, named_file, new_draft, new_file, same_file
from formatpicker.cli.offer_steps import Desk, first_step
from formatpicker.cli.session import Session
from formatpicker.errors import FormatpickerError, InputError
from formatpicker.output.text.offers import TITLE, offers_page

if TYPE_CHECKING:
    from formatpicker.advice.offers import Offer
    from formatpicker.base.terminal import LiveTerminal
    from formatpicker.catalog.model import Catalog
    from formatpicker.output.text.document_layout import Block
    from formatpicker.scoring.answers import Answers

EARLIER = "These are the offers that you wrote down earlier, kept on this computer for you alone."
ENDINGS = (".yaml", ".yml", ".json")


class OffersSession(Session):
    """A run that asks for offers."""

    option, what = "", "offers"

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, json: bool, answers: Answers, command: str) -> None:
        """``command`` goes on with what was written down, with the name of its file behind it."""
        super().__init__(catalog, terminal, json)
        self.answers, self.command = answers, command

    def run(self, file: str | None) -> None:
        """Ask, show the comparison and end with the code that it has."""
        said = self._begin(file)
        dialogue = Dialogue(started(self.catalog), not self.terminal.plain)
        dialogue.save = Saver(self.keep_in, lambda: notes_text(self.desk.notes), self._page, self.command)
        dialogue.go(first_step(dialogue, self.desk), said)
        self.lead(dialogue)
        self._close(dialogue)

    def _begin(self, file: str | None) -> str:
        """Begin with a file, a draft or nothing; a word on what there is already."""
        notes, said = OfferNotes(self.catalog, self.answers), ""
        if file is not None:
            self.keeper, offers = self._file(file)
            notes = notes_of(self.catalog, self.answers, offers)
        else:
            self.keeper = new_draft(OFFERS)
            found = self._draft()
            if found is not None:
                self.keeper, notes = found
                said = EARLIER
        self.desk = Desk(notes, lambda text: self.keeper(text), today())
        return said

    def _file(self, name: str) -> tuple[Keeper, tuple[Offer, ...]]:
        """A keeper for a file, and the offers that it holds already."""
        path = named_file(name)
        if path.suffix.casefold() not in ENDINGS:
            raise InputError(name, f"cannot be written by --ask; name a file that ends in {', '.join(ENDINGS)}")
        if not path.exists():
            return new_file(name, OFFERS), ()
        keeper, data = same_file(name, OFFERS)
        return keeper, self._read(data, name)

    def _read(self, data: bytes, name: str) -> tuple[Offer, ...]:
        document = parse_document(data, name)
        if document.data == []:
            return ()
        return parse_offers(self.catalog, document.data, document.name, document.line)

    def _draft(self) -> tuple[Keeper, OfferNotes] | None:
        """What an earlier session left behind, if it can still be read."""
        found = latest_draft(OFFERS)
        if found is None:
            return None
        keeper, data = found
        try:
            notes = notes_of(self.catalog, self.answers, self._read(data, "draft"))
        except FormatpickerError:  # of another catalog, or damaged; it stays where it is
            return None
        return (keeper, notes) if notes.complete else None

    def _page(self) -> tuple[str, list[Block]]:
        return TITLE, offers_page(self.desk.comparison, day=self.desk.today)

    def _close(self, dialogue: Dialogue) -> None:
        """What is left on the screen, and the exit code."""
        comparison = self.desk.comparison
        if self.json:
            from formatpicker.base.terminal import emit_json
            from formatpicker.output.json.offers import offers_data

            emit_json(offers_data(comparison))
        elif dialogue.live:
            from formatpicker.output.text.document_layout import to_text
            from formatpicker.output.text.offers import offers_summary

            self.terminal.write(to_text(offers_summary(comparison), self.terminal.screen.columns))
        self.end(bool(comparison.recommendation.top))

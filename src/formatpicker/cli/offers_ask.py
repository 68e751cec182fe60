"""Offers asked for one after the other, on a terminal: offers --ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from formatpicker.advice.offer_comparison import OfferComparison
from formatpicker.advice.offer_notes import FORMAT, NAME, OfferNotes, field_choices, notes_of, notes_text
from formatpicker.advice.offers import MOST_OFFERS, parse_offers
from formatpicker.base.durations import counted
from formatpicker.base.terminal import DIM, Screen, emphasized, titled, wrapped
from formatpicker.base.text import canonical, shortened
from formatpicker.base.validity import today
from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.guidance import OfferField
from formatpicker.catalog.model import find_format
from formatpicker.cli.dialogue import BACK, FINISH, SKIP, WHY, Step
from formatpicker.cli.result_steps import LastStep
from formatpicker.cli.saving import OFFERS, Keeper, named_file, new_draft, new_file, same_file
from formatpicker.cli.session import Session
from formatpicker.errors import AnswerError, InputError
from formatpicker.output.text.document_layout import Block, to_text
from formatpicker.output.text.offers import TITLE, offers_document, offers_page, offers_summary
from formatpicker.output.text.question_screen import Choice, numbered

if TYPE_CHECKING:
    from formatpicker.base.terminal import LiveTerminal
    from formatpicker.catalog.model import Catalog
    from formatpicker.scoring.answers import Answers


TAKE_OUT = "x"
HELP = "b back, s not known, ? whom to ask what, f compare now, q quit"
RESULT_PROMPT = "e change or add offers, w FILE save, Enter to finish > "
_QUESTIONS = {NAME: "What do you call this offer?", FORMAT: "What kind is it?"}
_HINTS = {
    NAME: "For example the name of the employer.",
    FORMAT: "Choose one, or type the word that the employer uses, for example: flash internship",
}
_WHY = {
    NAME: "The comparison calls the offer by this name.",
    FORMAT: "What the offer does not say is taken from what is usual for its kind.",
}
_UNKNOWN = "Not known yet"
EARLIER = "These are the offers that you wrote down earlier, kept on this computer for you alone."
ENDINGS = (".yaml", ".yml", ".json")


class OfferFieldStep(Step):
    """One thing about one offer: its name, its kind, or what it says of something that can matter."""

    dialogue: OffersSession

    def __init__(self, dialogue: OffersSession, index: int, at: int = 0) -> None:
        """The offer's place among all, and the place of what is asked among all that is."""
        super().__init__(dialogue)
        self.index, self.at, notes = index, at, dialogue.notes
        self.key = notes.keys[at]
        self.field: OfferField | None = next((each for each in notes.fields if each.id == self.key), None)
        self.given = notes.value(index, self.key)
        self.choices = numbered(self._possible())
        self.commands = {BACK: self.back, SKIP: self.skip, WHY: self.why, FINISH: self.finish}
        way = "↑↓ move · type to filter · Enter choose" if self.choices else "type it · Enter next"
        if self.key == NAME and index < len(notes.offers):
            self.commands[TAKE_OUT] = self.take_out
            way += f" · {TAKE_OUT} and Enter take this offer out"
        self.help = f"{way} · Esc back · Tab not known · ? what to ask · f and Enter compare now · Ctrl-C stop"
        self.point_at("" if self.given is None else str(self.given))

    def _possible(self) -> list[tuple[str, str]]:
        """The formats that one can apply for, or what an offer can say; what is not known comes last."""
        catalog = self.dialogue.notes.catalog
        if self.key == FORMAT:
            return [(format.id, format.name) for format in catalog.scored]
        found = field_choices(catalog, self.field) if self.field else []
        return [*found, ("", _UNKNOWN)] if found else []

    def shown(self, text: str) -> Sequence[Choice]:
        """Letters leave the choices with such words; all where there are none."""
        return self._with_words(text) or self.choices

    def _with_words(self, text: str) -> Sequence[Choice]:
        wanted = canonical(text)
        names = {each: canonical(each.label) for each in self.choices}
        return [each for each in names if names[each].startswith(wanted)] or [
            each for each in names if wanted in names[each]
        ]

    def body(self, screen: Screen) -> list[str]:
        notes = self.dialogue.notes
        name = notes.value(self.index, NAME)
        which = f"Offer {self.index + 1}{f', {name}' if name else ''}: {self.at + 1} of {len(notes.keys)}"
        question = f"{self.field.label}: what does the offer say?" if self.field else _QUESTIONS[self.key]
        hint = self._hint()
        return [
            *emphasized(DIM, which, screen.columns),
            *titled(question, screen.columns),
            *(emphasized(DIM, hint, screen.columns) if hint else []),
        ]

    def _hint(self) -> str:
        if self.field is None:
            return _HINTS[self.key]
        if self.choices:
            return "" if self.dialogue.live else "Type a number; Enter alone: not known yet."
        example = f"{self.field.example}{', yes or no' if self.field.money else ''}"
        example = f"For example: {example}. " if self.field.example else ""
        return f"{example}If you do not know it yet, press Enter."

    def foot(self, screen: Screen, text: str) -> list[str]:
        return wrapped(f"So far: {self.given} (Enter keeps it)", screen.columns) if self.given is not None else []

    def plain(self, screen: Screen) -> list[str]:
        """As any step; the letters only with the first one."""
        first = [f"[{HELP}]"] if not self.dialogue.notes.offers and not self.at else []
        return [*super().plain(screen), *first]

    def enter(self, text: str) -> None:
        """As any step; but offers may well be called A and B, so that capital letters are names and no commands."""
        if self.key == NAME and text.isupper():
            self.take(text)
        else:
            super().enter(text)

    def take(self, text: str) -> None:
        """What was typed or chosen; nothing leaves what is written, or leaves it open."""
        choice = self.highlighted(text) if self._with_words(text) else None
        if text and not self.dialogue.live:
            matches = self._with_words(text)
            choice = matches[0] if len(matches) == 1 else None
        choice = self.numbered(text) or choice
        if choice is not None:
            self._write(choice.id or None)
        elif text:
            self._write(text)
        elif self.given is not None:
            self._go_on()
        else:
            self.skip()

    def skip(self) -> None:
        """Not known; an offer has a name in any case, and must have a kind."""
        if self.key == FORMAT:
            self.dialogue.said = "Choose the kind that comes nearest: what the offer leaves open is taken from it."
        else:
            self._write(f"Offer {self.index + 1}" if self.key == NAME else None)

    def _write(self, value: str | None) -> None:
        notes = self.dialogue.notes
        try:
            if self.key == FORMAT and value is not None:
                value = find_format(notes.catalog, value).id
            problem = self.dialogue.change(notes.with_value(self.index, self.key, value))
        except AnswerError as error:
            self.dialogue.said = f"{shortened(value)}: {error.problem}{'.' * (not error.problem.endswith('?'))}"
        else:
            self._go_on(problem)

    def _go_on(self, said: str = "") -> None:
        if self.at + 1 < len(self.dialogue.notes.keys):
            self.dialogue.go(OfferFieldStep(self.dialogue, self.index, self.at + 1), said)
        else:
            self.dialogue.go(OfferMenuStep(self.dialogue), said)

    def why(self) -> None:
        ask = f'Ask them: "{self.field.ask}"' if self.field else _WHY[self.key]
        self.dialogue.said = ask if self.dialogue.live else f"{ask} [{HELP}]"

    def finish(self) -> None:
        if self.dialogue.notes.complete:
            self.dialogue.go(ComparisonStep(self.dialogue))
        else:
            self.dialogue.said = "There is no offer to compare yet."

    def take_out(self) -> None:
        name = self.dialogue.notes.value(self.index, NAME)
        self.dialogue.change(self.dialogue.notes.without(self.index))
        self.dialogue.go(first_step(self.dialogue), f"{name} is taken out.")

    def back(self) -> None:
        if self.at:
            self.dialogue.go(OfferFieldStep(self.dialogue, self.index, self.at - 1))
        elif self.dialogue.notes.complete:
            self.dialogue.go(OfferMenuStep(self.dialogue))
        else:
            self.dialogue.said = "This is the first question."


def first_step(dialogue: OffersSession) -> Step:
    """Where it begins: at the first offer, or at what there is already."""
    return OfferMenuStep(dialogue) if dialogue.notes.complete else OfferFieldStep(dialogue, 0)


class OfferMenuStep(Step):
    """What next: compare, another offer, or one of those there are again."""

    dialogue: OffersSession
    help = "↑↓ move · Enter choose · Ctrl-C stop"

    def __init__(self, dialogue: OffersSession) -> None:
        super().__init__(dialogue)
        self.names = [str(each[NAME]) for each in dialogue.notes.offers]
        found = [("compare", "Compare them now" if len(self.names) > 1 else "See what is said of it")]
        found += [("add", "Add another offer")] if len(self.names) < MOST_OFFERS else []
        found += [(f"change {index}", f"Change {name}") for index, name in enumerate(self.names)]
        self.choices = numbered(found)
        self.commands = {FINISH: self._compare}
        self.cursor = 0 if len(dialogue.notes.complete) > 1 or len(self.choices) == 1 else 1
        self.how = f"Type a number; Enter {'adds another' if self.cursor else 'compares'}."

    def body(self, screen: Screen) -> list[str]:
        count = counted(len(self.names), "offer")
        return titled(f"You have written down {count}. What next?", screen.columns)

    def take(self, text: str) -> None:
        choice = self.chosen(text)
        if choice is None:
            self.dialogue.said = f"Type a number from 1 to {len(self.choices)}."
        elif choice.id == "compare":
            self._compare()
        else:
            index = len(self.names) if choice.id == "add" else int(choice.id.removeprefix("change "))
            self.dialogue.go(OfferFieldStep(self.dialogue, index))

    def _compare(self) -> None:
        self.dialogue.go(ComparisonStep(self.dialogue))


class ComparisonStep(LastStep):
    """The comparison, and what can be done with it."""

    dialogue: OffersSession
    help = "↑↓ and Page Up/Down scroll · e change or add offers · w save · Enter finish"
    prompt, letters = RESULT_PROMPT, "e"

    def __init__(self, dialogue: OffersSession) -> None:
        super().__init__(dialogue, lambda screen: to_text(offers_document(dialogue.comparison), screen.columns))

    def back(self) -> None:
        self.dialogue.go(OfferMenuStep(self.dialogue))


class OffersSession(Session):
    """A run that asks for offers; ``notes`` are those so far."""

    option, stem, what = "", OFFERS, "offers"
    notes: OfferNotes

    def __init__(self, catalog: Catalog, terminal: LiveTerminal, json: bool, answers: Answers, command: str) -> None:
        """``command`` goes on with what was written down, with the name of its file behind it."""
        super().__init__(catalog, terminal, json)
        self.answers, self.command, self.today = answers, command, today()
        self._compared: tuple[OfferNotes, OfferComparison] | None = None

    def change(self, notes: OfferNotes) -> str:
        """Go on with other offers; a problem in keeping them is given back."""
        self.notes = notes
        return self.keep()

    @property
    def comparison(self) -> OfferComparison:
        """The offers compared."""
        if self._compared is None or self._compared[0] is not self.notes:
            self._compared = (self.notes, OfferComparison(self.catalog, self.answers, self.notes.parsed(), self.today))
        return self._compared[1]

    def begin(self, file: str | None) -> None:
        """Go to the first step of a run that keeps offers in a file, or goes on with those it holds."""
        earlier = None
        if file is not None:
            self.keeper, self.notes = self._file(file)
        else:
            earlier = self.left_behind(lambda data: self._notes(data, "draft"))
            earlier = earlier if earlier and earlier[1].complete else None
            self.keeper, self.notes = earlier or (new_draft(OFFERS), self._notes())
        self.go(first_step(self), EARLIER if earlier else "")

    def _file(self, name: str) -> tuple[Keeper, OfferNotes]:
        """A file that a person named, which may hold offers already."""
        path = named_file(name)
        if path.suffix.casefold() not in ENDINGS:
            raise InputError(name, f"cannot be written by --ask; name a file that ends in {', '.join(ENDINGS)}")
        if not path.exists():
            return new_file(name, OFFERS), self._notes()
        keeper, data = same_file(name, OFFERS)
        return keeper, self._notes(data, name)

    def _notes(self, data: bytes = b"[]", name: str = "") -> OfferNotes:
        document = parse_document(data, name)
        offers = parse_offers(self.catalog, document.data, name, document.line) if document.data != [] else ()
        return notes_of(self.catalog, self.answers, offers)

    def text(self) -> str:
        """The offers as a file."""
        return notes_text(self.notes)

    def page(self) -> tuple[str, list[Block]]:
        """The comparison as a page."""
        return TITLE, offers_page(self.comparison, day=self.today)

    def close(self) -> bool:
        """Print the comparison, and what to ask next."""
        if self.json:
            from formatpicker.base.terminal import emit_json
            from formatpicker.output.json.offers import offers_data

            emit_json(offers_data(self.comparison))
        elif self.live:
            self.terminal.write(to_text(offers_summary(self.comparison), self.terminal.screen.columns))
        return bool(self.comparison.recommendation.top)

"""Steps behind the questions: the result, formats compared, texts to read, saving."""

from __future__ import annotations

from collections.abc import Callable

from formatpicker.advice.recommendation import recommend
from formatpicker.base.style import BOLD, Screen, marked, wrapped
from formatpicker.cli.dialogue import BACK, QUIT, Dialogue, Quit, Step
from formatpicker.cli.question_steps import ReviewStep
from formatpicker.cli.try_steps import TryStep, adjustable
from formatpicker.errors import FormatpickerError
from formatpicker.output.text.pathway import pathway_lines
from formatpicker.output.text.question_screen import choice_lines, numbered
from formatpicker.output.text.screen import details, summary

RESULT_PROMPT = "d details, t try, c compare, p plans, e edit, w FILE save, Enter to finish > "


class ReadingStep(Step):
    """A text that may be longer than the screen, with the key that pagers end with."""

    takes_text = False

    def __init__(self, dialogue: Dialogue, text: Callable[[Screen], str], after: Step | None = None) -> None:
        super().__init__(dialogue, after)
        self.text, self.top, self.page = text, 0, 1
        self.commands = {BACK: self.back, QUIT: self.back}

    def body(self, screen: Screen) -> list[str]:
        """As much of the text as fits, from where one is."""
        self.page = screen.height
        lines = self.text(Screen(screen.width, self.page + 1, screen.unicode)).splitlines()
        self.top = max(0, min(self.top, len(lines) - self.page))
        return lines[self.top : self.top + self.page]

    def move(self, by: int, text: str) -> None:
        """Scroll."""
        self.top = max(0, self.top + by)

    def space(self, text: str) -> bool:
        """A page on."""
        self.top += self.page
        return True


class LastStep(ReadingStep):
    """A text that the questions lead to; one can go back to what was typed, save it, and stop.

    Attributes:
        letters: The commands that stand before ``w FILE``.
        what: What a file of one's own keeps.
    """

    letters = ""
    what = "answers"

    def __init__(self, dialogue: Dialogue, text: Callable[[Screen], str]) -> None:
        super().__init__(dialogue, text)
        self.commands |= {"e": self.back, "w": self.save, QUIT: self.quit}

    def save(self) -> None:
        """To a file that is asked for."""
        self.dialogue.go(SaveStep(self, self.what))

    def quit(self) -> None:
        """Stop here."""
        raise Quit

    def plain(self, screen: Screen) -> list[str]:
        return self.text(screen).splitlines()

    def take(self, text: str) -> None:
        """Nothing: done. ``w FILE`` saves at once."""
        command, _, argument = text.partition(" ")
        if not text:
            self.dialogue.ended = True
        elif command.casefold() == "w" and argument.strip():
            self.dialogue.said = saved(self.dialogue, argument.strip())
        else:
            self.dialogue.said = f"Type {self.letters}, w with the name of a file, or Enter."


class ResultStep(LastStep):
    """The answer, and what can be done with it."""

    help = "d all reasons · t try other answers · c compare · p plans · e edit · w save · Enter finish"
    prompt, letters = RESULT_PROMPT, "d, t, c, p, e"

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue, lambda screen: summary(dialogue.recommendation, screen, "d", "p shows it"))
        self.commands |= {"d": self.details, "t": self.try_others, "c": self.compare, "p": self.pathways}

    def details(self) -> None:
        """Every reason, check and source."""
        recommendation = recommend(self.dialogue.interview.catalog, self.dialogue.interview.answers)
        show(self, lambda screen: details(recommendation, screen))

    def pathways(self) -> None:
        """Plans of several formats."""
        found = self.dialogue.recommendation
        show(self, lambda screen: "\n".join([*pathway_lines(found.pathways, screen.columns), ""]))

    def compare(self) -> None:
        """Two formats side by side."""
        self.dialogue.go(CompareStep(self))

    def try_others(self) -> None:
        """One answer moved along its scale."""
        questions = adjustable(self.dialogue.recommendation)
        if questions:
            self.dialogue.go(TryStep(self, questions))

    def back(self) -> None:
        """To the answers."""
        self.dialogue.go(ReviewStep(self.dialogue))


def show(after: Step, text: Callable[[Screen], str]) -> None:
    """A text to read: page by page where the screen can be drawn anew, else written out."""
    dialogue = after.dialogue
    if dialogue.live:
        dialogue.go(TextStep(dialogue, text, after))
    else:
        dialogue.told.append(text)


class TextStep(ReadingStep):
    """A text to read and to come back from."""

    help = "↑↓ and Page Up/Down scroll · Enter or Esc back"

    def take(self, text: str) -> None:
        self.back()


class CompareStep(Step):
    """Two formats to put side by side; at first the best and the next."""

    help = "↑↓ move · space pick two · Enter compare · Esc back"
    prompt = "Two numbers, Enter for the first two, b back > "
    most_picks = 2

    def __init__(self, after: Step) -> None:
        super().__init__(after.dialogue, after)
        self.choices = numbered((each.id, each.name) for each in self.dialogue.recommendation.entries)
        self.commands = {BACK: self.back}
        self.cursor = 0 if self.dialogue.live else None
        self.picks = [each.id for each in self.choices[:2]]

    def body(self, screen: Screen) -> list[str]:
        return [marked(BOLD, "Which two formats?")]

    def plain(self, screen: Screen) -> list[str]:
        """As any step, with the formats one below the other."""
        return [*self.body(screen), *(line for lines in choice_lines(self.choices, screen.columns) for line in lines)]

    def take(self, text: str) -> None:
        """Two numbers, or those that are picked."""
        numbers = {str(each.number): each.id for each in self.choices}
        chosen = [numbers[each] for each in text.replace(",", " ").split() if each in numbers] if text else self.picks
        if len(set(chosen)) != 2:
            self.dialogue.said = "Pick two different ones."
            return
        from formatpicker.output.text.table import comparison

        recommendation = self.dialogue.recommendation
        formats = [recommendation.catalog.formats[id] for id in chosen]
        self.back()
        show(self.dialogue.step, lambda screen: comparison(recommendation.catalog, formats, screen, recommendation))


class SaveStep(Step):
    """The name of a file."""

    help = "type a name · Enter save · Esc back"
    prompt = "File > "

    def __init__(self, after: Step, what: str) -> None:
        """Where to go on, and what a file of one's own keeps."""
        super().__init__(after.dialogue, after)
        self.what = what

    def body(self, screen: Screen) -> list[str]:
        text = (
            f"A name that ends in .yaml keeps your {self.what}; .html, .md or .pdf writes the page to keep or to send."
        )
        return [marked(BOLD, "Save to which file?"), *wrapped(text, screen.columns)]

    def take(self, text: str) -> None:
        said = saved(self.dialogue, text) if text else ""
        self.back()
        self.dialogue.said = said


def saved(dialogue: Dialogue, name: str) -> str:
    """Save under a name; what to say of it."""
    try:
        return dialogue.save(name)
    except FormatpickerError as error:
        return str(error)

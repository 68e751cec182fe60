"""Steps behind the questions: the result, other answers tried, formats compared, texts to read, saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formatpicker.advice.answer_ranges import round_answers
from formatpicker.advice.questionnaire import openings, typed_answer
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.terminal import BOLD, Screen, marked, titled, wrapped
from formatpicker.catalog.criteria import AnswerKind, Question, RuleKind
from formatpicker.cli.dialogue import BACK, QUIT, Dialogue, Quit, Step
from formatpicker.cli.question_steps import ReviewStep
from formatpicker.cli.session import AnswersSession
from formatpicker.errors import AnswerError, FormatpickerError
from formatpicker.output.text.format_words import pathway_lines
from formatpicker.output.text.question_screen import choice_problem, numbered, openings_text, scale_line, standing_lines
from formatpicker.output.text.screen import details, summary
from formatpicker.output.text.sentences import proposed_text
from formatpicker.scoring.answers import Said, answer_text

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
        self.top = max(0, self.top + by)

    def space(self, text: str) -> bool:
        self.top += self.page
        return True


class LastStep(ReadingStep):
    """A text that the questions lead to; one can go back to what was typed, save it, and stop.

    Attributes:
        letters: The commands that stand before ``w FILE``.
    """

    letters = ""

    def __init__(self, dialogue: Dialogue, text: Callable[[Screen], str]) -> None:
        super().__init__(dialogue, text)
        self.commands |= {"e": self.back, "w": lambda: dialogue.go(SaveStep(dialogue, self)), QUIT: self.quit}

    def quit(self) -> None:
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

    dialogue: AnswersSession
    help = "d all reasons · t try other answers · c compare · p plans · e edit · w save · Enter finish"
    prompt, letters = RESULT_PROMPT, "d, t, c, p, e"

    def __init__(self, dialogue: AnswersSession) -> None:
        super().__init__(dialogue, lambda screen: summary(dialogue.recommendation, screen, "d", "p shows it"))
        self.commands |= {
            "d": lambda: show(self, lambda screen: details(dialogue.recommendation, screen)),
            "t": self.try_others,
            "c": lambda: dialogue.go(CompareStep(self)),
            "p": self.pathways,
        }

    def pathways(self) -> None:
        found = self.dialogue.recommendation
        show(self, lambda screen: "\n".join([*pathway_lines(found.pathways, screen.columns), ""]))

    def try_others(self) -> None:
        """Go on to the answers that can be moved along a scale: limits that are numbers or durations."""
        asked = self.dialogue.interview.catalog.questions.values()
        limits = [each for each in asked if each.rule and each.rule.kind is RuleKind.LIMIT]
        if scales := [each for each in limits if each.answer is not AnswerKind.CHOICE]:
            self.dialogue.go(TryStep(self, scales))

    def back(self) -> None:
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

    dialogue: AnswersSession
    help = "↑↓ move · space pick two · Enter compare · Esc back"
    prompt = "Two numbers, Enter for the first two, b back > "
    most_picks = 2
    listed = True

    def __init__(self, after: ResultStep) -> None:
        super().__init__(after.dialogue, after)
        self.choices = numbered((each.id, each.name) for each in self.dialogue.recommendation.entries)
        self.commands = {BACK: self.back}
        self.cursor = 0 if self.dialogue.live else None
        self.picks = [each.id for each in self.choices[:2]]

    def body(self, screen: Screen) -> list[str]:
        return [marked(BOLD, "Which two formats?")]

    def take(self, text: str) -> None:
        """Two numbers, or those that are picked."""
        numbers = {str(each.number): each.id for each in self.choices}
        chosen = [numbers[each] for each in text.replace(",", " ").split() if each in numbers] if text else self.picks
        if len(set(chosen)) != 2:
            self.dialogue.said = "Pick two different ones."
            return
        from formatpicker.output.text.catalog import comparison

        recommendation = self.dialogue.recommendation
        formats = [recommendation.catalog.formats[id] for id in chosen]
        self.back()
        show(self.dialogue.step, lambda screen: comparison(recommendation.catalog, formats, screen, recommendation))


class SaveStep(Step):
    """The name of a file."""

    help = "type a name · Enter save · Esc back"
    prompt = "File > "

    def body(self, screen: Screen) -> list[str]:
        what = self.dialogue.what
        text = f"A name that ends in .yaml keeps your {what}; .html, .md or .pdf writes the page to keep or to send."
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


# --- other answers tried ---------------------------------------------------------------------------------------------


class TryStep(Step):
    """One number moved along its scale, with the standings under it."""

    dialogue: AnswersSession
    help = "←→ less or more · ↑↓ another question · or type a value · Enter keep it · Esc leave it"
    prompt = "Another value, o for the next question, b back, Enter keeps it > "

    def __init__(self, after: ResultStep, questions: Sequence[Question]) -> None:
        super().__init__(after.dialogue, after)
        self.questions, self.at = questions, 0
        self.tried: dict[str, int] = {}
        self.commands = {BACK: self.back, "o": lambda: self.move(1, "")}

    @property
    def question(self) -> Question:
        return self.questions[self.at]

    @property
    def stops(self) -> list[int]:
        """Where the mark can stand: round values, and what was answered or typed."""
        value = self.value
        return sorted([*(each for each in round_answers(self.question) if each != value), value])

    @property
    def value(self) -> int:
        """The value tried; at first the answer, or the least where there is none."""
        given = self.dialogue.interview.answers.get(self.question.id)
        first = given if isinstance(given, int) else round_answers(self.question)[0]
        return self.tried.get(self.question.id, first)

    @property
    def _is_open(self) -> bool:
        """Whether no value counts: none was answered, and none was tried yet."""
        id = self.question.id
        return id not in self.tried and self.dialogue.interview.answers.get(id) is None

    @property
    def trial(self) -> Recommendation:
        interview = self.dialogue.interview
        return recommend(interview.catalog, interview.answers.with_values(interview.catalog, self.tried))

    def body(self, screen: Screen) -> list[str]:
        """The value on its scale, what it opens, and how the formats would stand."""
        found = self.dialogue.interview.outlook.table
        value, places = self.value, self.stops
        shown = None if self._is_open else value
        meaning = openings_text(self.question, openings(found, self.trial.answers, self.question), shown)
        return [
            *titled(f"What if? {self._told()}", screen.columns),
            "",
            *([scale_line(places, places.index(value), screen)] if self.dialogue.live else []),
            *(wrapped(meaning, screen.columns) if meaning else []),
            "",
            *self._standings(screen),
        ]

    def _told(self) -> str:
        given = self.dialogue.interview.answers.get(self.question.id)
        value = self.value
        words = answer_text if isinstance(value, Said) or value == given else proposed_text
        told = f"{self.question.label}: {words(self.question, value)}"
        if self._is_open:
            return f"{self.question.label}: not answered so far"
        if given is None:
            return f"{told} (not answered so far)"
        return told if given == self.value else f"{told} instead of {answer_text(self.question, given)}"

    def _standings(self, screen: Screen) -> list[str]:
        if self.dialogue.live:
            return standing_lines(self.trial, screen)
        return [" ".join(line.split()) for line in standing_lines(self.trial, Screen(width=0, unicode=False))]

    def plain(self, screen: Screen) -> list[str]:
        return [line for line in self.body(screen) if line]

    def move(self, by: int, text: str) -> None:
        self.at = (self.at + by) % len(self.questions)
        self.dialogue.go(self)

    def left(self) -> None:
        self._step(-1)

    def right(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        places = self.stops
        at = places.index(self.value) + by
        self.tried[self.question.id] = places[max(0, min(at, len(places) - 1))]

    def take(self, text: str) -> None:
        """A value; with nothing typed, keep what was tried."""
        if text:
            try:
                answer = typed_answer(self.question, text)
            except AnswerError as error:
                self.dialogue.said = f"That does not work: {choice_problem(self.question, error)}."
            else:
                if isinstance(answer, int):
                    self.tried[self.question.id] = answer
                    self.dialogue.go(self)
            return
        interview = self.dialogue.interview
        for id, value in self.tried.items():
            interview = interview.at(id).answered(value)
        problem = self.dialogue.changed(interview) if self.tried else ""
        self.back()
        self.dialogue.said = problem

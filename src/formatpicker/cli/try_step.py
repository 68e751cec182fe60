"""Other answers tried: one number moved along its scale, with the standings under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from formatpicker.advice.answer_ranges import round_answers
from formatpicker.advice.questionnaire import openings
from formatpicker.advice.reading import typed_answer
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.quantities import Said
from formatpicker.base.style import Screen, titled, wrapped
from formatpicker.catalog.criteria import AnswerKind, Question, RuleKind
from formatpicker.cli.dialogue import BACK, Step
from formatpicker.errors import AnswerError
from formatpicker.output.text.question_screen import choice_problem, openings_text, scale_line, standing_lines
from formatpicker.output.text.sentences import proposed_text
from formatpicker.scoring.answers import answer_text


def adjustable(recommendation: Recommendation) -> list[Question]:
    """The questions whose answers can be tried along a scale: limits that are numbers or durations."""
    return [
        question
        for question in recommendation.catalog.questions.values()
        if question.rule and question.rule.kind is RuleKind.LIMIT and question.answer is not AnswerKind.CHOICE
    ]


class TryStep(Step):
    """One number moved along its scale, with the standings under it."""

    help = "←→ less or more · ↑↓ another question · or type a value · Enter keep it · Esc leave it"
    prompt = "Another value, o for the next question, b back, Enter keeps it > "

    def __init__(self, after: Step, questions: Sequence[Question]) -> None:
        super().__init__(after.dialogue, after)
        self.questions = questions
        self.tried: dict[str, int] = {}
        self.at = 0

    @property
    def question(self) -> Question:
        """The one whose answer is tried."""
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
    def trial(self) -> Recommendation:
        """What would be recommended."""
        interview = self.dialogue.interview
        answers = interview.answers
        for id, value in self.tried.items():
            answers = answers.replaced(interview.catalog, id, value)
        return recommend(interview.catalog, answers)

    @property
    def commands(self) -> dict[str, Callable[[], None]]:
        """Back, and the next question."""
        return {BACK: self.back, "o": lambda: self.move(1, "")}

    def body(self, screen: Screen) -> list[str]:
        """The value on its scale, what it opens, and how the formats would stand."""
        found = self.dialogue.interview.outlook.table
        value, places = self.value, self.stops
        meaning = openings_text(self.question, openings(found, self.trial.answers, self.question), value)
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
        if given is None:
            return f"{told} (not answered so far)"
        return told if given == self.value else f"{told} instead of {answer_text(self.question, given)}"

    def _standings(self, screen: Screen) -> list[str]:
        if self.dialogue.live:
            return standing_lines(self.trial, screen)
        return [line.replace("  ", " ").strip() for line in standing_lines(self.trial, Screen(width=0, unicode=False))]

    def plain(self, screen: Screen) -> list[str]:
        """The same without a scale."""
        return [line for line in self.body(screen) if line]

    def move(self, by: int, text: str) -> None:
        """Another question."""
        self.at = (self.at + by) % len(self.questions)
        self.dialogue.go(self)

    def left(self) -> None:
        """Less."""
        self._step(-1)

    def right(self) -> None:
        """More."""
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

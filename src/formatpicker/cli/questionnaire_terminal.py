"""The questionnaire on a terminal: one question at a time, never a dead end. What comes next is up to ``interview``.

Everything is typed and followed by Enter: no arrow keys, no raw mode. In plain mode the text is append-only, as screen
readers need it; otherwise the screen is cleared before each question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from formatpicker.advice.questionnaire import Interview
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.base.style import BOLD, DIM, YELLOW, Screen, marked, wrapped
from formatpicker.base.text import canonical
from formatpicker.catalog.model import AnswerKind, Question
from formatpicker.errors import AnswerError, FormatpickerError
from formatpicker.output.text.screen import details, summary
from formatpicker.output.text.standings import standings
from formatpicker.scoring.answers import Answer, answer_text, parse_answer

BACK, SKIP, WHY, QUIT, FINISH = "b", "s", "?", "q", "f"
WELCOME = "Answer what you can and skip the rest. Your answers stay on this computer."
HELP = "b back, s skip, ? why we ask, f finish, q quit"


class Quit(Exception):
    """The person stops here; the interview so far is carried along."""


class Terminal(Protocol):
    """A place to write marked text to and to read lines from."""

    @property
    def plain(self) -> bool:
        """Whether nothing may move the cursor."""

    @property
    def screen(self) -> Screen:
        """The size now."""

    def write(self, text: str) -> None:
        """Write text."""

    def read(self, prompt: str) -> str:
        """Read a line; raises EOFError at the end of input."""

    def clear(self) -> None:
        """Begin a fresh screen; does nothing in plain mode."""


@dataclass
class Dialogue:
    """Leads one person through an interview. ``keep`` is called with the interview after every change to it."""

    interview: Interview
    terminal: Terminal
    keep: Callable[[Interview], None] = lambda interview: None
    said: str = ""

    def run(self) -> None:
        """Ask all questions, then let the person review and change the answers.

        Raises:
            Quit: The person typed q or ended the input.
        """
        while True:
            while question := self.interview.question:
                self.ask(question)
            self.tell_what_was_saved()
            if self.review():
                return

    def ask(self, question: Question) -> None:
        """Put one question until it is answered, skipped or left."""
        self.terminal.clear()
        self.terminal.write(self.page(question))
        typed = self.read("> ")
        self.said = ""
        if typed == BACK:
            self.said = "" if self.interview.asked else "This is the first question."
            self.move(self.interview.back())
        elif typed == FINISH:
            self.move(self.interview.finished())
        elif typed == WHY:
            self.said = question.why
        elif typed == SKIP:
            self.move(self.interview.answered(None))
        elif typed:
            self.take(question, typed)
        else:
            self.enter(question)

    def enter(self, question: Question) -> None:
        """Enter alone keeps an answer that is there; otherwise it says what to do."""
        if self.interview.answers.get(question.id) is None:
            self.said = f"Type an answer, or s to skip this question ({HELP})."
        else:
            self.move(self.interview.at(question.id).answered(self.interview.answers.get(question.id)))

    def take(self, question: Question, typed: str) -> None:
        """Use what was typed as the answer and point out a new conflict, or say what is wrong with it."""
        known = {each.conflict.id for each in self.recommendation().conflicts}
        try:
            self.move(self.interview.answered(typed_answer(question, typed)))
        except AnswerError as error:
            self.said = f"That does not work: {choice_problem(question, error)}."
        else:
            new = [each.text for each in self.recommendation().conflicts if each.conflict.id not in known]
            self.said = f"Note: {new[0]} (b takes you back.)" if new else ""

    def recommendation(self) -> Recommendation:
        """What would be recommended now."""
        return recommend(self.interview.catalog, self.interview.answers)

    def tell_what_was_saved(self) -> None:
        """In a quick interview: that the questions left over cannot change the result."""
        left = len(self.interview.open_questions)
        if left and self.interview.quick:
            self.said = f"Your best fit is clear. Left out: {_questions(left)} that cannot change it."
            self.interview = self.interview.finished()

    def move(self, interview: Interview) -> None:
        """Go on with another state of the interview."""
        self.interview = interview
        self.keep(interview)

    def read(self, prompt: str) -> str:
        """A line without outer space; q and the end of input stop the interview."""
        try:
            typed = self.terminal.read(prompt).strip()
        except EOFError:
            raise Quit from None
        if typed.lower() == QUIT:
            raise Quit
        return typed.lower() if typed.lower() in (BACK, SKIP, FINISH) else typed

    def page(self, question: Question) -> str:
        """What is shown for a question: how the formats stand, the question, its options, what may be typed."""
        screen = self.terminal.screen
        columns = screen.columns
        lines = self.status()
        number = f"Question {len(self.interview.asked) + 1} of {len(self.interview.catalog.questions)}"
        lines += ["", marked(DIM, number), *(marked(BOLD, line) for line in wrapped(question.text, columns))]
        lines += option_lines(question, columns)
        given = self.interview.answers.get(question.id)
        if given is not None:
            lines += wrapped(f"Your answer: {answer_text(question, given)} (Enter keeps it)", columns)
        lines += [marked(DIM, line) for text in (hint(question), f"[{HELP}]") for line in wrapped(text, columns)]
        if self.interview.settled:
            left = _questions(len(self.interview.open_questions))
            lines += wrapped(f"Your best fit is clear: {left} more cannot change it. f finishes now.", columns)
        lines += [marked(YELLOW, line) for line in wrapped(self.said, columns)] if self.said else []
        return "\n".join(lines) + "\n"

    def status(self) -> list[str]:
        """How the formats stand so far; before the first answer, what to expect."""
        if not self.interview.answers.values:
            return wrapped(WELCOME, self.terminal.screen.columns)
        return standings(self.recommendation(), self.terminal.screen)

    def review(self) -> bool:
        """Show all answers; True where the person is content with them."""
        self.terminal.clear()
        self.terminal.write(self.review_page())
        typed = self.read("Enter shows the result; a number changes that answer; q quits > ")
        self.said = ""
        order = list(self.interview.catalog.questions)
        if typed.isdecimal() and len(typed) < 4 and 1 <= int(typed) <= len(order):
            self.change(order[int(typed) - 1])
        elif typed == BACK:
            self.move(self.interview.back())
        elif typed:
            self.said = f"Type a number from 1 to {len(order)}, or Enter."
        return not typed

    def change(self, question: str) -> None:
        """Ask one question again, then come back to the review."""
        self.move(self.interview.at(question))
        while self.interview.at_hand == question:
            self.ask(self.interview.catalog.questions[question])

    def review_page(self) -> str:
        """All questions with their answers, numbered."""
        columns = self.terminal.screen.columns
        lines = [marked(BOLD, "Your answers")]
        for number, question in enumerate(self.interview.catalog.questions.values(), 1):
            answer = self.interview.answers.get(question.id)
            text = "not answered" if answer is None else answer_text(question, answer)
            lines += wrapped(f"{question.label}: {text}", columns, f"{number:>3}  ", "     ")
        lines += [marked(YELLOW, self.said)] if self.said else []
        return "\n".join(lines) + "\n"


def _questions(count: int) -> str:
    return "1 question" if count == 1 else f"{count} questions"


def choice_problem(question: Question, error: AnswerError) -> str:
    """What is wrong with an answer, in the terms of what is on the screen."""
    count = len(question.goals or question.options)
    unknown = error.problem.startswith("not a known")
    what = "goal" if question.goals else "answer"
    return f"type a number from 1 to {count}, or the start of the {what}" if count and unknown else error.problem


def option_lines(question: Question, columns: int) -> list[str]:
    """The options of a question, numbered; goals in two columns where there is room."""
    labels = [item.label for item in question.goals or question.options]
    numbered = [f"{number:>3}  {label}" for number, label in enumerate(labels, 1)]
    half = columns // 2
    if len(labels) < 8 or max(map(len, numbered), default=0) > half:
        return [line for each, label in enumerate(labels, 1) for line in wrapped(label, columns, f"{each:>3}  ")]
    rows = (len(numbered) + 1) // 2
    right = [*numbered[rows:], ""]
    return [f"{left:<{half}}{other}".rstrip() for left, other in zip(numbered[:rows], right, strict=False)]


def hint(question: Question) -> str:
    """How to answer a question."""
    if question.answer is AnswerKind.GOALS:
        return f"Type up to {question.most:g} numbers, the most important first, for example: 3, 1"
    if question.answer is AnswerKind.CHOICE:
        return "Type a number or the start of an answer."
    example = f", for example: {question.example}" if question.example else ""
    return f"Type a number of {question.unit}{example}" if question.unit else f"Type a time{example}"


def typed_answer(question: Question, typed: str) -> Answer | None:
    """What was typed at a prompt as an answer: a number of an option, an id, a label or the start of one.

    Raises:
        AnswerError: It is none of these, or the question does not accept it.
    """
    if question.answer is AnswerKind.CHOICE:
        labels = {option.id: option.label for option in question.options}
        return parse_answer(question, _named(typed, labels))
    if question.answer is AnswerKind.GOALS:
        return _typed_goals(question, typed)
    return parse_answer(question, typed)


def _typed_goals(question: Question, typed: str) -> Answer | None:
    labels = {goal.id: goal.label for goal in question.goals}
    whole = _named(typed, labels)
    if whole in labels:
        return parse_answer(question, [whole])
    parts = (
        typed.split() if all(character in "0123456789 " for character in typed) else typed.replace(";", ",").split(",")
    )
    pairs = [part.partition("=" if "=" in part else ":") for part in parts if part.strip()]
    if pairs and all(separator for _, separator, _ in pairs):
        return parse_answer(question, {_named(name, labels): importance for name, _, importance in pairs})
    return parse_answer(question, [_named(part, labels) for part in parts if part.strip()])


def _named(typed: str, labels: dict[str, str]) -> str:
    """The id that a number, an id, a label or an unambiguous start of one stands for; else what was typed."""
    ids = list(labels)
    wanted = canonical(typed)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(ids):
        return ids[int(wanted) - 1]
    exact = [id for id in ids if wanted in (canonical(id), canonical(labels[id]))]
    starts = [id for id in ids if wanted and any(canonical(name).startswith(wanted) for name in (id, labels[id]))]
    found = exact or starts
    return found[0] if len(found) == 1 else typed.strip()


@dataclass
class Closing:
    """After the result: details, another look at the answers, saving. ``save`` returns what keeps later changes."""

    dialogue: Dialogue
    save: Callable[[Interview, str], Callable[[Interview], None]]
    saved_to: str = ""

    def run(self) -> None:
        """Show the result and what can be done with it until the person is done."""
        self.show()
        while True:
            offer = "" if self.saved_to else "w FILE save, "
            typed = self.dialogue.read(f"d details, e edit answers, {offer}Enter to finish > ")
            if not typed:
                return
            self.act(typed)

    def show(self) -> None:
        """The result on one screen."""
        terminal = self.dialogue.terminal
        terminal.clear()
        terminal.write(summary(self.dialogue.recommendation(), terminal.screen, more="d"))

    def act(self, typed: str) -> None:
        """Do what was typed."""
        terminal = self.dialogue.terminal
        command, _, argument = typed.partition(" ")
        if command == "d":
            interview = self.dialogue.interview
            terminal.write(details(recommend(interview.catalog, interview.answers), terminal.screen))
        elif command == "e":
            self.dialogue.run()
            self.show()
        elif command == "w" and argument.strip():
            self.write(argument.strip())
        else:
            terminal.write("Type d, e, w with the name of a file, or Enter.\n")

    def write(self, file: str) -> None:
        """Save the answers, there and after every later change, or say why that failed."""
        try:
            self.dialogue.keep = self.save(self.dialogue.interview, file)
        except FormatpickerError as error:
            self.dialogue.terminal.write(f"{error}\n")
        else:
            self.saved_to = file
            self.dialogue.terminal.write(f"Saved to {file}.\n")

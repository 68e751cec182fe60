"""Steps up to the result: an earlier draft, a question, what may have been meant, the answers so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from formatpicker.advice.questionnaire import Interview, matching, openings, typed_answer
from formatpicker.base.durations import counted
from formatpicker.base.terminal import BOLD, DIM, Screen, emphasized, marked, titled, wrapped
from formatpicker.base.text import shortened
from formatpicker.catalog.criteria import Question
from formatpicker.cli.dialogue import BACK, FINISH, SKIP, WHY, Step
from formatpicker.cli.session import AnswersSession
from formatpicker.errors import AnswerError
from formatpicker.output.text.question_screen import (
    Choice,
    choice_problem,
    given_text,
    header,
    hint,
    numbered,
    numbered_lines,
    openings_text,
    order_text,
    progress_text,
    so_far,
)
from formatpicker.scoring.answers import Answer, Goals, answer_text
from formatpicker.scoring.parsing import is_no_answer

WELCOME = "Answer what you can and skip the rest. Your answers stay on this computer."
HELP = "b back, s skip, ? why we ask, f finish, q quit"
REVIEW_PROMPT = "Enter shows the result; a number changes that answer; q quits > "


def begin(session: AnswersSession, save: str | None, resume: str | None) -> None:
    """Go to the first step of a run that keeps answers in the file ``save``, or goes on with those of ``resume``."""
    session.open(save, resume)
    found = None if save or resume else session.left_behind(session.resumed)
    if found is not None and found[1].answers.values:
        session.keeper, session.interview = found
        session.go(DraftStep(session))
        return
    if found is not None:  # one without an answer keeps nothing
        found[0].drop()
    session.go(next_step(session))


class QuestionStep(Step):
    """One question. While ``editing`` it leads back to the answers instead of on to the next question."""

    dialogue: AnswersSession

    def __init__(self, dialogue: AnswersSession, question: Question, editing: bool = False) -> None:
        super().__init__(dialogue)
        self.question, self.editing = question, editing
        self.given = dialogue.interview.answers.get(question.id)
        self.choices = numbered((each.id, each.label) for each in question.choices)
        self.commands = {BACK: self.back, SKIP: self.skip, WHY: self.why, FINISH: self.finish}
        self.most_picks = int(question.most) if question.goals else 0
        self.picks = list(self.given.shares) if isinstance(self.given, Goals) and self.given.ranked else []
        way = "type an answer · Enter next"
        if self.most_picks:
            way = "↑↓ move · space pick · +/- change the order · type to filter · Enter next"
        elif self.choices:
            way = "↑↓ move · type to filter · Enter choose"
        self.help = f"{way} · Esc back · Tab skip · ? why · Ctrl-C stop"
        self.point_at(self.picks[0] if self.picks else self.given)
        self._openings = openings(dialogue.interview.outlook.table, dialogue.interview.answers, question)

    def shown(self, text: str) -> Sequence[Choice]:
        """Letters leave those with such words; a number leaves all and is shown under the cursor."""
        if not self.choices or not _filters(text):
            return self.choices
        left = {each.id for each in matching(self.question, text)}
        return [each for each in self.choices if each.id in left] or self.choices

    def highlighted(self, text: str) -> Choice | None:
        """The choice under the cursor, or the one whose number is being typed."""
        typed = self.numbered(text.strip())
        return typed if typed and self.cursor is not None else super().highlighted(text)

    def head(self, screen: Screen) -> list[str]:
        # The second line is there from the start, so that the question never moves.
        interview, status = self.dialogue.interview, so_far(self.dialogue.recommendation, screen)
        second = [status] if interview.answers.values else wrapped(WELCOME, screen.columns)
        return [*header(interview, screen), *second, ""]

    def body(self, screen: Screen) -> list[str]:
        how = hint(self.question, self.dialogue.live)
        return titled(self.question.text, screen.columns) + (emphasized(DIM, how, screen.columns) if how else [])

    def foot(self, screen: Screen, text: str) -> list[str]:
        """The order of the goals, where formats open, the answer that stands, and when it is clear already."""
        said = []
        picked = self.picks and self.dialogue.live
        if picked:
            said.append(f"Your order: {order_text(self.question, self.picks)}")
        said.append(self.meaning(text))
        if self.choices and _filters(text) and not matching(self.question, text):
            said.append("No answer here has these words.")
        if self.given is not None and not picked:
            said.append(f"Your answer: {given_text(self.question, self.given)} (Enter keeps it)")
        said.append(self.settled())
        return [line for each in filter(None, said) for line in wrapped(each, screen.columns)]

    def meaning(self, text: str) -> str:
        """Where formats open and close, with what is being typed if it can be read."""
        if not self._openings:
            return ""
        try:
            answer = typed_answer(self.question, text) if text.strip() else self.given
        except AnswerError:
            answer = None
        return openings_text(self.question, self._openings, cast(int | None, answer))

    def settled(self) -> str:
        """That the best fit is clear, where it is."""
        left = self.dialogue.interview.open_questions
        if self.editing or not left or not self.dialogue.interview.settled:
            return ""
        if not self.dialogue.recommendation.top:
            return "Nothing is open with these answers: f and Enter show what would help."
        more = "1 more question refines" if len(left) == 1 else f"{len(left)} more questions refine"
        return f"Your best fit is clear: f and Enter show it. {more} it."

    def plain(self, screen: Screen) -> list[str]:
        """As any step, with how far one is and how the formats stand; the letters only with the first question."""
        interview = self.dialogue.interview
        first = not interview.asked and not self.editing
        lines = [WELCOME, ""] if first else []
        status = so_far(self.dialogue.recommendation, screen)
        if status != self.dialogue.last_status:
            self.dialogue.last_status = status
            lines += [status] if status else []
        lines += [f"Question {progress_text(interview)}", *wrapped(self.question.text, screen.columns)]
        lines += numbered_lines(self.choices, screen.columns)
        lines += wrapped(hint(self.question, self.dialogue.live), screen.columns)
        return [*lines, *self.foot(screen, ""), *([f"[{HELP}]"] if first else [])]

    def take(self, text: str) -> None:
        """An answer that was typed, or with nothing typed the one that is picked, highlighted or there already."""
        by_words = self.choices and _filters(text) and matching(self.question, text)
        choice = self.highlighted(text) if not text or by_words else None
        if self.most_picks and choice is not None and (text or not self.picks):
            self.toggle(choice.id)
            if not text:
                self.dialogue.said = "Picked. Enter goes on; space picks more, in the order that matters to you."
        elif self.picks and not text:
            self.read(";".join(self.picks))
        elif choice is not None:
            self.read(choice.id)
        elif text:
            self.read(text)
        elif self.given is not None:
            self.accept(self.given)
        else:
            self.dialogue.said = f"Type an answer, or s to skip this question ({HELP})."

    def read(self, text: str) -> None:
        """Take a text as the answer, ask what is meant, or say what is wrong with it."""
        try:
            answer = typed_answer(self.question, text)
        except AnswerError as error:
            problem = choice_problem(self.question, error)
            if is_no_answer(self.dialogue.interview.catalog, self.question, text):
                self.skip()
            elif error.candidates:
                self.dialogue.go(ClarifyStep(self, text, error))
            else:
                # Some problems begin with a verb of their own.
                wrong = problem.split()[0] in ("not", "out", "longer", "named")
                told = problem if wrong else f"no answer: {problem}"
                self.dialogue.said = f"That does not work: {shortened(text)} is {told}."
        else:
            self.accept(answer)

    def accept(self, answer: Answer | None) -> None:
        """Go on with an answer (None: passed over); a new conflict is pointed out."""
        dialogue = self.dialogue
        known = {each.conflict.id for each in dialogue.recommendation.conflicts}
        problem = dialogue.changed(dialogue.interview.at(self.question.id).answered(answer))
        new = [each.text for each in dialogue.recommendation.conflicts if each.conflict.id not in known]
        told = [f"Note: {new[0]} ({'Esc' if dialogue.live else 'b'} takes you back.)"] if new else []
        if not dialogue.live and isinstance(answer, Goals) and answer.ranked and len(answer.shares) > 1:
            told.append(f"Your order: {order_text(self.question, list(answer.shares))}")
        said = " ".join(filter(None, [*told, problem]))
        dialogue.go(ReviewStep(dialogue) if self.editing else next_step(dialogue), said)

    def skip(self) -> None:
        self.accept(None)

    def why(self) -> None:
        more = "Enter or Esc closes this; f and Enter: show the result now; q and Enter: stop."
        self.dialogue.said = f"{self.question.why} ({more})" if self.dialogue.live else self.question.why

    def finish(self) -> None:
        """Go on to the answers, whatever is open."""
        before = self.dialogue.interview
        problem = self.dialogue.changed(before.finished())
        self.dialogue.go(ReviewStep(self.dialogue, before=before), problem)

    def back(self) -> None:
        dialogue, before = self.dialogue, self.dialogue.interview.back()
        if self.editing:
            dialogue.go(ReviewStep(dialogue))
        elif before is dialogue.interview:
            dialogue.said = "This is the first question."
        else:
            dialogue.interview = before
            dialogue.go(next_step(dialogue))


def _filters(text: str) -> bool:
    """Whether what is typed narrows the choices: words do, numbers and lists do not."""
    return bool(text.strip()) and not any(each in "0123456789,;:=" for each in text)


def next_step(dialogue: AnswersSession) -> Step:
    """The next question; where none is left, the answers."""
    question = dialogue.interview.question
    if question is not None:
        return QuestionStep(dialogue, question)
    return ReviewStep(dialogue, left_out=len(dialogue.interview.open_questions))


class ClarifyStep(Step):
    """What was typed may mean several things, or was nearly something: ask which."""

    def __init__(self, asked: QuestionStep, typed: str, error: AnswerError) -> None:
        super().__init__(asked.dialogue, asked)
        self.asked, self.typed, self.candidates = asked, typed, error.candidates
        self.choices = numbered((each, self._label(each)) for each in self.candidates)
        self.commands = {BACK: self.back, SKIP: asked.skip}
        only = len(self.candidates) == 1
        self.asks = "Did you mean this?" if only else "Which do you mean?"
        self.how = "Enter takes it; or type another answer." if only else "Type a number."
        self.help = f"↑↓ move · Enter {'yes' if only else 'choose'} · Esc back to the question · Ctrl-C stop"
        self.cursor = 0 if asked.dialogue.live or only else None

    def _label(self, candidate: str) -> str:
        question = self.asked.question
        try:
            answer = typed_answer(question, candidate)
        except AnswerError:
            return candidate
        own_word = answer is None or candidate in (question.words or {})
        return candidate if own_word else answer_text(question, cast(Answer, answer))

    def body(self, screen: Screen) -> list[str]:
        return titled(f"You typed {shortened(self.typed)}. {self.asks}", screen.columns)

    def take(self, text: str) -> None:
        """One of the candidates, or a new answer to the question itself."""
        chosen = self.chosen(text) if not text or len(self.candidates) > 1 else None
        self.dialogue.go(self.asked)
        self.asked.read(chosen.id if chosen else text) if chosen or text else self.asked.take("")


class ReviewStep(Step):
    """All answers in the order in which they were asked; any can be changed."""

    dialogue: AnswersSession
    help = "Enter shows the result · ↑↓ and Enter change an answer · Esc back · Ctrl-C stop"
    prompt = REVIEW_PROMPT
    listed = True

    def __init__(self, dialogue: AnswersSession, left_out: int = 0, before: Interview | None = None) -> None:
        """``left_out`` counts the questions that are passed over now; ``before`` is where the way back leads."""
        super().__init__(dialogue)
        self.left_out, self.before = left_out, before
        if left_out:
            dialogue.interview = dialogue.interview.finished()
        self.choices = numbered((id, self._line(id)) for id in dialogue.interview.in_order)
        self.commands = {BACK: self.back}

    def _line(self, id: str) -> str:
        interview = self.dialogue.interview
        question, answer = interview.catalog.questions[id], interview.answers.get(id)
        return f"{question.label}: {'not answered' if answer is None else given_text(question, answer)}"

    def body(self, screen: Screen) -> list[str]:
        return [marked(BOLD, "Your answers")]

    def foot(self, screen: Screen, text: str) -> list[str]:
        """In a quick interview: that the questions left over cannot change the result."""
        if not self.left_out:
            return []
        left = counted(self.left_out, "question")
        return wrapped(f"Your best fit is clear. Left out: {left} that cannot change it.", screen.columns)

    def take(self, text: str) -> None:
        """Nothing: the result. A number: that answer again."""
        chosen = self.chosen(text)
        if chosen is not None:
            question = self.dialogue.interview.catalog.questions[chosen.id]
            self.dialogue.interview = self.dialogue.interview.at(question.id)
            self.dialogue.go(QuestionStep(self.dialogue, question, editing=True))
        elif text:
            self.dialogue.said = f"Type a number from 1 to {len(self.choices)}, or Enter."
        elif self.dialogue.result is not None:
            self.dialogue.go(self.dialogue.result(self.dialogue))
        else:
            self.dialogue.ended = True

    def back(self) -> None:
        before = self.before or self.dialogue.interview.back()
        if before is not self.dialogue.interview:
            self.dialogue.interview = before
            self.dialogue.go(next_step(self.dialogue))


class DraftStep(Step):
    """An earlier session left answers behind, which the session holds now: go on with them or not."""

    dialogue: AnswersSession
    help = "↑↓ move · Enter choose · Ctrl-C stop"
    how = "Type a number; Enter goes on with them."
    choices = numbered([("on", "Go on with them"), ("anew", "Start anew and delete them")])
    cursor = 0

    def body(self, screen: Screen) -> list[str]:
        """What there is, without the answers themselves: somebody else may be sitting here now."""
        count = counted(len(self.dialogue.interview.answers.values), "answer")
        return titled(f"You stopped earlier with {count}, kept on this computer for you alone.", screen.columns)

    def take(self, text: str) -> None:
        chosen = self.chosen(text)
        if chosen is None:
            self.dialogue.said = "Type 1 or 2."
            return
        if chosen.id == "anew":
            self.dialogue.begin_anew()
        self.dialogue.go(next_step(self.dialogue))

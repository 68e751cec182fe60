"""Parts of the questionnaire's screens: how far one is, how the formats stand, the options, the scale of a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, cast

from formatpicker.advice.questionnaire import Interview, Opening
from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.terminal import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, bar, marked, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.errors import AnswerError
from formatpicker.output.text.sentences import proposed_text
from formatpicker.scoring.answers import Goals, Said, answer_text, own_text
from formatpicker.scoring.ranking import score_text

# Before that many answers a standing says more about the questions than about the person.
LEAST_ANSWERS = 3
NAME = "formatpicker"
_LEAST_BAR = 8


class Choice(NamedTuple):
    """One line that can be chosen: what it stands for, the number it is typed by, and its words."""

    id: str
    number: int
    label: str


def numbered(found: Iterable[tuple[str, str]]) -> list[Choice]:
    """Ids and words as choices, numbered from 1."""
    return [Choice(id, number, label) for number, (id, label) in enumerate(found, 1)]


def progress_text(interview: Interview) -> str:
    """How far one is: ``6 of about 10``."""
    number, about = interview.number, interview.expected
    if about is None:
        return f"{number}"
    return f"{number} of {interview.at_most}" if interview.settled else f"{number} of about {about}"


def header(interview: Interview, screen: Screen) -> list[str]:
    """The name of the program and how far one is, with a bar where there is room, on one line."""
    text = f"Question {progress_text(interview)}"
    room = min(20, screen.columns - len(NAME) - len(text) - 6)
    about = interview.expected and (interview.at_most if interview.settled else interview.expected)
    drawn = f"{bar((interview.number - 1) / about, room, screen.unicode)}  " if about and room >= _LEAST_BAR else ""
    gap = " " * max(1, screen.columns - len(NAME) - len(drawn) - len(text))
    line = f"{NAME}{gap}{drawn}{text}"
    fitting = next((each for each in (line, text) if len(each) <= screen.columns), progress_text(interview))
    return [marked(DIM, fitting)]


def so_far(recommendation: Recommendation, screen: Screen) -> str:
    """How the formats stand, best first, in one line; empty while too little is answered."""
    if len(recommendation.answers.values) < LEAST_ANSWERS:
        return ""
    ranking = recommendation.ranking
    if all(entry.rank is None for entry in ranking):
        return "So far: every format is ruled out"
    closed = [entry.name.lower() for entry in ranking if entry.rank is None]
    between = " · " if screen.unicode else ", "
    for shot in (" (long shot)", ""):  # the marks give way first, then the last formats
        named = [
            f"{entry.name.lower()} {score_text(entry.assessment)}{shot * bool(entry.long_shots)}"
            for entry in ranking
            if entry.rank is not None and entry.assessment.scale
        ]
        named += [f"{joined(closed)} ruled out"] if closed else []
        if len(line := f"So far: {between.join(named)}") <= screen.columns:
            return line
    while named and len(line) > screen.columns:
        line = f"So far: {between.join(named := named[:-1])}"
    return line if named else ""


def standing_lines(recommendation: Recommendation, screen: Screen) -> list[str]:
    """A short line for each core format: its name, a bar and its score, or that it is ruled out."""
    width = max(len(entry.name) for entry in recommendation.ranking)
    room = max(0, min(30, screen.columns - width - 20))
    lines = []
    for entry in recommendation.ranking:
        name = f"  {entry.name:<{width}}  "
        if entry.rank is None:
            lines.append(marked(RED, f"{name}ruled out"))
        elif entry.assessment.scale:
            drawn = bar(entry.assessment.total / entry.assessment.scale, room, screen.unicode)
            shot = "  long shot" * bool(entry.long_shots)
            colour = YELLOW if shot else GREEN if entry.rank == 1 else CYAN
            lines.append(f"{name}{marked(colour, drawn)} {score_text(entry.assessment):>3}{shot}")
        else:
            lines.append(f"{name}nothing to score yet")
    return lines


def choice_lines(
    choices: Sequence[Choice], columns: int, cursor: int | None = None, picks: Sequence[str] | None = None
) -> list[list[str]]:
    """The lines of each choice: a mark where the cursor is, its number, and its place among the picks."""
    found = []
    for index, choice in enumerate(choices):
        mark = ">" if index == cursor else " "
        place = "" if picks is None else f"{picks.index(choice.id) + 1} " if choice.id in picks else "- "
        first = f" {mark}{choice.number:>2}  {place}"
        lines = wrapped(choice.label, columns, first)
        emphasis = BOLD if index == cursor else GREEN if picks and choice.id in picks else ""
        found.append([marked(emphasis, line) if emphasis else line for line in lines])
    return found


def numbered_lines(choices: Sequence[Choice], columns: int) -> list[str]:
    """Numbered choices one below the other, as screen readers read them."""
    return [line for each in choices for line in wrapped(each.label, columns, f"{each.number:>3}  ")]


def order_text(question: Question, goals: Sequence[str]) -> str:
    """The goals in their order: ``1 Finished work to show, 2 Steady earnings``."""
    labels = {goal.id: goal.label for goal in question.goals}
    return ", ".join(f"{place} {labels[id]}" for place, id in enumerate(goals, 1))


def given_text(question: Question, answer: object) -> str:
    """An answer as it was given; ranked goals with their places."""
    if isinstance(answer, Goals) and answer.ranked and len(answer.shares) > 1:
        return order_text(question, list(answer.shares))
    return own_text(question, cast(int, answer))


def openings_text(question: Question, found: Sequence[Opening], answer: int | None) -> str:
    """What opens and closes along a number, such as ``6 hours: a micro-internship. From 10 hours an internship opens``.

    Without an answer only where something opens; empty where no answer rules anything out.
    """

    def told(level: int) -> str:
        return answer_text(question, level) if isinstance(level, Said) else proposed_text(question, level)

    if answer is None:
        steps = [each for each in found if each.least > min(one.least for one in found)]
        first = joined([each.format.phrase for each in found if each not in steps])
        start = f"From {told(found[0].least)}: {first}. " if steps else ""
        return (start + _opening(steps, told) + _closing(found, told)).strip()
    is_open = [each.format.phrase for each in found if each.least <= answer <= each.most]
    later = [each for each in found if each.least > answer]
    now = f"{told(answer)}: {joined(is_open) if is_open else 'too little for any format'}. "
    return capitalized((now + _opening(later, told) + _closing(found, told)).strip())


def _opening(later: Sequence[Opening], told: Callable[[int], str]) -> str:
    parts: list[str] = []
    for level in dict.fromkeys(each.least for each in later):
        phrases = [each.format.phrase for each in later if each.least == level]
        opens = "" if parts else " opens" if len(phrases) == 1 else " open"
        parts.append(f"from {told(level)} {joined(phrases)}{opens}")
    return f"{capitalized(', '.join(parts))}. " if parts else ""


def _closing(found: Sequence[Opening], told: Callable[[int], str]) -> str:
    most = max((each.most for each in found), default=0)
    parts = [f"over {told(each.most)} {each.format.phrase} closes" for each in found if each.most < most]
    return f"{capitalized(', '.join(parts))}." if parts else ""


def scale_line(stops: Sequence[int], at: int, screen: Screen) -> str:
    """A line with a mark at one of some stops."""
    room = max(10, min(60, screen.columns - 4))
    place = round(at * (room - 1) / max(1, len(stops) - 1))
    line, mark = ("─", "●") if screen.unicode else ("-", "o")
    return f"  {line * place}{marked(BOLD, mark)}{line * (room - 1 - place)}"


def hint(question: Question, live: bool) -> str:
    """How to answer a question; on a live screen the keys say the rest."""
    if question.answer is AnswerKind.GOALS and live:
        return f"Up to {question.most:g}, the most important first."
    if question.answer is AnswerKind.GOALS:
        return f"Type up to {question.most:g} numbers, the most important first, for example: 3, 1"
    if question.answer is AnswerKind.CHOICE:
        return "" if live else "Type a number or the start of an answer."
    example = f", for example: {question.example}" if question.example else ""
    return f"Type a number of {question.unit}{example}" if question.unit else f"Type a time{example}"


def choice_problem(question: Question, error: AnswerError) -> str:
    """What is wrong with an answer, in the terms of what is on the screen."""
    count = len(question.choices)
    unknown = error.problem.startswith("not a known")
    what = "goal" if question.goals else "answer"
    return (
        f"not one of these: type a number from 1 to {count}, or the start of the {what}" if unknown else error.problem
    )

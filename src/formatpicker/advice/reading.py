"""What was typed at a question: numbers of options, starts of words and lists become what the one parser reads."""

from __future__ import annotations

from collections.abc import Sequence

from formatpicker.base.text import canonical
from formatpicker.catalog.criteria import AnswerKind, Goal, Option, Question
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer
from formatpicker.scoring.doubt import in_doubt
from formatpicker.scoring.parsing import as_said

_DIGITS = frozenset("0123456789 ")


def typed_answer(question: Question, typed: str) -> Answer | None:
    """What was typed at a prompt as an answer: a number of an option, an id, a label, a word of it or the start of one.

    Raises:
        AnswerError: It is none of these, or the question does not accept it. Where it may mean one of several,
            ``candidates`` are what could be typed instead.
    """
    try:
        if question.answer is AnswerKind.CHOICE:
            return as_said(question, named(question, typed))
        return _typed_goals(question, typed) if question.answer is AnswerKind.GOALS else as_said(question, typed)
    except AnswerError as error:
        part = str(error.value or "").strip()
        if part and part != typed.strip():
            error.candidates = tuple(typed.replace(part, each, 1) for each in error.candidates)
        raise


def _typed_goals(question: Question, typed: str) -> Answer | None:
    whole = typed if set(typed) <= _DIGITS else named(question, typed, doubt=False)
    if whole in question.goal_ids:
        return as_said(question, [whole])
    parts = typed.split() if set(typed) <= _DIGITS else typed.replace(";", ",").split(",")
    pairs = [part.partition("=" if "=" in part else ":") for part in parts if part.strip()]
    if pairs and all(separator for _, separator, _ in pairs):
        return as_said(question, {named(question, name): importance for name, _, importance in pairs})
    return as_said(question, [named(question, part) for part in parts if part.strip()])


def named(question: Question, typed: str, doubt: bool = True) -> str:
    """The id of the option or goal that was typed; what was typed where there is none.

    Raises:
        AnswerError: Several begin like that, and ``doubt`` is to be told.
    """
    choices, wanted = question.choices, canonical(typed)
    if wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(choices):
        return choices[int(wanted) - 1].id
    exact = question.ids_by_name.get(wanted)
    if exact is not None or wanted in (question.words or {}):
        return exact or typed.strip()
    found = matching(question, typed)
    if len(found) > 1 and doubt:
        raise in_doubt(question, typed.strip(), [each.id for each in found])
    return found[0].id if len(found) == 1 else typed.strip()


def matching(question: Question, typed: str) -> Sequence[Option | Goal]:
    """The options or goals that a text may mean: those whose name begins with it, else those with such words in it."""
    wanted = canonical(typed)
    if not wanted:
        return question.choices
    names = {each.id: [canonical(each.label), canonical(each.id)] for each in question.choices}
    for word, meanings in (question.words or {}).items():
        for id in meanings:
            names[id].append(word)
    starts = [each for each in question.choices if any(name.startswith(wanted) for name in names[each.id])]
    return starts or [each for each in question.choices if _has_words(" ".join(names[each.id]), wanted.split())]


def _has_words(name: str, wanted: list[str]) -> bool:
    """Whether each wanted word begins some word of a name."""
    words = name.replace("(", " ").replace(",", " ").split()
    return all(any(word.startswith(each) for word in words) for each in wanted)

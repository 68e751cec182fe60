"""What people answered, in few words that can be counted: options, goals, and bands of numbers and durations."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import cast

from formatpicker.base.durations import parse_days
from formatpicker.batch.summary import Key
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, Goals

# Where one band of durations ends and the next one begins; numbers have a band for each ten.
_ENDS = ("1 week", "4 weeks", "3 months", "6 months", "1 year", "2 years")
_DAYS = [cast(int, parse_days(end)) for end in _ENDS]
_STEP = 10


def answer_keys(catalog: Catalog, answers: Answers) -> list[Key]:
    """All that one person's answers count under."""
    keys: list[Key] = []
    for id, answer in answers.values.items():
        if isinstance(answer, Goals):
            keys += [("answered", id, goal) for goal in answer.shares]
            most = max(answer.shares.values())
            first = [goal for goal, share in answer.shares.items() if share == most]
            keys += [("first goal", id, first[0])] if len(first) == 1 else []
        else:
            keys.append(("answered", id, band_of(catalog.questions[id], answer)))
    return keys


def answer_labels(question: Question) -> dict[str, str]:
    """What can be counted of a question, in order, with a label for each."""
    if question.choices:
        return {each.id: each.label for each in question.choices}
    return {str(band): label for band, label in enumerate(_band_labels(question))}


def band_of(question: Question, answer: Answer) -> str:
    """What an answer to a question counts as: the option, or the number of the band."""
    return answer if isinstance(answer, str) else str(bisect_right(_edges(question), cast(float, answer)))


def _edges(question: Question) -> list[int]:
    if question.answer is AnswerKind.DURATION:
        return _DAYS
    return [*range(int(question.least) // _STEP * _STEP + _STEP, int(question.most) + 1, _STEP)]


def _band_labels(question: Question) -> list[str]:
    edges = _edges(question)
    if question.answer is AnswerKind.DURATION:
        between = [f"{low} to less than {high}" for low, high in pairwise(_ENDS)]
        return [f"less than {_ENDS[0]}", *between, f"{_ENDS[-1]} or more"]
    if not edges:
        return [f"{question.least:g} to {question.most:g}"]
    between = [f"{low} to {high - 1}" for low, high in pairwise(edges)]
    return [f"less than {edges[0]}", *between, f"{edges[-1]} or more"]

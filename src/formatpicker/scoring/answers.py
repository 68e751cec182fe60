"""One person's answers, and the one way to write them again; ``parsing`` reads them.

Normalised answers are whole days for durations, whole numbers for numbers (fractions are dropped, since the answer is
the most a person can give), option ids for choices and a mapping goal -> share for goals. An unanswered question is
absent; that is never the same as a low or a neutral answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

from msgspec import Struct

from formatpicker.base.durations import TODAY, counted, duration_text, duration_words, weeks_number
from formatpicker.catalog.attributes import Attribute, AttributeKind, level_text
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog

SKIP = "skip"
MOST_IMPORTANCE = 5
# What may stand beside the answers, to know a person's result again; a question of that name comes first.
ID = "id"


class Said(int):
    """A number that also knows what its person wrote, so that they get their own words back.

    ``words`` serve in sentences (``3 months`` where the days alone would read ``13 weeks``); ``written`` is the text as
    it was typed. In sums and comparisons it is the plain number.
    """

    words: str
    written: str

    def __new__(cls, number: int, words: str, written: str) -> Said:
        """The number with its words."""
        said = super().__new__(cls, number)
        said.words, said.written = words, written
        return said

    def __reduce__(self) -> tuple[type[Said], tuple[int, str, str]]:
        """What makes it again: for copies and other processes."""
        return Said, (int(self), self.words, self.written)


class Goals(Struct, frozen=True, dict=True):
    """Goals with their importance, as shares of ``total``."""

    shares: Mapping[str, int]

    def __hash__(self) -> int:
        return hash(frozenset(self.shares.items()))

    @property
    def total(self) -> int:
        """What the shares add up to."""
        return sum(self.shares.values())

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """The goals, the most important first."""
        return tuple(sorted(self.shares, key=lambda goal: -self.shares[goal]))

    @cached_property
    def ranked(self) -> bool:
        """Whether this is a ranking: n goals with the importances n..1, which are written as a list."""
        return [self.shares[goal] for goal in self.ordered] == list(range(len(self.shares), 0, -1))


Answer = int | str | Goals


class Answers(Struct, frozen=True):
    """The answered questions, in the catalog's order; ``id`` is what its person goes by, if anything."""

    values: Mapping[str, Answer]
    id: str | int | float | None = None

    def __hash__(self) -> int:
        return hash((self.id, frozenset(self.values.items())))

    def get(self, question: str) -> Answer | None:
        """The answer to a question, None where there is none."""
        return self.values.get(question)

    def replaced(self, catalog: Catalog, question: str, answer: Answer | None) -> Answers:
        """The same answers but for one; None takes it away."""
        return self.with_values(catalog, {question: answer})

    def with_values(self, catalog: Catalog, values: Mapping[str, Answer | None]) -> Answers:
        """The same answers but for some; None takes one away."""
        changed = {**self.values, **values}
        return Answers({id: value for id in catalog.questions if (value := changed.get(id)) is not None}, self.id)

    def to_dict(self, catalog: Catalog) -> dict[str, Any]:
        """The answers in the units of their questions, as ``recommend`` takes them."""
        return written_answers(catalog, self)


def written_answer(question: Question, answer: Answer) -> Any:
    """An answer as plain data that reads back to the same answer: what JSON and saved files hold."""
    if isinstance(answer, Goals):
        return list(answer.ordered) if _is_list(question, answer) else dict(answer.shares)
    return weeks_number(cast(int, answer)) if question.answer is AnswerKind.DURATION else answer


def _is_list(question: Question, goals: Goals) -> bool:
    """Whether goals are written as a ranking, which holds no more of them than the question allows."""
    return goals.ranked and len(goals.shares) <= question.most


def written_answers(catalog: Catalog, answers: Answers) -> dict[str, Any]:
    """All answers as plain data, in the catalog's order, behind the id of their person if there is one."""
    own = {} if answers.id is None else {ID: answers.id}
    return {**own, **{id: written_answer(catalog.questions[id], answer) for id, answer in answers.values.items()}}


def own_text(question: Question, answer: Answer) -> str:
    """An answer as its person gave it: what they wrote, and behind it what it was taken for where that differs."""
    text = answer_text(question, answer)
    if not isinstance(answer, Said) or answer.written.casefold() == text:
        return text
    if question.answer is not AnswerKind.DURATION and answer.written[:1].isdecimal():
        return text  # a number with its unit
    whole = " " in answer.written and duration_words(answer.written) == text
    return answer.written if whole else f"{answer.written} ({text})"


def answer_text(question: Question, answer: Answer) -> str:
    """An answer in words, for people."""
    if isinstance(answer, Goals):
        labels = {goal.id: goal.label for goal in question.goals}
        if _is_list(question, answer):
            return ", ".join(labels[goal] for goal in answer.ordered)
        return ", ".join(f"{labels[goal]} ({share} of {MOST_IMPORTANCE})" for goal, share in answer.shares.items())
    if question.answer is AnswerKind.CHOICE:
        return question.option(str(answer)).label
    if isinstance(answer, Said):
        return answer.words
    if question.answer is AnswerKind.DURATION:
        return duration_text(cast(int, answer)) if answer else TODAY
    return counted(cast(int, answer), question.unit.removesuffix("s")) if question.unit else str(answer)


def given_words(attribute: Attribute, answer: Answer) -> str:
    """An answer inside a sentence, a number in the words in which its person gave it: ``3 months``, not 13 weeks."""
    if isinstance(answer, Said):
        return answer.words if attribute.kind is AttributeKind.DURATION else str(int(answer))
    return level_text(attribute, answer) if isinstance(answer, int) else str(answer)


def plain(value: Any) -> Any:
    """What a program hands over, as JSON would have it, so that tables and arrays need no conversion.

    Numbers of NumPy, ``Decimal`` and ``Fraction`` become plain ones, arrays become lists, series become mappings. What
    stands for a missing value (NaN, ``NaT``, ``pandas.NA``) becomes None. Anything else stays as it is.
    """
    if isinstance(value, float):
        return None if value != value else float(value)
    if value is None or isinstance(value, str | int | list | tuple | Mapping):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "tolist"):  # NumPy and pandas
        listed = dict(value) if hasattr(value, "keys") else value.tolist()
        if type(listed) is not type(value):  # a long double stays what it is
            return plain(listed)
    from numbers import Number

    with contextlib.suppress(TypeError, ValueError, OverflowError):  # a complex number, or one without end
        return plain(float(value)) if isinstance(value, Number) else value  # type: ignore[arg-type]
    return value

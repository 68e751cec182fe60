"""Random people for any catalog, what must hold tried on them, and the simplest person for whom it does not.

People are seeded by names. What is checked on many of them (audit, laws, benchmarks) has to meet the places where
something turns: many numbers are drawn from the points where a verdict or the slope of a value changes, the rest from
the whole domain.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Literal, TypeVar, cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.criteria import NEED_WORDS, NOT_NEEDED, PREFERRED, AnswerKind, Question, RuleKind
from formatpicker.catalog.json_types import Answers as Written
from formatpicker.catalog.json_types import CatalogRecord, Count, Text, says
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals, written_answers
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import ranked_goals

# Percentages: how many people name goals, how many rank them rather than weigh them, how many numbers stand at a turn.
_NAME_GOALS = 85
_RANK_GOALS = 65
_AT_A_TURN = 40
# People answer from this percentage of the questions up to all of them.
_LEAST_ANSWERED = 25

# What a number is rounded to when it is made simpler, the coarsest first.
_ROUND_DAYS = (52 * DAYS_PER_WEEK, 26 * DAYS_PER_WEEK, 4 * DAYS_PER_WEEK, DAYS_PER_WEEK)
_ROUND_NUMBERS = (20, 10, 5)

T = TypeVar("T")


class SeededChoices:
    """Seeded choices that depend on nothing but a name.

    Only ``random.random`` is used: for a text seed its sequence is promised to stay the same.
    """

    def __init__(self, name: str) -> None:
        self._next = random.Random(f"formatpicker {name}").random

    def below(self, count: int) -> int:
        """A whole number from 0 up to but not including ``count``."""
        return int(self._next() * count)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < percent

    def pick(self, items: Sequence[T]) -> T:
        """One of some items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """All items in any order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]


def random_people(catalog: Catalog, count: int, seed_name: str) -> Iterator[Answers]:
    """People who answer few questions or many; the first ones are the same for every ``count``."""
    draw = SeededChoices(f"people {seed_name}")
    table = EffectTable(catalog, catalog.scored)
    return (_person(table, draw) for _ in range(count))


def _person(table: EffectTable, draw: SeededChoices) -> Answers:
    answered = _LEAST_ANSWERED + draw.below(101 - _LEAST_ANSWERED)
    catalog, answers = table.catalog, Answers({})
    # The region comes first: elsewhere verdicts turn at other points.
    for question in sorted(catalog.questions.values(), key=lambda each: not each.selects_region):
        if draw.chance(_NAME_GOALS if question.goals else answered):
            answers = answers.replaced(catalog, question.id, _answer(table, answers, question, draw))
    return answers


def _answer(table: EffectTable, answers: Answers, question: Question, draw: SeededChoices) -> Answer:
    if question.answer is AnswerKind.GOALS:
        return _goals(question, draw)
    if question.rule and question.rule.kind is RuleKind.NEED:  # with more musts hardly anybody would have a format left
        return draw.pick((*NEED_WORDS, PREFERRED, NOT_NEEDED))
    if question.answer is AnswerKind.CHOICE:
        return draw.pick(question.options).id
    return _number(table, answers, question, draw)


def _goals(question: Question, draw: SeededChoices) -> Goals:
    most = min(int(question.most), len(question.goals))
    chosen = draw.shuffled(goal.id for goal in question.goals)[: 1 + draw.below(most)]
    if draw.chance(_RANK_GOALS):
        return ranked_goals(chosen)
    shares = {id: 1 + draw.below(MOST_IMPORTANCE) for id in chosen}
    return Goals({goal.id: shares[goal.id] for goal in question.goals if goal.id in shares})


def _number(table: EffectTable, answers: Answers, question: Question, draw: SeededChoices) -> int:
    """A point where something turns, or anything: a number evenly, a duration as likely in days as in years."""
    if draw.chance(_AT_A_TURN):
        return draw.pick(breakpoints(table, answers, question))
    least, span = question.ends[0], question.ends[1] - question.ends[0]
    if question.answer is AnswerKind.DURATION:
        span = min((1 << draw.below(span.bit_length() + 1)) - 1, span)
    return least + draw.below(span + 1)


# --- the simplest person ---------------------------------------------------------------------------------------------


def simplest(catalog: Catalog, answers: Answers, holds: Callable[[Answers], bool]) -> Answers:
    """Answers for which ``holds`` is still true, with nothing left that could be dropped or made rounder."""
    while True:
        simpler = next((each for each in _simpler(catalog, answers) if holds(each)), None)
        if simpler is None:
            return answers
        answers = simpler


def size(answers: Answers) -> int:
    """How much there is to read: a goal counts as an answer."""
    return sum(len(answer.shares) if isinstance(answer, Goals) else 1 for answer in answers.values.values())


def _simpler(catalog: Catalog, answers: Answers) -> Iterator[Answers]:
    """The answers with one dropped or simplified; a chain of these steps always ends."""
    for id in answers.values:
        yield answers.replaced(catalog, id, None)
    for id, answer in answers.values.items():
        simpler: Iterable[Answer] = ()
        if isinstance(answer, Goals):
            simpler = _simpler_goals(answer)
        elif catalog.questions[id].answer in (AnswerKind.DURATION, AnswerKind.NUMBER):
            simpler = _rounder(catalog.questions[id], cast(int, answer))
        yield from (answers.replaced(catalog, id, each) for each in simpler)


def _simpler_goals(goals: Goals) -> Iterator[Goals]:
    for gone in goals.ordered if len(goals.shares) > 1 else ():
        left = {id: goals.shares[id] for id in goals.ordered if id != gone}
        yield ranked_goals(list(left)) if goals.ranked else Goals(left)
    for id, share in goals.shares.items() if not goals.ranked else ():
        for less in sorted({1, share - 1} - {0, share}):
            yield Goals({**goals.shares, id: less})


def _rounder(question: Question, number: int) -> Iterator[int]:
    """The nearest multiples of every step that is coarser than those the number is a multiple of."""
    for step in _ROUND_DAYS if question.answer is AnswerKind.DURATION else _ROUND_NUMBERS:
        if number % step == 0:
            return
        below = number - number % step
        yield from (at for at in (below, below + step) if question.ends[0] <= at <= question.ends[1])


# --- what must hold, tried on people ----------------------------------------------------------------------------------

Violations = Callable[[Catalog, Answers, SeededChoices], Iterator[str]]


class Claim(Struct, frozen=True):
    """What must hold, and what describes the violations of it.

    One in ``every`` people is asked, where that is slow. A law that draws choices gets so many ``tries`` at each person
    while a counterexample is made simpler.
    """

    statement: str
    violations: Violations
    every: int = 1
    tries: int = 1

    def check(self, catalog: Catalog, answers: Answers, draw: SeededChoices) -> str | None:
        """The first violation for one person."""
        return next(self.violations(catalog, answers, draw), None)


class Law(Struct, frozen=True):
    """A law of the method, and whether it holds."""

    law: Annotated[str, says("Id of the law.")]
    statement: Text
    people: Annotated[Count, says("Random people that it was tried on.")]
    holds: Annotated[bool, says("Whether no counterexample was found.")]
    counterexample: Annotated[Written | None, says("The simplest answers found that break it.")]
    violation: Annotated[str | None, says("What goes wrong with them.")]


class Laws(Struct, frozen=True):
    """What ``verify --json`` prints."""

    schema: Annotated[Literal["formatpicker/laws/1"], says("Name and version of this shape.")]
    catalog: Annotated[CatalogRecord, says("The catalog that was tried.")]
    holds: Annotated[bool, says("Whether all laws hold.")]
    laws: Annotated[list[Law], says("Each law.")]


def tried(catalog: Catalog, name: str, claim: Claim, crowd: list[Answers]) -> Law:
    """A law tried on some people, and the simplest person who breaks it."""
    for number, answers in enumerate(crowd):
        seed = f"{name} {number}"
        if claim.check(catalog, answers, SeededChoices(seed)):
            least, violation = _simplest(catalog, claim, answers, seed)
            return Law(name, claim.statement, number + 1, False, written_answers(catalog, least), violation)
    return Law(name, claim.statement, len(crowd), True, None, None)


def _simplest(catalog: Catalog, claim: Claim, answers: Answers, seed: str) -> tuple[Answers, str]:
    """The simplest person found for whom a law does not hold, and what goes wrong."""

    def violation(answers: Answers) -> str | None:
        seeds = [seed, *(f"{seed} {number}" for number in range(1, claim.tries))]
        return next(filter(None, (claim.check(catalog, answers, SeededChoices(each)) for each in seeds)), None)

    least = simplest(catalog, answers, lambda each: violation(each) is not None)
    return least, cast(str, violation(least))

"""What another answer would put first: each other option, goal and round number tried, alone or in pairs.

What is tried is what may turn the result. A format is worth its share of points, less a toll for every must that it
misses: one number by which open formats are ranked, and one that adds up over questions and derived quantities. It is
reckoned in floats with some slack, and whatever looks promising is run exactly afterwards: to run every pair of changes
takes 28 ms a person, this way 7.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import combinations, product
from operator import add, sub
from typing import cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import (
    Change,
    ChangedAnswer,
    Parsed,
    breakpoints,
    listed_answers,
    other_answers,
    round_answers,
    written,
)
from formatpicker.catalog.criteria import AnswerKind, Question, RuleKind
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import derived_answers, region_of

MOST_WHAT_IFS = 5

# In hundredths of a weight times thousandths of a value. One unlikely verdict costs more than the greatest share of
# points, one blocker more than all of those; the slack is more than is lost to rounding beside it.
_SLACK = 1e-2
_UNLIKELY, _BLOCKED = 1e9, 1e12
# What it is worth to recommend nothing: less than any open format, more than a blocked one.
_NOTHING = -_BLOCKED / 2

# What each rival is ahead of the leader, in the order of the table's formats, the leader left out; nothing comes last.
_Lead = tuple[float, ...]


class Gaps:
    """The gaps of one person; to recommend nothing at all is a rival too. Where several tie, every answer may turn it.

    ``top`` holds the ids of the formats that come first now.
    """

    def __init__(self, table: EffectTable, answers: Answers) -> None:
        self.table: EffectTable = table
        self.answers: Answers = answers
        first = table.standings(answers).top()
        self.top: frozenset[str] = table.named(first)
        self._leader, self._level = first[0] if first else 0, first[1:]
        # The pairs of questions that derived quantities hang on.
        self._joint = [{item.per_week, item.duration} for item in table.catalog.derived.values()]
        self._known: dict[tuple[str, Answer, str | None], _Lead] = {}

    def changed(self, change: Parsed) -> Answers:
        """The answers with a change applied."""
        return Answers({**self.answers.values, **change})

    def may_turn(self, question: str, answer: Answer) -> bool:
        """Whether another answer to one question may put another format first, or level with it, or rule all out."""
        return bool(self._level) or max(self._ahead({question: answer})) >= -_SLACK

    def pairs(self, steps: Sequence[ChangedAnswer]) -> list[tuple[ChangedAnswer, ChangedAnswer]]:
        """The pairs of steps of different questions that may put another format first.

        What two steps do adds up, but for those on which one derived quantity hangs.
        """
        now = self._ahead({})
        ahead = [self._ahead({step.question: step.answer}) for step in steps]
        gained = [tuple(map(sub, each, now)) for each in ahead]
        places: dict[str, list[int]] = {}
        for place, step in enumerate(steps):
            places.setdefault(step.question, []).append(place)
        found: list[tuple[int, int]] = []
        for one, two in combinations(places, 2):
            pairs = product(places[one], places[two])
            if self._level:
                found += pairs
            elif {one, two} in self._joint:
                answers = ((pair, {one: steps[pair[0]].answer, two: steps[pair[1]].answer}) for pair in pairs)
                found += [pair for pair, change in answers if max(self._ahead(change)) >= -_SLACK]
            else:
                found += [(at, to) for at, to in pairs if max(map(add, ahead[at], gained[to])) >= -_SLACK]
        return [(steps[first], steps[second]) for first, second in sorted(found)]

    def _ahead(self, change: Parsed) -> _Lead:
        """What each rival is ahead of the leader with a change applied."""
        answers, nothing_said = self.changed(change), (0.0,) * len(self.table.formats)
        region, derived = region_of(self.table.catalog, answers), derived_answers(self.table.catalog, answers)
        parts = [self._by_answer(id, answer, region) for id, answer in {**answers.values, **derived}.items()]
        *rivals, nothing = map(sum, zip(nothing_said, *parts, strict=True))
        return (*rivals, nothing + _NOTHING)

    def _by_answer(self, id: str, answer: Answer, region: str | None) -> _Lead:
        """What each rival is ahead by one answer, or one derived quantity, alone; memoised."""
        key = (id, answer, region)
        if key not in self._known:
            effect, unit = self.table.effect(id, answer, region), answer.total if isinstance(answer, Goals) else 1
            both = zip(effect.totals, effect.marks, strict=True)
            worth = [total / unit - self._toll(marks) for total, marks in both]
            own = worth[self._leader]
            self._known[key] = (*[each - own for at, each in enumerate(worth) if at != self._leader], -own)
        return self._known[key]

    def _toll(self, marks: int) -> float:
        return _UNLIKELY * self.table.long_shots(marks) + _BLOCKED * self.table.blocks(marks)


class WhatIf(Struct, frozen=True):
    """Changed answers and the top that they lead to.

    ``back_at`` is for the change of one number, where every round one beyond it leads to the same top or to none: the
    first round one on the way back, in the engine's unit, where another format comes first.
    """

    change: Change
    top: tuple[str, ...]
    back_at: int | None = None

    def __hash__(self) -> int:
        return hash((self.top, frozenset(self.change)))


def what_ifs(gaps: Gaps, pairs: bool = True) -> list[WhatIf]:
    """Changes of one answer that change the top, or of two where none does and ``pairs`` are wanted; at most five."""
    if not gaps.top:
        return []
    steps = _all_steps(gaps)
    near = [(step,) for step in steps if gaps.may_turn(step.question, step.answer)]
    singles = _leading_elsewhere(gaps, near)
    if singles or not pairs:
        return singles
    worth_pairing = {id: _turning_answers(gaps, id) for id in dict.fromkeys(step.question for step in steps)}
    turning = [step for step in steps if (found := worth_pairing[step.question]) is None or step.answer in found]
    return _leading_elsewhere(gaps, gaps.pairs(turning))


def ways_out(gaps: Gaps) -> list[WhatIf]:
    """Where the top is a long shot: the nearest changes of one answer that put first what is none, one a question."""
    nearest: dict[str, WhatIf] = {}
    for step in sorted(_all_steps(gaps), key=lambda step: step.distance):
        if step.question not in nearest and gaps.answers.get(step.question) is not None:
            standings = gaps.table.standings(gaps.changed({step.question: step.answer}))
            best = standings.top()
            if best and not any(standings.unlikely[index] for index in best):
                change = written(gaps.table.catalog, {step.question: step.answer})
                nearest[step.question] = WhatIf(change, tuple(sorted(gaps.table.named(best))))
    return list(nearest.values())


def turning_questions(gaps: Gaps) -> tuple[str, ...]:
    """The open questions, facts included, of which a single answer would put another format first or rule all out.

    Where several formats are level at the top, another format is one that is not among them.
    """
    if not gaps.top:
        return ()

    def turns(question: Question) -> bool:
        near = (answer for answer in _possible(gaps, question) if gaps.may_turn(question.id, answer))
        found = (gaps.table.top(gaps.changed({question.id: answer})) for answer in near)
        return any(not each or not each <= gaps.top for each in found)

    questions = gaps.table.catalog.questions
    return tuple(id for id, question in questions.items() if gaps.answers.get(id) is None and turns(question))


def _possible(gaps: Gaps, question: Question) -> Sequence[Answer]:
    """The answers to an open question: every option, every goal by itself, every round number.

    Of numbers that a window judges alike, the first stands for all.
    """
    listed = listed_answers(question)
    if listed:
        return listed
    catalog, grid = gaps.table.catalog, round_answers(question)
    derived = {id for item in catalog.derived.values() for id in (item.per_week, item.duration)}
    if question.id in derived or question.rule is None or question.rule.kind is not RuleKind.WINDOW:
        return grid
    points = breakpoints(gaps.table, gaps.answers, question)
    alike = {bisect_right(points, answer): answer for answer in reversed(grid)}
    return [*alike.values()]


def _leading_elsewhere(gaps: Gaps, moves: Sequence[tuple[ChangedAnswer, ...]]) -> list[WhatIf]:
    """Those moves that change the top, each run; of those that change the same answers to the same end, the nearest."""
    nearest: dict[tuple[tuple[str, ...], frozenset[str]], Parsed] = {}
    for steps in sorted(moves, key=lambda steps: sum(step.distance for step in steps)):
        change = {step.question: step.answer for step in steps}
        found = gaps.table.top(gaps.changed(change))
        if found and found != gaps.top:
            nearest.setdefault((tuple(change), found), change)
            if len(nearest) == MOST_WHAT_IFS:
                break
    return [
        WhatIf(written(gaps.table.catalog, change), tuple(sorted(found)), _back_at(gaps, change, found))
        for (_, found), change in nearest.items()
    ]


def _back_at(gaps: Gaps, change: Parsed, top: frozenset[str]) -> int | None:
    """The next round answer on the way back, where all beyond the proposed one lead to the same top or to none."""
    ((id, answer), *others) = change.items()
    if others or not isinstance(answer, int):
        return None
    grid = round_answers(gaps.table.catalog.questions[id])
    given = gaps.answers.get(id)
    upward = isinstance(given, int) and given < answer
    below, above = [each for each in grid if each < answer], [each for each in grid if each > answer]
    back = max(below, default=None) if upward else min(above, default=None)
    beyond = above if upward else below
    alike = all(gaps.table.top(gaps.changed({id: each})) in (top, frozenset()) for each in beyond)
    return back if alike else None


def _all_steps(gaps: Gaps) -> list[ChangedAnswer]:
    """Every way to change one answer that could matter."""
    questions = gaps.table.catalog.questions.values()
    return [step for question in questions for step in other_answers(question, gaps.answers.get(question.id))]


def _turning_answers(gaps: Gaps, id: str) -> set[Answer] | None:
    """The round answers to a question each of which is the first past a point where something turns.

    None where every answer is worth pairing: options and goals.
    """
    question = gaps.table.catalog.questions[id]
    if question.answer in (AnswerKind.GOALS, AnswerKind.CHOICE):
        return None
    given, grid = gaps.answers.get(id), round_answers(question)
    start = question.ends[1] if given is None else cast(int, given)
    found: set[Answer] = set()
    for point in breakpoints(gaps.table, gaps.answers, question):
        reached = [each for each in grid if (each >= point > start) or (each <= point < start)]
        if reached:
            found.add(min(reached) if point > start else max(reached))
    return found

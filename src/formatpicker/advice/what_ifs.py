"""What another answer would put first: each other option, goal and round number tried, alone or in pairs.

What is tried is what may turn the result. A format is worth its share of points, less a toll for every must that it
misses: one number by which open formats are ranked, and one that adds up over questions and derived quantities. It is
reckoned in floats with some slack, and whatever looks promising is run exactly afterwards. That takes half the time
for single changes, and a tenth for pairs: 3 ms a person where running every pair takes 28.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations
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
    turning_points,
    written,
)
from formatpicker.catalog.criteria import AnswerKind, Question, RuleKind, Verdict
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import derived_answer, region_of, weighed

MOST_WHAT_IFS = 5

# In hundredths of a weight times thousandths of a value. One unlikely verdict costs more than the greatest share of
# points, one blocker more than all of those; the slack is more than is lost to rounding beside it.
_SLACK = 1e-2
_TOLLS = {Verdict.FITS: 0.0, Verdict.CONDITIONAL: 0.0, Verdict.UNLIKELY: 1e9, Verdict.BLOCKED: 1e12}
# What it is worth to recommend nothing: less than any open format, more than a blocked one.
_NOTHING = -_TOLLS[Verdict.BLOCKED] / 2

# What each rival gains on the leader, in the order of the table's formats, the leader left out; nothing comes last.
_Gains = tuple[float, ...]


class _Tried(Struct, frozen=True):
    """A step, its place among all, and what each rival gains by it."""

    place: int
    step: ChangedAnswer
    without_derived: _Gains
    with_derived: _Gains


class Gaps:
    """The gaps of one person; to recommend nothing at all is a rival too. Where several tie, every answer may turn it.

    ``top`` holds the ids of the formats that come first now.
    """

    def __init__(self, table: EffectTable, answers: Answers) -> None:
        self.table: EffectTable = table
        self.answers: Answers = answers
        self._catalog, self._region = table.catalog, region_of(table.catalog, answers)
        first = table.standings(answers).top()
        self.top: frozenset[str] = table.named(first)
        self._leader, self._level = first[0] if first else 0, first[1:]
        self._items = tuple(self._catalog.derived.values())
        self._known: dict[tuple[str, Answer | None, str | None], _Gains] = {}
        self._bearing = frozenset(id for item in self._items for id in (item.per_week, item.duration))
        self._base, self._derived = self._lead({}), self._by_derived({}, self._region)
        self._apart = _less(self._base, self._derived)

    def changed(self, change: Parsed) -> Answers:
        """The answers with a change applied."""
        return Answers({**self.answers.values, **change})

    def may_turn(self, question: str, answer: Answer) -> bool:
        """Whether another answer to one question may put another format first, or level with it, or rule all out."""
        if self._level:
            return True
        if self._catalog.questions[question].selects_region:
            return max(self._lead({question: answer})) >= -_SLACK
        gained = self._with_derived(question, answer, self._gained(question, answer))
        return any(behind + gain >= -_SLACK for behind, gain in zip(self._base, gained, strict=True))

    def pairs(self, steps: Sequence[ChangedAnswer]) -> list[tuple[ChangedAnswer, ChangedAnswer]]:
        """The pairs of steps of different questions that may put another format first, as ``combinations`` has them."""
        if self._level:
            return [pair for pair in combinations(steps, 2) if pair[0].question != pair[1].question]
        tried: dict[str, list[_Tried]] = {}
        for place, step in enumerate(steps):
            apart = self._gained(step.question, step.answer)
            gains = self._with_derived(step.question, step.answer, apart)
            tried.setdefault(step.question, []).append(_Tried(place, step, apart, gains))
        most = self._most_derived()
        found = {
            pair
            for one, two in combinations(tried.values(), 2)
            for rival in range(len(self._base) - 1)  # the last is to recommend nothing
            for pair in self._close(one, two, rival, most[rival])
        }
        return [(steps[first], steps[second]) for first, second in sorted(found)]

    def _close(
        self, one: Sequence[_Tried], two: Sequence[_Tried], rival: int, most_derived: float
    ) -> Iterator[tuple[int, int]]:
        """The places of pairs by which a rival draws level; the best steps of each come first until they fall short."""
        # Questions that bear on a derived quantity change it together.
        joint = self._bearing.issuperset((one[0].step.question, two[0].step.question))
        behind, most = (self._apart[rival], most_derived) if joint else (self._base[rival], 0)

        def gain(tried: _Tried) -> float:
            return (tried.without_derived if joint else tried.with_derived)[rival]

        best = max(map(gain, two))
        firsts = [each for each in one if gain(each) + best + most >= -_SLACK - behind]
        seconds = sorted(two, key=gain, reverse=True) if firsts else ()
        for first in firsts:
            needed = -_SLACK - behind - gain(first)
            for second in seconds:
                if gain(second) + most < needed:
                    break
                change = {each.step.question: each.step.answer for each in (first, second)}
                if not joint or gain(second) + self._by_derived(change, self._region)[rival] >= needed:
                    yield first.place, second.place

    def _with_derived(self, question: str, answer: Answer, gained: _Gains) -> _Gains:
        """What each rival gains by an answer, what it does to derived quantities included."""
        if question not in self._bearing:
            return gained
        return _sum(gained, _less(self._by_derived({question: answer}, self._region), self._derived))

    def _gained(self, question: str, answer: Answer) -> _Gains:
        """What each rival gains by an answer, derived quantities left out."""
        given = self.answers.get(question)
        return _less(self._by_answer(question, answer, self._region), self._by_answer(question, given, self._region))

    def _lead(self, change: Parsed) -> _Gains:
        """What each rival is ahead with a change applied."""
        answers = self.changed(change)
        region = region_of(self._catalog, answers)
        parts = [self._by_answer(id, answer, region) for id, answer in answers.values.items()]
        *rivals, nothing = map(sum, zip(self._by_derived(change, region), *parts, strict=True))
        return (*rivals, nothing + _NOTHING)

    def _by_answer(self, id: str, answer: Answer | None, region: str | None) -> _Gains:
        """What each rival is ahead by one answer, or one derived quantity, alone; memoised."""
        found = self._known.get((id, answer, region))
        if found is None:
            worth = [0.0] * len(self.table.formats)
            unit = answer.total if isinstance(answer, Goals) else 1
            for criterion, given, weight in weighed(self._catalog, id, answer, 1) if answer is not None else ():
                for at, judge in enumerate(self.table.functions(criterion, region)):
                    _, typical, _, verdict = judge(given)
                    worth[at] += weight * typical / unit - _TOLLS[verdict]
            own = worth[self._leader]
            found = (*[each - own for at, each in enumerate(worth) if at != self._leader], -own)
            self._known[id, answer, region] = found
        return found

    def _by_derived(self, change: Parsed, region: str | None) -> _Gains:
        """What each rival is ahead by the derived quantities alone, with a change applied."""
        found, given = (0.0,) * len(self.table.formats), self.answers.values
        for item in self._items:
            per_week, days = (change.get(id, given.get(id)) for id in (item.per_week, item.duration))
            if per_week is not None and days is not None:
                quantity = derived_answer(cast("int", per_week), cast("int", days))
                found = _sum(found, self._by_answer(item.id, quantity, region))
        return found

    def _most_derived(self) -> _Gains:
        """No less than ``_by_derived`` can be: between two turning points values are linear, but for rounding down."""
        found = (0.0,) * len(self.table.formats)
        for item in self._items:
            points = {0, *turning_points(self.table, item.rule, self._region)}
            own = [self._by_answer(item.id, point, self._region) for point in points]
            found = tuple([was + max(0, *more) + item.rule.weight for was, *more in zip(found, *own, strict=True)])
        return found


def _sum(one: _Gains, two: _Gains) -> _Gains:
    return tuple(map(add, one, two))


def _less(one: _Gains, two: _Gains) -> _Gains:
    return tuple(map(sub, one, two))


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

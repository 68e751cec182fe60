"""What another answer would put first: each other option, goal and round number tried, alone or in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple, cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import breakpoints, most_answer, round_answers
from formatpicker.advice.changes import (
    FAR,
    NEWLY_ANSWERED,
    Change,
    Parsed,
    share_apart,
    with_answers,
    written,
)
from formatpicker.catalog.criteria import About, AnswerKind, Derived, Question
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals, ranking
from formatpicker.scoring.ranking import derived_answer, region_of
from formatpicker.scoring.tables import Table, unit_of

MOST_WHAT_IFS = 5

# In hundredths of a weight times thousandths of a value, where one unit is the least real difference there is.
_SLACK = 1e-3


class WhatIf(Struct, frozen=True):
    """Changed answers and the top that they lead to.

    Where one number changes and all round ones beyond it lead to the same top or, in the end, to none, ``back_at`` is
    the nearest round one on the way back, in the engine's unit: there another format comes first.
    """

    change: Change
    top: tuple[str, ...]
    back_at: int | None = None

    def __hash__(self) -> int:
        return hash((self.top, frozenset(self.change)))


class _Step(Struct, frozen=True):
    """One answer changed, and how far from the present one it is."""

    question: str
    answer: Answer
    distance: int


def what_ifs(catalog: Catalog, answers: Answers, table: Table, pairs: bool = True) -> list[WhatIf]:
    """Changes of one answer that change the top, or of two where none does and ``pairs`` are wanted; at most five."""
    top = table.top(answers)
    if not top:
        return []
    steps = [step for question in catalog.questions.values() for step in _steps(catalog, answers, question)]
    singles = _leading_elsewhere(catalog, answers, table, top, [(step,) for step in steps])
    if singles or not pairs:
        return singles
    questions = {step.question: catalog.questions[step.question] for step in steps}
    points = {id: breakpoints(catalog, answers, table, question) for id, question in questions.items()}
    turning = [
        step
        for step in steps
        if _may_turn(questions[step.question], answers.get(step.question), step, points[step.question])
    ]
    return _leading_elsewhere(catalog, answers, table, top, _promising_pairs(catalog, answers, table, turning))


def ways_out(catalog: Catalog, answers: Answers, table: Table) -> list[WhatIf]:
    """Where the top is a long shot: the nearest changes of one answer that put first what is none, one a question."""
    steps = [step for question in catalog.questions.values() for step in _steps(catalog, answers, question)]
    nearest: dict[str, WhatIf] = {}
    for step in sorted(steps, key=lambda step: step.distance):
        if step.question not in nearest and answers.get(step.question) is not None:
            standing = table.standing(answers.replaced(catalog, step.question, step.answer))
            best = standing.top()
            if best and not any(standing.unlikely[index] for index in best):
                change = written(catalog, {step.question: step.answer})
                nearest[step.question] = WhatIf(change, tuple(sorted(table.ids[index] for index in best)))
    return list(nearest.values())


def turning_questions(catalog: Catalog, answers: Answers, table: Table) -> tuple[str, ...]:
    """The open questions, facts included, of which a single answer would put another format first or rule all out.

    Where several formats are level at the top, another format is one that is not among them.
    """
    top = table.top(answers)

    def turns(question: Question) -> bool:
        found = (table.top(answers.replaced(catalog, question.id, answer)) for answer in _possible(question))
        return any(not each or not each <= top for each in found)

    return tuple(id for id, question in catalog.questions.items() if answers.get(id) is None and turns(question))


def _possible(question: Question) -> Sequence[Answer]:
    """The answers to an open question: every option, every goal by itself, every round number."""
    if question.answer is AnswerKind.GOALS:
        return [ranking([goal.id]) for goal in question.goals]
    return [option.id for option in question.options] or round_answers(question)


def _leading_elsewhere(
    catalog: Catalog, answers: Answers, table: Table, top: frozenset[str], moves: Sequence[tuple[_Step, ...]]
) -> list[WhatIf]:
    """Those moves that change the top, each run; of those that change the same answers to the same end, the nearest."""
    nearest: dict[tuple[tuple[str, ...], frozenset[str]], Parsed] = {}
    for steps in sorted(moves, key=lambda steps: sum(step.distance for step in steps)):
        change = {step.question: step.answer for step in steps}
        found = table.top(with_answers(catalog, answers, change))
        if found and found != top:
            nearest.setdefault((tuple(change), found), change)
            if len(nearest) == MOST_WHAT_IFS:
                break
    return [
        WhatIf(written(catalog, change), tuple(sorted(found)), _back_at(catalog, answers, table, change, found))
        for (_, found), change in nearest.items()
    ]


def _back_at(catalog: Catalog, answers: Answers, table: Table, change: Parsed, top: frozenset[str]) -> int | None:
    """The next round answer on the way back, where all beyond the proposed one lead to the same top or to none."""
    ((id, answer), *others) = change.items()
    if others or not isinstance(answer, int):
        return None
    grid = round_answers(catalog.questions[id])
    given = answers.get(id)
    upward = isinstance(given, int) and given < answer
    below, above = [each for each in grid if each < answer], [each for each in grid if each > answer]
    back = max(below, default=None) if upward else min(above, default=None)
    beyond = above if upward else below
    alike = all(table.top(answers.replaced(catalog, id, each)) in (top, frozenset()) for each in beyond)
    return back if alike else None


def _promising_pairs(catalog: Catalog, answers: Answers, table: Table, steps: list[_Step]) -> list[tuple[_Step, _Step]]:
    """Pairs of steps that may change the top: all that do, and few others.

    Sums over the goals' unit are additive over questions, so a pair's standing is that of its two steps put together,
    and of the quantities derived from the answers that it leads to. It is reckoned in floats with some slack, since
    whatever looks promising is run exactly afterwards.
    """
    base, *shifted = [
        _places(table, answers),
        *(_places(table, answers.replaced(catalog, s.question, s.answer)) for s in steps),
    ]
    top = set(table.standing(answers).top())
    derived = _Derived(catalog, answers, table)
    bearing, unchanged = derived.questions, derived.places({})
    found = []
    for (first, one), (second, two) in combinations(zip(steps, shifted, strict=True), 2):
        if first.question != second.question:
            also = unchanged
            if first.question in bearing or second.question in bearing:
                also = derived.places({first.question: first.answer, second.question: second.answer})
            if _may_lead_elsewhere(base, one, two, also, top):
                found.append((first, second))
    return found


class _Derived:
    """What the quantities derived from answers do to the formats, while some answers change."""

    def __init__(self, catalog: Catalog, answers: Answers, table: Table) -> None:
        self._answers, self._table, self._region = answers, table, region_of(catalog, answers)
        self._items = tuple(catalog.derived.values())
        self._known: dict[tuple[int | None, ...], list[_Place]] = {}

    @property
    def questions(self) -> frozenset[str]:
        """The questions whose answers bear on them."""
        return frozenset(id for item in self._items for id in (item.per_week, item.duration))

    def places(self, change: Parsed) -> list[_Place]:
        """How each format stands by them alone, with a change applied."""
        key = tuple([self._quantity(item, change) for item in self._items])
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._judged(key)
        return found

    def _quantity(self, item: Derived, change: Parsed) -> int | None:
        given = self._answers.values
        per_week, days = (change.get(id, given.get(id)) for id in (item.per_week, item.duration))
        return None if per_week is None or days is None else derived_answer(cast(int, per_week), cast(int, days))

    def _judged(self, quantities: tuple[int | None, ...]) -> list[_Place]:
        found = [_Place(0, 0, 0)] * len(self._table.formats)
        for item, quantity in zip(self._items, quantities, strict=True):
            if quantity is not None:
                effect = self._table.effect(item.id, quantity, self._region)
                blocks, unlikely = map(self._table.blocks, effect.marks), map(self._table.long_shots, effect.marks)
                own = zip(found, blocks, unlikely, effect.totals, strict=True)
                found = [_Place(was.blocks + a, was.unlikely + b, was.share + share) for was, a, b, share in own]
        return found


class _Place(NamedTuple):
    """How one format stands, in numbers that add up over questions and derived quantities."""

    blocks: int
    unlikely: int
    share: float


def _places(table: Table, answers: Answers) -> list[_Place]:
    standing, unit = table.standing(answers, derived=False), unit_of(answers)
    found = zip(standing.blocks, standing.unlikely, standing.totals, strict=True)
    return [_Place(blocks, unlikely, total / unit) for blocks, unlikely, total in found]


def _may_lead_elsewhere(
    base: list[_Place], one: list[_Place], two: list[_Place], also: list[_Place], top: set[int]
) -> bool:
    """Whether an open format may come before what is first, or level with it."""
    leader: tuple[int, float] | None = None
    rivals = []
    for index, (was, a, b, more) in enumerate(zip(base, one, two, also, strict=True)):
        if a[0] + b[0] + more[0] <= was[0]:
            standing = (a[1] + b[1] + more[1] - was[1], a[2] + b[2] + more[2] - was[2])
            if index in top and len(top) == 1:
                leader = standing
            else:
                rivals.append(standing)
    if leader is None:
        return bool(rivals)
    unlikely, share = leader[0], leader[1] - _SLACK
    return any(its < unlikely or (its == unlikely and own >= share) for its, own in rivals)


def _steps(catalog: Catalog, answers: Answers, question: Question) -> list[_Step]:
    """Every way to change one answer that could matter."""
    if question.about is About.FACT:
        return []
    given = answers.get(question.id)
    farther = NEWLY_ANSWERED if given is None else 0
    if question.answer is AnswerKind.GOALS:
        found = _goal_steps(question, cast(Goals | None, given))
    elif question.answer is AnswerKind.CHOICE:
        found = _option_steps(question, cast(str | None, given))
    else:
        found = _number_steps(question, cast(int | None, given))
    return [_Step(question.id, answer, farther + distance) for answer, distance in found]


def _option_steps(question: Question, given: str | None) -> list[tuple[Answer, int]]:
    ids = [option.id for option in question.options]
    at = ids.index(given) if given is not None else 0
    return [(id, abs(index - at) * FAR // len(ids)) for index, id in enumerate(ids) if id != given]


def _goal_steps(question: Question, given: Goals | None) -> list[tuple[Answer, int]]:
    """One goal dropped, added, or moved: to the front of a list, or to another importance."""
    ids = [goal.id for goal in question.goals]
    if given is None:
        return [(ranking([id]), FAR) for id in ids]
    chosen = list(given.ordered)
    others = [id for id in ids if id not in chosen]
    if not given.ranked:
        return _importance_steps(dict(given.shares), others)
    found: list[tuple[Answer, int]] = []
    for at, id in enumerate(chosen):
        rest = [each for each in chosen if each != id]
        found += [(ranking([id, *rest]), FAR * at // 5)] if at else []
        found += [(ranking(rest), FAR // 2)] if rest else []
    if len(chosen) < question.most:
        found += [(ranking([*chosen, id]), FAR // 2) for id in others]
    return found


def _importance_steps(shares: dict[str, int], others: list[str]) -> list[tuple[Answer, int]]:
    found: list[tuple[Answer, int]] = [
        (Goals({**shares, id: importance}), FAR * abs(importance - share) // MOST_IMPORTANCE)
        for id, share in shares.items()
        for importance in range(1, MOST_IMPORTANCE + 1)
        if importance != share
    ]
    if len(shares) > 1:
        dropped = [{id: share for id, share in shares.items() if id != gone} for gone in shares]
        found += [(Goals(rest), FAR) for rest in dropped]
    middle = (MOST_IMPORTANCE + 1) // 2
    return found + [(Goals({**shares, id: middle}), FAR // 2) for id in others]


def _number_steps(question: Question, given: int | None) -> list[tuple[Answer, int]]:
    """Every round answer; one that was not given is no limit so far."""
    start = most_answer(question) if given is None else given
    return [(answer, share_apart(answer, start)) for answer in round_answers(question) if answer != given]


def _may_turn(question: Question, given: Answer | None, step: _Step, points: Sequence[int]) -> bool:
    """Whether a step is worth pairing: an option, a goal, or the first round number past one where something turns."""
    if not isinstance(step.answer, int):
        return True
    grid, at = round_answers(question), step.answer
    start = most_answer(question) if given is None else cast(int, given)
    before = max((each for each in grid if each < at), default=at - 1)
    after = min((each for each in grid if each > at), default=at + 1)
    reach = range(max(start, before) + 1, at + 1) if at > start else range(at, min(start, after))
    return any(point in reach for point in points)

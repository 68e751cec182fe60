"""What another answer would put first: each other option, goal and round number tried, alone or in pairs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import cast

from msgspec import Struct

from formatpicker.advice.answer_ranges import (
    FAR,
    NEWLY_ANSWERED,
    Change,
    ChangedAnswer,
    Parsed,
    breakpoints,
    listed_answers,
    round_answers,
    share_apart,
    written,
)
from formatpicker.advice.gaps import Gaps
from formatpicker.catalog.criteria import About, AnswerKind, Question, RuleKind
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Goals
from formatpicker.scoring.weights import ranked_goals

MOST_WHAT_IFS = 5


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
    return [step for question in questions for step in _steps(question, gaps.answers.get(question.id))]


def _steps(question: Question, given: Answer | None) -> list[ChangedAnswer]:
    if question.about is About.FACT:
        return []
    farther = NEWLY_ANSWERED if given is None else 0
    if question.answer is AnswerKind.GOALS:
        found = _goal_steps(question, cast(Goals | None, given))
    elif question.answer is AnswerKind.CHOICE:
        found = _option_steps(question, cast(str | None, given))
    else:
        found = _number_steps(question, cast(int | None, given))
    return [ChangedAnswer(question.id, answer, farther + distance) for answer, distance in found]


def _option_steps(question: Question, given: str | None) -> list[tuple[Answer, int]]:
    ids = question.option_ids
    at = ids.index(given) if given is not None else 0
    return [(id, abs(index - at) * FAR // len(ids)) for index, id in enumerate(ids) if id != given]


def _goal_steps(question: Question, given: Goals | None) -> list[tuple[Answer, int]]:
    """One goal dropped, added, or moved: to the front of a list, or to another importance."""
    ids = [goal.id for goal in question.goals]
    if given is None:
        return [(ranked_goals([id]), FAR) for id in ids]
    chosen = list(given.ordered)
    others = [id for id in ids if id not in chosen]
    if not given.ranked:
        return _importance_steps(dict(given.shares), others)
    found: list[tuple[Answer, int]] = []
    for at, id in enumerate(chosen):
        rest = [each for each in chosen if each != id]
        found += [(ranked_goals([id, *rest]), FAR * at // 5)] if at else []
        found += [(ranked_goals(rest), FAR // 2)] if rest else []
    if len(chosen) < question.most:
        found += [(ranked_goals([*chosen, id]), FAR // 2) for id in others]
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
    start = question.ends[1] if given is None else given
    return [(answer, share_apart(answer, start)) for answer in round_answers(question) if answer != given]


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

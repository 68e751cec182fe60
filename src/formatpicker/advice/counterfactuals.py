"""What would change the answer: relaxations that unlock a blocked format, and what-ifs that change the top.

Facts about the person are never changed. Whatever is returned has been run: a relaxation unblocks, a what-if changes
the top.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import cast

from formatpicker.advice.answer_ranges import breakpoints, most_answer
from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.base.frozen import dataclass
from formatpicker.catalog.model import About, AnswerKind, Catalog, Criterion, Derived, Format, Question, Verdict
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals, rank_order_centroid
from formatpicker.scoring.ranking import assess, derived_answers, region_of, weigh
from formatpicker.scoring.rules import nearest_open
from formatpicker.scoring.tables import Table, unit_of

MOST_WHAT_IFS = 5
# Distances are shares of the way across a question, in billionths so that near and far never tie by rounding; a
# question not answered so far comes after all others.
_FAR = 1_000_000_000
# In hundredths of a weight times thousandths of a value, where one unit is the least real difference there is.
_SLACK = 1e-3
_NEWLY_ANSWERED = 10 * _FAR

Change = Mapping[str, Answer]


@dataclass(frozen=True)
class Relaxation:
    """A smallest set of changed answers that unlocks a blocked format."""

    unlocks: str
    change: Change


@dataclass(frozen=True)
class WhatIf:
    """Changed answers and the top that they lead to."""

    change: Change
    top: tuple[str, ...]


@dataclass(frozen=True)
class _Step:
    """One answer changed, and how far from the present one it is."""

    question: str
    answer: Answer
    distance: int


def changed(catalog: Catalog, answers: Answers, change: Change) -> Answers:
    """The answers with a change applied."""
    for question, answer in change.items():
        answers = answers.replaced(catalog, question, answer)
    return answers


# --- relaxations -----------------------------------------------------------------------------------------------------


def relaxations(catalog: Catalog, answers: Answers, format: Format) -> list[Relaxation]:
    """Every smallest set of changes that unlocks a format; none where it is open or where a fact blocks it."""
    blocking = blocking_criteria(catalog, answers, format)
    if not blocking or any(criterion.about is About.FACT for criterion in blocking):
        return []
    direct = _nearest_changes(catalog, answers, format, blocking)
    candidates = [] if direct is None else [direct]
    for item in catalog.derived.values():
        candidates = [wider for change in candidates for wider in _widened(catalog, answers, format, item, change)]
    open_ones = [change for change in candidates if change and unblocks(catalog, answers, format, change)]
    least = min(map(len, open_ones), default=0)
    return [Relaxation(format.id, change) for change in open_ones if len(change) == least]


def blocking_criteria(catalog: Catalog, answers: Answers, format: Format) -> list[Criterion]:
    """The criteria that rule a format out."""
    assessment = assess(catalog, format, weigh(catalog, answers), region_of(catalog, answers))
    return [term.weighed.criterion for term in assessment.terms if term.judgement.verdict is Verdict.BLOCKED]


def unblocks(catalog: Catalog, answers: Answers, format: Format, change: Change) -> bool:
    """Whether a format is open under changed answers."""
    return not blocking_criteria(catalog, changed(catalog, answers, change), format)


def _nearest_changes(
    catalog: Catalog, answers: Answers, format: Format, blocking: list[Criterion]
) -> dict[str, Answer] | None:
    """Each blocking answer moved to the nearest that does not block; None where one cannot be."""
    found: dict[str, Answer] = {}
    for criterion in blocking:
        question = catalog.questions.get(criterion.id)
        if question:
            value = catalog.regional(format, criterion.rule.attribute).within(region_of(catalog, answers))
            options = [option.id for option in question.options]
            nearest = nearest_open(criterion.rule, answers.get(question.id), value, options)
            if nearest is None or (isinstance(nearest, int) and nearest > most_answer(question)):
                return None
            found[question.id] = nearest
    return found


def _widened(
    catalog: Catalog, answers: Answers, format: Format, item: Derived, change: dict[str, Answer]
) -> list[dict[str, Answer]]:
    """Where a derived quantity still falls short: the change with one or the other of its answers raised."""
    after = changed(catalog, answers, change)
    total = derived_answers(catalog, after).get(item.id)
    value = catalog.regional(format, item.rule.attribute).within(region_of(catalog, answers))
    if total is None or value.low is None or total >= cast(int, value.low):
        return [change]
    wanted = cast(int, value.low) * DAYS_PER_WEEK
    per_week, days = cast(int, after.get(item.per_week)), cast(int, after.get(item.duration))
    raised = {
        item.duration: max(-(-wanted // per_week), days),
        item.per_week: -(-wanted // max(days, DAYS_PER_WEEK)),
    }
    return [
        {**change, question: answer}
        for question, answer in raised.items()
        if catalog.questions[question].about is not About.FACT and answer <= most_answer(catalog.questions[question])
    ]


# --- what-ifs --------------------------------------------------------------------------------------------------------


def what_ifs(catalog: Catalog, answers: Answers, table: Table, pairs: bool = True) -> list[WhatIf]:
    """Changes of one answer that change the top, or of two where none does and ``pairs`` are wanted; at most five."""
    top = table.top(answers)
    if not top:
        return []
    steps = [step for question in catalog.questions.values() for step in _steps(catalog, answers, table, question)]
    singles = _leading_elsewhere(catalog, answers, table, top, [(step,) for step in steps])
    if singles or not pairs:
        return singles
    return _leading_elsewhere(catalog, answers, table, top, _promising_pairs(catalog, answers, table, steps))


def _leading_elsewhere(
    catalog: Catalog, answers: Answers, table: Table, top: frozenset[str], moves: Sequence[tuple[_Step, ...]]
) -> list[WhatIf]:
    """Those moves that change the top, each run; of those that change the same answers to the same end, the nearest."""
    nearest: dict[tuple[tuple[str, ...], frozenset[str]], Change] = {}
    for steps in sorted(moves, key=lambda steps: sum(step.distance for step in steps)):
        change = {step.question: step.answer for step in steps}
        found = table.top(changed(catalog, answers, change))
        if found and found != top:
            nearest.setdefault((tuple(change), found), change)
            if len(nearest) == MOST_WHAT_IFS:
                break
    return [WhatIf(change, tuple(sorted(found))) for (_, found), change in nearest.items()]


def _promising_pairs(catalog: Catalog, answers: Answers, table: Table, steps: list[_Step]) -> list[tuple[_Step, _Step]]:
    """Pairs of steps that may change the top: all that do, and few others.

    Sums over the goals' unit are additive over questions, so a pair's standing is that of its two steps put together.
    It is reckoned in floats with some slack, since whatever looks promising is run exactly afterwards. Two answers of
    one derived quantity do not simply add, so their pairs are all kept.
    """
    base, *shifted = [
        _shares(table, answers),
        *(_shares(table, answers.replaced(catalog, s.question, s.answer)) for s in steps),
    ]
    top = set(table.standing(answers).top())
    joint = [{item.per_week, item.duration} for item in catalog.derived.values()]
    found = []
    for (first, one), (second, two) in combinations(zip(steps, shifted, strict=True), 2):
        if first.question != second.question:
            kept = any({first.question, second.question} == pair for pair in joint)
            if kept or _may_lead_elsewhere(base, one, two, top):
                found.append((first, second))
    return found


def _shares(table: Table, answers: Answers) -> list[tuple[float, int]]:
    standing, unit = table.standing(answers), unit_of(answers)
    return [(total / unit, blocks) for total, blocks in zip(standing.totals, standing.blocks, strict=True)]


def _may_lead_elsewhere(
    base: list[tuple[float, int]], one: list[tuple[float, int]], two: list[tuple[float, int]], top: set[int]
) -> bool:
    shares = [
        first + second - was
        for (was, blocks), (first, first_blocks), (second, second_blocks) in zip(base, one, two, strict=True)
        if first_blocks + second_blocks - blocks <= 0
    ]
    alive = [
        index
        for index, ((_, blocks), (_, first), (_, second)) in enumerate(zip(base, one, two, strict=True))
        if first + second - blocks <= 0
    ]
    best = max(shares, default=0.0)
    leading = {index for index, share in zip(alive, shares, strict=True) if share >= best - _SLACK}
    return bool(leading) and (leading != top or len(leading) > 1)


def _steps(catalog: Catalog, answers: Answers, table: Table, question: Question) -> list[_Step]:
    """Every way to change one answer that could matter."""
    if question.about is About.FACT:
        return []
    given = answers.get(question.id)
    farther = _NEWLY_ANSWERED if given is None else 0
    if question.answer is AnswerKind.GOALS:
        found = _goal_steps(question, cast(Goals | None, given))
    elif question.answer is AnswerKind.CHOICE:
        found = _option_steps(question, cast(str | None, given))
    else:
        found = _number_steps(catalog, answers, table, question)
    return [_Step(question.id, answer, farther + distance) for answer, distance in found]


def _option_steps(question: Question, given: str | None) -> list[tuple[Answer, int]]:
    ids = [option.id for option in question.options]
    at = ids.index(given) if given is not None else 0
    return [(id, abs(index - at) * _FAR // len(ids)) for index, id in enumerate(ids) if id != given]


def _goal_steps(question: Question, given: Goals | None) -> list[tuple[Answer, int]]:
    """One goal dropped, added, or moved: to the front of a list, or to another importance."""
    ids = [goal.id for goal in question.goals]
    if given is None:
        return [(_ranking([id]), _FAR) for id in ids]
    chosen = list(given.shares)
    others = [id for id in ids if id not in chosen]
    if not given.ranked:
        return _importance_steps(dict(given.shares), others)
    found: list[tuple[Answer, int]] = []
    for at, id in enumerate(chosen):
        rest = [each for each in chosen if each != id]
        found += [(_ranking([id, *rest]), _FAR * at // 5)] if at else []
        found += [(_ranking(rest), _FAR // 2)] if rest else []
    if len(chosen) < question.most:
        found += [(_ranking([*chosen, id]), _FAR // 2) for id in others]
    return found


def _ranking(goals: list[str]) -> Goals:
    return Goals(dict(zip(goals, rank_order_centroid(len(goals)), strict=True)), ranked=True)


def _importance_steps(shares: dict[str, int], others: list[str]) -> list[tuple[Answer, int]]:
    found: list[tuple[Answer, int]] = [
        (Goals({**shares, id: importance}, ranked=False), _FAR * abs(importance - share) // MOST_IMPORTANCE)
        for id, share in shares.items()
        for importance in range(1, MOST_IMPORTANCE + 1)
        if importance != share
    ]
    if len(shares) > 1:
        dropped = [{id: share for id, share in shares.items() if id != gone} for gone in shares]
        found += [(Goals(rest, ranked=False), _FAR) for rest in dropped]
    middle = (MOST_IMPORTANCE + 1) // 2
    return found + [(Goals({**shares, id: middle}, ranked=False), _FAR // 2) for id in others]


def _number_steps(catalog: Catalog, answers: Answers, table: Table, question: Question) -> list[tuple[Answer, int]]:
    """Where a verdict or the order of values turns, and the exact points between where the top does."""
    points = breakpoints(catalog, answers, table, question)
    given = answers.get(question.id)
    if given is None:
        turns = _turns(catalog, answers, table, question, points[0], points)
        return [(point, _FAR) for point in sorted({*points, *turns})]
    start = cast(int, given)
    below = [point for point in reversed(points) if point < start]
    above = [point for point in points if point > start]
    found = {*points, *_turns(catalog, answers, table, question, start, below)}
    found |= set(_turns(catalog, answers, table, question, start, above))
    return [(point, _FAR * abs(point - start) // max(point, start, 1)) for point in sorted(found - {start})]


def _turns(
    catalog: Catalog, answers: Answers, table: Table, question: Question, start: int, points: list[int]
) -> Iterator[int]:
    """Walking away from the present answer: the first answers at which the top is another one than just before."""

    @cache
    def top(answer: int) -> frozenset[str]:
        return table.top(answers.replaced(catalog, question.id, answer))

    near = start
    for point in points:
        while top(near) != top(point):
            same, other = near, point
            while abs(other - same) > 1:
                middle = (same + other) // 2
                same, other = (middle, other) if top(middle) == top(near) else (same, middle)
            yield other
            near = other
        near = point

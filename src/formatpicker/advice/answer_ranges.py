"""Other answers: what a question accepts, in whole units, where something turns among it, and changed answers.

Facts about the person are never changed. Numbers are round ones beyond the point where something turns: nobody plans
in 34 weeks and 5 days. What is returned has been run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from formatpicker.base.durations import DAYS_PER_WEEK, round_days
from formatpicker.catalog.criteria import About, AnswerKind, Question, Rule, RuleKind
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals, written_answer
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.rules import turns
from formatpicker.scoring.weights import ranked_goals, region_of

if TYPE_CHECKING:
    from formatpicker.scoring.tables import EffectTable


def listed_answers(question: Question) -> list[Answer]:
    """Every option, or every goal by itself; none where numbers or durations are asked for."""
    return [ranked_goals([goal.id]) for goal in question.goals] or [*question.option_ids]


def round_answers(question: Question) -> list[int]:
    """The answers that are proposed to people: whole numbers, durations as one says them, the ends of the domain."""
    least, most = question.ends
    between = round_days(most) if question.answer is AnswerKind.DURATION else range(least, most + 1)
    return sorted({least, most, *(answer for answer in between if answer >= least)})


def breakpoints(table: EffectTable, answers: Answers, question: Question) -> list[int]:
    """The ends of a question's domain and every point where a verdict or the slope of a value turns for some format.

    Between two of them every format's value is linear in the answer.
    """
    region = region_of(table.catalog, answers)
    least, most = question.ends
    points = {least, most}
    if question.rule:
        points |= turning_points(table, question.rule, region)
    for item in table.catalog.derived.values():
        wanted = [each * DAYS_PER_WEEK for each in turning_points(table, item.rule, region)]
        if question.id == item.duration and answers.get(item.per_week):
            points |= _around(wanted, cast(int, answers.get(item.per_week)))
        elif question.id == item.per_week and answers.get(item.duration):
            points |= _around(wanted, max(cast(int, answers.get(item.duration)), DAYS_PER_WEEK))
    return sorted(point for point in points if least <= point <= most)


def turning_points(table: EffectTable, rule: Rule, region: str | None) -> set[int]:
    """The answers to a limit or window at which a verdict or the slope of a value turns for some format of a table.

    Of all regions that are judged, with the answers just below; none for other rules.
    """
    if rule.kind not in (RuleKind.LIMIT, RuleKind.WINDOW):
        return set()
    values = [table.catalog.regional(format, rule.attribute) for format in table.formats]
    judged = [(value, each.reference) for each in values for value in each.judged(region) if value.known]
    found = {turn for value, reference in judged for turn in turns(rule, value, reference)}
    return {point for turn in found for point in (turn - 1, turn)}


def _around(wanted: list[int], factor: int) -> set[int]:
    """The least answers with which a product reaches what is wanted, and those just below."""
    reached = [-(-product // factor) for product in wanted]
    return {point for at in reached for point in (at - 1, at)}


def every_answer(table: EffectTable, rule: Rule | None, ends: tuple[int, int], region: str | None) -> list[int]:
    """All numbers or durations between two ends, these included, that formats can tell apart by a rule.

    Values change only between the least and the typical of some format; elsewhere they are level, so the points around
    those spans stand for the rest.
    """
    least, most = ends
    points = {least, most}
    if rule:
        points |= turning_points(table, rule, region)
    if rule and rule.weight:
        spans = [table.catalog.regional(format, rule.attribute).within(region) for format in table.formats]
        ranges = [(cast(int, span.low), cast(int, span.typical)) for span in spans if span.known]
        points |= {point for low, typical in ranges for point in range(low, min(typical, most) + 1)}
    return sorted(point for point in points if least <= point <= most)


# Distances are shares of the way across a question, in billionths so that near and far never tie by rounding; a
# question not answered so far comes after all others.
FAR = 1_000_000_000
NEWLY_ANSWERED = 10 * FAR

# Answers in the questions' own units, as ``recommend`` accepts them.
Change = Mapping[str, Any]
# The same as the engine has them.
Parsed = Mapping[str, Answer]


class ChangedAnswer(Struct, frozen=True):
    """One answer changed, and how far from the present one it is."""

    question: str
    answer: Answer
    distance: int


def changed(catalog: Catalog, answers: Answers, change: Change) -> Answers:
    """The answers with a change applied.

    Raises:
        AnswerError: The change holds an unknown question or an answer that its question does not accept.
    """
    return answers.with_values(catalog, parse_answers(catalog, change).values)


def written(catalog: Catalog, parsed: Parsed) -> Change:
    """A change as ``recommend`` accepts it."""
    return {id: written_answer(catalog.questions[id], answer) for id, answer in parsed.items()}


def share_apart(answer: int, given: int) -> int:
    """How far apart two numbers are, as a share of the greater, in parts of ``FAR``."""
    return FAR * abs(answer - given) // max(answer, given, 1)


def other_answers(question: Question, given: Answer | None) -> list[ChangedAnswer]:
    """Every way to change an answer that could matter; a fact is never changed."""
    if question.about is About.FACT:
        return []
    farther = NEWLY_ANSWERED if given is None else 0
    if question.answer is AnswerKind.GOALS:
        found = _other_goals(question, cast(Goals | None, given))
    elif question.answer is AnswerKind.CHOICE:
        found = _other_options(question, cast(str | None, given))
    else:
        found = _other_numbers(question, cast(int | None, given))
    return [ChangedAnswer(question.id, answer, farther + distance) for answer, distance in found]


def _other_options(question: Question, given: str | None) -> list[tuple[Answer, int]]:
    ids = question.option_ids
    at = ids.index(given) if given is not None else 0
    return [(id, abs(index - at) * FAR // len(ids)) for index, id in enumerate(ids) if id != given]


def _other_goals(question: Question, given: Goals | None) -> list[tuple[Answer, int]]:
    """One goal dropped, added, or moved: to the front of a list, or to another importance."""
    ids = [goal.id for goal in question.goals]
    if given is None:
        return [(ranked_goals([id]), FAR) for id in ids]
    chosen = list(given.ordered)
    others = [id for id in ids if id not in chosen]
    if not given.ranked:
        return _other_importances(dict(given.shares), others)
    found: list[tuple[Answer, int]] = []
    for at, id in enumerate(chosen):
        rest = [each for each in chosen if each != id]
        found += [(ranked_goals([id, *rest]), FAR * at // 5)] if at else []
        found += [(ranked_goals(rest), FAR // 2)] if rest else []
    if len(chosen) < question.most:
        found += [(ranked_goals([*chosen, id]), FAR // 2) for id in others]
    return found


def _other_importances(shares: dict[str, int], others: list[str]) -> list[tuple[Answer, int]]:
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


def _other_numbers(question: Question, given: int | None) -> list[tuple[Answer, int]]:
    """Every round answer; one that was not given is no limit so far."""
    start = question.ends[1] if given is None else given
    return [(answer, share_apart(answer, start)) for answer in round_answers(question) if answer != given]

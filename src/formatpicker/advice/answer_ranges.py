"""Other answers: what a question accepts, in whole units, where something turns among it, and changed answers.

Facts about the person are never changed. Numbers are round ones beyond the point where something turns: nobody plans
in 34 weeks and 5 days. What is returned has been run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from formatpicker.base.durations import DAYS_PER_WEEK, round_days
from formatpicker.catalog.criteria import AnswerKind, Question, Rule, RuleKind
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, written_answer
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


def breakpoints(catalog: Catalog, answers: Answers, table: EffectTable, question: Question) -> list[int]:
    """The ends of a question's domain and every point where a verdict or the slope of a value turns for some format.

    Between two of them every format's value is linear in the answer.
    """
    region = region_of(catalog, answers)
    least, most = question.ends
    points = {least, most}
    for format in table.formats:
        if question.rule:
            points |= turning_points(catalog, format, question.rule, region)
        for item in catalog.derived.values():
            turning = turning_points(catalog, format, item.rule, region)
            wanted = [each * DAYS_PER_WEEK for each in turning]
            if question.id == item.duration and answers.get(item.per_week):
                points |= _around(wanted, cast(int, answers.get(item.per_week)))
            elif question.id == item.per_week and answers.get(item.duration):
                points |= _around(wanted, max(cast(int, answers.get(item.duration)), DAYS_PER_WEEK))
    return sorted(point for point in points if least <= point <= most)


def turning_points(catalog: Catalog, format: Format, rule: Rule, region: str | None) -> set[int]:
    """The answers to a limit or window at which a format's verdict or the slope of its value turns.

    Of all regions that are judged, with the answers just below; none for other rules.
    """
    if rule.kind not in (RuleKind.LIMIT, RuleKind.WINDOW):
        return set()
    regional = catalog.regional(format, rule.attribute)
    found = [p for value in regional.judged(region) if value.known for p in turns(rule, value, regional.reference)]
    return {point for turn in found for point in (turn - 1, turn)}


def _around(wanted: list[int], factor: int) -> set[int]:
    """The least answers with which a product reaches what is wanted, and those just below."""
    reached = [-(-product // factor) for product in wanted]
    return {point for at in reached for point in (at - 1, at)}


def every_answer(catalog: Catalog, table: EffectTable, question: Question, region: str | None) -> list[int]:
    """All answers of a number or duration that formats can tell apart, and the ends of the domain.

    Values change only between the least and the typical of some format; elsewhere they are level, so the points around
    those spans stand for the rest.
    """
    least, most = question.ends
    points = {least, most}
    for rule in [question.rule] if question.rule else ():
        for format in table.formats:
            points |= turning_points(catalog, format, rule, region)
            span = catalog.regional(format, rule.attribute).within(region)
            if rule.kind is RuleKind.LIMIT and span.known:
                points |= set(range(cast(int, span.low), min(cast(int, span.typical), most) + 1))
    return sorted(point for point in points if least <= point <= most)


# Distances are shares of the way across a question, in billionths so that near and far never tie by rounding; a
# question not answered so far comes after all others.
FAR = 1_000_000_000
NEWLY_ANSWERED = 10 * FAR

# Answers in the questions' own units, as ``recommend`` accepts them.
Change = Mapping[str, Any]
# The same as the engine has them.
Parsed = Mapping[str, Answer]


class Step(Struct, frozen=True):
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

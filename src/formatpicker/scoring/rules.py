"""The closed set of rules: (rule, answer, value of the format) to a value interval and a verdict. Pure and exact.

Values are thousandths. Each function gives the value at the low end, the typical value and the high end of what the
catalog's sources say, so that low <= typical <= high.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from formatpicker.catalog.model import (
    ALWAYS,
    MOST_LEVEL,
    NEVER,
    NOT_NEEDED,
    PREFERRED,
    REQUIRED,
    Level,
    RegionalValue,
    Rule,
    RuleKind,
    Value,
    Verdict,
)

ONE = 1000
HALF = ONE // 2
# A value at which nearly every instance of a format meets a need.
MOSTLY = 800

_SEVERITY = {Verdict.FITS: 0, Verdict.CONDITIONAL: 1, Verdict.BLOCKED: 2}


class Judgement(NamedTuple):
    """What one answer makes of one attribute: a value interval in thousandths, and a verdict."""

    low: int
    typical: int
    high: int
    verdict: Verdict


def judge(rule: Rule, answer: object, value: Value) -> Judgement:
    """Apply a rule. An unknown attribute counts 0.5 with ends 0 and 1, and is something to ask about."""
    if not value.known:
        asks = rule.kind is not RuleKind.GOAL and (rule.kind is not RuleKind.NEED or answer == REQUIRED)
        return Judgement(0, HALF, ONE, Verdict.CONDITIONAL if asks else Verdict.FITS)
    return _RULES[rule.kind](rule, answer, value)


def judge_anywhere(rule: Rule, answer: object, regional: RegionalValue) -> Judgement:
    """Apply a rule where the region is open: on the widest value, with the ends of all regions.

    What fits on the whole but is blocked in some region is a condition, not a pass.
    """
    widest = judge(rule, answer, regional.within(None))
    if not regional.regions:
        return widest
    found = [widest, *(judge(rule, answer, value) for value in (regional.general, *regional.regions.values()))]
    blocked = widest.verdict is Verdict.FITS and any(each.verdict is Verdict.BLOCKED for each in found)
    return Judgement(
        min(each.low for each in found),
        widest.typical,
        max(each.high for each in found),
        Verdict.CONDITIONAL if blocked else widest.verdict,
    )


def judge_within(rule: Rule, answer: object, regional: RegionalValue, region: str | None) -> Judgement:
    """Apply a rule in a region, or anywhere where none was answered."""
    if region is None:
        return judge_anywhere(rule, answer, regional)
    return judge(rule, answer, regional.within(region))


def severity(verdict: Verdict) -> int:
    """0 for fits, 1 for conditional, 2 for blocked."""
    return _SEVERITY[verdict]


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of some verdicts; ``fits`` where there is none."""
    return max(verdicts, key=_SEVERITY.__getitem__, default=Verdict.FITS)


def only_some(judgement: Judgement) -> bool:
    """Whether only some instances of the format are meant by a value: a condition that few meet."""
    return judgement.verdict is not Verdict.FITS and judgement.typical < MOSTLY


def speaks_for(judgement: Judgement) -> bool:
    """Whether a judgement is a reason for a format: more than half, and not only of some instances."""
    return judgement.typical > HALF and not only_some(judgement)


def _goal(rule: Rule, answer: object, value: Value) -> Judgement:
    low, typical, high = (cast(int, level) * ONE // MOST_LEVEL for level in (value.low, value.typical, value.high))
    if rule.less_is_better:
        low, typical, high = ONE - high, ONE - typical, ONE - low
    return Judgement(low, typical, high, Verdict.FITS)


def _limit(rule: Rule, answer: object, value: Value) -> Judgement:
    """Whole at the typical and above, falling in a line to the floor at the least, blocked below.

    The ends ask the same of the longest instance and of the shortest: the low end falls from the most, and the high
    end is whole as soon as the least fits.
    """
    given, least, typical = cast(int, answer), cast(int, value.low), cast(int, value.typical)
    if given < least:
        return Judgement(0, 0, 0, Verdict.BLOCKED)
    verdict = Verdict.FITS if given >= typical else Verdict.CONDITIONAL
    return Judgement(
        _ramp(given, least, value.high, rule.floor), _ramp(given, least, typical, rule.floor), ONE, verdict
    )


def _ramp(given: int, least: int, whole: Level, floor: int) -> int:
    if whole is None:
        return floor
    top = cast(int, whole)
    return ONE if given >= top else floor + (ONE - floor) * (given - least) // (top - least)


def _need(rule: Rule, answer: object, value: Value) -> Judgement:
    low, typical, high = (rule.frequency_values[cast(int, level)] for level in (value.low, value.typical, value.high))
    verdict = Verdict.FITS
    if answer == REQUIRED and value.high == NEVER:
        verdict = Verdict.BLOCKED
    elif answer == REQUIRED and value.typical != ALWAYS:
        verdict = Verdict.CONDITIONAL
    return Judgement(low, typical, high, verdict)


def _choice(rule: Rule, answer: object, value: Value) -> Judgement:
    """The cell of the format's category; where the region is open, the span of the cells it can be."""
    row = (rule.table or {}).get(str(answer))
    if not row:
        return Judgement(0, 0, 0, Verdict.FITS)
    cell = row[str(value.typical)]
    cells = [cell, *(row[category] for category in value.others)]
    verdicts = {each.verdict for each in cells}
    verdict = cell.verdict if len(verdicts) == 1 else Verdict.CONDITIONAL
    return Judgement(min(each.value for each in cells), cell.value, max(each.value for each in cells), verdict)


def _window(rule: Rule, answer: object, value: Value) -> Judgement:
    """Blocked outside min and max, conditional below the typical least; it carries no value."""
    given = cast(int, answer)
    if given < cast(int, value.low) or (value.high is not None and given > cast(int, value.high)):
        return Judgement(0, 0, 0, Verdict.BLOCKED)
    verdict = Verdict.FITS if given >= cast(int, value.typical) else Verdict.CONDITIONAL
    return Judgement(ONE, ONE, ONE, verdict)


_RULES: dict[RuleKind, Callable[[Rule, object, Value], Judgement]] = {
    RuleKind.GOAL: _goal,
    RuleKind.LIMIT: _limit,
    RuleKind.NEED: _need,
    RuleKind.CHOICE: _choice,
    RuleKind.WINDOW: _window,
}


def takes_part(rule: Rule, answer: object) -> bool:
    """Whether an answer can weigh or block at all: not_needed and an answer with an empty row of the table cannot."""
    if rule.kind is RuleKind.NEED:
        return answer != NOT_NEEDED
    return rule.kind is not RuleKind.CHOICE or bool((rule.table or {}).get(str(answer)))


def can_block(rule: Rule, value: Value, least: int) -> bool:
    """Whether some answer to the question could block a format; ``least`` is the smallest answer it accepts."""
    if not value.known:
        return False
    if rule.kind in (RuleKind.LIMIT, RuleKind.WINDOW):
        return least < cast(int, value.low) or (rule.kind is RuleKind.WINDOW and value.high is not None)
    if rule.kind is RuleKind.NEED:
        return value.high == NEVER
    return any(_choice(rule, answer, value).verdict is Verdict.BLOCKED for answer in rule.table or {})


def nearest_open(rule: Rule, answer: object, value: Value, options: Sequence[str] = ()) -> int | str | None:
    """The answer nearest to a blocking one that does not block; None where there is none.

    ``options`` are the answers of a choice in the order in which they are asked, which is what nearness goes by.
    """
    if rule.kind in (RuleKind.LIMIT, RuleKind.WINDOW):
        above = rule.kind is RuleKind.WINDOW and value.high is not None and cast(int, answer) > cast(int, value.high)
        return cast(int, value.high if above else value.low)
    if rule.kind is RuleKind.NEED:
        return PREFERRED
    at = options.index(str(answer)) if answer in options else 0
    for option in sorted(options, key=lambda each: abs(options.index(each) - at)):
        if _choice(rule, option, value).verdict is not Verdict.BLOCKED:
            return option
    return None

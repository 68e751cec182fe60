"""The closed set of rules: (rule, answer, value of the format) to a value interval and a verdict. Pure and exact.

Values are thousandths. Each function gives the value at the low end, the typical value and the high end of what the
catalog's sources say, so that low <= typical <= high.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from formatpicker.catalog.attributes import ALWAYS, MOST_LEVEL, NEVER, RARELY, RegionalValue, Value
from formatpicker.catalog.criteria import NOT_NEEDED, PREFERRED, REQUIRED, Edges, Rule, RuleKind, Verdict

ONE = 1000
HALF = ONE // 2
# A value at which nearly every instance of a format meets a need.
MOSTLY = 800

# From the best to the worst. By these names, since Python 3.11 looks members of an enumeration up by a function, which
# takes a tenth of a judgement.
FITS, CONDITIONAL, UNLIKELY, BLOCKED = Verdict
_SEVERITY = {verdict: place for place, verdict in enumerate(Verdict)}
_PER_CENT = 100


class Judgement(NamedTuple):
    """What one answer makes of one attribute: a value interval in thousandths, and a verdict."""

    low: int
    typical: int
    high: int
    verdict: Verdict


def judge(rule: Rule, answer: object, value: Value, general: Value | None = None) -> Judgement:
    """Apply a rule. An unknown attribute counts 0.5 with ends 0 and 1, and is something to ask about.

    Args:
        rule: The rule.
        answer: A parsed answer.
        value: What is known of the attribute.
        general: The format's general value, where ``value`` is that of a region: what no source says of the region may
            still be ruled out by what a source says in general.
    """
    return _judging_one(rule, value, general or value)(answer)


def _judging_one(rule: Rule, value: Value, general: Value) -> Callable[[object], Judgement]:
    if not value.known:
        return lambda answer: _unknown(rule, answer)
    if rule.kind is RuleKind.LIMIT:
        return _limit(cast("Edges", rule.edges), (_span(value, general),))
    apply = _RULES[rule.kind]
    return lambda answer: apply(rule, answer, value, general)


def _unknown(rule: Rule, answer: object) -> Judgement:
    asks = rule.kind is not RuleKind.GOAL and (rule.kind is not RuleKind.NEED or answer == REQUIRED)
    return Judgement(0, HALF, ONE, CONDITIONAL if asks else FITS)


def judge_within(rule: Rule, answer: object, regional: RegionalValue, region: str | None) -> Judgement:
    """Apply a rule in a region.

    Where none was answered, the general value and that of every region are judged one by one. The best verdict counts,
    the lowest and the highest end, and the general typical value.
    """
    return judging(rule, regional, region)(answer)


def judging(rule: Rule, regional: RegionalValue, region: str | None) -> Callable[[object], Judgement]:
    """``judge_within`` for many answers to the same rule: what does not depend on the answer is worked out once."""
    general = regional.reference
    # Several regions may say the same by other sources.
    distinct = {(each.low, each.typical, each.high, each.decides): each for each in regional.judged(region)}
    values = [*distinct.values()]
    if rule.kind is RuleKind.LIMIT and all(value.known for value in values):
        return _limit(cast("Edges", rule.edges), tuple([_span(value, general) for value in values]))
    judges = [_judging_one(rule, value, general) for value in values]
    if rule.kind is RuleKind.GOAL:  # whatever is answered
        fixed = _best([judge(None) for judge in judges])
        return lambda answer: fixed
    return judges[0] if len(judges) == 1 else lambda answer: _best([judge(answer) for judge in judges])


def _best(found: Sequence[Judgement]) -> Judgement:
    low, high = min([each.low for each in found]), max([each.high for each in found])
    return Judgement(low, found[0].typical, high, min([each.verdict for each in found], key=severity))


def decisive(rule: Rule, answer: object, regional: RegionalValue, region: str | None) -> Value:
    """The value that the verdict rests on: where no region was answered, that of the best verdict, or the nearest."""

    def distance(value: Value) -> tuple[int, int]:
        verdict = judge(rule, answer, value, regional.reference).verdict
        missing = 0
        if verdict is BLOCKED and rule.kind in (RuleKind.LIMIT, RuleKind.WINDOW):
            given, least = cast(int, answer), cast(int, value.low)
            missing = least - given if given < least else given - cast(int, value.high)
        return severity(verdict), missing

    values = regional.judged(region)
    return values[0] if len(values) == 1 else min(values, key=distance)


def severity(verdict: Verdict) -> int:
    """0 for fits, 1 for conditional, 2 for unlikely, 3 for blocked."""
    return _SEVERITY[verdict]


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of some verdicts; ``fits`` where there is none."""
    return max(verdicts, key=_SEVERITY.__getitem__, default=FITS)


def only_some(judgement: Judgement) -> bool:
    """Whether only some instances of the format are meant by a value: a condition that few meet."""
    return judgement.verdict is not FITS and judgement.typical < MOSTLY


def speaks_for(judgement: Judgement) -> bool:
    """Whether a judgement is a reason for a format: more than half, and not only of some instances."""
    return judgement.typical > HALF and not only_some(judgement)


def _goal(rule: Rule, answer: object, value: Value, general: Value) -> Judgement:
    low, typical, high = (cast(int, level) * ONE // MOST_LEVEL for level in (value.low, value.typical, value.high))
    if rule.less_is_better:
        low, typical, high = ONE - high, ONE - typical, ONE - low
    return Judgement(low, typical, high, FITS)


class Thresholds(NamedTuple):
    """The least whole answers to a limit that are not blocked, that are conditional, and that fit."""

    unlikely: int
    conditional: int
    fits: int


def thresholds(rule: Rule, value: Value, general: Value) -> Thresholds:
    """Where the verdict of a limit turns.

    Conditional from the lowest tenth of the way from the least to the typical, unlikely down to 5 % below the least
    (both as the catalog says); it fits from 1 % below the typical. Where least and typical lie close together,
    conditional and unlikely still reach 5 % down each, so that no small difference moves a verdict by two. A least that
    no source gives never rules out; that of a region does so for answers that are also below the format's general
    least, where a source gives that one.
    """
    return _turning(cast("Edges", rule.edges), _span(value, general))


class _Span(NamedTuple):
    """The range of a limit that is known, and the lowest that its least is taken for where it rules out."""

    least: int
    typical: int
    most: int | None
    floor: int


def _span(value: Value, general: Value) -> _Span:
    least, typical, most = cast("tuple[int, int, int | None]", (value.low, value.typical, value.high))
    floor = least
    if not value.decides:
        floor = min(least, cast("int", general.low)) if general.decides and general.known else 0
    return _Span(least, typical, most, floor)


def _turning(edges: Edges, span: _Span) -> Thresholds:
    kept = _PER_CENT - edges.tolerance
    conditional = min(_PER_CENT * span.least + edges.unlikely_below * (span.typical - span.least), kept * span.typical)
    unlikely = kept * min(_PER_CENT * span.floor, conditional)
    return Thresholds(-(-unlikely // _PER_CENT**2), -(-conditional // _PER_CENT), _met(edges, span.typical))


def _met(edges: Edges, wanted: int) -> int:
    """The least whole answer that counts as what is wanted: half a year is 26 weeks and 6 months."""
    return -(-(_PER_CENT - edges.met_within) * wanted // _PER_CENT)


def turns(rule: Rule, value: Value, general: Value) -> list[int]:
    """The whole answers to a limit or a window at which a verdict or the slope of a value turns for a known value."""
    if rule.kind is RuleKind.LIMIT:
        return [*thresholds(rule, value, general), cast(int, value.low)]
    ends = [cast(int, value.low), cast(int, value.typical)]
    return [*ends, *([] if value.high is None else [cast(int, value.high) + 1])]


@lru_cache(maxsize=1_000)
def _limit(edges: Edges, spans: tuple[_Span, ...]) -> Callable[[object], Judgement]:
    """Whole from the typical on, falling in a line to 0 at the least; of several values as ``judge_within`` has it.

    The ends ask the same of the longest instance and of the shortest: the low end falls from the most, and the high
    end is whole as soon as the least fits. The best verdict of several is that of the least of their thresholds.
    What does not depend on the answer is memoised: a table asks again for each answer.
    """
    unlikely, conditional, fits = map(min, zip(*[_turning(edges, span) for span in spans], strict=True))
    least, typical, *_ = spans[0]
    met = _met(edges, typical)
    high_met = _met(edges, min([span.least for span in spans]))
    longest = [(span.least, span.most, _met(edges, span.most)) for span in spans if span.most is not None]
    # Below the last start some instance is not reached at all, from the last end on the longest of all is met.
    started = max([min(start, end) for start, _, end in longest], default=0)
    ended = max([end for _, _, end in longest], default=0)
    bounded = len(longest) == len(spans)

    def judged(answer: object) -> Judgement:
        given = cast("int", answer)
        if given >= conditional:
            verdict = FITS if given >= fits else CONDITIONAL
        else:
            verdict = UNLIKELY if given >= unlikely else BLOCKED
        low = 0
        if bounded and given >= started:
            low = ONE if given >= ended else min([_ramp(given, *each) for each in longest])
        return Judgement(low, _ramp(given, least, typical, met), ONE if given >= high_met else 0, verdict)

    return judged


def _ramp(given: int, least: int, whole: int, met: int) -> int:
    if given >= met:
        return ONE
    return 0 if given < least else ONE * (given - least) // (whole - least)


def _need(rule: Rule, answer: object, value: Value, general: Value) -> Judgement:
    """A must that is never met is blocked if a source says so; one that is met rarely, if ever, is unlikely."""
    low, typical, high = (rule.frequency_values[cast(int, level)] for level in (value.low, value.typical, value.high))
    verdict = FITS
    if answer == REQUIRED and value.high == NEVER and value.decides:
        verdict = BLOCKED
    elif answer == REQUIRED and cast(int, value.typical) <= RARELY:
        verdict = UNLIKELY
    elif answer == REQUIRED and value.typical != ALWAYS:
        verdict = CONDITIONAL
    return Judgement(low, typical, high, verdict)


def _choice(rule: Rule, answer: object, value: Value, general: Value) -> Judgement:
    """The cell of the format's category; an answer with an empty row takes no part."""
    row = (rule.table or {}).get(str(answer))
    if not row:
        return Judgement(0, 0, 0, FITS)
    cell = row[str(value.typical)]
    return Judgement(cell.value, cell.value, cell.value, cell.verdict)


def _window(rule: Rule, answer: object, value: Value, general: Value) -> Judgement:
    """Blocked outside min and max if a source gives them, else unlikely; conditional below the typical least.

    Its criterion weighs nothing, so that the values are never added.
    """
    given = cast(int, answer)
    if _is_outside(given, value):
        ruled_out = value.decides or (general.decides and general.known and _is_outside(given, general))
        return Judgement(0, 0, 0, BLOCKED if ruled_out else UNLIKELY)
    verdict = FITS if given >= cast(int, value.typical) else CONDITIONAL
    return Judgement(ONE, ONE, ONE, verdict)


def _is_outside(given: int, value: Value) -> bool:
    return given < cast(int, value.low) or (value.high is not None and given > cast(int, value.high))


_RULES: dict[RuleKind, Callable[[Rule, object, Value, Value], Judgement]] = {
    RuleKind.GOAL: _goal,
    RuleKind.NEED: _need,
    RuleKind.CHOICE: _choice,
    RuleKind.WINDOW: _window,
}


def takes_part(rule: Rule, answer: object) -> bool:
    """Whether an answer can weigh or block at all: not_needed and an answer with an empty row of the table cannot."""
    if rule.kind is RuleKind.NEED:
        return answer != NOT_NEEDED
    return rule.kind is not RuleKind.CHOICE or bool((rule.table or {}).get(str(answer)))


def nearest_open(
    rule: Rule, answer: object, regional: RegionalValue, region: str | None, options: Sequence[str] = ()
) -> int | str | None:
    """The answer nearest to a blocking one that does not block; None where there is none.

    ``options`` are the answers of a choice in the order in which they are asked, which is what nearness goes by.
    """
    value = decisive(rule, answer, regional, region)
    if rule.kind is RuleKind.LIMIT:
        return thresholds(rule, value, regional.reference).unlikely
    if rule.kind is RuleKind.WINDOW:
        return cast(int, value.high if cast(int, answer) >= cast(int, value.low) else value.low)
    if rule.kind is RuleKind.NEED:
        return PREFERRED
    at = options.index(str(answer)) if answer in options else 0
    for option in sorted(options, key=lambda each: abs(options.index(each) - at)):
        if judge_within(rule, option, regional, region).verdict is not BLOCKED:
            return option
    return None

"""The closed set of rules: (rule, answer, value of the format) to a value interval and a verdict. Pure and exact.

Values are thousandths. Each function gives the value at the low end, the typical value and the high end of what the
catalog's sources say, so that low <= typical <= high.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
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


# What a rule makes of each answer, for one attribute of one format.
ValueFunction = Callable[[object], Judgement]


def judge(rule: Rule, answer: object, regional: RegionalValue, region: str | None) -> Judgement:
    """What a rule makes of one parsed answer; see ``value_function``."""
    return value_function(rule, regional, region)(answer)


def value_function(rule: Rule, regional: RegionalValue, region: str | None) -> ValueFunction:
    """What a rule makes of each answer, with all that does not depend on the answer worked out once.

    Where no region was answered, the general value and that of every region are judged one by one. The best verdict
    counts, the lowest and the highest end, and the general typical value. An unknown value counts 0.5 with ends 0 and
    1, and is something to ask about.
    """
    values: Sequence[Value] = regional.judged(region)
    if len(values) > 1:  # several regions may say the same by other sources
        values = [*{(each.low, each.typical, each.high, each.decides): each for each in values}.values()]
    general, made = regional.reference, _RULES[rule.kind]
    if None not in [each.typical for each in values]:
        return made(rule, values, general)
    return _combined([made(rule, [each], general) if each.known else partial(_unknown, rule) for each in values])


def _unknown(rule: Rule, answer: object) -> Judgement:
    asks = rule.kind is not RuleKind.GOAL and (rule.kind is not RuleKind.NEED or answer == REQUIRED)
    return Judgement(0, HALF, ONE, CONDITIONAL if asks else FITS)


def _combined(functions: Sequence[ValueFunction]) -> ValueFunction:
    if len(functions) == 1:
        return functions[0]
    return lambda answer: _best([function(answer) for function in functions])


def _best(found: Sequence[Judgement]) -> Judgement:
    """The judgements of several values in one, as ``value_function`` has it; the first is that of the general one."""
    low, high = min([each.low for each in found]), max([each.high for each in found])
    return Judgement(low, found[0].typical, high, min([each.verdict for each in found], key=severity))


def decisive(rule: Rule, answer: object, regional: RegionalValue, region: str | None) -> Value:
    """The value that the verdict rests on: where no region was answered, that of the best verdict, or the nearest."""

    def distance(value: Value) -> tuple[int, int]:
        verdict = judge(rule, answer, regional.alone(value), region).verdict
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


# --- the rules -------------------------------------------------------------------------------------------------------


def _goal(rule: Rule, values: Sequence[Value], general: Value) -> ValueFunction:
    """The same for whatever is answered."""
    found = _best([_goal_judgement(rule, value) for value in values])
    return lambda answer: found


def _goal_judgement(rule: Rule, value: Value) -> Judgement:
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

    As the catalog's ``edges`` say, it fits from ``met_within`` below the typical, is unlikely below ``unlikely_below``
    of the way from the least to the typical, and blocked below ``tolerance`` under the least. Where least and typical
    lie close together, conditional and unlikely still reach that tolerance down each, so that no small difference moves
    a verdict by two. A least that
    no source gives never rules out; that of a region does so for answers that are also below the format's general
    least, where a source gives that one.
    """
    return _thresholds(cast("Edges", rule.edges), _span(value, general))


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


def _thresholds(edges: Edges, span: _Span) -> Thresholds:
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


def _limit(rule: Rule, values: Sequence[Value], general: Value) -> ValueFunction:
    return _limit_function(cast("Edges", rule.edges), tuple([_span(value, general) for value in values]))


@lru_cache(maxsize=1_000)
def _limit_function(edges: Edges, spans: tuple[_Span, ...]) -> ValueFunction:
    """Whole from the typical on, falling in a line to 0 at the least; of several values as ``value_function`` has it.

    The ends ask the same of the longest instance and of the shortest: the low end falls from the most, and the high
    end is whole as soon as the least fits. The best verdict of several is that of the least of their thresholds.
    What does not depend on the answer is memoised: a table asks again for each answer.
    """
    unlikely, conditional, fits = map(min, zip(*[_thresholds(edges, span) for span in spans], strict=True))
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


def _need(rule: Rule, value: Value, general: Value, answer: object) -> Judgement:
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


def _choice(rule: Rule, value: Value, general: Value, answer: object) -> Judgement:
    """The cell of the format's category; an answer with an empty row takes no part."""
    row = (rule.table or {}).get(str(answer))
    if not row:
        return Judgement(0, 0, 0, FITS)
    cell = row[str(value.typical)]
    return Judgement(cell.value, cell.value, cell.value, cell.verdict)


def _window(rule: Rule, value: Value, general: Value, answer: object) -> Judgement:
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


# A rule: from known values, and the one they are held against before they rule out, to what it makes of each answer.
_Factory = Callable[[Rule, Sequence[Value], Value], ValueFunction]


def _one_by_one(judged: Callable[[Rule, Value, Value, object], Judgement]) -> _Factory:
    return lambda rule, values, general: _combined([partial(judged, rule, value, general) for value in values])


_RULES: dict[RuleKind, _Factory] = {
    RuleKind.GOAL: _goal,
    RuleKind.LIMIT: _limit,
    RuleKind.NEED: _one_by_one(_need),
    RuleKind.CHOICE: _one_by_one(_choice),
    RuleKind.WINDOW: _one_by_one(_window),
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
        if judge(rule, option, regional, region).verdict is not BLOCKED:
            return option
    return None

"""How sure a recommendation is: coverage, evidence, robustness, and how close the call is (flip points).

Three numbers, never blended into one. Robustness draws from seeded streams named after format and criterion, so that it
is the same on every run and machine and does not depend on what else is in the catalog.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from formatpicker.base.frozen import dataclass
from formatpicker.catalog.model import AnswerKind, Catalog, Question
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term, Weighed, region_of

DRAWS = 2000
# With fewer draws than this share that confirm the first place, it is not called the best.
CLOSE = 0.6
# With less than this share of the weight answered, a result is one so far.
FEW = 0.3

# A weight is multiplied by a factor log-uniform in [1/2, 2], in steps of 1/128 of an octave, as a whole of 1/65536: the
# rounding makes the table the same wherever the last bit of the power differs.
_STEPS = 256
_FACTORS = tuple(round(65536 * 2.0 ** ((2 * step + 1) / _STEPS - 1)) for step in range(_STEPS))
MOST_FACTOR = max(_FACTORS)


@dataclass(frozen=True)
class Certainty:
    """Shares of 1; None where there is no top to be sure of."""

    coverage: float
    evidence: float | None
    robustness: float | None


@dataclass(frozen=True)
class FlipPoint:
    """The factor by which a criterion's weight must be multiplied for a rival to draw level; exact as a fraction."""

    rival: Assessment
    term: Term
    numerator: int
    denominator: int

    @property
    def factor(self) -> float:
        """The factor as a number."""
        return self.numerator / self.denominator


def certainty(
    catalog: Catalog, answers: Answers, best: Sequence[Assessment], rivals: Sequence[Assessment]
) -> Certainty:
    """How sure it is that ``best`` come before ``rivals`` (those that are not blocked)."""
    return Certainty(
        coverage(catalog, answers),
        min((evidence(catalog, answers, each) for each in best), default=None),
        robustness(best, rivals) if best else None,
    )


def coverage(catalog: Catalog, answers: Answers) -> float:
    """The weight of answered questions over the weight all questions can have; "not needed" is an answer."""
    weights = {id: greatest_weight(question) for id, question in catalog.questions.items()}
    answered = sum(weight for id, weight in weights.items() if answers.get(id) is not None)
    return answered / (sum(weights.values()) or 1)


def greatest_weight(question: Question) -> int:
    """The most that a question can weigh, in hundredths, whatever is answered."""
    if question.answer is AnswerKind.GOALS:
        return question.weight
    rule = question.rule
    return 0 if rule is None else max([rule.weight, *(rule.weights or {}).values()])


def evidence(catalog: Catalog, answers: Answers, assessment: Assessment) -> float:
    """The share of a format's score that rests on values read in a source rather than judged."""
    region = region_of(catalog, answers)
    sourced = 0
    for term in assessment.terms:
        value = catalog.regional(assessment.format, term.weighed.criterion.rule.attribute).within(region)
        sourced += term.product if value.basis == "sourced" else 0
    return sourced / (assessment.total or 1)


def robustness(best: Sequence[Assessment], rivals: Sequence[Assessment], draws: int = DRAWS) -> float:
    """The share of draws in which one of ``best`` still comes first.

    Each weight is multiplied by a factor log-uniform in [1/2, 2] and each value drawn evenly inside its interval.
    """
    if not rivals:
        return 1.0
    weights = {
        term.weighed.criterion.id: _drawn_weights(term.weighed, draws) for term in best[0].terms if term.weighed.weight
    }
    ours = _highest([_drawn_totals(assessment, weights, draws) for assessment in best])
    theirs = _highest([_drawn_totals(assessment, weights, draws) for assessment in rivals])
    wins = sum(mine >= other for mine, other in zip(ours, theirs, strict=True))
    return wins / draws


def _drawn_weights(weighed: Weighed, draws: int) -> list[int]:
    return [weighed.weight * factor for factor in drawn_factors(weighed.criterion.id, draws)]


def _drawn_totals(assessment: Assessment, weights: dict[str, list[int]], draws: int) -> list[int]:
    totals = [0] * draws
    for term in assessment.terms:
        id, (low, _, high, _) = term.weighed.criterion.id, term.judgement
        # Where there is one value only, or none at all, there is nothing to draw.
        if id in weights and low < high:
            values = drawn_values(assessment.format.id, id, low, high, draws)
            totals = [total + weight * value for total, weight, value in zip(totals, weights[id], values, strict=True)]
        elif id in weights and low:
            totals = [total + weight * low for total, weight in zip(totals, weights[id], strict=True)]
    return totals


def _highest(totals: list[list[int]]) -> list[int]:
    """The highest total of each draw."""
    return list(map(max, *totals)) if len(totals) > 1 else totals[0]


def drawn_factors(criterion: str, draws: int = DRAWS) -> list[int]:
    """What the weight of a criterion is multiplied by in each draw, in parts of 65536."""
    draw = _drawing(f"weight {criterion}")
    return [_FACTORS[int(draw() * _STEPS)] for _ in range(draws)]


def drawn_values(format: str, criterion: str, low: int, high: int, draws: int = DRAWS) -> list[int]:
    """The value of a format on a criterion in each draw, evenly inside its interval."""
    draw, span = _drawing(f"{format} {criterion}"), high - low + 1
    return [low + int(draw() * span) for _ in range(draws)]


def _drawing(name: str) -> Callable[[], float]:
    """Draws numbers in [0, 1) that depend on nothing but a name; ``random`` promises them for a text seed."""
    return random.Random(f"formatpicker {name}").random


def flip_points(best: Assessment, rivals: Sequence[Assessment]) -> list[FlipPoint]:
    """Every criterion and rival for which some weight draws them level, the closest call first.

    With D the lead and d the difference of values on a criterion of weight w, multiplying w by f changes the lead to
    D + (f - 1) w d, which is zero at f = 1 - D / (w d); a factor below zero does not exist.
    """
    found = []
    for rival in rivals:
        lead = best.total - rival.total
        for ours, theirs in zip(best.terms, rival.terms, strict=True):
            pull = ours.product - theirs.product
            if pull and lead >= 0 and (pull - lead) * pull >= 0:
                sign = 1 if pull > 0 else -1
                found.append(FlipPoint(rival, ours, sign * (pull - lead), sign * pull))
    return sorted(found, key=_distance)


def _distance(flip: FlipPoint) -> tuple[float, str, str]:
    """How far a factor is from 1, as a ratio; dropping a criterion altogether is the farthest."""
    ratio = flip.factor if flip.factor >= 1 else (1 / flip.factor if flip.numerator else float("inf"))
    return (ratio, flip.term.weighed.criterion.id, flip.rival.format.id)


def holds(best: Assessment, flip: FlipPoint) -> bool:
    """Whether the two really draw level once the weight is multiplied: the sums are made again with it."""

    def total(assessment: Assessment) -> int:
        return sum(
            term.product
            * (flip.numerator if term.weighed.criterion.id == flip.term.weighed.criterion.id else flip.denominator)
            for term in assessment.terms
        )

    return total(best) == total(flip.rival)


@dataclass(frozen=True)
class Disagreement:
    """A value whose sources differ so far that one end of it would let a rival draw level or pass."""

    assessment: Assessment
    rival: Assessment
    term: Term
    end: str


def disagreements(best: Assessment, rivals: Sequence[Assessment]) -> list[Disagreement]:
    """Where one value alone, taken at an end of its range, would undo the lead over a rival."""
    found = []
    for rival in rivals:
        lead = best.total - rival.total
        found += [
            Disagreement(best, rival, term, "low")
            for term in best.terms
            if term.weighed.weight * (term.judgement.typical - term.judgement.low) >= lead > 0
        ]
        found += [
            Disagreement(rival, rival, term, "high")
            for term in rival.terms
            if term.weighed.weight * (term.judgement.high - term.judgement.typical) >= lead > 0
        ]
    return found

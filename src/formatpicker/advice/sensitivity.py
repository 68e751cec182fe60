"""What a first place rests on: coverage, evidence, and what would undo it (flip points, sources that disagree)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term, region_of


class FlipPoint(Struct, frozen=True):
    """The factor by which a criterion's weight must be multiplied for a rival to draw level; exact as a fraction."""

    rival: Assessment
    term: Term
    numerator: int
    denominator: int

    @property
    def factor(self) -> float:
        """The factor as a number."""
        return self.numerator / self.denominator


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


def evidence(catalog: Catalog, answers: Answers, best: Assessment, runner_up: Assessment | None) -> float:
    """The share, read in a source rather than judged, of what puts the first format ahead of the next one.

    Of the points by which it leads, criterion by criterion where it leads, the share in which the values of both are
    sourced. Where there is no other, or it leads on nothing, the share of its own points.
    """
    region = region_of(catalog, answers)

    def sourced(assessment: Assessment, term: Term) -> bool:
        value = catalog.regional(assessment.format, term.weighed.criterion.rule.attribute).within(region)
        return value.basis == "sourced"

    leads = (
        [
            (ours.product - theirs.product, sourced(best, ours) and sourced(runner_up, theirs))
            for ours, theirs in zip(best.terms, runner_up.terms, strict=True)
            if ours.product > theirs.product
        ]
        if runner_up
        else []
    )
    parts = leads or [(term.product, sourced(best, term)) for term in best.terms]
    return sum(points for points, read in parts if read) / (sum(points for points, _ in parts) or 1)


def flip_points(best: Assessment, rivals: Sequence[Assessment]) -> list[FlipPoint]:
    """Every criterion and rival for which some weight draws them level, the closest call first.

    With D the lead and d the difference of values on a criterion of weight w, multiplying w by f changes the lead to
    D + (f - 1) w d, which is zero at f = 1 - D / (w d); a factor below zero does not exist. Between formats with
    different numbers of unlikely verdicts weights move nothing.
    """
    found = []
    for rival in _level_in_musts(best, rivals):
        lead = best.total - rival.total
        for ours, theirs in zip(best.terms, rival.terms, strict=True):
            pull = ours.product - theirs.product
            if pull and lead >= 0 and (pull - lead) * pull >= 0:
                sign = 1 if pull > 0 else -1
                found.append(FlipPoint(rival, ours, sign * (pull - lead), sign * pull))
    return sorted(found, key=_distance)


def _level_in_musts(best: Assessment, rivals: Sequence[Assessment]) -> list[Assessment]:
    return [rival for rival in rivals if rival.unlikely == best.unlikely]


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


class Disagreement(Struct, frozen=True):
    """A value whose sources differ so far that one end of it would let a rival draw level or pass."""

    assessment: Assessment
    rival: Assessment
    term: Term
    end: str


def disagreements(best: Assessment, rivals: Sequence[Assessment]) -> list[Disagreement]:
    """Where one value alone, taken at an end of its range, would undo the lead over a rival."""
    found = []
    for rival in _level_in_musts(best, rivals):
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

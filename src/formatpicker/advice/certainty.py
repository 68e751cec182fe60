"""How sure a first place is: one word for how far it can be trusted, who contends for it, and what would undo it.

The word stands beside three numbers (coverage, evidence, robustness) that are never blended into one. A first place is
undone by another weight (flip points) or by one value that its sources disagree on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from formatpicker.catalog.guidance import DRAWS, CertaintyRules
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term
from formatpicker.scoring.weights import coverage, region_of

if TYPE_CHECKING:
    from formatpicker.advice.robustness import Draws


class Call(StrEnum):
    """How a first place is called."""

    CLEAR = "clear"
    LEANING = "leaning"
    TOO_CLOSE = "too_close"
    ONLY_ONE = "only_one"
    LONG_SHOT = "long_shot"
    NONE = "none"


class Certainty(Struct, frozen=True):
    """How sure a recommendation is: shares of 1 (None where there is no top), the call, and who contends for it."""

    coverage: float
    evidence: float | None
    robustness: float | None
    call: Call
    contenders: tuple[str, ...]


def certainty(
    draws: Draws,
    answers: Answers,
    best: Sequence[Assessment],
    rivals: Sequence[Assessment],
    open_turns: bool,
) -> Certainty:
    """How sure it is that ``best`` come first.

    Args:
        draws: Those of the catalog that they were assessed under.
        answers: What was answered.
        best: The core formats at the top; several where they are level.
        rivals: The other core formats that are not blocked, best first.
        open_turns: Whether a single answer to a question that is still open would put another format first.
    """
    catalog, covered = draws.catalog, coverage(draws.catalog, answers)
    firsts = draws.firsts(answers) if best else {}
    names = [each.format.id for each in best]
    found, contenders = call(
        catalog.certainty, names, bool(rivals), firsts, open_turns, best[0].unlikely if best else 0
    )
    runner_up = rivals[0] if rivals else None
    return Certainty(
        covered,
        min((evidence(catalog, answers, each, runner_up) for each in best), default=None),
        min((firsts[id] for id in names), default=0) / DRAWS if best else None,
        found,
        contenders,
    )


def call(
    rules: CertaintyRules,
    best: Sequence[str],
    rivalled: bool,
    firsts: Mapping[str, int],
    open_turns: bool,
    long_shots: int,
) -> tuple[Call, tuple[str, ...]]:
    """The call and the contenders, the best first: one function for one person and for the rows of a table.

    Args:
        rules: The catalog's bounds.
        best: The ids at the top; none where nothing can be recommended.
        rivalled: Whether any other format is open.
        firsts: In how many of the draws each core format comes first.
        open_turns: Whether a single answer to a question that is still open would put another format first.
        long_shots: How many unlikely verdicts the first format has.

    A first place is clear if it is first in enough draws, and no open question could turn it by itself. Without the
    second half two of five of them fall to the answers that are still missing (``benchmarks/certainty.py``).

    Contenders are the formats at the top, those that come first in enough of the draws, and any that comes first more
    often than one at the top: no format that is left unnamed does better than one that is named.
    """
    if not best:
        return Call.NONE, ()
    least = min(firsts[id] for id in best)
    others = [
        id for id in firsts if id not in best and (firsts[id] > least or 100 * firsts[id] >= rules.contender * DRAWS)
    ]
    contenders = (*best, *sorted(others, key=lambda id: -firsts[id]))
    if long_shots:
        return Call.LONG_SHOT, contenders
    if not rivalled and len(best) == 1:
        return Call.ONLY_ONE, contenders
    if len(best) > 1 or 100 * least < rules.leaning * DRAWS:
        return Call.TOO_CLOSE, contenders
    return (Call.LEANING if open_turns or 100 * least < rules.clear * DRAWS else Call.CLEAR), contenders


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


def evidence(catalog: Catalog, answers: Answers, best: Assessment, runner_up: Assessment | None) -> float:
    """The share, read in a source rather than judged, of what puts the first format ahead of the next one.

    Of the points by which it leads, criterion by criterion where it leads, the share in which the values of both are
    sourced. Where there is no other, or it leads on nothing, the share of its own points.
    """
    region = region_of(catalog, answers)

    def sourced(term: Term) -> bool:
        return term.regional.within(region).basis == "sourced"

    leads = (
        [
            (ours.product - theirs.product, sourced(ours) and sourced(theirs))
            for ours, theirs in zip(best.terms, runner_up.terms, strict=True)
            if ours.product > theirs.product
        ]
        if runner_up
        else []
    )
    parts = leads or [(term.product, sourced(term)) for term in best.terms]
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
    return (ratio, flip.term.criterion.id, flip.rival.format.id)


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
            if term.weight * (term.judgement.typical - term.judgement.low) >= lead > 0
        ]
        found += [
            Disagreement(rival, rival, term, "high")
            for term in rival.terms
            if term.weight * (term.judgement.high - term.judgement.typical) >= lead > 0
        ]
    return found

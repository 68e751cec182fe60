"""Two formats for one person: the criteria that decide between them, and dominance."""

from __future__ import annotations

from msgspec import Struct

from formatpicker.scoring.ranking import Assessment, Term
from formatpicker.scoring.rules import severity


class Difference(Struct, frozen=True):
    """What one criterion adds to the lead of the first format over the second; ``gap`` is a share of the scale."""

    term: Term
    gap: int


class Contest(Struct, frozen=True):
    """Two formats, what decides between them (the largest first), and which dominates the other, if any."""

    first: Assessment
    second: Assessment
    differences: tuple[Difference, ...]
    dominating: Assessment | None


def contest(first: Assessment, second: Assessment) -> Contest:
    """Compare two assessments of the same answers."""
    gaps = [
        Difference(ours, ours.product - theirs.product)
        for ours, theirs in zip(first.terms, second.terms, strict=True)
        if ours.product != theirs.product
    ]
    ordered = sorted(gaps, key=lambda each: (-abs(each.gap), each.term.weighed.criterion.id))
    dominating = next((one for one, other in ((first, second), (second, first)) if dominates(one, other)), None)
    return Contest(first, second, tuple(ordered), dominating)


def dominates(one: Assessment, other: Assessment) -> bool:
    """Whether a format is at least as good on every answered criterion, verdicts included, and better on one."""
    pairs = [(_merit(ours), _merit(theirs)) for ours, theirs in zip(one.terms, other.terms, strict=True)]
    at_least = all(ours[0] >= theirs[0] and ours[1] >= theirs[1] for ours, theirs in pairs)
    return at_least and any(ours != theirs for ours, theirs in pairs)


def _merit(term: Term) -> tuple[int, int]:
    return term.product, -severity(term.judgement.verdict)

"""Rounding: the only place where exact sums become decimals. Halves round up."""

from __future__ import annotations

from formatpicker.scoring.ranking import Assessment


def score_text(assessment: Assessment) -> str:
    """The score as a whole number for people; a dash where nothing weighs."""
    return str((200 * assessment.total + assessment.scale) // (2 * assessment.scale)) if assessment.scale else "-"


def in_tenths(total: int, scale: int) -> float | None:
    """A share of the scale as points out of 100, to one decimal, halves up; None where nothing weighs."""
    return ((2000 * total + scale) // (2 * scale)) / 10 if scale else None


def rounded(numerator: int, denominator: int) -> int:
    """A fraction as the nearest whole number."""
    return (2 * numerator + denominator) // (2 * denominator)


def apportioned(products: list[int], scale: int) -> list[int]:
    """Tenths of points that add up to the rounded score exactly, by the method of largest remainders."""
    if not scale:
        return []
    whole = [1000 * product // scale for product in products]
    missing = rounded(1000 * sum(products), scale) - sum(whole)
    by_remainder = sorted(range(len(products)), key=lambda index: -(1000 * products[index] % scale))
    for index in by_remainder[:missing]:
        whole[index] += 1
    return whole


def signed_tenths(gap: int, scale: int) -> float:
    """A difference of shares in points, to one decimal."""
    tenths = rounded(1000 * abs(gap), scale) / 10
    return tenths if gap >= 0 else -tenths

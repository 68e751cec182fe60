"""Rounding: where exact sums become decimals, halves up; columns of numbers round by the same rule (batch.arrays)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from formatpicker.scoring.ranking import Assessment

if TYPE_CHECKING:
    from fractions import Fraction


def score_text(assessment: Assessment) -> str:
    """The score as a whole number for people; a dash where nothing weighs."""
    return str(rounded(100 * assessment.total, assessment.scale)) if assessment.scale else "-"


def in_tenths(total: int, scale: int) -> float | None:
    """A share of the scale as points out of 100, to one decimal, halves up; None where nothing weighs."""
    return rounded(1000 * total, scale) / 10 if scale else None


def tenths(points: Fraction) -> float:
    """Exact points to one decimal, halves up."""
    return rounded(10 * points.numerator, points.denominator) / 10


def rounded(numerator: int, denominator: int) -> int:
    """A fraction as the nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


# By how many tenths a product may be printed off its floor, where equal ones are printed alike.
_OFF = range(-1, 3)


def apportioned(products: list[int], scale: int) -> list[int]:
    """Tenths of points that add up to the rounded score exactly.

    Every product is cut to tenths, and the tenths that are missing go to the largest remainders (Hamilton's method:
    no other way to add up is closer, by squares). Equal products get equal points: where the missing tenths end inside
    a group of equals, the closest way is taken that treats them alike, each at most two tenths above its cut and one
    below; nothing stays nothing. Only where no such way adds up, as with three equal thirds of 100, the first of the
    equals get a tenth more.
    """
    if not scale:
        return []
    whole = [1000 * product // scale for product in products]
    remainders = [1000 * product % scale for product in products]
    missing = rounded(1000 * sum(products), scale) - sum(whole)
    order = sorted(range(len(products)), key=lambda index: -remainders[index])
    extra = dict.fromkeys(order[:missing], 1)
    equals = {product: [at for at, each in enumerate(products) if each == product] for product in products}
    if any(len({extra.get(at, 0) for at in group}) > 1 for group in equals.values()):
        groups = [
            (len(at), remainders[at[0]], _OFF if whole[at[0]] else range(2 if product else 1))
            for product, at in equals.items()
        ]
        alike = _alike(groups, missing, scale)
        if alike:
            extra = {at: off for group, off in zip(equals.values(), alike, strict=True) for at in group}
    return [cut + extra.get(at, 0) for at, cut in enumerate(whole)]


def _alike(groups: list[tuple[int, int, range]], missing: int, scale: int) -> list[int] | None:
    """How many tenths each member of a group gets so that all add up, as close to the remainders as can be.

    A group is its size, the remainder of each member, and how many tenths each may get. Of ways equally close, the one
    that gives the first group less, then the second, and so on.
    """
    reached: dict[int, tuple[int, list[int]]] = {0: (0, [])}
    for size, remainder, offs in groups:
        further: dict[int, tuple[int, list[int]]] = {}
        for given, (cost, taken) in reached.items():
            for off in offs:
                found = (cost + size * (scale * off - remainder) ** 2, [*taken, off])
                known = further.get(given + size * off)
                if known is None or found < known:
                    further[given + size * off] = found
        reached = further
    return reached[missing][1] if missing in reached else None


def per_cent(share: float) -> int:
    """A share as a whole number of hundredths, halves up also where a binary fraction falls just short of one."""
    return math.floor(100 * share + 0.5 + 1e-9)


def signed_tenths(gap: int, scale: int) -> float:
    """A difference of shares in points, to one decimal."""
    tenths = rounded(1000 * abs(gap), scale) / 10
    return tenths if gap >= 0 else -tenths

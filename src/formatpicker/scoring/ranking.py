"""Scoring, ranks, ties and rounding: pure functions from a catalog and answers to frozen results.

score = 100 * sum(w * v) / sum(w) over the criteria that take part, with whole w and v in thousandths. The denominator
is the same for every format and no format looks at another, so that adding or removing one changes no other score.
Exact sums become decimals halves up; columns of numbers round by the same rule (``batch.columns.records``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from formatpicker.catalog.attributes import RegionalValue
from formatpicker.catalog.criteria import About, Criterion, Rule, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.rules import ONE, Judgement, judge, severity, worst
from formatpicker.scoring.weights import Weighed, region_of, weigh

if TYPE_CHECKING:
    from fractions import Fraction


# The verdicts that move a format in the ranking; the others only say what to look for.
RANKED_BY = (Verdict.UNLIKELY, Verdict.BLOCKED)


# What an open format is ranked by, the greatest first: minus its unlikely verdicts, then its weighed sum.
Placing = tuple[int, int]


def leading(places: Sequence[Placing | None], separated: bool) -> tuple[int, ...]:
    """The positions of the formats to recommend: the greatest place, or none where no answer tells formats apart.

    None is the place of a blocked format. If only one is left unblocked, it is recommended whatever else was answered.
    Where many rankings are made at once a place is one number, the sum less a toll for each unlikely verdict that is
    greater than any sum: in ``advice.what_ifs`` and ``advice.robustness``, in ``batch.effects`` and
    ``batch.columns.records``.
    """
    open_ones = [place for place in places if place is not None]
    if not open_ones or (len(open_ones) > 1 and not separated):
        return ()
    best = max(open_ones)
    return tuple([at for at, place in enumerate(places) if place == best])


class Term(NamedTuple):
    """A criterion weighed by an answer, and judged by what is known of one format.

    ``regional`` is what the format's attribute was judged by.
    """

    criterion: Criterion
    answer: Answer
    weight: int
    judgement: Judgement
    regional: RegionalValue

    @property
    def rule(self) -> Rule:
        """What the criterion is judged by."""
        return self.criterion.rule

    @property
    def verdict(self) -> Verdict:
        """How the format stands to the answer."""
        return self.judgement.verdict

    @property
    def product(self) -> int:
        """Weight times typical value, in thousandths of the weight's unit."""
        return self.weight * self.judgement.typical


class Assessment(Struct, frozen=True, dict=True):
    """One format against all answers. Sums are exact; ``scale`` is what they are shares of."""

    format: Format
    terms: tuple[Term, ...]

    def __repr__(self) -> str:
        return f"<Assessment {self.format.id}: {self.eligibility}, {len(self.terms)} criteria>"

    def __hash__(self) -> int:
        return hash((self.format.id, self.total, self.scale))

    @cached_property
    def eligibility(self) -> Verdict:
        """The worst verdict of all terms."""
        return worst([term.verdict for term in self.terms])

    @property
    def blocked(self) -> bool:
        """Whether an answer rules the format out."""
        return self.eligibility is Verdict.BLOCKED

    @cached_property
    def unlikely(self) -> int:
        """How many answers only a rare instance of the format meets: fewer come first, whatever the score."""
        return sum(term.verdict is Verdict.UNLIKELY for term in self.terms)

    @property
    def place(self) -> Placing | None:
        """What it is ranked by; None if it is blocked."""
        return None if self.blocked else (-self.unlikely, self.total)

    @cached_property
    def scale(self) -> int:
        """The sum of the weights times the value of one; 0 where nothing weighs."""
        return ONE * sum(term.weight for term in self.terms)

    @cached_property
    def total(self) -> int:
        """The weighted sum of typical values; ``total / scale`` is the score as a share of 1."""
        return sum(term.product for term in self.terms)

    @property
    def total_low(self) -> int:
        """The weighted sum at the low ends."""
        return sum(term.weight * term.judgement.low for term in self.terms)

    @property
    def total_high(self) -> int:
        """The weighted sum at the high ends."""
        return sum(term.weight * term.judgement.high for term in self.terms)


class Ranked(Struct, frozen=True):
    """An assessment with its rank from 1, equals sharing one; None for a blocked format."""

    assessment: Assessment
    rank: int | None


def assess(catalog: Catalog, answers: Answers, formats: Iterable[Format]) -> list[Assessment]:
    """Judge some formats by every criterion that the answers bring into play."""
    weighed, region = weigh(catalog, answers), region_of(catalog, answers)
    return [Assessment(format, tuple([_term(catalog, format, each, region) for each in weighed])) for format in formats]


def _term(catalog: Catalog, format: Format, weighed: Weighed, region: str | None) -> Term:
    rule = weighed.criterion.rule
    regional = catalog.regional(format, rule.attribute)
    return Term(*weighed, judge(rule, weighed.answer, regional, region), regional)


def rank(assessments: Iterable[Assessment]) -> list[Ranked]:
    """Fewer unlikely verdicts first, then the higher score; equals share a rank and stand in order of their ids.

    Blocked formats come last, without a rank, in order of their scores.
    """
    ordered = sorted(
        assessments,
        key=lambda each: (each.blocked, 0 if each.blocked else each.unlikely, -each.total, each.format.id),
    )
    places = [each.place for each in ordered]
    return [Ranked(each, None if each.blocked else 1 + places.index(each.place)) for each in ordered]


def separates(terms: Iterable[Iterable[Term]]) -> bool:
    """Whether a goal, need, limit or wish that was answered tells some formats apart, given the terms of each."""
    seen: dict[str, set[tuple[int, Verdict | None]]] = {}
    for of_format in terms:
        for term in of_format:
            if term.criterion.about is not About.FACT:
                verdict = term.verdict
                kind = (term.product, verdict if verdict in RANKED_BY else None)
                seen.setdefault(term.criterion.id, set()).add(kind)
    return any(len(kinds) > 1 for kinds in seen.values())


def top(ranked: list[Ranked]) -> list[Ranked]:
    """The formats to recommend, as ``leading`` has it."""
    separated = separates(each.assessment.terms for each in ranked)
    return [ranked[at] for at in leading([each.assessment.place for each in ranked], separated)]


def by_points(term: Term) -> tuple[int, int]:
    """What a term counts for beside another format: what it adds to the score, and its verdict."""
    return term.product, -severity(term.verdict)


def dominates(one: Assessment, other: Assessment, merit: Callable[[Term], tuple[int, ...]] = by_points) -> bool:
    """Whether a format is at least as good on every answered criterion in all that ``merit`` counts, better on one."""
    pairs = [(merit(ours), merit(theirs)) for ours, theirs in zip(one.terms, other.terms, strict=True)]
    at_least = all(mine >= its for ours, theirs in pairs for mine, its in zip(ours, theirs, strict=True))
    return at_least and any(ours != theirs for ours, theirs in pairs)


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

"""Plans of two or more experiences, one after another, that serve the goals better together than any single format.

A plan's score counts the goals alone, with their exact weights; needs and limits must hold for every step. The value of
a plan for a goal is that of its best step, more where the catalog says that an attribute grows with every experience,
and that of its weakest step where the catalog says so. Time between two steps is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, pairwise
from typing import cast

from msgspec import Struct

from formatpicker.base.durations import DAYS_PER_WEEK
from formatpicker.catalog.attributes import MOST_LEVEL
from formatpicker.catalog.criteria import RuleKind
from formatpicker.catalog.guidance import Link, PathwayRules, Stacking
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Term, assess
from formatpicker.scoring.rules import ONE
from formatpicker.scoring.weights import region_of

MOST_PATHWAYS = 3
# More days than any answer gives.
_NEVER = 1 << 40


class PathwayStep(Struct, frozen=True):
    """One experience of a plan: how many days are assumed for it, how many are typical, and why it comes here."""

    format: Format
    days: int
    typical: int
    link: Link | None


class Served(Struct, frozen=True):
    """What a plan is worth for one goal, in thousandths, the step that provides it, and what raised it if anything."""

    goal: Term
    value: int
    step: PathwayStep
    stacking: Stacking | None


class Pathway(Struct, frozen=True, dict=True):
    """A plan. As shares of 1, ``total / scale`` is its score and ``single_total / scale`` the best single format's."""

    steps: tuple[PathwayStep, ...]
    served: tuple[Served, ...]
    single: Format
    single_total: int

    @property
    def days(self) -> int:
        """The length of all steps together."""
        return sum(step.days for step in self.steps)

    @cached_property
    def total(self) -> int:
        """The sum of weight times value over the goals."""
        return sum(each.goal.weight * each.value for each in self.served)

    @cached_property
    def scale(self) -> int:
        """What ``total`` is a share of."""
        return ONE * sum(each.goal.weight for each in self.served)


class _Candidate(Struct, frozen=True, dict=True):
    """A format that the answers leave open: its terms on the goals, and the days it takes at least and as a rule."""

    assessment: Assessment
    terms: tuple[Term, ...]
    least: int
    typical: int

    @cached_property
    def total(self) -> int:
        return sum(term.product for term in self.terms)


def pathways(catalog: Catalog, answers: Answers, most: int = MOST_PATHWAYS) -> list[Pathway]:
    """The best plans, at most ``most``; ties go to fewer steps, then to less time, then by the formats' ids.

    None where the catalog has no such section, where the goals or the longest time were not answered, or where no plan
    beats the best single format.
    """
    budget = answers.get(catalog.pathways.duration) if catalog.pathways else None
    if catalog.pathways is None or budget is None:
        return []
    candidates = _candidates(catalog, catalog.pathways, answers)
    if not any(candidate.terms for candidate in candidates):
        return []
    found = _Planner(catalog.pathways, candidates, cast(int, budget)).plans()
    return found[: max(most, 0)]


def _candidates(catalog: Catalog, rules: PathwayRules, answers: Answers) -> list[_Candidate]:
    """Every scored format that is neither blocked nor a long shot."""
    found = []
    for assessment in assess(catalog, answers, catalog.scored):
        if not assessment.blocked and not assessment.unlikely:
            goals = [term for term in assessment.terms if term.rule.kind is RuleKind.GOAL]
            span = _span(catalog, rules, answers, assessment.format)
            found.append(_Candidate(assessment, tuple(term for term in goals if term.weight), *span))
    return found


def _span(catalog: Catalog, rules: PathwayRules, answers: Answers, format: Format) -> tuple[int, int]:
    """The days that a format takes at least, with the hours there are, and as a rule; where unknown, more than any.

    Its least work is spread evenly over the hours in a week, so that the steps of a plan fit into them together.
    """
    region, per_week = region_of(catalog, answers), cast(int | None, answers.get(rules.per_week))
    value = catalog.regional(format, catalog.criteria[rules.duration].rule.attribute).within(region)
    if not value.known:
        return _NEVER, _NEVER
    least = cast(int, value.low)
    for item in catalog.derived.values():
        if per_week and (item.duration, item.per_week) == (rules.duration, rules.per_week):
            work = catalog.regional(format, item.rule.attribute).within(region)
            least = max(least, -(-cast(int, work.low or 0) * DAYS_PER_WEEK // per_week))
    # Less than a week counts as one, here as for single formats; beyond that nothing is stretched past its most.
    if value.high is not None and least > max(cast(int, value.high), DAYS_PER_WEEK):
        return _NEVER, _NEVER
    return least, max(least, cast(int, value.typical))


class _Planner:
    """Finds the plans among some candidates."""

    def __init__(self, rules: PathwayRules, candidates: list[_Candidate], budget: int) -> None:
        self.rules = rules
        self.budget = budget
        self.links = {(link.origin, link.target): link for link in rules.links}
        self.open = {candidate.assessment.format.id: candidate for candidate in candidates}
        # Of equals the one that suits best in everything else stands for the best single format.
        self.single = min(candidates, key=lambda each: (-each.total, -each.assessment.total, each.assessment.format.id))
        self._totals: dict[tuple[str, ...], int] = {}

    def plans(self) -> list[Pathway]:
        """All plans that are worth their steps, the best first."""
        found = [self._plan(way) for way in self._ways() if self._is_worth_it(way)]
        return sorted(
            found, key=lambda each: (-each.total, len(each.steps), each.days, [step.format.id for step in each.steps])
        )

    def _ways(self) -> Iterator[tuple[str, ...]]:
        """Every sequence of two or more linked formats that fits at its shortest."""
        pending: list[tuple[str, ...]] = [(id,) for id in self.open]
        while pending:
            way = pending.pop()
            if len(way) > 1:
                yield way
            if len(way) < self.rules.most_steps:
                longer = [(*way, target) for origin, target in self.links if origin == way[-1] and target in self.open]
                pending += [each for each in longer if sum(self.open[id].least for id in each) <= self.budget]

    def _is_worth_it(self, way: tuple[str, ...]) -> bool:
        """Whether a plan beats the best single format and every shorter plan inside it."""
        parts = (part for count in range(2, len(way)) for part in combinations(way, count))
        shorter = [part for part in parts if all(pair in self.links for pair in pairwise(part))]
        return self._total(way) > max([self.single.total, *map(self._total, shorter)])

    def _total(self, way: tuple[str, ...]) -> int:
        if way not in self._totals:
            values = [term.weight * self._value(way, at)[0] for at, term in enumerate(self.single.terms)]
            self._totals[way] = sum(values)
        return self._totals[way]

    def _value(self, way: tuple[str, ...], at: int) -> tuple[int, int, Stacking | None]:
        """For one goal: the plan's value, the position of the step that provides it, and what raised it."""
        terms = [self.open[id].terms[at] for id in way]
        attribute = terms[0].rule.attribute
        values = [term.judgement.typical for term in terms]
        if attribute in self.rules.weakest_counts:
            return min(values), values.index(min(values)), None
        best = max(values)
        stacking = self.rules.stacking.get(attribute)
        if stacking:
            # A step that may have nothing of it (low end 0, or unknown) adds nothing to the others.
            adding = sum(term.judgement.low > 0 for term in terms)
            raised = min(stacking.most, best * MOST_LEVEL // ONE + stacking.gain * (adding - 1)) * ONE // MOST_LEVEL
            if raised > best:
                return raised, values.index(best), stacking
        return best, values.index(best), None

    def _plan(self, way: tuple[str, ...]) -> Pathway:
        links = [None, *(self.links[pair] for pair in pairwise(way))]
        steps = tuple(
            PathwayStep(self.open[id].assessment.format, days, self.open[id].typical, link)
            for id, days, link in zip(way, self._lengths(way), links, strict=True)
        )
        served = []
        for at, term in enumerate(self.single.terms):
            value, position, stacking = self._value(way, at)
            served.append(Served(term, value, steps[position], stacking))
        return Pathway(steps, tuple(served), self.single.assessment.format, self.single.total)

    def _lengths(self, way: tuple[str, ...]) -> list[int]:
        """Each step, in order, gets its typical length or what the least lengths of the others leave of the time."""
        spare = self.budget - sum(self.open[id].least for id in way)
        lengths = []
        for id in way:
            candidate = self.open[id]
            extra = min(spare, candidate.typical - candidate.least)
            spare -= extra
            lengths.append(candidate.least + extra)
        return lengths

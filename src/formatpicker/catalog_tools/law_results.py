"""Results of one person as the laws compare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import NamedTuple, cast

from formatpicker.base.text import joined
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Ranked, assess_all, rank, top
from formatpicker.scoring.rules import severity


class Result(NamedTuple):
    """One format's result: exact sums, the verdict, how many are unlikely, and the rank within its group."""

    low: int
    total: int
    high: int
    scale: int
    eligibility: Verdict
    unlikely: int
    rank: int | None

    def __str__(self) -> str:
        place = "" if self.rank is None else f", rank {self.rank}"
        return f"{points_text(self.total, self.scale)} points ({self.eligibility}{place})"


def points_text(total: int, scale: int) -> str:
    """A share of the scale in points out of 100, exact where it is short."""
    return f"{100 * total / scale:.6g}" if scale else "no"


def rankings_of(catalog: Catalog, answers: Answers) -> list[list[Ranked]]:
    """The core formats and the variants."""
    assessed = assess_all(catalog, answers, lambda format: format.scored)
    return [rank(each for each in assessed if each.format.core is core) for core in (True, False)]


def by_format(rankings: list[list[Ranked]]) -> dict[str, Result]:
    """Results by the format's id."""
    found = ((each.assessment, each.rank) for ranked in rankings for each in ranked)
    return {
        one.format.id: Result(one.total_low, one.total, one.total_high, one.scale, one.eligibility, one.unlikely, rank)
        for one, rank in found
    }


def results_of(catalog: Catalog, answers: Answers) -> dict[str, Result]:
    """The results of one person by the format's id."""
    return by_format(rankings_of(catalog, answers))


def ids_at_top(rankings: list[list[Ranked]]) -> list[str]:
    """The ids of the formats at the top, sorted."""
    return sorted(each.assessment.format.id for each in top(rankings[0]))


def differences(
    catalog: Catalog, before: Mapping[str, Result], after: Mapping[str, Result], what: str
) -> Iterator[str]:
    """The formats of the second results that stand otherwise in the first ones."""
    for id, result in after.items():
        if before[id] != result:
            yield f"{catalog.formats[id].name} has {before[id]}, but {result} {what}"


def named(catalog: Catalog, formats: list[str] | tuple[str, ...]) -> str:
    """The names of some formats in a sentence."""
    return joined([catalog.formats[id].name for id in formats]) or "none"


def is_worse(before: Result, after: Result) -> bool:
    """Whether the verdict is severer, a verdict more is unlikely, or the score is lower."""
    severer = severity(after.eligibility) > severity(before.eligibility)
    # A blocked format that opens may well become a long shot.
    rarer = before.eligibility is not Verdict.BLOCKED and after.unlikely > before.unlikely
    return severer or rarer or after.total * before.scale < before.total * after.scale


def pairs_in_order(catalog: Catalog, answers: Answers) -> Iterator[tuple[Assessment, Assessment]]:
    """Every two open formats of which the first ranks above the second."""
    for ranked in rankings_of(catalog, answers):
        for one, other in permutations([each for each in ranked if each.rank is not None], 2):
            if cast(int, one.rank) < cast(int, other.rank):
                yield one.assessment, other.assessment


def at_least_as_good(one: Assessment, other: Assessment) -> bool:
    """Whether one format earns as much as the other on every criterion, with no severer verdict."""
    return all(
        ours.product >= theirs.product and severity(ours.judgement.verdict) <= severity(theirs.judgement.verdict)
        for ours, theirs in zip(one.terms, other.terms, strict=True)
    )


def overtaken(catalog: Catalog, before: Answers, after: Answers, goal: str) -> Iterator[str]:
    """The formats best on a goal that fall below another they were level with or above."""
    for first, second in zip(rankings_of(catalog, before), rankings_of(catalog, after), strict=True):
        was = {each.assessment.format.id: each.assessment for each in first}
        now = {each.assessment.format.id: each.assessment for each in second}
        values = {id: _value_on(assessment, goal) for id, assessment in was.items()}
        for id, other in ((id, other) for id in was for other in was if values[id] == max(values.values())):
            lead, later = was[id].total - was[other].total, now[id].total - now[other].total
            if (lead >= 0 > later) or (lead > 0 >= later):
                names = catalog.formats[id].name, catalog.formats[other].name
                yield f"{names[0]} is best on {goal} and falls behind {names[1]} as {goal} counts more"


def _value_on(assessment: Assessment, criterion: str) -> int:
    return sum(term.judgement.typical for term in assessment.terms if term.weighed.criterion.id == criterion)

"""Results of one person as the laws compare them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from formatpicker.base.text import joined
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment, Ranked, assess_all, rank, top


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
    return {each.assessment.format.id: _result(each.assessment, each.rank) for ranked in rankings for each in ranked}


def _result(assessed: Assessment, rank: int | None) -> Result:
    sums = (assessed.total_low, assessed.total, assessed.total_high, assessed.scale)
    return Result(*sums, assessed.eligibility, assessed.unlikely, rank)


def results_of(catalog: Catalog, answers: Answers) -> dict[str, Result]:
    """The results of one person by the format's id."""
    return by_format(rankings_of(catalog, answers))


def ids_at_top(rankings: list[list[Ranked]]) -> list[str]:
    """The ids of the formats at the top, sorted."""
    return sorted(each.assessment.format.id for each in top(rankings[0]))


def first_difference(
    catalog: Catalog, before: Mapping[str, Result], after: Mapping[str, Result], what: str
) -> str | None:
    """The first format of the second results that stands otherwise in the first ones."""
    for id, result in after.items():
        if before[id] != result:
            return f"{catalog.formats[id].name} has {before[id]}, but {result} {what}"
    return None


def changed_keys(answers: Answers, again: Answers) -> str:
    """The questions that two sets of answers answer differently."""
    return joined([id for id in {**answers.values, **again.values} if answers.get(id) != again.get(id)])


def named(catalog: Catalog, formats: list[str] | tuple[str, ...]) -> str:
    """The names of some formats in a sentence."""
    return joined([catalog.formats[id].name for id in formats]) or "none"

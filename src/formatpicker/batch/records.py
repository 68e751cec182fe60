"""One person's result in one line, and how a whole recommendation is put that way."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.catalog.criteria import Verdict
from formatpicker.scoring.ranking import Ranked, coverage, in_tenths, per_cent, top
from formatpicker.scoring.rules import severity, speaks_for

# As many reasons as the first page has room for.
MOST_REASONS = 3

Identity = str | int | float | None
# The values of one row in the order of the columns that are written.
Row = Sequence[Any]


class Record(NamedTuple):
    """What is said of one person, in the order of the columns. Scores are points of 100, to one decimal.

    ``conditions``, ``long_shots`` and ``blocked`` hold ``format:question`` for the core formats; ``reasons`` holds the
    ids of the criteria that speak most for the top. Several formats at the top are in order of their ids; the first
    stands for them in ``reasons``, the worst verdict among them in ``eligibility``. What there is no value for is None.
    """

    id: Identity
    row: int
    top: tuple[str, ...]
    score: float | None
    runner_up: str | None
    runner_up_score: float | None
    margin: float | None
    eligibility: str | None
    conditions: tuple[str, ...]
    long_shots: tuple[str, ...]
    blocked: tuple[str, ...]
    best_variant: str | None
    best_variant_score: float | None
    reasons: tuple[str, ...]
    coverage: float


FIELDS = Record._fields
# What is worked out only where it is asked for, since each takes longer than all of a record: how far the first place
# can be trusted and who contends for it, what one other answer would open, three columns in words, and which answers
# were left open since they could not be read.
LEFT_OPEN = "left_open"
FURTHER = ("call", "contenders", "one_answer_away", "why", "check", "next_step", LEFT_OPEN)
LISTS = ("top", "conditions", "long_shots", "blocked", "reasons", "contenders", "one_answer_away", LEFT_OPEN)


class Cause(Enum):
    """Why a cell cannot be read, where something else than another answer would help.

    It holds bytes of another encoding, several columns say different things, or a spreadsheet has made a date of it.
    """

    ENCODING = auto()
    DIFFER = auto()
    DATE = auto()


class Reject(NamedTuple):
    """A row without a record: where it stands, the column and the value at fault, and what is wrong.

    ``question`` is what the cell answers, None where it is no answer or the row could not be read as cells. It and the
    cause are not written.
    """

    row: int
    line: int | None
    id: Identity
    column: str | None
    value: str | None
    error: str
    question: str | None = None
    cause: Cause | None = None


REJECT_FIELDS = Reject._fields[:6]


def record_of(recommendation: Recommendation, id: Identity, row: int) -> Record:
    """The record of one recommendation: the plain way, against which batches are held."""
    best = recommendation.best
    first = best[0].assessment if best else None
    second = recommendation.rivals[0].assessment if best and recommendation.rivals else None
    variant = next(iter(top(_ranked(recommendation.variants))), None)
    scale = recommendation.ranking[0].assessment.scale if recommendation.ranking else 0
    return Record(
        id,
        row,
        tuple(entry.id for entry in best),
        in_tenths(first.total, scale) if first else None,
        second.format.id if second else None,
        in_tenths(second.total, scale) if second else None,
        in_tenths(first.total - second.total, scale) if first and second else None,
        _eligibility(recommendation),
        _pairs(recommendation, Verdict.CONDITIONAL),
        _pairs(recommendation, Verdict.UNLIKELY),
        _pairs(recommendation, Verdict.BLOCKED),
        variant.assessment.format.id if variant else None,
        in_tenths(variant.assessment.total, scale) if variant else None,
        tuple(
            each.term.weighed.criterion.id
            for each in (best[0].contributions if best else ())
            if speaks_for(each.term.judgement)
        )[:MOST_REASONS],
        per_cent(coverage(recommendation.catalog, recommendation.answers)) / 100,
    )


def _ranked(entries: Sequence[Entry]) -> list[Ranked]:
    return [Ranked(entry.assessment, entry.rank) for entry in entries]


def _eligibility(recommendation: Recommendation) -> str | None:
    """The worst verdict at the top; ``blocked`` where every core format is, None where nothing tells them apart."""
    if recommendation.best:
        return str(max((entry.assessment.eligibility for entry in recommendation.best), key=severity))
    return None if recommendation.rivals else str(Verdict.BLOCKED)


def _pairs(recommendation: Recommendation, verdict: Verdict) -> tuple[str, ...]:
    """``format:question`` in the order of the formats' ids, then of the questions."""
    return tuple(
        f"{entry.id}:{term.weighed.criterion.id}"
        for entry in sorted(recommendation.ranking, key=lambda entry: entry.id)
        for term in entry.assessment.terms
        if term.judgement.verdict is verdict
    )

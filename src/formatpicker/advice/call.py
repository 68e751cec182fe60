"""How a first place is called: one word for how much it can be trusted, and the formats that contend for it.

The word stands beside three numbers (coverage, evidence, robustness) that are never blended into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from formatpicker.advice.draws import DRAWS, Draws
from formatpicker.advice.sensitivity import coverage, evidence
from formatpicker.catalog.guidance import CertaintyRules
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.ranking import Assessment


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

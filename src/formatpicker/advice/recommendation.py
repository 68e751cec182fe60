"""A whole recommendation: the ranking of the core formats and of the variants, with all that is said beside it.

Whatever goes beyond the ranking (reasons, how sure, what would change it) is worked out, and what works it out is
loaded, when it is first asked for: ``recommend --fields top`` takes 69 ms of processor time by it, and 79 without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from formatpicker.advice.explanation import Explainer
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.guidance import NextStep
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.ranking import Assessment, apportioned, assess, in_tenths, rank, top

if TYPE_CHECKING:
    from formatpicker.advice.answer_ranges import Change
    from formatpicker.advice.certainty import Certainty, FlipPoint
    from formatpicker.advice.comparison import Indistinguishable
    from formatpicker.advice.notices import Blocker, Contribution, FoundConflict, Notice
    from formatpicker.advice.pathways import Pathway
    from formatpicker.advice.relaxations import Relaxation
    from formatpicker.advice.what_ifs import Gaps, WhatIf
    from formatpicker.scoring.tables import EffectTable

ALL_BLOCKED = "Every format is ruled out by your answers. See below what each would need."
NOTHING_OPENS = "Every format is ruled out, and no answer that you could change would open one. See below whom to ask."
NOTHING_SEPARATES = (
    "Nothing you have answered so far tells the formats apart. Answer a question about your goals, needs or limits."
)


class Entry(Struct, frozen=True, dict=True):
    """One format's place in a recommendation and the reasons for it.

    ``score`` and ``points`` are rounded for people; ranks and ties come from the exact sums of ``assessment``.
    """

    assessment: Assessment
    rank: int | None
    explainer: Explainer

    @cached_property
    def conditions(self) -> tuple[Notice, ...]:
        """What to look for, since only some instances fit."""
        return self.explainer.conditions(self.assessment)

    @cached_property
    def long_shots(self) -> tuple[Notice, ...]:
        """What only a rare instance offers."""
        return self.explainer.long_shots(self.assessment)

    @cached_property
    def blockers(self) -> tuple[Blocker, ...]:
        """What rules the format out."""
        return self.explainer.blockers(self.assessment)

    @cached_property
    def unchecked(self) -> tuple[str, ...]:
        """The ids of limits that were not answered."""
        return self.explainer.unchecked(self.assessment)

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """What the score is made of, the largest first."""
        return self.explainer.contributions(self.assessment)

    @cached_property
    def cautions(self) -> tuple[Notice, ...]:
        """What to know before deciding."""
        return self.explainer.cautions(self.assessment)

    @property
    def id(self) -> str:
        """The format's id."""
        return self.assessment.format.id

    @property
    def name(self) -> str:
        """The format's name for people."""
        return self.assessment.format.name

    @property
    def definition(self) -> str:
        """What the format is, in one line."""
        return self.assessment.format.summary

    @property
    def eligibility(self) -> Verdict:
        """``fits``, ``conditional``, ``unlikely`` or ``blocked``: how it stands to all answers."""
        return self.assessment.eligibility

    @property
    def score(self) -> float | None:
        """Points of 100, to one decimal; None where nothing that was answered weighs."""
        return in_tenths(self.assessment.total, self.assessment.scale)

    @property
    def score_range(self) -> tuple[float | None, float | None]:
        """The ends that the score can reach within the ranges of the catalog."""
        assessment = self.assessment
        return in_tenths(assessment.total_low, assessment.scale), in_tenths(assessment.total_high, assessment.scale)

    @property
    def points(self) -> dict[str, float]:
        """What each criterion adds to the score, the largest first, to one decimal; they add up to it."""
        tenths = apportioned([each.term.product for each in self.contributions], self.assessment.scale)
        return {each.term.criterion.id: points / 10 for each, points in zip(self.contributions, tenths, strict=True)}

    def __repr__(self) -> str:
        return f"<Entry {self.id}: rank {self.rank}, score {self.score}, {self.eligibility}>"

    def __hash__(self) -> int:
        return hash((self.id, self.rank))


class Recommendation(Struct, frozen=True, dict=True):
    """What a person is told. ``top`` is empty where nothing can be recommended; ``message`` then says why."""

    catalog: Catalog
    answers: Answers
    top: tuple[str, ...]
    message: str
    ranking: tuple[Entry, ...]
    variants: tuple[Entry, ...]
    next_steps: tuple[NextStep, ...]

    @cached_property
    def table(self) -> EffectTable:
        """The core formats' rules as a table, for questions about other answers."""
        from formatpicker.scoring.tables import EffectTable

        return EffectTable(self.catalog, [entry.assessment.format for entry in self.ranking])

    @cached_property
    def _gaps(self) -> Gaps:
        """What other answers are tried by, for what they tell and for how sure it is."""
        from formatpicker.advice.what_ifs import Gaps

        return Gaps(self.table, self.answers)

    @property
    def score(self) -> float | None:
        """The score of what is at the top; None where nothing is."""
        return self.best[0].score if self.best else None

    @property
    def points(self) -> dict[str, float]:
        """What each criterion adds to that score; of several at the top, those of the first."""
        return self.best[0].points if self.best else {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All scored formats: the core ones, then the variants."""
        return (*self.ranking, *self.variants)

    @property
    def best(self) -> tuple[Entry, ...]:
        """The entries at the top."""
        return tuple(entry for entry in self.ranking if entry.id in self.top)

    @property
    def rivals(self) -> tuple[Entry, ...]:
        """The core formats that are neither at the top nor blocked, best first."""
        return tuple(entry for entry in self.ranking if entry.rank is not None and entry.id not in self.top)

    @cached_property
    def certainty(self) -> Certainty:
        """Coverage, evidence and robustness, the call, and who contends."""
        from formatpicker.advice.certainty import certainty
        from formatpicker.advice.robustness import Draws

        best, rivals = ([entry.assessment for entry in entries] for entries in (self.best, self.rivals))
        return certainty(Draws(self.catalog), self.answers, best, rivals, bool(self.turning))

    @cached_property
    def turning(self) -> tuple[str, ...]:
        """The open questions of which a single answer would put another format first; none on a tie."""
        from formatpicker.advice.what_ifs import turning_questions

        return turning_questions(self._gaps) if self.best else ()

    @cached_property
    def flip_points(self) -> list[FlipPoint]:
        """What weight would have to change, and how far, for a rival to draw level; none on a tie."""
        from formatpicker.advice.certainty import flip_points

        rivals = [entry.assessment for entry in self.rivals]
        return flip_points(self.best[0].assessment, rivals) if len(self.best) == 1 else []

    @cached_property
    def relaxations(self) -> list[Relaxation]:
        """Every smallest set of changes that unlocks a blocked core format, the smallest and nearest first."""
        blocked = (entry.assessment.format for entry in self.ranking if entry.rank is None)
        return _openings(self.catalog, self.answers, blocked)

    @property
    def nearest_opening(self) -> Relaxation | None:
        """Where every core format is blocked: the smallest change, and the nearest of its size, that opens one."""
        return None if any(entry.rank for entry in self.ranking) else next(iter(self.relaxations), None)

    @cached_property
    def what_ifs(self) -> list[WhatIf]:
        """Changes of one answer, or else of two, that change the top; nearest first."""
        from formatpicker.advice.what_ifs import what_ifs

        return what_ifs(self._gaps)

    @cached_property
    def ways_out(self) -> list[WhatIf]:
        """Where the top is a long shot: changes of one answer that put first what is none, the nearest first."""
        from formatpicker.advice.what_ifs import ways_out

        unlikely = any(entry.assessment.unlikely for entry in self.best)
        return ways_out(self._gaps) if unlikely else []

    @cached_property
    def single_changes(self) -> list[WhatIf]:
        """The what-ifs that change one answer only: what one page has room for, at a fraction of the time."""
        from formatpicker.advice.what_ifs import what_ifs

        return what_ifs(self._gaps, pairs=False)

    def would_be_long_shot(self, format: str, change: Change) -> bool:
        """Whether a format would be a long shot after a change of answers."""
        from formatpicker.advice.answer_ranges import changed

        answers = changed(self.catalog, self.answers, change)
        (assessment,) = assess(self.catalog, answers, [self.catalog.formats[format]])
        return assessment.unlikely > 0

    @cached_property
    def pathways(self) -> list[Pathway]:
        """Plans of several formats that serve the goals better than any single one."""
        from formatpicker.advice.pathways import pathways

        return pathways(self.catalog, self.answers)

    @cached_property
    def conflicts(self) -> list[FoundConflict]:
        """Answers that stand in each other's way."""
        from formatpicker.advice.notices import conflicts

        assessments = [entry.assessment for entry in self.entries]
        return conflicts(self.catalog, self.answers, assessments)

    @cached_property
    def indistinguishable(self) -> list[Indistinguishable]:
        """Variants that no answer so far tells apart."""
        from formatpicker.advice.comparison import indistinguishable

        return indistinguishable(self.catalog, self.answers, [entry.assessment for entry in self.variants])

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions without an answer."""
        return tuple(id for id in self.catalog.questions if self.answers.get(id) is None)


def recommend(catalog: Catalog, answers: Answers | Mapping[str, object], *, variants: bool = True) -> Recommendation:
    """Recommend formats for one person.

    Args:
        catalog: A catalog from ``load_catalog``.
        answers: Parsed answers, or a plain mapping from question to answer.
        variants: Whether the variants are ranked as well; without them it takes a third of the time.

    Raises:
        AnswerError: A plain mapping holds an unknown question or an answer that its question does not accept.
    """
    parsed = answers if isinstance(answers, Answers) else parse_answers(catalog, answers)
    explainer = Explainer(catalog, parsed)
    core = rank(assess(catalog, parsed, catalog.core))
    others = rank(assess(catalog, parsed, catalog.variants if variants else ()))
    best = tuple(each.assessment.format.id for each in top(core))
    closed = [each.assessment.format for each in core] if all(each.rank is None for each in core) else []
    openings = _openings(catalog, parsed, closed) if closed else []
    message = "" if best else NOTHING_SEPARATES
    if closed:
        message = ALL_BLOCKED if openings else NOTHING_OPENS
    return Recommendation(
        catalog,
        parsed,
        best,
        message,
        tuple(Entry(each.assessment, each.rank, explainer) for each in core),
        tuple(Entry(each.assessment, each.rank, explainer) for each in others),
        _next_steps(explainer, best, closed, openings),
    )


def _openings(catalog: Catalog, answers: Answers, formats: Iterable[Format]) -> list[Relaxation]:
    """Every smallest set of changes that opens one of some formats, the smallest and nearest first."""
    from formatpicker.advice.relaxations import relaxations

    found = [each for format in formats for each in relaxations(catalog, answers, format)]
    return sorted(found, key=lambda each: (len(each.change), each.distance))


def _next_steps(
    explainer: Explainer, best: tuple[str, ...], closed: list[Format], openings: list[Relaxation]
) -> tuple[NextStep, ...]:
    """Where to look; whom every format is closed to still needs a place to ask, for the nearest opening first."""
    nearest = tuple(each.unlocks for each in openings[:1])
    steps = (*explainer.next_steps(best or nearest), *explainer.next_steps(tuple(format.id for format in closed)))
    return tuple(dict.fromkeys(steps))

"""The rules laid down as tables for many people: what each answer does to every scored format.

What one answer does is judged once, by the very functions that score one person. The rest is addition: of weighted
sums, and of the marks of who is blocked or conditional by what, which are bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, partial, reduce
from itertools import chain
from operator import or_
from typing import NamedTuple, TypeVar

from formatpicker.advice.sensitivity import greatest_weight
from formatpicker.batch import remembered
from formatpicker.batch.records import MOST_REASONS
from formatpicker.batch.remembered import Remembered
from formatpicker.catalog.model import Catalog, Format, Verdict
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals
from formatpicker.scoring.ranking import Term, derived_answers, separates, terms, weigh
from formatpicker.scoring.rules import ONE, severity, speaks_for, worst

# Stands for every region in which an answer does the same as in the others.
_ELSEWHERE = "*"

# What an effect depends on: a question or derived quantity, the answer, and the region.
Key = tuple[str, object, str | None]
Terms = Sequence[Term]
# The criteria that speak for a format, best first: the negative of weight times value, and the criterion's id.
Reasons = tuple[tuple[int, str], ...]
# A reason in this form, or in one of fewer bytes that stands in the same order.
Reason = TypeVar("Reason", tuple[int, str], float)


class Effect(NamedTuple):
    """What the answers to some questions do to every scored format.

    ``sums`` are those of weights times values of each format, and of the weights last; those of anything but goals
    still have to be multiplied by ``unit``, the sum of the goals' shares, which only an effect of goals has. ``gate``
    has a bit each for whether core formats and variants are told apart, then one for each variant that is blocked.
    ``marks`` have two bits for each criterion, one for conditional and one for blocked; they and ``reasons`` are of
    each core format. ``weight`` counts for the coverage.
    """

    sums: tuple[int, ...]
    gate: int
    marks: tuple[int, ...]
    reasons: tuple[Reasons, ...]
    weight: int
    unit: int = 0


class Verdicts(NamedTuple):
    """By what a format is made conditional and by what it is blocked, each as ``format:question``.

    The same as items of a JSON list, each with a comma and a space behind it; ids hold nothing that JSON would escape.
    ``severity`` is that of the worst verdict.
    """

    conditions: tuple[str, ...]
    blocked: tuple[str, ...]
    conditions_text: str
    blocked_text: str
    severity: int


class Effects:
    """What each answer does, remembered by question, answer and region.

    Formats stand in the order of their ids, the core ones before the variants. The position of one is its lane.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        by_id = sorted(catalog.formats.values(), key=lambda format: format.id)
        self.core = tuple(format for format in by_id if format.core)
        self.variants = tuple(format for format in by_id if format.scored and not format.core)
        self.most_unit = _most_unit(catalog)
        # What no sum of weights times values exceeds, however much the goals make everything weigh.
        self.most_sum = self.most_unit * _most_weight(catalog) * ONE
        nothing = (0,) * (len(self.formats) + 1)
        self.nothing = Effect(nothing, 0, nothing[: len(self.core)], ((),) * len(self.core), 0)
        goals = {goal.id for question in catalog.questions.values() for goal in question.goals}
        self.flagged = tuple(id for id in catalog.criteria() if id not in goals)  # a goal rules nothing out
        self._bits = {id: 1 << 2 * index for index, id in enumerate(self.flagged)}
        self._single: dict[Key, Effect] = {}
        self.verdicts_of = tuple(Remembered(partial(self._verdicts, format.id)) for format in self.core)
        self.open_variants = Remembered(self._open_variants)

    @property
    def formats(self) -> tuple[Format, ...]:
        """All scored formats, in the order of the lanes."""
        return (*self.core, *self.variants)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(format.id for format in self.formats)

    @cached_property
    def whole_weight(self) -> int:
        """The weight that all questions can have: what coverage is a share of."""
        return sum(map(greatest_weight, self.catalog.questions.values())) or 1

    def coverage(self, weight: int) -> float:
        """A weight as a share of that of all questions, to two decimals."""
        return round(weight / self.whole_weight, 2)

    def of(self, answers: Answers, region: str | None) -> Effect:
        """What some of a person's answers do; both factors of a derived quantity must be among them, or neither."""
        values = (*answers.values.items(), *derived_answers(self.catalog, answers).items())
        return self.joined([self.single(id, answer, region) for id, answer in values])

    def single(self, id: str, answer: Answer, region: str | None) -> Effect:
        """What one answer, or one derived quantity, does."""
        if isinstance(answer, Goals):
            return self._of_goals(id, answer, region)
        key = self.key(id, answer, region)
        found = self._single.get(key)
        if found is None:
            if len(self._single) >= remembered.MOST_REMEMBERED:
                self._single.clear()
            found = self._single[key] = self._judged(id, answer, region)
        return found

    def goal(self, id: str, goal: str, region: str | None) -> Effect:
        """What one goal does alone, with one share."""
        key = self.key(id, goal, region)
        if key not in self._single:
            self._single[key] = self._judged(id, Goals({goal: 1}), region)
        return self._single[key]

    def key(self, id: str, answer: object, region: str | None) -> Key:
        """What an answer's effect depends on: all regions that no format tells from the others are one."""
        apart = self.regions.get(id)
        if apart is None:
            return id, answer, None
        return id, answer, region if region is None or region in apart else _ELSEWHERE

    def _of_goals(self, id: str, goals: Goals, region: str | None) -> Effect:
        """What several goals do: each does as many times what it does alone as it has shares."""
        found = [_times(share, self.goal(id, goal, region)) for goal, share in goals.shares.items()]
        weight = greatest_weight(self.catalog.questions[id])
        return self.joined(found)._replace(weight=weight, unit=goals.total)

    def joined(self, effects: Sequence[Effect]) -> Effect:
        """The effect of all answers of some effects together, of which none is of goals unless it is the only one."""
        if len(effects) == 1:
            return effects[0]
        sums, gates, marks, reasons, weights, _ = zip(*effects, strict=True)
        return Effect(
            tuple(map(sum, zip(*sums, strict=True))),
            reduce(or_, gates),
            tuple(reduce(or_, own) for own in zip(*marks, strict=True)),
            tuple(map(first_reasons, zip(*reasons, strict=True))),
            sum(weights),
        )

    def _judged(self, id: str, answer: Answer, region: str | None) -> Effect:
        weighed = weigh(self.catalog, Answers({id: answer}))
        judged = [terms(self.catalog, format, weighed, region) for format in self.formats]
        core, variants = judged[: len(self.core)], judged[len(self.core) :]
        totals = [sum([term.product for term in each]) for each in judged]
        question = self.catalog.questions.get(id)
        return Effect(
            (*totals, sum([each.weight for each in weighed])),
            self._gate(core, variants),
            tuple(map(self._marks, core)),
            tuple(map(_reasons, core)),
            greatest_weight(question) if question else 0,
            answer.total if isinstance(answer, Goals) else 0,
        )

    def _gate(self, core: Sequence[Terms], variants: Sequence[Terms]) -> int:
        blocked = [any(term.judgement.verdict is Verdict.BLOCKED for term in each) for each in variants]
        bits = [separates(core), separates(variants), *blocked]
        return sum(bit << place for place, bit in enumerate(bits))

    def _marks(self, terms: Terms) -> int:
        return sum(
            self._bits[term.weighed.criterion.id] << (term.judgement.verdict is Verdict.BLOCKED)
            for term in terms
            if term.judgement.verdict is not Verdict.FITS
        )

    def _verdicts(self, id: str, own: int) -> Verdicts:
        conditions, blocked = (
            tuple(f"{id}:{criterion}" for criterion, bit in self._bits.items() if bits & bit)
            for bits in (own, own >> 1)
        )
        met = [Verdict.BLOCKED] * bool(blocked) + [Verdict.CONDITIONAL] * bool(conditions)
        return Verdicts(conditions, blocked, _items_text(conditions), _items_text(blocked), severity(worst(met)))

    @cached_property
    def gates(self) -> int:
        """How many gates there can be."""
        return 1 << 2 + len(self.variants)

    def _open_variants(self, gate: int) -> tuple[int, ...]:
        """The lanes of the variants that are not blocked."""
        first = len(self.core)
        return tuple(first + index for index in range(len(self.variants)) if not gate >> 2 + index & 1)

    @cached_property
    def regions(self) -> dict[str, frozenset[str]]:
        """For the questions and derived quantities of which an answer does not do the same everywhere: where not."""
        found = {
            id: frozenset(
                region
                for criterion in criteria
                for format in self.formats
                for region in self.catalog.regional(format, criterion.rule.attribute).regions
            )
            for id, criteria in self.catalog.criteria_of.items()
        }
        return {id: regions for id, regions in found.items() if regions}


def _most_unit(catalog: Catalog) -> int:
    """What no sum of the shares of goals exceeds."""
    units = [1]
    for question in catalog.questions.values():
        if question.goals:
            longest = min(len(question.goals), int(question.most))
            units += [MOST_IMPORTANCE * len(question.goals), longest * (longest + 1) // 2]
    return max(units)


def _most_weight(catalog: Catalog) -> int:
    """What no sum of weights exceeds, whatever is answered, where goals share one unit."""
    derived = [max([each.rule.weight, *(each.rule.weights or {}).values()]) for each in catalog.derived.values()]
    return sum([*map(greatest_weight, catalog.questions.values()), *derived])


def _times(share: int, effect: Effect) -> Effect:
    """An effect so many times."""
    reasons = tuple(tuple((share * product, id) for product, id in each) for each in effect.reasons)
    return effect._replace(sums=tuple([share * each for each in effect.sums]), reasons=reasons)


def _items_text(pairs: tuple[str, ...]) -> str:
    return "".join(f'"{pair}", ' for pair in pairs)


def _reasons(terms: Terms) -> Reasons:
    found = [term for term in terms if term.weighed.weight and speaks_for(term.judgement)]
    return tuple(sorted((-term.product, term.weighed.criterion.id) for term in found))[:MOST_REASONS]


def first_reasons(reasons: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """The first of several lists of reasons together."""
    return tuple(sorted(chain(*reasons))[:MOST_REASONS])

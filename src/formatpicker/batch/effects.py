"""The rules laid down as tables for many people: what each answer does to every scored format, packed to be added.

What one answer does is judged once, by the very functions that score one person. The rest is addition: of the weighted
sums of all formats at once, which lie side by side in one whole number, and of the marks of who is blocked or
conditional by what, which are bits of another.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

from formatpicker.answers import MOST_IMPORTANCE, Answer, Answers, Goals, rank_order_centroid
from formatpicker.batch import remembered
from formatpicker.batch.records import MOST_REASONS
from formatpicker.batch.remembered import Remembered
from formatpicker.catalog.model import Catalog, Format, Verdict
from formatpicker.ranking import Term, derived_answers, separates, terms, weigh
from formatpicker.rules import ONE, severity, speaks_for, worst
from formatpicker.sensitivity import greatest_weight

# The usual width of a lane, and the step in which it grows for a catalog whose sums are larger.
LANE_BITS = 64
# Lanes are read as whole words where sums stay below this, with room for what arrays keep beside a sum.
MOST_SUM = 1 << 61

# Stands for every region in which an answer does the same as in the others.
_ELSEWHERE = "*"

# What an effect depends on: a question or derived quantity, the answer, and the region.
Key = tuple[str, object, str | None]
Terms = Sequence[Term]
# The criteria that speak for a format, best first: the negative of weight times value, and the criterion's id.
Reasons = tuple[tuple[int, str], ...]


class Effect(NamedTuple):
    """What the answers to some questions do to every scored format.

    ``sums`` has a lane for each format and a last one for the sum of the weights; those of anything but goals still
    have to be multiplied by ``unit``, the sum of the goals' shares, which only an effect of goals has. ``marks`` are
    bits as ``Effects`` reads them. ``reasons`` are those of each core format. ``weight`` counts for the coverage.
    """

    sums: int
    marks: int
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

    Formats stand in the order of their ids, the core ones before the variants; so do the lanes of every sum.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        by_id = sorted(catalog.formats.values(), key=lambda format: format.id)
        self.core = tuple(format for format in by_id if format.core)
        self.variants = tuple(format for format in by_id if format.scored and not format.core)
        self.nothing = Effect(0, 0, ((),) * len(self.core), 0)
        self.most_unit = _most_unit(catalog)
        self.most_sum = self.most_unit * _most_weight(catalog) * ONE
        # Wide enough that no sum of weights times values, a goal's unit times it, reaches the next lane.
        self._lane_bits = LANE_BITS if self.most_sum < MOST_SUM else _rounded_up(self.most_sum.bit_length())
        self._words = struct.Struct(f"<{len(self.formats) + 1}Q")
        goals = {goal.id for question in catalog.questions.values() for goal in question.goals}
        self.flagged = tuple(id for id in catalog.criteria() if id not in goals)  # a goal rules nothing out
        self._bits = {id: 1 << 2 * index for index, id in enumerate(self.flagged)}
        self._single: dict[Key, Effect] = {}
        self.verdicts_of = tuple(Remembered(partial(self._verdicts, format.id)) for format in self.core)
        self.open_lanes = Remembered(self._open)

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

    def lanes(self, sums: int) -> tuple[int, ...]:
        """What lies side by side in sums: that of each format, then that of the weights."""
        words = self._words
        if self._lane_bits == LANE_BITS:
            return words.unpack(sums.to_bytes(words.size, "little"))
        mask = (1 << self._lane_bits) - 1
        return tuple(sums >> (self._lane_bits * lane) & mask for lane in range(len(self.formats) + 1))

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

    def goal(self, id: str, goal: str, region: str | None, ranked: bool = True) -> Effect:
        """What one goal does alone, with one share."""
        key = self.key(id, goal, region)
        if key not in self._single:
            self._single[key] = self._judged(id, Goals({goal: 1}, ranked), region)
        return self._single[key]

    def key(self, id: str, answer: object, region: str | None) -> Key:
        """What an answer's effect depends on: all regions that no format tells from the others are one."""
        apart = self.regions.get(id)
        if apart is None:
            return id, answer, None
        return id, answer, region if region is None or region in apart else _ELSEWHERE

    def _of_goals(self, id: str, goals: Goals, region: str | None) -> Effect:
        """What several goals do: each does as many times what it does alone as it has shares."""
        sums = marks = 0
        reasons: list[list[tuple[int, str]]] = [[] for _ in self.core]
        for goal, share in goals.shares.items():
            each = self.goal(id, goal, region, goals.ranked)
            sums += share * each.sums
            marks |= each.marks
            for found, own in zip(reasons, each.reasons, strict=True):
                found += [(share * product, criterion) for product, criterion in own]
        best = tuple(tuple(sorted(found)[:MOST_REASONS]) for found in reasons)
        return Effect(sums, marks, best, greatest_weight(self.catalog.questions[id]), goals.total)

    def joined(self, effects: Sequence[Effect]) -> Effect:
        """The effect of all answers of some effects together, of which none is of goals unless it is the only one."""
        if len(effects) == 1:
            return effects[0]
        marks = 0
        for each in effects:
            marks |= each.marks
        reasons = tuple(first_reasons(each.reasons[index] for each in effects) for index in range(len(self.core)))
        return Effect(sum(each.sums for each in effects), marks, reasons, sum(each.weight for each in effects))

    def _judged(self, id: str, answer: Answer, region: str | None) -> Effect:
        weighed = weigh(self.catalog, Answers({id: answer}))
        judged = [terms(self.catalog, format, weighed, region) for format in self.formats]
        core, variants = judged[: len(self.core)], judged[len(self.core) :]
        sums = [sum([term.product for term in each]) for each in judged] + [sum([each.weight for each in weighed])]
        question = self.catalog.questions.get(id)
        return Effect(
            sum(total << (self._lane_bits * lane) for lane, total in enumerate(sums)),
            self._marks_of(core, variants),
            tuple(map(_reasons, core)),
            greatest_weight(question) if question else 0,
            answer.total if isinstance(answer, Goals) else 0,
        )

    # Bits, from the lowest: two for what separates, one for each variant that is blocked, then for each core format
    # and each criterion one for conditional and one for blocked.

    def _marks_of(self, core: Sequence[Terms], variants: Sequence[Terms]) -> int:
        marks = separates(core) | separates(variants) << 1
        for index, each in enumerate(variants):
            marks |= any(term.judgement.verdict is Verdict.BLOCKED for term in each) << (2 + index)
        for index, each in enumerate(core):
            bits = sum(
                self._bits[term.weighed.criterion.id] << (term.judgement.verdict is Verdict.BLOCKED)
                for term in each
                if term.judgement.verdict is not Verdict.FITS
            )
            marks |= bits << self._shift(index)
        return marks

    def _shift(self, format: int) -> int:
        return 2 + len(self.variants) + 2 * len(self.flagged) * format

    def own_marks(self, marks: int) -> list[int]:
        """The bits of each core format among the marks of all of a person's answers."""
        own = (1 << 2 * len(self.flagged)) - 1
        return [marks >> self._shift(index) & own for index in range(len(self.core))]

    def verdicts(self, marks: int) -> list[Verdicts]:
        """What the marks of all of a person's answers say of each core format."""
        return [known[own] for known, own in zip(self.verdicts_of, self.own_marks(marks), strict=True)]

    def _verdicts(self, id: str, own: int) -> Verdicts:
        conditions, blocked = (
            tuple(f"{id}:{criterion}" for criterion, bit in self._bits.items() if bits & bit)
            for bits in (own, own >> 1)
        )
        met = [Verdict.BLOCKED] * bool(blocked) + [Verdict.CONDITIONAL] * bool(conditions)
        return Verdicts(conditions, blocked, _items_text(conditions), _items_text(blocked), severity(worst(met)))

    def gate(self, marks: int) -> int:
        """The bits of marks that say what is told apart and which variants are blocked."""
        return marks & ((1 << self._shift(0)) - 1)

    def open_variants(self, marks: int) -> tuple[int, ...]:
        """The lanes of the variants that are not blocked."""
        return self.open_lanes[self.gate(marks)]

    def _open(self, gate: int) -> tuple[int, ...]:
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
            lengths = range(1, min(len(question.goals), int(question.most)) + 1)
            units += [MOST_IMPORTANCE * len(question.goals), *(sum(rank_order_centroid(count)) for count in lengths)]
    return max(units)


def _most_weight(catalog: Catalog) -> int:
    """What no sum of weights exceeds, whatever is answered, where goals share one unit."""
    derived = [max([each.rule.weight, *(each.rule.weights or {}).values()]) for each in catalog.derived.values()]
    return sum([*map(greatest_weight, catalog.questions.values()), *derived])


def _rounded_up(bits: int) -> int:
    return -(-bits // LANE_BITS) * LANE_BITS


def _items_text(pairs: tuple[str, ...]) -> str:
    return "".join(f'"{pair}", ' for pair in pairs)


def _reasons(terms: Terms) -> Reasons:
    found = [term for term in terms if term.weighed.weight and speaks_for(term.judgement)]
    return tuple(sorted((-term.product, term.weighed.criterion.id) for term in found))[:MOST_REASONS]


def first_reasons(reasons: Iterable[Reasons]) -> Reasons:
    """The first of several lists of reasons together."""
    return tuple(sorted(chain(*reasons))[:MOST_REASONS])

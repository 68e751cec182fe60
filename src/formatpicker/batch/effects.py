"""The rules laid down as tables for many people: what each answer does to every scored format, packed to be added.

What one answer does is judged once, by the very functions that score one person. The rest is addition: of the weighted
sums of all formats at once, which lie side by side in one whole number, and of the marks of who is blocked or
conditional by what, which are bits of another.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from formatpicker.answers import MOST_IMPORTANCE, Answer, Answers, Goals, rank_order_centroid
from formatpicker.batch.records import MOST_REASONS
from formatpicker.catalog.model import Catalog, Format, Verdict
from formatpicker.ranking import Assessment, assess, derived_answers, separates, weigh
from formatpicker.rules import ONE, speaks_for
from formatpicker.sensitivity import greatest_weight

# The usual width of a lane, and the step in which it grows for a catalog whose sums are larger.
LANE_BITS = 64
# Lanes are read as whole words where sums stay below this, with room for what arrays keep beside a sum.
MOST_SUM = 1 << 61
# How many judgements of each kind are remembered: a bound on memory, not on what can be scored.
MOST_REMEMBERED = 20_000

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
    """

    conditions: tuple[str, ...]
    blocked: tuple[str, ...]
    conditions_text: str
    blocked_text: str


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
        self.most_sum = _most_sum(catalog)
        # Wide enough that no sum of weights times values, a goal's unit times it, reaches the next lane.
        self._lane_bits = LANE_BITS if self.most_sum < MOST_SUM else _rounded_up(self.most_sum.bit_length())
        self._words = struct.Struct(f"<{len(self.formats) + 1}Q")
        self._criteria = tuple(catalog.criteria())
        self._bits = {id: 1 << 2 * index for index, id in enumerate(self._criteria)}
        self._single: dict[tuple[str, object, str | None], Effect] = {}
        self._goals: dict[tuple[str, str | None], Effect] = {}
        self._own = (1 << 2 * len(self._criteria)) - 1
        self._read: list[tuple[int, str, dict[int, Verdicts]]] = [
            (self._shift(index), format.id, {}) for index, format in enumerate(self.core)
        ]
        self._open: dict[int, tuple[int, ...]] = {}

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
        key = (id, answer, region if id in self.regional else None)
        found = self._single.get(key)
        if found is None:
            if len(self._single) >= MOST_REMEMBERED:
                self._single.clear()
            found = self._single[key] = self._judged(id, answer, key[2])
        return found

    def _of_goals(self, id: str, goals: Goals, region: str | None) -> Effect:
        """What several goals do: each does as many times what it does alone as it has shares."""
        sums = marks = 0
        reasons: list[list[tuple[int, str]]] = [[] for _ in self.core]
        for goal, share in goals.shares.items():
            key = (goal, region if id in self.regional else None)
            if key not in self._goals:
                self._goals[key] = self._judged(id, Goals({goal: 1}, goals.ranked), key[1])
            each = self._goals[key]
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
        assessments = [assess(self.catalog, format, weighed, region) for format in self.formats]
        core, variants = assessments[: len(self.core)], assessments[len(self.core) :]
        sums = [each.total for each in assessments] + [sum(each.weight for each in weighed)]
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

    def _marks_of(self, core: Sequence[Assessment], variants: Sequence[Assessment]) -> int:
        marks = separates(core) | separates(variants) << 1
        for index, each in enumerate(variants):
            marks |= each.blocked << (2 + index)
        for index, each in enumerate(core):
            bits = sum(
                self._bits[term.weighed.criterion.id] << (term.judgement.verdict is Verdict.BLOCKED)
                for term in each.terms
                if term.judgement.verdict is not Verdict.FITS
            )
            marks |= bits << self._shift(index)
        return marks

    def _shift(self, format: int) -> int:
        return 2 + len(self.variants) + 2 * len(self._criteria) * format

    def verdicts(self, marks: int) -> list[Verdicts]:
        """What the marks of all of a person's answers say of each core format."""
        return [
            known.get(marks >> shift & self._own) or self._verdicts_of(marks >> shift & self._own, id, known)
            for shift, id, known in self._read
        ]

    def _verdicts_of(self, own: int, id: str, known: dict[int, Verdicts]) -> Verdicts:
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        conditions, blocked = (
            tuple(f"{id}:{criterion}" for criterion, bit in self._bits.items() if bits & bit)
            for bits in (own, own >> 1)
        )
        found = known[own] = Verdicts(conditions, blocked, _items_text(conditions), _items_text(blocked))
        return found

    def open_variants(self, marks: int) -> tuple[int, ...]:
        """The lanes of the variants that are not blocked."""
        blocked = marks >> 2 & ((1 << len(self.variants)) - 1)
        found = self._open.get(blocked)
        if found is None:
            first = len(self.core)
            found = tuple(first + index for index in range(len(self.variants)) if not blocked >> index & 1)
            self._open[blocked] = found
        return found

    @cached_property
    def regional(self) -> frozenset[str]:
        """The questions and derived quantities of which an answer does not do the same in every region."""
        return frozenset(
            id
            for id, criteria in self.catalog.criteria_of.items()
            if any(
                self.catalog.regional(format, criterion.rule.attribute).regions
                for criterion in criteria
                for format in self.formats
            )
        )


def _most_sum(catalog: Catalog) -> int:
    """What no sum of weights times values exceeds, whatever is answered; goals weigh as many times as their unit."""
    questions = catalog.questions.values()
    derived = [max([each.rule.weight, *(each.rule.weights or {}).values()]) for each in catalog.derived.values()]
    units = [1]
    for question in questions:
        ranks = range(1, min(len(question.goals), int(question.most)) + 1)
        units += [sum(rank_order_centroid(count)) for count in ranks] if question.goals else []
        units.append(MOST_IMPORTANCE * len(question.goals))
    return max(units) * ONE * sum([*map(greatest_weight, questions), *derived])


def _rounded_up(bits: int) -> int:
    return -(-bits // LANE_BITS) * LANE_BITS


def _items_text(pairs: tuple[str, ...]) -> str:
    return "".join(f'"{pair}", ' for pair in pairs)


def _reasons(assessment: Assessment) -> Reasons:
    terms = [term for term in assessment.terms if term.weighed.weight and speaks_for(term.judgement)]
    return tuple(sorted((-term.product, term.weighed.criterion.id) for term in terms))[:MOST_REASONS]


def first_reasons(reasons: Iterable[Reasons]) -> Reasons:
    """The first of several lists of reasons together."""
    return tuple(sorted(chain(*reasons))[:MOST_REASONS])

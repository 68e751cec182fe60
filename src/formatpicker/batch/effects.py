"""What the answers of a row do to every scored format, and the record that they come to.

Each effect is looked up in the additive table of the core formats and the variants. The rest is addition, of whole
numbers, so that a record says exactly what ``recommend`` says.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import sub
from struct import Struct
from typing import NamedTuple, TypeVar, cast

from formatpicker.advice.answer_ranges import turning_points
from formatpicker.batch.records import MOST_REASONS, Identity, Record
from formatpicker.catalog.criteria import Question, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import in_tenths, per_cent
from formatpicker.scoring.rules import ONE, worst
from formatpicker.scoring.tables import MOST_MEMOISED, EffectTable, Reasons
from formatpicker.scoring.weights import derived_answer, derived_answers, most_sum, region_of

# What longer keys stand for is worked out anew each time.
_LONGEST_MEMOISED = 500
Key = TypeVar("Key")
Value = TypeVar("Value")


class Memo(dict[Key, Value]):
    """The value of a function for each key, worked out when it is first looked up; bounded."""

    def __init__(self, function: Callable[[Key], Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: Key) -> Value:
        value = self._function(key)
        if len(self) >= MOST_MEMOISED:
            self.clear()
        if len(str(key)) <= _LONGEST_MEMOISED:
            self[key] = value
        return value


# Choices are looked up together as long as they have no more combinations: fewer look-ups and additions for each row.
_MOST_COMBINATIONS = 500

_NAMED = (Verdict.CONDITIONAL, Verdict.UNLIKELY, Verdict.BLOCKED)


class Lanes:
    """Whole numbers side by side in one, so that one addition adds them all: 2 microseconds a row instead of 10."""

    def __init__(self, count: int, most: int) -> None:
        """Lanes of 64 bits, or of a multiple of that where ``most``, what no sum exceeds, asks for it."""
        self.count = count
        self._width = 8 * -(-most.bit_length() // 64) or 8
        self._size = self._width * count
        self._struct = Struct(f"<{count}Q") if self._width == 8 else None

    def packed(self, numbers: Iterable[int]) -> int:
        """Some numbers as one."""
        if self._struct:
            return int.from_bytes(self._struct.pack(*numbers), "little")
        return int.from_bytes(b"".join([each.to_bytes(self._width, "little") for each in numbers]), "little")

    def to_bytes(self, packed: int) -> bytes:
        """The lanes of a sum as bytes, each the lowest byte first."""
        return packed.to_bytes(self._size, "little")

    def unpacked(self, packed: int) -> list[int]:
        """The numbers in a sum."""
        data = self.to_bytes(packed)
        if self._struct:
            return list(self._struct.unpack(data))
        return [int.from_bytes(data[at : at + self._width], "little") for at in range(0, self._size, self._width)]


class PackedEffect(NamedTuple):
    """What some answers do to all scored formats, the core ones first, each in the order of their ids.

    Attributes:
        sums: What the unit of the goals multiplies: the formats' totals, then the sum of the weights, in lanes.
        marks: What is added as it is: the formats' marks, then how many answers tell the core formats apart, and how
            many the variants, in lanes.
        reasons: Of each core format what speaks most for it.
        covered: The weight that its answers count for in the coverage.
    """

    sums: int
    marks: int
    reasons: tuple[Reasons, ...]
    covered: int


class Verdicts(NamedTuple):
    """The marks of one core format as ``format:question``, by verdict, and the worst of them."""

    conditions: tuple[str, ...]
    long_shots: tuple[str, ...]
    blocked: tuple[str, ...]
    worst: Verdict


class Effects:
    """The effects of one catalog's answers."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        by_id = sorted(catalog.formats.values(), key=lambda format: format.id)
        core = [format for format in by_id if format.core]
        self.table = EffectTable(catalog, core, [format for format in by_id if format.scored and not format.core])
        self.ids = self.table.ids
        self.core = self.ids[: len(core)]
        self.whole_weight = sum(each.most_weight for each in catalog.questions.values()) or 1
        size = len(self.ids)
        self.nothing = PackedEffect(0, 0, ((),) * len(core), 0)
        self.most_sum = most_sum(catalog)
        self.sums = Lanes(size + 1, self.most_sum)
        self.marks = Lanes(size + 2, max(self.table.most_marks, len(catalog.criteria)))
        # For each verdict the bit of every criterion in marks.
        self._masks = [[*zip(_bits_of(self.table.bits(each)), self.table.marked, strict=True)] for each in _NAMED]
        self.verdicts = [Memo(partial(self._in_words, id)) for id in self.core]
        self.tolls = Memo(self._toll)
        # No open format stands as low as this, and no blocked one higher.
        self._closed = -(len(self.table.marked) + 1) * (self.most_sum + 1)
        self.coverage = Memo(self._share)
        self._singles = Memo(self._single)
        self._turns = Memo(self._turns_of)
        # What each goal does alone in a region, with one share; several add up, each as many times as it has shares.
        self.goals = Memo(self._goals_in)

    def regions(self, ids: Iterable[str]) -> frozenset[str]:
        """The regions in which answers to some questions, or what is derived from them, do not do as elsewhere."""
        asked = set(ids)
        asked |= {id for id, item in self.catalog.derived.items() if item.duration in asked}
        return frozenset(chain(*[self.table.regions.get(id, ()) for id in asked]))

    def of(self, answers: Mapping[str, Answer | None], region: str | None) -> PackedEffect:
        """What answers to some questions do, none of them about goals.

        Both factors of a derived quantity must be among them, or neither.
        """
        given = {id: answer for id, answer in answers.items() if answer is not None}
        given |= derived_answers(self.catalog, Answers(given))
        effects = [self._singles[id, answer, region] for id, answer in given.items()]
        if len(effects) == 1:
            return effects[0]
        sums, marks, reasons, covered = zip(self.nothing, *effects, strict=True)
        first = [tuple(sorted(chain(*own))[:MOST_REASONS]) for own in zip(*reasons, strict=True)]
        return PackedEffect(sum(sums), sum(marks), tuple(first), sum(covered))

    def single(self, id: str, answers: Sequence[Answer | None], region: str | None) -> PackedEffect:
        """What the answer to one question does, or a quantity derived from a number a week and a duration."""
        if None in answers:
            return self.nothing
        answer = answers[0] if len(answers) == 1 else derived_answer(*cast(Sequence[int], answers))
        return self._singles[id, cast(Answer, answer), region]

    def _goals_in(self, region: str | None) -> dict[str, PackedEffect]:
        asked = [(question.id, goal.id) for question in self.catalog.questions.values() for goal in question.goals]
        return {goal: self._single((id, Goals({goal: 1}), region)) for id, goal in asked}

    def _single(self, key: tuple[str, Answer, str | None]) -> PackedEffect:
        id, answer, region = key
        turns = self._turns[id, region]
        least = turns[bisect_right(turns, cast(int, answer)) - 1] if turns else answer
        if least != answer:
            return self._singles[id, least, region]
        effect, question = self.table.effect(id, answer, region), self.catalog.questions.get(id)
        return PackedEffect(
            self.sums.packed((*effect.totals, effect.weight)),
            self.marks.packed((*effect.marks, *effect.separated)),
            tuple([each[:MOST_REASONS] for each in self.table.reasons(*key)[: len(self.core)]]),
            question.most_weight if question else 0,
        )

    def _turns_of(self, key: tuple[str, str | None]) -> list[int]:
        """Where answers without weight begin to do something else, such as thousands of products to some formats.

        Judging each of them anew takes a twentieth of a run of a million rows.
        """
        id, region = key
        criterion = self.catalog.criteria.get(id)
        points = turning_points(self.table, criterion.rule, region) if criterion and not criterion.rule.weight else ()
        return sorted({0, *points}) if points else []

    def record_of(self, answers: Answers) -> Record:
        """The record of some parsed answers, as of a row that holds them."""
        region = region_of(self.catalog, answers)
        others = {id: answer for id, answer in answers.values.items() if not isinstance(answer, Goals)}
        goals = next((answer for answer in answers.values.values() if isinstance(answer, Goals)), None)
        return self.record(shared(goals, self.goals[region]), [self.of(others, region)], None, 1)

    def record(
        self, goals: Sequence[tuple[int, PackedEffect]], others: Sequence[PackedEffect], id: Identity, row: int
    ) -> Record:
        """The record of one person.

        Args:
            goals: For each goal its shares, and what it does alone.
            others: What all other answers do.
            id: Who it is of.
            row: The number of the row.
        """
        unit = sum([share for share, _ in goals]) or 1
        sums, marks, named, covered = zip(self.nothing, *others, strict=True)
        totals = self.sums.unpacked(unit * sum(sums) + sum([share * each.sums for share, each in goals]))
        flags = self.marks.unpacked(sum(marks) + sum([each.marks for _, each in goals]))
        scale = ONE * totals.pop()
        variants_apart, core_apart = flags.pop() > 0, flags.pop() > 0
        core, ids, standings = len(self.core), self.ids, [*map(sub, totals, map(self.tolls.__getitem__, flags))]
        own, others_own = standings[:core], standings[core:]
        best, variant = self._best(own, core_apart), self._best(others_own, variants_apart)
        verdicts = [memo[each] for memo, each in zip(self.verdicts, flags, strict=False)]
        score = second = second_score = margin = eligibility = variant_score = None
        top: list[int] = []
        reasons: list[tuple[int, str]] = []
        if best is not None:
            top = [at for at, standing in enumerate(own) if standing == best]
            first = top[0]
            score = in_tenths(totals[first], scale)
            eligibility = str(worst([verdicts[at].worst for at in top]))
            reasons = [(unit * product, id) for each in named for product, id in each[first]]
            reasons += [(share * product, id) for share, each in goals for product, id in each.reasons[first]]
            behind = max([standing for standing in own if self._closed < standing < best], default=None)
            if behind is not None:
                at = own.index(behind)
                second, second_score = ids[at], in_tenths(totals[at], scale)
                margin = in_tenths(totals[first] - totals[at], scale)
        elif max(own, default=self._closed) <= self._closed:
            eligibility = str(Verdict.BLOCKED)
        if variant is not None:
            at = standings.index(variant, core)
            variant_score = in_tenths(totals[at], scale)
        return Record(
            id,
            row,
            tuple([ids[at] for at in top]),
            score,
            second,
            second_score,
            margin,
            eligibility,
            sum([each.conditions for each in verdicts], ()),
            sum([each.long_shots for each in verdicts], ()),
            sum([each.blocked for each in verdicts], ()),
            None if variant is None else ids[at],
            variant_score,
            tuple([id for _, id in sorted(reasons)[:MOST_REASONS]]),
            self.coverage[sum(covered) + (goals[0][1].covered if goals else 0)],
        )

    def formats_of(self, bits: int) -> tuple[str, ...]:
        """The core formats whose bits are set."""
        return tuple([id for at, id in enumerate(self.core) if bits >> at & 1])

    def _best(self, standings: Sequence[int], apart: bool) -> int | None:
        """The best standing of some formats, None where none is recommended, as ``ranking.top`` has it."""
        open_ones = [standing for standing in standings if standing > self._closed]
        return max(open_ones) if len(open_ones) == 1 or (open_ones and apart) else None

    def _in_words(self, format: str, marks: int) -> Verdicts:
        conditions, long_shots, blocked = pairs = [
            tuple([f"{format}:{criterion}" for mask, criterion in masks if marks & mask]) for masks in self._masks
        ]
        met = [verdict for verdict, named in zip(_NAMED, pairs, strict=True) if named]
        return Verdicts(conditions, long_shots, blocked, worst(met))

    def _toll(self, marks: int) -> int:
        """How far a format stands below its total: more than any total for each unlikely verdict, if it is open."""
        return -2 * self._closed if self.table.blocks(marks) else self.table.long_shots(marks) * (self.most_sum + 1)

    def _share(self, weight: int) -> float:
        return per_cent(weight / self.whole_weight) / 100


def shared(goals: Goals | None, alone: Mapping[str, PackedEffect]) -> list[tuple[int, PackedEffect]]:
    """The effect of each goal of an answer alone, with its shares."""
    return [(share, alone[goal]) for goal, share in goals.shares.items()] if goals else []


def _bits_of(mask: int) -> list[int]:
    """The bits that are set, the lowest first."""
    return [1 << at for at in range(mask.bit_length()) if mask >> at & 1]


def grouped(effects: Effects, asked: Iterable[str]) -> list[list[Question]]:
    """The questions whose answers are looked up together, those about goals left out.

    Both factors of a derived quantity stand together, and choices up to a number of combinations.
    """
    groups: list[list[Question]] = []
    for question in effects.catalog.questions.values():
        if question.id in asked and not question.goals:
            home = next((each for each in groups if _belongs(effects, each, question)), None)
            if home is None:
                groups.append([question])
            else:
                home.append(question)
    return groups


def _belongs(effects: Effects, group: Sequence[Question], question: Question) -> bool:
    pairs = [{item.per_week, item.duration} for item in effects.catalog.derived.values()]
    if any(question.id in pair and each.id in pair for pair in pairs for each in group):
        return True
    both = [*group, question]
    regions = len(effects.regions([each.id for each in both]))
    combinations = math.prod([len(each.options) + 1 for each in both]) * (regions + 1)
    return all(each.options for each in both) and combinations <= _MOST_COMBINATIONS

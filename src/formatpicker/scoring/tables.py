"""The additive table: what each answer does to every format, judged once by ``rules.value_function``, then added.

For questions about many possible answers (what if, how sure, can it still change) and for many people the same
judgements come up again and again. A table memoises them by question, answer and region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise
from operator import add

from msgspec import Struct

from formatpicker.catalog.attributes import RegionalValue
from formatpicker.catalog.criteria import About, Criterion, RuleKind, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import RANKED_BY, leading
from formatpicker.scoring.rules import ValueFunction, speaks_for, value_function
from formatpicker.scoring.weights import Weighed, derived_answers, region_of, unit_of, weighed

# How many effects are memoised: a bound on memory, not on what can be scored.
MOST_MEMOISED = 60_000

# Stands for every region in which an answer does the same as in the others.
_ELSEWHERE = "*"
# The digit of a criterion in a format's marks, one bit for each verdict.
_BIT = {Verdict.FITS: 0, Verdict.CONDITIONAL: 1, Verdict.UNLIKELY: 2, Verdict.BLOCKED: 4}
_BITS_A_CRITERION = 3
_RANKED = sum(_BIT[each] for each in RANKED_BY)

# The criteria that speak for a format, strongest first: the negative of weight times value, and the criterion's id.
Reasons = tuple[tuple[int, str], ...]
_Key = tuple[str, object, str | None]


class Effect(Struct, frozen=True):
    """What the answer to one question, or one derived quantity, does to every format of a table.

    Effects of different questions add up, those of anything but goals multiplied by the unit of the goals.

    Attributes:
        totals: Of each format the sum of weights times typical values, in thousandths of the weight's unit.
        marks: Of each format an octal digit for each criterion that is not met, its place as in
            ``EffectTable.marked``: 1 for conditional, 2 for unlikely, 4 for blocked.
        weight: The sum of the weights.
        separated: For each group of formats whether it tells them apart, facts about the person left out.
    """

    totals: tuple[int, ...]
    marks: tuple[int, ...]
    weight: int = 0
    separated: tuple[bool, ...] = ()


class Standings(Struct, frozen=True):
    """How the formats of a table stand.

    Attributes:
        totals: The exact weighted sum of each format.
        blocked: Whether each is blocked.
        unlikely: For how many criteria each is unlikely.
        separated: Whether anything tells them apart.
    """

    totals: Sequence[int]
    blocked: Sequence[bool]
    unlikely: Sequence[int]
    separated: bool

    def top(self) -> tuple[int, ...]:
        """The positions of the formats to recommend, as ``ranking.leading`` has it."""
        each = zip(self.totals, self.blocked, self.unlikely, strict=True)
        return leading([None if blocked else (-unlikely, total) for total, blocked, unlikely in each], self.separated)


class EffectTable:
    """What answers do to some formats, memoised. Every tuple stands in the order of ``formats``.

    Formats that are ranked among themselves are a group. Most tables have one group; ``standings`` are of the first.
    """

    def __init__(self, catalog: Catalog, *groups: Iterable[Format]) -> None:
        self.catalog = catalog
        found = [tuple(group) for group in groups]
        self.formats: tuple[Format, ...] = tuple(chain(*found))
        ends = [*accumulate(map(len, found), initial=0)]
        self._groups = [slice(start, end) for start, end in pairwise(ends)]
        self._functions: dict[tuple[str, str | None], tuple[ValueFunction, ...]] = {}
        self._effects: dict[_Key, Effect] = {}

    def with_format(self, format: Format, attribute: str) -> EffectTable:
        """The table with a format replaced by one that differs in an attribute; what it does not bear on is kept."""
        other = EffectTable(self.catalog, (format if each.id == format.id else each for each in self.formats))
        criteria = self.catalog.criteria
        bears = {id for id, each in criteria.items() if each.rule.attribute == attribute}
        asked = {criteria[id].question for id in bears}
        other._functions = {key: found for key, found in self._functions.items() if key[0] not in bears}
        other._effects = {key: effect for key, effect in self._effects.items() if key[0] not in asked}
        return other

    @property
    def ids(self) -> tuple[str, ...]:
        """The formats' ids."""
        return tuple(format.id for format in self.formats)

    @cached_property
    def marked(self) -> tuple[str, ...]:
        """The criteria that marks have a digit for, the lowest digit first: all but goals, which rule nothing out."""
        return tuple(id for id, each in self.catalog.criteria.items() if each.rule.kind is not RuleKind.GOAL)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id: place * _BITS_A_CRITERION for place, id in enumerate(self.marked)}

    @cached_property
    def most_marks(self) -> int:
        """What no marks exceed."""
        return (1 << len(self.marked) * _BITS_A_CRITERION) - 1

    @cached_property
    def _bits(self) -> dict[Verdict, int]:
        return {verdict: sum([bit << place for place in self._places.values()]) for verdict, bit in _BIT.items()}

    def bits(self, verdict: Verdict) -> int:
        """The bits of one verdict in marks, those of all criteria."""
        return self._bits[verdict]

    def blocks(self, marks: int) -> bool:
        """Whether a format with these marks is blocked."""
        return marks & self._bits[Verdict.BLOCKED] != 0

    def long_shots(self, marks: int) -> int:
        """For how many criteria a format with these marks is unlikely."""
        return (marks & self._bits[Verdict.UNLIKELY]).bit_count()

    @cached_property
    def regions(self) -> dict[str, frozenset[str]]:
        """For each question and derived quantity the regions in which some format has a value of its own."""
        return {
            id: frozenset(
                region
                for criterion in criteria
                for value in self._values(criterion.rule.attribute)
                for region in value.regions
            )
            for id, criteria in self.catalog.criteria_of.items()
        }

    def _values(self, attribute: str) -> list[RegionalValue]:
        return [self.catalog.regional(each, attribute) for each in self.formats]

    def functions(self, criterion: Criterion, region: str | None) -> tuple[ValueFunction, ...]:
        """What a criterion makes of its answers, for every format; memoised."""
        key = (criterion.id, region)
        if key not in self._functions:
            values = self._values(criterion.rule.attribute)
            self._functions[key] = tuple([value_function(criterion.rule, value, region) for value in values])
        return self._functions[key]

    def standings(self, answers: Answers) -> Standings:
        """How the formats stand under some answers: the sum of what each answer and each derived quantity does."""
        region, unit = region_of(self.catalog, answers), unit_of(answers)
        totals, marks, separated = [0] * len(self.formats), [0] * len(self.formats), False
        for id, answer in {**answers.values, **derived_answers(self.catalog, answers)}.items():
            effect, factor = self.effect(id, answer, region), 1 if isinstance(answer, Goals) else unit
            totals = [total + factor * product for total, product in zip(totals, effect.totals, strict=True)]
            marks = [mark | own for mark, own in zip(marks, effect.marks, strict=True)]
            separated = separated or effect.separated[0]
        blocked, unlikely = map(self.blocks, marks), map(self.long_shots, marks)
        return Standings(tuple(totals), tuple(blocked), tuple(unlikely), separated)

    def named(self, positions: Iterable[int]) -> frozenset[str]:
        """The ids of the formats at some positions."""
        return frozenset([self.formats[position].id for position in positions])

    def effect(self, id: str, answer: Answer, region: str | None) -> Effect:
        """What one answer, or one derived quantity, does to every format, before the goals' unit; memoised."""
        own = self.regions.get(id, ())
        if region is not None and region not in own:
            region = _ELSEWHERE if own else None
        key = (id, tuple(answer.shares.items()) if isinstance(answer, Goals) else answer, region)
        found = self._effects.get(key)
        if found is None:
            if len(self._effects) >= MOST_MEMOISED:
                self._effects.clear()
            found = self._effects[key] = self._judged_effect(weighed(self.catalog, id, answer, 1), region)
        return found

    def _judged_effect(self, answered: Iterable[Weighed], region: str | None) -> Effect:
        size, weight = len(self.formats), 0
        totals, marks, separated = [0] * size, [0] * size, [False] * len(self._groups)
        for criterion, answer, own_weight in answered:
            judgements = [judge(answer) for judge in self.functions(criterion, region)]
            weight += own_weight
            products = [own_weight * each.typical for each in judgements]
            totals = [*map(add, totals, products)]
            bits = [_BIT[each.verdict] for each in judgements]
            if any(bits):
                place = self._places[criterion.id]
                marks = [mark | bit << place for mark, bit in zip(marks, bits, strict=True)]
            if criterion.about is not About.FACT:
                kinds = [(product, bit & _RANKED) for product, bit in zip(products, bits, strict=True)]
                separated = [was or len({*kinds[own]}) > 1 for was, own in zip(separated, self._groups, strict=True)]
        return Effect(tuple(totals), tuple(marks), weight, tuple(separated))

    def reasons(self, id: str, answer: Answer, region: str | None) -> tuple[Reasons, ...]:
        """Of each format the criteria that speak for it, of those that one answer or derived quantity answers."""
        found: list[list[tuple[int, str]]] = [[] for _ in self.formats]
        for criterion, given, weight in weighed(self.catalog, id, answer, 1):
            if weight:
                for own, judge in zip(found, self.functions(criterion, region), strict=True):
                    if speaks_for(judgement := judge(given)):
                        own.append((-weight * judgement.typical, criterion.id))
        return tuple([tuple(sorted(each)) for each in found])

    def top(self, answers: Answers) -> frozenset[str]:
        """The ids of the formats that ``recommend`` would put at the top."""
        return self.named(self.standings(answers).top())

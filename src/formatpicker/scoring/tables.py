"""The rules laid down as tables: what each answer does to each format, judged once and then looked up.

For questions about many possible answers (what if, how sure, can it still change) the same judgements come up again and
again. A table remembers them by criterion, answer and region. It is filled by the very functions that score one person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from formatpicker.catalog.model import About, Catalog, Criterion, Format, RuleKind, Verdict
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.ranking import derived_answers, region_of, weigh
from formatpicker.scoring.rules import judge_within


class Column(NamedTuple):
    """One answer to one criterion for every format of a table.

    Typical values in thousandths, who is blocked, and for whom it is unlikely.
    """

    values: tuple[int, ...]
    blocked: tuple[bool, ...]
    unlikely: tuple[bool, ...]


class Standing(NamedTuple):
    """How the formats of a table stand.

    Exact weighted sums, by how many criteria each format is blocked, for how many it is unlikely, and whether anything
    tells the formats apart.
    """

    totals: tuple[int, ...]
    blocks: tuple[int, ...]
    unlikely: tuple[int, ...]
    separated: bool

    @property
    def blocked(self) -> tuple[bool, ...]:
        """Who is blocked."""
        return tuple(map(bool, self.blocks))

    def top(self) -> tuple[int, ...]:
        """The positions of the formats to recommend, as ``ranking.top`` has it."""
        alive = [index for index, blocks in enumerate(self.blocks) if not blocks]
        if not alive or (len(alive) > 1 and not self.separated):
            return ()
        places = {index: (self.unlikely[index], -self.totals[index]) for index in alive}
        best = min(places.values())
        return tuple(index for index in alive if places[index] == best)


class Table:
    """Judgements of some formats, remembered."""

    def __init__(self, catalog: Catalog, formats: Iterable[Format]) -> None:
        self.catalog = catalog
        self.formats = tuple(formats)
        self._columns: dict[tuple[str, object, str | None], Column] = {}
        self._effects: dict[tuple[str, object, str | None], Standing] = {}

    @classmethod
    def of_core(cls, catalog: Catalog) -> Table:
        """The table of the core formats."""
        return cls(catalog, (format for format in catalog.formats.values() if format.core))

    def with_format(self, format: Format, attribute: str) -> Table:
        """The table with a format replaced by one that differs in an attribute; what it does not bear on is kept."""
        other = Table(self.catalog, (format if each.id == format.id else each for each in self.formats))
        criteria = self.catalog.criteria()
        bears = {id for id, each in criteria.items() if each.rule.attribute == attribute}
        asked = {criteria[id].question for id in bears}
        other._columns = {key: column for key, column in self._columns.items() if key[0] not in bears}
        other._effects = {key: effect for key, effect in self._effects.items() if key[0] not in asked}
        return other

    @property
    def ids(self) -> tuple[str, ...]:
        """The formats' ids, in the order of every tuple here."""
        return tuple(format.id for format in self.formats)

    def column(self, criterion: Criterion, answer: Answer, region: str | None) -> Column:
        """What an answer does to every format. A goal's judgement does not depend on the other goals."""
        key = (criterion.id, None if criterion.rule.kind is RuleKind.GOAL else answer, region)
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = self._judged(criterion, answer, region)
        return found

    def _judged(self, criterion: Criterion, answer: Answer, region: str | None) -> Column:
        regional = [self.catalog.regional(each, criterion.rule.attribute) for each in self.formats]
        judgements = [judge_within(criterion.rule, answer, each, region) for each in regional]
        return Column(
            tuple(each.typical for each in judgements),
            tuple(each.verdict is Verdict.BLOCKED for each in judgements),
            tuple(each.verdict is Verdict.UNLIKELY for each in judgements),
        )

    def standing(self, answers: Answers) -> Standing:
        """How the formats stand under some answers: the sum of what each answer does by itself."""
        region, unit = region_of(self.catalog, answers), unit_of(answers)
        totals, blocks, unlikely = ([0] * len(self.formats) for _ in range(3))
        separated = False
        for id, answer in (*answers.values.items(), *derived_answers(self.catalog, answers).items()):
            effect = self._effect(id, answer, region)
            if any(effect.totals):
                factor = 1 if isinstance(answer, Goals) else unit
                totals = [total + factor * product for total, product in zip(totals, effect.totals, strict=True)]
            if any(effect.blocks):
                blocks = [count + now for count, now in zip(blocks, effect.blocks, strict=True)]
            if any(effect.unlikely):
                unlikely = [count + now for count, now in zip(unlikely, effect.unlikely, strict=True)]
            separated = separated or effect.separated
        return Standing(tuple(totals), tuple(blocks), tuple(unlikely), separated)

    def _effect(self, id: str, answer: Answer, region: str | None) -> Standing:
        """What one answer does to every format, before the goals' unit; remembered."""
        key = (id, tuple(answer.shares.items()) if isinstance(answer, Goals) else answer, region)
        found = self._effects.get(key)
        if found is None:
            found = self._effects[key] = self._judged_effect(Answers({id: answer}), region)
        return found

    def _judged_effect(self, answers: Answers, region: str | None) -> Standing:
        totals, blocks, unlikely = ([0] * len(self.formats) for _ in range(3))
        separated = False
        for each in weigh(self.catalog, answers):
            column = self.column(each.criterion, each.answer, region)
            totals = [total + each.weight * value for total, value in zip(totals, column.values, strict=True)]
            blocks = [count + now for count, now in zip(blocks, column.blocked, strict=True)]
            unlikely = [count + now for count, now in zip(unlikely, column.unlikely, strict=True)]
            verdicts = set(zip(column.blocked, column.unlikely, strict=True))
            telling = len(verdicts) > 1 or (each.weight > 0 and len(set(column.values)) > 1)
            separated = separated or (telling and each.criterion.about is not About.FACT)
        return Standing(tuple(totals), tuple(blocks), tuple(unlikely), separated)

    def top(self, answers: Answers) -> frozenset[str]:
        """The ids of the formats that ``recommend`` would put at the top."""
        ids = self.ids
        return frozenset(ids[index] for index in self.standing(answers).top())


def unit_of(answers: Answers) -> int:
    """What the weights of questions other than goals are multiplied by in totals: the sum of the goals' shares."""
    return next((answer.total for answer in answers.values.values() if isinstance(answer, Goals)), 1)

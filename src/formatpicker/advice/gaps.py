"""How far each rival is behind the leader, and what moves that: which changes of answers may change the top.

A format is worth its share of points, less a toll for every must that it misses: one number by which open formats are
ranked, and one that adds up over questions and derived quantities. It is reckoned in floats with some slack, and
whatever looks promising is run exactly afterwards: to run every pair of changes takes 28 ms a person, this way 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from operator import add, sub

from formatpicker.advice.answer_ranges import ChangedAnswer, Parsed
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import derived_answers, region_of

# In hundredths of a weight times thousandths of a value. One unlikely verdict costs more than the greatest share of
# points, one blocker more than all of those; the slack is more than is lost to rounding beside it.
_SLACK = 1e-2
_UNLIKELY, _BLOCKED = 1e9, 1e12
# What it is worth to recommend nothing: less than any open format, more than a blocked one.
_NOTHING = -_BLOCKED / 2

# What each rival is ahead of the leader, in the order of the table's formats, the leader left out; nothing comes last.
_Lead = tuple[float, ...]


class Gaps:
    """The gaps of one person; to recommend nothing at all is a rival too. Where several tie, every answer may turn it.

    ``top`` holds the ids of the formats that come first now.
    """

    def __init__(self, table: EffectTable, answers: Answers) -> None:
        self.table: EffectTable = table
        self.answers: Answers = answers
        first = table.standings(answers).top()
        self.top: frozenset[str] = table.named(first)
        self._leader, self._level = first[0] if first else 0, first[1:]
        # The pairs of questions that derived quantities hang on.
        self._joint = [{item.per_week, item.duration} for item in table.catalog.derived.values()]
        self._known: dict[tuple[str, Answer, str | None], _Lead] = {}

    def changed(self, change: Parsed) -> Answers:
        """The answers with a change applied."""
        return Answers({**self.answers.values, **change})

    def may_turn(self, question: str, answer: Answer) -> bool:
        """Whether another answer to one question may put another format first, or level with it, or rule all out."""
        return bool(self._level) or max(self._ahead({question: answer})) >= -_SLACK

    def pairs(self, steps: Sequence[ChangedAnswer]) -> list[tuple[ChangedAnswer, ChangedAnswer]]:
        """The pairs of steps of different questions that may put another format first.

        What two steps do adds up, but for those on which one derived quantity hangs.
        """
        now = self._ahead({})
        ahead = [self._ahead({step.question: step.answer}) for step in steps]
        gained = [tuple(map(sub, each, now)) for each in ahead]
        places: dict[str, list[int]] = {}
        for place, step in enumerate(steps):
            places.setdefault(step.question, []).append(place)
        found: list[tuple[int, int]] = []
        for one, two in combinations(places, 2):
            pairs = product(places[one], places[two])
            if self._level:
                found += pairs
            elif {one, two} in self._joint:
                answers = ((pair, {one: steps[pair[0]].answer, two: steps[pair[1]].answer}) for pair in pairs)
                found += [pair for pair, change in answers if max(self._ahead(change)) >= -_SLACK]
            else:
                found += [(at, to) for at, to in pairs if max(map(add, ahead[at], gained[to])) >= -_SLACK]
        return [(steps[first], steps[second]) for first, second in sorted(found)]

    def _ahead(self, change: Parsed) -> _Lead:
        """What each rival is ahead of the leader with a change applied."""
        answers, nothing_said = self.changed(change), (0.0,) * len(self.table.formats)
        region, derived = region_of(self.table.catalog, answers), derived_answers(self.table.catalog, answers)
        parts = [self._by_answer(id, answer, region) for id, answer in {**answers.values, **derived}.items()]
        *rivals, nothing = map(sum, zip(nothing_said, *parts, strict=True))
        return (*rivals, nothing + _NOTHING)

    def _by_answer(self, id: str, answer: Answer, region: str | None) -> _Lead:
        """What each rival is ahead by one answer, or one derived quantity, alone; memoised."""
        key = (id, answer, region)
        if key not in self._known:
            effect, unit = self.table.effect(id, answer, region), answer.total if isinstance(answer, Goals) else 1
            both = zip(effect.totals, effect.marks, strict=True)
            worth = [total / unit - self._toll(marks) for total, marks in both]
            own = worth[self._leader]
            self._known[key] = (*[each - own for at, each in enumerate(worth) if at != self._leader], -own)
        return self._known[key]

    def _toll(self, marks: int) -> float:
        return _UNLIKELY * self.table.long_shots(marks) + _BLOCKED * self.table.blocks(marks)

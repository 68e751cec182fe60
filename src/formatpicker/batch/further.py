"""Columns that are worked out beside the record, where they are asked for; remembered under the cells of the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeVar

from formatpicker.advice.certainty import call
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.advice.relaxations import relaxations
from formatpicker.advice.robustness import Draws
from formatpicker.advice.what_ifs import Gaps, turning_questions
from formatpicker.batch.memo import Memo
from formatpicker.batch.records import LEFT_OPEN, Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells
from formatpicker.batch.sheet import Sheet
from formatpicker.catalog.criteria import About
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.tables import EffectTable

MOST_REMEMBERED = 20_000
# Columns in words, by name: what of a recommendation, of the core formats alone, each says.
Words = Mapping[str, Callable[[Recommendation], str]]
Value = TypeVar("Value")


def remembered(sheet: Sheet, work_out: Callable[[Cells, Record], Value]) -> Callable[[Cells, Record], Value]:
    """What is worked out of a row and its record, remembered for rows with the same answers; bounded."""
    pick = itemgetter(*sorted(index for at in sheet.columns.values() for index in at))
    known: dict[object, Value] = {}

    def of(cells: Cells, record: Record) -> Value:
        picked = pick(cells)
        if picked not in known:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[picked] = work_out(cells, record)
        return known[picked]

    return of


class Further:
    """The further columns of the records of one table; ``of`` has those of a row and its record."""

    def __init__(self, scorer: Scorer, fields: Sequence[str], words: Words) -> None:
        """The columns of these names; ``words`` has those that are text for people."""
        self.of = remembered(scorer.sheet, self._worked_out)
        self._scorer = scorer
        self._fields = fields
        self._words = words
        catalog = scorer.catalog
        self._draws = Draws(catalog)
        self._nearby = Nearby(catalog)
        self._table = EffectTable(catalog, catalog.core)

    def _worked_out(self, cells: Cells, record: Record) -> tuple[Any, ...]:
        answers = self._scorer.answers(cells)
        values: dict[str, Any] = {LEFT_OPEN: self._scorer.left_open(cells)}
        if "call" in self._fields or "contenders" in self._fields:
            values["call"], values["contenders"] = self._call(answers, record)
        if "one_answer_away" in self._fields:
            values["one_answer_away"] = self._one_answer_away(answers, record)
        asked = [field for field in self._fields if field in self._words]
        if asked:
            told = recommend(self._scorer.catalog, answers, variants=False)
            values |= {field: self._words[field](told) or None for field in asked}
        return tuple([values[field] for field in self._fields])

    def _call(self, answers: Answers, record: Record) -> tuple[str, tuple[str, ...]]:
        """As ``certainty`` has it, of what a record says."""
        top, catalog = record.top, self._scorer.catalog
        firsts = self._draws.firsts(answers) if top else {}
        open_turns = len(top) == 1 and bool(turning_questions(Gaps(self._table, answers)))
        long_shots = sum(pair.partition(":")[0] == top[0] for pair in record.long_shots) if top else 0
        certain, contenders = call(catalog.certainty, top, record.runner_up is not None, firsts, open_turns, long_shots)
        return str(certain), contenders

    def _one_answer_away(self, answers: Answers, record: Record) -> tuple[str, ...]:
        """``format:question`` for each single answer of which another one opens a format that is ruled out."""
        return tuple(
            f"{format}:{question}"
            for format, criteria in by_format(record.blocked).items()
            for question in self._nearby.questions(answers, format, criteria)
        )


def by_format(pairs: Sequence[str]) -> dict[str, list[str]]:
    """The criteria of each format in pairs of both, as records have them."""
    criteria: dict[str, list[str]] = {}
    for pair in pairs:
        format, _, criterion = pair.partition(":")
        criteria.setdefault(format, []).append(criterion)
    return criteria


class Nearby:
    """Which single answers would open a format that is closed. A fact about a person is never one of them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._criteria = catalog.criteria
        region = catalog.region_question
        # What a relaxation looks at beside the answers that block: the region, and what quantities are derived from.
        self._always = {
            *([region.id] if region else []),
            *(id for item in catalog.derived.values() for id in (item.per_week, item.duration)),
        }
        self._openings = Memo(self._opening)

    def questions(self, answers: Answers, format: str, blocking: Sequence[str]) -> tuple[str, ...]:
        """The questions of which another answer, and nothing else, opens a format to a person.

        ``blocking`` are the criteria that rule it out.
        """
        asked = [id for id in blocking if id in self.catalog.questions]
        if len(asked) > 1 or any(self._criteria[id].about is About.FACT for id in blocking):
            return ()  # two answers have to change, or one that cannot
        kept = tuple(each for each in answers.values.items() if each[0] in self._always or each[0] in asked)
        return self._openings[format, kept]

    def _opening(self, key: tuple[str, tuple[tuple[str, Answer], ...]]) -> tuple[str, ...]:
        format, answers = key
        openings = relaxations(self.catalog, Answers(dict(answers)), self.catalog.formats[format])
        return tuple(sorted({id for each in openings if len(each.change) == 1 for id in each.change}))

"""What is worked out of a row only where it is asked for; remembered for rows with the same answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from formatpicker.advice.certainty import call
from formatpicker.advice.draws import Draws
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.advice.what_ifs import turning_questions
from formatpicker.batch.census import Nearby, Remembered, by_format
from formatpicker.batch.records import LEFT_OPEN, Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.tables import Table

# Columns in words, by name: what of a recommendation, of the core formats alone, each says.
Words = Mapping[str, Callable[[Recommendation], str]]


class Further(Remembered[tuple[Any, ...]]):
    """The further columns of the records of one table."""

    def __init__(self, scorer: Scorer, fields: Sequence[str], words: Words) -> None:
        """The columns of these names; ``words`` has those that are text for people."""
        super().__init__(scorer.sheet, self._worked_out)
        self._scorer = scorer
        self._fields = fields
        self._words = words
        catalog = scorer.catalog
        self._draws = Draws(catalog)
        self._nearby = Nearby(catalog)
        self._table = Table(catalog, [format for format in catalog.formats.values() if format.core])

    def _worked_out(self, cells: Cells, record: Record) -> tuple[Any, ...]:
        answers = self._scorer.answers(self._scorer.readable(cells))
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
        open_turns = len(top) == 1 and bool(turning_questions(catalog, answers, self._table))
        long_shots = sum(pair.partition(":")[0] == top[0] for pair in record.long_shots) if top else 0
        found, contenders = call(catalog.certainty, top, record.runner_up is not None, firsts, open_turns, long_shots)
        return str(found), contenders

    def _one_answer_away(self, answers: Answers, record: Record) -> tuple[str, ...]:
        """``format:question`` for each single answer of which another one opens a format that is ruled out."""
        return tuple(
            f"{format}:{question}"
            for format, criteria in by_format(record.blocked).items()
            for question in self._nearby.questions(answers, format, criteria)
        )

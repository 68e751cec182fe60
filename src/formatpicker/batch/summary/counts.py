"""What an advisor asks of many people, counted person by person; only for a run that writes a summary.

A count stands under a few words, so that those of several chunks, processes and runs simply add up. What is worked out
for one person is remembered under the cells of the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from operator import itemgetter

from formatpicker.advice.draws import DRAWS, Draws
from formatpicker.advice.sensitivity import coverage
from formatpicker.batch.records import Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.summary.answer_counts import answer_keys
from formatpicker.batch.summary.one_answer_away import MOST_REMEMBERED, Nearby
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.revision.diff import accepted
from formatpicker.scoring.answers import Answers

Key = tuple[str, ...]
Counts = Counter[Key]

# The first word of a key. Several ids in one word are joined as in a CSV file.
ELIGIBILITY, VARIANT, VERDICT = "eligibility", "variant", "verdict"
BLOCKED_BY, BLOCKED_ALONE, CONDITION, AWAY = "blocked by", "blocked alone", "condition", "away"
CLOSE_CALL, FEW_ANSWERS, LEFT_OPEN = "close call", "few answers", "left open"
OPENED, CLOSED, MOVED = "opened", "closed", "moved"


def joined_ids(ids: Sequence[str]) -> str:
    """Several ids as one word; none as an empty one."""
    return ";".join(ids)


class Census:
    """Counts the people of one table, under the catalog in force and under others beside it."""

    def __init__(self, scorer: Scorer, others: Sequence[Catalog] = ()) -> None:
        self._scorer = scorer
        self._core = scorer.effects.core
        self._draws = Draws(scorer.catalog)
        self._nearby = Nearby(scorer.catalog)
        self._others = [WhatIf(str(at), scorer, other) for at, other in zip(count(), others)]
        columns = sorted(index for at in scorer.sheet.columns.values() for index in at)
        self._pick = itemgetter(*columns)
        self._known: dict[object, tuple[Key, ...]] = {}
        self._coverage: dict[tuple[str, ...], float] = {}

    def counts(self, rows: Rows, records: Sequence[Record]) -> Counts:
        """The counts of the records that were made of some rows."""
        found: Counts = Counter()
        for record in records:
            found.update(self._of(self._scorer.readable(rows.cells[record.row - rows.first]), record))
        return found

    def _of(self, cells: Cells, record: Record) -> tuple[Key, ...]:
        picked = self._pick(cells)
        found = self._known.get(picked)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[picked] = tuple(self._keys(cells, record))
        return found

    def _keys(self, cells: Cells, record: Record) -> list[Key]:
        """All that one person counts under."""
        answers = self._scorer.answers(cells)
        found: list[Key] = [(ELIGIBILITY, record.eligibility or ""), (VARIANT, record.best_variant or "")]
        found += [(LEFT_OPEN, id) for id in self._scorer.catalog.questions if answers.get(id) is None]
        found += answer_keys(self._scorer.catalog, answers)
        blocked = _by_format(record.blocked)
        for format in self._core:
            found += self._verdict(format, blocked.get(format, []), record, answers)
        if 100 * self._share(answers) < self._scorer.catalog.certainty.few_answers:
            found.append((FEW_ANSWERS,))
        if self._is_close(answers, record):
            found.append((CLOSE_CALL,))
        return found + [key for other in self._others for key in other.keys(cells, record, answers)]

    def _verdict(self, format: str, blocked: list[str], record: Record, answers: Answers) -> list[Key]:
        """How a format stands to a person, and by what; conditions count where it is open."""
        if not blocked:
            conditions = _by_format(record.conditions).get(format, [])
            verdict = Verdict.CONDITIONAL if conditions else Verdict.FITS
            if format in _by_format(record.long_shots):
                verdict = Verdict.UNLIKELY
            return [(VERDICT, format, str(verdict)), *((CONDITION, format, id) for id in conditions)]
        found: list[Key] = [(VERDICT, format, str(Verdict.BLOCKED)), *((BLOCKED_BY, format, id) for id in blocked)]
        if len(blocked) == 1:
            found.append((BLOCKED_ALONE, format, *blocked))
        opening = self._nearby.questions(answers, format, blocked)
        return [*found, (AWAY, format, joined_ids(opening))] if opening else found

    def _share(self, answers: Answers) -> float:
        """The exact coverage; the one in a record is rounded."""
        answered = tuple(answers.values)
        found = self._coverage.get(answered)
        if found is None:
            if len(self._coverage) >= MOST_REMEMBERED:
                self._coverage.clear()
            found = self._coverage[answered] = coverage(self._scorer.catalog, answers)
        return found

    def _is_close(self, answers: Answers, record: Record) -> bool:
        """Whether the one format at the top would lose its place in too many draws."""
        if len(record.top) != 1:
            return False
        won = self._draws.firsts(answers)[record.top[0]]
        return 100 * won < self._scorer.catalog.certainty.leaning * DRAWS


def _by_format(pairs: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        format, _, criterion = pair.partition(":")
        found.setdefault(format, []).append(criterion)
    return found


class WhatIf:
    """The same people under another catalog; an answer that it does not know counts as not given."""

    def __init__(self, name: str, scorer: Scorer, other: Catalog) -> None:
        self._name = name
        self._before = scorer.effects.core
        self._scorer = Scorer(other, _known_columns(scorer.sheet, other))
        self._after = self._scorer.effects.core

    def keys(self, cells: Cells, before: Record, answers: Answers) -> list[Key]:
        """What changes for one person."""
        after = self._record(cells, answers)
        was = _open(self._before, before)
        now = _open(self._after, after)
        found: list[Key] = [(OPENED, self._name, id) for id in self._after if id in now and id not in was]
        found += [(CLOSED, self._name, id) for id in self._before if id in was and id not in now]
        if before.top != after.top:
            found.append((MOVED, self._name, joined_ids(before.top), joined_ids(after.top)))
        return found

    def _record(self, cells: Cells, answers: Answers) -> Record:
        (found,) = self._scorer.records(Rows(1, [list(cells)], None, {}))
        if isinstance(found, Record):
            return found
        return self._scorer.record_of(accepted(self._scorer.catalog, answers))


def _open(formats: Sequence[str], record: Record) -> set[str]:
    return {*formats} - {pair.partition(":")[0] for pair in record.blocked}


def _known_columns(sheet: Sheet, catalog: Catalog) -> Sheet:
    return replace(sheet, columns={id: at for id, at in sheet.columns.items() if id in catalog.questions})

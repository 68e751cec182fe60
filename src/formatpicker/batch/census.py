"""What an advisor asks of many people, counted person by person; only for a run that writes a summary.

A count stands under a few words, so that those of several chunks, processes and runs simply add up. What is worked out
for one person is remembered under the cells of the row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, pairwise
from operator import itemgetter
from typing import cast

from formatpicker.advice.draws import DRAWS, Draws
from formatpicker.advice.relaxations import relaxations
from formatpicker.advice.sensitivity import coverage
from formatpicker.base.durations import parse_days
from formatpicker.base.text import printable
from formatpicker.batch.records import Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells, Rows, kept_value
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Tally, counted
from formatpicker.catalog.criteria import About, AnswerKind, Question, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.revision.diff import accepted
from formatpicker.scoring.answers import Answer, Answers, Goals

Key = tuple[str, ...]
Counts = Counter[Key]

# The first word of a key. Several ids in one word are joined as in a CSV file.
ELIGIBILITY, VARIANT, VERDICT = "eligibility", "variant", "verdict"
BLOCKED_BY, BLOCKED_ALONE, CONDITION, AWAY = "blocked by", "blocked alone", "condition", "away"
CLOSE_CALL, FEW_ANSWERS, LEFT_OPEN = "close call", "few answers", "left open"
OPENED, CLOSED, MOVED = "opened", "closed", "moved"
# The first word of a key: who gave an answer, and who named a goal alone as the most important one.
ANSWERED, FIRST_GOAL = "answered", "first goal"

# Where one band of durations ends and the next one begins; numbers have a band for each ten.
_ENDS = ("1 week", "4 weeks", "3 months", "6 months", "1 year", "2 years")
_DAYS = [cast(int, parse_days(end)) for end in _ENDS]
_STEP = 10
MOST_REMEMBERED = 20_000
# A longer name of a group is cut here.
MOST_GROUP = 80


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

    def count(self, rows: Rows, records: Sequence[Record], tally: Tally) -> None:
        """Add to a tally the counts of the records that were made of some rows, and those of each group."""
        for record in records:
            cells = self._scorer.readable(rows.cells[record.row - rows.first])
            keys = self._of(cells, record)
            tally.counts.update(keys)
            if self._scorer.sheet.by is not None:
                group = tally.groups.setdefault(self._group(cells, self._scorer.sheet.by), Tally())
                group.merge(counted([record]))
                group.counts.update(keys)

    def _group(self, cells: Cells, by: int) -> str:
        """What the column says that tells groups apart, with the label of an answer; empty where it says nothing."""
        asked = next((id for id, columns in self._scorer.sheet.columns.items() if columns == (by,)), None)
        if asked is not None and not self._scorer.catalog.questions[asked].goals:
            answer = self._scorer.answer(asked, cells)
            return "" if answer is None else group_label(self._scorer.catalog.questions[asked], answer)
        cell = kept_value(cells[by])
        return "" if cell is None else " ".join(printable(str(cell)).split())[:MOST_GROUP]

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


class Nearby:
    """Which single answers would open a format that is closed. A fact about a person is never one of them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._criteria = catalog.criteria()
        region = catalog.region_question
        # What a relaxation looks at beside the answers that block: the region, and what quantities are derived from.
        self._always = {
            *([region.id] if region else []),
            *(id for item in catalog.derived.values() for id in (item.per_week, item.duration)),
        }
        self._known: dict[object, tuple[str, ...]] = {}

    def questions(self, answers: Answers, format: str, blocking: Sequence[str]) -> tuple[str, ...]:
        """The questions of which another answer, and nothing else, opens a format to a person.

        Args:
            answers: All that the person answered.
            format: The format's id.
            blocking: The ids of the criteria that rule it out.
        """
        asked = [id for id in blocking if id in self.catalog.questions]
        if len(asked) > 1 or any(self._criteria[id].about is About.FACT for id in blocking):
            return ()  # two answers have to change, or one that cannot
        kept = Answers({id: each for id, each in answers.values.items() if id in self._always or id in asked})
        key = (format, tuple(kept.values.items()))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._opening(kept, format)
        return found

    def _opening(self, answers: Answers, format: str) -> tuple[str, ...]:
        found = relaxations(self.catalog, answers, self.catalog.formats[format])
        return tuple(sorted({id for each in found if len(each.change) == 1 for id in each.change}))


# --- what people answered, in few words that can be counted: options, goals, and bands of numbers and durations -------


def answer_keys(catalog: Catalog, answers: Answers) -> list[Key]:
    """All that one person's answers count under."""
    found: list[Key] = []
    for id, answer in answers.values.items():
        if isinstance(answer, Goals):
            found += [(ANSWERED, id, goal) for goal in answer.shares]
            most = max(answer.shares.values())
            first = [goal for goal, share in answer.shares.items() if share == most]
            found += [(FIRST_GOAL, id, *first)] if len(first) == 1 else []
        else:
            found.append((ANSWERED, id, str(_band_of(catalog.questions[id], answer))))
    return found


def answer_labels(question: Question) -> dict[str, str]:
    """What can be counted of a question, in order, with a label for each."""
    if question.choices:
        return {each.id: each.label for each in question.choices}
    return {str(band): label for band, label in enumerate(_band_labels(question))}


def group_label(question: Question, answer: Answer) -> str:
    """A group that shares an answer to a question."""
    return answer_labels(question)[str(_band_of(question, answer))]


def _band_of(question: Question, answer: Answer) -> str | int:
    if isinstance(answer, str):
        return answer
    return bisect_right(_edges(question), cast(float, answer))


def _edges(question: Question) -> list[int]:
    if question.answer is AnswerKind.DURATION:
        return _DAYS
    return [*range(int(question.least) // _STEP * _STEP + _STEP, int(question.most) + 1, _STEP)]


def _band_labels(question: Question) -> list[str]:
    edges = _edges(question)
    if question.answer is AnswerKind.DURATION:
        between = [f"{low} to less than {high}" for low, high in pairwise(_ENDS)]
        return [f"less than {_ENDS[0]}", *between, f"{_ENDS[-1]} or more"]
    if not edges:
        return [f"{question.least:g} to {question.most:g}"]
    between = [f"{low} to {high - 1}" for low, high in pairwise(edges)]
    return [f"less than {edges[0]}", *between, f"{edges[-1]} or more"]

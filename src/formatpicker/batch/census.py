"""What is worked out of a person beside the record, where it is asked for: further columns, and counts for a summary.

It is remembered under the cells of the row. A count stands under a few words, so that those of several chunks,
processes and runs simply add up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import count, pairwise
from operator import itemgetter
from typing import Any, TypeVar, cast

from formatpicker.advice.certainty import call
from formatpicker.advice.recommendation import Recommendation, recommend
from formatpicker.advice.relaxations import relaxations
from formatpicker.advice.robustness import Draws
from formatpicker.advice.what_ifs import Gaps, turning_questions
from formatpicker.base.durations import parse_days
from formatpicker.base.text import printable
from formatpicker.batch.effects import Effects, Memo
from formatpicker.batch.records import LEFT_OPEN, Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells, Rows, kept_value
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.summary import Key
from formatpicker.batch.tally import Tally, counted
from formatpicker.catalog.criteria import About, AnswerKind, Question, Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.diff import accepted
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer, Answers, Goals
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import coverage

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


# --- counts for a summary --------------------------------------------------------------------------------------------

# A longer name of a group is cut here.
MOST_GROUP = 80


class Census:
    """Counts the people of one table, under the catalog in force and under others beside it."""

    def __init__(self, scorer: Scorer, others: Sequence[Catalog] = ()) -> None:
        self._scorer = scorer
        self._core = scorer.effects.core
        self._draws = Draws(scorer.catalog)
        self._nearby = Nearby(scorer.catalog)
        self._others = [OtherCatalog(str(at), scorer.effects, other) for at, other in zip(count(), others)]
        self._keys_of = remembered(scorer.sheet, self._keys)

    def count(self, rows: Rows, records: Sequence[Record], tally: Tally) -> None:
        """Add to a tally the counts of the records that were made of some rows, and those of each group."""
        for record in records:
            cells = rows.cells[record.row - rows.first]
            keys = self._keys_of(cells, record)
            tally.counts.update(keys)
            if self._scorer.sheet.by is not None:
                group = tally.groups.setdefault(self._group(cells, self._scorer.sheet.by), Tally())
                group.merge(counted([record]))
                group.counts.update(keys)

    def _group(self, cells: Cells, by: int) -> str:
        """What the column says that tells groups apart, with the label of an answer; empty where it says nothing."""
        cells = self._scorer.readable(cells)
        asked = next((id for id, columns in self._scorer.sheet.columns.items() if columns == (by,)), None)
        if asked is not None and not self._scorer.catalog.questions[asked].goals:
            answer = self._scorer.answer(asked, cells)
            question = self._scorer.catalog.questions[asked]
            if answer is None or isinstance(answer, AnswerError):
                return ""
            return answer_labels(question)[band_of(question, answer)]
        cell = kept_value(cells[by])
        return "" if cell is None else " ".join(printable(str(cell)).split())[:MOST_GROUP]

    def _keys(self, cells: Cells, record: Record) -> list[Key]:
        """All that one person counts under."""
        answers = self._scorer.answers(cells)
        keys: list[Key] = [("eligibility", record.eligibility or ""), ("variant", record.best_variant or "")]
        keys += [("left open", id) for id in self._scorer.catalog.questions if answers.get(id) is None]
        keys += answer_keys(self._scorer.catalog, answers)
        blocked = by_format(record.blocked)
        for format in self._core:
            keys += self._verdict(format, blocked.get(format, []), record, answers)
        # The exact coverage; the one in a record is rounded.
        if 100 * coverage(self._scorer.catalog, answers) < self._scorer.catalog.certainty.few_answers:
            keys.append(("few answers",))
        if self._is_close(answers, record):
            keys.append(("close call",))
        return keys + [key for other in self._others for key in other.keys(record, answers)]

    def _verdict(self, format: str, blocked: list[str], record: Record, answers: Answers) -> list[Key]:
        """How a format stands to a person, and by what; conditions count where it is open."""
        if not blocked:
            conditions = by_format(record.conditions).get(format, [])
            verdict = Verdict.CONDITIONAL if conditions else Verdict.FITS
            if format in by_format(record.long_shots):
                verdict = Verdict.UNLIKELY
            return [("verdict", format, str(verdict)), *(("condition", format, id) for id in conditions)]
        keys: list[Key] = [("verdict", format, str(Verdict.BLOCKED)), *(("blocked by", format, id) for id in blocked)]
        if len(blocked) == 1:
            keys.append(("blocked alone", format, blocked[0]))
        opening = self._nearby.questions(answers, format, blocked)
        return [*keys, ("away", format, ";".join(opening))] if opening else keys

    def _is_close(self, answers: Answers, record: Record) -> bool:
        """Whether the one format at the top would lose its place in too many draws."""
        if len(record.top) != 1:
            return False
        won = self._draws.firsts(answers)[record.top[0]]
        return 100 * won < self._scorer.catalog.certainty.leaning * DRAWS


class OtherCatalog:
    """The same people under another catalog; an answer that it does not know counts as not given."""

    def __init__(self, name: str, before: Effects, other: Catalog) -> None:
        self._name = name
        self._before = before.core
        self._effects = Effects(other)

    def keys(self, before: Record, answers: Answers) -> list[Key]:
        """What changes for one person."""
        after = self._effects.record_of(accepted(self._effects.catalog, answers))
        was = _open(self._before, before)
        now = _open(self._effects.core, after)
        found: list[Key] = [("opened", self._name, id) for id in self._effects.core if id in now and id not in was]
        found += [("closed", self._name, id) for id in self._before if id in was and id not in now]
        if before.top != after.top:
            found.append(("moved", self._name, ";".join(before.top), ";".join(after.top)))
        return found


def _open(formats: Sequence[str], record: Record) -> set[str]:
    return {*formats} - {pair.partition(":")[0] for pair in record.blocked}


# --- what people answered, in few words that can be counted: options, goals, bands of numbers and durations ----------

# Where one band of durations ends and the next one begins; numbers have a band for each ten.
_ENDS = ("1 week", "4 weeks", "3 months", "6 months", "1 year", "2 years")
_DAYS = [cast(int, parse_days(end)) for end in _ENDS]
_STEP = 10


def answer_keys(catalog: Catalog, answers: Answers) -> list[Key]:
    """All that one person's answers count under."""
    keys: list[Key] = []
    for id, answer in answers.values.items():
        if isinstance(answer, Goals):
            keys += [("answered", id, goal) for goal in answer.shares]
            most = max(answer.shares.values())
            first = [goal for goal, share in answer.shares.items() if share == most]
            keys += [("first goal", id, first[0])] if len(first) == 1 else []
        else:
            keys.append(("answered", id, band_of(catalog.questions[id], answer)))
    return keys


def answer_labels(question: Question) -> dict[str, str]:
    """What can be counted of a question, in order, with a label for each."""
    if question.choices:
        return {each.id: each.label for each in question.choices}
    return {str(band): label for band, label in enumerate(_band_labels(question))}


def band_of(question: Question, answer: Answer) -> str:
    """What an answer to a question counts as: the option, or the number of the band."""
    return answer if isinstance(answer, str) else str(bisect_right(_edges(question), cast(float, answer)))


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

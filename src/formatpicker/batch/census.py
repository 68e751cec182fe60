"""Counts of people for a summary.

A count stands under a few words, so that those of several chunks, processes and runs simply add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from formatpicker.advice.robustness import Draws
from formatpicker.base.text import printable
from formatpicker.batch.answer_bands import answer_keys, answer_labels, band_of
from formatpicker.batch.effects import Effects
from formatpicker.batch.further import Nearby, by_format, remembered
from formatpicker.batch.records import Record
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cells, Rows, kept_value
from formatpicker.batch.summary import Key
from formatpicker.batch.tally import Tally, counted
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.diff import accepted
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.weights import coverage

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

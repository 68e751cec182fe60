"""From the cells of rows to their records, by look-up and addition.

Cells of the same few questions come up together again and again; what a group of them does is remembered under the
cells as they are written, so that most rows parse nothing and judge nothing. The results are those of ``recommend``.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple, cast

from formatpicker.base.text import canonical
from formatpicker.batch import remembered
from formatpicker.batch.effects import Effects
from formatpicker.batch.headers import ID, Sheet
from formatpicker.batch.outcomes import Finder, Outcomes, interleaved
from formatpicker.batch.packing import Packing
from formatpicker.batch.records import Identity, Record, Reject
from formatpicker.batch.rows import NOT_TEXT, Cell, Cells, Column, Rows, is_text, together
from formatpicker.batch.sums import Adder, Sums
from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import AnswerKind, Catalog, Question, Verdict
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import SKIP, Answer, Answers, Goals, parse_answer, split_goals
from formatpicker.scoring.ranking import region_of

MOST_ID_CHARACTERS = 2_000


class Scored(NamedTuple):
    """What has become of some rows: the outcomes of those that were accepted, and the others, each in order.

    ``ids`` are those of all rows.
    """

    ids: Sequence[Identity]
    outcomes: Outcomes
    rejects: list[Reject]


class Scorer:
    """Scores the rows of one table."""

    def __init__(self, catalog: Catalog, sheet: Sheet) -> None:
        self.catalog = catalog
        self.sheet = sheet
        self.effects = Effects(catalog)
        self._adder = Adder(self.effects, sheet, self.parsed)
        self.packing = self._adder.packing
        self._finder = Finder(self.packing)
        self._cells: dict[str, dict[Cell, Answer | None]] = {id: {} for id in sheet.columns}

    def records(self, rows: Rows) -> list[Record | Reject]:
        """One record or reject for each row, in order."""
        found = self.scored(rows)
        both: list[Record | Reject] = [*found.outcomes.records(self.packing), *found.rejects]
        return sorted(both, key=lambda each: each.row)

    def scored(self, rows: Rows) -> Scored:
        """What becomes of each row."""
        if not rows.count:
            return Scored([], self._finder.found(self._adder.sums([], [], [])), [])
        columns = rows.columns(len(self.sheet.headers))
        ids = self._ids(columns, rows.count)
        sums = self._adder.sums(ids, range(rows.first, rows.first + rows.count), columns)
        refused = {*rows.malformed, *_not_text(ids)}
        if not refused and max(sums.flags) < self.packing.refused:
            return Scored(ids, self._finder.found(sums), [])
        refused.update(at for at, flags in enumerate(sums.flags) if flags & self.packing.refused)
        rejects = [self._reject(rows, offset) for offset in sorted(refused)]
        return Scored(ids, self._outcomes(rows, sums, refused), rejects)

    def _outcomes(self, rows: Rows, sums: Sums, refused: set[int]) -> Outcomes:
        """The outcomes of all rows but the refused; goals whose shares do not fit the scale have one of their own."""
        usual: list[int] = []
        others: dict[int, list[int]] = {}
        for offset, flags in enumerate(sums.flags):
            if offset in refused:
                continue
            if flags & self.packing.unscaled:
                others.setdefault(self._unit(rows.cells[offset]), []).append(offset)
            else:
                usual.append(offset)
        found = [(usual, self._finder.found(sums.of(usual)))]
        for unit, offsets in others.items():
            adder = Adder(self.effects, self.sheet, self.parsed, unit)
            columns = [[column[at] for at in offsets] for column in rows.columns(len(self.sheet.headers))]
            ids, numbers = [sums.ids[offset] for offset in offsets], [sums.rows[offset] for offset in offsets]
            found.append((offsets, Finder(adder.packing).found(adder.sums(ids, numbers, columns))))
        return interleaved(found)

    def _unit(self, cells: Cells) -> int:
        """What the shares of a person's goals come to."""
        answers = self.answers(cells).values.values()
        return next(answer.total for answer in answers if isinstance(answer, Goals))

    def record_of(self, answers: Answers) -> Record:
        """The record of some parsed answers, as of a row that holds them."""
        goals = next((answer for answer in answers.values.values() if isinstance(answer, Goals)), None)
        packing = self.packing
        if goals and packing.scale % goals.total:
            packing = Packing(self.effects, goals.total)
        found = packing.of(dict(answers.values), region_of(self.catalog, answers))
        sums = Sums([None], [1], [found.words], [found.flags], [[found.reasons]])
        (record,) = Finder(packing).found(sums).records(packing)
        return record

    def counted(self, outcomes: Outcomes) -> Tally:
        """The counts of some outcomes."""
        ids = self.effects.ids
        return Tally(
            accepted=len(outcomes.rows),
            infeasible=outcomes.eligibility.count(str(Verdict.BLOCKED)),
            tops=Counter({tuple(ids[at] for at in best): count for best, count in Counter(outcomes.best).items()}),
        )

    def id_of(self, cells: Cells) -> Identity:
        """What the id column holds; None where it is empty or missing."""
        id = cells[self.sheet.id_column] if self.sheet.id_column is not None else None
        return None if id == "" else id

    def _ids(self, columns: Sequence[Column], count: int) -> Column:
        if self.sheet.id_column is None:
            return [None] * count
        ids = columns[self.sheet.id_column]
        return [None if id == "" else id for id in ids] if "" in ids else ids

    def answers(self, cells: Cells) -> Answers:
        """The parsed answers of a row.

        Raises:
            AnswerError: A cell that its question does not accept.
        """
        found = {id: self._answer(self.catalog.questions[id], cells, at) for id, at in self.sheet.columns.items()}
        return Answers({id: answer for id in self.catalog.questions if (answer := found.get(id)) is not None})

    def _answer(self, question: Question, cells: Cells, columns: tuple[int, ...]) -> Answer | None:
        cell = cells[columns[0]] if len(columns) == 1 else together(cells, columns)
        known = self._cells[question.id]
        if cell not in known:
            if len(known) >= remembered.MOST_REMEMBERED:
                known.clear()
            known[cell] = self.parsed(question, cell)
        return known[cell]

    def parsed(self, question: Question, cell: Cell) -> Answer | None:
        """The answer in one cell, by the same parser as everywhere.

        Raises:
            AnswerError: The question does not accept it.
        """
        texts = self.sheet.values.get(question.id, {})
        if isinstance(cell, str) and question.answer is AnswerKind.GOALS:
            return parse_answer(question, _goals(question, cell, texts))
        return parse_answer(question, texts.get(canonical(str(cell)), cell) if texts else cell)

    # --- rejects -----------------------------------------------------------------------------------------------------

    def _reject(self, rows: Rows, offset: int) -> Reject:
        """The first cell of a row that is no answer, in the order of the columns, and how many more there are."""
        row, cells = rows.first + offset, rows.cells[offset]
        line = rows.lines[offset] if rows.lines is not None else None
        if offset in rows.malformed:
            return Reject(row, line, None, None, None, rows.malformed[offset])
        id, column = self.id_of(cells), self.sheet.id_column
        if column is not None and not is_text(id):
            return Reject(row, line, None, self.sheet.headers[column], _shown(id), f"{ID}: {NOT_TEXT}")
        faults = self._faults(cells)
        columns, error = faults[0]
        cell = cells[columns[0]] if len(columns) == 1 else together(cells, columns)
        hint = "" if is_text(cell) else f" ({NOT_TEXT})"
        others = len(faults) - 1
        more = f" ({others} more column{'s are' if others > 1 else ' is'} wrong)" if others else ""
        problem = f"{error.key}: {error.problem}{hint}{more}"
        return Reject(row, line, id, self.sheet.headers[columns[0]], _shown(cell), problem)

    def _faults(self, cells: Cells) -> list[tuple[tuple[int, ...], AnswerError]]:
        """What is wrong with a row, in the order of its columns."""
        found = []
        for id, columns in sorted(self.sheet.columns.items(), key=itemgetter(1)):
            try:
                self._answer(self.catalog.questions[id], cells, columns)
            except AnswerError as fault:
                # Its traceback leads back to this list: a circle, and those are looked for seldom.
                found.append((columns, fault.with_traceback(None)))
        return found


def _not_text(ids: Column) -> list[int]:
    """Where ids hold bytes that are no text."""
    with contextlib.suppress(TypeError):  # of numbers, or of none
        if "".join(cast(Sequence[str], ids)).isascii():
            return []
    return [offset for offset, id in enumerate(ids) if not is_text(id)]


def _shown(cell: Cell) -> str | None:
    """A cell as a reject shows it; what is no text is a question mark."""
    return None if cell is None else str(cell)[:MOST_ID_CHARACTERS].encode("utf-8", "replace").decode()


def _goals(question: Question, text: str, texts: dict[str, str] | Any) -> object:
    """A cell of goals: JSON, or parts of which each may be one of the mapped texts."""
    if text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    if not texts:
        return text
    if canonical(text) in texts:
        return texts[canonical(text)]
    parts = [texts.get(canonical(part), part) for part in split_goals(question, text, texts)]
    return ";".join(part for part in parts if part != SKIP)

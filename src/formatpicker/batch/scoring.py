"""From the cells of a row to a record, by look-up and addition.

Cells of the same few questions come up together again and again; what a group of them does is remembered under the
cells as they are written, so that most rows parse nothing and judge nothing. The results are those of ``recommend``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from operator import add, itemgetter, mul, or_
from typing import Any, cast

from formatpicker.answers import SKIP, Answer, Answers, Goals, parse_answer, split_goals
from formatpicker.batch.effects import MOST_REMEMBERED, Effect, Effects
from formatpicker.batch.outcomes import Outcome, best_reasons, leader, leaders
from formatpicker.batch.parts import Part, parts_of
from formatpicker.batch.records import Identity, Record, Reject
from formatpicker.batch.rows import NOT_TEXT, Cell, Cells, Rows, is_text, together
from formatpicker.batch.sheet import ID, Sheet
from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import AnswerKind, Catalog, Question, Verdict
from formatpicker.errors import AnswerError
from formatpicker.ranking import region_of
from formatpicker.rounding import in_tenths
from formatpicker.rules import ONE
from formatpicker.text import canonical

MOST_ID_CHARACTERS = 2_000


class Scorer:
    """Scores the rows of one table."""

    def __init__(self, catalog: Catalog, sheet: Sheet) -> None:
        self.catalog = catalog
        self.sheet = sheet
        self.effects = Effects(catalog)
        self.region = catalog.region_question
        self._cells: dict[str, dict[Cell, Answer | None]] = {id: {} for id in sheet.columns}
        parts = parts_of(self.effects, sheet)
        self._goals = next((part for part in parts if part.questions[0].answer is AnswerKind.GOALS), None)
        self._others = [part for part in parts if part.questions[0].answer is not AnswerKind.GOALS]

    def records(self, rows: Rows) -> list[Record | Reject]:
        """One record or reject for each row, in order."""
        return [each if isinstance(each, Reject) else self.record(each) for each in self.outcomes(rows)]

    def outcomes(self, rows: Rows) -> list[Outcome | Reject]:
        """One outcome or reject for each row, in order."""
        faulty: set[int] = set(rows.malformed)
        cells = rows.cells
        if faulty:
            blank: list[Cell] = [None] * len(self.sheet.headers)
            cells = [blank if offset in faulty else row for offset, row in enumerate(cells)]
        faulty.update(offset for offset, row in enumerate(cells) if not is_text(self.id_of(row)))
        found: list[Outcome | Reject] = self._scored(cells, rows.first, faulty)
        for offset in faulty:
            found[offset] = self._reject(rows, offset)
        return found

    def record(self, outcome: Outcome) -> Record:
        """An outcome named and rounded."""
        id, row, best, second, variant, totals, verdicts, reasons, weight = outcome
        ids, scale = self.effects.ids, totals[-1] * ONE
        top = totals[best[0]] if best else 0
        return Record(
            id,
            row,
            tuple(ids[index] for index in best),
            in_tenths(top, scale) if best else None,
            None if second is None else ids[second],
            None if second is None else in_tenths(totals[second], scale),
            None if second is None else in_tenths(top - totals[second], scale),
            outcome.eligibility,
            tuple(pair for each in verdicts for pair in each.conditions),
            tuple(pair for each in verdicts for pair in each.blocked),
            None if variant is None else ids[variant],
            None if variant is None else in_tenths(totals[variant], scale),
            reasons,
            self.effects.coverage(weight),
        )

    def record_of(self, answers: Answers) -> Record:
        """The record of some parsed answers, as of a row that holds them."""
        region = region_of(self.catalog, answers)
        goals = Answers({id: answer for id, answer in answers.values.items() if isinstance(answer, Goals)})
        others = Answers({id: answer for id, answer in answers.values.items() if id not in goals.values})
        found = [self.effects.of(each, region) if each.values else self.effects.nothing for each in (goals, others)]
        factor = found[0].unit or 1
        total = found[0].sums + factor * found[1].sums
        marks, weight = found[0].marks | found[1].marks, found[0].weight + found[1].weight
        return self.record(self._outcome(None, 1, self.effects.lanes(total), marks, weight, found, factor))

    def counted(self, outcomes: Sequence[Outcome]) -> Tally:
        """The counts of some outcomes."""
        ids = self.effects.ids
        tops = Counter(outcome.best for outcome in outcomes)
        return Tally(
            accepted=len(outcomes),
            infeasible=sum(outcome.eligibility == Verdict.BLOCKED for outcome in outcomes if not outcome.best),
            tops=Counter({tuple(ids[index] for index in best): count for best, count in tops.items()}),
        )

    def id_of(self, cells: Cells) -> Identity:
        """What the id column holds; None where it is empty or missing."""
        id = cells[self.sheet.id_column] if self.sheet.id_column is not None else None
        return None if id == "" else id

    def answers(self, cells: Cells) -> Answers:
        """The parsed answers of a row.

        Raises:
            AnswerError: A cell that its question does not accept.
        """
        found = {id: self._answer(self.catalog.questions[id], cells, at) for id, at in self.sheet.columns.items()}
        return Answers({id: answer for id in self.catalog.questions if (answer := found.get(id)) is not None})

    # --- effects -----------------------------------------------------------------------------------------------------

    def _effects(self, part: Part, rows: list[list[Cell]], faulty: set[int]) -> list[Effect]:
        """What the cells of one part do, for each row; rows with a cell that is no answer are added to the faulty."""
        keys = list(map(part.pick, rows))
        found = list(map(part.known.get, keys))
        if None in found:
            for offset, effect in enumerate(found):
                if effect is None:
                    try:
                        found[offset] = part.known.get(keys[offset]) or self._judged(part, keys[offset], rows[offset])
                    except AnswerError:
                        faulty.add(offset)
                        found[offset] = self.effects.nothing
        return cast(list[Effect], found)

    def _judged(self, part: Part, key: Any, cells: Cells) -> Effect:
        """What a group of cells does, parsed and judged now, and remembered.

        Raises:
            AnswerError: A cell that its question does not accept.
        """
        answers = {}
        region = self._region(cells) if part.regional else None
        for question, columns in zip(part.questions, part.columns, strict=True):
            answer = self._answer(question, cells, columns)
            if answer is not None:
                answers[question.id] = answer
        if len(part.known) >= MOST_REMEMBERED:
            part.known.clear()
        found = part.known[key] = self.effects.of(Answers(answers), region) if answers else self.effects.nothing
        return found

    def _region(self, cells: Cells) -> str | None:
        if self.region is None or self.region.id not in self.sheet.columns:
            return None
        answer = self._answer(self.region, cells, self.sheet.columns[self.region.id])
        return None if answer is None else str(answer)

    def _answer(self, question: Question, cells: Cells, columns: tuple[int, ...]) -> Answer | None:
        cell = cells[columns[0]] if len(columns) == 1 else together(cells, columns)
        known = self._cells[question.id]
        if cell not in known:
            if len(known) >= MOST_REMEMBERED:
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

    # --- records -----------------------------------------------------------------------------------------------------

    def _scored(self, rows: list[list[Cell]], first: int, faulty: set[int]) -> list[Outcome | Reject]:
        """The outcome of each row. Sums and marks are added by columns, for all rows of a chunk at once."""
        if not rows:
            return []
        nothing = [self.effects.nothing] * len(rows)
        goals = self._effects(self._goals, rows, faulty) if self._goals else nothing
        parts = [self._effects(part, rows, faulty) for part in self._others] or [nothing]
        sums, marks, _, weights, _ = zip(*[zip(*part, strict=True) for part in parts], strict=True)
        goal_sums, goal_marks, _, goal_weights, units = zip(*goals, strict=True)
        # Everything but goals weighs as many times as the goals have shares; one share where there are none.
        factors = [unit or 1 for unit in units]
        totals = map(add, goal_sums, map(mul, factors, map(sum, zip(*sums, strict=True))))
        every_mark: Iterable[int] = goal_marks
        for each in marks:
            every_mark = map(or_, every_mark, each)
        return list(
            map(
                self._outcome,
                map(self.id_of, rows),
                count(first),
                map(self.effects.lanes, totals),
                every_mark,
                map(sum, zip(goal_weights, *weights, strict=True)),
                zip(goals, *parts, strict=True),
                factors,
            )
        )

    def _outcome(
        self,
        id: Identity,
        row: int,
        totals: tuple[int, ...],
        marks: int,
        weight: int,
        effects: Sequence[Effect],
        factor: int,
    ) -> Outcome:
        """The outcome of one row: ``totals`` of all lanes, ``marks`` and ``weight`` of all answers together."""
        verdicts = self.effects.verdicts(marks)
        alive = [index for index, each in enumerate(verdicts) if not each[1]]
        best, second = leaders(totals, alive, marks & 1)
        variant = leader(totals, self.effects.open_variants(marks), marks & 2)
        reasons = best_reasons(effects, best[0], factor) if best else ()
        return Outcome(id, row, best, second, variant, totals, verdicts, reasons, weight)

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
                found.append((columns, fault))
        return found


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

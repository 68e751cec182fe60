"""From the cells of rows to their records, one row after the other.

Each distinct cell is parsed once, by the parser of every answer, and what the answers in a few cells do is memoised.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, cast

from formatpicker.batch.cells import TICKED, DifferingCells, MadeDateError, read_cell, together
from formatpicker.batch.effects import Effects, Memo, PackedEffect, grouped, shared
from formatpicker.batch.headers import ID
from formatpicker.batch.records import FaultCause, Identity, Record, Reject
from formatpicker.batch.rows import NOT_TEXT, Cell, Cells, Rows, is_text, kept_value, shown
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Noticed
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer, Answers, Goals

MOST_ID_CHARACTERS = 2_000


class Scored(NamedTuple):
    """What has become of some rows.

    Attributes:
        records: The records of those that were accepted, in order.
        rejects: The cells and rows that cannot be read, in order: several where several cells of a row are wrong.
        rejected: How many rows have no record.
        left_open: How many have one although an answer could not be read.
    """

    records: list[Record]
    rejects: list[Reject]
    rejected: int
    left_open: int


class _AskedTogether(NamedTuple):
    """Questions that are looked up together, and what gives their cells in a row: one, or a tuple."""

    ids: tuple[str, ...]
    key: Callable[[Cells], Any]


class Scorer:
    """Scores the rows of one table."""

    def __init__(self, catalog: Catalog, sheet: Sheet, leave_open: bool = False) -> None:
        """``leave_open`` leaves open what cannot be read, instead of rejecting its row."""
        self.catalog = catalog
        self.sheet = sheet
        self.leave_open = leave_open
        self.noticed = Noticed()
        self.effects = Effects(catalog)
        self._parsed = {id: Memo(partial(self._read, catalog.questions[id])) for id in sheet.columns}
        region = catalog.region_question
        self._region = region.id if region and region.id in sheet.columns else None
        self._marked = {id for id, columns in sheet.columns.items() if len(columns) > 1 or columns[0] in sheet.meanings}
        self._goals = next((id for id in sheet.columns if catalog.questions[id].goals), None)
        self._groups = [self._group(each) for each in grouped(self.effects, [*sheet.columns])]
        # For each region what each goal does there, and the memos of all groups.
        self._of_region = Memo(self._memos_in)
        # Regions that no format tells apart share them.
        self._shared: dict[tuple[tuple[str, ...], str | None], Memo[Any, PackedEffect | None]] = {}

    # --- records -----------------------------------------------------------------------------------------------------

    def scored(self, rows: Rows) -> Scored:
        """What becomes of each row."""
        records: list[Record] = []
        rejects: list[Reject] = []
        left_open = rejected = 0
        for offset, cells in enumerate(rows.cells):
            id = self.id_of(cells)
            whole = offset not in rows.malformed and is_text(id)
            effects = self._effects(cells) if whole else None
            if effects is None:
                rejects += self.rejects(rows, offset)
                if whole and self.leave_open:
                    effects = self._effects(self.readable(cells))
                    left_open += 1
                else:
                    rejected += 1
            if effects is not None:
                records.append(self.effects.record(*effects, id, rows.first + offset))
        return Scored(records, rejects, rejected, left_open)

    def left_open(self, cells: Cells) -> tuple[str, ...]:
        """The questions whose answers in a row cannot be read and are left open."""
        return tuple(self._faults(cells)) if self.leave_open else ()

    def readable(self, cells: Cells) -> Cells:
        """The cells of a row; with ``leave_open``, those that are no answer are empty."""
        open_cells = [*cells]
        for id in self.left_open(cells):
            for index in self.sheet.columns[id]:
                open_cells[index] = None
        return open_cells

    def _effects(self, cells: Cells) -> tuple[list[tuple[int, PackedEffect]], list[PackedEffect]] | None:
        """What the cells of a row do: each goal with its shares, then everything else, group by group.

        None where a cell is no answer.
        """
        asked = (self._region, self._goals)
        region, goals = [None if id is None else self.answer(id, cells) for id in asked]
        if isinstance(region, AnswerError) or isinstance(goals, AnswerError):
            return None
        alone, memos = self._of_region[cast("str | None", region)]
        others = [memo[group.key(cells)] for memo, group in zip(memos, self._groups, strict=True)]
        if None in others:
            return None
        return shared(cast("Goals | None", goals), alone), cast("list[PackedEffect]", others)

    def _memos_in(self, region: str | None) -> tuple[dict[str, PackedEffect], list[Memo[Any, PackedEffect | None]]]:
        return self.effects.goals[region], [self._memo(each, region) for each in self._groups]

    def _memo(self, group: _AskedTogether, region: str | None) -> Memo[Any, PackedEffect | None]:
        apart = self.effects.regions(group.ids)
        alike = None if not apart else region if region is None or region in apart else ""
        key = (group.ids, alike)
        if key not in self._shared:
            self._shared[key] = Memo(lambda cells: self._effect(group.ids, cells, region))
        return self._shared[key]

    def _effect(self, ids: Sequence[str], cells: Any, region: str | None) -> PackedEffect | None:
        """What the cells of some questions do; None where one is no answer."""
        given = cells if isinstance(cells, tuple) else (cells,)
        parsed = {id: self._parsed[id][cell] for id, cell in zip(ids, given, strict=True)}
        answers = {id: answer for id, answer in parsed.items() if not isinstance(answer, AnswerError)}
        return self.effects.of(answers, region) if len(answers) == len(parsed) else None

    def _group(self, questions: Sequence[Question]) -> _AskedTogether:
        ids = tuple([each.id for each in questions])
        if not self._marked.intersection(ids):
            return _AskedTogether(ids, itemgetter(*[self.sheet.columns[id][0] for id in ids]))
        return _AskedTogether(ids, lambda cells: tuple([self._cell(id, cells) for id in ids]))

    def id_of(self, cells: Cells) -> Identity:
        """What the id column holds; None where it is empty, missing or no finite number, or the row has no cells."""
        id = cells[self.sheet.id_column] if self.sheet.id_column is not None and cells else None
        return None if id == "" or (isinstance(id, float) and not math.isfinite(id)) else id

    def kept_of(self, cells: Cells) -> tuple[Cell, ...]:
        """What the kept columns hold."""
        return tuple([kept_value(cells[index]) for index in self.sheet.kept])

    def answers(self, cells: Cells) -> Answers:
        """The parsed answers of a row; those that cannot be read are left open."""
        given = ((id, self.answer(id, cells)) for id in self.catalog.questions if id in self.sheet.columns)
        return Answers({id: each for id, each in given if each is not None and not isinstance(each, AnswerError)})

    def answer(self, id: str, cells: Cells) -> Answer | AnswerError | None:
        """The answer of a row to one question, or why that does not accept it."""
        return self.parsed(id, self._cell(id, cells))

    def parsed(self, id: str, cell: Cell) -> Answer | AnswerError | None:
        """The answer in one cell, or why its question does not accept it; remembered, since both may be asked again."""
        return self._parsed[id][cell]

    def _cell(self, id: str, cells: Cells) -> Cell:
        return together(self.sheet, self.catalog, id, cells)

    def _read(self, question: Question, cell: Cell) -> Answer | AnswerError | None:
        """The answer in one cell, or why the question does not accept it; what had to be done to read it is noticed."""
        read = read_cell(self.catalog, question, cell, self.sheet.values.get(question.id, {}), self.sheet.ranked)
        if isinstance(read, AnswerError):
            return read
        self.noticed.tidied(read.done, question.id, cell)
        answer = read.answer
        if isinstance(answer, Goals) and len(answer.shares) > 1 and self.sheet.ranked is None:
            if question.id not in self._marked:
                if answer.ranked:
                    self.noticed.order(answer.ordered)
            elif not answer.ranked:
                self.noticed.tidied([TICKED], question.id, cell)
        return answer

    def taken(self) -> Noticed:
        """What was noticed since this was last asked."""
        noticed, self.noticed = self.noticed, Noticed(turned=self.noticed.turned)
        return noticed

    # --- rejects -----------------------------------------------------------------------------------------------------

    def rejects(self, rows: Rows, offset: int) -> list[Reject]:
        """What is wrong with a row: the row itself, its id, or each cell that is no answer, in the order of columns."""
        row, cells = rows.first + offset, rows.cells[offset]
        line = rows.lines[offset] if rows.lines is not None else None
        if offset in rows.malformed:
            return [Reject(row, line, None, None, None, rows.malformed[offset])]
        id, column = self.id_of(cells), self.sheet.id_column
        if column is not None and not is_text(id):
            header, problem = self.sheet.headers[column], f"{ID}: {NOT_TEXT}"
            return [Reject(row, line, None, header, _shown(id), problem, None, FaultCause.ENCODING)]
        rejects = []
        for key, error in self._faults(cells).items():
            cell, columns = self._cell(key, cells), self.sheet.columns[key]
            cause = _cause(cell, error)
            hint = f" ({NOT_TEXT})" if cause is FaultCause.ENCODING else ""
            problem = f"{error.key}: {error.problem}{hint}"
            header = self.sheet.headers[columns[0]]
            rejects.append(Reject(row, line, id, header, _shown(cell), problem, key, cause))
        return rejects

    def _faults(self, cells: Cells) -> dict[str, AnswerError]:
        """The questions whose cells in a row are no answers, in the order of its columns."""
        given = {id: self.answer(id, cells) for id in sorted(self.sheet.columns, key=self.sheet.columns.__getitem__)}
        return {id: answer for id, answer in given.items() if isinstance(answer, AnswerError)}


def _cause(cell: Cell, error: AnswerError) -> FaultCause | None:
    if not is_text(cell):
        return FaultCause.ENCODING
    if isinstance(cell, DifferingCells):
        return FaultCause.DIFFER
    return FaultCause.DATE if isinstance(error, MadeDateError) else None


def _shown(cell: Cell) -> str | None:
    """A cell as a reject shows it; what is no text is a question mark."""
    return None if cell is None else shown(str(cell)[:MOST_ID_CHARACTERS])

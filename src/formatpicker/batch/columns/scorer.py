"""Whole columns in, whole columns out: blocks of a table scored by arrays, row for row what ``Scorer`` says.

Needs pyarrow and numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from formatpicker.batch.cells import combined
from formatpicker.batch.columns.cells import (
    Block,
    identities,
    identities_of,
    kept_column,
    kept_column_of,
    numbered,
)
from formatpicker.batch.columns.codes import FAULT, Booleans, Coded, Codes, Integers
from formatpicker.batch.columns.lookups import AnswerGroup, GoalsGroup, Layout, Looked, shares_of, whole_type
from formatpicker.batch.columns.records import Keyed, Results, batch_of_rows, keyed_columns, outcome
from formatpicker.batch.effects import grouped
from formatpicker.batch.records import FIELDS, Reject
from formatpicker.batch.row_scorer import Scorer
from formatpicker.batch.rows import Cell, Rows
from formatpicker.batch.sheet import Sheet
from formatpicker.batch.tally import Tally, counted
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Goals
from formatpicker.scoring.weights import ranked_goals

# What gives a column by its index in the sheet: positions in its different cells.
Encoded = Callable[[int], tuple[Integers, list[Cell]]]


class Columns(NamedTuple):
    """Some rows by columns.

    Attributes:
        first: The number of the first row.
        ids: Who each row is of.
        kept: The kept columns.
        encoded: The cells.
        readable: Which rows were read as cells.
    """

    first: int
    ids: pa.Array
    kept: list[pa.Array]
    encoded: Encoded
    readable: Booleans


class ScoredColumns(NamedTuple):
    """What has become of some rows: the records of those accepted, where they stood, the others and the counts.

    Attributes:
        ids: Those of all rows.
        accepted_ids: Those of the rows accepted.
        columns: All else in their records.
        kept: Their kept columns.
        accepted: Which rows they are.
        rejects: What is wrong with the others.
        tally: The counts.
    """

    ids: pa.Array
    accepted_ids: pa.Array
    columns: list[pa.Array | Keyed]
    kept: list[pa.Array]
    accepted: Booleans
    rejects: list[Reject]
    tally: Tally


class ColumnScorer:
    """Scores blocks of one table."""

    def __init__(self, catalog: Catalog, sheet: Sheet) -> None:
        self.sheet = sheet
        self.scorer = Scorer(catalog, sheet)
        self._effects = effects = self.scorer.effects
        self._questions = [catalog.questions[id] for id in sheet.columns]
        self._codes = {
            question.id: Codes(partial(self._parsed, question), partial(self._rankings, question))
            for question in self._questions
        }
        self._whole = whole_type(effects)
        self._layout = Layout(effects, self._whole or np.int64)
        goals = [each for each in self._questions if each.goals]
        self._goals = GoalsGroup(effects, self._layout, goals, self._codes) if goals else None
        others = grouped(effects, [*sheet.columns])
        self._others = [AnswerGroup(effects, self._layout, each, self._codes) for each in others]

    @property
    def fits(self) -> bool:
        """Whether the sums of the catalog fit into arrays; else rows are added one after the other."""
        return self._whole is not None

    def scored(self, block: Block | Rows) -> Callable[[], ScoredColumns] | None:
        """What becomes of a block; texts come out as dictionaries.

        Answers are looked up at once, one block after the other; what is returned adds them up, in any thread. None
        where the ids, or a kept column, have no one type.
        """
        read = self._columns(block)
        if read is None:
            return None
        first, ids, kept, encoded, readable = read
        if not self.fits:
            by_rows = self._by_rows(block if isinstance(block, Rows) else block.rows(), ids, kept)
            return lambda: by_rows
        accepted, looked = self._looked_up(encoded, readable)
        rejects = self._rejects(block, np.flatnonzero(~accepted).tolist())
        noticed = self.scorer.taken()
        rows = np.arange(first, first + len(ids), dtype=np.int64)
        accepted_ids = ids
        if rejects:
            rows, accepted_ids = rows[accepted], ids.filter(pa.array(accepted))
            kept = [each.filter(pa.array(accepted)) for each in kept]
        tally = Tally(rejected=int((~accepted).sum()), noticed=noticed)

        def added() -> ScoredColumns:
            goals, *others = looked
            ranked = outcome(self._effects, self._layout, goals, [each for each in others if each], len(rows))
            tally.merge(self._tally(ranked))
            columns = [pa.array(rows), *keyed_columns(self._effects, self._layout, ranked)]
            return ScoredColumns(ids, accepted_ids, columns, kept, accepted, rejects, tally)

        return added

    def _by_rows(self, rows: Rows, ids: pa.Array, kept: list[pa.Array]) -> ScoredColumns:
        """The same, one row after the other."""
        records, rejects, rejected, _ = self.scorer.scored(rows)
        accepted = np.zeros(len(ids), np.bool_)
        accepted[[each.row - rows.first for each in records]] = True
        accepted_ids, *kept = [each.filter(pa.array(accepted)) for each in (ids, *kept)]
        columns = batch_of_rows(records, FIELDS).columns[1:]
        return ScoredColumns(ids, accepted_ids, columns, kept, accepted, rejects, counted(records, rejected))

    def _tally(self, results: Results) -> Tally:
        keys, counts = np.unique(results.top, return_counts=True)
        tops = {self._effects.formats_of(key): count for key, count in zip(keys.tolist(), counts.tolist(), strict=True)}
        return Tally(len(results.top), 0, int((results.none_alive & ~results.decided).sum()), Counter(tops))

    def _columns(self, block: Block | Rows) -> Columns | None:
        if isinstance(block, Rows):
            return columns_of_rows(block, self.sheet)
        batch = block.batch
        at = {index: at for at, index in enumerate(self.sheet.needed)}
        id_column = self.sheet.id_column
        given = pa.nulls(batch.num_rows, pa.string()) if id_column is None else batch.column(at[id_column])
        return Columns(
            block.first,
            identities(given),
            [kept_column(batch.column(at[index])) for index in self.sheet.kept],
            lambda index: block.encoded(at[index]),
            np.ones(batch.num_rows, np.bool_),
        )

    def _looked_up(self, encoded: Encoded, readable: Booleans) -> tuple[Booleans, list[Looked | None]]:
        """Which rows hold nothing but answers, and what the answers of these do, those about goals first."""
        groups: list[AnswerGroup | Codes] = [*self._others, *([self._goals] if self._goals else [])]
        everything = [*groups, *self._codes.values()]
        # Groups know answers by their codes.
        anew = any(each.full for each in self._codes.values())
        for each in everything if anew else [group for group in groups if group.full]:
            each.clear()
        codes = {question.id: self._coded(question, encoded) for question in self._questions}
        accepted = readable.copy()
        for column in codes.values():
            accepted &= column != FAULT
        if not accepted.all():
            codes = {id: column[accepted] for id, column in codes.items()}
        return accepted, [each.looked_up(codes) if each else None for each in (self._goals, *self._others)]

    def _parsed(self, question: Question, cell: Cell) -> Coded | AnswerError | None:
        answer = self.scorer.parsed(question.id, cell)
        if isinstance(answer, Goals):
            return shares_of([goal.id for goal in question.goals], answer.shares)
        return answer

    def _rankings(self, question: Question, cells: Sequence[Cell]) -> Iterable[tuple[Cell, bytes]]:
        """Those of many cells that hold nothing but ids of goals, and what ``_parsed`` makes of them.

        People name tens of thousands of rankings: parsed one by one, they take a tenth of a run.
        """
        plainly = question.goals and self.sheet.ranked is not False and not self.sheet.values.get(question.id)
        # Until goals were seen in either order, it is noticed in which they stand.
        if not plainly or not (self.sheet.ranked or self.scorer.noticed.turned):
            return ()
        goals, most = [goal.id for goal in question.goals], int(question.most)
        texts = pa.array([cell for cell in cells if isinstance(cell, str) and cell.isascii()], pa.string())
        parts = pc.split_pattern(texts, ";")
        named = pc.fill_null(pc.index_in(parts.values, pa.array(goals, pa.string())), len(goals)).to_numpy()
        counts = np.diff(parts.offsets.to_numpy())
        rows = np.repeat(np.arange(len(texts)), counts)
        # By how many goals there are and the rank of one its share.
        shares = np.zeros((most + 1, most), np.uint16)
        for count in range(1, most + 1):
            shares[count, :count] = [*ranked_goals(goals[:count]).shares.values()]
        ranks = np.arange(len(rows)) - np.repeat(parts.offsets.to_numpy()[:-1], counts)
        by_goal = np.zeros((len(texts), len(goals) + 1), np.uint16)
        by_goal[rows, named] = shares[np.minimum(counts, most)[rows], np.minimum(ranks, most - 1)]
        # As many shares as goals: none is named twice, and all are known.
        plain = (counts <= most) & ((by_goal[:, :-1] > 0).sum(axis=1) == counts)
        width, data = 2 * len(goals), by_goal[plain, :-1].tobytes()
        answers = [data[start : start + width] for start in range(0, len(data), width)]
        return zip(texts.filter(pa.array(plain)).to_pylist(), answers, strict=True)

    def _rejects(self, block: Block | Rows, offsets: list[int]) -> list[Reject]:
        if not offsets:
            return []
        if isinstance(block, Rows):
            return [each for at in offsets for each in self.scorer.rejects(block, at)]
        rows = block.rows(offsets)
        return [
            each._replace(row=block.first + at)
            for row, at in enumerate(offsets)
            for each in self.scorer.rejects(rows, row)
        ]

    def _coded(self, question: Question, encoded: Encoded) -> Integers:
        """The code of each row's answer to a question."""
        codes, indexes = self._codes[question.id], self.sheet.columns[question.id]
        columns = [encoded(index) for index in indexes]
        meanings = [self.sheet.meanings[index] for index in indexes if index in self.sheet.meanings]
        if not meanings:
            [(positions, cells)] = columns
            return codes.of(cells).take(positions)
        keys = np.zeros(len(columns[0][0]), np.intp)
        for positions, cells in columns:
            # Renumbered after each column, so that the product of their sizes stays within 64 bits.
            keys = np.unique(keys * len(cells) + positions, return_inverse=True)[1]
        _, first, keys = np.unique(keys, return_index=True, return_inverse=True)
        rows = zip(*[[cells[at] for at in positions[first].tolist()] for positions, cells in columns], strict=True)
        given = [[*zip(meanings, row, strict=True)] for row in rows]
        joined = [combined(question, each, bool(self.sheet.ranked)) for each in given]
        return codes.of(joined).take(keys)


def columns_of_rows(rows: Rows, sheet: Sheet) -> Columns | None:
    """Rows by columns; None where their ids, or a kept column, have no one type."""
    readable = np.ones(len(rows.cells), np.bool_)
    readable[[*rows.malformed]] = False
    blank: list[Cell] = [None] * len(sheet.headers)
    cells = [row or blank for row in rows.cells] if rows.malformed else rows.cells
    columns = list(zip(*cells, strict=True))
    given = [None] * len(cells) if sheet.id_column is None else columns[sheet.id_column]
    ids, *kept = identities_of(given), *(kept_column_of(columns[index]) for index in sheet.kept)
    if ids is None or any(each is None for each in kept):
        return None
    return Columns(rows.first, ids, kept, lambda index: numbered(columns[index]), readable)

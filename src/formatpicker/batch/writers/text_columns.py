"""Lines of text out of whole columns: each different text is made once, and one look-up writes all lines.

That takes a third of the time of joining columns of text. Needs pyarrow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial, reduce
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from formatpicker.batch.columns.cells import cells_of
from formatpicker.batch.columns.codes import Integers
from formatpicker.batch.columns.records import Keyed, in_turn
from formatpicker.scoring.tables import MOST_MEMOISED

# For each row where its text stands among some texts.
TextPart = tuple[Integers, pa.Array]


class Style(NamedTuple):
    """How lines are written.

    Attributes:
        value: A value as text.
        head: What stands before the value of a column, by its name and whether it is the first.
        tail: What ends a line.
        items: The items of a list as text, with ``between`` between them.
        around: What stands before and behind them, by whether there are several.
        bare: A pattern of the texts that stand as they are between two ``quote``.
    """

    value: Callable[[object], str]
    head: Callable[[str, bool], str]
    tail: str
    items: Callable[[Sequence[str]], str]
    between: str
    around: Callable[[bool], tuple[str, str]]
    bare: str
    quote: str


class TextColumns:
    """Writes the columns of one run."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._known: defaultdict[tuple[str, str, int], _Known] = defaultdict(_Known)

    def lines(self, columns: Sequence[pa.Array | Keyed], names: Sequence[str]) -> memoryview:
        """The lines of some rows, as bytes."""
        rows, end, parts = len(columns[0]), "", list[TextPart]()
        if not rows:
            return memoryview(b"")
        for name, column in zip(names, columns, strict=True):
            head, end = end + self._style.head(name, name == names[0]), ""
            if isinstance(column, Keyed):
                parts += self._keyed(name, column, head)
            elif types.is_integer(column.type) and not column.null_count:
                parts += [_same(head, rows), _all_of(column.cast(pa.string()))]
            elif types.is_string(column.type) and not column.null_count and self._is_bare(column):
                end = self._style.quote
                parts += [_same(head + end, rows), _all_of(column)]
            else:
                parts.append(self._values(column, head))
        parts.append(_same(end + self._style.tail, rows))
        texts = pa.concat_arrays([texts for _, texts in parts])
        lines = texts.take(pa.array(in_turn([at for at, _ in parts], [len(texts) for _, texts in parts])))
        ends, data = lines.buffers()[1:]
        return memoryview(data)[: np.frombuffer(ends, np.int32)[len(lines)]]

    def _is_bare(self, column: pa.Array) -> bool:
        # What most ids are takes a tenth of the time to see.
        if pc.all(pc.ascii_is_alnum(column)).as_py():
            return True
        return bool(pc.all(pc.match_substring_regex(column, self._style.bare)).as_py())

    def _values(self, column: pa.Array, head: str) -> TextPart:
        if not types.is_dictionary(column.type):
            column = column.dictionary_encode()
        values = [*cells_of(column.dictionary), None]
        positions = pc.fill_null(column.indices, len(values) - 1)
        return positions.to_numpy(), pa.array([head + self._style.value(each) for each in values], pa.string())

    def _keyed(self, name: str, column: Keyed, head: str) -> list[TextPart]:
        keys, last = column.keys, len(column.keys) - 1
        if not last:
            texts = [partial(self._whole, column.values[0], head)]
        else:
            # Whether items stand in the parts before, and whether there are several in all, are two bits more.
            several = (reduce(np.add, [np.bitwise_count(each) for each in keys]) > 1).astype(np.int64) << 1
            begun = accumulate(
                [each > 0 for each in keys[:-1]], np.logical_or, initial=np.zeros(len(several), np.bool_)
            )
            keys = [each << 2 | several | own for each, own in zip(keys, begun, strict=True)]
            texts = [
                partial(self._part, value, None if at else head, at == last) for at, value in enumerate(column.values)
            ]
        return [
            self._known[name, head, at].texts(each, text)
            for at, (each, text) in enumerate(zip(keys, texts, strict=True))
        ]

    def _whole(self, value: Callable[[int], Any], head: str, key: int) -> str:
        return head + self._style.value(value(key))

    def _part(self, value: Callable[[int], Any], head: str | None, last: bool, key: int) -> str:
        """The text of some items of a list, with what stands before the list if they are the first ones."""
        items, (before, behind) = value(key >> 2), self._style.around(key & 2 > 0)
        between = self._style.between if key & 1 and items else ""
        return ("" if head is None else head + before) + between + self._style.items(items) + (behind if last else "")


class _Known:
    """The texts that some keys stand for, in the order in which they came up; bounded.

    Keys met before are looked up without the interpreter, which other threads then have: a million rows take a tenth
    of the time less.
    """

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._keys = pa.array([], pa.int64())
        self._texts = pa.array([], pa.string())

    def texts(self, keys: Integers, text: Callable[[int], str]) -> TextPart:
        """Where the text of each key stands; ``text`` makes it."""
        given = pa.array(keys, pa.int64())
        at = pc.index_in(given, self._keys)
        if at.null_count:
            new = given.filter(at.is_null()).unique()
            if len(self._keys) + len(new) > MOST_MEMOISED:
                self._clear()
                new = given.unique()
            self._keys = pa.concat_arrays([self._keys, new])
            self._texts = pa.concat_arrays([self._texts, pa.array([*map(text, new.to_pylist())], pa.string())])
            at = pc.index_in(given, self._keys)
        return at.to_numpy(), self._texts


def _same(text: str, rows: int) -> TextPart:
    return np.zeros(rows, np.int32), pa.array([text], pa.string())


def _all_of(texts: pa.Array) -> TextPart:
    return np.arange(len(texts), dtype=np.int32), texts

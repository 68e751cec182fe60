"""JSON: one object a line, or an array of objects, or objects over several lines. Keys as in a file of answers.

Rows stream, and memory is bounded: one value of an array, or one that holds the whole table, has at most
50,000,000 characters and 2,000,000 values in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from formatpicker.base.text import shortened
from formatpicker.batch.cells import combined
from formatpicker.batch.headers import Headers, Meaning
from formatpicker.batch.readers.lines import LOADS, MOST_LINE, Lines, Overlong, Pairs, Window
from formatpicker.batch.readers.source import CHUNK, Source, Table, detected_encoding
from formatpicker.batch.rows import Cell, Reading
from formatpicker.batch.sheet import Sheet, known
from formatpicker.errors import InputError

_SPACE = " \t\r\n\ufeff"
# To see which keys there are, rows are looked at in so many bytes of the input.
_FIRST = 2_000_000
# A table is looked for so many objects deep: {"data": {"rows": [...]}}.
MOST_DEPTH = 3
# Keys are remembered up to this many; hostile input has a new one in every line.
MOST_KEYS = 1_000
# The value that begins on a line, or what is wrong with it.
NumberedObject = tuple[int, Pairs | str]


def _while_few(source: Source, rows: Iterator[NumberedObject]) -> Iterator[NumberedObject]:
    """The first rows, until some megabytes were read."""
    before = source.watched.taken
    for row in rows:
        yield row
        if source.watched.taken - before > _FIRST:
            return


def values(source: Source, headers: Headers, encoding: str | None) -> Iterator[NumberedObject]:
    """The object of each row with the line it begins on; text says why there is none."""
    stream = source.text(encoding)
    first = source.sample.decode(stream.encoding, "replace").lstrip(_SPACE).split("\n", 1)[0]
    if first[:1] != "[" and (_is_row(headers, first) or not first.rstrip().endswith(("{", "[", ",", ":", "}"))):
        return _lines(Lines(stream, source.name))
    window = Window(stream, source.name)
    if first[:1] != "[" and not _begins_with_object(window):
        lines = Lines(stream, source.name)
        lines.put_block_back(window.text, cut=True)
        return _lines(lines)
    return _whole(headers, window)


def _begins_with_object(window: Window) -> bool:
    """Whether an object stands at the beginning, over however many lines."""
    window.pass_over(_SPACE)
    begun = window.at, window.line
    try:
        return isinstance(window.value(), Pairs)
    except (ValueError, RecursionError):
        return False
    finally:
        window.at, window.line = begun


def _is_row(headers: Headers, line: str) -> bool:
    """Whether a line is an object, and not one that holds the table."""
    try:
        value = LOADS.decode(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, Pairs) and next(_tables(headers, value), None) is None


def _lines(lines: Lines) -> Iterator[NumberedObject]:
    while True:
        number = lines.number + 1
        lines.begin()
        try:
            line = next(lines)
        except StopIteration:
            return
        except Overlong:
            yield number, f"a line of more than {MOST_LINE:,} characters, which no row needs"
            continue
        if line.strip(_SPACE):
            yield number, _parsed(line.strip(_SPACE))


def _whole(headers: Headers, window: Window) -> Iterator[NumberedObject]:
    """The objects of an array, of an object that holds one array of them, or one behind the other."""
    inside = False
    while True:
        first, line = window.pass_over(_SPACE + "," * inside), window.line
        if not first:
            if inside:
                yield line, "ends before the array does; the file may be cut off"
            return
        if inside and first == "]":
            return
        if first == "[" and not inside:
            window.at, inside = window.at + 1, True
            continue
        try:
            value = window.value()
        except RecursionError:
            yield line, _DEEP
            return
        except ValueError as error:
            yield line, f"{_fault(error)}; what stands behind it was not read"
            return
        yield from ((line, row) for row in _rows(headers, value))


def _rows(headers: Headers, value: Any) -> Iterator[Pairs | str]:
    """A value as rows: the objects of the only array of objects in it, or itself."""
    tables = list(islice(_tables(headers, value), 2))
    if len(tables) == 1:
        yield from tables[0]
    else:
        yield value if isinstance(value, Pairs) else _NO_OBJECT


def _tables(headers: Headers, value: Any, depth: int = MOST_DEPTH) -> Iterator[list[Pairs]]:
    """The arrays of objects in an object that is no row itself, or in the objects in it."""
    if not isinstance(value, Pairs) or not depth or any(headers.meaning(key) for key, _ in value[:MOST_KEYS]):
        return
    for _, each in value:
        array = each if isinstance(each, list) and not isinstance(each, Pairs) else []
        if array and all(isinstance(item, Pairs) for item in array):
            yield array
        else:
            yield from _tables(headers, each, depth - 1)


_DEEP = "is nested too deeply for a row of answers"
_NO_OBJECT = 'is no JSON object; every row must be one, such as {"id": "a", "weeks": 4}'


def _parsed(text: str) -> Pairs | str:
    """The pairs of an object, or what is wrong with it."""
    try:
        value = LOADS.decode(text)
    except RecursionError:
        return _DEEP
    except ValueError as error:
        return _fault(error)
    return value if isinstance(value, Pairs) else _NO_OBJECT


def _fault(error: ValueError) -> str:
    long = "int_max_str_digits" in str(error)
    told = error.msg if isinstance(error, json.JSONDecodeError) else str(error)[:200]
    return "holds a number of thousands of digits" if long else f"is not JSON: {told}"


def _check_kind(source: Source, headers: Headers, begun: Sequence[NumberedObject]) -> None:
    """Refuse a table whose first line names columns, as CSV does.

    Raises:
        InputError: It does.
    """
    if not begun or isinstance(begun[0][1], Pairs):
        return
    first = source.sample.decode(detected_encoding(source.sample), "replace").lstrip(_SPACE).split("\n", 1)[0]
    if any(known(headers, [cell.strip(_SPACE + '"') for cell in first.split(each)]) for each in ",;\t|"):
        told = "names columns, as CSV does, and is no JSON"
        raise InputError(source.name, f"{told}; let the name end in .csv, or add --from csv", begun[0][0])


class JsonLinesTable(Table):
    """A table whose rows name their own columns."""

    keyed = True

    def __init__(self, source: Source, headers: Headers, encoding: str | None) -> None:
        """The table in a source.

        Raises:
            InputError: No key of the first rows holds an answer, or what is no object a line is too long.
        """
        rows = values(source, headers, encoding)
        begun = list(islice(_while_few(source, rows), CHUNK))
        _check_kind(source, headers, begun)
        both = chain(begun, rows)
        cells = ((line, pairs if isinstance(pairs, str) else self._cells(pairs)) for line, pairs in both)
        super().__init__(Sheet.of_keys(headers), Reading(source.part), cells)
        self._headers = headers
        self._meanings: dict[str, Meaning | None] = {}
        self._index = {name: index for index, name in enumerate(self.sheet.headers)}
        keys = list(dict.fromkeys(key for _, pairs in begun if isinstance(pairs, Pairs) for key, _ in pairs))
        meanings = [meaning for meaning in map(headers.meaning, keys) if meaning is not None]
        if keys and not headers.lenient and not any(meaning.key in self.sheet.columns for meaning in meanings):
            raise InputError(source.name, f"no key holds an answer: {headers.suggestion(keys)}", begun[0][0])

    def ignored(self) -> tuple[str, ...]:
        """The keys met so far that are no questions."""
        return tuple(key for key, meaning in self._meanings.items() if meaning is None)

    def found(self) -> set[str]:
        """The questions met so far."""
        return {meaning.key for meaning in self._meanings.values() if meaning is not None}

    def _cells(self, pairs: Pairs) -> list[Cell] | str:
        """The cells of a row, or what is wrong with it."""
        cells: list[Cell] = [None] * len(self.sheet.headers)
        several: dict[str, list[tuple[Meaning, Cell]]] = {}
        taken: set[Meaning] = set()
        for key, value in pairs:
            meaning = self._meanings[key] if key in self._meanings else self._remembered(key)
            if meaning is None:
                continue
            try:
                cell = value if isinstance(value, str | None) else _plain(value)
            except RecursionError:
                return _DEEP
            if meaning in taken:
                return f"has a second value for {shortened(str(meaning))}; keep one"
            taken.add(meaning)
            if meaning.mark or meaning.rank:
                several.setdefault(meaning.key, []).append((meaning, cell))
            else:
                cells[self._index[meaning.key]] = cell
        for key, given in several.items():
            if cells[self._index[key]] in (None, ""):
                given.sort(key=lambda each: each[0].rank)
                question = self._headers.catalog.questions[key]
                cells[self._index[key]] = combined(question, given, bool(self.sheet.ranked))
        return cells

    def _remembered(self, key: str) -> Meaning | None:
        meaning = self._headers.meaning(key) or (Meaning(key) if key in self._index else None)
        if len(self._meanings) < MOST_KEYS:
            self._meanings[key] = meaning
        return meaning


def _plain(value: Any) -> Cell:
    """A value as a cell: numbers as they are, true and false as words, lists and objects as their JSON text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return json.dumps(_unpaired(value), ensure_ascii=False)


def _unpaired(value: Any) -> Any:
    """Pairs as objects again; of equal keys none may be lost, so they stay pairs and are no answer."""
    if isinstance(value, Pairs):
        pairs = {key: _unpaired(item) for key, item in value}
        return pairs if len(pairs) == len(value) else [[key, _unpaired(item)] for key, item in value]
    return [_unpaired(item) for item in value] if isinstance(value, list) else value


read = JsonLinesTable

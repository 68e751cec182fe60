"""What the parts of a workbook say of themselves, by expat: time and memory grow with the part, and no faster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Any
from xml.parsers import expat

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_ERRORS = 100_000
# So many texts that cells share, and so many bytes in them.
MOST_TEXTS = 10_000_000
MOST_TEXT = 150_000_000
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
# The element around cells, in any encoding that has the letters of ASCII, or in UTF-16.
_SHEET = re.compile(rb"\0?".join(bytes([each]) for each in b"sheetData"))
_MOST_NAME = 2 * len("sheetData")
# The text of each cell that holds an error, by its row and column, counted from 0.
Errors = dict[tuple[int, int], str]


def look(pieces: Iterator[bytes], takes: Relations | Texts | FilledCells | None, texts: Texts) -> FilledCells | None:
    """Look through a part of a workbook; of a sheet its cells come back, of any other part None.

    ``takes`` takes what stands in it, whatever the part says that it is; without it, the first element tells. ``texts``
    takes the texts that cells share.

    Raises:
        Other: A part of another kind, or one that is no XML.
        ExpatError: A list, a sheet or a part with texts that is no XML.
        ValueError: One that is none that a spreadsheet wrote.
        TooMuch: More texts than are read.
    """
    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    takers: list[Relations | Texts | FilledCells] = [takes] if takes else []

    def begin(name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        if not takers and kind not in ("worksheet", "sst"):
            raise Other
        if not takers:
            takers.append(texts if kind == "sst" else FilledCells())
        takers[0].attach(parser)
        parser.StartElementHandler(name, attributes)

    parser.StartElementHandler = begin
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        if takers:
            raise
        raise Other from None
    return next((each for each in takers if isinstance(each, FilledCells)), None)


def hides_sheet(pieces: Iterator[bytes]) -> bool:
    """Whether cells may stand in a part: readers look for the element around them, and for no other."""
    end, seen = b"", False
    for piece in pieces:  # to the end, to see how long the part is
        seen = seen or _SHEET.search(end + piece) is not None
        end = piece[-_MOST_NAME:]
    return seen


def _local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _refuse_sheet(kind: str) -> None:
    """See that a part that is read as something else is no sheet as well."""
    if kind == "sheetData":
        raise ValueError("cells where no workbook has them")


class TooMuch(Exception):
    """More than a table of answers can hold: the number of what there is."""


class Other(Exception):
    """A part that is neither a sheet nor a list nor holds texts: a drawing, a picture."""


def _refuse(*_: object) -> None:
    raise ValueError("a document type, which no workbook has")


@cache
def _columns() -> dict[str, int]:
    """The number of each column by its letters, counted from 1."""
    letters = ("".join(each) for length in (1, 2, 3) for each in product(ascii_uppercase, repeat=length))
    return {each: number for number, each in zip(range(1, MOST_COLUMNS + 1), letters, strict=False)}


class Relations:
    """The sheets by the id of their part, and the parts by their id."""

    def __init__(self) -> None:
        self._sheets: list[str] = []
        self._targets: dict[str, str] = {}

    def attach(self, parser: Any) -> None:
        """Take what a parser finds from now on."""
        parser.StartElementHandler = self._begin

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        _refuse_sheet(kind)
        if kind == "sheet":
            self._sheets += [value for key, value in attributes.items() if key.endswith(":id")]
        elif kind == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def parts(self) -> Iterator[str]:
        """The name of the part that each sheet is, in the order of the sheets."""
        for id in self._sheets:
            target = self._targets.get(id, "")
            yield target[1:] if target.startswith("/") else f"xl/{target}"


class Texts:
    """The lengths of the texts that cells share, in bytes."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self._characters = 0

    def attach(self, parser: Any) -> None:
        """Take what a parser finds from now on."""

        def begin(name: str, attributes: dict[str, str]) -> None:
            kind = _local(name)
            _refuse_sheet(kind)
            if kind == "si":
                if len(self.lengths) == MOST_TEXTS:
                    raise TooMuch(f"{MOST_TEXTS:,} different texts")
                self.lengths.append(0)

        def text(data: str) -> None:
            self._characters += _size(data)
            if self._characters > MOST_TEXT:
                raise TooMuch(f"{MOST_TEXT:,} bytes of text")
            if self.lengths:
                self.lengths[-1] += _size(data)

        parser.StartElementHandler, parser.CharacterDataHandler = begin, text


class FilledCells:
    """Where the cells of a sheet stand that hold something, and the errors in them.

    ``bottom`` and ``right`` are the last row and column. ``filled`` counts the cells, ``shared`` those whose text
    is one that cells share. With the lengths of those texts, ``characters`` adds up all text, wherever it stands.
    ``hidden`` has the numbers of rows that are not shown; ``uncomputed`` counts cells with a formula and no value.
    """

    def __init__(self, texts: Texts | None = None) -> None:
        self.errors: Errors = {}
        self.hidden: set[int] = set()
        self.uncomputed = 0
        self._formula = False
        self.filled = self.shared = self.characters = 0
        self._texts = texts
        self._names = _columns()
        self._row = self._column = self._last = 0
        self._row_text = self._kind = ""
        self._top, self.bottom, self._left, self.right = MOST_ROWS, 0, MOST_COLUMNS, 0

    @property
    def area(self) -> int:
        """How many cells lie between the first and the last row and column with any that hold something."""
        return max(self.bottom - self._top + 1, 0) * max(self.right - self._left + 1, 0)

    def attach(self, parser: Any) -> None:
        """Take what a parser finds from now on."""
        self._parser = parser
        parser.StartElementHandler = self._begin
        parser.CharacterDataHandler = self._count if self._texts else None

    def _count(self, text: str) -> None:
        self.characters += _size(text)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = _local(name)
        if kind == "c":
            self._kind, self._formula = attributes.get("t", ""), False
            reference, self._last = attributes.get("r", ""), self._column
            self._column = self._names.get(reference.removesuffix(self._row_text), 0)
            if not self._column:
                self._jump(reference)
        elif kind in ("v", "is"):
            self._hold(kind)
        elif kind == "f" and self._kind != "str":  # the value of one that gives text may be empty
            self.uncomputed += 1
            self._formula = True
        elif kind == "row":
            given = attributes.get("r", "")
            self._begin_row(given if given.isascii() and given.isdecimal() else str(self._row + 1))
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.add(self._row)

    def _begin_row(self, number: str) -> None:
        if len(number) > 7 or int(number) > MOST_ROWS:
            raise ValueError("a cell where no sheet has one")
        self._row, self._row_text, self._column = int(number), number, 0

    def _jump(self, reference: str) -> None:
        """A cell begins that stands behind the one before, or in another row than the element around it says."""
        match = _REFERENCE.fullmatch(reference)
        if match:
            self._begin_row(match[2])
        self._column = self._names.get(match[1].upper(), 0) if match else 0 if reference else self._last + 1
        if not 0 < self._column <= MOST_COLUMNS:
            raise ValueError("a cell where no sheet has one")

    def _hold(self, kind: str) -> None:
        """The cell that has begun holds something."""
        row, column = self._row, self._column
        self.filled += 1
        if row > self.bottom or row < self._top:
            self._top, self.bottom = min(self._top, row), max(self.bottom, row)
        if column > self.right or column < self._left:
            self._left, self.right = min(self._left, column), max(self.right, column)
        if kind == "v" and self._kind == "s":
            self.shared += 1
            if self._texts:
                self._take_text(self._add)
        elif kind == "v" and self._kind == "e":
            if len(self.errors) >= MOST_ERRORS:
                raise ValueError(f"more than {MOST_ERRORS:,} cells that hold an error")
            self.uncomputed -= self._formula
            self._take_text(lambda text: self.errors.__setitem__((row - 1, column - 1), text))
        elif kind == "v" and self._formula:
            self._take_text(self._take_value)

    def _add(self, text: str) -> None:
        lengths = self._texts.lengths if self._texts else []
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else len(lengths)
        self.characters += lengths[number] if number < len(lengths) else 0

    def _take_value(self, text: str) -> None:
        """The value of a formula."""
        self.uncomputed -= bool(text.strip())

    def _take_text(self, take: Callable[[str], None]) -> None:
        """Hand on the text of the element that has just begun, when it ends."""
        parts: list[str] = []

        def end(name: str) -> None:
            self._parser.CharacterDataHandler = self._count if self._texts else None
            self._parser.EndElementHandler = None
            take("".join(parts))

        self._parser.CharacterDataHandler, self._parser.EndElementHandler = parts.append, end

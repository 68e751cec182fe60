"""Text, read within bounds: the lines of an input, those of a row again where need be; and JSON value by value."""

from __future__ import annotations

import json
import re
from typing import Any, TextIO

from formatpicker.errors import InputError

# So many characters a line may have.
MOST_LINE = 1_000_000
# No row needs more lines, nor as many characters in all of them; one that takes more has a quotation mark too many.
MOST_LINES = 2_000
# Whole columns are read from so many characters at once.
BLOCK = 5_000_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def unread(name: str, error: Exception, line: int) -> InputError:
    """What to say of an input that cannot be read to its end."""
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or str(error)
    return InputError(name, f"cannot be read further ({reason})", line)


class Overlong(Exception):
    """A line longer than any row needs; it has been passed over."""


class Endless(Exception):
    """More lines, or more characters in them, for one row than any row needs."""


class Lines:
    """The lines of a text, counted, those of the present row kept so that they can be read again."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self.name = name
        self.number = 0
        self.taken: list[str] = []
        self._characters = 0
        self._back: list[str] = []
        self._stream = stream
        self._block = BLOCK // 16

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        again = bool(self._back)
        line = self._back.pop() if again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._characters += len(line)
        if len(line) > MOST_LINE or (len(line) == MOST_LINE and line[-1] not in "\r\n"):
            if not again:
                self._skip(line)
            raise Overlong
        if len(self.taken) > MOST_LINES or self._characters > MOST_LINE:
            raise Endless
        return line

    def begin(self) -> None:
        """A row begins with the next line."""
        self.taken.clear()
        self._characters = 0

    def _read(self, characters: int = 0) -> str:
        """So many characters and what is left of their last line."""
        try:
            return self._stream.read(characters) + self._stream.readline(MOST_LINE)
        except (OSError, UnicodeError) as error:
            raise unread(self.name, error, self.number + 1) from None

    def _skip(self, line: str) -> None:
        """Pass over what is left of a line."""
        while line and line[-1] not in "\r\n":
            line = self._read()

    @property
    def waiting(self) -> bool:
        """Whether lines were put back that have not been read again."""
        return bool(self._back)

    def block(self) -> str:
        """Many lines at once, not counted; empty at the end. The last one may be too long to be whole.

        The first block is small, so that those who wait for it can begin.
        """
        self._block = min(4 * self._block, BLOCK)
        block = self._read(self._block)
        self._skip(block[-1:])
        return block

    def put_block_back(self, block: str, cut: bool = False) -> None:
        """Read the lines of a block one by one, and what is left of the last one where it is cut."""
        block += self._read() if cut else ""
        self._back += _LINE.findall(block)[::-1]

    def put_back(self) -> None:
        """Read all lines of the present row but its first one again."""
        again = self.taken[1:]
        self._back += reversed(again)
        self.number -= len(again)


# --- the values of a JSON text one after the other, with no more of it in memory than one of them needs --------------

# Of a value that goes over lines, so many characters are read, and so many values in it: an empty one takes 90 bytes.
MOST_WHOLE = 50_000_000
MOST_VALUES = 2_000_000
_ONE_VALUE = "in one value; write one object a line instead"
# A token that the end of a text cuts begins in so many characters before it, unless it is a string.
_LONGEST_TOKEN = 32


class Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object in their order, equal keys too."""


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no number")


LOADS = json.JSONDecoder(object_pairs_hook=Pairs, parse_constant=_refused)


class Window:
    """The part of a text that is looked at: it grows where a value does not end in it, and moves on behind it."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self.text = ""
        self.at = 0
        self.line = 1
        self._stream = stream
        self._name = name
        self._ended = False

    def grow(self) -> bool:
        """Read further, half as much again at least; whether there was anything.

        Raises:
            InputError: The value is too long to stand in memory, or the input cannot be read.
        """
        self.text = self.text[self.at :]
        self.at = 0
        self._check()
        try:
            more = "" if self._ended else self._stream.read(max(BLOCK, len(self.text) // 2))
        except (OSError, UnicodeError) as error:
            raise unread(self._name, error, self.line) from None
        self._ended = not more
        self.text += more
        return bool(more)

    def _check(self) -> None:
        if len(self.text) > MOST_WHOLE:
            raise InputError(self._name, f"has more than {MOST_WHOLE:,} characters {_ONE_VALUE}", self.line)
        if sum(map(self.text.count, ",[{")) > MOST_VALUES:
            raise InputError(self._name, f"has more than {MOST_VALUES:,} values {_ONE_VALUE}", self.line)

    def pass_over(self, characters: str) -> str:
        """The next character that is none of these; empty at the end."""
        while True:
            begun = self.at
            while self.at < len(self.text) and self.text[self.at] in characters:
                self.at += 1
            self.line += self.text.count("\n", begun, self.at)
            if self.at < len(self.text) or not self.grow():
                return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """The value that begins here.

        Raises:
            ValueError: It is no JSON, or ends too early.
            RecursionError: It is nested too deeply.
        """
        while True:
            try:
                begun = self.at
                value, end = LOADS.raw_decode(self.text, begun)
                if end < len(self.text) or not self.grow():
                    break
            except json.JSONDecodeError as error:
                cut = error.pos > len(self.text) - _LONGEST_TOKEN or error.msg.startswith("Unterminated")
                if not cut or not self.grow():
                    raise
        end -= begun - self.at
        self.line += self.text.count("\n", self.at, end)
        self.at = end
        return value

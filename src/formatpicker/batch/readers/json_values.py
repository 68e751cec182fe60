"""The values of a JSON text one after the other, with no more of it in memory than one of them needs."""

from __future__ import annotations

import json
from typing import Any, TextIO

from formatpicker.batch.readers.lines import BLOCK, unread
from formatpicker.errors import InputError

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

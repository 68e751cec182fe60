"""What was worked out once and may be asked for again, up to a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

# How many of each kind are remembered: a bound on memory, not on what can be scored.
MOST_REMEMBERED = 60_000


class Remembered(dict[Key, Value]):
    """The value of a function for each key, worked out when it is first looked up.

    A dictionary, so that ``map`` over its ``__getitem__`` looks up a whole column without a step of the interpreter.
    """

    def __init__(self, function: Callable[[Key], Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: Key) -> Value:
        value = self._function(key)
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        self[key] = value
        return value

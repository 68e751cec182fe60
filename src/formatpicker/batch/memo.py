"""What was worked out before, looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

# How many values a memo holds: a bound on memory, not on what can be scored.
MOST_MEMOISED = 60_000
# What longer keys stand for is worked out anew each time.
_LONGEST_MEMOISED = 500
Key = TypeVar("Key")
Value = TypeVar("Value")


class Memo(dict[Key, Value]):
    """The value of a function for each key, worked out when it is first looked up; bounded."""

    def __init__(self, function: Callable[[Key], Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: Key) -> Value:
        value = self._function(key)
        if len(self) >= MOST_MEMOISED:
            self.clear()
        if len(str(key)) <= _LONGEST_MEMOISED:
            self[key] = value
        return value

"""Plain JSON without PyYAML, which takes 10 of 110 ms to load. What is not as plain goes through ``yaml_reader``."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from formatpicker.base.yaml_reader import Document, Place

# As many digits as both readers take alike.
MOST_DIGITS = 15
MOST_DEPTH = 20


class JsonDocument(Struct, frozen=True, dict=True):
    """The data of a JSON text; for the line of a place, the text is read once more by the reader that knows lines."""

    name: str
    data: Any
    text: bytes

    @cached_property
    def _with_lines(self) -> Document:
        from formatpicker.base.yaml_reader import parse_document

        return parse_document(self.text, self.name)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it that is in the file."""
        return self._with_lines.line(place)


def plain_json(text: bytes, name: str) -> JsonDocument | None:
    """The object in a text that both readers take alike; None for any other, right or wrong.

    It is ASCII, has no key twice, no long numbers and no deep nesting.
    """
    if not text.lstrip().startswith(b"{") or not text.isascii() or b"\x7f" in text or b"\\u" in text:
        return None
    try:
        data = json.loads(
            text, object_pairs_hook=_unique, parse_int=_short_int, parse_float=_short_float, parse_constant=_refused
        )
    except (ValueError, RecursionError):
        return None
    return JsonDocument(name, data, text) if _depth(data) <= MOST_DEPTH else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _short_int(text: str) -> int:
    return int(text) if len(text) <= MOST_DIGITS else _refused(text)


def _short_float(text: str) -> float:
    return float(text) if len(text) <= MOST_DIGITS and "e" not in text.lower() else _refused(text)


def _refused(text: str) -> Any:
    raise ValueError(text)


def _depth(data: Any) -> int:
    """How deep lists and objects are nested; ``json`` itself refuses what would not fit the stack."""
    if isinstance(data, dict):
        return 1 + max(map(_depth, data.values()), default=0)
    return 1 + max(map(_depth, data), default=0) if isinstance(data, list) else 0

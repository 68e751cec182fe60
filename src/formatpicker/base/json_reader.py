"""Plain JSON without PyYAML, which takes 10 of 110 ms to load. What is not as plain goes through ``yaml_reader``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from formatpicker.base.yaml_reader import Document, Place

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

    It is ASCII and not nested deeply. Written again it is the same but for blanks: so it has no key twice, no number
    in an unusual spelling or of more digits than are kept, and no escapes but the usual ones.
    """
    if not text.lstrip().startswith(b"{") or not text.isascii() or b"\x7f" in text or b"\\u" in text:
        return None
    try:
        data = msgspec.json.decode(text)
        if msgspec.json.encode(data) != msgspec.json.format(text, indent=-1):
            return None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return JsonDocument(name, data, text) if _within(data, MOST_DEPTH) else None


def _within(data: Any, depth: int) -> bool:
    """Whether lists and objects are nested no deeper; it looks no deeper itself, since the stack may not be either."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    return inner is None or (depth > 0 and all(_within(each, depth - 1) for each in inner))

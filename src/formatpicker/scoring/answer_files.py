"""Answers from a file, from standard input and from flags: reading only, ``parsing`` does the rest.

Plain JSON is read without PyYAML, which takes 10 of 110 ms to load. What is not as plain goes through ``yaml_reader``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from formatpicker.base import files
from formatpicker.base.text import canonical
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError, InputError
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answers

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


# How the names of tables end.
TABLE_ENDINGS = (".csv", ".tsv", ".xlsx", ".parquet", ".jsonl")
# One person's answers need a few hundred.
MOST_BYTES = 1_000_000


def read_answers(catalog: Catalog, path: str, own_words: bool = False) -> Answers:
    """The answers of a YAML or JSON file, or of standard input for ``-``.

    ``own_words`` as for ``parse_answers``.

    Raises:
        InputError: The file cannot be read or is not YAML or JSON.
        AnswerError: It holds an unknown question or an answer that its question does not accept; the line is told.
    """
    return answers_in(catalog, document_of(path), own_words)


def document_of(path: str) -> Document | JsonDocument:
    """What a file of answers holds, as plain data."""
    if path.lower().endswith(TABLE_ENDINGS):
        raise InputError(path, f"looks like a table of many people; `formatpicker batch {path}` reads those")
    text, name = files.read_bytes(path, MOST_BYTES), files.display_name(path)
    if not text.strip():
        raise InputError(name, "is empty; `formatpicker template --to yaml` writes a file to fill in")
    return document_in(text, name)


def document_in(text: bytes, name: str) -> Document | JsonDocument:
    """What a text of answers holds, as plain data."""
    found = plain_json(text, name)
    if found is not None:
        return found
    from formatpicker.base.yaml_reader import parse_document

    return parse_document(text, name)


def answers_in(catalog: Catalog, document: Document | JsonDocument, own_words: bool = False) -> Answers:
    """The answers in a document; an error tells the line."""
    try:
        return parse_answers(catalog, document.data, document.name, lambda key: document.line((key,)), own_words)
    except AnswerError as first:
        for error in first.each():
            if isinstance(error, AnswerError) and isinstance(document.data, Mapping) and error.key in document.data:
                error.line = document.line((error.key, *_inside(document.data, error)))
        raise


def _inside(data: Mapping[str, Any], error: AnswerError) -> tuple[int | str, ...]:
    """Where in a list or mapping of goals the value at fault stands: as an item, as a key, or as an importance."""
    value = data.get(error.key)
    if isinstance(value, list) and error.value in value:
        return (len(value) - 1 - value[::-1].index(error.value),)
    if isinstance(value, Mapping):
        return next(((key,) for key, each in value.items() if error.value in (key, each)), ())
    return ()


def with_settings(catalog: Catalog, answers: Answers, settings: list[str], own_words: bool = False) -> Answers:
    """Answers with ``key=value`` settings laid over them.

    Raises:
        AnswerError: A setting without ``=``, one given twice, or ones that their questions do not accept.
    """
    given: dict[str, str] = {}
    for setting in settings:
        key, separator, value = setting.partition("=")
        if not separator:
            told = setting.strip() or repr(setting)
            raise AnswerError(told, None, "is not key=value; write for example pay=required", "--set")
        if canonical(key) in map(canonical, given):
            raise AnswerError(key, value, "is set twice; keep one", "--set")
        given[key.strip()] = value
    parsed = parse_answers(catalog, given, "--set", own_words=own_words)
    named = {canonical(key) for key in given}
    answers = answers.with_values(catalog, {id: parsed.get(id) for id in catalog.questions if canonical(id) in named})
    return answers if parsed.id is None else replace(answers, id=parsed.id)

"""YAML and JSON text to plain data, with the line of every key and item. The only module that knows PyYAML.

PyYAML's own loaders let the last of two equal keys win, turn ``NO`` into false and ``12:30`` into 750, follow aliases
into exponential data and, in C, crash the interpreter on deep nesting. So only its event stream is used: the data is
built here, without recursion, and whatever a hand-written file never needs is refused with its line. JSON is read by
the same path, being a subset of YAML in every document that can be valid here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import yaml
from msgspec import Struct

from formatpicker.base.text import shortened
from formatpicker.errors import InputError

MOST_DEPTH = 50
# libyaml from 0.2.6 (PyYAML 6.0.4) gives up at 1,000 levels by itself, perhaps before it has handed over the 51st. It
# looks ahead to the end of a line at most, so the line that it names is the one on which the 51st opens.
TOO_DEEP = f"nested more than {MOST_DEPTH} levels deep"

Place = tuple[str | int, ...]
Scalar = str | int | float | bool | None

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
# Two escapes for one character, behind any number of escaped backslashes.
_SURROGATES = re.compile(
    r"(?<!\\)(?P<before>(?:\\\\)*)(?P<pair>\\u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2})"
)
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}


# What libyaml says, by what people have done.
_UNCLOSED = {
    "did not find expected ',' or ']'": "a list that opens with [ is not closed with ], or a comma is missing",
    "did not find expected ',' or '}'": "what opens with { is not closed with }, or a comma is missing",
    "found unexpected end of stream": "a quotation mark is not closed",
}
_PLAIN = {
    **_UNCLOSED,
    "found character that cannot start any token": (
        "a tab, or a mark such as @ or `, where a word begins; indent with spaces, and put such text in quotation marks"
    ),
    "mapping values are not allowed in this context": (
        "a second colon; write each key on a line of its own, and put text that holds a colon in quotation marks"
    ),
    "could not find expected ':'": "a line without a colon; write key: value",
    "did not find expected key": "a line that is indented otherwise than those around it, or a comma is missing",
}


class Document(Struct, frozen=True):
    """Plain data (mappings have text keys) and, for each place in it, the line it starts on, counted from 1."""

    name: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it that is in the file."""
        return next((self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines), 0)


def parse_document(data: bytes, name: str) -> Document:
    """The document in some bytes.

    Raises:
        InputError: Not text, not YAML or JSON, empty, or something no such file needs: aliases, tags, equal keys
            in one mapping, several documents, nesting deeper than 50.
    """
    builder = _Builder(name)
    text = _with_joined_surrogates(decoded(data, name))
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = _PLAIN.get(error.problem or "") or " ".join(filter(None, [error.context, error.problem]))
        problem += " (a tab; indent with spaces)" if "\\t" in problem else ""
        if error.problem in _UNCLOSED and error.context_mark and mark and error.context_mark.line < mark.line:
            problem += f" (it opens in line {error.context_mark.line + 1})"
        line = min(mark.line + 1, len(text.splitlines())) if mark else 0
        deep = "maximum nesting depth" in problem
        raise InputError(name, TOO_DEEP if deep else f"not valid YAML or JSON: {problem}", line) from None
    except yaml.reader.ReaderError:
        unprintable = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, unprintable.start()) + 1 if unprintable else 0
        raise InputError(name, "a character that text must not contain (a control character)", line) from None
    if not builder.lines:
        raise InputError(name, "is empty")
    return Document(name, builder.root, builder.lines)


def decoded(data: bytes, name: str) -> str:
    """Text from bytes: UTF-8, with or without a byte-order mark, or UTF-16 with one.

    Raises:
        InputError: The bytes are in another encoding or are no text at all.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(name, f"not {encoding.removesuffix('-sig').upper()} text; save it as UTF-8", line) from None
    if "\0" in text:
        raise InputError(name, "not a text file (it holds NUL bytes)", text.count("\n", 0, text.index("\0")) + 1)
    return text


def _with_joined_surrogates(text: str) -> str:
    """JSON writes characters beyond the first plane as two escapes; YAML knows them only as one character."""
    if not text.lstrip().startswith(("{", "[", '"')):
        return text
    return _SURROGATES.sub(lambda match: match["before"] + json.loads(f'"{match["pair"]}"'), text)


class _Builder:
    """Builds data from parser events with a stack of its own, so that depth is a number and not a crash."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.lines: dict[Place, int] = {}
        self.documents = 0
        self.stack: list[tuple[Any, Place]] = []
        self.keys: list[str | None] = []

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse("anchors and aliases (& and *) are not accepted; write the value out", line)
        elif getattr(event, "tag", None) is not None:
            self.refuse(f"tags ({shortened(event.tag)}) are not accepted", line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.refuse("`---` begins a second document; keep one, or make a file of each", line)
        elif isinstance(event, yaml.ScalarEvent):
            self.scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.keys.pop()

    def refuse(self, problem: str, line: int) -> None:
        raise InputError(self.name, problem, line)

    def scalar(self, event: Any, line: int) -> None:
        if self.expects_key():
            self.key(event.value, line)
        else:
            self.add(event.value if event.style else resolved(event.value), line)

    def open(self, event: Any, line: int) -> None:
        if self.expects_key():
            self.refuse("a list or mapping cannot be a key", line)
        if len(self.stack) >= MOST_DEPTH:
            self.refuse(TOO_DEEP, line)
        collection: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        place = self.add(collection, line)
        self.stack.append((collection, place))
        self.keys.append(None)

    def expects_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and self.keys[-1] is None

    def key(self, key: str, line: int) -> None:
        collection, place = self.stack[-1]
        if key in collection:
            first = self.lines[(*place, key)]
            self.refuse(f"the key {shortened(key)} stands twice (first on line {first}); keep one", line)
        self.keys[-1] = key
        self.lines[(*place, key)] = line

    def add(self, value: Any, line: int) -> Place:
        place: Place = ()
        if not self.stack:
            self.root = value
        else:
            collection, around = self.stack[-1]
            if isinstance(collection, dict):
                key = str(self.keys[-1])
                collection[key], self.keys[-1] = value, None
                place = (*around, key)
            else:
                place = (*around, len(collection))
                collection.append(value)
        self.lines.setdefault(place, line)
        return place


def resolved(text: str) -> Scalar:
    """The value of unquoted text: null, true, false and decimal numbers; everything else stays text."""
    lowered = text.lower()
    if lowered in _WORDS:
        return _WORDS[lowered]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text

"""From a document to the file's models, with every fault in words that an editor of the file understands.

``Scope`` is what resolving the models shares: the file, the faults found so far, and the checks that every part needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from pydantic import ValidationError

from formatpicker.base.text import placeholders, shortened
from formatpicker.base.yaml_reader import Document, Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import FREQUENCIES, Attribute, Citation
from formatpicker.catalog.criteria import Edges
from formatpicker.catalog.schema import CatalogPart
from formatpicker.errors import MOST_FAULTS, CatalogError, Fault, one_of

_QUOTED = re.compile(r"'([^']+)'")
_TYPES = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
}


def validated(document: Document) -> CatalogPart:
    """The file's models.

    Raises:
        CatalogError: The file does not have the shape of a catalog; all faults are listed.
    """
    _check_size(document)
    try:
        return CatalogPart.model_validate(document.data)
    except ValidationError as error:
        raise CatalogError(document.name, _faults(document, error.errors(include_url=False)[:_MOST_DETAILS])) from None


# More than any catalog needs, and what every command still answers in good time. docs/catalog.md says them.
LIMITS = {
    "formats": 100,
    "attributes": 60,
    "questions": 60,
    "derived": 20,
    "cautions": 1_000,
    "conflicts": 200,
    "next_steps": 1_000,
    "sources": 2_000,
}
MOST_PLACES = 100_000
# More than are told; to word them takes time.
_MOST_DETAILS = 10 * MOST_FAULTS


def _check_size(document: Document) -> None:
    """Refuse what is too large before it is looked at more closely."""
    data = document.data if isinstance(document.data, dict) else {}
    if len(document.lines) > MOST_PLACES:
        raise CatalogError(document.name, [Fault(0, "", f"holds more than {MOST_PLACES:,} keys and items")])
    found = [
        Fault(document.line((section,)), section, f"holds {len(data[section]):,}; a catalog has {most:,} at most")
        for section, most in LIMITS.items()
        if isinstance(data.get(section), dict | list) and len(data[section]) > most
    ]
    unknown = [key for key in data if key not in CatalogPart.model_fields and key != "schema"]
    if len(unknown) > MOST_FAULTS:
        found.append(Fault(0, "", f"has {len(unknown):,} keys that no catalog has, first {shortened(unknown[0])}"))
    if found:
        raise CatalogError(document.name, found)


def _faults(document: Document, details: list[Any]) -> list[Fault]:
    found: dict[tuple[Place, bool], list[Any]] = {}
    for detail in details:
        place = _in_document(document.data, detail["loc"])
        found.setdefault((place, detail["type"] == "missing"), []).append(detail)
    problems = [each for (place, _), same in found.items() for each in _problems_at(place, same)]
    return sorted({Fault(document.line(place), place_text(place), problem) for place, problem in problems})


def _problems_at(place: Place, details: list[Any]) -> list[tuple[Place, str]]:
    """The problems of one place; a value that fits no member of a union is one, not one for each member."""
    kinds = [detail["type"] for detail in details]
    if len(kinds) > 1 and all(kind in _TYPES for kind in kinds):
        expected = " or ".join(_TYPES[kind].removeprefix("must be ") for kind in kinds)
        return [(place, f"must be {expected}, not {shortened(details[0]['input'])}")]
    return [_problem(place, detail) for detail in details]


def place_text(place: Place) -> str:
    """A place as messages show it: ``formats.internship.attributes.pay``."""
    return ".".join(shortened(str(part), quote=False) for part in place)


def _in_document(data: Any, loc: tuple[int | str, ...]) -> Place:
    """The part of pydantic's location that exists in the data (it adds the names of union members)."""
    place: list[int | str] = []
    for part in loc:
        inside = isinstance(data, dict) or (isinstance(data, list) and isinstance(part, int))
        if inside and part in (data if isinstance(data, dict) else range(len(data))):
            data = data[part]
            place.append(part)
    return tuple(place)


def _problem(place: Place, detail: Any) -> tuple[Place, str]:
    """What pydantic finds, in words, and where."""
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        return (*place, detail["loc"][-1]), "is missing"
    if kind == "union_tag_invalid":
        tag, allowed = detail["ctx"]["tag"], _QUOTED.findall(detail["ctx"]["expected_tags"])
        return (*place, "kind"), f"{shortened(tag)} is {one_of(tag, allowed, 'kind of rule')}"
    if "[key]" in detail["loc"] and kind != "literal_error":
        return place, "not a name: use small letters, digits, - and _"
    if kind in ("literal_error", "enum"):
        allowed = _QUOTED.findall(detail["ctx"]["expected"])
        return place, f"{shortened(given)} is {one_of(str(given), allowed, 'value')}"
    if kind == "extra_forbidden":
        return place, one_of(str(place[-1]), sorted(_keys_at(place[:-1])), "key")
    expected = _TYPES.get(kind) or detail["msg"][:1].lower() + detail["msg"][1:]
    return place, f"{expected}, not {shortened(given)}" if kind in _TYPES else f"{shortened(given)}: {expected}"


def _keys_at(place: Place) -> set[str]:
    """The keys that a mapping at a place may have, read off the models' own JSON Schema."""
    schema = _schema()
    nodes = _members(schema, schema)
    for part in place:
        nodes = [below for node in nodes for below in _below(schema, node, part)]
    return {key for node in nodes for key in node.get("properties", {})}


@cache
def _schema() -> dict[str, Any]:
    return CatalogPart.model_json_schema()


def _below(schema: dict[str, Any], node: dict[str, Any], part: int | str) -> list[dict[str, Any]]:
    below = node.get("items") if isinstance(part, int) else node.get("properties", {}).get(part)
    below = below or node.get("additionalProperties") or next(iter(node.get("patternProperties", {}).values()), None)
    return _members(schema, below) if isinstance(below, dict) else []


def _members(schema: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    """A node with references followed and unions taken apart."""
    reference = node.get("$ref", "")
    if reference:
        node = schema["$defs"][reference.rsplit("/", 1)[-1]]
    union = node.get("oneOf") or node.get("anyOf")
    return [member for each in union for member in _members(schema, each)] if union else [node]


TEMPLATE_NAMES = {"Format", "format", "phrase", "answer", "least", "typical", "most", "short", "within"}


class Scope(Struct, frozen=True):
    """The file while it is resolved, the faults found so far, and the place at hand."""

    document: Document
    part: schema.CatalogPart
    faults: list[Fault]
    attributes: Mapping[str, Attribute]
    questions: Mapping[str, schema.QuestionPart]
    regions: Sequence[str]
    edges: Edges
    frequency_values: tuple[int, ...]
    place: Place = ()

    @classmethod
    def of(cls, document: Document, part: schema.CatalogPart) -> Scope:
        """The file as a whole, without a fault so far."""
        attributes = {id: item.resolved(Attribute, id=id) for id, item in part.attributes.items()}
        questions = {question.id: question for question in part.questions}
        regions = next((question for question in part.questions if question.selects_region), None)
        named = [option.id for option in regions.options] if regions else []
        worth = {str(word): value * 10 for word, value in part.frequency_values.items()}
        values = tuple(worth.get(word, 0) for word in FREQUENCIES)
        return cls(document, part, [], attributes, questions, named, part.edges.resolved(Edges), values)

    def at(self, *keys: str | int) -> Scope:
        """The same, at a place further inside."""
        return replace(self, place=(*self.place, *keys))

    @property
    def top(self) -> Scope:
        """The same, at the file as a whole."""
        return replace(self, place=())

    @property
    def line(self) -> int:
        """The line of the place at hand."""
        return self.document.line(self.place)

    def fault(self, problem: str) -> None:
        """Note that something is wrong at the place at hand."""
        self.faults.append(Fault(self.line, place_text(self.place), problem))

    def known(self, id: str, allowed: Iterable[str], noun: str) -> bool:
        """Whether an id is among the allowed ones; a fault with the nearest spelling where not."""
        ids = list(allowed)
        if id not in ids:
            self.fault(f"{id!r} is {one_of(id, ids, noun)}")
        return id in ids

    def all_known(self, ids: Iterable[str], allowed: Iterable[str], noun: str) -> None:
        """The same for each id of a list."""
        known = list(allowed)
        for index, id in enumerate(ids):
            self.at(index).known(id, known, noun)

    def cited(self, sources: Mapping[str, str]) -> tuple[Citation, ...]:
        """The citations of what stands here, in the order of the file; each source must be declared."""
        for source in sources:
            self.at("sources", source).known(source, self.part.sources, "source")
        return tuple(Citation(source, where) for source, where in sources.items())

    def check_unique(self, ids: Iterable[tuple[Place, str]], problem: str = "is used twice") -> None:
        """Every id once; each is given with the keys that lead to it from here."""
        first: dict[str, Place] = {}
        for keys, id in ids:
            if first.setdefault(id, keys) != keys:
                line = self.at(*first[id]).line
                self.at(*keys).fault(f"{shortened(id)} {problem} (first on line {line}); every one needs its own")

    def check_template(self, template: str) -> None:
        """Only placeholders that exist."""
        for name in sorted(placeholders(template) - TEMPLATE_NAMES):
            self.fault(f"{{{name}}} is {one_of(name, sorted(TEMPLATE_NAMES), 'placeholder')}")

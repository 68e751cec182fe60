"""The mapping file: what the headers and texts of a table that is not ours stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from formatpicker.base.text import canonical, shortened
from formatpicker.batch.headers import ID, Headers, Mapped
from formatpicker.catalog.criteria import Question
from formatpicker.catalog.model import Catalog
from formatpicker.errors import AnswerError, InputError, one_of
from formatpicker.scoring.answers import SKIP
from formatpicker.scoring.parsing import parse_answer

if TYPE_CHECKING:
    from formatpicker.base.yaml_reader import Document, Place

SECTIONS = ("columns", "values")


def parse_mapping(catalog: Catalog, document: Document) -> Mapped:
    """What a mapping file says.

    Raises:
        InputError: An unknown section, key or answer, two headers for one key, or texts that are equal when compared;
            file, line, key, value and the nearest spelling are told.
    """
    if not isinstance(document.data, Mapping):
        raise InputError(document.name, "must be a mapping of columns and values; batch --suggest-map writes one", 1)
    reader = _MappingReader(catalog, document)
    for section in document.data:
        if section not in SECTIONS:
            raise reader.fault((section,), f"{shortened(section)} is {one_of(section, SECTIONS, 'section')}")
    return Mapped(reader.columns(), reader.values(), document.name)


class _MappingReader:
    """One file while it is read."""

    def __init__(self, catalog: Catalog, document: Document) -> None:
        self.catalog = catalog
        self.document = document
        self.headers = Headers(catalog)

    def fault(self, place: Place, problem: str) -> InputError:
        where = ": ".join(str(each)[:60] for each in place[:-1])
        return InputError(self.document.name, f"{where}: {problem}" if where else problem, self.document.line(place))

    def section(self, name: str) -> Iterator[tuple[str, Any]]:
        given = self.document.data.get(name)
        if given is not None and not isinstance(given, Mapping):
            raise self.fault((name,), f"{name} must be a mapping, not {shortened(given)}")
        yield from (given or {}).items()

    def once(self, place: Place, key: str, taken: dict[str, str], problem: str) -> None:
        """See that nothing before has the same key; what is told names both."""
        if key in taken:
            raise self.fault(place, problem.format(shortened(place[-1]), shortened(taken[key])))
        taken[key] = str(place[-1])

    def columns(self) -> dict[str, str]:
        """The key of each header; ``skip`` for a column that holds no answer."""
        found: dict[str, str] = {}
        seen: dict[str, str] = {}
        keys: dict[str, str] = {}
        for header, given in self.section("columns"):
            place = ("columns", header)
            self.once(place, canonical(header), seen, "{} is mapped twice (first as {}); keep one")
            found[header] = key = self._key(place, given)
            if key != SKIP:
                self.once(place, key, keys, f"{{}} and {{}} are both {key}; keep one")
        return found

    def _key(self, place: Place, key: object) -> str:
        if key is None or canonical(str(key)) == SKIP:
            return SKIP
        meaning = self.headers.named(str(key)) if isinstance(key, str) else None
        if meaning is None:
            known = [ID, *self.catalog.questions, SKIP]
            raise self.fault(place, f"{shortened(place[-1])} = {shortened(key)}: {one_of(str(key), known, 'key')}")
        return str(meaning)

    def values(self) -> dict[str, dict[str, str]]:
        """The answer that each text of each question stands for."""
        ids = {canonical(id): id for id in self.catalog.questions}
        answers: dict[str, dict[str, str]] = {}
        for key, texts in self.section("values"):
            id = ids.get(canonical(key))
            if id is None:
                raise self.fault(("values", key), f"{shortened(key)} is {one_of(key, [*ids.values()], 'question')}")
            if id in answers:
                raise self.fault(("values", key), f"{id} stands twice; keep one")
            if not isinstance(texts, Mapping):
                raise self.fault(("values", key), f"{key} must be a mapping of texts to answers")
            answers[id], seen = {}, dict[str, str]()
            for text, value in texts.items():
                place = ("values", key, text)
                self.once(place, canonical(text), seen, "{} and {} are equal when compared; keep one")
                answers[id][text] = self._value(self.catalog.questions[id], place, value)
        return answers

    def _value(self, question: Question, place: Place, value: Any) -> str:
        if value is None or (isinstance(value, str) and canonical(value) in ("", SKIP)):
            return SKIP
        # A goal's text stands for one goal or several, never for a whole list with importances.
        given = [value] if question.goals and not isinstance(value, str) else value
        try:
            parse_answer(question, given)
        except AnswerError as error:
            raise self.fault(place, f"{shortened(place[-1])} = {shortened(value)}: {error.problem}") from None
        return str(value)

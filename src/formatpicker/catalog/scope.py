"""What resolving a file shares: the file, the faults found so far, and the checks that every part needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from formatpicker.base.text import placeholders, shortened
from formatpicker.base.yaml_reader import Document, Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import Attribute, Citation
from formatpicker.catalog.validate import place_text
from formatpicker.errors import Fault, one_of

TEMPLATE_NAMES = {"Format", "format", "phrase", "answer", "least", "typical", "most", "short", "within"}


class Scope:
    """Holds the file while it is resolved, and the faults found so far."""

    def __init__(self, document: Document, part: schema.CatalogPart) -> None:
        self.document = document
        self.part = part
        self.faults: list[Fault] = []
        self.attributes: dict[str, Attribute] = {
            id: Attribute(id, item.label, item.kind, item.unit, dict(item.phrases), dict(item.scale), item.amount)
            for id, item in part.attributes.items()
        }
        self.questions: dict[str, schema.QuestionPart] = {question.id: question for question in part.questions}
        regions = next((question for question in part.questions if question.selects_region), None)
        self.regions: list[str] = [option.id for option in regions.options] if regions else []

    def fault(self, place: Place, problem: str) -> None:
        """Note that something is wrong at a place."""
        self.faults.append(Fault(self.document.line(place), place_text(place), problem))

    def known(self, place: Place, id: str, allowed: Iterable[str], noun: str) -> bool:
        """Whether an id is among the allowed ones; a fault with the nearest spelling where not."""
        ids = list(allowed)
        if id not in ids:
            self.fault(place, f"{id!r} is {one_of(id, ids, noun)}")
        return id in ids

    def all_known(self, place: Place, ids: Iterable[str], allowed: Iterable[str], noun: str) -> None:
        """The same for each id of a list."""
        known = list(allowed)
        for index, id in enumerate(ids):
            self.known((*place, index), id, known, noun)

    def cited(self, place: Place, sources: Mapping[str, str]) -> tuple[Citation, ...]:
        """Citations in the order of the file, each source of which must be declared."""
        for source in sources:
            self.known((*place, source), source, self.part.sources, "source")
        return tuple(Citation(source, where) for source, where in sources.items())

    def check_unique(self, ids: Iterable[tuple[Place, str]], problem: str = "is used twice") -> None:
        """Every id once."""
        first: dict[str, Place] = {}
        for place, id in ids:
            if first.setdefault(id, place) != place:
                line = self.document.line(first[id])
                self.fault(place, f"{shortened(id)} {problem} (first on line {line}); every one needs its own")

    def check_template(self, place: Place, template: str) -> None:
        """Only placeholders that exist."""
        for name in sorted(placeholders(template) - TEMPLATE_NAMES):
            self.fault(place, f"{{{name}}} is {one_of(name, sorted(TEMPLATE_NAMES), 'placeholder')}")

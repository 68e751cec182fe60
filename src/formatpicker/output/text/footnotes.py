"""Sources numbered in the order in which they turn up."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.advice.wording import citation_text
from formatpicker.catalog.attributes import Citation
from formatpicker.catalog.model import Catalog


class Footnotes:
    """Numbers sources, collects the places cited in each, and writes them out at the end."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.places: dict[str, dict[str, None]] = {}

    def marks(self, citations: Iterable[Citation]) -> str:
        """The numbers of some citations: ``1, 4``; empty for none."""
        numbers = []
        for citation in citations:
            self.places.setdefault(citation.source, {})[citation.place] = None
            numbers.append(list(self.places).index(citation.source) + 1)
        return ", ".join(map(str, dict.fromkeys(numbers)))

    def bracketed(self, citations: Iterable[Citation]) -> str:
        """The numbers as they stand behind a value: `` [1, 4]``."""
        marks = self.marks(citations)
        return f" [{marks}]" if marks else ""

    def cited(self) -> list[Citation]:
        """Each source with all the places cited in it, in the order of their numbers."""
        return [Citation(id, "; ".join(filter(None, places))) for id, places in self.places.items()]

    def texts(self) -> list[str]:
        """The sources in full, in the order of their numbers."""
        return [citation_text(self.catalog, Citation(id, "; ".join(places))) for id, places in self.places.items()]

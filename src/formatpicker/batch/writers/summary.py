"""The summary of a cohort to a file: one JSON document, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from formatpicker.batch.tally import Tally
from formatpicker.batch.writers.output_file import target_for
from formatpicker.catalog.model import Catalog

if TYPE_CHECKING:
    from formatpicker.batch.summary.summary import Source, Summary


@dataclass(frozen=True)
class Asked:
    """What summary is asked for.

    ``path`` is where it goes, ``document`` makes plain data of it, ``others`` are catalogs to compare with.
    """

    path: str
    document: Callable[[Summary], Any]
    others: tuple[Catalog, ...] = ()
    exact: bool = False
    source: Source | None = None


class SummaryFile:
    """Takes the counts of a whole run."""

    def __init__(self, asked: Asked, catalog: Catalog, by: str | None) -> None:
        self._asked = asked
        self._by = by
        self._catalog = catalog
        self.target = target_for(asked.path)

    def write(self, tally: Tally) -> None:
        """Write the document; it is there once the target is committed."""
        from formatpicker.batch.summary.summary import Summary

        asked = self._asked
        found = Summary(self._catalog, tally, asked.others, asked.exact, self._by, asked.source)
        self.target.write(json.dumps(self._asked.document(found), indent=2) + "\n")


def opened_summary(asked: Asked | None, catalog: Catalog, by: str | None) -> SummaryFile | None:
    """Where the summary goes, if one is asked for; ``by`` names the column that it is split by."""
    return SummaryFile(asked, catalog, by) if asked else None

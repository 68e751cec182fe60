"""The summary of a cohort to a file: one JSON document, whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass

from formatpicker.batch.tally import Tally
from formatpicker.catalog.model import Catalog
from formatpicker.writers.target import target_for


@dataclass(frozen=True)
class Asked:
    """What summary is asked for: where it goes, the catalogs to compare with, and whether small groups are shown."""

    path: str
    others: tuple[Catalog, ...] = ()
    small_groups: bool = False


class SummaryFile:
    """Takes the counts of a whole run."""

    def __init__(self, asked: Asked, catalog: Catalog) -> None:
        self._asked = asked
        self._catalog = catalog
        self.target = target_for(asked.path)

    def write(self, tally: Tally) -> None:
        """Write the document; it is there once the target is committed."""
        from formatpicker.batch.summary import Summary
        from formatpicker.render.summary import summary_data

        found = Summary(self._catalog, tally, self._asked.others, self._asked.small_groups)
        self.target.write(json.dumps(summary_data(found), indent=2) + "\n")


def opened_summary(asked: Asked | None, catalog: Catalog) -> SummaryFile | None:
    """Where the summary goes, if one is asked for."""
    return SummaryFile(asked, catalog) if asked else None

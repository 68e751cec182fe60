"""Who is one answer away from a format: the relaxations of size one, run once for all people with the same answers."""

from __future__ import annotations

from collections.abc import Sequence

from formatpicker.advice.relaxations import relaxations
from formatpicker.catalog.criteria import About
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers

MOST_REMEMBERED = 20_000


class Nearby:
    """Which single answers would open a format that is closed. A fact about a person is never one of them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._criteria = catalog.criteria()
        region = catalog.region_question
        # What a relaxation looks at beside the answers that block: the region, and what quantities are derived from.
        self._always = {
            *([region.id] if region else []),
            *(id for item in catalog.derived.values() for id in (item.per_week, item.duration)),
        }
        self._known: dict[object, tuple[str, ...]] = {}

    def questions(self, answers: Answers, format: str, blocking: Sequence[str]) -> tuple[str, ...]:
        """The questions of which another answer, and nothing else, opens a format to a person.

        Args:
            answers: All that the person answered.
            format: The format's id.
            blocking: The ids of the criteria that rule it out.
        """
        asked = [id for id in blocking if id in self.catalog.questions]
        if len(asked) > 1 or any(self._criteria[id].about is About.FACT for id in blocking):
            return ()  # two answers have to change, or one that cannot
        kept = Answers({id: each for id, each in answers.values.items() if id in self._always or id in asked})
        key = (format, tuple(kept.values.items()))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._opening(kept, format)
        return found

    def _opening(self, answers: Answers, format: str) -> tuple[str, ...]:
        found = relaxations(self.catalog, answers, self.catalog.formats[format])
        return tuple(sorted({id for each in found if len(each.change) == 1 for id in each.change}))

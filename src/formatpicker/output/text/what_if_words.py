"""What another catalog would do for a cohort, in plain sentences made from the difference of the two catalogs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from formatpicker.advice.wording import value_phrase
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.revision.words import ADDED, CHANGED, Edit

if TYPE_CHECKING:
    from formatpicker.output.json.cohort_types import OpenedFormat

_MOST_NAMED = 3
NOTHING = "The two catalogs judge alike: nobody's result can change."
BUT_FOR_A_FEW = ", but for two people at most"


def what_if_sentences(
    catalog: Catalog,
    other: Catalog,
    edits: Sequence[Edit],
    formats: Sequence[OpenedFormat],
    changed: int,
    people: int,
    exact: bool,
) -> list[str]:
    """A sentence for each format that opens or closes to anybody, and one for the results that change.

    Counts that are not ``exact`` are rounded, and nothing is said that a rounded count leaves open.
    """
    if not edits:
        return [NOTHING]
    premise, subject = _premise(catalog, other, edits)
    found = []
    for each in formats:
        known = catalog if each["format"] in catalog.formats else other
        phrase = "it" if each["format"] == subject else known.formats[each["format"]].phrase
        found += [f"{premise}, {phrase} would be {effect}." for effect in _effects(each, people)]
    but = "" if exact else BUT_FOR_A_FEW
    stays = f"{premise}, every format would stay open to the same people{but}."
    return [*(found or [stays]), _change(changed, people, but)]


def _effects(each: OpenedFormat, people: int) -> list[str]:
    """In what ways a format's circle of people changes: "open to 310 more of 1,205 people"."""
    ways = {"open": each["opened"], "closed": each["closed"]}
    effects = [f"{way} to {count:,} more of {people:,} people" for way, count in ways.items() if count]
    return [" and ".join(effects)] if effects else []


def _change(count: int, people: int, but: str) -> str:
    if not count:
        return f"No result would change{but}."
    return f"Another format would come first for {count:,} of {people:,} people."


def _premise(catalog: Catalog, other: Catalog, edits: Sequence[Edit]) -> tuple[str, str]:
    """The first half of the sentences, and the format it is about if it is about one."""
    if len(edits) == 1:
        found = _as_phrases(catalog, other, edits[0])
        if found:
            return found
    named = "; ".join(_edit_words(edit) for edit in edits[:_MOST_NAMED])
    more = f"; {len(edits) - _MOST_NAMED} more" if len(edits) > _MOST_NAMED else ""
    return f"With {'this change' if len(edits) == 1 else f'these {len(edits)} changes'} ({named}{more})", ""


def _as_phrases(catalog: Catalog, other: Catalog, edit: Edit) -> tuple[str, str] | None:
    """A changed general value of a format, where the attribute has a phrase for it before and after."""
    if edit.kind != CHANGED or len(edit.place) != 5 or edit.place[0] != "formats":
        return None
    id, attribute = edit.place[1], edit.place[3]
    phrases = [
        value_phrase(each.attributes[attribute], each.regional(each.formats[id], attribute).general.typical)
        for each in (catalog, other)
    ]
    if not all(phrases) or phrases[0] == phrases[1]:
        return None
    return f"If {other.formats[id].phrase} {phrases[1]} (now it {phrases[0]})", id


def _edit_words(edit: Edit) -> str:
    label = edit.label.removeprefix("format ")
    if edit.kind == CHANGED:
        return f"{label}: {edit.new} instead of {edit.old}"
    return f"{label}: {edit.new} added" if edit.kind == ADDED else f"{label}: {edit.old} removed"

"""What is said of a whole catalog: its difference from another one, its laws; as text and as plain data."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from formatpicker.base.durations import counted
from formatpicker.base.style import CYAN, GREEN, RED, YELLOW, Screen, marked, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.law_runner import LawReport
from formatpicker.catalog_tools.revision.diff import Cause, Diff, Effect, Outcome, Standing
from formatpicker.catalog_tools.revision.words import ADDED, CHANGED, MOVED, REMOVED, Edit
from formatpicker.output.json.data import catalog_data
from formatpicker.output.text.audit_report import titled
from formatpicker.scoring.answers import written_answers

if TYPE_CHECKING:
    from formatpicker.output.json import catalog_types

_SIGNS = {ADDED: (GREEN, "+"), REMOVED: (RED, "-"), CHANGED: (YELLOW, "~"), MOVED: (CYAN, "~")}


def check_data(file: str, faults: Sequence[str]) -> catalog_types.Check:
    """Whether a catalog is valid, and what is wrong with it."""
    return {"schema": "formatpicker/check/1", "file": file, "valid": not faults, "faults": list(faults)}


# --- the difference of two catalogs ----------------------------------------------------------------------------------


def diff_text(diff: Diff, screen: Screen) -> str:
    """What changed, an entry each, and what it does to one person."""
    columns = screen.columns
    versions = f"{diff.old.title} {diff.old.version} to {diff.new.title} {diff.new.version}"
    lines = titled(f"{versions}: {counted(len(diff.edits), 'change')}", columns)
    for edit in diff.edits:
        lines += _edit_lines(edit, columns)
    if diff.effect:
        lines += _effect_lines(diff, diff.effect, columns)
    return "\n".join(lines) + "\n"


def _edit_lines(edit: Edit, columns: int) -> list[str]:
    mark, sign = _SIGNS[edit.kind]
    change = {
        ADDED: f"new: {edit.new}",
        REMOVED: f"gone: {edit.old}",
        CHANGED: f"{edit.old or 'nothing'} -> {edit.new or 'nothing'}",
        MOVED: f"in another order: {edit.new}",
    }[edit.kind]
    first, *rest = wrapped(f"{capitalized(edit.label)}: {change}", columns - 2, "", "    ")
    return [f"{marked(mark, sign)} {first}", *rest]


def _effect_lines(diff: Diff, effect: Effect, columns: int) -> list[str]:
    lines = titled(_effect_headline(diff, effect), columns)
    for id in {**effect.old.standings, **effect.new.standings}:
        before, after = effect.old.standings.get(id), effect.new.standings.get(id)
        if before != after:
            name = _format_name(diff, id)
            lines += wrapped(f"{name}: {_standing_text(before)} -> {_standing_text(after)}", columns, "  ", "    ")
    if effect.moved:
        lines += titled("Which change does it (each undone alone)", columns)
        for cause in effect.causes:
            lines += wrapped(_cause_text(diff, cause), columns, "  ", "    ")
        lines += wrapped(_missing_cause(effect), columns, "  ") if _missing_cause(effect) else []
    return lines


def _effect_headline(diff: Diff, effect: Effect) -> str:
    old, new = (joined([_format_name(diff, id) for id in each.top]) or "none" for each in (effect.old, effect.new))
    if effect.top_moved:
        return f"For this person the top moves from {old} to {new}."
    return f"For this person the top stays: {new}." if effect.moved else f"For this person nothing moves; top: {new}."


def _standing_text(standing: Standing | None) -> str:
    if standing is None:
        return "not there"
    score = "no score" if standing.score is None else f"{_tenths(standing.score)} points"
    return f"{score}, blocked" if standing.rank is None else f"{score}, rank {standing.rank} ({standing.eligibility})"


def _cause_text(diff: Diff, cause: Cause) -> str:
    effects = [f"{_format_name(diff, id)} {_signed(change)}" for id, change in cause.differences.items()]
    effects = effects or ["who is open and who is blocked"]
    restores = "; without it the old top comes back" if cause.restores_top else ""
    return f"{capitalized(cause.edit.label)}: {', '.join(effects)}{restores}"


def _missing_cause(effect: Effect) -> str:
    if not effect.causes:
        return "No single change does it: undone alone, each leaves the result as it is, or cannot stand alone."
    if effect.top_moved and not any(cause.restores_top for cause in effect.causes):
        return "No single change moves the top: several do it together."
    return ""


def _format_name(diff: Diff, id: str) -> str:
    return (diff.new.formats.get(id) or diff.old.formats[id]).name


def diff_data(diff: Diff) -> catalog_types.Diff:
    """The difference as plain data; scores are rounded to one decimal."""
    data: catalog_types.Diff = {
        "schema": "formatpicker/diff/2",
        "old": catalog_data(diff.old),
        "new": catalog_data(diff.new),
        "changes": [_edit_data(edit) for edit in diff.edits],
    }
    if diff.effect:
        data["effect"] = {
            "moved": diff.effect.moved,
            "top_moved": diff.effect.top_moved,
            "old": _outcome_data(diff.effect.old),
            "new": _outcome_data(diff.effect.new),
            "causes": [_cause_data(cause) for cause in diff.effect.causes],
        }
    return data


def _edit_data(edit: Edit) -> catalog_types.Edit:
    return {
        "place": ".".join(edit.place),
        "label": edit.label,
        "kind": edit.kind,
        "old": edit.old or None,
        "new": edit.new or None,
    }


def _outcome_data(outcome: Outcome) -> catalog_types.Outcome:
    return {"top": list(outcome.top), "formats": {id: _standing_data(each) for id, each in outcome.standings.items()}}


def _standing_data(standing: Standing) -> catalog_types.Standing:
    score = None if standing.score is None else _tenths(standing.score)
    return {"score": score, "rank": standing.rank, "eligibility": standing.eligibility}


def _cause_data(cause: Cause) -> catalog_types.Cause:
    return {
        "place": ".".join(cause.edit.place),
        "restores_top": cause.restores_top,
        "top_without": list(cause.without.top),
        "differences": {id: _tenths(change) for id, change in cause.differences.items()},
    }


# --- the laws --------------------------------------------------------------------------------------------------------


def laws_text(reports: Sequence[LawReport], catalog: Catalog, screen: Screen) -> str:
    """A line for each law; for a broken one the simplest person, as a file of answers has it."""
    columns = screen.columns
    broken = sum(report.counterexample is not None for report in reports)
    head = f"{broken} of {counted(len(reports), 'law')} broken" if broken else f"All {len(reports)} laws hold"
    lines = titled(f"{catalog.title} {catalog.version}: {head}.", columns)
    for report in reports:
        lines += _law_lines(report, catalog, columns)
    return "\n".join(lines) + "\n"


def _law_lines(report: LawReport, catalog: Catalog, columns: int) -> list[str]:
    found = report.counterexample
    mark, sign = (RED, "broken") if found else (GREEN, "holds ")
    people = "1 person" if report.people == 1 else f"{report.people:,} people"
    first, *rest = wrapped(f"{report.statement} ({people})", columns - 8, "", "")
    lines = [f"{marked(mark, sign)}  {first}", *(f"        {line}" for line in rest)]
    if found:
        lines += wrapped(f"{capitalized(found.violation)}. The simplest such person:", columns, " " * 8)
        lines += [" " * 10 + line for line in _answer_lines(written_answers(catalog, found.answers))]
    return lines


def _answer_lines(written: Mapping[str, Any]) -> list[str]:
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in written.items()] or ["{}"]


def laws_data(reports: Sequence[LawReport], catalog: Catalog) -> catalog_types.Laws:
    """The laws as plain data; a counterexample is answers that ``recommend`` accepts."""
    return {
        "schema": "formatpicker/laws/1",
        "catalog": catalog_data(catalog),
        "holds": all(report.counterexample is None for report in reports),
        "laws": [_law_data(report, catalog) for report in reports],
    }


def _law_data(report: LawReport, catalog: Catalog) -> catalog_types.Law:
    found = report.counterexample
    return {
        "law": report.name,
        "statement": report.statement,
        "people": report.people,
        "holds": found is None,
        "counterexample": None if found is None else written_answers(catalog, found.answers),
        "violation": found.violation if found else None,
    }


# --- numbers ---------------------------------------------------------------------------------------------------------


def _tenths(number: Fraction) -> float:
    """A number to one decimal, halves up."""
    return math.floor(number * 10 + Fraction(1, 2)) / 10


def _signed(number: Fraction) -> str:
    rounded = _tenths(number)
    return f"{rounded:+}" if rounded else f"{'+' if number > 0 else '-'}0.0"

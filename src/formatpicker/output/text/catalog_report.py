"""What is said of a whole catalog: its audit, its difference from another one, its laws; as text and as plain data."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from formatpicker.base.durations import counted
from formatpicker.base.style import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, marked, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.audit import OLD_AFTER_MONTHS, Audit, Dated, FormatAudit, QuestionAudit, Unsourced
from formatpicker.catalog_tools.laws import LawReport
from formatpicker.catalog_tools.revision.diff import Cause, Diff, Effect, Outcome, Standing
from formatpicker.catalog_tools.revision.words import ADDED, CHANGED, MOVED, REMOVED, Edit
from formatpicker.output.json.data import catalog_data
from formatpicker.scoring.answers import Answers, answer_text, written_answers

if TYPE_CHECKING:
    from formatpicker.output.json import catalog_types

_SIGNS = {ADDED: (GREEN, "+"), REMOVED: (RED, "-"), CHANGED: (YELLOW, "~"), MOVED: (CYAN, "~")}
_WHY_DATED = {
    "expired": "was valid to",
    "old": "as of",
    "unreadable": "has a date that cannot be read:",
}


def check_data(file: str, faults: Sequence[str]) -> catalog_types.Check:
    """Whether a catalog is valid, and what is wrong with it."""
    return {"schema": "formatpicker/check/1", "file": file, "valid": not faults, "faults": list(faults)}


# --- the audit -------------------------------------------------------------------------------------------------------


def audit_text(audit: Audit, screen: Screen) -> str:
    """The audit as a page."""
    columns = screen.columns
    lines = [*_title(_audit_headline(audit), columns), *_title("Who gets each format first", columns)]
    for each in audit.formats:
        lines += wrapped(f"{each.format.name}: {_verdict(audit.catalog, each)}", columns, "  ", "    ")
    lines += _title(f"How often each question decides, among {audit.people:,} random people", columns)
    lines += _decisions(audit.questions, audit.people)
    lines += _title(f"Values without an outside source: {len(audit.unsourced)} of {audit.values}", columns)
    for name, found in _by_format(audit.unsourced).items():
        lines += _unsourced_lines(audit.catalog, name, found, columns)
    return "\n".join([*lines, *_dated_lines(audit, columns)]) + "\n"


def _title(text: str, columns: int) -> list[str]:
    return [marked(BOLD, line) for line in wrapped(text, columns)]


def _audit_headline(audit: Audit) -> str:
    found = sum(each.witness is not None for each in audit.formats)
    never = sum(each.domination is not None for each in audit.formats)
    open_ones = len(audit.formats) - found - never
    parts = [f"{found} come first for somebody"]
    parts += [f"{never} for nobody, which is proved"] if never else []
    parts += [f"{open_ones} are not settled"] if open_ones else []
    return f"{audit.catalog.title}: of {counted(len(audit.formats), 'scored format')}, {joined(parts)}."


def _verdict(catalog: Catalog, found: FormatAudit) -> str:
    if found.witness is not None:
        return answers_text(catalog, found.witness)
    if found.domination is None:
        return "nobody was found, and no proof that there is nobody."
    name = catalog.formats[found.domination.by].name
    if not found.domination.strict:
        return f"never first alone; for every answer it is the same as {name}."
    better = joined([catalog.criteria()[id].label for id in found.domination.strict])
    return f"never first alone; {name} is never worse, and can be better on: {better}."


def answers_text(catalog: Catalog, answers: Answers) -> str:
    """A person in one sentence, with labels and words instead of ids."""
    parts = [
        f"{catalog.questions[id].label}: {answer_text(catalog.questions[id], each)}"
        for id, each in answers.values.items()
    ]
    return "; ".join(parts) or "no answer needed"


def _decisions(questions: Sequence[QuestionAudit], people: int) -> list[str]:
    width = max(len(each.question.id) for each in questions)
    ordered = sorted(questions, key=lambda each: -each.decides)
    return [
        f"  {each.question.id.ljust(width)}  {_tenths(Fraction(100 * each.decides, people or 1)):>5} %"
        + marked(DIM, f"  ({each.answered:,} answered it)")
        for each in ordered
    ]


def _by_format(found: Sequence[Unsourced]) -> dict[str, list[Unsourced]]:
    groups: dict[str, list[Unsourced]] = {}
    for each in found:
        groups.setdefault(each.format.name, []).append(each)
    return groups


def _unsourced_lines(catalog: Catalog, name: str, found: list[Unsourced], columns: int) -> list[str]:
    counts = Counter(each.why for each in found)
    regions: dict[str, list[str]] = {}
    for each in found:
        regions.setdefault(catalog.attributes[each.attribute].label, []).append(each.region or "general")
    parts = [label if places == ["general"] else f"{label} ({', '.join(places)})" for label, places in regions.items()]
    words = {"articles": "from articles alone"}
    head = joined([f"{count} {words.get(why, why)}" for why, count in sorted(counts.items())])
    dimmed = [marked(DIM, line) for line in wrapped(", ".join(parts), columns, "    ")]
    return [*wrapped(f"{name}: {head}", columns, "  ", "    "), *dimmed]


def _dated_lines(audit: Audit, columns: int) -> list[str]:
    if audit.today is None:
        return _title("Dates were not checked", columns)
    lines = _title(
        f"Values past their validity or older than {OLD_AFTER_MONTHS} months on {audit.today}: {len(audit.dated)}",
        columns,
    )
    for each in audit.dated:
        lines += wrapped(
            f"{each.format.name}, {_where(audit.catalog, each)}: {_WHY_DATED[each.why]} {each.date}",
            columns,
            "  ",
            "    ",
        )
    return lines


def _where(catalog: Catalog, found: Dated) -> str:
    return catalog.attributes[found.attribute].label + (f" ({found.region})" if found.region else "")


def audit_data(audit: Audit) -> catalog_types.Audit:
    """The audit as plain data; witnesses are answers that ``recommend`` accepts."""
    return {
        "schema": "formatpicker/audit/1",
        "catalog": catalog_data(audit.catalog),
        "today": audit.today,
        "people": audit.people,
        "formats": [_format_data(audit.catalog, each) for each in audit.formats],
        "questions": [_question_data(each, audit.people) for each in audit.questions],
        "values": audit.values,
        "unsourced_counts": audit.unsourced_counts(),
        "unsourced": [
            {"format": each.format.id, "attribute": each.attribute, "region": each.region or None, "why": each.why}
            for each in audit.unsourced
        ],
        "dated": [
            {
                "format": each.format.id,
                "attribute": each.attribute,
                "region": each.region or None,
                "why": each.why,
                "date": each.date,
            }
            for each in audit.dated
        ],
    }


def _format_data(catalog: Catalog, found: FormatAudit) -> catalog_types.FormatAudit:
    witness = None if found.witness is None else written_answers(catalog, found.witness)
    by = found.domination
    return {
        "format": found.format.id,
        "core": found.format.core,
        "witness": witness,
        "dominated_by": by.by if by else None,
        "better_on": list(by.strict) if by else [],
        "duplicate": bool(by) and not (by and by.strict),
    }


def _question_data(found: QuestionAudit, people: int) -> catalog_types.QuestionAudit:
    share = math.floor(Fraction(1000 * found.decides, people or 1) + Fraction(1, 2)) / 1000
    return {"question": found.question.id, "answered": found.answered, "decides": found.decides, "share": share}


# --- the difference of two catalogs ----------------------------------------------------------------------------------


def diff_text(diff: Diff, screen: Screen) -> str:
    """What changed, an entry each, and what it does to one person."""
    columns = screen.columns
    versions = f"{diff.old.title} {diff.old.version} to {diff.new.title} {diff.new.version}"
    lines = _title(f"{versions}: {counted(len(diff.edits), 'change')}", columns)
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
    lines = _title(_effect_headline(diff, effect), columns)
    for id in {**effect.old.standings, **effect.new.standings}:
        before, after = effect.old.standings.get(id), effect.new.standings.get(id)
        if before != after:
            name = _format_name(diff, id)
            lines += wrapped(f"{name}: {_standing_text(before)} -> {_standing_text(after)}", columns, "  ", "    ")
    if effect.moved:
        lines += _title("Which change does it (each undone alone)", columns)
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
        "schema": "formatpicker/diff/1",
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
    lines = _title(f"{catalog.title} {catalog.version}: {head}.", columns)
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

"""What is said of a whole catalog: its audit, its difference from another one, its laws."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from formatpicker.base.durations import counted
from formatpicker.base.terminal import CYAN, DIM, GREEN, RED, YELLOW, Screen, emphasized, marked, titled, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.audit import Audit, FormatAudit, QuestionAudit
from formatpicker.catalog_tools.diff import ADDED, CHANGED, MOVED, REMOVED, Cause, Diff, Edit, Effect, Standing
from formatpicker.catalog_tools.evidence import OLD_AFTER_MONTHS, Place, Unsourced
from formatpicker.catalog_tools.laws import Law, Laws
from formatpicker.scoring.answers import answer_text
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.ranking import in_tenths, tenths

_SIGNS = {ADDED: (GREEN, "+"), REMOVED: (RED, "-"), CHANGED: (YELLOW, "~"), MOVED: (CYAN, "~")}


# How many values the page names; the data have all.
MOST_RESEARCH = 10
_WHY_DATED = {"expired": "was valid to", "old": "as of", "unreadable": "has a date that cannot be read:"}
_WHY_UNSTEPPED = {"none": "names no step", "other": "names another step than its value"}


# --- the audit -------------------------------------------------------------------------------------------------------


def audit_text(audit: Audit, catalog: Catalog, screen: Screen) -> str:
    """The audit as a page."""
    columns = screen.columns
    first = [f"{catalog.formats[each.format].name}: {_verdict(catalog, each)}" for each in audit.formats]
    lines = [*titled(_audit_headline(audit), columns), *_section("Who gets each format first", first, columns)]
    lines += titled(f"How often each question decides, among {audit.people:,} random people", columns)
    lines += _decisions(audit.questions, audit.people)
    lines += titled(f"Values without an outside source: {len(audit.unsourced)} of {audit.values}", columns)
    for id, format in catalog.formats.items():
        lines += _unsourced_lines(
            catalog, format.name, [each for each in audit.unsourced if each.format == id], columns
        )
    for title, texts in _findings(audit, catalog):
        lines += _section(title, texts, columns)
    return "\n".join(lines) + "\n"


def _section(title: str, texts: Iterable[str], columns: int) -> list[str]:
    return [*titled(title, columns), *(line for text in texts for line in wrapped(text, columns, "  ", "    "))]


def _audit_headline(audit: Audit) -> str:
    found = sum(each.witness is not None for each in audit.formats)
    never = sum(each.dominated_by is not None for each in audit.formats)
    open_ones = len(audit.formats) - found - never
    parts = [f"{found} come first for somebody"]
    parts += [f"{never} for nobody, which is proved"] if never else []
    parts += [f"{open_ones} are not settled"] if open_ones else []
    return f"{audit.catalog['title']}: of {counted(len(audit.formats), 'scored format')}, {joined(parts)}."


def _verdict(catalog: Catalog, found: FormatAudit) -> str:
    if found.witness is not None:
        answers = parse_answers(catalog, found.witness).values
        parts = [
            f"{catalog.questions[id].label}: {answer_text(catalog.questions[id], each)}" for id, each in answers.items()
        ]
        return "; ".join(parts) or "no answer needed"
    if found.dominated_by is None:
        return "nobody was found, and no proof that there is nobody."
    name = catalog.formats[found.dominated_by].name
    if found.duplicate:
        return f"never first alone; for every answer it is the same as {name}."
    better = joined([catalog.criteria()[id].label for id in found.better_on])
    return f"never first alone; {name} is never worse, and can be better on: {better}."


def _decisions(questions: Sequence[QuestionAudit], people: int) -> list[str]:
    width = max(len(each.question) for each in questions)
    ordered = sorted(questions, key=lambda each: -each.decides)
    return [
        f"  {each.question.ljust(width)}  {_percent(each.decides, people):>5} %"
        + marked(DIM, f"  ({each.answered:,} answered it)")
        for each in ordered
    ]


def _unsourced_lines(catalog: Catalog, name: str, found: list[Unsourced], columns: int) -> list[str]:
    """The values of one format without an outside source; nothing where there are none."""
    if not found:
        return []
    counts = Counter(each.why for each in found)
    regions: dict[str, list[str]] = {}
    for each in found:
        regions.setdefault(catalog.attributes[each.attribute].label, []).append(each.region or "general")
    parts = [label if places == ["general"] else f"{label} ({', '.join(places)})" for label, places in regions.items()]
    words = {"articles": "from articles alone"}
    head = joined([f"{count} {words.get(why, why)}" for why, count in sorted(counts.items())])
    return [*wrapped(f"{name}: {head}", columns, "  ", "    "), *emphasized(DIM, ", ".join(parts), columns, "    ")]


def _findings(audit: Audit, catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    """What there is to say of single values and sources, under headings."""

    def where(found: Place) -> str:
        region = f" ({found.region})" if found.region else ""
        return f"{catalog.formats[found.format].name}, {catalog.attributes[found.attribute].label}{region}"

    late = [f"{where(each)}: {_WHY_DATED[each.why]} {each.date}" for each in audit.dated]
    past = f"Values past their validity or older than {OLD_AFTER_MONTHS} months on {audit.today}: {len(late)}"
    yield past if audit.today is not None else "Dates were not checked", late
    bare = [f"{each.source}: {each.url} (cited {counted(each.cited, 'time')})" for each in audit.home_pages]
    if bare:
        yield f"Addresses that name a site and no page of it: {len(bare)}", bare
    unstepped = [f"{where(each)}: {_WHY_UNSTEPPED[each.why]}" for each in audit.unstepped]
    if unstepped:
        yield f"Judged levels whose note does not name their step: {len(unstepped)}", unstepped
    research = [
        f"{_percent(each.changed, audit.people):>5} %  {where(each)}"
        f" ({each.basis}{'' if each.outside_source else ', no outside source'})"
        for each in audit.research
        if each.changed
    ]
    if research:
        who = f"who of {audit.people:,} random people would get another top if a value were a step off"
        yield f"What to research next: {who}", research[:MOST_RESEARCH]


def _percent(count: int, people: int) -> float:
    return in_tenths(count, people) or 0.0


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
    moved = []
    for id in {**effect.old.standings, **effect.new.standings}:
        before, after = effect.old.standings.get(id), effect.new.standings.get(id)
        if before != after:
            moved.append(f"{_format_name(diff, id)}: {_standing_text(before)} -> {_standing_text(after)}")
    lines = _section(_effect_headline(diff, effect), moved, columns)
    if effect.moved:
        causes = [_cause_text(diff, cause) for cause in effect.causes]
        lines += _section("Which change does it (each undone alone)", causes, columns)
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
    score = "no score" if standing.score is None else f"{tenths(standing.score)} points"
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


# --- the laws --------------------------------------------------------------------------------------------------------


def laws_text(found: Laws, screen: Screen) -> str:
    """A line for each law; for a broken one the simplest person, as a file of answers has it."""
    columns = screen.columns
    broken = sum(not law.holds for law in found.laws)
    head = f"{broken} of {counted(len(found.laws), 'law')} broken" if broken else f"All {len(found.laws)} laws hold"
    lines = titled(f"{found.catalog['title']} {found.catalog['version']}: {head}.", columns)
    for law in found.laws:
        lines += _law_lines(law, columns)
    return "\n".join(lines) + "\n"


def _law_lines(law: Law, columns: int) -> list[str]:
    mark, sign = (GREEN, "holds ") if law.holds else (RED, "broken")
    people = "1 person" if law.people == 1 else f"{law.people:,} people"
    first, *rest = wrapped(f"{law.statement} ({people})", columns - 8, "", "")
    lines = [f"{marked(mark, sign)}  {first}", *(f"        {line}" for line in rest)]
    if law.violation is not None:
        lines += wrapped(f"{capitalized(law.violation)}. The simplest such person:", columns, " " * 8)
        written = law.counterexample or {}
        shown = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in written.items()] or ["{}"]
        lines += [" " * 10 + line for line in shown]
    return lines


def _signed(number: Fraction) -> str:
    rounded = tenths(number)
    return f"{rounded:+}" if rounded else f"{'+' if number > 0 else '-'}0.0"

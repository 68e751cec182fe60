"""The audit of a catalog, as a page and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from formatpicker.base.durations import counted
from formatpicker.base.style import BOLD, DIM, Screen, marked, wrapped
from formatpicker.base.text import joined
from formatpicker.catalog.model import Catalog, Format
from formatpicker.catalog_tools.audit import Audit, FormatAudit, QuestionAudit
from formatpicker.catalog_tools.evidence import OLD_AFTER_MONTHS, Unsourced
from formatpicker.catalog_tools.research import ResearchValue
from formatpicker.output.json.data import catalog_data
from formatpicker.scoring.answers import Answers, answer_text, written_answers
from formatpicker.scoring.rounding import in_tenths, rounded

if TYPE_CHECKING:
    from formatpicker.output.json import catalog_types

# How many values the page names; the data have all.
MOST_RESEARCH = 10
_WHY_DATED = {
    "expired": "was valid to",
    "old": "as of",
    "unreadable": "has a date that cannot be read:",
}
_WHY_UNSTEPPED = {"none": "names no step", "other": "names another step than its value"}


class _Placed(Protocol):
    """A value of a format: in general where ``region`` is empty."""

    @property
    def format(self) -> Format: ...

    @property
    def attribute(self) -> str: ...

    @property
    def region(self) -> str: ...


def audit_text(audit: Audit, screen: Screen) -> str:
    """The audit as a page."""
    columns = screen.columns
    lines = [*titled(_audit_headline(audit), columns), *titled("Who gets each format first", columns)]
    for each in audit.formats:
        lines += wrapped(f"{each.format.name}: {_verdict(audit.catalog, each)}", columns, "  ", "    ")
    lines += titled(f"How often each question decides, among {audit.people:,} random people", columns)
    lines += _decisions(audit.questions, audit.people)
    lines += titled(f"Values without an outside source: {len(audit.unsourced)} of {audit.values}", columns)
    for name, found in _by_format(audit.unsourced).items():
        lines += _unsourced_lines(audit.catalog, name, found, columns)
    for part in (_dated_lines, _home_page_lines, _unstepped_lines, _research_lines):
        lines += part(audit, columns)
    return "\n".join(lines) + "\n"


def titled(text: str, columns: int) -> list[str]:
    """A heading, as wide as the screen."""
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
        f"  {each.question.id.ljust(width)}  {_percent(each.decides, people):>5} %"
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
        return titled("Dates were not checked", columns)
    lines = titled(
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


def _home_page_lines(audit: Audit, columns: int) -> list[str]:
    if not audit.home_pages:
        return []
    lines = titled(f"Addresses that name a site and no page of it: {len(audit.home_pages)}", columns)
    for each in audit.home_pages:
        cited = counted(each.cited, "time")
        lines += wrapped(f"{each.source.id}: {each.source.url} (cited {cited})", columns, "  ", "    ")
    return lines


def _unstepped_lines(audit: Audit, columns: int) -> list[str]:
    if not audit.unstepped:
        return []
    lines = titled(f"Judged levels whose note does not name their step: {len(audit.unstepped)}", columns)
    for each in audit.unstepped:
        text = f"{each.format.name}, {_where(audit.catalog, each)}: {_WHY_UNSTEPPED[each.why]}"
        lines += wrapped(text, columns, "  ", "    ")
    return lines


def _research_lines(audit: Audit, columns: int) -> list[str]:
    """The values on which most hangs, those without an outside source marked."""
    found = [each for each in audit.research if each.changed][:MOST_RESEARCH]
    if not found:
        return []
    who = f"who of {audit.people:,} random people would get another top if a value were a step off"
    lines = titled(f"What to research next: {who}", columns)
    for each in found:
        basis = each.value.basis if each.outside_source else f"{each.value.basis}, no outside source"
        text = f"{each.format.name}, {_where(audit.catalog, each)} ({basis})"
        lines += wrapped(f"{_percent(each.changed, audit.people):>5} %  {text}", columns, "  ", "    ")
    return lines


def _where(catalog: Catalog, found: _Placed) -> str:
    return catalog.attributes[found.attribute].label + (f" ({found.region})" if found.region else "")


def _percent(count: int, people: int) -> float:
    return in_tenths(count, people) or 0.0


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
        "unsourced": [{**_place(each), "why": each.why} for each in audit.unsourced],
        "dated": [{**_place(each), "why": each.why, "date": each.date} for each in audit.dated],
        "home_pages": [
            {"source": each.source.id, "url": each.source.url, "cited": each.cited} for each in audit.home_pages
        ],
        "unstepped": [{**_place(each), "why": each.why} for each in audit.unstepped],
        "research": [_research_data(each, audit.people) for each in audit.research],
    }


def _place(found: _Placed) -> catalog_types.Place:
    return {"format": found.format.id, "attribute": found.attribute, "region": found.region or None}


def _research_data(found: ResearchValue, people: int) -> catalog_types.Research:
    return {
        **_place(found),
        "core": found.format.core,
        "basis": found.value.basis,
        "outside_source": found.outside_source,
        "concerned": found.concerned,
        "down": found.down,
        "up": found.up,
        "changed": found.changed,
        "share": _share(found.changed, people),
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
    share = _share(found.decides, people)
    return {"question": found.question.id, "answered": found.answered, "decides": found.decides, "share": share}


def _share(count: int, people: int) -> float:
    return rounded(1000 * count, people or 1) / 1000

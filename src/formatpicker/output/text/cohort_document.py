"""A cohort as a document for an advisor, made from nothing but the summary; what another catalog would do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from formatpicker.base.durations import counted
from formatpicker.catalog.attributes import value_phrase
from formatpicker.catalog.model import Catalog
from formatpicker.catalog_tools.diff import ADDED, CHANGED, Edit
from formatpicker.output.text.document_layout import (
    Block,
    Grid,
    Heading,
    Items,
    Mark,
    Paragraph,
    day_words,
    heading_blocks,
    thousandths,
)

if TYPE_CHECKING:
    from formatpicker.catalog.json_types import CatalogRecord, NamedFormat
    from formatpicker.output.json.cohort_types import CohortWhatIf, CountedFormat, CountedGroup, OpenedFormat, Summary

TITLE = "Which formats suit a group of people"
ROUNDED = (
    "Every number of people on this page is rounded to the nearest {to}, so 0 may stand for one or two people, and the"
    " parts of a whole need not add up; a bar is drawn only where the whole is at least {least} people."
)
EXACT = "Every number of people on this page is exact: keep it inside your office."
OPEN = (
    "Open means not ruled out: a format fits, fits on a condition (only some of its kind do), or is a long shot (only a"
    " rare one does)."
)
TALK = (
    "No name stands on this page. The list is in the table of results that was written together with the summary:"
    " filter it by the column that is named here. --fields +call,one_answer_away adds what is not always in it."
)
MOST_CONDITIONS = 6


def cohort_document(summary: Summary, name: str = "", source: str = "", day: str = "") -> list[Block]:
    """The whole document, of what ``batch --summary`` writes.

    What the group is called, which file the summary is from and the day (YYYY-MM-DD) may be empty.
    """
    people = summary["accepted"]
    to, least = summary["rounded_to"], summary["least_shared"]
    return [
        *heading_blocks(f"Which formats suit {_people(people)}", name, day_words(day), _origin(summary, source)),
        Paragraph("{rows:,} rows were read: {accepted:,} accepted, {rejected:,} rejected.".format_map(summary)),
        Paragraph(ROUNDED.format(to=to, least=least) if to > 1 else EXACT, soft=True),
        Heading("What comes first"),
        _counts(("First place, each person counted once", "People"), _first_rows(summary), summary),
        *_by_group(summary),
        *_defined("What these formats are", summary["formats"]),
        Heading("Whom to talk to first"),
        *_talk(summary),
        Heading("Whom each format is open to"),
        Paragraph(OPEN),
        _open(summary),
        *(block for each in summary["formats"] for block in _format(summary, each)),
        Heading("How sure the results are"),
        Items(_certainty(summary)),
        *_answered(summary),
        *_counted("What was left open", "Question", _rows(summary["coverage"]["left_open"], "label"), summary),
        *_counted("The best variant for each person", "Variant", _rows(summary["best_variants"], "name"), summary),
        *_defined("What these variants are", summary["best_variants"]),
        *(block for at, each in enumerate(summary["what_if"], 1) for block in _what_if(each, at)),
        Paragraph(_catalog_line(summary["catalog"], f" {summary['program']}"), soft=True),
    ]


def _answered(summary: Summary) -> list[Block]:
    """How each question was answered, goals with who named each first."""
    blocks: list[Block] = []
    for each in summary["answers"]:
        heading = f"{each['label']} ({each['people']:,} answered)"
        if not each["counts"]:
            blocks.append(Paragraph(f"{heading}: no answer is common enough to be shown."))
        elif all("first" in item for item in each["counts"]):
            headings, rows = (heading, "Named by", "First for"), _rows(each["counts"], "answer", "people", "first")
            blocks.append(_counts(headings, rows, summary))
        else:
            blocks.append(_counts((heading, "People"), _rows(each["counts"], "answer"), summary))
    return [Heading("What was answered"), *blocks] if blocks else []


def _origin(summary: Summary, source: str) -> str:
    """The table that was counted, else the summary's own file."""
    if "source" not in summary:
        return source and f"from {source}"
    return f"from {summary['source']}" + (f", counted {day_words(summary['counted'])}" if "counted" in summary else "")


def _people(count: int) -> str:
    return counted(count, "person", "people")


def _counts(
    headings: Sequence[str], rows: Sequence[Sequence[Any]], summary: Summary, wholes: Sequence[int] | None = None
) -> Grid:
    """Names, counts of people, and a bar beside each count; ``wholes`` are those of the rows, else all people."""
    marks: dict[tuple[int, int], Mark] = {}
    for at, row in enumerate(rows):
        whole = wholes[at] if wholes else summary["accepted"]
        for column, count in enumerate(row[1:], 1):
            if whole and whole >= summary["least_shared"]:  # a bar for a share of fewer people would tell of them
                marks[at, column] = Mark(thousandths(count, whole))
    cells = [(name, *(f"{count:,}" for count in counts)) for name, *counts in rows]
    return Grid(headings, cells, frozenset(range(1, len(headings))), marks)


def _rows(entries: Sequence[Mapping[str, Any]], name: str, *counts: str) -> list[tuple[Any, ...]]:
    """What each entry is called and some counts of it, by their keys; the people if none are named."""
    return [tuple(each[key] for key in (name, *(counts or ("people",)))) for each in entries]


def _counted(title: str, first: str, rows: Sequence[tuple[str, int]], summary: Summary) -> list[Block]:
    """A table of counts under a heading; nothing where it would be empty."""
    return [Heading(title), _counts((first, "People"), rows, summary)] if rows else []


def _defined(title: str, entries: Sequence[NamedFormat]) -> list[Block]:
    texts = [f"{each['name']}: {each['definition']}" for each in entries]
    return [Heading(title, 3), Items(texts)] if texts else []


def _first_rows(counted: Summary | CountedGroup) -> list[tuple[str, int]]:
    top = counted["top"]
    return [
        *_rows(counted["formats"], "name", "alone"),
        ("Several formats level", top["tied"]),
        ("None: every format is ruled out", top["infeasible"]),
        ("None: no answer tells the formats apart", top["undecided"]),
    ]


def _by_group(summary: Summary) -> list[Block]:
    """The first places of each group side by side, a row of bars for each, where the summary is split."""
    groups = summary.get("groups") or []
    if not groups:
        return []
    counts = [[count for _, count in _first_rows(group)] for group in groups]
    used = [at for at, column in enumerate(zip(*counts, strict=True)) if any(column)]
    rows = [
        (f"{group['group']} ({_people(group['accepted'])})", *(row[at] for at in used))
        for group, row in zip(groups, counts, strict=True)
    ]
    names = [name for name, _ in _first_rows(groups[0])]
    headings = (summary.get("by") or "Group", *(names[at] for at in used))
    return [
        Heading("What comes first, by group", 3),
        _counts(headings, rows, summary, [group["accepted"] for group in groups]),
        Paragraph("A full bar is the whole group.", soft=True),
    ]


def _talk(summary: Summary) -> list[Block]:
    """Who needs a talk most, how many they are, and by what they are found in the table of results."""
    top, fragile, coverage = summary["top"], summary["fragile"], summary["coverage"]
    rows = [
        ("Every format is ruled out for them", top["infeasible"], "eligibility: blocked"),
        ("Their best format is a long shot", top["eligibility"]["unlikely"], "eligibility: unlikely"),
        ("Several formats are level for them", top["tied"], "top: more than one"),
        ("Their first place is too close to call", fragile["close"], "call: too_close"),
        ("They answered little so far", coverage["people"], f"coverage: under {coverage['below']:.2f}"),
        ("No answer of theirs tells the formats apart", top["undecided"], "top and eligibility: empty"),
    ]
    rows += [
        (
            f"{each['name']}: ruled out, but one other answer would open it",
            each["one_answer_away"]["people"],
            f"one_answer_away: among those with {each['format']}",
        )
        for each in summary["formats"]
    ]
    shown = [(who, f"{count:,}", where) for who, count, where in rows if count]
    return [Grid(("Who", "People", "Where in the table of results"), shown, frozenset({1})), Paragraph(TALK, soft=True)]


def _open(summary: Summary) -> Grid:
    rows = _rows(summary["formats"], "name", "open", "fits", "conditional", "unlikely", "blocked")
    return _counts(("Format", "Open", "Fits", "On a condition", "Long shot", "Ruled out"), rows, summary)


def _format(summary: Summary, each: CountedFormat) -> list[Block]:
    """What rules one format out, what it depends on, and who is one answer away."""
    near = each["one_answer_away"]
    closing = _rows(each["blocked_by"], "label", "people", "alone")
    changes = [(" or ".join(item["labels"]), item["people"]) for item in near["changes"]]
    conditions = _rows(each["conditions"][:MOST_CONDITIONS], "label")
    blocks: list[Block] = []
    if closing:
        blocks.append(_counts(("What rules it out: answer to", "People", "It alone"), closing, summary))
    if changes:
        blocks.append(Paragraph(f"One other answer would open it to this many people: {near['people']:,}"))
        blocks.append(_counts(("Another answer to", "People"), changes, summary))
    if conditions:
        blocks.append(_counts(("What those it is open to must check most", "People"), conditions, summary))
    return [Heading(f"{each['name']}: what stands in the way"), *blocks] if blocks else []


def _certainty(summary: Summary) -> list[str]:
    fragile, coverage = summary["fragile"], summary["coverage"]
    return [
        f"Fragile results: {fragile['people']:,}. Close calls among them: {fragile['close']:,}; formats level:"
        f" {fragile['tied']:,}.",
        f"A close call stays first in fewer than {fragile['below']:.0%} of {fragile['draws']:,} tries with other"
        f" weights and values. Measured on {_people(fragile['sampled'])}.",
        f"Few answers, less than {coverage['below']:.0%} of what can count: {coverage['people']:,}.",
    ]


def _what_if(what_if: CohortWhatIf, number: int) -> list[Block]:
    rows = [
        (name, *(f"{count:,}" for count in counts))
        for name, *counts in _rows(what_if["formats"], "name", "before", "after", "opened", "closed")
    ]
    return [
        Heading(f"What if {number}: another catalog"),
        Items(what_if["sentences"]),
        Grid(("Open to", "Now", "Then", "Newly open", "Newly closed"), rows, frozenset(range(1, 5))),
        Paragraph(_catalog_line(what_if["catalog"]), soft=True),
    ]


def _catalog_line(catalog: CatalogRecord, program: str = "") -> str:
    sha256 = catalog["sha256"][:12]
    return f"Made by formatpicker{program} from: {catalog['title']}, version {catalog['version']} (SHA-256 {sha256})."


# --- what another catalog would do, in sentences ---------------------------------------------------------------------

NOTHING = "The two catalogs judge alike: nobody's result can change."
BUT_FOR_A_FEW = ", but for two people at most"
_MOST_NAMED = 3


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

    Nothing is said that a rounded count leaves open.
    """
    if not edits:
        return [NOTHING]
    premise, subject = _premise(catalog, other, edits)
    told = []
    for each in formats:
        ways = {"open": each["opened"], "closed": each["closed"]}
        effects = [f"{way} to {count:,} more of {people:,} people" for way, count in ways.items() if count]
        format = catalog.formats.get(each["format"]) or other.formats[each["format"]]
        phrase = "it" if format.id == subject else format.phrase
        told += [f"{premise}, {phrase} would be {' and '.join(effects)}."] if effects else []
    but = "" if exact else BUT_FOR_A_FEW
    return [
        *(told or [f"{premise}, every format would stay open to the same people{but}."]),
        f"Another format would come first for {changed:,} of {people:,} people."
        if changed
        else f"No result would change{but}.",
    ]


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

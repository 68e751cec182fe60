"""A cohort as a page for an advisor, made from nothing but the summary document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from formatpicker.output.html.html import Html, bar, element, listed, page, section, table

NOTE = (
    "Every number of people on this page is rounded to the nearest {to}, so 0 may stand for one or two people, and the"
    " parts of a whole need not add up; a share is drawn only where the whole is at least {least} people."
)
MOST_CONDITIONS = 6

Data = Mapping[str, Any]


def cohort_page(summary: Data) -> str:
    """The whole page."""
    people = summary["accepted"]
    blocks = [
        element("h1", f"Which formats suit {_people(people)}"),
        element("p", _rows_line(summary)),
        _note(summary),
        section("What comes first", _first(summary)),
        section("Whom each format is open to", _open(summary)),
        *(section(f"{each['name']}: what stands in the way", *_format(each)) for each in summary["formats"]),
        section("How sure the results are", listed(_certainty(summary))),
        section("What was left open", _left_open(summary)),
        section("Variants that suit best", _variants(summary)),
        *(_what_if(each, at) for at, each in enumerate(summary["what_if"], 1)),
        element("footer", element("p", _catalog_line(summary["catalog"]))),
    ]
    return page("Which formats suit a group of people", *blocks)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _rows_line(summary: Data) -> str:
    rows, accepted, rejected = (summary[name] for name in ("rows", "accepted", "rejected"))
    return f"{rows:,} rows were read: {accepted:,} accepted, {rejected:,} rejected."


def _note(summary: Data) -> Html:
    to, least = summary["rounded_to"], summary["least_shared"]
    return element("p", NOTE.format(to=to, least=least), class_="soft") if to > 1 else Html("")


def _share(summary: Data, count: int) -> str:
    """A bar for a share of all people, or nothing where there are too few of them."""
    whole = summary["accepted"]
    return bar(count, whole, f"{count:,} of {_people(whole)}") if whole >= summary["least_shared"] else ""


def _counted(caption: str, first: str, rows: Sequence[tuple[str, int]], summary: Data) -> Html:
    """A table of names, counts and bars; nothing where it would be empty."""
    lines = [(name, f"{count:,}", _share(summary, count)) for name, count in rows]
    return table(caption, (first, "People", "Share"), lines) if rows else Html("")


def _first(summary: Data) -> Html:
    top = summary["top"]
    rows = [(each["name"], each["alone"]) for each in summary["formats"]]
    rows += [
        ("Several formats level", top["tied"]),
        ("None: every format is ruled out", top["infeasible"]),
        ("None: no answer tells the formats apart", top["undecided"]),
    ]
    return _counted("What comes first, each person counted once", "First place", rows, summary)


def _open(summary: Data) -> Html:
    rows = [
        (
            each["name"],
            *(f"{each[name]:,}" for name in ("fits", "conditional", "unlikely", "blocked")),
            _share(summary, each["open"]),
        )
        for each in summary["formats"]
    ]
    headings = ("Format", "Open", "Open with conditions", "Long shot", "Ruled out", "Share it is open to")
    return table("For how many people a format is open or ruled out", headings, rows)


def _format(each: Data) -> list[Html]:
    """What rules one format out, what it depends on, and who is one answer away."""
    closing = [(item["label"], f"{item['people']:,}", f"{item['alone']:,}") for item in each["blocked_by"]]
    near = each["one_answer_away"]
    changes = [(" or ".join(item["labels"]), f"{item['people']:,}") for item in near["changes"]]
    conditions = [(item["label"], f"{item['people']:,}") for item in each["conditions"][:MOST_CONDITIONS]]
    return [
        _table_or_none("What rules it out", ("Answer to", "People", "It alone"), closing),
        _table_or_none(
            f"One other answer would open it to this many people: {near['people']:,}",
            ("Another answer to", "People"),
            changes,
        ),
        _table_or_none("What those it is open to have to check most", ("Condition", "People"), conditions),
    ]


def _table_or_none(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    return table(caption, headings, rows) if rows else Html("")


def _certainty(summary: Data) -> list[str]:
    fragile, coverage = summary["fragile"], summary["coverage"]
    close, level = f"{fragile['close']:,}", f"{fragile['tied']:,}"
    return [
        f"Fragile results: {fragile['people']:,}. Close calls among them: {close}; formats level: {level}.",
        f"A close call stays first in fewer than {fragile['below']:.0%} of {fragile['draws']:,} tries with other"
        f" weights and values. Measured on {_people(fragile['sampled'])}.",
        f"Few answers, less than {coverage['below']:.0%} of what can count: {coverage['people']:,}.",
    ]


def _left_open(summary: Data) -> Html:
    rows = [(each["label"], each["people"]) for each in summary["coverage"]["left_open"]]
    return _counted("How many people left a question open", "Question", rows, summary)


def _variants(summary: Data) -> Html:
    rows = [(each["name"], each["people"]) for each in summary["best_variants"]]
    return _counted("The best variant for each person", "Variant", rows, summary)


def _what_if(what_if: Data, number: int) -> Html:
    rows = [
        (each["name"], *(f"{each[name]:,}" for name in ("before", "after", "opened", "closed")))
        for each in what_if["formats"]
    ]
    return section(
        f"What if {number}: another catalog",
        listed(what_if["sentences"]),
        table("To how many people a format is open", ("Format", "Now", "Then", "Newly open", "Newly closed"), rows),
        element("p", _catalog_line(what_if["catalog"]), class_="soft"),
    )


def _catalog_line(catalog: Data) -> str:
    sha256 = catalog["sha256"][:12]
    return f"Made by formatpicker from: {catalog['title']}, version {catalog['version']} (SHA-256 {sha256})."

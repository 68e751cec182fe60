"""A recommendation as a piece of HTML for notebooks: the answer, and the formats in a table."""

from __future__ import annotations

from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.output.html.html import Html, element, together
from formatpicker.output.text.sentences import headline

COLUMNS = ("rank", "format", "points", "why")


def recommendation_html(recommendation: Recommendation) -> Html:
    """The answer in one sentence, and a row for each core format. No text in it can act as markup."""
    head = [element("th", name, scope="col") for name in COLUMNS]
    rows = [_row(entry) for entry in recommendation.ranking]
    table = element("table", element("thead", element("tr", *head)), element("tbody", together(rows)))
    return element("div", element("p", element("strong", headline(recommendation))), table)


def _row(entry: Entry) -> Html:
    """A format with its place and what speaks most for it, or what rules it out."""
    blockers = [blocker.text for blocker in entry.blockers]
    reasons = [each.text for each in entry.contributions if entry.points[each.term.weighed.criterion.id]]
    cells = (
        "-" if entry.rank is None else str(entry.rank),
        entry.name,
        "-" if entry.score is None else str(entry.score),
        next(iter((*blockers, *reasons)), ""),
    )
    return element("tr", *(element("td", cell) for cell in cells))

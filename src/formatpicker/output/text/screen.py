"""The result as a person reads it: the answer first, then why, then what to do; on one screen before the details."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from formatpicker.advice.notices import dated_text, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.base.terminal import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, emphasized, marked, titled, wrapped
from formatpicker.catalog.model import Catalog, citation_text
from formatpicker.output.text import sentences
from formatpicker.output.text.format_words import (
    TITLE_CLOSED,
    bare,
    checks,
    contending,
    definitions,
    foremost_checks,
    objections,
    place_so_far,
    place_words,
    reasons,
    ruled_out_words,
    span_text,
    told_of_each,
    unlikely_words,
    variants,
)
from formatpicker.scoring.ranking import Assessment, in_tenths, score_text
from formatpicker.scoring.rules import ONE

TITLE = "How well each one fits you, of 100 points; the line is how far it could move"
TITLE_SO_FAR = "Where each one stands so far"
# Indent, gap, the shortest track, a space and three digits: what a line has beside a name at least.
LEAST_BESIDE_NAME = 12
LONGEST_TRACK = 40
MOST_RULING_OUT = 4
# Below this width a hanging indent leaves no room to read in.
ROOMY = 60
PLAN_HINT = "see --pathways"
# The column of labels beside the text.
LABELS = 14


class _Page(Struct, frozen=True):
    """What the sections of a page are made of: ``more`` is what shows all of it, ``plans`` says how to see plans."""

    found: Recommendation
    screen: Screen
    more: str
    plans: str

    def labelled(self, label: str, mark: str, items: Iterable[str]) -> list[str]:
        """Items beside their label, each on a line of its own; below it where the screen is narrow."""
        columns = self.screen.columns
        items = [item for item in items if item]
        if not items:
            return []
        wide = columns >= ROOMY
        indent = " " * (LABELS + 2) if wide else "    "
        lines = [] if wide else [marked(BOLD, label)]
        for at, item in enumerate(items):
            first, *rest = wrapped(item, columns, indent)
            name = marked(BOLD, label.ljust(LABELS)) if wide and not at else " " * (len(indent) - 2)
            lines += [f"{name}{mark} {first[len(indent) :]}", *rest]
        return lines

    def of_each(self, label: str, mark: str, tell: Callable[[Entry, int], list[str]], most: int) -> list[str]:
        """What speaks for or against what contends for the first place, beside a label."""
        return self.labelled(label, mark, told_of_each(self.found, tell, most) if self.found.best else [])


def summary(recommendation: Recommendation, screen: Screen, more: str = "--details", plans: str = PLAN_HINT) -> str:
    """The result on one screen: at most ``height - 1`` lines, so that a prompt still fits below it.

    On a screen of a few lines it is as short as it gets, which may be longer. ``more`` is what a person types to see
    what had to be left out; ``plans`` says how to see plans.
    """
    page = _Page(recommendation, screen, more, plans)
    parts = {name: section(page, most) for name, (section, most) in _SECTIONS.items()}
    for smaller in _GIVES_WAY:
        if sum(map(len, parts.values())) < screen.height:
            break
        parts |= {name: _SECTIONS[name][0](page, most) for name, most in smaller.items()}
    return "\n".join(line for lines in parts.values() for line in lines) + "\n"


def _definition(page: _Page, most: int) -> list[str]:
    """What is recommended in one line each; of several contenders all or none."""
    defined = definitions(page.found)
    return [line for text in defined if len(defined) <= most for line in wrapped(text, page.screen.columns)]


def _conflicts(page: _Page, most: int) -> list[str]:
    texts = [f"Note: {conflict.text}" for conflict in page.found.conflicts[:most]]
    return [line for text in texts for line in emphasized(YELLOW, text, page.screen.columns)]


def _standings(page: _Page, most: int) -> list[str]:
    found = page.found
    return standings(found, page.screen, most if not found.rivals and not found.best else 1)


def _long_shots(page: _Page, most: int) -> list[str]:
    said = sentences.headline(page.found)
    shots = (notice.text for entry in page.found.best for notice in entry.long_shots if notice.text not in said)
    return page.labelled("Long shot", marked(RED, "!"), [*dict.fromkeys(shots)][:most])


def _why(page: _Page, most: int) -> list[str]:
    """What speaks for the first place; of several contenders for each, or for one where room is short (0)."""
    most = max(most, len(contending(page.found))) if most else 1
    return page.of_each("Fits because", marked(GREEN, "+"), reasons, most)


def _checks(page: _Page, most: int) -> list[str]:
    foremost = (each for entry in contending(page.found) for each in foremost_checks(page.found, entry))
    told = (dated_text(each, page.screen.today) for each in foremost)
    notices = list(dict.fromkeys(told))
    left = [f"and {len(notices) - most} more: {page.more} shows all of it"] if len(notices) > most else []
    return page.labelled("Check first", marked(YELLOW, "!"), notices[:most] + left)


def _steps(page: _Page, most: int) -> list[str]:
    return page.labelled("Do this week", ">", sentences.step_words(page.found, page.found.next_steps[:most]))


def _changes(page: _Page, most: int) -> list[str]:
    """What would change the answer; where nothing is open, what would open something."""
    found, mark = page.found, marked(CYAN, "~")
    if found.best:
        return page.labelled("Would change", mark, sentences.what_if_words(found, found.single_changes[:most]))
    said = 1 if found.nearest_opening else 0  # the headline names the nearest
    opening = found.relaxations[said : said + 2 * most]
    return page.labelled("Would open", mark, sentences.relaxation_words(found, opening))


def _plan(page: _Page, most: int) -> list[str]:
    """That several formats, one after another, would serve the goals better."""
    plans = page.found.pathways[:most] if page.found.best else []
    names = [" then ".join(step.format.name.lower() for step in plan.steps) for plan in plans]
    return page.labelled("Or a plan", ">", [f"Better together: {name} ({page.plans})" for name in names])


def _certainty(page: _Page, most: int) -> list[str]:
    """How sure it is; that a first place rests on little is always among it."""
    words = sentences.certainty_words(page.found)
    shown = words[:most]
    if shown and sentences.rests_on_little(page.found):
        shown[-1] = words[-1]
    return page.labelled("How sure", " ", [" ".join(shown)])


# The sections from top to bottom, and how many items each may take where there is room.
_SECTIONS: dict[str, tuple[Callable[[_Page, int], list[str]], int]] = {
    "title": (lambda page, most: titled(sentences.headline(page.found), page.screen.columns), 1),
    "definition": (_definition, 3),
    "conflicts": (_conflicts, 2),
    "standings": (_standings, MOST_RULING_OUT),
    "long shots": (_long_shots, 4),
    "why": (_why, 3),
    "against": (lambda page, most: page.of_each("But", marked(YELLOW, "-"), objections, most), 2),
    "checks": (_checks, 4),
    "steps": (_steps, 1),
    "changes": (_changes, 2),
    "variants": (lambda page, most: page.labelled("Also look at", ">", variants(page.found, most)), 2),
    "plan": (_plan, 1),
    "certainty": (_certainty, 4),
}
# The order in which a page that is too long gives way. Checks protect the person: one is always left.
_GIVES_WAY: tuple[dict[str, int], ...] = (
    {"definition": 1},
    {"variants": 1},
    {"changes": 1},
    {"standings": 1},
    {"checks": 3, "long shots": 3},
    {"against": 1},
    {"plan": 0},
    {"why": 2},
    {"conflicts": 1},
    {"variants": 0},
    {"checks": 2, "long shots": 2},
    {"certainty": 2},
    {"why": 1},
    {"changes": 0},
    {"certainty": 1},
    {"checks": 1, "long shots": 1},
    {"definition": 0},
    {"against": 0},
    {"why": 0},
)


# --- where each format stands ----------------------------------------------------------------------------------------


def standings(recommendation: Recommendation, screen: Screen, reasons: int = 1) -> list[str]:
    """A line for each core format; each reason that rules one out takes two at most."""
    width = max(len(entry.name) for entry in recommendation.ranking)
    scored = not sentences.answered_little(recommendation)
    title = TITLE if scored else TITLE_SO_FAR
    title = title if any(entry.rank for entry in recommendation.ranking) else TITLE_CLOSED
    lines = titled(title, screen.columns)
    for entry in recommendation.ranking:
        lines += _standing(
            entry, entry.name.ljust(width), screen, reasons, "" if scored else place_so_far(recommendation, entry)
        )
        # If what comes first is no long shot, each that is says why, so that its score is not taken for more.
        if entry.rank and entry.long_shots and not any(each.long_shots for each in recommendation.best):
            indent = " " * (width + 4) if screen.columns >= ROOMY else "    "
            lines += wrapped(unlikely_words(entry, entry.long_shots[0].text), screen.columns, indent)
    return lines


def _standing(entry: Entry, name: str, screen: Screen, reasons: int, place: str) -> list[str]:
    """The lines of one format: its place in words where that is given, else its score."""
    assessment = entry.assessment
    if entry.blockers:
        return [marked(RED, line) for line in _ruled_out(entry, name, screen, reasons)]
    if not assessment.scale:
        return [f"  {name}  nothing to go by yet"]
    if place:
        return [f"  {name}  {place}"]
    if screen.columns < len(name) + LEAST_BESIDE_NAME:
        return wrapped(f"{name.strip()}: {score_text(assessment)}", screen.columns, "  ", "    ")
    unlikely = "  long shot" if entry.long_shots else ""
    room = max(4, min(LONGEST_TRACK, screen.columns - len(name) - 9 - len("  long shot")))
    colour = YELLOW if unlikely else GREEN if entry.rank == 1 else CYAN
    fitting = unlikely if screen.columns >= len(name) + room + 8 + len(unlikely) else ""
    return [f"  {name}  {marked(colour, track(assessment, room, screen.unicode))} {score_text(assessment):>3}{fitting}"]


def track(assessment: Assessment, columns: int, unicode: bool = True) -> str:
    """The score as a mark among some columns, on a line from the low to the high end of its range."""
    line, mark, rest = ("─", "●", "·") if unicode else ("-", "o", ".")
    low, at, high = (
        min(columns - 1, total * columns // assessment.scale)
        for total in (assessment.total_low, assessment.total, assessment.total_high)
    )
    return "".join(mark if here == at else line if low <= here <= high else rest for here in range(columns))


def _ruled_out(entry: Entry, name: str, screen: Screen, reasons: int) -> list[str]:
    """What rules a format out, each reason in at most two lines, and how many more there are."""
    indent = " " * (len(name) + 4) if screen.columns >= ROOMY else "    "
    texts = [bare(entry, blocker.text).rstrip(".") for blocker in entry.blockers[:reasons]]
    texts[0] = f"{name}  {ruled_out_words(entry, entry.blockers[0].text).rstrip('.')}"
    more = len(entry.blockers) - len(texts)
    *before, last = [wrapped(text, screen.columns, indent if at else "  ", indent) for at, text in enumerate(texts)]
    if more:
        start = indent if before else "  "
        longer = [
            wrapped(f"{texts[-1]} ({words})", screen.columns, start, indent)
            for words in (f"and {more} more reason{'s' * (more > 1)}", f"+{more} more")
        ]
        last = longer[0] if len(longer[0]) == len(last) else longer[1]
    return [line for lines in (*before, last) for line in lines]


# --- everything behind it --------------------------------------------------------------------------------------------


def details(recommendation: Recommendation, screen: Screen) -> str:
    """Everything behind the summary, with its figures and every source."""
    columns = screen.columns
    lines = ["", *titled("How sure this is, in figures", columns)]
    for text in sentences.certainty_sentences(recommendation):
        lines += wrapped(text, columns, "  - ")
    for entry in recommendation.ranking:
        lines += _entry_details(recommendation.catalog, entry, screen)
    for title, texts in (
        ("Variants", _variant_lines(recommendation)),
        ("What would open a format", sentences.relaxation_words(recommendation, recommendation.relaxations)),
        ("Where to look next", sentences.step_words(recommendation, recommendation.next_steps)),
    ):
        lines += ["", *titled(title, columns)] if texts else []
        lines += [line for text in texts for line in wrapped(text, columns, "  > ")]
    return "\n".join(lines) + "\n"


def _variant_lines(recommendation: Recommendation) -> list[str]:
    """The variants of what is recommended with their scores, and which of them are alike so far."""
    fitting = [
        entry
        for entry in recommendation.variants
        if entry.rank is not None and set(entry.assessment.format.variant_of) & set(recommendation.top)
        if entry.assessment.unlikely <= recommendation.best[0].assessment.unlikely
    ]
    lines = [f"{entry.name}: {score_text(entry.assessment)} of 100 points" for entry in fitting]
    ids = {entry.id for entry in fitting}
    alike = [group for group in recommendation.indistinguishable if ids.issuperset(group.formats)]
    return lines + [sentences.group_words(recommendation.catalog, group) for group in alike]


def _entry_details(catalog: Catalog, entry: Entry, screen: Screen) -> list[str]:
    assessment, columns = entry.assessment, screen.columns
    place = place_words(entry)
    score = f", {score_text(assessment)} of 100 points ({span_text(assessment)})" if assessment.scale else ""
    lines = ["", *titled(f"{assessment.format.name}: {place}{score}", columns)]
    for contribution, points in zip(entry.contributions, entry.points.values(), strict=True):
        term = contribution.term
        # Points are rounded so that they add up to the score, which may lift one above its whole weight.
        most = max(points, in_tenths(ONE * term.weight, assessment.scale) or 0)
        part = f"{term.criterion.label}: {points:.1f} of {most:.1f} points"
        lines += wrapped(f"{contribution.text} ({part})", columns, "  ")
    for title, texts in (
        ("Ruled out by:", [(full_text(each), each.citations) for each in entry.blockers]),
        ("A long shot:", [(full_text(each), each.citations) for each in entry.long_shots]),
        ("Check first:", [(full_text(each, screen.today), each.citations) for each in checks(entry)]),
    ):
        lines += wrapped(title, columns, "  ") if texts else []
        for text, citations in texts:
            lines += wrapped(text, columns, "  ! ")
            for citation in citations:
                lines += emphasized(DIM, citation_text(catalog, citation), columns, "      ")
    if entry.unchecked:
        labels = [catalog.questions[id].label.lower() for id in entry.unchecked]
        lines += wrapped(f"Not checked, because not answered: {', '.join(labels)}.", columns, "  ? ")
    return lines

"""The result as a person reads it: the answer first, then why, then what to do; on one screen before the details."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.advice.notices import dated_text, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.wording import citation_text
from formatpicker.base.style import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, emphasized, marked, titled, wrapped
from formatpicker.catalog.model import Catalog
from formatpicker.output.text import sentences
from formatpicker.output.text.format_words import (
    bare,
    checks,
    contending,
    definitions,
    objections,
    place_words,
    reasons,
    ruled_out_words,
    span_text,
    told_of_each,
    variants,
)
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.rounding import in_tenths, score_text
from formatpicker.scoring.rules import ONE

TITLE = "How well each one fits you, of 100 points; the line is how far it could move"
TITLE_CLOSED = "What rules each one out"
TITLE_SO_FAR = "Where each one stands so far"
# Indent, gap, the shortest line, a space and three digits, beside a name.
LEAST_LINE = 12
MOST_LINE = 40
MOST_REASONS = 4
# Below this width a hanging indent leaves no room to read in.
ROOMY = 60
PLAN_HINT = "see --pathways"
# The column of labels beside the text.
LABELS = 14


class Room(Struct, frozen=True):
    """How many items each section may take; sections shrink in turn until the page fits the screen."""

    definition: int = 3
    why: int = 3
    against: int = 2
    conflicts: int = 2
    checks: int = 4
    steps: int = 1
    changes: int = 2
    variants: int = 2
    plans: int = 1
    certainty: int = 4
    reasons: int = MOST_REASONS


# The order in which a page that is too long gives way; checks last, for they protect the person.
_GIVES_WAY = (
    {"definition": 1},
    {"variants": 1},
    {"changes": 1},
    {"reasons": 1},
    {"checks": 3},
    {"against": 1},
    {"plans": 0},
    {"why": 2},
    {"conflicts": 1},
    {"variants": 0},
    {"checks": 2},
    {"certainty": 2},
    {"changes": 0},
    {"why": 1},
    {"certainty": 1},
    {"checks": 1},
    {"definition": 0},
    {"against": 0},
)


def summary(recommendation: Recommendation, screen: Screen, more: str = "--details", plans: str = PLAN_HINT) -> str:
    """The result on one screen: at most ``height - 1`` lines, so that a prompt still fits below it.

    ``more`` is what a person types to see what had to be left out; ``plans`` says how to see plans.
    """
    room = Room()
    lines = _page(recommendation, screen, room, more, plans)
    for smaller in _GIVES_WAY:
        if len(lines) < screen.height:
            break
        room = replace(room, **smaller)
        lines = _page(recommendation, screen, room, more, plans)
    return "\n".join(lines) + "\n"


def _page(recommendation: Recommendation, screen: Screen, room: Room, more: str, plans: str) -> list[str]:
    columns = screen.columns
    best = recommendation.best
    lines = titled(sentences.headline(recommendation), columns)
    defined = definitions(recommendation)  # of several contenders all or none
    lines += [line for text in defined if len(defined) <= room.definition for line in wrapped(text, columns)]
    for conflict in recommendation.conflicts[: room.conflicts]:
        lines += emphasized(YELLOW, f"Note: {conflict.text}", columns)
    lines += standings(recommendation, screen, room.reasons if not recommendation.rivals and not best else 1)
    said = sentences.headline(recommendation)
    shots = dict.fromkeys(notice.text for entry in best for notice in entry.long_shots if notice.text not in said)
    lines += _labelled("Long shot", marked(RED, "!"), list(shots)[: room.checks], columns)
    if best:
        why = told_of_each(recommendation, reasons, room.why)
        against = told_of_each(recommendation, objections, room.against)
        lines += _labelled("Fits because", marked(GREEN, "+"), why, columns)
        lines += _labelled("But", marked(YELLOW, "-"), against, columns)
    lines += _checks(recommendation, room.checks, screen, more)
    steps = [sentences.step_words(recommendation, step) for step in recommendation.next_steps[: room.steps]]
    lines += _labelled("Do this week", ">", steps, columns)
    title = "Would change" if best else "Would open"
    lines += _labelled(title, marked(CYAN, "~"), _changes(recommendation, room.changes), columns)
    lines += _labelled("Also look at", ">", variants(recommendation, room.variants), columns)
    lines += _labelled("Or a plan", ">", _plan(recommendation, plans)[: room.plans], columns)
    return lines + _labelled("How sure", " ", [" ".join(_certainty(recommendation, room.certainty))], columns)


def _certainty(recommendation: Recommendation, most: int) -> list[str]:
    """How sure it is; that a first place rests on little is always among it."""
    words = sentences.certainty_words(recommendation)
    shown = words[:most]
    return [*shown[:-1], words[-1]] if shown and sentences.rests_on_little(recommendation) else shown


def _labelled(label: str, mark: str, items: Sequence[str], columns: int) -> list[str]:
    """Items beside their label, each on a line of its own; below it where the screen is narrow."""
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


def _checks(recommendation: Recommendation, most: int, screen: Screen, more: str) -> list[str]:
    found = (dated_text(notice, screen.today) for entry in contending(recommendation) for notice in checks(entry))
    notices = list(dict.fromkeys(found))
    shown = notices[:most]
    if len(notices) > most:
        shown.append(f"and {len(notices) - most} more: {more} shows all of it")
    return _labelled("Check first", marked(YELLOW, "!"), shown, screen.columns)


def _changes(recommendation: Recommendation, most: int) -> list[str]:
    """What would change the answer; where nothing is open, what would open something."""
    if recommendation.best:
        return [sentences.what_if_words(recommendation, each) for each in recommendation.single_changes[:most]]
    said = 1 if recommendation.nearest_opening else 0  # the headline names the nearest
    return [
        sentences.relaxation_words(recommendation, each) for each in recommendation.relaxations[said : said + 2 * most]
    ]


def _plan(recommendation: Recommendation, how: str) -> list[str]:
    """That several formats, one after another, would serve the goals better: one line or none."""
    found = recommendation.pathways[:1] if recommendation.best else []
    names = [" then ".join(step.format.name.lower() for step in pathway.steps) for pathway in found]
    return [f"Better together: {name} ({how})" for name in names]


# --- where each format stands ----------------------------------------------------------------------------------------


def standings(recommendation: Recommendation, screen: Screen, reasons: int = 1) -> list[str]:
    """A line for each core format; each reason that rules one out takes two at most."""
    names = [entry.name for entry in recommendation.ranking]
    width = max(map(len, names))
    scored = not sentences.answered_little(recommendation)
    title = TITLE if scored else TITLE_SO_FAR
    title = title if any(entry.rank for entry in recommendation.ranking) else TITLE_CLOSED
    lines = titled(title, screen.columns)
    for entry, name in zip(recommendation.ranking, names, strict=True):
        lines += _standing(entry, name.ljust(width), screen, reasons, scored)
    return lines


def _standing(entry: Entry, name: str, screen: Screen, reasons: int, scored: bool) -> list[str]:
    assessment = entry.assessment
    if entry.blockers:
        return [marked(RED, line) for line in _ruled_out(entry, name, screen, reasons)]
    if not assessment.scale:
        return [f"  {name}  nothing to go by yet"]
    if not scored:
        return [f"  {name}  {_place(entry)}"]
    if screen.columns < len(name) + LEAST_LINE:
        return wrapped(f"{name.strip()}: {score_text(assessment)}", screen.columns, "  ", "    ")
    unlikely = "  long shot" if entry.long_shots else ""
    room = max(4, min(MOST_LINE, screen.columns - len(name) - 9 - len("  long shot")))
    colour = YELLOW if unlikely else GREEN if entry.rank == 1 else CYAN
    fitting = unlikely if screen.columns >= len(name) + room + 8 + len(unlikely) else ""
    return [f"  {name}  {marked(colour, track(assessment, room, screen.unicode))} {score_text(assessment):>3}{fitting}"]


def _place(entry: Entry) -> str:
    if entry.long_shots:
        return "a long shot"
    return "first so far" if entry.rank == 1 else "open"


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
    for text in sentences.certainty_sentences(recommendation).values():
        lines += wrapped(text, columns, "  - ")
    for entry in recommendation.ranking:
        lines += _entry_details(recommendation.catalog, entry, screen)
    for title, texts in (
        ("Variants", _variant_lines(recommendation)),
        (
            "What would open a format",
            [sentences.relaxation_words(recommendation, each) for each in recommendation.relaxations],
        ),
        ("Where to look next", [sentences.step_words(recommendation, step) for step in recommendation.next_steps]),
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
        weighed = contribution.term.weighed
        # Points are rounded so that they add up to the score, which may lift one above its whole weight.
        most = max(points, in_tenths(ONE * weighed.weight, assessment.scale) or 0)
        part = f"{weighed.criterion.label}: {points:.1f} of {most:.1f} points"
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

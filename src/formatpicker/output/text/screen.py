"""The result as a person reads it: the answer first, then why, then what to do; on one screen before the details."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.advice.certainty import Call
from formatpicker.advice.notices import Contribution, Notice, dated_text, full_text
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.wording import citation_text
from formatpicker.base.style import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, emphasized, marked, titled, wrapped
from formatpicker.catalog.criteria import About, RuleKind, Verdict
from formatpicker.catalog.model import Catalog
from formatpicker.output.text.sentences import (
    answered_little,
    certainty_sentences,
    certainty_words,
    facts_first,
    group_words,
    headline,
    relaxation_words,
    rests_on_little,
    step_words,
    what_if_words,
)
from formatpicker.output.text.standings import MOST_REASONS, ROOMY, bare, span_text, standings
from formatpicker.scoring.rounding import in_tenths, score_text
from formatpicker.scoring.rules import HALF, ONE, only_some, speaks_for

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
    lines = titled(headline(recommendation), columns)
    defined = definitions(recommendation)  # of several contenders all or none
    lines += [line for text in defined if len(defined) <= room.definition for line in wrapped(text, columns)]
    for conflict in recommendation.conflicts[: room.conflicts]:
        lines += emphasized(YELLOW, f"Note: {conflict.text}", columns)
    lines += standings(recommendation, screen, room.reasons if not recommendation.rivals and not best else 1)
    said = headline(recommendation)
    shots = dict.fromkeys(notice.text for entry in best for notice in entry.long_shots if notice.text not in said)
    lines += _labelled("Long shot", marked(RED, "!"), list(shots)[: room.checks], columns)
    if best:
        why = told_of_each(recommendation, reasons, room.why)
        against = told_of_each(recommendation, objections, room.against)
        lines += _labelled("Fits because", marked(GREEN, "+"), why, columns)
        lines += _labelled("But", marked(YELLOW, "-"), against, columns)
    lines += _checks(recommendation, room.checks, screen, more)
    steps = [step_words(recommendation, step) for step in recommendation.next_steps[: room.steps]]
    lines += _labelled("Do this week", ">", steps, columns)
    title = "Would change" if best else "Would open"
    lines += _labelled(title, marked(CYAN, "~"), _changes(recommendation, room.changes), columns)
    lines += _labelled("Also look at", ">", variants(recommendation, room.variants), columns)
    lines += _labelled("Or a plan", ">", _plan(recommendation, plans)[: room.plans], columns)
    return lines + _labelled("How sure", " ", [" ".join(_certainty(recommendation, room.certainty))], columns)


def _certainty(recommendation: Recommendation, most: int) -> list[str]:
    """How sure it is; that a first place rests on little is always among it."""
    words = certainty_words(recommendation)
    shown = words[:most]
    return [*shown[:-1], words[-1]] if shown and rests_on_little(recommendation) else shown


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


def definitions(recommendation: Recommendation) -> list[str]:
    """What is recommended, or what contends for it, in one line each; of several each with its name."""
    formats, certainty = recommendation.catalog.formats, recommendation.certainty
    close = certainty.call is Call.TOO_CLOSE
    named = [formats[id] for id in certainty.contenders[: None if close else len(recommendation.best) or 1]]
    return [f"{format.name}: {format.summary}" if named[1:] else format.summary for format in named]


def contending(recommendation: Recommendation) -> list[Entry]:
    """The formats to choose among: the first place, or where it is too close to call all that may come first."""
    certainty = recommendation.certainty
    if certainty.call is not Call.TOO_CLOSE:
        return [*recommendation.best]
    return [entry for entry in recommendation.ranking if entry.id in certainty.contenders]


def told_of_each(recommendation: Recommendation, tell: Callable[[Entry, int], list[str]], most: int) -> list[str]:
    """What speaks for, or against, the first format; of several that contend in turn, each by its name."""
    entries = contending(recommendation)
    if len(entries) < 2:
        return tell(entries[0], most)
    told = [[f"{entry.name}: {text[:1].lower()}{text[1:]}" for text in tell(entry, most)] for entry in entries]
    return [text for texts in zip_longest(*told) for text in texts if text][:most]


def reasons(entry: Entry, most: int) -> list[str]:
    """What adds most to the score, in the terms of the sum, and holds without a condition."""
    good = [each.text for each in entry.contributions if speaks_for(each.term.judgement) and not _to_look_for(each)]
    return [_about_it(entry, text) for text in good[:most]]


def objections(entry: Entry, most: int) -> list[str]:
    """What costs most of the score, then what the catalog holds against the format in general.

    A limit that only the shorter instances meet, and a fact that asks for a check, are left to the checks.
    """
    weak = [each for each in entry.contributions if each.term.judgement.typical < HALF]
    weak = [each for each in weak if not (only_some(each.term.judgement) and _is_for_checks(each))]
    weak.sort(key=lambda each: -each.term.weighed.weight * (2 * HALF - each.term.judgement.typical))
    own = [_about_it(entry, each.text) for each in weak]
    return [*own, *entry.assessment.format.speaks_against][:most]


def _to_look_for(contribution: Contribution) -> bool:
    """Whether the text of a limit says which instances to look for: a check, not a reason."""
    return _is_limit(contribution) and contribution.term.judgement.verdict is not Verdict.FITS


def _is_limit(contribution: Contribution) -> bool:
    return contribution.term.weighed.criterion.rule.kind is RuleKind.LIMIT


def _is_for_checks(contribution: Contribution) -> bool:
    return _is_limit(contribution) or contribution.term.weighed.criterion.about is About.FACT


def _about_it(entry: Entry, text: str) -> str:
    rest = bare(entry, text)
    return text if rest == text else f"It {rest}"


def place_words(entry: Entry) -> str:
    """Where a format stands: ``rank 2, a long shot``."""
    if entry.rank is None:
        return "ruled out"
    return f"rank {entry.rank}{', a long shot' if entry.long_shots else ''}"


def checks(entry: Entry) -> tuple[Notice, ...]:
    """What to check before saying yes: first what a fact about the person raises (a visa, an age), then the rest."""
    return tuple(facts_first(entry, (*entry.conditions, *entry.cautions)))


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
        return [what_if_words(recommendation, each) for each in recommendation.single_changes[:most]]
    said = 1 if recommendation.nearest_opening else 0  # the headline names the nearest
    return [relaxation_words(recommendation, each) for each in recommendation.relaxations[said : said + 2 * most]]


def variants(recommendation: Recommendation, most: int) -> list[str]:
    """The best variants of what is recommended, each with its definition; those that are alike so far as one."""
    group_of = {id: group for group in recommendation.indistinguishable for id in group.formats}
    told: dict[object, str] = {}
    for entry in offered(recommendation):
        format, group = entry.assessment.format, group_of.get(entry.id)
        told.setdefault(group or entry.id, f"{format.name}: {format.summary}")
    return list(told.values())[:most]


def offered(recommendation: Recommendation) -> list[Entry]:
    """The variants that are offered, best first: of what is at the top in the first place, open, and above the floor.

    With few answers, and where the top itself is a long shot, none is.
    """
    if answered_little(recommendation):
        return []
    floor = recommendation.catalog.certainty.variant_floor
    return [
        entry
        for entry in recommendation.variants
        if entry.rank is not None
        and not entry.long_shots
        and entry.assessment.format.variant_of[0] in recommendation.top
        and 100 * entry.assessment.total >= floor * entry.assessment.scale
    ]


def _plan(recommendation: Recommendation, how: str) -> list[str]:
    """That several formats, one after another, would serve the goals better: one line or none."""
    found = recommendation.pathways[:1] if recommendation.best else []
    names = [" then ".join(step.format.name.lower() for step in pathway.steps) for pathway in found]
    return [f"Better together: {name} ({how})" for name in names]


def details(recommendation: Recommendation, screen: Screen) -> str:
    """Everything behind the summary, with its figures and every source."""
    columns = screen.columns
    lines = ["", *titled("How sure this is, in figures", columns)]
    for text in certainty_sentences(recommendation).values():
        lines += wrapped(text, columns, "  - ")
    for entry in recommendation.ranking:
        lines += _entry_details(recommendation.catalog, entry, screen)
    for title, texts in (
        ("Variants", _variant_lines(recommendation)),
        ("What would open a format", [relaxation_words(recommendation, each) for each in recommendation.relaxations]),
        ("Where to look next", [step_words(recommendation, step) for step in recommendation.next_steps]),
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
    return lines + [group_words(recommendation.catalog, group) for group in alike]


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

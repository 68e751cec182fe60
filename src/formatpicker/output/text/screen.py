"""The result as a person reads it: the answer first, then why, then what to do; on one screen before the details."""

from __future__ import annotations

from dataclasses import replace

from formatpicker.advice.explanation import Contribution, Notice, citation_text, dated_text, full_text
from formatpicker.advice.indistinguishable import Group
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.sensitivity import CLOSE, FEW
from formatpicker.base.frozen import dataclass
from formatpicker.base.style import BOLD, CYAN, DIM, GREEN, RED, YELLOW, Screen, bar, marked, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.model import About, Catalog, RuleKind
from formatpicker.output.text.sentences import certainty_line, relaxation_words, step_words, what_if_words
from formatpicker.scoring.ranking import Assessment
from formatpicker.scoring.rounding import score_text
from formatpicker.scoring.rules import HALF, only_some, speaks_for

PLAN_HINT = "see --pathways"
# Indent, gap, the shortest bar, a space and three digits, beside a name.
LEAST_BAR = 12
STANDINGS = "How well each one fits you (points of 100, and how far they could move)"


MOST_REASONS = 4
# Below this width a hanging indent leaves no room to read in.
ROOMY = 60


@dataclass(frozen=True)
class Room:
    """How many items each section may take; sections shrink in turn until the page fits the screen."""

    why: int = 3
    against: int = 2
    conflicts: int = 2
    checks: int = 4
    changes: int = 2
    steps: int = 3
    variants: int = 3
    plans: int = 1


# The order in which a page that is too long gives way; checks last, for they protect the person.
_GIVES_WAY = (
    {"steps": 2},
    {"changes": 1},
    {"steps": 1},
    {"variants": 2},
    {"checks": 3},
    {"why": 2},
    {"against": 1},
    {"conflicts": 1},
    {"variants": 1},
    {"checks": 2},
    {"plans": 0},
    {"changes": 0},
    {"why": 1},
    {"checks": 1},
)


def summary(recommendation: Recommendation, screen: Screen, more: str = "--details") -> str:
    """The result on one screen: at most ``height - 1`` lines, so that a prompt still fits below it.

    ``more`` is what a person types to see what had to be left out.
    """
    room = Room()
    lines = _page(recommendation, screen, room, more)
    for smaller in _GIVES_WAY:
        if len(lines) < screen.height:
            break
        room = replace(room, **smaller)
        lines = _page(recommendation, screen, room, more)
    return "\n".join(lines) + "\n"


def _page(recommendation: Recommendation, screen: Screen, room: Room, more: str) -> list[str]:
    columns = screen.columns
    lines = [marked(BOLD, line) for line in wrapped(headline(recommendation), columns)]
    best = list(recommendation.best)
    for conflict in recommendation.conflicts[: room.conflicts]:
        lines += _coloured(YELLOW, wrapped(f"Note: {conflict.text}", columns))
    if best:
        lines += _section("Why", reasons(best[0], room.why), columns, marked(GREEN, "+"))
        lines += _section("What speaks against it", objections(best[0], room.against), columns, marked(YELLOW, "-"))
    lines += standings(recommendation, screen)
    lines += _certainty(recommendation, columns)
    lines += _checks(best, room.checks, screen, more)
    lines += _changes(recommendation, room.changes, columns)
    lines += _variants(recommendation, room.variants, columns)
    lines += _plan(recommendation, columns)[: room.plans]
    lines += _steps(recommendation, room.steps, columns)
    return lines


def headline(recommendation: Recommendation) -> str:
    """The answer in one sentence."""
    best = recommendation.best
    if not best:
        return recommendation.message
    name = capitalized(joined([entry.assessment.format.phrase for entry in best]))
    score = score_text(best[0].assessment)
    if len(best) > 1:
        return f"{name} suit you equally well ({score} of 100 each)."
    rivals = [entry for entry in recommendation.ranking if entry.rank is not None and entry.id != best[0].id]
    if not rivals:
        return f"{name} is the only format your answers leave open ({score} of 100)."
    rival = rivals[0].assessment
    if (recommendation.certainty.robustness or 0) < CLOSE:
        return f"{name} comes first, but it is close: {score} of 100, {rival.format.phrase} {score_text(rival)}."
    so_far = " so far" if recommendation.certainty.coverage < FEW else ""
    return f"{name} suits you best{so_far}: {score} of 100, then {rival.format.phrase} with {score_text(rival)}."


def standings(recommendation: Recommendation, screen: Screen, title: str = STANDINGS) -> list[str]:
    """A line for each core format: a bar with its score and range, or what rules it out."""
    names = [entry.assessment.format.name for entry in recommendation.ranking]
    width = max(map(len, names))
    lines = _coloured(BOLD, wrapped(title, screen.columns))
    reasons = 1 if recommendation.rivals or recommendation.best else MOST_REASONS
    for entry, name in zip(recommendation.ranking, names, strict=True):
        lines += _standing(entry, name.ljust(width), screen, reasons)
    return lines


def _standing(entry: Entry, name: str, screen: Screen, reasons: int) -> list[str]:
    assessment = entry.assessment
    if entry.blockers:
        return _coloured(RED, _ruled_out(entry, name, screen, reasons))
    if not assessment.scale:
        return [f"  {name}  nothing to go by yet"]
    if screen.columns < len(name) + LEAST_BAR:
        return wrapped(f"{name.strip()}: {score_text(assessment)}", screen.columns, "  ", "    ")
    room = max(4, min(30, screen.columns - len(name) - 26))
    colour = GREEN if entry.rank == 1 else CYAN
    drawn = marked(colour, bar(assessment.total / assessment.scale, room, screen.unicode))
    span = f"  {_span(assessment)}" if screen.columns >= len(name) + room + 24 else ""
    return [f"  {name}  {drawn} {score_text(assessment):>3}{span}"]


def _ruled_out(entry: Entry, name: str, screen: Screen, reasons: int) -> list[str]:
    """What rules a format out, each reason in at most two lines, and how many more there are."""
    indent = " " * (len(name) + 4) if screen.columns >= ROOMY else "    "
    texts = [_bare(entry, blocker.text).rstrip(".") for blocker in entry.blockers[:reasons]]
    texts[0] = f"{name}  ruled out: {texts[0]}"
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


def _span(assessment: Assessment) -> str:
    return marked(DIM, f"({span_text(assessment)})")


def span_text(assessment: Assessment) -> str:
    """The range of a score within the sources: ``71 to 100``."""
    low, high = (
        (200 * total + assessment.scale) // (2 * assessment.scale)
        for total in (assessment.total_low, assessment.total_high)
    )
    return f"{low} to {high}"


def reasons(entry: Entry, most: int) -> list[str]:
    """What adds most to the score, in the terms of the sum, and holds without a condition."""
    good = [each.text for each in entry.contributions if speaks_for(each.term.judgement)]
    return [_about_it(entry, text) for text in good[:most]]


def objections(entry: Entry, most: int) -> list[str]:
    """What costs most of the score, then what the catalog holds against the format in general.

    A limit that only the shorter instances meet is left to the checks.
    """
    weak = [each for each in entry.contributions if each.term.judgement.typical < HALF]
    weak = [each for each in weak if not (only_some(each.term.judgement) and _is_limit(each))]
    weak.sort(key=lambda each: -each.term.weighed.weight * (2 * HALF - each.term.judgement.typical))
    own = [_about_it(entry, each.text) for each in weak]
    return [*own, *entry.assessment.format.speaks_against][:most]


def _is_limit(contribution: Contribution) -> bool:
    return contribution.term.weighed.criterion.rule.kind is RuleKind.LIMIT


def _about_it(entry: Entry, text: str) -> str:
    bare = _bare(entry, text)
    return text if bare == text else f"It {bare}"


def _bare(entry: Entry, text: str) -> str:
    """A sentence without the format at its beginning, for places where that is plain."""
    return text.removeprefix(f"{capitalized(entry.assessment.format.phrase)} ")


def _section(title: str, items: list[str], columns: int, mark: str) -> list[str]:
    lines = _coloured(BOLD, wrapped(title, columns)) if items else []
    for item in items:
        first, *rest = wrapped(item, columns, "    ")
        lines += [f"  {mark}{first[3:]}", *rest]
    return lines


def checks(entry: Entry) -> tuple[Notice, ...]:
    """What to check before saying yes: first what a fact about the person raises (a visa, an age), then the rest."""
    facts = {
        term.weighed.criterion.question for term in entry.assessment.terms if term.weighed.criterion.about is About.FACT
    }
    return tuple(sorted((*entry.conditions, *entry.cautions), key=lambda notice: notice.question not in facts))


def _checks(best: list[Entry], most: int, screen: Screen, more: str) -> list[str]:
    notices = list(dict.fromkeys(dated_text(notice, screen.today) for entry in best for notice in checks(entry)))
    lines = _section("Check before you say yes", notices[:most], screen.columns, marked(YELLOW, "!"))
    if len(notices) > most:
        lines += wrapped(f"and {len(notices) - most} more: {more} shows all of it", screen.columns, "  ")
    return lines


def _certainty(recommendation: Recommendation, columns: int) -> list[str]:
    if not recommendation.best:
        return []
    return _coloured(DIM, wrapped(certainty_line(recommendation), columns, "", "  "))


def _changes(recommendation: Recommendation, most: int, columns: int) -> list[str]:
    """What would change the answer; where nothing is open, what would open something."""
    if recommendation.best:
        texts = [what_if_words(recommendation, each) for each in recommendation.single_changes[:most]]
        return _section("What would change it", texts, columns, marked(CYAN, "~"))
    texts = [relaxation_words(recommendation, each) for each in recommendation.relaxations]
    return _section("What would open a format", texts[: 3 * most], columns, marked(CYAN, "~"))


def _variants(recommendation: Recommendation, most: int, columns: int) -> list[str]:
    text = variants_text(recommendation, most)
    return wrapped(text, columns, "", "  ") if text else []


def variants_text(recommendation: Recommendation, most: int) -> str:
    """The best variants of what is recommended, in one line; empty where there are none."""
    if not recommendation.best:
        return ""
    fitting = [
        entry
        for entry in recommendation.variants
        if entry.rank is not None and set(entry.assessment.format.variant_of) & set(recommendation.top)
    ]
    better = [entry for entry in fitting if entry.assessment.total > recommendation.best[0].assessment.total]
    title = "Variants that suit you even better" if better else "Variants of it that suit you"
    named = _grouped(recommendation, better or fitting)[:most]
    return f"{title}: {'; '.join(named)}" if named else ""


def _grouped(recommendation: Recommendation, entries: list[Entry]) -> list[str]:
    """Variants with their scores; those that no answer tells apart as one, with the question that would."""
    group_of = {id: group for group in recommendation.indistinguishable for id in group.formats}
    told: dict[tuple[str, ...], str] = {}
    for entry in entries:
        group = group_of.get(entry.id)
        if group is None:
            told[(entry.id,)] = f"{entry.assessment.format.name} ({score_text(entry.assessment)})"
        elif group.formats not in told:
            names = joined([recommendation.catalog.formats[id].name for id in group.formats], "or")
            told[group.formats] = f"{names} ({score_text(entry.assessment)}{_asks(recommendation, group)})"
    return list(told.values())


def _asks(recommendation: Recommendation, group: Group) -> str:
    if group.separated_by is None:
        return ""
    return f"; main difference: {recommendation.catalog.questions[group.separated_by].label.lower()}"


def _plan(recommendation: Recommendation, columns: int) -> list[str]:
    """That several formats, one after another, would serve the goals better: one line or none."""
    found = recommendation.pathways[:1] if recommendation.best else []
    names = [" then ".join(step.format.name.lower() for step in pathway.steps) for pathway in found]
    return [line for name in names for line in wrapped(f"Better together: {name} ({PLAN_HINT})", columns)[:1]]


def _steps(recommendation: Recommendation, most: int, columns: int) -> list[str]:
    steps = recommendation.next_steps[:most]
    lines = [marked(BOLD, "What to do next")] if steps else []
    return lines + [line for step in steps for line in wrapped(step_words(recommendation, step), columns, "  > ")]


def details(recommendation: Recommendation, screen: Screen) -> str:
    """Everything behind the summary, with every source."""
    lines: list[str] = []
    for entry in recommendation.ranking:
        lines += _entry_details(recommendation.catalog, entry, screen)
    lines += ["", marked(BOLD, "Where to look next")]
    lines += _steps(recommendation, len(recommendation.next_steps), screen.columns)[1:]
    return "\n".join(lines) + "\n"


def _entry_details(catalog: Catalog, entry: Entry, screen: Screen) -> list[str]:
    assessment, columns = entry.assessment, screen.columns
    place = "ruled out" if entry.rank is None else f"rank {entry.rank}"
    score = f", {score_text(assessment)} of 100 points" if assessment.scale else ""
    lines = ["", *_coloured(BOLD, wrapped(f"{assessment.format.name}: {place}{score}", columns))]
    for contribution in entry.contributions:
        term = contribution.term
        points = f"{100 * term.product / assessment.scale:.1f} of {100000 * term.weighed.weight / assessment.scale:.1f}"
        lines += wrapped(f"{contribution.text} ({term.weighed.criterion.label}: {points} points)", columns, "  ")
    for title, texts in (
        ("Ruled out by", [(full_text(each), each.citations) for each in entry.blockers]),
        ("Check", [(full_text(each, screen.today), each.citations) for each in checks(entry)]),
    ):
        for text, citations in texts:
            lines += wrapped(f"{title}: {text}", columns, "  ! ")
            for citation in citations:
                lines += _coloured(DIM, wrapped(citation_text(catalog, citation), columns, "      "))
    if entry.unchecked:
        labels = [catalog.questions[id].label.lower() for id in entry.unchecked]
        lines += wrapped(f"Not checked, because not answered: {', '.join(labels)}.", columns, "  ? ")
    return lines


def _coloured(mark: str, lines: list[str]) -> list[str]:
    return [marked(mark, line) for line in lines]

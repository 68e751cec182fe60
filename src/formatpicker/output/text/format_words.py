"""What every output tells of formats: reasons, objections, checks and variants; what decides between two; plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, zip_longest
from typing import TYPE_CHECKING

from formatpicker.advice.certainty import Call
from formatpicker.base.durations import DAYS_PER_WEEK, counted, duration_text
from formatpicker.base.terminal import titled, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.catalog.criteria import REQUIRED, About, RuleKind, Verdict
from formatpicker.output.text.sentences import answered_little, facts_first
from formatpicker.scoring.ranking import rounded, signed_tenths
from formatpicker.scoring.rules import HALF, ONE, only_some, speaks_for
from formatpicker.scoring.weights import region_of

if TYPE_CHECKING:
    from formatpicker.advice.comparison import Contest
    from formatpicker.advice.notices import Contribution, Notice
    from formatpicker.advice.pathways import Pathway, PathwayStep, Served
    from formatpicker.advice.recommendation import Entry, Recommendation
    from formatpicker.catalog.model import Format
    from formatpicker.scoring.ranking import Assessment

# So many criteria are named of those that decide between two formats.
MOST_DECIDING = 4
# Over where each format stands, if none is open.
TITLE_CLOSED = "What rules each one out"


# --- what speaks for a format and against it -------------------------------------------------------------------------


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


def place_so_far(recommendation: Recommendation, entry: Entry) -> str:
    """Where a format that is open stands as long as too little is answered for a score."""
    certainty, top = recommendation.certainty, recommendation.top
    if entry.long_shots:
        return "a long shot"
    if certainty.call is Call.TOO_CLOSE and entry.id in certainty.contenders:
        return "level so far" if entry.id in top and len(top) > 1 else "could come first"
    return "first so far" if entry.id in top else "open"


def told_of_each(recommendation: Recommendation, tell: Callable[[Entry, int], list[str]], most: int) -> list[str]:
    """What speaks for, or against, the first format; of several that contend in turn, each by its name."""
    entries = contending(recommendation)
    if len(entries) < 2:
        return tell(entries[0], most)
    told = [[f"{entry.name}: {text[:1].lower()}{text[1:]}" for text in tell(entry, most)] for entry in entries]
    return [text for texts in zip_longest(*told) for text in texts if text][:most]


def reasons(entry: Entry, most: int) -> list[str]:
    """What adds most to the score, in the terms of the sum, and holds without a condition."""
    good = [each for each in entry.contributions if speaks_for(each.term.judgement)]
    # The text of a limit that is not met by all says which instances to look for: a check, not a reason.
    sure = [each for each in good if not _is_limit(each) or each.term.verdict is Verdict.FITS]
    return [_about_it(entry, each.text) for each in sure[:most]]


def objections(entry: Entry, most: int) -> list[str]:
    """What costs most of the score, then what the catalog holds against the format in general.

    A limit that only the shorter instances meet, and a fact that asks for a check, are left to the checks.
    """
    weak = [each for each in weakest(entry) if not (only_some(each.term.judgement) and _is_for_checks(each))]
    return [*(_about_it(entry, each.text) for each in weak), *entry.assessment.format.speaks_against][:most]


def weakest(entry: Entry) -> list[Contribution]:
    """What costs a format some of its score, the most first."""
    weak = [each for each in entry.contributions if each.term.judgement.typical < HALF]
    return sorted(weak, key=lambda each: -each.term.weight * (2 * HALF - each.term.judgement.typical))


def _is_limit(contribution: Contribution) -> bool:
    return contribution.term.rule.kind is RuleKind.LIMIT


def _is_for_checks(contribution: Contribution) -> bool:
    return _is_limit(contribution) or contribution.term.criterion.about is About.FACT


def _about_it(entry: Entry, text: str) -> str:
    rest = bare(entry, text)
    return text if rest == text else f"It {rest}"


def place_words(entry: Entry) -> str:
    """Where a format stands: ``rank 2, a long shot``."""
    return "ruled out" if entry.rank is None else f"rank {entry.rank}{', a long shot' * bool(entry.long_shots)}"


def checks(entry: Entry) -> tuple[Notice, ...]:
    """What to check before saying yes: first what a fact about the person raises (a visa, an age), then the rest."""
    return tuple(facts_first(entry, (*entry.conditions, *entry.cautions)))


def foremost_checks(recommendation: Recommendation, entry: Entry) -> list[Notice]:
    """What to check, for a page with little room.

    First one thing for each fact about the person: the law of a region, if that was named, before the general words.
    Then what needs raise that must be met, what other needs and limits do, and last what rests on a quantity that is
    worked out from two of them.
    """
    catalog = recommendation.catalog
    facts: dict[str, list[Notice]] = {
        id: [] for id, question in catalog.questions.items() if question.about is About.FACT
    }
    others: list[Notice] = []
    for notice in checks(entry):
        facts.get(notice.question, others).append(notice)
    if region_of(catalog, recommendation.answers) is not None:
        for notices in facts.values():
            notices.sort(key=lambda notice: notice not in entry.cautions)
    musts = {id for id, answer in recommendation.answers.values.items() if answer == REQUIRED}
    others.sort(key=lambda notice: (notice.question in catalog.derived, notice.question not in musts))
    first = [notice for notices in facts.values() for notice in notices[:1]]
    return [*first, *others, *(notice for notices in facts.values() for notice in notices[1:])]


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


def span_text(assessment: Assessment) -> str:
    """The range of a score within the sources: ``71 to 100``."""
    low, high = (rounded(100 * total, assessment.scale) for total in (assessment.total_low, assessment.total_high))
    return f"{low} to {high}"


def bare(entry: Entry, text: str) -> str:
    """A sentence without the format at its beginning, for places where that is plain."""
    return text.removeprefix(f"{capitalized(entry.assessment.format.phrase)} ")


def ruled_out_words(entry: Entry, text: str) -> str:
    """What rules a format out, to stand behind its name: ``ruled out: even in France it takes ...``."""
    text = bare(entry, text).replace(f", {entry.assessment.format.phrase} ", " it ", 1)
    return f"ruled out: {text[:1].lower()}{text[1:]}"


def unlikely_words(entry: Entry, text: str) -> str:
    """What makes a format a long shot, to stand below its name: the first sentence, and of two parts what is so."""
    sentence = text.partition(". ")[0].rstrip(".")
    phrase = f": {entry.assessment.format.phrase} "
    return bare(entry, sentence.partition(phrase)[2] or sentence)


# --- what decides between two ----------------------------------------------------------------------------------------


def contest_words(entries: Mapping[str, Entry], formats: Sequence[Format]) -> list[str]:
    """For each two formats that are scored: which criteria decide between them for this person, and dominance."""
    from formatpicker.advice.comparison import contest

    found = [entries[format.id].assessment for format in formats if format.id in entries]
    return [text for first, second in combinations(found, 2) for text in _contest_texts(contest(first, second))]


def _contest_texts(found: Contest) -> list[str]:
    first, second = found.first.format.name, found.second.format.name
    if not found.differences:
        return [f"{first} and {second}: nothing that was answered tells them apart."]
    parts = [
        f"{each.term.criterion.label} ({abs(signed_tenths(each.gap, found.first.scale)):.1f} points for "
        f"{first if each.gap > 0 else second})"
        for each in found.differences[:MOST_DECIDING]
    ]
    texts = [f"What decides between {first} and {second}: {', '.join(parts)}."]
    if found.dominating:
        texts.append(f"{found.dominating.format.name} is at least as good on everything that was answered.")
    return texts


# --- plans of several formats ----------------------------------------------------------------------------------------


PLANS = "Several experiences, one after another, that serve your goals better together"
PLANS_NOTE = (
    "These points count your goals alone, with the weights you gave them. Every step on its own keeps within your "
    "other answers. The time it takes to find each of them is not counted."
)
NO_PATHWAY = "No plan of several formats fits your time and serves your goals better than a single one."
_ORDINALS = ("first", "second", "third", "fourth")


def pathway_lines(pathways: Iterable[Pathway], columns: int) -> list[str]:
    """All plans in words under a heading, at most ``columns`` wide; else that there is none."""
    lines: list[str] = []
    for number, pathway in enumerate(pathways, start=1):
        mark = f"{number}. "
        lines += wrapped(_plan_words(pathway), columns, mark)
        order = " ".join(dict.fromkeys(step.link.reason for step in pathway.steps if step.link))
        for text in (f"Why this order: {order}", *_goal_words(pathway)):
            lines += wrapped(text, columns, " " * len(mark))
    return [*titled(PLANS, columns), *lines, *wrapped(PLANS_NOTE, columns)] if lines else wrapped(NO_PATHWAY, columns)


def _plan_words(pathway: Pathway) -> str:
    steps = ["First " + _step_words(pathway.steps[0])]
    for before, step in zip(pathway.steps, pathway.steps[1:], strict=False):
        steps.append(("then again " if step.format.id == before.format.id else "then ") + _step_words(step))
    weeks = counted(-(-pathway.days // DAYS_PER_WEEK), "week")
    points, single = (rounded(100 * total, pathway.scale) for total in (pathway.total, pathway.single_total))
    return (
        f"{', '.join(steps)}: {weeks} in all. Together they serve your goals with "
        f"{points} of 100 points, the best single one ({pathway.single.phrase}) with {single}."
    )


def _step_words(step: PathwayStep) -> str:
    usual = f"; {duration_text(step.typical)} is usual" if step.days < step.typical else ""
    return f"{step.format.phrase} ({duration_text(step.days)}{usual})"


def _goal_words(pathway: Pathway) -> list[str]:
    """What each step brings, what only all together bring, and what none does."""
    found = []
    for position, step in enumerate(pathway.steps):
        own = [each for each in pathway.served if each.step == step and each.value and not each.stacking]
        if own:
            found.append(f"The {_ORDINALS[position]} brings: {_listed(own)}.")
    for each in pathway.served:
        if each.stacking:
            found.append(f"All together bring: {_listed([each])}. {each.stacking.reason}")
    missed = [each.goal.criterion.label for each in pathway.served if not each.value]
    return [*found, *([f"Not served: {joined(missed)}."] if missed else [])]


def _listed(served: list[Served]) -> str:
    parts = [f"{each.goal.criterion.label} ({100 * each.value // ONE} of 100)" for each in served]
    return capitalized(joined(parts))

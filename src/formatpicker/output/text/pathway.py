"""Plans of several experiences in words."""

from __future__ import annotations

from collections.abc import Iterable

from formatpicker.advice.pathways import Pathway, Served, Step
from formatpicker.base.durations import DAYS_PER_WEEK, counted, duration_text
from formatpicker.base.style import titled, wrapped
from formatpicker.base.text import capitalized, joined
from formatpicker.scoring.rounding import rounded
from formatpicker.scoring.rules import ONE

TITLE = "Several experiences, one after another, that serve your goals better together"
NOTE = (
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
        for text in (_order_words(pathway), *_goal_words(pathway)):
            lines += wrapped(text, columns, " " * len(mark))
    return [*titled(TITLE, columns), *lines, *wrapped(NOTE, columns)] if lines else wrapped(NO_PATHWAY, columns)


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


def _step_words(step: Step) -> str:
    usual = f"; {duration_text(step.typical)} is usual" if step.days < step.typical else ""
    return f"{step.format.phrase} ({duration_text(step.days)}{usual})"


def _order_words(pathway: Pathway) -> str:
    reasons = dict.fromkeys(step.link.reason for step in pathway.steps if step.link)
    return f"Why this order: {' '.join(reasons)}"


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

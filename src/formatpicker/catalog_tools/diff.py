"""What changed from one catalog to another, in words, and which edit moved a person's result.

Each edit is undone alone in the new catalog and the ranking made again: what the result does is what the edit did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from formatpicker.catalog.attributes import FREQUENCIES, Attribute, AttributeKind, Citation, RegionalValue, Value
from formatpicker.catalog.criteria import Cell, Derived, Goal, Option, Question, Rule, Verdict
from formatpicker.catalog.guidance import Caution, NextStep, Test
from formatpicker.catalog.model import Catalog, Format, Source
from formatpicker.catalog_tools.changes import (
    ABSENT,
    BOUNDS,
    FREQUENCY_VALUES,
    Bounds,
    CatalogChange,
    KeyPath,
    Order,
    changes,
    parts_of,
    undone,
)
from formatpicker.errors import AnswerError
from formatpicker.scoring.answers import Answer, Answers, Goals, written_answer
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.ranking import assess, rank, top
from formatpicker.scoring.weights import ranked_goals

# Sections of a catalog that an assessment reads; nothing else can move a result.
_JUDGED_BY = ("frequency_values", "edges", "questions", "derived", "formats")


class Standing(Struct, frozen=True):
    """One format's result: the score out of 100, exact (None where nothing weighs), the rank and the verdict."""

    score: Fraction | None
    rank: int | None
    eligibility: Verdict


class Outcome(Struct, frozen=True):
    """The top, and how every scored format stands."""

    top: tuple[str, ...]
    standings: Mapping[str, Standing]


class Cause(Struct, frozen=True):
    """An edit that moved the result.

    ``without`` is the outcome with the new catalog but for this edit; ``restores_top`` says that the old top comes
    back. ``differences`` are what the edit does to each score, where it does anything.
    """

    edit: Edit
    without: Outcome
    restores_top: bool
    differences: Mapping[str, Fraction]


class Impact(Struct, frozen=True):
    """What the change of the catalog does to one person, and the edits that did it."""

    old: Outcome
    new: Outcome
    causes: tuple[Cause, ...]

    @property
    def moved(self) -> bool:
        """Whether anything in the result differs."""
        return self.old != self.new

    @property
    def top_moved(self) -> bool:
        """Whether another format comes first."""
        return set(self.old.top) != set(self.new.top)


class Diff(Struct, frozen=True):
    """All edits from one catalog to another, in the order of the catalog; ``effect`` where answers were given."""

    old: Catalog
    new: Catalog
    edits: tuple[Edit, ...]
    effect: Impact | None


def catalog_diff(
    old: Catalog, new: Catalog, old_answers: Answers | None = None, new_answers: Answers | None = None
) -> Diff:
    """What changed from one catalog to another; for one person, whose answers were parsed with each, what that does."""
    found = list(changes(old, new))
    edits = tuple(edit_of(old, new, change) for change in found)
    effect = None
    if old_answers is not None and new_answers is not None:
        effect = _effect(old, new, old_answers, new_answers, list(zip(edits, found, strict=True)))
    return Diff(old, new, edits, effect)


def moving_edits(diff: Diff) -> list[Edit]:
    """The edits that can move somebody's result: values, rules and weights, no texts and no sources."""
    return [edit for edit in diff.edits if _can_move(edit)]


def _can_move(edit: Edit) -> bool:
    section, last = edit.place[0], edit.place[-1]
    if edit.kind == MOVED or section not in _JUDGED_BY:
        return False
    if section == "edges" or len(edit.place) <= 2 or last in (BOUNDS, "weight"):
        return True
    if section == "formats":
        return last in ("kind", "variant_of") or edit.place[2::2][:2] in (("attributes",), ("attributes", "regions"))
    return "rule" in edit.place and last not in ("text", "texts") and "texts" not in edit.place


def outcome(catalog: Catalog, answers: Answers) -> Outcome:
    """How the formats of a catalog stand for one person."""
    core = rank(assess(catalog, answers, catalog.core))
    variants = rank(assess(catalog, answers, catalog.variants))
    standings = {}
    for each in (*core, *variants):
        assessed = each.assessment
        score = Fraction(100 * assessed.total, assessed.scale) if assessed.scale else None
        standings[assessed.format.id] = Standing(score, each.rank, assessed.eligibility)
    return Outcome(tuple(each.assessment.format.id for each in top(core)), standings)


def _effect(
    old: Catalog, new: Catalog, old_answers: Answers, new_answers: Answers, edits: list[tuple[Edit, CatalogChange]]
) -> Impact:
    before, after = outcome(old, old_answers), outcome(new, new_answers)
    # An answer to a question that the new catalog dropped counts again once the dropping is undone.
    dropped = {id: answer for id, answer in old_answers.values.items() if id not in new.questions}
    given = Answers({**new_answers.values, **dropped})
    causes = []
    for edit, change in edits:
        without = _outcome_without(old, new, change, given) if change.place[0] in _JUDGED_BY else None
        if without is not None and without != after:
            restores = set(before.top) != set(after.top) and set(without.top) == set(before.top)
            causes.append(Cause(edit, without, restores, _differences(without, after)))
    return Impact(before, after, tuple(sorted(causes, key=lambda cause: not cause.restores_top)))


def _outcome_without(old: Catalog, new: Catalog, change: CatalogChange, given: Answers) -> Outcome | None:
    """The outcome with one change undone; None where the change makes no sense alone."""
    if isinstance(change.old, Order):
        return None
    try:
        catalog = undone(old, new, change)
        return outcome(catalog, accepted(catalog, given))
    except (LookupError, TypeError):
        # Edits can belong together: a renamed category, say, and the cells of a table that are named after it.
        return None


def accepted(catalog: Catalog, answers: Answers) -> Answers:
    """Those of the answers that the questions of a catalog accept."""
    found = {
        id: _accepted_answer(question, given)
        for id, question in catalog.questions.items()
        if (given := answers.get(id)) is not None
    }
    return Answers({id: answer for id, answer in found.items() if answer is not None})


def _accepted_answer(question: Question, given: Answer) -> Answer | None:
    if isinstance(given, Goals):
        known = [goal.id for goal in question.goals]
        kept = {id: given.shares[id] for id in given.ordered if id in known}
        if not kept:
            return None
        given = ranked_goals(list(kept)) if given.ranked else Goals(kept)
    try:
        return parse_answer(question, written_answer(question, given))
    except AnswerError:
        return None


def _differences(without: Outcome, after: Outcome) -> dict[str, Fraction]:
    """What an edit adds to each score or takes from it, for the formats that have one both ways."""
    common = (id for id in without.standings if id in after.standings)
    scores = ((id, without.standings[id].score, after.standings[id].score) for id in common)
    return {id: now - was for id, was, now in scores if was is not None and now is not None and now != was}


ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"

# Fields that a file calls otherwise.
_FILE_NAMES = {"weights": "weight", "citations": "sources", "tests": "when"}
# Steps of a place that say nothing to a reader.
_UNNAMED = ("attributes", "regions", "options", "goals", "rule", "table", BOUNDS)


class Edit(Struct, frozen=True):
    """One entry that differs: where it stands, what it is, and what it says before and after, in words."""

    place: KeyPath
    label: str
    kind: str
    old: str
    new: str


def edit_of(old: Catalog, new: Catalog, change: CatalogChange) -> Edit:
    """A change as a reader of a catalog file has it before them."""
    kind = CHANGED
    if isinstance(change.old, Order):
        kind = MOVED
    elif change.old is ABSENT or change.new is ABSENT:
        kind = ADDED if change.old is ABSENT else REMOVED
    label = _label(old if kind == REMOVED else new, change.place)
    # In the file general values stand directly in their attribute, and weights are a weight.
    place = tuple(_FILE_NAMES.get(key, key) for key in change.place if key != "general")
    return Edit(place, label, kind, _words(old, change.place, change.old), _words(new, change.place, change.new))


def _label(catalog: Catalog, place: KeyPath) -> str:
    """The names of what leads to a place: "Internship, Length, in the United States"."""
    names: list[str] = []
    thing: Any = catalog
    for key in place:
        parent, thing = thing, (parts_of(thing) or {}).get(key)
        names += _names(catalog, names, key, parent, thing)
    return ", ".join(names)


def _names(catalog: Catalog, before: list[str], key: str, parent: Any, thing: Any) -> list[str]:
    if isinstance(thing, Format | Source | Attribute | Question | Goal | Derived | Option):
        name = thing.name if isinstance(thing, Format) else thing.title if isinstance(thing, Source) else thing.label
        return [name if before else f"{type(thing).__name__.lower()} {name}"]
    if isinstance(thing, RegionalValue):
        return [catalog.attributes[key].label]
    if isinstance(thing, Caution):
        return [f"caution {key}"]
    if isinstance(thing, NextStep):
        return [f"next step {thing.text}"]
    if isinstance(thing, Value):
        return [catalog.region_name(key)] if isinstance(parent, Mapping) else []
    silent = isinstance(parent, Catalog) and isinstance(thing, Mapping | tuple) and key != FREQUENCY_VALUES
    return [] if silent or key in _UNNAMED else [_FILE_NAMES.get(key, key).replace("_", " ")]


def _words(catalog: Catalog, place: KeyPath, thing: Any) -> str:
    """What stands at a place, as a person would write it; empty for what is not there."""
    if thing is ABSENT or thing is None:
        return ""
    if isinstance(thing, Bounds):
        return _value_words(catalog.attributes[place[3]], thing)
    if isinstance(thing, Value | RegionalValue):
        value = thing if isinstance(thing, Value) else thing.general
        return _words(catalog, place, (parts_of(value) or {})[BOUNDS])
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if isinstance(thing, int) and place[-1] == "value" and "table" in place:
        return str(thing // 10)
    if isinstance(thing, tuple) and place == (FREQUENCY_VALUES,):
        return ", ".join(f"{word} {value // 10}" for word, value in zip(FREQUENCIES, thing, strict=False))
    return _thing_words(thing)


def _value_words(attribute: Attribute, bounds: Bounds) -> str:
    least, typical, most = bounds.written
    if bounds.typical is None:
        return "unknown"
    if attribute.kind in (AttributeKind.DURATION, AttributeKind.NUMBER):
        upper = f"at most {most}" if most else "no upper limit"
        return f"at least {least}, usually {typical}, {upper} {attribute.unit if most else ''}".rstrip()
    return typical if least == typical == most else f"{typical} ({least} to {most})"


def _thing_words(thing: Any) -> str:
    if isinstance(thing, str | int | float):
        return thing if isinstance(thing, str) else f"{thing:g}"
    if isinstance(thing, Mapping):
        return ", ".join(f"{key}: {_thing_words(part)}" for key, part in thing.items())
    for kind, words in _WORDS.items():
        if isinstance(thing, kind):
            return words(thing)
    names = (name for name in ("summary", "text", "title", "label") if hasattr(thing, name))
    name = next(names, None)
    return str(getattr(thing, name) if name else thing)


# The first kind that fits counts; an order of entries is a tuple too.
_WORDS: dict[type, Callable[[Any], str]] = {
    Order: lambda order: ", ".join(order.ids),
    Citation: lambda citation: f"{citation.source}: {citation.place}",
    Cell: lambda cell: " ".join(filter(None, [f"{cell.value // 10}, {cell.verdict}", cell.text])),
    Rule: lambda rule: f"{rule.kind} on {rule.attribute}, weight {_thing_words(rule.weights or rule.weight)}",
    Test: lambda test: f"{test.subject} {test.name} {test.operator.replace('_', ' ')} {_thing_words(test.operand)}",
    tuple: lambda things: "; ".join(map(_thing_words, things)),
    frozenset: lambda things: ", ".join(sorted(things)),
}

"""What changed between two catalogs, entry by entry, and which edit moved a person's result.

The two are walked together, so that no field of the model can be forgotten. Each edit is then undone alone in the new
catalog and the ranking made again: what the result does is what the edit did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import count
from typing import Any, NamedTuple, cast

from formatpicker.answers import Answer, Answers, Goals, parse_answer, written_answer
from formatpicker.catalog.model import (
    FREQUENCIES,
    Attribute,
    AttributeKind,
    Catalog,
    Caution,
    Cell,
    Citation,
    Derived,
    Format,
    Goal,
    Level,
    NextStep,
    Option,
    Question,
    RegionalValue,
    Rule,
    RuleKind,
    Source,
    Test,
    Value,
    Verdict,
)
from formatpicker.catalog.values import widest
from formatpicker.errors import AnswerError
from formatpicker.frozen import dataclass
from formatpicker.population import ranking
from formatpicker.ranking import assess_all, rank, top

Place = tuple[str, ...]

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"

# Sections of a catalog that an assessment reads; nothing else can move a result.
_JUDGED_BY = ("frequency_values", "questions", "derived", "formats")
# Worked out from other fields, or the key under which a thing stands.
_DERIVED_FIELDS = {("Catalog", "sha256"), ("RegionalValue", "widest"), ("Rule", "frequency_values")}
_FREQUENCIES = "frequency_values"
# Fields that a file calls otherwise.
_FILE_NAMES = {"weights": "weight", "citations": "sources", "tests": "when"}
_BOUNDS = "value"
# Steps of a place that say nothing to a reader.
_UNNAMED = ("attributes", "regions", "options", "goals", "rule", "table", _BOUNDS)


@dataclass(frozen=True)
class Edit:
    """One entry that differs: where it stands, what it is, and what it says before and after, in words."""

    place: Place
    label: str
    kind: str
    old: str
    new: str


@dataclass(frozen=True)
class Standing:
    """One format's result: the score out of 100, exact (None where nothing weighs), the rank and the verdict."""

    score: Fraction | None
    rank: int | None
    eligibility: Verdict


@dataclass(frozen=True)
class Outcome:
    """The top, and how every scored format stands."""

    top: tuple[str, ...]
    standings: Mapping[str, Standing]


@dataclass(frozen=True)
class Cause:
    """An edit that moved the result.

    ``without`` is the outcome with the new catalog but for this edit; ``restores_top`` says that the old top comes
    back. ``differences`` are what the edit does to each score, where it does anything.
    """

    edit: Edit
    without: Outcome
    restores_top: bool
    differences: Mapping[str, Fraction]


@dataclass(frozen=True)
class Effect:
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


@dataclass(frozen=True)
class Diff:
    """All edits from one catalog to another, in the order of the catalog; ``effect`` where answers were given."""

    old: Catalog
    new: Catalog
    edits: tuple[Edit, ...]
    effect: Effect | None


def catalog_diff(
    old: Catalog, new: Catalog, old_answers: Answers | None = None, new_answers: Answers | None = None
) -> Diff:
    """What changed from one catalog to another.

    Args:
        old: The catalog before.
        new: The catalog after.
        old_answers: One person's answers, parsed with the old catalog.
        new_answers: The same answers, parsed with the new catalog; both or none.
    """
    changes = list(_changes(old, new))
    edits = tuple(_edit(old, new, change) for change in changes)
    effect = None
    if old_answers is not None and new_answers is not None:
        effect = _effect(old, new, old_answers, new_answers, list(zip(edits, changes, strict=True)))
    return Diff(old, new, edits, effect)


def moving_edits(diff: Diff) -> list[Edit]:
    """The edits that can move somebody's result: values, rules and weights, no texts and no sources."""
    return [edit for edit in diff.edits if _can_move(edit)]


def _can_move(edit: Edit) -> bool:
    section, last = edit.place[0], edit.place[-1]
    if edit.kind == MOVED or section not in _JUDGED_BY:
        return False
    if len(edit.place) <= 2 or last in (_BOUNDS, "weight"):
        return True
    if section == "formats":
        return last in ("kind", "variant_of") or edit.place[2::2][:2] in (("attributes",), ("attributes", "regions"))
    return "rule" in edit.place and last not in ("text", "texts") and "texts" not in edit.place


# --- walking two catalogs at once ------------------------------------------------------------------------------------


class _Absent:
    """Stands for what is not there."""


_ABSENT = _Absent()


class _Order(NamedTuple):
    """The order of the entries that both catalogs have."""

    ids: tuple[str, ...]


class _Bounds(NamedTuple):
    """The part of a value that is judged, and how it is written."""

    low: Level
    typical: Level
    high: Level
    written: tuple[str, str, str]
    others: tuple[str, ...]


class _Change(NamedTuple):
    """A place and what stood and stands there."""

    place: Place
    old: Any
    new: Any


def _changes(old: Any, new: Any, place: Place = ()) -> Iterator[_Change]:
    # Equal mappings can still differ in their order, and so can the sections of equal catalogs.
    if old == new and not isinstance(old, Mapping | Catalog):
        return
    old_parts, new_parts = _parts(old), _parts(new)
    if old_parts is None or new_parts is None or type(old) is not type(new) or _is_other_rule(old, new):
        if old != new:
            yield _Change(place, old, new)
        return
    for key in {**old_parts, **new_parts}:
        yield from _changes(old_parts.get(key, _ABSENT), new_parts.get(key, _ABSENT), (*place, key))
    if isinstance(old, tuple) or place in (("questions",), ("formats",)):
        before = tuple(key for key in old_parts if key in new_parts)
        after = tuple(key for key in new_parts if key in old_parts)
        if before != after:
            yield _Change(place, _Order(before), _Order(after))


def _is_other_rule(old: Any, new: Any) -> bool:
    """A rule of another kind, attribute or way to weigh is one change: its fields mean something else."""
    return isinstance(old, Rule) and _nature(old) != _nature(new)


def _nature(rule: Rule) -> tuple[object, ...]:
    return (rule.kind, rule.attribute, rule.less_is_better, rule.weights is None)


def _parts(thing: Any) -> dict[str, Any] | None:
    """What a thing is made of, by name; None where it is compared as a whole."""
    if isinstance(thing, Mapping):
        return dict(thing)
    if isinstance(thing, _Order | _Bounds | Citation | Test):
        return None
    if isinstance(thing, tuple):
        return _keyed(thing)
    if isinstance(thing, Value):
        bounds = _Bounds(thing.low, thing.typical, thing.high, thing.written, thing.others)
        rest = ("basis", "citations", "note", "as_of", "valid_from", "valid_to")
        return {_BOUNDS: bounds, **{name: getattr(thing, name) for name in rest}}
    if not is_dataclass(thing):
        return None
    found = {field.name: getattr(thing, field.name) for field in fields(thing)}
    kept = {name: part for name, part in found.items() if (type(thing).__name__, name) not in _DERIVED_FIELDS}
    return {**kept, _FREQUENCIES: _frequency_values(thing)} if isinstance(thing, Catalog) else kept


def _keyed(things: tuple[Any, ...]) -> dict[str, Any] | None:
    """A list of things that have an id, or of next steps, by it."""
    if not all(isinstance(thing, Option | Goal | Caution | NextStep) for thing in things):
        return None
    found: dict[str, Any] = {}
    for thing in things:
        key = (thing.url or thing.text) if isinstance(thing, NextStep) else thing.id
        keys = (key if number == 1 else f"{key} ({number})" for number in count(1))
        found[next(each for each in keys if each not in found)] = thing
    return found


def _frequency_values(catalog: Catalog) -> tuple[int, ...]:
    """The values of frequencies; they stand once in the file and in every rule on a need."""
    rules = (criterion.rule for criterion in catalog.criteria().values())
    return next((rule.frequency_values for rule in rules if rule.kind is RuleKind.NEED), ())


# --- undoing an edit -------------------------------------------------------------------------------------------------


def without_format(catalog: Catalog, id: str) -> Catalog:
    """The catalog without a format; its variants keep what they took over from it."""
    gone = catalog.formats[id]
    left = {
        each.id: replace(each, attributes={**gone.attributes, **each.attributes}) if id in each.variant_of[:1] else each
        for each in catalog.formats.values()
        if each.id != id
    }
    return replace(catalog, formats=left)


def without_question(catalog: Catalog, id: str) -> Catalog:
    """The catalog without a question, and without what is worked out from its answer."""
    questions = {key: question for key, question in catalog.questions.items() if key != id}
    derived = {key: item for key, item in catalog.derived.items() if id not in (item.per_week, item.duration)}
    return replace(catalog, questions=questions, derived=derived)


def _undone(old: Catalog, new: Catalog, change: _Change) -> Catalog:
    """The new catalog but for one change."""
    place = change.place
    if place == (_FREQUENCIES,):
        return _with_frequency_values(new, change.old)
    if change.old is _ABSENT and len(place) == 2 and place[0] in ("formats", "questions"):
        return (without_format if place[0] == "formats" else without_question)(new, place[1])
    restored = cast(Catalog, _put(new, place, _whole(old, new, change.old)))
    return _rewidened(restored, *place[1:4:2]) if place[0] == "formats" and len(place) > 4 else restored


def _whole(old: Catalog, new: Catalog, thing: Any) -> Any:
    """A format that lost its core format with the change takes along what it had from it."""
    if isinstance(thing, Format) and thing.variant_of and thing.variant_of[0] not in new.formats:
        return replace(thing, attributes={**old.formats[thing.variant_of[0]].attributes, **thing.attributes})
    return thing


def _put(thing: Any, place: Place, part: Any) -> Any:
    """A copy of a thing with another part at a place."""
    key, rest = place[0], place[1:]
    parts = _parts(thing) or {}
    if rest:
        part = _put(parts[key], rest, part)
    if isinstance(thing, Mapping):
        return _placed(parts, key, part)
    if isinstance(thing, tuple):
        return tuple(_placed(parts, key, part).values())
    return replace(thing, **(part._asdict() if isinstance(part, _Bounds) else {key: part}))


def _placed(parts: dict[str, Any], key: str, part: Any) -> dict[str, Any]:
    return {name: each for name, each in {**parts, key: part}.items() if each is not _ABSENT}


def _rewidened(catalog: Catalog, format: str, attribute: str) -> Catalog:
    """The catalog with the widest of all regions worked out anew for one attribute of a format."""
    regional = catalog.formats[format].attributes[attribute]
    broadest = widest(catalog.attributes[attribute], regional.general, regional.regions.values())
    fresh = replace(regional, widest=None if broadest is regional.general else broadest)
    return cast(Catalog, _put(catalog, ("formats", format, "attributes", attribute), fresh))


def _with_frequency_values(catalog: Catalog, values: tuple[int, ...]) -> Catalog:
    questions = {
        id: replace(question, rule=replace(question.rule, frequency_values=values))
        if question.rule and question.rule.kind is RuleKind.NEED
        else question
        for id, question in catalog.questions.items()
    }
    return replace(catalog, questions=questions)


# --- one person's result ---------------------------------------------------------------------------------------------


def outcome(catalog: Catalog, answers: Answers) -> Outcome:
    """How the formats of a catalog stand for one person."""
    core = rank(assess_all(catalog, answers, lambda format: format.core))
    variants = rank(assess_all(catalog, answers, lambda format: format.scored and not format.core))
    standings = {}
    for each in (*core, *variants):
        assessed = each.assessment
        score = Fraction(100 * assessed.total, assessed.scale) if assessed.scale else None
        standings[assessed.format.id] = Standing(score, each.rank, assessed.eligibility)
    return Outcome(tuple(each.assessment.format.id for each in top(core)), standings)


def _effect(
    old: Catalog, new: Catalog, old_answers: Answers, new_answers: Answers, edits: list[tuple[Edit, _Change]]
) -> Effect:
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
    return Effect(before, after, tuple(sorted(causes, key=lambda cause: not cause.restores_top)))


def _outcome_without(old: Catalog, new: Catalog, change: _Change, given: Answers) -> Outcome | None:
    """The outcome with one change undone; None where the change makes no sense alone."""
    if isinstance(change.old, _Order):
        return None
    try:
        catalog = _undone(old, new, change)
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
        kept = {id: share for id, share in given.shares.items() if id in known}
        if not kept:
            return None
        given = ranking(list(kept)) if given.ranked else Goals(kept, ranked=False)
    try:
        return parse_answer(question, written_answer(question, given))
    except AnswerError:
        return None


def _differences(without: Outcome, after: Outcome) -> dict[str, Fraction]:
    """What an edit adds to each score or takes from it, for the formats that have one both ways."""
    scores = {
        id: (each.score, after.standings[id].score) for id, each in without.standings.items() if id in after.standings
    }
    return {id: now - was for id, (was, now) in scores.items() if was is not None and now is not None and now != was}


# --- in words --------------------------------------------------------------------------------------------------------


def _edit(old: Catalog, new: Catalog, change: _Change) -> Edit:
    kind = CHANGED
    if isinstance(change.old, _Order):
        kind = MOVED
    elif change.old is _ABSENT or change.new is _ABSENT:
        kind = ADDED if change.old is _ABSENT else REMOVED
    label = _label(old if kind == REMOVED else new, change.place)
    return Edit(
        _file_place(change.place),
        label,
        kind,
        _words(old, change.place, change.old),
        _words(new, change.place, change.new),
    )


def _file_place(place: Place) -> Place:
    """The place as the file has it: general values stand directly in their attribute, and weights are a weight."""
    return tuple(_FILE_NAMES.get(key, key) for key in place if key != "general")


def _label(catalog: Catalog, place: Place) -> str:
    """The names of what leads to a place: "Internship, Length, in the United States"."""
    names: list[str] = []
    thing: Any = catalog
    for key in place:
        parent, thing = thing, (_parts(thing) or {}).get(key)
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
        return [_region_name(catalog, key)] if isinstance(parent, Mapping) else []
    silent = isinstance(parent, Catalog) and isinstance(thing, Mapping | tuple) and key != _FREQUENCIES
    return [] if silent or key in _UNNAMED else [_FILE_NAMES.get(key, key).replace("_", " ")]


def _region_name(catalog: Catalog, region: str) -> str:
    question = catalog.region_question
    options = {option.id: option for option in (question.options if question else ())}
    return (options[region].phrase or options[region].label) if region in options else region


def _words(catalog: Catalog, place: Place, thing: Any) -> str:
    """What stands at a place, as a person would write it; empty for what is not there."""
    if isinstance(thing, _Absent) or thing is None:
        return ""
    if isinstance(thing, _Bounds):
        return _value_words(catalog.attributes[place[3]], thing)
    if isinstance(thing, Value | RegionalValue):
        value = thing if isinstance(thing, Value) else thing.general
        return _words(catalog, place, (_parts(value) or {})[_BOUNDS])
    if isinstance(thing, bool):
        return "yes" if thing else "no"
    if isinstance(thing, int) and (place[-1] == "floor" or (place[-1] == "value" and "table" in place)):
        return str(thing // 10)
    if isinstance(thing, tuple) and place == (_FREQUENCIES,):
        return ", ".join(f"{word} {value // 10}" for word, value in zip(FREQUENCIES, thing, strict=False))
    return _thing_words(thing)


def _value_words(attribute: Attribute, bounds: _Bounds) -> str:
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


def _cell_words(cell: Cell) -> str:
    return " ".join(filter(None, [f"{cell.value // 10}, {cell.verdict}", cell.text]))


def _rule_words(rule: Rule) -> str:
    return f"{rule.kind} on {rule.attribute}, weight {_thing_words(rule.weights or rule.weight)}"


def _test_words(test: Test) -> str:
    return f"{test.subject} {test.name} {test.operator.replace('_', ' ')} {_thing_words(test.operand)}"


# The first kind that fits counts; an order of entries is a tuple too.
_WORDS: dict[type, Callable[[Any], str]] = {
    _Order: lambda order: ", ".join(order.ids),
    Citation: lambda citation: f"{citation.source}: {citation.place}",
    Cell: _cell_words,
    Rule: _rule_words,
    Test: _test_words,
    tuple: lambda things: "; ".join(map(_thing_words, things)),
}

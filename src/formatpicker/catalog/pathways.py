"""Rules for plans of several experiences: from the file's models to the catalog's."""

from __future__ import annotations

from formatpicker.base.yaml_reader import Place
from formatpicker.catalog import schema
from formatpicker.catalog.attributes import AttributeKind, Citation
from formatpicker.catalog.criteria import AnswerKind
from formatpicker.catalog.guidance import Link, PathwayRules, Stacking
from formatpicker.catalog.model import LOOKUP_KINDS
from formatpicker.catalog.validate import Scope

# Plans that the links allow, of two steps or more.
MOST_WAYS = 20_000


def resolve_pathways(scope: Scope, place: Place, item: schema.PathwaysPart) -> PathwayRules:
    """The section as the engine uses it."""
    _check_question(scope, (*place, "duration"), item.duration, AnswerKind.DURATION)
    _check_question(scope, (*place, "per_week"), item.per_week, AnswerKind.NUMBER)
    _check_weakest(scope, place, item)
    scope.check_unique(((*place, "stacking", at, "attribute"), each.attribute) for at, each in enumerate(item.stacking))
    scope.check_unique(
        (((*place, "links", at), f"{each.from_} to {each.to}") for at, each in enumerate(item.links)),
        "is linked twice",
    )
    stacking = [_stacking(scope, (*place, "stacking", at), each) for at, each in enumerate(item.stacking)]
    links = [_link(scope, (*place, "links", at), each) for at, each in enumerate(item.links)]
    _check_ways(scope, place, item)
    return PathwayRules(
        item.duration,
        item.per_week,
        item.most_steps,
        tuple(item.weakest_counts),
        {each.attribute: each for each in stacking},
        tuple(links),
    )


def _check_ways(scope: Scope, place: Place, item: schema.PathwaysPart) -> None:
    """See that the plans that the links allow can be compared in a few seconds, whatever somebody answers."""
    ending = dict.fromkeys(scope.part.formats, 1)
    ways = 0
    for _ in range(item.most_steps - 1):
        longer = dict.fromkeys(ending, 0)
        for link in item.links:
            if link.from_ in ending and link.to in longer:
                longer[link.to] += ending[link.from_]
        ending = longer
        ways += sum(ending.values())
    if ways > MOST_WAYS:
        problem = f"make {ways:,} plans of up to {item.most_steps} steps, and a catalog has {MOST_WAYS:,} at most"
        scope.fault((*place, "links"), f"{problem}; leave links out, or lower most_steps")


def _check_question(scope: Scope, place: Place, id: str, kind: AnswerKind) -> None:
    """Steps are fitted into the answer, so it must be one that limits formats."""
    if scope.known(place, id, scope.questions, "question"):
        question = scope.questions[id]
        if question.answer is not kind or not isinstance(question.rule, schema.LimitPart):
            scope.fault(place, f"{id!r} must be a question whose answer is a {kind} and whose rule is a limit")


def _check_weakest(scope: Scope, place: Place, item: schema.PathwaysPart) -> None:
    stacked = {each.attribute for each in item.stacking}
    ids = [((*place, "weakest_counts", at), id) for at, id in enumerate(item.weakest_counts)]
    scope.check_unique(ids)
    for at, id in ids:
        _check_level(scope, at, id)
        if id in stacked:
            scope.fault(at, f"{id!r} cannot both grow by stacking and be as good as the weakest step")


def _check_level(scope: Scope, place: Place, id: str) -> None:
    if scope.known(place, id, scope.attributes, "attribute"):
        kind = scope.attributes[id].kind
        if kind is not AttributeKind.LEVEL:
            scope.fault(place, f"{id!r} is a {kind}; only a {AttributeKind.LEVEL} counts for a goal")


def _stacking(scope: Scope, place: Place, item: schema.StackingPart) -> Stacking:
    at = (*place, "attribute")
    _check_level(scope, at, item.attribute)
    for question in scope.part.questions:
        for goal, part in question.goals.items():
            if part.attribute == item.attribute and part.less_is_better:
                scope.fault(
                    at, f"{item.attribute!r} is worth less the more there is of it (goal {goal}): it cannot grow"
                )
    return Stacking(item.attribute, item.gain, item.most, item.reason, _evidence(scope, place, item.sources))


def _link(scope: Scope, place: Place, item: schema.LinkPart) -> Link:
    for key, id in (("from", item.from_), ("to", item.to)):
        known = scope.known((*place, key), id, scope.part.formats, "format")
        if known and scope.part.formats[id].kind in LOOKUP_KINDS:
            covering = scope.part.formats[id].covered_by
            scope.fault((*place, key), f"{id!r} is never recommended as such; use {covering!r}, which stands for it")
    return Link(item.from_, item.to, item.reason, _evidence(scope, place, item.sources))


def _evidence(scope: Scope, place: Place, sources: dict[str, str]) -> tuple[Citation, ...]:
    if not sources:
        scope.fault((*place, "sources"), "is empty; name the source that the reason comes from")
    return scope.cited((*place, "sources"), sources)

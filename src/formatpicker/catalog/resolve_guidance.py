"""What a catalog says beside its formats, from the file's models: cautions, conflicts, next steps, pathways, offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formatpicker.base.durations import parse_days
from formatpicker.base.text import canonical, shortened
from formatpicker.base.validity import Validity
from formatpicker.base.yaml_reader import Place
from formatpicker.catalog import guidance_schema as schema
from formatpicker.catalog.attributes import FREQUENCIES, MOST_LEVEL, Attribute, AttributeKind, Citation, Level
from formatpicker.catalog.criteria import AnswerKind
from formatpicker.catalog.guidance import (
    Caution,
    Conflict,
    Link,
    MinimumPay,
    NextStep,
    OfferField,
    OfferRules,
    PathwayRules,
    PayTerms,
    Stacking,
    Test,
)
from formatpicker.catalog.model import LOOKUP_KINDS, OWN_KEYS
from formatpicker.catalog.schema import GoalPart, LimitPart
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
    return item.resolved(PathwayRules, stacking={each.attribute: each for each in stacking}, links=tuple(links))


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
        if question.answer is not kind or not isinstance(question.rule, LimitPart):
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
    return item.resolved(Stacking, citations=_evidence(scope, place, item))


def _link(scope: Scope, place: Place, item: schema.LinkPart) -> Link:
    for key, id in (("from", item.from_), ("to", item.to)):
        known = scope.known((*place, key), id, scope.part.formats, "format")
        if known and scope.part.formats[id].kind in LOOKUP_KINDS:
            covering = scope.part.formats[id].covered_by
            scope.fault((*place, key), f"{id!r} is never recommended as such; use {covering!r}, which stands for it")
    return Link(item.from_, item.to, item.reason, _evidence(scope, place, item))


def _evidence(scope: Scope, place: Place, item: schema.StackingPart | schema.LinkPart) -> tuple[Citation, ...]:
    if not item.sources:
        scope.fault((*place, "sources"), "is empty; name the source that the reason comes from")
    return scope.cited(place, item.sources)


def resolve_offers(scope: Scope, place: Place, item: schema.OffersPart) -> OfferRules:
    """The fields and the least pay, each reference of them checked."""
    goals = {id: goal for question in scope.part.questions for id, goal in question.goals.items()}
    fields = [_field(scope, (*place, "fields", index), each, goals, item) for index, each in enumerate(item.fields)]
    names = [
        ((*place, "fields", index, "id"), name)
        for index, each in enumerate(item.fields)
        for name in {canonical(each.id), *map(canonical, each.aliases)}
    ]
    scope.check_unique([((*place, "fields"), key) for key in OWN_KEYS] + names)
    minimum = [_minimum(scope, (*place, "minimum_pay", index), each) for index, each in enumerate(item.minimum_pay)]
    if item.minimum_pay and item.pay_terms is None:
        scope.fault((*place, "minimum_pay"), "needs pay_terms, which name the fields that pay is worked out with")
    terms = _pay_terms(scope, (*place, "pay_terms"), item.pay_terms, item) if item.pay_terms else None
    return OfferRules(tuple(each for each in fields if each), tuple(minimum), terms)


def _pay_terms(scope: Scope, place: Place, item: schema.PayTermsPart, part: schema.OffersPart) -> PayTerms:
    fields = [field.id for field in part.fields]
    for key, id in (("hours", item.hours), ("length", item.length), ("wait", item.wait)):
        scope.known((*place, key), id, fields, "field")
    scope.known((*place, "age"), item.age, scope.questions, "question")
    return item.resolved(PayTerms)


def _field(
    scope: Scope,
    place: Place,
    item: schema.OfferFieldPart,
    goals: Mapping[str, GoalPart],
    part: schema.OffersPart,
) -> OfferField | None:
    if (item.attribute is None) == (item.goal is None):
        scope.fault(place, "needs exactly one of attribute and goal")
        return None
    goal = goals.get(item.goal) if item.goal else None
    if item.goal and not scope.known((*place, "goal"), item.goal, goals, "goal"):
        return None
    id = goal.attribute if goal else str(item.attribute)
    if not scope.known((*place, "goal" if goal else "attribute"), id, scope.attributes, "attribute"):
        return None
    attribute = scope.attributes[id]
    if attribute.kind is AttributeKind.TEXT:
        scope.fault((*place, "attribute"), f"{id!r} is a text attribute, which is never scored")
        return None
    if item.money and attribute.kind is not AttributeKind.FREQUENCY:
        scope.fault((*place, "money"), f"needs a frequency attribute; {id!r} is a {attribute.kind}")
    shared = part.words.get(attribute.kind.value, {})  # type: ignore[call-overload]
    words = {
        canonical(word): level
        for word, written in {**shared, **item.words}.items()
        if (level := _level(scope, (*place, "words", word), attribute, written)) is not None
    }
    return item.resolved(OfferField, attribute=id, words=words, mirrored=bool(goal and goal.less_is_better))


def _level(scope: Scope, place: Place, attribute: Attribute, written: int | str) -> Level:
    """What a word stands for, in the units of the attribute."""
    allowed: dict[AttributeKind, list[int | str]] = {
        AttributeKind.FREQUENCY: [*FREQUENCIES],
        AttributeKind.LEVEL: [*range(MOST_LEVEL + 1)],
        AttributeKind.CATEGORY: [*attribute.phrases],
    }
    known = allowed.get(attribute.kind, [])
    if written not in known:
        scope.fault(
            place, f"{written!r} is no value of {attribute.id!r} (known: {', '.join(map(str, known)) or 'none'})"
        )
        return None
    return known.index(written) if attribute.kind is AttributeKind.FREQUENCY else written


def _minimum(scope: Scope, place: Place, item: schema.MinimumPayPart) -> MinimumPay:
    scope.known((*place, "region"), item.region, scope.regions, "region")
    scope.all_known((*place, "formats"), item.formats, scope.part.formats, "format")
    over = parse_days(item.if_longer_than) if item.if_longer_than else 0
    if over is None:
        scope.fault(
            (*place, "if_longer_than"), f"{item.if_longer_than!r} is not a duration; write for example 2 months"
        )
    return item.resolved(
        MinimumPay,
        amount=round(item.amount * 100),
        unit=item.per,
        valid_to=item.valid_to or "",
        least_age=item.ages[0],
        most_age=item.ages[1],
        over_days=over or 0,
        citations=scope.cited(place, item.sources),
    )


def _check_scope(scope: Scope, place: Place, item: schema.CautionPart | schema.NextStepPart) -> None:
    scope.all_known((*place, "formats"), item.formats, scope.part.formats, "format")
    scope.all_known((*place, "regions"), item.regions, scope.regions, "region")


def resolve_caution(scope: Scope, place: Place, item: schema.CautionPart) -> Caution:
    """A warning, with the tests of whom it concerns."""
    _check_scope(scope, place, item)
    scope.known((*place, "about"), item.about, scope.questions, "question")
    return item.resolved(
        Caution,
        citations=scope.cited(place, item.sources),
        tests=_tests(scope, (*place, "when"), item.when),
        unless=_tests(scope, (*place, "unless"), item.unless),
        validity=Validity(str(item.valid_from), str(item.valid_to), item.amount),
    )


def _tests(scope: Scope, place: Place, items: list[schema.TestPart]) -> tuple[Test, ...]:
    return tuple(_test(scope, (*place, index), item) for index, item in enumerate(items))


def _test(scope: Scope, place: Place, item: schema.TestPart) -> Test:
    given = {key: value for key, value in item.model_dump().items() if value is not None}
    subjects = [key for key in ("question", "attribute") if key in given]
    operators = [key for key in given if key not in subjects]
    if len(subjects) != 1 or len(operators) != 1:
        scope.fault(place, "needs exactly one of question and attribute, and exactly one operator")
        return Test("question", "", "is", ())
    subject, operator = subjects[0], operators[0]
    operand = given[operator]
    _check_operand(scope, place, subject, given[subject], operator, operand)
    return Test(
        subject,
        given[subject],
        operator.rstrip("_"),
        tuple(operand) if isinstance(operand, list) else operand,
    )


def _check_operand(scope: Scope, place: Place, subject: str, name: str, operator: str, operand: Any) -> None:
    """The subject exists, is of the kind that the operator works on, and has every word that is asked for."""
    allowed = _words_of(scope, place, subject, name)
    if allowed is None:
        return
    if bool(allowed) != isinstance(operand, list):
        given = operand[0] if isinstance(operand, list) and operand else operand
        works_on = "words" if isinstance(operand, list) else "numbers"
        problem = f"{operator.rstrip('_')} {shortened(given)}: works on {works_on}, which {name!r} does not have"
        scope.fault((*place, operator.rstrip("_")), problem)
        return
    for word in operand if isinstance(operand, list) else ():
        scope.known((*place, operator.rstrip("_")), word, allowed, "value")


def _words_of(scope: Scope, place: Place, subject: str, name: str) -> list[str] | None:
    """The words that a question's answers or an attribute's values can be, none for numbers; None if unknown."""
    if subject == "attribute":
        known = scope.known((*place, subject), name, scope.attributes, "attribute")
        return list(scope.attributes[name].phrases) if known else None
    if not scope.known((*place, subject), name, scope.questions, "question"):
        return None
    question = scope.questions[name]
    return [*question.goals, *(option.id for option in question.options)]


def resolve_conflict(scope: Scope, place: Place, item: schema.ConflictPart) -> Conflict:
    """Two criteria that may not be met together."""
    criteria = [*scope.questions, *(item.id for item in scope.part.derived)]
    criteria += [goal for question in scope.part.questions for goal in question.goals]
    for criterion in item.between:
        scope.known((*place, "between"), criterion, criteria, "goal or question")
    return item.resolved(Conflict, least_value=item.least_value * 10, citations=scope.cited(place, item.sources))


def resolve_next_step(scope: Scope, place: Place, item: schema.NextStepPart) -> NextStep:
    """Where to look next, with the tests of whom it is for."""
    _check_scope(scope, place, item)
    tests = {key: _tests(scope, (*place, key), items) for key, items in (("when", item.when), ("unless", item.unless))}
    for key, index, test in ((key, index, test) for key, found in tests.items() for index, test in enumerate(found)):
        if test.subject != "question":
            scope.fault((*place, key, index), "a next step can test questions only; it is not about one format")
    citations = scope.cited(place, item.sources)
    return item.resolved(NextStep, tests=tests["when"], unless=tests["unless"], citations=citations)

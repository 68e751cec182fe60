"""What a catalog says beside its formats, from the file's models: cautions, conflicts, next steps, pathways, offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formatpicker.base.durations import parse_days
from formatpicker.base.text import canonical, shortened
from formatpicker.base.validity import Validity
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


def resolve_pathways(scope: Scope, item: schema.PathwaysPart) -> PathwayRules:
    """The section as the engine uses it."""
    _check_question(scope.at("duration"), item.duration, AnswerKind.DURATION)
    _check_question(scope.at("per_week"), item.per_week, AnswerKind.NUMBER)
    _check_weakest(scope, item)
    scope.check_unique((("stacking", at, "attribute"), each.attribute) for at, each in enumerate(item.stacking))
    pairs = ((("links", at), f"{each.from_} to {each.to}") for at, each in enumerate(item.links))
    scope.check_unique(pairs, "is linked twice")
    stacking = [_stacking(scope.at("stacking", at), each) for at, each in enumerate(item.stacking)]
    links = [_link(scope.at("links", at), each) for at, each in enumerate(item.links)]
    _check_ways(scope, item)
    return item.resolved(PathwayRules, stacking={each.attribute: each for each in stacking}, links=tuple(links))


def _check_ways(scope: Scope, item: schema.PathwaysPart) -> None:
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
        scope.at("links").fault(f"{problem}; leave links out, or lower most_steps")


def _check_question(scope: Scope, id: str, kind: AnswerKind) -> None:
    """Steps are fitted into the answer, so it must be one that limits formats."""
    if scope.known(id, scope.questions, "question"):
        question = scope.questions[id]
        if question.answer is not kind or not isinstance(question.rule, LimitPart):
            scope.fault(f"{id!r} must be a question whose answer is a {kind} and whose rule is a limit")


def _check_weakest(scope: Scope, item: schema.PathwaysPart) -> None:
    stacked = {each.attribute for each in item.stacking}
    scope.check_unique((("weakest_counts", at), id) for at, id in enumerate(item.weakest_counts))
    for at, id in enumerate(item.weakest_counts):
        _check_level(scope.at("weakest_counts", at), id)
        if id in stacked:
            problem = f"{id!r} cannot both grow by stacking and be as good as the weakest step"
            scope.at("weakest_counts", at).fault(problem)


def _check_level(scope: Scope, id: str) -> None:
    if scope.known(id, scope.attributes, "attribute"):
        kind = scope.attributes[id].kind
        if kind is not AttributeKind.LEVEL:
            scope.fault(f"{id!r} is a {kind}; only a {AttributeKind.LEVEL} counts for a goal")


def _stacking(scope: Scope, item: schema.StackingPart) -> Stacking:
    here = scope.at("attribute")
    _check_level(here, item.attribute)
    for question in scope.part.questions:
        for goal, part in question.goals.items():
            if part.attribute == item.attribute and part.less_is_better:
                here.fault(f"{item.attribute!r} is worth less the more there is of it (goal {goal}): it cannot grow")
    return item.resolved(Stacking, citations=_evidence(scope, item))


def _link(scope: Scope, item: schema.LinkPart) -> Link:
    for key, id in (("from", item.from_), ("to", item.to)):
        known = scope.at(key).known(id, scope.part.formats, "format")
        if known and scope.part.formats[id].kind in LOOKUP_KINDS:
            covering = scope.part.formats[id].covered_by
            scope.at(key).fault(f"{id!r} is never recommended as such; use {covering!r}, which stands for it")
    return Link(item.from_, item.to, item.reason, _evidence(scope, item))


def _evidence(scope: Scope, item: schema.StackingPart | schema.LinkPart) -> tuple[Citation, ...]:
    if not item.sources:
        scope.at("sources").fault("is empty; name the source that the reason comes from")
    return scope.cited(item.sources)


def resolve_offers(scope: Scope, item: schema.OffersPart) -> OfferRules:
    """The fields and the least pay, each reference of them checked."""
    goals = {id: goal for question in scope.part.questions for id, goal in question.goals.items()}
    fields = [_field(scope.at("fields", index), each, goals, item) for index, each in enumerate(item.fields)]
    names = [
        (("fields", index, "id"), name)
        for index, each in enumerate(item.fields)
        for name in {canonical(each.id), *map(canonical, each.aliases)}
    ]
    scope.check_unique([*((("fields",), key) for key in OWN_KEYS), *names])
    minimum = [_minimum(scope.at("minimum_pay", index), each) for index, each in enumerate(item.minimum_pay)]
    if item.minimum_pay and item.pay_terms is None:
        scope.at("minimum_pay").fault("needs pay_terms, which name the fields that pay is worked out with")
    terms = _pay_terms(scope.at("pay_terms"), item.pay_terms, item) if item.pay_terms else None
    return OfferRules(tuple(each for each in fields if each), tuple(minimum), terms)


def _pay_terms(scope: Scope, item: schema.PayTermsPart, part: schema.OffersPart) -> PayTerms:
    fields = [field.id for field in part.fields]
    for key, id in (("hours", item.hours), ("length", item.length), ("wait", item.wait)):
        scope.at(key).known(id, fields, "field")
    scope.at("age").known(item.age, scope.questions, "question")
    return item.resolved(PayTerms)


def _field(
    scope: Scope,
    item: schema.OfferFieldPart,
    goals: Mapping[str, GoalPart],
    part: schema.OffersPart,
) -> OfferField | None:
    if (item.attribute is None) == (item.goal is None):
        scope.fault("needs exactly one of attribute and goal")
        return None
    goal = goals.get(item.goal) if item.goal else None
    if item.goal and not scope.at("goal").known(item.goal, goals, "goal"):
        return None
    id = goal.attribute if goal else str(item.attribute)
    if not scope.at("goal" if goal else "attribute").known(id, scope.attributes, "attribute"):
        return None
    attribute = scope.attributes[id]
    if attribute.kind is AttributeKind.TEXT:
        scope.at("attribute").fault(f"{id!r} is a text attribute, which is never scored")
        return None
    if item.money and attribute.kind is not AttributeKind.FREQUENCY:
        scope.at("money").fault(f"needs a frequency attribute; {id!r} is a {attribute.kind}")
    shared = part.words.get(attribute.kind.value, {})  # type: ignore[call-overload]
    words = {
        canonical(word): level
        for word, written in {**shared, **item.words}.items()
        if (level := _level(scope.at("words", word), attribute, written)) is not None
    }
    return item.resolved(OfferField, attribute=id, words=words, mirrored=bool(goal and goal.less_is_better))


def _level(scope: Scope, attribute: Attribute, written: int | str) -> Level:
    """What a word stands for, in the units of the attribute."""
    allowed: dict[AttributeKind, list[int | str]] = {
        AttributeKind.FREQUENCY: [*FREQUENCIES],
        AttributeKind.LEVEL: [*range(MOST_LEVEL + 1)],
        AttributeKind.CATEGORY: [*attribute.phrases],
    }
    known = allowed.get(attribute.kind, [])
    if written not in known:
        scope.fault(f"{written!r} is no value of {attribute.id!r} (known: {', '.join(map(str, known)) or 'none'})")
        return None
    return known.index(written) if attribute.kind is AttributeKind.FREQUENCY else written


def _minimum(scope: Scope, item: schema.MinimumPayPart) -> MinimumPay:
    scope.at("region").known(item.region, scope.regions, "region")
    scope.at("formats").all_known(item.formats, scope.part.formats, "format")
    over = parse_days(item.if_longer_than) if item.if_longer_than else 0
    if over is None:
        scope.at("if_longer_than").fault(f"{item.if_longer_than!r} is not a duration; write for example 2 months")
    return item.resolved(
        MinimumPay,
        amount=round(item.amount * 100),
        unit=item.per,
        valid_to=item.valid_to or "",
        least_age=item.ages[0],
        most_age=item.ages[1],
        over_days=over or 0,
        citations=scope.cited(item.sources),
    )


def _check_scope(scope: Scope, item: schema.CautionPart | schema.NextStepPart) -> None:
    scope.at("formats").all_known(item.formats, scope.part.formats, "format")
    scope.at("regions").all_known(item.regions, scope.regions, "region")


def resolve_caution(scope: Scope, item: schema.CautionPart) -> Caution:
    """A warning, with the tests of whom it concerns."""
    _check_scope(scope, item)
    scope.at("about").known(item.about, scope.questions, "question")
    return item.resolved(
        Caution,
        citations=scope.cited(item.sources),
        tests=_tests(scope.at("when"), item.when),
        unless=_tests(scope.at("unless"), item.unless),
        validity=Validity(str(item.valid_from), str(item.valid_to), item.amount),
    )


def _tests(scope: Scope, items: list[schema.TestPart]) -> tuple[Test, ...]:
    return tuple(_test(scope.at(index), item) for index, item in enumerate(items))


def _test(scope: Scope, item: schema.TestPart) -> Test:
    given = {key: value for key, value in item.model_dump().items() if value is not None}
    subjects = [key for key in ("question", "attribute") if key in given]
    operators = [key for key in given if key not in subjects]
    if len(subjects) != 1 or len(operators) != 1:
        scope.fault("needs exactly one of question and attribute, and exactly one operator")
        return Test("question", "", "is", ())
    subject, operator = subjects[0], operators[0]
    operand = given[operator]
    _check_operand(scope, subject, given[subject], operator, operand)
    return Test(
        subject,
        given[subject],
        operator.rstrip("_"),
        tuple(operand) if isinstance(operand, list) else operand,
    )


def _check_operand(scope: Scope, subject: str, name: str, operator: str, operand: Any) -> None:
    """The subject exists, is of the kind that the operator works on, and has every word that is asked for."""
    allowed = _words_of(scope, subject, name)
    if allowed is None:
        return
    if bool(allowed) != isinstance(operand, list):
        given = operand[0] if isinstance(operand, list) and operand else operand
        works_on = "words" if isinstance(operand, list) else "numbers"
        problem = f"{operator.rstrip('_')} {shortened(given)}: works on {works_on}, which {name!r} does not have"
        scope.at(operator.rstrip("_")).fault(problem)
        return
    for word in operand if isinstance(operand, list) else ():
        scope.at(operator.rstrip("_")).known(word, allowed, "value")


def _words_of(scope: Scope, subject: str, name: str) -> list[str] | None:
    """The words that a question's answers or an attribute's values can be, none for numbers; None if unknown."""
    if subject == "attribute":
        known = scope.at(subject).known(name, scope.attributes, "attribute")
        return list(scope.attributes[name].phrases) if known else None
    if not scope.at(subject).known(name, scope.questions, "question"):
        return None
    question = scope.questions[name]
    return [*question.goals, *(option.id for option in question.options)]


def resolve_conflict(scope: Scope, item: schema.ConflictPart) -> Conflict:
    """Two criteria that may not be met together."""
    criteria = [*scope.questions, *(item.id for item in scope.part.derived)]
    criteria += [goal for question in scope.part.questions for goal in question.goals]
    for criterion in item.between:
        scope.at("between").known(criterion, criteria, "goal or question")
    return item.resolved(Conflict, least_value=item.least_value * 10, citations=scope.cited(item.sources))


def resolve_next_step(scope: Scope, item: schema.NextStepPart) -> NextStep:
    """Where to look next, with the tests of whom it is for."""
    _check_scope(scope, item)
    tests = {key: _tests(scope.at(key), items) for key, items in (("when", item.when), ("unless", item.unless))}
    for key, index, test in ((key, index, test) for key, found in tests.items() for index, test in enumerate(found)):
        if test.subject != "question":
            scope.at(key, index).fault("a next step can test questions only; it is not about one format")
    citations = scope.cited(item.sources)
    return item.resolved(NextStep, tests=tests["when"], unless=tests["unless"], citations=citations)

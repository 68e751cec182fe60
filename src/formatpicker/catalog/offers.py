"""What single offers can state, and the least pay that they are held against."""

from __future__ import annotations

from collections.abc import Mapping

from formatpicker.base.durations import parse_days
from formatpicker.base.text import canonical
from formatpicker.base.yaml_reader import Place
from formatpicker.catalog import offer_schema, schema
from formatpicker.catalog.attributes import FREQUENCIES, MOST_LEVEL, Attribute, AttributeKind, Level
from formatpicker.catalog.guidance import MinimumPay, OfferRules, PayTerms
from formatpicker.catalog.guidance import OfferField as Field
from formatpicker.catalog.model import OWN_KEYS
from formatpicker.catalog.validate import Scope


def resolve_offers(scope: Scope, place: Place, item: offer_schema.OffersPart) -> OfferRules:
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


def _pay_terms(scope: Scope, place: Place, item: offer_schema.PayTermsPart, part: offer_schema.OffersPart) -> PayTerms:
    fields = [field.id for field in part.fields]
    for key, id in (("hours", item.hours), ("length", item.length), ("wait", item.wait)):
        scope.known((*place, key), id, fields, "field")
    scope.known((*place, "age"), item.age, scope.questions, "question")
    return PayTerms(item.hours, item.length, item.wait, item.age)


def _field(
    scope: Scope,
    place: Place,
    item: offer_schema.OfferFieldPart,
    goals: Mapping[str, schema.GoalPart],
    part: offer_schema.OffersPart,
) -> Field | None:
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
    mirrored = bool(goal and goal.less_is_better)
    return Field(item.id, id, item.label, item.ask, words, tuple(item.aliases), item.example, item.money, mirrored)


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


def _minimum(scope: Scope, place: Place, item: offer_schema.MinimumPayPart) -> MinimumPay:
    scope.known((*place, "region"), item.region, scope.regions, "region")
    scope.all_known((*place, "formats"), item.formats, scope.part.formats, "format")
    over = parse_days(item.if_longer_than) if item.if_longer_than else 0
    if over is None:
        scope.fault(
            (*place, "if_longer_than"), f"{item.if_longer_than!r} is not a duration; write for example 2 months"
        )
    return MinimumPay(
        item.region,
        tuple(item.formats),
        round(item.amount * 100),
        item.currency,
        item.per,
        item.valid_from,
        item.valid_to or "",
        item.ages[0],
        item.ages[1],
        over or 0,
        item.text,
        scope.cited((*place, "sources"), item.sources),
    )

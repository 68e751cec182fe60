"""Concrete offers as a person writes them, and each one as a format whose stated values replace the usual ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from msgspec.structs import replace

from formatpicker.advice.pay import Money, parse_money
from formatpicker.base.durations import duration_text, parse_days
from formatpicker.base.text import canonical, printable, shortened
from formatpicker.catalog.attributes import (
    ALWAYS,
    FREQUENCIES,
    MOST_LEVEL,
    NEVER,
    AttributeKind,
    Level,
    RegionalValue,
    Value,
)
from formatpicker.catalog.guidance import OfferField, OfferRules
from formatpicker.catalog.model import OWN_KEYS, Catalog, Format, find_format
from formatpicker.errors import AnswerError, InputError, one_of
from formatpicker.scoring.weights import derived_answer

MOST_OFFERS = 50
MOST_NAME, MOST_NOTES = 100, 2_000
# The basis of a value that rests on the word of an employer; it never counts as a source.
STATED = "stated"
_NUMBER = re.compile(r"\s*(?:about\s+)?(\d{1,6}(?:[.,]\d{1,2})?)\s*([a-z/ ]*)\.?\s*", re.IGNORECASE)
_MOST_NUMBER = 100_000


class Offer(NamedTuple):
    """One offer. ``stated`` holds the level of each field that is known, in the unit of its attribute.

    ``written`` has what was written for each of them, ``format`` the format whose usual values hold for the rest, and
    ``named`` the one that was named, which may be one that is only looked up.
    """

    name: str
    format: Format
    named: Format
    stated: Mapping[str, Level]
    written: Mapping[str, object]
    pay: Money | None
    region: str | None
    notes: str


def offer_rules(catalog: Catalog) -> OfferRules:
    """What can be said of offers.

    Raises:
        InputError: The catalog has no section about offers.
    """
    if catalog.offers is None:
        raise InputError("offers", f"the catalog {catalog.title!r} has no section 'offers', so it cannot compare any")
    return catalog.offers


def parse_offers(
    catalog: Catalog,
    raw: object,
    file: str = "",
    line_of: Callable[[tuple[str | int, ...]], int] = lambda place: 0,
) -> tuple[Offer, ...]:
    """Offers from plain data: a list, or a mapping with the list under ``offers``.

    Args:
        catalog: What is known of formats, and what an offer can state.
        raw: The data; each offer is a mapping with ``format`` and whatever else is known.
        file: The name of the file, for messages.
        line_of: The line of a place in it.

    Raises:
        AnswerError: An unknown key or a value that its field does not accept; the line is told.
        InputError: There is no offer, or there are too many.
    """
    rules = offer_rules(catalog)
    place: tuple[str | int, ...] = ()
    if isinstance(raw, Mapping) and {canonical(str(key)) for key in raw} == {"offers"}:
        key = next(iter(raw))
        raw, place = raw[key], (key,)
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(
            file or "offers", "holds no list of offers; `formatpicker offers --template` writes one to fill in"
        )
    if len(raw) > MOST_OFFERS:
        raise InputError(file or "offers", f"holds {len(raw)} offers; compare at most {MOST_OFFERS} at once")
    offers: list[Offer] = []
    faults: list[AnswerError] = []
    for index, item in enumerate(raw):
        own: list[AnswerError] = []
        offer = _tried(own, _offer, catalog, rules, item, index, own)
        if offer and offer.name in [each.name for each in offers]:
            own.append(AnswerError("name", offer.name, "stands for two offers; give each one a name of its own"))
        for error in own:
            error.file, error.line = file, line_of((*place, index, error.key))
            error.key = f"offer {index + 1}: {error.key}"
        faults += own
        offers += [offer] if offer else []
    if faults:
        faults[0].others = tuple(faults[1:])
        raise faults[0]
    return tuple(offers)


_Read = TypeVar("_Read")


def _tried(faults: list[AnswerError], read: Callable[..., _Read], *given: Any) -> _Read | None:
    """What is read; None where it cannot be, with the fault added to the others."""
    try:
        return read(*given)
    except AnswerError as error:
        faults.append(error)
        return None


def _offer(catalog: Catalog, rules: OfferRules, raw: object, index: int, faults: list[AnswerError]) -> Offer | None:
    """One offer; None with all its faults where it has any."""
    if not isinstance(raw, Mapping):
        raise AnswerError("offer", raw, "must be a mapping; `formatpicker offers --template` shows one")
    own, given = _sorted_keys(rules, raw, faults)
    named = _tried(faults, _format, catalog, own.get("format"))
    stated: dict[str, Level] = {}
    pay = None
    for field, key, value in given.values():
        if value is None or (isinstance(value, str) and canonical(value) in ("", "unknown", "skip", "?", "ask")):
            continue
        read = _tried(faults, _level, catalog, field, key, value)
        if read is not None:
            stated[field.id], money = read
            pay = money or pay
    name = _tried(faults, _text, "name", own.get("name"), MOST_NAME)
    region = _tried(faults, _region, catalog, own.get("region"))
    notes = _tried(faults, _text, "notes", own.get("notes"), MOST_NOTES)
    if faults or named is None:
        return None
    return Offer(
        name or f"Offer {index + 1}",
        catalog.formats[named.covered_by] if named.covered_by else named,
        named,
        stated,
        {id: value for id, (_, _, value) in given.items() if id in stated},
        pay,
        region,
        notes or "",
    )


def _sorted_keys(
    rules: OfferRules, raw: Mapping[Any, object], faults: list[AnswerError]
) -> tuple[dict[str, object], dict[str, tuple[OfferField, str, object]]]:
    """What every offer has, and the fields with the key that was written and its value."""
    fields = {canonical(name): field for field in rules.fields for name in (field.id, *field.aliases)}
    own: dict[str, object] = {}
    given: dict[str, tuple[OfferField, str, object]] = {}
    for key, value in raw.items():
        name = canonical(str(key))
        if name in OWN_KEYS:
            own[name] = value
        elif name not in fields:
            known = [*OWN_KEYS, *(each.id for each in rules.fields)]
            faults.append(AnswerError(str(key), None, one_of(str(key), known, "key")))
        elif fields[name].id in given:
            faults.append(AnswerError(str(key), None, f"says {fields[name].id} a second time; keep one"))
        else:
            given[fields[name].id] = (fields[name], str(key), value)
    return own, given


def _format(catalog: Catalog, raw: object) -> Format:
    if raw is None or not isinstance(raw, str):
        raise AnswerError("format", raw, "is missing: say which kind it is; `formatpicker formats` lists them all")
    return find_format(catalog, raw)


def _text(key: str, raw: object, most: int) -> str:
    if raw is None:
        return ""
    text = printable(str(raw)).replace("\n", " ").strip()
    if isinstance(raw, list | Mapping) or len(text) > most:
        raise AnswerError(key, shortened(raw, quote=False), f"must be text of at most {most:,} characters")
    return text


def _region(catalog: Catalog, raw: object) -> str | None:
    question = catalog.region_question
    if raw is None or question is None or canonical(str(raw)) in ("", "skip"):
        return None
    found = question.ids_by_name.get(canonical(str(raw)))
    if found is None:
        raise AnswerError("region", raw, one_of(str(raw), question.option_ids, "region"))
    return found


def _level(catalog: Catalog, field: OfferField, key: str, raw: object) -> tuple[Level, Money | None]:
    """What is stated under a key, in the unit of the attribute, and the amount where it is money."""
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    word = field.words.get(canonical(str(raw)))
    if word is not None:
        return _mirrored(field, word), None
    attribute = catalog.attributes[field.attribute]
    if field.money:
        money = parse_money(key, raw)
        return (ALWAYS if money.amount else NEVER), money
    expected, read = _READERS[attribute.kind]
    level = read(raw, _units(catalog, field))
    if level is None:
        example = f", for example {field.example}" if field.example else ""
        wanted = f"{expected.format(unit=attribute.unit or 'units')}{example}"
        known = f"{one_of(str(raw), [*field.words], 'word here')}; write {wanted}"
        raise AnswerError(key, raw, known if field.words else f"not {wanted}")
    return _mirrored(field, level), None


def _mirrored(field: OfferField, level: Level) -> Level:
    return MOST_LEVEL - cast(int, level) if field.mirrored else level


def _units(catalog: Catalog, field: OfferField) -> frozenset[str]:
    """What may stand behind a number: what may behind the answer that it is held against."""
    asked = (each for each in catalog.questions.values() if each.rule and each.rule.attribute == field.attribute)
    return frozenset(unit for question in asked for unit in question.units)


def _whole(raw: object, units: frozenset[str]) -> Level:
    match = _NUMBER.fullmatch(str(raw))
    if match is None or (match[2].strip() and canonical(match[2]) not in units):
        return None
    number = float(match[1].replace(",", "."))
    return None if number > _MOST_NUMBER else round(number)


def _step(raw: object, units: frozenset[str]) -> Level:
    number = str(raw).strip()
    return int(number) if number.isdecimal() and len(number) == 1 and int(number) <= MOST_LEVEL else None


# What is expected where a kind of attribute is stated, and how a number is read; other words are those of the field.
_READERS: dict[AttributeKind, tuple[str, Callable[[Any, frozenset[str]], Level]]] = {
    AttributeKind.DURATION: (
        "a duration",
        lambda raw, _: parse_days(raw) if isinstance(raw, int | float | str) else None,
    ),
    AttributeKind.NUMBER: ("a number of {unit}", _whole),
    AttributeKind.LEVEL: (f"a level from 0 to {MOST_LEVEL}", _step),
    AttributeKind.FREQUENCY: ("yes or no", lambda raw, _: None),
    AttributeKind.CATEGORY: ("one of the words", lambda raw, _: None),
}


def as_format(catalog: Catalog, offer: Offer, id: str, region: str | None, stated: Mapping[str, Level]) -> Format:
    """An offer as an alternative of its own: the usual values of its format, with what is stated in their place.

    What is said of the format in cautions holds for the offer. Its values are those of one region, since an offer is in
    one place, or of all where none is known.
    """
    attributes = {name: _placed(catalog.regional(offer.format, name), region) for name in catalog.attributes}
    fields = {field.id: field for field in offer_rules(catalog).fields}
    for name, level in stated.items():
        field = fields[name]
        attributes[field.attribute] = RegionalValue(stated_value(catalog, field.attribute, level), {})
    attributes |= {name: RegionalValue(value, {}) for name, value in _worked_out(catalog, attributes).items()}
    return replace(
        offer.format,
        id=id,
        kind="core",
        name=offer.name,
        phrase=offer.name,
        aliases=(),
        variant_of=(),
        stands_for=(offer.format.id, *offer.format.variant_of[:1]),
        attributes=attributes,
    )


def _worked_out(catalog: Catalog, attributes: Mapping[str, RegionalValue]) -> dict[str, Value]:
    """Quantities that follow from two stated ones, such as the hours in all from the hours a week and the length."""
    found = {}
    for item in catalog.derived.values():
        rules = [catalog.questions[id].rule for id in (item.per_week, item.duration)]
        values = [attributes[rule.attribute].general for rule in rules if rule]
        if len(values) == 2 and all(value.basis == STATED for value in values):
            per_week, days = (cast(int, value.typical) for value in values)
            found[item.rule.attribute] = stated_value(catalog, item.rule.attribute, derived_answer(per_week, days))
    return found


def _placed(value: RegionalValue, region: str | None) -> RegionalValue:
    return value if region is None else value.alone(value.within(region))


def stated_value(catalog: Catalog, attribute: str, level: Level) -> Value:
    """A value that rests on an employer's word: known, without a range and without a source."""
    kind = catalog.attributes[attribute].kind
    written = FREQUENCIES[cast(int, level)] if kind is AttributeKind.FREQUENCY else str(level)
    if kind is AttributeKind.DURATION:
        written = f"{level} days"
    return Value(level, level, level, (written, written, written), STATED, (), note="As the offer says.")


def stated_text(catalog: Catalog, offer: Offer, field: OfferField) -> str:
    """What an offer states of a field, as it was written: ``yes``, ``2 months``; a bare number with what it counts."""
    written, kind = offer.written[field.id], catalog.attributes[field.attribute].kind
    if isinstance(written, bool):
        return "yes" if written else "no"
    text = printable(str(written)).strip()
    if not text.replace(".", "", 1).isdecimal():
        return text
    if kind is AttributeKind.DURATION:
        return duration_text(cast(int, offer.stated[field.id]))
    return f"{text} of {MOST_LEVEL}" if kind is AttributeKind.LEVEL else text

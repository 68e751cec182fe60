"""Offers while they are written down: what is asked of each, the file that keeps them, and one to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from formatpicker.advice.offers import Offer, offer_rules, parse_offers
from formatpicker.base.text import capitalized
from formatpicker.catalog.attributes import MOST_LEVEL, AttributeKind, Level, value_phrase
from formatpicker.catalog.guidance import OfferField
from formatpicker.catalog.model import Catalog
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.weights import region_of, weigh

HEADER = "# Your offers. Edit them here, or with: formatpicker offers --ask THIS_FILE --for YOUR_ANSWERS\n"
NAME, FORMAT = "name", "format"


class OfferNotes(Struct, frozen=True, dict=True):
    """Offers so far, each a mapping as a file holds it; the last one may still be without a format.

    ``fields`` are asked of each: those that can matter for this person.
    """

    catalog: Catalog
    answers: Answers
    offers: tuple[Mapping[str, object], ...] = ()

    @cached_property
    def fields(self) -> tuple[OfferField, ...]:
        """What weighs for this person; and pay, with what it is put an hour by, where law asks for a least."""
        rules = offer_rules(self.catalog)
        weighed = {each.criterion.rule.attribute for each in weigh(self.catalog, self.answers)}
        by_law: set[str] = set()
        if rules.pay_terms and region_of(self.catalog, self.answers) in {each.region for each in rules.minimum_pay}:
            by_law = {rules.pay_terms.hours, rules.pay_terms.length, *(each.id for each in rules.fields if each.money)}
        return tuple(field for field in rules.fields if field.attribute in weighed or field.id in by_law)

    @property
    def keys(self) -> tuple[str, ...]:
        """What is asked of each offer, in this order."""
        return (NAME, FORMAT, *(field.id for field in self.fields))

    @property
    def complete(self) -> tuple[Mapping[str, object], ...]:
        """The offers that can be compared."""
        return tuple(each for each in self.offers if each.get(FORMAT))

    def value(self, index: int, key: str) -> object:
        """What is written for a key; None where nothing is, or there is no such offer yet."""
        return self.offers[index].get(key) if index < len(self.offers) else None

    def with_value(self, index: int, key: str, value: object) -> OfferNotes:
        """With another value, None for not known; the offer behind the last one is a new one.

        Raises:
            AnswerError: The value is not accepted, or the name stands for another offer already.
        """
        offers = [*self.offers, {}] if index == len(self.offers) else [*self.offers]
        changed = {**offers[index], key: value}
        offers[index] = {key: value for key, value in changed.items() if value is not None}
        found = replace(self, offers=tuple(offers))
        # Offers without a format so far are checked as if they had one.
        usual = next(format.id for format in self.catalog.core)
        parse_offers(self.catalog, [{FORMAT: usual, **each} for each in found.offers])
        return found

    def without(self, index: int) -> OfferNotes:
        """Without one of the offers."""
        return replace(self, offers=(*self.offers[:index], *self.offers[index + 1 :]))

    def parsed(self) -> tuple[Offer, ...]:
        """The offers that can be compared, as the comparison takes them."""
        return parse_offers(self.catalog, self.complete)


def notes_of(catalog: Catalog, answers: Answers, offers: tuple[Offer, ...]) -> OfferNotes:
    """Notes to go on with, of offers that were read from a file."""
    return OfferNotes(
        catalog,
        answers,
        tuple(
            {
                NAME: offer.name,
                FORMAT: offer.named.id,
                **{
                    key: "no" if value is False else "yes" if value is True else value
                    for key, value in offer.written.items()
                },
                **({"region": offer.region} if offer.region else {}),
                **({"notes": offer.notes} if offer.notes else {}),
            }
            for offer in offers
        ),
    )


def notes_text(notes: OfferNotes) -> str:
    """The offers as a YAML file that ``offers`` reads; one without a format is not kept."""
    lines = [HEADER]
    for offer in notes.complete:
        lines += [
            f"{'  ' if at else '- '}{key}: {json.dumps(value, ensure_ascii=False)}\n"
            for at, (key, value) in enumerate(offer.items())
        ]
    return "".join(lines) if len(lines) > 1 else f"{HEADER}[]\n"


def field_choices(catalog: Catalog, field: OfferField) -> list[tuple[str, str]]:
    """What can be chosen for a field: what is written for it, and its words. Empty where it is typed."""
    attribute = catalog.attributes[field.attribute]
    if attribute.kind is AttributeKind.FREQUENCY and not field.money:
        return [("yes", "Yes"), ("no", "No")]
    if attribute.kind is AttributeKind.CATEGORY:
        first: dict[Level, str] = {}
        for word, level in field.words.items():
            first.setdefault(level, word)
        return [(word, capitalized(word)) for word in first.values()]
    if attribute.kind is AttributeKind.LEVEL:
        phrases = [(level, value_phrase(attribute, level)) for level in range(MOST_LEVEL, -1, -1)]
        return [
            (str(MOST_LEVEL - level if field.mirrored else level), f"It {phrase}")
            for level, phrase in phrases
            if phrase
        ]
    return []


EXAMPLES = ("First offer", "Second offer")
_HEAD = """\
# Your offers, one after the other. Write what you know; leave out, or leave empty, what you do not know.
# Then: formatpicker offers THIS_FILE --for YOUR_ANSWERS
# Or be asked for the same: formatpicker offers --ask THIS_FILE --for YOUR_ANSWERS
# format is one of: {formats}, or any other name that "formatpicker formats" knows
- name: {name}
  format: {format}
"""
_MORE = """\
# How well it serves a goal of yours, if the offer says anything of it: 0 (not at all) to 4 (very much)
"""


def template_text(catalog: Catalog) -> str:
    """The file: one offer with every field as a line to fill in, and a second one to copy."""
    formats = catalog.core
    fields = offer_rules(catalog).fields
    goals = {goal.rule.attribute for question in catalog.questions.values() for goal in question.goals}
    lines = [_HEAD.format(formats=", ".join(format.id for format in formats), name=EXAMPLES[0], format=formats[0].id)]
    lines += [_line(field) for field in fields if field.attribute not in goals]
    lines += ["  " + _MORE, *(_line(field) for field in fields if field.attribute in goals)]
    lines.append("  region:          # where it is, if not where you said: a region of the questionnaire\n")
    lines.append("  notes:           # whatever you want to remember; it is never scored\n")
    last = formats[min(1, len(formats) - 1)]
    lines.append(f"\n- name: {EXAMPLES[1]}\n  format: {last.id}\n")
    return "".join(lines)


def left_as_they_were(offers: Iterable[Offer]) -> list[str]:
    """The names of those offers that are still the examples of the file, in which nobody has filled in anything."""
    untouched = (each for each in offers if not (each.stated or each.region or each.notes))
    return [each.name for each in untouched if each.name in EXAMPLES]


def _line(field: OfferField) -> str:
    example = f", for example {field.example}" if field.example else ""
    return f"  {field.id + ':':<18} # {field.label}{example}. Ask: {field.ask}\n"

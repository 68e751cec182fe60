"""Reasons for offers in words that tell what the offer says itself from what is usual for its kind."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from formatpicker.advice.explanation import Explainer
from formatpicker.advice.offers import STATED, Offer, offer_rules, stated_text
from formatpicker.advice.wording import given_words, level_text
from formatpicker.catalog.criteria import RuleKind, Verdict
from formatpicker.catalog.model import Catalog, Format
from formatpicker.scoring.answers import Answers, own_text
from formatpicker.scoring.ranking import Term


class OfferExplainer(Explainer):
    """Explains assessments of offers: their own words as such, all else as what is usual for the kind.

    Offers that state something are the subject of a sentence only where it rests on that. Of an offer that says
    nothing of jobs, what is said of jobs is said of its kind.
    """

    def __init__(self, catalog: Catalog, answers: Answers, offers: Mapping[str, Offer]) -> None:
        """``offers`` by the ids of their formats."""
        super().__init__(catalog, answers)
        self.offers = offers
        self._fields = {field.attribute: field for field in offer_rules(catalog).fields}

    def _sentence(self, format: Format, term: Term, template: str) -> str:
        offer, attribute = self.offers[format.id], term.weighed.criterion.rule.attribute
        field = self._fields.get(attribute)
        if field is not None and field.id in offer.written:
            said = f"{field.label}: {stated_text(self.catalog, offer, field)}, says the offer."
            return f"{said}{self._held_against(term)}"
        value = self._value(format, term)
        if field is not None and value.known and term.judgement.verdict is not Verdict.FITS and self._limit(term):
            usual = level_text(self.catalog.attributes[attribute], value.typical)
            return f'Ask: "{field.ask}" Usual for {offer.format.phrase}: {usual}.{self._held_against(term)}'
        stated = value.basis == STATED
        return super()._sentence(format if stated else replace(format, phrase=offer.format.phrase), term, template)

    def _limit(self, term: Term) -> bool:
        return term.weighed.criterion.rule.kind is RuleKind.LIMIT

    def _held_against(self, term: Term) -> str:
        """What was answered, where a limit or an unmet need is told; empty for goals and for what is met."""
        criterion = term.weighed.criterion
        question = self.catalog.questions.get(criterion.id)
        if question is None:
            return ""
        if self._limit(term):
            attribute = self.catalog.attributes[criterion.rule.attribute]
            return f" Your limit: {given_words(attribute, term.weighed.answer)}."
        met = term.judgement.verdict in (Verdict.FITS, None)
        return "" if met else f" Your answer: {own_text(question, term.weighed.answer)}."

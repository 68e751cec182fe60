"""Offers compared for one person, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formatpicker.advice.recommendation import Entry
from formatpicker.output.json.person import (
    assessed_data,
    certainty_data,
    flip_points_data,
    sources_data,
    what_ifs_data,
)
from formatpicker.output.text.offers import ask_words, level_words, offers_headline
from formatpicker.scoring.answers import written_answers

if TYPE_CHECKING:
    from formatpicker.advice.offer_comparison import OfferComparison
    from formatpicker.advice.offers import Offer
    from formatpicker.output.json import offer_types


def offers_data(comparison: OfferComparison) -> offer_types.Offers:
    """A comparison in the shape of version 1; offers are named by their ids in the order in which they were given."""
    recommendation, catalog = comparison.recommendation, comparison.catalog
    return {
        "schema": "formatpicker/offers/1",
        "catalog": catalog.record,
        "today": comparison.today,
        "answers": written_answers(catalog, comparison.answers),
        "top": list(recommendation.top),
        "call": recommendation.certainty.call,
        "contenders": list(recommendation.certainty.contenders),
        "headline": offers_headline(comparison),
        "certainty": certainty_data(recommendation),
        "settled": comparison.settled,
        "offers": [_offer_data(comparison, entry) for entry in recommendation.ranking],
        "dominated": [{"offer": each.offer, "by": each.by} for each in comparison.dominated],
        "ask": [
            {
                "offer": ask.offer,
                "field": ask.field.id,
                "question": ask.field.ask,
                "decides": ask.decides,
                "text": ask_words(comparison, ask),
                "outcomes": [
                    {"answer": level_words(comparison, ask.field, each.level), "top": list(each.top)}
                    for each in ask.outcomes
                ],
            }
            for ask in comparison.asks
        ],
        "what_ifs": what_ifs_data(recommendation),
        "flip_points": flip_points_data(recommendation),
    }


def _offer_data(comparison: OfferComparison, entry: Entry) -> offer_types.OfferEntry:
    offer = comparison.by_id[entry.id]
    return {
        "offer": entry.id,
        "name": entry.name,
        "format": offer.format.id,
        "named": offer.named.id,
        "region": comparison.region(offer),
        "stated": {key: str(value) for key, value in offer.written.items()},
        "unknown": [field.id for field in comparison.unknown(offer)],
        "definition": entry.definition,
        **assessed_data(comparison.catalog, entry),
        "lacks": [lack.field.id for lack in comparison.lacks(offer)],
        "pay": _pay_data(comparison, offer),
        "notes": offer.notes or None,
    }


def _pay_data(comparison: OfferComparison, offer: Offer) -> offer_types.OfferPay | None:
    if offer.pay is None:
        return None
    return {
        "amount": offer.pay.amount / 100,
        "currency": offer.pay.currency,
        "per": offer.pay.unit,
        "checks": [
            {
                "below": check.below,
                "sum": list(check.sums),
                "minimum": check.minimum.amount / 100,
                "currency": check.minimum.currency,
                "per": check.minimum.unit,
                "least_age": check.minimum.least_age,
                "most_age": check.minimum.most_age,
                "valid_from": check.minimum.valid_from,
                "valid_to": check.minimum.valid_to or None,
                "text": check.minimum.text,
                "sources": sources_data(comparison.catalog, check.citations),
            }
            for check in comparison.pay_checks(offer)
        ],
    }

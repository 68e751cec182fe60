"""Offers compared, as plain data."""

from __future__ import annotations

from typing import Any

from formatpicker.advice.offer_comparison import Ask, Comparison
from formatpicker.advice.offers import Offer
from formatpicker.advice.pay import PayCheck
from formatpicker.advice.recommendation import Entry
from formatpicker.output.json.person import PARTS, entry_data, flip_points_data, sources_data
from formatpicker.output.text.offers import ask_words, level_words, offers_headline
from formatpicker.scoring.answers import written_answers

OFFERS_SCHEMA = "formatpicker/offers/1"


def offers_data(comparison: Comparison) -> dict[str, Any]:
    """A comparison in the shape of version 1; offers are named by their ids in the order in which they were given."""
    found, catalog = comparison.recommendation, comparison.catalog
    return {
        "schema": OFFERS_SCHEMA,
        "catalog": catalog.record,
        "today": comparison.today,
        "answers": written_answers(catalog, comparison.answers),
        "top": list(found.top),
        "call": found.certainty.call,
        "contenders": list(found.certainty.contenders),
        "headline": offers_headline(comparison),
        "certainty": PARTS["certainty"](found),
        "settled": comparison.settled,
        "offers": [_offer_data(comparison, entry) for entry in found.ranking],
        "dominated": [{"offer": each.offer, "by": each.by} for each in comparison.dominated],
        "ask": [_ask_data(comparison, ask) for ask in comparison.asks],
        "what_ifs": PARTS["what_ifs"](found),
        "flip_points": flip_points_data(found),
    }


def _offer_data(comparison: Comparison, entry: Entry) -> dict[str, Any]:
    offer = comparison.by_id[entry.id]
    data: dict[str, Any] = {**entry_data(comparison.catalog, entry)}
    return {
        "offer": data.pop("format"),
        "name": data.pop("name"),
        "format": offer.format.id,
        "named": offer.named.id,
        "region": comparison.region(offer),
        "stated": {key: str(value) for key, value in offer.written.items()},
        "unknown": [field.id for field in comparison.unknown(offer)],
        **data,
        "lacks": [lack.field.id for lack in comparison.lacks(offer)],
        "pay": _pay_data(comparison, offer),
        "notes": offer.notes or None,
    }


def _pay_data(comparison: Comparison, offer: Offer) -> dict[str, Any] | None:
    if offer.pay is None:
        return None
    return {
        "amount": offer.pay.amount / 100,
        "currency": offer.pay.currency,
        "per": offer.pay.unit,
        "checks": [_check_data(comparison, check) for check in comparison.pay_checks(offer)],
    }


def _check_data(comparison: Comparison, check: PayCheck) -> dict[str, Any]:
    rule = check.minimum
    return {
        "below": check.below,
        "sum": list(check.sums),
        "minimum": rule.amount / 100,
        "currency": rule.currency,
        "per": rule.unit,
        "least_age": rule.least_age,
        "most_age": rule.most_age,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to or None,
        "text": rule.text,
        "sources": sources_data(comparison.catalog, check.citations),
    }


def _ask_data(comparison: Comparison, ask: Ask) -> dict[str, Any]:
    return {
        "offer": ask.offer,
        "field": ask.field.id,
        "question": ask.field.ask,
        "decides": ask.decides,
        "text": ask_words(comparison, ask),
        "outcomes": [
            {"answer": level_words(comparison, ask.field, each.level), "top": list(each.top)} for each in ask.outcomes
        ],
    }

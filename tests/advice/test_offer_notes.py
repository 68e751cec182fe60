"""Offers while they are written down: what is asked, what is kept, and that it reads back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import AnswerError, Catalog, compare_offers, parse_answers
from formatpicker.advice.offer_notes import OfferNotes, field_choices, notes_of, notes_text
from formatpicker.advice.offers import offer_rules, parse_offers
from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.attributes import AttributeKind


def notes(shipped: Catalog, **answers: Any) -> OfferNotes:
    return OfferNotes(shipped, parse_answers(shipped, answers))


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"goals": ["portfolio"], "credit": "required"}, ("credit", "portfolio")),
        ({"pay": "not_needed", "weeks": 4}, ("weeks",)),
        # The least pay by law is put an hour by the hours and the length.
        ({"goals": ["portfolio"], "region": "us"}, ("weeks", "hours_per_week", "pay", "portfolio")),
        ({"goals": ["portfolio"], "region": "other"}, ("portfolio",)),
    ],
)
def test_only_what_can_matter_is_asked(answers: dict[str, Any], asked: tuple[str, ...], shipped: Catalog) -> None:
    assert notes(shipped, **answers).keys == ("name", "format", *asked)


def test_an_offer_without_a_kind_is_not_kept(shipped: Catalog) -> None:
    begun = notes(shipped, weeks=4).with_value(0, "name", "A")
    assert begun.complete == ()
    assert parse_document(notes_text(begun).encode(), "").data == []
    whole = begun.with_value(0, "format", "internship").with_value(0, "weeks", "3 weeks").with_value(0, "weeks", None)
    assert parse_document(notes_text(whole).encode(), "").data == [{"name": "A", "format": "internship"}]
    assert whole.without(0).offers == ()


@pytest.mark.parametrize(
    ("key", "value"), [("name", "A"), ("weeks", "long"), ("format", "job"), ("pay", "18"), ("hours_per_week", "24 USD")]
)
def test_what_is_not_accepted_is_refused(key: str, value: str, shipped: Catalog) -> None:
    one = notes(shipped, weeks=4).with_value(0, "name", "A").with_value(0, "format", "internship")
    with pytest.raises(AnswerError):
        one.with_value(1, key, value)


def test_every_choice_is_accepted_and_says_what_it_means(shipped: Catalog) -> None:
    for field in offer_rules(shipped).fields:
        levels = []
        for written, _ in field_choices(shipped, field):
            (offer,) = parse_offers(shipped, [{"format": "internship", field.id: written}])
            levels.append(offer.stated[field.id])
        assert len(set(levels)) == len(levels)
        if shipped.attributes[field.attribute].kind is AttributeKind.LEVEL:  # from most to least
            assert levels == [4, 3, 2, 1, 0]


@settings(max_examples=40)
@given(st.data())
def test_what_is_kept_reads_back_to_the_same_comparison(shipped: Catalog, data: st.DataObject) -> None:
    written = {
        "weeks": st.sampled_from(["3 weeks", 5, "2 months"]),
        "pay": st.sampled_from([True, False, "18 USD/hour", "no"]),
        "portfolio": st.integers(0, 4),
        "region": st.sampled_from(["us", "de"]),
        "notes": st.text("ab:#'\"\\é \n", max_size=9),
    }
    kinds = st.sampled_from(["internship", "micro-internship", "flash internship"])
    offers = data.draw(st.lists(st.fixed_dictionaries({"format": kinds}, optional=written), min_size=1, max_size=3))
    answers = {"goals": ["portfolio"], "weeks": 8, "pay": "preferred"}
    parsed = parse_offers(shipped, offers)
    text = notes_text(notes_of(shipped, parse_answers(shipped, answers), parsed))
    again = parse_offers(shipped, parse_document(text.encode(), "").data)
    assert [each.stated for each in again] == [each.stated for each in parsed]
    assert [(each.name, each.named.id, each.region, each.notes) for each in again] == [
        (each.name, each.named.id, each.region, each.notes) for each in parsed
    ]
    before, after = (compare_offers(shipped, answers, found) for found in (parsed, again))
    assert before.recommendation.top == after.recommendation.top

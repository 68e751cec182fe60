"""Offers as people write them: what is read, and what is refused with its line and the nearest spelling."""

from __future__ import annotations

from typing import Any

import pytest

from formatpicker import AnswerError, Catalog, InputError
from formatpicker.advice.offers import MOST_OFFERS, Offer, as_format, parse_offers
from formatpicker.advice.pay import Money
from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.attributes import ALWAYS, NEVER


def one(shipped: Catalog, **stated: Any) -> Offer:
    return parse_offers(shipped, [{"name": "Acme", "format": "internship", **stated}])[0]


@pytest.mark.parametrize(
    ("key", "written", "level"),
    [
        ("weeks", "10 weeks", 70),
        ("weeks", 10, 70),
        ("weeks", "3 months", 91),  # 3 x 30.4375 = 91.3
        ("starts_in", "2 months", 61),  # 2 x 30.4375 = 60.9
        ("hours_per_week", "20 hours a week", 20),
        ("hours_per_week", 37.5, 38),
        ("length", "10 weeks", 70),
        ("pay", "yes", ALWAYS),
        ("pay", True, ALWAYS),
        ("pay", "unpaid", NEVER),
        ("pay", "0 EUR/month", NEVER),
        ("mentorship", "No", NEVER),
        ("credit", "sometimes", 2),
        ("place", "on site", "on_site_only"),
        ("place", "On-Site", "on_site_only"),
        ("place", "hybrid", "mixed"),
        ("employment", 3, 3),
        ("employment", "a lot", 3),
        # The offer says how well it serves the goal; the attribute is the share of one's life that it takes.
        ("balance", 4, 0),
        ("balance", "none", 4),
    ],
)
def test_a_value_is_read(shipped: Catalog, key: str, written: object, level: object) -> None:
    assert [*one(shipped, **{key: written}).stated.values()] == [level]


@pytest.mark.parametrize("written", [None, "", "unknown", "?", "ask"])
def test_what_is_not_known_is_left_open(shipped: Catalog, written: object) -> None:
    assert one(shipped, pay=written).stated == {}


@pytest.mark.parametrize(
    ("written", "money"),
    [
        ("18 USD/hour", Money(1800, "USD", "hour")),
        ("$18.50 an hour", Money(1850, "USD", "hour")),
        ("600 EUR/month", Money(60000, "EUR", "month")),
        ("€1,200 per month", Money(120000, "EUR", "month")),
        ("1200,50 euros monthly", Money(120050, "EUR", "month")),
        ("£500 in total", Money(50000, "GBP", "total")),
        ("CHF 1'800 a month", Money(180000, "CHF", "month")),
    ],
)
def test_an_amount_means_that_it_is_paid(shipped: Catalog, written: str, money: Money) -> None:
    offer = one(shipped, pay=written)
    assert (offer.pay, offer.stated) == (money, {"pay": ALWAYS})


@pytest.mark.parametrize(
    ("offer", "message"),
    [
        ({"name": "A"}, "offer 1: format: is missing"),
        ({"format": "internshp"}, "did you mean 'internship'?"),
        (
            {"format": "internship", "mentorshp": "yes"},
            "offer 1: mentorshp: not a known key; did you mean 'mentorship'?",
        ),
        ({"format": "internship", "pay": "yes", "salary": "no"}, "says pay a second time"),
        ({"format": "internship", "pay": "18"}, "has no currency"),
        ({"format": "internship", "pay": "18 USD"}, "does not say for how long"),
        ({"format": "internship", "pay": "lots"}, "write yes, no, or an amount"),
        ({"format": "internship", "weeks": "soon"}, "not a duration, for example 10 weeks"),
        ({"format": "internship", "mentorship": "yess"}, "did you mean 'yes'?"),
        ({"format": "internship", "place": "on sight"}, "did you mean 'on site'?"),
        ({"format": "internship", "employment": 7}, "a level from 0 to 4"),
        ({"format": "internship", "region": "mars"}, "not a known region"),
        ({"format": "internship", "name": "x" * 101}, "at most 100 characters"),
        ("Acme", "must be a mapping"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_says_what_to_write(shipped: Catalog, offer: object, message: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_offers(shipped, [offer], "offers.yaml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("offers.yaml")


def test_a_fault_in_a_file_names_its_line(shipped: Catalog) -> None:
    text = b"- name: Acme\n  format: internship\n- name: Beta\n  format: internship\n  mentorshp: yes\n"
    document = parse_document(text, "offers.yaml")
    with pytest.raises(AnswerError, match=r"offers\.yaml:5: offer 2: mentorshp: .* did you mean 'mentorship'"):
        parse_offers(shipped, document.data, document.name, document.line)


@pytest.mark.parametrize("raw", [[], {}, None, "text", {"offers": []}, [{}] * (MOST_OFFERS + 1)])
def test_no_offers_or_too_many_are_refused(shipped: Catalog, raw: object) -> None:
    with pytest.raises((InputError, AnswerError)):
        parse_offers(shipped, raw)


def test_two_offers_of_one_name_are_refused(shipped: Catalog) -> None:
    offer = {"name": "Acme", "format": "internship"}
    with pytest.raises(AnswerError, match="stands for two offers"):
        parse_offers(shipped, [offer, offer])


def test_an_offer_of_a_format_that_is_only_looked_up_takes_the_values_of_the_one_that_covers_it(
    shipped: Catalog,
) -> None:
    offer = parse_offers(shipped, [{"format": "flash internship"}])[0]
    assert offer.named.id == "flash-internship"
    assert offer.format.id == offer.named.covered_by
    assert offer.name == "Offer 1"


def test_what_is_stated_replaces_the_usual_value_and_is_no_source(shipped: Catalog) -> None:
    offer = one(shipped, weeks="10 weeks")
    format = as_format(shipped, offer, "offer-01", "us", offer.stated)
    stated = format.attributes["weeks"].within("us")
    assert (stated.low, stated.typical, stated.high, stated.basis, stated.citations) == (70, 70, 70, "stated", ())
    usual = shipped.regional(shipped.formats["internship"], "pay").within("us")
    assert format.attributes["pay"].within("us") == usual
    assert format.covered == {"offer-01", "internship"}


def test_all_faults_of_a_file_are_told_at_once_with_the_keys_that_were_written(shipped: Catalog) -> None:
    text = "- name: A\n  format: intership\n  length: long\n- name: B\n  format: internship\n  pya: yes\n- name: B\n"
    document = parse_document((text + "  format: internship\n").encode(), "mine.yaml")
    with pytest.raises(AnswerError) as caught:
        parse_offers(shipped, document.data, document.name, document.line)
    lines = str(caught.value).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [f"mine.yaml:{line}:" for line in (2, 3, 6)]
    assert "offer 1: length = 'long'" in lines[1]
    assert [each["line"] for each in caught.value.to_dict()["errors"]] == [2, 3, 6]

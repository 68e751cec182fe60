"""Offers compared: ten worked cases, the laws of the comparison as properties, pay beside the least by law."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Catalog, compare_offers, recommend
from formatpicker.advice.notices import full_text
from formatpicker.advice.offer_comparison import OfferComparison
from formatpicker.advice.offers import offer_rules
from formatpicker.advice.pay import Money, PayCheck, WorkingTime, pay_checks
from formatpicker.catalog.guidance import MinimumPay
from formatpicker.output.json.offers import offers_data
from formatpicker.output.text.document_layout import to_text
from formatpicker.output.text.format_words import checks
from formatpicker.output.text.offers import ask_words, offers_document, offers_headline

TODAY = "2026-11-25"


def compared(shipped: Catalog, offers: list[dict[str, Any]], **answers: Any) -> OfferComparison:
    return compare_offers(shipped, answers, offers, TODAY)


def names(comparison: OfferComparison) -> list[str]:
    return [comparison.name(entry.id) for entry in comparison.recommendation.ranking]


def entry(comparison: OfferComparison, name: str) -> Any:
    return next(each for each in comparison.recommendation.ranking if comparison.name(each.id) == name)


# --- ten worked cases ------------------------------------------------------------------------------------------------


def test_of_two_internships_the_paid_one_comes_first_where_pay_is_a_must(shipped: Catalog) -> None:
    found = compared(
        shipped,
        [
            {"name": "Unpaid", "format": "internship", "pay": "no"},
            {"name": "Paid", "format": "internship", "pay": "yes"},
        ],
        pay="required",
        goals=["explore"],
    )
    assert names(found) == ["Paid", "Unpaid"]
    assert entry(found, "Unpaid").rank is None  # the offer says so itself: nothing buys a must off
    assert [each.question for each in entry(found, "Unpaid").blockers] == ["pay"]
    assert entry(found, "Paid").assessment.eligibility == "fits"


def test_contractor_work_is_a_long_shot_on_a_student_visa(shipped: Catalog) -> None:
    found = compared(
        shipped,
        [{"name": "Project", "format": "micro-internship"}, {"name": "Part-time", "format": "internship", "hours": 15}],
        region="us",
        work_permit="student_visa",
        goals=["quick_skills", "portfolio"],
        hours_per_week=20,
    )
    assert names(found) == ["Part-time", "Project"]
    assert "work_permit" in [each.question for each in entry(found, "Project").long_shots]


def test_training_pay_below_the_least_by_law_is_told_with_its_date(shipped: Catalog) -> None:
    found = compared(
        shipped, [{"name": "Works", "format": "apprenticeship", "pay": "700 EUR/month"}], region="de", age=19
    )
    check = found.pay_checks(found.offers[0])[0]
    # 700 a month is less than the 724 that are due in the first year for a start in 2026.
    assert (check.below, check.minimum.amount, check.minimum.valid_to) == (True, 72400, "2026-12-31")
    assert check.citations


def test_training_that_goes_on_is_held_against_the_rate_of_the_second_year_too(shipped: Catalog) -> None:
    offer = {"name": "Rail", "format": "apprenticeship", "pay": "17,500 GBP/year", "hours": 37}
    # 17,500 / 52.18 weeks / 37 hours = 9.06 an hour: above the 8.00 of the first year, below the 12.71 from 21 on.
    for weeks, expected in (("24 months", [(800, False), (1271, True)]), ("12 months", [(800, False)])):
        found = compared(shipped, [{**offer, "weeks": weeks}], region="uk", age=34)
        assert [(each.minimum.amount, each.below) for each in found.pay_checks(found.offers[0])] == expected


def test_an_offer_of_a_format_that_is_only_looked_up_is_compared_as_the_one_that_covers_it(shipped: Catalog) -> None:
    offers = [{"name": "Flash", "format": "flash internship"}, {"name": "Micro", "format": "micro-internship"}]
    found = compared(shipped, offers, goals=["quick_skills"])
    # Nothing is stated, and both are micro-internships: the same sum, and nothing tells them apart.
    assert len({each.assessment.total for each in found.recommendation.ranking}) == 1
    assert found.recommendation.top == ()
    assert found.by_id["offer-01"].named.id == "flash-internship"


def test_fifty_offers_are_compared_in_reasonable_time_and_all_are_placed(shipped: Catalog) -> None:
    offers = [{"name": f"Offer {n}", "format": "internship", "weeks": n + 4, "pay": n % 2 == 0} for n in range(50)]
    found = compared(shipped, offers, goals=["explore"], weeks=20, pay="preferred")
    assert {*names(found)} == {each["name"] for each in offers}
    assert found.asks is not None


def test_a_certain_lead_is_said_to_be_settled(shipped: Catalog) -> None:
    offers = [
        {"name": "Short", "format": "internship", "weeks": 6},
        {"name": "Long", "format": "internship", "weeks": 20},
    ]
    found = compared(shipped, offers, weeks=8)
    assert (names(found)[0], found.settled, found.asks) == ("Short", True, ())


def test_the_unknown_that_decides_is_asked_of_the_right_employer(shipped: Catalog) -> None:
    offers = [
        {"name": "Open", "format": "internship"},
        {"name": "Mentored", "format": "internship", "mentorship": "yes"},
    ]
    found = compared(shipped, offers, mentorship="required", goals=["expertise"])
    assert not found.settled
    ask = next(each for each in found.asks if each.field.id == "mentorship")
    assert found.name(ask.offer) == "Open"
    # If it has no mentor the other comes first; if it has one nothing tells them apart, since nothing else is stated.
    assert [outcome.top for outcome in ask.outcomes] == [("offer-02",), ()]


def test_an_answer_that_would_leave_no_offer_says_so(shipped: Catalog) -> None:
    offers = [{"name": "A", "format": "internship"}, {"name": "B", "format": "internship", "pay": "no"}]
    found = compared(shipped, offers, pay="required", goals=["explore"])
    (ask,) = (each for each in found.asks if found.name(each.offer) == "A" and each.field.id == "pay")
    assert ask_words(found, ask).endswith("If no, none of your offers is left; if yes, A comes first.")


def test_an_offer_that_is_worse_in_all_that_counts_is_named(shipped: Catalog) -> None:
    offers = [
        {"name": "Better", "format": "internship", "pay": "yes", "mentorship": "yes"},
        {"name": "Worse", "format": "internship", "pay": "yes", "mentorship": "no"},
    ]
    found = compared(shipped, offers, pay="preferred", mentorship="preferred")
    assert [(found.name(each.offer), found.name(each.by)) for each in found.dominated] == [("Worse", "Better")]


def test_what_an_offer_lacks_against_its_kind_is_told(shipped: Catalog) -> None:
    found = compared(shipped, [{"name": "Alone", "format": "apprenticeship", "mentorship": "no"}], goals=["expertise"])
    assert [lack.field.id for lack in found.lacks(found.offers[0])] == ["mentorship"]


def test_each_offer_is_judged_by_the_rules_of_its_own_region(shipped: Catalog) -> None:
    offers = [
        {"name": "Berlin", "format": "internship", "region": "de", "pay": "15 EUR/hour"},
        {"name": "Boston", "format": "internship", "region": "us", "pay": "15 USD/hour"},
    ]
    found = compared(shipped, offers, work_permit="student_visa", goals=["explore"], age=20)
    texts = {name: " ".join(each.text for each in entry(found, name).cautions) for name in ("Berlin", "Boston")}
    assert "F-1" in texts["Boston"]
    assert "F-1" not in texts["Berlin"]
    checks = [found.pay_checks(offer)[0] for offer in found.offers]
    assert [(each.minimum.currency, each.below) for each in checks] == [("EUR", False), ("USD", False)]


# --- laws ------------------------------------------------------------------------------------------------------------

STATED = st.fixed_dictionaries(
    {"format": st.sampled_from(["internship", "micro-internship", "apprenticeship", "gigternship"])},
    optional={
        "weeks": st.integers(1, 60),
        "hours_per_week": st.integers(2, 40),
        "pay": st.booleans(),
        "mentorship": st.booleans(),
        "place": st.sampled_from(["on site", "hybrid", "online"]),
        "employment": st.integers(0, 4),
    },
)
OFFERS = st.lists(STATED, min_size=2, max_size=5).map(
    lambda found: [{"name": f"Offer {at}", **each} for at, each in enumerate(found)]
)
PEOPLE = st.fixed_dictionaries(
    {},
    optional={
        "goals": st.sampled_from([["explore"], ["employment", "income"], ["quick_skills"]]),
        "weeks": st.integers(2, 60),
        "hours_per_week": st.integers(4, 40),
        "pay": st.sampled_from(["required", "preferred"]),
        "mentorship": st.sampled_from(["required", "preferred"]),
        "location": st.sampled_from(["remote_required", "in_person_preferred"]),
        "region": st.sampled_from(["us", "uk", "de", "fr"]),
    },
)


@settings(max_examples=40, deadline=None)
@given(offers=OFFERS, answers=PEOPLE)
def test_adding_an_offer_changes_no_score_and_one_that_is_dominated_never_ranks_above(
    shipped: Catalog, offers: list[dict[str, Any]], answers: dict[str, Any]
) -> None:
    whole = compared(shipped, offers, **answers)
    fewer = compared(shipped, offers[:-1], **answers)
    for each in fewer.recommendation.ranking:
        assert entry(whole, fewer.name(each.id)).assessment.total == each.assessment.total
    order = names(whole)
    for pair in whole.dominated:
        assert order.index(whole.name(pair.by)) < order.index(whole.name(pair.offer))


@settings(max_examples=40, deadline=None)
@given(answers=PEOPLE)
def test_offers_that_say_nothing_rank_as_their_formats(shipped: Catalog, answers: dict[str, Any]) -> None:
    core = [format.id for format in shipped.core]
    found = compared(shipped, [{"name": id, "format": id} for id in core], **answers)
    usual = recommend(shipped, answers)
    assert {found.name(id) for id in found.recommendation.top} == {*usual.top}
    ranks = {found.name(each.id): (each.rank, each.assessment.total) for each in found.recommendation.ranking}
    assert ranks == {each.id: (each.rank, each.assessment.total) for each in usual.ranking}


@settings(max_examples=25, deadline=None)
@given(offers=OFFERS, answers=PEOPLE, data=st.data())
def test_where_it_is_settled_no_answers_of_the_employers_change_the_first_place(
    shipped: Catalog, offers: list[dict[str, Any]], answers: dict[str, Any], data: st.DataObject
) -> None:
    found = compared(shipped, offers, **answers)
    values = {"weeks": st.integers(1, 60), "hours_per_week": st.integers(2, 40), "employment": st.integers(0, 4)}
    filled = []
    for offer, raw in zip(found.offers, offers, strict=True):
        # Every unknown yes-or-no field is answered at random; ranges stay within what is usual for the format.
        more = {
            field.id: data.draw(st.booleans())
            for field in found.unknown(offer)
            if field.id not in values and shipped.attributes[field.attribute].kind == "frequency"
        }
        filled.append({**raw, **more})
    if found.settled:
        assert compared(shipped, filled, **answers).recommendation.top == found.recommendation.top


# --- pay -------------------------------------------------------------------------------------------------------------


def rule(**changes: Any) -> MinimumPay:
    usual: dict[str, Any] = {
        "region": "de",
        "formats": ("internship",),
        "amount": 1390,
        "currency": "EUR",
        "unit": "hour",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "least_age": 18,
        "most_age": 200,
        "over_days": 0,
        "text": "",
        "citations": (),
    }
    return MinimumPay(**usual | changes)


def check(pay: Money, terms: WorkingTime, age: int | None = 20, **changes: Any) -> PayCheck | None:
    found = pay_checks((rule(**changes),), ("internship",), "de", age, pay, terms, TODAY)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("pay", "terms", "below", "sums"),
    [
        (Money(1390, "EUR", "hour"), WorkingTime(None, None, None), False, ()),
        (Money(1389, "EUR", "hour"), WorkingTime(None, None, None), True, ()),
        # 600 x 12 = 7,200 a year; / 52.1786 weeks = 137.99 a week; / 35 hours = 3.94
        (Money(60000, "EUR", "month"), WorkingTime(35, None, None), True, ("3.94 EUR an hour",)),
        # 20,000 in all / 10 weeks = 2,000 a week; / 40 hours = 50
        (Money(2000000, "EUR", "total"), WorkingTime(40, 70, None), False, ("50 EUR an hour",)),
        (
            Money(60000, "EUR", "month"),
            WorkingTime(None, None, None),
            None,
            ("without the hours a week",),
        ),
        (Money(50000, "EUR", "total"), WorkingTime(10, None, None), None, ("without the length: ask",)),
        (Money(1500, "USD", "hour"), WorkingTime(40, 70, None), None, ("paid in USD",)),
    ],
)
def test_pay_is_put_an_hour_and_the_sum_is_shown(
    pay: Money, terms: WorkingTime, below: bool | None, sums: tuple[str, ...]
) -> None:
    found = check(pay, terms)
    assert found is not None
    assert found.below is below
    assert all(text in " ".join(found.sums) for text in sums)


def test_an_hourly_wage_is_put_a_month_where_the_least_is_one() -> None:
    # 5 x 40 = 200 a week; x 52.1786 / 12 = 869.64 a month
    found = check(Money(500, "EUR", "hour"), WorkingTime(40, None, None), amount=72400, unit="month")
    assert found is not None
    assert found.below is False
    assert "869.64 EUR a month" in found.sums[0]


@pytest.mark.parametrize(
    ("terms", "age", "changes", "due"),
    [
        (WorkingTime(40, 70, 0), 20, {}, True),
        (WorkingTime(40, 70, 60), 20, {}, False),  # starts 60 days from November 25, 2026: next year's rate is due
        (WorkingTime(40, 70, 0), 17, {}, False),
        (WorkingTime(40, 70, 0), None, {}, True),  # an open age is held against every rate
        (WorkingTime(40, 56, 0), 20, {"over_days": 61}, False),
        (WorkingTime(40, 62, 0), 20, {"over_days": 61}, True),
        (WorkingTime(40, None, 0), 20, {"over_days": 61}, True),
    ],
)
def test_a_least_pay_is_due_for_its_dates_ages_and_lengths(
    terms: WorkingTime, age: int | None, changes: dict[str, Any], due: bool
) -> None:
    assert (check(Money(100, "EUR", "hour"), terms, age, **changes) is not None) == due


def test_every_least_pay_of_the_catalog_has_a_source_and_a_date(shipped: Catalog) -> None:
    for each in offer_rules(shipped).minimum_pay:
        assert each.citations
        assert each.valid_from
        assert len(each.text) <= 170


def test_the_document_says_what_is_stated_and_what_is_unknown(shipped: Catalog) -> None:
    found = compared(
        shipped, [{"name": "A", "format": "internship", "pay": "18 USD/hour"}], region="us", mentorship="required"
    )
    data = offers_data(found)
    assert data["schema"] == "formatpicker/offers/1"
    offer = data["offers"][0]
    assert (offer["offer"], offer["name"], offer["format"], offer["stated"]) == (
        "offer-01",
        "A",
        "internship",
        {"pay": "18 USD/hour"},
    )
    assert offer["unknown"] == ["mentorship"]
    assert offer["pay"] is not None
    assert offer["pay"]["checks"][0]["below"] is False


@pytest.mark.parametrize(
    ("offers", "answers", "words"),
    [
        pytest.param(
            [{"name": "A", "format": "internship"}],
            {"goals": ["explore"], "pay": "preferred"},
            "Nothing that you answered speaks against A. Add your other offers to compare it with them.",
            id="one",
        ),
        pytest.param(
            [{"name": "A", "format": "internship"}, {"name": "B", "format": "micro-internship"}],
            {},
            "Which offer suits you depends on you: `formatpicker ask --save me.yaml` asks for your answers; then add "
            "--for me.yaml.",
            id="no answers",
        ),
        pytest.param(
            [{"name": "A", "format": "internship"}, {"name": "B", "format": "internship"}],
            {"goals": ["explore"], "pay": "preferred"},
            "Nothing that is known so far tells A and B apart.",
            id="alike",
        ),
        pytest.param(
            [{"name": "A", "format": "internship", "weeks": 30}, {"name": "B", "format": "internship", "weeks": 10}],
            {"goals": ["explore"], "weeks": 12, "pay": "preferred"},
            "B is the only one of your offers that your answers leave open so far.",
            id="only one",
        ),
        pytest.param(
            [{"name": "A", "format": "internship", "weeks": 30}, {"name": "B", "format": "internship", "weeks": 20}],
            {"goals": ["explore"], "weeks": 9, "pay": "preferred"},
            "None of your offers goes with your answers. "
            "Smallest change: longest time: 5 months instead of 9 weeks. That would open B.",
            id="none",
        ),
    ],
)
def test_the_headline_speaks_of_offers(
    offers: list[dict[str, Any]], answers: dict[str, Any], words: str, shipped: Catalog
) -> None:
    found = compared(shipped, offers, **answers)
    assert offers_headline(found) == words
    assert offers_data(found)["headline"] == words


def test_the_offers_word_is_told_from_what_is_usual(shipped: Catalog) -> None:
    found = compared(
        shipped,
        [{"name": "A", "format": "internship", "pay": "18 USD/hour", "weeks": 9, "employment": 3, "credit": False}],
        goals=["employment", "portfolio"],
        weeks=10,
        hours_per_week=20,
        pay="preferred",
        credit="required",
        mentorship="required",
    )
    entry = found.recommendation.ranking[0]
    texts = [each.text for each in entry.contributions]
    assert "Pay: 18 USD/hour, says the offer." in texts
    assert "Length: 9 weeks, says the offer. Your limit: 10 weeks." in texts
    assert "A path into a job: 3 of 4, says the offer." in texts
    assert "An internship leaves you with some work of your own to show." in texts
    assert [each.text for each in entry.blockers] == [
        "Academic credit: no, says the offer. Your answer: Yes, I need the credit."
    ]
    conditions = {each.question: each.text for each in entry.conditions}
    assert conditions["mentorship"].endswith(": an internship usually comes with regular guidance.")
    assert conditions["hours_per_week"] == (
        'Ask: "How many hours a week is it?" Usual for an internship: 40. Your limit: 20.'
    )


def test_what_all_offers_need_checked_is_said_once(shipped: Catalog) -> None:
    offers = [{"name": name, "format": "internship"} for name in ("A", "B")]
    found = compared(shipped, offers, region="us", work_permit="student_visa", goals=["resume"], pay="preferred")
    text = to_text(offers_document(found), 200)
    for notice in checks(found.recommendation.ranking[0]):
        assert text.count(full_text(notice)) == 1


def test_what_is_said_of_an_offer_does_not_depend_on_the_others(shipped: Catalog) -> None:
    """Of offers of one format each with hours and lengths of its own, and of each beside one that says nothing."""
    answers: dict[str, Any] = {"goals": ["explore"], "pay": "required", "region": "us", "weeks": 20}
    offers: list[dict[str, Any]] = [
        {"name": f"{hours}, {weeks}, {pay}", "format": "internship", "hours": hours, "weeks": weeks, "pay": pay}
        for hours in (5, 40)
        for weeks in (2, 12, 60)
        for pay in ("yes", "no")
    ]
    together = {each["name"]: each for each in offers_data(compared(shipped, offers, **answers))["offers"]}
    for offer in offers:
        alone = offers_data(compared(shipped, [offer, {"name": "Other", "format": "micro-internship"}], **answers))
        (own,) = [each for each in alone["offers"] if each["name"] == offer["name"]]
        assert {**own, "offer": 0, "rank": 0} == {**together[offer["name"]], "offer": 0, "rank": 0}

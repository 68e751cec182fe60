"""The shape of a recommendation as JSON: rounding, sums, what is written back, and the same bytes every time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from formatpicker import Catalog, recommend
from formatpicker.output.json.person import recommendation_data

PERSON: dict[str, Any] = {
    "goals": ["deep", "soon", "easy"],
    "weeks": 6,
    "hours_per_week": 15,
    "wage": "required",
    "certificate": "preferred",
    "place": "home_preferred",
    "country": "north",
    "permit": "unsure",
    "age": 19,
}
SHIPPED_PERSON: dict[str, Any] = {
    "goals": {"explore": 5, "portfolio": 3, "income": 2},
    "weeks": "8 months",
    "hours_per_week": 17.5,
    "pay": "required",
    "location": "remote_preferred",
    "experience": "none",
    "situation": "employed",
    "work_permit": "student_visa",
}
ENTRY_KEYS = {
    *("format", "name", "definition", "rank", "score", "score_low", "score_high", "eligibility", "conditions"),
    *("long_shots", "blockers", "unchecked", "contributions", "cautions"),
}


def data_for(catalog: Catalog, answers: dict[str, Any]) -> dict[str, Any]:
    return dict(recommendation_data(recommend(catalog, answers)))


def printed(catalog: Catalog, answers: dict[str, Any]) -> bytes:
    return json.dumps(data_for(catalog, answers)).encode()


def tenths(number: float) -> int:
    """A number of one decimal as whole tenths; one of more decimals is an error."""
    whole = round(10 * number)
    assert number == whole / 10
    return whole


def test_the_shape_of_version_2(toy: Catalog) -> None:
    data = data_for(toy, {"goals": ["deep"], "weeks": 6})
    assert data["schema"] == "formatpicker/recommendation/2"
    assert data["catalog"] == {"title": "Toy formats", "version": "1", "sha256": toy.sha256}
    assert data["answers"] == {"goals": ["deep"], "weeks": 6}
    assert set(data["unanswered"]) == set(toy.questions) - {"goals", "weeks"}
    assert data["top"] == ["middle"]
    assert "message" not in data
    assert [entry["format"] for entry in data["ranking"]] == ["middle", "short", "long"]
    assert [entry["format"] for entry in data["variants"]] == ["brief-middle"]
    for entry in (*data["ranking"], *data["variants"]):
        assert set(entry) >= ENTRY_KEYS
    assert {"next_steps"} <= set(data)


def test_one_entry_in_numbers(toy: Catalog) -> None:
    """Deep 100/120 * 1/2 = 41.67 points and weeks 20/120 * 1/2 = 8.33, in all 50; at the low ends 25 + 20/6 of 120."""
    (middle,) = [each for each in data_for(toy, {"goals": ["deep"], "weeks": 6})["ranking"] if each["rank"] == 1]
    assert (middle["score"], middle["score_low"], middle["score_high"]) == (50.0, 23.6, 79.2)
    assert middle["eligibility"] == "conditional"
    assert [(each["criterion"], each["weight"], each["value"]) for each in middle["contributions"]] == [
        ("deep", 0.83, 0.5),
        ("weeks", 0.17, 0.5),
    ]
    assert sum(tenths(each["points"]) for each in middle["contributions"]) == 500
    assert [each["points"] for each in middle["contributions"]] == [41.7, 8.3]


def test_blockers_and_sources_are_written_out(toy: Catalog) -> None:
    long = data_for(toy, {"weeks": 6, "country": "north"})["ranking"][-1]
    assert (long["format"], long["rank"], long["eligibility"]) == ("long", None, "blocked")
    assert long["blockers"] == [
        {
            "question": "weeks",
            "answer": 6,
            "needs": "6 months",
            "text": "A long takes at least 6 months; you have 6 weeks, 20 weeks and 1 day too few.",
            "sources": ["The handbook (Example Press, 2025); chapter 1; https://example.org/handbook"],
        }
    ]


def test_no_top_comes_with_a_message(toy: Catalog) -> None:
    assert data_for(toy, {})["top"] == []
    assert data_for(toy, {})["message"] != data_for(toy, {"weeks": "1 day"})["message"]


def test_next_steps_name_the_region_they_hold_in(toy: Catalog) -> None:
    steps = data_for(toy, {"goals": ["soon"], "country": "north"})["next_steps"]
    assert [(step["text"], step["url"], step["region"]) for step in steps] == [
        ("Look at the northern list", "https://example.org/north", "north"),
        ("Ask around", None, None),
    ]


@pytest.mark.parametrize(("fixture", "person"), [("toy", PERSON), ("shipped", SHIPPED_PERSON)])
class TestOfAPerson:
    """Holds for one person of each catalog; the property tests hold the same for any."""

    def test_points_add_up_to_the_score(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        data = data_for(request.getfixturevalue(fixture), person)
        for entry in (*data["ranking"], *data["variants"]):
            assert sum(tenths(each["points"]) for each in entry["contributions"]) == tenths(entry["score"])

    def test_answers_are_accepted_again_and_give_the_same(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        catalog = request.getfixturevalue(fixture)
        data = data_for(catalog, person)
        assert data_for(catalog, data["answers"]) == data

    def test_the_same_answers_give_the_same_bytes_in_any_order(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        catalog = request.getfixturevalue(fixture)
        turned = dict(reversed(person.items()))
        assert printed(catalog, person) == printed(catalog, person) == printed(catalog, turned)

    def test_the_order_of_formats_changes_nothing(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        catalog = request.getfixturevalue(fixture)
        turned = replace(catalog, formats=dict(reversed(catalog.formats.items())))
        assert printed(turned, person) == printed(catalog, person)

    def test_the_order_of_questions_changes_only_the_order_of_what_is_said(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        catalog = request.getfixturevalue(fixture)
        turned = replace(catalog, questions=dict(reversed(catalog.questions.items())))
        assert in_any_order(data_for(turned, person)) == in_any_order(data_for(catalog, person))

    def test_shares_have_two_decimals(
        self, request: pytest.FixtureRequest, fixture: str, person: dict[str, Any]
    ) -> None:
        data = data_for(request.getfixturevalue(fixture), person)
        for entry in (*data["ranking"], *data["variants"]):
            for each in entry["contributions"]:
                assert each["weight"] == round(each["weight"], 2)
                assert each["value"] == round(each["value"], 2)
            assert abs(sum(each["weight"] for each in entry["contributions"]) - 1) <= 0.005 * len(
                entry["contributions"]
            )


# Lists whose order is that of the questions; all others stand as they are.
_UNORDERED = {"unanswered", "conditions", "blockers", "unchecked"}


def in_any_order(data: Any) -> Any:
    """The data without the order of what follows the questions."""
    if isinstance(data, dict):
        return {
            key: sorted(map(json.dumps, value)) if key in _UNORDERED else in_any_order(value)
            for key, value in data.items()
        }
    return [in_any_order(each) for each in data] if isinstance(data, list) else data


def test_a_change_says_whether_it_leads_to_a_long_shot_only(shipped: Catalog) -> None:
    answers = {"goals": ["resume"], "weeks": 12, "hours_per_week": 20, "region": "us", "work_permit": "student_visa"}
    data = recommendation_data(recommend(shipped, answers))
    assert {each["long_shot"] for each in (*data["what_ifs"], *data["relaxations"])} == {True}
    for each in data["what_ifs"]:
        (first, *_) = recommend(shipped, {**answers, **each["change"]}).best
        assert bool(first.long_shots) is each["long_shot"]

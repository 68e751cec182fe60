"""What is said of a format: blockers and what they need, conditions, contributions, cautions, what is unchecked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from formatpicker import Catalog, Entry, recommend
from formatpicker.advice.notices import Blocker, Notice, full_text
from formatpicker.catalog.model import citation_text
from formatpicker.catalog.store import parse_catalog

NO_ANSWER = "No answer changes this."


def entry(catalog: Catalog, answers: Mapping[str, Any], format: str) -> Entry:
    result = recommend(catalog, answers)
    return next(each for each in (*result.ranking, *result.variants) if each.id == format)


def edited_toy(edit: Callable[[Any], None]) -> Catalog:
    """The toy catalog after a change to its plain data."""
    data = yaml.safe_load((Path(__file__).parent.parent / "cases" / "toy.yaml").read_text("utf-8"))
    data["updated"] = str(data["updated"])
    edit(data)
    return parse_catalog(json.dumps(data).encode(), "edited toy")


@pytest.mark.parametrize(
    ("answers", "format", "question", "answer", "needs", "text"),
    [
        (
            {"weeks": 6, "country": "north"},
            "long",
            "weeks",
            6,
            "6 months",  # 183 days, as the catalog writes it; 183 - 42 = 141 days = 20 weeks and 1 day
            "A long takes at least 6 months; you have 6 weeks, 20 weeks and 1 day too few.",
        ),
        (
            {"weeks": 6},
            "long",
            "weeks",
            6,
            "3 months",  # the shortest of any country: 91 days, in sentences 13 weeks; 91 - 42 = 49 days
            "Even in the South, a long takes at least 13 weeks; you have 6 weeks, 7 weeks too few. "
            "By country: in the North and The East at least 6 months; in the South at least 13 weeks.",
        ),
        (
            {"hours_per_week": 8},
            "middle",
            "hours_per_week",
            8,
            10,
            "A middle takes at least 10 hours a week; you have 8.",
        ),
        (
            {"weeks": 1, "hours_per_week": 7},
            "short",
            "total_hours",
            7,
            10,
            "A short takes at least 10 hours in all; yours come to 7, 3 too few.",
        ),
        (
            {"certificate": "required"},
            "short",
            "certificate",
            "required",
            "preferred",
            "A short never ends in a certificate.",
        ),
        (
            {"place": "home_required"},
            "long",
            "place",
            "home_required",
            "home_preferred",
            "A long cannot be done from home.",
        ),
        (
            {"place": "site_required"},
            "short",
            "place",
            "site_required",
            "site_preferred",
            "A short is done at home.",
        ),
        # facts about a person: nothing to change
        (
            {"age": 15},
            "short",
            "age",
            15,
            None,
            f"A short is open from age 16; you are 15. {NO_ANSWER}",
        ),
        (
            {"age": 31},
            "middle",
            "age",
            31,
            None,
            f"A middle is open up to age 30; you are 31. {NO_ANSWER}",
        ),
        (
            {"permit": "visa", "country": "south"},
            "long",
            "permit",
            "visa",
            None,
            f"A long is closed to people on a visa. {NO_ANSWER}",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_blocker(
    toy: Catalog, answers: dict[str, Any], format: str, question: str, answer: object, needs: object, text: str
) -> None:
    (blocker,) = entry(toy, answers, format).blockers
    assert (blocker.question, blocker.answer, blocker.needs) == (question, answer, needs)
    assert full_text(blocker) == text


BLOCKING: list[dict[str, Any]] = [
    {"weeks": 0.14},
    {"weeks": 6, "country": "north"},
    {"hours_per_week": 1},
    {"weeks": 4, "hours_per_week": 1},
    {"certificate": "required", "wage": "required"},
    {"place": "home_required"},
    {"place": "site_required"},
]


def needs_that_do_not_help(catalog: Catalog, answers: dict[str, Any]) -> tuple[int, list[tuple[str, str, object]]]:
    """How many blockers name an answer to their own question, and those whose answer leaves the blocker standing."""
    result = recommend(catalog, answers)
    count, useless = 0, []
    for each in (*result.ranking, *result.variants):
        for blocker in each.blockers:
            if blocker.needs is not None and blocker.question in catalog.questions:
                count += 1
                after = entry(catalog, {**answers, blocker.question: blocker.needs}, each.id)
                if blocker.question in [left.question for left in after.blockers]:
                    useless.append((each.id, blocker.question, blocker.needs))
    return count, useless


@pytest.mark.parametrize("answers", BLOCKING, ids=repr)
def test_what_a_blocker_needs_is_an_answer_that_lifts_it(toy: Catalog, answers: dict[str, Any]) -> None:
    count, useless = needs_that_do_not_help(toy, answers)
    assert count
    assert useless == []


@pytest.mark.parametrize(
    "answers",
    [
        *({"weeks": 0.14, "region": region} for region in ("us", "uk", "de", "fr", "eu", "other", None)),
        {"hours_per_week": 1},
        {"start_within_weeks": 0},
        {"location": "remote_required"},
        {"location": "in_person_required"},
        *({need: "required"} for need in ("flexible_schedule", "pay", "credit", "credential", "mentorship")),
    ],
    ids=repr,
)
def test_what_a_blocker_needs_lifts_it_in_the_shipped_catalog(shipped: Catalog, answers: dict[str, Any]) -> None:
    assert needs_that_do_not_help(shipped, answers)[1] == []


def test_what_no_answer_can_give_is_not_named_as_needed() -> None:
    """A format that takes 70 hours a week, where 60 is the most that the question accepts."""

    def edit(data: Any) -> None:
        data["formats"]["long"]["attributes"]["load"].update(min=70, typical=70, max=70)

    (blocker,) = entry(edited_toy(edit), {"hours_per_week": 60}, "long").blockers
    assert blocker.needs is None


@pytest.mark.parametrize(
    ("place", "verdict"), [("home_required", "conditional"), ("home_preferred", "conditional"), ("any", "fits")]
)
def test_a_category_that_is_not_known_is_something_to_ask_about(place: str, verdict: str) -> None:
    """As with any attribute that is not known: half a point, from nothing to all, and never ruled out."""

    def edit(data: Any) -> None:
        data["formats"]["long"]["attributes"]["spot"] = {"value": None, "basis": "inferred", "note": "not found"}

    found = entry(edited_toy(edit), {"place": place}, "long")
    assert found.assessment.eligibility == verdict
    text = "Nothing reliable was found on this: place of work."
    assert [notice.text for notice in found.conditions] == ([text] if verdict == "conditional" else [])
    assert 2 * found.assessment.total == found.assessment.scale


def test_a_window_that_is_no_fact_names_the_nearest_open_answer() -> None:
    """Asked as a limit, the same window has ends that an answer can move to: 30 is nearer to 40 than 14 is."""

    def edit(data: Any) -> None:
        (age,) = [question for question in data["questions"] if question["id"] == "age"]
        age["about"] = "limit"

    catalog = edited_toy(edit)
    assert [blocker.needs for blocker in entry(catalog, {"age": 13}, "middle").blockers] == [14]
    assert [blocker.needs for blocker in entry(catalog, {"age": 40}, "middle").blockers] == [30]


@pytest.mark.parametrize(
    ("answers", "format", "expected"),
    [
        (
            {"weeks": 6},
            "middle",
            [("weeks", "Look for one of at most 6 weeks: 8 weeks is usual, 4 weeks the least, 16 weeks the most.")],
        ),
        ({"weeks": 8}, "middle", []),
        ({"wage": "required"}, "short", [("wage", "Check that this one pays: a short usually pays.")]),
        ({"wage": "preferred"}, "short", []),
        (
            {"place": "home_required"},
            "middle",
            [("place", "Ask where it is done: a middle is done at home and on site.")],
        ),
        ({"age": 15}, "middle", [("age", "Ask whether they take you at 15: 16 is usual.")]),
        (
            {"permit": "visa", "country": "north"},
            "short",
            [("permit", "Settle your right to work first: a short needs permission.")],
        ),
        (
            {"permit": "visa"},
            "long",
            [
                (
                    "permit",
                    "Settle your right to work first: a long needs permission. "
                    "By country: in the North and The East it needs permission; in the South it is closed to people "
                    "on a visa (ruled out).",
                )
            ],
        ),
        (
            {"certificate": "required"},
            "brief-middle",
            [("certificate", "Nothing reliable was found on this: certificate.")],
        ),
        (
            {"weeks": 5, "hours_per_week": 15},
            "middle",
            [
                ("weeks", "Look for one of at most 5 weeks: 8 weeks is usual, 4 weeks the least, 16 weeks the most."),
                ("hours_per_week", "Look for one of at most 15 hours: 20 is usual."),
                ("total_hours", "Look for one of at most 75 hours in all: 160 is usual."),
            ],
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_conditions(toy: Catalog, answers: dict[str, Any], format: str, expected: list[tuple[str, str]]) -> None:
    conditions = entry(toy, answers, format).conditions
    assert [(condition.question, full_text(condition)) for condition in conditions] == expected


def test_contributions_are_the_terms_that_weigh_the_largest_first(toy: Catalog) -> None:
    """Of 120: deep 100 * 1/4 = 25, weeks 20 * 1 = 20; the age and the country weigh nothing."""
    found = entry(toy, {"goals": ["deep"], "weeks": 6, "age": 19, "country": "north"}, "short").contributions
    assert [(each.term.criterion.id, each.term.product, each.text) for each in found] == [
        ("deep", 25_000, "A short is rather shallow."),
        ("weeks", 20_000, "A short usually takes 2 weeks, within your 6 weeks."),
    ]
    assert [citation_text(toy, citation) for each in found for citation in each.citations] == [
        "The handbook (Example Press, 2025); chapter 1; https://example.org/handbook"
    ] * 2


def test_contributions_of_a_need_and_of_what_is_unknown(toy: Catalog) -> None:
    found = entry(toy, {"wage": "preferred", "certificate": "preferred"}, "brief-middle").contributions
    assert {each.term.criterion.id: each.text for each in found} == {
        "wage": "A brief middle sometimes pays.",
        "certificate": "Nothing reliable was found on this: certificate.",
    }


FIND_OUT = "Find out first whether this applies to you."
ASK = "Ask the office before you start."


@pytest.mark.parametrize(
    ("answers", "format", "texts"),
    [
        ({"permit": "visa", "country": "north"}, "short", [ASK]),
        ({"permit": "visa", "country": "south"}, "short", [ASK]),
        ({"permit": "visa", "country": "east"}, "short", []),
        ({"permit": "visa"}, "short", [f"In the North or in the South: {ASK}"]),
        ({"permit": "unsure", "country": "north"}, "short", [f"{FIND_OUT} {ASK}"]),
        ({"permit": "unsure"}, "short", [f"{FIND_OUT} In the North or in the South: {ASK}"]),
        ({"permit": "free", "country": "north"}, "short", []),
        ({"country": "north"}, "short", []),  # a test on an open question does not hold
        ({"permit": "visa", "country": "north"}, "middle", []),  # open to all
        ({"permit": "visa", "country": "north"}, "long", [ASK]),
        ({"permit": "visa", "country": "south"}, "long", []),  # closed there, so there is nothing to ask
        ({"permit": "visa"}, "long", [f"In the North: {ASK}"]),  # and so the South is not named
        ({"permit": "visa", "country": "north"}, "brief-middle", []),
    ],
    ids=lambda value: str(value)[:50],
)
def test_cautions(toy: Catalog, answers: dict[str, Any], format: str, texts: list[str]) -> None:
    cautions = entry(toy, answers, format).cautions
    assert [caution.text for caution in cautions] == texts
    assert {caution.question for caution in cautions} <= {"permit"}


@pytest.mark.parametrize("format", ["internship", "micro-internship", "apprenticeship"])
def test_a_visa_without_a_region_gets_the_cautions_of_every_region_and_no_others(shipped: Catalog, format: str) -> None:
    """For each region: what is said to those who name it is said, with its name, to those who name none."""
    visa = {"work_permit": "student_visa"}
    region_question = shipped.region_question
    assert region_question is not None
    open_texts = [each.text for each in entry(shipped, visa, format).cautions if each.question == "work_permit"]
    wrong = []
    for option in region_question.options:
        named = entry(shipped, {**visa, "region": option.id}, format).cautions
        told_there = {each.text for each in named if each.question == "work_permit"}
        for caution in shipped.cautions:
            asks_region = any(test.name == region_question.id for test in caution.tests)
            if caution.about == "work_permit" and option.id in caution.regions and not asks_region:
                phrase = option.phrase or option.label
                told_open = any(
                    text.endswith(caution.text) and phrase.lower() in text.removesuffix(caution.text).lower()
                    for text in open_texts
                )
                if told_open != (caution.text in told_there):
                    wrong.append((caution.id, option.id, "told" if told_open else "not told"))
    assert wrong == []


@pytest.mark.parametrize("condition", ["weeks", "hours_per_week", "wage"])
def test_cautions_can_look_at_numbers_and_attributes(condition: str) -> None:
    """Durations are tested in weeks: 3 weeks are below 4 and 4 are not."""
    tests: dict[str, list[dict[str, Any]]] = {
        "weeks": [{"question": "weeks", "below": 4}],
        "hours_per_week": [{"question": "hours_per_week", "at_least": 10}],
        "wage": [{"attribute": "wage", "is_not": ["always"]}, {"question": "goals", "includes": ["deep", "soon"]}],
    }

    def edit(data: Any) -> None:
        data["cautions"] = [
            {"id": "one", "about": "wage", "when": tests[condition], "text": "Mind.", "sources": {"handbook": ""}}
        ]

    catalog = edited_toy(edit)
    inside: dict[str, Any] = {"weeks": 3, "hours_per_week": 10, "goals": ["easy", "deep"]}
    outside: dict[str, Any] = {"weeks": 4, "hours_per_week": 9, "goals": ["easy"]}
    assert [caution.text for caution in entry(catalog, inside, "short").cautions] == ["Mind."]
    assert entry(catalog, outside, "short").cautions == ()
    assert entry(catalog, {}, "short").cautions == ()


@pytest.mark.parametrize(
    ("answers", "format", "expected"),
    [
        # a week, 5 hours a week, no certificate at all, at home only, from 16; the wage and the permit never block it
        ({}, "short", ["weeks", "hours_per_week", "certificate", "place", "age"]),
        ({"weeks": 2, "certificate": "not_needed"}, "short", ["hours_per_week", "place", "age"]),
        ({"weeks": "skip"}, "short", ["weeks", "hours_per_week", "certificate", "place", "age"]),
        ({}, "middle", ["weeks", "hours_per_week", "age"]),
        ({"country": "north"}, "long", ["weeks", "hours_per_week", "place", "age"]),
        ({"country": "south"}, "long", ["weeks", "hours_per_week", "place", "age", "permit"]),
        # nothing is known of its certificate, and what is unknown does not block
        ({}, "brief-middle", ["weeks", "hours_per_week", "age"]),
    ],
    ids=repr,
)
def test_unchecked(toy: Catalog, answers: dict[str, Any], format: str, expected: list[str]) -> None:
    assert set(entry(toy, answers, format).unchecked) == set(expected)


def test_unchecked_names_a_limit_that_blocks_only_together_with_an_answer(shipped: Catalog) -> None:
    """Two hours a week are enough and so is one day, but both come to fewer hours than a micro-internship takes."""
    assert entry(shipped, {"hours_per_week": 2, "weeks": 1}, "micro-internship").rank is None
    assert {"weeks", "total_hours"} & set(entry(shipped, {"hours_per_week": 2}, "micro-internship").unchecked)


@pytest.mark.parametrize(
    ("answers", "texts"),
    [
        # official places first; with no country named those of all, what holds everywhere first
        ({"goals": ["soon"], "country": "north"}, ["Look at the northern list", "Ask around"]),
        ({"goals": ["soon"], "country": "east"}, ["Ask around"]),
        ({"goals": ["soon"]}, ["Ask around", "Look at the northern list"]),
        ({"goals": ["deep"]}, ["Look at the northern list"]),
        ({"goals": {"deep": 4, "soon": 3}, "country": "east"}, ["Ask around"]),
        ({"weeks": 8, "age": 15}, []),
        ({}, []),
    ],
    ids=repr,
)
def test_next_steps_are_those_of_the_top(toy: Catalog, answers: dict[str, Any], texts: list[str]) -> None:
    assert [step.text for step in recommend(toy, answers).next_steps] == texts


@pytest.mark.parametrize(
    ("answers", "format", "begin"),
    [
        # From 6 months in France, 8 in England, 12 in general, 24 in Germany.
        ({"weeks": "4 months"}, "apprenticeship", "Even in France, an apprenticeship takes at least 6 months"),
        (
            {"weeks": "6 months"},
            "apprenticeship",
            "On this point it works only in France: Hardly any take only 6 months.",
        ),
        # Sometimes in England, else rarely, which is a long shot.
        (
            {"mentorship": "required"},
            "micro-internship",
            "On this point it works best in England: Ask who will guide you",
        ),
        # A week is enough for the placements of pupils in England and Germany, which count for those who name it.
        ({"weeks": "1 week"}, "internship", "An internship takes at least 4 weeks; you have 1 week."),
    ],
)
def test_a_text_that_rests_on_one_country_says_what_of_the_others(
    shipped: Catalog, answers: dict[str, Any], format: str, begin: str
) -> None:
    found = entry(shipped, {"goals": ["expertise"], **answers}, format)
    notices: list[Notice | Blocker] = [*found.blockers, *found.long_shots, *found.conditions]
    told = [full_text(each) for each in notices]
    (text,) = [each for each in told if each.startswith(begin)]
    assert ("By country: " in text) == ("at least 4 weeks" not in text)

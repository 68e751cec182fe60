"""Random people: the same ones each time, valid, of every kind; and the simplest person for whom something holds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

from formatpicker import Answers, Catalog, parse_answers
from formatpicker.catalog_tools.random_people import SeededChoices, random_people, simplest, size
from formatpicker.scoring.answers import Goals, written_answers


@pytest.fixture(scope="module")
def crowd(toy: Catalog) -> list[Answers]:
    return list(random_people(toy, 400, "a test"))


def test_people_depend_on_the_name_alone(toy: Catalog, crowd: list[Answers]) -> None:
    assert list(random_people(toy, 30, "a test")) == crowd[:30]
    assert list(random_people(toy, 30, "another test")) != crowd[:30]


def test_people_are_what_a_file_of_answers_can_say(shipped: Catalog) -> None:
    for person in random_people(shipped, 200, "a test"):
        assert parse_answers(shipped, written_answers(shipped, person)) == person


def test_people_give_and_leave_out_every_answer(toy: Catalog, crowd: list[Answers]) -> None:
    for question in toy.questions.values():
        given = [person.get(question.id) for person in crowd]
        assert None in given
        assert {option.id for option in question.options} <= set(map(str, given))


def test_people_rank_and_weigh_one_goal_up_to_the_most_allowed(crowd: list[Answers]) -> None:
    goals = [given for person in crowd for given in person.values.values() if isinstance(given, Goals)]
    assert {(each.ranked, len(each.shares)) for each in goals} == {(way, n) for way in (True, False) for n in (1, 2, 3)}
    assert {share for each in goals if not each.ranked for share in each.shares.values()} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("days", "what"),
    [(7, "the least of a short"), (13, "just below the usual short"), (1, "the least"), (3640, "the most")],
    ids=lambda value: str(value),
)
def test_numbers_stand_where_something_turns(crowd: list[Answers], days: int, what: str) -> None:
    assert days in [person.get("weeks") for person in crowd], what


def test_durations_are_spread_from_days_to_years(crowd: list[Answers]) -> None:
    given = [days for person in crowd if isinstance(days := person.get("weeks"), int)]
    assert sum(days <= 28 for days in given) > len(given) // 5
    assert sum(days >= 364 for days in given) > len(given) // 10


def test_a_shuffle_loses_nothing() -> None:
    assert sorted(SeededChoices("a test").shuffled(range(20))) == list(range(20))
    assert SeededChoices("a test").shuffled(range(20)) == SeededChoices("a test").shuffled(range(20)) != list(range(20))


SIMPLEST: dict[str, tuple[dict[str, Any], Callable[[Answers], bool], dict[str, Any]]] = {
    "anything": ({"weeks": 5, "wage": "required"}, lambda answers: True, {}),
    "one answer": ({"weeks": 5, "wage": "required"}, lambda answers: answers.get("wage") == "required",
                   {"wage": "required"}),
    # 101 days; the coarsest multiple near it that still holds is 52 weeks.
    "a round duration": ({"weeks": "101 days"}, lambda answers: (answers.get("weeks") or 0) in range(99, 400),
                         {"weeks": 52}),
    # 16 weeks are the nearest coarse multiple up to 120 days: 52 and 26 weeks are too long.
    "a rounder duration": ({"weeks": "101 days"}, lambda answers: (answers.get("weeks") or 0) in range(99, 120),
                           {"weeks": 16}),
    "a number that has to be": ({"hours_per_week": 37}, lambda answers: answers.get("hours_per_week") == 37,
                                {"hours_per_week": 37}),
    "one goal": ({"goals": ["deep", "soon", "easy"]}, lambda answers: "soon" in _goals(answers), {"goals": ["soon"]}),
    "least importances": ({"goals": {"deep": 5, "soon": 4}}, lambda answers: {"deep", "soon"} <= set(_goals(answers)),
                          {"goals": {"deep": 1, "soon": 1}}),
}  # fmt: skip


def _goals(answers: Answers) -> dict[str, int]:
    given = answers.get("goals")
    return dict(given.shares) if isinstance(given, Goals) else {}


@pytest.mark.parametrize(("raw", "holds", "expected"), SIMPLEST.values(), ids=SIMPLEST)
def test_the_simplest_person(
    toy: Catalog, raw: dict[str, Any], holds: Callable[[Answers], bool], expected: dict[str, Any]
) -> None:
    assert written_answers(toy, simplest(toy, parse_answers(toy, raw), holds)) == expected


def test_the_simplest_of_a_crowd_holds_and_cannot_lose_an_answer(toy: Catalog, crowd: list[Answers]) -> None:
    def holds(answers: Answers) -> bool:
        return size(answers) >= 3

    for person in islice(filter(holds, crowd), 20):
        assert size(simplest(toy, person, holds)) == 3

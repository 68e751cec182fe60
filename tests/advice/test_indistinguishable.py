"""Variants that no answer so far tells apart, and the one question that would.

The brief middle of the toy: a middle (depth 2, speed 1, hurdle 2, pays sometimes, done both ways) of 2 to 8 weeks whose
certificate is not known. A twin of it differs in what each test says.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from conftest import CASES
from formatpicker import Catalog, recommend
from formatpicker.advice.comparison import Indistinguishable, indistinguishable
from formatpicker.catalog.criteria import AnswerKind, Question
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.text.sentences import group_words
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.ranking import assess
from strategies import parsed_catalog

Raw = dict[str, Any]


def sourced(value: Any, **more: Any) -> Raw:
    ends = value if isinstance(value, dict) else {"value": value}
    return {**ends, "basis": "sourced", "sources": {"handbook": ""}, "reason": "It differs.", **more}


def with_twins(*differences: Raw) -> Catalog:
    """The toy with twins of the brief middle, each with some attributes of its own."""
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    brief = raw["formats"]["brief-middle"]
    for number, changes in enumerate(differences, 1):
        attributes = {**brief["attributes"], **changes}
        raw["formats"][f"twin-{number}"] = {**brief, "name": f"Twin {number}", "attributes": attributes}
    return parsed_catalog({**raw, "updated": "never"})


def groups(catalog: Catalog, answers: Raw) -> list[Indistinguishable]:
    return recommend(catalog, answers).indistinguishable


def pair(separated_by: str | None) -> list[Indistinguishable]:
    return [Indistinguishable(("brief-middle", "twin-1"), separated_by)]


SURE = sourced("always")


@pytest.mark.parametrize(
    ("changes", "answers", "expected"),
    [
        ({}, {"goals": ["deep"]}, pair(None)),  # the same in everything
        ({"paper": SURE}, {"goals": ["deep"]}, pair("certificate")),
        ({"paper": SURE}, {"goals": ["deep"], "certificate": "preferred"}, []),  # 0.5 against 1
        ({"paper": SURE}, {"goals": ["deep"], "certificate": "not_needed"}, pair(None)),
        ({"depth": sourced(4)}, {"goals": ["deep"]}, []),
        # speed 4 against 1 moves 100 * 3/4, the certificate 40 * 1/2
        ({"paper": SURE, "speed": sourced(4)}, {"weeks": 10}, pair("goals")),
        ({"paper": SURE, "speed": sourced(4)}, {"goals": ["deep"]}, pair("certificate")),
        # home against mixed: 40 * (1 - 0.3) home only, 40 * 0.6 and out on site only; the wage 40 * (1 - 0.5)
        ({"wage": SURE, "spot": sourced("home")}, {"goals": ["deep"]}, pair("place")),
        # both are ruled out, or one: neither is a choice left to make
        ({}, {"weeks": 1}, []),
        ({"length": sourced({"min": "1 day", "typical": "1 day", "max": "1 day"})}, {"weeks": 1}, []),
        # one only fits some of the time: that is a difference
        ({"length": sourced({"min": "2 weeks", "typical": "3 weeks", "max": "8 weeks"})}, {"weeks": 3}, []),
        # nothing answered: all that is asked could separate
        ({"paper": SURE}, {}, pair("certificate")),
    ],
    ids=[
        "alike in everything",
        "one question",
        "answered",
        "not needed",
        "the goal tells them apart",
        "the farthest",
        "the farthest of what is open",
        "a wish",
        "both ruled out",
        "one ruled out",
        "conditional",
        "nothing answered",
    ],
)
def test_groups(changes: Raw, answers: Raw, expected: list[Indistinguishable]) -> None:
    assert groups(with_twins(changes), answers) == expected


def test_no_group_of_one(toy: Catalog) -> None:
    assert groups(toy, {"goals": ["deep"]}) == []


def test_groups_of_three_and_the_order_of_the_ranking() -> None:
    catalog = with_twins({}, {"paper": SURE}, {"speed": sourced(4)})
    assert groups(catalog, {"weeks": 10}) == [
        Indistinguishable(("brief-middle", "twin-1", "twin-2", "twin-3"), "goals")
    ]
    assert groups(catalog, {"goals": ["deep", "soon"]}) == [
        Indistinguishable(("brief-middle", "twin-1", "twin-2"), "certificate")
    ]


@pytest.mark.parametrize(
    ("changes", "answers", "expected"),
    [
        # on a visa one is open and the other only asks for permission: a check that weighs nothing
        ({"permit": sourced("ask")}, {"goals": ["deep"]}, "permit"),
        # the wage is answered; it differs in the North only
        (
            {"wage": sourced("sometimes", low="never", high="always", regions={"north": sourced("always")})},
            {"wage": "preferred"},
            "country",
        ),
        # 20 hours a week for all of 3 weeks are 60 of the 400 hours in all that one takes
        ({"total": sourced({"min": 400, "typical": 500, "max": 640})}, {"hours_per_week": 20}, "weeks"),
    ],
    ids=["by a check", "by the region", "by a derived quantity"],
)
def test_a_question_that_tells_them_apart_without_a_weight_of_its_own(
    changes: Raw, answers: Raw, expected: str
) -> None:
    for change in changes.values():
        for regional in change.get("regions", {}).values():
            del regional["reason"]
    assert groups(with_twins(changes), answers) == pair(expected)


def other_answers(question: Question) -> list[Any]:
    if question.answer is AnswerKind.GOALS:
        return [[goal.id] for goal in question.goals]
    if question.options:
        return [option.id for option in question.options]
    least, most = question.ends
    steps = sorted({least, 7, 10, 14, 20, 28, 40, 60, 91, 182, 365, most})
    unit = " days" if question.answer is AnswerKind.DURATION else 0
    return [f"{step}{unit}" if unit else step for step in steps if least <= step <= most]


def variant_groups(catalog: Catalog, answers: Answers) -> list[Indistinguishable]:
    assessments = assess(catalog, answers, catalog.variants)
    return indistinguishable(catalog, answers, assessments)


def splits(catalog: Catalog, answers: Answers, group: Indistinguishable, id: str) -> bool:
    """Whether some answer to a question tells members apart: rules out only some, or leaves them in no group."""
    question = catalog.questions[id]
    for each in other_answers(question):
        now = answers.replaced(catalog, id, parse_answer(question, each))
        assessed = {one.format.id: one for one in assess(catalog, now, catalog.scored)}
        blocked = {assessed[member].blocked for member in group.formats}
        together = any(set(group.formats) <= set(other.formats) for other in variant_groups(catalog, now))
        if len(blocked) > 1 or (blocked == {False} and not together):
            return True
    return False


def test_of_the_shipped_variants_the_named_question_separates_and_without_one_none_does(shipped: Catalog) -> None:
    """Some answer to the question named splits the group; where none is named no single answer does."""
    seen = 0
    for answers in random_people(shipped, 60, "groups"):
        for group in variant_groups(shipped, answers):
            open_ids = [id for id in shipped.questions if answers.get(id) is None]
            if group.separated_by is None:
                assert not any(splits(shipped, answers, group, id) for id in open_ids), (group, answers)
            else:
                assert group.separated_by in open_ids
                assert splits(shipped, answers, group, group.separated_by), (group, answers)
            seen += 1
    assert seen > 10


def test_a_group_in_words(toy: Catalog) -> None:
    catalog = with_twins({"paper": SURE})
    (open_group,) = groups(catalog, {"goals": ["deep"]})
    assert group_words(catalog, open_group) == (
        'Brief middle and Twin 1 are alike so far; the question "Must it end in a certificate?" would tell them apart.'
    )
    (closed,) = groups(with_twins({}), {"goals": ["deep"]})
    assert group_words(catalog, closed) == (
        "Brief middle and Twin 1 are alike so far, and no single further answer would tell them apart."
    )

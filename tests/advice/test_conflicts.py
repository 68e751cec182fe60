"""Answers that stand in each other's way are pointed out where no scored format meets both, and only there."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import yaml

from conftest import CASES
from formatpicker import Catalog, parse_answers, recommend
from formatpicker.catalog.criteria import RuleKind, Verdict
from formatpicker.catalog.guidance import Conflict
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.ranking import Assessment, assess
from strategies import parsed_catalog

Raw = dict[str, Any]


def fired(catalog: Catalog, answers: Raw | Answers) -> set[str]:
    return {each.conflict.id for each in recommend(catalog, answers).conflicts}


def conflict(id: str, between: list[str], least_value: int) -> Raw:
    sources = {"handbook": "chapter 7"}
    return {"id": id, "between": between, "least_value": least_value, "text": "Not with {answer}.", "sources": sources}


@pytest.fixture(scope="module")
def at_odds(toy: Catalog) -> Catalog:
    """The toy with conflicts of every kind."""
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    raw["conflicts"] = [
        conflict("deep-and-weeks", ["deep", "weeks"], 75),
        conflict("half-deep-and-weeks", ["deep", "weeks"], 50),
        conflict("certificate-and-place", ["certificate", "place"], 80),
        conflict("deep-and-easy", ["deep", "easy"], 75),
        conflict("both-limits", ["weeks", "hours_per_week"], 0),
        conflict("soon-and-permit", ["soon", "permit"], 100),
    ]
    return parsed_catalog({**raw, "updated": "never"})


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # only the long one is 3/4 deep or more, and it takes 13 weeks, in the North 26
        ({"goals": ["deep"], "weeks": 6}, {"deep-and-weeks"}),
        ({"goals": ["soon", "deep"], "weeks": 6}, {"deep-and-weeks"}),
        ({"goals": ["deep"], "weeks": 14}, set()),
        ({"goals": ["deep"], "weeks": 14, "country": "north"}, {"deep-and-weeks"}),
        ({"goals": ["deep"]}, set()),
        ({"weeks": 6}, set()),
        ({"goals": ["soon"], "weeks": 6}, set()),
        # depth of 2/4: 3 weeks rule out the middle, but not its brief variant; 13 days do that too
        ({"goals": ["deep"], "weeks": 3}, {"deep-and-weeks"}),
        ({"goals": ["deep"], "weeks": "13 days"}, {"deep-and-weeks", "half-deep-and-weeks"}),
        # certificate of at least 0.8: the long one, done on site; 0.8 of rather at home: the short one
        ({"certificate": "preferred", "place": "home_preferred"}, {"certificate-and-place"}),
        ({"certificate": "preferred", "place": "site_preferred"}, set()),
        ({"certificate": "not_needed", "place": "home_preferred"}, set()),
        ({"certificate": "preferred", "place": "any"}, set()),
        # depth 1, 2, 2, 4 against ease 3, 2, 2, 0
        ({"goals": ["deep", "easy"]}, {"deep-and-easy"}),
        ({"goals": {"easy": 1, "deep": 5}}, {"deep-and-easy"}),
        ({"goals": ["deep", "soon"]}, set()),
        # two limits: 2 weeks fit the short one, with its 5 hours
        ({"weeks": 2, "hours_per_week": 5}, set()),
        ({"weeks": 2, "hours_per_week": 4}, {"both-limits"}),
        # what weighs nothing is no wish
        ({"goals": ["soon"], "permit": "visa"}, set()),
    ],
    ids=lambda value: repr(sorted(value) if isinstance(value, set) else value),
)
def test_conflicts(at_odds: Catalog, answers: Raw, expected: set[str]) -> None:
    assert fired(at_odds, answers) == expected


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"goals": ["deep"], "weeks": 6}, "Not with 6 weeks."),
        ({"weeks": 2, "hours_per_week": 4}, "Not with 4 hours."),
        ({"goals": ["deep", "easy"]}, "Not with ."),
    ],
    ids=["the limit", "the last of two limits", "no limit"],
)
def test_the_text_names_the_limit(at_odds: Catalog, answers: Raw, text: str) -> None:
    assert [each.text for each in recommend(at_odds, answers).conflicts] == [text]


# --- the shipped catalog ---------------------------------------------------------------------------------------------


def answers_to(catalog: Catalog, criterion: str) -> list[tuple[str, Answer]]:
    """The question of a criterion with answers that bring it into play."""
    question = catalog.questions[catalog.criteria[criterion].question]
    if question.goals:
        goals = parse_answer(question, [criterion])
        assert goals is not None
        return [(question.id, goals)]
    if question.options:
        return [(question.id, option.id) for option in question.options]
    least, most = question.ends
    steps = [least, 2, 5, 10, 20, 40, 90, 180, 365, most]
    return [(question.id, step) for step in sorted(set(steps)) if least <= step <= most]


def firing(catalog: Catalog, found: Conflict) -> Answers | None:
    """Answers to nothing but the two that make a conflict fire."""
    one, other = found.between
    for (question, answer), (second, more) in product(answers_to(catalog, one), answers_to(catalog, other)):
        if question == second:
            answers = parse_answers(catalog, {question: [one, other]})
        else:
            answers = Answers({}).replaced(catalog, question, answer).replaced(catalog, second, more)
        if found.id in fired(catalog, answers):
            return answers
    return None


def test_every_shipped_conflict_fires_for_somebody_and_is_silent_without_either_answer(shipped: Catalog) -> None:
    assert shipped.conflicts
    for each in shipped.conflicts:
        answers = firing(shipped, each)
        assert answers is not None, each.id
        (text,) = [found.text for found in recommend(shipped, answers).conflicts if found.conflict.id == each.id]
        assert "{" not in text
        for question in answers.values:
            assert each.id not in fired(shipped, answers.replaced(shipped, question, None))
        goals = [id for id in each.between if shipped.questions.get(id) is None]
        if len(goals) == 2:
            for goal in goals:
                assert each.id not in fired(shipped, {"goals": [goal]})


def meets(assessment: Assessment, criterion: str, found: Conflict) -> bool:
    (term,) = [term for term in assessment.terms if term.criterion.id == criterion]
    if term.rule.kind is RuleKind.LIMIT:
        return term.verdict is not Verdict.BLOCKED
    return term.judgement.typical >= found.least_value


def test_a_conflict_fires_only_where_no_scored_format_meets_both(shipped: Catalog) -> None:
    seen = 0
    for answers in random_people(shipped, 150, "conflicts"):
        assessments = assess(shipped, answers, shipped.scored)
        weighing = {term.criterion.id for term in assessments[0].terms if term.weight}
        expected = {
            each.id
            for each in shipped.conflicts
            if set(each.between) <= weighing
            and not any(all(meets(one, id, each) for id in each.between) for one in assessments)
        }
        assert fired(shipped, answers) == expected
        seen += len(expected)
    assert seen > 10

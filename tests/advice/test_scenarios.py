"""People with expectations that follow from the sources, run against the shipped catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from formatpicker import Catalog, recommend
from formatpicker.output.json.person import recommendation_data

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "scenarios.yaml").read_text("utf-8")
)
PEOPLE = [case for case in CASES if "answers" in case]
RELATIONS = [case for case in CASES if "relation" in case]

Data = Mapping[str, Any]

BLOCKED = "blocked"
SEVERITY = ("fits", "conditional", "unlikely", BLOCKED)


def data_for(catalog: Catalog, answers: Mapping[str, Any]) -> Data:
    return recommendation_data(recommend(catalog, answers))


def entry(data: Data, format: str, part: str = "ranking") -> Data:
    (found,) = [each for each in data[part] if each["format"] == format]
    return found  # type: ignore[no-any-return]


def is_above(data: Data, pair: list[str], part: str) -> bool:
    """Whether the first is ranked and the second is ranked behind it or not at all."""
    better, worse = (entry(data, format, part)["rank"] for format in pair)
    return better is not None and (worse is None or better < worse)


def is_blocked(data: Data, wanted: Data, part: str) -> bool:
    found = entry(data, wanted["format"], part)
    return found["eligibility"] == BLOCKED and wanted["question"] in [each["question"] for each in found["blockers"]]


def is_conditional(data: Data, wanted: Data) -> bool:
    found = entry(data, wanted["format"])
    return wanted["question"] in [each["question"] for each in found["conditions"]]


def is_long_shot(data: Data, wanted: Data) -> bool:
    found = entry(data, wanted["format"])
    return wanted["question"] in [each["question"] for each in found["long_shots"]]


def call(data: Data) -> str:
    """What the result comes to, as far as the ranking says it: ``long_shot``, ``none``, or ``open``."""
    if not data["top"]:
        return "none"
    return "long_shot" if entry(data, data["top"][0])["long_shots"] else "open"


def bears_on(data: Data, wanted: Data) -> bool:
    found = entry(data, wanted["format"])
    notices = [*found["cautions"], *found["conditions"], *found["long_shots"], *found["blockers"]]
    return wanted["about"] in [notice["question"] for notice in notices]


def unlocks(data: Data, wanted: Data) -> bool:
    return any(
        each["unlocks"] == wanted["format"] and set(each["change"]) == set(wanted["questions"])
        for each in data["relaxations"]
    )


def leaves_alone(data: Data, questions: list[str]) -> bool:
    changed = {question for each in (*data["relaxations"], *data["what_ifs"]) for question in each["change"]}
    return not changed & set(questions)


CHECKS: dict[str, Callable[[Data, Any], bool]] = {
    "top": lambda data, formats: set(data["top"]) == set(formats),
    "top_in": lambda data, formats: bool(data["top"]) and set(data["top"]) <= set(formats),
    "above": lambda data, pair: is_above(data, pair, "ranking"),
    "blocked": lambda data, wanted: is_blocked(data, wanted, "ranking"),
    "conditional": is_conditional,
    "long_shot": is_long_shot,
    "call_in": lambda data, calls: call(data) in calls,
    "call_not": lambda data, wanted: call(data) != {"clear": "open"}[wanted],
    "not_blocked": lambda data, format: entry(data, format)["eligibility"] != BLOCKED,
    "fits": lambda data, format: entry(data, format)["eligibility"] == "fits",
    "variant_above": lambda data, pair: is_above(data, pair, "variants"),
    "variant_blocked": lambda data, wanted: is_blocked(data, wanted, "variants"),
    "caution_for": bears_on,
    "empty_top": lambda data, wanted: (not data["top"]) is wanted,
    "unlock": unlocks,
    "never_changes": leaves_alone,
}


def failed(data: Data, expectations: list[dict[str, Any]]) -> list[str]:
    """The expectations that do not hold, in words; one of an unknown kind is an error."""
    pairs = [pair for expectation in expectations for pair in expectation.items()]
    return [f"{kind}: {wanted}" for kind, wanted in pairs if not CHECKS[kind](data, wanted)]


def summary(data: Data) -> list[tuple[Any, ...]]:
    entries = (*data["ranking"], *data["variants"])
    return [(each["format"], each["rank"], each["score"], each["eligibility"]) for each in entries]


def score_not_lower(before: Data, after: Data) -> bool:
    return bool(after["score"] >= before["score"])


def rank_not_worse(before: Data, after: Data) -> bool:
    return before["rank"] is None or (after["rank"] is not None and after["rank"] <= before["rank"])


def eligibility_not_worse(before: Data, after: Data) -> bool:
    return SEVERITY.index(after["eligibility"]) <= SEVERITY.index(before["eligibility"])


COMPARISONS: dict[str, Callable[[Data, Data], bool]] = {
    "score_not_lower": score_not_lower,
    "rank_not_worse": rank_not_worse,
    "eligibility_not_worse": eligibility_not_worse,
}


@pytest.mark.parametrize("case", PEOPLE, ids=lambda case: case["id"])
def test_expectations_of_a_person_hold(shipped: Catalog, case: dict[str, Any]) -> None:
    data = data_for(shipped, case["answers"])
    assert failed(data, case["expect"]) == [], summary(data)


@pytest.mark.parametrize("case", RELATIONS, ids=lambda case: case["id"])
def test_relation_of_two_people_holds(shipped: Catalog, case: dict[str, Any]) -> None:
    relation = case["relation"]
    base, changed = (data_for(shipped, relation[person]) for person in ("base", "changed"))
    must, _, format = relation["must"].partition(":")
    if must == "same_ranking":
        assert summary(base) == summary(changed)
    elif must == "same_top":
        assert base["top"] == changed["top"], (summary(base), summary(changed))
    else:
        assert COMPARISONS[must](entry(base, format), entry(changed, format)), (summary(base), summary(changed))


def test_every_scenario_says_why_and_is_told_once() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert all(case["story"] and case["because"] and case["strength"] for case in CASES)
    assert len(PEOPLE) + len(RELATIONS) == len(CASES)


@pytest.mark.parametrize(
    "expectation",
    [
        {"top": ["apprenticeship"]},
        {"top_in": ["apprenticeship", "internship"]},
        {"above": ["internship", "micro-internship"]},
        {"blocked": {"format": "micro-internship", "question": "weeks"}},
        {"conditional": {"format": "micro-internship", "question": "weeks"}},
        {"not_blocked": "apprenticeship"},
        {"long_shot": {"format": "micro-internship", "question": "weeks"}},
        {"call_in": ["long_shot", "none"]},
        {"call_not": "clear"},
        {"fits": "apprenticeship"},
        {"variant_above": ["experiential-sprint", "nano-internship"]},
        {"variant_blocked": {"format": "nano-internship", "question": "weeks"}},
        {"caution_for": {"format": "micro-internship", "about": "age"}},
        {"empty_top": True},
    ],
    ids=lambda expectation: next(iter(expectation)),
)
def test_a_wrong_expectation_is_noticed(shipped: Catalog, expectation: dict[str, Any]) -> None:
    """Two weeks, one skill soon: the sources know only one answer, so each of these must fail."""
    data = data_for(shipped, {"goals": ["quick_skills", "explore"], "weeks": 2})
    assert len(failed(data, [expectation])) == 1


@pytest.mark.parametrize(
    ("expectation", "holds"),
    [
        ({"unlock": {"format": "long", "questions": ["weeks"]}}, True),
        ({"unlock": {"format": "long", "questions": ["weeks", "pay"]}}, False),
        ({"unlock": {"format": "middle", "questions": ["weeks"]}}, False),
        ({"never_changes": ["region"]}, True),
        ({"never_changes": ["weeks"]}, False),
        ({"never_changes": ["pay"]}, False),
    ],
    ids=["unlocks", "too few changed", "another format", "untouched", "in a relaxation", "in a what-if"],
)
def test_advice_is_checked(expectation: dict[str, Any], holds: bool) -> None:
    data = {
        "relaxations": [{"unlocks": "long", "change": {"weeks": 8}}],
        "what_ifs": [{"change": {"pay": "preferred"}, "top": ["long"]}],
    }
    assert (failed(data, [expectation]) == []) is holds

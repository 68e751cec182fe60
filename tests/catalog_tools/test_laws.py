"""Laws that hold for any answers, on the shipped catalog and on random ones."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conftest import CASES
from formatpicker import Catalog, Entry, Recommendation, load_catalog, recommend
from formatpicker.catalog.attributes import AttributeKind, RegionalValue, Value
from formatpicker.catalog.criteria import AnswerKind, RuleKind
from formatpicker.catalog.model import Format
from formatpicker.catalog.store import shipped_path
from formatpicker.catalog_tools.laws import LAWS
from formatpicker.catalog_tools.random_people import SeededChoices
from formatpicker.output.json.person import entry_data, recommendation_data
from formatpicker.scoring.answers import Goals
from formatpicker.scoring.parsing import parse_answers
from formatpicker.scoring.ranking import Assessment
from strategies import (
    answers_to,
    bounds,
    catalogs,
    parsed_catalog,
    raw_answers,
    turning_points,
    written_number,
)

on_both = pytest.mark.parametrize("kind", ["shipped", "random"])


@cache
def shipped() -> Catalog:
    """No fixture: Hypothesis would print the whole catalog as the argument of a test that fails."""
    return load_catalog(shipped_path())


def drawn_catalog(data: st.DataObject, kind: str) -> Catalog:
    return shipped() if kind == "shipped" else data.draw(catalogs(), "catalog")


def drawn_answers(data: st.DataObject, catalog: Catalog) -> dict[str, Any]:
    return data.draw(raw_answers(catalog), "answers")


def entries(result: Recommendation) -> dict[str, Entry]:
    return {entry.id: entry for entry in (*result.ranking, *result.variants)}


def share(assessment: Assessment) -> Fraction:
    """The exact score as a share of 1; 0 where nothing weighs."""
    return Fraction(assessment.total, assessment.scale or 1)


def first(level: object) -> int:
    assert isinstance(level, int)
    return level


@on_both
@pytest.mark.parametrize("law", LAWS)
@given(data=st.data())
def test_a_law_of_the_method_holds(law: str, kind: str, data: st.DataObject) -> None:
    """The laws are those that ``formatpicker verify`` runs; here on catalogs made at random as well."""
    catalog = drawn_catalog(data, kind)
    answers = parse_answers(catalog, drawn_answers(data, catalog))
    assert LAWS[law].check(catalog, answers, SeededChoices(data.draw(st.text("abc", max_size=4), "seed"))) is None


def ranks_below(one: Entry, other: Entry) -> bool:
    """Whether one comes behind the other; two blocked ones do not."""
    if one.rank is None:
        return other.rank is not None
    return other.rank is not None and one.rank > other.rank


def improved(catalog: Catalog, format: Format) -> Format:
    """A copy of a format that is better wherever better has one meaning: more of a good thing, less of a burden."""
    attributes = {name: catalog.regional(format, name) for name in catalog.attributes}
    for criterion in catalog.criteria.values():
        name = criterion.rule.attribute
        if criterion.rule.kind is not RuleKind.WINDOW:
            attributes[name] = regionally_improved(attributes[name], catalog.attributes[name].kind, criterion.rule)
    return replace(format, id=f"{format.id}-improved", attributes=attributes)


def regionally_improved(value: RegionalValue, kind: AttributeKind, rule: Any) -> RegionalValue:
    return replace(
        value,
        general=better(value.general, kind, rule),
        regions={region: better(each, kind, rule) for region, each in value.regions.items()},
    )


def better(value: Value, kind: AttributeKind, rule: Any) -> Value:
    if not value.known or kind is AttributeKind.CATEGORY:
        return value
    if rule.kind is RuleKind.LIMIT:
        return replace(value, low=first(value.low) // 2, typical=first(value.typical) // 2)
    step = -1 if rule.less_is_better else 1
    low, typical, high = (min(4, max(0, first(end) + step)) for end in (value.low, value.typical, value.high))
    return replace(value, low=low, typical=typical, high=high)


@on_both
@given(data=st.data())
def test_an_improved_copy_of_a_format_never_ranks_below_it(kind: str, data: st.DataObject) -> None:
    """The same law by way of the catalog: what makes a format better there is never held against it."""
    catalog = drawn_catalog(data, kind)
    scored = [id for id, format in catalog.formats.items() if format.scored]
    original = data.draw(st.sampled_from(scored), "format")
    copy = improved(catalog, catalog.formats[original])
    with_copy = replace(catalog, formats={**catalog.formats, copy.id: copy})
    found = entries(recommend(with_copy, drawn_answers(data, catalog)))
    assert not ranks_below(found[copy.id], found[original])
    assert share(found[copy.id].assessment) >= share(found[original].assessment)


def goal_values(assessment: Assessment) -> dict[str, int]:
    return {term.criterion.id: term.judgement.typical for term in assessment.terms}


def test_raising_a_goal_beside_other_criteria_can_lower_the_format_best_on_it() -> None:
    """Where a wish weighs as much as all goals, the short one loses its lead by more weight on what it is best on.

    Short against middle: easy 3/4 - 1/2 = 1/4, soon 1 - 1/4 = 3/4, the place (rather on site) 0 - 0.6.
    easy 1, soon 5: 100 * (1/4 + 5 * 3/4)/6 - 60 = +6.67. easy 5, soon 5: 100 * (5/4 + 15/4)/10 - 60 = -10.
    """
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    (place,) = [question for question in raw["questions"] if question["id"] == "place"]
    place["rule"]["weight"]["site_preferred"] = 100
    catalog = parsed_catalog({**raw, "updated": "never"})
    leads = []
    for easy in (1, 5):
        found = entries(recommend(catalog, {"goals": {"easy": easy, "soon": 5}, "place": "site_preferred"}))
        assert max(found, key=lambda id: goal_values(found[id].assessment)["easy"]) == "short"
        leads.append(100 * 2 * (share(found["short"].assessment) - share(found["middle"].assessment)))
    assert leads == [Fraction(20, 3), Fraction(-10)]


@on_both
@given(data=st.data())
def test_numbers_of_a_recommendation_agree(kind: str, data: st.DataObject) -> None:
    """Points add up to the score in tenths, ends enclose it, and a format is blocked exactly if it has no rank."""
    catalog = drawn_catalog(data, kind)
    result = recommend(catalog, drawn_answers(data, catalog))
    groups: list[list[Any]] = [
        [entry_data(catalog, entry) for entry in group] for group in (result.ranking, result.variants)
    ]
    for entry in (*groups[0], *groups[1]):
        assert (entry["rank"] is None) == (entry["eligibility"] == "blocked") == bool(entry["blockers"])
        if entry["score"] is None:
            assert entry["contributions"] == []
        else:
            points = sum(round(10 * each["points"]) for each in entry["contributions"])
            assert points == round(10 * entry["score"])
            assert 0 <= entry["score_low"] <= entry["score"] <= entry["score_high"] <= 100
    for group in groups:
        ranks = [entry["rank"] for entry in group if entry["rank"] is not None]
        places = [(len(entry["long_shots"]), -(entry["score"] or 0)) for entry in group if entry["rank"] is not None]
        assert ranks == sorted(ranks)
        assert ranks[:1] in ([], [1])
        assert places == sorted(places)


@on_both
@settings(max_examples=10)
@given(data=st.data())
def test_a_whole_recommendation_is_the_same_for_printed_answers(kind: str, data: st.DataObject) -> None:
    """The same bytes, with all that is said of other answers; fewer examples, since that takes long."""
    catalog = drawn_catalog(data, kind)
    whole = recommendation_data(recommend(catalog, drawn_answers(data, catalog)))
    turned = dict(reversed(whole["answers"].items()))
    assert json.dumps(recommendation_data(recommend(catalog, turned))) == json.dumps(whole)


@on_both
@given(data=st.data())
def test_what_a_blocker_needs_lifts_it(kind: str, data: st.DataObject) -> None:
    catalog = drawn_catalog(data, kind)
    answers = drawn_answers(data, catalog)
    for id, entry in entries(recommend(catalog, answers)).items():
        for blocker in entry.blockers:
            if blocker.needs is not None and blocker.question in catalog.questions:
                after = entries(recommend(catalog, {**answers, blocker.question: blocker.needs}))[id]
                assert blocker.question not in [left.question for left in after.blockers], (id, blocker)


@on_both
@given(data=st.data())
def test_what_could_still_rule_a_format_out_is_unchecked(kind: str, data: st.DataObject) -> None:
    """An open question is named as unchecked wherever one more answer would block a format or make it a long shot."""
    catalog = drawn_catalog(data, kind)
    answers = drawn_answers(data, catalog)
    asked = [id for id, question in catalog.questions.items() if question.rule and id not in answers]
    assume(asked)
    question = catalog.questions[data.draw(st.sampled_from(asked), "question")]
    answer = data.draw(answers_to(catalog, question), "answer")
    after = entries(recommend(catalog, {**answers, question.id: answer}))
    derived = {item.id for item in catalog.derived.values() if question.id in (item.per_week, item.duration)}
    for id, entry in entries(recommend(catalog, answers)).items():
        now = after[id].assessment
        if not entry.assessment.blocked and (now.blocked or now.unlikely > entry.assessment.unlikely):
            assert {question.id, *derived} & set(entry.unchecked), id


@on_both
@given(data=st.data())
def test_the_top_is_the_first_rank_or_nothing(kind: str, data: st.DataObject) -> None:
    catalog = drawn_catalog(data, kind)
    result = recommend(catalog, drawn_answers(data, catalog))
    leaders = tuple(entry.id for entry in result.ranking if entry.rank == 1)
    assert result.top in (leaders, ())
    assert bool(result.top) != bool(result.message)
    if sum(entry.rank is not None for entry in result.ranking) == 1:
        assert result.top == leaders


@given(catalog=catalogs())
def test_random_catalogs_hold_what_the_laws_are_about(catalog: Catalog) -> None:
    """So that the laws are not tried on empty ones: every question takes its turning points and its bounds."""
    assert len(catalog.core) >= 2
    assert all(isinstance(each, Goals) for each in recommend(catalog, {"aims": ["g1"]}).answers.values.values())
    for question in catalog.questions.values():
        if question.answer in (AnswerKind.DURATION, AnswerKind.NUMBER):
            assert {*bounds(question)} <= set(turning_points(catalog, question))
            for number in turning_points(catalog, question):
                answers = recommend(catalog, {question.id: written_number(question, number)}).answers
                assert answers.get(question.id) == number

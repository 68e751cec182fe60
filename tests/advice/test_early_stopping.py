"""The certified stop never lies, and what it says of each open question is so: against trying every combination.

The toy: goals weigh 100 together, weeks, hours and preferences 20, musts 40. Deep: short 1/4, middle 1/2, long 1. The
long one takes 13 weeks in the South, 26 elsewhere, usually a year, and 30 hours a week; it is open from age 16.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations, product
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from conftest import CASES
from formatpicker import Catalog, parse_answers
from formatpicker.advice.early_stopping import Outlook
from formatpicker.catalog.attributes import FREQUENCIES
from formatpicker.catalog.criteria import AnswerKind, Question, Verdict
from formatpicker.catalog_tools.random_people import SeededChoices, random_people
from formatpicker.scoring.answers import Answer, Answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import unit_of
from strategies import (
    CATEGORIES,
    asked,
    attribute_part,
    catalogs,
    format_part,
    options,
    parsed_catalog,
    raw_answers,
    turning_points,
)

Raw = dict[str, Any]


def outlook_of(catalog: Catalog) -> Outlook:
    return Outlook(EffectTable(catalog, catalog.core))


def open_ids(catalog: Catalog, answers: Answers) -> list[str]:
    return [id for id in catalog.questions if answers.get(id) is None]


def settled(catalog: Catalog, answers: Raw) -> bool:
    parsed = parse_answers(catalog, answers)
    return outlook_of(catalog).is_settled(parsed, open_ids(catalog, parsed))


# --- by hand ---------------------------------------------------------------------------------------------------------

# Long 100 + 20 + 20 + 40 = 180, middle 50 + 20 + 20 + 24 = 134, the short one is ruled out by the place.
LONG_FOR_SURE: Raw = {
    "goals": ["deep"],
    "weeks": "2 years",
    "hours_per_week": 40,
    "place": "site_required",
    "permit": "free",
    "age": 20,
}


def without(answers: Raw, *ids: str) -> Raw:
    return {id: answer for id, answer in answers.items() if id not in ids}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # wage and certificate are best with the long one, the country moves nothing
        (LONG_FOR_SURE, True),
        (without(LONG_FOR_SURE, "age"), False),  # 15 would rule it out
        (without(LONG_FOR_SURE, "place"), False),  # home only would
        (without(LONG_FOR_SURE, "weeks"), False),
        (without(LONG_FOR_SURE, "hours_per_week"), False),
        (without(LONG_FOR_SURE, "permit"), False),  # on a visa, in the South
        ({**without(LONG_FOR_SURE, "permit"), "country": "north"}, True),  # on a visa it asks, but is not closed
        ({**without(LONG_FOR_SURE, "permit"), "country": "south"}, False),
        (without(LONG_FOR_SURE, "goals"), False),  # soon: middle 25 + 64 against long 80 to 180
        ({}, False),
        ({"goals": {"deep": 4, "soon": 3}}, False),  # a tie
    ],
    ids=[
        "sure",
        "age open",
        "place open",
        "weeks open",
        "hours open",
        "visa and country open",
        "visa in the North",
        "visa in the South",
        "goals open",
        "nothing answered",
        "tie",
    ],
)
def test_settled(toy: Catalog, answers: Raw, expected: bool) -> None:
    assert settled(toy, answers) is expected


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        # With the weeks open short can lead middle by 20 * (1 - 0) at most where the middle is not ruled out:
        # 28 days give short 1 and middle 0.4, 12 points.
        # deep 2, easy 1 (of 3): middle 50, short 41.7; both have 20 of 20 hours... short 10 and 20 fit: lead 8.3 < 12
        ({"deep": 2, "easy": 1}, False),
        # deep alone: middle 50, short 25: lead 25 > 12, but under 28 days the middle is ruled out
        ({"deep": 1}, False),
        # soon alone: short 100, middle 25: nothing the weeks can do helps the middle but days under 7
        ({"soon": 1}, False),
    ],
    ids=["passed", "ruled out", "ruled out below a week"],
)
def test_open_weeks_are_never_settled_where_they_can_rule_out_the_top(toy: Catalog, goals: Raw, expected: bool) -> None:
    answers = {"goals": goals, "hours_per_week": 20, "place": "any", "permit": "free", "age": 20, "country": "north"}
    assert settled(toy, {**answers, "wage": "not_needed", "certificate": "not_needed"}) is expected


def test_a_preference_is_weighed_against_the_lead(toy: Catalog) -> None:
    """Only the place is open and 6 weeks rule out the long one: the middle's lead is 25 - 6 = 19 of deep and weeks.

    Rather at home moves 20 * (1 - 0.6) = 8 towards the short one, home only 40 * (1 - 0.3) = 28: enough. With wage
    required 40 * (0.8 - 0.5) = 12 more for the short one, and with certificate required the short one is out.
    """
    answers = {"goals": ["deep"], "weeks": 6, "hours_per_week": 20, "permit": "free", "age": 20}
    closed = {**answers, "wage": "not_needed"}
    assert not settled(toy, {**closed, "certificate": "not_needed"})
    assert settled(toy, {**closed, "certificate": "not_needed", "place": "home_preferred"})
    # 19 - 8 = 11 are less than the 12 that wage can move
    assert not settled(toy, {**answers, "certificate": "not_needed", "place": "home_preferred"})
    assert settled(toy, {**answers, "certificate": "not_needed", "place": "site_preferred"})
    assert settled(toy, {**closed, "certificate": "required"}) is True


def sourced(level: object, **more: Any) -> Raw:
    return {"value": level, "basis": "sourced", "sources": {"book": ""}, **more}


def test_a_region_that_takes_away_what_separates_is_not_settled() -> None:
    """Both always meet the need in the red region: there only a fact tells them apart, and nothing is at the top."""
    yes = {category: {"value": 100 if category == "one" else 0} for category in CATEGORIES}
    need: Raw = {"kind": "need", "attribute": "often", "weight": {"required": 20, "preferred": 20}, "texts": {}}
    fact: Raw = {"kind": "choice", "attribute": "sort", "weight": 40, "table": {"yes": yes, "no": {}}}
    kinds = {"level-g1": "level", "often": "frequency", "sort": "category"}
    values: dict[str, Raw] = {
        "core0": {"level-g1": sourced(2), "often": sourced("always"), "sort": sourced("one")},
        "core1": {
            "level-g1": sourced(2),
            "often": sourced("sometimes", regions={"red": sourced("always")}),
            "sort": sourced("two"),
        },
    }
    catalog = parsed_catalog(
        {
            "schema": "formatpicker/catalog/2",
            "title": "Two",
            "version": "1",
            "updated": "never",
            "frequency_values": dict(zip(FREQUENCIES, (0, 20, 50, 80, 100), strict=True)),
            "attributes": {id: attribute_part(id, kind) for id, kind in kinds.items()},
            "questions": [
                asked(
                    "aims", "goals", "goal", most=1, weight=100, goals={"g1": {"label": "G", "attribute": "level-g1"}}
                ),
                asked("area", "choice", "fact", options=options("red", "blue"), selects_region=True),
                asked("need", "choice", "need", options=options("required", "preferred", "not_needed"), rule=need),
                asked("fact", "choice", "fact", options=options("yes", "no"), rule=fact),
            ],
            "sources": {"book": {"title": "B", "publisher": "P", "url": None, "date": None, "kind": "article"}},
            "formats": {id: format_part(id, "core", each) for id, each in values.items()},
        }
    )
    table, answers = EffectTable(catalog, catalog.core), parse_answers(catalog, {"need": "preferred", "fact": "yes"})
    assert table.top(answers) == {"core0"}
    assert table.top(answers.replaced(catalog, "area", "red")) == set()
    assert not Outlook(table).is_settled(answers, ["area"])


# --- against every combination ---------------------------------------------------------------------------------------


def domain(catalog: Catalog, question: Question) -> list[Answer | None]:
    """Answers that stand for all, unanswered included: every option and ranking, every number where something turns."""
    answers: Sequence[Any]
    if question.answer is AnswerKind.GOALS:
        ids = [goal.id for goal in question.goals]
        most = min(int(question.most), len(ids))
        lists = [list(each) for count in range(1, most + 1) for each in permutations(ids, count)]
        answers = [parse_answer(question, each) for each in lists]
    elif question.answer is AnswerKind.CHOICE:
        answers = [option.id for option in question.options]
    else:
        answers = turning_points(catalog, question)
    return [None, *answers]


def combinations_of(catalog: Catalog, answers: Answers, left: Sequence[str]) -> Iterator[Answers]:
    """The answers with every combination of answers to the open questions."""
    for combination in product(*(domain(catalog, catalog.questions[id]) for id in left)):
        changed = answers
        for id, answer in zip(left, combination, strict=True):
            changed = changed.replaced(catalog, id, answer)
        yield changed


def can_change(catalog: Catalog, table: EffectTable, answers: Answers, left: Sequence[str]) -> bool:
    now = table.top(answers)
    return any(table.top(each) != now for each in combinations_of(catalog, answers, left))


def test_on_the_toy_it_is_settled_exactly_if_no_combination_changes_the_top(toy: Catalog) -> None:
    """With up to three questions open, where one format leads. (No derived weight of the toy is positive.)"""
    table, outlook, draw = EffectTable(toy, toy.core), outlook_of(toy), SeededChoices("combinations")
    seen = {True: 0, False: 0}
    for answers in random_people(toy, 500, "combinations"):
        unanswered = open_ids(toy, answers)
        left = draw.shuffled(unanswered)[: 1 + draw.below(3)]
        if len(table.top(answers)) == 1 and len(unanswered) <= 5:
            verdict = outlook.is_settled(answers, left)
            assert verdict is not can_change(toy, table, answers, left), (answers, left)
            seen[verdict] += 1
    assert min(seen.values()) > 15, seen


def counts_blocked(catalog: Catalog) -> bool:
    """Whether an answer of a table both rules a format out and is worth something, which widens the bounds."""
    rules = [criterion.rule for criterion in catalog.criteria.values() if criterion.rule.table]
    cells = [cell for rule in rules for row in (rule.table or {}).values() for cell in row.values()]
    return any(cell.verdict is Verdict.BLOCKED and cell.value for cell in cells)


MOST_COMBINATIONS = 3000


@given(data=st.data())
def test_on_random_catalogs_a_stop_never_lies(data: st.DataObject) -> None:
    """And where no quantity is derived and nothing that is ruled out has a value, it is found wherever there is one."""
    catalog = data.draw(catalogs(), "catalog")
    answers = parse_answers(catalog, data.draw(raw_answers(catalog), "answers"))
    unanswered = open_ids(catalog, answers)
    assume(unanswered)
    left = data.draw(st.lists(st.sampled_from(unanswered), unique=True, max_size=2), "open")
    table = EffectTable(catalog, catalog.core)
    verdict = Outlook(table).is_settled(answers, left)
    if verdict:
        now = table.top(answers)
        tried = islice(combinations_of(catalog, answers, left), MOST_COMBINATIONS)
        assert all(table.top(each) == now for each in tried)
    elif len(table.top(answers)) == 1 and not catalog.derived and not counts_blocked(catalog):
        assert can_change(catalog, table, answers, left)


def test_on_the_shipped_catalog_no_random_completion_changes_a_settled_top(shipped: Catalog) -> None:
    """Answers of others fill what is open, all of it or part; once settled it stays so."""
    table, outlook, draw = EffectTable(shipped, shipped.core), outlook_of(shipped), SeededChoices("completions")
    others = list(random_people(shipped, 20, "others"))
    seen = 0
    for answers in random_people(shipped, 500, "completions"):
        left = open_ids(shipped, answers)
        if not left or not outlook.is_settled(answers, left):
            continue
        seen += 1
        for other in others:
            changed, still_open = answers, list(left)
            for id in draw.shuffled(left):
                changed = changed.replaced(shipped, id, other.get(id))
                still_open.remove(id)
                assert table.top(changed) == table.top(answers)
                assert outlook.is_settled(changed, still_open), (answers, changed)
    assert seen > 8


# --- influence -------------------------------------------------------------------------------------------------------


def moves(catalog: Catalog, table: EffectTable, answers: Answers, question: Question) -> bool:
    """Whether an answer moves the lead of one open format over another, or rules an open one out."""
    before = table.standings(answers)
    alive = [index for index, blocked in enumerate(before.blocked) if not blocked]
    for answer in domain(catalog, question)[1:]:
        changed = answers.replaced(catalog, question.id, answer)
        after, scale = table.standings(changed), unit_of(changed)
        leads = {after.totals[index] * unit_of(answers) - before.totals[index] * scale for index in alive}
        if len(leads) > 1 or any(after.blocked[index] for index in alive):
            return True
    return False


def test_influence_is_none_exactly_if_no_answer_moves_one_open_format_against_another(toy: Catalog) -> None:
    table, outlook = EffectTable(toy, toy.core), outlook_of(toy)
    seen = {True: 0, False: 0}
    for answers in random_people(toy, 300, "influence"):
        for id in open_ids(toy, answers):
            question = toy.questions[id]
            moving = moves(toy, table, answers, question)
            assert (outlook.influence(answers, question) > 0) is moving, (id, answers)
            seen[moving] += 1
    assert min(seen.values()) > 50, seen


@given(data=st.data())
def test_a_question_that_can_move_something_has_influence(data: st.DataObject) -> None:
    catalog = data.draw(catalogs(), "catalog")
    answers = parse_answers(catalog, data.draw(raw_answers(catalog), "answers"))
    table, outlook = EffectTable(catalog, catalog.core), outlook_of(catalog)
    for id in open_ids(catalog, answers):
        if moves(catalog, table, answers, catalog.questions[id]):
            assert outlook.influence(answers, catalog.questions[id]) > 0, id


@pytest.mark.parametrize(
    ("answers", "question", "expected"),
    [
        # The most that one answer moves: soon alone 100 * (1 - 0)
        ({}, "goals", 100_000),
        # wage required: long 1, middle 0.5
        ({}, "wage", 40 * 500),
        # the 13 weeks left only to the short and the middle: 14 to 27 days give 1 and rule out the middle. Being ruled
        # out takes away all of a sum and a bit more, here of 0
        ({}, "weeks", 20_000 + 1),
        ({}, "certificate", 40_000 + 1),
        ({}, "country", 0),
        # long 100,000 is ruled out by an answer: all of that and a bit, against nothing for short
        ({"goals": ["deep"]}, "age", 100_001),
        # short 45,000 and middle 60,000 are left; at 14 the short one is out, above 30 the middle
        ({"goals": ["deep"], "weeks": 6}, "age", 60_001),
        # two importances that add up to 8 make the unit 8
        ({"goals": {"deep": 5, "soon": 3}}, "wage", 8 * 40 * 500),
    ],
    ids=["goals", "a need", "a limit", "a need that rules out", "a region", "the lead", "who is left", "unit"],
)
def test_influence(toy: Catalog, answers: Raw, question: str, expected: int) -> None:
    assert outlook_of(toy).influence(parse_answers(toy, answers), toy.questions[question]) == expected


def test_a_question_that_can_rule_out_the_only_format_left_matters(toy: Catalog) -> None:
    """2 weeks leave the short one alone; a certificate that must be would leave none."""
    answers = parse_answers(toy, {"weeks": 2})
    assert EffectTable(toy, toy.core).top(answers) == {"short"}
    assert EffectTable(toy, toy.core).top(answers.replaced(toy, "certificate", "required")) == set()
    assert outlook_of(toy).influence(answers, toy.questions["certificate"]) > 0


def test_a_question_that_rules_out_by_a_derived_quantity_matters() -> None:
    """A day is enough for all three, but of 40 hours a week the long one takes 18.5 weeks to come to 741, its edge."""
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    for id in ("short", "middle", "long"):
        length = {"min": "1 day", "typical": "1 day", "max": "1 day", "basis": "sourced", "sources": {"handbook": ""}}
        raw["formats"][id]["attributes"]["length"] = length
    catalog = parsed_catalog({**raw, "updated": "never"})
    table, answers = (
        EffectTable(catalog, catalog.core),
        parse_answers(catalog, {"goals": ["deep"], "hours_per_week": 40}),
    )
    assert table.top(answers) == {"long"}
    assert table.top(answers.replaced(catalog, "weeks", 129)) == {"middle"}
    assert outlook_of(catalog).influence(answers, catalog.questions["weeks"]) > 0

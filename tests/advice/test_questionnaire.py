"""The questionnaire as a state: what comes next, going back, saving and going on, and asking only what matters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from formatpicker import Catalog, parse_answers, recommend
from formatpicker.advice.questionnaire import Interview, can_add, draft, resumed, started
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.scoring.answer_files import answers_in, document_of
from formatpicker.scoring.answers import Answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.tables import EffectTable

Raw = dict[str, Any]

# What each question of the toy can move at most, with nothing answered: goals 100 * 1; certificate and place 40 * 1 and
# a bit, since they also rule out; weeks and hours 20 * 1 and a bit; wage 40 * 0.5; an age only rules out, that bit; the
# country has nothing to change yet, and a visa closes nothing while the country is open.
TOY_ORDER = ["goals", "certificate", "place", "weeks", "hours_per_week", "wage", "age", "country", "permit"]


def at_hand(interview: Interview) -> str | None:
    question = interview.question
    return None if question is None else question.id


def answered_by(interview: Interview, person: Answers) -> Interview:
    """Every question that comes, answered as a person would; what they leave open is passed over."""
    while (question := interview.question) is not None:
        interview = interview.at(question.id).answered(person.get(question.id))
    return interview


def given(interview: Interview, raw: Mapping[str, Any]) -> Interview:
    """Some questions answered in a certain order, whatever would have come next."""
    for id, value in raw.items():
        interview = interview.at(id).answered(parse_answer(interview.catalog.questions[id], value))
    return interview


# --- order -----------------------------------------------------------------------------------------------------------


def test_what_matters_most_comes_first_and_equals_as_in_the_catalog(toy: Catalog) -> None:
    assert list(started(toy).open_questions) == TOY_ORDER


def test_answers_change_what_comes_next(toy: Catalog) -> None:
    """In the South a visa closes the long one, which leads: all of its sum is at stake, so that comes next."""
    interview = given(started(toy), {"goals": ["deep"], "country": "south"})
    assert at_hand(interview) in {"certificate", "place", "weeks", "hours_per_week", "permit", "age"}
    reach = {id: interview.outlook.influence(interview.answers, toy.questions[id]) for id in interview.open_questions}
    assert reach["permit"] == 100_001
    assert list(reach.values()) == sorted(reach.values(), reverse=True)


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_every_question_comes_once(request: pytest.FixtureRequest, name: str) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    for person in random_people(catalog, 5, "every question"):
        done = answered_by(started(catalog), person)
        assert sorted(done.asked) == sorted(catalog.questions)
        assert done.answers == person
        assert done.skipped == {id for id in catalog.questions if person.get(id) is None}
        assert at_hand(done) is None
        assert done.answered("anything") is done


def test_an_answer_counts_and_a_skipped_question_is_not_asked_again(toy: Catalog) -> None:
    first = started(toy)
    assert at_hand(first) == "goals"
    second = first.answered(None)
    assert (set(second.skipped), second.asked, second.answers) == ({"goals"}, ("goals",), Answers({}))
    assert at_hand(second) == "certificate"
    third = second.answered("preferred")
    assert third.answers == parse_answers(toy, {"certificate": "preferred"})
    assert "certificate" not in third.open_questions
    # the interview itself is never changed
    assert (at_hand(first), first.asked) == ("goals", ())


# --- back, at, finished ----------------------------------------------------------------------------------------------


def test_back_goes_to_the_question_before_and_keeps_its_answer(toy: Catalog) -> None:
    interview = given(started(toy), {"goals": ["deep"], "certificate": "preferred"})
    back = interview.back()
    assert at_hand(back) == "certificate"
    assert back.answers == interview.answers
    assert at_hand(back.back()) == "goals"
    assert at_hand(back.back().back()) == "goals"
    first = started(toy)
    assert first.back() is first


def test_another_answer_after_going_back_takes_the_place_of_the_first(toy: Catalog) -> None:
    interview = given(started(toy), {"goals": ["deep"], "certificate": "required"}).back().answered("not_needed")
    assert interview.answers == parse_answers(toy, {"goals": ["deep"], "certificate": "not_needed"})
    assert interview.asked == ("goals", "certificate")
    skipped = interview.back().answered(None)
    assert skipped.answers == parse_answers(toy, {"goals": ["deep"]})
    assert skipped.skipped == {"certificate"}
    assert skipped.back().answered("preferred").skipped == set()


def test_a_stale_answer_does_not_count_after_passing_over(toy: Catalog) -> None:
    interview = given(started(toy), {"weeks": 6}).at("weeks").answered(None)
    assert interview.answers == Answers({})
    assert interview.asked == ("weeks",)


def test_any_question_can_be_put_at_hand(toy: Catalog) -> None:
    interview = started(toy).at("age")
    assert at_hand(interview) == "age"
    after = interview.answered(19)
    assert (after.asked, after.at_hand, at_hand(after)) == (("age",), None, "goals")


def test_finished_passes_over_what_is_open(toy: Catalog) -> None:
    interview = given(started(toy), {"goals": ["deep"]}).at("age").finished()
    assert at_hand(interview) is None
    assert interview.skipped == set(toy.questions) - {"goals"}
    assert interview.answers == parse_answers(toy, {"goals": ["deep"]})
    assert interview.asked == ("goals",)


# --- saving and going on ---------------------------------------------------------------------------------------------

SAVED: Raw = {
    "goals": ["soon", "deep"],
    "weeks": "3 days",
    "hours_per_week": 12,
    "wage": "required",
    "place": "any",
    "country": None,
    "age": None,
}


@pytest.mark.parametrize(
    "raw",
    [SAVED, {"goals": {"deep": 5, "easy": 1}, "weeks": "8 months"}, {"permit": None}, {}],
    ids=["lists, durations, skipped", "importances", "only skipped", "nothing"],
)
def test_a_draft_reads_back(toy: Catalog, tmp_path: Path, raw: Raw) -> None:
    interview = given(started(toy), raw)
    file = tmp_path / "draft.yaml"
    file.write_text(draft(interview), "utf-8")
    document = document_of(str(file))
    again = resumed(toy, document.data, answers_in(toy, document))
    assert again.answers == interview.answers
    assert again.skipped == interview.skipped
    assert set(again.asked) == set(interview.asked)
    assert again.open_questions == interview.open_questions
    assert draft(again) == draft(interview)


def test_a_draft_keeps_the_id_of_its_person(toy: Catalog) -> None:
    raw = {"id": "Zo\u00eb: 1", "weeks": 6}
    kept = yaml.safe_load(draft(resumed(toy, raw, parse_answers(toy, raw))))
    assert kept == raw


@pytest.mark.parametrize("name", ["toy", "shipped"])
def test_drafts_of_anybody_read_back(request: pytest.FixtureRequest, name: str) -> None:
    catalog: Catalog = request.getfixturevalue(name)
    for person in random_people(catalog, 100, "drafts"):
        raw = yaml.safe_load(draft(resumed(catalog, dict.fromkeys(catalog.questions), person)))
        again = resumed(catalog, raw, parse_answers(catalog, raw))
        assert again.answers == person
        assert again.skipped == set(catalog.questions) - set(person.values)


def test_a_draft_says_what_was_passed_over_and_leaves_out_what_was_not_asked(toy: Catalog) -> None:
    lines = draft(given(started(toy), {"age": None, "weeks": 6})).splitlines()
    assert lines[0].startswith("#")
    assert lines[1:] == ["age: skip", "weeks: 6"]


def test_a_resumed_interview_goes_on_where_it_was(toy: Catalog) -> None:
    """Keys in any spelling; what was passed over is not asked again but can be gone back to."""
    raw = {"Goals": ["deep"], "Hours-per-week": "skip", "AGE": None}
    interview = resumed(toy, raw, parse_answers(toy, raw), quick=True)
    assert interview.quick
    assert interview.asked == ("goals", "hours_per_week", "age")
    assert interview.skipped == {"hours_per_week", "age"}
    assert not {"goals", "hours_per_week", "age"} & set(interview.open_questions)
    assert at_hand(interview.back()) == "age"


# --- quick -----------------------------------------------------------------------------------------------------------

# Long 180, middle 134, the short one ruled out; wage and certificate can only help the long one.
FOR_SURE: Raw = {
    "goals": ["deep"],
    "weeks": "2 years",
    "hours_per_week": 40,
    "place": "site_required",
    "permit": "free",
    "age": 20,
}


def test_a_quick_interview_ends_once_it_is_settled(toy: Catalog) -> None:
    quick, full = given(started(toy, quick=True), FOR_SURE), given(started(toy), FOR_SURE)
    assert quick.settled
    assert full.settled
    assert at_hand(quick) is None
    assert at_hand(full) in {"wage", "certificate", "country"}


def test_a_quick_interview_goes_on_while_it_is_not(toy: Catalog) -> None:
    almost = given(started(toy, quick=True), {id: value for id, value in FOR_SURE.items() if id != "age"})
    assert not almost.settled
    assert at_hand(almost) is not None


def test_a_quick_interview_still_shows_a_question_that_is_put_at_hand(toy: Catalog) -> None:
    quick = given(started(toy, quick=True), FOR_SURE)
    assert at_hand(quick.at("wage")) == "wage"
    assert at_hand(quick.back()) == "age"


def test_two_open_questions_that_matter_only_together_are_asked(toy: Catalog) -> None:
    """Neither country nor visa moves anything while the other is open, but a visa in the South closes the long one."""
    person = {"goals": ["deep"], "weeks": 104, "hours_per_week": 40, "age": 20, "country": "south", "permit": "visa"}
    asked = {**person, "wage": "required", "certificate": "required", "place": "site_required"}
    done = answered_by(started(toy, quick=True), parse_answers(toy, asked))
    table = EffectTable(toy, toy.core)
    assert table.top(parse_answers(toy, asked)) == {"middle"}
    assert table.top(done.answers) == {"middle"}


@pytest.mark.parametrize(("name", "people"), [("toy", 120), ("shipped", 30)])
def test_a_quick_interview_asks_less_and_comes_to_the_same(
    request: pytest.FixtureRequest, name: str, people: int
) -> None:
    """People who answer some questions or all; asking everything comes to the result of all they would say."""
    catalog: Catalog = request.getfixturevalue(name)
    table, begun = EffectTable(catalog, catalog.core), started(catalog, quick=True)
    asked, different = [], []
    for person in random_people(catalog, people, "quick"):
        done = answered_by(begun, person)
        asked.append(len(done.asked))
        assert len(done.asked) <= len(catalog.questions)
        if table.top(done.answers) != table.top(person):
            different.append((done.asked, person))
    assert sum(asked) / len(asked) < 0.75 * len(catalog.questions)
    assert different == [], f"{len(different)} of {len(asked)}"


def test_what_law_hangs_on_is_asked_right_after_the_first_answer(shipped: Catalog) -> None:
    always = [id for id, question in shipped.questions.items() if question.always]
    assert always == ["situation", "region", "work_permit", "age"]
    begun = started(shipped, quick=True)
    assert at_hand(begun) == "goals"
    asked = []
    interview = begun.answered(parse_answer(shipped.questions["goals"], ["explore"]))
    for id in always:
        asked.append(at_hand(interview))
        assert not interview.settled
        interview = interview.answered(parse_answer(shipped.questions[id], NEUTRAL[id]))
    assert asked == always


NEUTRAL = {"situation": "available", "region": "us", "work_permit": "unrestricted", "age": 20}


def test_everybody_on_a_student_visa_is_asked_and_misses_nothing(shipped: Catalog) -> None:
    """A quick interview, and all that it leaves out; ``benchmarks/quick.py`` asks 250."""
    for person in random_people(shipped, 15, "visa"):
        holder = person.replaced(shipped, "work_permit", "student_visa")
        done = answered_by(started(shipped, quick=True), holder)
        assert "work_permit" in done.asked
        assert not warned(shipped, holder) - warned(shipped, done.answers)


def warned(catalog: Catalog, answers: Answers) -> set[tuple[str, str]]:
    always = {id for id, question in catalog.questions.items() if question.always}
    return {
        (entry.id, notice.question)
        for entry in recommend(catalog, answers).entries
        if entry.rank is not None
        for notice in (*entry.long_shots, *entry.cautions)
        if notice.question in always
    }


def test_a_question_that_can_add_nothing_is_left_out(shipped: Catalog) -> None:
    """Where everything is ruled out, no visa and no age makes a difference."""
    nothing = parse_answers(shipped, {"weeks": 0.14, "hours_per_week": 1, "start_within_weeks": 0})
    open_ones = [entry for entry in recommend(shipped, nothing).entries if entry.rank is not None]
    question = shipped.questions["work_permit"]
    assert can_add(shipped, nothing, question) is bool(open_ones)
    permitted = parse_answers(shipped, {"region": "us", "goals": ["explore"]})
    assert can_add(shipped, permitted, question)
    assert not can_add(shipped, permitted, shipped.questions["goals"])

"""One parser for all answers: spellings, units, what stays open, and errors that help."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from msgspec.structs import replace

from formatpicker import AnswerError, Catalog, parse_answers, recommend
from formatpicker.scoring.answers import Goals, answer_text, written_answers
from formatpicker.scoring.parsing import parse_answer
from formatpicker.scoring.weights import ranked_goals


def answer(catalog: Catalog, question: str, raw: object) -> object:
    return parse_answers(catalog, {question: raw}).get(question)


@pytest.mark.parametrize(
    ("question", "raw", "expected"),
    [
        ("weeks", 4, 28),
        ("weeks", 0.14, 1),
        ("weeks", 520, 3640),
        ("weeks", "3 days", 3),
        ("weeks", "2 Weeks", 14),
        ("weeks", "3 months", 91),  # 3 * 30.4375 = 91.3125
        ("weeks", "8 months", 244),  # 243.5
        ("weeks", "1 year", 365),  # 365.25
        ("weeks", "6", 42),
        ("hours_per_week", 6, 6),
        ("hours_per_week", "6", 6),
        ("hours_per_week", " 6 hours ", 6),
        ("hours_per_week", 7.5, 7),  # the most a person can give: half an hour more is not promised
        ("hours_per_week", 60, 60),
        ("age", "19 years", 19),
        ("wage", "required", "required"),
        ("wage", " NOT-needed ", "not_needed"),
        ("wage", "Not Needed", "not_needed"),
        ("wage", "It would help", "preferred"),
        ("wage", "yes, it must", "required"),
        ("place", "home_required", "home_required"),
        ("place", "Home required", "home_required"),
        ("place", "only at home", "home_required"),
        ("place", "any", "any"),
    ],
    ids=repr,
)
def test_accepted_spellings(toy: Catalog, question: str, raw: object, expected: object) -> None:
    assert answer(toy, question, raw) == expected


@pytest.mark.parametrize("raw", [None, "skip", " SKIP ", "", "  ", float("nan")], ids=repr)
@pytest.mark.parametrize("question", ["goals", "weeks", "hours_per_week", "wage", "place", "country", "age"])
def test_what_is_left_open_is_absent(toy: Catalog, question: str, raw: object) -> None:
    assert dict(parse_answers(toy, {question: raw}).values) == {}


@pytest.mark.parametrize("raw", [[], {}], ids=repr)
def test_no_goal_is_no_answer(toy: Catalog, raw: object) -> None:
    assert answer(toy, "goals", raw) is None


@pytest.mark.parametrize("key", ["hours_per_week", "Hours per week", "HOURS-PER-WEEK", " hours_per-week "])
def test_keys_are_spelled_freely(toy: Catalog, key: str) -> None:
    assert dict(parse_answers(toy, {key: 6}).values) == {"hours_per_week": 6}


@pytest.mark.parametrize(
    ("raw", "shares", "ranked"),
    [
        (["deep"], {"deep": 1}, True),
        (["deep", "soon", "easy"], {"deep": 3, "soon": 2, "easy": 1}, True),
        (["easy", "deep"], {"easy": 2, "deep": 1}, True),
        (("Deep skill", "A SKILL SOON"), {"deep": 2, "soon": 1}, True),
        ("easy, deep", {"easy": 2, "deep": 1}, True),
        ("easy; deep;", {"easy": 2, "deep": 1}, True),
        ({"soon": 1, "deep": 2, "easy": 3}, {"easy": 3, "deep": 2, "soon": 1}, True),  # says the same as a list
        ({"deep": 5, "soon": 2}, {"deep": 5, "soon": 2}, False),
        ({"soon": "4", "Deep skill": 4.0}, {"soon": 4, "deep": 4}, False),
        ("deep: 5; soon: 2", {"deep": 5, "soon": 2}, False),
        ("deep=5, soon=2", {"deep": 5, "soon": 2}, False),
    ],
    ids=repr,
)
def test_goals(toy: Catalog, raw: object, shares: dict[str, int], ranked: bool) -> None:
    found = answer(toy, "goals", raw)
    assert found == Goals(shares)
    assert isinstance(found, Goals)
    assert found.ranked is ranked


def test_a_ranked_list_and_the_importances_it_stands_for_are_written_alike(toy: Catalog) -> None:
    listed = parse_answers(toy, {"goals": ["easy", "deep"]})
    weighed = parse_answers(toy, {"goals": {"deep": 1, "easy": 2}})
    assert written_answers(toy, listed) == written_answers(toy, weighed) == {"goals": ["easy", "deep"]}


def test_goals_of_one_importance_share_alike_and_their_order_is_the_catalogs(toy: Catalog) -> None:
    goals = answer(toy, "goals", {"easy": 2, "deep": 2})
    assert isinstance(goals, Goals)
    assert list(goals.shares.items()) == [("deep", 2), ("easy", 2)]
    assert goals.total == 4


ERRORS: list[tuple[str, object, list[str]]] = [
    ("weaks", 4, ["weaks", "'weeks'"]),
    ("wage", "requird", ["wage", "'requird'", "'required'", "preferred, not_needed"]),
    ("wage", True, ["wage", "True", "required, preferred, not_needed"]),
    ("wage", ["required"], ["wage", "a list"]),
    ("wage", 1, ["wage", "a number"]),
    ("place", "hoem_required", ["place", "'hoem_required'", "'home_required'"]),
    ("weeks", "soonish", ["weeks", "'soonish'", "6 weeks"]),
    ("weeks", True, ["weeks", "True"]),
    ("weeks", [4], ["weeks", "[4]"]),
    ("weeks", 0, ["weeks", "0.14", "520"]),
    ("weeks", 0.1, ["weeks", "0.14", "520"]),
    ("weeks", -3, ["weeks", "0.14", "520"]),
    ("weeks", 520.01, ["weeks", "520"]),
    ("weeks", "11 years", ["weeks", "520"]),
    ("weeks", float("inf"), ["weeks"]),
    ("weeks", 10**400, ["weeks"]),
    ("hours_per_week", 0, ["hours_per_week", "1 to 60 hours"]),
    ("hours_per_week", 0.5, ["hours_per_week", "1 to 60 hours"]),
    ("hours_per_week", 60.5, ["hours_per_week", "1 to 60 hours"]),
    ("hours_per_week", "6 weeks", ["hours_per_week", "'6 weeks'"]),
    ("hours_per_week", "many", ["hours_per_week", "'many'"]),
    ("hours_per_week", 10**400, ["hours_per_week"]),
    ("age", 12, ["age", "13 to 99 years"]),
    ("age", 100, ["age", "13 to 99 years"]),
    ("goals", "deap", ["goals", "'deap'", "'deep'"]),
    ("goals", ["deep", "fame"], ["goals", "'fame'", "deep, soon, easy"]),
    ("goals", ["deep", "Deep skill"], ["goals", "twice"]),
    ("goals", ["deep", None], ["goals"]),
    ("goals", 5, ["goals", "a number"]),
    ("goals", {"deep": 0}, ["goals", "deep", "1 to 5"]),
    ("goals", {"deep": 6}, ["goals", "deep", "1 to 5"]),
    ("goals", {"deep": 2.5}, ["goals", "deep", "1 to 5"]),
    ("goals", {"deep": True}, ["goals", "deep", "1 to 5"]),
    ("goals", {"deep": "much"}, ["goals", "deep", "1 to 5"]),
    ("goals", {"deep": 1, "Deep skill": 2}, ["goals", "twice"]),
    ("goals", "deep: 5, deep: 2", ["goals", "twice"]),
]


@pytest.mark.parametrize(("key", "raw", "told"), ERRORS, ids=lambda value: repr(value)[:40])
def test_errors_name_the_key_the_value_and_what_would_do(toy: Catalog, key: str, raw: object, told: list[str]) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_answers(toy, {key: raw})
    message = str(caught.value)
    assert [part for part in told if part not in message] == []
    assert caught.value.key == key


def test_more_goals_than_a_ranking_may_hold(shipped: Catalog) -> None:
    goals = [goal.id for goal in shipped.questions["goals"].goals]
    with pytest.raises(AnswerError, match="at most 5 goals, not 6"):
        parse_answers(shipped, {"goals": goals[:6]})


def test_one_question_answered_under_two_spellings(toy: Catalog) -> None:
    with pytest.raises(AnswerError, match="a second time"):
        parse_answers(toy, {"hours_per_week": 6, "Hours per week": 7})


@pytest.mark.parametrize("raw", [None, 5, "weeks: 4", ["weeks"]], ids=repr)
def test_answers_that_are_no_mapping(toy: Catalog, raw: object) -> None:
    with pytest.raises(AnswerError, match="must be a mapping"):
        parse_answers(toy, raw)


def test_errors_name_the_file_and_the_line(toy: Catalog) -> None:
    with pytest.raises(AnswerError, match=r"^me\.yaml:7: wage"):
        parse_answers(toy, {"wage": "maybe"}, "me.yaml", lambda key: 7)


def test_every_label_and_id_of_the_shipped_catalog_is_accepted(shipped: Catalog) -> None:
    for question in shipped.questions.values():
        for option in question.options:
            assert parse_answer(question, option.label) == option.id
            assert parse_answer(question, option.id) == option.id
        for goal in question.goals:
            assert parse_answer(question, [goal.label]) == parse_answer(question, [goal.id])


def test_a_goal_may_be_named_by_its_label_in_text(shipped: Catalog) -> None:
    """Also one whose label holds a comma, which otherwise separates goals."""
    question = shipped.questions["goals"]
    refused = []
    for goal in question.goals:
        try:
            assert parse_answer(question, goal.label) == parse_answer(question, [goal.id])
        except AnswerError as error:
            refused.append(str(error))
    assert refused == []


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"goals": ["soon", "deep"], "weeks": 4, "hours_per_week": 6},
        {"goals": {"deep": 5, "easy": 5}, "weeks": 34.86, "wage": "required"},
        {"weeks": 0.14, "place": "any", "country": "south", "permit": "unsure", "age": 19},
    ],
    ids=repr,
)
def test_what_is_written_is_what_was_given(toy: Catalog, raw: dict[str, Any]) -> None:
    parsed = parse_answers(toy, raw)
    assert written_answers(toy, parsed) == raw
    assert parse_answers(toy, written_answers(toy, parsed)) == parsed


@pytest.mark.parametrize(
    ("question", "raw", "text"),
    [
        ("goals", ["soon", "deep"], "A skill soon, Deep skill"),
        ("goals", {"soon": 2, "deep": 5}, "Deep skill (5 of 5), A skill soon (2 of 5)"),
        ("weeks", "8 months", "8 months"),
        ("weeks", "3 days", "3 days"),
        ("hours_per_week", 6, "6 hours"),
        ("wage", "preferred", "It would help"),
    ],
    ids=repr,
)
def test_answers_in_words(toy: Catalog, question: str, raw: object, text: str) -> None:
    parsed = parse_answers(toy, {question: raw}).get(question)
    assert parsed is not None
    assert answer_text(toy.questions[question], parsed) == text


def test_replacing_one_answer_leaves_the_others_and_their_order(toy: Catalog) -> None:
    before = parse_answers(toy, {"age": 19, "weeks": 4})
    after = before.replaced(toy, "wage", "required").replaced(toy, "age", None)
    assert list(after.values.items()) == [("weeks", 28), ("wage", "required")]
    assert list(before.values.items()) == [("weeks", 28), ("age", 19)]


@pytest.mark.parametrize("unit", ["ECTS points", "hours a week", "% of a week", "days 2 to 5", "hrs."])
@pytest.mark.parametrize("number", [1, 7])
def test_a_number_reads_back_from_its_words_in_any_unit(unit: str, number: int, toy: Catalog) -> None:
    question = replace(toy.questions["hours_per_week"], unit=unit)
    assert parse_answer(question, answer_text(question, number)) == number
    assert parse_answer(question, f"{number} {unit.upper()}") == number


@pytest.mark.parametrize("text", ["7 weeks", "7-", "7 -", "7 7", "7hours7", "7..", "7 hours a year"])
def test_a_number_takes_no_other_words(text: str, toy: Catalog) -> None:
    with pytest.raises(AnswerError):
        parse_answer(replace(toy.questions["hours_per_week"], unit="hours a week"), text)


@pytest.mark.parametrize("raw", ["today", " Today ", "0 days", 0])
def test_a_start_can_be_today(shipped: Catalog, raw: object) -> None:
    question = shipped.questions["start_within_weeks"]
    answer = parse_answer(question, raw)
    assert answer == 0
    assert answer_text(question, answer) == "today"


def test_no_time_at_all_is_no_answer_where_some_is_needed(shipped: Catalog) -> None:
    with pytest.raises(AnswerError, match="out of range"):
        parse_answer(shipped.questions["weeks"], "today")


@pytest.mark.parametrize(
    ("start", "text"), [("today", "you want to start today."), (1, "you want to start within 1 week.")]
)
def test_a_start_reads_as_a_sentence(shipped: Catalog, start: object, text: str) -> None:
    blocked = recommend(shipped, {"goals": ["explore"], "start_within_weeks": start}).ranking
    texts = [each.text for entry in blocked for each in entry.blockers if each.question == "start_within_weeks"]
    assert texts
    assert all(each.endswith(text) for each in texts)


# --- people's words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        ("weeks", "two weeks", 14),
        ("weeks", "a summer", 91),  # 3 months
        ("weeks", "No Limit", 3640),
        ("start_within_weeks", "tomorrow", 1),
        ("start_within_weeks", "now", 0),
        ("start_within_weeks", "no rush", 728),
        ("hours_per_week", "10 hrs", 10),
        ("hours_per_week", "20 h/week", 20),
        ("hours_per_week", "half days", 20),
        ("hours_per_week", "ten", 10),
        ("situation", "job", "employed"),
        ("region", "USA", "us"),
        ("region", "Spain", "eu"),
        ("region", "Schweiz", "other"),
        ("work_permit", "F-1", "student_visa"),
        ("goals", "trade", ranked_goals(["expertise"])),
    ],
)
def test_people_have_words_of_their_own(shipped: Catalog, question: str, typed: str, answer: object) -> None:
    assert parse_answer(shipped.questions[question], typed) == answer


@pytest.mark.parametrize(
    ("question", "typed", "candidates"),
    [
        ("hours_per_week", "x20", ("20",)),
        ("hours_per_week", "x0", ()),
        ("weeks", "about 900 yeers", ()),
        ("weeks", "6-8 weeks", ("6 weeks", "8 weeks")),
        ("weeks", "2 or 3 months", ("2 months", "3 months")),
        ("hours_per_week", "10 to 15", ("10", "15")),
        ("start_within_weeks", "asap", ("today", "2 weeks", "1 month")),
        ("situation", "student", ("full_time_student", "part_time_student")),
        ("weeks", "six wekes", ("6 weeks",)),
        ("hours_per_week", "about 20", ("20",)),
        ("region", "germny", ("de",)),
        ("weeks", "20 hours", ()),
        # A plain word may begin the words of one option; the person says whether that is meant.
        ("pay", "Yes", ("required",)),
        ("pay", "nein", ("not_needed",)),
        ("start_within_weeks", "September", ()),
    ],
)
def test_what_is_in_doubt_is_a_fault_with_what_may_be_meant(
    shipped: Catalog, question: str, typed: str, candidates: tuple[str, ...]
) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_answer(shipped.questions[question], typed)
    assert caught.value.candidates == candidates


def test_a_day_to_start_on_is_counted_from_today(shipped: Catalog) -> None:
    with pytest.raises(AnswerError, match=r"for example today, 2 weeks, 3 months, counted from today$"):
        parse_answer(shipped.questions["start_within_weeks"], "1 June")
    with pytest.raises(AnswerError, match=r"4 months, 2 years$"):
        parse_answer(shipped.questions["weeks"], "until June")


def test_people_get_their_own_words_back_and_programs_the_same_as_for_equal_answers(shipped: Catalog) -> None:
    question = shipped.questions["weeks"]
    said = parse_answers(shipped, {"weeks": "3 months"}, own_words=True)
    plain = parse_answers(shipped, {"weeks": "3 months"})
    assert said == plain == parse_answers(shipped, {"weeks": 13})
    assert answer_text(question, said.values["weeks"]) == "3 months"
    assert answer_text(question, plain.values["weeks"]) == answer_text(question, 91)
    assert written_answers(shipped, said) == {"weeks": 13}
    copied = pickle.loads(pickle.dumps(said.values["weeks"]))
    assert (copied, answer_text(question, copied)) == (91, "3 months")


@pytest.mark.parametrize(("key", "text", "days"), [("weeks", "10 years", 3640), ("start_within_weeks", "2 years", 728)])
def test_the_longest_time_may_be_said_in_years(shipped: Catalog, key: str, text: str, days: int) -> None:
    """520 and 104 weeks; a year of the calendar has 365 days, and ten of them are 521.4 weeks."""
    assert parse_answers(shipped, {key: text}).get(key) == days
    with pytest.raises(AnswerError, match="out of range"):
        parse_answers(shipped, {key: "11 years"})


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("weeks", "idk", None),
        ("age", "prefer not to say", None),
        ("pay", "Not sure.", None),
        ("goals", "no idea", None),
        ("location", "?", None),
        ("hours_per_week", "don\u2019t know", None),
        # Where the question has the word itself it is an answer.
        ("work_permit", "idk", "unsure"),
        ("work_permit", "don\u2019t know", "unsure"),
        ("work_permit", "n/a", None),
        ("experience", "none", "none"),
    ],
)
def test_words_for_no_answer_leave_a_question_open(shipped: Catalog, question: str, text: str, answer: object) -> None:
    assert parse_answers(shipped, {question: text}).get(question) == answer

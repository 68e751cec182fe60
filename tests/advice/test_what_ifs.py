"""What would change the answer: relaxations and what-ifs, worked out by hand and held against trying everything.

The toy: length from 1, 4 and 26 weeks (13 in the South), usually 2, 8 and 52; hours a week from 5, 10 and 30; hours in
all from 10, 40 and 780 (blocked below 95 % of these); only the short one is done at home, only the long one on site;
the short one never certifies. Proposed are 1 to 6 days, 1 to 7 weeks, 2 to 11 months (61, 91, 122, 152, 183, 213, 244,
274, 304, 335 days), then half years.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Any, cast

import pytest
import yaml

from conftest import CASES
from formatpicker import Catalog, parse_answers, recommend
from formatpicker.advice.answer_ranges import Change, changed, round_answers
from formatpicker.advice.relaxations import blocking_criteria, relaxations, unblocks
from formatpicker.advice.what_ifs import MOST_WHAT_IFS, Gaps, WhatIf, what_ifs
from formatpicker.catalog.criteria import About, AnswerKind, Question, RuleKind
from formatpicker.catalog.model import Format
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.text.sentences import what_if_words
from formatpicker.scoring.answers import MOST_IMPORTANCE, Answer, Answers, Goals, written_answer
from formatpicker.scoring.tables import EffectTable
from formatpicker.scoring.weights import ranked_goals
from strategies import parsed_catalog

Raw = dict[str, Any]
Top = frozenset[str]

on_both = pytest.mark.parametrize("name", ["toy", "shipped"])


def changes(catalog: Catalog, answers: Raw, format: str) -> list[Raw]:
    found = relaxations(catalog, parse_answers(catalog, answers), catalog.formats[format])
    assert all(each.unlocks == format for each in found)
    return [in_days(catalog, each.change) for each in found]


def in_days(catalog: Catalog, change: Change) -> Raw:
    """A change as the engine has it, durations in days: read like any answers."""
    return dict(parse_answers(catalog, change).values)


def in_any_order(found: list[Raw]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in found)


# --- relaxations by hand ---------------------------------------------------------------------------------------------

SOUTH_ALMOST: Raw = {"country": "south", "weeks": 13, "hours_per_week": 30}


@pytest.mark.parametrize(
    ("answers", "format", "expected"),
    [
        ({"weeks": 6}, "short", []),
        # 6 months are 182.6, so 183 days; 3 months 91.3, so 91
        ({"weeks": 6, "country": "north"}, "long", [{"weeks": 183}]),
        ({"weeks": 6, "country": "south"}, "long", [{"weeks": 91}]),
        ({"weeks": 6}, "long", [{"weeks": 91}]),  # the least of any country
        ({"hours_per_week": 4}, "middle", [{"hours_per_week": 10}]),
        # 4 weeks of 10 hours are the 40 hours that it takes in all
        ({"weeks": 3, "hours_per_week": 5}, "middle", [{"weeks": 28, "hours_per_week": 10}]),
        # 13 weeks of 30 hours are 390 of 741: 173 days or 57 hours
        (SOUTH_ALMOST, "long", [{"weeks": 183}, {"hours_per_week": 57}]),
        # 10 hours from 5 a week in 1 week: 2 weeks or 10 a week
        ({"weeks": 1, "hours_per_week": 5}, "short", [{"weeks": 14}, {"hours_per_week": 10}]),
        # 12 weeks of 40 hours: 87 days, so 3 months, give 520 of 741. 5187 day-hours / 40 = 129.7, so 130 days and
        # 5 months; raising the hours too (to 57) would be one answer more than needed
        ({"country": "south", "weeks": 12, "hours_per_week": 40}, "long", [{"weeks": 152}]),
        # both limits block, and at the least of both (29 hours, 3 months) the hours in all still do
        (
            {"country": "south", "weeks": 6, "hours_per_week": 20},
            "long",
            [{"weeks": 183, "hours_per_week": 29}, {"weeks": 91, "hours_per_week": 57}],
        ),
        # 6 months of 29 hours are 758: what the limits ask is enough
        (
            {"country": "north", "weeks": 6, "hours_per_week": 20},
            "long",
            [{"weeks": 183, "hours_per_week": 29}],
        ),
        ({"certificate": "required"}, "short", [{"certificate": "preferred"}]),
        ({"place": "home_required"}, "long", [{"place": "home_preferred"}]),
        ({"place": "site_required"}, "short", [{"place": "site_preferred"}]),
        (
            {"weeks": "1 day", "certificate": "required", "place": "site_required"},
            "short",
            [{"weeks": 7, "certificate": "preferred", "place": "site_preferred"}],
        ),
        # a fact blocks: no answer changes it, alone or beside others
        ({"age": 15}, "long", []),
        ({"permit": "visa", "country": "south"}, "long", []),
        ({"age": 31, "weeks": 1}, "middle", []),
        # closed to people on a visa in the South only
        ({"permit": "visa", "country": "north", "weeks": 6}, "long", [{"weeks": 183}]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_relaxations(toy: Catalog, answers: Raw, format: str, expected: list[Raw]) -> None:
    assert in_any_order(changes(toy, answers, format)) == in_any_order(expected)


def test_the_last_hour_counts(toy: Catalog) -> None:
    """173 days of 30 hours a week are 741 in all, 172 are 737; 13 weeks of 57 hours are 741, of 56 are 728."""
    answers, long = parse_answers(toy, SOUTH_ALMOST), toy.formats["long"]
    for change, opens in (
        ({"weeks": "173 days"}, True),
        ({"weeks": "172 days"}, False),
        ({"hours_per_week": 57}, True),
        ({"hours_per_week": 56}, False),
    ):
        assert unblocks(toy, answers, long, change) is opens


@pytest.mark.parametrize(
    ("section", "most", "expected"),
    [("hours_per_week", 45, [{"weeks": 183}]), ("weeks", 20, [{"hours_per_week": 57}])],
    ids=["57 hours are not accepted", "6 months are not accepted"],
)
def test_no_relaxation_beyond_what_a_question_accepts(section: str, most: int, expected: list[Raw]) -> None:
    raw = yaml.safe_load((CASES / "toy.yaml").read_text("utf-8"))
    (question,) = [each for each in raw["questions"] if each["id"] == section]
    question["most"] = most
    assert changes(parsed_catalog({**raw, "updated": "never"}), SOUTH_ALMOST, "long") == expected


def test_relaxations_of_a_recommendation_are_those_of_all_blocked_formats_smallest_first(toy: Catalog) -> None:
    """7 days of 10 hours or 14 days of 5 are the short one's 10 hours; the middle is closed at 40 and stays so."""
    answers = {"weeks": "1 day", "hours_per_week": 4, "certificate": "required", "age": 40}
    found = recommend(toy, answers).relaxations
    assert sorted((each.unlocks, sorted(in_days(toy, each.change).items(), key=str)) for each in found) == [
        ("long", [("hours_per_week", 29), ("weeks", 183)]),
        ("long", [("hours_per_week", 57), ("weeks", 91)]),
        ("short", [("certificate", "preferred"), ("hours_per_week", 5), ("weeks", 14)]),
        ("short", [("certificate", "preferred"), ("hours_per_week", 10), ("weeks", 7)]),
    ]
    assert [len(each.change) for each in found] == [2, 2, 3, 3]
    assert [each.distance for each in found[2:]] == sorted(each.distance for each in found[2:])


# --- relaxations of anybody ------------------------------------------------------------------------------------------


def blocked_formats(catalog: Catalog, answers: Answers) -> Iterator[Format]:
    for format in catalog.formats.values():
        if format.core and blocking_criteria(catalog, answers, format):
            yield format


@on_both
def test_a_relaxation_unblocks_and_nothing_less_does(request: pytest.FixtureRequest, name: str) -> None:
    """Run through recommend; the round answer before is still blocked, and so is every smaller set of changes."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 120, "relaxations"):
        for relaxation in recommend(catalog, answers).relaxations:
            format, change = catalog.formats[relaxation.unlocks], relaxation.change
            assert rank_of(catalog, changed(catalog, answers, change), format) is not None
            assert not any(catalog.questions[id].about is About.FACT for id in change)
            for part in smaller(change):
                assert not unblocks(catalog, answers, format, part), part
            parsed = in_days(catalog, change)
            for id, answer in parsed.items():
                if isinstance(answer, int):
                    grid = round_answers(catalog.questions[id])
                    assert answer in grid
                    before = max(each for each in grid if each < answer)
                    less = answers.with_values(catalog, {**parsed, id: before})
                    assert blocking_criteria(catalog, less, format), (id, answer)
            seen += 1
    assert seen > 60


def rank_of(catalog: Catalog, answers: Answers, format: Format) -> int | None:
    (entry,) = [each for each in recommend(catalog, answers).ranking if each.id == format.id]
    return entry.rank


def smaller(change: Change) -> Iterator[Change]:
    subsets = chain.from_iterable(combinations(change, size) for size in range(len(change)))
    return ({id: change[id] for id in subset} for subset in subsets)


@on_both
def test_every_smallest_set_of_answers_is_found(request: pytest.FixtureRequest, name: str) -> None:
    """Against freeing each set of answered questions completely: a format opens under the smallest of them or never."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 120, "smallest sets"):
        for format in blocked_formats(catalog, answers):
            found = {frozenset(each.change) for each in relaxations(catalog, answers, format)}
            assert found == smallest_sets(catalog, answers, format), (format.id, answers)
            seen += bool(found)
    assert seen > 60


def smallest_sets(catalog: Catalog, answers: Answers, format: Format) -> set[frozenset[str]]:
    free = {
        id: freest(catalog.questions[id])
        for id in answers.values
        if catalog.questions[id].about is not About.FACT and catalog.questions[id].rule
    }
    for size in range(1, len(free) + 1):
        opening = {
            frozenset(ids)
            for ids in combinations(free, size)
            if not blocking_criteria(catalog, answers.with_values(catalog, {id: free[id] for id in ids}), format)
        }
        if opening:
            return opening
    return set()


def freest(question: Question) -> Answer:
    """The answer that rules nothing out: the most of a limit, and the option that is neither a must nor a wish."""
    if question.answer is AnswerKind.CHOICE:
        ids = [option.id for option in question.options]
        return "not_needed" if question.rule and question.rule.kind is RuleKind.NEED else ids[ids.index("any")]
    return question.ends[1]


# --- what-ifs by hand ------------------------------------------------------------------------------------------------


def test_a_limit_turns_the_top_at_a_round_number_past_the_very_day(toy: Catalog) -> None:
    """deep 5, soon 3 (of 8) and 10 weeks: short 53.1 + 20, middle 40.6 + 20, long 62.5 but ruled out.

    From 119 days (a tenth of the way from 13 weeks to a year) it is no long shot in the South. It leads once
    20 v > 73.125 - 62.5, so v > 0.53125: in thousandths 532, where (x - 183) * 1000 / 182 reaches it: from 280 days on.
    The first round number past that is 10 months, 304 days; at 9 months, 274 days, the short one is first.
    """
    result = recommend(toy, {"goals": {"deep": 5, "soon": 3}, "weeks": 10})
    assert result.top == ("short",)
    (found,) = [each for each in result.what_ifs if set(each.change) == {"weeks"} and each.top == ("long",)]
    assert dict(found.change) == {"weeks": 43.43}
    assert (in_days(toy, found.change), found.back_at) == ({"weeks": 304}, 274)


def tried(catalog: Catalog, answers: Raw) -> list[tuple[Raw, tuple[str, ...], int | None]]:
    return [(in_days(catalog, each.change), each.top, each.back_at) for each in recommend(catalog, answers).what_ifs]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # deep and 6 weeks: middle 60, short 45. From 119 days the long one leads with at least 100; 3 months are 91.
        ({"goals": ["deep"], "weeks": 6}, ({"weeks": 122}, ("long",), 91)),
        # The middle is a long shot up to 30 days, so at 4 weeks; 5 weeks are enough. Below one week nothing is open.
        ({"goals": ["deep"], "weeks": 6}, ({"weeks": 28}, ("short",), 35)),
        # Hours: up to 10 the middle is a long shot (10 + 10/10 = 11 is the edge); below 5 nothing is open.
        ({"goals": ["deep"], "hours_per_week": 20}, ({"hours_per_week": 10}, ("short",), 11)),
        # Of two years, what is below 119 days makes the long one a long shot; the middle is one below 31, and then the
        # short one is first: what is shorter still does not lead to the same.
        ({"goals": ["deep"], "weeks": 104}, ({"weeks": 91}, ("middle",), None)),
        # From 31 hours the long one is no long shot (30 + 10/10), and stays first with more.
        ({"goals": ["deep"], "hours_per_week": 20}, ({"hours_per_week": 31}, ("long",), 30)),
        # On site only: the short one is out, middle 25 + 24, long 0 + 40. Rather on site leaves the short one at 100.
        ({"goals": ["soon"], "place": "home_required"}, ({"place": "site_required"}, ("middle",), None)),
    ],
    ids=["loosened", "tightened", "fewer hours", "another one further on", "more hours", "an option"],
)
def test_what_ifs(toy: Catalog, answers: Raw, expected: tuple[Raw, tuple[str, ...], int | None]) -> None:
    assert expected in tried(toy, answers)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            {"goals": ["deep"], "weeks": 6},
            "Longest time: at least 4 months instead of 6 weeks. Then a long comes first.",
        ),
        (
            {"goals": ["deep"], "weeks": 6},
            "Longest time: less than 5 weeks instead of 6 weeks. Then a short comes first.",
        ),
        (
            {"goals": ["deep"], "hours_per_week": 20},
            "Hours in a week: at least 31 hours instead of 20 hours. Then a long comes first.",
        ),
        (
            {"goals": ["deep"], "weeks": 104},
            "Longest time: 3 months instead of 104 weeks. Then a middle comes first.",
        ),
    ],
)
def test_what_ifs_in_words(toy: Catalog, answers: Raw, words: str) -> None:
    result = recommend(toy, answers)
    assert words in what_if_words(result, result.what_ifs)


@on_both
def test_proposed_numbers_are_round_and_hold_beyond(request: pytest.FixtureRequest, name: str) -> None:
    """What ``back_at`` promises, through recommend: beyond the proposed number the same top, just before it another."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 30, "round"):
        for what_if in recommend(catalog, answers).what_ifs:
            for id, answer in in_days(catalog, what_if.change).items():
                assert not isinstance(answer, int) or answer in round_answers(catalog.questions[id])
            if what_if.back_at is None:
                continue
            ((id, answer),) = in_days(catalog, what_if.change).items()
            grid = round_answers(catalog.questions[id])
            beyond = [each for each in grid if (each > answer if answer > what_if.back_at else each < answer)]
            tops = {recommend(catalog, answers.replaced(catalog, id, each)).top for each in beyond[:3] + beyond[-3:]}
            assert tops <= {what_if.top, ()}
            assert recommend(catalog, answers.replaced(catalog, id, what_if.back_at)).top != what_if.top
            seen += 1
    assert seen > 10


def test_no_what_if_without_a_top(toy: Catalog) -> None:
    assert tried(toy, {}) == []
    assert tried(toy, {"weeks": "1 day"}) == []


# --- what-ifs of anybody ---------------------------------------------------------------------------------------------


@on_both
def test_a_what_if_changes_the_top_as_it_says(request: pytest.FixtureRequest, name: str) -> None:
    """Run through recommend; never a fact, at most five, and each written answer reads back to the same."""
    catalog = request.getfixturevalue(name)
    seen = 0
    for answers in random_people(catalog, 30, "what-ifs"):
        result = recommend(catalog, answers)
        assert len(result.what_ifs) <= MOST_WHAT_IFS
        assert len({len(each.change) for each in result.what_ifs}) <= 1
        for what_if in result.what_ifs:
            after = changed(catalog, answers, what_if.change)
            assert set(recommend(catalog, after).top) == set(what_if.top) != set(result.top)
            assert what_if.top
            assert len(what_if.change) in (1, 2)
            for id, answer in in_days(catalog, what_if.change).items():
                assert catalog.questions[id].about is not About.FACT
                assert answers.get(id) != answer
            assert what_if.change == json.loads(json.dumps(what_if.change))
            assert parse_answers(catalog, written(catalog, after)) == after
            seen += 1
    assert seen > 50


def written(catalog: Catalog, answers: Answers) -> Raw:
    """Through JSON, as a program would send it back."""
    plain = {id: written_answer(catalog.questions[id], answer) for id, answer in answers.values.items()}
    return cast(Raw, json.loads(json.dumps(plain)))


@dataclass(frozen=True)
class Reached:
    """One question and the top that some other answer to it leads to, with the first such answers on either side."""

    question: str
    top: Top
    first: tuple[Answer, ...]


def singles(catalog: Catalog, table: EffectTable, answers: Answers) -> list[Reached]:
    """Every top that one changed answer leads to, by trying all of them."""
    now = table.top(answers)
    found = []
    for question in catalog.questions.values():
        if question.about is About.FACT:
            continue
        first: dict[Top, list[Answer]] = {}
        for side in sides(question, answers.get(question.id)):
            seen = set()
            for answer in side:
                top = table.top(answers.replaced(catalog, question.id, answer))
                if top and top != now and top not in seen:
                    seen.add(top)
                    first.setdefault(top, []).append(answer)
        found += [Reached(question.id, top, tuple(each)) for top, each in first.items()]
    return found


def sides(question: Question, given: Answer | None) -> list[list[Answer]]:
    """All other answers to a question, away from the present one: upwards and downwards for numbers."""
    if isinstance(given, Goals) or question.answer is AnswerKind.GOALS:
        return [[each] for each in goal_moves(question, cast(Goals | None, given))]
    if question.answer is AnswerKind.CHOICE:
        return [[option.id] for option in question.options if option.id != given]
    grid = round_answers(question)
    if given is None:
        return [[*grid]]
    start = cast(int, given)
    return [[each for each in grid if each > start], [each for each in reversed(grid) if each < start]]


def goal_moves(question: Question, given: Goals | None) -> Iterator[Goals]:
    """One goal more, one less, one to the front of the list; or one importance changed."""
    ids = [goal.id for goal in question.goals]
    if given is None:
        yield from (ranked_goals([id]) for id in ids)
        return
    chosen, others = list(given.shares), [id for id in ids if id not in given.shares]
    if given.ranked:
        yield from (ranked_goals([id, *(each for each in chosen if each != id)]) for id in chosen[1:])
        yield from (ranked_goals([each for each in chosen if each != id]) for id in chosen if len(chosen) > 1)
        yield from (ranked_goals([*chosen, id]) for id in others if len(chosen) < question.most)
        return
    for id, importance in product(ids, range(MOST_IMPORTANCE + 1)):
        moved = {**given.shares, id: importance}
        if importance == 0:
            moved = {goal: share for goal, share in given.shares.items() if goal != id}
        elif id in others and importance != 3:
            continue  # a goal is added with a middling importance only
        if moved and moved != given.shares:
            yield Goals(moved)


def test_what_ifs_are_all_that_one_answer_can_do(toy: Catalog) -> None:
    """Against trying every round answer to every question: the same tops by the same questions, at the first one."""
    table = EffectTable(toy, toy.core)
    seen = 0
    for answers in random_people(toy, 60, "all singles"):
        if not table.top(answers):
            continue
        wanted, found = singles(toy, table, answers), what_ifs(Gaps(table, answers))
        assert bool(wanted) == any(len(each.change) == 1 for each in found)
        if wanted:
            assert len(found) == min(len(wanted), MOST_WHAT_IFS), (answers, wanted, found)
            assert all(is_reached(toy, answers, each, wanted) for each in found), (answers, wanted, found)
            seen += len(found)
    assert seen > 100


def is_reached(catalog: Catalog, answers: Answers, what_if: WhatIf, wanted: list[Reached]) -> bool:
    """Whether that question reaches that top, where a number was given at the first answer on one of its sides."""
    ((id, answer),) = in_days(catalog, what_if.change).items()
    (match,) = [each for each in wanted if (each.question, each.top) == (id, frozenset(what_if.top))]
    given, numeric = answers.get(id), isinstance(answer, int)
    return answer in match.first if numeric and given is not None else True


def test_a_turn_is_told_for_a_question_not_answered_so_far(toy: Catalog) -> None:
    """Wage 20 * (0.8, 0.5, 1): the long one leads the short one by 4 of the 20 points that the weeks can weigh.

    It loses these 4 where (x - 183) / 182 falls below 0.8: at 328 days. Nobody has set a limit so far, so the greatest
    round number below that is the nearest: 10 months. Below a week nothing is open.
    """
    assert ({"weeks": 304}, ("short",), 335) in tried(toy, {"wage": "preferred"})
    assert recommend(toy, {"wage": "preferred", "weeks": "11 months"}).top == ("long",)


def test_two_answers_only_where_one_does_not_do(toy: Catalog) -> None:
    """Pairs come only where no single answer changes the top; where a coarse search finds a pair there is one."""
    table = EffectTable(toy, toy.core)
    pairs = 0
    for answers in random_people(toy, 150, "pairs"):
        found = what_ifs(Gaps(table, answers))
        if not table.top(answers) or any(len(each.change) == 1 for each in found):
            continue
        assert singles(toy, table, answers) == []
        assert bool(found) >= some_pair(toy, table, answers), answers
        pairs += len(found)
    assert pairs > 2


def some_pair(catalog: Catalog, table: EffectTable, answers: Answers) -> bool:
    now = table.top(answers)
    coarse: Mapping[AnswerKind, Callable[[Question], list[Answer]]] = {
        AnswerKind.GOALS: lambda question: [ranked_goals([goal.id]) for goal in question.goals],
        AnswerKind.CHOICE: lambda question: [option.id for option in question.options],
        AnswerKind.DURATION: lambda question: [1, 7, 14, 28, 56, 91, 182, 365],
        AnswerKind.NUMBER: lambda question: [1, 5, 10, 20, 30, 40, 60],
    }
    questions = [
        each
        for each in catalog.questions.values()
        if each.about is not About.FACT and each.answer is not AnswerKind.GOALS
    ]
    for one, other in combinations(questions, 2):
        for pair in product(coarse[one.answer](one), coarse[other.answer](other)):
            top = table.top(answers.with_values(catalog, dict(zip((one.id, other.id), pair, strict=True))))
            if top and top != now:
                return True
    return False

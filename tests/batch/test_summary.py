"""The summary of a cohort, counted by hand and against single recommendations."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from cohorts import Raw, summary_of, tally_of
from conftest import CASES
from formatpicker import Catalog, load_catalog, parse_answers, recommend
from formatpicker.advice.recommendation import Entry, Recommendation
from formatpicker.advice.relaxations import relaxations
from formatpicker.advice.robustness import Draws
from formatpicker.batch.summary import Summary
from formatpicker.batch.tally import Tally
from formatpicker.catalog.criteria import Verdict
from formatpicker.catalog.guidance import DRAWS
from formatpicker.catalog_tools.random_people import random_people
from formatpicker.output.json.schemas import json_schema
from formatpicker.output.json.summary import summary_data
from formatpicker.scoring.answers import written_answers
from running import run_here
from strategies import catalogs, raw_answers

# With the toy catalog a short takes 1 to 2 weeks, a middle 4 to 8, a long at least 6 months; a short never ends in a
# certificate, a middle sometimes, a long always; a long is done on site only, and is shut to visas in the South.
SIX: list[Raw] = [
    {"weeks": 2},  # Only a short is open; more weeks would open either of the others.
    {"weeks": 2, "certificate": "required"},  # Nothing is open; a short but for the certificate.
    {},  # All are open and nothing tells them apart.
    {"certificate": "required"},  # A long comes first; a short is closed.
    {"place": "home_required"},  # A short comes first, a middle is possible, a long is closed.
    {"permit": "visa", "country": "south"},  # A fact closes a long; it tells nothing apart.
]


def document(summary: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(summary_data(summary)))
    return data


def by_format(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["format"]: each for each in data["formats"]}


def people_by(entries: list[dict[str, Any]], key: str = "question") -> dict[str, int]:
    return {each[key] if isinstance(each[key], str) else ";".join(each[key]): each["people"] for each in entries}


@pytest.fixture(scope="module")
def six(toy: Catalog) -> dict[str, Any]:
    return document(summary_of(toy, SIX))


def test_what_comes_first_is_counted(six: dict[str, Any]) -> None:
    assert (six["rows"], six["accepted"], six["rejected"]) == (6, 6, 0)
    # Short: the first and the fifth. Long: the fourth.
    assert {id: each["alone"] for id, each in by_format(six).items()} == {"short": 2, "middle": 0, "long": 1}
    # Nothing open: the second. Nothing told apart: the third and the sixth.
    assert six["top"] == {
        "infeasible": 1,
        "undecided": 2,
        "tied": 0,
        "ties": [],
        # Each of the three that come first fits its person.
        "eligibility": {"fits": 3, "conditional": 0, "unlikely": 0},
    }


def test_what_is_open_and_what_closes_it_is_counted(six: dict[str, Any]) -> None:
    verdicts = {
        id: [each[name] for name in ("open", "fits", "conditional", "blocked")] for id, each in by_format(six).items()
    }
    assert verdicts == {
        "short": [4, 3, 1, 2],  # closed to 2 and 4; the visa of 6 needs permission
        "middle": [4, 2, 2, 2],  # closed to 1 and 2; 4 asks for the certificate, 5 for the place
        "long": [2, 2, 0, 4],  # open to 3 and 4 alone
    }
    closing = {
        id: {each["question"]: (each["people"], each["alone"]) for each in found["blocked_by"]}
        for id, found in by_format(six).items()
    }
    assert closing == {
        "short": {"certificate": (2, 2)},
        "middle": {"weeks": (2, 2)},
        "long": {"weeks": (2, 2), "place": (1, 1), "permit": (1, 1)},
    }
    assert {id: people_by(each["conditions"]) for id, each in by_format(six).items()} == {
        "short": {"permit": 1},
        "middle": {"certificate": 1, "place": 1},
        "long": {},
    }


def test_who_is_one_answer_away_is_counted(six: dict[str, Any]) -> None:
    near = {
        id: (each["one_answer_away"]["people"], people_by(each["one_answer_away"]["changes"], "questions"))
        for id, each in by_format(six).items()
    }
    assert near == {
        "short": (2, {"certificate": 2}),
        "middle": (2, {"weeks": 2}),
        "long": (3, {"weeks": 2, "place": 1}),  # not the sixth: no advice changes a fact
    }


def test_how_much_was_answered_is_counted(six: dict[str, Any]) -> None:
    # Goals can weigh 100; weeks and hours 20 each; wage, certificate and place 40 each: 260. 30% of it is 78, and
    # nobody of the six answered more than 20 + 40.
    assert six["coverage"]["people"] == 6
    assert people_by(six["coverage"]["left_open"]) == {
        "goals": 6,
        "hours_per_week": 6,
        "wage": 6,
        "age": 6,
        "place": 5,
        "country": 5,
        "permit": 5,
        "weeks": 4,
        "certificate": 4,
    }


def test_either_of_two_answers_can_be_enough(toy: Catalog) -> None:
    # 5 hours in 1 week make 5 hours in all, and a short takes at least 10: 2 weeks would do, and so would 10 hours.
    (short, *_) = document(summary_of(toy, [{"weeks": 1, "hours_per_week": 5}]))["formats"]
    assert people_by(short["blocked_by"]) == {"total_hours": 1}
    assert people_by(short["one_answer_away"]["changes"], "questions") == {"hours_per_week;weeks": 1}


def test_ties_and_close_calls_are_fragile(toy: Catalog) -> None:
    # Deep and soon weigh the same: short 1/4 + 4/4, long 4/4 + 0/4, so 5/8 against 4/8 and no tie. Deep 4, soon 3:
    # short 4 + 12 = 16 of 28, long 16 of 28: a tie, middle 8 + 3 = 11.
    tied: Raw = {"goals": {"deep": 4, "soon": 3}}
    close: Raw = {"goals": {"deep": 5, "soon": 3}}
    data = document(summary_of(toy, [tied, close, close]))
    assert recommend(toy, tied).top == ("long", "short")
    assert data["top"]["ties"] == [{"formats": ["long", "short"], "people": 1}]
    is_close = (recommend(toy, close).certainty.robustness or 0) < 0.6
    assert (data["fragile"]["tied"], data["fragile"]["close"]) == (1, 2 * is_close)
    assert data["fragile"]["people"] == 1 + 2 * is_close
    assert data["fragile"]["sampled"] == 3


# --- against single recommendations ------------------------------------------------------------------------------


def expected_keys(catalog: Catalog, person: Raw) -> list[tuple[str, ...]]:
    """What one person counts under, by the plain way."""
    found = recommend(catalog, person)
    keys = [key for entry in found.ranking for key in entry_keys(catalog, found, entry)]
    keys += [("left open", id) for id in found.unanswered]
    if found.certainty.coverage < 0.35:
        keys.append(("few answers",))
    if len(found.top) == 1 and (found.certainty.robustness or 0) < 0.6:
        keys.append(("close call",))
    return keys


def entry_keys(catalog: Catalog, found: Recommendation, entry: Entry) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = [("verdict", entry.id, str(entry.assessment.eligibility))]
    keys += [("blocked by", entry.id, blocker.question) for blocker in entry.blockers]
    if len(entry.blockers) == 1:
        keys.append(("blocked alone", entry.id, entry.blockers[0].question))
    if entry.rank:
        return keys + [("condition", entry.id, condition.question) for condition in entry.conditions]
    changes = [each.change for each in relaxations(catalog, found.answers, entry.assessment.format)]
    single = {id for change in changes if len(change) == 1 for id in change}
    return [*keys, ("away", entry.id, ";".join(sorted(single)))] if single else keys


def check_against_single_ones(catalog: Catalog, people: list[Raw]) -> None:
    expected = Counter(key for person in people for key in expected_keys(catalog, person))
    kinds = {key[0] for key in expected} | {"close call", "away"}
    counts = tally_of(catalog, people).counts
    assert {key: count for key, count in counts.items() if key[0] in kinds} == dict(expected)


@settings(max_examples=25)
@given(data=st.data())
def test_the_counts_are_those_of_single_recommendations(toy: Catalog, data: st.DataObject) -> None:
    check_against_single_ones(toy, data.draw(st.lists(raw_answers(toy), min_size=1, max_size=4)))


@settings(max_examples=15)
@given(data=st.data())
def test_the_counts_are_those_of_single_recommendations_on_random_catalogs(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    check_against_single_ones(catalog, data.draw(st.lists(raw_answers(catalog), min_size=1, max_size=3)))


def test_the_counts_of_the_shipped_catalog_are_those_of_single_recommendations(shipped: Catalog) -> None:
    people = [written_answers(shipped, each) for each in random_people(shipped, 12, "summary")]
    check_against_single_ones(shipped, people)


def test_the_draws_of_many_people_are_those_of_one(shipped: Catalog) -> None:
    draws, tried = Draws(shipped), 0
    for answers in random_people(shipped, 40, "draws"):
        found = recommend(shipped, answers)
        if len(found.top) == 1:
            assert draws.firsts(answers)[found.top[0]] / DRAWS == found.certainty.robustness
            tried += 1
    assert tried > 20


def test_more_goals_than_a_ranking_may_have_still_fit_the_lanes(shipped: Catalog) -> None:
    (goals,) = [question for question in shipped.questions.values() if question.goals]
    answers = parse_answers(shipped, {goals.id: {goal.id: 5 for goal in goals.goals}, "weeks": 520, "pay": "required"})
    found = recommend(shipped, answers)
    assert Draws(shipped).firsts(answers)[found.top[0]] / DRAWS == found.certainty.robustness


# --- adding up ---------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(data=st.data())
def test_any_split_of_the_rows_gives_the_same_counts(toy: Catalog, data: st.DataObject) -> None:
    people = data.draw(st.lists(raw_answers(toy), min_size=1, max_size=8))
    cuts = data.draw(st.lists(st.integers(0, 8), max_size=4))
    whole, split = tally_of(toy, people, [toy]), tally_of(toy, people, [toy], cuts)
    assert split == whole


@settings(max_examples=30)
@given(data=st.data())
def test_exact_counts_cover_everybody_once(toy: Catalog, data: st.DataObject) -> None:
    people = data.draw(st.lists(raw_answers(toy), min_size=1, max_size=8))
    found = document(summary_of(toy, people))
    top, formats = found["top"], found["formats"]
    assert sum(each["alone"] for each in formats) + top["tied"] + top["infeasible"] + top["undecided"] == len(people)
    verdicts = [str(verdict) for verdict in Verdict]
    assert all(sum(each[verdict] for verdict in verdicts) == len(people) for each in formats)
    assert sum(each["people"] for each in found["best_variants"]) + found["no_variant"] == len(people)


# --- rounding ----------------------------------------------------------------------------------------------------


def numbers(data: Any, path: str = "") -> dict[str, Any]:
    """Every count of people in a document, by its place; entries of a list stand under what they are about."""
    if isinstance(data, dict):
        return {place: each for key, value in data.items() for place, each in numbers(value, f"{path}.{key}").items()}
    if isinstance(data, list):
        return {place: each for at in data for place, each in numbers(at, f"{path}[{about(at)}]").items()}
    return {path: data} if type(data) is int else {}


def about(entry: Any) -> str:
    """What an entry of a list is about: all in it but the numbers and the lists of entries."""
    if not isinstance(entry, dict):
        return str(entry)
    keys = ("format", "question", "questions", "formats", "from", "to")
    return json.dumps({key: entry[key] for key in keys if key in entry and (key != "formats" or "people" in entry)})


# Not of people, but of how they are counted.
SETTINGS = {".rounded_to", ".fragile.draws"}


def people_in(data: dict[str, Any]) -> dict[str, int]:
    return {place: count for place, count in numbers(data).items() if place not in SETTINGS}


def nearest_five(count: int) -> int:
    """The rule in other words than the code's: 0, 1 and 2 are 0; 3 to 7 are 5; 8 to 12 are 10."""
    return min(range(0, count + 5, 5), key=lambda multiple: abs(multiple - count))


# One after the other they fill a cohort; their answers differ in everything that a summary counts.
KINDS: list[Raw] = [*SIX, {"goals": {"deep": 4, "soon": 3}}, {"weeks": 2, "hours_per_week": 20, "wage": "required"}]


def cohort(size: int) -> list[Raw]:
    """Some people of each kind: few of the first, more of each later one."""
    weights = [kind for kind, _ in enumerate(KINDS) for _ in range(kind + 1)]
    return [KINDS[weights[7 * at % len(weights)]] for at in range(size)]


def rounded_and_exact(catalog: Catalog, tally: Tally, others: list[Catalog]) -> tuple[dict[str, Any], dict[str, Any]]:
    one, two = (document(Summary(catalog, tally, others, exact)) for exact in (False, True))
    return one, two


def test_the_difference_of_two_summaries_says_no_more_than_the_documentation_admits(
    toy: Catalog, tmp_path: Path
) -> None:
    # With and without one person of each kind, in cohorts of 1 to 60. The documentation admits: a count that moves by 5
    # with one person counts that person, and that happens where it goes from 5 n + 2 to 5 n + 3. Nothing else differs.
    paper = "      paper: {value: never, basis: sourced, sources: {handbook: chapter 1}}"
    changed = [other(tmp_path, paper, paper.replace("never", "sometimes"))]
    tallies = {at: tally_of(toy, [kind], changed) for at, kind in enumerate(KINDS)}
    moved = stayed = 0
    for size in range(1, 61):
        without = tally_of(toy, cohort(size)[:-1], changed) if size > 1 else Tally()
        less, less_exact = rounded_and_exact(toy, without, changed)
        for one in tallies.values():
            whole = deepcopy(without)
            whole.merge(one)
            more, more_exact = rounded_and_exact(toy, whole, changed)
            before, after = people_in(less), people_in(more)
            counts_before, counts_after = people_in(less_exact), people_in(more_exact)
            for place in before.keys() | after.keys():
                old, new = counts_before.get(place, 0), counts_after.get(place, 0)
                assert (before.get(place, 0), after.get(place, 0)) == (nearest_five(old), nearest_five(new)), place
                assert 0 <= new - old <= 1, place
                crossed = (old % 5, new % 5) == (2, 3)
                assert (after.get(place, 0) - before.get(place, 0) == 5) is crossed, place
                moved += crossed
                stayed += new > old and not crossed
    # A place that counts the person moves once in five times.
    assert 0.1 < moved / (moved + stayed) < 0.3


def test_nothing_of_a_rounded_summary_depends_on_more_than_its_rounded_counts(toy: Catalog) -> None:
    # Cohorts whose counts round alike give the same bytes, whatever the order of the people and of the exact counts.
    # 25, 26 and 25 or 26, 25 and 24 people: 25 each; two kinds together are 49 to 51: 50; all are 76 or 75: 75.
    paper, weeks = {"certificate": "required"}, {"weeks": 2}
    one = document(summary_of(toy, [paper] * 25 + [weeks] * 26 + [{}] * 25, exact=False))
    two = document(summary_of(toy, [{}] * 24 + [paper] * 26 + [weeks] * 25, exact=False))
    assert one == two
    assert list(one) == list(two)


def test_an_entry_is_there_from_three_people_on(toy: Catalog) -> None:
    # A visa in the South is what closes a long to somebody.
    many = [{"weeks": 2}] * 30
    for few, expected in ((1, {}), (2, {}), (3, {"permit": 5}), (7, {"permit": 5}), (8, {"permit": 10})):
        data = document(summary_of(toy, [*many, *([SIX[5]] * few)], exact=False))
        found = people_by(by_format(data)["long"]["blocked_by"])
        assert {key: count for key, count in found.items() if key == "permit"} == expected


def test_the_number_of_rows_is_rounded_too(toy: Catalog) -> None:
    data = document(summary_of(toy, [{"weeks": 2}] * 23, exact=False))
    assert (data["rows"], data["accepted"], data["rejected"], data["fragile"]["sampled"]) == (25, 25, 0, 25)
    assert (data["rounded_to"], data["least_shared"]) == (5, 22.5)


def test_exact_counts_can_be_asked_for(six: dict[str, Any]) -> None:
    assert (six["rounded_to"], six["least_shared"]) == (1, 0)


def test_sentences_say_nothing_that_a_rounded_count_leaves_open(toy: Catalog, tmp_path: Path) -> None:
    paper = "      paper: {value: never, basis: sourced, sources: {handbook: chapter 1}}"
    changed = other(tmp_path, paper, paper.replace("never", "sometimes"))
    wants, rest = {"certificate": "required"}, [{"weeks": 2}] * 30
    sentences = [
        document(summary_of(toy, [*rest, *([wants] * few)], [changed], exact=False))["what_if"][0]["sentences"]
        for few in range(4)
    ]
    assert sentences[0] == sentences[1] == sentences[2]
    assert sentences[0][0].endswith("every format would stay open to the same people, but for two people at most.")
    assert sentences[3][0].endswith("it would be open to 5 more of 35 people.")


# --- another catalog ---------------------------------------------------------------------------------------------


def other(tmp_path: Path, old: str, new: str) -> Catalog:
    text = (CASES / "toy.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "other.yaml").write_text(text.replace(old, new, 1), "utf-8")
    return load_catalog(tmp_path / "other.yaml")


def test_another_catalog_opens_a_format(toy: Catalog, tmp_path: Path) -> None:
    # A short with a certificate now and then: it opens to the second and the fourth of the six, and the second, who had
    # nothing, gets it as the only one left. The fourth keeps the long: 100 against 50.
    paper = "      paper: {value: never, basis: sourced, sources: {handbook: chapter 1}}"
    changed = other(tmp_path, paper, paper.replace("never", "sometimes"))
    (found,) = document(summary_of(toy, SIX, [changed]))["what_if"]
    assert {
        each["format"]: (each["before"], each["after"], each["opened"], each["closed"]) for each in found["formats"]
    } == {
        "short": (4, 6, 2, 0),
        "middle": (4, 4, 0, 0),
        "long": (2, 2, 0, 0),
    }
    assert (found["changed"], found["moves"]) == (1, [{"from": [], "to": ["short"], "people": 1}])
    assert found["sentences"] == [
        "If a short sometimes ends in a certificate (now it never ends in a certificate), it would be open to 2 more of"
        " 6 people.",
        "Another format would come first for 1 of 6 people.",
    ]


def test_a_change_without_words_of_its_own_is_named(toy: Catalog, tmp_path: Path) -> None:
    length = "length: {min: 4 weeks, typical: 8 weeks, max: 16 weeks"
    changed = other(tmp_path, length, length.replace("min: 4 weeks", "min: 2 weeks"))
    (found,) = document(summary_of(toy, SIX, [changed]))["what_if"]
    # A middle of 2 weeks opens to the first and the second. The first keeps the short: 100 against 40.
    assert found["sentences"][0] == (
        "With this change (Middle, Length: at least 2 weeks, usually 8 weeks, at most 16 weeks instead of at"
        " least 4 weeks, usually 8 weeks, at most 16 weeks), a middle would be open to 2 more of 6 people."
    )
    assert found["changed"] == 1


def test_the_same_catalog_changes_nothing(toy: Catalog) -> None:
    (found,) = document(summary_of(toy, SIX, [toy]))["what_if"]
    assert (found["changed"], found["moves"], found["changes"]) == (0, [], [])
    assert found["sentences"] == ["The two catalogs judge alike: nobody's result can change."]


def test_an_answer_that_the_other_catalog_does_not_know_counts_as_left_open(toy: Catalog) -> None:
    place = toy.questions["place"]
    options = tuple(option for option in place.options if option.id != "home_required")
    changed = replace(toy, questions={**toy.questions, "place": replace(place, options=options)})
    (found,) = document(summary_of(toy, SIX, [changed]))["what_if"]
    # The fifth has then answered nothing that counts: no top any more, and the long is open.
    assert found["moves"] == [{"from": ["short"], "to": [], "people": 1}]
    assert {each["format"]: each["opened"] for each in found["formats"]}["long"] == 1


@settings(max_examples=10)
@given(data=st.data())
def test_another_catalog_is_counted_as_single_recommendations_are(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    core = [id for id, format in catalog.formats.items() if format.core]
    swapped = {**catalog.formats[core[0]].attributes}
    changed = replace(
        catalog, formats={**catalog.formats, core[1]: replace(catalog.formats[core[1]], attributes=swapped)}
    )
    people = data.draw(st.lists(raw_answers(catalog), min_size=1, max_size=4))
    (found,) = document(summary_of(catalog, people, [changed]))["what_if"]
    pairs = [(recommend(catalog, each), recommend(changed, each)) for each in people]
    assert found["changed"] == sum(old.top != new.top for old, new in pairs)
    for each in found["formats"]:
        ranks = [
            [next(entry.rank for entry in run.ranking if entry.id == each["format"]) for run in pair] for pair in pairs
        ]
        assert each["opened"] == sum(old is None and new is not None for old, new in ranks)
        assert each["closed"] == sum(old is not None and new is None for old, new in ranks)


# --- the command -------------------------------------------------------------------------------------------------


def test_the_command_writes_a_valid_document(tmp_path: Path, shipped: Catalog) -> None:
    (tmp_path / "people.csv").write_text(
        "id,goals,pay,weeks\na,explore,required,4\nb,income;employment,,3 years\nc,,x,\n"
    )
    result = run_here(
        "batch",
        str(tmp_path / "people.csv"),
        "-o",
        str(tmp_path / "out.jsonl"),
        "--rejects",
        str(tmp_path / "rejects.jsonl"),
        "--summary",
        str(tmp_path / "summary.json"),
        "--exact",
    )
    assert result.code == 1  # a row was rejected
    data = json.loads((tmp_path / "summary.json").read_text())
    assert [*Draft202012Validator(json_schema("summary", shipped)).iter_errors(data)] == []
    assert (data["rows"], data["accepted"], data["rejected"]) == (3, 2, 1)
    records, rejects = (
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        for name in ("out.jsonl", "rejects.jsonl")
    )
    assert [*Draft202012Validator({"items": json_schema("record", shipped)}).iter_errors(records)] == []
    assert [*Draft202012Validator({"items": json_schema("reject", shipped)}).iter_errors(rejects)] == []
    assert len(records) == 2
    assert len(rejects) == 1


@settings(max_examples=10)
@given(data=st.data())
def test_every_summary_is_valid(data: st.DataObject) -> None:
    catalog = data.draw(catalogs())
    people = data.draw(st.lists(raw_answers(catalog), max_size=4))
    for exact in (True, False):
        found = document(summary_of(catalog, people, [catalog], exact))
        assert [*Draft202012Validator(json_schema("summary", catalog)).iter_errors(found)] == []


@pytest.mark.parametrize("option", [["--exact"], ["--what-if-catalog", "x.yaml"]])
def test_options_of_the_summary_need_one(option: list[str]) -> None:
    result = run_here("batch", "-", *option)
    assert result.code == 2
    assert (
        result.message
        == f"formatpicker: {option[0]}: belongs to --summary FILE; name the file that the summary goes to\n"
    )


def test_the_summary_names_no_person(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,pay\n" + "".join(f"somebody-{at},required\n" for at in range(20)))
    result = run_here("batch", str(tmp_path / "people.csv"), "--summary", str(tmp_path / "summary.json"))
    assert result.code == 0
    assert "somebody" not in (tmp_path / "summary.json").read_text()

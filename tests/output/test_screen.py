from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Catalog, recommend
from formatpicker.advice.certainty import Call
from formatpicker.advice.notices import dated_text
from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.terminal import Screen, finished
from formatpicker.base.text import capitalized
from formatpicker.catalog.store import parse_catalog
from formatpicker.output.json.person import recommendation_data
from formatpicker.output.text.catalog import format_list, format_page
from formatpicker.output.text.format_words import checks, foremost_checks, offered, variants
from formatpicker.output.text.screen import details, standings, summary, track
from formatpicker.output.text.sentences import headline, what_if_words
from formatpicker.scoring.ranking import Assessment
from people import PEOPLE, recommended
from running import widest
from strategies import raw_answers

CASES = Path(__file__).parent.parent / "cases"
# What a terminal of 24 lines leaves for the page when a prompt stands below it.
MOST_LINES = 23


def page(recommendation: Recommendation, width: int = 80, *, unicode: bool = True) -> str:
    """The summary as a terminal of 24 lines shows it."""
    return finished(summary(recommendation, Screen(width, 24, unicode)), colour=False)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def assert_fits(recommendation: Recommendation) -> None:
    lines = page(recommendation).rstrip("\n").split("\n")
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 80


def assert_answers_first(recommendation: Recommendation) -> None:
    """The page begins with the headline, which names every contender or what would open the nearest format."""
    said = flat(finished(headline(recommendation), colour=False))
    assert flat(page(recommendation)).startswith(said)
    call, contenders = recommendation.certainty.call, recommendation.certainty.contenders
    if call in (Call.TOO_CLOSE, Call.LEANING, Call.CLEAR):
        named = contenders if call is Call.TOO_CLOSE else contenders[:1]
        assert [id for id in named if recommendation.catalog.formats[id].phrase not in said.replace("A", "a", 1)] == []
    elif call is Call.NONE and recommendation.nearest_opening:
        assert recommendation.catalog.formats[recommendation.nearest_opening.unlocks].phrase in said


def assert_blocked_say_why(recommendation: Recommendation) -> None:
    """Every core format that is ruled out says by what, to the end of the sentence."""
    shown = flat(page(recommendation))
    for entry in recommendation.ranking:
        if entry.blockers:
            format = entry.assessment.format
            reason = entry.blockers[0].text.removeprefix(f"{capitalized(format.phrase)} ").rstrip(".")
            reason = reason.replace(f", {format.phrase} ", " it ")  # "even in France it takes"
            assert f"{format.name} ruled out: {reason[:1].lower()}{reason[1:]}" in shown


def assert_no_criterion_earns_more_than_it_can(recommendation: Recommendation) -> None:
    shown = flat(finished(details(recommendation, Screen()), colour=False))
    found = re.findall(r": ([\d.]+) of ([\d.]+) points\)", shown)
    assert [pair for pair in found if float(pair[0]) > float(pair[1])] == []


def test_points_that_are_rounded_up_stay_within_the_whole(shipped: Catalog) -> None:
    """36.04 of 36.04 points is 36.1 where the tenth that is missing from the sum goes there."""
    given = {"goals": ["explore", "immersion"], "weeks": 2, "hours_per_week": 35, "situation": "school"}
    assert_no_criterion_earns_more_than_it_can(recommend(shipped, given | {"location": "in_person_required"}))


@pytest.mark.parametrize("id", PEOPLE)
def test_the_summary_fits_a_screen_of_24_lines_and_80_columns(id: str) -> None:
    assert_fits(recommended(id))


@pytest.mark.parametrize("id", PEOPLE)
def test_the_first_line_is_the_answer(id: str) -> None:
    assert_answers_first(recommended(id))


@pytest.mark.parametrize("id", PEOPLE)
def test_blocked_formats_say_why(id: str) -> None:
    assert_blocked_say_why(recommended(id))


@pytest.mark.parametrize("width", [40, 50, 60, 80, 120])
@pytest.mark.parametrize("render", [summary, details], ids=lambda render: render.__name__)
def test_no_line_is_wider_than_the_screen(render: object, width: int) -> None:
    over = {
        id: line
        for id in PEOPLE
        for line in finished(render(recommended(id), Screen(width, 24)), colour=False).split("\n")  # type: ignore[operator]
        if len(line) > width
    }
    assert over == {}


@settings(max_examples=20)
@given(data=st.data())
def test_any_answers_give_a_page_that_fits(shipped: Catalog, data: st.DataObject) -> None:
    recommendation = recommend(shipped, data.draw(raw_answers(shipped)))
    assert_fits(recommendation)
    assert_answers_first(recommendation)
    assert_blocked_say_why(recommendation)
    for width in (60, 120):
        assert widest(page(recommendation, width)) <= width
        assert widest(finished(details(recommendation, Screen(width, 24)), colour=False)) <= width
    assert_no_criterion_earns_more_than_it_can(recommendation)


@settings(max_examples=60)
@given(data=st.data())
def test_the_standings_fit_any_width_from_40(shipped: Catalog, data: st.DataObject) -> None:
    width, answers = data.draw(st.integers(40, 130)), data.draw(raw_answers(shipped))
    shown = finished("\n".join(standings(recommend(shipped, answers), Screen(width, 24))), colour=False)
    assert widest(shown) <= width


@pytest.mark.parametrize("id", PEOPLE)
def test_scores_on_the_screen_are_those_of_the_json(id: str) -> None:
    """Whole numbers in the standings, their range in the details; with few answers none on the first page."""
    result = recommended(id)
    shown, deeper = page(result), flat(finished(details(result, Screen()), colour=False))
    few = result.certainty.coverage < 0.35
    data: Any = recommendation_data(result)
    for entry in data["ranking"]:
        if entry["blockers"] or entry["score"] is None:
            continue
        found = re.search(rf"^  {re.escape(entry['name'])} +[─●·]+ +(\d+)(  long shot)?$", shown, re.MULTILINE)
        assert bool(found) != few
        ends = re.search(rf"{re.escape(entry['name'])}: rank [^.]*?, (\d+) of 100 points \((\d+) to (\d+)\)", deeper)
        assert ends
        # Whole numbers on the screen, tenths in JSON: never more than half a point and half a tenth apart.
        exact = (entry["score"], entry["score_low"], entry["score_high"])
        assert [abs(int(text) - end) <= 0.55 for text, end in zip(ends.groups(), exact, strict=True)] == [True] * 3
        assert found is None or found[1] == ends[1]


def test_nothing_is_called_first_where_nothing_tells_the_formats_apart(shipped: Catalog) -> None:
    shown = page(recommend(shipped, {"weeks": 520, "hours_per_week": 40}))
    assert "Nothing you have answered so far" in shown
    assert "first so far" not in shown


def test_few_answers_show_no_score(shipped: Catalog) -> None:
    """A goal is 100 of what all questions can weigh together, less than a third."""
    shown = page(recommend(shipped, {"goals": ["explore"]}))
    assert "Where each one stands so far" in shown
    assert re.search(r"^  Micro-internship +first so far$", shown, re.MULTILINE)
    assert not re.search(r"^  \w.*\d$", shown, re.MULTILINE)


def test_a_mark_on_a_line(shipped: Catalog) -> None:
    """10 columns stand for 100 points: 56 is in the sixth, its range from 44 to 79 in the fifth to the eighth."""

    class Sums:
        total_low, total, total_high, scale = 44, 56, 79, 100

    drawn = [track(cast(Assessment, Sums), 10, unicode) for unicode in (True, False)]
    assert drawn == ["····─●──··", "....-o--.."]
    whole = type("Sums", (), {"total_low": 100, "total": 100, "total_high": 100, "scale": 100})
    assert track(cast(Assessment, whole), 4) == "···●"


@pytest.mark.parametrize("id", PEOPLE)
def test_what_to_check_is_shown_or_counted(id: str) -> None:
    result = recommended(id)
    shown = flat(page(result))
    close = result.certainty.contenders if result.certainty.call is Call.TOO_CLOSE else ()
    told = [entry for entry in result.ranking if entry in result.best or entry.id in close]
    notices = {dated_text(notice) for entry in told for notice in (*entry.conditions, *entry.cautions)}
    left_out = [text for text in notices if text not in shown]
    counted = re.search(r"and (\d+) more: --details", shown)
    assert len(left_out) == (int(counted[1]) if counted else 0)


ON_A_VISA = {"goals": ["resume"], "weeks": 12, "hours_per_week": 20, "region": "us", "work_permit": "student_visa"}


def test_a_long_shot_says_why_below_an_open_format(shipped: Catalog) -> None:
    lines = page(recommend(shipped, ON_A_VISA)).splitlines()
    (at,) = (index for index, line in enumerate(lines) if line.endswith("long shot"))
    assert lines[at + 1].strip() == "is often self-employed work, which student visas usually"


def test_the_law_of_a_country_is_checked_before_the_general_words_and_sums_last(shipped: Catalog) -> None:
    found = recommend(shipped, ON_A_VISA)
    told = foremost_checks(found, found.best[0])
    assert told[0].text.startswith("On an F-1 visa, get approval (CPT)")
    assert told[1].question == "hours_per_week"
    assert sorted(each.text for each in told) == sorted(each.text for each in checks(found.best[0]))
    limits = [each.question for each in told if each.question in ("hours_per_week", "total_hours", "pay")]
    assert limits == ["hours_per_week", "pay", "total_hours"]


def test_a_change_to_a_long_shot_says_that_it_is_one(shipped: Catalog) -> None:
    # With few hours an internship is a long shot too, and of two long shots the micro-internship has more points.
    found = recommend(shipped, ON_A_VISA)
    (told,) = what_if_words(found, (each for each in found.what_ifs if "hours_per_week" in each.change))
    assert told.endswith("Then a micro-internship comes first, as a long shot.")


def test_where_it_is_too_close_to_call_each_contender_is_spoken_for(shipped: Catalog) -> None:
    result = recommend(shipped, {"goals": ["resume", "quick_skills"]})
    assert result.certainty.call is Call.TOO_CLOSE
    shown = flat(page(result))
    assert "+ Apprenticeship: it adds a qualification" in shown
    assert "+ Micro-internship: it lets you use one skill right away" in shown
    assert "- Apprenticeship: it needs a long time" in shown
    # None is called the first, as the title says.
    assert "Apprenticeship could come first Internship open Micro-internship could come first" in shown


def test_of_more_contenders_than_there_is_room_for_one_is_spoken_for() -> None:
    data = yaml.safe_load((CASES / "toy.yaml").read_text())
    alike = {f"short{at}": {**data["formats"]["short"], "name": f"Short {at}", "aliases": []} for at in range(8)}
    data["formats"] |= alike
    result = recommend(
        parse_catalog(json.dumps(data, default=str).encode(), "alike"), {"weeks": 2, "goals": ["deep", "soon"]}
    )
    assert len(result.certainty.contenders) == 9
    assert_fits(result)
    assert "+ Short: it is fast." in flat(page(result))


def test_a_first_place_that_rests_on_little_says_so_on_the_first_page() -> None:
    evidence = {id: recommended(id).certainty.evidence for id in PEOPLE}
    weak = [id for id, share in evidence.items() if share is not None and share < 0.5]
    assert "law-uk-student-visa-summer" in weak
    assert [id for id in weak if "is backed by sources" not in flat(page(recommended(id)))] == []


@pytest.mark.parametrize("id", PEOPLE)
def test_variants_that_are_offered_belong_to_the_top_and_reach_the_floor(id: str) -> None:
    result = recommended(id)
    for entry in offered(result):
        assert entry.assessment.format.variant_of[0] in result.top
        assert not entry.long_shots
        assert not entry.blockers
        assert 100 * entry.assessment.total >= 60 * entry.assessment.scale
    for text in variants(result, 3):
        name, definition = text.split(": ", 1)
        (format,) = [format for format in result.catalog.formats.values() if format.name == name]
        assert definition == format.summary


def test_the_page_of_somebody_for_whom_nothing_is_open_begins_with_the_nearest_opening(shipped: Catalog) -> None:
    """Of 5 hours in all (95 % are 4.75), one hour in one day gives one; 5 hours a week are nearer than 5 weeks."""
    result = recommend(shipped, {"weeks": "1 day", "hours_per_week": 1, "goals": ["explore"]})
    lines = page(result).split("\n")
    assert flat(" ".join(lines[:2])).startswith(
        "Nothing is open to you as it stands. Smallest change: hours a week: 5 hours"
    )
    assert "What rules each one out" in lines
    first = result.next_steps[0]
    assert "micro-internship" in first.formats
    assert f"> {first.text}"[:40] in flat(page(result))


def test_a_screen_without_blocks_gets_ascii_marks() -> None:
    lines = page(recommended("s0-opening-flexibility-and-immediate-use"), unicode=False)
    assert re.search(r"  Micro-internship +\.*-*o-*\.* +\d+", lines)
    assert lines.isascii()


@pytest.mark.parametrize("colour", [True, False])
def test_no_mark_is_left_in_the_text(colour: bool) -> None:
    for id in PEOPLE:
        text = finished(summary(recommended(id), Screen()) + details(recommended(id), Screen()), colour)
        assert re.findall("[\ue000-\uf8ff]", text) == []
        assert ("\x1b" in text) is colour


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_page_of_a_format_is_wider_than_the_screen(shipped: Catalog, width: int) -> None:
    screen = Screen(width, 24)
    pages = {id: format_page(shipped, format, screen) for id, format in shipped.formats.items()}
    pages["the list"] = format_list(shipped, screen)
    assert {
        id: width_of for id, text in pages.items() if (width_of := widest(finished(text, colour=False))) > width
    } == {}

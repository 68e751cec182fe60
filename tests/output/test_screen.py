from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formatpicker import Catalog, recommend
from formatpicker.advice.recommendation import Recommendation
from formatpicker.base.style import Screen, finished
from formatpicker.base.text import capitalized
from formatpicker.output.json.data import recommendation_data
from formatpicker.output.text.screen import details, standings, summary
from formatpicker.output.text.table import format_list, format_page
from people import PEOPLE, recommended
from running import widest
from strategies import raw_answers

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
    """The first sentence names what is at the top, or says why nothing is."""
    first = flat(page(recommendation))
    phrases = [entry.assessment.format.phrase for entry in recommendation.best]
    if not phrases:
        assert first.startswith(recommendation.message)
    else:
        assert first.startswith(capitalized(phrases[0]))
        assert [phrase for phrase in phrases if phrase not in first.partition(".")[0].replace("A", "a", 1)] == []


def assert_blocked_say_why(recommendation: Recommendation) -> None:
    """Every core format that is ruled out says by what, to the end of the sentence."""
    shown = flat(page(recommendation))
    for entry in recommendation.ranking:
        if entry.blockers:
            format = entry.assessment.format
            reason = entry.blockers[0].text.removeprefix(f"{capitalized(format.phrase)} ").rstrip(".")
            assert f"{format.name} ruled out: {reason}" in shown


@pytest.mark.parametrize("id", PEOPLE)
def test_the_summary_fits_a_screen_of_24_lines_and_80_columns(id: str) -> None:
    assert_fits(recommended(id))


@pytest.mark.parametrize("id", PEOPLE)
def test_the_first_line_is_the_answer(id: str) -> None:
    assert_answers_first(recommended(id))


@pytest.mark.parametrize("id", PEOPLE)
def test_blocked_formats_say_why(id: str) -> None:
    assert_blocked_say_why(recommended(id))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
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


@settings(max_examples=60)
@given(data=st.data())
def test_the_standings_fit_any_width_from_40(shipped: Catalog, data: st.DataObject) -> None:
    width, answers = data.draw(st.integers(40, 130)), data.draw(raw_answers(shipped))
    shown = finished("\n".join(standings(recommend(shipped, answers), Screen(width, 24))), colour=False)
    assert widest(shown) <= width


@pytest.mark.parametrize("id", PEOPLE)
def test_scores_on_the_screen_are_those_of_the_json(id: str) -> None:
    shown = page(recommended(id))
    data: Any = recommendation_data(recommended(id))
    for entry in data["ranking"]:
        if not entry["blockers"] and entry["score"] is not None:
            found = re.search(rf"^  {re.escape(entry['name'])} +\S+ +(\d+)  \((\d+) to (\d+)\)$", shown, re.MULTILINE)
            assert found
            # Whole numbers on the screen, tenths in JSON: never more than half a point and half a tenth apart.
            ends = (entry["score"], entry["score_low"], entry["score_high"])
            assert [abs(int(text) - end) <= 0.55 for text, end in zip(found.groups(), ends, strict=True)] == [True] * 3


@pytest.mark.parametrize("id", PEOPLE)
def test_what_to_check_is_shown_or_counted(id: str) -> None:
    shown = flat(page(recommended(id)))
    notices = {notice.text for entry in recommended(id).best for notice in (*entry.conditions, *entry.cautions)}
    left_out = [text for text in notices if text not in shown]
    counted = re.search(r"and (\d+) more", shown.partition("Check before you say yes")[2])
    assert len(left_out) == (int(counted[1]) if counted else 0)


def test_a_screen_without_blocks_gets_ascii_bars() -> None:
    bars = page(recommended("s0-opening-flexibility-and-immediate-use"), unicode=False)
    assert re.search(r"  Micro-internship +#+\.* +\d+ ", bars)
    assert bars.isascii()


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

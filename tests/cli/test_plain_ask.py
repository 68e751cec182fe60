"""The questionnaire as text from top to bottom, on a real pseudo-terminal, as a person types into it."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
import pytest

from formatpicker.base.yaml_reader import parse_document
from formatpicker.catalog.model import Catalog
from formatpicker.cli.result_steps import RESULT_PROMPT
from running import ESCAPE, ended, environment, run, seen, spawn, widest

SKIP = "s"
# What is typed for the questions of the shipped catalog, and what is answered by it.
TYPED = {
    "goals": "1, 5",
    "weeks": "6 weeks",
    "hours_per_week": "10",
    "flexible_schedule": "2",
    "pay": "yes",
    "mentorship": "preferred",
    "experience": "1",
    "situation": "2",
    "region": "1",
    "work_permit": "1",
    "age": "19",
}
# As ``recommend`` takes it, and as it stands in a file: in the words that were typed.
ANSWERED = {
    "goals": ["explore", "portfolio"],
    "weeks": 6,
    "hours_per_week": 10,
    "flexible_schedule": "preferred",
    "pay": "required",
    "mentorship": "preferred",
    "experience": "none",
    "situation": "full_time_student",
    "region": "us",
    "work_permit": "unrestricted",
    "age": 19,
}
IN_FILE = {**ANSWERED, "weeks": "6 weeks"}
QUESTION = r"Question (\d+)(?: of (?:about )?(\d+))?"
REVIEW = "Enter shows the result[^>]*> "
FINISH = "Enter to finish > "


class Log:
    """Everything that came from the terminal."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        """Nothing waits to be written."""


@dataclass(frozen=True)
class Page:
    """One question as it is shown: its number, its id and all text from its number to the prompt."""

    number: int
    total: int | None
    id: str
    text: str


class Person:
    """Somebody at a terminal. The order of the questions is up to the program: they are known by their text."""

    def __init__(self, catalog: Catalog, child: Any) -> None:
        self.child = child
        self.log = Log()
        child.logfile_read = self.log
        self.ids = {question.text: question.id for question in catalog.questions.values()}

    def types(self, *lines: str) -> None:
        for line in lines:
            self.child.sendline(line)

    def sees(self, *texts: str) -> str:
        """Wait for some texts, one after another; what was shown before the last of them."""
        for text in texts:
            self.child.expect(text)
        return seen(str(self.child.before))

    def page(self) -> Page:
        """Wait for the next question."""
        self.child.expect(QUESTION)
        return self.rest_of_page()

    def rest_of_page(self) -> Page:
        """What follows the number of a question that was just waited for."""
        number, total = int(self.child.match[1]), self.child.match[2]
        self.child.expect("\n> ")
        shown = re.sub(r"\s+", " ", seen(str(self.child.before))).strip()
        [id] = [id for text, id in self.ids.items() if shown.startswith(text)]
        return Page(number, int(total) if total else None, id, shown)

    def told_after(self, *lines: str) -> str:
        """Type something at a question; what is said of it before the same prompt comes again."""
        self.types(*lines)
        for _ in lines:
            self.child.expect("\n> ")
        return re.sub(r"\s+", " ", seen(str(self.child.before))).strip()

    def page_after(self, *lines: str) -> Page:
        """Type something at a question; the page that follows it."""
        self.types(*lines)
        return self.page()

    def reaches(self, id: str, page: Page | None = None) -> Page:
        """Skip questions until a certain one is asked, from the page at hand or the next."""
        page = page or self.page()
        while page.id != id:
            page = self.page_after(SKIP)
        return page

    def answers(self, typed: Mapping[str, str]) -> list[Page]:
        """Answer each question as it comes, skipping those without an answer, until the review is shown."""
        pages = []
        while self.child.expect([QUESTION, REVIEW]) == 0:
            pages.append(self.rest_of_page())
            self.types(typed.get(pages[-1].id, SKIP))
        return pages

    def stops(self) -> None:
        self.types("q")
        assert ended(self.child) == 0


Start = Callable[..., Person]


@pytest.fixture
def start(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, shipped: Catalog) -> Iterator[Start]:
    """Starts ``formatpicker ask`` in a folder of its own; whatever is left of it ends with the test."""
    children: list[Any] = []
    state = str(tmp_path_factory.mktemp("state"))

    def begin(*options: str, **settings: Any) -> Person:
        settings["env"] = {"XDG_STATE_HOME": state, **settings.get("env", {})}
        shown = [] if {"TERM", "ACCESSIBLE"} & set(settings["env"]) else ["--plain"]
        children.append(spawn("ask", *dict.fromkeys([*shown, *options]), **{"cwd": tmp_path, **settings}))
        return Person(shipped, children[-1])

    yield begin
    for child in children:
        child.close(force=True)


def saved(file: Path) -> dict[str, Any]:
    """What is in a file of answers, questions that were skipped among it."""
    data = parse_document(file.read_bytes(), str(file)).data
    assert isinstance(data, dict)
    return data


def given(file: Path) -> dict[str, Any]:
    """The answers in a file."""
    return {key: value for key, value in saved(file).items() if value != "skip"}


def _words(text: str) -> str:
    """A page without its bars, which are drawn in other characters in plain text."""
    return " ".join(re.sub(r"[^\w\s()]{3,}[o\W]*", " ", text).split())


# --- from the first question to the result ---------------------------------------------------------------------


def test_the_questionnaire_leads_to_the_result_that_recommend_gives_for_the_saved_file(
    start: Start, tmp_path: Path
) -> None:
    person = start("--save", "mine.yaml", env={"NO_COLOR": "1"})
    person.answers(TYPED)
    person.types("")
    result = person.sees(re.escape(FINISH))
    person.types("")
    person.sees("Your answers are in mine.yaml.")
    assert ended(person.child) == 0
    file = tmp_path / "mine.yaml"
    assert given(file) == IN_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    recommended = run("recommend", "mine.yaml", cwd=tmp_path)
    assert recommended.code == 0
    assert _words(recommended.text.replace(": --details shows", ": d shows")) in _words(result)


def test_every_question_is_asked_once_and_tells_how_far_one_is(start: Start, shipped: Catalog) -> None:
    person = start()
    first = person.page()
    assert (first.number, first.total) == (1, None)  # nothing tells the formats apart yet
    second = person.page_after("1, 5")
    pages = [first, second]
    person.types(SKIP)
    pages += person.answers({})
    assert sorted(page.id for page in pages) == sorted(shipped.questions)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    # Those that matter, not all of them; and it never says less than the number at hand.
    assert second.total is not None
    assert 3 <= second.total < len(shipped.questions)
    assert all(page.number <= page.total for page in pages[1:] if page.total)


def test_the_standings_show_in_one_line_from_the_third_answer_on(start: Start) -> None:
    person = start()
    person.page()
    person.types("1, 5")
    assert "So far" not in person.sees(QUESTION)
    person.reaches("weeks", person.rest_of_page())
    person.page_after("10 weeks")
    person.types("10")
    line = person.sees(QUESTION)
    assert re.search(r"^So far: micro-internship \d+, internship \d+, apprenticeship ruled out$", line, re.MULTILINE)


def test_nothing_is_written_twice(start: Start, shipped: Catalog) -> None:
    person = start()
    page = person.page()
    assert "[b back" in page.text
    assert person.told_after("?").removeprefix("? ") == shipped.questions["goals"].why
    told = person.told_after("14")
    assert told.startswith("14 That does not work: '14' is not one of these")
    assert "[b back" not in person.page_after("1").text
    person.stops()
    assert person.log.text.count(shipped.questions["goals"].text) == 1


# --- ways to answer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "ways"),
    [
        pytest.param(
            "goals",
            {
                "3": ["quick_skills"],
                "3, 1": ["quick_skills", "explore"],
                "13 1 2": ["balance", "explore", "expertise"],
                "quick_skills; Income": ["quick_skills", "income"],
                "Steady, a few": ["income", "network_depth"],
                "fits beside study, work or family": ["balance"],
                "1=5, income: 3": {"explore": 5, "income": 3},
            },
            id="goals",
        ),
        pytest.param(
            "pay",
            dict.fromkeys(["1", "required", "REQUIRED", "yes", "Yes, it must be paid"], "required"),
            id="a choice",
        ),
        pytest.param(
            "weeks",
            {"3": 3, "2 months": "2 months", "a year and a half": "a year and a half", "No limit": "No limit"},
            id="a duration",
        ),
        pytest.param("hours_per_week", {"6": 6, "7,5": 7, "8 hrs": "8 hrs", "half days": "half days"}, id="a number"),
        pytest.param("situation", {"job": "employed", "full": "full_time_student"}, id="people's words"),
    ],
)
def test_an_answer_can_be_typed_in_many_ways(id: str, ways: dict[str, Any], start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches(id)
    for typed, answer in ways.items():
        person.page_after(typed)
        assert given(tmp_path / "mine.yaml") == {id: answer}
        assert person.page_after("b").id == id


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        pytest.param(
            "goals",
            {"1, 1": "twice", "14": "from 1 to 13", "1,2,3,4,5,6": "at most 5", "1=9": "1 to 5", "": "s to skip"},
            id="goals",
        ),
        pytest.param("weeks", {"whenever": "'whenever' is not a duration", "11 years": "520 weeks"}, id="a duration"),
        pytest.param("hours_per_week", {"lots": "not a number of hours", "99": "from 1 to 60"}, id="a number"),
        pytest.param("region", {"7": "from 1 to 6"}, id="a choice"),
    ],
)
def test_what_cannot_be_used_is_explained_and_asked_again(id: str, wrong: dict[str, str], start: Start) -> None:
    person = start()
    page = person.reaches(id)
    for typed, told in wrong.items():
        assert told in person.told_after(typed)
    assert person.page_after(SKIP).number == page.number + 1


@pytest.mark.parametrize(
    ("id", "typed", "offered", "chosen", "answer"),
    [
        ("weeks", "6-8 weeks", "1 6 weeks 2 8 weeks", "2", "8 weeks"),
        ("weeks", "six wekes", "Did you mean this? 1 6 weeks", "", "6 weeks"),
        ("start_within_weeks", "asap", "1 today 2 2 weeks 3 1 month", "1", "today"),
        ("situation", "student", "1 I study full-time 2 I study part-time", "1", "full_time_student"),
        ("region", "united", "1 United States 2 United Kingdom", "2", "uk"),
        ("goals", "skills, income", "1 Get really good at one thing, Steady earnings", "1", ["expertise", "income"]),
        ("weeks", "6-8 weeks", "1 6 weeks 2 8 weeks", "10 weeks", "10 weeks"),
    ],
)
def test_what_is_in_doubt_is_asked(
    id: str, typed: str, offered: str, chosen: str, answer: Any, start: Start, tmp_path: Path
) -> None:
    person = start("--save", "mine.yaml")
    person.reaches(id)
    told = person.told_after(typed)
    assert shortened_echo(typed) in told
    assert offered in told
    person.page_after(chosen)
    assert given(tmp_path / "mine.yaml") == {id: answer}


def shortened_echo(typed: str) -> str:
    return f"You typed {typed!r}."


def test_hours_say_what_they_open(start: Start) -> None:
    page = start().reaches("hours_per_week")
    pattern = (
        r"From \d hours: a micro-internship\. From \d+ hours an internship opens, from \d+ hours an apprenticeship\."
    )
    assert re.search(pattern, page.text)


# --- back, skip and change -------------------------------------------------------------------------------------


def test_back_shows_the_answer_and_enter_keeps_it(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    first = person.reaches("goals")
    second = person.page_after("2")
    back = person.page_after("b")
    assert (back.id, back.number) == ("goals", first.number)
    assert "Your answer: Get really good at one thing" in back.text
    assert person.page_after("").id == second.id
    person.page_after("b")
    person.page_after("5")
    person.stops()
    assert given(tmp_path / "mine.yaml") == {"goals": ["portfolio"]}


def test_back_goes_all_the_way(start: Start) -> None:
    person = start()
    asked = [person.page()]
    for _ in range(4):
        asked.append(person.page_after(SKIP))
    for earlier in reversed(asked[:-1]):
        page = person.page_after("b")
        assert (page.id, page.number) == (earlier.id, earlier.number)
    assert "first question" in person.told_after("b")


def test_skipping_takes_an_earlier_answer_away(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    person.page_after("2")
    person.page_after("b")
    person.page_after("s")
    person.stops()
    assert saved(tmp_path / "mine.yaml")["goals"] == "skip"


def test_the_review_shows_all_answers_as_asked_and_changes_any(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start("--save", "mine.yaml")
    asked = [page.id for page in person.answers(TYPED)]
    review = seen(str(person.child.before))
    for number, id in enumerate(asked, 1):
        assert re.search(rf"^ *{number}  {re.escape(shipped.questions[id].label)}: ", review, re.MULTILINE)
    assert "Credit for your course: not answered" in review
    assert "1 Try out roles or industries, 2 Finished work to show" in review
    place = str(asked.index("pay") + 1)
    person.types(place)
    page = person.page()
    assert (page.id, page.number) == ("pay", int(place))
    assert "Your answer: Yes, it must be paid" in page.text
    assert "That does not work" in person.told_after("nonsense")
    person.types("3")
    changed = person.sees(REVIEW)
    assert re.search(rf"^ *{place}  Paid work: No, I can do it unpaid", changed, re.MULTILINE)
    person.types("99")
    assert "Type a number from 1 to 15" in person.sees(REVIEW)
    person.types("")
    person.sees(re.escape(FINISH))
    assert given(tmp_path / "mine.yaml") == {**IN_FILE, "pay": "not_needed"}
    assert list(saved(tmp_path / "mine.yaml")) == asked


def test_after_the_result_come_details_edits_and_saving(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start(env={"HOME": str(tmp_path), "TERM": "dumb"})
    asked = [page.id for page in person.answers(TYPED)]
    person.types("")
    person.sees(re.escape(FINISH))
    for typed, told in (
        ("d", "https://"),
        ("what", "Type d, t, c"),
        ("w no-folder/mine.yaml", "cannot be written"),
        ("w mine.docx", "unknown ending"),
        ("w mine.yaml", "Saved to mine.yaml"),
        ("w ~/mine.md", "Saved the page"),
        ("w mine.html", "Saved the page"),
    ):
        person.types(typed)
        assert told in person.sees(re.escape(FINISH)).replace("\n", " ")
    assert given(tmp_path / "mine.yaml") == IN_FILE
    assert "\n# " in (tmp_path / "mine.md").read_text()
    assert (tmp_path / "mine.html").read_text().lower().startswith("<!doctype html>")
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir() if file.is_file()} == {0o600}
    person.types("e")
    person.sees(REVIEW)
    person.types(str(asked.index("weeks") + 1))
    person.page()
    person.types("1 year")
    person.sees(REVIEW)
    person.types("")
    person.sees(re.escape(FINISH))
    # The file of answers follows each change; a page is written again when that is asked for.
    assert given(tmp_path / "mine.yaml")["weeks"] == "1 year"
    before = (tmp_path / "mine.html").read_text()
    person.types("w mine.html")
    assert "Saved the page" in person.sees(re.escape(FINISH))
    assert (tmp_path / "mine.html").read_text() != before
    person.types("")
    assert ended(person.child) == 0


def test_other_answers_are_tried_and_two_formats_compared(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.answers(TYPED)
    person.types("", "t")
    person.sees(re.escape(FINISH))
    trying = "Enter keeps it > "
    assert "What if? Longest time: 6 weeks" in person.sees(trying)
    person.types("9 months")
    assert "What if? Longest time: 9 months instead of 6 weeks" in person.sees(trying)
    person.types("o")
    assert "What if? Hours a week: 10 hours" in person.sees(trying)
    person.types("o")
    assert "What if? Latest start: not answered so far" in person.sees(trying)
    person.types("b")
    person.sees(re.escape(FINISH))
    assert given(tmp_path / "mine.yaml") == IN_FILE
    person.types("c")
    assert "Which two formats?" in person.sees("Two numbers")
    person.types("1, 3")
    assert "Apprenticeship" in person.sees(re.escape(FINISH))
    person.types("t", "9 months", "")
    person.sees(trying, trying, re.escape(FINISH))
    assert given(tmp_path / "mine.yaml")["weeks"] == "9 months"


def test_saving_after_the_result_replaces_no_file(start: Start, tmp_path: Path) -> None:
    (tmp_path / "theirs.yaml").write_text("weeks: 3\n")
    person = start()
    person.answers({"goals": "1"})
    person.types("")
    person.sees(re.escape(FINISH))
    person.types("w theirs.yaml")
    assert "exists already" in person.sees(re.escape(FINISH))
    assert (tmp_path / "theirs.yaml").read_text() == "weeks: 3\n"


# --- stopping and going on -------------------------------------------------------------------------------------


def test_q_says_where_the_answers_are(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    person.page_after("1")
    person.types("q")
    person.sees("formatpicker ask --resume mine.yaml")
    assert ended(person.child) == 0
    assert given(tmp_path / "mine.yaml") == {"goals": ["explore"]}


def test_an_unnamed_session_leaves_a_draft_that_the_next_one_offers(start: Start, tmp_path: Path) -> None:
    state = tmp_path / "state"
    person = start(env={"XDG_STATE_HOME": str(state)})
    person.page()
    following = person.page_after("1, 5")
    person.types("Q")
    person.sees(r"\n  formatpicker ask\r\n")
    assert ended(person.child) == 0
    [file] = (state / "formatpicker").glob("draft*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    again = start(env={"XDG_STATE_HOME": str(state)})
    offer = again.sees("Enter goes on with them")
    assert "You stopped earlier with 1 answer" in offer
    assert "Try out" not in offer  # somebody else may be sitting there
    again.child.expect("\n> ")
    page = again.page_after("")
    assert (page.id, page.number) == (following.id, 2)
    again.types("f")
    again.sees(REVIEW)
    again.types("", "")
    assert ended(again.child) == 0
    assert list((state / "formatpicker").glob("draft*")) == []  # it has served its time
    assert [each.name for each in tmp_path.iterdir()] == ["state"]


def test_the_way_back_from_the_end_leads_to_where_one_was_and_no_answer_leaves_no_draft(
    start: Start, tmp_path: Path
) -> None:
    person = start(env={"XDG_STATE_HOME": str(tmp_path)})
    person.page()
    person.page_after(SKIP)
    left = person.page_after("idk")
    person.types("f")
    person.sees(REVIEW)
    page = person.page_after("b")
    assert (page.id, page.number) == (left.id, 3)
    person.types("q")
    person.sees("Nothing was answered, so nothing is kept")
    assert ended(person.child) == 0
    assert list((tmp_path / "formatpicker").glob("draft*")) == []


def test_a_draft_can_be_thrown_away(start: Start, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    person = start(env=env)
    person.page()
    person.page_after("1")
    person.stops()
    again = start(env=env)
    again.sees("Enter goes on with them")
    again.child.expect("\n> ")
    assert again.page_after("2").number == 1
    assert list((tmp_path / "formatpicker").glob("draft*")) == []


def test_who_stops_where_an_earlier_session_is_offered_is_told_that_it_is_still_kept(
    start: Start, tmp_path: Path
) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    person = start(env=env)
    person.page()
    person.page_after("1")
    person.stops()
    again = start(env=env)
    again.sees("Enter goes on with them")
    again.types("q")
    again.sees("Your answers are kept on this computer")
    assert ended(again.child) == 0
    [file] = (tmp_path / "formatpicker").glob("draft*")
    assert given(file) == {"goals": ["explore"]}


def test_a_session_whose_draft_another_one_removes_keeps_its_answers(start: Start, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    person = start(env=env)
    person.page()
    person.page_after(SKIP)
    start(env=env).page()  # nothing is answered so far, which it takes for a draft that keeps nothing
    assert list((tmp_path / "formatpicker").glob("draft*")) == []
    person.page_after("1")
    person.stops()
    [file] = (tmp_path / "formatpicker").glob("draft*")
    assert given(file) == {"situation": "school"}


def test_a_closed_window_leaves_a_draft(start: Start, tmp_path: Path) -> None:
    person = start(env={"XDG_STATE_HOME": str(tmp_path)})
    person.page()
    person.page_after("1")
    person.child.kill(signal.SIGHUP)
    person.child.wait()
    [file] = (tmp_path / "formatpicker").glob("draft*")
    assert given(file) == {"goals": ["explore"]}


def test_a_draft_that_cannot_be_kept_stops_nobody(start: Start, tmp_path: Path) -> None:
    (tmp_path / "formatpicker").write_text("in the way of the folder")
    person = start(env={"XDG_STATE_HOME": str(tmp_path)})
    person.page()
    assert person.page_after("1").number == 2
    person.types("q")
    assert "go on with" not in person.sees("Stopped.")
    assert ended(person.child) == 0


def test_a_file_that_changes_meanwhile_is_left_alone(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    (tmp_path / "mine.yaml").write_text("weeks: 3\n")
    person.types("1")
    assert "it exists already" in person.sees(QUESTION).replace("\n", " ")
    person.rest_of_page()
    person.types("q")
    person.sees("Stopped")
    assert ended(person.child) == 0
    assert (tmp_path / "mine.yaml").read_text() == "weeks: 3\n"


def test_a_name_that_is_too_long_is_told_before_anything_is_asked(start: Start) -> None:
    person = start("--save", "x" * 300)
    assert person.child.expect(["cannot be written", QUESTION]) == 0
    assert ended(person.child) == 2


def test_control_c_keeps_the_answers_and_exits_130(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    page = person.page_after("1")
    person.page_after(SKIP)
    person.child.sendintr()
    person.sees("formatpicker ask --resume mine.yaml")
    assert ended(person.child) == 130
    assert "Traceback" not in person.log.text
    assert saved(tmp_path / "mine.yaml") == {"goals": ["explore"], page.id: "skip"}


@pytest.mark.parametrize("place", ["review", "result"])
def test_control_c_behind_the_questions_exits_130_too(place: str, start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.answers(TYPED)
    if place == "result":
        person.types("")
        person.sees(re.escape(FINISH))
    person.child.sendintr()
    assert ended(person.child) == 130
    assert "Traceback" not in person.log.text
    assert given(tmp_path / "mine.yaml") == IN_FILE


def test_the_end_of_input_stops_like_q(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    person.page_after("1")
    person.child.sendeof()
    person.sees("Stopped")
    assert ended(person.child) == 0
    assert given(tmp_path / "mine.yaml") == {"goals": ["explore"]}


def test_a_killed_session_has_lost_nothing(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    person.page_after("1")
    person.child.close(force=True)
    assert given(tmp_path / "mine.yaml") == {"goals": ["explore"]}
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]


def test_resuming_goes_on_at_the_first_open_question_and_keeps_what_was_skipped(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    first = person.reaches("goals")
    skipped = person.page_after("1")
    following = person.page_after(SKIP)
    person.stops()
    again = start("--resume", "mine.yaml")
    page = again.page()
    assert (page.id, page.number) == (following.id, following.number)
    assert page.number == first.number + 2
    last = again.page_after(SKIP)
    again.stops()
    expected = {"goals": ["explore"], skipped.id: "skip", following.id: "skip"}
    assert saved(tmp_path / "mine.yaml") == expected
    assert start("--resume", "mine.yaml").page() == last
    assert saved(tmp_path / "mine.yaml") == expected


def test_resuming_a_file_written_by_hand(start: Start, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("Weeks: 3 months\npay: Yes, it must be paid\n")
    person = start("--resume", "mine.yaml")
    pages = person.answers({})
    assert {"weeks", "pay"}.isdisjoint(page.id for page in pages)
    assert pages[0].number == 3
    person.stops()
    assert given(tmp_path / "mine.yaml") == {"weeks": "3 months", "pay": "required"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "mine.yaml: cannot be read", id="missing"),
        pytest.param("pay: required\nwekks: 3\n", "mine.yaml:2: wekks: ", id="at fault"),
    ],
)
def test_resuming_a_file_that_cannot_be_used(content: str | None, message: str, start: Start, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "mine.yaml").write_text(content)
    person = start("--resume", "mine.yaml")
    person.sees(re.escape(message))
    assert ended(person.child) == 2


def test_save_replaces_no_file(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("weeks: 3\n")
    person = start("--save", "mine.yaml")
    person.sees("mine.yaml: exists already")
    assert ended(person.child) == 2
    assert file.read_text() == "weeks: 3\n"


def test_save_into_a_folder_that_does_not_exist_is_told_before_anything_is_asked(start: Start) -> None:
    person = start("--save", "no-folder/mine.yaml")
    assert person.child.expect(["cannot be written", QUESTION]) == 0
    assert ended(person.child) == 2


# --- a quick interview -----------------------------------------------------------------------------------------


def test_a_quick_interview_asks_less_and_comes_to_the_same_top(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start("--quick", "--save", "mine.yaml")
    pages = person.answers(TYPED)
    assert len(pages) < len(shipped.questions)
    person.stops()
    quick = json.loads(run("recommend", "mine.yaml", "--json", cwd=tmp_path).out)
    whole = json.loads(run("recommend", "-", "--json", stdin=json.dumps(ANSWERED).encode()).out)
    assert quick["top"] == whole["top"]


# --- terminals of all kinds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "env"),
    [
        pytest.param(["--plain"], {}, id="--plain"),
        pytest.param([], {"ACCESSIBLE": "1"}, id="ACCESSIBLE"),
        pytest.param([], {"TERM": "dumb"}, id="dumb terminal"),
    ],
)
def test_plain_text_runs_from_top_to_bottom(options: list[str], env: dict[str, str], start: Start) -> None:
    person = start(*options, env=env)
    person.answers(TYPED)
    person.types("")
    person.sees(re.escape(FINISH))
    person.types("d")
    person.sees(re.escape(FINISH))
    person.types("")
    assert ended(person.child) == 0
    assert "Fits because" in person.log.text
    # No escape, no carriage return but those of line ends, no backspace, no form feed: nothing is written over.
    assert ESCAPE not in person.log.text
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x80-\x9f]", person.log.text.replace("\r\n", "\n")) == []


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int, start: Start) -> None:
    person = start(columns=columns)
    while person.child.expect([QUESTION, REVIEW]) == 0:
        page = person.rest_of_page()
        person.told_after("?")
        person.told_after("%")
        person.types(TYPED.get(page.id, SKIP))
    person.types("99")
    person.sees(REVIEW)
    person.types("")
    person.sees(re.escape(FINISH))
    person.types("d")
    person.sees(re.escape(FINISH))
    assert widest(seen(person.log.text).replace(RESULT_PROMPT, "")) <= columns


def test_control_characters_that_are_typed_do_no_harm(start: Start) -> None:
    person = start()
    person.page()
    for typed in ("\x1b[A", "\x9b31m", "\x07", "\u202e", "\ufeff"):
        assert "That does not work" in person.told_after(typed)
    person.stops()


# --- without a terminal, and JSON ------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--json"], ["--save", "mine.yaml"]], ids=["bare", "json", "save"])
def test_without_a_terminal_it_says_what_to_do(options: list[str], tmp_path: Path) -> None:
    done = run("ask", *options, cwd=tmp_path)
    assert (done.code, done.out) == (2, b"")
    assert "needs a terminal" in done.message
    assert "formatpicker recommend FILE" in done.message
    assert list(tmp_path.iterdir()) == []


def test_the_bare_command_without_a_terminal_asks_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "formatpicker"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"Question" not in done.stdout


def test_json_comes_alone_on_standard_output_with_the_prompts_on_standard_error(
    tmp_path: Path, shipped: Catalog
) -> None:
    child = pexpect.spawn(
        "sh",
        ["-c", f"'{sys.executable}' -m formatpicker ask --plain --json > out.json"],
        env=environment({"TERM": "xterm", "COLUMNS": None, "LINES": None, "XDG_STATE_HOME": str(tmp_path)}),
        cwd=str(tmp_path),
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=15,
    )
    person = Person(shipped, child)
    person.answers(TYPED)
    person.types("")
    assert ended(child) == 0
    data = json.loads((tmp_path / "out.json").read_text())
    assert data == json.loads(run("recommend", "-", "--json", stdin=json.dumps(ANSWERED).encode()).out)


def test_a_result_without_a_top_exits_1(start: Start) -> None:
    person = start()
    person.answers({})
    person.types("")
    assert "tells the formats apart" in person.sees(re.escape(FINISH)).replace("\n", " ")
    person.types("")
    assert ended(person.child) == 1

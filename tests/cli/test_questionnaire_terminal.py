"""The questionnaire on a real pseudo-terminal, as a person types into it."""

from __future__ import annotations

import json
import re
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
from running import ESCAPE, ended, environment, run, seen, spawn, widest

CLEAR = "\x1b[2J"
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
QUESTION = r"Question (\d+) of (\d+)"
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
    total: int
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
        number, total = int(self.child.match[1]), int(self.child.match[2])
        self.child.expect("\n> ")
        shown = re.sub(r"\s+", " ", seen(str(self.child.before))).strip()
        [id] = [id for text, id in self.ids.items() if shown.startswith(text)]
        return Page(number, total, id, shown)

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
def start(tmp_path: Path, shipped: Catalog) -> Iterator[Start]:
    """Starts ``formatpicker ask`` in a folder of its own; whatever is left of it ends with the test."""
    children: list[Any] = []

    def begin(*options: str, **settings: Any) -> Person:
        children.append(spawn("ask", *options, **{"cwd": tmp_path, **settings}))
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


# --- from the first question to the result ---------------------------------------------------------------------


def test_the_questionnaire_leads_to_the_result_that_recommend_gives_for_the_saved_file(
    start: Start, tmp_path: Path
) -> None:
    person = start("--save", "mine.yaml", env={"NO_COLOR": "1"})
    person.answers(TYPED)
    person.types("")
    result = person.sees(re.escape(FINISH))
    person.types("")
    assert ended(person.child) == 0
    file = tmp_path / "mine.yaml"
    assert given(file) == ANSWERED
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    recommended = run("recommend", "mine.yaml", cwd=tmp_path)
    assert recommended.code == 0
    assert recommended.text.strip().replace(": --details shows", ": d shows") in result


def test_the_bare_command_asks(tmp_path: Path) -> None:
    child = spawn(cwd=tmp_path)
    child.expect(QUESTION)
    child.sendline("q")
    assert ended(child) == 0


def test_every_question_is_asked_once_and_tells_how_far_one_is(start: Start, shipped: Catalog) -> None:
    pages = start().answers({})
    assert sorted(page.id for page in pages) == sorted(shipped.questions)
    total = len(shipped.questions)
    assert [(page.number, page.total) for page in pages] == [(number, total) for number in range(1, total + 1)]
    assert "Question 3 of 15" in f"Question {pages[2].number} of {pages[2].total}"


def test_the_standings_show_after_the_first_answer_and_follow_each(start: Start) -> None:
    person = start(env={"NO_COLOR": "1"})
    assert "Where each one stands so far" not in person.sees("Question 1 of ")
    person.types("1, 5")
    first = person.sees(QUESTION)
    assert re.search(r"Where each one stands so far\n  Micro-internship +first so far", first)
    assert "ruled out" not in first
    person.reaches("hours_per_week", person.rest_of_page())
    person.types("10")
    assert re.search(r"Apprenticeship +ruled out: ", person.sees(QUESTION))


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
        pytest.param("weeks", {"3": 3, "2 months": 8.71, "a year": 52.14, "3 days": 0.43}, id="a duration"),
        pytest.param("hours_per_week", {"6": 6, "7,5": 7, "8 hours": 8}, id="a number"),
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
            {
                "explor me": "goal",
                "1, 1": "twice",
                "14": "goal",
                "1,2,3,4,5,6": "at most 5 goals",
                "1=9": "1 to 5",
                "a": "That does not work",
                "": "s to skip",
            },
            id="goals",
        ),
        pytest.param("weeks", {"soon": "not a duration", "11 years": "520 weeks"}, id="a duration"),
        pytest.param("hours_per_week", {"ten": "not a number of hours", "99": "from 1 to 60"}, id="a number"),
        pytest.param("region", {"7": "That does not work", "u": "That does not work"}, id="a choice"),
    ],
)
def test_what_cannot_be_used_is_explained_and_asked_again(id: str, wrong: dict[str, str], start: Start) -> None:
    person = start()
    page = person.reaches(id)
    for typed, told in wrong.items():
        again = person.page_after(typed)
        assert (again.id, again.number) == (id, page.number)
        assert told in again.text
    assert person.page_after(SKIP).number == page.number + 1


def test_a_question_mark_says_why(start: Start, shipped: Catalog) -> None:
    person = start()
    page = person.page()
    for _ in range(4):
        again = person.page_after("?")
        assert (again.id, again.number) == (page.id, page.number)
        assert shipped.questions[page.id].why in again.text
        page = person.page_after(SKIP)


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
    assert "first question" in person.page_after("b").text


def test_skipping_takes_an_earlier_answer_away(start: Start, tmp_path: Path) -> None:
    person = start("--save", "mine.yaml")
    person.reaches("goals")
    person.page_after("2")
    person.page_after("b")
    person.page_after("s")
    person.stops()
    assert saved(tmp_path / "mine.yaml")["goals"] == "skip"


def test_the_review_shows_all_answers_and_changes_any(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start("--save", "mine.yaml")
    person.answers(TYPED)
    review = seen(str(person.child.before))
    for number, question in enumerate(shipped.questions.values(), 1):
        assert re.search(rf"^ *{number}  {re.escape(question.label)}: ", review, re.MULTILINE)
    assert "Credit for your course: not answered" in review
    assert "Paid work: Yes, it must be paid" in review
    person.types(str(list(shipped.questions).index("pay") + 1))
    page = person.page()
    assert page.id == "pay"
    assert "Your answer: Yes, it must be paid" in page.text
    assert "That does not work" in person.page_after("nonsense").text
    person.types("3")
    assert "Paid work: No, I can do it unpaid" in person.sees(REVIEW)
    person.types("99")
    assert "Type a number from 1 to 15" in person.sees(REVIEW)
    person.types("")
    person.sees(re.escape(FINISH))
    assert given(tmp_path / "mine.yaml") == {**ANSWERED, "pay": "not_needed"}


def test_after_the_result_come_details_edits_and_saving(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start()
    person.answers(TYPED)
    person.types("")
    person.sees(re.escape(FINISH))
    for typed, told in (
        ("d", "https://"),
        ("what", "Type d, e, w"),
        ("w no-folder/mine.yaml", "cannot be written"),
        ("w mine.yaml", "Saved to mine.yaml"),
    ):
        person.types(typed)
        assert told in person.sees(re.escape(FINISH))
    assert given(tmp_path / "mine.yaml") == ANSWERED
    person.types("e")
    person.sees(REVIEW)
    person.types(str(list(shipped.questions).index("weeks") + 1))
    person.page()
    person.types("1 year")
    person.sees(REVIEW)
    person.types("")
    assert "suits you best" in person.sees(re.escape(FINISH))
    person.types("")
    assert ended(person.child) == 0


def test_an_edit_after_saving_is_not_lost(start: Start, tmp_path: Path, shipped: Catalog) -> None:
    person = start()
    person.answers({"goals": "1", "age": "19"})
    person.types("")
    person.sees(re.escape(FINISH))
    person.types("w mine.yaml")
    person.sees(re.escape(FINISH))
    person.types("e")
    person.sees(REVIEW)
    person.types(str(list(shipped.questions).index("age") + 1))
    person.page()
    person.types("20")
    person.sees(REVIEW)
    person.types("")
    # Either the file follows the answers, or the offer to save them stands again.
    offered = "w FILE save" in person.sees(re.escape(FINISH))
    assert offered or given(tmp_path / "mine.yaml")["age"] == 20


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


def test_q_without_a_file_leaves_nothing(start: Start, tmp_path: Path) -> None:
    person = start()
    person.page()
    person.page_after(SKIP)
    person.types("Q")
    person.sees("Stopped")
    assert ended(person.child) == 0
    assert "--resume" not in person.log.text
    assert list(tmp_path.iterdir()) == []


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
    assert given(tmp_path / "mine.yaml") == ANSWERED


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
    assert given(tmp_path / "mine.yaml") == {"weeks": 13, "pay": "required"}


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


@pytest.mark.parametrize("env", [{"ACCESSIBLE": "0"}, {"ACCESSIBLE": ""}], ids=["ACCESSIBLE=0", "ACCESSIBLE empty"])
def test_a_usual_terminal_is_cleared_before_each_question(env: dict[str, str], start: Start) -> None:
    person = start(env=env)
    person.page()
    person.page_after("1")
    assert person.log.text.count(CLEAR) == 2


def test_no_color_leaves_no_colour(start: Start) -> None:
    person = start(env={"NO_COLOR": "1"})
    person.page()
    person.page_after("1")
    assert re.search(r"\x1b\[[0-9;]*m", person.log.text) is None


@pytest.mark.parametrize("columns", [80, 120])
def test_no_screen_is_wider_than_the_terminal(columns: int, start: Start) -> None:
    person = start(columns=columns)
    while person.child.expect([QUESTION, REVIEW]) == 0:
        page = person.rest_of_page()
        person.page_after("?")
        person.page_after("nonsense that no question accepts")
        person.types(TYPED.get(page.id, SKIP))
    person.types("99")
    person.sees(REVIEW)
    person.types("")
    person.sees(re.escape(FINISH))
    person.types("d")
    person.sees(re.escape(FINISH))
    assert widest(seen(person.log.text)) <= columns


def test_control_characters_that_are_typed_do_no_harm(start: Start) -> None:
    person = start()
    first = person.page()
    for typed in ("\x1b[A", "\x9b31m", "\x07", "\u202e", "\ufeff"):
        page = person.page_after(typed)
        assert (page.id, page.number) == (first.id, first.number)
        assert "That does not work" in page.text
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
        ["-c", f"'{sys.executable}' -m formatpicker ask --json > out.json"],
        env=environment({"TERM": "xterm", "COLUMNS": None, "LINES": None}),
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
